package published

import (
	"regexp"
	"slices"
	"strings"

	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/document"
)

const (
	longestHeading = 45 // characters
	nearHeading    = 0.8
	numberedNear   = 0.5
)

var chapter = regexp.MustCompile(`^([一二三四五六七八九十]{1,3}[、.,:]|第[一二三四五六七八九十]+(部分|章)|[0-9]{1,2}[、.]|\(?[一二三四五六七八九十]{1,3}\))`)

// paragraph takes a text that stands in no table of the form: the heading of a part, or what belongs to one.
func (m *mapper) paragraph(b document.Block) {
	text := strings.TrimSpace(b.Text)
	if text == "" {
		return
	}
	if pieces := m.inline(text); len(pieces) > 1 {
		for _, piece := range pieces {
			m.paragraph(document.Block{Text: piece})
		}
		return
	}
	if id := m.heading(text, b.Level); id != "" {
		m.part = id
		m.parts = append(m.parts, id)
		m.current = nil
		return
	}
	if id, rest := m.headingAndText(text); id != "" {
		m.part = id
		m.parts = append(m.parts, id)
		text = rest
	}
	if m.part == "" {
		m.preamble = append(m.preamble, text)
		return
	}
	m.texts[m.part] = append(m.texts[m.part], text)
}

// inline takes apart a text that was run together, where headings of parts stand in it behind blanks, as
// …各项工作。 二、主动公开情况 2016年…; each with a line of its own.
func (m *mapper) inline(text string) []string {
	var pieces []string
	from := 0
	for _, at := range inlineHeading.FindAllStringSubmatchIndex(text, 50) {
		heading := text[at[2]:at[3]]
		if at[2] == 0 || m.heading(heading, 1) == "" {
			continue
		}
		pieces = append(pieces, strings.TrimSpace(text[from:at[2]]), heading)
		from = at[3]
	}
	return append(pieces, strings.TrimSpace(text[from:]))
}

var inlineHeading = regexp.MustCompile(`(?:^|[\s。；;])([一二三四五六七八九十]{1,2}、[^\s。，,；;:：]{2,32})(?:[\s]|$)`)

// headingAndText takes apart a paragraph that begins with the heading of a part, as 三、依申请公开情况：无.
func (m *mapper) headingAndText(text string) (id, rest string) {
	first, rest, ok := strings.Cut(text, "\n")
	if ok && len([]rune(first)) <= longestHeading {
		return m.heading(first, 0), rest
	}
	if at := strings.IndexAny(text, "。：:"); at > 0 && len([]rune(text[:at])) <= longestHeading && isTop(text) {
		if id, near := m.nearest(text[:at]); near >= nearHeading {
			return id, strings.TrimLeft(text[at:], "。：:")
		}
	}
	return "", ""
}

// isTop tells whether a text begins with the number of a chapter, as 一、 or 第一部分, not with that of a section in one.
func isTop(text string) bool {
	marked := chapter.FindString(compact(text[:min(len(text), 60)]))
	return marked != "" && !strings.Contains(marked, ")") && marked[0] >= 0x80
}

// numbering is how a heading is numbered.
type numbering int

const (
	unnumbered numbering = iota
	chapterNumber
	sectionNumber // （一）
	arabicNumber  // 1. or (1)
	numberings
)

// numberingOf tells how a heading is numbered.
func numberingOf(text string) numbering {
	marked := chapter.FindString(compact(text[:min(len(text), 60)]))
	switch {
	case marked == "":
		return unnumbered
	case isTop(text):
		return chapterNumber
	case strings.ContainsAny(marked, "0123456789"):
		return arabicNumber
	}
	return sectionNumber
}

// survey finds how the document numbers the headings of the parts: as most of them are. What is called like a part that
// has such a heading and is numbered otherwise, as （一）主动公开政府信息情况 in part one, is no heading of a part.
func (m *mapper) survey(doc *document.Document) {
	var found [numberings]map[string]bool
	look := func(text string) {
		if text = strings.TrimSpace(text); text == "" || len([]rune(text)) > longestHeading || strings.ContainsAny(text, "\n。；") {
			return
		}
		if id, near := m.nearest(text); near >= nearHeading {
			n := numberingOf(text)
			if found[n] == nil {
				found[n] = map[string]bool{}
			}
			found[n][id] = true
		}
	}
	for _, b := range doc.Blocks {
		if b.Table == nil {
			look(b.Text)
			continue
		}
		for _, row := range b.Table.Rows {
			if said := saying(items(row)); len(said) == 1 {
				look(said[0].text)
			}
		}
	}
	for _, n := range []numbering{chapterNumber, unnumbered, sectionNumber, arabicNumber} {
		if len(found[n]) > len(m.chapters) {
			m.numbering, m.chapters = n, found[n]
		}
	}
}

// nearest is the part still to come whose heading a text is like, and how much.
func (m *mapper) nearest(text string) (id string, near float64) {
	key := plain(text)
	if strings.Trim(key, "0123456789") == "" {
		return "", 0
	}
	for _, p := range m.toCome() {
		for _, label := range m.titles[p.ID] {
			if s := similarity(key, label); s > near {
				id, near = p.ID, s
			}
		}
	}
	return id, near
}

// heading finds the part whose heading a text is; empty if it is none. Parts follow in the order of the form: what comes
// again, or before the part that is being read, is a heading within it.
func (m *mapper) heading(text string, level int) string {
	if len([]rune(text)) > longestHeading || strings.ContainsAny(text, "\n。；") {
		return ""
	}
	if told := strings.TrimLeft(compact(text)[len(chapter.FindString(compact(text))):], ":"); strings.Contains(strings.TrimRight(told, ":"), ":") {
		return "" // it says something behind the heading
	}
	top := isTop(text)
	best, near := m.nearest(text)
	if m.chapters[best] && numberingOf(text) != m.numbering {
		return ""
	}
	inner := strings.Contains(chapter.FindString(compact(text)), ")")
	if near >= nearHeading || near >= numberedNear && (top || level > 0) && !inner {
		return best
	}
	return ""
}

// toCome are the parts that may still come: those that follow in the order of the form. A narrative form has no order of
// its own: fees may come behind appeals.
func (m *mapper) toCome() []form.Part {
	if m.annexOnly() {
		return slices.DeleteFunc(slices.Clone(m.form.Parts), func(p form.Part) bool { return slices.Contains(m.parts, p.ID) })
	}
	if m.part == "" {
		return m.form.Parts
	}
	return m.form.Parts[1+slices.IndexFunc(m.form.Parts, func(p form.Part) bool { return p.ID == m.part }):]
}

// similarity is how much two texts have in common: twice the characters of their longest common subsequence, of all.
func similarity(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	line := make([]int, len(y)+1)
	for i := range x {
		diagonal := 0
		for j := range y {
			above := line[j+1]
			if x[i] == y[j] {
				line[j+1] = diagonal + 1
			} else {
				line[j+1] = max(line[j], above)
			}
			diagonal = above
		}
	}
	return 2 * float64(line[len(y)]) / float64(len(x)+len(y))
}

// report makes the report of what was found, and tells what was not.
func (m *mapper) report() *Report {
	r := &Report{Form: m.form, Figures: m.figures, Narratives: map[string]string{}}
	for part, texts := range m.texts {
		r.Narratives[part] = strings.Join(texts, "\n")
	}
	if first := m.form.Parts[0]; m.annexOnly() && first.Narrative && r.Narratives[first.ID] == "" { // its heading is another, or none
		r.Narratives[first.ID] = strings.Join(m.preamble, "\n")
	}
	for _, t := range m.tables {
		m.missing(t)
	}
	r.Remarks = m.remarks
	return r
}

// missing tells what a table of the form lacks in the document. An annex may be missing as a whole.
func (m *mapper) missing(t *form.Table) {
	if m.unplaced[ref{table: t}] {
		return
	}
	if !m.seen[t] {
		if !slices.ContainsFunc(m.form.Annexes, func(a form.Annex) bool {
			return slices.ContainsFunc(a.Part.Tables, func(o form.Table) bool { return o.ID == t.ID })
		}) {
			m.remark(t, TableMissing, check.Hard, check.Finding{})
		}
		return
	}
	merged := map[string]bool{}
	for _, g := range t.Merged {
		if m.has(ref{table: t, id: g.ID}) {
			for _, row := range g.Rows {
				merged[row] = true
			}
		}
	}
	columns := map[string]bool{}
	var gone []string // rows, one after the other
	for _, row := range t.Rows {
		if merged[row.ID] || m.unplaced[ref{table: t, id: row.ID}] {
			continue
		}
		if !m.has(ref{table: t, id: row.ID}) {
			gone = append(gone, row.ID)
			continue
		}
		m.rowsTold(RowMissing, t, gone)
		gone = nil
		for _, c := range t.Columns {
			if _, ok := m.figures[t.CellID(row.ID, c.ID)]; ok {
				columns[c.ID] = true
			}
		}
	}
	m.rowsTold(RowMissing, t, gone)
	for _, c := range t.Columns {
		if !columns[c.ID] && len(columns) > 0 && m.cut != t {
			m.remark(t, ColumnMissing, check.Hard, check.Finding{Column: t.ColumnLabel(c.ID)})
		}
	}
}

// rowsTold tells of rows of the form, one after the other, what a check found: of each, or where they are many of the
// first and the last.
func (m *mapper) rowsTold(id string, t *form.Table, rows []string) {
	if len(rows) > 3 {
		first, last := t.RowLabel(rows[0]), t.RowLabel(rows[len(rows)-1])
		m.remark(t, id, check.Hard, check.Finding{Row: law.Label{Zh: first.Zh + " 至 " + last.Zh, En: first.En + " to " + last.En}})
		return
	}
	for _, row := range rows {
		m.remark(t, id, check.Hard, check.Finding{Row: t.RowLabel(row)})
	}
}
