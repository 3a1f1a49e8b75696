package published

import (
	"cmp"
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
	quantity = regexp.MustCompile(`([0-9][0-9,]*(?:\.[0-9]+)?)(条|件|篇|份|次|项|个|起|例|人次|元|万元)`)
	nothing  = regexp.MustCompile(`^(?:[^:]{2,40}:)?(?:均为|均|都)?(?:无|没有|零|0|未发生|未产生)(?:此类|此|相关)?(?:情况|情形)?[件条起元次]?$`)
	listed   = regexp.MustCompile(`类?(型)?(政府)?(信息|情况)?$`)
)

// sentences reads the figures of a form without tables from its text: what the form's own words tell, then lists of what
// was disclosed, then parts of which the report says that there is nothing.
func (m *mapper) sentences() {
	if len(m.tables) > 0 && !m.annexOnly() {
		return
	}
	before := len(m.figures)
	defer func() { m.spoken = len(m.figures) - before }()
	m.mentioned()
	text := m.allText()
	for _, p := range m.form.Parts {
		if !p.MayStateNone {
			m.counted(p, text)
		}
	}
	m.statedNone()
	for _, p := range m.form.Parts {
		m.complete(p)
	}
}

// mentioned reads the figures that the form's words tell of single cells. What may be about something else is passed over;
// the cell's own part says it first, then the others.
func (m *mapper) mentioned() {
	sections := m.sections()
	for _, mention := range m.form.Mentions {
		cell, ok := m.form.Cell(mention.Cells[0])
		if _, twice := m.figures[cell.ID]; !ok || twice || len(mention.Cells) > 1 || cell.Table != "" {
			continue
		}
		own := func(s section) bool {
			return slices.ContainsFunc(s.part.Cells, func(c form.Cell) bool { return c.ID == cell.ID })
		}
		var first, loose *Figure
		for _, s := range slices.Concat(filter(sections, own, true), filter(sections, own, false)) {
			by := form.Speaker{Name: m.told.organization, Year: m.year, Part: s.part.Label.Zh}
			for _, said := range mention.In(s.text, by) {
				value, slack, readable := cell.Read(said.Number)
				if said.Doubtful || !readable {
					continue
				}
				f := &Figure{Value: value, Unit: cell.PrintedIn(), Raw: clipped(said.Words), Row: clipped(cell.Label.Zh), Rounded: slack > 0}
				switch {
				case said.Loose:
					loose = cmp.Or(loose, f)
				case first == nil, len(cell.Sum) > 0 && f.Value > first.Value: // the others are parts of the total
					first = f
				}
			}
		}
		if f := cmp.Or(first, loose); f != nil {
			m.figures[cell.ID] = *f
		}
	}
}

// section is the text of a part, or, without a part, what stands before the first.
type section struct {
	part form.Part
	text string
}

// sections are the texts of all parts in the plain forms of their signs.
func (m *mapper) sections() []section {
	all := []section{{text: form.Plain(strings.Join(m.preamble, "\n"))}}
	for _, id := range m.parts {
		p, _ := m.form.Part(id)
		all = append(all, section{p, form.Plain(strings.Join(m.texts[id], "\n"))})
	}
	return all
}

// filter keeps the sections of which something holds, or does not.
func filter(sections []section, is func(section) bool, want bool) []section {
	return slices.DeleteFunc(slices.Clone(sections), func(s section) bool { return is(s) != want })
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

// allText is everything that stands in no table, in the plain forms of its characters.
func (m *mapper) allText() string {
	all := m.preamble
	for _, id := range m.parts {
		all = append(all[:len(all):len(all)], m.texts[id]...)
	}
	return strings.NewReplacer("，", ",", "；", ";", "：", ":", "（", "(", "）", ")", " ", "").Replace(half(strings.Join(all, "\n")))
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

// words of the parts that may say 无. What is about an appeal over a request is about appeals, and 依申请公开的收费 about fees.
var noneWords = []struct {
	part string
	word *regexp.Regexp
}{
	{"appeals", regexp.MustCompile(`复议|诉讼`)},
	{"fees", regexp.MustCompile(`收费|费用|减免`)},
	{"requests", regexp.MustCompile(`申请`)},
}

// rests are the cells that tell by a 0 that their whole part is 0.
var rests = map[string]string{"requests": "requests.received", "fees": "fees.charged"}

// statedNone finds the parts of which a report says that there is nothing: by 无 under a heading or behind it, as
// 依申请公开情况：无, or by a 0 on which the rest of the part rests.
func (m *mapper) statedNone() {
	for _, p := range m.form.Parts {
		if !p.MayStateNone || slices.ContainsFunc(p.Cells, func(c form.Cell) bool { return m.figures[c.ID].Value != 0 }) {
			continue
		}
		if first, told := m.figures[rests[p.ID]]; told {
			m.none(p, first.Raw)
		}
	}
	for _, section := range m.sections() {
		above := section.part.Label.Zh
		for line := range strings.Lines(section.text) {
			line = strings.TrimRight(line, "。；;\n")
			if nothing.MatchString(line) {
				if p, ok := m.subject(line, above); ok {
					m.none(p, line)
				}
			}
			above = line
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

// subject is the part that a line is about, or, where it does not say it, the heading above it.
func (m *mapper) subject(line, above string) (form.Part, bool) {
	for _, text := range []string{line, above} {
		for _, w := range noneWords {
			if w.word.MatchString(text) && len([]rune(text)) <= longestHeading {
				return m.form.Part(w.part)
			}
		}
	}
	return form.Part{}, false
}
