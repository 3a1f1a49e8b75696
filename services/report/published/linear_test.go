package published_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gongkai/services/law/form/check"
	"gongkai/services/report/published"
)

// broken are the labels that pages break over lines, as they do.
var broken = strings.NewReplacer("本年新制作数量", "本年新¶制作数量", "本年新公开数量", "本年新¶公开数量", "商业企业", "商业¶企业", "科研机构", "科研¶机构", "（三）不予公开", "（三）¶不予公开", "3.危及“三安全一稳定”", "3.危及“三安全¶一稳定”")

// narrow writes the punctuation as text extraction leaves it.
var narrow = strings.NewReplacer("（", "(", "）", ")", "，", ",", "：", ":", "；", ";")

// extracted are the ways in which the text of a page has a table: given its rows, as merged cells leave them.
func extracted() map[string]func([][]string) string {
	lines := func(apart string) func([][]string) string {
		return func(rows [][]string) string {
			return strings.ReplaceAll(broken.Replace(strings.Join(slices.Concat(rows...), apart)), "¶", apart) + "\n"
		}
	}
	perRow := func(write func(row []string) string) func([][]string) string {
		return func(rows [][]string) string {
			var b strings.Builder
			for _, row := range rows {
				b.WriteString(write(row) + "\n")
			}
			return b.String()
		}
	}
	return map[string]func([][]string) string{
		"a cell a line":              lines("\n"),
		"a cell a line, blank lines": lines("\n\n"),
		"a cell a line, spaces":      lines("\n\n  "),
		"bars at the end":            perRow(func(row []string) string { return strings.Join(row, " | ") + " |" }),
		"bars for merged cells": perRow(func(row []string) string {
			return strings.Join(row, " | ") + " | " + strings.Repeat("|", max(0, 9-len(row)))
		}),
		"bars, ragged": perRow(func(row []string) string {
			return "| " + strings.Join(row, " | ") + " | " + strings.Repeat("|", max(0, 4-len(row)))
		}),
		"bars on their own lines": perRow(func(row []string) string {
			return strings.ReplaceAll(broken.Replace(strings.Join(row, "\n|\n")), "¶", "\n") + "\n|"
		}),
		"a cell and a bar a line":        perRow(func(row []string) string { return strings.Join(row, " |\n") + " |" }),
		"a bar and a cell a line":        perRow(func(row []string) string { return "| \n " + strings.Join(row, "  | \n ") + "  | " }),
		"bars of rows on their own line": perRow(func(row []string) string { return strings.Join(row, " |\n") + " |\n||||" }),
		"a space apart":                  perRow(func(row []string) string { return strings.Join(row, " ") }),
	}
}

// extract writes a report as text, its tables in one of those ways.
func extract(s sheet, table func([][]string) string) string {
	var b strings.Builder
	b.WriteString("首页 > 政务公开 > 政府信息公开年报\n索引号: 000014349/2022-00001 | 公开方式: 主动公开 |\n字号: 大 中 小 打印\n")
	for _, p := range s {
		if p.table == nil {
			b.WriteString(p.text + "\n\n")
			continue
		}
		var rows [][]string
		for _, line := range p.table {
			var row []string
			for _, c := range line {
				row = append(row, c.text)
			}
			if len(row) > 0 {
				rows = append(rows, row)
			}
		}
		b.WriteString(table(rows) + "\n")
	}
	return b.String()
}

// TestRead_Extracted reads what text extraction leaves of a page, with each figure in its cell, and tells nothing of it.
func TestRead_Extracted(t *testing.T) {
	for _, id := range []string{"2019", "2021"} {
		m := busy(t, id, 2020+int(id[3]-'0')%2)
		for _, name := range slices.Sorted(maps.Keys(extracted())) {
			text := extract(m.official(), extracted()[name])
			for kind, data := range map[string]string{"a.txt": text, "half-width.txt": narrow.Replace(text), "page.html": paragraphs(text)} {
				if kind == "page.html" && strings.Contains(name, "bar") {
					continue
				}
				t.Run(id+"/"+name+"/"+kind, func(t *testing.T) {
					r, err := read(t, []byte(data), kind, published.Hints{})
					ok(t, err)
					if r.Form.ID != id || r.Year != 2020+int(id[3]-'0')%2 || r.Organization != "示例县人民政府" {
						t.Errorf("form %s, year %d, of %q", r.Form.ID, r.Year, r.Organization)
					}
					compare(t, m, r)
					if ids := told(r); len(ids) > 0 {
						t.Errorf("remarks: %v", ids)
					}
				})
			}
		}
	}
}

// paragraphs is a page with a paragraph a line.
func paragraphs(text string) string {
	var b strings.Builder
	b.WriteString("<html><body>")
	for line := range strings.Lines(text) {
		fmt.Fprintf(&b, "<div><p>&nbsp;&nbsp;%s</p></div>", strings.ReplaceAll(strings.TrimSpace(line), ">", "&gt;"))
	}
	return b.String()
}

// TestRead_ExtractedCut cuts the text off at any place: what stands before is read as it was.
func TestRead_ExtractedCut(t *testing.T) {
	m := busy(t, "2021", 2022)
	for _, name := range []string{"a cell a line, blank lines", "bars on their own lines", "bars at the end"} {
		lines := strings.SplitAfter(extract(m.official(), extracted()[name]), "\n")
		before := 0
		for at := len(lines) / 8; at < len(lines); at += 7 {
			r, err := read(t, []byte(strings.Join(lines[:at], "")), "a.txt", published.Hints{})
			ok(t, err)
			if n := right(t, m, r); n < before {
				t.Errorf("%s, cut at line %d: %d figures, %d before", name, at, n, before)
			} else {
				before = n
			}
		}
		if before < len(m.form.Cells())-20 {
			t.Errorf("%s: %d figures at the last", name, before)
		}
	}
}

// right counts the figures of a report, and complains of those that are not the model's.
func right(t *testing.T, m model, r *published.Report) int {
	t.Helper()
	n := 0
	for id, f := range r.Figures {
		if f.State != published.Filled {
			continue
		}
		if n++; f.Raw != m.values[id] {
			t.Errorf("%s is %s, want %s", id, f.Raw, m.values[id])
		}
	}
	return n
}

// TestRead_ExtractedGaps takes figures out, as blank cells leave nothing in a text: no other figure moves to their place,
// and what cannot be placed is told.
func TestRead_ExtractedGaps(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, id := range []string{"2019", "2021"} {
		m := busy(t, id, 2020+int(id[3]-'0')%2)
		for range 40 {
			gone := 0
			text := extract(m.official(), func(rows [][]string) string {
				for i, row := range rows {
					rows[i] = slices.DeleteFunc(row, func(s string) bool {
						drop := strings.Trim(s, "0123456789.") == "" && random.IntN(30) == 0
						if drop {
							gone++
						}
						return drop
					})
				}
				return extracted()["a cell a line, blank lines"](rows)
			})
			r, err := read(t, []byte(text), "a.txt", published.Hints{})
			ok(t, err)
			right(t, m, r)
			if gone > 0 && !slices.Contains(told(r), published.RowIncomplete) {
				t.Errorf("%d figures are gone, told: %v", gone, told(r))
			}
		}
	}
}

// TestRead_ExtractedBlank: a table in which nothing was filled in is blank, not missing.
func TestRead_ExtractedBlank(t *testing.T) {
	m := busy(t, "2019", 2022)
	clear(m.values)
	text := strings.ReplaceAll(extract(m.official(), extracted()["a cell a line, blank lines"]), "\n\n\n", "\n")
	r, err := read(t, []byte(text), "a.txt", published.Hints{})
	ok(t, err)
	if r.Form.ID != "2019" || r.Figures["t3.received.total"].State != published.Blank || len(r.Figures) != len(m.form.Cells()) {
		t.Errorf("form %s, %d figures, %+v", r.Form.ID, len(r.Figures), r.Figures["t3.received.total"])
	}
	if h := hard(r); len(h) > 0 {
		t.Errorf("remarks: %v", h)
	}
}

// TestRead_ExtractedOdd reads tables as organs change them: another row, a label left out, words for figures, amounts
// with their unit, a column named twice.
func TestRead_ExtractedOdd(t *testing.T) {
	const before = "示例县水利局2020年政府信息公开工作年度报告\n一、总体情况\n2020年，县水利局公开信息12条。\n二、主动公开政府信息情况\n"
	for _, c := range []struct {
		name, text string
		want       map[string]string // figures as written
		told       []string
	}{
		{
			"a row more", "第二十条第（一）项\n信息内容\n本年新制作数量\n本年新公开数量\n对外公开总数量\n规章（设区的市填报）\n0\n0\n0\n规范性文件\n3\n4\n5\n其他主动公开文件\n6\n7\n8\n三、收到和处理政府信息公开申请情况\n",
			map[string]string{"t2.regulations.made": "0", "t2.normative_documents.made": "3", "t2.normative_documents.total_disclosed": "5"},
			[]string{published.RowUnknown, published.TableMissing},
		},
		{
			"a label left out", "第二十条第\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n1\n2\n3\n行政规范性文件\n4\n5\n6\n第二十条第\n信息内容\n本年处理决定数量\n行政许可\n7\n三、收到和处理政府信息公开申请情况\n",
			map[string]string{"t2.normative_documents.made": "4", "t2.licences.decisions": "7", "t2.regulations.made": ""},
			[]string{published.RowMissing, published.RowUnknown, published.TableMissing},
		},
		{
			"words for figures", "第二十条第（一）项 |\n信息内容 |\n本年新 |\n本年新 |\n对外公开总数量 |\n|\n规章 |\n本单位未制作规章 |\n本单位未制作规章 |\n无 |\n|\n规范性文件 |\n1 |\n|\n2 |\n|\n",
			map[string]string{"t2.regulations.made": "本单位未制作规章", "t2.regulations.total_disclosed": "无", "t2.normative_documents.made": "1", "t2.normative_documents.total_disclosed": "2"},
			[]string{published.TableMissing},
		},
		{
			"bars that fill up rows", "第二十条第（一）项 | ||||\n信息内容 | 本年新 | 本年新 | 对外公开总数量 | |\n规章 | 1 | 2 | ||\n规范性文件 | 3 | 4 | 5 | |\n第二十条第（五）项 | ||||\n信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 | |\n行政许可 | ||||\n三、收到和处理政府信息公开申请情况\n",
			map[string]string{"t2.regulations.made": "", "t2.regulations.disclosed": "", "t2.normative_documents.total_disclosed": "5", "t2.licences.change": ""},
			[]string{published.RowIncomplete, published.RowMissing, published.TableMissing},
		},
		{
			"bars that fill up rows, and blank cells", "第二十条第（六）项 |\n||||\n信息内容 |\n上一年项目数量 |\n本年增/减 |\n处理决定数量 |\n|\n行政处罚 |\n|\n+239 |\n240 |\n|\n行政强制 |\n1 |\n|\n2 |\n|\n第二十条第（九）项 |\n||||\n",
			map[string]string{"t2.punishments.last_year": "", "t2.punishments.change": "+239", "t2.punishments.decisions": "240", "t2.coercion.last_year": "1", "t2.coercion.decisions": "2"},
			[]string{published.TableMissing},
		},
		{
			"rows below a row", "信息内容 |\n上一年项目数量 |\n本年增/减 |\n处理决定数量 |\n行政许可 |\n1 |\n2 |\n3 |\n其他对外管理服务事项 |\n行政检查 |\n4 |\n5 |\n6 |\n行政确认 |\n7 |\n8 |\n9 |\n",
			map[string]string{"t2.licences.decisions": "3", "t2.other_services.last_year": "", "t2.other_services.change": ""},
			[]string{published.RowMissing, published.RowUnknown, published.TableMissing},
		},
		{
			"a total over two lines of the header", "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） |\n申请人情况 |\n总计 |\n自然人 |\n法人或其他组织 |\n商业 企业 |\n科研 机构 |\n社会公益组织 |\n法律服务机构 |\n其他 |\n一、本年新收政府信息公开申请数量 |\n1 |\n2 |\n3 |\n4 |\n5 |\n6 |\n21 |\n",
			map[string]string{"t3.received.natural_person": "1", "t3.received.business": "2", "t3.received.total": "21"},
			[]string{published.RowMissing, published.TableMissing},
		},
		{
			"a page without ruled lines", "申请人情况\n（本列数据的勾稽关系为：第一项加第二项之 法人或其他组织\n和，等于第三项加第四项之和）\n自然\n总计\n人\n商业企 科研机 社会公 法律服\n其他\n业 构 益组织 务机构\n" +
				"（二）部分公开（区分处理的，只计这\n1 2 3 4 5 6 21\n一情形，不计其他情形）\n（三）不 1.属于国家秘密 2 2 3 4 5 6 22\n予公开\n2.其他法律行政法规禁止公\n3 2 3 4 5 6 23\n开\n" +
				"（四）无\n2.没有现成信息需要另行制\n法提供 4 2 3 4 5 6 24\n作\n1.申请人无正当理由逾期不\n补正、行政机关不再处理其 5 2 3 4 5 6 25\n政府信息公开申请\n（六）其\n2.申请人逾期未按收费通知\n他处理\n要求缴纳费用、行政机关不 6 2 3 4 5 6 26\n再处理其政府信息公开申请\n（七）总计 7 2 3 4 5 6 27\n",
			map[string]string{"t3.partial.total": "21", "t3.denied.state_secret.total": "22", "t3.denied.other_law.total": "23", "t3.unable.no_ready_information.total": "24", "t3.other.correction_overdue.total": "25", "t3.other.fee_overdue.total": "26", "t3.concluded.total": "27"},
			[]string{published.ColumnsByOrder, published.RowMissing, published.TableMissing},
		},
		{
			"the amount's unit in the header", "信息内容\n采购项目数量\n采购总金额（万元）\n政府集中采购\n13\n477.35\n",
			map[string]string{"t2.procurement.projects": "13", "t2.procurement.amount": "477.35"},
			[]string{published.TableMissing},
		},
		{
			"amounts, changes", "第二十条第（六）项\n信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n行政处罚\n34\n+10\n29\n行政强制\n5\n减2\n0\n第二十条第（九）项\n信息内容\n采购项目数\n采购总金额\n政府集中采购\n6\n477.35万元\n三、收到和处理政府信息公开申请情况\n",
			map[string]string{"t2.punishments.change": "+10", "t2.coercion.change": "减2", "t2.procurement.projects": "6", "t2.procurement.amount": "477.35万元"},
			[]string{published.TableMissing},
		},
		{
			"columns moved", "第二十条第（一）项\n信息内容\n现行有效件数\n本年制发件数\n本年废止件数\n规章\n1\n2\n3\n行政规范性文件\n4\n5\n6\n",
			map[string]string{"t2.regulations.in_force": "1", "t2.regulations.made": "2", "t2.normative_documents.repealed": "6"},
			[]string{published.TableMissing},
		},
		{
			"a figure more", "第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n1\n2\n3\n行政规范性文件\n4\n5\n6\n77\n第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可\n8\n三、收到和处理政府信息公开申请情况\n",
			map[string]string{"t2.normative_documents.in_force": "6", "t2.licences.decisions": "8"},
			[]string{published.ColumnUnknown, published.TableMissing},
		},
		{
			"no table, but words of one", "行政许可\n行政处罚\n行政强制\n12\n三、收到和处理政府信息公开申请情况\n其他\n总计\n",
			map[string]string{"t2.licences.decisions": "", "t3.concluded.total": ""},
			[]string{published.TableMissing},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := read(t, []byte(before+c.text), "a.txt", published.Hints{})
			ok(t, err)
			for id, want := range c.want {
				if f := r.Figures[id]; f.Raw != want {
					t.Errorf("%s is %q, want %q", id, f.Raw, want)
				}
			}
			if f, ok := r.Figures["t2.procurement.amount"]; ok && f.Value != 477_350_000 {
				t.Errorf("the amount is %d fen", f.Value)
			}
			if got := told(r); !slices.Equal(got, c.told) {
				t.Errorf("told %v, want %v", got, c.told)
			}
		})
	}
}

// TestRead_ExtractedDeduplicated: where every line stands but once, no figure is known, and none is made up.
func TestRead_ExtractedDeduplicated(t *testing.T) {
	m := busy(t, "2019", 2019)
	for id := range m.values {
		m.values[id] = "0"
	}
	seen := map[string]bool{}
	var kept []string
	for line := range strings.Lines(extract(m.official(), extracted()["a cell a line"])) {
		if !seen[line] {
			kept = append(kept, line)
		}
		seen[line] = true
	}
	r, err := read(t, []byte(strings.Join(kept, "")), "a.txt", published.Hints{})
	ok(t, err)
	if r.Form.ID != "2019" || len(r.Figures) > 0 {
		t.Errorf("form %s, figures %v", r.Form.ID, r.Figures)
	}
	if !slices.Contains(told(r), published.RowIncomplete) || !check.Has(r.Remarks, check.Hard) {
		t.Errorf("told %v", told(r))
	}
}

// TestRead_OneLine reads Table 4 as converters write it: its figures only, or a table for each of its rows.
func TestRead_OneLine(t *testing.T) {
	const before = "# 示例市2025年政府信息公开工作年度报告\n\n一、总体情况\n示例文字。\n\n四、政府信息公开行政复议、行政诉讼情况\n\n"
	head := "| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n|---|---|---|---|---|\n"
	for name, text := range map[string]string{
		"figures":     "行政复议行政诉讼\n\n| 1 | 2 | 3 | 4 | 10 | 5 | 0 | 1 | 0 | 6 | 7 | 0 | 0 | 2 | 9 |\n",
		"three":       "### 行政复议\n\n" + head + "| 1 | 2 | 3 | 4 | 10 |\n\n### 行政诉讼（未经复议直接起诉）\n\n" + head + "| 5 | 0 | 1 | 0 | 6 |\n\n### 行政诉讼（复议后起诉）\n\n" + head + "| 7 | 0 | 0 | 2 | 9 |\n",
		"three, text": "行政复议\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n1\n2\n3\n4\n10\n未经复议直接起诉\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n5\n0\n1\n0\n6\n复议后起诉\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n7\n0\n0\n2\n9\n",
		"upright":     "行政复议\n行政诉讼\n结\n果\n维\n持\n结\n果\n纠\n正\n其他\n结果\n尚未\n审结\n总\n计\n未经复议直接起诉\n复议后起诉\n1\n2\n3\n4\n10\n5\n0\n1\n0\n6\n7\n0\n0\n2\n9\n",
		"of a page":   "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结 结 其 尚\n果 果 他 未\n总计 果 果 他 未 总\n1 2 3 4 10 5 0 1 0 6 7 0 0 2 9\n",
	} {
		t.Run(name, func(t *testing.T) {
			r, err := read(t, []byte(before+text+"\n五、存在的主要问题及改进情况\n示例文字。\n"), "a.md", published.Hints{})
			ok(t, err)
			for id, want := range map[string]int64{
				"t4.reconsideration.upheld": 1, "t4.reconsideration.total": 10, "t4.litigation.direct.upheld": 5, "t4.litigation.direct.total": 6,
				"t4.litigation.after_reconsideration.upheld": 7, "t4.litigation.after_reconsideration.pending": 2, "t4.litigation.after_reconsideration.total": 9,
			} {
				if f := r.Figures[id]; f.Value != want || f.State != published.Filled {
					t.Errorf("%s is %+v, want %d", id, f, want)
				}
			}
			if slices.Contains(told(r), published.ValueTwice) {
				t.Errorf("told %v", told(r))
			}
		})
	}
}

// TestRead_ExtractedMany: in a text of more lines than any report has no table is looked for.
func TestRead_ExtractedMany(t *testing.T) {
	text := "示例镇2022年政府信息公开工作年度报告\n一、总体情况\n二、主动公开政府信息情况\n" + strings.Repeat("规章\n1\n2\n3\n", 10_000)
	r, err := read(t, []byte(text), "a.txt", published.Hints{})
	ok(t, err)
	if len(r.Figures) > 0 || len(r.Remarks) > 50 {
		t.Errorf("%d figures, %d remarks", len(r.Figures), len(r.Remarks))
	}
}
