package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law/form"
	"gongkai/services/report/export"

	"github.com/xuri/excelize/v2"
	"google.golang.org/genproto/googleapis/type/date"
)

// rollup is a roll-up on a form's year with two rows; a cell's figure is its place in the form, of the second row ten
// times that, and the records have one more.
func rollup(t testing.TB, year, formID string, public bool) (*reportv1.Rollup, form.Forms) {
	t.Helper()
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	f, _ := forms.Get(formID)
	m := &reportv1.Rollup{
		Name: "organizations/652701/rollups/" + year, DisplayName: "临江市人民政府", Period: year, Form: "reportForms/" + formID, Owed: 2, Accepted: 1, AcceptedOnly: public,
		Rows: []*reportv1.RollupRow{
			{
				Organization: "organizations/652701201", Code: "652701201", DisplayName: "=示例镇", Status: reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED,
				Version: 2, DueOn: &date.Date{Year: 2024, Month: 1, Day: 31}, Figures: map[string]*reportv1.RollupFigure{},
			},
			{
				Organization: "organizations/652701202", Code: "652701202", DisplayName: "示例乡", Status: reportv1.RollupStatus_ROLLUP_STATUS_RETURNED,
				Figures: map[string]*reportv1.RollupFigure{}, ReturnReasons: []*reportv1.ReturnReason{{Text: "第三表不平"}},
			},
		},
		Totals: map[string]*reportv1.RollupFigure{},
	}
	for i, c := range f.Cells() {
		n := int32(i)
		for k, row := range []map[string]*reportv1.RollupFigure{m.Rows[0].Figures, m.Rows[1].Figures, m.Totals} {
			figure := &reportv1.RollupFigure{Submitted: n * []int32{1, 10, 11}[k]}
			if records := figure.Submitted + 1; !public {
				figure.Records = &records
			}
			row[c.ID] = figure
		}
	}
	if !public {
		m.Differences = []*reportv1.Difference{{Organization: "organizations/652701202", Cell: f.Cells()[0].ID, Difference: 1, Cause: reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED}}
	}
	return m, forms
}

func rows(t *testing.T, m *reportv1.Rollup, forms form.Forms) (sheets []string, of func(sheet string) [][]string) {
	t.Helper()
	var first, second bytes.Buffer
	for _, w := range []io.Writer{&first, &second} {
		if err := export.Rollup(w, m, forms); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same roll-up gave other bytes")
	}
	f, err := excelize.OpenReader(&first)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f.GetSheetList(), func(sheet string) [][]string {
		all, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
}

// Each table has a sheet on each basis; every figure stands in its column.
func TestRollup(t *testing.T) {
	m, forms := rollup(t, "2023", "2021", false)
	sheets, of := rows(t, m, forms)
	if len(sheets) != 15 || sheets[0] != "报送情况" || sheets[13] != "图示" || sheets[14] != "差异" {
		t.Errorf("sheets %q", sheets)
	}
	f, _ := forms.Get("2021")
	table, _ := f.Table("t3")
	submitted, records := of("表5 收到和处理政府信息公开申请情况"), of("表5 记录 收到和处理政府信息公开申请情况")
	column := 2
	for _, c := range f.Cells() {
		if c.Table != table.ID {
			continue
		}
		figure := m.Totals[c.ID].GetSubmitted()
		if got := submitted[4][column]; got != itoa(figure) {
			t.Errorf("%s: total %s, want %d", c.ID, got, figure)
		}
		if got := records[2][column]; got != itoa(m.Rows[0].Figures[c.ID].GetRecords()) {
			t.Errorf("%s: records %s", c.ID, got)
		}
		column++
	}
	if submitted[0][2] != "一、本年新收政府信息公开申请数量" || submitted[1][2] != "自然人" || submitted[2][1] != "=示例镇" || submitted[4][1] != "合计" {
		t.Errorf("labels %q, %q, %q", submitted[0][2], submitted[1][2], submitted[2][1])
	}
	if got := of("报送情况")[3]; !slices.Equal(got, []string{"652701201", "=示例镇", "已接收", "2", "2024-01-31", "0"}) {
		t.Errorf("overview %q", got)
	}
	if got := of("报送情况")[4]; got[2] != "已退回" || got[6] != "退回：第三表不平" {
		t.Errorf("overview %q", got)
	}
	if got := of("差异")[1]; !slices.Equal(got, []string{"652701202", "示例乡", f.Cells()[0].Label.Zh, "1", "已退回"}) {
		t.Errorf("difference %q", got)
	}
}

// The chart draws the first total by its parts, from the figures of the records where there are any.
func TestRollup_Chart(t *testing.T) {
	m, forms := rollup(t, "2018", "2007", false)
	var file bytes.Buffer
	if err := export.Rollup(&file, m, forms); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := archive.Open("xl/charts/chart1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(drawn)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"主动公开政府信息总数", "'表1 记录 主动公开政府信息情况'!$D$3:$D$4", "'表1 记录 主动公开政府信息情况'!$B$3:$B$4"} {
		if !strings.Contains(strings.ReplaceAll(string(text), "&#39;", "'"), want) {
			t.Errorf("the chart lacks %s", want)
		}
	}
}

func itoa(n int32) string { return strconv.Itoa(int(n)) }

// The public has what is accepted, and no sheet of the records; a form without tables has a sheet a part.
func TestRollup_Public(t *testing.T) {
	m, forms := rollup(t, "2018", "2007", true)
	sheets, of := rows(t, m, forms)
	if !slices.Equal(sheets, []string{"报送情况", "表1 主动公开政府信息情况", "表2 依申请公开政府信息情况", "表3 收费及减免情况", "表4 行政复议、行政诉讼情况", "图示"}) {
		t.Errorf("sheets %q", sheets)
	}
	if got := of("表1 主动公开政府信息情况")[0][2]; got != "主动公开政府信息总数" {
		t.Errorf("label %q", got)
	}
	m.Form = "reportForms/1999"
	if err := export.Rollup(io.Discard, m, forms); err == nil {
		t.Error("an unknown form is written")
	}
}
