package published

import (
	"cmp"
	"fmt"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/law/workday"
	"gongkai/services/report/document"
)

// State is what stands in a cell.
type State int

// The states of a cell. A cell that the report does not have at all has no figure.
const (
	Filled     State = iota // a number
	StatedNone              // 无
	Blank                   // nothing
	Dashed                  // a stroke: /, - or —
	Fraction                // a number that is not whole, in a cell that counts; its value is rounded down
	Unreadable              // something else
)

// String is the state's name: filled, none, blank, dashed, fraction, unreadable.
func (s State) String() string {
	return [...]string{"filled", "none", "blank", "dashed", "fraction", "unreadable"}[s]
}

// Figure is what a report says in a cell.
type Figure struct {
	Value int64     // a count, or an amount in fen
	Unit  form.Unit // that an amount was written in
	State State
	// Rounded tells that the report gives no more than about so many: 200余条, 1.2万条.
	Rounded bool
	Raw     string // as written, at most 60 characters
	Note    string // that stands beside the number
	Row     string // the row's label as written
	Where   string // the table's place in the file: its number, and its sheet
}

// Reasons why a document cannot be read as a report, with the values that their texts name.
const (
	NoReport     law.Reason = "PUBLISHED_NO_REPORT"    // none: neither a table nor a part of any form
	FormNotKnown law.Reason = "PUBLISHED_FORM_UNKNOWN" // form, known
)

// Report is what a published report says.
type Report struct {
	Form         *form.Form
	Year         int    // 0: not found
	Organization string // empty: not found
	Title        string
	Figures      map[string]Figure // by cell; merged rows have cells of their own
	Narratives   map[string]string // by part
	Remarks      []check.Finding
}

// Hints are what is known of a report beside what it says.
type Hints struct {
	Form string // its form's id; empty: recognised
	Year int    // 0: from its title
}

// Read finds a report in a document. It errs with a [*law.Breach] of [NoReport] where there is none, or [FormNotKnown].
func Read(doc *document.Document, forms form.Forms, hints Hints) (*Report, error) {
	candidates, err := candidates(forms, hints.Form)
	if err != nil {
		return nil, err
	}
	told := titleOf(doc)
	year := cmp.Or(hints.Year, told.year)
	var best *mapper
	for _, f := range candidates {
		m := newMapper(f, year)
		m.told = told
		m.read(doc)
		if best == nil || m.fits(best) {
			best = m
		}
	}
	if best.placed() == 0 && len(best.parts) < 2 && (told.title == "" && told.organization == "" || len(best.parts) == 0) {
		return nil, refuse(NoReport)
	}
	r := best.report()
	r.Year, r.Organization, r.Title = year, told.organization, told.title
	if told.organization == "" {
		r.Remarks = append(r.Remarks, finding(OrganUnknown, check.Soft, check.Finding{}))
	}
	return r, nil
}

// candidates are the forms that a report may have.
func candidates(forms form.Forms, id string) ([]*form.Form, error) {
	var all []*form.Form
	var known []string
	for i := range forms {
		if id == "" || forms[i].ID == id {
			all = append(all, &forms[i])
		}
		known = append(known, forms[i].ID)
	}
	if len(all) == 0 {
		return nil, refuse(FormNotKnown, "form", id, "known", join(known))
	}
	return all, nil
}

func refuse(r law.Reason, kv ...string) error {
	broken := law.Under(law.Citation{})
	broken.If(true, r, "file", kv...)
	return broken.Err()
}

// Checked is the report as the checks take it. Cells of rows and tables that it lacks are unknown: that they are missing
// is told by the remarks. On the form in use it has to be complete; on one that has been replaced, blanks are noted.
func (r *Report) Checked() check.Report {
	c := check.Report{Form: r.Form, Organ: check.Guess(r.Organization), Figures: map[string]form.Figure{}, Narratives: r.Narratives, Published: true, Complete: !r.Form.Replaced()}
	if r.Year != 0 {
		c.Period, _ = workday.ParsePeriod(fmt.Sprint(r.Year)) // no period says that it is not known
	}
	for _, p := range r.Form.Parts {
		silent := !slices.ContainsFunc(p.Cells, func(cell form.Cell) bool { _, ok := r.Figures[cell.ID]; return ok })
		for _, cell := range p.Cells { // sentences that tell some figures of a part leave the others open
			if _, ok := r.Figures[cell.ID]; !ok && (cell.Table != "" || !silent) {
				c.Figures[cell.ID] = form.Figure{State: form.Unknown}
			}
		}
	}
	for id, f := range r.Figures {
		c.Figures[id] = f.checked()
	}
	return c
}

// checked is a figure as the checks take it.
func (f Figure) checked() form.Figure {
	if f.Rounded { // no sum can be checked against it
		return form.Figure{State: form.Unknown}
	}
	switch f.State {
	case Filled:
		return form.Figure{Value: f.Value, State: form.Typed}
	case StatedNone:
		return form.Figure{State: form.StatedNone}
	case Dashed:
		return form.Figure{State: form.Slashed, Text: f.Raw}
	case Blank:
		return form.Figure{State: form.Unfilled}
	}
	return form.Figure{State: form.Unreadable, Text: f.Raw}
}

// Check checks the report, with what is given beside it; [check.Input.Report] is that of [Report.Checked]. What was to say
// of reading it is among the findings, the gravest first.
func (r *Report) Check(in check.Input) []check.Finding {
	found := slices.Concat(r.Remarks, check.Run(in))
	slices.SortStableFunc(found, func(a, b check.Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	return found
}
