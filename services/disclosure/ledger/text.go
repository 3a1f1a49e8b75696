package ledger

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// half turns full-width letters, digits and signs into those of ASCII, and every kind of space into a plain one.
func half(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u200b' || r == '\ufeff':
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
}

// squeezed is half without any spaces.
func squeezed(s string) string {
	s = half(s)
	if strings.IndexByte(s, ' ') < 0 {
		return s
	}
	return strings.ReplaceAll(s, " ", "")
}

// oneLine joins the lines of a cell: with a space between words of Latin letters, without in Chinese.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n\t") {
		return trimmed(s)
	}
	var b strings.Builder
	for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' || r == '\t' }) {
		line = trimmed(line)
		if n := b.Len(); n > 0 && line != "" && b.String()[n-1] < utf8.RuneSelf && line[0] < utf8.RuneSelf {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// lines are a cell's text with one kind of line end.
func lines(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return trimmed(s)
}

// trimmed is the text without what surrounds it: spaces of any kind, and the marks that programs leave.
func trimmed(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' })
}

// garbled tells whether a text holds what no encoding could make out, or signs that no text has.
func garbled(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == 0x7f || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return true
		}
	}
	return !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError)
}

var bracketed = regexp.MustCompile(`[\[(【〔{〈]((?:19|20)[0-9]{2})[\])】〕}〉]`)

// documentNumber writes a document number (文号) as GB/T 9704-2012 has it: the year in 〔〕. It takes out spaces, and
// makes digits and letters half-width.
func documentNumber(s string) string {
	n := squeezed(s)
	if m := bracketed.FindStringSubmatchIndex(n); m != nil {
		n = n[:m[0]] + "〔" + n[m[2]:m[3]] + "〕" + n[m[1]:]
	}
	return n
}

// clipped bounds what is quoted of a cell, and makes it UTF-8.
func clipped(s string) string {
	const limit = 40
	if s = oneLine(strings.ToValidUTF8(s, "\uFFFD")); utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}
