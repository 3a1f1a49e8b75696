package pdf

import (
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const maxMapped = 1 << 17 // codes of a map

// cmap is a map of character codes: how long they are, and what they stand for.
type cmap struct {
	spaces []codespace
	runes  map[uint32]string // texts, of a ToUnicode map
	cids   map[uint32]uint32 // numbers of glyphs, of an encoding
}

// codespace is a range of codes of one length.
type codespace struct {
	low, high uint32
	size      int
}

// parseCMap reads a map. What it cannot read it leaves out.
func parseCMap(data []byte) *cmap {
	m := &cmap{runes: map[uint32]string{}, cids: map[uint32]uint32{}}
	l := &lexer{data: data}
	var args []token
	for {
		t, ok := l.next()
		if !ok {
			return m
		}
		if t.kind == open {
			t = l.array(0)
		}
		if t.kind != word {
			if len(args) < 3*maxMapped {
				args = append(args, t)
			}
			continue
		}
		switch string(t.text) {
		case "endcodespacerange":
			each(args, 2, func(a []token) {
				if n := len(a[0].text); n > 0 && n <= 4 && len(m.spaces) < 100 {
					m.spaces = append(m.spaces, codespace{code(a[0].text), code(a[1].text), n})
				}
			})
		case "endbfchar":
			each(args, 2, func(a []token) { m.runes[code(a[0].text)] = utf16Text(a[1].text) })
		case "endbfrange":
			each(args, 3, m.runeRange)
		case "endcidchar":
			each(args, 2, func(a []token) { m.cids[code(a[0].text)] = uint32(a[1].num) })
		case "endcidrange":
			each(args, 3, m.cidRange)
		}
		args = args[:0]
	}
}

// each gives the operands in groups; those before the first whole group from the end are not of it.
func each(args []token, n int, take func([]token)) {
	for i := len(args) % n; i+n <= len(args); i += n {
		take(args[i : i+n])
	}
}

func (m *cmap) runeRange(a []token) {
	low, high := code(a[0].text), code(a[1].text)
	for c := low; c <= high && c-low < 1<<16 && len(m.runes) < maxMapped; c++ {
		switch i := c - low; {
		case a[2].kind == list && int(i) < len(a[2].list):
			m.runes[c] = utf16Text(a[2].list[i].text)
		case a[2].kind == text:
			m.runes[c] = utf16Text(plus(a[2].text, i))
		default:
			return
		}
		if c == 0xffffffff {
			return
		}
	}
}

func (m *cmap) cidRange(a []token) {
	low, high := code(a[0].text), code(a[1].text)
	for c := low; c <= high && c-low < 1<<16 && len(m.cids) < maxMapped; c++ {
		m.cids[c] = uint32(a[2].num) + c - low
		if c == 0xffffffff {
			return
		}
	}
}

// plus adds to the last two bytes of a text.
func plus(s []byte, n uint32) []byte {
	out := append([]byte(nil), s...)
	for i := len(out) - 1; i >= 0 && n > 0; i-- {
		n += uint32(out[i])
		out[i] = byte(n)
		n >>= 8
	}
	return out
}

// code is the number that a code's bytes are, the first the highest.
func code(s []byte) uint32 {
	n := uint32(0)
	for _, c := range s[:min(len(s), 4)] {
		n = n<<8 | uint32(c)
	}
	return n
}

// utf16Text is a text in UTF-16, the high byte first; one byte alone is a character.
func utf16Text(s []byte) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s) && len(units) < 64; i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// split cuts the first code off a string, by its length.
func (m *cmap) split(s []byte) (uint32, int) {
	for n := 1; n <= 4 && n <= len(s); n++ {
		c := code(s[:n])
		for _, space := range m.spaces {
			if space.size == n && c >= space.low && c <= space.high {
				return c, n
			}
		}
	}
	if len(m.spaces) > 0 {
		n := min(m.spaces[0].size, len(s))
		return code(s[:n]), n
	}
	n := min(2, len(s))
	return code(s[:n]), n
}

// predefined reads codes of a predefined map that names Unicode or GBK; false if the map is another one. It returns
// whether the text runs downwards.
func predefined(encoding string) (decode func([]byte) (uint32, int, string), known bool) {
	switch {
	case strings.Contains(encoding, "UCS2"), strings.Contains(encoding, "UTF16"):
		return func(s []byte) (uint32, int, string) {
			n := min(2, len(s))
			if len(s) >= 4 && s[0] >= 0xd8 && s[0] < 0xdc {
				n = 4
			}
			return code(s[:n]), n, utf16Text(s[:n])
		}, true
	case strings.HasPrefix(encoding, "GB"):
		gbk := simplifiedchinese.GB18030
		return func(s []byte) (uint32, int, string) {
			n := 1
			if s[0] >= 0x81 && len(s) > 1 {
				n = 2
			}
			if n == 2 && s[1] >= '0' && s[1] <= '9' && len(s) >= 4 {
				n = 4
			}
			t, err := gbk.NewDecoder().Bytes(s[:n])
			if err != nil {
				return code(s[:n]), n, ""
			}
			return code(s[:n]), n, string(t)
		}, true
	}
	return nil, false
}
