package workday_test

import (
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law/workday"
)

func official(t testing.TB) workday.Calendar {
	t.Helper()
	c, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func parse(t testing.TB, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Counting without a trace gives what counting with one does.
func TestCountsAgree(t *testing.T) {
	c := official(t)
	first := parse(t, "2008-01-01")
	rapid.Check(t, func(t *rapid.T) {
		a := first.AddDays(rapid.IntRange(0, 33960).Draw(t, "from"))
		n := workday.WorkingDays(rapid.IntRange(0, 60).Draw(t, "days"))
		traced, trace, errTraced := c.Add(a, n)
		plain, err := c.After(a, n)
		if traced != plain || (err == nil) != (errTraced == nil) {
			t.Fatalf("%d working days after %s: %s, %v with a trace, %s, %v without", n, a, traced, errTraced, plain, err)
		}
		if err != nil {
			return
		}
		counted, err := c.Count(a, plain)
		if err != nil || counted != n {
			t.Fatalf("from %s to %s: %d, %v, want %d", a, plain, counted, err, n)
		}
		back, err := c.Count(plain, a)
		if err != nil || back != -n {
			t.Fatalf("from %s to %s: %d, %v, want %d", plain, a, back, err, -n)
		}
		if far := a.AddDays(int(n)); far.AddDays(-int(n)) != a || far.DaysSince(a) != workday.Days(n) {
			t.Fatalf("%s and %d days = %s", a, n, far)
		}
		var unusual []workday.Day
		for run := range c.Unusual(a.AddDays(1), plain) {
			for day := run.Day; !day.Date.After(run.To); day.Date = day.Date.AddDays(1) {
				unusual = append(unusual, day)
			}
		}
		for _, day := range trace.Days {
			notice, provisional, err := c.Basis(day.Date)
			if err != nil || notice != day.Notice || provisional != day.Provisional || day.Working != c.Working(day.Date) {
				t.Fatalf("%s rests on %v, %v, %v, with a trace %+v", day.Date, notice, provisional, err, day)
			}
			if day.Why == workday.Weekday {
				continue
			}
			if len(unusual) == 0 || unusual[0] != day {
				t.Fatalf("%+v is not among the unusual days", day)
			}
			unusual = unusual[1:]
		}
		if len(unusual) > 0 {
			t.Fatalf("%v are unusual", unusual)
		}
	})
}

func TestCount_Outside(t *testing.T) {
	c := official(t)
	in, out := parse(t, "2024-02-05"), parse(t, "2101-01-03")
	for name, err := range map[string]error{
		"after":          second(c.After(out, 1)),
		"after no date":  second(c.After(workday.Date{}, 1)),
		"after negative": second(c.After(in, -1)),
		"after the end":  second(c.After(parse(t, "2100-12-31"), 1)),
		"count":          second(c.Count(in, out)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if c.Working(out) || c.Working(workday.Date{}) {
		t.Error("a day outside the calendar is worked")
	}
	if _, _, err := c.Basis(out); err == nil {
		t.Error("basis: no error")
	}
	n := 0
	for run := range c.Unusual(parse(t, "2100-12-30"), parse(t, "2101-12-31")) {
		t.Errorf("%s to %s is unusual: after the end", run.Date, run.To)
	}
	for range c.Unusual(parse(t, "1990-01-01"), parse(t, "2008-01-01")) {
		n++
	}
	for range c.Unusual(in, in.AddDays(-1)) {
		n++
	}
	if n != 1 {
		t.Errorf("%d runs, want New Year's Day of 2008", n)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAddMonths(t *testing.T) {
	for _, row := range []struct {
		from string
		n    int
		want string
	}{
		{"2023-08-31", 6, "2024-02-29"},
		{"2022-08-31", 6, "2023-02-28"},
		{"2024-01-15", 6, "2024-07-15"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-12-31", 2, "2025-02-28"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2020-02-29", 60, "2025-02-28"},
	} {
		if got := parse(t, row.from).AddMonths(row.n).String(); got != row.want {
			t.Errorf("%s and %d months = %s, want %s", row.from, row.n, got, row.want)
		}
	}
	if !(workday.Date{}).AddMonths(3).IsZero() {
		t.Error("no date became one")
	}
}

func TestDateText(t *testing.T) {
	var d workday.Date
	for _, text := range []string{"2024-02-29", ""} {
		if err := d.UnmarshalText([]byte(text)); err != nil || d.String() != text {
			t.Errorf("%q: %s, %v", text, d, err)
		}
	}
	if err := d.UnmarshalText([]byte("2023-02-29")); err == nil {
		t.Error("a day that the month does not have was read")
	}
	var w workday.Why
	for _, why := range []workday.Why{workday.Weekday, workday.Weekend, workday.Holiday, workday.Adjusted, workday.Statutory} {
		text, err := why.MarshalText()
		if err != nil || w.UnmarshalText(text) != nil || w != why {
			t.Errorf("%v: %s, %v, read as %v", why, text, err, w)
		}
	}
	if _, err := workday.Why(9).MarshalText(); err == nil || w.UnmarshalText([]byte("")) == nil {
		t.Error("a cause that there is none of was written or read")
	}
}

func BenchmarkAfter(b *testing.B) {
	c := official(b)
	from := parse(b, "2024-02-05")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.After(from, 20); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCount(b *testing.B) {
	c := official(b)
	from, to := parse(b, "2024-02-05"), parse(b, "2024-03-12")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Count(from, to); err != nil {
			b.Fatal(err)
		}
	}
}

// Counting days allocates nothing.
func TestCountingAllocatesNothing(t *testing.T) {
	c := official(t)
	from, to := parse(t, "2024-02-05"), parse(t, "2024-03-12")
	var n workday.WorkingDays
	if got := testing.AllocsPerRun(100, func() {
		d, _ := c.After(from, 20)
		m, _ := c.Count(from, to)
		for run := range c.Unusual(from, d) {
			if run.Working {
				m++
			}
		}
		n += m
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
	if n == 0 {
		t.Error("nothing was counted")
	}
}

func BenchmarkOfficial(b *testing.B) {
	for b.Loop() {
		official(b)
	}
}
