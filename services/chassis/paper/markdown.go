package paper

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown makes blocks of a text in Markdown: headings, paragraphs, bold, lists, tables. The highest heading of the text
// has the style top, lower ones those below it. Each line is a paragraph of its own; an address follows its link's text;
// HTML stays as it is written.
func Markdown(markdown string, top Style) []Block {
	source := []byte(clean(markdown))
	root := goldmark.New(goldmark.WithExtensions(extension.Table, extension.CJK)).Parser().Parse(text.NewReader(source))
	m := &marked{source: source, top: top, highest: 6}
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it has no errors of its own
		if h, ok := n.(*ast.Heading); ok && entering {
			m.highest = min(m.highest, h.Level)
		}
		return ast.WalkContinue, nil
	})
	m.blocks(root, "")
	return m.made
}

// marked makes blocks of a parsed text.
type marked struct {
	source  []byte
	top     Style
	highest int // level of the highest heading
	made    []Block
}

// blocks adds what stands below a node; first goes before the first paragraph of it, as the mark of a list's item.
func (m *marked) blocks(parent ast.Node, first string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			m.paragraph(min(m.top+Style(n.Level-m.highest), Heading3), m.inline(n, false), first)
		case *ast.List:
			m.list(n)
		case *ast.ThematicBreak:
			continue
		case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
			m.paragraph(Flush, []Run{{Text: m.raw(n)}}, first)
		case *extast.Table:
			m.table(n)
		case *ast.Paragraph, *ast.TextBlock:
			m.paragraph(Body, m.inline(n, false), first)
		default:
			m.blocks(n, first)
		}
		first = ""
	}
}

func (m *marked) list(l *ast.List) {
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "• "
		if l.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		m.blocks(item, mark)
	}
}

// paragraph adds a paragraph a line.
func (m *marked) paragraph(s Style, runs []Run, first string) {
	p := Paragraph{Style: s}
	if first != "" {
		p.Runs = append(p.Runs, Run{Text: first})
	}
	end := func() {
		if strings.TrimSpace(p.Text()) != "" {
			m.made = append(m.made, p)
		}
		p = Paragraph{Style: s}
	}
	for _, r := range runs {
		for i, part := range strings.Split(r.Text, "\n") {
			if i > 0 {
				end()
			}
			if part != "" {
				p.Runs = append(p.Runs, Run{Text: part, Bold: r.Bold})
			}
		}
	}
	end()
}

// inline are the runs of a node's text.
func (m *marked) inline(parent ast.Node, bold bool) []Run {
	var runs []Run
	add := func(s string) { runs = append(runs, Run{Text: s, Bold: bold}) }
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			add(string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(n.Segment.Value(m.source))))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				add("\n")
			}
		case *ast.String:
			add(string(n.Value))
		case *ast.RawHTML:
			add(string(n.Segments.Value(m.source)))
		case *ast.AutoLink:
			add(string(n.Label(m.source)))
		case *ast.Link:
			runs = append(runs, m.inline(n, bold)...)
			add("（" + string(n.Destination) + "）")
		case *ast.Emphasis:
			runs = append(runs, m.inline(n, bold || n.Level > 1)...)
		default:
			runs = append(runs, m.inline(n, bold)...)
		}
	}
	return runs
}

func (m *marked) raw(n ast.Node) string {
	s := string(n.Lines().Value(m.source))
	if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
		s += string(h.ClosureLine.Value(m.source))
	}
	return s
}

// table adds a table; one that is too large for paper goes row by row, as text.
func (m *marked) table(t *extast.Table) {
	var rows [][]Cell
	places := 0
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		_, head := row.(*extast.TableHeader)
		var cells []Cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, Cell{Text: Paragraph{Runs: m.inline(c, false)}.Text(), Head: head})
		}
		rows = append(rows, cells)
		places += len(cells)
	}
	if places == 0 || len(rows[0]) > maxColumns || places > maxCells/10 {
		for _, row := range rows {
			texts := make([]string, len(row))
			for i, c := range row {
				texts[i] = c.Text
			}
			m.paragraph(Flush, []Run{{Text: strings.Join(texts, " | ")}}, "")
		}
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], min(halves(c.Text), 40), 4)
		}
	}
	m.made = append(m.made, Table{Widths: widths, HeadRows: 1, Rows: rows})
}
