package report

import (
	"cmp"
	"context"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// GetRollup gets the roll-up of an organisation and a period, on both bases. It reads the totals of the
// organisation's children, whatever the number of records or levels below them. Source: R2019 arts. 46, 47,
// 49(2). Errors: NOT_FOUND, FAILED_PRECONDITION for a period without a form.
func (s *Server) GetRollup(ctx context.Context, in *reportv1.GetRollupRequest) (*reportv1.Rollup, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	f, err := s.Forms.For(n.period)
	if err != nil {
		return nil, err
	}
	// Who is missing is the supervisor's to see, not the clerks' of the organisation above.
	all, err := oversees(ctx, n.organization)
	if err != nil {
		return nil, err
	}
	if err := s.meet(ctx, n.organization); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.existed(n); err != nil {
		return nil, err
	}
	var lines []line
	var basis []*reportv1.FeedPosition
	var before workday.Period
	err = s.DB.View(ctx, func(r kv.Reader) error {
		if lines, before, err = s.compareLines(r, n, f, in); err != nil {
			return err
		}
		basis, err = positions(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := rollup(f, n, lines, all)
	out.DisplayName, out.Scope, out.Basis = s.nameIn(n), in.GetScope(), basis
	if out.GetScope() == reportv1.RollupScope_ROLLUP_SCOPE_UNSPECIFIED {
		out.Scope = reportv1.RollupScope_ROLLUP_SCOPE_AREA
	}
	if !before.IsZero() {
		out.PreviousPeriod = before.String()
	}
	return out, nil
}

// compareLines are the lines of a roll-up, with those figures of other times that were asked for.
func (s *Server) compareLines(r kv.Reader, n reportName, f *form.Form, in *reportv1.GetRollupRequest) (lines []line, before workday.Period, err error) {
	if lines, err = s.lines(r, n, f); err != nil {
		return nil, before, err
	}
	lines = scoped(lines, in.GetScope())
	if in.GetYearToDate() && n.period.Kind() != workday.Year {
		for i := range lines {
			if lines[i].toDate, err = s.toDate(r, n, f, lines[i]); err != nil {
				return nil, before, err
			}
		}
	}
	if in.GetYearOnYear() {
		lines, before, err = s.lastYear(r, n, f, in.GetScope(), lines)
	}
	return lines, before, err
}

// line is what a roll-up knows of one organisation.
type line struct {
	organization organ.ID
	displayName  string
	owes         bool
	noReport     string
	ended        bool
	own          bool
	report       *reportv1.Report // nil without one
	hasBelow     bool
	due          duty  // zero where it owes no report
	whole        bases // itself with everything below it; for the own line, itself
	self         bases // itself alone
	previous     bases // whole, a year before, if that was asked for
	toDate       bases // whole, for the year so far, if that was asked for
}

// bases are the figures of a line by cell, on both bases.
type bases struct {
	records, late, submitted map[string]int64
}

// lines reads the rolled-up organisation's own line and one for each organisation below it. An own line
// that neither owes a report nor has anything to show is left out.
func (s *Server) lines(r kv.Reader, n reportName, f *form.Form) ([]line, error) {
	dates := newDueDates(r, s.tree)
	own, err := s.line(r, n, f, dates)
	if err != nil {
		return nil, err
	}
	own.own, own.hasBelow, own.whole = true, false, own.self
	var lines []line
	if own.owes || own.report != nil || !own.self.empty() {
		lines = append(lines, own)
	}
	for _, child := range s.tree.ChildrenIn(n.organization, n.period) {
		l, err := s.line(r, reportName{child, n.period}, f, dates)
		if err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (s *Server) line(r kv.Reader, n reportName, f *form.Form, dates *dueDates) (line, error) {
	l, err := s.standing(r, n, dates)
	if err != nil {
		return line{}, err
	}
	l.hasBelow = len(s.tree.ChildrenIn(n.organization, n.period)) > 0
	if l.self, err = s.selfBases(r, n, f, l.report); err != nil {
		return line{}, err
	}
	if l.hasBelow {
		l.whole, err = subtreeBases(r, n, f)
	} else {
		l.whole = l.self
	}
	return l, err
}

// selfBases are an organisation's own figures.
func (s *Server) selfBases(r kv.Reader, n reportName, f *form.Form, report *reportv1.Report) (bases, error) {
	records, err := s.ownMeasures(r, n, f, false)
	if err != nil {
		return bases{}, err
	}
	late := make(map[string]int64)
	if err := sum(r, ownLate, n.organization, n.period, late); err != nil {
		return bases{}, err
	}
	if hasStocks(f) {
		addStocks(late, nil)
	}
	reported := make(map[string]int64)
	if isAccepted(report) {
		for _, figure := range ownFigures(report) {
			reported[figure.GetCell()] = valueOf(figure)
		}
	}
	return bases{records: derive(f, records), late: derive(f, late), submitted: reported}, nil
}

// subtreeBases are the figures of an organisation with everything below it.
func subtreeBases(r kv.Reader, n reportName, f *form.Form) (bases, error) {
	totals := make(map[string]map[string]int64)
	for _, b := range subtreeTotals {
		totals[b.Name] = make(map[string]int64)
		if err := sum(r, b, n.organization, n.period, totals[b.Name]); err != nil {
			return bases{}, err
		}
	}
	if hasStocks(f) {
		if err := addSubtreeStocks(r, n.organization, n.period, totals[recordTotals.Name]); err != nil {
			return bases{}, err
		}
		addStocks(totals[lateTotals.Name], nil)
	}
	return bases{
		records: derive(f, totals[recordTotals.Name]), late: derive(f, totals[lateTotals.Name]), submitted: totals[submitted.Name],
	}, nil
}

// derive computes the cells of a form; nil, which reads as zeros, where there is nothing, as mostly of late facts.
func derive(f *form.Form, measures map[string]int64) map[string]int64 {
	if len(measures) == 0 {
		return nil
	}
	return f.Derive(measures)
}

func (b bases) empty() bool {
	for _, m := range []map[string]int64{b.records, b.late, b.submitted} {
		for _, v := range m {
			if v != 0 {
				return false
			}
		}
	}
	return true
}

// nameIn is an organisation's name on a period's last day, or its last one before.
func (s *Server) nameIn(n reportName) string {
	o, _ := s.tree.Get(n.organization)
	if v := lastVersion(o, n); v != nil {
		return v.DisplayName
	}
	return string(n.organization)
}

// lastVersion is the version in force on a period's last day; of an organisation that has ended, its last.
func lastVersion(o organ.Organization, n reportName) *organ.Version {
	var last *organ.Version
	for i := range o.Versions {
		if !o.Versions[i].EffectiveOn.After(n.period.Last()) {
			last = &o.Versions[i]
		}
	}
	return last
}

// rollup makes the message of the lines. Who may see accepted figures only is shown nothing else: neither
// who is missing nor the records.
func rollup(f *form.Form, n reportName, lines []line, all bool) *reportv1.Rollup {
	out := &reportv1.Rollup{
		Name:   "organizations/" + string(n.organization) + "/rollups/" + n.period.String(),
		Period: n.period.String(), Form: "reportForms/" + f.ID, AcceptedOnly: !all,
		Totals: make(map[string]*reportv1.RollupFigure),
	}
	for _, c := range f.Cells() {
		out.Totals[c.ID] = &reportv1.RollupFigure{}
		if all && !unrecorded(c) {
			out.Totals[c.ID] = figure(0, 0, 0)
		}
	}
	for _, l := range lines {
		status := l.status()
		tally(out, status, all)
		if all && l.owes && l.due.daysLate > 0 {
			out.Late++
		}
		row := l.row(f, status)
		if !all {
			accepted := status == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED
			if !accepted && emptied(l.whole.submitted) && emptied(l.previous.submitted) && emptied(l.toDate.submitted) {
				continue
			}
			conceal(row, accepted)
		}
		l.compared(row, all)
		out.Rows = append(out.Rows, row)
		addRow(out.GetTotals(), row)
		if all {
			out.Differences = append(out.Differences, l.differences(f, status)...)
		}
	}
	return out
}

func emptied(figures map[string]int64) bool { return bases{submitted: figures}.empty() }

func tally(out *reportv1.Rollup, status reportv1.RollupStatus, all bool) {
	if status != reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED {
		out.Owed++
	}
	if status == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED {
		out.Accepted++
	}
	if !all {
		return
	}
	switch status {
	case reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED:
		out.Submitted++
	case reportv1.RollupStatus_ROLLUP_STATUS_RETURNED:
		out.Returned++
	case reportv1.RollupStatus_ROLLUP_STATUS_MISSING:
		out.Missing++
	}
}

// status is where an organisation stands: a report that is there counts, whether it is owed or not.
func (l line) status() reportv1.RollupStatus {
	switch l.report.GetState() {
	case reportv1.ReportState_REPORT_STATE_ACCEPTED, reportv1.ReportState_REPORT_STATE_PUBLISHED:
		return reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED
	case reportv1.ReportState_REPORT_STATE_SUBMITTED:
		return reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED
	case reportv1.ReportState_REPORT_STATE_RETURNED:
		return reportv1.RollupStatus_ROLLUP_STATUS_RETURNED
	}
	switch {
	case l.report.GetVersion() > 0: // compiled anew after its return, not submitted again
		return reportv1.RollupStatus_ROLLUP_STATUS_RETURNED
	case l.owes:
		return reportv1.RollupStatus_ROLLUP_STATUS_MISSING
	}
	return reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED
}

func (l line) row(f *form.Form, status reportv1.RollupStatus) *reportv1.RollupRow {
	row := &reportv1.RollupRow{
		Organization: "organizations/" + string(l.organization), Code: string(l.organization), DisplayName: l.displayName,
		Status: status, Version: l.report.GetVersion(), Ended: l.ended, Own: l.own,
		ReturnReasons: l.report.GetReturnReasons(), Figures: make(map[string]*reportv1.RollupFigure),
		DueOn: l.due.on, DueByLaw: l.due.byLaw, DueSetBy: l.due.setBy, DaysLate: l.due.daysLate,
	}
	if !l.owes {
		row.NoReportReason = l.noReport
	}
	states := make(map[string]reportv1.FigureState)
	if status == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED {
		for _, figure := range ownFigures(l.report) {
			states[figure.GetCell()] = figure.GetState()
		}
	}
	for _, c := range f.Cells() {
		row.Figures[c.ID] = figure(l.whole.submitted[c.ID], l.whole.records[c.ID], l.whole.late[c.ID])
		row.Figures[c.ID].State = states[c.ID]
		if unrecorded(c) {
			row.Figures[c.ID].Records, row.Figures[c.ID].Late, row.Figures[c.ID].Difference = nil, nil, nil
		}
	}
	return row
}

// conceal takes from a row what only supervisors see.
func conceal(row *reportv1.RollupRow, accepted bool) {
	row.ReturnReasons, row.DaysLate = nil, 0
	if !accepted {
		row.Status, row.Version = reportv1.RollupStatus_ROLLUP_STATUS_UNSPECIFIED, 0
	}
	for _, figure := range row.GetFigures() {
		figure.Records, figure.Late, figure.Difference = nil, nil, nil
	}
}

// figure is one cell on both bases.
func figure(submitted, records, late int64) *reportv1.RollupFigure {
	r, l, d := count(records), count(late), count(records-submitted)
	return &reportv1.RollupFigure{Submitted: count(submitted), SubmittedFen: beyond(submitted), Records: &r, Late: &l, Difference: &d}
}

// beyond is an amount that is too large for a count; 0 for one that is not.
func beyond(v int64) int64 {
	if int64(count(v)) == v {
		return 0
	}
	return v
}

// inFull is a figure of a roll-up, which may be too large for a count.
func inFull(n int32, fen int64) int64 { return cmp.Or(fen, int64(n)) }

func addRow(totals map[string]*reportv1.RollupFigure, row *reportv1.RollupRow) {
	for id, f := range row.GetFigures() {
		total := totals[id]
		sum := inFull(total.GetSubmitted(), total.GetSubmittedFen()) + inFull(f.GetSubmitted(), f.GetSubmittedFen())
		total.Submitted, total.SubmittedFen = count(sum), beyond(sum)
		addCompared(total, f)
		if f.Records != nil {
			*total.Records = plus(total.GetRecords(), f.GetRecords())
			*total.Late = plus(total.GetLate(), f.GetLate())
			*total.Difference = plus(total.GetDifference(), f.GetDifference())
		}
	}
}

func plus(a, b int32) int32 { return count(int64(a) + int64(b)) }
