package disclosure

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"

	apiv1 "gongkai/proto/gongkai/api/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
)

// Bounds of a page.
const (
	usualPage = 50
	mostPage  = 1000
	mostReads = 5000    // records that one call reads; a page may be short of its size
	mostBytes = 3 << 20 // of a page, since a client takes 4 MiB; one record may be larger
)

// ListDisclosures lists disclosures: drafts first, then the latest publication, then by id. Whoever may not read the
// organisation's internal records sees what is published. Errors: NOT_FOUND (unknown organisation), INVALID_ARGUMENT (a
// filter that does not parse, a page token of another query).
func (s *Server) ListDisclosures(ctx context.Context, in *disclosurev1.ListDisclosuresRequest) (*disclosurev1.ListDisclosuresResponse, error) {
	q, err := parseQuery(in)
	if err != nil {
		return nil, err
	}
	q.organization = access.OrganizationOf(in.GetParent())
	if q.internal, err = access.Allows(ctx, apiv1.Permission_PERMISSION_READ, q.organization); err != nil {
		return nil, err
	}
	found, err := s.page(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &disclosurev1.ListDisclosuresResponse{Disclosures: found.disclosures}
	if found.more {
		out.NextPageToken, err = server.NextPage(in, found.last)
	}
	return out, err
}

// page reads a page of a list, or returns fault.NotFound for an organisation that never was.
func (s *Server) page(ctx context.Context, q query) (found page, err error) {
	known := false
	err = s.db.View(ctx, func(r kv.Reader) (err error) {
		if known, err = has(r, q.organization); err != nil {
			return err
		}
		found, err = read(r, q)
		return err
	})
	if err == nil && !known { // an organisation that has records was there once
		err = s.known(ctx, q.organization)
	}
	return found, err
}

// known returns fault.NotFound for an organisation that neither exists today nor has any record.
func (s *Server) known(ctx context.Context, organization string) error {
	known, err := s.exists(ctx, organization, workday.On(s.now()))
	if err == nil && !known {
		err = s.db.View(ctx, func(r kv.Reader) (err error) {
			known, err = has(r, organization)
			return err
		})
	}
	if err == nil && !known {
		return fault.NotFound("organizations/" + organization)
	}
	return err
}

// query is what a list asks for.
type query struct {
	organization string
	internal     bool
	filter       filter
	after        []byte // the cursor of an index entry; nil: from the start
	size         int
}

func parseQuery(in *disclosurev1.ListDisclosuresRequest) (q query, err error) {
	if q.after, q.size, err = server.Page(in, usualPage, mostPage); err != nil {
		return q, err
	}
	if q.after != nil && len(q.after) != records.CursorLen {
		return q, fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, errors.New("its key is garbled"))
	}
	if q.filter, err = parseFilter(in.GetFilter()); err != nil {
		return q, fault.Invalid("filter", apiv1.ErrorReason_ERROR_REASON_INVALID_FILTER, err)
	}
	return q, nil
}

// limits are the parts of the index in which the records lie, as cursors: from (included), to (excluded, nil: the end).
// Whoever does not see drafts begins behind them, and so does a filter that no draft can match.
func (q query) limits() (from, to []byte) {
	first := uint32(0)
	if !q.internal || !q.filter.from.IsZero() {
		first = 1
	}
	if !q.filter.to.IsZero() {
		first = order(q.filter.to)
	}
	from = binary.BigEndian.AppendUint32(nil, first)
	if q.after != nil && bytes.Compare(q.after, from) >= 0 {
		from = append(bytes.Clone(q.after), 0)
	}
	if !q.filter.from.IsZero() { // not the last order of all, since there is no year 0
		to = binary.BigEndian.AppendUint32(nil, order(q.filter.from)+1)
	}
	return from, to
}

// page is a page of a list, and the cursor of the last entry read.
type page struct {
	disclosures []*disclosurev1.Disclosure
	last        []byte
	more        bool
}

func read(r kv.Reader, q query) (p page, err error) {
	from, to := q.limits()
	reads, size := 0, 0
	for entry, err := range records.Places(r, index, q.organization, from, to) {
		if err != nil {
			return p, err
		}
		if len(p.disclosures) == q.size || reads == mostReads || size >= mostBytes {
			p.more = true
			return p, nil
		}
		found, err := load(r, name{q.organization, entry.ID})
		if err != nil {
			return p, err
		}
		d := found.disclosure()
		if listed(d, q) {
			if !q.internal {
				d = outward(d)
			}
			if size += proto.Size(d); size > mostBytes && len(p.disclosures) > 0 {
				p.more = true
				return p, nil
			}
			p.disclosures = append(p.disclosures, d)
		}
		reads, p.last = reads+1, bytes.Clone(entry.Cursor)
	}
	return p, nil
}

func listed(d *disclosurev1.Disclosure, q query) bool {
	return (q.internal || d.GetState() == disclosurev1.State_STATE_PUBLISHED) && q.filter.matches(d)
}

// has tells whether an organisation has any record.
func has(r kv.Reader, organization string) (bool, error) {
	for _, err := range records.Places(r, index, organization, nil, nil) {
		return err == nil, err
	}
	return false, nil
}
