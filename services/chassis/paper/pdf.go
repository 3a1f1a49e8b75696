package paper

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of a page of a PDF, in millimetres: A4 with the margins of GB/T 9704-2012.
const (
	leftEdge, rightEdge  = 28.0, 184.0
	topEdge, bottomEdge  = 37.0, 262.0
	footer               = 277.0
	cellPad, millimetres = 1.2, 25.4 / 72
)

// Sizes of the text, in points.
const (
	titleSize, bodySize, cellSize, footerSize = 22.0, 15.0, 9.0, 12.0
)

// PDF writes the document as PDF in one font, of which it embeds the characters that it uses. It returns [ErrFont] for a
// font that cannot be embedded, and the errors of [Docx]. The same document and font give the same bytes.
func PDF(w io.Writer, d Document, font Font) (err error) {
	grids, err := d.check()
	if err != nil {
		return err
	}
	defer func() {
		// The library indexes a font's tables by what they say of themselves, and the font is a file of the user's.
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %.100v", ErrFont, p)
		}
	}()
	p := &printer{Fpdf: fpdf.New("P", "mm", "A4", "")}
	p.AddUTF8FontFromBytes("text", "", font.data)
	if p.Error() != nil {
		return fmt.Errorf("%w: %w", ErrFont, p.Error())
	}
	p.SetAutoPageBreak(false, 0)
	p.SetCatalogSort(true)
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // the same bytes each time
	p.SetCreationDate(day)
	p.SetModificationDate(day)
	p.SetTitle(line(d.Title), true)
	p.page()
	p.head(d)
	for i, b := range d.Body {
		switch b := b.(type) {
		case Paragraph:
			if next, ok := grids[i+1]; ok {
				p.room(bodySize*millimetres*1.8*float64(len(lines(b.Text()))) + p.lay(next).least())
			}
			p.paragraph(b)
		case Table:
			p.table(grids[i])
		}
	}
	p.foot(d)
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// printer prints from the top of a page down.
type printer struct {
	*fpdf.Fpdf
	y float64
}

// page begins a page, with its number below.
func (p *printer) page() {
	p.AddPage()
	p.y = topEdge
	p.SetFont("text", "", footerSize)
	n := fmt.Sprintf("— %d —", p.PageNo())
	p.Text((leftEdge+rightEdge-p.GetStringWidth(n))/2, footer, n)
}

// room begins a page where so much does not fit.
func (p *printer) room(height float64) {
	if p.y+height > bottomEdge && p.y > topEdge {
		p.page()
	}
}

func (p *printer) head(d Document) {
	for _, l := range lines(d.Title) {
		p.put(l, titleSize, 0, 0.5)
	}
	for _, l := range lines(d.Number) {
		p.put(l, bodySize, 0, 0.5)
	}
	p.y += 5
	if a := d.addressee(); a != "" {
		p.put(a, bodySize, 0, 0)
	}
}

func (p *printer) foot(d Document) {
	for i, a := range d.attachments() {
		if i == 0 {
			a = "附件：" + a
		}
		p.put(a, bodySize, 2, 0)
	}
	for _, l := range append(lines(d.Signature), lines(d.Date)...) {
		p.put(l, bodySize, 0, 1)
	}
	for _, n := range d.notes() {
		p.put(n, bodySize, 2, 0)
	}
}

func (p *printer) paragraph(b Paragraph) {
	indent, side := 2.0, 0.0
	switch b.style() {
	case Flush:
		indent = 0
	case Caption:
		indent, side = 0, 0.5
	}
	for _, l := range lines(b.Text()) {
		p.put(l, bodySize, indent, side)
	}
}

// put prints a paragraph, the first line in by so many characters. Side is where lines stand: 0 left, 0.5 in the middle,
// 1 right.
func (p *printer) put(text string, size, indent, side float64) {
	em := size * millimetres
	p.SetFont("text", "", size)
	for i, l := range p.wrap(text, rightEdge-leftEdge, indent*em) {
		p.room(em * 1.8)
		p.SetFont("text", "", size)
		p.y += em * 1.8
		x := leftEdge + (rightEdge-leftEdge-p.GetStringWidth(l))*side
		if i == 0 {
			x += indent * em
		}
		p.Text(x, p.y-0.5*em, l)
	}
}

// wrap breaks a text into lines of at most a width, the first one shorter by the indent. Words of Latin letters and
// numbers stay whole where they fit, and no line begins with a closing mark.
func (p *printer) wrap(text string, width, indent float64) []string {
	var out []string
	runes := []rune(text)
	from, used := 0, indent
	for i := 0; i < len(runes); i++ {
		w := p.GetStringWidth(string(runes[i]))
		if used+w <= width || i == from {
			used += w
			continue
		}
		at := i
		for at > from+1 && i-at < 24 && sticks(runes[at-1], runes[at]) {
			at--
		}
		if sticks(runes[at-1], runes[at]) {
			at = i // a word longer than the line
		}
		out = append(out, string(runes[from:at]))
		from, used = at, p.GetStringWidth(string(runes[at:i]))+w
	}
	return append(out, string(runes[from:]))
}

// sticks tells whether two characters stay in one line.
func sticks(a, b rune) bool {
	if strings.ContainsRune("，。、；：？！）》”’,;:)%", b) || strings.ContainsRune("（《“‘(", a) {
		return true
	}
	word := func(r rune) bool { return r > ' ' && r < 0x2e80 && r != '-' }
	return word(a) && word(b)
}
