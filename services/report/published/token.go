package published

import (
	"strings"

	"gongkai/services/report/document"
)

// token is a cell of a table that came as lines, or a line of text.
type token struct {
	text  string
	cell  bool // it stood in a table of its own, so that blank ones count
	block int  // of the run that it came from
}

// figure tells whether a token is one that stands in a cell for figures, and says something.
func (t token) figure() bool {
	return t.text != "" && t.text != "一" && figureLike(t.text)
}

// inOneColumn tells whether a table has nothing beside its first column: one whose rows were lost.
func inOneColumn(t *document.Table) bool {
	for _, row := range t.Rows {
		for _, it := range items(row)[1:] {
			if it.text != "" {
				return false
			}
		}
	}
	return true
}

// mostTokens is how many a run of lines has at most in which tables are looked for; a report has some hundreds.
const mostTokens = 20_000

// tokens are the cells and lines of a run of blocks; none if they are too many.
func (m *mapper) tokens(run []document.Block) []token {
	var all []token
	for i, b := range run {
		if len(all) > mostTokens {
			return nil
		}
		if b.Table != nil {
			for _, row := range b.Table.Rows {
				all = append(all, m.cellTokens(row[0].Text, i)...)
			}
			continue
		}
		all = append(all, m.lineTokens(b.Text, i)...)
	}
	return all
}

// cellTokens are the token of a cell, or those of its lines where it holds several that make no label together.
func (m *mapper) cellTokens(text string, block int) []token {
	joined := strings.ReplaceAll(text, "\n", "")
	if parts := m.parted(text); len(parts) > 1 && !strings.Contains(text, "\n") {
		return m.lineTokens(text, block)
	}
	if joined != text && m.index.of(joined).none() {
		return m.lineTokens(text, block)
	}
	return []token{{text: joined, cell: true, block: block}}
}

func (m *mapper) lineTokens(text string, block int) []token {
	var all []token
	for line := range strings.SplitSeq(text, "\n") {
		for _, part := range m.parted(line) {
			all = append(all, token{text: part, block: block})
		}
	}
	return all
}

// parted takes apart a line that holds a row whose cells are a space apart: a label and figures, figures only, or labels
// only. Any other is one text.
func (m *mapper) parted(line string) []string {
	fields := strings.Fields(line)
	if len(fields) < 2 || len(fields) > 40 || m.index.exactly(line) != nil {
		return []string{line}
	}
	n := len(fields)
	for n > 0 && (numeric(fields[n-1]) || strokes[half(fields[n-1])] && fields[n-1] != "一") {
		n--
	}
	if n == len(fields) {
		for _, f := range fields {
			if m.index.exactly(f) == nil {
				return []string{line}
			}
		}
		return fields
	}
	if n == 0 {
		return fields
	}
	if values := fields[n:]; n > 1 && isUnit(fields[n-1]) { // 单位 stands between label and figures
		return append(m.parted(strings.Join(fields[:n-1], " ")), values...)
	}
	label := strings.Join(fields[:n], "")
	for from := range n { // a label may stand behind that of its group
		if rest := strings.Join(fields[from:n], ""); m.index.exactly(rest) != nil {
			label = rest
			break
		}
	}
	return append([]string{label}, fields[n:]...)
}

// exactly is what a label means that is written as the form has it, but for its punctuation and what stands in brackets;
// nil if nothing.
func (ix *index) exactly(text string) *senses {
	if len(text) > longestLabel {
		return nil
	}
	m, ok := ix.spelt[text]
	if !ok {
		if m = ix.exact[plain(text)]; m == nil {
			m = ix.exact[bare(text)]
		}
		if len(ix.spelt) < mostAsked {
			ix.spelt[text] = m
		}
	}
	return m
}

// begunAt finds the row whose label begins with a text and goes on below, and how many texts stand before its figures: on
// a page without ruled lines the figures stand beside the middle of a label, maybe behind what is left of its group's.
func (ix *index) begunAt(tokens []token) (rows []ref, n int) {
	for n = 1; n < min(len(tokens), mostPieces); n++ {
		if tokens[n].figure() {
			return ix.begun(tokens[0].text), n
		}
		if text := tokens[n].text; text == "" || ix.exactly(text) != nil || ix.begun(text) != nil {
			break
		}
	}
	return nil, 0
}

// begun is the row whose label begins with a text, but is longer.
func (ix *index) begun(text string) []ref {
	if len(text) > longestLabel {
		return nil
	}
	key := plain(text)
	if len([]rune(key)) < 4 {
		return nil
	}
	var rows []ref
	for label, means := range ix.exact {
		if strings.HasPrefix(label, key) && label != key && len(means.rows) > 0 {
			if len(rows) > 0 && rows[0] != means.rows[0] {
				return nil // of two
			}
			rows = means.rows
		}
	}
	return rows
}

const (
	longestLabel = 600 // bytes
	mostAsked    = 20_000
	mostPieces   = 4 // lines that a label is broken into
)

// labelAt finds the label that begins at a token, which may be broken over several, and how many they are.
func (ix *index) labelAt(tokens []token) (text string, means *senses, n int) {
	if ix.exactly(tokens[0].text) == nil {
		joined := tokens[0].text
		for i, t := range tokens[1:min(len(tokens), mostPieces)] {
			if t.text == "" || t.figure() {
				break
			}
			joined += t.text
			if means := ix.exactly(joined); means != nil {
				return joined, means, i + 2
			}
		}
	}
	if means := ix.of(tokens[0].text); !means.none() {
		return tokens[0].text, means, 1
	}
	return "", nil, 0
}
