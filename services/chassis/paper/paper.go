package paper

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Document is an official document. Texts may have several lines; empty ones are left out.
type Document struct {
	Title     string // 标题
	Number    string // 发文字号, below the title
	Addressee string // 主送机关 or applicant, without the colon
	Body      []Block
	// Attachments are the names of what is attached (附件说明), numbered if there are several.
	Attachments []string
	Signature   string // 发文机关署名
	Date        string // 成文日期, as it is to be printed
	// Notes stand below the date (附注), each in brackets.
	Notes []string
}

// Block is a part of the body: a [Paragraph] or a [Table].
type Block interface{ block() }

// Style is what a paragraph looks like.
type Style int

// The styles.
const (
	Body     Style = iota // 正文, indented
	Heading1              // 一级标题: 一、
	Heading2              // 二级标题: （一）
	Heading3              // 三级标题: 1.
	Flush                 // 正文, without indent
	Caption               // above a table
)

// Run is a piece of a paragraph's text.
type Run struct {
	Text string
	Bold bool
}

// Paragraph is a paragraph of the body.
type Paragraph struct {
	Style Style
	Runs  []Run
}

// Text makes a paragraph of one run.
func Text(s Style, text string) Paragraph { return Paragraph{Style: s, Runs: []Run{{Text: text}}} }

func (Paragraph) block() {}

// Text is the paragraph's text.
func (p Paragraph) Text() string {
	var b strings.Builder
	for _, r := range p.Runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// style is the paragraph's style, [Body] where it names none that there is.
func (p Paragraph) style() Style {
	if p.Style < Body || p.Style > Caption {
		return Body
	}
	return p.Style
}

const (
	maxText    = 8 << 20 // bytes of all texts of a document
	maxBlocks  = 20_000
	maxCells   = 50_000 // of all tables of a document
	maxColumns = 63     // what an office program takes
	maxWidth   = 10_000 // of a column
)

// ErrTooLarge is returned for a document that is larger than any that an organ writes.
var ErrTooLarge = errors.New("the document is too large (文档过大)")

// check tells whether the document can be written, and returns the grids of its tables, by their place in the body.
func (d Document) check() (map[int]*grid, error) {
	size, cells := len(d.Title)+len(d.Number)+len(d.Addressee)+len(d.Signature)+len(d.Date), 0
	for _, s := range append(append([]string{}, d.Attachments...), d.Notes...) {
		size += len(s) + 1
	}
	if len(d.Body) > maxBlocks {
		return nil, ErrTooLarge
	}
	grids := map[int]*grid{}
	for i, b := range d.Body {
		switch b := b.(type) {
		case Paragraph:
			for _, r := range b.Runs {
				size += len(r.Text) + 1
			}
		case Table:
			g, err := b.layOut()
			if err != nil {
				return nil, fmt.Errorf("lay out table %d: %w", len(grids)+1, err)
			}
			grids[i], cells = g, cells+len(b.Rows)*len(b.Widths)
			for _, row := range b.Rows {
				for _, c := range row {
					size += len(c.Text)
				}
			}
		default:
			return nil, fmt.Errorf("block %d is neither paragraph nor table", i+1)
		}
		if cells > maxCells || size > maxText {
			return nil, ErrTooLarge
		}
	}
	if size > maxText {
		return nil, ErrTooLarge
	}
	return grids, nil
}

// clean is a text without what does not belong on paper: bytes that are no UTF-8, control characters, marks that turn
// the direction of writing, and what XML does not allow. A tab is a space; a line ends by \n.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\t':
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff', r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// lines are the lines of a text, cleaned, without those that are empty.
func lines(s string) []string {
	var all []string
	for line := range strings.SplitSeq(clean(s), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// Clean is a text as every writer here has it: without what does not belong on paper.
func Clean(s string) string { return clean(s) }

// line is a text as one line.
func line(s string) string { return strings.Join(lines(s), " ") }

// attachments are the lines that name what is attached.
func (d Document) attachments() []string {
	var names []string
	for _, a := range d.Attachments {
		if a = line(a); a != "" {
			names = append(names, a)
		}
	}
	if len(names) < 2 {
		return names
	}
	for i := range names {
		names[i] = fmt.Sprintf("%d. %s", i+1, names[i])
	}
	return names
}

// notes are the notes in their brackets.
func (d Document) notes() []string {
	var all []string
	for _, n := range d.Notes {
		if n = line(n); n != "" {
			all = append(all, "（"+n+"）")
		}
	}
	return all
}

// addressee is the addressee with its colon.
func (d Document) addressee() string {
	a := strings.TrimRight(line(d.Addressee), "：:")
	if a == "" {
		return ""
	}
	return a + "："
}
