package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/paper"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
	"gongkai/services/report/export"

	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the golden files anew")

// busy is a report on a period in which much happened: each leaf has another value, sums are right.
func busy(t testing.TB, period string) export.Report {
	t.Helper()
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	p, err := workday.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	f, err := forms.For(p)
	if err != nil {
		t.Fatal(err)
	}
	measures := map[string]int64{}
	for i, c := range f.Cells() {
		for _, fact := range c.Facts {
			measures[fact] = int64(i%17 + 1)
		}
	}
	r := export.Report{Form: f, Name: "organizations/652701201/reports/" + period, Organization: "临江市示例镇人民政府", Period: p, Figures: map[string]form.Figure{}, Narratives: map[string]string{}}
	for id, value := range f.Derive(measures) {
		r.Figures[id] = form.Figure{Value: value, State: form.Derived}
	}
	for i, c := range f.Cells() {
		if len(c.Facts)+len(c.Sum) > 0 {
			continue
		}
		figure := form.Figure{Value: int64(i * 3), State: form.Typed}
		if c.Unit == form.Fen {
			figure.Value = 1_234_500
		}
		r.Figures[c.ID] = figure
	}
	for _, part := range f.Parts {
		if part.Narrative {
			r.Narratives[part.ID] = "### （一）" + part.Label.Zh + "\n\n本年度**按期**开展了有关工作，没有其他说明的事项。\n\n1. 第一项工作。\n2. 第二项工作。"
		}
	}
	return r
}

// township is the township's report on 2018: 550 disclosures by category, all else none.
func township(t testing.TB) export.Report {
	r := busy(t, "2018")
	for id := range r.Figures {
		r.Figures[id] = form.Figure{State: form.StatedNone}
	}
	for id, n := range map[string]int64{
		"disclosed.total": 550, "disclosed.government_document": 24, "disclosed.work_report": 1,
		"disclosed.emergency_management": 365, "disclosed.work_update": 130, "disclosed.other": 30,
	} {
		r.Figures[id] = form.Figure{Value: n, State: form.Derived}
	}
	return r
}

func written(t testing.TB, r export.Report, f export.Format) []byte {
	t.Helper()
	var first, second bytes.Buffer
	if err := errors.Join(r.Write(&first, f), r.Write(&second, f)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("the same report gave other bytes as %s", f)
	}
	return first.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; see with -update and git diff", name)
	}
}

// The text of each form's report, the tables as grids.
func TestGolden(t *testing.T) {
	for name, r := range map[string]export.Report{"2018": township(t), "2019": busy(t, "2019"), "2023": busy(t, "2023"), "2023-q2": busy(t, "2023-q2")} {
		var text bytes.Buffer
		if err := paper.Plain(&text, r.Document()); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", text.Bytes())
	}
	golden(t, "2023.csv", written(t, busy(t, "2023"), export.CSV))
	golden(t, "2018.json", written(t, township(t), export.JSON))
}

// Every figure of every table stands on its sheet as a number, each table on one of its own.
func TestXLSX(t *testing.T) {
	r := busy(t, "2023")
	f, err := excelize.OpenReader(bytes.NewReader(written(t, r, export.XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"报告", "表1 主动公开政府信息情况", "表2 收到和处理政府信息公开申请情况", "表3 政府信息公开行政复议、行政诉讼情况"}) {
		t.Errorf("sheets %q", got)
	}
	// The third table: three rows of headings below the sheet's, three columns of labels.
	table, _ := r.Form.Table("t3")
	for i, row := range table.Rows {
		for k, c := range table.Columns {
			at, _ := excelize.CoordinatesToCellName(4+k, 5+i)
			value, err := f.GetCellValue("表2 收到和处理政府信息公开申请情况", at)
			if want := fmt.Sprint(r.Figures[table.CellID(row.ID, c.ID)].Value); err != nil || value != want {
				t.Errorf("%s, %s (%s): %q, %v, want %s", row.ID, c.ID, at, value, err, want)
			}
			if kind, _ := f.GetCellType("表2 收到和处理政府信息公开申请情况", at); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
				t.Errorf("%s is no number", at)
			}
		}
	}
	for at, want := range map[string]string{"D2": "申请人情况", "E3": "法人或其他组织", "A7": "三、本年度办理结果", "B9": "（三）不予公开", "C9": "1.属于国家秘密", "A29": "四、结转下年度继续办理"} {
		if got, err := f.GetCellValue("表2 收到和处理政府信息公开申请情况", at); got != want || err != nil {
			t.Errorf("%s has %q, %v, want %s", at, got, err, want)
		}
	}
	merged, err := f.GetMergeCells("表2 收到和处理政府信息公开申请情况")
	if err != nil {
		t.Fatal(err)
	}
	var ranges []string
	for _, m := range merged {
		ranges = append(ranges, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	for _, want := range []string{"A2:C4", "D2:J2", "D3:D4", "E3:I3", "J3:J4", "A5:C5", "A7:A28", "B7:C7", "B9:B16"} {
		if !slices.Contains(ranges, want) {
			t.Errorf("%s is not merged: %v", want, ranges)
		}
	}
}

// What a report says that is no number stays text: in a spreadsheet, in CSV, on a page.
func TestInjection(t *testing.T) {
	r := busy(t, "2023")
	r.Organization = "=HYPERLINK(\"http://example.com\")"
	r.Narratives["overview"] = "=1+1\n\n@SUM(A1)\n\n<script>alert(1)</script>"
	r.Figures["t3.received.natural_person"] = form.Figure{State: form.Unreadable, Text: "=cmd|' /C calc'!A0"}
	f, err := excelize.OpenReader(bytes.NewReader(written(t, r, export.XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for k := range row {
				at, _ := excelize.CoordinatesToCellName(k+1, i+1)
				if formula, err := f.GetCellFormula(sheet, at); formula != "" || err != nil {
					t.Errorf("%s %s has the formula %q, %v", sheet, at, formula, err)
				}
			}
		}
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written(t, r, export.CSV), []byte("\ufeff"))))
	reader.FieldsPerRecord = -1
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		for _, s := range record {
			if strings.ContainsAny(s[:min(len(s), 1)], "=+@") {
				t.Errorf("a spreadsheet takes %q for a formula", s)
			}
		}
	}
	if page := written(t, r, export.HTML); bytes.Contains(page, []byte("<script")) {
		t.Error("the page has a script")
	}
}

// Amounts stand in the unit that the form prints, none is lost; what is no number stands as it is.
func TestFigures(t *testing.T) {
	for _, c := range []struct {
		period, cell string
		figure       form.Figure
		want         string
	}{
		{"2023", "t2.charges.amount", form.Figure{Value: 1, State: form.Typed}, "| 0.000001 "},
		{"2023", "t2.charges.amount", form.Figure{Value: 1_200_000, State: form.Typed}, "| 1.2 "},
		{"2023", "t2.charges.amount", form.Figure{Value: -30_000_000, State: form.Typed}, "| -30 "},
		{"2023", "t2.charges.amount", form.Figure{State: form.StatedNone}, "| 0 "},
		{"2023", "t2.charges.amount", form.Figure{State: form.Slashed, Text: "／"}, "| ／ "},
		{"2023", "t2.charges.amount", form.Figure{}, "| 行政事业性收费 | | | |"},
		{"2023", "t2.charges.amount", form.Figure{State: form.Unknown}, "| 行政事业性收费 | | | |"},
		{"2019", "t2.licences.change", form.Figure{Value: -3, State: form.Typed}, "| -3 "},
	} {
		r := busy(t, c.period)
		r.Figures[c.cell] = c.figure
		var text bytes.Buffer
		if err := paper.Plain(&text, r.Document()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), c.want) {
			t.Errorf("%+v: %q does not stand in the report", c.figure, c.want)
		}
	}
}

// The JSON has every cell of the form, as the contract names it.
func TestJSON(t *testing.T) {
	r := busy(t, "2023")
	r.Figures["t3.received.business"] = form.Figure{}
	var m struct {
		Name, Organization, Form string
		Figures                  []struct {
			Cell, State string
			Value       int64
		}
	}
	if err := json.Unmarshal(written(t, r, export.JSON), &m); err != nil {
		t.Fatal(err)
	}
	if m.Name != r.Name || m.Form != "reportForms/2021" || len(m.Figures) != len(r.Form.Cells()) {
		t.Errorf("%s, %s, %d figures", m.Name, m.Form, len(m.Figures))
	}
	for _, f := range m.Figures {
		state := "FIGURE_STATE_DERIVED"
		switch {
		case f.Cell == "t3.received.business":
			state = "FIGURE_STATE_UNFILLED"
		case r.Figures[f.Cell].State == form.Typed:
			state = "FIGURE_STATE_TYPED"
		}
		if f.Value != r.Figures[f.Cell].Value || f.State != state {
			t.Errorf("%+v", f)
		}
	}
}

// What the report service answers is written as it is: also figures that another system gave, sums of reports, and amounts
// that are too large for a count.
func TestOf(t *testing.T) {
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	r, err := export.Of(&reportv1.Report{Name: "organizations/652701/reports/2023", Form: "reportForms/2021", Figures: []*reportv1.Figure{
		{Cell: "t2.licences.decisions", Value: 31, State: reportv1.FigureState_FIGURE_STATE_GIVEN},
		{Cell: "t3.received.natural_person", Value: 12, State: reportv1.FigureState_FIGURE_STATE_SUMMED},
		{Cell: "t2.charges.amount", Value: 1<<31 - 1, Fen: 5_000_000_000, State: reportv1.FigureState_FIGURE_STATE_SUMMED},
	}}, "示例市人民政府", forms)
	if err != nil {
		t.Fatal(err)
	}
	page := string(written(t, r, export.HTML))
	for _, want := range []string{">31<", ">12<", ">5000<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestRefused(t *testing.T) {
	r := busy(t, "2023")
	if err := r.Write(io.Discard, "doc"); err == nil || !strings.Contains(err.Error(), `no format "doc"`) {
		t.Errorf("an unknown format: %v", err)
	}
	r.Narratives["overview"] = strings.Repeat("长", 3<<20)
	for _, f := range []export.Format{export.DOCX, export.HTML} {
		if err := r.Write(io.Discard, f); !errors.Is(err, paper.ErrTooLarge) {
			t.Errorf("a large report as %s: %v", f, err)
		}
	}
	if err := (export.Report{}).Write(io.Discard, export.DOCX); err == nil {
		t.Error("a report without form is written")
	}
}

// An office program opens what is written. The pages stay in a folder that GONGKAI_RENDER names.
func TestRender(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("NOT RENDERED: soffice is not installed (Debian: libreoffice-writer, libreoffice-calc)")
	}
	folder := t.TempDir()
	if kept := os.Getenv("GONGKAI_RENDER"); kept != "" {
		folder = kept
	}
	args := []string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", folder}
	for name, r := range map[string]export.Report{"2018": township(t), "2019": busy(t, "2019"), "2023": busy(t, "2023")} {
		for _, f := range []export.Format{export.DOCX, export.HTML, export.XLSX} {
			file := filepath.Join(folder, name+"-"+string(f)+"."+string(f))
			if err := os.WriteFile(file, written(t, r, f), 0o644); err != nil {
				t.Fatal(err)
			}
			if f == export.DOCX || f == export.XLSX && name == "2023" {
				args = append(args, file)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{"2018-docx", "2019-docx", "2023-docx", "2023-xlsx"} {
		if info, err := os.Stat(filepath.Join(folder, name+".pdf")); err != nil || info.Size() < 5_000 {
			t.Errorf("%s was not rendered: %v", name, err)
		}
	}
}

// The parts of the .docx are whole archives' entries: none is missing, none is twice.
func TestDOCX(t *testing.T) {
	docx := written(t, busy(t, "2023"), export.DOCX)
	archive, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, f := range archive.File {
		seen[f.Name]++
	}
	if len(seen) != 10 || len(seen) != len(archive.File) || seen["word/document.xml"] != 1 {
		t.Errorf("parts %v", seen)
	}
}

func BenchmarkWrite(b *testing.B) {
	r := busy(b, "2023")
	for _, f := range export.Formats() {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if err := r.Write(io.Discard, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
