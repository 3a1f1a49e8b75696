package pdf

import (
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// drawn is a glyph as the content draws it: its direction is kept until the page is turned.
type drawn struct {
	text         string
	x, y, dx, dy float64 // where it begins, and the way to its end
	size         float64
}

// painter follows the content of a page.
type painter struct {
	*reader
	state
	stack []state
	page  *Page
	drawn []drawn

	text, line matrix // of the text object
	path       path
}

// state is what q keeps and Q brings back.
type state struct {
	ctm                         matrix
	font                        *font
	size                        float64
	spacing, wordSpacing, scale float64
	leading, rise               float64
}

// page reads a page.
func (r *reader) page(node types.Dict, above attributes) (Page, error) {
	box := [4]float64{0, 0, 595, 842}
	if a, _ := above.box.(types.Array); len(a) == 4 {
		var given [4]float64
		ok := true
		for i := range given {
			n, isNumber := r.number(a[i])
			given[i], ok = n, ok && isNumber
		}
		if given[0] > given[2] {
			given[0], given[2] = given[2], given[0]
		}
		if given[1] > given[3] {
			given[1], given[3] = given[3], given[1]
		}
		if ok && given[2]-given[0] > 1 && given[3]-given[1] > 1 {
			box = given
		}
	}
	w, h := box[2]-box[0], box[3]-box[1]
	base := matrix{a: 1, d: -1, e: -box[0], f: box[3]} // the origin at the top left, y downwards
	page := &Page{Width: w, Height: h}
	p := &painter{reader: r, state: state{ctm: base, scale: 1}, page: page, text: identity(), line: identity()}
	if err := p.contents(node["Contents"], above.resources); err != nil {
		return Page{}, err
	}
	p.turn(above.turn)
	return *page, nil
}

// contents follows the content of a page, which may be cut into streams anywhere between two tokens.
func (p *painter) contents(o types.Object, resources types.Object) error {
	var data []byte
	if parts := p.array(o); parts != nil {
		for _, part := range parts {
			data = append(append(data, p.stream(part)...), '\n')
			if len(data) > maxStream {
				return ErrTooLarge
			}
		}
	} else {
		data = p.stream(o)
	}
	if p.unpacked >= maxUnpacked {
		return ErrTooLarge
	}
	return p.follow(data, p.dict(resources), 0)
}

// follow carries out the operators of a content.
func (p *painter) follow(data []byte, resources types.Dict, depth int) error {
	l := &lexer{data: data}
	var args []token
	for {
		t, ok := l.next()
		if !ok {
			return nil
		}
		if t.kind == open {
			t = l.array(0)
		}
		if t.kind != word {
			if len(args) < 64 {
				args = append(args, t)
			}
			continue
		}
		if p.operators++; p.operators%4096 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		if p.operators > maxOperators || p.glyphs > maxGlyphs || p.rules > maxRules {
			return ErrTooLarge
		}
		op := string(t.text)
		switch op {
		case "ID":
			l.inlineImage()
			p.page.Images++
		case "Do":
			if err := p.paint(args, resources, depth); err != nil {
				return err
			}
		case "Tf":
			p.setFont(args, resources)
		default:
			p.operate(op, args)
		}
		args = args[:0]
	}
}

// paint draws a form, or counts an image.
func (p *painter) paint(args []token, resources types.Dict, depth int) error {
	if len(args) == 0 || depth >= maxNested {
		return nil
	}
	ref := lookup(p.dict(resources["XObject"]), args[len(args)-1].text)
	form := p.dict(ref)
	switch p.name(form["Subtype"]) {
	case "Image":
		p.page.Images++
		return nil
	case "Form":
	default:
		return nil
	}
	kept, text, line := p.state, p.text, p.line
	stack := len(p.stack)
	if m := p.array(form["Matrix"]); len(m) == 6 {
		var n [6]float64
		for i := range n {
			n[i], _ = p.number(m[i])
		}
		p.ctm = matrix{n[0], n[1], n[2], n[3], n[4], n[5]}.then(p.ctm)
	}
	own := p.dict(form["Resources"])
	if own == nil {
		own = resources
	}
	data := p.stream(ref)
	if p.unpacked >= maxUnpacked {
		return ErrTooLarge
	}
	err := p.follow(data, own, depth+1)
	p.state, p.text, p.line = kept, text, line
	p.stack = p.stack[:min(stack, len(p.stack))]
	return err
}

// lookup finds an entry by a name, which the library keeps as the file writes it.
func lookup(d types.Dict, key []byte) types.Object {
	if o, ok := d[string(key)]; ok {
		return o
	}
	for k, o := range d {
		if string(named([]byte(k))) == string(key) {
			return o
		}
	}
	return nil
}

func (p *painter) setFont(args []token, resources types.Dict) {
	if len(args) < 2 {
		return
	}
	p.size = args[1].num
	if ref := lookup(p.dict(resources["Font"]), args[0].text); ref != nil {
		p.font = p.fontOf(ref)
	}
}

// operate carries out an operator that needs nothing but its operands.
func (p *painter) operate(op string, args []token) {
	n := func(i int) float64 {
		if i < len(args) {
			return args[i].num
		}
		return 0
	}
	switch op {
	case "q":
		if len(p.stack) < 1000 {
			p.stack = append(p.stack, p.state)
		}
	case "Q":
		if last := len(p.stack) - 1; last >= 0 {
			p.state, p.stack = p.stack[last], p.stack[:last]
		}
	case "cm":
		p.ctm = matrix{n(0), n(1), n(2), n(3), n(4), n(5)}.then(p.ctm)
	case "BT":
		p.text, p.line = identity(), identity()
	case "Tc":
		p.spacing = n(0)
	case "Tw":
		p.wordSpacing = n(0)
	case "Tz":
		p.scale = n(0) / 100
	case "TL":
		p.leading = n(0)
	case "Ts":
		p.rise = n(0)
	case "Td":
		p.move(n(0), n(1))
	case "TD":
		p.leading = -n(1)
		p.move(n(0), n(1))
	case "Tm":
		p.line = matrix{n(0), n(1), n(2), n(3), n(4), n(5)}
		p.text = p.line
	case "T*":
		p.move(0, -p.leading)
	case "Tj", "TJ", "'", "\"":
		p.show(op, args)
	default:
		p.trace(op, n)
	}
}

func (p *painter) move(x, y float64) {
	p.line = matrix{a: 1, d: 1, e: x, f: y}.then(p.line)
	p.text = p.line
}

// show draws text.
func (p *painter) show(op string, args []token) {
	if len(args) == 0 {
		return
	}
	last := args[len(args)-1]
	switch op {
	case "\"":
		if len(args) >= 3 {
			p.wordSpacing, p.spacing = args[0].num, args[1].num
		}
		p.move(0, -p.leading)
	case "'":
		p.move(0, -p.leading)
	}
	if last.kind != list {
		p.write(last.text)
		return
	}
	for _, t := range last.list {
		if t.kind == number {
			p.advance(-t.num / 1000 * p.size)
			continue
		}
		p.write(t.text)
	}
}

// advance moves on along the text.
func (p *painter) advance(by float64) {
	if p.font != nil && p.font.downwards {
		p.text = matrix{a: 1, d: 1, f: by}.then(p.text)
		return
	}
	p.text = matrix{a: 1, d: 1, e: by * p.scale}.then(p.text)
}

func (p *painter) write(s []byte) {
	if p.font == nil {
		p.page.Unknown += len(s)
		return
	}
	for len(s) > 0 && p.glyphs <= maxGlyphs {
		g, n := p.font.read(s)
		s = s[n:]
		p.glyphs++
		p.put(g)
		by := g.width*p.size + p.spacing
		if p.font.downwards {
			by = -p.size + p.spacing
		}
		if g.space {
			by += p.wordSpacing
		}
		p.advance(by)
	}
}

// put notes a glyph where it stands.
func (p *painter) put(g glyph) {
	said := unified(g.text)
	if meaningless(said) {
		p.page.Unknown++
		return
	}
	m := p.text.then(p.ctm)
	x, y := m.apply(0, p.rise)
	x1, y1 := m.apply(g.width*p.size*p.scale, p.rise)
	ux, uy := m.apply(0, p.rise+p.size)
	size := math.Hypot(ux-x, uy-y)
	if !finite(x, y, x1, y1, size) || x < -50 || y < -50 || x > p.page.Width+50 || y > p.page.Height+50 {
		return
	}
	p.drawn = append(p.drawn, drawn{said, x, y, x1 - x, y1 - y, size})
}
