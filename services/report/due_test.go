package report

import (
	"testing"
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// TestDue: the article that dates a report depends on its year and on who makes it; days late count calendar days to
// the last submission, or to today while it waits to be submitted.
func TestDue(t *testing.T) {
	at := func(s string) *timestamppb.Timestamp {
		d, err := workday.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return timestamppb.New(time.Date(d.Year, d.Month, d.Day, 9, 0, 0, 0, time.FixedZone("", 8*60*60)))
	}
	const (
		draft    = reportv1.ReportState_REPORT_STATE_DRAFT
		accepted = reportv1.ReportState_REPORT_STATE_ACCEPTED
		returned = reportv1.ReportState_REPORT_STATE_RETURNED
	)
	today := workday.Date{Year: 2020, Month: 4, Day: 10}
	for _, c := range []struct {
		what      string
		id        organ.ID
		kind      organ.Kind
		period    string
		state     reportv1.ReportState
		submitted string
		due       string
		late      int32
	}{
		{"R2007 art. 31, a township", "652701201", organ.Government, "2018", accepted, "2019-03-31", "2019-03-31", 0},
		{"R2007 art. 31, a day late", "652701201", organ.Government, "2018", accepted, "2019-04-01", "2019-03-31", 1},
		{"R2019 art. 49(1), a department", "652701-education", organ.Department, "2019", accepted, "2020-01-31", "2020-01-31", 0},
		{"R2019 art. 49(2), a county-level government", "652701", organ.Government, "2019", accepted, "2020-04-01", "2020-03-31", 1},
		{"our reading, a sub-district office", "652701001", organ.SubdistrictOffice, "2019", accepted, "2020-02-01", "2020-01-31", 1},
		{"missing: counted to today", "652701201", organ.Government, "2019", 0, "", "2020-01-31", 70},
		{"a draft is missing too", "652701201", organ.Government, "2019", draft, "2020-01-15", "2020-01-31", 70},
		{"returned: it waits again", "652701201", organ.Government, "2019", returned, "2020-01-15", "2020-01-31", 70},
		{"a quarter has no date by law", "652701201", organ.Government, "2019-q1", accepted, "2019-04-01", "", 0},
		{"not yet due", "652701201", organ.Government, "2020", 0, "", "2021-01-31", 0},
	} {
		p, err := workday.ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		r := &reportv1.Report{State: c.state}
		if c.submitted != "" {
			r.SubmitTime = at(c.submitted)
		}
		tree := organ.NewTree()
		tree.Put(organ.Organization{ID: c.id, Versions: []organ.Version{{EffectiveOn: workday.Date{Year: 2008, Month: 1, Day: 1}, Kind: c.kind}}})
		dates := newDueDates(nil, tree)
		dates.set[c.id] = nil // nobody has set one
		found, err := dates.of(reportName{c.id, p}, r, today)
		if got := day(found.on).String(); err != nil || got != c.due || found.daysLate != c.late || !proto.Equal(found.on, found.byLaw) {
			t.Errorf("%s: %v, %v; want %q, %d", c.what, found, err, c.due, c.late)
		}
	}
}
