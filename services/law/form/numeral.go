package form

import (
	"math"
	"strconv"
	"strings"
)

// Plain is a text in the plain forms of its signs: half-width digits and brackets, no blanks, no separators within
// numbers. Of a long text it is the beginning.
func Plain(text string) string {
	text = text[:min(len(text), maxText)]
	var b strings.Builder
	b.Grow(len(text))
	runes := []rune(text)
	for i, c := range runes {
		switch {
		case c >= '０' && c <= '９':
			c = c - '０' + '0'
		case c == '．':
			c = '.'
		case c == '（' || c == '）':
			c = c - '（' + '('
		case c == '：':
			c = ':'
		case c == ' ' || c == '\t' || c == '　' || c == '\u00a0' || c == '\r' || c == '*' || c == '“' || c == '”' || c == '\u200b':
			continue
		case (c == ',' || c == '，') && i > 0 && digit(runes[i-1]) && thousands(runes[i+1:]):
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// maxText is how much of a text is looked at, in bytes.
const maxText = 400_000

func digit(c rune) bool { return c >= '0' && c <= '9' || c >= '０' && c <= '９' }

// thousands tells whether exactly three digits come next.
func thousands(next []rune) bool {
	n := 0
	for n < len(next) && n < 4 && digit(next[n]) {
		n++
	}
	return n == 3
}

// Read reads a number that a text tells of the cell, in the cell's unit. Slack is how far a figure may be from it that
// was rounded to what is written, as 1.2万件 or 200余件; 0 where the number is exact. It errs for what is no number, and for one with
// more decimals than the cell's unit has.
func (c Cell) Read(number string) (value, slack int64, ok bool) {
	per := int64(1)
	if c.Unit == Fen {
		per = c.PrintedIn().Fen()
	}
	exact := strings.TrimRight(number, "余多")
	more := exact != number
	number = exact
	rounded := int64(1)
	switch {
	case strings.HasSuffix(number, "万"):
		rounded = 10_000
	case strings.HasSuffix(number, "亿"):
		rounded = 100_000_000
	}
	digits := strings.TrimRight(number, "万亿")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		value, ok = numerals(number)
		if more {
			slack = over(value) * per
		}
		return value * per, slack, ok && value < math.MaxInt64/per/2
	}
	whole, rest, _ := strings.Cut(digits, ".")
	unit := per * rounded
	for range len(rest) {
		if unit%10 != 0 {
			if strings.Trim(rest, "0") != "" {
				return 0, 0, false
			}
			rest = ""
			break
		}
		unit /= 10
	}
	value, err := strconv.ParseInt(whole+rest, 10, 64)
	if err != nil || value > math.MaxInt64/unit/2 {
		return 0, 0, false
	}
	switch {
	case rounded > 1:
		slack = unit
	case more:
		slack = over(value) * unit
	}
	return value * unit, slack, true
}

// over is how much a number may be exceeded that has 余 behind it: 200余 by less than 100, 755余 by less than 10.
func over(value int64) int64 {
	unit := int64(1)
	for value != 0 && value%10 == 0 {
		value /= 10
		unit *= 10
	}
	return max(unit, 10)
}

// Agrees tells whether a number that a text tells of the cell is a value of it.
func (c Cell) Agrees(number string, value int64) bool {
	told, slack, ok := c.Read(number)
	return ok && (told == value || slack > 0 && value > told-slack && value < told+slack)
}

// numerals reads a number in Chinese numerals, as 一百二十, 两 or 二〇; false for what is none.
func numerals(text string) (int64, bool) {
	if !strings.ContainsAny(text, "十百千万亿") {
		value := int64(0)
		for _, r := range text {
			value = value*10 + numeral(r)
		}
		return value, text != "" && len([]rune(text)) <= 12
	}
	powers := map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}
	var total, section, digit int64
	for _, r := range text {
		switch power := powers[r]; {
		case power == 0:
			digit = numeral(r)
		case power < 10_000:
			section += max(digit, 1) * power
			digit = 0
		default:
			total += max(section+digit, 1) * power
			section, digit = 0, 0
		}
	}
	return total + section + digit, true
}

// numeral is a digit in Chinese; 0 for what is none.
func numeral(r rune) int64 {
	if r == '两' {
		return 2
	}
	return int64(max(strings.IndexRune("零一二三四五六七八九", r), 0) / len("零"))
}
