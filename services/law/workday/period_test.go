package workday_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law/workday"
)

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		text        string
		kind        workday.Kind
		first, last string
		months      int
	}{
		{"2018", workday.Year, "2018-01-01", "2018-12-31", 12},
		{"2000", workday.Year, "2000-01-01", "2000-12-31", 12},
		{"2100", workday.Year, "2100-01-01", "2100-12-31", 12},
		{"2018-q1", workday.Quarter, "2018-01-01", "2018-03-31", 3},
		{"2018-q2", workday.Quarter, "2018-04-01", "2018-06-30", 3},
		{"2018-q4", workday.Quarter, "2018-10-01", "2018-12-31", 3},
		{"2018-06", workday.Month, "2018-06-01", "2018-06-30", 1},
		{"2018-12", workday.Month, "2018-12-01", "2018-12-31", 1},
		{"2016-02", workday.Month, "2016-02-01", "2016-02-29", 1},
	} {
		p, err := workday.ParsePeriod(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.String() != c.text || p.Kind() != c.kind || p.First().String() != c.first || p.Last().String() != c.last || len(p.Months()) != c.months {
			t.Errorf("%s = %v, a %v from %v to %v with months %v", c.text, p, p.Kind(), p.First(), p.Last(), p.Months())
		}
	}
	for _, s := range []string{"", "1999", "2101", "2100-00", "18", "2018-13", "2018-6", "2018-q0", "2018-q5", "2018-Q2", "2018q2", "2018-06-01", "2018 ", "2018-q2-06"} {
		if p, err := workday.ParsePeriod(s); err == nil {
			t.Errorf("ParsePeriod(%q) = %v, want an error", s, p)
		}
	}
}

func TestPeriodsOf(t *testing.T) {
	for s, want := range map[string]string{
		"2018-06-30": "[2018-06 2018-q2 2018]",
		"2018-07-01": "[2018-07 2018-q3 2018]",
		"2018-12-31": "[2018-12 2018-q4 2018]",
		"2019-01-01": "[2019-01 2019-q1 2019]",
		"1999-12-31": "[]",
		"2101-01-01": "[]",
	} {
		if got := fmt.Sprint(workday.PeriodsOf(date(t, s))); got != want {
			t.Errorf("PeriodsOf(%s) = %s, want %s", s, got, want)
		}
	}
	if got := workday.PeriodsOf(workday.Date{}); got != nil {
		t.Errorf("periods of no date: %v", got)
	}
}

func TestNoPeriod(t *testing.T) {
	var none workday.Period
	if !none.IsZero() || none.String() != "" || none.Kind() != 0 || !none.First().IsZero() || !none.Last().IsZero() ||
		len(none.Months()) != 0 || none.Contains(workday.Date{}) || none.Contains(date(t, "2018-01-01")) {
		t.Error("no period is something")
	}
}

// A date lies in exactly the periods that are said to contain it; a period is its months without gap.
func TestPeriodProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := workday.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 36889).Draw(t, "day"))
		other := workday.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 36889).Draw(t, "other"))
		for i, p := range workday.PeriodsOf(d) {
			if !p.Contains(d) || p.Contains(p.First().AddDays(-1)) || p.Contains(p.Last().AddDays(1)) {
				t.Fatalf("%v and %v", p, d)
			}
			if back, err := workday.ParsePeriod(p.String()); back != p || err != nil {
				t.Fatalf("%v comes back as %v, %v", p, back, err)
			}
			if p.Contains(other) != (workday.PeriodsOf(other)[i] == p) {
				t.Fatalf("%v contains %v = %v", p, other, p.Contains(other))
			}
			day := p.First()
			for _, m := range p.Months() {
				if m.Kind() != workday.Month || m.First() != day {
					t.Fatalf("month %v of %v begins on %v, want %v", m, p, m.First(), day)
				}
				day = m.Last().AddDays(1)
			}
			if day != p.Last().AddDays(1) {
				t.Fatalf("months of %v end before %v", p, day)
			}
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2018", "2018-q2", "2018-06", "2100-12", "2101"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := workday.ParsePeriod(s)
		if err == nil && (p.String() != s || p.Kind() == 0 || !p.Contains(p.First()) || !p.Contains(p.Last())) {
			t.Errorf("ParsePeriod(%q) = %v", s, p)
		}
		if err != nil && !p.IsZero() {
			t.Errorf("ParsePeriod(%q) = %v with an error", s, p)
		}
	})
}
