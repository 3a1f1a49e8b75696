package report

import (
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/law/organ"

	"google.golang.org/protobuf/proto"
)

// sums tells whether a report of a scope sums reports below it beside the organisation's own figures.
func sums(scope reportv1.RollupScope) bool {
	return scope == reportv1.RollupScope_ROLLUP_SCOPE_WITH_DEPARTMENTS || scope == reportv1.RollupScope_ROLLUP_SCOPE_AREA
}

// ownFigures are an organisation's own figures in its report. Only these count in roll-ups: those of the reports below
// that it may also sum count there for themselves.
func ownFigures(r *reportv1.Report) []*reportv1.Figure {
	if len(r.GetOwnFigures()) > 0 {
		return r.GetOwnFigures()
	}
	return r.GetFigures()
}

// widen makes a report of the organisation's own figures one of its scope. It must be called with s.mu held.
func (s *Server) widen(r kv.Reader, n reportName, f *form.Form, report *reportv1.Report) error {
	report.OwnFigures, report.Below = nil, nil
	if !sums(report.GetScope()) {
		return nil
	}
	figures, err := s.acceptedBelow(r, n, report.GetScope())
	if err != nil {
		return err
	}
	if report.Below, _, err = s.standBelow(r, n, report.GetScope()); err != nil {
		return err
	}
	report.OwnFigures = report.Figures
	report.Figures = make([]*reportv1.Figure, 0, len(report.OwnFigures))
	for _, own := range report.GetOwnFigures() {
		whole := proto.CloneOf(own)
		if c, ok := f.Cell(own.GetCell()); ok && own.GetState() != reportv1.FigureState_FIGURE_STATE_UNFILLED {
			setValue(whole, c, valueOf(own)+figures[c.ID])
			whole.State = reportv1.FigureState_FIGURE_STATE_SUMMED
		}
		report.Figures = append(report.Figures, whole)
	}
	return nil
}

// childrenIn are the organisations directly below one that a scope holds, each with everything below it.
func (s *Server) childrenIn(n reportName, scope reportv1.RollupScope) []organ.ID {
	children := slices.Clone(s.tree.ChildrenIn(n.organization, n.period))
	if scope == reportv1.RollupScope_ROLLUP_SCOPE_WITH_DEPARTMENTS {
		children = slices.DeleteFunc(children, func(id organ.ID) bool { return !id.IsDepartment() })
	}
	return children
}

// acceptedBelow sums the accepted reports below an organisation by cell, as its roll-up does.
func (s *Server) acceptedBelow(r kv.Reader, n reportName, scope reportv1.RollupScope) (map[string]int64, error) {
	figures := make(map[string]int64)
	for _, child := range s.childrenIn(n, scope) {
		if err := sum(r, submitted, child, n.period, figures); err != nil {
			return nil, err
		}
	}
	return figures, nil
}

// mostMissing is how many of the organisations without a report are named.
const mostMissing = 200

// standBelow tells how the reports below an organisation stand, and the names of those that miss theirs.
func (s *Server) standBelow(r kv.Reader, n reportName, scope reportv1.RollupScope) (below *reportv1.ReportsBelow, missing []string, err error) {
	var all []organ.ID
	for _, child := range s.childrenIn(n, scope) {
		all = append(all, s.within(reportName{child, n.period})...)
	}
	slices.Sort(all)
	below = &reportv1.ReportsBelow{}
	for _, id := range all {
		accepted, err := sealed(r, id, n.period) // acceptance seals
		if err != nil {
			return nil, nil, err
		}
		o, _ := s.tree.Get(id)
		v := lastVersion(o, reportName{id, n.period})
		switch {
		case accepted:
			below.Accepted++
		case v != nil && v.OwesReport:
			below.Missing++
			if len(missing) < mostMissing {
				missing = append(missing, v.DisplayName)
				below.MissingOrganizations = append(below.MissingOrganizations, "organizations/"+string(id))
			}
		}
	}
	return below, missing, nil
}

// below is what a report that sums others is checked against, as they are accepted now; nil for another report. Who is
// missing is named only to whom that concerns.
func (s *Server) below(r kv.Reader, n reportName, f *form.Form, report *reportv1.Report, named bool) (*check.Below, error) {
	if !sums(report.GetScope()) {
		return nil, nil
	}
	figures, err := s.acceptedBelow(r, n, report.GetScope())
	if err != nil {
		return nil, err
	}
	var missing []string
	if named {
		if _, missing, err = s.standBelow(r, n, report.GetScope()); err != nil {
			return nil, err
		}
	}
	own := s.checkable(n, f, report)
	own.Figures = formFigures(ownFigures(report))
	others := check.Report{Form: f, Period: n.period, Figures: make(map[string]form.Figure)}
	for _, c := range f.Cells() {
		others.Figures[c.ID] = form.Figure{Value: figures[c.ID], State: form.Summed}
	}
	return &check.Below{Own: &own, Children: []check.Report{others}, Missing: missing, Stated: true}, nil
}
