package form

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gongkai/services/law"
)

// State is how a figure came about.
type State int

// The states of a figure.
const (
	Unfilled   State = iota // nobody filled it in
	Derived                 // it follows from records
	StatedNone              // stated as none (无)
	Typed                   // typed in by a person, or read from a published report
	Given                   // given by another system
	Slashed                 // a stroke, as "/", stands in its place
	Unreadable              // something stands in its place that is no figure
	Unknown                 // the report does not tell it, as where it has one row in place of several
	Summed                  // the organ's own with those of the reports below it
)

// Known tells whether a figure has a value: 0 included, if it is stated.
func (s State) Known() bool {
	return s == Derived || s == StatedNone || s == Typed || s == Given || s == Summed
}

// Figure is the value of a cell in a report, in the cell's unit.
type Figure struct {
	Value int64
	State State
	Text  string // what stands in its place, if it is [Slashed] or [Unreadable]
}

// Reasons of [Form.Check], with the values that their texts name. A cell and a part come with their labels: cell_zh,
// cell_en, part_zh, part_en.
const (
	NegativeFigure    law.Reason = "NEGATIVE_FIGURE"      // cell, value
	CellUnfilled      law.Reason = "CELL_UNFILLED"        // cell
	SumDiffers        law.Reason = "SUM_DIFFERS"          // cell, expected, found
	UnknownCell       law.Reason = "UNKNOWN_CELL"         // cell, form
	UnknownPart       law.Reason = "UNKNOWN_PART"         // part, form
	NarrativeMissing  law.Reason = "NARRATIVE_MISSING"    // part
	NoneNotZero       law.Reason = "STATED_NONE_NOT_ZERO" // cell, value
	NoneNotAllowed    law.Reason = "CANNOT_STATE_NONE"    // cell, part
	FigureStateWanted law.Reason = "FIGURE_STATE_UNKNOWN" // cell
)

// Derive computes every cell, by id: a leaf from the measures that feed it, a sum from its cells. A cell that no measure
// feeds is 0. A value that does not fit into 64 bits stays at the largest or smallest that does.
func (f *Form) Derive(measures map[string]int64) map[string]int64 {
	d := f.derived()
	sums := make([]int64, len(d.cells))
	for measure, n := range measures {
		for _, i := range d.fedBy(measure) {
			sums[i] = add(sums[i], n)
		}
	}
	values := make(map[string]int64, len(d.cells))
	for _, i := range d.order {
		for _, part := range d.parts[i] {
			sums[i] = add(sums[i], sums[part])
		}
		values[d.cells[i].ID] = sums[i]
	}
	return values
}

// add adds, and stops at the ends of int64.
func add(a, b int64) int64 {
	switch {
	case b > 0 && a > math.MaxInt64-b:
		return math.MaxInt64
	case b < 0 && a < math.MinInt64-b:
		return math.MinInt64
	}
	return a + b
}

// Check tells whether a report may be submitted: figures by cell id, narratives by part id. It returns a [*law.Breach]
// with everything that is wrong, in the order of the form, or nil. A sum is compared once all its cells are filled in.
func (f *Form) Check(figures map[string]Figure, narratives map[string]string) error {
	broken := law.Under(f.citation())
	for _, p := range f.Parts {
		text := strings.TrimSpace(narratives[p.ID])
		for _, id := range CellsIn(text) {
			c, known := f.Find(id)
			broken.If(known, CellUnfilled, at("narratives", p.ID), c.named()...)
		}
		broken.If(p.Narrative && text == "", NarrativeMissing, at("narratives", p.ID), "part", p.ID, "part_zh", p.Label.Zh, "part_en", p.Label.En)
		for _, c := range p.Cells {
			checkFigure(broken, p, c, figures[c.ID])
			checkSum(broken, c, figures)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(figures)) {
		_, known := f.Cell(id)
		broken.If(!known, UnknownCell, at("figures", id), "cell", id, "form", f.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(narratives)) {
		_, known := f.Part(id)
		broken.If(!known, UnknownPart, at("narratives", id), "part", id, "form", f.ID)
	}
	return broken.Err()
}

func (f *Form) citation() law.Citation {
	if len(f.Source.Citations) == 0 {
		return law.Citation{}
	}
	return f.Source.Citations[0]
}

func at(field, id string) string { return fmt.Sprintf("%s[%q]", field, id) }

func checkFigure(broken *law.Broken, p Part, c Cell, figure Figure) {
	field, value := at("figures", c.ID), fmt.Sprint(figure.Value)
	strange := figure.State < Unfilled || figure.State > Summed
	broken.If(strange, FigureStateWanted, field, c.named()...)
	broken.If(!strange && !figure.State.Known(), CellUnfilled, field, c.named()...)
	broken.If(figure.Value < 0 && !c.Signed, NegativeFigure, field, c.named("value", value)...)
	isNone := figure.State == StatedNone
	broken.If(isNone && figure.Value != 0, NoneNotZero, field, c.named("value", value)...)
	broken.If(isNone && !p.MayStateNone, NoneNotAllowed, field, c.named("part", p.ID, "part_zh", p.Label.Zh, "part_en", p.Label.En)...)
}

// named are the values that name a cell, and others beside them.
func (c Cell) named(kv ...string) []string {
	return append([]string{"cell", c.ID, "cell_zh", c.Label.Zh, "cell_en", c.Label.En}, kv...)
}

func checkSum(broken *law.Broken, c Cell, figures map[string]Figure) {
	if len(c.Sum) == 0 || !figures[c.ID].State.Known() {
		return
	}
	var expected int64
	for _, part := range c.Sum {
		if !figures[part].State.Known() {
			return
		}
		expected = add(expected, figures[part].Value)
	}
	found := figures[c.ID].Value
	broken.If(found != expected, SumDiffers, at("figures", c.ID), c.named("expected", fmt.Sprint(expected), "found", fmt.Sprint(found))...)
}
