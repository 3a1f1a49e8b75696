package form

import (
	"slices"
	"strings"

	"gongkai/services/law"
)

// Form is the form that the reports of some years have.
type Form struct {
	ID        string    `yaml:"id"`
	FirstYear int       `yaml:"first_year"` // the first year reported on
	LastYear  int       `yaml:"last_year"`  // the last one; 0 while the form is used
	Title     law.Label `yaml:"title"`
	Source    Source    `yaml:"source"`
	// Categories are those of its disclosures. After [Load] they are never empty: a form without a list of its own
	// has the standard one.
	Categories []Category `yaml:"categories"`
	Parts      []Part     `yaml:"parts"`
	// Annexes are what some years' reports had beside the form. They are optional, and not among [Form.Cells].
	Annexes []Annex `yaml:"annexes"`
	// Identities are the rules that tie cells of several tables or years, beside those that a table has.
	Identities []Identity `yaml:"identities"`
	// Continues says which cells of former forms cells go on from under another id.
	Continues []Continuation `yaml:"continues"`

	// Mentions are the words by which the text of a report tells a figure.
	Mentions []Mention `yaml:"mentions"`

	derivation *derivation // how its cells are computed, made by [Load]
	ended      bool        // its last year was set by [Forms.With]
}

// Annex is a part that the reports of some years may have beside the form.
type Annex struct {
	FirstYear int    `yaml:"first_year"`
	LastYear  int    `yaml:"last_year"`
	Source    Source `yaml:"source"`
	Part      Part   `yaml:"part"`
}

// Covers tells whether reports on a year may have the annex.
func (a Annex) Covers(year int) bool {
	return a.FirstYear <= year && (a.LastYear == 0 || year <= a.LastYear)
}

// Source is what prescribes a form.
type Source struct {
	Title  law.Label `yaml:"title"`
	Number string    `yaml:"number"` // of the decree or notice; may be empty
	// Citations are the places in the law that the form follows. The first is the one that broken checks cite.
	Citations []law.Citation `yaml:"citations"`
}

// Part is a chapter of the report.
type Part struct {
	ID           string    `yaml:"id"`
	Label        law.Label `yaml:"label"`
	Aliases      []string  `yaml:"aliases"`        // other headings that published reports have for it
	Narrative    bool      `yaml:"narrative"`      // it must have text
	MayStateNone bool      `yaml:"may_state_none"` // its figures may be stated as none (无)
	// Cells are its figures in the order of the form. After [Load] those of its tables are among them, row by row.
	Cells  []Cell  `yaml:"cells"`
	Tables []Table `yaml:"tables"`
}

// Unit is what a cell counts in.
type Unit string

// The units.
const (
	Count Unit = "count" // things: records, requests, cases
	Fen   Unit = "fen"   // money, in hundredths of a yuan
	// Yuan and WanYuan (万元, ten thousand yuan) are units that forms print amounts in; values are always in fen.
	Yuan    Unit = "yuan"
	WanYuan Unit = "wan_yuan"
)

// Fen is how many fen one of the unit is; 0 for a unit that is none of money.
func (u Unit) Fen() int64 {
	switch u {
	case Fen:
		return 1
	case Yuan:
		return 100
	case WanYuan:
		return 1_000_000
	}
	return 0
}

// Cell is one figure of the form.
type Cell struct {
	ID    string    `yaml:"id"`
	Label law.Label `yaml:"label"`
	Unit  Unit      `yaml:"unit"`
	// Printed is the unit that the form prints an amount in; empty where it sets none, so that reports choose.
	Printed Unit     `yaml:"printed"`
	Signed  bool     `yaml:"signed"`  // it may be below zero, as an increase or decrease
	Aliases []string `yaml:"aliases"` // other labels that published reports have for it
	Facts   []string `yaml:"facts"`   // the measures that feed it; * stands for one segment
	Sum     []string `yaml:"sum"`     // the cells that it is the sum of
	// Table, Row and Column are where a cell of a table stands; empty for others.
	Table  string `yaml:"-"`
	Row    string `yaml:"-"`
	Column string `yaml:"-"`
	// Regulations tells that it counts regulations (规章).
	Regulations bool `yaml:"-"`
}

// Cells returns the cells of all parts, in the order of the form. They must not be changed.
func (f *Form) Cells() []Cell {
	if f.derivation != nil {
		return slices.Clip(f.derivation.cells)
	}
	var cells []Cell
	for _, p := range f.Parts {
		cells = append(cells, p.Cells...)
	}
	return cells
}

// Replaced tells whether the form was of a time that has ended: it has a last year of its own.
func (f *Form) Replaced() bool { return f.LastYear != 0 && !f.ended }

// index returns the cells by id.
func (f *Form) index() map[string]Cell {
	index := map[string]Cell{}
	for _, c := range f.Cells() {
		index[c.ID] = c
	}
	return index
}

// Cell returns a cell by its id.
func (f *Form) Cell(id string) (Cell, bool) {
	if f.derivation != nil {
		i, ok := f.derivation.places[id]
		if !ok {
			return Cell{}, false
		}
		return f.derivation.cells[i], true
	}
	for _, p := range f.Parts {
		for _, c := range p.Cells {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Cell{}, false
}

// Find returns a cell of the form or of its annexes by its id.
func (f *Form) Find(id string) (Cell, bool) {
	if c, ok := f.Cell(id); ok {
		return c, true
	}
	for _, a := range f.Annexes {
		for _, c := range a.Part.Cells {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Cell{}, false
}

// Annex returns the annex that reports on a year may have, if there is one.
func (f *Form) Annex(year int) (Annex, bool) {
	for _, a := range f.Annexes {
		if a.Covers(year) {
			return a, true
		}
	}
	return Annex{}, false
}

// Part returns a part by its id.
func (f *Form) Part(id string) (Part, bool) {
	for _, p := range f.Parts {
		if p.ID == id {
			return p, true
		}
	}
	return Part{}, false
}

// Covers tells whether the form is the one for reports on a year.
func (f *Form) Covers(year int) bool {
	return f.FirstYear <= year && (f.LastYear == 0 || year <= f.LastYear)
}

// Fed tells whether a measure feeds the cell directly; a sum is fed only through its cells.
func (c Cell) Fed(measure string) bool {
	for _, fact := range c.Facts {
		if overlap(fact, measure) {
			return true
		}
	}
	return false
}

// overlap tells whether some measure fits both patterns.
func overlap(a, b string) bool {
	for {
		headA, tailA, moreA := strings.Cut(a, ".")
		headB, tailB, moreB := strings.Cut(b, ".")
		if headA != headB && headA != "*" && headB != "*" || moreA != moreB {
			return false
		}
		if !moreA {
			return true
		}
		a, b = tailA, tailB
	}
}
