package form

import (
	"fmt"
	"regexp"
	"strings"
)

// Mention says how the text of a report tells the sum of some cells.
//
// Its words are regular expressions, in which {n} stands for the number, {of} for what may stand between a noun and its
// number (数量, 共, 为, …) and {u} for what things are counted in (件, 条, 起, …).
type Mention struct {
	Cells []string `yaml:"cells"`
	// About is what the paragraph must speak of, else the words may be about something else; empty: nothing.
	About string `yaml:"about"`
	// Said are the words with a number, as 收到政府信息公开申请{of}{n}{u}.
	Said []string `yaml:"said"`
	// None are the words that say that there is none.
	None []string `yaml:"none"`

	about      *regexp.Regexp
	said, none []*regexp.Regexp
}

// What stands in words for others.
const (
	number   = `([0-9]{1,12}(?:\.[0-9]{1,6})?[万亿]?|[零〇一二两三四五六七八九十百千万亿]{1,12})`
	between  = `(?:数量|总数|总量|数)?(?:共有|共计|共|总计|合计|累计|分别为|各|为|是|:){0,2}`
	countsIn = `(?:件次|人次|件|条|份|宗|例|起|项|个|笔|次)`
)

var words = strings.NewReplacer("{n}", number, "{of}", between, "{u}", countsIn)

// compile prepares the words; it returns what is wrong with them.
func (m *Mention) compile() []string {
	var found faults
	m.said, m.none, m.about = nil, nil, nil
	if m.About != "" {
		e, err := regexp.Compile(m.About)
		found.If(err != nil, "mention %v: %v", m.Cells, err)
		m.about = e
	}
	for _, text := range m.Said {
		found.If(strings.Count(text, "{n}") != 1, "mention %v: %q has not one {n}", m.Cells, text)
		e, err := regexp.Compile(words.Replace(text))
		found.If(err == nil && e.NumSubexp() != 1, "mention %v: %q has groups", m.Cells, text)
		found.If(err != nil, "mention %v: %v", m.Cells, err)
		m.said = append(m.said, e)
	}
	for _, text := range m.None {
		e, err := regexp.Compile(words.Replace(text))
		found.If(err != nil, "mention %v: %v", m.Cells, err)
		m.none = append(m.none, e)
	}
	return found
}

// validateMentions compiles the words and wants each to tell cells of one unit.
func validateMentions(found *faults, f *Form) {
	for i := range f.Mentions {
		m := &f.Mentions[i]
		*found = append(*found, m.compile()...)
		found.If(len(m.Cells) == 0, "mention %v: no cells", m.Said)
		var first Cell
		for j, id := range m.Cells {
			c, ok := f.Find(id)
			found.If(!ok, "mention %v: unknown cell %q", m.Cells, id)
			if j == 0 {
				first = c
			}
			found.If(ok && (c.Unit != first.Unit || c.PrintedIn() != first.PrintedIn()), "mention %v: cell %s is in another unit", m.Cells, id)
		}
	}
}

// Write writes a value of the cell as the form prints it: a number in the unit printed, in yuan where an amount has none.
func (c Cell) Write(value int64) string {
	if c.Unit != Fen {
		return fmt.Sprint(value)
	}
	per := c.PrintedIn().Fen()
	sign := ""
	if value < 0 {
		sign = "-"
	}
	whole, rest := magnitude(value)/uint64(per), magnitude(value)%uint64(per)
	text := fmt.Sprintf("%s%d", sign, whole)
	if rest > 0 {
		digits := len(fmt.Sprint(per)) - 1
		text += "." + strings.TrimRight(fmt.Sprintf("%0*d", digits, rest), "0")
	}
	return text
}

func magnitude(value int64) uint64 {
	if value < 0 {
		return -uint64(value)
	}
	return uint64(value)
}

// PrintedIn is the unit that the cell's figures are written in.
func (c Cell) PrintedIn() Unit {
	switch {
	case c.Unit == Fen && c.Printed == "":
		return Yuan
	case c.Printed != "":
		return c.Printed
	}
	return c.Unit
}
