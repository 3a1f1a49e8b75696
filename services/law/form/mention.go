package form

import (
	"fmt"
	"regexp"
	"strings"
)

// Mention says how the text of a report tells the sum of some cells.
//
// Its words are regular expressions, in which {n} stands for the number, {digits} for one in digits, and the other names in braces for what [words]
// has: {of} for what may stand between a noun and its number (数量, 共, 为, …), {u} for what things are counted in (件, 条,
// 起, …), and so on.
type Mention struct {
	Cells []string `yaml:"cells"`
	// Also are cells of an annex, each of which the same words tell.
	Also []string `yaml:"also"`
	// About is what the paragraph must speak of, else the words may be about something else; empty: nothing.
	About string `yaml:"about"`
	// Said are the words with a number, as 收到政府信息公开申请{of}{n}{u}.
	Said []string `yaml:"said"`
	// Maybe are words that tell it where no others do, the likeliest first.
	Maybe []string `yaml:"maybe"`
	// None are the words that say that there is none.
	None []string `yaml:"none"`

	about             *regexp.Regexp
	said, maybe, none []pattern
}

// What stands in words for others.
const (
	number   = `([0-9]{1,12}(?:\.[0-9]{1,6})?[万亿]?[余多]?|[零〇一二两三四五六七八九十百千万亿]{1,12}[余多]?)`
	digits   = `([0-9]{1,12}(?:\.[0-9]{1,6})?[万亿]?[余多]?)`
	between  = `(?:数量|总数|总量|数)?(?:共有|共计|共|总计|合计|累计|分别为|各|为|是|有|计|约|近|达|:){0,3}`
	countsIn = `(?:件次|人次|件|条|份|宗|例|起|项|个|笔|次)`
	items    = `(?:条|件|项|篇|份)`
	kinds    = `(?:各类|各种|政府|政务|工作|公开|动态|、|的){0,5}`
	received = `(?:新收|收到|受理|接收|接到)(?:到|了|过)?`
	asked    = `(?:各类|对|政府|政务|信息|依申请|有关|书面|网上|网络|公民|群众|公众|提出|要求|的){0,6}(?:公开|申请公开)(?:政府|政务|信息|的|办理|公开){0,4}(?:申请|事项|办件)?`
	negated  = `(?:未|没有|尚未|暂未|从未|没|无)`
	// unless does not take the 无 of other words, as 无法.
	unless = `(?:未|没有|尚未|暂未|从未|没|不存在|无(?:一例|一起|因|任何|政府|信息|涉及|有关|针对|行政|提起|发生|相关|诉讼|复议|申请))`
	end    = `(?:[，,。;；、)\n和及或与]|以及|(?m:$))`
	heard  = `(?:案件|案|申请|事项|的|情况|情形|发生|现象|行为|事件|问题){0,4}` + end
	costs  = `(?:因|而|检索|复制|复印|邮寄|邮递|递送|查阅|打印|提供|信息|政府|公开|方面|工本|依申请|成本|、|和|及|等|的|任何|各项|相关){0,12}`
)

var words = strings.NewReplacer("{n}", number, "{digits}", digits, "{of}", between, "{u}", countsIn, "{items}", items, "{kinds}", kinds, "{got}", received, "{asked}", asked,
	"{not}", negated, "{unless}", unless, "{end}", end, "{heard}", heard, "{costs}", costs)

// compile prepares the words; it returns what is wrong with them.
func (m *Mention) compile() []string {
	var found faults
	all := func(texts []string, numbers int) (compiled []pattern) {
		for _, text := range texts {
			p, err := compilePattern(words.Replace(text))
			found.If(err != nil, "mention %v: %v", m.Cells, err)
			found.If(strings.Count(text, "{n}")+strings.Count(text, "{digits}") != numbers, "mention %v: %q has not %d numbers", m.Cells, text, numbers)
			found.If(err == nil && p.NumSubexp() != numbers, "mention %v: %q has groups", m.Cells, text)
			compiled = append(compiled, p)
		}
		return compiled
	}
	m.about = nil
	if m.About != "" {
		e, err := regexp.Compile(m.About)
		found.If(err != nil, "mention %v: %v", m.Cells, err)
		m.about = e
	}
	m.said, m.maybe, m.none = all(m.Said, 1), all(m.Maybe, 1), all(m.None, 0)
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

// twins makes mentions of their own of the cells that words tell also.
func (f *Form) twins() {
	for _, m := range f.Mentions[:len(f.Mentions):len(f.Mentions)] {
		for _, id := range m.Also {
			twin := m
			twin.Cells, twin.Also = []string{id}, nil
			f.Mentions = append(f.Mentions, twin)
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
