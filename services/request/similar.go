package request

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
)

// maxAlike is how many requests are looked at that have something in common with one.
const maxAlike = 2000

// mostSimilar is how many of them are listed.
const mostSimilar = 200

// ListSimilarRequests lists requests of the same applicant, or for the same. Source: R2019 arts. 35, 36 item 6, 42.
// Errors: NOT_FOUND, FAILED_PRECONDITION (no personal data, or erased, or unreadable).
func (s *Server) ListSimilarRequests(ctx context.Context, in *requestv1.ListSimilarRequestsRequest) (*requestv1.ListSimilarRequestsResponse, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	out := &requestv1.ListSimilarRequestsResponse{}
	err := s.db.View(ctx, func(r kv.Reader) error {
		q, err := load(r, n)
		if err != nil {
			return err
		}
		if err := checkKept(q.request()).Err(); err != nil {
			return err
		}
		data, err := s.open(r, q)
		if err != nil {
			return unreadable(err)
		}
		found := make(map[name]*requestv1.SimilarRequest)
		for _, kind := range []byte{sameApplicant, sameContent} {
			err := s.scanSame(r, q, data, kind, workday.Date{}, func(other *record) (bool, error) {
				if other.name == q.name {
					return true, nil
				}
				if found[other.name] == nil {
					shown, err := s.show(r, other)
					if err != nil {
						return false, err
					}
					found[other.name] = &requestv1.SimilarRequest{InformationRequest: shown}
				}
				found[other.name].SameApplicant = found[other.name].GetSameApplicant() || kind == sameApplicant
				found[other.name].SameContent = found[other.name].GetSameContent() || kind == sameContent
				return len(found) < mostSimilar, nil
			})
			if err != nil {
				return err
			}
		}
		for _, similar := range found {
			out.SimilarRequests = append(out.SimilarRequests, similar)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out.SimilarRequests, func(a, b *requestv1.SimilarRequest) int {
		x, y := a.GetInformationRequest(), b.GetInformationRequest()
		if n := civil(x.GetReceivedOn()).Compare(civil(y.GetReceivedOn())); n != 0 {
			return n
		}
		return bytes.Compare([]byte(x.GetName()), []byte(y.GetName()))
	})
	return out, nil
}

// scanSame visits the requests that have a kind of sameness in common with one, received from a day on, the earliest
// first, itself included, until visit says that it is enough.
func (s *Server) scanSame(r kv.Reader, of *record, data *requestv1.PersonalData, kind byte, from workday.Date, visit func(*record) (more bool, err error)) error {
	parts, ok := sameness(data)[kind]
	if !ok {
		return nil
	}
	index, err := s.index(of.organization, kind, parts)
	if err != nil {
		return err
	}
	prefix := samePrefix(of.organization, kind, index)
	within := kv.Range{From: bytes.Clone(prefix), To: kv.Prefix(prefix).To}
	if !from.IsZero() {
		within.From = binary.BigEndian.AppendUint32(within.From, yyyymmdd(from))
	}
	var names []name // a scan is not held while others are read
	for pair, err := range r.Scan(alike, within) {
		if err != nil {
			return fmt.Errorf("find requests like %s: %w", of.name, err)
		}
		if len(pair.Key) != len(prefix)+4+records.IDLen {
			return fmt.Errorf("applicant key %x is garbled", pair.Key)
		}
		if names = append(names, name{of.organization, ulid.ULID(pair.Key[len(prefix)+4:])}); len(names) == maxAlike {
			break
		}
	}
	for _, n := range names {
		other, err := load(r, n)
		if err != nil {
			return err
		}
		if more, err := visit(other); err != nil || !more {
			return err
		}
	}
	return nil
}
