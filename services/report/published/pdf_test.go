package published_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/services/report/published"
)

// TestRead_PDF reads layouts that LibreOffice made of the .docx files, and Chromium of the pages, of the same figures as
// the other layouts: on paper of several sizes, with borders of several kinds, tables and rows cut by pages, and headers
// and footers. The font was one of boxes, so that the files are small. A file is named by form, layout and program.
func TestRead_PDF(t *testing.T) {
	files, err := filepath.Glob("testdata/pdf/*.pdf")
	ok(t, err)
	if len(files) < 10 {
		t.Fatalf("%d layouts", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			id, _, _ := strings.Cut(filepath.Base(file), "-")
			m := busy(t, id, 2020+int(id[3]-'0')%2)
			data, err := os.ReadFile(file)
			ok(t, err)
			r, err := read(t, data, file, published.Hints{})
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
