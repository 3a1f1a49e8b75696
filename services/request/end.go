package request

import (
	"context"
	"slices"
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Reasons of how a request ends, with the values that their texts name.
const (
	GroundUnfit      law.Reason = "GROUND_NOT_OF_OUTCOME"    // article, outcome, outcome_zh, outcome_en, known
	WithheldUnfit    law.Reason = "WITHHELD_NOT_DENIED"      // outcome
	WithheldOfWhole  law.Reason = "WITHHELD_WITHOUT_PARTIAL" // outcome, outcome_zh, outcome_en
	DuplicateItself  law.Reason = "DUPLICATE_OF_ITSELF"      //
	DuplicateDiffers law.Reason = "DUPLICATE_DIFFERS"        // of
	SearchMissing    law.Reason = "SEARCH_RECORD_MISSING"    //
)

// The texts of an answer that are sealed, beside its reasons.
const (
	searchRecord = "search_record"
	wayGiven     = "way"
)

// checkAnswer is what holds for an outcome with what is said of it: the article is one that the outcome rests on, and
// only an answer in part (R2019 art. 37, R2007 art. 22) withholds something, which is a denial. That nothing was found
// (R2019 art. 36 item 4) is told with the record of the search, unless the answer is that another organ has it (item 5).
func checkAnswer(in *requestv1.ConcludeInformationRequestRequest, received workday.Date) (grounds []string, err error) {
	o, err := ground.Get(in.GetOutcome(), received)
	if err != nil {
		return nil, nil //nolint:nilerr // conclude tells it with all else
	}
	for _, c := range o.Grounds {
		if in.GetArticle() == "" || c.Article == in.GetArticle() {
			grounds = append(grounds, c.String())
		}
	}
	broken := law.Under(law.Citation{})
	var known []string
	for _, c := range o.Grounds {
		known = append(known, c.Article)
	}
	broken.If(in.GetArticle() != "" && len(grounds) == 0, GroundUnfit, "article", "article", in.GetArticle(), "outcome", o.ID,
		"outcome_zh", o.Label.Zh, "outcome_en", o.Label.En, "known", strings.Join(known, ", "))
	broken.If(len(in.GetWithheld()) > 0 && o.ID != "partial", WithheldOfWhole, "withheld", "outcome", o.ID, "outcome_zh", o.Label.Zh, "outcome_en", o.Label.En)
	unheld := o.ID == "unable_not_held" && in.GetArticle() != "36 item 5"
	broken.Under(law.Citation{Act: law.R2019, Article: "36 item 4"}).If(unheld && in.GetSearchRecord() == "", SearchMissing, "search_record")
	broken = broken.Under(law.Citation{})
	for _, id := range in.GetWithheld() {
		_, err := ground.Get(id, received)
		broken.If(err != nil || !strings.HasPrefix(id, "denied_"), WithheldUnfit, "withheld", "outcome", id)
	}
	return grounds, broken.Err()
}

// endsAs is the event by which a request ends with an outcome. Without the notice before it, as in a record of the
// first release, it is an answer like any other.
func endsAs(q *requestv1.InformationRequest, outcome string) requestv1.StepKind {
	asked := func(kind requestv1.StepKind) bool {
		return slices.ContainsFunc(q.GetSteps(), func(s *requestv1.Step) bool { return s.GetKind() == kind })
	}
	switch {
	case outcome == "other_correction_overdue" && asked(requestv1.StepKind_STEP_KIND_CORRECTION_ASKED):
		return requestv1.StepKind_STEP_KIND_CORRECTION_ABANDONED
	case outcome == "other_fee_overdue" && asked(requestv1.StepKind_STEP_KIND_FEE_NOTICE_SENT):
		return requestv1.StepKind_STEP_KIND_PAYMENT_ABANDONED
	}
	return requestv1.StepKind_STEP_KIND_ANSWERED
}

// end takes the step by which a request ends, with its outcome.
func (s *Server) end(c *call, kind requestv1.StepKind, outcome string, delivery *requestv1.Delivery, note string) error {
	q := c.request()
	if err := checkOpen(q); err != nil {
		return err
	}
	if err := conclude(q, outcome, c.on, c.today); err != nil {
		return err
	}
	t, err := s.add(c, &requestv1.Step{Kind: kind, Delivery: delivery, Outcome: outcome}, note)
	if err != nil {
		return err
	}
	q.KnownOn = nil
	if delivery != nil {
		q.KnownOn = delivery.GetSignedOn()
	}
	if q.GetCountedOn() == nil { // a new answer after an appeal is not counted again
		q.CountedOutcome, q.CountedOn = outcome, toProto(c.on)
		c.stored.Closed = closedAs(t, c.request())
	}
	return nil
}

// closedAs tells whether the first answer was in time, as the statistics table of 2014 asks: in time, in time after an
// extension, or late, as every answer is that had to be ordered.
func closedAs(t deadline.Timeline, q *requestv1.InformationRequest) string {
	has := func(kind requestv1.StepKind) bool {
		return slices.ContainsFunc(q.GetSteps(), func(s *requestv1.Step) bool { return s.GetKind() == kind })
	}
	switch {
	case len(t.Answers) > 0 && !t.Answers[0].InTime, len(t.Answers) == 1 && has(requestv1.StepKind_STEP_KIND_NEW_ANSWER_ORDERED):
		return "late"
	case has(requestv1.StepKind_STEP_KIND_EXTENDED):
		return "after_extension"
	}
	return "in_time"
}

// CloseAbandonedRequest closes a request whose applicant did not correct it, or pay, in time. Source: R2019 art. 30;
// Measures on Information Processing Fees. Errors: NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken
// rule.
func (s *Server) CloseAbandonedRequest(ctx context.Context, in *requestv1.CloseAbandonedRequestRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, concluded, "closed_on", in.GetClosedOn(), func(c *call) error {
		q := c.request()
		if err := checkOpen(q); err != nil {
			return err
		}
		if err := c.checkDay(); err != nil {
			return err
		}
		now, _ := caseOf(q, c.on)
		t, err := deadline.Of(now, s.days)
		if err != nil {
			return c.refield(err)
		}
		outcome := ""
		switch t.State {
		case deadline.CorrectionOverdue:
			outcome = "other_correction_overdue"
		case deadline.PaymentOverdue:
			outcome = "other_fee_overdue"
		}
		broken := law.Under(governing(civil(q.GetReceivedOn()), "30", "21"))
		broken.If(outcome == "", NotOverdue, "closed_on")
		if err := broken.Err(); err != nil {
			return err
		}
		kind := endsAs(q, outcome)
		if law.R2007.InForce().Covers(civil(q.GetReceivedOn()).String()) {
			outcome = "other" // R2007 knows no row of its own for it
		}
		return s.end(c, kind, outcome, nil, "")
	})
}

// WithdrawRequest ends a request that its applicant withdrew. Our reading: it counts as other. Errors: as
// CloseAbandonedRequest.
func (s *Server) WithdrawRequest(ctx context.Context, in *requestv1.WithdrawRequestRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, concluded, "withdrawn_on", in.GetWithdrawnOn(), func(c *call) error {
		if err := c.checkDay(); err != nil {
			return err
		}
		return s.end(c, requestv1.StepKind_STEP_KIND_WITHDRAWN, "other", nil, "")
	})
}

// DeliverAnswer records how the answer was delivered, from which both of its dates follow. Source: 国办公开办函〔2016〕235号;
// Implementation Rules art. 15. Errors: as CloseAbandonedRequest.
func (s *Server) DeliverAnswer(ctx context.Context, in *requestv1.DeliverAnswerRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, "request.delivered", "delivery", nil, func(c *call) error {
		q := c.request()
		last := lastAnswer(q)
		broken := law.Under(law.Citation{})
		broken.If(q.GetState() != requestv1.RequestState_REQUEST_STATE_CONCLUDED || last == nil, NotConcluded, "")
		if err := broken.Err(); err != nil {
			return err
		}
		served, err := deadline.Serve(deliveryOf(in.GetDelivery()))
		if err != nil {
			return c.refield(err)
		}
		first := civil(q.GetCountedOn()) == civil(last.GetHappenedOn())
		last.Delivery, q.KnownOn = in.GetDelivery(), toProto(served.KnownOn)
		if !served.AnsweredOn.IsZero() {
			last.HappenedOn, q.AnsweredOn = toProto(served.AnsweredOn), toProto(served.AnsweredOn)
		}
		in, _ := caseOf(q, c.today)
		t, err := deadline.Of(in, s.days)
		if err != nil {
			return c.refield(err)
		}
		broken = law.Under(law.Citation{Act: law.Reply2016})
		sent := civil(last.GetDelivery().GetSentOn())
		broken.If(served.AnsweredOn.IsZero(), deadline.NoLawfulService, "delivery", "date", sent.String())
		if err := broken.Err(); err != nil {
			return err
		}
		if first {
			q.CountedOn, c.stored.Closed = q.GetAnsweredOn(), closedAs(t, q)
		}
		return nil
	})
}

// lastAnswer is the last answer that was given; nil if there is none.
func lastAnswer(q *requestv1.InformationRequest) *requestv1.Step {
	for _, step := range slices.Backward(q.GetSteps()) {
		if step.GetKind() == requestv1.StepKind_STEP_KIND_ANSWERED {
			return step
		}
	}
	return nil
}

// HandleAnew opens a concluded request again, since a decision or judgment orders a new answer. The first outcome stays
// counted (our reading). Source: Reconsideration Law 2023 art. 64; Litigation Law art. 70. Errors: as
// CloseAbandonedRequest.
func (s *Server) HandleAnew(ctx context.Context, in *requestv1.HandleAnewRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, "request.handled_anew", "ordered_on", in.GetOrderedOn(), func(c *call) error {
		return s.anew(c, &requestv1.Step{
			Kind: requestv1.StepKind_STEP_KIND_NEW_ANSWER_ORDERED, Days: in.GetDays(), Unit: in.GetUnit(), Until: in.GetUntil(), Flag: in.GetByCourt(), Procedural: in.GetProcedural(),
		})
	})
}

// anew opens a request again by an order, or gives one that is overdue without an answer a new term.
func (s *Server) anew(c *call, step *requestv1.Step) error {
	q := c.request()
	if q.GetState() == requestv1.RequestState_REQUEST_STATE_OPEN { // no answer was given: an order to give one (2023 art. 66)
		_, err := s.add(c, step, "")
		return err
	}
	broken := law.Under(law.Citation{})
	broken.If(q.GetState() != requestv1.RequestState_REQUEST_STATE_CONCLUDED, NotConcluded, "")
	if err := broken.Err(); err != nil {
		return err
	}
	if q.GetCountedOn() == nil { // of the first release
		q.CountedOutcome, q.CountedOn = q.GetOutcome(), q.GetAnsweredOn()
	}
	if len(q.GetSteps()) == 0 {
		q.Steps = []*requestv1.Step{{Kind: requestv1.StepKind_STEP_KIND_ANSWERED, HappenedOn: q.GetAnsweredOn(), Outcome: q.GetOutcome(), Grounds: q.GetGrounds(), Withheld: q.GetWithheld()}}
	}
	q.State, q.Outcome, q.AnsweredOn, q.KnownOn, q.Grounds, q.Withheld = requestv1.RequestState_REQUEST_STATE_OPEN, "", nil, nil, nil, nil
	_, err := s.add(c, step, "")
	return err
}

// LinkDuplicate links a request to another open one, with which it is handled. Our reading: it is not counted, since the
// other is. Errors: as CloseAbandonedRequest.
func (s *Server) LinkDuplicate(ctx context.Context, in *requestv1.LinkDuplicateRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, "request.linked", "of", nil, func(c *call) error {
		q := c.request()
		if err := checkOpen(q); err != nil {
			return err
		}
		n, ok := parseName(in.GetOf())
		if !ok || n.organization != c.organization {
			return fault.NotFound(in.GetOf())
		}
		other, err := load(c.tx, n)
		if err != nil {
			return err
		}
		broken := law.Under(governing(civil(q.GetReceivedOn()), "36 item 6", "21"))
		broken.If(n == c.name, DuplicateItself, "of")
		same, err := s.sameAs(c.tx, c.record, other)
		if err != nil {
			return err
		}
		broken.If(!same, DuplicateDiffers, "of", "of", in.GetOf())
		if err := law.Join(broken.Err(), checkOpen(other.request())); err != nil {
			return err
		}
		q.State, q.DuplicateOf = requestv1.RequestState_REQUEST_STATE_LINKED, in.GetOf()
		return nil
	})
}

// sameAs tells whether two requests may be one: nothing in their personal data tells their applicants apart.
func (s *Server) sameAs(r kv.Reader, a, b *record) (bool, error) {
	const kept = requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT
	if a.request().GetPersonalDataState() != kept || b.request().GetPersonalDataState() != kept {
		return true, nil
	}
	x, err := s.open(r, a)
	if err != nil {
		return false, unreadable(err)
	}
	y, err := s.open(r, b)
	if err != nil {
		return false, unreadable(err)
	}
	return slices.Equal(sameness(x)[sameApplicant], sameness(y)[sameApplicant]), nil
}
