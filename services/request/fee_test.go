package request_test

import (
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
)

// A fee notice fits the law: the schedule what the answer gives, the amount what the schedule sets; what is paid is that
// amount, once a notice was sent; who does not pay in time has given the request up.
func TestFees_Fit(t *testing.T) {
	const byItem, byPage = requestv1.FeeSchedule_FEE_SCHEDULE_ITEM, requestv1.FeeSchedule_FEE_SCHEDULE_PAGE
	e := newEnv(t)
	e.today("2021-12-31")
	desk, head := e.desk(town), e.as(town, access.Approver)
	name := e.asked("2021-06-01", nil).GetName()
	notice := func(change func(*requestv1.IssueFeeNoticeRequest)) error {
		in := &requestv1.IssueFeeNoticeRequest{Name: name, Schedule: byPage, Count: 100, SentOn: day("2021-06-03"), ReceivedOn: day("2021-06-04")}
		change(in)
		_, err := e.IssueFeeNotice(head, in)
		return err
	}
	pay := func(on string, fen int64) error {
		_, err := e.RecordPayment(desk, &requestv1.RecordPaymentRequest{Name: name, PaidOn: day(on), AmountFen: fen})
		return err
	}
	close := func(on string) error {
		_, err := e.CloseAbandonedRequest(desk, &requestv1.CloseAbandonedRequestRequest{Name: name, ClosedOn: day(on)})
		return err
	}
	const unfit = "FailedPrecondition FEE_SCHEDULE_DOES_NOT_FIT schedule=FEE_SCHEDULE_DOES_NOT_FIT"
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"by page, nothing given", notice(func(in *requestv1.IssueFeeNoticeRequest) { in.Given = requestv1.FeeGiven_FEE_GIVEN_NOTHING }), unfit},
		{"by page, the way told", notice(func(in *requestv1.IssueFeeNoticeRequest) { in.Given = requestv1.FeeGiven_FEE_GIVEN_WAY }), unfit},
		{"by page, not held", notice(func(in *requestv1.IssueFeeNoticeRequest) { in.Outcome = "unable_not_held" }), unfit},
		{"an outcome that there is not", notice(func(in *requestv1.IssueFeeNoticeRequest) { in.Outcome = "danced" }), "FailedPrecondition UNKNOWN_OUTCOME outcome=UNKNOWN_OUTCOME"},
		{"by item, nothing due", notice(func(in *requestv1.IssueFeeNoticeRequest) {
			in.Schedule, in.Count, in.Outcome = byItem, 10, "unable_not_held"
		}), "FailedPrecondition FEE_NOTHING_DUE count=FEE_NOTHING_DUE"},
		{"another amount", notice(func(in *requestv1.IssueFeeNoticeRequest) { in.AmountFen = 70_001 }), "FailedPrecondition FEE_AMOUNT_DIFFERS amount_fen=FEE_AMOUNT_DIFFERS"},
		{"paid without a notice", pay("2021-06-04", 70_000), "FailedPrecondition EVENT_WITHOUT_FIRST paid_on=EVENT_WITHOUT_FIRST"},
		// Art. 5: 31 to 100 at 10 yuan: 700 yuan.
		{"as the law has it", notice(func(in *requestv1.IssueFeeNoticeRequest) {
			in.AmountFen, in.Given, in.Outcome = 70_000, requestv1.FeeGiven_FEE_GIVEN_PAPER, "partial"
		}), ""},
		{"a second one", notice(func(*requestv1.IssueFeeNoticeRequest) {}), "FailedPrecondition FEE_NOTICE_AGAIN sent_on=FEE_NOTICE_AGAIN"},
		{"another amount paid", pay("2021-06-07", 69_999), "FailedPrecondition FEE_PAYMENT_DIFFERS amount_fen=FEE_PAYMENT_DIFFERS"},
		// 20 working days after 4 June, with the Dragon Boat holiday of 14 June: 5 July.
		{"closed on the last day to pay", close("2021-07-05"), "FailedPrecondition NOTHING_TO_ABANDON closed_on=NOTHING_TO_ABANDON"},
		{"closed after it", close("2021-07-06"), ""},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	got, err := e.GetInformationRequest(desk, &getReq{Name: name})
	ok(t, err)
	if s := got.GetSteps()[0]; got.GetOutcome() != "other_fee_overdue" || s.GetGiven() != requestv1.FeeGiven_FEE_GIVEN_PAPER || s.GetAmountFen() != 70_000 {
		t.Errorf("lapsed: %v", got)
	}
}
