package published

import (
	"regexp"
	"strings"
	"unicode"

	"gongkai/services/law/form"

	"golang.org/x/text/unicode/norm"
)

// corner is what tables have before the labels of their columns.
const corner = "信息内容"

var (
	numbered  = regexp.MustCompile(`^(第[一二三四五六七八九十]+(部分|章)[、.,:]?|\([一二三四五六七八九十0-9]{1,3}\)[、.,]?|[一二三四五六七八九十]{1,3}[、.,:)]|[0-9]{1,2}[、.)])`)
	brackets  = regexp.MustCompile(`[(\[【〔{][^()\[\]]*[)\]】〕}]`)
	footnotes = regexp.MustCompile(`(注[0-9一二三]?|[*※#])$`)
)

// compact is a text in the plain forms of its characters, without spaces.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// plain is a label without the number before it and without punctuation: what is the same however it is printed.
func plain(s string) string {
	s = compact(s)
	for range 2 {
		if n := len(numbered.FindString(s)); n < len(s) {
			s = s[n:]
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// bare is plain without what stands in brackets, and without the mark of a footnote.
func bare(s string) string {
	s = compact(s)
	if n := len(numbered.FindString(s)); n < len(s) {
		s = s[n:]
	}
	for range 4 {
		without := brackets.ReplaceAllString(s, "")
		if without == s {
			break
		}
		s = without
	}
	return plain(footnotes.ReplaceAllString(s, ""))
}

// ref is what a label means in a table: a row, a merged row, a column, or a group of either.
type ref struct {
	table *form.Table
	id    string
	label string // as the form prints it
}

// senses are what a label can mean in a form.
type senses struct {
	rows, merged, rowGroups, columns, columnGroups []ref
	tables                                         []*form.Table
}

func (m *senses) none() bool {
	return m == nil || len(m.rows)+len(m.merged)+len(m.rowGroups)+len(m.columns)+len(m.columnGroups)+len(m.tables) == 0
}

// index finds what a label means. It remembers what it was asked.
type index struct {
	exact    map[string]*senses // by plain label
	asked    map[string]*senses // by text
	spelt    map[string]*senses // by text that is written as a label is
	misspelt map[string]string  // what a text was taken for that no label is written like
	labels   []string           // the plain labels that are long enough to be told apart when misspelt
}

func newIndex(tables []*form.Table) *index {
	ix := &index{exact: map[string]*senses{}, asked: map[string]*senses{}, spelt: map[string]*senses{}, misspelt: map[string]string{}}
	for _, t := range tables {
		ix.addTable(t)
	}
	for label := range ix.exact {
		if len([]rune(label)) >= 5 {
			ix.labels = append(ix.labels, label)
		}
	}
	return ix
}

func (ix *index) addTable(t *form.Table) {
	add := func(labels []string, put func(*senses)) {
		seen := map[string]bool{}
		for _, l := range labels {
			for _, key := range []string{plain(l), bare(l)} {
				if key == "" || seen[key] {
					continue
				}
				seen[key] = true
				if ix.exact[key] == nil {
					ix.exact[key] = &senses{}
				}
				put(ix.exact[key])
			}
		}
	}
	for _, r := range t.Rows {
		labels := append([]string{r.Label.Zh}, r.Aliases...)
		labels = append(labels, under(t.RowGroups, r.Group, r.Label.Zh)...)
		add(labels, func(m *senses) { m.rows = append(m.rows, ref{t, r.ID, r.Label.Zh}) })
	}
	for _, r := range t.Merged {
		add(append([]string{r.Label.Zh}, r.Aliases...), func(m *senses) { m.merged = append(m.merged, ref{t, r.ID, r.Label.Zh}) })
	}
	for _, g := range t.RowGroups {
		add(append([]string{g.Label.Zh}, g.Aliases...), func(m *senses) { m.rowGroups = append(m.rowGroups, ref{t, g.ID, g.Label.Zh}) })
	}
	for _, c := range t.Columns {
		add(append([]string{c.Label.Zh}, c.Aliases...), func(m *senses) { m.columns = append(m.columns, ref{t, c.ID, c.Label.Zh}) })
	}
	for _, g := range t.ColGroups {
		add(append([]string{g.Label.Zh}, g.Aliases...), func(m *senses) { m.columnGroups = append(m.columnGroups, ref{t, g.ID, g.Label.Zh}) })
	}
	add([]string{t.Label.Zh, t.Note.Zh, t.Heading.Zh, corner}, func(m *senses) { m.tables = append(m.tables, t) })
}

// under are the forms of a row's label behind those of its groups in one cell, as （三）不予公开 1.属于国家秘密.
func under(groups []form.Group, id, label string) []string {
	var labels []string
	for range groups {
		for _, g := range groups {
			if g.ID == id {
				label, id = g.Label.Zh+label, g.Under
				labels = append(labels, label)
				break
			}
		}
		if id == "" {
			break
		}
	}
	return labels
}

// of returns what a text means; nil if nothing.
func (ix *index) of(text string) *senses {
	if len(text) > longestLabel {
		return nil
	}
	if m, ok := ix.asked[text]; ok {
		return m
	}
	m := ix.find(text)
	if len(ix.asked) < mostAsked {
		ix.asked[text] = m
	}
	return m
}

func (ix *index) find(text string) *senses {
	if m := ix.exactly(text); m != nil {
		return m
	}
	full, short := plain(text), bare(text)
	var found *senses
	best, taken := 1<<30, ""
	for _, key := range []string{full, short} {
		runes := []rune(key)
		if len(runes) < 5 || figureLike(text) {
			continue
		}
		for _, label := range ix.labels {
			if d := distance(runes, []rune(label), max(1, len(runes)/6)); d >= 0 && d < best {
				found, best, taken = ix.exact[label], d, label
			}
		}
	}
	if found != nil {
		ix.misspelt[text] = taken
	}
	return found
}

// distance is how many characters must be put in, taken out or changed to make one text of another; -1 if more than so
// many.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return -1
	}
	line := make([]int, len(b)+1)
	for j := range line {
		line[j] = j
	}
	for i := range a {
		diagonal, least := line[0], i+1
		line[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, line[j], line[j+1])
			}
			diagonal, line[j+1] = line[j+1], cost
			least = min(least, cost)
		}
		if least > most {
			return -1
		}
	}
	if line[len(b)] > most {
		return -1
	}
	return line[len(b)]
}
