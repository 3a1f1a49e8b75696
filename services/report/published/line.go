package published

import (
	"slices"

	"gongkai/services/law/form"
)

// lineHead is the header of a table that is printed in one line: the columns of its first row, then those of its second.
type lineHead struct {
	table *form.Table
	row   []string // by column of the grid; empty: not named
	group []string
	leaf  []string // the column of the form
	named []bool   // leaf is set
	ready bool     // the columns of the form were found
	rows  int      // of figures that were read
	names []ref    // its labels, as they were read
	grid  int
}

// lineHeader takes a row of the header of a table in one line: one that names its rows, or most of its columns.
func (m *mapper) lineHeader(line []item, counts map[*form.Table]int) bool {
	for _, t := range m.tables {
		if !t.Transposed {
			continue
		}
		leaves, rows, others := 0, 0, 0
		for _, it := range line {
			means := m.index.of(it.text)
			if means == nil {
				continue
			}
			leaves += in(t, means.columns)
			rows += min(1, in(t, means.rows)+in(t, means.rowGroups))
		}
		for other, n := range counts {
			if other != t {
				others = max(others, n)
			}
		}
		if leaves > others && leaves >= min(4, len(t.Columns)) || rows > 0 && others <= leaves {
			m.takeLineHeader(t, line, leaves)
			return true
		}
	}
	return false
}

// in counts the meanings that are of a table.
func in(t *form.Table, refs []ref) int {
	n := 0
	for _, r := range refs {
		if r.table == t {
			n++
		}
	}
	return n
}

func (m *mapper) takeLineHeader(t *form.Table, line []item, leaves int) {
	h := m.line
	if h == nil || h.table != t || h.rows > 0 || h.ready && h.grid != m.count && leaves == 0 {
		h = &lineHead{table: t}
		m.line = h
	}
	h.grid = m.count
	for len(h.row) < line[len(line)-1].to {
		h.row, h.group, h.leaf, h.named = append(h.row, ""), append(h.group, ""), append(h.leaf, ""), append(h.named, false)
	}
	for _, it := range line {
		means := m.index.of(it.text)
		if means == nil {
			continue
		}
		for c := it.from; c < it.to; c++ {
			h.take(c, means)
		}
		m.name(means, t)
		for _, r := range slices.Concat(means.columns, means.rows) {
			if r.table == t {
				h.names = append(h.names, r)
			}
		}
	}
	h.ready = h.ready || leaves >= min(4, len(t.Columns))
}

// name notes the columns of a table that the document has by their labels.
func (m *mapper) name(means *senses, t *form.Table) {
	for _, c := range means.columns {
		if c.table == t {
			m.named[c] = true
		}
	}
}

// take notes what a label says of a column of the grid.
func (h *lineHead) take(c int, means *senses) {
	for _, r := range means.columns {
		if r.table == h.table {
			h.leaf[c], h.named[c] = r.id, true
		}
	}
	for _, r := range means.rows {
		if r.table == h.table {
			h.row[c] = r.id
		}
	}
	for _, r := range means.rowGroups {
		if r.table == h.table {
			h.group[c] = r.id
		}
	}
}

// lineValues takes a row that holds only figures below such a header.
func (m *mapper) lineValues(line []item) bool {
	h := m.line
	if h == nil || !h.ready || h.rows > 0 {
		return false
	}
	shift := 0
	if h.grid != m.count && len(line) > 0 {
		shift = line[len(line)-1].to - len(h.leaf)
	}
	var figures, beside []item
	said := 0
	for _, it := range line {
		c := it.from - shift
		switch {
		case it.text != "" && !figureLike(it.text) && !m.index.of(it.text).none():
			return false // a label
		case c >= 0 && c < len(h.named) && h.named[c]:
			figures = append(figures, it) // what is no figure is told later
		case it.text != "":
			beside = append(beside, it)
		}
		if it.text != "" && figureLike(it.text) {
			said++
		}
	}
	if blank := len(saying(line)) == 0; len(figures) == 0 || !blank && said == 0 {
		return false
	}
	h.rows++
	m.seen[h.table], m.headed[h.table], m.current = true, true, h.table
	if ordered := figuresOf(line); len(ordered) == len(h.table.Rows)*len(h.table.Columns) && len(ordered) != len(figures) {
		if !h.asPrinted() {
			m.byOrder(h.table)
		}
		for i, it := range ordered {
			n := len(h.table.Columns)
			m.putLine(h, h.table.Rows[i/n].ID, h.table.Columns[i%n].ID, it)
		}
		return true
	}
	rows := h.spread(m.above)
	for _, it := range figures {
		c := it.from - shift
		m.putLine(h, rows[c], h.leaf[c], it)
	}
	for _, it := range beside {
		if numeric(it.text) {
			m.outside(leaf{ref: ref{table: h.table}}, it, nil)
		}
	}
	return true
}

// asPrinted tells whether the header has each label of the form, the columns once for each row and in their order.
func (h *lineHead) asPrinted() bool {
	columns, rows := 0, 0
	for _, r := range h.names {
		switch {
		case r.id == h.table.Columns[columns%len(h.table.Columns)].ID:
			columns++
		case rows < len(h.table.Rows) && r.id == h.table.Rows[rows].ID:
			rows++
		default:
			return false
		}
	}
	return rows == len(h.table.Rows) && columns == rows*len(h.table.Columns)
}

// bareLine takes a row that is all the figures of a table in one line, without a header, in the part of that table.
func (m *mapper) bareLine(line []item) bool {
	figures := figuresOf(line)
	p, ok := m.form.Part(m.part)
	if !ok || len(figures) < len(saying(line)) {
		return false
	}
	for i := range p.Tables {
		t := &p.Tables[i]
		if !t.Transposed || m.seen[t] || len(figures) != len(t.Rows)*len(t.Columns) {
			continue
		}
		m.byOrder(t)
		m.placeLine(entry{leaf: leaf{ref: ref{table: t}}, values: asTokens(figures)}, false)
		m.current = t
		return true
	}
	return false
}

// figuresOf are the cells of a row that hold figures, one after the other.
func figuresOf(line []item) []item {
	var all []item
	for _, it := range line {
		if it.text != "" && figureLike(it.text) {
			all = append(all, it)
		}
	}
	return all
}

func (m *mapper) putLine(h *lineHead, row, column string, it item) {
	if row == "" {
		m.outside(leaf{ref: ref{table: h.table}}, it, nil)
		return
	}
	r, _ := h.table.Row(row)
	m.put(leaf{ref: ref{h.table, r.ID, r.Label.Zh}, text: h.table.RowLabel(r.ID).Zh}, column, it, nil)
}

// spread finds the row of each column of the grid: the one whose label stands above just as many columns as the form
// has, else, where the columns begin anew, the next one in the order of the form. The columns of one row only are those
// of the row that the text above the grid named.
func (h *lineHead) spread(above []ref) []string {
	rows, seen := make([]string, len(h.leaf)), map[string]bool{}
	number := 0
	for c, column := range h.leaf {
		if !h.named[c] {
			continue
		}
		if goesOn := c > 0 && h.named[c-1] && h.leaf[c-1] == column; seen[column] && !goesOn {
			clear(seen)
			number++
		}
		seen[column] = true
		switch named := h.row[c]; {
		case named != "" && h.width(c) == len(h.table.Columns):
			rows[c] = named
		case number < len(h.table.Rows):
			rows[c] = h.table.Rows[number].ID
		}
	}
	if n := len(above); number == 0 && n > 0 && above[n-1].table == h.table {
		for c := range rows {
			if rows[c] != "" {
				rows[c] = above[n-1].id
			}
		}
	}
	return rows
}

// width is how many columns of the grid the label above one covers.
func (h *lineHead) width(c int) int {
	from, to := c, c
	for from > 0 && h.row[from-1] == h.row[c] {
		from--
	}
	for to < len(h.row) && h.row[to] == h.row[c] {
		to++
	}
	return to - from
}
