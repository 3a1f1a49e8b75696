package pdf

import (
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// font is what the codes of a font stand for, and how wide they are.
type font struct {
	composite bool
	downwards bool
	unicode   *cmap // the ToUnicode map; nil: none
	encoding  *cmap // of a composite font with a map of its own; nil: two bytes a code
	decode    func([]byte) (uint32, int, string)
	simple    [256]string

	widths map[uint32]float64 // of codes, or of glyphs of a composite font; in the unit of the text
	width  float64            // of all others
}

// glyph is a code that was read.
type glyph struct {
	text  string // empty: not known
	width float64
	space bool // the code is one byte, and a space
}

// fontOf reads a font, each once.
func (r *reader) fontOf(o types.Object) *font {
	ref, indirect := o.(types.IndirectRef)
	if indirect {
		if f, ok := r.fonts[ref.ObjectNumber.Value()]; ok {
			return f
		}
	}
	f := r.readFont(r.dict(o))
	if indirect && len(r.fonts) < maxFonts {
		r.fonts[ref.ObjectNumber.Value()] = f
	}
	return f
}

func (r *reader) readFont(d types.Dict) *font {
	f := &font{widths: map[uint32]float64{}, width: 0.5}
	if data := r.stream(d["ToUnicode"]); data != nil {
		if m := parseCMap(data); len(m.runes) > 0 {
			f.unicode = m
		}
	}
	if r.name(d["Subtype"]) == "Type0" {
		r.readComposite(f, d)
		return f
	}
	r.readSimple(f, d)
	return f
}

func (r *reader) readComposite(f *font, d types.Dict) {
	f.composite, f.width = true, 1
	encoding := r.name(d["Encoding"])
	f.downwards = strings.HasSuffix(encoding, "-V")
	if decode, ok := predefined(encoding); ok {
		f.decode = decode
	} else if data := r.stream(d["Encoding"]); data != nil {
		f.encoding = parseCMap(data)
	}
	inner := r.dict(first(r.array(d["DescendantFonts"])))
	if w, ok := r.number(inner["DW"]); ok {
		f.width = w / 1000
	}
	r.readWidths(f, r.array(inner["W"]))
}

// readWidths reads the widths of a composite font's glyphs: c [w …] or c c w.
func (r *reader) readWidths(f *font, w types.Array) {
	for i := 0; i+1 < len(w) && len(f.widths) < maxMapped; {
		from, ok := r.number(w[i])
		if !ok {
			i++
			continue
		}
		if each := r.array(w[i+1]); each != nil {
			for k, o := range each {
				if n, ok := r.number(o); ok && len(f.widths) < maxMapped {
					f.widths[uint32(from)+uint32(k)] = n / 1000
				}
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		to, _ := r.number(w[i+1])
		n, _ := r.number(w[i+2])
		for c := from; c <= to && c-from < 1<<16 && len(f.widths) < maxMapped; c++ {
			f.widths[uint32(c)] = n / 1000
		}
		i += 3
	}
}

func (r *reader) readSimple(f *font, d types.Dict) {
	unit := 0.001
	if r.name(d["Subtype"]) == "Type3" {
		if m := r.array(d["FontMatrix"]); len(m) == 6 {
			if x, ok := r.number(m[0]); ok && x != 0 {
				unit = x
			}
		}
	}
	encoding := r.dict(d["Encoding"])
	base := r.name(d["Encoding"])
	if encoding != nil {
		base = r.name(encoding["BaseEncoding"])
	}
	f.simple = simpleEncoding(base)
	at := 0
	known := glyphNames()
	for _, o := range r.array(encoding["Differences"]) {
		if n, ok := r.number(o); ok {
			at = int(n)
		} else if at >= 0 && at < 256 {
			f.simple[at] = glyphText(r.name(o), known)
			at++
		}
	}
	if w, ok := r.number(r.dict(d["FontDescriptor"])["MissingWidth"]); ok {
		f.width = w * unit
	}
	from, _ := r.number(d["FirstChar"])
	for i, o := range r.array(d["Widths"]) {
		if w, ok := r.number(o); ok && i < 256 && from >= 0 && from < 256 {
			f.widths[uint32(from)+uint32(i)] = w * unit
		}
	}
}

// read takes the first code of a string, which is not empty. It returns how many bytes it has.
func (f *font) read(s []byte) (glyph, int) {
	if !f.composite {
		c := uint32(s[0])
		g := glyph{text: f.simple[s[0]], width: f.widthOf(c), space: s[0] == ' '}
		if t, ok := f.mapped(c); ok {
			g.text = t
		}
		return g, 1
	}
	c, n, own, id := uint32(0), 0, "", uint32(0)
	switch {
	case f.decode != nil:
		c, n, own = f.decode(s)
		id = c
	case f.encoding != nil:
		c, n = f.encoding.split(s)
		id = f.encoding.cids[c]
	default:
		n = min(2, len(s))
		c = code(s[:n])
		id = c
	}
	g := glyph{text: own, width: f.widthOf(id), space: n == 1 && s[0] == ' '}
	if f.decode != nil { // its glyphs have numbers that only the map of the collection tells
		if g.width = f.width; len(own) == 1 {
			g.width = f.width / 2
		}
	}
	if t, ok := f.mapped(c); ok {
		g.text = t
	}
	return g, n
}

func (f *font) widthOf(c uint32) float64 {
	if w, ok := f.widths[c]; ok {
		return w
	}
	return f.width
}

// mapped is what the font's own map says that a code stands for.
func (f *font) mapped(c uint32) (string, bool) {
	if f.unicode == nil {
		return "", false
	}
	t, ok := f.unicode.runes[c]
	return t, ok && t != ""
}
