package form

import (
	"slices"
	"strings"

	"gongkai/services/law"
)

// Basis is what an identity rests on.
type Basis string

// The bases of an identity.
const (
	Printed    Basis = "printed"    // the form itself prints it
	Arithmetic Basis = "arithmetic" // a total of its parts
	Reading    Basis = "reading"    // our reading of the form
)

// Identity (勾稽关系) is a rule of a form: the terms on its left add up to those on its right.
//
// A term of a table's identity names a row where the identity holds for each column, and a column where it holds for
// each row. A term of a form's own identity names a cell. A term after - is taken away; one after last. is that of the
// report of the year before.
type Identity struct {
	ID    string    `yaml:"id"` // stable and one for all forms: it is the id of the check
	Label law.Label `yaml:"label"`
	// Remedy says what to do where the identity is broken.
	Remedy law.Label `yaml:"remedy"`
	Basis  Basis     `yaml:"basis"`
	Each   string    `yaml:"each"` // column or row; empty for a form's own
	Only   []string  `yaml:"only"` // the columns or rows that it holds for; empty: all
	Left   []string  `yaml:"left"`
	Right  []string  `yaml:"right"`
}

// Term is a cell in an equation.
type Term struct {
	Cell  string
	Minus bool
	Last  bool // of the report of the year before
}

// Equation is an identity, or a sum of the form, for single cells.
type Equation struct {
	Check  string // the id of its check: the identity's, or one of the sums'
	Label  law.Label
	Remedy law.Label
	Basis  Basis
	Left   []Term
	Right  []Term
	Cell   string // where a report that breaks it is told so: the last cell on the left of this year
}

// OverYears tells whether the equation is about the report of the year before, too.
func (e Equation) OverYears() bool {
	last := func(t Term) bool { return t.Last }
	return slices.ContainsFunc(e.Left, last) || slices.ContainsFunc(e.Right, last)
}

// The checks of sums, which every form has.
const (
	RowTotal    = "sum.row"    // the total of a row is the sum of its columns
	ColumnTotal = "sum.column" // the total of a column is the sum of its rows
	CellTotal   = "sum.cell"   // a total outside of tables is the sum of its cells
)

// Equations returns all that must hold between the cells of a report, and between those and the cells of the report of
// the year before: the sums first, then the identities. They must not be changed.
func (f *Form) Equations() []Equation {
	if f.derivation != nil {
		return slices.Clip(f.derivation.equations)
	}
	return f.findEquations()
}

func (f *Form) findEquations() []Equation {
	var all []Equation
	for i := range f.Parts {
		all = append(all, f.Parts[i].equations()...)
	}
	for i := range f.Annexes {
		all = append(all, f.Annexes[i].Part.equations()...)
	}
	for _, id := range f.Identities {
		all = append(all, id.equation(func(name string) string { return name }))
	}
	return all
}

func (p *Part) equations() []Equation {
	var all []Equation
	for _, c := range p.Cells {
		if c.Table == "" && len(c.Sum) > 0 {
			all = append(all, total(CellTotal, c.ID, c.Sum))
		}
	}
	for i := range p.Tables {
		all = append(all, p.Tables[i].sums()...)
		all = append(all, p.Tables[i].equations()...)
	}
	return all
}

// total is the equation of a sum.
func total(check, cell string, parts []string) Equation {
	e := Equation{Check: check, Basis: Arithmetic, Left: []Term{{Cell: cell}}, Cell: cell}
	for _, part := range parts {
		e.Right = append(e.Right, Term{Cell: part})
	}
	return e
}

// sums are the equations of the table's totals, across and down, those of its merged rows among them; a merged row
// that stands beside its rows is their sum.
func (t *Table) sums() []Equation {
	var all []Equation
	rows := slices.Clone(t.Rows)
	for _, m := range t.Merged {
		rows = append(rows, Row{ID: m.ID, Sum: m.Rows})
	}
	for _, r := range rows {
		for _, c := range t.Columns {
			id := t.CellID(r.ID, c.ID)
			var across, down []string
			for _, column := range c.Sum {
				across = append(across, t.CellID(r.ID, column))
			}
			for _, row := range r.Sum {
				down = append(down, t.CellID(row, c.ID))
			}
			if across != nil {
				all = append(all, total(RowTotal, id, across))
			}
			if down != nil {
				all = append(all, total(ColumnTotal, id, down))
			}
		}
	}
	return all
}

// equations are the table's identities, for each column or row.
func (t *Table) equations() []Equation {
	var all []Equation
	for _, id := range t.Identities {
		for _, c := range t.Columns {
			if id.Each == "column" && id.holds(c.ID) {
				all = append(all, id.equation(func(row string) string { return t.CellID(row, c.ID) }))
			}
		}
		for _, r := range t.Rows {
			if id.Each == "row" && id.holds(r.ID) {
				all = append(all, id.equation(func(column string) string { return t.CellID(r.ID, column) }))
			}
		}
	}
	return all
}

func (id Identity) holds(place string) bool {
	return len(id.Only) == 0 || slices.Contains(id.Only, place)
}

// equation is the identity with cells in place of names.
func (id Identity) equation(cell func(name string) string) Equation {
	e := Equation{Check: id.ID, Label: id.Label, Remedy: id.Remedy, Basis: id.Basis}
	for _, term := range id.Left {
		e.Left = append(e.Left, readTerm(term, cell))
	}
	for _, term := range id.Right {
		e.Right = append(e.Right, readTerm(term, cell))
	}
	for _, t := range e.Left {
		if !t.Last {
			e.Cell = t.Cell
		}
	}
	return e
}

func readTerm(text string, cell func(name string) string) Term {
	name, minus := strings.CutPrefix(text, "-")
	name, last := strings.CutPrefix(name, "last.")
	return Term{Cell: cell(name), Minus: minus, Last: last}
}

// Continuation says that a cell goes on from cells of a former form that have other ids.
type Continuation struct {
	Cell  string   `yaml:"cell"`
	Form  string   `yaml:"form"`
	Cells []string `yaml:"cells"` // of the former form; added up
}

// Predecessors returns the cells of a former form, or of the same, that a cell goes on from: those that the form names,
// else the one with the same id. None: the former form has nothing like it.
func (f *Form) Predecessors(cell string, former *Form) []string {
	for _, c := range f.Continues {
		if c.Cell == cell && c.Form == former.ID {
			return slices.Clone(c.Cells)
		}
	}
	if _, ok := former.Find(cell); ok {
		return []string{cell}
	}
	if _, _, ok := former.MergedCell(cell); ok {
		return []string{cell}
	}
	return nil
}
