package published_test

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/published"
)

// annexRows are the rows of the statistics table of 2014 as it is printed, each with its unit: headings, which have
// strokes, and rows, each with a figure of its own.
func annexRows(t *testing.T, f *form.Form) (rows [][]string, values map[string]int64) {
	table, found := f.Table("annex")
	if !found {
		t.Fatal("no annex")
	}
	values = map[string]int64{}
	var value func(row string) int64
	value = func(row string) int64 {
		r, _ := table.Row(row)
		id := table.CellID(row, "")
		if _, known := values[id]; known {
			return values[id]
		}
		n := int64(len(values) + 3)
		if len(r.Sum) > 0 {
			n = 0
			for _, part := range r.Sum {
				n += value(part)
			}
		}
		values[id] = n
		return n
	}
	headed := map[string]bool{}
	for _, r := range table.Rows {
		headed[r.Label.Zh] = true
	}
	for _, r := range table.Rows {
		for _, g := range table.RowGroups {
			if g.ID == r.Group && !headed[g.Label.Zh] {
				rows, headed[g.Label.Zh] = append(rows, []string{g.Label.Zh, "——", "——"}), true
			}
		}
		label, unit := r.Label.Zh, "件"
		if len(r.Aliases) > 0 {
			label = r.Aliases[0]
		}
		if r.Unit == form.Fen {
			unit = "万元"
		}
		rows = append(rows, []string{label, unit, fmt.Sprint(value(r.ID))})
	}
	return rows, values
}

// TestRead_Annex reads the statistics table of 2014 with its column of units, from a table and from lines.
func TestRead_Annex(t *testing.T) {
	f, _ := forms(t).Get("2007")
	rows, values := annexRows(t, f)
	head := narrative("2016", fmt.Sprintf("主动公开政府信息%d条。", values["annex.disclosed"]), fmt.Sprintf("共收到申请%d件。", values["annex.requests.received"]), "收费情况见附表。", "情况见附表。") +
		"附件\n政府信息公开情况统计表\n（2016年度）\n"
	markdown, lines, spaced := "| 统计指标 | 单位 | 统计数 |\n|---|---|---|\n", "统计指标\n单位\n统计数\n", "统计指标 单位 统计数\n"
	html := "<table><tr><td>统计指标<td>单位<td>统计数"
	for _, row := range rows {
		markdown += "| " + strings.Join(row, " | ") + " |\n"
		lines += strings.Join(row, "\n") + "\n"
		spaced += strings.Join(row, " ") + "\n"
		html += "<tr><td>" + strings.Join(row, "<td>")
	}
	for name, text := range map[string]string{
		"a.md": head + markdown, "lines.txt": head + lines, "spaced.txt": head + spaced,
		"a.html": "<html><p>" + strings.ReplaceAll(head, "\n", "<p>") + html + "<tr><td colspan=3>单位负责人：甲 审核人：乙 填报日期：2017年1月5日</table>",
	} {
		r, err := read(t, []byte(text), name, published.Hints{})
		ok(t, err)
		if r.Form.ID != "2007" || r.Year != 2016 {
			t.Errorf("%s: form %s, year %d", name, r.Form.ID, r.Year)
		}
		for id, want := range values {
			if cell, _ := f.Find(id); cell.Unit == form.Fen {
				want *= cell.Printed.Fen()
			}
			if got, told := r.Figures[id]; !told || got.Value != want {
				t.Errorf("%s: %s is %+v, %v, want %d", name, id, got, told, want)
			}
		}
		for _, found := range r.Check(check.Input{Report: r.Checked(), Forms: forms(t)}) {
			if found.Severity < check.Note {
				t.Errorf("%s: %s: %s %s", name, found.Check, found.Row.Zh, found.Found)
			}
		}
	}
}
