package report

import (
	"fmt"
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
)

// figuresOf fills in a form: each cell as derived from the measures, unless it is typed in or its part is
// stated as none. Sums of cells of which one is typed in follow the typed figures.
func figuresOf(f *form.Form, measures map[string]int64, others, typed []*reportv1.Figure, none []string, who check.Organ) (map[string]form.Figure, error) {
	figures := make(map[string]form.Figure)
	values := f.Derive(measures)
	for _, c := range f.Cells() {
		// A cell that no record feeds waits for somebody to fill it in, unless only 0 can stand in it.
		if !unrecorded(c) || c.Regulations && !who.MayRegulate() {
			figures[c.ID] = form.Figure{Value: values[c.ID], State: form.Derived}
		}
	}
	for _, o := range others {
		if c, ok := f.Cell(o.GetCell()); ok && unrecorded(c) {
			figures[c.ID] = form.Figure{Value: valueOf(o), State: form.Given}
		}
	}
	if err := typeIn(f, figures, typed); err != nil {
		return nil, err
	}
	if err := stateNone(f, figures, none); err != nil {
		return nil, err
	}
	return figures, nil
}

func typeIn(f *form.Form, figures map[string]form.Figure, typed []*reportv1.Figure) error {
	var wrong []law.Violation
	seen := make(map[string]bool)
	for i, t := range typed {
		field := fmt.Sprintf("typed_figures[%d]", i)
		cell, known := f.Cell(t.GetCell())
		switch {
		case !known:
			wrong = append(wrong, law.Violation{Field: field + ".cell", Reason: form.UnknownCell, Values: map[string]string{"cell": t.GetCell(), "form": f.ID}})
		case len(cell.Sum) > 0:
			wrong = append(wrong, law.Violation{Field: field + ".cell", Reason: CellIsSum, Values: named(cell)})
		case seen[t.GetCell()]:
			wrong = append(wrong, law.Violation{Field: field + ".cell", Reason: "NOT_UNIQUE"})
		case valueOf(t) < 0 && !cell.Signed:
			wrong = append(wrong, law.Violation{Field: field + ".value", Reason: form.NegativeFigure, Values: named(cell, "value", fmt.Sprint(valueOf(t)))})
		default:
			seen[t.GetCell()] = true
			figures[t.GetCell()] = form.Figure{Value: valueOf(t), State: form.Typed}
		}
	}
	if len(wrong) > 0 {
		return fault.Fields(wrong...)
	}
	if len(typed) > 0 {
		sumUp(f, figures)
		balance(f, figures)
	}
	return nil
}

// sumUp makes the sums follow their cells.
func sumUp(f *form.Form, figures map[string]form.Figure) {
	for _, c := range f.Cells() {
		if len(c.Sum) > 0 {
			figures[c.ID] = form.Figure{Value: summed(f, figures, c), State: form.Derived}
		}
	}
}

// balance makes what an identity of the form leaves over follow the figures that were typed in: the last cell on its
// right, as what is carried forward, where nobody typed it in.
func balance(f *form.Form, figures map[string]form.Figure) {
	for _, e := range f.Equations() {
		rest := e.Right[len(e.Right)-1]
		c, _ := f.Cell(rest.Cell)
		if e.Basis != form.Printed || e.OverYears() || rest.Minus || len(c.Sum) > 0 || figures[c.ID].State != form.Derived {
			continue
		}
		var left int64
		for i, t := range slices.Concat(e.Left, e.Right[:len(e.Right)-1]) {
			if t.Minus == (i < len(e.Left)) {
				left -= figures[t.Cell].Value
			} else {
				left += figures[t.Cell].Value
			}
		}
		figures[c.ID] = form.Figure{Value: left, State: form.Derived}
	}
	sumUp(f, figures)
}

// unrecorded tells whether no record feeds a cell, so that its figure is typed in or given by another system.
func unrecorded(c form.Cell) bool { return len(c.Facts) == 0 && len(c.Sum) == 0 }

// valueOf is the value of a figure, in fen in a cell of money.
func valueOf(f *reportv1.Figure) int64 {
	if f.GetFen() != 0 {
		return f.GetFen()
	}
	return int64(f.GetValue())
}

// named are the values that name a cell, and one beside them.
func named(c form.Cell, kv ...string) map[string]string {
	values := map[string]string{"cell": c.ID, "cell_zh": c.Label.Zh, "cell_en": c.Label.En}
	for i := 0; i+1 < len(kv); i += 2 {
		values[kv[i]] = kv[i+1]
	}
	return values
}

// summed is the sum of a cell's cells, which may be sums themselves. A form has no cycle of sums.
func summed(f *form.Form, figures map[string]form.Figure, c form.Cell) int64 {
	if len(c.Sum) == 0 {
		return figures[c.ID].Value
	}
	var total int64
	for _, id := range c.Sum {
		if part, ok := f.Cell(id); ok {
			total += summed(f, figures, part)
		}
	}
	return total
}

// stateNone states the cells of parts as none. It refuses a part that has something to report.
func stateNone(f *form.Form, figures map[string]form.Figure, none []string) error {
	var wrong []law.Violation
	broken := law.Under(law.Citation{})
	for i, id := range none {
		field := fmt.Sprintf("stated_none[%d]", i)
		part, known := f.Part(id)
		if !known || !part.MayStateNone {
			reason := form.UnknownPart
			if known {
				reason = PartNotNone
			}
			wrong = append(wrong, law.Violation{Field: field, Reason: reason, Values: map[string]string{
				"part": id, "part_zh": part.Label.Zh, "part_en": part.Label.En, "form": f.ID,
			}})
			continue
		}
		for _, c := range part.Cells {
			value := figures[c.ID].Value
			broken.If(value != 0, form.NoneNotZero, field, "cell", c.ID, "cell_zh", c.Label.Zh, "cell_en", c.Label.En, "value", fmt.Sprint(value))
			figures[c.ID] = form.Figure{State: form.StatedNone}
		}
	}
	if len(wrong) > 0 {
		return fault.Fields(wrong...)
	}
	return broken.Err()
}

// figureMessages lists the figures in the order of the form.
func figureMessages(f *form.Form, figures map[string]form.Figure, typed []*reportv1.Figure) []*reportv1.Figure {
	said := make(map[string]*reportv1.Figure, len(typed))
	for _, t := range typed {
		said[t.GetCell()] = t
	}
	var out []*reportv1.Figure
	for _, c := range f.Cells() {
		figure := figures[c.ID]
		m := &reportv1.Figure{Cell: c.ID, State: figureStates[figure.State]}
		setValue(m, c, figure.Value)
		if figure.State == form.Typed || figure.State == form.Given {
			m.Source, m.Reason = said[c.ID].GetSource(), said[c.ID].GetReason()
		}
		out = append(out, m)
	}
	return out
}

// setValue puts a value into a figure; an amount that is too large for a count as fen.
func setValue(m *reportv1.Figure, c form.Cell, value int64) {
	m.Value, m.Fen = count(value), 0
	if c.Unit == form.Fen && int64(m.GetValue()) != value {
		m.Fen = value
	}
}

// figuresIn reads the figures of a report.
func figuresIn(r *reportv1.Report) map[string]form.Figure { return formFigures(r.GetFigures()) }

func formFigures(figures []*reportv1.Figure) map[string]form.Figure {
	states := make(map[reportv1.FigureState]form.State, len(figureStates))
	for s, m := range figureStates {
		states[m] = s
	}
	out := make(map[string]form.Figure, len(figures))
	for _, f := range figures {
		out[f.GetCell()] = form.Figure{Value: valueOf(f), State: states[f.GetState()], Text: f.GetText()}
	}
	return out
}

// count brings a total into the range of a figure. No real one comes near its ends.
func count(v int64) int32 {
	const most = 1<<31 - 1
	return int32(max(min(v, most), -most))
}
