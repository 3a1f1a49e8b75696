package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/protobuf/proto"
)

// Pager is a request for a page of a list (AIP-158).
type Pager interface {
	proto.Message
	GetPageSize() int32
	GetPageToken() string
}

const checksum = 8 // bytes of the query's hash in a token

// Page reads the wanted page: after which key it begins, nil for the first, and how many it may hold.
func Page(in Pager, usual, most int) (after []byte, size int, err error) {
	size = min(int(in.GetPageSize()), most)
	if size <= 0 {
		size = usual
	}
	if in.GetPageToken() == "" {
		return nil, size, nil
	}
	token, err := base64.RawURLEncoding.DecodeString(in.GetPageToken())
	if err == nil && len(token) <= checksum {
		err = errors.New("too short")
	}
	if err != nil {
		return nil, 0, fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, err)
	}
	sum, err := querySum(in)
	if err != nil {
		return nil, 0, err
	}
	if !bytes.Equal(token[:checksum], sum) {
		return nil, 0, fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, errors.New("of another query"))
	}
	return token[checksum:], size, nil
}

// NextPage makes the token of the page that begins after a key.
func NextPage(in Pager, last []byte) (string, error) {
	sum, err := querySum(in)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(sum, last...)), nil
}

// querySum is the checksum of what a query asks for, whichever page of it.
func querySum(in Pager) ([]byte, error) {
	query := proto.Clone(in).ProtoReflect()
	fields := query.Descriptor().Fields()
	query.Clear(fields.ByName("page_token"))
	query.Clear(fields.ByName("page_size"))
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(query.Interface())
	if err != nil {
		return nil, fmt.Errorf("hash query: %w", err)
	}
	sum := sha256.Sum256(append([]byte(query.Descriptor().FullName()+"\x00"), b...))
	return sum[:checksum], nil
}
