package document

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	encodings "golang.org/x/text/encoding/unicode"
)

// tidied is a text without what surrounds its lines: spaces of any kind, and the marks that programs leave.
func tidied(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return strings.TrimFunc(s, isMargin)
	}
	var b strings.Builder
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimFunc(line, isMargin); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

func isMargin(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == 0
}

// garbled tells whether a text holds signs that no text has, or mostly what no encoding could make out.
func garbled(s string) bool {
	bad := strings.Count(s, "\uFFFD")
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			bad++
		}
	}
	return bad > 2+len(s)/100
}

func isUTF16(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// decode makes UTF-8 of a file: by its byte order mark, as UTF-8 if it is valid, by the name of the encoding that it
// gives itself, else as GB18030.
func decode(data []byte, name string) string {
	switch {
	case isUTF16(data):
		return decodeBy(encodings.UTF16(encodings.LittleEndian, encodings.UseBOM), data)
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\ufeff")
	}
	if e, known := charset.Lookup(name); e != nil && known != "utf-8" {
		return decodeBy(e, data)
	}
	if beginsUTF8(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return decodeBy(simplifiedchinese.GB18030, data)
}

func decodeBy(e encoding.Encoding, data []byte) string {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(text)
}

// beginsUTF8 tells whether the first line that is not plain ASCII is UTF-8: then a file is, and damaged further on.
func beginsUTF8(data []byte) bool {
	for l := range bytes.Lines(data) {
		if bytes.ContainsFunc(l, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return utf8.Valid(l)
		}
	}
	return false
}

// readCSV reads separated values as one table.
func readCSV(ctx context.Context, text string) (*Document, error) {
	b := newBuilder(ctx)
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = separatorOf(text[:min(len(text), 16<<10)]), -1, true, true
	b.openTable("")
	for {
		record, err := in.Read()
		if err == io.EOF {
			b.closeTable()
			return b.finish(CSV, "")
		}
		if err != nil {
			return nil, err
		}
		b.openRow()
		for _, s := range record {
			b.openCell(1, 1)
			b.write(unescaped(s))
		}
		b.closeRow()
		if err := b.step(); err != nil {
			return nil, err
		}
	}
}

// unescaped takes off the apostrophe that keeps a spreadsheet from taking a text for a formula.
func unescaped(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexAny(s[1:], "=+-@\t\r＝＋－＠") == 0 {
		return s[1:]
	}
	return s
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
