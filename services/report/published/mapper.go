package published

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/document"
)

// mapper maps a document to one form.
type mapper struct {
	form   *form.Form
	year   int
	told   told // what the document says of itself
	tables []*form.Table
	index  *index
	cells  map[string]form.Cell

	figures  map[string]Figure
	remarks  []check.Finding
	spoken   int                    // figures that were read from sentences
	lost     int                    // rows and columns that could not be placed
	seen     map[*form.Table]bool   // tables that have a row in the document
	unplaced map[ref]bool           // rows whose figures are as many as no row of the form has
	headed   map[*form.Table]bool   // tables whose columns were found by their labels
	named    map[ref]bool           // columns that the document has by their labels
	heads    map[*form.Table]*heads // the columns of the last header
	line     *lineHead              // the header of a table in one line
	above    []ref                  // the rows of one that were named in the text above
	cut      *form.Table            // that the file ends in
	current  *form.Table            // of the last row
	where    string                 // of the table that is being read
	count    int                    // of the tables

	titles    map[string][]string // plain labels of the parts
	numbering numbering           // of the headings of most parts
	chapters  map[string]bool     // the parts whose headings are numbered so
	parts     []string            // in the order in which they stand
	part      string              // that is being read
	texts     map[string][]string
	preamble  []string // before the first part
}

// heads are the columns of a table by the columns of a grid.
type heads struct {
	columns []string
	known   []bool
	texts   []string
	named   []string // the columns of the form, as they were read
	grid    int      // its number
}

func newMapper(f *form.Form, year int) *mapper {
	m := &mapper{
		form: f, year: year, cells: map[string]form.Cell{}, figures: map[string]Figure{}, seen: map[*form.Table]bool{}, unplaced: map[ref]bool{}, headed: map[*form.Table]bool{}, named: map[ref]bool{}, titles: map[string][]string{},
		heads: map[*form.Table]*heads{}, texts: map[string][]string{},
	}
	for i, p := range f.Parts {
		for _, label := range append([]string{p.Label.Zh}, p.Aliases...) {
			m.titles[p.ID] = append(m.titles[p.ID], plain(label))
		}
		for j := range f.Parts[i].Tables {
			m.tables = append(m.tables, &f.Parts[i].Tables[j])
		}
	}
	if annex, ok := f.Annex(year); ok || year == 0 {
		for j := range annex.Part.Tables {
			m.tables = append(m.tables, &annex.Part.Tables[j])
		}
	}
	m.index = newIndex(m.tables)
	for _, t := range m.tables {
		for _, c := range t.Columns {
			for _, r := range t.Rows {
				id := t.CellID(r.ID, c.ID)
				m.cells[id], _ = f.Find(id)
			}
			for _, r := range t.Merged {
				id := t.CellID(r.ID, c.ID)
				m.cells[id], _, _ = f.MergedCell(id)
			}
		}
	}
	return m
}

// read maps everything in a document.
func (m *mapper) read(doc *document.Document) {
	m.survey(doc)
	var run []document.Block
	for _, b := range doc.Blocks {
		if b.Table == nil || inOneColumn(b.Table) {
			run = append(run, b)
			continue
		}
		m.lines(run, false)
		run = nil
		m.count++
		m.where = fmt.Sprint(m.count)
		if b.Table.Name != "" {
			m.where += "（" + b.Table.Name + "）"
		}
		m.grid(b.Table)
	}
	m.lines(run, true)
	m.sentences()
}

// item is a cell of a row, with the columns that it covers there.
type item struct {
	text     string
	from, to int // to is behind the last
}

// items are the cells of a row.
func items(row []document.Cell) []item {
	var all []item
	for i, c := range row {
		if n := len(all); i > 0 && row[i-1].Row == c.Row && row[i-1].Column == c.Column {
			all[n-1].to = i + 1
			continue
		}
		all = append(all, item{c.Text, i, i + 1})
	}
	return all
}

// grid maps a table of the document. What it has besides tables of the form, as headings between them, is text.
func (m *mapper) grid(t *document.Table) {
	m.current = nil
	for i, row := range t.Rows {
		line := items(row)
		said := saying(line)
		switch {
		case len(said) == 0:
			m.values(line)
		case m.lineValues(line), i == 0 && m.bareLine(line), m.header(line), m.dataRow(line), m.caption(said):
		case len(said) == 1:
			for text := range strings.SplitSeq(said[0].text, "\n") {
				m.paragraph(document.Block{Text: text})
			}
		default:
			m.strange(line)
		}
	}
}

// saying are the cells that say something, each text once.
func saying(line []item) []item {
	var said []item
	for _, it := range line {
		if it.text != "" {
			said = append(said, it)
		}
	}
	if len(said) > 1 && !slices.ContainsFunc(said, func(it item) bool { return it.text != said[0].text }) {
		return said[:1] // a merged cell that was written into each of its places
	}
	return said
}

// caption takes the rows of a table that only name it, or print its note.
func (m *mapper) caption(said []item) bool {
	if len(said) != 1 {
		return false
	}
	found := m.index.of(said[0].text)
	return !found.none() && (len(found.tables) > 0 || len(found.rowGroups)+len(found.columnGroups) > 0) && m.heading(said[0].text, 0) == ""
}

// header takes a row that names columns.
func (m *mapper) header(line []item) bool {
	counts := map[*form.Table]int{}
	groups, rows, most := 0, 0, 0
	for _, it := range line {
		if numeric(it.text) {
			return false
		}
		found := m.index.of(it.text)
		if it.text == "" || found == nil {
			continue
		}
		groups += len(found.columnGroups)
		rows += len(found.rows) + len(found.merged)
		for _, c := range found.columns {
			counts[c.table]++
			most = max(most, counts[c.table])
		}
	}
	if m.lineHeader(line, counts) {
		return true
	}
	if most == 0 || most == 1 && rows > 0 && groups == 0 {
		return groups > 0 && rows == 0
	}
	for t, n := range counts {
		if n == most && !t.Transposed {
			m.takeHeader(t, line)
		}
	}
	return true
}

// takeHeader notes the columns that a header names. A header in several rows adds up.
func (m *mapper) takeHeader(t *form.Table, line []item) {
	h := m.heads[t]
	if h == nil || h.grid != m.count || m.current == t {
		h = &heads{grid: m.count}
		m.heads[t] = h
		if m.current == t {
			m.current = nil
		}
	}
	width := line[len(line)-1].to
	for len(h.columns) < width {
		h.columns, h.known, h.texts = append(h.columns, ""), append(h.known, false), append(h.texts, "")
	}
	for _, it := range line {
		if it.text == "" {
			continue
		}
		id, known := "", false
		if found := m.index.of(it.text); found != nil {
			for _, c := range found.columns {
				if c.table == t {
					id, known = c.id, true
					h.named = append(h.named, id)
				}
			}
			m.name(found, t)
		}
		for c := it.from; c < it.to; c++ {
			if known || !h.known[c] {
				h.columns[c], h.known[c], h.texts[c] = id, known, it.text
			}
		}
	}
	m.headed[t] = true
}

// leaf is the label of a data row.
type leaf struct {
	ref
	merged bool
	text   string
	at     int // the item
}

// dataRow takes a row that has the label of a row of the form.
func (m *mapper) dataRow(line []item) bool {
	l, ok := m.leafOf(line)
	if !ok {
		return false
	}
	values := line[l.at+1:]
	if l.table.Transposed && !slices.ContainsFunc(values, func(it item) bool { return it.text != "" && figureLike(it.text) }) {
		return false
	}
	m.seen[l.table], m.current = true, l.table
	m.assign(l, values)
	return true
}

// leafOf finds the last label before the figures that names a row.
func (m *mapper) leafOf(line []item) (leaf, bool) {
	var best leaf
	found := false
	var groups []string
	for i, it := range line {
		if it.text == "" {
			if found {
				break
			}
			continue
		}
		if numeric(it.text) || found && figureLike(it.text) {
			break
		}
		means := m.index.of(it.text)
		if means == nil {
			if found {
				break
			}
			continue
		}
		for _, g := range means.rowGroups {
			groups = append(groups, g.id)
		}
		if r, ok := m.choose(means.rows, groups); ok {
			best, found = leaf{r, false, it.text, i}, true
		} else if len(means.merged) > 0 {
			best, found = leaf{means.merged[0], true, it.text, i}, true
		}
	}
	return best, found
}

// choose picks the row that a label means: of several, that in the group named before it, in the table that is being
// read, and after the last one.
func (m *mapper) choose(rows []ref, groups []string) (ref, bool) {
	if len(rows) == 0 {
		return ref{}, false
	}
	best, points := rows[0], -1
	for _, r := range rows {
		n := 0
		if r.table == m.current || m.current == nil && m.heads[r.table] != nil && m.heads[r.table].grid == m.count {
			n += 4
		}
		row, _ := r.table.Row(r.id)
		if slices.Contains(groups, row.Group) {
			n += 2
		}
		if !m.has(r) {
			n += 3
		}
		if n > points {
			best, points = r, n
		}
	}
	return best, true
}

// has tells whether a row has figures already.
func (m *mapper) has(r ref) bool {
	for _, c := range r.table.Columns {
		if _, ok := m.figures[r.table.CellID(r.id, c.ID)]; ok {
			return true
		}
	}
	return false
}

// strange tells of a row with figures in a table of the form whose label the form does not have.
func (m *mapper) strange(line []item) {
	if m.current == nil {
		return
	}
	label, figures := "", []string{}
	for _, it := range line {
		switch {
		case numeric(it.text):
			figures = append(figures, clipped(it.text))
		case it.text != "" && len(figures) == 0:
			label = clipped(it.text)
		}
	}
	if len(figures) == 0 {
		return
	}
	m.lost++
	m.remark(m.current, RowUnknown, check.Hard, check.Finding{Row: same(label), Found: join(figures[:min(len(figures), 20)])})
}

// values takes a row that says nothing: the figures of a table in one line may all be left blank.
func (m *mapper) values(line []item) {
	if m.line != nil && m.line.ready && m.line.rows == 0 {
		m.lineValues(line)
	}
}

// placed is how many figures have a cell.
func (m *mapper) placed() int { return len(m.figures) }

// score is how well the document fits the form: its columns are told more surely by their labels than by their order,
// and figures in sentences, which any form's text has, count for little.
func (m *mapper) score() int {
	said := 0
	for _, f := range m.figures {
		if f.State != Blank && f.Where != "" {
			said++
		}
	}
	score := said + 4*len(m.named) + min(m.spoken, mostSpoken) - 8*m.lost + 3*len(m.parts)
	if m.year != 0 && m.form.Covers(m.year) {
		score += ofItsYear
	}
	return score
}

const (
	mostSpoken = 8
	ofItsYear  = 9
	plainly    = 2 // numbered headings more than another form has
)

// fits tells whether a form fits the document better than another. Where no table tells it, the headings do if they are
// plainly those of one form, and else the year.
func (m *mapper) fits(other *mapper) bool {
	if covers := m.form.Covers(m.year); len(m.seen)+len(other.seen) == 0 && m.year != 0 && covers != other.form.Covers(m.year) {
		if more := len(m.chapters) - len(other.chapters); more >= plainly || -more >= plainly {
			return more > 0
		}
		return covers
	}
	return m.score() > other.score() || m.score() == other.score() && m.form.Covers(m.year)
}
