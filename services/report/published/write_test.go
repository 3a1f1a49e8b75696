package published_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// writers write a report in each of the formats.
func writers() map[string]func(testing.TB, sheet) []byte {
	return map[string]func(testing.TB, sheet) []byte{
		"html": func(_ testing.TB, s sheet) []byte { return []byte(page(s, nil)) },
		"docx": writeDOCX, "xlsx": writeXLSX, "csv": writeCSV, "txt": writeText, "md": writeMarkdown,
	}
}

// page writes a page as the sites of organs do.
func page(s sheet, change func(string) string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>示例</title><script>var a = "<table><tr><td>9</td></tr></table>";</script><style>td{color:red}</style></head><body><div id="zoom">`)
	for _, p := range s {
		switch {
		case p.table == nil && p.title:
			fmt.Fprintf(&b, "<h1>%s</h1>\n", html.EscapeString(p.text))
		case p.table == nil:
			fmt.Fprintf(&b, "<p style=\"text-indent: 2em\">&emsp;&emsp;<span>%s</span></p>\n", html.EscapeString(p.text))
		default:
			b.WriteString(tableOf(p.table))
		}
	}
	b.WriteString("</div></body></html>")
	if change != nil {
		return change(b.String())
	}
	return b.String()
}

func tableOf(table [][]box) string {
	var b strings.Builder
	b.WriteString("<table border=\"1\"><tbody>\n")
	for _, line := range table {
		b.WriteString("<tr>")
		for _, c := range line {
			b.WriteString("<td")
			if c.rows > 1 {
				fmt.Fprintf(&b, ` rowspan="%d"`, c.rows)
			}
			if c.cols > 1 {
				fmt.Fprintf(&b, ` colspan="%d"`, c.cols)
			}
			fmt.Fprintf(&b, "><p align=\"center\">%s</p></td>", strings.ReplaceAll(html.EscapeString(c.text), "\n", "<br/>"))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>\n")
	return b.String()
}

func writeCSV(t testing.TB, s sheet) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, p := range s {
		if p.table == nil {
			ok(t, w.Write([]string{p.text}))
		}
		for _, line := range squared(p.table, false) {
			record := make([]string, 0, len(line))
			for _, c := range line {
				record = append(record, c.text)
			}
			ok(t, w.Write(record))
		}
	}
	w.Flush()
	ok(t, w.Error())
	return b.Bytes()
}

// writeText writes a text as an office program copies it: tabs between cells.
func writeText(_ testing.TB, s sheet) []byte {
	var b strings.Builder
	for _, p := range s {
		if p.table == nil {
			b.WriteString("　　" + p.text + "\r\n")
		}
		for _, line := range squared(p.table, false) {
			for i, c := range line {
				if i > 0 {
					b.WriteByte('\t')
				}
				b.WriteString(strings.ReplaceAll(c.text, "\n", ""))
			}
			b.WriteString("\r\n")
		}
	}
	return []byte(b.String())
}

func writeMarkdown(_ testing.TB, s sheet) []byte {
	var b strings.Builder
	for _, p := range s {
		switch {
		case p.table == nil && p.title:
			b.WriteString("# " + p.text + "\n\n")
		case p.table == nil:
			b.WriteString(p.text + "\n\n")
		}
		for i, line := range squared(p.table, false) {
			for _, c := range line {
				b.WriteString("| " + strings.ReplaceAll(c.text, "\n", "<br>") + " ")
			}
			b.WriteString("|\n")
			if i == 0 {
				b.WriteString(strings.Repeat("|---", len(line)) + "|\n")
			}
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

func writeXLSX(t testing.TB, s sheet) []byte {
	f := excelize.NewFile()
	row := 1
	name := func(col, row int) string {
		n, err := excelize.CoordinatesToCellName(col, row)
		ok(t, err)
		return n
	}
	for _, p := range s {
		if p.table == nil {
			ok(t, f.SetCellValue("Sheet1", name(1, row), p.text))
			ok(t, f.MergeCell("Sheet1", name(1, row), name(10, row)))
			row++
		}
		taken := map[[2]int]bool{}
		for _, line := range p.table {
			col := 1
			for _, c := range line {
				for taken[[2]int{row, col}] {
					col++
				}
				var n int
				if _, err := fmt.Sscanf(c.text, "%d", &n); err == nil && fmt.Sprint(n) == c.text {
					ok(t, f.SetCellValue("Sheet1", name(col, row), n))
				} else {
					ok(t, f.SetCellValue("Sheet1", name(col, row), c.text))
				}
				if c.rows*c.cols > 1 {
					ok(t, f.MergeCell("Sheet1", name(col, row), name(col+c.cols-1, row+c.rows-1)))
				}
				for y := range c.rows {
					for x := range c.cols {
						taken[[2]int{row + y, col + x}] = true
					}
				}
			}
			row++
		}
	}
	var b bytes.Buffer
	ok(t, f.Write(&b))
	return b.Bytes()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}

func writeDOCX(t testing.TB, s sheet) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, p := range s {
		if p.table == nil {
			style := ""
			if p.title {
				style = `<w:pPr><w:pStyle w:val="1"/></w:pPr>`
			}
			fmt.Fprintf(&b, `<w:p>%s<w:r><w:rPr><w:rFonts w:eastAsia="仿宋"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, style, escaped(p.text))
			continue
		}
		b.WriteString(`<w:tbl><w:tblPr>` + borders() + `</w:tblPr><w:tblGrid>`)
		for range squared(p.table, false)[0] {
			fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, 9000/len(squared(p.table, false)[0]))
		}
		b.WriteString(`</w:tblGrid>`)
		for _, line := range grown(p.table) {
			b.WriteString(`<w:tr>`)
			for _, c := range line {
				b.WriteString(`<w:tc><w:tcPr>`)
				if c.cols > 1 {
					fmt.Fprintf(&b, `<w:gridSpan w:val="%d"/>`, c.cols)
				}
				switch {
				case c.rows > 1:
					b.WriteString(`<w:vMerge w:val="restart"/>`)
				case c.rows == 0:
					b.WriteString(`<w:vMerge/>`)
				}
				b.WriteString(`</w:tcPr>`)
				for text := range strings.SplitSeq(c.text, "\n") {
					fmt.Fprintf(&b, `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, escaped(text))
				}
				b.WriteString(`</w:tc>`)
			}
			b.WriteString(`</w:tr>`)
		}
		b.WriteString(`</w:tbl>`)
	}
	b.WriteString(`<w:sectPr/></w:body></w:document>`)
	return zipped(t, map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/styles.xml":     `<w:styles xmlns:w="x"><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>`,
		"word/document.xml":   b.String(),
	})
}

func borders() string {
	var b strings.Builder
	b.WriteString(`<w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="4"/>`, side)
	}
	return b.String() + `</w:tblBorders>`
}

// grown puts a cell with no rows at the places below a merged one, as .docx has it.
func grown(table [][]box) [][]box {
	type hanging struct{ left, cols int }
	below := map[int]hanging{}
	out := make([][]box, len(table))
	for r, line := range table {
		col := 0
		fill := func() {
			for below[col].left > 0 {
				h := below[col]
				out[r] = append(out[r], box{"", 0, h.cols})
				below[col] = hanging{h.left - 1, h.cols}
				col += h.cols
			}
		}
		for _, c := range line {
			fill()
			out[r] = append(out[r], c)
			below[col] = hanging{c.rows - 1, c.cols}
			col += c.cols
		}
		fill()
	}
	return out
}

func zipped(t testing.TB, parts map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		part, err := w.Create(name)
		ok(t, err)
		_, err = part.Write([]byte(text))
		ok(t, err)
	}
	ok(t, w.Close())
	return b.Bytes()
}
