package paper

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html page.css
var pageFiles embed.FS

// page is the template of the page, made once.
var page = template.Must(template.New("page.html").ParseFS(pageFiles, "page.html"))

// sheet is what the template shows.
type sheet struct {
	Title, Number, Attachments, Signature, Notes []string
	Heading, Addressee, Date                     string
	Style                                        template.CSS
	Blocks                                       []htmlBlock
	OrganIndent, DateIndent                      template.CSS
}

type htmlBlock struct {
	Tag, Class string
	Runs       []htmlRun
	Columns    []template.CSS // widths
	Head, Rows [][]htmlCell
}

type htmlRun struct {
	Lines []string
	Bold  bool
}

type htmlCell struct {
	Lines         []string
	Columns, Rows int
	Head          bool
	Class         string
}

// HTML writes the document as a page of its own in HTML, fit for print on A4: a browser makes the PDF of it. It has no
// script and loads nothing. Errors are those of [Docx].
func HTML(w io.Writer, d Document) error {
	grids, err := d.check()
	if err != nil {
		return err
	}
	style, err := pageFiles.ReadFile("page.css")
	if err != nil {
		return err
	}
	organ, day := d.indents()
	s := sheet{
		Title: lines(d.Title), Number: lines(d.Number), Heading: line(d.Title), Addressee: d.addressee(), Attachments: d.attachments(),
		Signature: lines(d.Signature), Date: line(d.Date), Notes: d.notes(), Style: template.CSS(style),
		OrganIndent: halfEms(organ), DateIndent: halfEms(day),
	}
	for i, b := range d.Body {
		switch b := b.(type) {
		case Paragraph:
			s.Blocks = append(s.Blocks, htmlParagraph(b))
		case Table:
			s.Blocks = append(s.Blocks, htmlTable(b, grids[i]))
		}
	}
	if err := page.Execute(w, s); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

func halfEms(n int) template.CSS { return template.CSS(fmt.Sprintf("%d.%dem", n/2, n%2*5)) }

func htmlParagraph(p Paragraph) htmlBlock {
	tags := [...]string{Body: "p", Heading1: "h2", Heading2: "h3", Heading3: "h4", Flush: "flush", Caption: "caption"}
	b := htmlBlock{Tag: tags[p.style()]}
	for _, r := range p.Runs {
		if text := clean(r.Text); text != "" {
			b.Runs = append(b.Runs, htmlRun{Lines: strings.Split(text, "\n"), Bold: r.Bold})
		}
	}
	return b
}

func htmlTable(t Table, g *grid) htmlBlock {
	b := htmlBlock{Tag: "table"}
	for _, w := range t.share(100_00) {
		b.Columns = append(b.Columns, template.CSS(fmt.Sprintf("%d.%02d%%", w/100, w%100)))
	}
	for i, row := range g.places {
		var made []htmlCell
		for _, p := range row {
			if !p.First {
				continue
			}
			made = append(made, htmlCell{Lines: strings.Split(clean(p.Text), "\n"), Columns: p.Columns, Rows: p.Rows, Head: p.Head, Class: p.Align.name()})
		}
		if i < t.HeadRows {
			b.Head = append(b.Head, made)
		} else {
			b.Rows = append(b.Rows, made)
		}
	}
	return b
}
