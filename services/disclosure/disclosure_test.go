package disclosure_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/protobuf/proto"
)

// told is an entry in short: kind, revision, day, facts before > facts after, and whether its opening is public.
func told(e *logv1.Entry, public bool) string {
	facts := func(all []*logv1.Fact) string {
		var parts []string
		for _, f := range all {
			parts = append(parts, fmt.Sprintf("%s %s %d", dateText(f), strings.TrimPrefix(f.GetMeasure(), "disclosures.published."), f.GetValue()))
		}
		return strings.Join(parts, "+")
	}
	on := e.GetHappenedOn()
	return fmt.Sprintf("%s #%d %04d-%02d-%02d [%s>%s] %v", e.GetKind(), e.GetRevision(), on.GetYear(), on.GetMonth(), on.GetDay(),
		facts(e.GetBefore()), facts(e.GetAfter()), public)
}

func dateText(f *logv1.Fact) string {
	return fmt.Sprintf("%04d-%02d-%02d", f.GetDate().GetYear(), f.GetDate().GetMonth(), f.GetDate().GetDay())
}

// A record's life: each entry takes away what counted before, and adds what counts now, on the day of publication.
func TestLife(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	d, err := e.CreateDisclosure(desk, &createReq{Parent: town, Disclosure: &disclosureT{
		Name: other + "/disclosures/x", Title: "防汛预案", Content: "全文", Category: "emergency_management", DocumentNumber: "贝政发〔2018〕8号",
		FormedOn: day("2018-05-30"), State: disclosurev1.State_STATE_PUBLISHED, PublishedOn: day("2018-06-01"), IndexNumber: "mine",
		WithdrawReason: "x", Etag: "99", Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE},
	}})
	ok(t, err)
	if d.GetState() != disclosurev1.State_STATE_DRAFT || d.GetPublishedOn() != nil || d.GetIndexNumber() != "" || d.GetWithdrawReason() != "" ||
		d.GetEtag() != "1" || !strings.HasPrefix(d.GetName(), town+"/disclosures/") || d.GetAttribute() != disclosurev1.Attribute_ATTRIBUTE_PROACTIVE {
		t.Fatalf("a draft takes what is output only: %v", d)
	}
	d, err = e.PublishDisclosure(desk, &publishReq{Name: d.GetName(), PublishedOn: day("2018-06-01"), Etag: "1"})
	ok(t, err)
	if d.GetIndexNumber() != "652701201/2018-00001" || d.GetEtag() != "2" || len(d.GetChannels()) != 1 {
		t.Fatalf("published: %v", d)
	}
	e.today("2019-02-01")
	given := &disclosureT{Name: d.GetName(), Title: "防汛预案(修订)", Category: "other", PublishedOn: day("2019-01-10"), Etag: "2"}
	d, err = e.UpdateDisclosure(desk, &updateReq{Disclosure: given, UpdateMask: mask("published_on.year", "published_on.month", "published_on.day", "etag", "state", "name")})
	ok(t, err)
	if d.GetCategory() != "emergency_management" || d.GetIndexNumber() != "652701201/2018-00001" || d.GetState() != disclosurev1.State_STATE_PUBLISHED {
		t.Fatalf("re-dated: %v", d)
	}
	given.Etag = ""
	d, err = e.UpdateDisclosure(desk, &updateReq{Disclosure: given, UpdateMask: mask("category", "document_number")})
	ok(t, err)
	if d.GetCategory() != "other" || d.GetDocumentNumber() != "" || d.GetTitle() != "防汛预案" || d.GetContent() != "全文" {
		t.Fatalf("re-categorised: %v", d)
	}
	d, err = e.UpdateDisclosure(desk, &updateReq{Disclosure: &disclosureT{Name: d.GetName(), Title: "t", Category: "other", FormedOn: day("2018-12-31")}})
	ok(t, err)
	if d.GetTitle() != "t" || d.GetContent() != "全文" || !proto.Equal(d.GetPublishedOn(), day("2019-01-10")) {
		t.Fatalf("updated without a mask: %v", d)
	}
	e.today("2019-03-02")
	d, err = e.WithdrawDisclosure(desk, &withdrawReq{Name: d.GetName(), Reason: "数据有误", Etag: "5"})
	ok(t, err)
	if !proto.Equal(d.GetWithdrawnOn(), day("2019-03-02")) || d.GetWithdrawReason() != "数据有误" {
		t.Fatalf("withdrawn: %v", d)
	}
	got, err := e.GetDisclosure(desk, &getReq{Name: d.GetName()})
	ok(t, err)
	if !proto.Equal(got, d) {
		t.Errorf("read: %v, answered: %v", got, d)
	}

	want := []string{
		"disclosure.created #1 2018-12-31 [>] false",
		"disclosure.published #2 2018-06-01 [>2018-06-01 emergency_management 1] true",
		"disclosure.updated #3 2019-02-01 [2018-06-01 emergency_management 1>2019-01-10 emergency_management 1] true",
		"disclosure.updated #4 2019-02-01 [2019-01-10 emergency_management 1>2019-01-10 other 1] true",
		"disclosure.updated #5 2019-02-01 [2019-01-10 other 1>2019-01-10 other 1] true",
		"disclosure.withdrawn #6 2019-03-02 [2019-01-10 other 1>] true",
	}
	entries, public := e.entries(0)
	var tale []string
	for i, entry := range entries {
		tale = append(tale, told(entry, public[i]))
		if entry.GetResource() != d.GetName() || entry.GetActor() != "acc-1" || len(entry.GetContentSha256()) != 32 ||
			!strings.HasSuffix(entry.GetAuthority(), "@"+town) {
			t.Errorf("entry %d: %v", i, entry)
		}
	}
	if !slices.Equal(tale, want) {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(tale, "\n"), strings.Join(want, "\n"))
	}
}

// A draft is changed without an opening for everyone, and "*" replaces all of it.
func TestUpdateOfDraft(t *testing.T) {
	e := newEnv(t)
	d, err := e.CreateDisclosure(e.desk(town), &createReq{Parent: town, Disclosure: &disclosureT{
		Title: "a", Content: "b", Category: "other", Attribute: disclosurev1.Attribute_ATTRIBUTE_NOT_DISCLOSED,
	}})
	ok(t, err)
	d, err = e.UpdateDisclosure(e.desk(town), &updateReq{
		Disclosure: &disclosureT{Name: d.GetName(), Title: "c", Category: document, Attribute: disclosurev1.Attribute_ATTRIBUTE_ON_REQUEST},
	})
	ok(t, err)
	if d.GetContent() != "b" || d.GetAttribute() != disclosurev1.Attribute_ATTRIBUTE_ON_REQUEST {
		t.Errorf("updated: %v", d)
	}
	d, err = e.UpdateDisclosure(e.desk(town), &updateReq{
		Disclosure: &disclosureT{Name: d.GetName(), Title: "c", Category: document}, UpdateMask: mask("title", "content", "attribute"),
	})
	ok(t, err)
	if d.GetContent() != "" || d.GetAttribute() != disclosurev1.Attribute_ATTRIBUTE_PROACTIVE || d.GetState() != disclosurev1.State_STATE_DRAFT {
		t.Errorf("updated: %v", d)
	}
	entries, public := e.entries(1)
	for i, entry := range entries {
		if public[i] || len(entry.GetAfter())+len(entry.GetBefore()) > 0 {
			t.Errorf("entry %v is public: %v", entry, public[i])
		}
	}
}

// Without a date a draft is published today.
func TestPublishToday(t *testing.T) {
	e := newEnv(t)
	d, err := e.PublishDisclosure(e.desk(town), &publishReq{
		Name: e.draft(town, "a", document).GetName(), Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_MEETING},
	})
	ok(t, err)
	if !proto.Equal(d.GetPublishedOn(), day("2018-12-31")) || len(d.GetChannels()) != 1 {
		t.Errorf("published: %v", d)
	}
}

// An organ that has ended can still write down what it published while it existed.
func TestEndedOrganization(t *testing.T) {
	e := newEnv(t)
	d, err := e.CreateDisclosure(e.desk(merged), &createReq{Parent: merged, Disclosure: &disclosureT{Title: "a", Category: document, PublishedOn: day("2018-06-30")}})
	ok(t, err)
	_, err = e.PublishDisclosure(e.desk(merged), &publishReq{Name: d.GetName(), PublishedOn: day("2018-07-01")})
	if got := refusal(err); got != "FailedPrecondition ORGANIZATION_NOT_ON_DATE published_on=ORGANIZATION_NOT_ON_DATE" {
		t.Errorf("after its end: %s", got)
	}
	d, err = e.PublishDisclosure(e.desk(merged), &publishReq{Name: d.GetName(), PublishedOn: day("2018-06-30")})
	ok(t, err)
	_, err = e.UpdateDisclosure(e.desk(merged), &updateReq{Disclosure: &disclosureT{Name: d.GetName(), Title: "a", Category: document, PublishedOn: day("2018-07-01")}})
	if got := refusal(err); got != "FailedPrecondition ORGANIZATION_NOT_ON_DATE disclosure.published_on=ORGANIZATION_NOT_ON_DATE" {
		t.Errorf("re-dated after its end: %s", got)
	}
	page, err := e.ListDisclosures(context.Background(), &listReq{Parent: merged})
	ok(t, err)
	if len(page.GetDisclosures()) != 1 {
		t.Errorf("its list has %d", len(page.GetDisclosures()))
	}
}

// Index numbers have no gaps, whoever publishes at the same time, and each year of publication its own.
func TestIndexNumbers(t *testing.T) {
	e := newEnv(t)
	const each = 64
	desk := e.desk(town)
	var drafts []string
	for i := range 2 * each {
		drafts = append(drafts, e.draft(town, fmt.Sprint(i), document).GetName())
	}
	var mu sync.Mutex
	var numbers []string
	var wg sync.WaitGroup
	for i, name := range drafts {
		wg.Go(func() {
			on := day(fmt.Sprintf("%d-03-01", 2017+i%2))
			if i%8 == 0 { // a neighbour that fails takes no number
				if _, err := e.PublishDisclosure(desk, &publishReq{Name: name, PublishedOn: day("2019-03-01")}); err == nil {
					t.Error("published in the future")
				}
			}
			d, err := e.PublishDisclosure(desk, &publishReq{Name: name, PublishedOn: on})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			numbers = append(numbers, d.GetIndexNumber())
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(numbers)
	var want []string
	for _, year := range []int{2017, 2018} {
		for serial := range each {
			want = append(want, fmt.Sprintf("652701201/%d-%05d", year, serial+1))
		}
	}
	if !slices.Equal(numbers, want) {
		t.Errorf("index numbers %v", numbers)
	}
	if d := e.published(other, "x", document, "2018-01-01"); d.GetIndexNumber() != "652701202/2018-00001" {
		t.Errorf("another organisation begins with %s", d.GetIndexNumber())
	}
}

// The public sees what is published; of what was withdrawn it gets a stub; drafts do not exist for it.
func TestViews(t *testing.T) {
	e := newEnv(t)
	draft := e.draft(town, "draft", document).GetName()
	live := e.published(town, "live", document, "2018-03-01").GetName()
	d, err := e.CreateDisclosure(e.desk(town), &createReq{Parent: town, Disclosure: &disclosureT{
		Title: "gone", Content: "private after all", Category: document, DocumentNumber: "x〔2018〕1号",
	}})
	ok(t, err)
	gone := d.GetName()
	_, err = e.PublishDisclosure(e.desk(town), &publishReq{Name: gone, PublishedOn: day("2018-04-01")})
	ok(t, err)
	_, err = e.WithdrawDisclosure(e.desk(town), &withdrawReq{Name: gone, Reason: "personal data"})
	ok(t, err)

	for who, c := range map[string]struct {
		ctx  context.Context
		seen []string
	}{
		"public":              {context.Background(), []string{live}},
		"desk":                {e.desk(town), []string{draft, gone, live}},
		"clerk of another":    {e.as(other, access.Clerk), []string{live}},
		"clerk of the parent": {e.as("organizations/652701", access.Clerk), []string{live}},
		"supervisor above":    {e.as("organizations/652701", access.Supervisor), []string{draft, gone, live}},
		"auditor above":       {e.as("organizations/652701", access.Auditor), []string{live}},
	} {
		page, err := e.ListDisclosures(c.ctx, &listReq{Parent: town})
		ok(t, err)
		var seen []string
		for _, d := range page.GetDisclosures() {
			seen = append(seen, d.GetName())
		}
		if !slices.Equal(seen, c.seen) {
			t.Errorf("%s lists %v, want %v", who, seen, c.seen)
		}
		internal := len(c.seen) == 3
		_, err = e.GetDisclosure(c.ctx, &getReq{Name: draft})
		if (err == nil) != internal {
			t.Errorf("%s gets the draft: %v", who, err)
		}
		stub, err := e.GetDisclosure(c.ctx, &getReq{Name: gone})
		ok(t, err)
		if stub.GetWithdrawReason() != "personal data" || stub.GetTitle() != "gone" || stub.GetPublishedOn() == nil || stub.GetWithdrawnOn() == nil {
			t.Errorf("%s gets of the withdrawn record %v", who, stub)
		}
		if (stub.GetContent() != "" && stub.GetDocumentNumber() != "") != internal {
			t.Errorf("%s gets of the withdrawn record %v", who, stub)
		}
	}
	// A public filter does not reach into what is not shown.
	page, err := e.ListDisclosures(context.Background(), &listReq{Parent: town, Filter: `state = STATE_DRAFT OR title : "gone"`})
	ok(t, err)
	if len(page.GetDisclosures()) != 0 {
		t.Errorf("the public finds %v", page.GetDisclosures())
	}
}

// A repeated request_id changes nothing and answers with the record as it is now; with another body it is refused.
func TestReplays(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	create := &createReq{Parent: town, RequestId: "r1", Disclosure: &disclosureT{Title: "a", Category: document}}
	d, err := e.CreateDisclosure(desk, create)
	ok(t, err)
	publish := &publishReq{Name: d.GetName(), RequestId: "r1", Etag: "1", PublishedOn: day("2018-02-03")} // another method, so no clash
	_, err = e.PublishDisclosure(desk, publish)
	ok(t, err)
	update := &updateReq{Disclosure: &disclosureT{Name: d.GetName(), Title: "b", Category: document, Etag: "2"}, RequestId: "r1"}
	_, err = e.UpdateDisclosure(desk, update)
	ok(t, err)
	withdraw := &withdrawReq{Name: d.GetName(), Reason: "x", RequestId: "r1", Etag: "3"}
	last, err := e.WithdrawDisclosure(desk, withdraw)
	ok(t, err)

	before := e.size()
	for what, call := range map[string]func() (*disclosureT, error){
		"create":   func() (*disclosureT, error) { return e.CreateDisclosure(desk, create) },
		"publish":  func() (*disclosureT, error) { return e.PublishDisclosure(desk, publish) },
		"update":   func() (*disclosureT, error) { return e.UpdateDisclosure(desk, update) },
		"withdraw": func() (*disclosureT, error) { return e.WithdrawDisclosure(desk, withdraw) },
	} {
		again, err := call()
		if err != nil || !proto.Equal(again, last) {
			t.Errorf("%s again: %v, %v", what, again, err)
		}
	}
	for what, err := range map[string]error{
		"create": second(e.CreateDisclosure(desk, &createReq{Parent: town, RequestId: "r1", Disclosure: &disclosureT{Title: "other", Category: document}})),
		"create badly": second(e.CreateDisclosure(desk, &createReq{
			Parent: town, RequestId: "r1", Disclosure: &disclosureT{Title: "other", Category: "gossip"},
		})),
		"publish":  second(e.PublishDisclosure(desk, &publishReq{Name: d.GetName(), RequestId: "r1"})),
		"update":   second(e.UpdateDisclosure(desk, &updateReq{Disclosure: &disclosureT{Name: d.GetName(), Title: "c", Category: document}, RequestId: "r1"})),
		"withdraw": second(e.WithdrawDisclosure(desk, &withdrawReq{Name: d.GetName(), Reason: "y", RequestId: "r1"})),
	} {
		if got := refusal(err); got != "AlreadyExists REQUEST_ID_REUSED request_id=REQUEST_ID_REUSED" {
			t.Errorf("%s with another body: %s", what, got)
		}
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

func second[T any](_ T, err error) error { return err }
