package ledger_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/workday"

	"github.com/xuri/excelize/v2"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

func formats() []ledger.Format { return []ledger.Format{ledger.XLSX, ledger.CSV, ledger.JSONL} }

func write(t testing.TB, format ledger.Format, rows ...*ledger.Row) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := ledger.NewWriter(&b, format, "台账", forms(t))
	ok(t, err)
	for _, r := range rows {
		ok(t, w.Write(r))
	}
	ok(t, w.Close())
	return b.Bytes()
}

// drawRow draws a row as a disclosure can be: any text that has no control signs and no spaces around it.
func drawRow(t *rapid.T) *ledger.Row {
	text := func(label, first, rest string) string {
		return rapid.StringMatching("("+first+"("+rest+")?)").Draw(t, label)
	}
	day := func(label string) workday.Date {
		if rapid.Bool().Draw(t, label+" unset") {
			return workday.Date{}
		}
		return workday.Date{Year: 1850, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 150_000).Draw(t, label))
	}
	toProto := func(d workday.Date) *date.Date {
		if d.IsZero() {
			return nil
		}
		return &date.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
	}
	edge, middle := `['=+\-@<&>"_xA5〔公，,;	_x005F_]`, `[ \n'=<&>"_x0A5〔公𠮷，,;\t]{0,60}`
	r := &ledger.Row{PublishedOn: day("published"), Draft: &disclosurev1.Disclosure{
		Title:    strings.TrimSpace(strings.NewReplacer("\n", "", "\t", "").Replace(text("title", edge, middle))) + "题",
		Category: rapid.SampledFrom([]string{"government_document", "work_report", "emergency_management", "work_update", "other"}).Draw(t, "category"),
		Content:  strings.TrimSpace(text("content", edge, middle) + "文"), FormedOn: toProto(day("formed")),
		DocumentNumber: rapid.SampledFrom([]string{"", "某政发〔2018〕8号", "=号"}).Draw(t, "number"),
		Attribute:      disclosurev1.Attribute(rapid.IntRange(0, 3).Draw(t, "attribute")),
		State:          disclosurev1.State(rapid.IntRange(0, 3).Draw(t, "state")),
		IndexNumber:    rapid.SampledFrom([]string{"", "652701102/2018-00001", "00012", "@a"}).Draw(t, "index"),
	}}
	for c := range disclosurev1.Channel_name {
		if c != 0 && rapid.IntRange(0, 4).Draw(t, "channel") == 0 {
			r.Draft.Channels = append(r.Draft.Channels, disclosurev1.Channel(c))
		}
	}
	if rapid.Bool().Draw(t, "exported") {
		r.ID = "01HZXJ5E9TQ2N6Y5R3V8W7KABC"
	}
	return r
}

// TestWrite_ReadBack: what is written in any format is read back equal.
func TestWrite_ReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(drawRow), 1, 5).Draw(rt, "rows")
		for _, format := range formats() {
			got, err := read(t, write(t, format, want...), "a."+string(format))
			if err != nil || len(got) != len(want) {
				rt.Fatalf("%s: %d rows of %d, %v", format, len(got), len(want), err)
			}
			for i := range want {
				if !proto.Equal(got[i].Draft, want[i].Draft) || got[i].PublishedOn != want[i].PublishedOn || got[i].ID != want[i].ID || len(got[i].Findings) > 0 {
					rt.Fatalf("%s: wrote %v %s, read\n%s", format, want[i].Draft, want[i].PublishedOn, tell(got[i:i+1]))
				}
			}
		}
	})
}

// TestWrite_Long: a content longer than a cell may be is whole again.
func TestWrite_Long(t *testing.T) {
	for _, content := range []string{strings.Repeat("文", 32_001), strings.Repeat("𠮷\n", 99_999) + "完", strings.Repeat("a b ", 49_999) + "end"} {
		for _, format := range formats() {
			rows, err := read(t, write(t, format, &ledger.Row{Draft: &disclosurev1.Disclosure{Title: "甲", Category: "other", Content: content}}), "a."+string(format))
			ok(t, err)
			if got := rows[0].Draft.GetContent(); got != content {
				t.Errorf("%s: %d bytes of %d, %s", format, len(got), len(content), tellFindings(rows[0]))
			}
		}
	}
}

// TestWrite_NoFormula: no text becomes a formula, in a spreadsheet or in a .csv file that one opens.
func TestWrite_NoFormula(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "'=1", "＝1", `=HYPERLINK("http://example.org","x")`, "\t=1"} {
		row := &ledger.Row{Draft: &disclosurev1.Disclosure{Title: text, Category: "other", Content: text, IndexNumber: text}}
		f, err := excelize.OpenReader(bytes.NewReader(write(t, ledger.XLSX, row)))
		ok(t, err)
		for _, cell := range []string{"A2", "H2", "I2"} {
			if kind, err := f.GetCellType("台账", cell); err != nil || kind != excelize.CellTypeInlineString {
				t.Errorf("%q in %s is of type %v, %v", text, cell, kind, err)
			}
			if formula, err := f.GetCellFormula("台账", cell); err != nil || formula != "" {
				t.Errorf("%q in %s is the formula %q, %v", text, cell, formula, err)
			}
		}
		ok(t, f.Close())
		records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(write(t, ledger.CSV, row), []byte("\ufeff")))).ReadAll()
		ok(t, err)
		for _, i := range []int{0, 7, 8} {
			if got := records[1][i]; !strings.HasPrefix(got, "'") {
				t.Errorf("%q stands in .csv as %q", text, got)
			}
		}
	}
}

// TestWrite_Golden shows what an export looks like, and that another program reads the spreadsheet as we do.
func TestWrite_Golden(t *testing.T) {
	rows := []*ledger.Row{
		{ID: "01HZXJ5E9TQ2N6Y5R3V8W7KABC", PublishedOn: workday.Date{Year: 2018, Month: 3, Day: 8}, Draft: &disclosurev1.Disclosure{
			Title: "关于做好春耕生产的通知", Category: "government_document", Content: "第一行\n=第二行", DocumentNumber: "某政发〔2018〕8号",
			FormedOn: &date.Date{Year: 2018, Month: 3, Day: 5}, Attribute: disclosurev1.Attribute_ATTRIBUTE_PROACTIVE, State: disclosurev1.State_STATE_PUBLISHED,
			Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE, disclosurev1.Channel_CHANNEL_NOTICE_BOARD}, IndexNumber: "652701102/2018-00001",
		}},
		{Draft: &disclosurev1.Disclosure{Title: "草稿, \"引号\"", Category: "other"}},
	}
	golden(t, "export.csv", string(write(t, ledger.CSV, rows...)))
	golden(t, "export.jsonl", string(write(t, ledger.JSONL, rows...)))
	f, err := excelize.OpenReader(bytes.NewReader(write(t, ledger.XLSX, rows...)))
	ok(t, err)
	defer func() { ok(t, f.Close()) }()
	cells, err := f.GetRows("台账")
	ok(t, err)
	var b strings.Builder
	for _, row := range cells {
		fmt.Fprintf(&b, "%q\n", row)
	}
	golden(t, "export.xlsx.txt", b.String())
}

// TestTemplate: the template is read as a ledger without rows, and lets one choose.
func TestTemplate(t *testing.T) {
	var b bytes.Buffer
	ok(t, ledger.Template(&b, 2018, forms(t)))
	rows, err := read(t, b.Bytes(), ledger.TemplateName)
	if err != nil || len(rows) != 0 {
		t.Errorf("%v\n%s", err, tell(rows))
	}
	f, err := excelize.OpenReader(&b)
	ok(t, err)
	defer func() { ok(t, f.Close()) }()
	lists, err := f.GetDataValidations("台账")
	ok(t, err)
	var all strings.Builder
	for _, l := range lists {
		fmt.Fprintf(&all, "%s %s %s %v\n", l.Sqref, l.Type, l.Formula1, l.ShowErrorMessage)
	}
	for _, sheet := range f.GetSheetList() {
		cells, err := f.GetRows(sheet)
		ok(t, err)
		for _, row := range cells {
			fmt.Fprintf(&all, "%s %q\n", sheet, row)
		}
	}
	golden(t, "template.txt", all.String())

	// Filled in by a spreadsheet program, it is read.
	ok(t, f.SetSheetRow("台账", "A3", &[]any{1, "甲", "其他", nil, "2018-3-5", "2018-3-6", "网站"}))
	filled, err := f.WriteToBuffer()
	ok(t, err)
	rows, err = read(t, filled.Bytes(), "filled.xlsx")
	if err != nil || len(rows) != 1 || len(rows[0].Findings) > 0 || rows[0].Number != 3 || rows[0].PublishedOn.String() != "2018-03-06" {
		t.Errorf("%v\n%s", err, tell(rows))
	}
}
