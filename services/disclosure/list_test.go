package disclosure_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"

	"google.golang.org/grpc/status"
)

// all pages through a list, and returns the titles in order.
func (e *env) all(ctx context.Context, in *listReq, between func()) (titles []string, pages int) {
	e.t.Helper()
	for {
		page, err := e.ListDisclosures(ctx, in)
		ok(e.t, err)
		for _, d := range page.GetDisclosures() {
			titles = append(titles, d.GetTitle())
		}
		if pages++; page.GetNextPageToken() == "" {
			return titles, pages
		}
		if pages > 1000 {
			e.t.Fatalf("a list does not end: %v", in)
		}
		in.PageToken = page.GetNextPageToken()
		if between != nil {
			between()
		}
	}
}

func TestFilters(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	e.draft(town, "draft", document)
	e.published(town, "防汛通知", "emergency_management", "2018-07-01")
	e.published(town, "防火通知", "emergency_management", "2018-06-30")
	e.published(town, "year's report", "work_report", "2018-12-01")
	d, err := e.CreateDisclosure(desk, &createReq{Parent: town, Disclosure: &disclosureT{Title: "numbered", Category: document, DocumentNumber: "中办发〔2016〕8号"}})
	ok(t, err)
	_, err = e.PublishDisclosure(desk, &publishReq{Name: d.GetName(), PublishedOn: day("2017-03-04")})
	ok(t, err)
	gone := e.published(town, "gone", "other", "2018-01-01")
	_, err = e.WithdrawDisclosure(desk, &withdrawReq{Name: gone.GetName(), Reason: "x"})
	ok(t, err)

	for filter, want := range map[string]string{
		``:                                      "draft,year's report,防汛通知,防火通知,gone,numbered",
		`category = "work_report"`:              "year's report",
		`category != "work_report"`:             "draft,防汛通知,防火通知,gone,numbered",
		`NOT category = "other"`:                "draft,year's report,防汛通知,防火通知,numbered",
		`-category = "other"`:                   "draft,year's report,防汛通知,防火通知,numbered",
		`state = STATE_DRAFT`:                   "draft",
		`state != STATE_PUBLISHED`:              "draft,gone",
		`title : "通知"`:                          "防汛通知,防火通知",
		`title = "通知"`:                          "",
		`title : "year's"`:                      "year's report",
		`document_number : "〔2016〕"`:            "numbered",
		`index_number = "652701201/2018-00002"`: "防火通知",
		`published_on = "2018-07-01"`:           "防汛通知",
		`published_on != "2018-07-01"`:          "draft,year's report,防火通知,gone,numbered",
		`published_on >= "2018-07-01"`:          "year's report,防汛通知",
		`published_on > "2018-07-01"`:           "year's report",
		`published_on < "2018-06-30"`:           "gone,numbered",
		`published_on <= "2018-06-30"`:          "防火通知,gone,numbered",
		`published_on >= "2018-01-01" AND published_on <= "2018-06-30"`:              "防火通知,gone",
		`published_on >= "2018-01-01" AND (category = "other" OR title : "火")`:       "防火通知,gone",
		`published_on = "2018-07-01" OR published_on = "2017-03-04"`:                 "防汛通知,numbered",
		`NOT (published_on < "2018-12-01")`:                                          "draft,year's report",
		`published_on > "2019-01-01" AND published_on < "2018-01-01"`:                "",
		`category = "emergency_management" AND published_on <= "2018-06-30"`:         "防火通知",
		`published_on >= "0001-01-01" AND published_on <= "9999-12-31"`:              "year's report,防汛通知,防火通知,gone,numbered",
		`category = "emergency_management" AND NOT published_on <= "2018-06-30"`:     "防汛通知",
		`(category = "other" AND state = STATE_WITHDRAWN) OR category="work_report"`: "year's report,gone",
	} {
		for _, size := range []int32{0, 1} {
			titles, _ := e.all(desk, &listReq{Parent: town, Filter: filter, PageSize: size}, nil)
			if got := strings.Join(titles, ","); got != want {
				t.Errorf("%s, pages of %d: %s, want %s", filter, size, got, want)
			}
		}
	}
	for _, filter := range []string{
		`colour = "red"`, `category`, `"other"`, `category = other`, `category = 1`, `state = "STATE_DRAFT"`, `state = STATE_LOST`,
		`state > STATE_DRAFT`, `published_on > "2018-13-01"`, `published_on : "2018"`, `published_on = "2018"`, `title = category`,
		`"a" = title`, `category = "a" category = "b"`, `(category = "a"`, `timestamp("2018-01-01T00:00:00Z") > timestamp("2018-01-01T00:00:00Z")`,
		`true`, `category.x = "a"`, `state = state`, `category = STATE_DRAFT`, `STATE_DRAFT = state`, strings.Repeat("(", 400),
	} {
		_, err := e.ListDisclosures(desk, &listReq{Parent: town, Filter: filter})
		if got := refusal(err); got != "InvalidArgument INVALID_FILTER filter=INVALID_FILTER" {
			t.Errorf("%s: %s", filter, got)
		}
	}
}

// A filter's fault is told in a few words, with its place.
func TestFilterCause(t *testing.T) {
	e := newEnv(t)
	for filter, want := range map[string]string{
		`category = = x`:                   "The filter cannot be read: unexpected token = at 1:12.",
		`title = "x" OR colour = "red"`:    "The filter cannot be read: undeclared identifier 'colour'.",
		`published_on > "2018-13-01"`:      `The filter cannot be read: parse date "2018-13-01": not a day of the form 2018-07-01.`,
		strings.Repeat("NOT (", 150) + `x`: "The filter cannot be read: ",
	} {
		_, err := e.ListDisclosures(e.desk(town), &listReq{Parent: town, Filter: filter})
		if got := status.Convert(err).Message(); !strings.HasPrefix(got, want) || len(got) > 300 {
			t.Errorf("%s: %s", filter, got)
		}
	}
}

// While others write, whoever pages meets each record that stays as it is exactly once, in order.
func TestPagingWhileOthersWrite(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	var want []string
	for i := range 40 {
		title := fmt.Sprintf("%02d", i)
		e.published(town, title, document, fmt.Sprintf("2018-%02d-%02d", 12-i/4, 28-i%4))
		want = append(want, title)
	}
	moving := e.published(town, "moving", document, "2018-01-02").GetName()
	for _, who := range []context.Context{desk, context.Background()} {
		var n atomic.Int32
		titles, pages := e.all(who, &listReq{Parent: town, PageSize: 3}, func() {
			i := n.Add(1)
			e.draft(town, "new", document)
			e.published(town, "new", document, fmt.Sprintf("2018-%02d-15", 1+i%12))
			e.published(town, "new", document, fmt.Sprintf("2017-%02d-15", 1+i%12))
			_, err := e.UpdateDisclosure(desk, &updateReq{Disclosure: &disclosureT{
				Name: moving, Title: "moving", Category: document, PublishedOn: day(fmt.Sprintf("2018-%02d-20", 1+i%12)),
			}})
			ok(t, err)
		})
		stable := slices.DeleteFunc(titles, func(title string) bool { return title == "new" || title == "moving" })
		if pages < 14 || !slices.Equal(stable, want) {
			t.Fatalf("%d pages: %v", pages, stable)
		}
	}
}

// A page ends before it is too large for a client, and a call before it has read too much; the next one goes on.
func TestPageBounds(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	large := strings.Repeat("长", 200_000) // 600 kB
	for i := range 8 {
		_, err := e.CreateDisclosure(desk, &createReq{Parent: town, Disclosure: &disclosureT{Title: fmt.Sprint(i), Content: large, Category: document}})
		ok(t, err)
	}
	titles, pages := e.all(desk, &listReq{Parent: town, PageSize: 1000}, nil)
	if got := strings.Join(titles, ""); got != "01234567" || pages != 2 {
		t.Errorf("%d pages: %s", pages, got)
	}

	batch := &batchReq{Parent: other}
	for range 500 {
		batch.Requests = append(batch.Requests, &createReq{Parent: other, Disclosure: &disclosureT{Title: "x", Category: document}})
	}
	for range 11 {
		_, err := e.BatchCreateDisclosures(e.desk(other), batch)
		ok(t, err)
	}
	page, err := e.ListDisclosures(e.desk(other), &listReq{Parent: other, Filter: `title = "none"`})
	ok(t, err)
	if len(page.GetDisclosures()) != 0 || page.GetNextPageToken() == "" {
		t.Fatalf("5,500 records were read in one call")
	}
	titles, pages = e.all(e.desk(other), &listReq{Parent: other, Filter: `title = "none"`}, nil)
	if len(titles) != 0 || pages != 2 {
		t.Errorf("%d pages with %d", pages, len(titles))
	}
	// Whoever sees no drafts does not read them.
	public, err := e.ListDisclosures(context.Background(), &disclosurev1.ListDisclosuresRequest{Parent: other})
	ok(t, err)
	if public.GetNextPageToken() != "" || len(public.GetDisclosures()) != 0 {
		t.Errorf("the public gets %v", public)
	}
}
