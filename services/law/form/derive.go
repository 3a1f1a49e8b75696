package form

import (
	"slices"
	"strings"
)

// derivation is what computing the cells of a form needs, found out once for all.
type derivation struct {
	cells     []Cell
	places    map[string]int // of the cells, by id
	equations []Equation
	fed       map[string][]int // the cells that a measure feeds, by place
	wild      []int            // the cells that have patterns with a *
	parts     [][]int          // the cells that each is the sum of
	order     []int            // a sum comes after its cells
}

// derived returns the form's derivation. Only a form that was not loaded makes it anew.
func (f *Form) derived() *derivation {
	if f.derivation != nil {
		return f.derivation
	}
	return newDerivation(f)
}

func newDerivation(f *Form) *derivation {
	cells := f.Cells()
	places := make(map[string]int, len(cells))
	d := &derivation{cells: cells, places: places, equations: f.findEquations(), fed: make(map[string][]int), parts: make([][]int, len(cells))}
	for i, c := range cells {
		places[c.ID] = i
	}
	for i, c := range cells {
		for _, id := range c.Sum {
			if part, ok := places[id]; ok {
				d.parts[i] = append(d.parts[i], part)
			}
		}
		d.addFacts(i, c)
	}
	done := make([]bool, len(cells))
	for i := range cells {
		d.visit(i, done)
	}
	return d
}

// addFacts notes what feeds a cell. What a sum itself is fed is passed over.
func (d *derivation) addFacts(i int, c Cell) {
	switch {
	case len(c.Sum) > 0:
	case strings.Contains(strings.Join(c.Facts, " "), "*"):
		d.wild = append(d.wild, i)
	default:
		for _, measure := range c.Facts {
			if !slices.Contains(d.fed[measure], i) {
				d.fed[measure] = append(d.fed[measure], i)
			}
		}
	}
}

// visit puts a cell into the order, after those that it is the sum of. A sum of itself, which Load refuses, ends here.
func (d *derivation) visit(i int, done []bool) {
	if done[i] {
		return
	}
	done[i] = true
	for _, part := range d.parts[i] {
		d.visit(part, done)
	}
	d.order = append(d.order, i)
}

// fedBy returns the cells that a measure feeds.
func (d *derivation) fedBy(measure string) []int {
	fed := d.fed[measure]
	for _, i := range d.wild {
		if d.cells[i].Fed(measure) {
			fed = append(fed[:len(fed):len(fed)], i)
		}
	}
	return fed
}
