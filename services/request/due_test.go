package request_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/kv"

	"google.golang.org/protobuf/proto"
)

// duties are those of a list in short, over all its pages.
func (e *env) duties(ctx context.Context, in *requestv1.ListDutiesRequest) string {
	e.t.Helper()
	var all []string
	for {
		page, err := e.ListDuties(ctx, in)
		ok(e.t, err)
		for _, d := range page.GetDuties() {
			kind := strings.ToLower(strings.TrimPrefix(d.GetKind().String(), "DUTY_KIND_"))
			all = append(all, fmt.Sprintf("%s %s %s %d", d.GetInformationRequest().GetReceiptNumber()[10:], kind, short(dayText(d.GetOn())), d.GetWorkingDaysLeft()))
		}
		if in.PageToken = page.GetNextPageToken(); in.PageToken == "" {
			return strings.Join(all, ", ")
		}
	}
}

// Today is Monday, 28 June 2021. What is due comes by day, what is stopped by the day on which the stop ends, and what
// is concluded not at all.
func TestListDuties(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-28")
	desk := e.desk(town)
	for _, on := range []string{"2021-05-27", "2021-05-28", "2021-05-31", "2021-06-04", "2021-06-01", "2021-06-02", "2021-05-27"} {
		e.received(town, on)
	}
	list, err := e.ListInformationRequests(desk, &listReq{Parent: town})
	ok(t, err)
	name := func(number string) string {
		for _, q := range list.GetInformationRequests() {
			if strings.HasSuffix(q.GetReceiptNumber(), number) {
				return q.GetName()
			}
		}
		t.Fatal(number)
		return ""
	}
	_, err = e.AskForCorrection(desk, &requestv1.AskForCorrectionRequest{Name: name("00005"), ToldOn: day("2021-06-03"), Until: day("2021-06-30"), What: "示例"})
	ok(t, err)
	_, err = e.AskForCorrection(desk, &requestv1.AskForCorrectionRequest{Name: name("00006"), ToldOn: day("2021-06-03"), Until: day("2021-06-10"), What: "示例"})
	ok(t, err)
	_, err = e.ConcludeInformationRequest(desk, &concludeReq{Name: name("00007"), Outcome: "granted", AnsweredOn: day("2021-06-03")})
	ok(t, err)
	// 20 working days: after 27 May to 25 June, 28 May to 28 June, 31 May to 29 June, 4 June to 5 July.
	want := "2021-00006 to_close 2021-06-10 -11, 2021-00001 overdue 2021-06-25 -1, 2021-00002 today 2021-06-28 0, " +
		"2021-00003 this_week 2021-06-29 1, 2021-00005 stopped 2021-06-30 2, 2021-00004 later 2021-07-05 5"
	if got := e.duties(desk, &requestv1.ListDutiesRequest{Parent: town, PageSize: 2}); got != want {
		t.Errorf("duties %s\nwant %s", got, want)
	}
	if got := e.duties(desk, &requestv1.ListDutiesRequest{Parent: town, Kind: requestv1.DutyKind_DUTY_KIND_OVERDUE}); got != "2021-00001 overdue 2021-06-25 -1" {
		t.Errorf("overdue: %s", got)
	}
	e.received(village, "2021-06-04")
	e.received(other, "2021-06-04")
	county := e.as("organizations/652701", access.Supervisor)
	if got := e.duties(county, &requestv1.ListDutiesRequest{Parent: "organizations/652701201", Subtree: true, PageSize: 2}); strings.Count(got, ",") != 6 {
		t.Errorf("a township with its village: %s", got)
	}
	if got := e.duties(e.desk(town), &requestv1.ListDutiesRequest{Parent: town, Subtree: true}); got != want {
		t.Errorf("what the clerk may read: %s", got)
	}
	_, err = e.ListDuties(desk, &requestv1.ListDutiesRequest{Parent: town, PageToken: "x"})
	if got := refusal(err); got != "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN" {
		t.Errorf("garbled token: %s", got)
	}
}

// While a third party is asked, its fifteen working days stand in the duty beside the day of the answer.
func TestListDuties_Opinion(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-15")
	desk := e.desk(town)
	q := e.asked("2021-06-01", someone())
	_, err := e.ConsultOnRequest(desk, &requestv1.ConsultOnRequestRequest{Name: q.GetName(), Consulted: requestv1.Consulted_CONSULTED_THIRD_PARTY, Party: "示例公司", SentOn: day("2021-06-07")})
	ok(t, err)
	_, err = e.RecordOpinion(desk, &requestv1.RecordOpinionRequest{Name: q.GetName(), Party: 1, ReceivedOn: day("2021-06-09")})
	ok(t, err)
	page, err := e.ListDuties(desk, &requestv1.ListDutiesRequest{Parent: town})
	ok(t, err)
	// 15 working days after 9 June, without Dragon Boat on the 14th: 1 July. Four of the twenty had counted by 7 June.
	d := page.GetDuties()[0]
	if l := d.GetLimits(); len(l) != 1 || dayText(l[0].GetOn()) != "2021-07-01" || l[0].GetParty() != 1 || l[0].GetStep().GetZh() != "第三方提出意见" ||
		!strings.Contains(l[0].GetArticle().GetZh(), "第三十二条") || d.GetKind() != requestv1.DutyKind_DUTY_KIND_STOPPED || dayText(d.GetOn()) != "2021-07-23" {
		t.Errorf("a third party is asked: %v", d)
	}
}

const madeUp = `
notices:
  - number: 示例〔2021〕1号
    date: 2021-06-25
    year: 2021
    amends: 国办发明电〔2020〕27号
    holidays:
      - {zh: 示例节, en: Example Day, rest: [2021-07-01/2021-07-02]}
`

// A holiday notice that comes while requests are open moves their due dates; what moved is told, and counts as before.
func TestRedate(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-28")
	ok(t, e.service.Run(context.Background()))
	q, done := e.received(town, "2021-06-04"), e.received(town, "2021-06-04")
	_, err := e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: done.GetName(), Outcome: "granted", AnsweredOn: day("2021-06-10")})
	ok(t, err)
	before, size := e.measures(q.GetName()), e.size()
	ok(t, e.service.Run(context.Background()))
	if e.size() != size {
		t.Error("the same notices moved something")
	}
	// Made up: 1 and 2 July 2021 are days off.
	e.days, err = e.days.With(strings.NewReader(madeUp))
	ok(t, err)
	e.restart()
	ok(t, e.service.Run(context.Background()))
	got, err := e.GetInformationRequest(e.desk(town), &getReq{Name: q.GetName()})
	ok(t, err)
	s := got.GetSteps()
	if len(s) != 1 || s[0].GetKind() != requestv1.StepKind_STEP_KIND_REDATED || dayText(s[0].GetDueBefore()) != "2021-07-05" ||
		dayText(s[0].GetUntil()) != "2021-07-07" || dayText(got.GetDueOn()) != "2021-07-07" {
		t.Errorf("re-dated: %v", got)
	}
	for since, want := range map[string]int{"2021-06-28": 1, "2021-06-29": 0} {
		moved, err := e.ListDuties(e.desk(town), &requestv1.ListDutiesRequest{Parent: town, MovedSince: day(since)})
		ok(t, err)
		if d := moved.GetDuties(); len(d) != want || want == 1 && (dayText(d[0].GetDueBefore()) != "2021-07-05" || dayText(d[0].GetOn()) != "2021-07-07" || dayText(d[0].GetMovedOn()) != "2021-06-28") {
			t.Errorf("moved since %s: %v", since, d)
		}
	}
	if after := e.measures(q.GetName()); after != before || e.size() != size+1 {
		t.Errorf("counts as %s; %d entries, before %d", after, e.size(), size)
	}
}

// Requests of the first release, which had no due dates, get them.
func TestRedate_FirstRelease(t *testing.T) {
	e := newEnv(t)
	e.received(town, "2019-06-03")
	for _, pair := range e.pairs(kv.Bucket{Name: "requests"}) {
		e.put(kv.Bucket{Name: "requests"}, pair.Key, e.asFirstRelease(pair.Value))
	}
	for _, pair := range e.pairs(kv.Bucket{Name: "requests.due"}) {
		e.put(kv.Bucket{Name: "requests.due"}, pair.Key, nil)
	}
	ok(t, e.service.Run(context.Background()))
	if got := e.duties(e.desk(town), &requestv1.ListDutiesRequest{Parent: town}); got != "2019-00001 later 2019-07-02 2" { // today is Sunday, 30 June
		t.Errorf("duties: %s", got)
	}
}

// asFirstRelease is a stored request without what later releases added.
func (e *env) asFirstRelease(value []byte) []byte {
	e.t.Helper()
	var stored storev1.StoredInformationRequest
	ok(e.t, proto.Unmarshal(value, &stored))
	stored.Due, stored.InformationRequest.DueOn = 0, nil
	out, err := proto.Marshal(&stored)
	ok(e.t, err)
	return out
}
