package published_test

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/services/law/form"
)

// box is a cell of a table as it is laid out.
type box struct {
	text       string
	rows, cols int
}

// piece is a paragraph or a table of a report that is laid out.
type piece struct {
	text  string
	title bool
	table [][]box
	name  string // of the form's table that it shows first
}

type sheet []piece

func one(text string) box { return box{text, 1, 1} }

func wide(text string, cols int) box { return box{text, 1, cols} }

// model is what a report says: figures by cell, as written.
type model struct {
	form   *form.Form
	title  string
	values map[string]string
}

func (m model) at(t *form.Table, row, column string) string { return m.values[t.CellID(row, column)] }

// official lays a report out as the notices print it.
func (m model) official() sheet {
	numerals := []rune("一二三四五六七八九十")
	s := sheet{
		{text: m.title, title: true},
		{text: "根据《中华人民共和国政府信息公开条例》编制本报告。本报告所列数据的统计期限自本年1月1日起至12月31日止。"},
	}
	for i, p := range m.form.Parts {
		s = append(s, piece{text: string(numerals[i]) + "、" + p.Label.Zh})
		if p.Narrative {
			s = append(s, piece{text: "（一）主动公开政府信息情况"}, piece{text: "示例文字，第" + string(numerals[i]) + "部分。"}, piece{text: "（二）依申请公开情况。示例文字。"})
		}
		var second [][]box
		for j := range p.Tables {
			switch t := &p.Tables[j]; {
			case strings.HasPrefix(t.ID, "t2"):
				second = append(second, m.second(t)...)
			case t.Transposed:
				s = append(s, piece{table: m.fourth(t), name: "t4"})
			default:
				s = append(s, piece{table: m.third(t), name: "t3"})
			}
		}
		if second != nil {
			s = append(s, piece{table: second, name: "t2"})
		}
	}
	return s
}

// second lays out a block of Table 2, four columns wide.
func (m model) second(t *form.Table) [][]box {
	spans := map[int][]int{1: {3}, 2: {1, 2}, 3: {1, 1, 1}}[len(t.Columns)]
	head := []box{one("信息内容")}
	for i, c := range t.Columns {
		head = append(head, wide(c.Label.Zh, spans[i]))
	}
	rows := [][]box{{wide(t.Label.Zh, 4)}, head}
	for _, r := range t.Rows {
		line := []box{one(r.Label.Zh)}
		for i, c := range t.Columns {
			line = append(line, wide(m.at(t, r.ID, c.ID), spans[i]))
		}
		rows = append(rows, line)
	}
	return rows
}

// third lays out Table 3: a header of three rows, labels in up to three columns.
func (m model) third(t *form.Table) [][]box {
	rows := [][]box{
		{{t.Note.Zh, 3, 3}, wide("申请人情况", 7)},
		{{"自然人", 2, 1}, wide("法人或其他组织", 5), {"总计", 2, 1}},
		{},
	}
	for _, c := range t.Columns[1:6] {
		rows[2] = append(rows[2], one(c.Label.Zh))
	}
	inGroup := func(id string) (n int) {
		for _, r := range t.Rows {
			for g := r.Group; g != ""; g = groupOf(t, g).Under {
				if g == id {
					n++
				}
			}
		}
		return n
	}
	told := map[string]bool{}
	for _, r := range t.Rows {
		var line []box
		depth := 0
		for _, g := range path(t, r.Group) {
			depth++
			if !told[g.ID] {
				line = append(line, box{g.Label.Zh, inGroup(g.ID), 1})
			}
			told[g.ID] = true
		}
		line = append(line, wide(r.Label.Zh, 3-depth))
		for _, c := range t.Columns {
			line = append(line, one(m.at(t, r.ID, c.ID)))
		}
		rows = append(rows, line)
	}
	return rows
}

func groupOf(t *form.Table, id string) form.Group {
	i := slices.IndexFunc(t.RowGroups, func(g form.Group) bool { return g.ID == id })
	if i < 0 {
		return form.Group{}
	}
	return t.RowGroups[i]
}

func path(t *form.Table, id string) []form.Group {
	var groups []form.Group
	for id != "" {
		g := groupOf(t, id)
		groups, id = append([]form.Group{g}, groups...), g.Under
	}
	return groups
}

// fourth lays out Table 4: a header of three rows and one row of figures.
func (m model) fourth(t *form.Table) [][]box {
	rows := [][]box{{wide("行政复议", 5), wide("行政诉讼", 10)}, nil, nil, nil}
	for _, c := range t.Columns {
		rows[1] = append(rows[1], box{c.Label.Zh, 2, 1})
	}
	rows[1] = append(rows[1], wide("未经复议直接起诉", 5), wide("复议后起诉", 5))
	for range 2 {
		for _, c := range t.Columns {
			rows[2] = append(rows[2], one(c.Label.Zh))
		}
	}
	for _, r := range t.Rows {
		for _, c := range t.Columns {
			rows[3] = append(rows[3], one(m.at(t, r.ID, c.ID)))
		}
	}
	return rows
}

// layouts are ways in which organs change the official layout, by what they do. Each leaves the figures as they are.
func layouts() map[string]func(sheet) sheet {
	texts := func(change func(string) string) func(sheet) sheet {
		return func(s sheet) sheet {
			return each(s, func(b box) box { b.text = change(b.text); return b })
		}
	}
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }
	return map[string]func(sheet) sheet{
		"official": func(s sheet) sheet { return s },
		"unmerged": func(s sheet) sheet { return unmerge(s, false) },
		"repeated": func(s sheet) sheet { return unmerge(s, true) },
		"spans dropped": func(s sheet) sheet {
			return each(s, func(b box) box { b.rows, b.cols = 1, 1; return b })
		},
		"cut in two": func(s sheet) sheet { return cut(s, "t3", 14, 0) },
		"cut in two, header again": func(s sheet) sheet {
			return cut(s, "t3", 9, 3)
		},
		"cut below the header": func(s sheet) sheet { return cut(s, "t4", 3, 0) },
		"one table":            joined,
		"full width": texts(func(s string) string {
			if digits(s) {
				return strings.Map(func(r rune) rune {
					if r >= '0' && r <= '9' {
						return r - '0' + '０'
					}
					return r
				}, s)
			}
			return s
		}),
		"spaces": texts(func(s string) string {
			if digits(s) {
				return " " + s + "\u00a0"
			}
			return strings.Join(strings.Split(s, ""), " ")
		}),
		"line breaks": texts(func(s string) string {
			if r := []rune(s); len(r) > 4 && !digits(s) {
				return string(r[:3]) + "\n" + string(r[3:])
			}
			return s
		}),
		"thousands and units": texts(func(s string) string {
			switch {
			case digits(s) && len(s) > 3 && !strings.Contains(s, "."):
				return s[:len(s)-3] + "，" + s[len(s)-3:]
			case digits(s) && !strings.Contains(s, "."):
				return s + "件"
			}
			return s
		}),
		"notes": texts(func(s string) string {
			if digits(s) {
				return s + "（说明：示例12件）"
			}
			return s
		}),
		"other brackets": texts(func(s string) string {
			return strings.NewReplacer("（", "(", "）", ")", "“", "\"", "”", "\"", "、", "，", "一、", "1．").Replace(s)
		}),
		"no numbers": texts(func(s string) string {
			for _, n := range []string{"一、", "二、", "三、", "四、", "（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）", "1.", "2.", "3.", "4.", "5.", "6.", "7.", "8."} {
				if rest, ok := strings.CutPrefix(s, n); ok {
					return rest
				}
			}
			return s
		}),
		"label notes": texts(func(s string) string {
			return strings.NewReplacer("现行有效件数", "现行有效件数（历史累计）", "行政规范性文件", "行政规范性文件（件）", "予以公开", "予以公开（含已主动公开）").Replace(s)
		}),
		"misspelt": texts(func(s string) string {
			return strings.NewReplacer("三类内部事务信息", "三类内容事务信息", "只计这一情形", "只计这一情况", "其他法律行政法规", "其它法律行政法规").Replace(s)
		}),
		"other words": texts(func(s string) string {
			return strings.NewReplacer("总计", "合计", "（六）合计", "（六）总计", "三安全一稳定", "三安全、一稳定").Replace(s)
		}),
		"spacer column": func(s sheet) sheet {
			return rows(s, func(_ int, line []box) []box { return append([]box{one("")}, line...) })
		},
		"spacer rows": func(s sheet) sheet {
			s = slices.Clone(s)
			for i, p := range s {
				if p.name != "t3" {
					continue
				}
				table := slices.Clone(p.table[:5])
				s[i].table = append(append(table, []box{one(""), one("")}), p.table[5:]...)
			}
			return s
		},
		"columns moved": func(s sheet) sheet {
			s = unmergeRows(s, "t3")
			for _, p := range s {
				for _, line := range p.table {
					if n := len(line); p.name == "t3" {
						line[n-7], line[n-1] = line[n-1], line[n-7]
					}
				}
			}
			return s
		},
		"rows moved": func(s sheet) sheet {
			s = slices.Clone(s)
			for i, p := range s {
				if p.name == "t3" {
					table := slices.Clone(p.table)
					table[3], table[4] = table[4], table[3]
					n := len(table)
					table[n-1], s[i].table = table[3], table
					table[3] = p.table[n-1]
				}
			}
			return s
		},
	}
}

// each changes every cell of every table.
func each(s sheet, change func(box) box) sheet {
	return rows(s, func(_ int, line []box) []box {
		line = slices.Clone(line)
		for i := range line {
			line[i] = change(line[i])
		}
		return line
	})
}

// rows changes every row of every table.
func rows(s sheet, change func(r int, line []box) []box) sheet {
	s = slices.Clone(s)
	for i := range s {
		if s[i].table == nil {
			continue
		}
		table := make([][]box, len(s[i].table))
		for r, line := range s[i].table {
			table[r] = change(r, line)
		}
		s[i].table = table
	}
	return s
}

// unmerge gives every place a cell of its own: blank, or with the text again.
func unmerge(s sheet, again bool) sheet {
	s = slices.Clone(s)
	for i := range s {
		if s[i].table != nil {
			s[i].table = squared(s[i].table, again)
		}
	}
	return s
}

func squared(table [][]box, again bool) [][]box {
	grid := make([][]*box, len(table))
	for r, line := range table {
		c := 0
		for _, b := range line {
			for c < len(grid[r]) && grid[r][c] != nil {
				c++
			}
			for y := range b.rows {
				for x := range b.cols {
					if r+y >= len(grid) {
						continue
					}
					for len(grid[r+y]) <= c+x {
						grid[r+y] = append(grid[r+y], nil)
					}
					text := b.text
					if !again && (x > 0 || y > 0) {
						text = ""
					}
					grid[r+y][c+x] = &box{text, 1, 1}
				}
			}
			c += b.cols
		}
	}
	out := make([][]box, len(grid))
	for r, line := range grid {
		for _, b := range line {
			if b == nil {
				b = &box{"", 1, 1}
			}
			out[r] = append(out[r], *b)
		}
	}
	return out
}

// cut cuts a table in two before a row; the second one may begin with rows of the first one's header.
func cut(s sheet, name string, at, header int) sheet {
	s = unmergeRows(s, name)
	var out sheet
	for _, p := range s {
		if p.name != name {
			out = append(out, p)
			continue
		}
		second := append(slices.Clone(p.table[:header]), p.table[at:]...)
		out = append(out, piece{table: p.table[:at], name: name}, piece{text: "— 3 —"}, piece{table: second})
	}
	return out
}

func unmergeRows(s sheet, name string) sheet {
	s = slices.Clone(s)
	for i := range s {
		if s[i].name == name {
			s[i].table = squared(s[i].table, true)
		}
	}
	return s
}

// joined puts everything from the first table on into one table.
func joined(s sheet) sheet {
	first := slices.IndexFunc(s, func(p piece) bool { return p.table != nil })
	out := slices.Clone(s[:first])
	var table [][]box
	for _, p := range s[first:] {
		if p.table == nil {
			table = append(table, []box{wide(p.text, 15)})
		}
		table = append(table, p.table...)
	}
	return append(out, piece{table: table, name: "all"})
}

func (p piece) String() string { return fmt.Sprint(p.text, len(p.table)) }
