package server

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"gongkai/services/chassis/fault"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// received takes a request through the codec. gRPC answers what a codec cannot decode itself, with
// INTERNAL and before any handler is asked; so the codec leaves the error here instead.
type received struct {
	message any
	err     error
}

// receive decodes a request by gRPC's own means. What cannot be decoded is a typed error.
func receive(decode func(any) error, message any) error {
	r := &received{message: message}
	if err := decode(r); err != nil {
		return err
	}
	switch {
	case errors.Is(r.err, errTooLarge):
		return status.Error(codes.ResourceExhausted, r.err.Error())
	case r.err != nil:
		return fault.Undecodable(r.err)
	}
	return nil
}

// errTooLarge refuses a request of more than MaxMessage bytes.
var errTooLarge = errors.New("the message is too large")

// codec is gRPC's codec of protobuf, but for requests that come in a received.
type codec struct{ encoding.CodecV2 }

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	r, ok := v.(*received)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	if data.Len() > MaxMessage {
		r.err = errTooLarge
		return nil
	}
	if r.err = c.CodecV2.Unmarshal(data, r.message); r.err != nil {
		m := r.message.(proto.Message).ProtoReflect().Descriptor()
		if path := notUTF8(m, data.Materialize(), ""); path != "" {
			r.err = fmt.Errorf("field %s contains invalid UTF-8: %w", path, r.err)
		}
	}
	return nil
}

// notUTF8 returns the path of the first field whose text is not UTF-8; empty if there is none. The decoder
// does not say which it is.
func notUTF8(m protoreflect.MessageDescriptor, b []byte, prefix string) string {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return ""
		}
		b = b[n:]
		if n = protowire.ConsumeFieldValue(number, kind, b); n < 0 {
			return ""
		}
		field := m.Fields().ByNumber(number)
		if value, m := protowire.ConsumeBytes(b[:n]); kind == protowire.BytesType && m >= 0 && field != nil {
			path := prefix + string(field.Name())
			switch field.Kind() {
			case protoreflect.StringKind:
				if !utf8.Valid(value) {
					return path
				}
			case protoreflect.MessageKind:
				if inner := notUTF8(field.Message(), value, path+"."); inner != "" {
					return inner
				}
			}
		}
		b = b[n:]
	}
	return ""
}
