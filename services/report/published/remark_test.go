package published_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/form/check"
	"gongkai/services/report/published"
)

// told are the checks of a report's remarks, each once.
func told(r *published.Report) []string {
	var ids []string
	for _, f := range r.Remarks {
		ids = append(ids, f.Check)
		if f.Text.Missing() || f.Remedy.Missing() {
			ids = append(ids, "a remark without a text: "+f.Check)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// TestRead_Remarks tells what cannot be placed, or is missing.
func TestRead_Remarks(t *testing.T) {
	m := busy(t, "2021", 2022)
	change := func(old, other string) func(string) string {
		return func(page string) string {
			if !strings.Contains(page, old) {
				t.Fatalf("the page has no %s", old)
			}
			return strings.Replace(page, old, other, 1)
		}
	}
	for _, c := range []struct {
		name   string
		change func(string) string
		want   []string
	}{
		{"as it should be", nil, nil},
		{"a row renamed", change("2.重复申请", "2.另有情形"), []string{published.RowMissing, published.RowUnknown}},
		{"a row more", change("四、结转下年度继续办理", "五、转其他机关办理</td><td>3</td></tr><tr><td colspan=3>四、结转下年度继续办理"), []string{published.RowUnknown}},
		{"a column renamed", change("法律服务机构", "境外机构"), []string{published.ColumnsByOrder}},
		{"a label misspelt", change("属于三类内部事务信息", "属于三类内容事务信息"), []string{published.LabelDiffers}},
		{"no Table 4", func(page string) string {
			return strings.NewReplacer("结果维持", "甲", "结果纠正", "乙", "其他结果", "丙", "尚未审结", "丁", "未经复议直接起诉", "戊", "复议后起诉", "己", ">行政复议<", ">庚<", ">行政诉讼<", ">辛<").Replace(page)
		}, []string{published.TableMissing, published.ValueTwice}},
		{"two figures", change("</body>", tableOf([][]box{{one("信息内容"), one("本年处理决定数量")}, {one("行政许可"), one("987654")}})+"</body>"), []string{published.ValueTwice}},
		{"no organisation", change("示例县人民政府", ""), []string{published.OrganUnknown}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := read(t, []byte(page(m.official(), c.change)), "a.html", published.Hints{})
			ok(t, err)
			if got := told(r); c.want != nil && !slices.Equal(got, c.want) || c.change == nil && len(got) > 0 {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestRead_Merged reads 其他处理 as one row, the form of another year, and cells that are blank or have a stroke.
func TestRead_Merged(t *testing.T) {
	m := busy(t, "2019", 2022) // in a year whose form is that of 2021
	r, err := read(t, []byte(page(m.official(), nil)), "a.html", published.Hints{})
	ok(t, err)
	if r.Form.ID != "2019" || r.Year != 2022 {
		t.Errorf("form %s, year %d", r.Form.ID, r.Year)
	}
	found := check.Run(check.Input{Report: r.Checked(), Forms: forms(t)})
	if !slices.ContainsFunc(found, func(f check.Finding) bool { return f.Check == check.FormFitsYear }) {
		t.Error("the form of another year is not told")
	}

	mixed := busy(t, "2021", 2022)
	second := mixed.official()
	for i, p := range m.official() {
		if p.name == "t3" {
			second[i].table = p.table
		}
	}
	r, err = read(t, []byte(page(second, nil)), "a.html", published.Hints{})
	ok(t, err)
	f, has := r.Figures["t3.other.total"]
	if r.Form.ID != "2021" || !has || f.State != published.Filled {
		t.Errorf("form %s, %+v", r.Form.ID, f)
	}
	if _, has := r.Figures["t3.other.fee_overdue.total"]; has {
		t.Error("a row that the report does not have has a figure")
	}
	if h := hard(r); len(h) > 0 {
		t.Errorf("remarks: %v", h)
	}
}

// TestRead_Narrative reads the figures of a report that has them in sentences.
func TestRead_Narrative(t *testing.T) {
	text := "示例乡人民政府2018年政府信息公开工作年度报告\n一、概述\n示例文字。\n二、主动公开政府信息情况\n全年主动公开政府信息60条，其中政府文件24条，工作报告1条，应急管理类信息20条，工作动态类信息10条，其他类信息5条。\n" +
		"三、依申请公开政府信息情况\n㈠ 依申请公开情况：无\n㈡ 依申请公开的收费及减免情况：无\n㈢ 因依申请公开发生的行政复议和行政诉讼情况：无\n四、存在的主要问题和改进情况\n示例文字。\n"
	r, err := read(t, []byte(text), "a.txt", published.Hints{})
	ok(t, err)
	if r.Form.ID != "2007" || r.Year != 2018 || r.Organization != "示例乡人民政府" {
		t.Errorf("form %s, year %d, of %q", r.Form.ID, r.Year, r.Organization)
	}
	for id, want := range map[string]int64{
		"disclosed.total": 60, "disclosed.government_document": 24, "disclosed.work_report": 1, "disclosed.emergency_management": 20, "disclosed.work_update": 10, "disclosed.other": 5,
	} {
		if f := r.Figures[id]; f.Value != want || f.State != published.Filled {
			t.Errorf("%s is %+v, want %d", id, f, want)
		}
	}
	for _, id := range []string{"requests.received", "requests.denied.privacy", "fees.charged", "appeals.litigation"} {
		if r.Figures[id].State != published.StatedNone || r.Figures[id].Raw == "" {
			t.Errorf("%s is %+v, want none", id, r.Figures[id])
		}
	}
	if found := check.Run(check.Input{Report: r.Checked(), Forms: forms(t)}); check.Has(found, check.Hard) {
		t.Errorf("%+v", found)
	}
}

// TestRead_Titles finds organisation and year however a title is written.
func TestRead_Titles(t *testing.T) {
	m := busy(t, "2021", 2022)
	for _, c := range []struct {
		title, organ string
		year         int
	}{
		{"2022年示例县教育局政府信息公开工作年度报告", "示例县教育局", 2022},
		{"示例市示例区2022年度政府信息公开年报", "示例市示例区", 2022},
		{"示例镇人民政府\n二〇二二年政府信息公开工作年度报告", "示例镇人民政府", 2022},
		{"示例街道办事处 ２０２２ 年 政府信息公开工作年度报告", "示例街道办事处", 2022},
	} {
		m.title = c.title
		var s sheet
		for i, p := range m.official() {
			if i > 0 {
				s = append(s, p)
				continue
			}
			for line := range strings.SplitSeq(p.text, "\n") {
				s = append(s, piece{text: line, title: true})
			}
		}
		r, err := read(t, []byte(page(s, nil)), "a.html", published.Hints{})
		ok(t, err)
		if r.Organization != c.organ || r.Year != c.year {
			t.Errorf("%q: %q, %d", c.title, r.Organization, r.Year)
		}
	}
}

// TestRead_Told finds organisation and year in the text where no title tells them.
func TestRead_Told(t *testing.T) {
	const parts = "\n一、总体情况\n示例文字。\n二、主动公开政府信息情况\n示例文字。\n"
	for _, c := range []struct {
		text, organ string
		year        int
	}{
		{"根据《条例》规定，现公布示例县示例镇人民政府2020年政府信息公开工作年度报告。", "示例县示例镇人民政府", 2020},
		{"《2020年度示例县水务局信息公开工作年度报告》已经研究同意，现予公开发布。", "示例县水务局", 2020},
		{"本报告由示例乡人民政府党政办公室编制，统计期限为2023年1月1日至12月31止。", "示例乡人民政府", 2023},
		{"统计期限自 2023 年 1 月 1 日起至 2023 年 12 月 31 日止。如有疑问，请联系示例市示例区示例街道办事处（地址：示例路1号）。", "示例市示例区示例街道办事处", 2023},
		{"如对本报告有任何疑问，请联系示例县审计局办公室。\n截至2021年12月31日，公开信息26条。", "示例县审计局", 2021},
		{"首页 > 政务公开 > 乡镇信息公开年度报告\n发布时间：2022-01-20 来源：示例镇\n示例县示例镇2021年政府信息公开年度报告", "示例县示例镇", 2021},
		{"示例区司法局2024年政府\n信息公开工作年度报告", "示例区司法局", 2024},
		{"第8页 - 示例市信访局2022年政府信息公开工作年度报告 - 示例市政府网站", "示例市信访局", 2022},
		{"标题：示例镇人民政府2020年政府信息公开工作年度报告\n索引号：/2021-1", "示例镇人民政府", 2020},
		{"我局2022年公开信息30条。", "", 2022},
	} {
		r, err := read(t, []byte(c.text+parts), "a.txt", published.Hints{})
		ok(t, err)
		if r.Organization != c.organ || r.Year != c.year {
			t.Errorf("%q: %q, %d", c.text, r.Organization, r.Year)
		}
	}
}

// TestRead_Refused reads files that are no report.
func TestRead_Refused(t *testing.T) {
	for name, data := range map[string]string{
		"a.html": "<html><p>一、会议纪要</p><table><tr><td>姓名</td><td>电话</td></tr><tr><td>甲</td><td>1</td></tr></table>",
		"a.json": `{"rows": []}`,
		"a.csv":  "标题,类别\n甲,其他\n",
	} {
		_, err := published.ReadFile(t.Context(), bytes.NewReader([]byte(data)), int64(len(data)), name, forms(t), published.Hints{})
		if got := law.Reasons(err); len(got) != 1 || got[0] != published.NoReport {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReadFile_JSON reads a report of the suite.
func TestReadFile_JSON(t *testing.T) {
	data := `{"name":"organizations/652701201/reports/2018","form":"reportForms/2007","figures":[{"cell":"disclosed.total","value":550,"state":"FIGURE_STATE_DERIVED"},{"cell":"fees.charged","value":0,"state":"FIGURE_STATE_STATED_NONE"},{"cell":"disclosed.other","state":"FIGURE_STATE_UNFILLED"}],"narratives":[{"part":"overview","markdown":"示例"}]}`
	r, err := published.ReadFile(t.Context(), strings.NewReader(data), int64(len(data)), "a.json", forms(t), published.Hints{})
	ok(t, err)
	if r.Form.ID != "2007" || r.Year != 2018 || r.Figures["disclosed.total"].Value != 550 || r.Figures["fees.charged"].State != published.StatedNone || r.Figures["disclosed.other"].State != published.Blank || r.Narratives["overview"] != "示例" {
		t.Errorf("%+v", r)
	}
}

// FuzzRead: whatever a page or a text holds, reading it ends with a report or a reason.
func FuzzRead(f *testing.F) {
	m := busy(f, "2021", 2022)
	f.Add(page(m.official(), nil))
	f.Add("<table><tr><td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计<tr><td>1<td>/<td>x<td><td>2</table><p>一、总体情况<p>2022年示例镇政府信息公开年报")
	for _, name := range []string{"a cell a line", "a bar and a cell a line", "a space apart"} {
		f.Add(extract(m.official(), extracted()[name]))
	}
	fs := forms(f)
	f.Fuzz(func(t *testing.T, text string) {
		for name, text := range map[string]string{"a.html": "<html>" + text, "a.txt": text} {
			r, err := published.ReadFile(t.Context(), strings.NewReader(text), int64(len(text)), name, fs, published.Hints{})
			if err != nil {
				if len(law.Reasons(err)) == 0 {
					t.Fatalf("an error without a reason: %v", err)
				}
				continue
			}
			check.Run(check.Input{Report: r.Checked(), Forms: fs})
		}
	})
}
