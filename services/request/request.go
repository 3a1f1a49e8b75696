package request

import (
	"context"
	"fmt"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// CreateInformationRequest enters a request on the day it was received, or filed if that is to be confirmed yet, and draws
// its receipt number, in the year of that day. Fields that are
// output only are passed over (AIP-203). Source: R2019 arts. 29–31; R2007 art. 20. Errors: NOT_FOUND (unknown
// organisation), FAILED_PRECONDITION with the broken rules.
func (s *Server) CreateInformationRequest(ctx context.Context, in *requestv1.CreateInformationRequestRequest) (*requestv1.InformationRequest, error) {
	organization := access.OrganizationOf(in.GetParent())
	given := in.GetInformationRequest()
	at := s.stamp(ctx)
	today := workday.On(at.At)
	on, unconfirmed, err := receivedOn(given)
	if err != nil {
		return nil, err
	}
	if unconfirmed {
		on = filedOn(given)
	}
	id, err := ulid.New(ulid.Timestamp(at.At), s.entropy)
	if err != nil {
		return nil, fmt.Errorf("draw an id: %w", err)
	}
	known, exists, err := s.lookUp(ctx, organization, today, on)
	if err != nil {
		return nil, err
	}
	rules := setting{organization: organization, exists: exists, today: today}
	r := entered(name{organization, id}, given, at)
	kind := received
	if r.request().ReceivedOn = toProto(on); unconfirmed {
		r.request().State, r.request().ReceivedOn, kind = requestv1.RequestState_REQUEST_STATE_UNCONFIRMED, nil, "request.filed"
	}
	e := newEvent(kind, on, at)
	wrapped, same, err := s.sealed(r, given.GetPersonalData())
	if err != nil {
		return nil, err
	}
	// What needs no store is done here, since transactions come one after another.
	refused := checkReceived(r.request(), rules)
	if refused == nil {
		refused = s.predate(r, today)
	}
	stored := r.request().GetPersonalData()
	var shown *requestv1.PersonalData
	if stored != nil {
		shown = mask(given.GetPersonalData())
	}
	return server.Write(ctx, s.db, at, in, s.reload, func(tx kv.Tx) (*requestv1.InformationRequest, error) {
		if !known {
			return nil, fault.NotFound(in.GetParent())
		}
		if refused != nil {
			return nil, refused
		}
		r.request().PersonalData = stored // this may run again
		if err := s.enter(tx, r, wrapped, same, e); err != nil {
			return nil, err
		}
		r.request().PersonalData = shown
		return r.request(), nil
	})
}

// enter stores a new request under the next receipt number, with what belongs to its personal data.
func (s *Server) enter(tx kv.Tx, r *record, wrapped []byte, same [][]byte, e event) error {
	number, err := serials.Draw(tx, r.organization, placedOn(r.request()).Year)
	if err != nil {
		return err
	}
	r.request().ReceiptNumber = number
	if err := putNumber(tx, r.name, number); err != nil {
		return err
	}
	if err := putPersonal(tx, r.name, wrapped, same); err != nil {
		return err
	}
	return s.save(tx, r, e)
}

// saved saves a record, and returns it as it is answered.
func (s *Server) saved(tx kv.Tx, r *record, e event) (*requestv1.InformationRequest, error) {
	if err := s.save(tx, r, e); err != nil {
		return nil, err
	}
	return s.show(tx, r)
}

// presentFacts is which facts a request counts as that is entered now.
const presentFacts = 2

// entered is the record of a request that came in.
func entered(n name, given *requestv1.InformationRequest, at server.Stamp) *record {
	return &record{name: n, stored: &storev1.StoredInformationRequest{InformationRequest: &requestv1.InformationRequest{
		Name: n.String(), ApplicantKind: given.GetApplicantKind(), Channel: given.GetChannel(), ReceivedOn: given.GetReceivedOn(),
		IdentityCheck: given.GetIdentityCheck(), Kind: given.GetKind(), Reception: given.GetReception(),
		State: requestv1.RequestState_REQUEST_STATE_OPEN, CreateTime: timestamppb.New(at.At), UpdateTime: timestamppb.New(at.At),
	}, Facts: presentFacts}}
}

// lookUp tells whether an organisation exists on a day, and whether it is known: exists then or today.
func (s *Server) lookUp(ctx context.Context, organization string, today, on workday.Date) (known, exists bool, err error) {
	if exists, err = s.organizations.Exists(ctx, organization, on); err == nil && !exists {
		known, err = s.organizations.Exists(ctx, organization, today)
	}
	if err != nil {
		return false, false, fmt.Errorf("look up organizations/%s: %w", organization, err)
	}
	return known || exists, exists, nil
}

// GetInformationRequest gets a request. Errors: NOT_FOUND.
func (s *Server) GetInformationRequest(ctx context.Context, in *requestv1.GetInformationRequestRequest) (out *requestv1.InformationRequest, err error) {
	err = s.db.View(ctx, func(r kv.Reader) (err error) {
		out, err = s.reload(r, in.GetName())
		return err
	})
	return out, err
}

// ConcludeInformationRequest concludes a request with its outcome, on the day it was answered. Source: R2019
// arts. 36–39; R2007 art. 21. Errors: NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rules.
func (s *Server) ConcludeInformationRequest(ctx context.Context, in *requestv1.ConcludeInformationRequestRequest) (*requestv1.InformationRequest, error) {
	given := in.GetAnsweredOn()
	if in.GetDelivery() != nil && given == nil {
		served, err := deadline.Serve(deliveryOf(in.GetDelivery()))
		if err != nil {
			return nil, err
		}
		given = toProto(served.AnsweredOn)
	}
	return s.take(ctx, in, concluded, "answered_on", given, func(c *call) error {
		q := c.request()
		grounds, err := checkAnswer(in, civil(q.GetReceivedOn()))
		if err != nil {
			return err
		}
		if err := s.end(c, endsAs(q, in.GetOutcome()), in.GetOutcome(), in.GetDelivery(), in.GetReasons()); err != nil {
			return err
		}
		q.Grounds, q.Withheld = grounds, in.GetWithheld()
		answer := q.GetSteps()[len(q.GetSteps())-1]
		answer.Grounds, answer.Withheld = grounds, in.GetWithheld()
		if q.EarlierRequest = ""; in.GetOutcome() == repeated {
			if q.EarlierRequest, err = s.earlier(c, in.GetEarlierRequest()); err != nil {
				return err
			}
		}
		for _, t := range [][2]string{{searchRecord, in.GetSearchRecord()}, {wayGiven, in.GetWay()}} {
			if t[1] == "" {
				continue
			}
			if err := s.sealText(c, t[0], t[1]); err != nil {
				return err
			}
		}
		return nil
	})
}
