package form_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/services/law/form"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

func get(t testing.TB, id string) *form.Form {
	t.Helper()
	f, ok := embedded(t).Get(id)
	if !ok {
		t.Fatalf("no form %s", id)
	}
	return f
}

// The rows of Table 3 in their order: with the two kinds of other handling the forms differ, and nowhere else.
func TestRowsOfTable3(t *testing.T) {
	rows := func(id string) []string {
		table, ok := get(t, id).Table("t3")
		if !ok {
			t.Fatalf("form %s has no t3", id)
		}
		var all []string
		for _, r := range table.Rows {
			all = append(all, table.RowLabel(r.ID).Zh)
		}
		return all
	}
	of2019, of2021 := rows("2019"), rows("2021")
	if len(of2019) != 23 || len(of2021) != 25 {
		t.Fatalf("%d and %d rows", len(of2019), len(of2021))
	}
	if i := slices.Index(of2019, "三、本年度办理结果 （六）其他处理"); i != 20 || !slices.Equal(of2019[:20], of2021[:20]) {
		t.Errorf("rows of 2019: %q", of2019)
	}
	const zh = `一、本年新收政府信息公开申请数量
二、上年结转政府信息公开申请数量
三、本年度办理结果 （一）予以公开
三、本年度办理结果 （二）部分公开（区分处理的，只计这一情形，不计其他情形）
三、本年度办理结果 （三）不予公开 1.属于国家秘密
三、本年度办理结果 （三）不予公开 2.其他法律行政法规禁止公开
三、本年度办理结果 （三）不予公开 3.危及“三安全一稳定”
三、本年度办理结果 （三）不予公开 4.保护第三方合法权益
三、本年度办理结果 （三）不予公开 5.属于三类内部事务信息
三、本年度办理结果 （三）不予公开 6.属于四类过程性信息
三、本年度办理结果 （三）不予公开 7.属于行政执法案卷
三、本年度办理结果 （三）不予公开 8.属于行政查询事项
三、本年度办理结果 （四）无法提供 1.本机关不掌握相关政府信息
三、本年度办理结果 （四）无法提供 2.没有现成信息需要另行制作
三、本年度办理结果 （四）无法提供 3.补正后申请内容仍不明确
三、本年度办理结果 （五）不予处理 1.信访举报投诉类申请
三、本年度办理结果 （五）不予处理 2.重复申请
三、本年度办理结果 （五）不予处理 3.要求提供公开出版物
三、本年度办理结果 （五）不予处理 4.无正当理由大量反复申请
三、本年度办理结果 （五）不予处理 5.要求行政机关确认或重新出具已获取信息
三、本年度办理结果 （六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
三、本年度办理结果 （六）其他处理 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
三、本年度办理结果 （六）其他处理 3.其他
三、本年度办理结果 （七）总计
四、结转下年度继续办理`
	if got := strings.Join(of2021, "\n"); got != zh {
		t.Errorf("rows of 2021:\n%s", got)
	}
}

// The cells that others name, and what they are.
func TestCellsOfTables(t *testing.T) {
	for _, c := range []struct{ form, id, zh, unit, facts, sum string }{
		{"2019", "t2.charges.change", "行政事业性收费｜本年增/减", "count", "[]", "[]"},
		{"2019", "t2.procurement.amount", "政府集中采购｜采购总金额", "fen", "[]", "[]"},
		{"2021", "t2.charges.amount", "行政事业性收费｜本年收费金额（单位：万元）", "fen", "[]", "[]"},
		{"2021", "t2.normative_documents.in_force", "行政规范性文件｜现行有效件数", "count", "[]", "[]"},
		{"2021", "t3.received.business", "一、本年新收政府信息公开申请数量｜法人或其他组织 商业企业", "count", "[requests.received.business]", "[]"},
		{"2021", "t3.denied.state_secret.natural_person", "三、本年度办理结果 （三）不予公开 1.属于国家秘密｜自然人", "count", "[requests.concluded.denied_state_secret.natural_person]", "[]"},
		{
			"2021", "t3.received.total", "一、本年新收政府信息公开申请数量｜总计", "count", "[]",
			"[t3.received.natural_person t3.received.business t3.received.research_institute t3.received.public_welfare t3.received.legal_service t3.received.other_organization]",
		},
		{"2021", "t4.reconsideration.upheld", "行政复议｜结果维持", "count", "[appeals.reconsideration.upheld]", "[]"},
		{
			"2021", "t4.litigation.after_reconsideration.total", "行政诉讼 复议后起诉｜总计", "count", "[]",
			"[t4.litigation.after_reconsideration.upheld t4.litigation.after_reconsideration.corrected t4.litigation.after_reconsideration.other t4.litigation.after_reconsideration.pending]",
		},
	} {
		cell, ok := get(t, c.form).Cell(c.id)
		got := fmt.Sprint(cell.Label.Zh, cell.Unit, cell.Facts) + fmt.Sprint(cell.Sum)
		if want := c.zh + c.unit + c.facts + c.sum; !ok || got != want {
			t.Errorf("%s of %s: %s, want %s", c.id, c.form, got, want)
		}
	}
	if c, _ := get(t, "2021").Cell("t2.charges.amount"); c.Printed != form.WanYuan || c.Printed.Fen() != 1_000_000 {
		t.Errorf("charges printed in %q", c.Printed)
	}
}

// Table 3's totals are sums both ways, and the identity that the form prints holds in each of its columns.
func TestEquations(t *testing.T) {
	count := map[string]int{}
	for _, e := range get(t, "2021").Equations() {
		count[e.Check]++
	}
	// 25 rows and one merged row of Table 3 and 3 of Table 4 across; 7 columns down, and 7 of the merged row.
	if got := fmt.Sprint(count); got != "map[sum.column:14 sum.row:29 t2.in_force:2 t3.balance:7 t3.carried_over:7]" {
		t.Errorf("equations of 2021: %s", got)
	}
	for _, e := range get(t, "2019").Equations() {
		if e.Check == "t2.last_year" && e.Cell == "t2.licences.last_year" {
			want := []form.Term{{Cell: "t2.licences.last_year", Last: true}, {Cell: "t2.licences.change", Last: true}}
			if !slices.Equal(e.Right, want) || !e.OverYears() || e.Basis != form.Reading {
				t.Errorf("%+v", e)
			}
			return
		}
	}
	t.Error("form 2019 does not say what last year's items are")
}

func TestPredecessors(t *testing.T) {
	for _, c := range []struct{ cell, of, former, want string }{
		{"t3.carried_over.business", "2021", "2019", "[t3.carried_over.business]"},
		{"t3.other.business", "2021", "2019", "[t3.other.business]"},
		{"t3.other.fee_overdue.business", "2021", "2019", "[]"},
		{"t2.normative_documents.in_force", "2021", "2019", "[]"},
		{"t3.granted.total", "2019", "2007", "[requests.already_public requests.granted]"},
		{"t3.carried_over.total", "2019", "2007", "[]"},
		{"t3.granted.total", "2021", "2021", "[t3.granted.total]"},
	} {
		if got := fmt.Sprint(get(t, c.of).Predecessors(c.cell, get(t, c.former))); got != c.want {
			t.Errorf("%s of %s from %s: %s, want %s", c.cell, c.of, c.former, got, c.want)
		}
	}
}

// The statistics table is beside the form of 2007, not in it.
func TestAnnex(t *testing.T) {
	f := get(t, "2007")
	for year, want := range map[int]bool{2013: false, 2014: true, 2018: true} {
		if _, ok := f.Annex(year); ok != want {
			t.Errorf("annex of %d: %v", year, ok)
		}
	}
	if _, ok := f.Cell("annex.requests.received"); ok {
		t.Error("a cell of the annex is one of the form")
	}
	c, ok := f.Find("annex.requests.received")
	if !ok || c.Label.Zh != "三、依申请公开情况 （一）收到申请数" || len(c.Sum) != 4 {
		t.Errorf("%+v", c)
	}
}

// A request that is concluded, with whatever outcome of either version of the Regulation, counts in one row of Table 3.
func TestEveryOutcomeCounts(t *testing.T) {
	for _, id := range []string{"2019", "2021"} {
		f := get(t, id)
		for _, received := range []workday.Date{{Year: 2019, Month: 5, Day: 14}, {Year: 2021, Month: 1, Day: 1}} {
			for _, o := range ground.On(received) {
				values := f.Derive(map[string]int64{"requests.concluded." + o.ID + ".business": 1})
				rows := 0
				for cell, n := range values {
					if n == 1 && strings.HasSuffix(cell, ".business") {
						rows++
					}
				}
				if rows != 2 || values["t3.concluded.business"] != 1 || values["t3.concluded.total"] != 1 {
					t.Errorf("form %s, outcome %s: in %d rows, %d in all", id, o.ID, rows-1, values["t3.concluded.total"])
				}
			}
		}
	}
}

// What a loader refuses of tables and identities.
func TestLoadRefusesTables(t *testing.T) {
	text, err := os.ReadFile("testdata/forms/2030.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"a table twice", "      - id: shows\n", "      - {id: shows, prefix: z, label: {zh: 表, en: T}, columns: [{label: {zh: 数, en: N}}], rows: [{id: z, label: {zh: 数, en: N}}]}\n      - id: shows\n", "table shows: duplicate id"},
		{"a column twice", "{id: outdoors,", "{id: indoors,", "table shows: column indoors: duplicate id"},
		{"a column of no group", "aliases: [露天]", "group: nowhere", `column outdoors: no group "nowhere"`},
		{"a column without label", "label: {zh: 室外, en: Outdoors}", "label: {zh: 室外}", "column outdoors: label"},
		{"a sum of an unknown column", "sum: [indoors, outdoors]", "sum: [indoors, upstairs]", `column total: sum of unknown column "upstairs"`},
		{"a row twice", "{id: small,", "{id: large,", "row large: duplicate id"},
		{"a row of no group", "group: held, facts: [\"shows.small", "group: hold, facts: [\"shows.small", `row small: no group "hold"`},
		{"a sum of an unknown row", "sum: [large, small]", "sum: [large, tiny]", `row all: sum of unknown row "tiny"`},
		{"a merged row of unknown rows", "rows: [large, small]", "rows: [large, tiny]", `merged row any: unknown row "tiny"`},
		{"a merged row that is a row", "{id: any,", "{id: all,", "merged row all: the id is a row's"},
		{"an identity of an unknown row", "right: [last.planned]", "right: [last.plans]", `identity s.planned: unknown cell "s.plans.total"`},
		{"an identity of an unknown column", "only: [total]", "only: [sum]", `identity s.planned: there is no column "sum"`},
		{"an identity in two units", "right: [last.planned]", "right: [income]", "identity s.planned: cell s.income.total is in fen"},
		{"an identity without remedy", "remedy: {zh: 核对, en: Compare}", "remedy: {zh: 核对}", "identity s.planned: remedy"},
		{"an identity on no basis", "basis: printed", "basis: hearsay", `identity staff: basis "hearsay"`},
		{"an identity for each of something else", "each: column", "each: table", `identity s.planned: each is "table"`},
		{"an identity of an unknown cell", "left: [staff]", "left: [stuff]", `identity staff: unknown cell "stuff"`},
		{"an identity about last year only", "left: [all]", "left: [last.all]", "identity s.planned: no cell of this year"},
		{"an identity with one side", "right: [s.all.total]", "right: []", "identity staff: nothing on one side"},
		{"a unit that is none of money", "printed: wan_yuan", "printed: count", "cannot be printed in"},
	} {
		changed := strings.Replace(string(text), c.old, c.new, 1)
		if changed == string(text) {
			t.Fatalf("%s: %q is not in the form", c.name, c.old)
		}
		if _, err := form.Load(fstest.MapFS{"2030.yaml": {Data: []byte(changed)}}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v does not say %q", c.name, err, c.want)
		}
	}
}

// A form that would need too much memory is refused before it does.
func TestLoadBounds(t *testing.T) {
	var many strings.Builder
	for i := range 80 {
		fmt.Fprintf(&many, "          - {id: r%d, label: {zh: 行, en: Row}}\n", i)
	}
	columns := strings.ReplaceAll(many.String(), "id: r", "id: c")
	text, _ := os.ReadFile("testdata/forms/2030.yaml")
	part := "  - id: big\n    label: {zh: 大, en: Big}\n    tables:\n      - id: big\n        label: {zh: 大, en: Big}\n        columns:\n" + columns + "        rows:\n" + many.String()
	changed := strings.Replace(string(text), "  - id: remarks\n", part+"  - id: remarks\n", 1)
	if _, err := form.Load(fstest.MapFS{"2030.yaml": {Data: []byte(changed)}}); err == nil || !strings.Contains(err.Error(), "table big: the tables have more than") {
		t.Errorf("a table of 6,400 cells: %v", err)
	}
	if _, err := form.Load(fstest.MapFS{"2030.yaml": {Data: make([]byte, 1<<20+1)}}); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("a file of a megabyte: %v", err)
	}
}
