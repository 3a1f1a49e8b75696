package ledger

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"gongkai/services/chassis/ooxml"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// separated is an open .csv file.
type separated struct {
	in       io.ReaderAt
	size     int64
	name     string
	encoding encoding.Encoding // nil: UTF-8
	skip     int64             // the byte order mark of UTF-8
	comma    rune
}

// openCSV finds out the encoding and the separator. A file that holds zero bytes is none.
func openCSV(in io.ReaderAt, size int64, head []byte, name string) (*separated, error) {
	t := &separated{in: in, size: size, name: name}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		t.encoding = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.IndexByte(head, 0) >= 0:
		return nil, refuse(FormatUnknown)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		t.skip = 3
	default:
		valid, err := isUTF8(t.raw())
		if err != nil {
			return nil, err
		}
		if !valid && !beginsUTF8(head) {
			t.encoding = simplifiedchinese.GB18030
		}
	}
	start, err := io.ReadAll(io.LimitReader(t.decoded(), 16<<10))
	if err != nil {
		return nil, err
	}
	t.comma = separatorOf(string(start))
	return t, nil
}

func (t *separated) raw() io.Reader { return io.NewSectionReader(t.in, t.skip, t.size-t.skip) }

func (t *separated) decoded() io.Reader {
	if t.encoding == nil {
		return t.raw()
	}
	return transform.NewReader(t.raw(), t.encoding.NewDecoder())
}

// isUTF8 tells whether all that a reader has is UTF-8.
func isUTF8(in io.Reader) (bool, error) {
	buf, kept := make([]byte, 64<<10), 0
	for {
		n, err := in.Read(buf[kept:])
		n += kept
		if err == io.EOF {
			return utf8.Valid(buf[:n]), nil
		}
		if err != nil {
			return false, err
		}
		whole := n
		for i := 1; i < utf8.UTFMax && i <= n; i++ { // a character may be cut in two
			if utf8.RuneStart(buf[n-i]) {
				if !utf8.FullRune(buf[n-i : n]) {
					whole = n - i
				}
				break
			}
		}
		if !utf8.Valid(buf[:whole]) {
			return false, nil
		}
		kept = copy(buf, buf[whole:n])
	}
}

// beginsUTF8 tells whether the first line that is not plain ASCII is UTF-8: then a file is, and damaged further on.
func beginsUTF8(head []byte) bool {
	for l := range bytes.Lines(head) {
		if bytes.ContainsFunc(l, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return utf8.Valid(l)
		}
	}
	return false
}

// separatorOf is what stands most often between the words of the first lines.
func separatorOf(start string) rune {
	best, most := ',', strings.Count(start, ",")
	for _, c := range []rune{'\t', ';'} {
		if n := strings.Count(start, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func (t *separated) sheets() []string { return []string{t.name} }

func (t *separated) later() int { return 0 }

func (t *separated) close() error { return nil }

func (t *separated) lines(int) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		limited := &bounded{in: bufio.NewReaderSize(t.decoded(), 64<<10)}
		in := csv.NewReader(limited)
		in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = t.comma, -1, true, true
		var l line
		for {
			limited.upTo = in.InputOffset() + ooxml.Longest
			record, err := in.Read()
			switch {
			case err == io.EOF:
				return
			case errors.Is(err, ooxml.ErrLong):
				err = refuse(TooLarge, "limit", "4")
			}
			if err != nil {
				yield(l, damaged(err))
				return
			}
			l.number, _ = in.FieldPos(0)
			if l.set(record) && !yield(l, nil) {
				return
			}
		}
	}
}

// set takes a record's cells, and tells whether one of them says anything.
func (l *line) set(record []string) bool {
	l.cells = l.cells[:0]
	says := false
	for _, s := range record[:min(len(record), maxColumns)] {
		c := cell{text: unescaped(s)}
		if strings.HasPrefix(s, "=") {
			c.kind = formula
		} else if isDigits(s) {
			c.kind = numeric
		}
		says = says || trimmed(s) != ""
		l.cells = append(l.cells, c)
	}
	return says
}

func isDigits(s string) bool {
	_, rest := digits(s)
	return s != "" && rest == ""
}

// bounded ends a reader with [ooxml.ErrLong] once it has read so far that one record would be too long.
type bounded struct {
	in         io.Reader
	read, upTo int64
}

// Read implements [io.Reader].
func (b *bounded) Read(p []byte) (int, error) {
	if b.read > b.upTo {
		return 0, ooxml.ErrLong
	}
	n, err := b.in.Read(p)
	b.read += int64(n)
	return n, err
}

// dangerous are the signs that make a spreadsheet take a text in a .csv file for a formula.
const dangerous = "=+-@\t\r＝＋－＠"

// escaped puts an apostrophe before a text that a spreadsheet would take for a formula, and before one that begins
// with apostrophes and then would.
func escaped(s string) string {
	if rest := strings.TrimLeft(s, "'"); rest != "" && strings.IndexAny(rest, dangerous) == 0 {
		return "'" + s
	}
	return s
}

// unescaped takes off what escaped has put before a text.
func unescaped(s string) string {
	if rest := strings.TrimLeft(s, "'"); len(rest) < len(s) && rest != "" && strings.IndexAny(rest, dangerous) == 0 {
		return s[1:]
	}
	return s
}
