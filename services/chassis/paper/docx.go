package paper

import (
	"archive/zip"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

//go:embed parts/*.xml
var parts embed.FS

// fixedParts are the parts of a .docx that are the same for every document, in order: name in the archive, file.
func fixedParts() [][2]string {
	return [][2]string{
		{"[Content_Types].xml", "parts/content_types.xml"},
		{"_rels/.rels", "parts/rels.xml"},
		{"word/_rels/document.xml.rels", "parts/document_rels.xml"},
		{"word/styles.xml", "parts/styles.xml"},
		{"word/settings.xml", "parts/settings.xml"},
		{"word/fontTable.xml", "parts/fontTable.xml"},
		{"word/footer1.xml", "parts/footer1.xml"},
		{"word/footer2.xml", "parts/footer2.xml"},
	}
}

// typeArea is the width of the type area (版心), 156 mm, in twentieths of a point; character is that of one character of
// size 三号.
const (
	typeArea  = 8844
	character = 320
)

// Docx writes the document as .docx (Office Open XML). It returns [ErrTooLarge], an error of a table whose cells do not
// fill it, or that of w.
func Docx(w io.Writer, d Document) error {
	grids, err := d.check()
	if err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	written := time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC) // of every entry: the same bytes each time
	add := func(name, content string) error {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: written})
		if err != nil {
			return fmt.Errorf("write part %s: %w", name, err)
		}
		if _, err := io.WriteString(entry, content); err != nil {
			return fmt.Errorf("write part %s: %w", name, err)
		}
		return nil
	}
	for _, p := range fixedParts() {
		content, err := parts.ReadFile(p[1])
		if err != nil {
			return err
		}
		if err := add(p[0], string(content)); err != nil {
			return err
		}
	}
	if err := add("docProps/core.xml", properties(d)); err != nil {
		return err
	}
	if err := add("word/document.xml", content(d, grids)); err != nil {
		return err
	}
	return archive.Close()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

func properties(d Document) string {
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` +
		escape(line(d.Title)) + `</dc:title><dc:creator>` + escape(line(d.Signature)) + `</dc:creator></cp:coreProperties>`
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}

// docx builds the document's own part.
type docx struct{ strings.Builder }

// styleID is the style of styles.xml that a paragraph has.
func styleID(p Paragraph) string {
	return [...]string{Body: "BodyText", Heading1: "Heading1", Heading2: "Heading2", Heading3: "Heading3", Flush: "Flush", Caption: "Caption"}[p.style()]
}

func content(d Document, grids map[int]*grid) string {
	var x docx
	x.WriteString(xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	for _, s := range lines(d.Title) {
		x.paragraph("Title", "", Run{Text: s})
	}
	for _, s := range lines(d.Number) {
		x.paragraph("Number", "", Run{Text: s})
	}
	if d.Title != "" || d.Number != "" {
		x.paragraph("Flush", "")
	}
	if a := d.addressee(); a != "" {
		x.paragraph("Flush", "", Run{Text: a})
	}
	for i, b := range d.Body {
		switch b := b.(type) {
		case Paragraph:
			keep := ""
			if i == len(d.Body)-1 { // no page has a signature alone
				keep = "<w:keepNext/>"
			}
			x.paragraph(styleID(b), keep, b.Runs...)
		case Table:
			x.table(grids[i])
		}
	}
	x.close(d)
	x.WriteString(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1400" w:gutter="0"/>` +
		`<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr></w:body></w:document>`)
	return x.String()
}

// close writes what stands below the body.
func (x *docx) close(d Document) {
	if attached := d.attachments(); len(attached) > 0 {
		x.paragraph("Flush", "")
		x.paragraph("BodyText", "<w:keepNext/>", Run{Text: "附件：" + attached[0]})
		for _, a := range attached[1:] {
			x.paragraph("BodyText", `<w:ind w:leftChars="500" w:left="1600" w:firstLineChars="0" w:firstLine="0"/>`, Run{Text: a})
		}
	}
	signature, date := lines(d.Signature), line(d.Date)
	if len(signature) > 0 || date != "" {
		x.paragraph("Signature", "<w:keepNext/>")
	}
	organ, day := d.indents()
	for _, s := range signature {
		x.paragraph("Signature", "<w:keepNext/>"+indentRight(organ), Run{Text: s})
	}
	if date != "" {
		x.paragraph("Signature", indentRight(day), Run{Text: date})
	}
	for _, n := range d.notes() {
		x.paragraph("BodyText", "", Run{Text: n})
	}
}

// indentRight indents from the right by half characters.
func indentRight(halves int) string {
	return fmt.Sprintf(`<w:ind w:rightChars="%d" w:right="%d"/>`, halves*50, halves*character/2)
}

// paragraph writes a paragraph. A line break within a text is one on paper.
func (x *docx) paragraph(style, properties string, runs ...Run) {
	x.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + properties + `</w:pPr>`)
	for _, r := range runs {
		text := clean(r.Text)
		if text == "" {
			continue
		}
		x.WriteString(`<w:r>`)
		if r.Bold {
			x.WriteString(`<w:rPr><w:b/><w:bCs/></w:rPr>`)
		}
		for i, s := range strings.Split(text, "\n") {
			if i > 0 {
				x.WriteString(`<w:br/>`)
			}
			x.WriteString(`<w:t xml:space="preserve">` + escape(s) + `</w:t>`)
		}
		x.WriteString(`</w:r>`)
	}
	x.WriteString(`</w:p>`)
}

func (x *docx) table(g *grid) {
	widths := g.share(typeArea)
	x.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + fmt.Sprint(typeArea) + `" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		x.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	x.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="28" w:type="dxa"/><w:right w:w="28" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(x, `<w:gridCol w:w="%d"/>`, w)
	}
	x.WriteString(`</w:tblGrid>`)
	for i, row := range g.places {
		x.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if i < g.HeadRows {
			x.WriteString(`<w:tblHeader/>`)
		}
		x.WriteString(`</w:trPr>`)
		for k := 0; k < len(row); k += row[k].Columns {
			x.cell(row[k], widths[k:k+row[k].Columns])
		}
		x.WriteString(`</w:tr>`)
	}
	x.WriteString(`</w:tbl>`)
	x.paragraph("AfterTable", "") // two tables with nothing between them would become one
}

func (x *docx) cell(p Place, widths []int) {
	width := 0
	for _, w := range widths {
		width += w
	}
	fmt.Fprintf(x, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if p.Columns > 1 {
		fmt.Fprintf(x, `<w:gridSpan w:val="%d"/>`, p.Columns)
	}
	switch {
	case p.Rows > 1 && p.top:
		x.WriteString(`<w:vMerge w:val="restart"/>`)
	case p.Rows > 1:
		x.WriteString(`<w:vMerge/>`)
	}
	x.WriteString(`<w:vAlign w:val="center"/></w:tcPr>`)
	properties := ""
	if a := p.Align.name(); a != "" {
		properties = `<w:jc w:val="` + a + `"/>`
	}
	if p.top {
		x.paragraph("Cell", properties, Run{Text: p.Text})
	} else {
		x.paragraph("Cell", properties)
	}
	x.WriteString(`</w:tc>`)
}
