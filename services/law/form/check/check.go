package check

import (
	"cmp"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// Report is a report, as far as it is known.
type Report struct {
	Form   *form.Form
	Period workday.Period // no period: the report does not say
	Organ  Organ
	// Figures are those of the form, of its annex and of merged rows, by the cell's id. A cell that is not there is blank.
	Figures map[string]form.Figure
	// Narratives are the texts by part; nil where it is not known what text the report has.
	Narratives map[string]string
	// Published tells that it was read in as it was published, possibly long ago: what it leaves blank is noted, and
	// nobody's to fill in. Complete tells that its blanks are errors all the same.
	Published, Complete bool
}

// Organ is who reports, as far as it is known.
type Organ struct {
	ID    organ.ID    // empty if it is not known
	Name  string      // may be empty
	Kind  organ.Kind  // 0 if it is not known
	Level organ.Level // 0 if it is not known
	// Absent tells that the organ is known not to have existed in the period.
	Absent bool
}

// key tells organs apart; empty for one that is not known.
func (o Organ) key() string { return cmp.Or(string(o.ID), o.Name) }

// Input is a report with what it is checked against.
type Input struct {
	Report
	// Forms tell which form the report's year has; nil: that is not checked.
	Forms form.Forms
	// Previous is the last published version of the report before, or those of the predecessors after a merger.
	Previous []Report
	// Below are the reports of the level below; nil: that is not checked.
	Below *Below
	// Peers are reports of the same period by organs of the same kind.
	Peers []Report
	// Records is what the organ's own records say; nil if there are none.
	Records *Records
}

// Below are the reports that a report of an area sums up.
type Below struct {
	Own      *Report  // the organ's report on itself; nil if it is among the children or not known
	Children []Report // those that are accepted
	Missing  []string // the names of those that are not there
	// Whole tells that own and children, with those missing, are all that the report sums up.
	Whole bool
	// Stated tells that the report says itself that it sums just these: then it is their sum, whoever else is missing.
	Stated bool
}

// Records is what is known of requests beside a report.
type Records struct {
	FeeNotices  int64 // sent in the period, or so shortly before it that they could be paid in it
	Charged     int64 // information processing fees received in the period, in fen
	Received    int64 // new requests in the period
	HandledAnew int64 // cases that were handled anew after an appeal in the period, none of them a new request
	// AnsweredOn counts the answers by day.
	AnsweredOn map[workday.Date]int64
}

// Severity is how much a finding weighs.
type Severity int

// The severities from the gravest.
const (
	Hard  Severity = iota + 1 // it is wrong: the report cannot be submitted unless it is overridden with a reason
	Cross                     // figures and words do not fit: to be explained or put right
	Soft                      // unusual: to be looked at
	Note                      // to be known, nothing is wrong
)

// String is the severity's name in English.
func (s Severity) String() string { return s.Label().En }

// Label is the severity's name; empty for none.
func (s Severity) Label() law.Label {
	switch s {
	case Hard:
		return law.Label{Zh: "错误", En: "error"}
	case Cross:
		return law.Label{Zh: "不一致", En: "mismatch"}
	case Soft:
		return law.Label{Zh: "提示", En: "hint"}
	case Note:
		return law.Label{Zh: "说明", En: "note"}
	}
	return law.Label{}
}

// Finding is something that a check found.
type Finding struct {
	Check    string // the id of the check
	Severity Severity
	Part     string    // the id of the part that it is about; may be empty
	Table    law.Label // the table's label, or the part's; may be empty
	Row      law.Label // may be empty
	Column   law.Label // may be empty
	Cell     string    // the id of the cell; may be empty
	Cells    []string  // all cells that it depends on
	// Expected and Found are figures as the form prints them, or words. They may be empty.
	Expected, Found string
	Unit            form.Unit // of both, where they are figures
	Basis           form.Basis
	Source          law.Citation // zero where the check is arithmetic
	Text            law.Label    // what is wrong
	Remedy          law.Label    // what to do
}

// Run checks a report. The findings come by severity, then in the order of the checks and of the form; none is nil.
// It does not keep or change what it is given.
func Run(in Input) []Finding {
	if in.Form == nil {
		return nil
	}
	r := &run{Input: in, catalogue: catalogue(), stands: in.stands()}
	r.who()
	r.figures()
	r.equations()
	r.outcomes()
	r.levels()
	r.narratives()
	r.mentions()
	r.lists()
	r.records()
	r.soft()
	slices.SortStableFunc(r.found, func(a, b Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	return r.found
}

// Has tells whether any finding has a severity.
func Has(found []Finding, s Severity) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Severity == s })
}

// run is one run of the checks.
type run struct {
	Input
	catalogue map[string]Definition
	stands    map[string]string // the cells that a merged row stands for, with its cell
	found     []Finding
}

// add notes a finding of a check of the catalogue.
func (r *run) add(id string, f Finding) {
	d := r.catalogue[id]
	f.Check, f.Remedy, f.Source = id, d.Remedy, d.Source
	if f.Severity == 0 {
		f.Severity = d.Severity
	}
	if f.Basis == "" {
		f.Basis = d.Basis
	}
	if f.Text == (law.Label{}) {
		f.Text = d.Text
	}
	r.found = append(r.found, f)
}

// at is a finding that is about a cell.
func (r *run) at(c form.Cell) Finding {
	f := Finding{Cell: c.ID, Cells: []string{c.ID}, Row: c.Label, Unit: c.PrintedIn(), Part: partOf(r.Form, c.ID)}
	if t, ok := r.Form.Table(c.Table); ok {
		f.Table, f.Row, f.Column = t.Label, t.RowLabel(c.Row), t.ColumnLabel(c.Column)
		return f
	}
	if p, ok := r.Form.Part(f.Part); ok {
		f.Table = p.Label
	}
	return f
}

func partOf(f *form.Form, cell string) string {
	for _, p := range f.Parts {
		if slices.ContainsFunc(p.Cells, func(c form.Cell) bool { return c.ID == cell }) {
			return p.ID
		}
	}
	return ""
}

// about is a finding that is about a part.
func about(p form.Part) Finding { return Finding{Part: p.ID, Table: p.Label} }

// cell returns a cell of the form, of an annex or of a merged row.
func (r *run) cell(id string) (form.Cell, bool) {
	if c, ok := r.Form.Find(id); ok {
		return c, true
	}
	c, _, ok := r.Form.MergedCell(id)
	return c, ok
}

// largest is the largest figure that is added up; a larger one is no figure of any organ.
const largest = 100_000_000_000_000

// value is a figure that can be counted with.
func (r Report) value(cell string) (int64, bool) {
	f, ok := r.Figures[cell]
	if !ok || !f.State.Known() || f.Value > largest || f.Value < -largest {
		return 0, false
	}
	return f.Value, true
}
