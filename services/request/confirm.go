package request

import (
	"context"
	"fmt"
	"slices"
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// NotUnconfirmed is the reason for which a request is not confirmed.
const NotUnconfirmed law.Reason = "REQUEST_NOT_UNCONFIRMED"

// filedOn is the day on which a filing came, as far as that is known; no date of a request without a reception.
func filedOn(q *requestv1.InformationRequest) workday.Date {
	if arrived := civil(q.GetReception().GetArrivedOn()); !arrived.IsZero() {
		return arrived
	}
	return civil(q.GetReception().GetSubmittedOn())
}

// placedOn is the day by which a request is found: that of its receipt or, before it is confirmed, that of its filing.
func placedOn(q *requestv1.InformationRequest) workday.Date {
	if on := civil(q.GetReceivedOn()); !on.IsZero() {
		return on
	}
	return filedOn(q)
}

func receptionOf(r *requestv1.Reception) deadline.Receipt {
	return deadline.Receipt{
		Channel: deadline.ReceiptChannel(value(r.GetChannel().String(), "RECEPTION_CHANNEL_")), SubmittedOn: civil(r.GetSubmittedOn()),
		ArrivedOn: civil(r.GetArrivedOn()), ConfirmedOn: civil(r.GetConfirmedOn()), SystemConfirmedOn: civil(r.GetSystemConfirmedOn()),
	}
}

// confirmable tells whether a way of filing waits for a confirmation with the applicant (R2019 art. 31 items 2 and 3;
// reply of 2015, No. 207).
func confirmable(c requestv1.ReceptionChannel) bool {
	return c != requestv1.ReceptionChannel_RECEPTION_CHANNEL_IN_PERSON && c != requestv1.ReceptionChannel_RECEPTION_CHANNEL_SIGNED_POST &&
		c != requestv1.ReceptionChannel_RECEPTION_CHANNEL_UNSPECIFIED
}

// receivedOn is the day of receipt of what came in: as it was given, or as it follows from the reception. Without one the
// filing waits to be confirmed.
func receivedOn(q *requestv1.InformationRequest) (on workday.Date, unconfirmed bool, err error) {
	if on = civil(q.GetReceivedOn()); !on.IsZero() {
		return on, false, nil
	}
	r, err := deadline.Receive(receptionOf(q.GetReception()))
	switch {
	case err == nil:
		return r.On, false, nil
	case slices.Equal(law.Reasons(err), []law.Reason{deadline.ReceiptDateMissing}) && confirmable(q.GetReception().GetChannel()) && !filedOn(q).IsZero():
		return workday.Date{}, true, nil
	}
	return workday.Date{}, false, inReception(err, "information_request.reception")
}

// inReception names the fields of a reception in a breach of package deadline.
func inReception(err error, prefix string) error {
	var told law.Breach
	for _, v := range violations(err) {
		_, field, nested := strings.Cut(v.Field, "receipt.")
		if v.Field = prefix; nested {
			v.Field += "." + field
		}
		told.Violations = append(told.Violations, v)
	}
	if len(told.Violations) == 0 {
		return err
	}
	return &told
}

// waits tells whether a filing waits for a confirmation with the applicant: it is not received yet, or counts from the day
// on which the organ's system confirmed it, and nobody has since.
func waits(q *requestv1.InformationRequest) bool {
	r := q.GetReception()
	switch q.GetState() {
	case requestv1.RequestState_REQUEST_STATE_UNCONFIRMED:
		return true
	case requestv1.RequestState_REQUEST_STATE_OPEN:
		return r.GetConfirmedOn() == nil && r.GetSystemConfirmedOn() != nil && confirmable(r.GetChannel())
	}
	return false
}

// ConfirmRequest confirms a filing with the applicant (双方确认): it is received on the day that follows from it. Source:
// R2019 art. 31; 国办公开办函〔2015〕207号. Errors: NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rule.
func (s *Server) ConfirmRequest(ctx context.Context, in *requestv1.ConfirmRequestRequest) (*requestv1.InformationRequest, error) {
	on := civil(in.GetConfirmedOn())
	if on.IsZero() {
		on = workday.On(s.now())
	}
	exists := true
	if n, ok := parseName(in.GetName()); ok {
		var err error
		if exists, err = s.organizations.Exists(ctx, n.organization, on); err != nil {
			return nil, fmt.Errorf("look up organizations/%s: %w", n.organization, err)
		}
	}
	return s.take(ctx, in, "request.confirmed", "confirmed_on", in.GetConfirmedOn(), func(c *call) error {
		q := c.request()
		broken := law.Under(law.Citation{Act: law.R2019, Article: "31"})
		broken.If(!waits(q), NotUnconfirmed, "")
		broken.If(c.on.After(c.today), StepInFuture, "confirmed_on", "date", c.on.String(), "today", c.today.String())
		broken.Under(law.Citation{}).If(!exists, OrganizationNotOnDate, "confirmed_on", "organization", "organizations/"+c.organization, "date", c.on.String())
		if err := broken.Err(); err != nil {
			return err
		}
		return s.confirm(c)
	})
}

// confirm moves a request to the day of receipt that follows from its confirmation.
func (s *Server) confirm(c *call) error {
	q := c.request()
	q.Reception.ConfirmedOn = toProto(c.on)
	r, err := deadline.Receive(receptionOf(q.GetReception()))
	if err != nil {
		return c.refield(err)
	}
	data, err := s.dataOf(c)
	if err != nil {
		return err
	}
	if err := s.dropSame(c.tx, c.record, data); err != nil {
		return err
	}
	q.ReceivedOn, q.State = toProto(r.On), requestv1.RequestState_REQUEST_STATE_OPEN
	q.Steps = append(q.Steps, &requestv1.Step{
		Kind: requestv1.StepKind_STEP_KIND_CONFIRMED, HappenedOn: toProto(c.on), RecordTime: timestamppb.New(c.at.At), Account: c.at.Actor,
	})
	same, err := s.sameKeys(c.name, r.On, data)
	if err != nil {
		return err
	}
	if err := putSame(c.tx, same); err != nil {
		return err
	}
	if _, err := s.timeline(q, c.today); err != nil { // what happened before it is now before receipt
		return c.refield(err)
	}
	return nil
}
