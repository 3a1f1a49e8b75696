package request_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

type (
	requestT    = requestv1.InformationRequest
	createReq   = requestv1.CreateInformationRequestRequest
	getReq      = requestv1.GetInformationRequestRequest
	listReq     = requestv1.ListInformationRequestsRequest
	concludeReq = requestv1.ConcludeInformationRequestRequest
)

// given is a request as it comes in.
func given(on string) *requestT {
	return &requestT{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_ONLINE, ReceivedOn: day(on),
	}
}

// told is an entry in short: kind, revision, day, facts before > facts after, and whether its opening is public.
func told(e *logv1.Entry, public bool) string {
	facts := func(all []*logv1.Fact) string {
		var parts []string
		for _, f := range all {
			parts = append(parts, fmt.Sprintf("%s %s %d", dayText(f.GetDate()), strings.TrimPrefix(f.GetMeasure(), "requests."), f.GetValue()))
		}
		return strings.Join(parts, "+")
	}
	return fmt.Sprintf("%s #%d %s [%s>%s] %v", e.GetKind(), e.GetRevision(), dayText(e.GetHappenedOn()), facts(e.GetBefore()), facts(e.GetAfter()), public)
}

func dayText(d *date.Date) string {
	return fmt.Sprintf("%04d-%02d-%02d", d.GetYear(), d.GetMonth(), d.GetDay())
}

// A request is received in one month and concluded in another; it counts in each.
func TestLife(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	in := given("2019-05-14")
	in.Name, in.State, in.Outcome, in.AnsweredOn, in.ReceiptNumber, in.Etag = "x", requestv1.RequestState_REQUEST_STATE_CONCLUDED, "granted", day("2019-05-15"), "mine", "9"
	q, err := e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: in})
	ok(t, err)
	if q.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN || q.GetOutcome() != "" || q.GetAnsweredOn() != nil || q.GetEtag() != "1" ||
		q.GetReceiptNumber() != "652701201/2019-00001" || !strings.HasPrefix(q.GetName(), town+"/informationRequests/") {
		t.Fatalf("an open request takes what is output only: %v", q)
	}
	q, err = e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: "denied_business_secret", AnsweredOn: day("2019-06-03"), Etag: "1"})
	ok(t, err)
	got, err := e.GetInformationRequest(desk, &getReq{Name: q.GetName()})
	ok(t, err)
	if !proto.Equal(got, q) || q.GetState() != requestv1.RequestState_REQUEST_STATE_CONCLUDED || q.GetEtag() != "2" {
		t.Errorf("read: %v, answered: %v", got, q)
	}
	want := []string{
		"request.received #1 2019-05-14 [>2019-05-14 received.business 1+2019-05-14 channel.online 1] false",
		"request.concluded #2 2019-06-03 [2019-05-14 received.business 1+2019-05-14 channel.online 1>2019-05-14 received.business 1+2019-06-03 concluded.denied_business_secret.business 1+2019-05-14 channel.online 1+2019-06-03 closed.in_time 1+2019-06-03 answer_days 154+2019-06-03 answer_days_squared 23716] false",
	}
	entries, public := e.entries(0)
	var tale []string
	for i, entry := range entries {
		tale = append(tale, told(entry, public[i]))
		if entry.GetResource() != q.GetName() || entry.GetActor() != "acc-1" || entry.GetContentSha256() != nil || entry.GetAuthority() != "clerk@"+town {
			t.Errorf("entry %d: %v", i, entry)
		}
	}
	if !slices.Equal(tale, want) {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(tale, "\n"), strings.Join(want, "\n"))
	}
	// Without a date it is answered today.
	q, err = e.ConcludeInformationRequest(desk, &concludeReq{Name: e.received(town, "2019-05-15").GetName(), Outcome: "denied_third_party"})
	ok(t, err)
	if dayText(q.GetAnsweredOn()) != "2019-06-30" {
		t.Errorf("answered on %v", q.GetAnsweredOn())
	}
}

// Each kind of applicant has its own column, in words that the forms know.
func TestApplicants(t *testing.T) {
	e := newEnv(t)
	var got []string
	for kind := range requestv1.ApplicantKind_name {
		if kind == 0 {
			continue
		}
		in := given("2019-06-01")
		in.ApplicantKind = requestv1.ApplicantKind(kind)
		_, err := e.CreateInformationRequest(e.desk(town), &createReq{Parent: town, InformationRequest: in})
		ok(t, err)
	}
	entries, _ := e.entries(0)
	for _, entry := range entries {
		got = append(got, strings.TrimPrefix(entry.GetAfter()[0].GetMeasure(), "requests.received."))
	}
	slices.Sort(got)
	if want := "business legal_service natural_person other_organization public_welfare research_institute"; strings.Join(got, " ") != want {
		t.Errorf("columns: %v", got)
	}
}

// A request can end in each outcome that the version in force on the day of its receipt knows.
func TestOutcomes(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-30")
	for _, received := range []string{"2019-05-14", "2019-05-15", "2021-01-01"} {
		on, err := workday.Parse(received)
		ok(t, err)
		for _, outcome := range ground.On(on) {
			if _, err := e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: e.received(town, received).GetName(), Outcome: outcome.ID, SearchRecord: "示例：查阅了档案"}); err != nil {
				t.Errorf("%s of a request received on %s: %v", outcome.ID, received, err)
			}
		}
	}
}

// Every bad input is refused with its code, reason and field, and nothing is stored.
func TestRefusals(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	open := e.received(town, "2019-05-14").GetName()
	later := e.received(town, "2019-05-15").GetName()
	done := e.received(town, "2019-05-15").GetName()
	_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: done, Outcome: "granted", AnsweredOn: day("2019-05-20")})
	ok(t, err)
	page, err := e.ListInformationRequests(desk, &listReq{Parent: town, PageSize: 1})
	ok(t, err)
	create := func(ctx context.Context, parent string, in *requestT) func() error {
		return func() error {
			_, err := e.CreateInformationRequest(ctx, &createReq{Parent: parent, InformationRequest: in})
			return err
		}
	}
	conclude := func(ctx context.Context, in *concludeReq) func() error {
		return func() error { _, err := e.ConcludeInformationRequest(ctx, in); return err }
	}
	get := func(ctx context.Context, name string) func() error {
		return func() error { _, err := e.GetInformationRequest(ctx, &getReq{Name: name}); return err }
	}
	list := func(ctx context.Context, in *listReq) func() error {
		return func() error { _, err := e.ListInformationRequests(ctx, in); return err }
	}
	before := e.size()
	for what, c := range map[string]struct {
		call func() error
		want string
	}{
		"unknown organisation":   {create(e.desk("*"), nowhere, given("2019-06-01")), "NotFound NOT_FOUND"},
		"ended organisation":     {create(e.desk(merged), merged, given("2019-06-01")), "NotFound NOT_FOUND"},
		"not yet founded":        {create(e.desk(founded), founded, given("2018-06-30")), "FailedPrecondition ORGANIZATION_NOT_ON_DATE information_request.received_on=ORGANIZATION_NOT_ON_DATE"},
		"received in the future": {create(desk, town, given("2019-07-01")), "FailedPrecondition RECEIVED_IN_FUTURE information_request.received_on=RECEIVED_IN_FUTURE"},
		"before the Regulation":  {create(desk, town, given("2008-04-30")), "FailedPrecondition RECEIVED_BEFORE_REGULATION information_request.received_on=RECEIVED_BEFORE_REGULATION"},
		"nothing given": {create(desk, town, &requestT{}), "InvalidArgument INVALID_FIELD information_request.applicant_kind=NOT_IN_LIST " +
			"information_request.channel=NOT_IN_LIST information_request.received_on=REQUIRED"},
		"no day of the calendar":   {create(desk, town, given("2019-02-29")), "InvalidArgument INVALID_FIELD information_request.received_on=BAD_DATE"},
		"no token":                 {create(context.Background(), town, given("2019-06-01")), "Unauthenticated UNAUTHENTICATED"},
		"another's organisation":   {create(desk, other, given("2019-06-01")), "PermissionDenied PERMISSION_DENIED"},
		"a reviewer":               {create(e.as(town, access.Reviewer), town, given("2019-06-01")), "PermissionDenied PERMISSION_DENIED"},
		"answered in the future":   {conclude(desk, &concludeReq{Name: open, Outcome: "granted", AnsweredOn: day("2019-07-01")}), "FailedPrecondition ANSWERED_IN_FUTURE answered_on=ANSWERED_IN_FUTURE"},
		"answered before received": {conclude(desk, &concludeReq{Name: open, Outcome: "granted", AnsweredOn: day("2019-05-13")}), "FailedPrecondition ANSWERED_BEFORE_RECEIVED answered_on=ANSWERED_BEFORE_RECEIVED"},
		"two faults": {
			conclude(desk, &concludeReq{Name: open, Outcome: "lost", AnsweredOn: day("2019-05-13")}),
			"FailedPrecondition ANSWERED_BEFORE_RECEIVED answered_on=ANSWERED_BEFORE_RECEIVED outcome=UNKNOWN_OUTCOME",
		},
		"outcome of the later version":   {conclude(desk, &concludeReq{Name: open, Outcome: "denied_third_party"}), "FailedPrecondition OUTCOME_NOT_IN_FORCE outcome=OUTCOME_NOT_IN_FORCE"},
		"outcome of the earlier version": {conclude(desk, &concludeReq{Name: later, Outcome: "already_public"}), "FailedPrecondition OUTCOME_NOT_IN_FORCE outcome=OUTCOME_NOT_IN_FORCE"},
		"concluded twice":                {conclude(desk, &concludeReq{Name: done, Outcome: "granted"}), "FailedPrecondition ALREADY_CONCLUDED"},
		"no outcome":                     {conclude(desk, &concludeReq{Name: open}), "InvalidArgument INVALID_FIELD outcome=REQUIRED"},
		"stale etag":                     {conclude(desk, &concludeReq{Name: open, Outcome: "granted", Etag: "2"}), "Aborted STALE_ETAG etag=STALE_ETAG"},
		"conclude what is not there":     {conclude(desk, &concludeReq{Name: town + "/informationRequests/01ARZ3NDEKTSV4RRFFQ69G5FAV", Outcome: "granted"}), "NotFound NOT_FOUND"},
		"conclude, another's":            {conclude(e.desk(other), &concludeReq{Name: open, Outcome: "granted"}), "PermissionDenied PERMISSION_DENIED"},
		"get, beyond the last id":        {get(desk, town+"/informationRequests/ZZZZZZZZZZZZZZZZZZZZZZZZZZ"), "NotFound NOT_FOUND"},
		"get, another's":                 {get(e.desk(other), open), "PermissionDenied PERMISSION_DENIED"},
		"get, the public":                {get(context.Background(), open), "Unauthenticated UNAUTHENTICATED"},
		"get, an auditor":                {get(e.as(town, access.Auditor), open), "PermissionDenied PERMISSION_DENIED"},
		"garbled page token":             {list(desk, &listReq{Parent: town, PageToken: "%"}), "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN"},
		"token of another list":          {list(e.desk("*"), &listReq{Parent: other, PageToken: page.GetNextPageToken()}), "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN"},
		"list of nowhere":                {list(e.desk("*"), &listReq{Parent: nowhere}), "NotFound NOT_FOUND"},
		"list of a negative size":        {list(desk, &listReq{Parent: town, PageSize: -1}), "InvalidArgument INVALID_FIELD page_size=OUT_OF_BOUNDS"},
	} {
		if got := refusal(c.call()); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

// A refusal names the article of the version that governs the request, in the language that is asked for.
func TestArticles(t *testing.T) {
	e := newEnv(t)
	for received, want := range map[string]map[string]string{
		"2019-05-14": {"en": "(2007) art. 21)", "zh-CN": "(2007)第二十一条"},
		"2019-05-15": {"en": "(2019) art. 36)", "zh-CN": "(2019)第三十六条"},
	} {
		name := e.received(town, received).GetName()
		for language, article := range want {
			md, _ := metadata.FromOutgoingContext(e.desk(town))
			md.Set("accept-language", language)
			_, err := e.ConcludeInformationRequest(metadata.NewOutgoingContext(context.Background(), md), &concludeReq{Name: name, Outcome: "granted", AnsweredOn: day("2019-07-01")})
			got := ""
			for _, detail := range status.Convert(err).Details() {
				if m, ok := detail.(*errdetails.LocalizedMessage); ok {
					got = m.GetMessage()
				}
			}
			if !strings.Contains(got, article) {
				t.Errorf("%s, %s: %s", received, language, got)
			}
		}
	}
}

// A repeated request_id changes nothing; with another body it is refused.
func TestReplays(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	create := &createReq{Parent: town, InformationRequest: given("2019-06-01"), RequestId: "r1"}
	q, err := e.CreateInformationRequest(desk, create)
	ok(t, err)
	conclude := &concludeReq{Name: q.GetName(), Outcome: "granted", RequestId: "r1", Etag: "1"}
	last, err := e.ConcludeInformationRequest(desk, conclude)
	ok(t, err)
	before := e.size()
	again, err := e.CreateInformationRequest(desk, create)
	ok(t, err)
	concluded, err := e.ConcludeInformationRequest(desk, conclude)
	ok(t, err)
	if !proto.Equal(again, last) || !proto.Equal(concluded, last) {
		t.Errorf("replayed %v and %v, want %v", again, concluded, last)
	}
	_, err = e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: given("2019-07-02"), RequestId: "r1"})
	if got := refusal(err); got != "AlreadyExists REQUEST_ID_REUSED request_id=REQUEST_ID_REUSED" {
		t.Errorf("another body: %s", got)
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

// Receipt numbers have no gaps, whoever enters at the same time, and each year of receipt its own.
func TestReceiptNumbers(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	var mu sync.Mutex
	var numbers, want []string
	var wg sync.WaitGroup
	for i := range 128 {
		wg.Go(func() {
			q, err := e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: given(fmt.Sprintf("%d-03-01", 2018+i%2))})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			numbers = append(numbers, q.GetReceiptNumber())
			mu.Unlock()
		})
	}
	wg.Wait()
	for i := range 128 {
		want = append(want, fmt.Sprintf("652701201/%d-%05d", 2018+i/64, 1+i%64))
	}
	slices.Sort(numbers)
	if !slices.Equal(numbers, want) {
		t.Errorf("receipt numbers %v", numbers)
	}
}

// While others write, whoever pages meets each request once, the latest received first.
func TestPagingWhileOthersWrite(t *testing.T) {
	e := newEnv(t)
	var want, got []string
	for i := range 40 {
		want = append(want, e.received(town, fmt.Sprintf("2018-%02d-%02d", 12-i/4, 28-i%4)).GetName())
	}
	e.received(other, "2018-06-01")
	in := &listReq{Parent: town, PageSize: 3}
	for pages := 0; ; pages++ {
		if pages > 1000 {
			t.Fatal("the list does not end")
		}
		page, err := e.ListInformationRequests(e.desk(town), in)
		ok(t, err)
		for _, q := range page.GetInformationRequests() {
			if slices.Contains(want, q.GetName()) {
				got = append(got, q.GetName())
			}
		}
		if in.PageToken = page.GetNextPageToken(); in.PageToken == "" {
			break
		}
		e.received(town, "2018-06-15")
		_, err = e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: e.received(town, "2018-01-01").GetName(), Outcome: "granted"})
		ok(t, err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d of %d requests: %v", len(got), len(want), got)
	}
	page, err := e.ListInformationRequests(e.as("organizations/652701", access.Supervisor), &listReq{Parent: village})
	ok(t, err)
	if len(page.GetInformationRequests()) != 0 || page.GetNextPageToken() != "" {
		t.Errorf("an empty list has %v", page)
	}
}
