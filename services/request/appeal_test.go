package request_test

import (
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/kv"

	"google.golang.org/protobuf/proto"
)

type appealT = requestv1.Appeal

const (
	reconsidered = requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION
	sued         = requestv1.AppealKind_APPEAL_KIND_LITIGATION_DIRECT
	suedAfter    = requestv1.AppealKind_APPEAL_KIND_LITIGATION_AFTER_RECONSIDERATION
)

// appeal enters an appeal over a request.
func (e *env) appeal(kind requestv1.AppealKind, of, accepted string, change func(*appealT)) (*appealT, error) {
	in := &appealT{
		Kind: kind, InformationRequest: of, Appellant: requestv1.Appellant_APPELLANT_APPLICANT, Subject: requestv1.AppealSubject_APPEAL_SUBJECT_ANSWER,
		Body: "示例市人民政府", AcceptedOn: day(accepted),
	}
	if change != nil {
		change(in)
	}
	return e.CreateAppeal(e.desk(town), &requestv1.CreateAppealRequest{Parent: town, Appeal: in})
}

// A reconsideration that corrects opens the request again; the suit after one that upholds comes after it.
func TestAppeals(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk := e.desk(town)
	q := e.asked("2021-06-01", nil)
	_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: "denied_process", AnsweredOn: day("2021-06-21")})
	ok(t, err)
	a, err := e.appeal(reconsidered, q.GetName(), "2021-07-05", nil)
	ok(t, err)
	if a.GetState() != requestv1.AppealState_APPEAL_STATE_PENDING || a.GetEtag() != "1" {
		t.Errorf("entered: %v", a)
	}
	_, err = e.appeal(sued, q.GetName(), "2021-07-06", nil)
	if got := refusal(err); got != "FailedPrecondition APPEAL_RUNS_ALREADY appeal.kind=APPEAL_RUNS_ALREADY" {
		t.Errorf("sued while it runs: %s", got)
	}
	a, err = e.MoveAppeal(desk, &requestv1.MoveAppealRequest{Name: a.GetName(), State: requestv1.AppealState_APPEAL_STATE_SUSPENDED, HappenedOn: day("2021-07-10")})
	ok(t, err)
	a, err = e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{
		Name: a.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_CORRECTED, DecidedOn: day("2021-09-01"), OrdersNewAnswer: true, Days: 15, Article: "28(1)",
	})
	ok(t, err)
	got, err := e.GetAppeal(desk, &requestv1.GetAppealRequest{Name: a.GetName()})
	ok(t, err)
	again, err := e.GetInformationRequest(desk, &getReq{Name: q.GetName()})
	ok(t, err)
	if !proto.Equal(got, a) || again.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN || dayText(again.GetDueOn()) != "2021-09-23" {
		t.Errorf("corrected: %v, %v", got, again)
	}
	if m := e.measures(a.GetName()); m != "appeals.received.reconsideration appeals.accepted.reconsideration appeals.reconsideration.corrected" {
		t.Errorf("counts as %s", m)
	}
	if m := e.measures(q.GetName()); !strings.Contains(m, "concluded.denied_process") || strings.Count(m, "concluded") != 1 {
		t.Errorf("the request counts as %s", m)
	}
	suit, err := e.appeal(suedAfter, q.GetName(), "2021-09-20", nil)
	ok(t, err)
	suit, err = e.MoveAppeal(desk, &requestv1.MoveAppealRequest{Name: suit.GetName(), State: requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE})
	ok(t, err)
	if m := e.measures(suit.GetName()); m != "appeals.received.litigation appeals.accepted.litigation_after_reconsideration" {
		t.Errorf("pending counts as %s", m)
	}
	for range 3 {
		_, err = e.appeal(requestv1.AppealKind_APPEAL_KIND_COMPLAINT, "", "2021-09-20", func(a *appealT) { a.Subject = requestv1.AppealSubject_APPEAL_SUBJECT_DISCLOSURE })
		ok(t, err)
	}
	var names []string
	in := &requestv1.ListAppealsRequest{Parent: town, PageSize: 2}
	for {
		page, err := e.ListAppeals(desk, in)
		ok(t, err)
		for _, a := range page.GetAppeals() {
			names = append(names, a.GetName())
		}
		if in.PageToken = page.GetNextPageToken(); in.PageToken == "" {
			break
		}
	}
	if len(names) != 5 || names[0] != a.GetName() {
		t.Errorf("listed: %v", names)
	}
}

// What the law has no room for.
func TestAppeals_Refused(t *testing.T) {
	e := newEnv(t)
	e.today("2021-12-31")
	desk := e.desk(town)
	q, foreign := e.asked("2021-06-01", nil).GetName(), e.received(other, "2021-06-01").GetName()
	a, err := e.appeal(reconsidered, q, "2021-07-05", func(a *appealT) { a.Subject = requestv1.AppealSubject_APPEAL_SUBJECT_NO_ANSWER })
	ok(t, err)
	done, err := e.appeal(sued, "", "2021-07-05", func(a *appealT) { a.Subject = requestv1.AppealSubject_APPEAL_SUBJECT_DISCLOSURE })
	ok(t, err)
	end := func(name string, result requestv1.AppealResult, on string, anew bool) error {
		_, err := e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{Name: name, Result: result, DecidedOn: day(on), OrdersNewAnswer: anew})
		return err
	}
	ok(t, end(done.GetName(), requestv1.AppealResult_APPEAL_RESULT_OTHER, "2021-08-01", false))
	enter := func(kind requestv1.AppealKind, of, accepted string, change func(*appealT)) error {
		_, err := e.appeal(kind, of, accepted, change)
		return err
	}
	before := e.size()
	for what, c := range map[string]struct {
		err  error
		want string
	}{
		"in the future":          {enter(sued, q, "2022-01-01", nil), "FailedPrecondition STEP_DATE_IN_FUTURE appeal.accepted_on=STEP_DATE_IN_FUTURE"},
		"before the request":     {enter(sued, q, "2021-05-31", nil), "FailedPrecondition STEP_BEFORE_RECEIPT appeal.accepted_on=STEP_BEFORE_RECEIPT"},
		"accepted before":        {enter(sued, q, "2021-07-01", func(a *appealT) { a.AppliedOn = day("2021-07-02") }), "FailedPrecondition APPEAL_DATES_REVERSED appeal.accepted_on=APPEAL_DATES_REVERSED"},
		"over nothing":           {enter(sued, "", "2021-07-01", nil), "FailedPrecondition APPEAL_WITHOUT_REQUEST appeal.information_request=APPEAL_WITHOUT_REQUEST"},
		"over another's request": {enter(sued, foreign, "2021-07-01", nil), "NotFound NOT_FOUND"},
		"after none": {
			enter(suedAfter, q, "2021-07-08", func(a *appealT) { a.Appellant = requestv1.Appellant_APPELLANT_THIRD_PARTY }),
			"FailedPrecondition APPEAL_WITHOUT_RECONSIDERATION appeal.kind=APPEAL_WITHOUT_RECONSIDERATION",
		},
		"concluded twice": {end(done.GetName(), requestv1.AppealResult_APPEAL_RESULT_UPHELD, "2021-08-02", false), "FailedPrecondition APPEAL_CONCLUDED"},
		"concluded early": {end(a.GetName(), requestv1.AppealResult_APPEAL_RESULT_UPHELD, "2021-07-04", false), "FailedPrecondition APPEAL_DATES_REVERSED"},
		"order without correction": {
			end(a.GetName(), requestv1.AppealResult_APPEAL_RESULT_UPHELD, "2021-08-02", true), "FailedPrecondition APPEAL_ORDER_UNFIT orders_new_answer=APPEAL_ORDER_UNFIT",
		},
		"second instance": {func() error {
			_, err := e.MoveAppeal(desk, &requestv1.MoveAppealRequest{Name: a.GetName(), State: requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE})
			return err
		}(), "FailedPrecondition APPEAL_STATE_UNFIT state=APPEAL_STATE_UNFIT"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

// An appeal that is lost, or not found by its request, is told.
func TestCheck_Appeals(t *testing.T) {
	e := newEnv(t)
	q := e.received(town, "2019-06-03").GetName()
	_, err := e.appeal(sued, q, "2019-06-20", nil)
	ok(t, err)
	stored, index := kv.Bucket{Name: "appeals"}, kv.Bucket{Name: "appeals.request"}
	for what, c := range map[string]struct {
		bucket kv.Bucket
		want   string
	}{
		"appeal lost": {stored, "is logged, but not stored"},
		"index lost":  {index, "appeals.request lacks the key"},
	} {
		key := e.pairs(c.bucket)[0].Key
		before := e.put(c.bucket, key, nil)
		if found := strings.Join(e.check(), "\n"); !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q", what, found)
		}
		e.put(c.bucket, key, before)
	}
}

// limits are those of an appeal in short: who, what, until when; marks are its marks.
func limits(a *appealT) (all, marks string) {
	var limits, marked []string
	for _, l := range a.GetLimits() {
		party := strings.ToLower(strings.TrimPrefix(l.GetParty().String(), "APPEAL_PARTY_"))
		limits = append(limits, party+" "+l.GetKind()+" "+dayText(l.GetUntil()))
	}
	for _, m := range a.GetMarks() {
		marked = append(marked, m.GetReason()+" "+m.GetEffect())
	}
	return strings.Join(limits, ", "), strings.Join(marked, ", ")
}

// An appeal past its limit is taken and marked, and both sides' limits stand on it and among the duties. Every date by
// hand, under the law of 2023.
func TestAppeals_Limits(t *testing.T) {
	e := newEnv(t)
	e.today("2025-09-01")
	desk := e.desk(town)
	signed := &requestv1.Delivery{Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_HANDED_OVER, SignedOn: day("2025-06-12")}
	answered := func(outcome string) string {
		q := e.asked("2025-06-02", nil)
		_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: outcome, Delivery: signed})
		ok(t, err)
		return q.GetName()
	}
	secret, silent := answered("denied_state_secret"), e.asked("2025-06-02", nil).GetName()
	applied := func(on string) func(*appealT) { return func(a *appealT) { a.AppliedOn = day(on) } }
	late, err := e.appeal(reconsidered, secret, "2025-08-13", applied("2025-08-12"))
	ok(t, err)
	all, marks := limits(late)
	// 60 days from 12 June: 11 August, a Monday. Examined within 5 working days of 12 August: the 19th; the copy within 7
	// of acceptance: the 22nd; decided within 60 days of 13 August: 12 October, a Sunday: the 13th.
	if marks != "APPEAL_AFTER_LIMIT no_effect" || late.GetActOutcome() != "denied_state_secret" || dayText(late.GetKnownOn()) != "2025-06-12" ||
		all != "appellant apply_reconsideration 2025-08-11, body examine_application 2025-08-19, body ask_for_correction 2025-08-19, body send_copy 2025-08-22, body decide_reconsidering 2025-10-13, appellant sue_after_reconsidering 2025-10-28" {
		t.Errorf("late: %s; %s; %v", all, marks, late)
	}
	if m := late.GetMarks()[0]; !strings.Contains(m.GetText().GetZh(), "2025-08-11") || !strings.Contains(m.GetText().GetZh(), "《行政复议法》(2023)第二十条第一款") {
		t.Errorf("the mark reads %v", m)
	}
	direct, err := e.appeal(sued, answered("denied_state_secret"), "2025-07-02", applied("2025-07-01"))
	ok(t, err)
	if _, marks := limits(direct); marks != "RECONSIDERATION_COMES_FIRST unfinished" {
		t.Errorf("sued directly: %s", marks)
	}
	none, err := e.appeal(sued, silent, "2025-07-02", func(a *appealT) {
		a.Subject, a.AppliedOn = requestv1.AppealSubject_APPEAL_SUBJECT_NO_ANSWER, day("2025-07-01")
	})
	ok(t, err)
	// 20 working days after 2 June: 30 June; six months from then: 30 December.
	if all, marks := limits(none); dayText(none.GetActOn()) != "2025-06-30" || none.GetActOutcome() != "no_answer" || !strings.HasPrefix(all, "appellant file_suit 2025-12-30, ") || marks != "RECONSIDERATION_RECOMMENDED stands" {
		t.Errorf("over no answer: %v; %s; %s", none, all, marks)
	}
	third, err := e.appeal(reconsidered, answered("granted"), "2025-08-20", func(a *appealT) {
		a.Appellant, a.Party, a.AppliedOn, a.KnownOn = requestv1.Appellant_APPELLANT_THIRD_PARTY, 1, day("2025-08-18"), day("2025-06-20")
	})
	ok(t, err)
	if all, marks := limits(third); !strings.HasPrefix(all, "appellant apply_reconsideration 2025-08-19, ") || marks != "" {
		t.Errorf("a third party's: %s; %s", all, marks)
	}
	another, err := e.appeal(sued, third.GetInformationRequest(), "2025-08-20", func(a *appealT) {
		a.Appellant, a.Party = requestv1.Appellant_APPELLANT_THIRD_PARTY, 2
	})
	ok(t, err)
	if another.GetKnownOn() != nil {
		t.Errorf("another third party knows since %v", another.GetKnownOn())
	}
	public, err := e.appeal(reconsidered, "", "2025-08-20", func(a *appealT) {
		a.Subject, a.ActOn, a.KnownOn, a.AppliedOn = requestv1.AppealSubject_APPEAL_SUBJECT_DISCLOSURE, day("2025-05-01"), day("2025-05-06"), day("2025-08-19")
	})
	ok(t, err)
	if _, marks := limits(public); marks != "APPEAL_AFTER_LIMIT no_effect" {
		t.Errorf("over a disclosure: %s", marks)
	}
	came, err := e.appeal(reconsidered, answered("granted"), "2025-08-20", func(a *appealT) { a.Subject = requestv1.AppealSubject_APPEAL_SUBJECT_DISCLOSURE })
	ok(t, err)
	if came.GetActOn() != nil || came.GetActOutcome() != "" || len(came.GetMarks()) > 0 {
		t.Errorf("over a disclosure that came of a request: %v", came)
	}

	// The organ replies within 10 working days of 18 August: 1 September. Then the decision is waited for.
	in := &requestv1.ListDutiesRequest{Parent: town}
	move := func(change func(*requestv1.MoveAppealRequest)) *appealT {
		in := &requestv1.MoveAppealRequest{Name: late.GetName(), State: requestv1.AppealState_APPEAL_STATE_PENDING, HappenedOn: day("2025-08-18")}
		change(in)
		a, err := e.MoveAppeal(desk, in)
		ok(t, err)
		return a
	}
	duty := func() string {
		page, err := e.ListDuties(desk, in)
		ok(t, err)
		for _, d := range page.GetDuties() {
			if d.GetAppeal().GetName() == late.GetName() {
				return strings.Join([]string{d.GetKind().String(), d.GetLimit().GetKind(), dayText(d.GetOn()), d.GetInformationRequest().GetName()}, " ")
			}
		}
		return ""
	}
	move(func(in *requestv1.MoveAppealRequest) { in.CopyReceivedOn = day("2025-08-18") })
	if got := duty(); got != "DUTY_KIND_TODAY reply_to_reconsideration 2025-09-01 "+secret {
		t.Errorf("the reply: %s", got)
	}
	move(func(in *requestv1.MoveAppealRequest) { in.RepliedOn, in.ExtendedDays = day("2025-09-01"), 30 })
	// 60 + 30 days after 13 August: 11 November.
	if got := duty(); got != "DUTY_KIND_STOPPED decide_reconsidering 2025-11-11 "+secret {
		t.Errorf("the decision: %s", got)
	}
	move(func(in *requestv1.MoveAppealRequest) {
		in.State, in.HappenedOn = requestv1.AppealState_APPEAL_STATE_SUSPENDED, day("2025-08-20")
	})
	if got := duty(); got != "DUTY_KIND_STOPPED end_suspension 2025-10-20 "+secret { // the 19th is a Sunday
		t.Errorf("suspended: %s", got)
	}
	move(func(in *requestv1.MoveAppealRequest) { in.HappenedOn = day("2025-08-25") })
	if got := duty(); got != "DUTY_KIND_STOPPED decide_reconsidering 2025-11-17 "+secret { // 5 days later: the 16th is a Sunday
		t.Errorf("resumed: %s", got)
	}
	_, err = e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{
		Name: late.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_UPHELD, DecidedOn: day("2025-08-30"), Ending: requestv1.AppealEnding_APPEAL_ENDING_MEDIATED,
	})
	if got := refusal(err); got != "FailedPrecondition APPEAL_RESULT_DIFFERS result=APPEAL_RESULT_DIFFERS" {
		t.Errorf("mediated is upheld: %s", got)
	}
	done, err := e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{
		Name: late.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_OTHER, DecidedOn: day("2025-08-30"), Ending: requestv1.AppealEnding_APPEAL_ENDING_MEDIATED, OpinionReceivedOn: day("2025-08-30"),
	})
	ok(t, err)
	if all, _ := limits(done); duty() != "" || done.GetArticle() != "73" || !strings.Contains(all, "organ report_on_opinion 2025-10-29") {
		t.Errorf("mediated: %s, %s, %v", duty(), all, done)
	}
	after, err := e.appeal(suedAfter, secret, "2025-09-01", nil)
	ok(t, err)
	// 15 days from 30 August: 14 September is a Sunday, the 15th.
	if all, marks := limits(after); after.GetReconsideration() != late.GetName() || !strings.HasPrefix(all, "appellant sue_after_reconsidering 2025-09-15, ") || marks != "" {
		t.Errorf("sued after it: %v; %s; %s", after, all, marks)
	}
}

// A court's suspension is left out of its time for judgment, in either instance, and moves no other limit.
func TestAppeals_SuitSuspended(t *testing.T) {
	e := newEnv(t)
	e.today("2026-03-02")
	desk := e.desk(town)
	q := e.asked("2025-06-02", nil)
	_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: "granted", AnsweredOn: day("2025-06-12")})
	ok(t, err)
	suit, err := e.appeal(sued, q.GetName(), "2025-07-02", func(a *appealT) { a.CopyReceivedOn = day("2025-07-07") })
	ok(t, err)
	const (
		pending   = requestv1.AppealState_APPEAL_STATE_PENDING
		suspended = requestv1.AppealState_APPEAL_STATE_SUSPENDED
		second    = requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE
	)
	for _, move := range []struct {
		state requestv1.AppealState
		on    string
		want  string
	}{
		{pending, "2025-07-08", "body first_instance 2026-01-04"}, // 2 January is a holiday, Sunday the 4th is worked
		{suspended, "2025-07-10", "body end_suit 2025-10-09"},     // 8 October is a holiday
		{pending, "2025-07-30", "body first_instance 2026-01-22"}, // 2 January and 20 days
		{second, "2025-12-01", "body second_instance 2026-03-02"}, // 1 March is a Sunday
		{suspended, "2026-01-05", "body end_suit 2026-04-07"},     // 5 April, in the Qingming holiday
		{second, "2026-01-15", "body second_instance 2026-03-11"}, // 1 March and 10 days
	} {
		suit, err = e.MoveAppeal(desk, &requestv1.MoveAppealRequest{Name: suit.GetName(), State: move.state, HappenedOn: day(move.on)})
		ok(t, err)
		all, _ := limits(suit)
		if !strings.Contains(all, move.want) || !strings.Contains(all, "organ defend_suit 2025-07-22") {
			t.Errorf("%s on %s: %s, want %s", move.state, move.on, all, move.want)
		}
	}
}

// A decision that did not tell the period to sue leaves a year from knowing it (Interpretation of 2018 art. 64(2)).
func TestAppeals_PeriodNotTold(t *testing.T) {
	e := newEnv(t)
	e.today("2026-03-02")
	desk := e.desk(town)
	q := e.asked("2025-06-02", nil)
	_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: "granted", AnsweredOn: day("2025-06-12")})
	ok(t, err)
	a, err := e.appeal(reconsidered, q.GetName(), "2025-07-02", nil)
	ok(t, err)
	_, err = e.ConcludeAppeal(desk, &requestv1.ConcludeAppealRequest{Name: a.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_UPHELD, DecidedOn: day("2025-08-20")})
	ok(t, err)
	untold := func(a *appealT) { a.AppliedOn, a.RightsNotTold = day("2026-02-27"), true }
	suit, err := e.appeal(suedAfter, q.GetName(), "2026-03-02", untold)
	ok(t, err)
	if all, marks := limits(suit); !strings.HasPrefix(all, "appellant sue_after_reconsidering 2026-08-20, ") || marks != "" {
		t.Errorf("not told: %s; %s", all, marks)
	}
	known, err := e.appeal(suedAfter, q.GetName(), "2026-03-02", func(a *appealT) {
		untold(a)
		a.Appellant, a.RightsKnownOn = requestv1.Appellant_APPELLANT_THIRD_PARTY, day("2026-02-02")
	})
	ok(t, err)
	if all, marks := limits(known); !strings.HasPrefix(all, "appellant sue_after_reconsidering 2026-02-24, ") || marks != "APPEAL_AFTER_LIMIT no_effect" { // the 17th is in Spring Festival
		t.Errorf("known later: %s; %s", all, marks)
	}
}

// A reconsideration that is not decided in time opens the way to a court while it still runs.
func TestAppeals_NotDecidedInTime(t *testing.T) {
	e := newEnv(t)
	e.today("2025-12-01")
	q := e.asked("2025-06-02", nil).GetName()
	_, err := e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: q, Outcome: "denied_process", AnsweredOn: day("2025-06-10")})
	ok(t, err)
	_, err = e.appeal(reconsidered, q, "2025-07-01", nil) // to be decided by 1 September, as 30 August is a Saturday
	ok(t, err)
	file := func(on string) error {
		_, err := e.appeal(suedAfter, q, "2025-09-20", func(a *appealT) { a.AppliedOn = day(on) })
		return err
	}
	if got := refusal(file("2025-09-01")); got != "FailedPrecondition APPEAL_RUNS_ALREADY appeal.kind=APPEAL_RUNS_ALREADY appeal.kind=APPEAL_WITHOUT_RECONSIDERATION" {
		t.Errorf("on its last day: %s", got)
	}
	ok(t, file("2025-09-16"))
}
