package document

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// longestTag is how many bytes a tag or a text may have.
const longestTag = 4 << 20

var (
	htmlMark    = regexp.MustCompile(`(?i)<(!doctype\s+html|html|head|body|meta|table|div|p|title)[\s>]`)
	charsetMark = regexp.MustCompile(`(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_-]{2,20})`)
)

// isHTML tells whether a file begins as a page does.
func isHTML(head []byte) bool {
	if isUTF16(head) {
		head = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '<' && htmlMark.Match(trimmed)
}

// charsetOf is the encoding that a page gives itself; empty if it does not.
func charsetOf(head []byte) string {
	if m := charsetMark.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// page reads the tokens of a page.
type page struct {
	*builder
	tokens *html.Tokenizer
	title  string
	titled bool // the page gives its title in a meta element, which is better than <title>
	pre    int
}

// readHTML reads a page. It walks its tags and makes no tree of them: a page without end tags, or with millions of
// elements in each other, is read like any other.
func readHTML(ctx context.Context, text string) (*Document, error) {
	p := &page{builder: newBuilder(ctx), tokens: html.NewTokenizer(strings.NewReader(text))}
	p.tokens.SetMaxBuf(longestTag)
	for {
		if err := p.step(); err != nil {
			return nil, err
		}
		switch p.tokens.Next() {
		case html.ErrorToken:
			if err := p.tokens.Err(); err == html.ErrBufferExceeded {
				return nil, errTooMuch
			} else if err != io.EOF {
				return nil, err
			}
			return p.finish(HTML, p.title)
		case html.TextToken:
			p.say(string(p.tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.opens()
		case html.EndTagToken:
			name, _ := p.tokens.TagName()
			p.closes(atom.Lookup(name))
		}
	}
}

// say adds text, its spaces as a browser shows them.
func (p *page) say(s string) {
	if p.pre > 0 {
		p.write(s)
		return
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' })
	if len(words) == 0 {
		if s != "" {
			p.write(" ")
		}
		return
	}
	if isBlank(s[0]) {
		p.write(" ")
	}
	p.write(strings.Join(words, " "))
	if isBlank(s[len(s)-1]) {
		p.write(" ")
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// opens takes a start tag.
func (p *page) opens() {
	name, more := p.tokens.TagName()
	tag := atom.Lookup(name)
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Select, atom.Textarea, atom.Iframe, atom.Object, atom.Xmp:
		p.skip(tag)
	case atom.Title:
		p.readTitle()
	case atom.Meta:
		p.meta(more)
	case atom.Table:
		p.openTable("")
	case atom.Tr:
		p.openRow()
	case atom.Td, atom.Th:
		rows, columns := p.spans(more)
		p.openCell(rows, columns)
	case atom.Br:
		p.write("\n")
	case atom.Pre:
		p.paragraph()
		p.pre++
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.paragraph()
		p.level = int(name[1] - '0')
	default:
		if isBlock(tag) {
			p.block()
		}
	}
}

// block ends a paragraph, and keeps what a heading around it says of the next one.
func (p *page) block() {
	level := p.level
	if p.text.Len() > 0 {
		level = 0
	}
	p.paragraph()
	p.level = level
}

// closes takes an end tag.
func (p *page) closes(tag atom.Atom) {
	switch tag {
	case atom.Table:
		p.closeTable()
	case atom.Tr:
		p.closeRow()
	case atom.Td, atom.Th:
		p.closeCell()
	case atom.Pre:
		p.paragraph()
		p.pre = max(p.pre-1, 0)
	default:
		if isBlock(tag) {
			p.paragraph()
		}
	}
}

func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer,
		atom.Main, atom.Nav, atom.Aside, atom.Blockquote, atom.Hr, atom.Center, atom.Form, atom.Fieldset, atom.Figure, atom.Address,
		atom.Caption, atom.Body, atom.Html, atom.Head, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// skip passes over an element whose text nobody sees.
func (p *page) skip(tag atom.Atom) {
	depth := 1
	for depth > 0 && p.step() == nil {
		switch p.tokens.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			if name, _ := p.tokens.TagName(); atom.Lookup(name) == tag {
				depth++
			}
		case html.EndTagToken:
			if name, _ := p.tokens.TagName(); atom.Lookup(name) == tag {
				depth--
			}
		}
	}
}

func (p *page) readTitle() {
	if p.tokens.Next() == html.TextToken && !p.titled && p.title == "" {
		p.title = string(p.tokens.Text())
	}
}

// meta takes the title that the sites of governments give a page beside that of the site.
func (p *page) meta(more bool) {
	name, content := "", ""
	p.attributes(more, func(key, value string) {
		switch key {
		case "name", "property":
			name = strings.ToLower(value)
		case "content":
			content = value
		}
	})
	if name == "articletitle" && content != "" {
		p.title, p.titled = content, true
	}
}

func (p *page) spans(more bool) (rows, columns int) {
	p.attributes(more, func(key, value string) {
		n, err := strconv.Atoi(strings.TrimSpace(value))
		switch {
		case err != nil:
		case key == "rowspan":
			rows = min(n, maxRows)
		case key == "colspan":
			columns = n
		}
	})
	return rows, columns
}

func (p *page) attributes(more bool, take func(key, value string)) {
	for more {
		var key, value []byte
		key, value, more = p.tokens.TagAttr()
		take(string(key), string(value))
	}
}
