package ooxml

import (
	"strconv"
	"strings"
)

// Place is a cell of a sheet: its row from 1, its column from 0.
type Place struct{ Row, Column int }

// PlaceOf reads a reference, as B3.
func PlaceOf(ref []byte) (Place, bool) {
	var p Place
	i := 0
	for ; i < len(ref) && i < 3 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		p.Column = p.Column*26 + int(ref[i]-'A') + 1
	}
	p.Column--
	row, err := strconv.Atoi(string(ref[i:]))
	p.Row = row
	return p, err == nil && i > 0 && row > 0 && row <= 1<<20
}

// UnescapeControls replaces the marks _x000D_ by which spreadsheets write signs that XML does not have.
func UnescapeControls(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		if len(s) >= i+7 && s[i+6] == '_' {
			if r, ok := Decoded(s[i+2:i+6], 16); ok {
				b.WriteString(s[:i])
				b.WriteRune(r)
				s = s[i+7:]
				continue
			}
		}
		b.WriteString(s[:i+2])
		s = s[i+2:]
	}
}
