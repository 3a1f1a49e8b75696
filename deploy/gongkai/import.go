package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// importCommand imports a ledger that an organisation keeps as a spreadsheet.
type importCommand struct {
	remote
	File         string `arg:"" type:"path" help:"Ledger: .xlsx, .csv or .jsonl. (台账文件)"`
	Organization string `required:"" placeholder:"CODE" help:"Organisation whose ledger it is, by its code. (机关代码)"`
	DryRun       bool   `help:"Only tell what would happen. (试运行)"`
	AcceptedRows bool   `help:"Write the rows that can be taken, also if others cannot; otherwise all or nothing. (只导入无误的行)"`
	Publish      bool   `help:"Publish the rows that have a publication date; otherwise all become drafts. (有公开日期的行直接公开)"`
}

// Run imports, and tells what came of it. Its error makes the exit code 1 if rows were refused.
func (c *importCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	query := url.Values{
		"fileName": {filepath.Base(c.File)}, "dryRun": {strconv.FormatBool(c.DryRun)}, "publish": {strconv.FormatBool(c.Publish)}, "mode": {"all_or_nothing"},
	}
	if c.AcceptedRows {
		query.Set("mode", "accepted_rows")
	}
	drawn := newBar(s.err, "上传 upload")
	defer drawn.clear()
	resp, err := c.do(ctx, http.MethodPost, "/v1/organizations/"+url.PathEscape(c.Organization)+"/disclosures:import", query,
		upload{&watched{in: file, total: int(info.Size()), told: drawn.set}, info.Size(), ""})
	if err != nil {
		return err
	}
	out := &disclosurev1.ImportDisclosuresResponse{}
	if err := readAnswer(resp, out); err != nil {
		return err
	}
	drawn.clear()
	return c.print(s.out, out)
}

// watched tells how much of a file was read.
type watched struct {
	in          io.Reader
	done, total int
	told        func(done, total int)
}

// Read implements [io.Reader].
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	w.done += n
	w.told(w.done, w.total)
	return n, err
}

// print writes the findings as a table and the counts below it.
func (c *importCommand) print(w io.Writer, out *disclosurev1.ImportDisclosuresResponse) error {
	words := importChinese()
	if c.Lang == "en" {
		words = importEnglish()
	}
	wrong := out.GetRefusedCount() > 0
	if len(out.GetFindings()) > 0 {
		t := table.NewWriter()
		t.SetStyle(table.StyleLight)
		t.AppendHeader(table.Row{words.severity, words.sheet, words.row, words.column, words.what})
		t.SetColumnConfigs([]table.ColumnConfig{{Number: 3, Align: text.AlignRight}, {Number: 5, WidthMax: 72, WidthMaxEnforcer: text.WrapSoft}})
		for _, f := range out.GetFindings() {
			severity := words.note
			if f.GetSeverity() == disclosurev1.ImportFinding_SEVERITY_ERROR {
				severity, wrong = words.wrong, true
			}
			t.AppendRow(table.Row{severity, f.GetSheet(), rowNumber(f), place(f), f.GetMessage()})
		}
		if _, err := fmt.Fprintln(w, t.Render()); err != nil {
			return err
		}
		if more := int(out.GetFindingCount()) - len(out.GetFindings()); more > 0 {
			fmt.Fprintf(w, words.more, more)
		}
	}
	fmt.Fprintf(w, words.counts, out.GetReadCount(), out.GetCreatedCount(), out.GetPublishedCount(), out.GetUnchangedCount(), out.GetRefusedCount())
	switch {
	case c.DryRun:
		fmt.Fprintln(w, words.dry)
	case !out.GetApplied():
		fmt.Fprintln(w, words.nothing)
	}
	if wrong {
		return errors.New(words.refused)
	}
	return nil
}

func rowNumber(f *disclosurev1.ImportFinding) string {
	if f.GetRow() == 0 {
		return ""
	}
	return strconv.Itoa(int(f.GetRow()))
}

// place is a column as a person finds it: F 公开日期.
func place(f *disclosurev1.ImportFinding) string {
	if f.GetColumn() == "" {
		return f.GetHeader()
	}
	return f.GetColumn() + " " + f.GetHeader()
}

// importWords are what an import tells in one language.
type importWords struct {
	severity, sheet, row, column, what, wrong, note string
	more, counts, dry, nothing, refused             string
}

func importChinese() importWords {
	return importWords{
		severity: "级别", sheet: "工作表", row: "行", column: "栏", what: "问题和处理办法", wrong: "错误", note: "提示",
		more: "另有 %d 条未列出。\n", counts: "读取 %d 行：新建 %d（公开合计 %d），已有未变 %d，拒绝 %d。\n",
		dry:     "试运行：没有写入任何记录。",
		nothing: "没有写入任何记录：请改正后重新导入，或加 --accepted-rows 只导入无误的行。",
		refused: "有的行不能导入，见上表",
	}
}

func importEnglish() importWords {
	return importWords{
		severity: "", sheet: "Sheet", row: "Row", column: "Column", what: "What is wrong and what to do", wrong: "error", note: "note",
		more: "%d more are not listed.\n", counts: "%d rows read: %d made (%d published in all), %d there already, %d refused.\n",
		dry:     "Dry run: nothing was written.",
		nothing: "Nothing was written: correct the file and import it again, or add --accepted-rows to import the rows that are right.",
		refused: "some rows cannot be imported, see the table",
	}
}
