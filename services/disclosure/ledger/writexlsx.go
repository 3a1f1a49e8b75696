package ledger

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/services/chassis/ooxml"
	"gongkai/services/law/workday"
)

// A cell of a spreadsheet holds so many UTF-16 units at most; a longer content goes on in hidden columns.
const (
	longestCell   = 32_000
	continuations = 13
)

// xlsxWriter writes an .xlsx file of one sheet, without keeping any of it. Every text is written as text.
type xlsxWriter struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	last    int
	columns []field
	tail    string // what follows the rows
}

// newXLSX begins a workbook with the columns of an export.
func newXLSX(out io.Writer, sheet string) (*xlsxWriter, error) {
	columns := writtenColumns()
	for range continuations {
		columns = append(columns, continued)
	}
	w := &xlsxWriter{columns: columns}
	return w, w.begin(out, sheet, "")
}

// begin writes everything up to and with the header. Note is a second sheet of explanations; empty for none.
func (w *xlsxWriter) begin(out io.Writer, sheet, notes string) error {
	w.archive = zip.NewWriter(out)
	second, secondType, secondRel := "", "", ""
	if notes != "" {
		second = `<sheet name="填写说明" sheetId="2" r:id="rId3"/>`
		secondType = `<Override PartName="/xl/worksheets/sheet2.xml" ContentType="` + mainType + `worksheet+xml"/>`
		secondRel = `<Relationship Id="rId3" Type="` + relType + `worksheet" Target="worksheets/sheet2.xml"/>`
	}
	for _, p := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + mainType + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + mainType + `styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mainType + `worksheet+xml"/>` + secondType + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageRels + `"><Relationship Id="rId1" Type="` + relType + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + mainSpace + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` + xmlText(sheetName(sheet)) + `" sheetId="1" r:id="rId1"/>` + second + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageRels + `"><Relationship Id="rId1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + relType + `styles" Target="styles.xml"/>` + secondRel + `</Relationships>`},
		{"xl/styles.xml", styles},
		{"xl/worksheets/sheet2.xml", notes},
	} {
		if p.text == "" {
			continue
		}
		part, err := w.archive.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(part, xmlHead+p.text); err != nil {
			return err
		}
	}
	part, err := w.archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	w.sheet = bufio.NewWriterSize(part, 64<<10)
	w.sheet.WriteString(xmlHead + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	w.writeColumns()
	w.sheet.WriteString("<sheetData>")
	w.open()
	for i, f := range w.columns {
		w.text(i, namings()[f].header, 1)
	}
	return w.shut()
}

const (
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	packageRels = "http://schemas.openxmlformats.org/package/2006/relationships"
	relType     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mainType    = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	// Formats of cells: 0 as it is, 1 header, 2 date, 3 text, 4 grey example, 5 its date.
	styles = `<styleSheet xmlns="` + mainSpace + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>` +
		`<fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font><font><i/><sz val="11"/><color rgb="FF808080"/><name val="宋体"/></font></fonts>` +
		`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill></fills>` +
		`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
		`<cellXfs count="6"><xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/><xf fontId="2" applyFont="1"/><xf numFmtId="164" fontId="2" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`
)

func (w *xlsxWriter) writeColumns() {
	w.sheet.WriteString("<cols>")
	for i, f := range w.columns {
		width, style, hidden := 14, 0, ""
		switch f {
		case title, content:
			width = 44
		case channels, number, indexNumber:
			width, style = 24, 3
		case formedOn, publishedOn:
			style = 2
		case record:
			width = 30
		case continued:
			hidden = ` hidden="1"`
		}
		fmt.Fprintf(w.sheet, `<col min="%d" max="%d" width="%d" style="%d" customWidth="1"%s/>`, i+1, i+1, width, style, hidden)
	}
	w.sheet.WriteString("</cols>")
}

func (w *xlsxWriter) open() {
	w.last++
	fmt.Fprintf(w.sheet, `<row r="%d">`, w.last)
}

// shut ends a row. An error in writing it comes up here.
func (w *xlsxWriter) shut() error {
	_, err := w.sheet.WriteString("</row>")
	return err
}

func (w *xlsxWriter) text(column int, s string, style int) {
	if s == "" {
		return
	}
	fmt.Fprintf(w.sheet, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, letter(column), w.last, style)
	writeXML(w.sheet, s)
	w.sheet.WriteString("</t></is></c>")
}

// date writes a day as a spreadsheet keeps it, or as text if it keeps no such day.
func (w *xlsxWriter) date(column int, s string, on workday.Date, style int) {
	if n, ok := serialOf(on); ok {
		fmt.Fprintf(w.sheet, `<c r="%s%d" s="%d"><v>%d</v></c>`, letter(column), w.last, style, n)
		return
	}
	w.text(column, s, style)
}

// row writes the cells of an export.
func (w *xlsxWriter) row(r *Row, cells []string) error {
	w.open()
	at := slices.Index(w.columns, content)
	parts := pieces(cells[at])
	cells[at] = parts[0]
	for i, s := range append(cells, parts[1:]...) {
		switch f := w.columns[i]; f {
		case formedOn, publishedOn:
			on := r.PublishedOn
			if f == formedOn {
				on = civil(r.Draft.GetFormedOn())
			}
			w.date(i, s, on, 2)
		default:
			w.text(i, s, 0)
		}
	}
	return w.shut()
}

// pieces cuts a text into what fits into a cell. There is always one.
func pieces(s string) []string {
	if len(s) <= longestCell {
		return []string{s}
	}
	var all []string
	start, units := 0, 0
	for i, r := range s {
		n := 1
		if r > 0xffff {
			n = 2
		}
		if units += n; units > longestCell {
			all, start, units = append(all, s[start:i]), i, n
		}
	}
	return append(all, s[start:])
}

// close ends the sheet and the workbook.
func (w *xlsxWriter) close() error {
	w.sheet.WriteString("</sheetData>" + w.tail + "</worksheet>")
	return errors.Join(w.sheet.Flush(), w.archive.Close())
}

// sheetName is a name that a spreadsheet takes.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return '_'
		}
		return r
	}, strings.Trim(s, "'"))
	if s == "" {
		return "台账"
	}
	return string([]rune(s)[:min(utf8.RuneCountInString(s), 31)])
}

func xmlText(s string) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	writeXML(w, s)
	_ = w.Flush() // a builder takes everything
	return b.String()
}

// writeXML writes a text in XML. What XML does not have becomes U+FFFD, and _x0041_ is told from A.
func writeXML(w *bufio.Writer, s string) {
	for i, r := range s {
		switch {
		case r == '&':
			w.WriteString("&amp;")
		case r == '<':
			w.WriteString("&lt;")
		case r == '>':
			w.WriteString("&gt;")
		case r == '"':
			w.WriteString("&quot;")
		case r == '_' && isEscape(s[i:]):
			w.WriteString("_x005F_")
		case r < ' ' && r != '\n' && r != '\t', r == 0xfffe, r == 0xffff:
			w.WriteRune(utf8.RuneError)
		default:
			w.WriteRune(r)
		}
	}
}

// isEscape tells whether a text begins with a mark that reading would replace.
func isEscape(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, ok := ooxml.Decoded(s[2:6], 16)
	return ok
}
