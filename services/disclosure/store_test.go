package disclosure

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"
)

// The bytes of keys are a format: they never change. The latest date comes first in the index, after the drafts.
func TestKeys(t *testing.T) {
	day := func(y int, m time.Month, d int) uint32 { return order(workday.Date{Year: y, Month: m, Day: d}) }
	for what, c := range map[string][2]uint32{
		"a day": {day(2018, 7, 1), 0xfecc1122}, "a draft": {order(workday.Date{}), 0},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %x, want %x", what, c[0], c[1])
		}
	}
	if days := []uint32{day(0, 0, 0), day(9999, 12, 31), day(2018, 7, 2), day(2018, 7, 1), day(2018, 6, 30), day(1, 1, 1)}; !slices.IsSorted(days) {
		t.Errorf("not the latest first: %x", days)
	}
	if s := revisions.Name + " " + index.Name + " " + serials.Name; s != "disclosures disclosures.publication disclosures.serials" {
		t.Errorf("buckets: %s", s)
	}
}

// Whatever the filter, it is refused or applied; and a record that it matches lies within its bounds.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{
		``, `category = "other"`, `NOT (title : "x" OR state != STATE_DRAFT)`, `published_on >= "2018-01-01" AND published_on < "2019-01-01"`,
		`published_on = "2018-02-30"`, `-published_on > "2018-07-01"`, `category`, `((((`, `"a" = title`, `timestamp("x")`, `title = "通知"`,
		strings.Repeat("a:(", 300), strings.Repeat("NOT ", 240) + `category = "a"`,
		`published_on != "2018-07-01" AND (published_on = "2018-07-01" OR title : "a")`, `duration("1s") = duration("1s")`, `title:*`,
	} {
		f.Add(s)
	}
	records := []*disclosurev1.Disclosure{
		{Title: "a", Category: "other", State: disclosurev1.State_STATE_DRAFT},
		{Title: "x", Category: "other", State: disclosurev1.State_STATE_PUBLISHED, PublishedOn: toProto(workday.Date{Year: 2018, Month: 7, Day: 1})},
		{Title: "通知", Category: "work_report", State: disclosurev1.State_STATE_WITHDRAWN, PublishedOn: toProto(workday.Date{Year: 2019, Month: 1, Day: 1})},
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1000 { // which validation refuses
			return
		}
		filter, err := parseFilter(s)
		if err != nil {
			if n := len(err.Error()); n > 1000 {
				t.Errorf("%q: an error of %d bytes", s, n)
			}
			return
		}
		for _, d := range records {
			on := civil(d.GetPublishedOn())
			bounded := !filter.from.IsZero() || !filter.to.IsZero()
			if filter.matches(d) && (bounded && on.IsZero() || on.Before(filter.from) || !filter.to.IsZero() && on.After(filter.to)) {
				t.Errorf("%q matches %v beyond its bounds %v and %v", s, d, filter.from, filter.to)
			}
		}
	})
}

// A page token is refused, or it names a place in the index and bounds a walk of it.
func FuzzPageToken(f *testing.F) {
	in := &disclosurev1.ListDisclosuresRequest{Parent: "organizations/652701201", Filter: `published_on >= "2018-01-01"`}
	for _, cursor := range [][]byte{nil, {1}, make([]byte, records.CursorLen), bytes.Repeat([]byte{0xff}, records.CursorLen), make([]byte, records.CursorLen+1)} {
		token, err := server.NextPage(in, cursor)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(token, cursor)
	}
	f.Add("%%", []byte("x"))
	f.Fuzz(func(t *testing.T, token string, cursor []byte) {
		in.PageToken = token
		if q, err := parseQuery(in); err == nil && token != "" && len(q.after) != records.CursorLen {
			t.Errorf("token %q leads to %x", token, q.after)
		}
		own, err := server.NextPage(in, cursor)
		if err != nil {
			t.Fatal(err)
		}
		in.PageToken = own
		q, err := parseQuery(in)
		if (err == nil) != (len(cursor) == records.CursorLen) {
			t.Fatalf("cursor %x: %v", cursor, err)
		}
		if err != nil {
			return
		}
		from, _ := q.limits()
		if bytes.Compare(from, cursor) <= 0 {
			t.Errorf("the page after %x begins at %x", cursor, from)
		}
	})
}
