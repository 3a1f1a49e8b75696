package report

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// Reasons of the checks. Values as said.
const (
	CheckFailed     law.Reason = "REPORT_CHECK_FAILED" // check, place_zh, place_en, text_zh, text_en, expected, found
	FindingNotFound law.Reason = "FINDING_NOT_FOUND"   // check, cell
	FormUnknown     law.Reason = "FORM_UNKNOWN"        // form
)

// CheckReport checks a report as it is now. Errors: NOT_FOUND.
func (s *Server) CheckReport(ctx context.Context, in *reportv1.CheckReportRequest) (*reportv1.CheckReportResponse, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	all, err := seesAll(ctx, string(n.organization))
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &reportv1.CheckReportResponse{}
	err = s.DB.View(ctx, func(r kv.Reader) error {
		stored, err := getReport(r, n)
		if err != nil {
			return err
		}
		report := stored.GetReport()
		if !all && !isAccepted(report) {
			return fault.NotFound(in.GetName())
		}
		f, err := s.Forms.For(n.period)
		if err != nil {
			return err
		}
		found, err := s.findings(r, n, f, report, all)
		if err != nil {
			return err
		}
		if !all {
			report.Verdicts = nil
		}
		out = findingMessages(found, report)
		return nil
	})
	return out, err
}

// passes refuses a report with errors that nobody has explained.
func (s *Server) passes(r kv.Reader, n reportName, f *form.Form, report *reportv1.Report) error {
	found, err := s.findings(r, n, f, report, false)
	if err != nil {
		return err
	}
	var wrong law.Breach
	for _, x := range found {
		if !blocks(x, verdictOf(x, report)) {
			continue
		}
		violation := law.Violation{Reason: CheckFailed, Citation: x.Source, Values: map[string]string{
			"check": x.Check, "place_zh": place(x).Zh, "place_en": place(x).En, "text_zh": x.Text.Zh, "text_en": x.Text.En,
			"expected": x.Expected, "found": x.Found,
		}}
		if x.Cell != "" {
			violation.Field = fmt.Sprintf("figures[%q]", x.Cell)
		}
		wrong.Violations = append(wrong.Violations, violation)
	}
	if len(wrong.Violations) == 0 {
		return nil
	}
	return &wrong
}

// place is where a finding is, in words.
func place(f check.Finding) law.Label {
	var zh, en []string
	for _, l := range []law.Label{f.Table, f.Row, f.Column} {
		if l.Zh != "" {
			zh, en = append(zh, l.Zh), append(en, l.En)
		}
	}
	return law.Label{Zh: strings.Join(zh, "｜"), En: strings.Join(en, " | ")}
}

// blocks tells whether a finding keeps a report from being submitted.
func blocks(f check.Finding, v *reportv1.Verdict) bool {
	return f.Severity == check.Hard && (v == nil || v.GetKind() == reportv1.VerdictKind_VERDICT_KIND_TO_FIX)
}

// JudgeFinding judges a finding of a report that is not yet submitted. Errors: NOT_FOUND, ABORTED (old etag),
// FAILED_PRECONDITION if the report is submitted, or there is no such finding.
func (s *Server) JudgeFinding(ctx context.Context, in *reportv1.JudgeFindingRequest) (*reportv1.Report, error) {
	s.mu.RLock()
	report, err := s.judge(ctx, in)
	s.mu.RUnlock()
	return s.dated(ctx, report, err)
}

func (s *Server) judge(ctx context.Context, in *reportv1.JudgeFindingRequest) (*reportv1.Report, error) {
	return s.transition(ctx, in, judged, func(tx kv.Tx, n reportName, report *reportv1.Report, at *stamp) error {
		if err := mayCompile(report.GetState()); err != nil {
			return err
		}
		f, err := s.Forms.For(n.period)
		if err != nil {
			return err
		}
		found, err := s.findings(tx, n, f, report, true)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(found, func(x check.Finding) bool { return x.Check == in.GetCheck() && subject(x) == in.GetCell() })
		broken := law.Under(law.Citation{})
		broken.If(i < 0, FindingNotFound, "check", "check", in.GetCheck(), "cell", in.GetCell())
		if err := broken.Err(); err != nil {
			return err
		}
		report.Verdicts = slices.DeleteFunc(report.GetVerdicts(), func(v *reportv1.Verdict) bool {
			return v.GetCheck() == in.GetCheck() && v.GetCell() == in.GetCell()
		})
		report.Verdicts = append(report.Verdicts, &reportv1.Verdict{
			Check: in.GetCheck(), Cell: in.GetCell(), Kind: in.GetKind(), Reason: in.GetReason(), JudgedBy: in.GetJudgedBy(),
			JudgeTime: timestamppb.New(at.At), FiguresSha256: fingerprint(found[i], report),
		})
		return nil
	})
}

// subject is what a finding is about: its cell, else its part.
func subject(f check.Finding) string {
	if f.Cell != "" {
		return f.Cell
	}
	return f.Part
}

// verdictOf is what was said of a finding, if its figures are still the same.
func verdictOf(f check.Finding, report *reportv1.Report) *reportv1.Verdict {
	for _, v := range report.GetVerdicts() {
		if v.GetCheck() == f.Check && v.GetCell() == subject(f) && string(v.GetFiguresSha256()) == string(fingerprint(f, report)) {
			return v
		}
	}
	return nil
}

// fingerprint is the hash of a finding with the figures that it depends on.
func fingerprint(f check.Finding, report *reportv1.Report) []byte {
	values := make(map[string]string)
	for _, figure := range report.GetFigures() {
		values[figure.GetCell()] = fmt.Sprint(figure.GetState(), valueOf(figure))
	}
	text := fmt.Sprintf("%q %q %q %q", f.Check, subject(f), f.Expected, f.Found)
	cells := slices.Clone(f.Cells)
	slices.Sort(cells)
	for _, id := range cells {
		text += fmt.Sprintf(" %q=%q", id, values[id])
	}
	hash := sha256.Sum256([]byte(text))
	return hash[:]
}

// findings checks a report of the store against what the store has beside it. It must be called with s.mu held.
func (s *Server) findings(r kv.Reader, n reportName, f *form.Form, report *reportv1.Report, peers bool) ([]check.Finding, error) {
	in := check.Input{Report: s.checkable(n, f, report), Forms: s.Forms}
	var err error
	if in.Previous, err = s.previous(r, n, report.GetScope()); err != nil {
		return nil, err
	}
	if in.Below, err = s.below(r, n, f, report, peers); err != nil {
		return nil, err
	}
	if peers {
		if in.Peers, err = s.peers(r, n); err != nil {
			return nil, err
		}
		if in.Records, err = s.records(r, n, report.GetScope()); err != nil {
			return nil, err
		}
	}
	return check.Run(in), nil
}

func (s *Server) checkable(n reportName, f *form.Form, report *reportv1.Report) check.Report {
	return check.Report{Form: f, Period: n.period, Organ: s.organ(n), Figures: figuresIn(report), Narratives: narrativesIn(report)}
}

// organ is what the tree knows of who reports. It must be called with s.mu held.
func (s *Server) organ(n reportName) check.Organ {
	o := check.Organ{ID: n.organization, Level: n.organization.Level()}
	known, _ := s.tree.Get(n.organization)
	if v := lastVersion(known, n); v != nil {
		o.Name, o.Kind = v.DisplayName, v.Kind
	}
	return o
}

// previous are the accepted reports of the period before: the organisation's own, and those of the organisations that it
// took over from within the period or at its beginning. One that is not there has no figures, so that nothing is compared
// with it. Of an organisation's own figures they give its own, of a wider scope those of that scope, if they can: where
// every report below was accepted then.
func (s *Server) previous(r kv.Reader, n reportName, scope reportv1.RollupScope) ([]check.Report, error) {
	before := n.period.First().AddDays(-1)
	var p workday.Period
	for _, q := range workday.PeriodsOf(before) {
		if q.Kind() == n.period.Kind() {
			p = q
		}
	}
	f, err := s.Forms.For(p)
	if p.Kind() == 0 || err != nil {
		return nil, nil // there was no form then
	}
	var ids []organ.ID
	for _, id := range append([]organ.ID{n.organization}, s.tree.Predecessors(n.organization)...) {
		o, _ := s.tree.Get(id)
		_, stood := o.At(p.Last()) // one that was not there yet has nothing to go on from
		tookOver := !o.EndedOn.Before(n.period.First()) && !o.EndedOn.After(n.period.Last())
		if stood && (id == n.organization || tookOver) {
			ids = append(ids, id)
		}
	}
	var all []check.Report
	for _, id := range ids {
		name := reportName{id, p}
		stored, err := findReport(r, name)
		if err != nil {
			return nil, err
		}
		report := stored.GetReport()
		known := isAccepted(report)
		if known && (report.GetScope() != scope || !sums(scope)) {
			report.Figures, report.Scope = ownFigures(report), scope
			if err := s.widen(r, name, f, report); err != nil {
				return nil, err
			}
			known = report.GetBelow().GetMissing() == 0
		}
		switch {
		case known:
			all = append(all, s.checkable(name, f, report))
		case len(ids) > 1:
			all = append(all, check.Report{Form: f, Period: p, Organ: s.organ(name)})
		}
	}
	return all, nil
}

// Measures of the request service that no cell of a form has.
const (
	feeNotices  = "fees.notices"
	feesPaid    = "fees.paid"
	handledAnew = "requests.handled_anew"
	answerDays  = "requests.answer_days" // the sum of the numbers of their days in the year
	daysSquared = "requests.answer_days_squared"
)

// noticeMonths is how long before a period a fee notice may have been sent that was left unpaid in it: its 20 working days
// reach into the second month after.
const noticeMonths = 2

// records is what the records say beside a report, those of its scope; nil if there are none of requests in the period, or
// none are kept for the scope.
func (s *Server) records(r kv.Reader, n reportName, scope reportv1.RollupScope) (*check.Records, error) {
	totals := ownTotals
	switch scope {
	case reportv1.RollupScope_ROLLUP_SCOPE_AREA:
		totals = recordTotals
	case reportv1.RollupScope_ROLLUP_SCOPE_WITH_DEPARTMENTS:
		return nil, nil
	}
	measures := make(map[string]int64)
	if err := sumMonths(r, totals, n.organization, n.period, measures); err != nil {
		return nil, err
	}
	known := &check.Records{
		FeeNotices: measures[feeNotices], Charged: measures[feesPaid], HandledAnew: measures[handledAnew],
		AnsweredOn: onOneDay(measures, n.period),
	}
	kept := false
	for measure, v := range measures {
		if strings.HasPrefix(measure, flowReceived) {
			known.Received += v
		}
		kept = kept || strings.HasPrefix(measure, "requests.") || strings.HasPrefix(measure, "fees.")
	}
	if !kept {
		return nil, nil
	}
	month := n.period.Months()[0]
	for range noticeMonths {
		month = workday.PeriodsOf(month.First().AddDays(-1))[0]
		before := make(map[string]int64)
		if err := sumMonths(r, totals, n.organization, month, before); err != nil {
			return nil, err
		}
		known.FeeNotices += before[feeNotices]
	}
	return known, nil
}

// onOneDay is the day on which all answers of a period were given, with their number; nil if these were several, or of
// some answers the day is not among the facts, as of those of earlier releases.
func onOneDay(measures map[string]int64, p workday.Period) map[workday.Date]int64 {
	var n int64
	for measure, v := range measures {
		if strings.HasPrefix(measure, flowConcluded) {
			n += v
		}
	}
	// By Cauchy and Schwarz the two are equal only where all the days are, and none is missing.
	days := measures[answerDays]
	if days == 0 || n*measures[daysSquared] != days*days {
		return nil
	}
	january := workday.Date{Year: p.Year(), Month: 1, Day: 1}
	return map[workday.Date]int64{january.AddDays(int(days/n) - 1): n}
}

// maxPeers is the most reports of peers that a report is compared with.
const maxPeers = 50

// peers are the reports of the same period by organisations of the same kind below the same one.
func (s *Server) peers(r kv.Reader, n reportName) ([]check.Report, error) {
	path := s.tree.PathIn(n.organization, n.period)
	if len(path) < 2 {
		return nil, nil
	}
	f, err := s.Forms.For(n.period)
	if err != nil {
		return nil, err
	}
	kind := s.organ(n).Kind
	var all []check.Report
	for _, id := range s.tree.ChildrenIn(path[1], n.period) {
		name := reportName{id, n.period}
		if id == n.organization || len(all) == maxPeers || s.organ(name).Kind != kind {
			continue
		}
		stored, err := findReport(r, name)
		if err != nil {
			return nil, err
		}
		if stored.GetReport().GetVersion() > 0 {
			all = append(all, s.checkable(name, f, stored.GetReport()))
		}
	}
	return all, nil
}

var severities = map[check.Severity]reportv1.Severity{
	check.Hard: reportv1.Severity_SEVERITY_HARD, check.Cross: reportv1.Severity_SEVERITY_CROSS,
	check.Soft: reportv1.Severity_SEVERITY_SOFT, check.Note: reportv1.Severity_SEVERITY_NOTE,
}

var grounds = map[form.Basis]reportv1.Basis{
	form.Printed: reportv1.Basis_BASIS_PRINTED, form.Arithmetic: reportv1.Basis_BASIS_ARITHMETIC, form.Reading: reportv1.Basis_BASIS_READING,
}

// findingMessages are findings with what was said of them; the report may be nil.
func findingMessages(found []check.Finding, report *reportv1.Report) *reportv1.CheckReportResponse {
	out := &reportv1.CheckReportResponse{}
	some := func(l law.Label) *reportv1.Label {
		if l == (law.Label{}) {
			return nil
		}
		return label(l)
	}
	for _, f := range found {
		verdict := verdictOf(f, report)
		if blocks(f, verdict) {
			out.Blocking++
		}
		out.Findings = append(out.Findings, &reportv1.Finding{
			Check: f.Check, Severity: severities[f.Severity], Part: f.Part, Table: some(f.Table), Row: some(f.Row), Column: some(f.Column),
			Cell: f.Cell, Cells: f.Cells, Expected: f.Expected, Found: f.Found, Basis: grounds[f.Basis], Source: some(f.Source.Label()),
			Text: some(f.Text), Remedy: some(f.Remedy), Verdict: verdict,
		})
	}
	return out
}

// CheckFigures checks any report, with what is given beside it. Errors: INVALID_ARGUMENT for an unknown form or period.
func (s *Server) CheckFigures(_ context.Context, in *reportv1.CheckFiguresRequest) (*reportv1.CheckReportResponse, error) {
	report, err := s.readChecked("report", in.GetReport())
	if err != nil {
		return nil, err
	}
	input := check.Input{Report: report, Forms: s.Forms}
	for i, m := range in.GetPrevious() {
		p, err := s.readChecked(fmt.Sprintf("previous[%d]", i), m)
		if err != nil {
			return nil, err
		}
		input.Previous = append(input.Previous, p)
	}
	if len(in.GetBelow())+len(in.GetMissing()) > 0 {
		input.Below = &check.Below{Missing: in.GetMissing(), Whole: true}
	}
	for i, m := range in.GetBelow() {
		child, err := s.readChecked(fmt.Sprintf("below[%d]", i), m)
		if err != nil {
			return nil, err
		}
		input.Below.Children = append(input.Below.Children, child)
	}
	return findingMessages(check.Run(input), nil), nil
}

// readChecked reads a report that is to be checked, or that another is checked against.
func (s *Server) readChecked(field string, m *reportv1.CheckedReport) (check.Report, error) {
	out := check.Report{Organ: check.Guess(m.GetOrganizationName()), Published: m.GetPublished(), Figures: make(map[string]form.Figure)}
	if id, err := organ.ParseID(m.GetCode()); err == nil {
		out.Organ.ID, out.Organ.Level = id, id.Level()
	} else if m.GetCode() != "" {
		return out, fault.Field(field+".code", "BAD_FORMAT")
	}
	if m.GetPeriod() != "" {
		p, err := workday.ParsePeriod(m.GetPeriod())
		if err != nil {
			return out, fault.Field(field+".period", PeriodMalformed, "period", m.GetPeriod())
		}
		out.Period = p
	}
	id := strings.TrimPrefix(m.GetForm(), "reportForms/")
	if id == "" {
		f, err := s.Forms.For(out.Period)
		if err != nil {
			return out, fault.Field(field+".form", FormUnknown, "form", m.GetPeriod())
		}
		out.Form = f
	} else if f, ok := s.Forms.Get(id); ok {
		out.Form = f
	} else {
		return out, fault.Field(field+".form", FormUnknown, "form", id)
	}
	for _, figure := range m.GetFigures() {
		if figure.GetState() == reportv1.FigureState_FIGURE_STATE_UNSPECIFIED {
			figure.State = reportv1.FigureState_FIGURE_STATE_TYPED
		}
	}
	out.Figures = figuresIn(&reportv1.Report{Figures: m.GetFigures()})
	if len(m.GetNarratives()) > 0 {
		out.Narratives = narrativesIn(&reportv1.Report{Narratives: m.GetNarratives()})
	}
	return out, nil
}
