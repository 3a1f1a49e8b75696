package request_test

import (
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
)

// Each input that the law has no room for is a typed error; what happened all the same, but not as the law has it, is taken
// and marked. Today is 31 December 2021.
func TestBadInput(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk, head := e.desk(town), e.as(town, access.Approver)
	fresh := func() string { return e.asked("2021-06-01", nil).GetName() }
	told := func(name, until string) {
		_, err := e.AskForCorrection(desk, &requestv1.AskForCorrectionRequest{Name: name, ToldOn: day("2021-06-03"), Until: day(until), What: "示例"})
		ok(t, err)
	}
	extend := func(name, on string) error {
		_, err := e.ExtendReplyPeriod(head, &requestv1.ExtendReplyPeriodRequest{Name: name, Days: 20, ToldOn: day(on)})
		return err
	}
	conclude := func(name, outcome, on string, delivery *requestv1.Delivery) error {
		_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: outcome, AnsweredOn: day(on), Delivery: delivery})
		return err
	}
	handOn := func(on, office string) error {
		_, err := e.HandOnRequest(desk, &requestv1.HandOnRequestRequest{Name: fresh(), Office: office, HappenedOn: day(on)})
		return err
	}
	split := func(complete bool, items ...string) error {
		_, err := e.SplitRequest(desk, &requestv1.SplitRequestRequest{Name: e.asked("2021-06-01", &dataT{Description: "2018年土地征收批文；补偿方案；听证会记录"}).GetName(), Descriptions: items, StatedComplete: complete})
		return err
	}
	once, asked, courier, delivered := fresh(), fresh(), fresh(), fresh()
	ok(t, extend(once, "2021-06-15"))
	told(asked, "2021-06-10")
	ok(t, conclude(delivered, "granted", "2021-06-10", nil))
	byCourier := &requestv1.Delivery{Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_COURIER, SentOn: day("2021-06-10")}
	unknown := given("2021-06-01")
	unknown.ApplicantKind = 99
	for what, c := range map[string]struct {
		err  error
		want string
	}{
		"events out of order": {func() error {
			_, err := e.CorrectRequest(desk, &requestv1.CorrectRequestRequest{Name: asked, CorrectedOn: day("2021-06-02")})
			return err
		}(), "FailedPrecondition EVENT_WITHOUT_FIRST corrected_on=EVENT_WITHOUT_FIRST"},
		"in the future":                   {extend(fresh(), "2022-01-04"), "FailedPrecondition EVENT_IN_FUTURE told_on=EVENT_IN_FUTURE"},
		"a second extension":              {extend(once, "2021-06-16"), "FailedPrecondition EXTENSION_AGAIN told_on=EXTENSION_AGAIN"},
		"an extension after the due date": {extend(fresh(), "2021-07-01"), "FailedPrecondition EXTENSION_AFTER_DUE told_on=EXTENSION_AFTER_DUE"},
		"on the due date":                 {extend(fresh(), "2021-06-30"), ""},
		"an extension without an approver": {func() error {
			_, err := e.ExtendReplyPeriod(desk, &requestv1.ExtendReplyPeriodRequest{Name: fresh(), Days: 20, ToldOn: day("2021-06-15")})
			return err
		}(), "PermissionDenied PERMISSION_DENIED"},
		"no outcome":                 {conclude(fresh(), "", "2021-06-10", nil), "InvalidArgument INVALID_FIELD outcome=REQUIRED"},
		"an outcome of R2007":        {conclude(fresh(), "not_held", "2021-06-10", nil), "FailedPrecondition OUTCOME_NOT_IN_FORCE outcome=OUTCOME_NOT_IN_FORCE"},
		"by courier, not signed for": {conclude(courier, "granted", "", byCourier), "FailedPrecondition ANSWER_BY_COURIER answered_on=ANSWER_BY_COURIER"},
		"delivered so": {func() error {
			_, err := e.DeliverAnswer(desk, &requestv1.DeliverAnswerRequest{Name: delivered, Delivery: byCourier})
			return err
		}(), "FailedPrecondition ANSWER_BY_COURIER delivery=ANSWER_BY_COURIER"},
		"a later date beyond every calendar": {func() error {
			_, err := e.DelayAnswer(head, &requestv1.DelayAnswerRequest{Name: fresh(), Until: day("2200-01-01"), ToldOn: day("2021-06-10")})
			return err
		}(), "FailedPrecondition DATE_OUTSIDE_CALENDAR"},
		"an unknown kind of applicant": {func() error {
			_, err := e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: unknown})
			return err
		}(), "InvalidArgument INVALID_FIELD information_request.applicant_kind=NOT_IN_LIST"},
		"a query code that was guessed": {func() error {
			q, err := e.GetInformationRequest(desk, &getReq{Name: once})
			ok(t, err)
			_, err = e.TrackRequest(desk, &requestv1.TrackRequestRequest{ReceiptNumber: q.GetReceiptNumber(), QueryCode: "0123-4567-89AB"})
			return err
		}(), "NotFound NOT_FOUND"},
		"handed on to an organ that had ended": {handOn("2021-06-03", merged), "FailedPrecondition ORGANIZATION_NOT_ON_DATE office=ORGANIZATION_NOT_ON_DATE"},
		"handed on to one that was founded":    {handOn("2021-06-03", founded), ""},
		"items that leave out a clause":        {split(false, "2018年土地征收批文", "补偿方案"), "FailedPrecondition ITEMS_DO_NOT_COVER descriptions=ITEMS_DO_NOT_COVER"},
		"items that are stated to be complete": {split(true, "2018年土地征收批文", "补偿方案"), ""},
		"items that cover it":                  {split(false, "征收批文", "补偿方案和听证记录"), ""},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}

	// A correction after its limit is taken, and marked: the request counts as abandoned.
	_, err := e.CorrectRequest(desk, &requestv1.CorrectRequestRequest{Name: asked, CorrectedOn: day("2021-06-11")})
	ok(t, err)
	timeline, err := e.GetTimeline(desk, &requestv1.GetTimelineRequest{Name: asked})
	ok(t, err)
	if m := timeline.GetMarks(); len(m) == 0 || m[0].GetReason() != "CORRECTION_AFTER_LIMIT" || timeline.GetState() != "correction_overdue" {
		t.Errorf("corrected late: %v", timeline)
	}
}

// A decision over no answer in time orders one: the open request gets a new term, and is counted once, with that answer.
func TestHandleAnew_NoAnswer(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk := e.desk(town)
	q := e.asked("2021-06-01", nil).GetName() // due on 30 June
	a, err := e.appeal(reconsidered, q, "2021-07-12", func(a *appealT) {
		a.Subject, a.AppliedOn = requestv1.AppealSubject_APPEAL_SUBJECT_NO_ANSWER, day("2021-07-09")
	})
	ok(t, err)
	_, err = e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{
		Name: a.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_CORRECTED, Ending: requestv1.AppealEnding_APPEAL_ENDING_ORDERED, DecidedOn: day("2021-09-01"), OrdersNewAnswer: true, Days: 10,
	})
	ok(t, err)
	got, err := e.GetInformationRequest(desk, &getReq{Name: q})
	ok(t, err)
	if dayText(got.GetDueOn()) != "2021-09-15" || got.GetCountedOn() != nil { // 10 working days after 1 September
		t.Errorf("ordered: %v", got)
	}
	_, err = e.ConcludeInformationRequest(desk, &concludeReq{Name: q, Outcome: "granted", AnsweredOn: day("2021-09-10")})
	ok(t, err)
	if m := e.measures(q); m != "requests.received.business requests.concluded.granted.business requests.channel.online requests.closed.late requests.answer_days requests.answer_days_squared" {
		t.Errorf("counts as %s", m)
	}
}

// Cost fees of requests under R2007 are recorded, charged or waived, and move nothing.
func TestCostFees(t *testing.T) {
	e := newEnv(t)
	e.today("2019-06-30")
	desk := e.desk(town)
	q := e.received(town, "2016-06-01")
	pay := func(name, on string, fen, waived int64) (*requestT, error) {
		return e.RecordPayment(desk, &requestv1.RecordPaymentRequest{Name: name, PaidOn: day(on), AmountFen: fen, WaivedFen: waived})
	}
	got, err := pay(q.GetName(), "2016-06-10", 1250, 300)
	ok(t, err)
	if dayText(got.GetDueOn()) != dayText(q.GetDueOn()) || !strings.Contains(e.measures(q.GetName()), "fees.charged fees.waived") {
		t.Errorf("charged: %v, counts as %s", got, e.measures(q.GetName()))
	}
	_, err = pay(q.GetName(), "2016-06-10", 0, 0)
	if got := refusal(err); got != "FailedPrecondition FEE_NOTHING_DUE amount_fen=FEE_NOTHING_DUE" {
		t.Errorf("nothing: %s", got)
	}
	_, err = pay(e.received(town, "2019-06-03").GetName(), "2019-06-10", 100, 0) // no fee was set between the two
	if got := refusal(err); got != "FailedPrecondition EVENT_WITHOUT_FIRST paid_on=EVENT_WITHOUT_FIRST" {
		t.Errorf("in 2019: %s", got)
	}
}
