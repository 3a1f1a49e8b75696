package paper_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"gongkai/services/chassis/paper"
)

// fontFile is a font of one table, in a collection if the font begins behind the start.
func fontFile(tag string, at uint32) []byte {
	var b []byte
	if at > 0 {
		b = append(b, "ttcf\x00\x01\x00\x00\x00\x00\x00\x01"...)
		b = binary.BigEndian.AppendUint32(b, at)
	}
	b = append(b, "\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"...)
	b = append(append(b, tag...), "\x00\x00\x00\x00"...)
	b = binary.BigEndian.AppendUint32(b, at+28)
	b = binary.BigEndian.AppendUint32(b, 4)
	return append(b, "abcd"...)
}

func TestReadFont(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"a font":           {fontFile("glyf", 0), nil},
		"a collection":     {fontFile("glyf", 16), nil},
		"no outlines":      {fontFile("CFF ", 0), paper.ErrFont},
		"nothing":          {nil, paper.ErrFont},
		"a text":           {[]byte("not a font, but a text"), paper.ErrFont},
		"cut":              {fontFile("glyf", 0)[:30], paper.ErrFont},
		"a cut collection": {fontFile("glyf", 16)[:14], paper.ErrFont},
		"begins behind":    {fontFile("glyf", 9999)[:40], paper.ErrFont},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := paper.ReadFont(bytes.NewReader(c.data)); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

// A font that only looks like one is refused when it is used.
func TestPDF_Font(t *testing.T) {
	font, err := paper.ReadFont(bytes.NewReader(fontFile("glyf", 0)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := paper.PDF(&b, paper.Document{Title: "题"}, font); !errors.Is(err, paper.ErrFont) {
		t.Errorf("%v, want %v", err, paper.ErrFont)
	}
}

// A table longer than a page, with a cell over all of its rows, is printed to its end.
func TestPDF_Long(t *testing.T) {
	font, err := paper.FindFont()
	if errors.Is(err, paper.ErrNoFont) {
		t.Skip("NO PDF: no Chinese TrueType font is installed (Debian: fonts-arphic-gbsn00lp)")
	}
	if err != nil {
		t.Fatal(err)
	}
	table := paper.Table{Widths: []int{1, 1}, HeadRows: 1, Rows: [][]paper.Cell{{{Text: "甲"}, {Text: "乙"}}, {{Text: "丙", Rows: 100}, {Text: "丁"}}}}
	for range 99 {
		table.Rows = append(table.Rows, []paper.Cell{{Text: strings.Repeat("长文字", 30)}})
	}
	var b bytes.Buffer
	if err := paper.PDF(&b, paper.Document{Title: "题", Addressee: "某人", Body: []paper.Block{paper.Text(paper.Heading1, "表"), table}, Signature: "某机关", Date: "2024年1月1日", Notes: []string{"注"}, Attachments: []string{"附"}}, font); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("/Type /Page\n")); n < 8 {
		t.Errorf("%d pages", n)
	}
}

func FuzzReadFont(f *testing.F) {
	f.Add(fontFile("glyf", 16))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := paper.ReadFont(bytes.NewReader(data)); err != nil && !errors.Is(err, paper.ErrFont) {
			t.Fatal(err)
		}
	})
}
