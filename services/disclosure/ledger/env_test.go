package ledger_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/services/disclosure/ledger"
	"gongkai/services/law"
	"gongkai/services/law/form"

	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func forms(t testing.TB) form.Forms {
	t.Helper()
	all, err := form.Embedded()
	ok(t, err)
	return all
}

// read reads a whole ledger. The error is the one of opening or of reading it.
func read(t testing.TB, data []byte, name string) (rows []*ledger.Row, err error) {
	t.Helper()
	f, err := ledger.Open(bytes.NewReader(data), int64(len(data)), name, forms(t))
	if err != nil {
		return nil, err
	}
	defer func() { ok(t, f.Close()) }()
	for r, err := range f.Rows() {
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// tell writes rows as a person compares them, a line each.
func tell(rows []*ledger.Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s!%d", r.Sheet, r.Number)
		if d := r.Draft; d != nil {
			fmt.Fprintf(&b, " %q %s %s formed=%d-%d-%d published=%s %v %s content=%q index=%s id=%s %s", d.GetTitle(), d.GetCategory(), d.GetDocumentNumber(),
				d.GetFormedOn().GetYear(), d.GetFormedOn().GetMonth(), d.GetFormedOn().GetDay(), r.PublishedOn,
				d.GetChannels(), d.GetAttribute(), d.GetContent(), d.GetIndexNumber(), r.ID, d.GetState())
		}
		b.WriteString("\n" + tellFindings(r))
	}
	return b.String()
}

func tellFindings(r *ledger.Row) string {
	var b strings.Builder
	for _, f := range r.Findings {
		note := "    wrong"
		if f.Note {
			note = "    note "
		}
		fmt.Fprintf(&b, "%s %s(%s) %s %s %v\n", note, f.Column, f.Header, f.Field, f.Reason, f.Values)
	}
	return b.String()
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		ok(t, os.MkdirAll("testdata", 0o755))
		ok(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	ok(t, err)
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}

// workbook makes an .xlsx file of sheets as a spreadsheet program would: with shared strings.
func workbook(t testing.TB, change func(*excelize.File), sheets ...table) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { ok(t, f.Close()) }()
	for i, s := range sheets {
		if i == 0 {
			ok(t, f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			ok(t, err)
		}
		for j, row := range s.rows {
			cell, err := excelize.CoordinatesToCellName(1, j+1)
			ok(t, err)
			ok(t, f.SetSheetRow(s.name, cell, &row))
		}
	}
	if change != nil {
		change(f)
	}
	b, err := f.WriteToBuffer()
	ok(t, err)
	return b.Bytes()
}

// table is a sheet: its name and its rows.
type table struct {
	name string
	rows [][]any
}

func reasonsOf(err error) string {
	var all []string
	for _, r := range law.Reasons(err) {
		all = append(all, string(r))
	}
	if err != nil && len(all) == 0 {
		return err.Error()
	}
	return strings.Join(slices.Compact(all), " ")
}

// findings are the reasons of what is wrong in rows, as row:column reason.
func findings(rows []*ledger.Row) string {
	var all []string
	for _, r := range rows {
		for _, f := range r.Findings {
			if !f.Note {
				all = append(all, fmt.Sprintf("%d:%s %s", r.Number, f.Column, f.Reason))
			}
		}
	}
	return strings.Join(all, ", ")
}
