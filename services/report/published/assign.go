package published

import (
	"slices"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
)

// assign gives the figures of a row to its cells.
func (m *mapper) assign(l leaf, values []item) {
	t := l.table
	m.spelling(l)
	h := m.headsFor(t, values)
	values = withoutUnits(values)
	columns := make([]string, len(values)) // of the form, by item
	byHead := 0
	for i, it := range values {
		columns[i] = "?"
		for c := it.from; h != nil && c < it.to && c < len(h.columns); c++ {
			if h.known[c] {
				columns[i] = h.columns[c]
				byHead++
				break
			}
		}
	}
	if !complete(t, columns) {
		if order, ok := inOrder(t, values); ok {
			if byHead > 0 && !asPrinted(t, h.named, h.unnamed()) || h == nil && len(t.Columns) > 1 {
				m.byOrder(t)
			}
			columns = order
		}
	}
	for i, it := range values {
		switch {
		case columns[i] != "?":
			m.put(l, columns[i], it, h)
		case it.text != "":
			m.outside(l, it, h)
		}
	}
}

// spelling tells of a label that is not the form's.
func (m *mapper) spelling(l leaf) {
	if label, ok := m.index.misspelt[l.text]; ok {
		m.remark(l.table, LabelDiffers, check.Soft, check.Finding{Row: l.table.RowLabel(l.id), Expected: label, Found: clipped(l.text)})
	}
}

// unnamed are the texts of a header that name no column.
func (h *heads) unnamed() []string {
	var texts []string
	for c, text := range h.texts {
		if text != "" && !h.known[c] {
			texts = append(texts, text)
		}
	}
	return texts
}

// headsFor are the columns that hold for a row: those of its grid, or, where a table goes on in the next grid without a
// header, those of the one before, aligned at the right.
func (m *mapper) headsFor(t *form.Table, values []item) *heads {
	h := m.heads[t]
	if h == nil || h.grid == m.count || len(values) == 0 {
		return h
	}
	shift := values[len(values)-1].to - len(h.columns)
	if shift == 0 {
		return h
	}
	moved := &heads{grid: m.count}
	for c := range values[len(values)-1].to {
		from := c - shift
		ok := from >= 0 && from < len(h.columns)
		if !ok {
			moved.columns, moved.known, moved.texts = append(moved.columns, ""), append(moved.known, false), append(moved.texts, "")
			continue
		}
		moved.columns, moved.known, moved.texts = append(moved.columns, h.columns[from]), append(moved.known, h.known[from]), append(moved.texts, h.texts[from])
	}
	return moved
}

// withoutUnits leaves out cells that only name what is counted.
func withoutUnits(values []item) []item {
	return slices.DeleteFunc(slices.Clone(values), func(it item) bool {
		return isUnit(it.text)
	})
}

// isUnit tells whether a text only names what is counted.
func isUnit(text string) bool { return text != "" && text == units.FindString(text) }

// complete tells whether each column of the table has an item.
func complete(t *form.Table, columns []string) bool {
	for _, c := range t.Columns {
		if !slices.Contains(columns, c.ID) {
			return false
		}
	}
	return true
}

// inOrder gives the items the table's columns in their order, if there are as many of them; blank ones at the end may be
// too many.
func inOrder(t *form.Table, values []item) ([]string, bool) {
	n := len(values)
	for n > len(t.Columns) && values[n-1].text == "" {
		n--
	}
	if n != len(t.Columns) {
		return nil, false
	}
	columns := slices.Repeat([]string{"?"}, len(values))
	for i, c := range t.Columns {
		columns[i] = c.ID
	}
	return columns, true
}

// byOrder tells once a table that its columns were taken in the form's order.
func (m *mapper) byOrder(t *form.Table) {
	told := slices.ContainsFunc(m.remarks, func(r check.Finding) bool { return r.Check == ColumnsByOrder && r.Table == t.Label })
	if !told && len(t.Columns) > 1 {
		m.remark(t, ColumnsByOrder, check.Soft, check.Finding{})
	}
}

// put gives a cell its figure. Blank ones give way to any other.
func (m *mapper) put(l leaf, column string, it item, h *heads) {
	id, header := l.table.CellID(l.id, column), ""
	if h != nil && it.from < len(h.texts) {
		header = h.texts[it.from]
	}
	cell := m.cells[id]
	f := parse(it.text, cell, header)
	f.Row, f.Where = clipped(l.text), m.where
	former, twice := m.figures[id]
	switch {
	case twice && f.State == Blank:
		return
	case twice && former.State != Blank:
		if former.Value != f.Value || former.State != f.State {
			m.remark(l.table, ValueTwice, check.Hard, check.Finding{Row: l.table.RowLabel(l.id), Column: l.table.ColumnLabel(column), Cell: id, Expected: former.Raw, Found: f.Raw})
		}
		return
	}
	m.figures[id] = f
}

// outside tells of a figure in a column that the form does not have.
func (m *mapper) outside(l leaf, it item, h *heads) {
	label := ""
	if h != nil && it.from < len(h.texts) {
		label = h.texts[it.from]
	}
	m.lost++
	m.remark(l.table, ColumnUnknown, check.Hard, check.Finding{Row: same(l.text), Column: same(label), Found: clipped(it.text)})
}
