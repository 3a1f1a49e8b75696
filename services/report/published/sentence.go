package published

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/services/law/form"
)

// A narrative form has its figures in sentences: 主动公开政府信息550条，其中政府文件24条，工作报告1条…; and says of a part
// that there is none: 依申请公开情况：无.

var (
	clause   = regexp.MustCompile(`[^,;。、\n]+`)
	quantity = regexp.MustCompile(`([0-9][0-9,]*(?:\.[0-9]+)?)(余)?(条|件|篇|份|次|项|个|起|例|人次|元|万元)`)
	nothing  = regexp.MustCompile(`(未|没有|无|尚未)(收到|接到|发生|产生|出现|受理|收取|有|因|提起|公民|任何)|[:：](均为)?(无|0[件条起元]?|没有)$|为零$|为0[件条起元]?$|均为(无|零|0)`)
	listed   = regexp.MustCompile(`类?(型)?(政府)?(信息|情况)?$`)
)

// sentences reads the figures of a form without tables from its text: lists of what was disclosed first, then what the
// form's own words tell, then parts of which the report says that there is nothing.
func (m *mapper) sentences() {
	if len(m.tables) > 0 && !m.annexOnly() {
		return
	}
	text, before := m.allText(), len(m.figures)
	defer func() { m.spoken = len(m.figures) - before }()
	for _, p := range m.form.Parts {
		if !p.MayStateNone {
			m.counted(p, text)
		}
	}
	m.mentioned()
	for _, p := range m.form.Parts {
		if p.MayStateNone && !m.positive(p) {
			m.statedNone(p, text)
		}
		m.complete(p)
	}
}

// mentioned reads the figures that the form's words tell of single cells. What may be about something else is passed over,
// and a figure that was read already stays.
func (m *mapper) mentioned() {
	text := form.Plain(m.fullText())
	by := form.Speaker{Name: m.told.organization, Year: m.year}
	for _, mention := range m.form.Mentions {
		cell, ok := m.form.Cell(mention.Cells[0])
		if _, twice := m.figures[cell.ID]; !ok || twice || len(mention.Cells) > 1 || cell.Table != "" {
			continue
		}
		for _, s := range mention.In(text, by) {
			value, _, readable := cell.Read(s.Number)
			if s.Doubtful || !readable {
				continue
			}
			m.figures[cell.ID] = Figure{Value: value, Unit: cell.PrintedIn(), Raw: clipped(s.Words), Row: clipped(cell.Label.Zh)}
			break
		}
	}
}

// positive tells whether any figure of a part was read that is not 0.
func (m *mapper) positive(p form.Part) bool {
	return slices.ContainsFunc(p.Cells, func(c form.Cell) bool { return m.figures[c.ID].Value != 0 })
}

// complete fills in 0 for what a sentence leaves out of a total that is reached without it; where it is not, what was left
// out is not known.
func (m *mapper) complete(p form.Part) {
	for _, c := range p.Cells {
		total, told := m.figures[c.ID]
		if len(c.Sum) == 0 || !told || c.Table != "" {
			continue
		}
		var sum int64
		for _, part := range c.Sum {
			sum += m.figures[part].Value
		}
		for _, part := range c.Sum {
			if _, told := m.figures[part]; !told && sum >= total.Value {
				m.figures[part] = Figure{Raw: total.Raw, Row: total.Row}
			}
		}
	}
}

// annexOnly tells whether the form's tables are all in an annex.
func (m *mapper) annexOnly() bool {
	for _, p := range m.form.Parts {
		if len(p.Tables) > 0 {
			return false
		}
	}
	return true
}

// fullText is everything that stands in no table.
func (m *mapper) fullText() string {
	all := m.preamble
	for _, id := range m.parts {
		all = append(all[:len(all):len(all)], m.texts[id]...)
	}
	return strings.Join(all, "\n")
}

// allText is the same in the plain forms of its characters.
func (m *mapper) allText() string {
	text := m.fullText()
	return strings.NewReplacer("，", ",", "；", ";", "：", ":", "（", "(", "）", ")", " ", "").Replace(half(text))
}

// counted finds a part's figures: each in the clause that begins with the label of its cell.
func (m *mapper) counted(p form.Part, text string) {
	if len(p.Cells) == 0 {
		return
	}
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return r == '。' || r == '\n' }) {
		if !strings.Contains(sentence, "公开") || !quantity.MatchString(sentence) {
			continue
		}
		m.list(p, sentence)
	}
}

// list takes a sentence that tells a total and what it consists of.
func (m *mapper) list(p form.Part, sentence string) {
	var parts []Figure
	var cells []string
	total, hasTotal := Figure{}, false
	for _, c := range clause.FindAllString(sentence, -1) {
		q := quantity.FindStringSubmatchIndex(c)
		if q == nil {
			continue
		}
		before := strings.TrimPrefix(c[:q[0]], "其中")
		before = strings.TrimPrefix(strings.TrimPrefix(before, ":"), "包括")
		n, err := strconv.ParseInt(strings.ReplaceAll(c[q[2]:q[3]], ",", ""), 10, 64)
		if err != nil {
			continue
		}
		f := Figure{Value: n, Raw: clipped(c), Row: clipped(before)}
		if id, ok := leafCell(p, before); ok {
			parts, cells = append(parts, f), append(cells, id)
		} else if sum, ok := totalCell(p); ok && !hasTotal && len(parts) == 0 && strings.Contains(before, "公开") {
			total, hasTotal = f, true
			total.Row = sum
		}
	}
	if len(parts) < 2 {
		return
	}
	for i, id := range cells {
		if _, twice := m.figures[id]; !twice {
			m.figures[id] = parts[i]
		}
	}
	if sum, ok := totalCell(p); ok && hasTotal {
		if _, twice := m.figures[sum]; !twice {
			m.figures[sum] = total
		}
	}
}

// leafCell is the cell of a part whose label a clause has before its number.
func leafCell(p form.Part, before string) (string, bool) {
	key := listed.ReplaceAllString(plain(before), "")
	key = strings.TrimSuffix(listed.ReplaceAllString(key, ""), "类")
	for _, c := range p.Cells {
		if len(c.Sum) > 0 {
			continue
		}
		for _, label := range append([]string{c.Label.Zh}, c.Aliases...) {
			if plain(label) == key {
				return c.ID, true
			}
		}
	}
	return "", false
}

// totalCell is the cell of a part that is the sum of the others.
func totalCell(p form.Part) (string, bool) {
	for _, c := range p.Cells {
		if len(c.Sum) > 0 {
			return c.ID, true
		}
	}
	return "", false
}

// words of the parts that may say 无.
var noneWords = map[string]*regexp.Regexp{
	"requests": regexp.MustCompile(`申请`),
	"fees":     regexp.MustCompile(`收费|费用|减免`),
	"appeals":  regexp.MustCompile(`复议|诉讼`),
}

// statedNone finds whether a report says of a part that there is none.
func (m *mapper) statedNone(p form.Part, text string) {
	word := noneWords[p.ID]
	if word == nil {
		return
	}
	if own := plain(strings.Join(m.texts[p.ID], "")); slices.Contains([]string{"无", "没有", "均无", "零", "0", "未发生", "无此情况"}, own) {
		m.none(p, own)
		return
	}
	for line := range strings.Lines(text) {
		for _, sentence := range strings.FieldsFunc(line, func(r rune) bool { return r == '。' || r == ';' || r == '\n' }) {
			if !word.MatchString(sentence) || !nothing.MatchString(sentence) || m.subject(sentence) != p.ID {
				continue
			}
			m.none(p, sentence)
			return
		}
	}
}

// none notes that there is nothing in a part, but for what was told.
func (m *mapper) none(p form.Part, said string) {
	for _, c := range p.Cells {
		if _, told := m.figures[c.ID]; !told {
			m.figures[c.ID] = Figure{State: StatedNone, Raw: clipped(said), Row: clipped(p.Label.Zh)}
		}
	}
}

// subject is the part that a sentence is about: 依申请公开的收费 is about fees, and a reconsideration over a request about
// appeals.
func (m *mapper) subject(sentence string) string {
	for _, id := range []string{"appeals", "fees", "requests"} {
		if noneWords[id].MatchString(sentence) {
			return id
		}
	}
	return ""
}
