package check

import (
	"fmt"
	"maps"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/form"
)

// figures checks each figure by itself.
func (r *run) figures() {
	r.merged()
	var blank, slashed []form.Cell
	for _, p := range r.Form.Parts {
		for _, c := range p.Cells {
			f := r.Figures[c.ID]
			switch {
			case r.stands[c.ID] != "" || f.State == form.Unknown && r.Published:
			case f.State == form.Unfilled && r.Published:
				blank = append(blank, c)
			case f.State == form.Slashed && r.Published:
				slashed = append(slashed, c)
			default:
				r.figure(p, c, f)
			}
		}
	}
	r.gathered(FigureBlank, blank)
	r.gathered(FigureSlash, slashed)
	r.annexFigures()
	for _, id := range slices.Sorted(maps.Keys(r.Figures)) {
		if _, ok := r.cell(id); !ok {
			r.add(FigureStrange, Finding{Cell: id, Cells: []string{id}, Found: r.Figures[id].Text})
		}
	}
}

// figure checks one figure.
func (r *run) figure(p form.Part, c form.Cell, f form.Figure) {
	wrong := func(id, found string, severity Severity) {
		at := r.at(c)
		at.Found, at.Severity = found, severity
		r.add(id, at)
	}
	switch f.State {
	case form.Unfilled, form.Unknown:
		wrong(FigureBlank, "", 0)
		return
	case form.Slashed:
		wrong(FigureSlash, f.Text, 0)
		return
	case form.Unreadable:
		wrong(FigureUnreadable, f.Text, 0)
		return
	case form.StatedNone:
		switch {
		case p.MayStateNone:
		case r.Published && !r.Complete:
			wrong(FigureNone, "无", Note)
		default:
			wrong(FigureNone, "无", 0)
		}
	}
	switch {
	case f.Value > largest || f.Value < -largest:
		wrong(FigureUnreadable, c.Write(f.Value), 0)
	case f.Value < 0 && !c.Signed:
		wrong(FigureNegative, c.Write(f.Value), 0)
	}
}

// annexFigures checks what an annex says: it may leave everything out, but what it says are figures.
func (r *run) annexFigures() {
	for _, a := range r.Form.Annexes {
		for _, c := range a.Part.Cells {
			f := r.Figures[c.ID]
			if f.State != form.Unfilled && f.State != form.Slashed && f.State != form.Unknown {
				r.figure(form.Part{MayStateNone: true}, c, f)
			}
		}
	}
}

// gathered tells of cells that a published report leaves out, once for each table.
func (r *run) gathered(id string, cells []form.Cell) {
	var tables []string
	by := make(map[string][]form.Cell)
	for _, c := range cells {
		if by[c.Table] == nil {
			tables = append(tables, c.Table)
		}
		by[c.Table] = append(by[c.Table], c)
	}
	for _, table := range tables {
		at := r.at(by[table][0])
		n := len(by[table])
		if n > 1 {
			at.Cell, at.Row, at.Column, at.Cells = "", law.Label{}, law.Label{}, nil
			for _, c := range by[table] {
				at.Cells = append(at.Cells, c.ID)
			}
		}
		d := r.catalogue[id]
		if !r.Complete {
			at.Severity = Note
		}
		at.Text = zh(fmt.Sprintf("%s（共 %d 处，按未填处理，不作 0 计）", d.Text.Zh, n), fmt.Sprintf("%s (%d in all; taken as not filled in, not as 0)", d.Text.En, n))
		r.add(id, at)
	}
}

// merged notes rows that stand for several of the form.
func (r *run) merged() {
	named := make(map[string]bool)
	for _, part := range slices.Sorted(maps.Keys(r.stands)) {
		c, ok := r.cell(r.stands[part])
		if !ok || named[c.Table+c.Row] {
			continue
		}
		named[c.Table+c.Row] = true
		for _, other := range r.Form.MergedCells() {
			if f := r.Figures[other.ID]; other.Row == c.Row && other.Table == c.Table && f.State != form.Unfilled && f.State != form.Unknown {
				r.figure(form.Part{}, other, f)
			}
		}
		at := r.at(c)
		at.Column = law.Label{}
		if r.Published {
			at.Severity = Note
		}
		r.add(FigureMerged, at)
	}
}

// stands returns the cells that the report has one merged cell for, with that cell: it has a figure, and they have none.
func (r Report) stands() map[string]string {
	stands := make(map[string]string)
	for _, t := range r.Form.Tables() {
		for _, m := range t.Merged {
			for _, c := range t.Columns {
				id := t.CellID(m.ID, c.ID)
				if f, ok := r.Figures[id]; !ok || f.State == form.Unfilled {
					continue
				}
				said := slices.ContainsFunc(m.Rows, func(row string) bool {
					state := r.Figures[t.CellID(row, c.ID)].State
					return state != form.Unfilled && state != form.Unknown
				})
				for _, row := range m.Rows {
					if !said {
						stands[t.CellID(row, c.ID)] = id
					}
				}
			}
		}
	}
	return stands
}
