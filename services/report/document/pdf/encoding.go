package pdf

import (
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// simpleEncoding is what the codes of a simple font stand for by the name of an encoding.
func simpleEncoding(name string) [256]string {
	var table [256]string
	m := charmap.Windows1252
	if name == "MacRomanEncoding" {
		m = charmap.Macintosh
	}
	for i := range table {
		if i < ' ' {
			continue
		}
		table[i] = string(m.DecodeByte(byte(i)))
	}
	return table
}

// glyphNames are the names of glyphs that numbers and punctuation are made of; letters are their own names.
func glyphNames() map[string]string {
	return map[string]string{
		"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
		"space": " ", "nbspace": " ", "period": ".", "comma": ",", "colon": ":", "semicolon": ";", "hyphen": "-", "minus": "-", "endash": "–", "emdash": "—",
		"slash": "/", "parenleft": "(", "parenright": ")", "bracketleft": "[", "bracketright": "]", "quotesingle": "'", "quotedbl": "\"",
		"quoteleft": "‘", "quoteright": "’", "quotedblleft": "“", "quotedblright": "”", "percent": "%", "plus": "+", "equal": "=", "asterisk": "*",
		"underscore": "_", "ampersand": "&", "at": "@", "numbersign": "#", "exclam": "!", "question": "?", "less": "<", "greater": ">",
		"periodcentered": "·", "bullet": "•", "ellipsis": "…", "yen": "¥", "fi": "fi", "fl": "fl",
	}
}

// glyphText is what a glyph of a name stands for; empty if the name does not say.
func glyphText(name string, known map[string]string) string {
	name, _, _ = strings.Cut(name, ".")
	if t, ok := known[name]; ok {
		return t
	}
	if len(name) == 1 {
		return name
	}
	for _, prefix := range []string{"uni", "u"} {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok || len(rest) < 4 || len(rest) > 6 {
			continue
		}
		if n, err := strconv.ParseUint(rest, 16, 32); err == nil && n < 0x110000 {
			return string(rune(n))
		}
	}
	return ""
}

// ideographs are the characters that the radicals of Unicode's supplement stand for, as programs write them for the
// characters: fonts share the glyph.
const (
	radicals   = "⺠⺟⺝⺪⺫⺬⺮⺯⺰⺶⺷⺸⺻⺼⺽⻁⻂⻄⻅⻆⻇⻉⻋⻌⻍⻎⻏⻐⻒⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳"
	characters = "民母月疋目示竹糸纟羊羊羊肀月臼虎衣西见角角贝车辶辶辶阝钅镸长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟"
)

// unified writes a text with the characters that people mean: radicals and compatibility forms as the character, spaces as
// one, and without marks that are not seen.
func unified(s string) string {
	plain := true
	for _, r := range s {
		plain = plain && r < 0x2e80 && r >= ' ' && r != 0xa0 && r != 0xad || r >= 0x3000 && r < 0xe000
	}
	if plain {
		return s
	}
	from, to := []rune(radicals), []rune(characters)
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ', r == 0xad, r == 0xfeff, r >= 0x200b && r <= 0x200f:
		case r == 0xa0:
			b.WriteByte(' ')
		case r >= 0x2e80 && r < 0x2f00:
			for i, radical := range from {
				if radical == r && i < len(to) {
					r = to[i]
					break
				}
			}
			b.WriteRune(r)
		case r >= 0x2f00 && r < 0x2fe0, r >= 0xf900 && r < 0xfb00:
			b.WriteString(norm.NFKC.String(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// meaningless tells whether a text stands for nothing that is known: a private character, or none.
func meaningless(s string) bool {
	for _, r := range s {
		if r == 0xfffd || r >= 0xe000 && r < 0xf900 || r >= 0xf0000 {
			return true
		}
	}
	return s == ""
}
