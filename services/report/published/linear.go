package published

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/document"
)

// Text that was taken from a page often has a table as one cell a line: its rows and columns are lost, and blank cells
// with them. Its labels still tell where a row begins, and the form how many figures follow it. A row with another
// number of figures is told, never guessed at; in a text that has one, blank rows are not taken for blank either.

// entry is what was found in a run of lines: a row of a table, or the figures of a table in one line.
type entry struct {
	leaf
	order  []string // the columns of the form that the figures are of; nil: not told by a header
	texts  []string // of the header
	values []token
	last   bool // the file ends with it
	cut    bool // the file ends in it
}

// linear reads a run of lines.
type linear struct {
	*mapper
	tokens  []token
	used    []bool // by token: it is part of a table
	entries map[int]entry
	ends    bool // nothing follows in the file

	current *form.Table
	header  []ref          // the columns that were named
	said    map[ref]string // how
	unnamed []string       // what stood among them and names none
	rows    []ref          // the rows of a table in one line that were named since its last figures
	taken   map[ref]bool
	doubted map[*form.Table][]string // rows that may be blank, where others lack figures
}

// lines takes a run of paragraphs, and of tables in one column.
func (m *mapper) lines(run []document.Block, ends bool) {
	if len(run) == 0 {
		return
	}
	l := &linear{mapper: m, tokens: m.tokens(run), ends: ends, entries: map[int]entry{}, taken: map[ref]bool{}, doubted: map[*form.Table][]string{}, said: map[ref]string{}}
	l.used = make([]bool, len(l.tokens))
	for i := 0; i < len(l.tokens); {
		i += max(1, l.step(i))
	}
	l.above = l.rows
	l.give(run)
}

// step reads what begins at a token, and returns how many it is.
func (l *linear) step(i int) int {
	t := l.tokens[i]
	switch {
	case t.text == "" && t.cell && len(l.rows) > 0, t.figure():
		return l.bare(i)
	case t.text == "":
		return 1
	}
	text, means, n := l.index.labelAt(l.tokens[i:])
	if means == nil || l.index.exactly(text) == nil {
		if rows, before := l.index.begunAt(l.tokens[i:]); rows != nil && l.parts(i+before, len(rows[0].table.Columns)) {
			text, means, n = rows[0].label, &senses{rows: rows}, before
		}
	}
	if means == nil {
		return l.other(i)
	}
	if taken := l.row(i, n, text, means); taken > 0 {
		return taken
	}
	if l.heading(text, 0) != "" {
		l.close(i)
		return n
	}
	if l.index.exactly(text) == nil {
		l.unnamed = append(l.unnamed, text)
		return n
	}
	l.head(text, means)
	l.use(i, n)
	return n
}

// close ends the table that is being read. One in one line whose figures are all left blank is one all the same.
func (l *linear) close(i int) {
	for _, t := range l.tables {
		all := func(r form.Row) bool { return !slices.Contains(l.rows, ref{t, r.ID, r.Label.Zh}) }
		if t.Transposed && !slices.ContainsFunc(t.Rows, all) {
			l.entries[i] = entry{leaf: leaf{ref: ref{table: t}}}
		}
	}
	l.current, l.header, l.unnamed, l.rows = nil, nil, nil, nil
}

func (l *linear) use(i, n int) {
	for j := range n {
		l.used[i+j] = true
	}
}

// head notes what a label that is none of a row names.
func (l *linear) head(text string, means *senses) {
	l.header = append(l.header, means.columns...)
	for _, c := range means.columns {
		l.named[c], l.said[c] = true, text
	}
	for _, r := range slices.Concat(means.rows, means.rowGroups) {
		if r.table.Transposed {
			l.rows = append(l.rows, r)
		}
	}
}

// row takes a row of a table: its label, in n tokens, and its figures.
func (l *linear) row(i, n int, text string, means *senses) int {
	r, merged, ok := l.pick(means)
	if !ok {
		return 0
	}
	if j := i + n; j < len(l.tokens) && isUnit(l.tokens[j].text) {
		n++ // 单位 stands between label and figure
	}
	columns := len(r.table.Columns)
	values := l.valuesAt(i+n, columns)
	end := i+n+len(values) == len(l.tokens)
	asColumn := len(means.columns) > 0 && numbered.FindString(compact(text)) == "" // 总计, not （七）总计
	headed := slices.ContainsFunc(l.header, func(h ref) bool { return h.table == r.table }) || l.current == r.table
	if len(values) > 0 && !values[0].figure() && values[0].text != "" && l.parts(i+n+1, columns) {
		l.use(i, n)
		return n // rows of its own below it, which the form does not have
	}
	switch {
	case asColumn && (!slices.ContainsFunc(values, token.figure) || len(l.rows) > 0):
		return 0
	case len(values) == 0 && (merged || !headed || end || l.index.exactly(text) == nil):
		return 0
	case len(values) < columns && !headed && !end:
		return 0
	}
	e := entry{leaf: leaf{ref: r, merged: merged, text: text}, values: values, last: end && l.ends}
	e.cut = e.last && len(values) < columns
	e.order, e.texts = l.columnsOf(r.table)
	l.entries[i], l.taken[r] = e, true
	l.current, l.rows = r.table, nil
	l.use(i, n+len(values))
	return n + len(values)
}

// parts tells whether so many figures stand at a token.
func (l *linear) parts(from, columns int) bool {
	to := min(from+columns, len(l.tokens))
	return to-from == columns && !slices.ContainsFunc(l.tokens[from:to], func(t token) bool { return !t.figure() })
}

// pick is the row that a label names: one of the table that is being read before others, one that has not been read
// before one that has.
func (l *linear) pick(means *senses) (r ref, merged, ok bool) {
	best := -1
	for i, o := range slices.Concat(means.rows, means.merged) {
		points := 0
		if o.table == l.current {
			points += 2
		}
		if !l.taken[o] {
			points++
		}
		if !o.table.Transposed && points > best {
			r, merged, ok, best = o, i >= len(means.rows), true, points
		}
	}
	return r, merged, ok
}

// valuesAt are the figures from a token on: as many as the row has columns in a table whose cells are known, else all up
// to the next text.
func (l *linear) valuesAt(from, columns int) []token {
	to := from
	if from < len(l.tokens) && l.tokens[from].cell {
		for to < len(l.tokens) && to-from < columns && l.tokens[to].cell && l.index.exactly(l.tokens[to].text) == nil {
			to++
		}
		return l.tokens[from:to]
	}
	for to < len(l.tokens) && l.tokens[to].figure() && !l.tokens[to].cell {
		to++
	}
	return l.tokens[from:to]
}

// columnsOf is the order of a table's columns by the header that was read, and its texts; nil where it tells none.
func (l *linear) columnsOf(t *form.Table) (order, texts []string) {
	var named, all []string
	said := map[string]string{}
	for _, h := range l.header {
		if h.table == t && said[h.id] == "" {
			named, said[h.id] = append(named, h.id), l.said[h]
		}
	}
	for _, c := range t.Columns {
		all = append(all, c.ID)
	}
	switch {
	case asPrinted(t, named, l.unnamed):
		order = all
	case len(named) == len(all) && len(t.ColGroups) == 0: // a header in several lines does not tell
		order = named
	}
	for _, id := range order {
		texts = append(texts, said[id])
	}
	return order, texts
}

// asPrinted tells whether columns were named in the order in which the form prints them, or in that of its lines, in
// which a merged cell comes before those below others: 总计 may be in any of three. A column that was not is one whose
// label was cut or misspelt.
func asPrinted(t *form.Table, named, unnamed []string) bool {
	var all, first, alone, grouped []string
	for _, c := range t.Columns {
		like := func(s string) bool {
			return strings.HasPrefix(plain(c.Label.Zh), plain(s)) || similarity(plain(s), plain(c.Label.Zh)) >= nearLabel
		}
		if !slices.Contains(named, c.ID) {
			i := slices.IndexFunc(unnamed, like)
			if i < 0 {
				return false
			}
			unnamed = unnamed[i+1:]
		}
		all = append(all, c.ID)
		switch {
		case c.Group != "":
			grouped = append(grouped, c.ID)
		case len(c.Sum) > 0:
			first = append(first, c.ID)
		default:
			alone = append(alone, c.ID)
		}
	}
	return within(named, all) || len(grouped) > 0 && (within(named, slices.Concat(alone, first, grouped)) || within(named, slices.Concat(first, alone, grouped)))
}

const nearLabel = 0.75

// within tells whether some texts stand in another list in the same order.
func within(some, all []string) bool {
	for _, s := range all {
		if len(some) > 0 && some[0] == s {
			some = some[1:]
		}
	}
	return len(some) == 0
}

// bare takes figures that have no label before them: those of a table in one line, or a row without one.
func (l *linear) bare(i int) int {
	values := l.valuesAt(i, len(l.tokens))
	for _, t := range l.tables {
		if !t.Transposed || !slices.ContainsFunc(l.rows, func(r ref) bool { return r.table == t }) {
			continue
		}
		all := len(values)
		e := entry{leaf: leaf{ref: ref{table: t}}, cut: i+all == len(l.tokens) && l.ends}
		size := len(t.Rows) * len(t.Columns)
		if last := l.rows[len(l.rows)-1]; len(values) == len(t.Columns) && len(l.rows) == 1 && !e.cut {
			e.ref, size = last, len(t.Columns)
		}
		for len(values) > size && values[0].text == "" { // what is left of merged cells above
			values = values[1:]
		}
		if e.values = values[:min(len(values), size)]; !slices.ContainsFunc(e.values, token.figure) {
			return 1
		}
		l.entries[i], l.current, l.rows = e, nil, nil
		l.use(i, all)
		return all
	}
	if t := l.reading(); t != nil && len(values) == len(t.Columns) {
		l.entries[i] = entry{leaf: leaf{ref: ref{table: t}}, values: values}
		l.use(i, len(values))
	}
	return max(1, len(values))
}

// reading is the table that is being read: that of the last row, or of the last header.
func (l *linear) reading() *form.Table {
	if l.current == nil && len(l.header) > 0 {
		return l.header[len(l.header)-1].table
	}
	return l.current
}

// other takes a text that is no label. With figures in a table it is a row that the form does not have; a long one ends
// the table.
func (l *linear) other(i int) int {
	text := l.tokens[i].text
	if t := l.reading(); t != nil && len(t.Columns) > 1 {
		if values := l.valuesAt(i+1, len(t.Columns)); len(values) == len(t.Columns) && values[0].figure() {
			l.entries[i] = entry{leaf: leaf{ref: ref{table: t}, text: text}, values: values}
			l.use(i, 1+len(values))
			return 1 + len(values)
		}
	}
	if len([]rune(text)) > longestHeading || l.heading(text, 0) != "" {
		l.close(i)
	} else {
		l.unnamed = append(l.unnamed, text)
	}
	return 1
}

// give hands on what was read: figures to their cells, everything else as text.
func (l *linear) give(run []document.Block) {
	if len(l.entries) == 0 {
		clear(l.used)
	} else {
		l.count++
		l.where = fmt.Sprint(l.count)
	}
	doubt := l.doubtful()
	first := 0
	for i, b := range run {
		to := first
		for to < len(l.tokens) && l.tokens[to].block == i {
			to++
		}
		if !slices.Contains(l.used[first:to], true) {
			l.plainly(b)
		}
		for j := first; j < to; j++ {
			if e, ok := l.entries[j]; ok {
				l.place(e, doubt)
			} else if b.Table != nil && !l.used[j] {
				l.paragraph(document.Block{Text: l.tokens[j].text})
			}
		}
		first = to
	}
	for _, t := range l.tables {
		l.rowsTold(RowIncomplete, t, l.doubted[t])
	}
}

// plainly takes a block without a table of the form.
func (m *mapper) plainly(b document.Block) {
	if b.Table == nil {
		m.paragraph(b)
	}
}

// doubtful tells whether rows of the text lack figures, so that none of its rows can be known to be blank.
func (l *linear) doubtful() bool {
	for _, e := range l.entries {
		if !e.cut && e.id != "" && len(e.values) > 0 && len(e.values) < len(e.table.Columns) {
			return true
		}
	}
	return false
}

// place gives the figures of an entry to their cells.
func (l *linear) place(e entry, doubt bool) {
	t := e.table
	if t.Transposed {
		l.placeLine(e, doubt)
		return
	}
	if e.id == "" {
		l.mapper.current = t
		l.mapper.strange(append([]item{{text: e.text}}, asItems(e.values)...))
		return
	}
	l.seen[t] = true
	switch n := len(e.values); {
	case n == 0 && doubt:
		l.unplaced[ref{table: t, id: e.id}] = true
		l.doubted[t] = append(l.doubted[t], e.id)
		return
	case n < len(t.Columns) && !e.cut && n > 0:
		l.incomplete(e)
		return
	}
	l.spelling(e.leaf)
	if e.cut {
		l.mapper.cut = t
	}
	if e.order == nil {
		l.byOrder(t)
		for _, c := range t.Columns {
			e.order = append(e.order, c.ID)
		}
	} else {
		l.headed[t] = true
	}
	if len(e.values) == 0 {
		e.values = make([]token, len(t.Columns))
	}
	h := &heads{texts: e.texts}
	for i, it := range asItems(e.values) {
		switch {
		case i < len(e.order):
			l.put(e.leaf, e.order[i], it, h)
		case !e.last || i > len(e.order):
			l.outside(e.leaf, it, nil)
		}
	}
}

// placeLine gives the figures of a table in one line to its cells, in the order of the form.
func (m *mapper) placeLine(e entry, doubt bool) {
	t := e.table
	m.seen[t] = true
	rows := t.Rows
	if e.id != "" {
		row, _ := t.Row(e.id)
		rows = []form.Row{row}
	}
	size := len(rows) * len(t.Columns)
	if n := len(e.values); n < size && !e.cut && (n > 0 || doubt) {
		m.incomplete(e)
		return
	}
	if len(e.values) == 0 {
		e.values = make([]token, size)
	}
	m.headed[t] = true
	h := &lineHead{table: t}
	for i, it := range asItems(e.values) {
		m.putLine(h, rows[i/len(t.Columns)].ID, t.Columns[i%len(t.Columns)].ID, it)
	}
}

// incomplete tells of a row that has not as many figures as the form has columns.
func (m *mapper) incomplete(e entry) {
	m.unplaced[ref{table: e.table, id: e.id}] = true
	var said []string
	for _, v := range e.values {
		said = append(said, clipped(v.text))
	}
	f := check.Finding{Row: e.table.RowLabel(e.id), Found: join(said)}
	m.remark(e.table, RowIncomplete, check.Hard, f)
}

func asItems(values []token) []item {
	all := make([]item, 0, len(values))
	for i, v := range values {
		all = append(all, item{strings.TrimSpace(v.text), i, i + 1})
	}
	return all
}

func asTokens(items []item) []token {
	all := make([]token, 0, len(items))
	for _, it := range items {
		all = append(all, token{text: it.text})
	}
	return all
}
