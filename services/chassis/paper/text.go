package paper

import (
	"io"
	"strings"
)

// lineWidth is a line of plain text in half characters: 28 characters, as on paper.
const lineWidth = 56

// Plain writes the document as plain text: a paragraph a line, indented by two characters; a table row a line, its cells
// between bars, an empty one where a cell from above or from the left goes on. Errors are those of [Docx].
func Plain(w io.Writer, d Document) error {
	grids, err := d.check()
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, s := range append(lines(d.Title), lines(d.Number)...) {
		b.WriteString(indented((lineWidth-halves(s))/2, s))
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	if a := d.addressee(); a != "" {
		b.WriteString(a + "\n")
	}
	for i, block := range d.Body {
		switch block := block.(type) {
		case Paragraph:
			writeParagraph(&b, block)
		case Table:
			writeTable(&b, grids[i])
		}
	}
	if attached := d.attachments(); len(attached) > 0 {
		b.WriteString("\n　　附件：" + strings.Join(attached, "\n　　　　　") + "\n")
	}
	signature, date := lines(d.Signature), line(d.Date)
	if len(signature) > 0 || date != "" {
		b.WriteString("\n")
	}
	organ, day := d.indents()
	for _, s := range signature {
		b.WriteString(indented(lineWidth-organ-halves(s), s))
	}
	if date != "" {
		b.WriteString(indented(lineWidth-day-halves(date), date))
	}
	for _, n := range d.notes() {
		b.WriteString("　　" + n + "\n")
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// indented is a line that begins so many half characters from the left.
func indented(halves int, s string) string {
	halves = max(halves, 0)
	return strings.Repeat("　", halves/2) + strings.Repeat(" ", halves%2) + s + "\n"
}

func writeParagraph(b *strings.Builder, p Paragraph) {
	indent := "　　"
	if s := p.style(); s == Flush || s == Caption {
		indent = ""
	}
	for _, s := range lines(p.Text()) {
		b.WriteString(indent + s + "\n")
	}
}

func writeTable(b *strings.Builder, g *grid) {
	b.WriteString("\n")
	for _, row := range g.places {
		for _, p := range row {
			b.WriteString("| ")
			if p.First && p.Text != "" {
				b.WriteString(strings.ReplaceAll(line(p.Text), "|", "｜") + " ")
			}
		}
		b.WriteString("|\n")
	}
	b.WriteString("\n")
}
