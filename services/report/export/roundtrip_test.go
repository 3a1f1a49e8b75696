package export_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"gongkai/services/chassis/paper"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/export"
	"gongkai/services/report/published"
)

// readBack reads what was written as anybody's published report is read.
func readBack(t *testing.T, r export.Report, f export.Format) *published.Report {
	t.Helper()
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	file := written(t, r, f)
	got, err := published.ReadFile(context.Background(), bytes.NewReader(file), int64(len(file)), r.FileName(f), forms, published.Hints{})
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return got
}

// What is exported is read back to the same figures, whatever the form and the file, and nothing of it is remarked.
func TestReadBack(t *testing.T) {
	for name, r := range map[string]export.Report{"2018": township(t), "2019": busy(t, "2019"), "2023": busy(t, "2023")} {
		for _, f := range export.Formats() {
			t.Run(name+" "+string(f), func(t *testing.T) {
				got := readBack(t, r, f)
				if got.Form.ID != r.Form.ID || got.Year != r.Period.Year() || got.Organization != r.Organization {
					t.Errorf("read as form %s of %d by %s", got.Form.ID, got.Year, got.Organization)
				}
				for _, c := range r.Form.Cells() {
					want, found := r.Figures[c.ID], got.Figures[c.ID]
					if found.Value != want.Value || found.State != published.Filled && found.State != published.StatedNone {
						t.Errorf("%s: %+v, want %d", c.ID, found, want.Value)
					}
				}
				for _, remark := range got.Remarks {
					t.Errorf("remarked: %+v", remark)
				}
				for _, p := range r.Form.Parts {
					if (r.Narratives[p.ID] != "") != (got.Narratives[p.ID] != "") && r.Form.ID != "2007" {
						t.Errorf("part %s: %q", p.ID, got.Narratives[p.ID])
					}
				}
			})
		}
	}
}

// What nobody filled in, and a stroke, are read back as what they are.
func TestReadBack_Unfilled(t *testing.T) {
	for _, f := range []export.Format{export.DOCX, export.HTML, export.XLSX, export.CSV} {
		r := busy(t, "2023")
		r.Figures["t3.received.business"] = form.Figure{}
		r.Figures["t3.received.legal_service"] = form.Figure{State: form.Slashed, Text: "/"}
		got := readBack(t, r, f)
		states := fmt.Sprint(got.Figures["t3.received.business"].State, got.Figures["t3.received.legal_service"].State)
		if states != "blank dashed" {
			t.Errorf("%s: %s", f, states)
		}
	}
}

// A report that keeps every identity is exported without a finding that is hard.
func TestReadBack_Checked(t *testing.T) {
	r := busy(t, "2023")
	balance(r)
	for _, f := range export.Formats() {
		for _, found := range check.Run(check.Input{Report: readBack(t, r, f).Checked()}) {
			if found.Severity == check.Hard {
				t.Errorf("%s: %+v", f, found)
			}
		}
	}
}

// balance makes each column of the third table keep its identity, and regulations none, as a township has none.
func balance(r export.Report) {
	table, _ := r.Form.Table("t3")
	for _, c := range table.Columns {
		at := func(row string) int64 { return r.Figures[table.CellID(row, c.ID)].Value }
		received := at("concluded") + at("carried_forward") - at("carried_over")
		r.Figures[table.CellID("received", c.ID)] = form.Figure{Value: received, State: form.Derived}
	}
	for id, f := range r.Figures {
		if c, _ := r.Form.Find(id); c.Row == "regulations" {
			f.Value = 0
			r.Figures[id] = f
		}
	}
}

// printed is a report as PDF in a font of the machine.
func printed(t *testing.T, r export.Report) []byte {
	t.Helper()
	font, err := paper.FindFont()
	if errors.Is(err, paper.ErrNoFont) {
		t.Skip("NO PDF: no Chinese TrueType font is installed (Debian: fonts-arphic-gbsn00lp)")
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.PDF(&b, font); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is printed is read back to the same figures, a change of any cell is found, and the bytes are the same each time.
func TestReadBack_PDF(t *testing.T) {
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	back := func(file []byte) *published.Report {
		got, err := published.ReadFile(context.Background(), bytes.NewReader(file), int64(len(file)), "a.pdf", forms, published.Hints{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for name, r := range map[string]export.Report{"2018": township(t), "2019": busy(t, "2019"), "2023": busy(t, "2023")} {
		t.Run(name, func(t *testing.T) {
			file := printed(t, r)
			if !bytes.Equal(file, printed(t, r)) {
				t.Error("the bytes differ")
			}
			got := back(file)
			if got.Form.ID != r.Form.ID || got.Year != r.Period.Year() || got.Organization != r.Organization {
				t.Errorf("read as form %s of %d by %s", got.Form.ID, got.Year, got.Organization)
			}
			for _, c := range r.Form.Cells() {
				want, found := r.Figures[c.ID], got.Figures[c.ID]
				if found.Value != want.Value || found.State != published.Filled && found.State != published.StatedNone {
					t.Errorf("%s: %+v, want %d", c.ID, found, want.Value)
				}
			}
			for _, remark := range got.Remarks {
				t.Errorf("remarked: %+v", remark)
			}
		})
	}
	t.Run("changed", func(t *testing.T) {
		r := busy(t, "2023")
		balance(r)
		hard := func() int {
			n := 0
			for _, f := range check.Run(check.Input{Report: back(printed(t, r)).Checked()}) {
				if f.Severity == check.Hard {
					n++
				}
			}
			return n
		}
		if n := hard(); n > 0 {
			t.Errorf("%d findings before the change", n)
		}
		f := r.Figures["t3.received.business"]
		f.Value++
		r.Figures["t3.received.business"] = f
		if hard() == 0 {
			t.Error("a changed cell was not found")
		}
	})
}
