package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gongkai/services/report/document/pdf"
)

// readPDF reads a file of pages: ruled lines make tables, what stands in none is lines, and lines make paragraphs.
func readPDF(ctx context.Context, in io.ReaderAt, size int64) (*Document, error) {
	pages, title, err := pdf.Read(ctx, in, size)
	switch {
	case errors.Is(err, pdf.ErrTooLarge):
		return nil, errTooMuch
	case errors.Is(err, pdf.ErrPassword):
		return nil, refuse(PasswordNeeded)
	case err != nil:
		return nil, err
	}
	if err := readable(pages); err != nil {
		return nil, err
	}
	s := &setter{builder: newBuilder(ctx)}
	for i := range pages {
		s.pages = append(s.pages, laidOut(&pages[i]))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	s.dropFurniture()
	s.margins()
	for i := range s.pages {
		s.page(&s.pages[i])
	}
	s.end()
	return s.finish(PDF, title)
}

// fewest is how many characters a file has that has a text.
const fewest = 20

// readable refuses a file that has no text, or one whose fonts do not say what their characters are.
func readable(pages []pdf.Page) error {
	known, unknown, images := 0, 0, 0
	for _, p := range pages {
		for _, g := range p.Glyphs {
			if strings.TrimSpace(g.Text) != "" {
				known++
			}
		}
		unknown, images = unknown+p.Unknown, images+p.Images
	}
	switch {
	case unknown > known:
		return refuse(TextUnreadable)
	case known < fewest && images > 0:
		return refuse(PicturesOnly, "pages", fmt.Sprint(len(pages)))
	case known == 0:
		return refuse(FormatUnknown)
	}
	return nil
}

// paged is a page that is laid out: lines and tables from top to bottom.
type paged struct {
	height float64
	parts  []part
}

// part is a line or a table.
type part struct {
	line
	table *ruled // nil: a line
}

// line is what stands on one base line.
type line struct {
	text           string
	x0, x1, y, top float64
	size           float64
}

func laidOut(p *pdf.Page) paged {
	out := paged{height: p.Height}
	tables := tablesOf(p.Rules)
	var free []pdf.Glyph
	for _, g := range once(p.Glyphs) {
		if t := tableAt(tables, g); t != nil {
			t.add(g)
			continue
		}
		free = append(free, g)
	}
	lines := linesOf(free)
	for _, l := range lines {
		out.parts = append(out.parts, part{line: l})
	}
	for _, t := range tables {
		if t.says() {
			out.parts = append(out.parts, part{line: t.outside(), table: t})
		}
	}
	out.parts = slices.DeleteFunc(out.parts, func(p part) bool { return p.table == nil && p.text == "" })
	slices.SortStableFunc(out.parts, func(a, b part) int { return sign(a.top - b.top) })
	return out
}

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

// once leaves out glyphs that are drawn again at nearly the same place, as programs do that have no bold font.
func once(glyphs []pdf.Glyph) []pdf.Glyph {
	type place struct{ x, y int }
	at := map[place][]pdf.Glyph{}
	kept := make([]pdf.Glyph, 0, len(glyphs))
	for _, g := range glyphs {
		p := place{int(g.X / 4), int(g.Y / 4)}
		again := false
		for dx := -1; dx <= 1 && !again; dx++ {
			for dy := -1; dy <= 1 && !again; dy++ {
				again = slices.ContainsFunc(at[place{p.x + dx, p.y + dy}], func(o pdf.Glyph) bool {
					near := 0.15 * min(g.Size, o.Size)
					return o.Text == g.Text && math.Abs(o.X-g.X) < near && math.Abs(o.Y-g.Y) < near
				})
			}
		}
		if !again {
			at[p] = append(at[p], g)
			kept = append(kept, g)
		}
	}
	return kept
}

// linesOf puts glyphs into lines, from top to bottom.
func linesOf(glyphs []pdf.Glyph) []line {
	glyphs = slices.Clone(glyphs)
	slices.SortStableFunc(glyphs, func(a, b pdf.Glyph) int { return sign(a.Y - b.Y) })
	var lines []line
	for from := 0; from < len(glyphs); {
		to := from + 1
		size := glyphs[from].Size
		for to < len(glyphs) && glyphs[to].Y-glyphs[from].Y < 0.5*max(size, glyphs[to].Size, 1) {
			size = max(size, glyphs[to].Size)
			to++
		}
		if l, ok := lineOf(glyphs[from:to]); ok {
			lines = append(lines, l)
		}
		from = to
	}
	return lines
}

// lineOf joins the glyphs of a line; false if they say nothing.
func lineOf(glyphs []pdf.Glyph) (line, bool) {
	slices.SortStableFunc(glyphs, func(a, b pdf.Glyph) int { return sign(a.X - b.X) })
	l := line{x0: math.Inf(1), x1: math.Inf(-1)}
	var b strings.Builder
	end, blank := 0.0, false
	for _, g := range glyphs {
		if strings.TrimFunc(g.Text, isMargin) == "" {
			blank = true
			continue
		}
		if b.Len() > 0 && (blank || g.X-end > 0.35*g.Size) {
			b.WriteByte(' ')
		}
		b.WriteString(g.Text)
		blank, end = false, g.X+g.Width
		l.x0, l.x1 = min(l.x0, g.X), max(l.x1, end)
		l.y, l.size = max(l.y, g.Y), max(l.size, g.Size)
	}
	l.text, l.top = b.String(), l.y-l.size
	return l, l.text != ""
}

// furniture tells whether a line is a page number.
func furniture(text string) bool {
	rest := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsDigit(r) || strings.ContainsRune("-—–－一·./第页共", r) {
			return -1
		}
		return r
	}, text)
	return rest == "" && strings.ContainsFunc(text, unicode.IsDigit)
}

// setter makes a document of pages.
type setter struct {
	*builder
	pages []paged

	text  string // the paragraph that is open
	last  line
	table *grown // the table that is open

	left, right float64 // between which everything stands
}

// margin is how much of a page at its top and bottom may be the same on each.
const margin = 0.12

// dropFurniture leaves out page numbers, and what stands at the top or bottom of several pages.
func (s *setter) dropFurniture() {
	type seen struct {
		text string
		y    int
	}
	key := func(l line) seen {
		return seen{strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return -1
			}
			return r
		}, l.text), int(math.Round(l.y / 4))}
	}
	outside := func(p *paged, l line) bool {
		return l.y < margin*p.height || l.y > (1-margin)*p.height
	}
	times := map[seen]int{}
	for i := range s.pages {
		for _, p := range s.pages[i].parts {
			if p.table == nil && outside(&s.pages[i], p.line) {
				times[key(p.line)]++
			}
		}
	}
	for i := range s.pages {
		page := &s.pages[i]
		page.parts = slices.DeleteFunc(page.parts, func(p part) bool {
			return p.table == nil && outside(page, p.line) && (furniture(p.text) || times[key(p.line)] > 1 && len(s.pages) > 2)
		})
	}
}

// margins finds the margins of the pages.
func (s *setter) margins() {
	s.left, s.right = math.Inf(1), math.Inf(-1)
	for _, page := range s.pages {
		for _, p := range page.parts {
			s.left, s.right = min(s.left, p.x0), max(s.right, p.x1)
		}
	}
}

// page sets the lines and tables of a page.
func (s *setter) page(p *paged) {
	for i, part := range p.parts {
		first := i == 0
		if part.table != nil {
			s.endText()
			s.setTable(part.table, first)
			continue
		}
		s.endTable()
		s.setLine(part.line, first)
	}
}

// rowEnd ends a row of a table without ruled lines.
var rowEnd = regexp.MustCompile(`( [0-9][0-9.,]*){3}$`)

var numbered = regexp.MustCompile(`^([（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|[0-9]{1,2}[.．、][^0-9])`)

// setLine adds a line to the paragraph that is open, if it goes on with it, or begins one.
func (s *setter) setLine(l line, first bool) {
	reached := s.right-s.last.x1 < 2.2*s.last.size
	flush := l.x0-s.left < 0.8*l.size && s.last.x0-s.left < 4*s.last.size
	alike := math.Abs(l.size-s.last.size) < 0.15*max(l.size, s.last.size)
	near := first || l.y-s.last.y < 2.6*l.size
	begins := strings.HasSuffix(s.text, "。") && numbered.MatchString(l.text) || rowEnd.MatchString(s.text)
	if s.text != "" && reached && flush && alike && near && !begins {
		s.text = joined(s.text, l.text, true)
	} else {
		s.endText()
		s.text = l.text
	}
	s.last = l
}

func (s *setter) endText() {
	if s.text != "" {
		s.write(s.text)
		s.paragraph()
	}
	s.text = ""
}

func (s *setter) end() {
	s.endText()
	s.endTable()
}

// joined puts the next line behind a text. A line that was broken because it was full goes on without a sign between
// Chinese characters or within a number.
func joined(text, next string, full bool) string {
	if text == "" || next == "" {
		return text + next
	}
	before, after := []rune(text), []rune(next)
	a, b := before[len(before)-1], after[0]
	latin := func(r rune) bool { return r < 0x2e80 && unicode.IsLetter(r) }
	switch {
	case !full:
		return text + "\n" + next
	case latin(a) && latin(b):
		return text + " " + next
	}
	return text + next
}
