package report

import (
	"context"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/deadline"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
)

// duty is by when an organisation's report is due, and how it stands to that. It is zero where the law sets no date, as
// for a month.
type duty struct {
	on, byLaw *date.Date
	setBy     string // the organisation whose leading group has set the date; empty: the law
	daysLate  int32  // counted to its last submission, or to today
}

// dueDates are the dates by which the reports of one period are due: those of the law, and those that leading groups
// have set. Each is looked up once.
type dueDates struct {
	r    kv.Reader
	tree *organ.Tree
	laws map[deadline.Reporter]deadline.Due // zero where the law sets none
	set  map[organ.ID]*reportv1.DueDates    // nil where a group has set none
}

func newDueDates(r kv.Reader, tree *organ.Tree) *dueDates {
	return &dueDates{r: r, tree: tree, laws: make(map[deadline.Reporter]deadline.Due), set: make(map[organ.ID]*reportv1.DueDates)}
}

// of is by when an organisation's report is due; the report may be nil.
func (d *dueDates) of(n reportName, r *reportv1.Report, today workday.Date) (duty, error) {
	o, _ := d.tree.Get(n.organization)
	v := lastVersion(o, n)
	if v == nil {
		return duty{}, nil
	}
	who := reporter(v.Kind, n.organization.Level())
	due := d.byLaw(who, n.period)
	if due.On.IsZero() {
		return duty{}, nil
	}
	set, by, err := d.earliest(n, who)
	if err != nil {
		return duty{}, err
	}
	found := duty{byLaw: dateOf(due.ByLaw)}
	if by != "" {
		// What was set was checked then; where the law has it otherwise now, the law holds.
		if earlier, err := deadline.ReportDue(who, n.period, set); err == nil {
			due, found.setBy = earlier, "organizations/"+string(by)
		}
	}
	found.on = dateOf(due.On)
	on := today
	if waits := r.GetState() == reportv1.ReportState_REPORT_STATE_DRAFT || r.GetState() == reportv1.ReportState_REPORT_STATE_RETURNED; r.GetSubmitTime() != nil && !waits {
		on = workday.On(r.GetSubmitTime().AsTime())
	}
	found.daysLate = int32(deadline.DaysLate(due, on))
	return found, nil
}

func (d *dueDates) byLaw(who deadline.Reporter, p workday.Period) deadline.Due {
	due, looked := d.laws[who]
	if !looked {
		if found, err := deadline.ReportDue(who, p, workday.Date{}); err == nil {
			due = found
		}
		d.laws[who] = due
	}
	return due
}

// earliest is the earliest date that the leading groups of an organisation and of those above it have set, and by whom:
// our reading, since each of them may ask for its reports by then.
func (d *dueDates) earliest(n reportName, who deadline.Reporter) (on workday.Date, by organ.ID, err error) {
	for _, id := range d.tree.PathIn(n.organization, n.period) {
		set, looked := d.set[id]
		if !looked {
			if set, err = findDueDates(d.r, reportName{id, n.period}); err != nil {
				return on, "", err
			}
			d.set[id] = set
		}
		for _, dated := range set.GetDates() {
			if reporters[dated.GetKind()] == who && (by == "" || day(dated.GetDueOn()).Before(on)) {
				on, by = day(dated.GetDueOn()), id
			}
		}
	}
	return on, by, nil
}

// reporter is what an organisation is to the article that dates its report.
func reporter(k organ.Kind, l organ.Level) deadline.Reporter {
	switch {
	case k == organ.Department:
		return deadline.Department
	case k == organ.Government && l <= organ.County:
		return deadline.Government
	}
	return deadline.Township
}

var reporters = map[reportv1.ReporterKind]deadline.Reporter{
	reportv1.ReporterKind_REPORTER_KIND_DEPARTMENT: deadline.Department,
	reportv1.ReporterKind_REPORTER_KIND_GOVERNMENT: deadline.Government,
	reportv1.ReporterKind_REPORTER_KIND_TOWNSHIP:   deadline.Township,
}

// dated adds to a report that is about to be answered when it is due. It must not be called with s.mu held.
func (s *Server) dated(ctx context.Context, r *reportv1.Report, err error) (*reportv1.Report, error) {
	if err != nil {
		return nil, err
	}
	return r, s.date(ctx, r)
}

// date adds to reports when they are due. That is not stored, since it depends on today. It must not be called with
// s.mu held.
func (s *Server) date(ctx context.Context, reports ...*reportv1.Report) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	today := workday.On(s.Now())
	return s.DB.View(ctx, func(r kv.Reader) error {
		for _, report := range reports {
			n, err := parseName(report.GetName())
			if err != nil {
				return err
			}
			due, err := newDueDates(r, s.tree).of(n, report, today)
			if err != nil {
				return err
			}
			report.DueOn, report.DueByLaw, report.DueSetBy, report.DaysLate = due.on, due.byLaw, due.setBy, due.daysLate
		}
		return nil
	})
}
