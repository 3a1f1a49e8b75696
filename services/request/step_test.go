package request_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
)

// told is a timeline in short: state, due date, then each segment with the days that count.
func (e *env) timeline(name, asOf string) string {
	e.t.Helper()
	t, err := e.GetTimeline(e.desk(town), &requestv1.GetTimelineRequest{Name: name, AsOf: day(asOf)})
	ok(e.t, err)
	parts := []string{t.GetState(), short(dayText(t.GetDueOn()))}
	for _, s := range t.GetSegments() {
		parts = append(parts, fmt.Sprintf("%s:%d", s.GetKind(), s.GetCounted()))
	}
	for _, m := range t.GetMarks() {
		parts = append(parts, m.GetReason())
	}
	return strings.Join(parts, " ")
}

func short(date string) string {
	if date == "0000-00-00" {
		return "-"
	}
	return date
}

func (e *env) head() context.Context { return e.as(town, access.Approver) }

// must fails the test unless a step was taken.
func must(t *testing.T) func(*requestT, error) *requestT {
	return func(q *requestT, err error) *requestT {
		t.Helper()
		ok(t, err)
		return q
	}
}

// The steps on the way to an answer, each with what it does to the due date. 2021-06-01 is a Tuesday; the Dragon Boat
// holiday of 2021 is 12 to 14 June; every date here was counted by hand on the notice of that year.
func TestSteps(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk, head, do := e.desk(town), e.head(), must(t)
	name := e.asked("2021-06-01", someone()).GetName()
	due := func(q *requestT) string { return short(dayText(q.GetDueOn())) }
	if got := e.timeline(name, "2021-06-01"); !strings.HasPrefix(got, "running 2021-06-30") {
		t.Errorf("received: %s", got)
	}
	q := do(e.AskForCorrection(desk, &requestv1.AskForCorrectionRequest{Name: name, ToldOn: day("2021-06-08"), Until: day("2021-06-30"), What: "示例：请说明年度"}))
	if due(q) != "-" || q.GetSteps()[0].GetNote() != "***" {
		t.Errorf("asked to correct: %v", q)
	}
	q = do(e.CorrectRequest(desk, &requestv1.CorrectRequestRequest{Name: name, CorrectedOn: day("2021-06-11"), Description: "示例：2018年的批文"}))
	if due(q) != "2021-07-12" { // 20 working days after 11 June: 15 June is the first
		t.Errorf("corrected: %s", due(q))
	}
	q = do(e.ConsultOnRequest(desk, &requestv1.ConsultOnRequestRequest{Name: name, Consulted: requestv1.Consulted_CONSULTED_THIRD_PARTY, SentOn: day("2021-06-21"), Party: "示例公司"}))
	party := q.GetSteps()[2].GetParty()
	if due(q) != "-" || party != 1 {
		t.Errorf("asked a third party: %v", q)
	}
	q = do(e.RecordOpinion(desk, &requestv1.RecordOpinionRequest{
		Name: name, Party: party, ReceivedOn: day("2021-06-22"), AnsweredOn: day("2021-06-25"), Opinion: requestv1.Opinion_OPINION_REFUSES_WITH_REASON, Reasons: "示例：商业秘密",
	}))
	if due(q) != "2021-07-16" { // 22 to 25 June do not count: four working days later
		t.Errorf("the third party answered: %s", due(q))
	}
	q = do(e.ExtendReplyPeriod(head, &requestv1.ExtendReplyPeriodRequest{Name: name, Days: 10, ToldOn: day("2021-07-16"), Reason: "示例"}))
	if due(q) != "2021-07-30" {
		t.Errorf("extended: %s", due(q))
	}
	q = do(e.ConcludeInformationRequest(desk, &concludeReq{
		Name: name, Outcome: "partial", Withheld: []string{"denied_third_party"}, Article: "37", Reasons: "示例",
		Delivery: &requestv1.Delivery{Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_POSTED, SentOn: day("2021-07-29")},
	}))
	if dayText(q.GetAnsweredOn()) != "2021-07-29" || q.GetKnownOn() != nil || q.GetDueOn() != nil || len(q.GetGrounds()) != 1 {
		t.Errorf("answered: %v", q)
	}
	q = do(e.DeliverAnswer(desk, &requestv1.DeliverAnswerRequest{Name: name, Delivery: &requestv1.Delivery{
		Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_POSTED, SentOn: day("2021-07-29"), SignedOn: day("2021-08-03"),
	}}))
	if dayText(q.GetKnownOn()) != "2021-08-03" || dayText(q.GetAnsweredOn()) != "2021-07-29" {
		t.Errorf("delivered: %v", q)
	}
	timeline, err := e.GetTimeline(desk, &requestv1.GetTimelineRequest{Name: name})
	ok(t, err)
	if !timeline.GetInTime() || timeline.GetState() != "answered" || dayText(timeline.GetDueOn()) != "2021-07-30" || len(timeline.GetNotices()) == 0 {
		t.Errorf("timeline: %v", timeline)
	}
	for i, s := range timeline.GetSegments() {
		if s.GetLabel().GetZh() == "" || s.GetFrom() == nil {
			t.Errorf("segment %d: %v", i, s)
		}
	}
	want := "requests.received.business requests.concluded.partial.business requests.channel.online requests.closed.after_extension requests.answer_days requests.answer_days_squared"
	if got := e.measures(name); got != want {
		t.Errorf("counts as %s", got)
	}
	clear, err := e.ReadPersonalData(desk, &readReq{Name: name, Purpose: handling})
	ok(t, err)
	if clear.GetDescription() != "示例：2018年的批文" {
		t.Errorf("after the correction it asks for %q", clear.GetDescription())
	}
}

// measures are what a request counts as, by its last entry.
func (e *env) measures(name string) string {
	e.t.Helper()
	entries, _ := e.entries(0)
	var all []string
	for _, entry := range entries {
		if entry.GetResource() == name {
			all = nil
			for _, f := range entry.GetAfter() {
				all = append(all, f.GetMeasure())
			}
		}
	}
	return strings.Join(all, " ")
}

// Whoever neither corrects nor pays has abandoned the request; whoever withdraws ends it; an appeal's order opens it
// again, and the first outcome stays counted.
func TestEnds(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk, head, do := e.desk(town), e.head(), must(t)
	close := func(name, on string) error {
		_, err := e.CloseAbandonedRequest(desk, &requestv1.CloseAbandonedRequestRequest{Name: name, ClosedOn: day(on)})
		return err
	}
	uncorrected := e.asked("2021-06-01", someone()).GetName()
	do(e.AskForCorrection(desk, &requestv1.AskForCorrectionRequest{Name: uncorrected, ToldOn: day("2021-06-08"), Until: day("2021-06-30"), What: "示例"}))
	if got := refusal(close(uncorrected, "2021-06-30")); got != "FailedPrecondition NOTHING_TO_ABANDON closed_on=NOTHING_TO_ABANDON" {
		t.Errorf("on the last day: %s", got)
	}
	ok(t, close(uncorrected, "2021-07-01"))
	if got := e.measures(uncorrected); !strings.Contains(got, "concluded.other_correction_overdue.business") {
		t.Errorf("not corrected: %s", got)
	}

	for range 10 { // the first ten of a month are free
		e.asked("2021-06-01", someone())
	}
	unpaid, paid := e.asked("2021-06-02", someone()).GetName(), e.asked("2021-06-02", someone()).GetName()
	notice := func(name string) *requestT {
		return do(e.IssueFeeNotice(head, &requestv1.IssueFeeNoticeRequest{
			Name: name, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_ITEM, SentOn: day("2021-06-10"), ReceivedOn: day("2021-06-11"),
		}))
	}
	// Of the same applicant and month stand before it: the eleven of 1 June, of which one is abandoned and counts as well.
	q := notice(unpaid)
	if s := q.GetSteps()[0]; s.GetAmountFen() != 10000 || s.GetAlready() != 11 || len(s.GetCountedRequests()) != 11 {
		t.Errorf("fee: %v", s)
	}
	notice(paid)
	if got := refusal(close(unpaid, "2021-07-12")); !strings.Contains(got, "NOTHING_TO_ABANDON") { // 20 working days after 11 June
		t.Errorf("on the last day to pay: %s", got)
	}
	ok(t, close(unpaid, "2021-07-13"))
	if got := e.measures(unpaid); !strings.Contains(got, "concluded.other_fee_overdue.business") || !strings.Contains(got, "fees.notices fees.billed") {
		t.Errorf("not paid: %s", got)
	}
	_, err := e.RecordPayment(desk, &requestv1.RecordPaymentRequest{Name: paid, PaidOn: day("2021-06-15"), AmountFen: 9999})
	if got := refusal(err); got != "FailedPrecondition FEE_PAYMENT_DIFFERS amount_fen=FEE_PAYMENT_DIFFERS" {
		t.Errorf("another amount: %s", got)
	}
	q = do(e.RecordPayment(desk, &requestv1.RecordPaymentRequest{Name: paid, PaidOn: day("2021-06-15"), AmountFen: 10000}))
	if got := dayText(q.GetDueOn()); got != "2021-07-13" { // 20 working days after 15 June
		t.Errorf("paid: due %s", got)
	}

	withdrawn := e.asked("2021-06-01", nil).GetName()
	q = do(e.WithdrawRequest(desk, &requestv1.WithdrawRequestRequest{Name: withdrawn, WithdrawnOn: day("2021-06-03")}))
	if q.GetOutcome() != "other" || q.GetState() != requestv1.RequestState_REQUEST_STATE_CONCLUDED {
		t.Errorf("withdrawn: %v", q)
	}

	anew := e.asked("2021-06-01", nil).GetName()
	do(e.ConcludeInformationRequest(desk, &concludeReq{Name: anew, Outcome: "denied_process", AnsweredOn: day("2021-06-21")}))
	before := e.measures(anew)
	q = do(e.HandleAnew(desk, &requestv1.HandleAnewRequest{Name: anew, OrderedOn: day("2021-09-01"), Days: 15}))
	if q.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN || dayText(q.GetDueOn()) != "2021-09-23" || q.GetCountedOutcome() != "denied_process" {
		t.Errorf("handled anew: %v", q) // 20 and 21 September are the Mid-Autumn holiday, 18 September is worked
	}
	q = do(e.ConcludeInformationRequest(desk, &concludeReq{Name: anew, Outcome: "granted", AnsweredOn: day("2021-09-10")}))
	if after := e.measures(anew); after != before+" requests.handled_anew" || q.GetOutcome() != "granted" {
		t.Errorf("counts as %s, before %s", after, before)
	}
}

// A new answer that says what the one before it said, on the same ground, is marked, not refused: whether its facts and
// reasons are others is for a person to say. After a breach of procedure it may be the same.
func TestNewAnswer_SameAgain(t *testing.T) {
	e := newEnv(t)
	e.today("2025-12-31")
	desk, do := e.desk(town), must(t)
	for _, c := range []struct {
		what, again, article string
		withheld             []string
		procedural, court    bool
		want                 string
	}{
		{what: "by a reconsideration", again: "denied_process", want: "SAME_ANSWER_AGAIN 《行政复议法》(2023)第六十四条第二款"},
		{what: "by a court", again: "denied_process", court: true, want: "SAME_ANSWER_AGAIN 《行政诉讼法》(2017)第七十一条"},
		{what: "after a breach of procedure", again: "denied_process", procedural: true},
		{what: "another answer", again: "granted"},
	} {
		name := e.asked("2025-06-03", nil).GetName()
		do(e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: "denied_process", AnsweredOn: day("2025-06-20")}))
		kind := reconsidered
		if c.court {
			kind = sued
		}
		a, err := e.appeal(kind, name, "2025-07-07", nil)
		ok(t, err)
		_, err = e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{
			Name: a.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_CORRECTED, DecidedOn: day("2025-09-01"), OrdersNewAnswer: true, Procedural: c.procedural,
		})
		ok(t, err)
		q := do(e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: c.again, AnsweredOn: day("2025-09-10")}))
		timeline, err := e.GetTimeline(desk, &requestv1.GetTimelineRequest{Name: name})
		ok(t, err)
		got := ""
		for _, m := range timeline.GetMarks() {
			_, at, _ := strings.Cut(m.GetText().GetZh(), "（")
			got += m.GetReason() + " " + strings.TrimSuffix(at, "）")
		}
		if got != c.want || q.GetOutcome() != c.again {
			t.Errorf("%s: %q, want %q; %v", c.what, got, c.want, q)
		}
	}
}

// Between offices a request is signed for, handed on, sent back and urged; the period runs on.
func TestOffices(t *testing.T) {
	e := newEnv(t)
	desk, do := e.desk(town), must(t)
	name := e.asked("2019-06-03", nil).GetName()
	back := &requestv1.SendBackRequestRequest{Name: name, Reason: "示例：不属本办职责"}
	_, err := e.SendBackRequest(desk, back)
	if got := refusal(err); got != "FailedPrecondition REQUEST_NOT_HANDED_ON" {
		t.Errorf("sent back at once: %s", got)
	}
	_, err = e.HandOnRequest(desk, &requestv1.HandOnRequestRequest{Name: name, Office: merged, HappenedOn: day("2019-06-04")})
	if got := refusal(err); got != "FailedPrecondition ORGANIZATION_NOT_ON_DATE office=ORGANIZATION_NOT_ON_DATE" {
		t.Errorf("to an organ that is no more: %s", got)
	}
	_, err = e.UrgeRequest(desk, &requestv1.UrgeRequestRequest{Name: name, HappenedOn: day("2019-06-02")})
	if got := refusal(err); got != "FailedPrecondition STEP_BEFORE_RECEIPT happened_on=STEP_BEFORE_RECEIPT" {
		t.Errorf("before receipt: %s", got)
	}
	do(e.HandOnRequest(desk, &requestv1.HandOnRequestRequest{Name: name, Office: other, HappenedOn: day("2019-06-04")}))
	do(e.SignForRequest(desk, &requestv1.SignForRequestRequest{Name: name, Office: other, HappenedOn: day("2019-06-05")}))
	do(e.UrgeRequest(desk, &requestv1.UrgeRequestRequest{Name: name, HappenedOn: day("2019-06-10")}))
	q := do(e.SendBackRequest(desk, back))
	var path []string
	for _, s := range q.GetSteps() {
		path = append(path, strings.ToLower(strings.TrimPrefix(s.GetKind().String(), "STEP_KIND_"))+" "+strings.TrimPrefix(s.GetOffice(), "organizations/"))
	}
	if got := strings.Join(path, ", "); got != "handed_on 652701202, signed_for 652701202, urged 652701202, sent_back 652701201" || q.GetOffice() != town || dayText(q.GetDueOn()) != "2019-07-02" {
		t.Errorf("path %s, %v", got, q)
	}
}

// Items are requests of their own, duplicates are handled with the first, and neither is counted twice.
func TestSplitAndLink(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk, do := e.desk(town), must(t)
	whole := e.asked("2021-06-01", someone())
	in := &requestv1.SplitRequestRequest{Name: whole.GetName(), Descriptions: []string{"示例：批文", "示例：补偿标准"}, RequestId: "r-1"}
	made, err := e.SplitRequest(desk, in)
	ok(t, err)
	again, err := e.SplitRequest(desk, in)
	ok(t, err)
	items := made.GetInformationRequests()
	if len(items) != 3 || len(again.GetInformationRequests()) != 3 || items[0].GetState() != requestv1.RequestState_REQUEST_STATE_SPLIT ||
		items[1].GetSplitFrom() != whole.GetName() || items[2].GetReceiptNumber() != "652701201/2021-00003" || e.measures(whole.GetName()) != "" ||
		!strings.HasPrefix(e.measures(items[1].GetName()), "requests.received.business") {
		t.Errorf("split: %v", items)
	}
	clear, err := e.ReadPersonalData(desk, &readReq{Name: items[2].GetName(), Purpose: handling})
	ok(t, err)
	if clear.GetDescription() != "示例：补偿标准" || clear.GetApplicantName() != someone().GetApplicantName() {
		t.Errorf("an item asks for %v", clear)
	}
	_, err = e.SplitRequest(desk, &requestv1.SplitRequestRequest{Name: items[1].GetName(), Descriptions: []string{"一", "二"}})
	if got := refusal(err); got != "FailedPrecondition SPLIT_UNDER_WAY" {
		t.Errorf("an item split: %s", got)
	}

	data := someone()
	data.Description = "示例 ： 批文。" // the same but for spaces and punctuation
	double := e.asked("2021-06-02", data).GetName()
	similar, err := e.ListSimilarRequests(desk, &requestv1.ListSimilarRequestsRequest{Name: double})
	ok(t, err)
	var found []string
	for _, s := range similar.GetSimilarRequests() {
		found = append(found, fmt.Sprint(slices.IndexFunc(items, func(q *requestT) bool { return q.GetName() == s.GetInformationRequest().GetName() }), s.GetSameApplicant(), s.GetSameContent()))
	}
	if got := strings.Join(found, ", "); got != "0 true false, 1 true true, 2 true false" {
		t.Errorf("similar: %s", got)
	}
	stranger := someone()
	stranger.DocumentNumber = "652701199001019999"
	foreign := e.asked("2021-06-02", stranger).GetName()
	link := func(name, of string) error {
		_, err := e.LinkDuplicate(desk, &requestv1.LinkDuplicateRequest{Name: name, Of: of})
		return err
	}
	for what, c := range map[string]struct{ name, of, want string }{
		"of itself":  {double, double, "FailedPrecondition DUPLICATE_OF_ITSELF of=DUPLICATE_OF_ITSELF"},
		"of another": {double, foreign, "FailedPrecondition DUPLICATE_DIFFERS of=DUPLICATE_DIFFERS"},
		"of a whole": {double, whole.GetName(), "FailedPrecondition REQUEST_NOT_OPEN"},
	} {
		if got := refusal(link(c.name, c.of)); got != c.want {
			t.Errorf("%s: %s", what, got)
		}
	}
	ok(t, link(double, items[1].GetName()))
	if got := e.measures(double); got != "" {
		t.Errorf("a duplicate counts as %s", got)
	}
	_, err = e.WithdrawRequest(desk, &requestv1.WithdrawRequestRequest{Name: double})
	if got := refusal(err); got != "FailedPrecondition REQUEST_NOT_OPEN" {
		t.Errorf("withdrawn after it was linked: %s", got)
	}
	do(e.ConcludeInformationRequest(desk, &concludeReq{Name: items[1].GetName(), Outcome: "granted", AnsweredOn: day("2021-06-21")}))
}

// What the law has no room for is refused, in its words, and nothing is stored.
func TestSteps_Refused(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk, head, do := e.desk(town), e.head(), must(t)
	open, old, done := e.asked("2021-06-01", nil).GetName(), e.received(town, "2018-06-01").GetName(), e.received(town, "2021-06-01").GetName()
	do(e.ConcludeInformationRequest(desk, &concludeReq{Name: done, Outcome: "granted", AnsweredOn: day("2021-06-03")}))
	extended := e.asked("2021-06-01", nil).GetName()
	do(e.ExtendReplyPeriod(head, &requestv1.ExtendReplyPeriodRequest{Name: extended, Days: 20, ToldOn: day("2021-06-15")}))
	extend := func(ctx context.Context, name, on string, days int32) func() error {
		return func() error {
			_, err := e.ExtendReplyPeriod(ctx, &requestv1.ExtendReplyPeriodRequest{Name: name, Days: days, ToldOn: day(on)})
			return err
		}
	}
	conclude := func(in *concludeReq) func() error {
		return func() error { _, err := e.ConcludeInformationRequest(desk, in); return err }
	}
	delayed := func(name string) func() error {
		return func() error {
			_, err := e.DelayAnswer(head, &requestv1.DelayAnswerRequest{Name: name, Until: day("2021-09-01"), ToldOn: day("2018-06-04")})
			return err
		}
	}
	before := e.size()
	for what, c := range map[string]struct {
		call func() error
		want string
	}{
		"extension by a clerk":        {extend(desk, open, "2021-06-15", 10), "PermissionDenied PERMISSION_DENIED"},
		"extension too late":          {extend(head, open, "2021-07-01", 10), "FailedPrecondition EXTENSION_AFTER_DUE told_on=EXTENSION_AFTER_DUE"},
		"extension once more":         {extend(head, extended, "2021-06-16", 10), "FailedPrecondition EXTENSION_AGAIN told_on=EXTENSION_AGAIN"},
		"extension too long":          {extend(head, open, "2021-06-15", 21), "InvalidArgument INVALID_FIELD days=OUT_OF_BOUNDS"},
		"extension too long, R2007":   {extend(head, old, "2018-06-15", 16), "FailedPrecondition EXTENSION_TOO_LONG told_on=EXTENSION_TOO_LONG"},
		"extension of what is closed": {extend(head, done, "2021-06-15", 10), "FailedPrecondition ALREADY_CONCLUDED"},
		"in the future":               {extend(head, open, "2022-01-01", 10), "FailedPrecondition EVENT_IN_FUTURE told_on=EVENT_IN_FUTURE"},
		"before receipt":              {extend(head, open, "2021-05-31", 10), "FailedPrecondition EVENT_BEFORE_RECEIPT told_on=EVENT_BEFORE_RECEIPT"},
		"a later date under R2007":    {delayed(old), "FailedPrecondition STEP_NOT_IN_VERSION told_on=STEP_NOT_IN_VERSION"},
		"corrected without notice": {func() error {
			_, err := e.CorrectRequest(desk, &requestv1.CorrectRequestRequest{Name: open, CorrectedOn: day("2021-06-03")})
			return err
		}, "FailedPrecondition EVENT_WITHOUT_FIRST corrected_on=EVENT_WITHOUT_FIRST"},
		"opinion of nobody": {func() error {
			_, err := e.RecordOpinion(desk, &requestv1.RecordOpinionRequest{Name: open, Party: 1, AnsweredOn: day("2021-06-03")})
			return err
		}, "FailedPrecondition PARTY_UNKNOWN party=PARTY_UNKNOWN"},
		"fee before 2021": {func() error {
			_, err := e.IssueFeeNotice(head, &requestv1.IssueFeeNoticeRequest{Name: old, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 100})
			return err
		}, "FailedPrecondition FEE_NOT_CHARGED"},
		"fee of nothing": {func() error {
			_, err := e.IssueFeeNotice(head, &requestv1.IssueFeeNoticeRequest{Name: open, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 30})
			return err
		}, "FailedPrecondition FEE_NOTHING_DUE count=FEE_NOTHING_DUE"},
		"ground of another outcome": {conclude(&concludeReq{Name: open, Outcome: "denied_process", Article: "14"}), "FailedPrecondition GROUND_NOT_OF_OUTCOME article=GROUND_NOT_OF_OUTCOME"},
		"withheld of the whole":     {conclude(&concludeReq{Name: open, Outcome: "granted", Withheld: []string{"denied_process"}}), "FailedPrecondition WITHHELD_WITHOUT_PARTIAL withheld=WITHHELD_WITHOUT_PARTIAL"},
		"withheld as granted":       {conclude(&concludeReq{Name: open, Outcome: "partial", Withheld: []string{"granted"}}), "FailedPrecondition WITHHELD_NOT_DENIED withheld=WITHHELD_NOT_DENIED"},
		"handed over, not signed": {conclude(&concludeReq{Name: open, Outcome: "granted", AnsweredOn: day("2021-06-03"), Delivery: &requestv1.Delivery{
			Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_HANDED_OVER,
		}}), "FailedPrecondition DELIVERY_DATE_MISSING delivery=DELIVERY_DATE_MISSING"},
		"delivered before an answer": {func() error {
			_, err := e.DeliverAnswer(desk, &requestv1.DeliverAnswerRequest{Name: open, Delivery: &requestv1.Delivery{Channel: 3, SentOn: day("2021-06-03")}})
			return err
		}, "FailedPrecondition REQUEST_NOT_CONCLUDED"},
		"anew before an answer, and in time": {func() error {
			_, err := e.HandleAnew(desk, &requestv1.HandleAnewRequest{Name: open, OrderedOn: day("2021-06-29")})
			return err
		}, "FailedPrecondition NEW_ANSWER_BEFORE_ANSWER ordered_on=NEW_ANSWER_BEFORE_ANSWER"},
	} {
		if got := refusal(c.call()); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

// An applicant follows a request by number and code; whoever guesses learns nothing.
func TestTrackRequest(t *testing.T) {
	e := newEnv(t)
	public := context.Background()
	q := e.asked("2019-06-03", someone())
	receipt, err := e.GetReceipt(e.desk(town), &requestv1.GetReceiptRequest{Name: q.GetName()})
	ok(t, err)
	if len(receipt.GetQueryCode()) != 14 || receipt.GetReceiptNumber() != "652701201/2019-00001" || dayText(receipt.GetDueOn()) != "2019-07-02" {
		t.Errorf("receipt: %v", receipt)
	}
	got, err := e.TrackRequest(public, &requestv1.TrackRequestRequest{ReceiptNumber: receipt.GetReceiptNumber(), QueryCode: strings.ToLower(strings.ReplaceAll(receipt.GetQueryCode(), "-", ""))})
	ok(t, err)
	if dayText(got.GetReceivedOn()) != "2019-06-03" || dayText(got.GetDueOn()) != "2019-07-02" || got.GetState().GetZh() == "" {
		t.Errorf("tracked: %v", got)
	}
	_, err = e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: q.GetName(), Outcome: "granted", AnsweredOn: day("2019-06-20")})
	ok(t, err)
	got, err = e.TrackRequest(public, &requestv1.TrackRequestRequest{ReceiptNumber: receipt.GetReceiptNumber(), QueryCode: receipt.GetQueryCode()})
	ok(t, err)
	if got.GetOutcome().GetZh() != "予以公开" || dayText(got.GetAnsweredOn()) != "2019-06-20" {
		t.Errorf("tracked once concluded: %v", got)
	}
	var told []string
	for _, in := range []*requestv1.TrackRequestRequest{
		{ReceiptNumber: receipt.GetReceiptNumber(), QueryCode: "0000-0000-0000"},
		{ReceiptNumber: "652701201/2019-00002", QueryCode: receipt.GetQueryCode()},
		{ReceiptNumber: "652701201/2019-00002", QueryCode: ""},
	} {
		_, err := e.TrackRequest(public, in)
		told = append(told, refusal(err))
	}
	if want := []string{"NotFound NOT_FOUND", "NotFound NOT_FOUND", "InvalidArgument INVALID_FIELD query_code=REQUIRED"}; !slices.Equal(told, want) {
		t.Errorf("guessed: %v", told)
	}
}
