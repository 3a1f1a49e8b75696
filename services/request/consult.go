package request

import (
	"context"
	"strconv"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/law"

	"google.golang.org/genproto/googleapis/type/date"
)

// AskForCorrection records that the applicant was told to correct a request (告知补正). Source: R2019 art. 30; R2007
// art. 21 item 4. Errors: NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rule.
func (s *Server) AskForCorrection(ctx context.Context, in *requestv1.AskForCorrectionRequest) (*requestv1.InformationRequest, error) {
	return s.onTheWay(ctx, in, "request.correction_asked", "told_on", in.GetToldOn(), in.GetWhat(), func(*call) (*requestv1.Step, error) {
		return &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_CORRECTION_ASKED, Until: in.GetUntil()}, nil
	})
}

// CorrectRequest takes the correction of a request in (补正). Source: R2019 art. 30. Errors: as AskForCorrection.
func (s *Server) CorrectRequest(ctx context.Context, in *requestv1.CorrectRequestRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, "request.corrected", "corrected_on", in.GetCorrectedOn(), func(c *call) error {
		if err := checkOpen(c.request()); err != nil {
			return err
		}
		step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_CORRECTED, Flag: in.GetGoodReason()}
		if _, err := s.add(c, step, ""); err != nil {
			return err
		}
		if in.GetDescription() == "" {
			return nil
		}
		return s.redescribe(c, in.GetDescription())
	})
}

// ConsultOnRequest asks somebody for an opinion (征求意见). Source: R2019 arts. 32, 33(3), 34; R2007 art. 23. Errors: as
// AskForCorrection.
func (s *Server) ConsultOnRequest(ctx context.Context, in *requestv1.ConsultOnRequestRequest) (*requestv1.InformationRequest, error) {
	kinds := map[requestv1.Consulted]requestv1.StepKind{
		requestv1.Consulted_CONSULTED_THIRD_PARTY: requestv1.StepKind_STEP_KIND_THIRD_PARTY_ASKED,
		requestv1.Consulted_CONSULTED_CO_PRODUCER: requestv1.StepKind_STEP_KIND_CO_PRODUCER_ASKED,
		requestv1.Consulted_CONSULTED_OTHER_ORGAN: requestv1.StepKind_STEP_KIND_OTHER_ORGAN_ASKED,
	}
	return s.onTheWay(ctx, in, "request.consulted", "sent_on", in.GetSentOn(), in.GetParty(), func(c *call) (*requestv1.Step, error) {
		party := int32(1)
		for _, step := range c.request().GetSteps() {
			party = max(party, step.GetParty()+1)
		}
		return &requestv1.Step{Kind: kinds[in.GetConsulted()], Party: party}, nil
	})
}

// RecordOpinion records that whoever was asked received the letter, or answered. Source: R2019 arts. 32, 34. Errors: as
// AskForCorrection.
func (s *Server) RecordOpinion(ctx context.Context, in *requestv1.RecordOpinionRequest) (*requestv1.InformationRequest, error) {
	given, field := in.GetAnsweredOn(), "answered_on"
	if given == nil {
		given, field = in.GetReceivedOn(), "received_on"
	}
	return s.take(ctx, in, "request.opinion_recorded", field, given, func(c *call) error {
		if err := checkOpen(c.request()); err != nil {
			return err
		}
		asked := askedAs(c.request(), in.GetParty())
		broken := law.Under(law.Citation{})
		broken.If(asked == 0, PartyUnknown, "party", "party", strconv.Itoa(int(in.GetParty())))
		broken.If(given == nil, NoDateGiven, "answered_on")
		if err := broken.Err(); err != nil {
			return err
		}
		if in.GetReceivedOn() != nil && asked != requestv1.StepKind_STEP_KIND_OTHER_ORGAN_ASKED {
			c.on, c.field = civil(in.GetReceivedOn()), "received_on"
			if _, err := s.add(c, &requestv1.Step{Kind: asked + 1, Party: in.GetParty()}, ""); err != nil {
				return err
			}
		}
		if in.GetAnsweredOn() == nil {
			return nil
		}
		c.on, c.field = civil(in.GetAnsweredOn()), "answered_on"
		answered := asked + 2
		if asked == requestv1.StepKind_STEP_KIND_OTHER_ORGAN_ASKED {
			answered = asked + 1
		}
		_, err := s.add(c, &requestv1.Step{Kind: answered, Party: in.GetParty(), Opinion: in.GetOpinion()}, in.GetReasons())
		return err
	})
}

// askedAs is the step by which a party was asked; 0 if there is no such party.
func askedAs(q *requestv1.InformationRequest, party int32) requestv1.StepKind {
	for _, step := range q.GetSteps() {
		switch step.GetKind() {
		case requestv1.StepKind_STEP_KIND_THIRD_PARTY_ASKED, requestv1.StepKind_STEP_KIND_CO_PRODUCER_ASKED, requestv1.StepKind_STEP_KIND_OTHER_ORGAN_ASKED:
			if step.GetParty() == party {
				return step.GetKind()
			}
		}
	}
	return 0
}

// ExtendReplyPeriod extends the reply period (延期); the caller is the head of the disclosure office, who agrees by
// calling. Source: R2019 art. 33(2); R2007 art. 24(2). Errors: as AskForCorrection.
func (s *Server) ExtendReplyPeriod(ctx context.Context, in *requestv1.ExtendReplyPeriodRequest) (*requestv1.InformationRequest, error) {
	return s.onTheWay(ctx, in, "request.extended", "told_on", in.GetToldOn(), in.GetReason(), func(*call) (*requestv1.Step, error) {
		return &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_EXTENDED, Days: in.GetDays()}, nil
	})
}

// DelayAnswer sets a later date for the answer to one of too many requests. Source: R2019 art. 35. Errors: as
// AskForCorrection.
func (s *Server) DelayAnswer(ctx context.Context, in *requestv1.DelayAnswerRequest) (*requestv1.InformationRequest, error) {
	return s.onTheWay(ctx, in, "request.delayed", "told_on", in.GetToldOn(), in.GetReason(), func(*call) (*requestv1.Step, error) {
		return &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_DELAYED, Until: in.GetUntil()}, nil
	})
}

// onTheWay takes one step on the way to an answer.
func (s *Server) onTheWay(ctx context.Context, in verb, kind, field string, given *date.Date, note string, step func(*call) (*requestv1.Step, error)) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, kind, field, given, func(c *call) error {
		if err := checkOpen(c.request()); err != nil {
			return err
		}
		made, err := step(c)
		if err != nil {
			return err
		}
		_, err = s.add(c, made, note)
		return err
	})
}
