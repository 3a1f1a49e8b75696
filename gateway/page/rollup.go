package page

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law/workday"
)

// rollup is the content of the roll-up's page.
type rollup struct {
	words
	Name, Heading, Period, Form  string
	Owed, Accepted, Late         int32
	OwedLink, DiscrepanciesLink  string // to who owes a report, and to what does not fit, at any level below
	AcceptedOnly                 bool
	Views                        []choice // this period alone, beside last year's, for the year so far
	Scopes                       []choice // the whole area, with departments, its own
	Chart                        *chart
	Parts                        []partHeading
	Cells                        []cellHeading
	Rows                         []row
	Totals                       []figure
	Missing, Returned, Submitted []row
	Differences                  []differences
}

// partHeading spans the columns of one part of the form.
type partHeading struct {
	Label string
	Span  int
}

// cellHeading heads one column.
type cellHeading struct {
	Label string
	First bool // of its part
	Sum   bool
}

// row is one organisation.
type row struct {
	Name, Code  string
	Link        string // to its report, or its own roll-up without one
	Status      string
	StatusClass string
	Version     int32
	Ended, Own  bool
	Note        string // why it owes no report
	Reasons     []reason
	Figures     []figure
	Due         due
}

// reason is why a report was returned.
type reason struct{ About, Text string }

// differences are those of one organisation by one cause.
type differences struct {
	Name, Link, Cause string
	Cells             []difference
}

// difference is one cell's.
type difference struct{ Cell, Amount, Link string }

func (s *site) showHome(v *visit, _ *http.Request) error {
	home, err := newSubject(s.home.Organization, s.home.Period)
	if err != nil {
		return err
	}
	return s.rollupPage(v, home, look{})
}

func (s *site) showRollup(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	l, err := parseLook(r.URL.Query())
	if err != nil {
		return err
	}
	return s.rollupPage(v, of, l)
}

// look is how a roll-up is looked at; zero: the whole area in this period.
type look struct {
	view  string // what stands beside the period: the year_before, or the year to_date
	scope string // whose figures: its own, with its departments
}

// scopes are those that a look can have.
var scopes = map[string]reportv1.RollupScope{
	"":            reportv1.RollupScope_ROLLUP_SCOPE_AREA,
	"departments": reportv1.RollupScope_ROLLUP_SCOPE_WITH_DEPARTMENTS,
	"own":         reportv1.RollupScope_ROLLUP_SCOPE_OWN,
}

func parseLook(query url.Values) (look, error) {
	l := look{query.Get("view"), query.Get("scope")}
	if !slices.Contains([]string{"", "year_before", "to_date"}, l.view) {
		return l, fault.Field("view", "NOT_IN_LIST")
	}
	if _, ok := scopes[l.scope]; !ok {
		return l, fault.Field("scope", "NOT_IN_LIST")
	}
	return l, nil
}

// to is a page looked at in this way.
func (l look) to(path string) string {
	query := url.Values{}
	for name, value := range map[string]string{"view": l.view, "scope": l.scope} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// views are the links to what can stand beside the period, scopes those to whose figures can be summed.
func (l look) views(of subject, w words) []choice {
	names := []string{"", "year_before"}
	if of.Period.Kind() != workday.Year {
		names = append(names, "to_date")
	}
	var all []choice
	for _, name := range names {
		all = append(all, choice{w.T("view_" + cmp.Or(name, "plain")), look{name, l.scope}.to(of.rollup()), name == l.view})
	}
	return all
}

func (l look) scopes(of subject, w words) []choice {
	if of.endmost() {
		return nil
	}
	names := []string{"", "departments", "own"}
	if of.township() {
		names = []string{"", "own"}
	}
	var all []choice
	for _, name := range names {
		all = append(all, choice{w.T(scopes[name].String()), look{l.view, name}.to(of.rollup()), name == l.scope})
	}
	return all
}

func (s *site) rollupPage(v *visit, of subject, l look) error {
	m, form, err := s.getRollup(v, of, l)
	if err != nil {
		return err
	}
	w := words{v.language}
	content := rollupContent(m, form, of, l, w)
	content.Chart = makeChart(m, form, w)
	content.Views, content.Scopes = l.views(of, w), l.scopes(of, w)
	return s.show(v, http.StatusOK, "rollup", content.Name+" "+content.Heading, content)
}

// getRollup gets a roll-up, as it is looked at, and its form.
func (s *site) getRollup(v *visit, of subject, l look) (*reportv1.Rollup, *sheet, error) {
	m, err := s.report.GetRollup(v.ctx, &reportv1.GetRollupRequest{
		Name: of.rollupName(), Scope: scopes[l.scope], YearOnYear: l.view == "year_before", YearToDate: l.view == "to_date",
	})
	if err != nil {
		return nil, nil, err
	}
	form, err := s.report.GetReportForm(v.ctx, &reportv1.GetReportFormRequest{Name: m.GetForm()})
	if err != nil {
		return nil, nil, err
	}
	return m, newSheet(form), nil
}

func rollupContent(m *reportv1.Rollup, form *sheet, of subject, l look, w words) rollup {
	c := rollup{
		words: w, Name: m.GetDisplayName(), Heading: w.heading("rollup", of.Period), Period: w.period(of.Period), Form: w.label(form.form.GetTitle()),
		Owed: m.GetOwed(), Accepted: m.GetAccepted(), AcceptedOnly: m.GetAcceptedOnly(),
		Late: m.GetLate(), OwedLink: of.owed("", ""), DiscrepanciesLink: of.discrepancies(),
	}
	for _, p := range form.form.GetParts() {
		if len(p.GetCells()) == 0 {
			continue
		}
		c.Parts = append(c.Parts, partHeading{w.label(p.GetLabel()), len(p.GetCells())})
		for i, cell := range p.GetCells() {
			c.Cells = append(c.Cells, cellHeading{Label: form.heading(cell.GetId(), w), First: i == 0, Sum: len(cell.GetSum()) > 0})
			c.Totals = append(c.Totals, form.figure(cell.GetId(), m.GetTotals()[cell.GetId()], true, look{scope: l.scope}.to(of.cell(cell.GetId())), w))
		}
	}
	for _, r := range m.GetRows() {
		made := makeRow(r, form, of, w)
		c.Rows = append(c.Rows, made)
		switch r.GetStatus() {
		case reportv1.RollupStatus_ROLLUP_STATUS_MISSING:
			c.Missing = append(c.Missing, made)
		case reportv1.RollupStatus_ROLLUP_STATUS_RETURNED:
			c.Returned = append(c.Returned, made)
		case reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED:
			c.Submitted = append(c.Submitted, made)
		}
	}
	c.Differences = makeDifferences(m, form, of, w)
	return c
}

func makeRow(r *reportv1.RollupRow, form *sheet, of subject, w words) row {
	own := of.of(r.GetOrganization())
	made := row{
		Name: r.GetDisplayName(), Code: r.GetCode(), Status: w.rollupStatus(r.GetStatus()), StatusClass: statusClasses[r.GetStatus()],
		Version: r.GetVersion(), Ended: r.GetEnded(), Own: r.GetOwn(), Note: r.GetNoReportReason(), Link: own.rollup(),
		Due: dueOf(r.GetDueOn(), r.GetDueByLaw(), r.GetDueSetBy(), r.GetDaysLate()),
	}
	if r.GetVersion() > 0 {
		made.Link = own.report("")
	}
	made.Reasons = reasons(r.GetReturnReasons(), form, w)
	for _, p := range form.form.GetParts() {
		for _, cell := range p.GetCells() {
			made.Figures = append(made.Figures, rowFigure(r, form, own, cell.GetId(), w))
		}
	}
	return made
}

func rowFigure(r *reportv1.RollupRow, form *sheet, own subject, cell string, w words) figure {
	accepted := r.GetStatus() == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED
	return form.figure(cell, r.GetFigures()[cell], accepted, rowLink(r, form, own, cell), w)
}

// rowLink is the page of what a row's figure sums: what its own stands on, or first the organisations below it.
func rowLink(r *reportv1.RollupRow, form *sheet, own subject, cell string) string {
	if r.GetOwn() || own.endmost() {
		return form.source(r, own, cell)
	}
	return own.cell(cell)
}

func reasons(given []*reportv1.ReturnReason, form *sheet, w words) []reason {
	var all []reason
	for _, g := range given {
		about := ""
		if g.GetCell() != "" {
			about = form.heading(g.GetCell(), w)
		}
		all = append(all, reason{About: about, Text: g.GetText()})
	}
	return all
}

// makeDifferences gathers the differences by organisation and cause, in the order in which they come.
func makeDifferences(m *reportv1.Rollup, form *sheet, of subject, w words) []differences {
	rows := map[string]*reportv1.RollupRow{}
	for _, r := range m.GetRows() {
		rows[r.GetOrganization()] = r
	}
	var all []differences
	place := map[string]int{}
	for _, d := range m.GetDifferences() {
		r, own := rows[d.GetOrganization()], of.of(d.GetOrganization())
		key := d.GetOrganization() + " " + d.GetCause().String()
		i, ok := place[key]
		if !ok {
			i = len(all)
			place[key] = i
			all = append(all, differences{Name: r.GetDisplayName(), Link: own.rollup(), Cause: w.differenceCause(d.GetCause())})
		}
		all[i].Cells = append(all[i].Cells, difference{
			Cell: form.heading(d.GetCell(), w), Amount: form.signed(d.GetCell(), d.GetDifference()), Link: rowLink(r, form, own, d.GetCell()),
		})
	}
	return all
}

// heading is what a roll-up or a report of a period is called.
func (w words) heading(name string, p workday.Period) string {
	if p.Kind() == workday.Year {
		name = "annual_" + name
	}
	return w.F("of_period", w.period(p), w.T(name))
}

// period writes a period in words.
func (w words) period(p workday.Period) string {
	first := p.First()
	year, month := first.Year, int(first.Month)
	switch p.Kind() {
	case workday.Quarter:
		return w.F("quarter", year, (month+2)/3)
	case workday.Month:
		return w.F("month", year, month)
	}
	return w.F("year", year)
}
