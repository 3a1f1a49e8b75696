package ooxml

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// Kind is what a Scanner has come to.
type Kind int

// The kinds of what XML holds.
const (
	Opening Kind = iota
	Closing
	Text
)

// Scanner reads XML as spreadsheets use it, fast and within bounds: elements by their local names, attributes,
// text, CDATA. Comments and processing instructions are passed over; a document type is refused, and with it
// every entity but the five of XML. What it returns lives until the next call. It is not safe for concurrent use.
type Scanner struct {
	in         io.Reader
	buf        []byte
	start, end int
	failed     error // of in

	Name  []byte // local, of an element that opens or closes
	attrs []byte // of an element that opens
	Text  []byte // as it stands in the file
	Plain bool   // Text holds no entities
	Empty bool   // the element that was just opened closes at once
}

// Longest is how many bytes a text or a tag may have.
const Longest = 4 << 20

// What is wrong with XML.
var (
	ErrLong     = errors.New("a text is too long")
	ErrMarkup   = errors.New("the XML is broken")
	ErrDocument = errors.New("the XML declares a document type")
)

// NewScanner returns a scanner of what a reader has.
func NewScanner(in io.Reader) *Scanner { return &Scanner{in: in, buf: make([]byte, 64<<10)} }

// Next goes to the next element or text. At the end it returns io.EOF.
func (s *Scanner) Next() (Kind, error) {
	if s.Empty {
		s.Empty = false
		return Closing, nil
	}
	for {
		if s.start == s.end && s.fill() != nil {
			return 0, s.failed
		}
		if s.buf[s.start] != '<' {
			return s.content()
		}
		s.start++
		if k, found, err := s.markup(); found || err != nil {
			return k, err
		}
	}
}

func (s *Scanner) content() (Kind, error) {
	t, err := s.until("<")
	if err != nil && err != io.EOF {
		return 0, err
	}
	if err == nil {
		s.start-- // the < belongs to what follows
	}
	s.Text, s.Plain = t, false
	return Text, nil
}

// markup reads what follows a <. It reports false for what is passed over.
func (s *Scanner) markup() (Kind, bool, error) {
	for s.end-s.start < 9 && s.fill() == nil { // enough to tell what it is
	}
	rest := s.buf[s.start:s.end]
	var end string
	switch {
	case bytes.HasPrefix(rest, []byte("![CDATA[")):
		s.start += len("![CDATA[")
		t, err := s.until("]]>")
		s.Text, s.Plain = t, true
		return Text, true, Broken(err)
	case bytes.HasPrefix(rest, []byte("!--")):
		end = "-->"
	case bytes.HasPrefix(rest, []byte("?")):
		end = "?>"
	case bytes.HasPrefix(rest, []byte("!")):
		return 0, false, ErrDocument
	default:
		return s.tag()
	}
	_, err := s.until(end)
	return 0, false, Broken(err)
}

func (s *Scanner) tag() (Kind, bool, error) {
	t, err := s.until(">")
	if err == nil && quoted(t) { // the > stood in an attribute
		s.start -= len(t) + 1
		t, err = s.wholeTag()
	}
	if err != nil {
		return 0, false, Broken(err)
	}
	if len(t) > 0 && t[0] == '/' {
		s.Name = local(beforeSpace(t[1:]))
		return Closing, true, nil
	}
	if n := len(t); n > 0 && t[n-1] == '/' {
		s.Empty, t = true, t[:n-1]
	}
	s.attrs = nil
	for i, c := range t {
		if isSpace(c) {
			s.attrs, t = t[i:], t[:i]
			break
		}
	}
	s.Name = local(t)
	return Opening, true, nil
}

// quoted tells whether a tag ends within an attribute's value.
func quoted(tag []byte) bool {
	if bytes.IndexByte(tag, '"') < 0 && bytes.IndexByte(tag, '\'') < 0 {
		return false
	}
	var in byte
	for _, c := range tag {
		switch {
		case in == 0 && (c == '"' || c == '\''):
			in = c
		case c == in:
			in = 0
		}
	}
	return in != 0
}

// wholeTag reads a tag up to the first > that stands in no attribute's value.
func (s *Scanner) wholeTag() ([]byte, error) {
	var in byte
	for i := 0; ; i++ {
		if s.start+i == s.end {
			if i > Longest {
				return nil, ErrLong
			}
			if err := s.fill(); err != nil {
				return nil, err
			}
		}
		switch c := s.buf[s.start+i]; {
		case in == 0 && c == '>':
			found := s.buf[s.start : s.start+i]
			s.start += i + 1
			return found, nil
		case in == 0 && (c == '"' || c == '\''):
			in = c
		case c == in:
			in = 0
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func behindSpace(s []byte) []byte {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	return s
}

func beforeSpace(s []byte) []byte {
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// Attr returns the value of an attribute of an element that opens, given by its local name, with its entities replaced.
func (s *Scanner) Attr(name string) ([]byte, bool) { return Attr(s.attrs, name) }

// Attr finds an attribute's value in what stands behind an element's name.
func Attr(rest []byte, name string) ([]byte, bool) {
	for {
		rest = behindSpace(rest)
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil, false
		}
		key := beforeSpace(rest[:eq])
		rest = behindSpace(rest[eq+1:])
		if len(rest) < 2 {
			return nil, false
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil, false
		}
		if string(local(key)) == name {
			value := rest[1 : 1+end]
			if bytes.IndexByte(value, '&') >= 0 {
				value = appendText(nil, value)
			}
			return value, true
		}
		rest = rest[end+2:]
	}
}

// until returns what comes before a mark, and goes behind the mark. Without the mark it returns all there is, with
// io.EOF.
func (s *Scanner) until(mark string) ([]byte, error) {
	for from := 0; ; {
		if i := bytes.Index(s.buf[s.start+from:s.end], []byte(mark)); i >= 0 {
			found := s.buf[s.start : s.start+from+i]
			s.start += from + i + len(mark)
			return found, nil
		}
		from = max(0, s.end-s.start-len(mark)+1)
		if s.end-s.start > Longest {
			return nil, ErrLong
		}
		if err := s.fill(); err != nil {
			rest := s.buf[s.start:s.end]
			s.start = s.end
			return rest, err
		}
	}
}

// fill reads more, and keeps what is not used up yet.
func (s *Scanner) fill() error {
	if s.failed != nil {
		return s.failed
	}
	if s.start > 0 {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.in.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.failed = err
		}
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.failed = io.ErrNoProgress
	return s.failed
}

// Broken turns the end of the file in the midst of something into an error of its own.
func Broken(err error) error {
	if err == io.EOF {
		return ErrMarkup
	}
	return err
}

// Append appends the text that the scanner has come to, with its entities replaced.
func (s *Scanner) Append(to []byte) []byte {
	if s.Plain {
		return append(to, s.Text...)
	}
	return appendText(to, s.Text)
}

// appendText appends text with its entities replaced. What is no entity is left as it is.
func appendText(to, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '&')
		if i < 0 {
			return append(to, s...)
		}
		to, s = append(to, s[:i]...), s[i:]
		end := bytes.IndexByte(s[:min(len(s), 12)], ';')
		r, ok := rune(0), false
		if end > 0 {
			r, ok = entity(string(s[1:end]))
		}
		if !ok {
			to, s = append(to, '&'), s[1:]
			continue
		}
		to, s = utf8.AppendRune(to, r), s[end+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	return Decoded(digits, base)
}

// Decoded reads the digits of a character reference.
func Decoded(digits string, base int) (rune, bool) {
	n := 0
	for _, c := range []byte(digits) {
		d := base
		switch {
		case c >= '0' && c <= '9':
			d = int(c - '0')
		case c >= 'a' && c <= 'f':
			d = int(c-'a') + 10
		case c >= 'A' && c <= 'F':
			d = int(c-'A') + 10
		}
		if d >= base {
			return 0, false
		}
		if n = n*base + d; n > utf8.MaxRune {
			return 0, false
		}
	}
	return rune(n), digits != "" && n > 0
}
