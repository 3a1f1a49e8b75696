package request

import (
	"bytes"
	"context"
	"errors"

	apiv1 "gongkai/proto/gongkai/api/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"
)

// Sizes of a page.
const (
	usualPage = 50
	mostPage  = 1000
)

// ListInformationRequests lists an organisation's requests, the latest received first, then by id. Errors: NOT_FOUND
// (unknown organisation), INVALID_ARGUMENT (a page token of another query).
func (s *Server) ListInformationRequests(ctx context.Context, in *requestv1.ListInformationRequestsRequest) (*requestv1.ListInformationRequestsResponse, error) {
	organization := access.OrganizationOf(in.GetParent())
	after, size, err := parsePage(in)
	if err != nil {
		return nil, err
	}
	var found page
	err = s.db.View(ctx, func(r kv.Reader) (err error) {
		found, err = s.read(r, organization, after, size)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(found.requests) == 0 && after == nil { // an organisation that has requests was there once
		today := workday.On(s.now())
		known, _, err := s.lookUp(ctx, organization, today, today)
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, fault.NotFound("organizations/" + organization)
		}
	}
	out := &requestv1.ListInformationRequestsResponse{InformationRequests: found.requests}
	if found.more {
		out.NextPageToken, err = server.NextPage(in, found.last)
	}
	return out, err
}

func parsePage(in *requestv1.ListInformationRequestsRequest) (after []byte, size int, err error) {
	after, size, err = server.Page(in, usualPage, mostPage)
	if err == nil && after != nil && len(after) != records.CursorLen {
		err = fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, errors.New("its key is garbled"))
	}
	return after, size, err
}

// page is a page of a list, and the cursor of the last entry read.
type page struct {
	requests []*requestv1.InformationRequest
	last     []byte
	more     bool
}

func (s *Server) read(r kv.Reader, organization string, after []byte, size int) (p page, err error) {
	if after != nil {
		after = append(bytes.Clone(after), 0)
	}
	for entry, err := range records.Places(r, index, organization, after, nil) {
		if err != nil {
			return p, err
		}
		if len(p.requests) == size {
			p.more = true
			return p, nil
		}
		found, err := load(r, name{organization, entry.ID})
		if err != nil {
			return p, err
		}
		shown, err := s.show(r, found)
		if err != nil {
			return p, err
		}
		p.requests, p.last = append(p.requests, shown), bytes.Clone(entry.Cursor)
	}
	return p, nil
}
