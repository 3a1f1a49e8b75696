package deadline_test

import (
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

func date(t *testing.T, s string) workday.Date {
	t.Helper()
	if s == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func period(t *testing.T, s string) workday.Period {
	t.Helper()
	p, err := workday.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The first and the last year under each version.
func TestReportDue(t *testing.T) {
	for _, row := range []struct {
		reporter    deadline.Reporter
		period, set string
		due, byLaw  string
		act         law.Act
		article     string
		reading     bool
	}{
		{deadline.Department, "2008", "", "2009-03-31", "2009-03-31", law.R2007, "31", false},
		{deadline.Township, "2008", "", "2009-03-31", "2009-03-31", law.R2007, "31", false},
		{deadline.Department, "2018", "", "2019-03-31", "2019-03-31", law.R2007, "31", false}, // a Sunday
		{deadline.Government, "2018", "", "2019-03-31", "2019-03-31", law.R2007, "31", false},
		{deadline.Township, "2018", "", "2019-03-31", "2019-03-31", law.R2007, "31", false},
		{deadline.Department, "2019", "", "2020-01-31", "2020-01-31", law.R2019, "49(1)", false}, // in the prolonged holiday
		{deadline.Government, "2019", "", "2020-03-31", "2020-03-31", law.R2019, "49(2)", false},
		{deadline.Township, "2019", "", "2020-01-31", "2020-01-31", law.R2019, "49(1)", true},
		{deadline.Department, "2020", "", "2021-01-31", "2021-01-31", law.R2019, "49(1)", false}, // a Sunday
		{deadline.Department, "2025", "2026-01-26", "2026-01-26", "2026-01-31", law.R2019, "49(1)", false},
		{deadline.Township, "2025", "2026-01-31", "2026-01-31", "2026-01-31", law.R2019, "49(1)", true},
		{deadline.Township, "2025", "2026-02-20", "2026-02-20", "2026-01-31", law.R2019, "49(1)", true}, // no article dates it
		{deadline.Government, "2025", "2026-02-20", "2026-02-20", "2026-03-31", law.R2019, "49(2)", false},
		{deadline.Department, "2025", "2026-01-01", "2026-01-01", "2026-01-31", law.R2019, "49(1)", false},
		{deadline.Department, "2100", "", "2101-01-31", "2101-01-31", law.R2019, "49(1)", false},
	} {
		got, err := deadline.ReportDue(row.reporter, period(t, row.period), date(t, row.set))
		want := deadline.Due{On: date(t, row.due), ByLaw: date(t, row.byLaw), Citation: law.Citation{Act: row.act, Article: row.article}, Reading: row.reading}
		if err != nil || got != want {
			t.Errorf("%v, %s, set %q: %+v, %v, want %+v", row.reporter, row.period, row.set, got, err, want)
		}
		if !got.Citation.Valid() {
			t.Errorf("%v is no citation", got.Citation)
		}
	}
}

func TestReportDue_Refuses(t *testing.T) {
	for _, row := range []struct {
		reporter    deadline.Reporter
		period, set string
		want        law.Reason
	}{
		{deadline.Department, "2018-q2", "", deadline.PeriodNotYear},
		{deadline.Department, "2018-06", "", deadline.PeriodNotYear},
		{deadline.Township, "2007", "", deadline.YearBeforeRegulation},
		{deadline.Department, "2025", "2026-02-01", deadline.SetAfterLaw},
		{deadline.Township, "2025", "2026-04-01", deadline.SetAfterLaw},
		{deadline.Township, "2018", "2019-04-01", deadline.SetAfterLaw},
		{deadline.Government, "2025", "2025-12-31", deadline.SetWithinPeriod},
	} {
		due, err := deadline.ReportDue(row.reporter, period(t, row.period), date(t, row.set))
		if got := law.Reasons(err); len(got) != 1 || got[0] != row.want || due != (deadline.Due{}) {
			t.Errorf("%v, %s, set %q: %+v, %v, want %s", row.reporter, row.period, row.set, due, err, row.want)
		}
	}
	if _, err := deadline.ReportDue(deadline.Department, workday.Period{}, workday.Date{}); len(law.Reasons(err)) != 1 {
		t.Errorf("no period: %v", err)
	}
	if due, err := deadline.ReportDue(0, period(t, "2025"), workday.Date{}); err == nil || law.Reasons(err) != nil {
		t.Errorf("nobody's report: %+v, %v", due, err)
	}
}

func TestDaysLate(t *testing.T) {
	due, err := deadline.ReportDue(deadline.Department, period(t, "2019"), workday.Date{})
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]workday.Days{
		"2020-01-02": 0, "2020-01-31": 0, "2020-02-01": 1, "2020-03-01": 30, "2021-01-31": 366,
	} {
		if got := deadline.DaysLate(due, date(t, on)); got != want {
			t.Errorf("on %s it is %d days late, want %d", on, got, want)
		}
	}
}

func TestReporterLabels(t *testing.T) {
	for _, r := range []deadline.Reporter{deadline.Department, deadline.Government, deadline.Township} {
		if r.Label().Missing() {
			t.Errorf("reporter %d lacks a name", r)
		}
	}
}
