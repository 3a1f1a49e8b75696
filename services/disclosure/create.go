package disclosure

import (
	"context"
	"errors"
	"fmt"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// CreateDisclosure writes down a draft. Source: R2019 arts. 13, 19, 20; R2007 arts. 9–12. Errors: INVALID_ARGUMENT (a
// category that the form of its year does not know), NOT_FOUND (unknown organisation).
func (s *Server) CreateDisclosure(ctx context.Context, in *disclosurev1.CreateDisclosureRequest) (*disclosurev1.Disclosure, error) {
	at := server.NewStamp(ctx, s.now())
	n, err := s.prepare(ctx, in.GetParent(), []*disclosurev1.CreateDisclosureRequest{in}, func(int) string { return "" }, at)
	if err != nil {
		return nil, err
	}
	return server.Write(ctx, s.db, at, in, reload, func(tx kv.Tx) (*disclosurev1.Disclosure, error) {
		made, err := s.create(tx, n)
		if err != nil {
			return nil, err
		}
		return made[0], nil
	})
}

// BatchCreateDisclosures writes down several drafts in one transaction, all or none. Errors as for one; the paths of
// the fields say which.
func (s *Server) BatchCreateDisclosures(ctx context.Context, in *disclosurev1.BatchCreateDisclosuresRequest) (*disclosurev1.BatchCreateDisclosuresResponse, error) {
	at := server.NewStamp(ctx, s.now())
	n, err := s.prepare(ctx, in.GetParent(), in.GetRequests(), func(i int) string { return fmt.Sprintf("requests[%d].", i) }, at)
	if err != nil {
		return nil, err
	}
	made, err := server.WriteAll(ctx, s.db, at, in, reload, func(tx kv.Tx) ([]*disclosurev1.Disclosure, error) {
		return s.create(tx, n)
	})
	if err != nil {
		return nil, err
	}
	return &disclosurev1.BatchCreateDisclosuresResponse{Disclosures: made}, nil
}

// drafts are records that are about to be made, or why they are not: a replay is answered all the same.
type drafts struct {
	records []*record
	events  []event
	refused error
}

// parentDiffers is the reason of a request in a batch for another organisation than the batch's. Values: parent.
const parentDiffers law.Reason = "PARENT_DIFFERS"

// prepare draws ids and salts, and applies the rules to what is given. The paths of request i begin with path(i).
func (s *Server) prepare(ctx context.Context, parent string, requests []*disclosurev1.CreateDisclosureRequest, path func(int) string, at server.Stamp) (drafts, error) {
	organization, today := access.OrganizationOf(parent), workday.On(at.At)
	days := []workday.Date{today}
	var out drafts
	var broken []law.Violation
	for i, one := range requests {
		given := one.GetDisclosure()
		r, err := s.draft(organization, given, at)
		if err != nil {
			return out, err
		}
		out.records, out.events = append(out.records, r), append(out.events, newEvent(created, today, at))
		if one.GetParent() != "" && one.GetParent() != parent {
			broken = append(broken, law.Violation{Field: path(i) + "parent", Reason: parentDiffers, Values: map[string]string{"parent": parent}})
		}
		for _, on := range []workday.Date{civil(given.GetPublishedOn()), civil(given.GetFormedOn())} {
			if !on.IsZero() {
				days = append(days, on)
			}
		}
		if source := given.GetSourceRequest(); source != "" {
			if _, ok := parseSource(organization, source); !ok {
				broken = append(broken, law.Violation{Field: path(i) + "disclosure.source_request", Reason: "BAD_FORMAT"})
			}
		}
		broken = append(broken, violations(below(path(i)+"disclosure.", checkDraft(given, s.forms, today)))...)
	}
	exists, err := s.exists(ctx, organization, days...)
	switch {
	case err != nil:
		return out, err
	case !exists:
		out.refused = fault.NotFound("organizations/" + organization)
	case len(broken) > 0:
		out.refused = fault.Fields(broken...)
	}
	return out, nil
}

// violations are those of a breach; none if there is no breach.
func violations(err error) []law.Violation {
	var b *law.Breach
	if !errors.As(err, &b) {
		return nil
	}
	return b.Violations
}

func (s *Server) create(tx kv.Tx, n drafts) ([]*disclosurev1.Disclosure, error) {
	if n.refused != nil {
		return nil, n.refused
	}
	var made []*disclosurev1.Disclosure
	for i, r := range n.records {
		if err := linkAnswer(tx, r); err != nil {
			return nil, err
		}
		if err := s.save(tx, r, n.events[i]); err != nil {
			return nil, err
		}
		made = append(made, r.disclosure())
	}
	return made, nil
}
