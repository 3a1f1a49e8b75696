package report

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
)

// TooWide is the reason of an area with too many organisations to be reconciled at once. Values: organizations, limit.
const TooWide law.Reason = "RECONCILIATION_TOO_WIDE"

// maxReconciled is the most organisations that are reconciled at once: their findings are ranked together.
const maxReconciled = 3000

// MayReconcile tells whether an area of so many organisations can be reconciled at once, or returns a [*law.Breach] of
// [TooWide].
func MayReconcile(organizations int) error {
	broken := law.Under(law.Citation{})
	broken.If(organizations > maxReconciled, TooWide, "name", "organizations", fmt.Sprint(organizations), "limit", fmt.Sprint(maxReconciled))
	return broken.Err()
}

// ListDiscrepancies lists what does not fit in the reports of an organisation and of everything below it. Source: R2019
// arts. 46, 47. Errors: NOT_FOUND, FAILED_PRECONDITION for a period without a form or too wide an area,
// INVALID_ARGUMENT for a page token of another query, PERMISSION_DENIED.
func (s *Server) ListDiscrepancies(ctx context.Context, in *reportv1.ListDiscrepanciesRequest) (*reportv1.ListDiscrepanciesResponse, error) {
	after, size, err := server.Page(in, 100, 1000)
	if err != nil {
		return nil, err
	}
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	f, err := s.Forms.For(n.period)
	if err != nil {
		return nil, err
	}
	if err := mayOversee(ctx, n.organization); err != nil {
		return nil, err
	}
	ranked, err := s.reconcile(ctx, n, f, in.GetKinds())
	if err != nil {
		return nil, err
	}
	out := &reportv1.ListDiscrepanciesResponse{TotalSize: int32(len(ranked))}
	for i, d := range ranked {
		if after != nil && string(d.rank) <= string(after) {
			continue
		}
		out.Discrepancies = append(out.Discrepancies, d.message)
		if len(out.GetDiscrepancies()) == size && i+1 < len(ranked) {
			out.NextPageToken, err = server.NextPage(in, d.rank)
			break
		}
	}
	return out, err
}

// discrepancy is one that has its place in the list.
type discrepancy struct {
	message *reportv1.Discrepancy
	rank    []byte // sorts them: the kind, how much it weighs, then whom and what it is about
}

// reconcile finds what does not fit in an area, the gravest first.
func (s *Server) reconcile(ctx context.Context, n reportName, f *form.Form, kinds []reportv1.DiscrepancyKind) ([]discrepancy, error) {
	if err := s.meet(ctx, n.organization); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.existed(n); err != nil {
		return nil, err
	}
	within := s.within(n)
	if err := MayReconcile(len(within)); err != nil {
		return nil, err
	}
	var found []discrepancy
	err := s.DB.View(ctx, func(r kv.Reader) error {
		dates := newDueDates(r, s.tree)
		for _, id := range within {
			if err := ctx.Err(); err != nil {
				return err
			}
			of, err := s.reconcileOne(r, reportName{id, n.period}, f, dates)
			if err != nil {
				return err
			}
			for _, d := range of {
				if len(kinds) == 0 || slices.Contains(kinds, d.message.GetKind()) {
					found = append(found, d)
				}
			}
		}
		return nil
	})
	slices.SortFunc(found, func(a, b discrepancy) int { return strings.Compare(string(a.rank), string(b.rank)) })
	return found, err
}

// reconcileOne finds what does not fit in an organisation's own report, or in its records where it has none. It must be
// called with s.mu held.
func (s *Server) reconcileOne(r kv.Reader, n reportName, f *form.Form, dates *dueDates) ([]discrepancy, error) {
	l, err := s.standing(r, n, dates)
	if err != nil {
		return nil, err
	}
	if l.self, err = s.selfBases(r, n, f, l.report); err != nil {
		return nil, err
	}
	l.whole = l.self // what is below has lines of its own
	report, fromRecords := l.report, false
	if report == nil {
		if l.self.empty() {
			return nil, nil
		}
		if report, err = s.unreported(r, n, f); err != nil {
			return nil, err
		}
		fromRecords = true
	}
	found, err := s.findings(r, n, f, report, false)
	if err != nil {
		return nil, err
	}
	all := l.apart(f)
	for _, m := range findingMessages(found, report).GetFindings() {
		if d, ok := overYears(f, m); ok {
			all = append(all, d)
		}
	}
	for _, d := range all {
		d.message.Organization, d.message.DisplayName = "organizations/"+string(n.organization), l.displayName
		d.message.FromRecords = fromRecords
	}
	for i := range all {
		all[i].rank = append(all[i].rank, string(n.organization)+"\x00"+all[i].message.GetCell()+"\x00"+all[i].message.GetCause().String()...)
	}
	return all, nil
}

// unreported is what an organisation's records say in place of a report.
func (s *Server) unreported(r kv.Reader, n reportName, f *form.Form) (*reportv1.Report, error) {
	measures, err := s.ownMeasures(r, n, f, false)
	if err != nil {
		return nil, err
	}
	others, err := givenFigures(r, n)
	if err != nil {
		return nil, err
	}
	figures, err := figuresOf(f, measures, others.GetFigures(), nil, nil, s.organ(n))
	if err != nil {
		return nil, err
	}
	return &reportv1.Report{Name: n.String(), Figures: figureMessages(f, figures, others.GetFigures())}, nil
}

// apart are the cells of a line in which its two bases differ.
func (l line) apart(f *form.Form) []discrepancy {
	var all []discrepancy
	typed := make(map[string]*reportv1.Figure)
	for _, figure := range ownFigures(l.report) {
		if figure.GetState() == reportv1.FigureState_FIGURE_STATE_TYPED {
			typed[figure.GetCell()] = figure
		}
	}
	for _, d := range l.differences(f, l.status()) {
		c, _ := f.Cell(d.GetCell())
		all = append(all, newDiscrepancy(c, int64(d.GetDifference()), &reportv1.Discrepancy{
			Kind:     reportv1.DiscrepancyKind_DISCREPANCY_KIND_BASES,
			Expected: count(l.self.records[c.ID]), Found: count(l.self.submitted[c.ID]), Cause: d.GetCause(), Difference: d.GetDifference(),
			Reason: label(l.why(c, d, typed[c.ID])),
		}))
	}
	return all
}

// why is the cause of a difference in words.
func (l line) why(c form.Cell, d *reportv1.Difference, typed *reportv1.Figure) law.Label {
	records, submitted := c.Write(l.self.records[c.ID]), c.Write(l.self.submitted[c.ID])
	switch d.GetCause() {
	case reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING:
		return law.Label{Zh: "未报送报告；按记录为 " + records, En: "No report was submitted; by the records it is " + records}
	case reportv1.DifferenceCause_DIFFERENCE_CAUSE_SUBMITTED:
		return law.Label{Zh: "报告已报送、尚未接收；按记录为 " + records, En: "The report is submitted and not yet accepted; by the records it is " + records}
	case reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED:
		return law.Label{Zh: "报告已退回、尚未重新报送；按记录为 " + records, En: "The report was returned and not submitted again; by the records it is " + records}
	case reportv1.DifferenceCause_DIFFERENCE_CAUSE_NOT_OWED:
		return law.Label{Zh: "本机关不需报送报告；按记录为 " + records, En: "The organisation owes no report; by the records it is " + records}
	case reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE:
		change := fmt.Sprintf("%+d", d.GetDifference())
		if c.Unit == form.Fen {
			change = c.Write(int64(d.GetDifference()))
		}
		return law.Label{Zh: "报告接收之后记录又有变化（" + change + "）", En: "Records changed after the report was accepted (" + change + ")"}
	}
	sealed := c.Write(l.self.records[c.ID] - l.self.late[c.ID])
	said := law.Label{Zh: "报告为 " + submitted + "，接收时按记录为 " + sealed, En: "The report says " + submitted + "; by the records at its acceptance it is " + sealed}
	if typed.GetReason() != "" {
		said.Zh, said.En = said.Zh+"；填报理由："+typed.GetReason(), said.En+"; it was typed in because: "+typed.GetReason()
	}
	return said
}

// overYears is a finding about last year's report; false for any other.
func overYears(f *form.Form, m *reportv1.Finding) (discrepancy, bool) {
	kind := reportv1.DiscrepancyKind_DISCREPANCY_KIND_JUMP
	if m.GetCheck() != check.Jump {
		kind = reportv1.DiscrepancyKind_DISCREPANCY_KIND_OVER_YEARS
		if !slices.ContainsFunc(f.Equations(), func(e form.Equation) bool { return e.Check == m.GetCheck() && e.OverYears() }) {
			return discrepancy{}, false
		}
	}
	c, ok := f.Cell(m.GetCell())
	expected, err := readPrinted(c, m.GetExpected())
	if !ok || err != nil {
		return discrepancy{}, false
	}
	found, err := readPrinted(c, m.GetFound())
	if err != nil {
		return discrepancy{}, false
	}
	said := law.Label{
		Zh: fmt.Sprintf("%s：应为 %s，实为 %s", m.GetText().GetZh(), m.GetExpected(), m.GetFound()),
		En: fmt.Sprintf("%s: expected %s, found %s", m.GetText().GetEn(), m.GetExpected(), m.GetFound()),
	}
	weight := found - expected
	if kind == reportv1.DiscrepancyKind_DISCREPANCY_KIND_JUMP {
		said, weight = jumped(c, expected, found)
	}
	return newDiscrepancy(c, weight, &reportv1.Discrepancy{
		Kind: kind, Expected: count(expected), Found: count(found), Difference: count(found - expected), Reason: label(said), Finding: m,
	}), true
}

// jumped is a jump in words, and how much it weighs: how many times, in hundredths.
func jumped(c form.Cell, then, now int64) (law.Label, int64) {
	from, to := c.Write(then), c.Write(now)
	const most = math.MaxInt32
	if then == 0 || now == 0 {
		if then == 0 {
			return law.Label{Zh: "上期为 0，本期为 " + to, En: "It was 0 in the period before, and is " + to}, most
		}
		return law.Label{Zh: "上期为 " + from + "，本期为 0", En: "It was " + from + " in the period before, and is 0"}, most
	}
	times := func(a, b int64) (string, int64) {
		ratio := float64(a) / float64(b)
		return strconv.FormatFloat(ratio, 'f', 1, 64), int64(min(ratio*100, most))
	}
	if now > then {
		text, weight := times(now, then)
		return law.Label{Zh: "由上期的 " + from + " 升至 " + to + "，为其 " + text + " 倍", En: "It rose from " + from + " in the period before to " + to + ", " + text + " times as much"}, weight
	}
	text, weight := times(then, now)
	return law.Label{Zh: "由上期的 " + from + " 降至 " + to + "，上期为其 " + text + " 倍", En: "It fell from " + from + " in the period before to " + to + ", which is " + text + " times less"}, weight
}

// newDiscrepancy ranks a discrepancy within its kind, the weightiest first; amounts weigh by the unit that they are
// printed in.
func newDiscrepancy(c form.Cell, weight int64, m *reportv1.Discrepancy) discrepancy {
	m.Cell, m.Label = c.ID, label(c.Label)
	if m.GetKind() != reportv1.DiscrepancyKind_DISCREPANCY_KIND_JUMP {
		weight /= max(1, c.PrintedIn().Fen())
	}
	heavy := uint64(max(weight, -weight, 0))
	return discrepancy{message: m, rank: binary.BigEndian.AppendUint64([]byte{byte(m.GetKind())}, math.MaxUint64-heavy)}
}

// readPrinted reads a figure as the form prints it: in a cell of money the amount in its unit, as fen.
func readPrinted(c form.Cell, text string) (int64, error) {
	if c.Unit != form.Fen {
		return strconv.ParseInt(text, 10, 64)
	}
	amount, err := strconv.ParseFloat(text, 64)
	return int64(math.Round(amount * float64(c.PrintedIn().Fen()))), err
}
