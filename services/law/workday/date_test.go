package workday_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongkai/services/law/workday"
)

func date(t testing.TB, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParse(t *testing.T) {
	for s, want := range map[string]workday.Date{
		"2018-07-01": {Year: 2018, Month: 7, Day: 1},
		"2016-02-29": {Year: 2016, Month: 2, Day: 29},
		"0001-01-01": {Year: 1, Month: 1, Day: 1},
		"9999-12-31": {Year: 9999, Month: 12, Day: 31},
	} {
		if got, err := workday.Parse(s); got != want || err != nil {
			t.Errorf("Parse(%q) = %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "2018", "2018-7-1", "2018-02-29", "2018-04-31", "2018-13-01", "2018-00-01", "0000-01-01", "20180701", " 2018-07-01", "2018-07-01T00:00:00Z", "２０１８-07-01", "-018-07-01"} {
		if got, err := workday.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, got)
		}
	}
}

// The civil day in Shanghai begins at 16:00 UTC of the day before.
func TestOn(t *testing.T) {
	for instant, want := range map[string]string{
		"2018-12-31T15:59:59Z":      "2018-12-31",
		"2018-12-31T16:00:00Z":      "2019-01-01",
		"2019-01-01T00:00:00+08:00": "2019-01-01",
		"2019-05-14T12:00:00-05:00": "2019-05-15",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := workday.On(at).String(); got != want {
			t.Errorf("On(%s) = %s, want %s", instant, got, want)
		}
	}
}

// TestString writes every kind of date, those that no calendar has too.
func TestString(t *testing.T) {
	for d, want := range map[workday.Date]string{
		{Year: 2018, Month: 7, Day: 1}:    "2018-07-01",
		{Year: 9, Month: 12, Day: 31}:     "0009-12-31",
		{Year: 12345, Month: 1, Day: 1}:   "12345-01-01",
		{Year: 2018, Month: 13, Day: 100}: "2018-13-100",
		{Year: 2018, Month: -1, Day: 5}:   "2018--1-05",
	} {
		if got := d.String(); got != want {
			t.Errorf("%d %d %d: %q, want %q", d.Year, d.Month, d.Day, got, want)
		}
	}
}

func TestNoDate(t *testing.T) {
	var none workday.Date
	if !none.IsZero() || none.Valid() || none.String() != "" || !none.AddDays(1).IsZero() {
		t.Errorf("no date: %+v", none)
	}
	if first := date(t, "0001-01-01"); !none.Before(first) || first.Before(none) {
		t.Error("no date is not before every date")
	}
}

func TestValid(t *testing.T) {
	for d, want := range map[workday.Date]bool{
		{Year: 2016, Month: 2, Day: 29}:  true,
		{Year: 2018, Month: 2, Day: 29}:  false,
		{Year: 2018, Month: 13, Day: 1}:  false,
		{Year: 2018, Month: 1, Day: 0}:   false,
		{Year: 0, Month: 1, Day: 1}:      false,
		{Year: 10000, Month: 1, Day: 1}:  false,
		{Year: 2018, Month: -1, Day: 31}: false,
	} {
		if got := d.Valid(); got != want {
			t.Errorf("%+v valid = %v", d, got)
		}
	}
}

func anyDate() *rapid.Generator[workday.Date] {
	return rapid.Custom(func(t *rapid.T) workday.Date {
		first := workday.Date{Year: 1990, Month: 1, Day: 1}
		return first.AddDays(rapid.IntRange(0, 60_000).Draw(t, "days"))
	})
}

// A valid date is what its text says, days add up, and the order is that of the texts.
func TestDateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDate().Draw(t, "a"), anyDate().Draw(t, "b")
		if back, err := workday.Parse(a.String()); back != a || err != nil || !a.Valid() {
			t.Fatalf("%v comes back as %v, %v", a, back, err)
		}
		n, m := rapid.IntRange(-4000, 4000).Draw(t, "n"), rapid.IntRange(-4000, 4000).Draw(t, "m")
		if a.AddDays(n).AddDays(m) != a.AddDays(n+m) {
			t.Fatalf("%v + %d + %d", a, n, m)
		}
		if a.AddDays(n).DaysSince(a) != workday.Days(n) || a.DaysSince(b) != -b.DaysSince(a) {
			t.Fatalf("days from %v to %v", a, b)
		}
		if a.Before(b) != (a.String() < b.String()) || a.After(b) != b.Before(a) || (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("order of %v and %v", a, b)
		}
		if n > 0 && !a.AddDays(n).After(a) {
			t.Fatalf("%v + %d is not later", a, n)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2018-07-01", "2016-02-29", "0000-00-00", "９"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := workday.Parse(s)
		if err == nil && (!d.Valid() || d.String() != s) {
			t.Errorf("Parse(%q) = %+v", s, d)
		}
		if err != nil && !d.IsZero() {
			t.Errorf("Parse(%q) = %+v with an error", s, d)
		}
	})
}
