package published_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/document"
	"gongkai/services/report/published"
)

var embedded = sync.OnceValues(form.Embedded)

func forms(t testing.TB) form.Forms {
	t.Helper()
	fs, err := embedded()
	ok(t, err)
	return fs
}

// busy makes a report with a figure of its own in every cell.
func busy(t testing.TB, id string, year int) model {
	t.Helper()
	f, found := forms(t).Get(id)
	if !found {
		t.Fatalf("no form %s", id)
	}
	m := model{form: f, title: fmt.Sprintf("示例县人民政府%d年政府信息公开工作年度报告", year), values: map[string]string{}}
	random := rand.New(rand.NewPCG(1, uint64(year)))
	for i, c := range f.Cells() {
		m.values[c.ID] = fmt.Sprint(i*7%4000 + random.IntN(3))
		if c.Unit.Fen() != 0 {
			m.values[c.ID] = fmt.Sprintf("%d.%02d", 10+i, 50)
		}
	}
	return m
}

func read(t testing.TB, data []byte, name string, hints published.Hints) (*published.Report, error) {
	t.Helper()
	doc, err := document.Read(t.Context(), bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		return nil, err
	}
	return published.Read(doc, forms(t), hints)
}

// compare tells the cells of a report that are not as in the model.
func compare(t *testing.T, m model, r *published.Report) {
	t.Helper()
	wrong := 0
	for _, c := range m.form.Cells() {
		f, found := r.Figures[c.ID]
		want := m.values[c.ID]
		got := fmt.Sprint(f.Value)
		if c.Unit.Fen() != 0 {
			got = fmt.Sprintf("%d.%02d", f.Value/c.Unit.Fen()/unitOf(c), f.Value/(unitOf(c)/100)%100)
		}
		if !found || f.State != published.Filled || got != want {
			if wrong++; wrong < 6 {
				t.Errorf("%s is %+v (found %t), want %s", c.ID, f, found, want)
			}
		}
	}
	if wrong > 5 {
		t.Errorf("%d cells in all are wrong", wrong)
	}
}

func unitOf(c form.Cell) int64 {
	if c.Printed != "" {
		return c.Printed.Fen()
	}
	return form.Yuan.Fen()
}

func hard(r *published.Report) []string {
	var reasons []string
	for _, m := range r.Remarks {
		if m.Severity == check.Hard {
			reasons = append(reasons, fmt.Sprintf("%+v", m))
		}
	}
	return reasons
}

// TestRead_Layouts reads every layout in every format, of both forms with tables, and finds each figure.
func TestRead_Layouts(t *testing.T) {
	for _, id := range []string{"2019", "2021"} {
		m := busy(t, id, 2020+int(id[3]-'0')%2)
		for _, name := range slices.Sorted(maps.Keys(layouts())) {
			for _, format := range slices.Sorted(maps.Keys(writers())) {
				t.Run(id+"/"+name+"/"+format, func(t *testing.T) {
					if os.Getenv("BRIEF") != "" && format != "html" {
						t.Skip("what differs by format has a test of its own")
					}
					if flat := format == "csv" || format == "txt" || format == "md"; flat && (name == "spans dropped" || name == "one table") {
						t.Skip("the same as another layout in this format")
					}
					data := writers()[format](t, layouts()[name](m.official()))
					r, err := read(t, data, "report."+format, published.Hints{})
					ok(t, err)
					if r.Form.ID != id || r.Year != 2020+int(id[3]-'0')%2 || r.Organization != "示例县人民政府" {
						t.Errorf("form %s, year %d, of %q", r.Form.ID, r.Year, r.Organization)
					}
					compare(t, m, r)
					if h := hard(r); len(h) > 0 {
						t.Errorf("remarks: %s", strings.Join(h, "\n"))
					}
					for _, part := range []string{"overview", "problems", "other"} {
						if !strings.Contains(r.Narratives[part], "示例文字") {
							t.Errorf("part %s has the text %q", part, r.Narratives[part])
						}
					}
				})
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	m := busy(b, "2021", 2022)
	fs := forms(b)
	write := writers()
	write["lines.txt"] = func(_ testing.TB, s sheet) []byte {
		return []byte(extract(s, extracted()["a cell a line, blank lines"]))
	}
	for _, format := range slices.Sorted(maps.Keys(write)) {
		data := write[format](b, m.official())
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				doc, err := document.Read(b.Context(), bytes.NewReader(data), int64(len(data)), "report."+format)
				ok(b, err)
				_, err = published.Read(doc, fs, published.Hints{})
				ok(b, err)
			}
		})
	}
}
