package check

import (
	"fmt"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/form"
)

// equations checks the sums and identities of the form.
func (r *run) equations() {
	last := r.comparable()
	var unlike []string
	for _, e := range r.Form.Equations() {
		if !e.OverYears() {
			r.within(e)
			continue
		}
		if last == nil {
			continue
		}
		if !r.hasBefore(e, last) {
			unlike = append(unlike, e.Cell)
			continue
		}
		r.overYears(e, last)
	}
	if len(unlike) > 0 {
		f := Finding{Cells: unlike, Found: last[0].Form.ID, Expected: r.Form.ID}
		r.add(NoPredecessor, f)
	}
}

// sum is one side of an equation, as far as it is filled in.
type sum struct {
	value  int64
	filled int  // the terms that have a figure
	gaps   bool // some have none
	closed bool // some are not known at all
}

func (s *sum) plus(v int64, minus bool) {
	if minus {
		v = -v
	}
	s.value += v
	s.filled++
}

// side adds the terms of one side. A row that stands for several counts in their place.
func (r *run) side(terms []form.Term) sum {
	var s sum
	var counted []string
	for _, t := range terms {
		id := t.Cell
		if merged := r.stands[id]; merged != "" {
			if slices.Contains(counted, merged) {
				continue
			}
			counted = append(counted, merged)
			id = merged
		}
		v, known := r.value(id)
		switch {
		case known:
			s.plus(v, t.Minus)
		case r.Figures[id].State == form.Unknown || r.Figures[id].State == form.Unreadable:
			s.closed = true
		default:
			s.gaps = true
		}
	}
	return s
}

// within checks an equation over what the report has filled in. A side without any figure is not judged, nor one with a
// figure that cannot be known; a blank total is not judged either.
func (r *run) within(e form.Equation) {
	if r.stands[e.Right[0].Cell] == e.Cell { // the row stands for those that it would be the sum of
		return
	}
	left, right := r.side(e.Left), r.side(e.Right)
	if left.filled == 0 || right.filled == 0 || left.closed || right.closed {
		return
	}
	if (left.gaps || right.gaps) && r.lacksTotal(e) {
		return
	}
	if left.value != right.value {
		r.broken(e, left, right, nil)
	}
}

// lacksTotal tells whether a blank cell of the equation is a sum of cells that are filled in: then it is not nothing.
func (r *run) lacksTotal(e form.Equation) bool {
	for _, t := range slices.Concat(e.Left, e.Right) {
		if _, known := r.value(t.Cell); known {
			continue
		}
		c, _ := r.Form.Find(t.Cell)
		for _, part := range c.Sum {
			if v, known := r.value(part); known && v != 0 {
				return true
			}
		}
	}
	return false
}

// broken notes an equation that does not hold.
func (r *run) broken(e form.Equation, left, right sum, last []Report) {
	c, ok := r.cell(e.Cell)
	if !ok {
		return
	}
	f := r.at(c)
	f.Cells = nil
	for _, t := range slices.Concat(e.Left, e.Right) {
		if !t.Last && !slices.Contains(f.Cells, t.Cell) {
			f.Cells = append(f.Cells, t.Cell)
		}
	}
	f.Expected, f.Found = c.Write(right.value), c.Write(left.value)
	if left.gaps || right.gaps {
		d := r.definition(e)
		f.Text = zh(d.Text.Zh+"（空白处未计）", d.Text.En+" (blank cells left out)")
	}
	if len(last) > 1 {
		d := r.definition(e)
		f.Text = zh(d.Text.Zh+fmt.Sprintf("（合并前 %d 个机关之和）", len(last)), d.Text.En+fmt.Sprintf(" (the sum of %d predecessors)", len(last)))
	}
	r.addEquation(e, f)
}

// definition is the check of an equation.
func (r *run) definition(e form.Equation) Definition {
	if d, known := r.catalogue[e.Check]; known {
		return d
	}
	return defined(r.Form, e)
}

func (r *run) addEquation(e form.Equation, f Finding) {
	d := r.definition(e)
	f.Check, f.Severity, f.Basis, f.Source, f.Remedy = d.ID, d.Severity, d.Basis, d.Source, d.Remedy
	if f.Text == (law.Label{}) {
		f.Text = d.Text
	}
	r.found = append(r.found, f)
}

// comparable returns the reports before, if they are those of the period before.
func (r *run) comparable() []Report {
	var last []Report
	for _, p := range r.Previous {
		if p.Form == nil {
			continue
		}
		if want := before(r.Period); want != p.Period && want.Kind() != 0 && p.Period.Kind() != 0 {
			r.add(PreviousPeriod, Finding{Expected: want.String(), Found: p.Period.String()})
			continue
		}
		last = append(last, p)
	}
	return last
}

// hasBefore tells whether the forms of the reports before have what the equation takes from them.
func (r *run) hasBefore(e form.Equation, last []Report) bool {
	for _, t := range slices.Concat(e.Left, e.Right) {
		for _, p := range last {
			if t.Last && r.Form.Predecessors(t.Cell, p.Form) == nil {
				return false
			}
		}
	}
	return true
}

// overYears checks an identity against the reports before. It is judged only where all its figures are known.
func (r *run) overYears(e form.Equation, last []Report) {
	left, ok := r.across(e.Left, last)
	if !ok {
		return
	}
	right, ok := r.across(e.Right, last)
	if ok && left.value != right.value {
		r.broken(e, left, right, last)
	}
}

func (r *run) across(terms []form.Term, last []Report) (sum, bool) {
	var s sum
	for _, t := range terms {
		if !t.Last {
			v, known := r.value(t.Cell)
			if !known {
				return s, false
			}
			s.plus(v, t.Minus)
			continue
		}
		for _, p := range last {
			for _, id := range r.Form.Predecessors(t.Cell, p.Form) {
				v, known := p.value(id)
				if !known {
					return s, false
				}
				s.plus(v, t.Minus)
			}
		}
	}
	return s, true
}
