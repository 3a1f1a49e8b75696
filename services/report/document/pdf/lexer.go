package pdf

import (
	"bytes"
	"strconv"
)

// kind is what a token is.
type kind int

const (
	number kind = iota
	text
	name
	word // an operator
	open // of an array
	shut
	dict // << or >>
	list // an array: of operands only
)

// token is a token of a content stream or a map of characters.
type token struct {
	kind kind
	num  float64
	text []byte
	list []token
}

// lexer reads the tokens of a content stream.
type lexer struct {
	data []byte
	at   int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// next returns the next token; false at the end.
func (l *lexer) next() (token, bool) {
	l.skip()
	if l.at >= len(l.data) {
		return token{}, false
	}
	c := l.data[l.at]
	switch c {
	case '(':
		return token{kind: text, text: l.literal()}, true
	case '[', ']', '{', '}', ')':
		l.at++
		switch c {
		case '[':
			return token{kind: open}, true
		case ']':
			return token{kind: shut}, true
		}
		return token{kind: word, text: []byte{c}}, true
	case '/':
		l.at++
		return token{kind: name, text: named(l.regular())}, true
	case '<', '>':
		if l.at+1 < len(l.data) && l.data[l.at+1] == c {
			l.at += 2
			return token{kind: dict, text: []byte{c}}, true
		}
		if c == '>' {
			l.at++
			return token{kind: word, text: []byte{c}}, true
		}
		return token{kind: text, text: l.hex()}, true
	}
	return numberOrWord(l.regular()), true
}

func (l *lexer) skip() {
	for l.at < len(l.data) {
		c := l.data[l.at]
		switch {
		case c == '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		case !isSpace(c):
			return
		default:
			l.at++
		}
	}
}

// regular is everything up to the next space or delimiter.
func (l *lexer) regular() []byte {
	from := l.at
	for l.at < len(l.data) && !isSpace(l.data[l.at]) && !isDelimiter(l.data[l.at]) {
		l.at++
	}
	return l.data[from:l.at]
}

// numberOrWord tells numbers from operators. What begins as a number and is none is taken as far as it is one.
func numberOrWord(s []byte) token {
	if len(s) == 0 {
		return token{kind: word}
	}
	if c := s[0]; c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') {
		return token{kind: word, text: s}
	}
	if len(s) < 40 {
		if f, err := strconv.ParseFloat(string(s), 64); err == nil && finite(f) {
			return token{kind: number, num: f}
		}
	}
	end := 1
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') && end < 20 {
		end++
	}
	f, err := strconv.ParseFloat(string(s[:end]), 64)
	if err != nil || !finite(f) {
		f = 0
	}
	return token{kind: number, num: f}
}

// named is a name with its #xx resolved.
func named(s []byte) []byte {
	if bytes.IndexByte(s, '#') < 0 {
		return s
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if n, err := strconv.ParseUint(string(s[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

// literal is a string in round brackets.
func (l *lexer) literal() []byte {
	l.at++
	var out []byte
	for depth := 1; l.at < len(l.data); l.at++ {
		c := l.data[l.at]
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.at++
				return out
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return out
}

// escape takes what a backslash begins, and leaves the lexer on its last byte.
func (l *lexer) escape(out []byte) []byte {
	l.at++
	if l.at >= len(l.data) {
		return out
	}
	c := l.data[l.at]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(out, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\n':
		return out
	case c == '\r':
		if l.at+1 < len(l.data) && l.data[l.at+1] == '\n' {
			l.at++
		}
		return out
	case c < '0' || c > '7':
		return append(out, c)
	}
	n := int(c - '0')
	for range 2 {
		if l.at+1 >= len(l.data) || l.data[l.at+1] < '0' || l.data[l.at+1] > '7' {
			break
		}
		l.at++
		n = n*8 + int(l.data[l.at]-'0')
	}
	return append(out, byte(n))
}

// hex is a string of hexadecimal digits.
func (l *lexer) hex() []byte {
	l.at++
	var out []byte
	high, half := byte(0), false
	for l.at < len(l.data) {
		c := l.data[l.at]
		l.at++
		if c == '>' {
			break
		}
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		switch {
		case digit < 0 || c < '0':
			continue
		case half:
			out = append(out, high|byte(digit))
		default:
			high = byte(digit) << 4
		}
		half = !half
	}
	if half {
		out = append(out, high)
	}
	return out
}

// inlineImage goes behind the data of an image that stands in the content: behind an EI between spaces, which what follows
// reads as content.
func (l *lexer) inlineImage() {
	for l.at < len(l.data) {
		i := bytes.Index(l.data[l.at:], []byte("EI"))
		if i < 0 {
			l.at = len(l.data)
			return
		}
		l.at += i + 2
		before := l.at-3 < 0 || isSpace(l.data[l.at-3])
		after := l.at >= len(l.data) || isSpace(l.data[l.at])
		if before && after && printable(l.data[l.at:min(len(l.data), l.at+12)]) {
			return
		}
	}
}

func printable(s []byte) bool {
	for _, c := range s {
		if c >= 0x7f || c < ' ' && !isSpace(c) {
			return false
		}
	}
	return true
}

// deepest is how deep arrays may stand in arrays.
const deepest = 8

// array reads what stands in an array, behind its bracket.
func (l *lexer) array(depth int) token {
	t := token{kind: list}
	for {
		item, ok := l.next()
		if !ok || item.kind == shut {
			return t
		}
		if item.kind == open {
			if depth >= deepest {
				continue
			}
			item = l.array(depth + 1)
		}
		if item.kind != word && item.kind != dict && len(t.list) < 1<<16 {
			t.list = append(t.list, item)
		}
	}
}
