package request

import (
	"context"
	"fmt"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/law"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
)

// SignForRequest records that an office has a request (签收). Errors: NOT_FOUND, ABORTED (old etag),
// FAILED_PRECONDITION with the broken rule.
func (s *Server) SignForRequest(ctx context.Context, in *requestv1.SignForRequestRequest) (*requestv1.InformationRequest, error) {
	step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_SIGNED_FOR, Office: in.GetOffice()}
	return s.between(ctx, in, "request.signed_for", in.GetHappenedOn(), step, "")
}

// HandOnRequest records that a request goes to another office (转办). Errors: as SignForRequest.
func (s *Server) HandOnRequest(ctx context.Context, in *requestv1.HandOnRequestRequest) (*requestv1.InformationRequest, error) {
	step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_HANDED_ON, Office: in.GetOffice()}
	return s.between(ctx, in, "request.handed_on", in.GetHappenedOn(), step, in.GetNote())
}

// SendBackRequest records that a request goes back to where it came from (退回). Errors: as SignForRequest.
func (s *Server) SendBackRequest(ctx context.Context, in *requestv1.SendBackRequestRequest) (*requestv1.InformationRequest, error) {
	step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_SENT_BACK}
	return s.between(ctx, in, "request.sent_back", in.GetHappenedOn(), step, in.GetReason())
}

// UrgeRequest records that whoever has a request was urged (督办). Errors: as SignForRequest.
func (s *Server) UrgeRequest(ctx context.Context, in *requestv1.UrgeRequestRequest) (*requestv1.InformationRequest, error) {
	step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_URGED}
	return s.between(ctx, in, "request.urged", in.GetHappenedOn(), step, in.GetNote())
}

// between takes a step between the offices of one government. None of them moves a date.
func (s *Server) between(ctx context.Context, in verb, kind string, given *date.Date, step *requestv1.Step, note string) (*requestv1.InformationRequest, error) {
	on := civil(given)
	if on.IsZero() {
		on = workday.On(s.now())
	}
	exists := true
	if step.GetOffice() != "" {
		var err error
		if exists, err = s.organizations.Exists(ctx, access.OrganizationOf(step.GetOffice()), on); err != nil {
			return nil, fmt.Errorf("look up %s: %w", step.GetOffice(), err)
		}
	}
	return s.take(ctx, in, kind, "happened_on", given, func(c *call) error {
		q := c.request()
		if err := checkOpen(q); err != nil {
			return err
		}
		broken := law.Under(law.Citation{})
		broken.If(!exists, OrganizationNotOnDate, "office", "organization", step.GetOffice(), "date", c.on.String())
		back, came := cameFrom(q)
		broken.If(step.GetKind() == requestv1.StepKind_STEP_KIND_SENT_BACK && !came, NotHandedOn, "")
		if err := law.Join(broken.Err(), c.checkDay()); err != nil {
			return err
		}
		step := &requestv1.Step{Kind: step.GetKind(), Office: step.GetOffice()}
		switch step.GetKind() {
		case requestv1.StepKind_STEP_KIND_SENT_BACK:
			step.Office, q.Office = back, back
		case requestv1.StepKind_STEP_KIND_URGED:
			step.Office = q.GetOffice()
		default:
			q.Office = step.GetOffice()
		}
		_, err := s.add(c, step, note)
		return err
	})
}

// cameFrom is the office that had a request before it was last handed on: the organisation itself, if none is named.
func cameFrom(q *requestv1.InformationRequest) (office string, came bool) {
	organization := "organizations/" + access.OrganizationOf(q.GetName())
	before := []string{organization}
	for _, step := range q.GetSteps() {
		switch step.GetKind() {
		case requestv1.StepKind_STEP_KIND_HANDED_ON:
			before = append(before, step.GetOffice())
		case requestv1.StepKind_STEP_KIND_SENT_BACK:
			before = before[:max(1, len(before)-1)]
		}
	}
	if len(before) < 2 {
		return "", false
	}
	return before[len(before)-2], true
}
