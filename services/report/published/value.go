package published

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"gongkai/services/law/form"
)

var (
	thousands = regexp.MustCompile(`^([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?$`)
	leading   = regexp.MustCompile(`^[+-]?[0-9][0-9,]*(?:\.[0-9]+)?`)
	units     = regexp.MustCompile(`^(件次|人次|件|条|项|个|宗|份|次|起|例|人|篇|场|期|亿元|万元|元)`)
	amounts   = regexp.MustCompile(`^(亿元|万元|亿|万|元)`)
	changes   = strings.NewReplacer("增加", "+", "减少", "-", "增", "+", "减", "-", "↑", "+", "↓", "-", "＋", "+", "－", "-", "—", "-", "–", "-", "−", "-")
	strokes   = map[string]bool{"/": true, "-": true, "--": true, "---": true, "\\": true, "//": true, "N/A": true, "n/a": true, "*": true, "×": true, "一": true}
)

// half turns full-width letters, digits and signs into those of ASCII, and leaves everything else.
func half(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '—' || r == '–' || r == '−' || r == '─' || r == '﹣' || r == '‐' || r == '‑' || r == 'ー':
			return '-'
		case r == '，' || r == '﹐':
			return ','
		case r == '／' || r == '∕' || r == '⁄':
			return '/'
		}
		return r
	}, s)
}

// parse reads what stands in a cell. Cell says what the cell counts; header is the text of its column, which may name
// a unit.
func parse(text string, cell form.Cell, header string) Figure {
	f := Figure{Raw: clipped(text)}
	compact := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, text)
	switch half := half(compact); {
	case half == "":
		f.State = Blank
		return f
	case strokes[half]:
		f.State = Dashed
		return f
	case compact == "无" || compact == "没有" || compact == "无。":
		f.State = StatedNone
		return f
	case compact == "零" || compact == "〇":
		compact = "0"
	}
	compact = half(compact)
	if cell.Signed {
		compact = changes.Replace(compact)
		if signed := strings.TrimLeft(compact, "+-"); len(compact)-len(signed) > 1 {
			compact = compact[len(compact)-len(signed)-1:]
		}
	}
	number := leading.FindString(compact)
	rest := compact[len(number):]
	money := cell.Unit.Fen() != 0
	unit := units.FindString(rest)
	if money {
		unit = amounts.FindString(strings.TrimLeft(rest, "(")) // 205(万)
		rest = strings.TrimPrefix(rest, "("+unit+")")
	}
	rest = strings.TrimPrefix(rest, unit)
	m := thousands.FindStringSubmatch(number)
	if m == nil || rest != "" && !isNote(rest) {
		f.State = Unreadable
		return f
	}
	f.Note = strings.Trim(rest, "()[]")
	f.set(m, cell, unit, header)
	return f
}

// isNote tells whether what stands behind a number is a remark on it.
func isNote(s string) bool {
	r := []rune(s)[0]
	return strings.ContainsRune("([{【〔<*#,;:。、注其含见", r) || r >= '①' && r <= '⑳' || r == '¹' || r == '²' || r == '³' || r == '※'
}

// set takes a number apart: sign, whole part, decimals.
func (f *Figure) set(m []string, cell form.Cell, unit, header string) {
	per := int64(1)
	if cell.Unit.Fen() != 0 {
		f.Unit = amountUnit(unit, header, cell)
		per = f.Unit.Fen()
		if strings.HasPrefix(unit, "亿") {
			per = 10_000_000_000
		}
	}
	whole, err := strconv.ParseInt(strings.ReplaceAll(m[2], ",", ""), 10, 64)
	if err != nil || whole > math.MaxInt64/per/2 {
		f.State = Unreadable
		return
	}
	value := whole * per
	if decimals := strings.TrimRight(m[3], "0"); decimals != "" {
		part, exact := fraction(decimals, per)
		value += part
		if !exact && per == 1 {
			f.State = Fraction
		}
	}
	if m[1] == "-" {
		value = -value
	}
	f.Value = value
}

// fraction is 0.decimals of so many, and whether nothing is left over.
func fraction(decimals string, per int64) (int64, bool) {
	value := int64(0)
	for _, d := range []byte(decimals) {
		if per%10 != 0 {
			return value, false
		}
		per /= 10
		value += int64(d-'0') * per
	}
	return value, true
}

// amountUnit is what an amount is written in: what stands behind it, or in the column's label, or what the form prints;
// yuan where nobody says it.
func amountUnit(unit, header string, cell form.Cell) form.Unit {
	for _, s := range []string{unit, compact(header)} {
		switch {
		case s == "万", strings.Contains(s, "万元"):
			return form.WanYuan
		case strings.Contains(s, "元"):
			return form.Yuan
		}
	}
	if cell.Printed != "" {
		return cell.Printed
	}
	return form.Yuan
}

// numeric tells whether a text is a number, maybe with a note.
func numeric(text string) bool {
	if text == "" {
		return false
	}
	s := strings.TrimLeft(half(text), "+- ")
	if s == "" || s[0] < '0' || s[0] > '9' {
		return false
	}
	f := parse(text, form.Cell{Signed: true}, "")
	return f.State == Filled || f.State == Fraction
}

// figureLike tells whether a text may stand in a cell for figures.
func figureLike(text string) bool {
	switch f := parse(text, form.Cell{Signed: true}, ""); f.State {
	case Filled, Fraction, Blank, Dashed, StatedNone:
		return true
	}
	return false
}

// clipped bounds what is quoted of a file.
func clipped(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func join(s []string) string { return strings.Join(s, ", ") }
