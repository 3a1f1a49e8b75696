package disclosure

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"pgregory.net/rapid"
)

// The bytes of keys are a format: they never change.
func TestKeys(t *testing.T) {
	id := ulid.MustParseStrict("01ARZ3NDEKTSV4RRFFQ69G5FAV")
	const town, text = "363532373031323031" + "00", "01563e3ab5d3d6764c61efb99302bd5b"
	for what, c := range map[string]struct {
		key  []byte
		want string
	}{
		"revision":         {revisionKey("652701201", id, 258), town + text + "0000000000000102"},
		"index":            {indexKey("652701201", order(workday.Date{Year: 2018, Month: 7, Day: 1}), id), town + "fecc1122" + text},
		"index of a draft": {indexKey("652701201", order(workday.Date{}), id), town + "00000000" + text},
		"serial":           {serialKey("652701201", 2018), town + "07e2"},
		"department":       {serialKey("652701-jiaoyuju", 2018), hex.EncodeToString([]byte("652701-jiaoyuju")) + "00" + "07e2"},
	} {
		if got := hex.EncodeToString(c.key); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	if s := revisions.Name + " " + index.Name + " " + serials.Name; s != "disclosures disclosures.publication disclosures.serials" {
		t.Errorf("buckets: %s", s)
	}
}

// Keys are in the order of what they are made of; in the index the latest date comes first, after the drafts.
func TestOrderOfKeys(t *testing.T) {
	organizations := rapid.SampledFrom([]string{"65", "652", "6527", "652701", "652701-a", "652701-ab", "652701201", "652701201001", "7"})
	ids := rapid.Map(rapid.SliceOfN(rapid.Byte(), ulidLen, ulidLen), func(b []byte) ulid.ULID { return ulid.ULID(b) })
	dates := rapid.Custom(func(t *rapid.T) workday.Date {
		if rapid.Bool().Draw(t, "draft") {
			return workday.Date{}
		}
		return workday.Date{Year: rapid.IntRange(1, 9999).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Day: rapid.IntRange(1, 31).Draw(t, "day")}
	})
	latestFirst := func(a, b workday.Date) int {
		if a.IsZero() || b.IsZero() {
			return a.Compare(b)
		}
		return b.Compare(a)
	}
	rapid.Check(t, func(t *rapid.T) {
		orgA, orgB := organizations.Draw(t, "organisation"), organizations.Draw(t, "organisation")
		idA, idB := ids.Draw(t, "id"), ids.Draw(t, "id")
		if rapid.Bool().Draw(t, "same id") {
			idB = idA
		}
		onA, onB := dates.Draw(t, "date"), dates.Draw(t, "date")
		revA, revB := rapid.Int64Min(1).Draw(t, "revision"), rapid.Int64Min(1).Draw(t, "revision")
		yearA, yearB := rapid.IntRange(1, 9999).Draw(t, "year"), rapid.IntRange(1, 9999).Draw(t, "year")
		org := strings.Compare(orgA, orgB)
		for what, c := range map[string][2]int{
			"revisions": {bytes.Compare(revisionKey(orgA, idA, revA), revisionKey(orgB, idB, revB)), cmp.Or(org, idA.Compare(idB), cmp.Compare(revA, revB))},
			"index":     {bytes.Compare(indexKey(orgA, order(onA), idA), indexKey(orgB, order(onB), idB)), cmp.Or(org, latestFirst(onA, onB), idA.Compare(idB))},
			"serials":   {bytes.Compare(serialKey(orgA, yearA), serialKey(orgB, yearB)), cmp.Or(org, cmp.Compare(yearA, yearB))},
		} {
			if c[0] != c[1] {
				t.Errorf("%s: keys compare %d, their parts %d", what, c[0], c[1])
			}
		}
	})
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
	for _, cursor := range [][]byte{nil, {1}, make([]byte, cursorLen), bytes.Repeat([]byte{0xff}, cursorLen), make([]byte, cursorLen+1)} {
		token, err := server.NextPage(in, cursor)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(token, cursor)
	}
	f.Add("%%", []byte("x"))
	f.Fuzz(func(t *testing.T, token string, cursor []byte) {
		in.PageToken = token
		if q, err := parseQuery(in); err == nil && token != "" && len(q.after) != cursorLen {
			t.Errorf("token %q leads to %x", token, q.after)
		}
		own, err := server.NextPage(in, cursor)
		if err != nil {
			t.Fatal(err)
		}
		in.PageToken = own
		q, err := parseQuery(in)
		if (err == nil) != (len(cursor) == cursorLen) {
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
