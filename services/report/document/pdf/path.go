package pdf

import "math"

const (
	thin    = 3.5 // points: what is filled and no wider is a line
	crooked = 1.0 // points by which a line may lean
)

// path is what is being traced.
type path struct {
	parts [][]point
}

type point struct{ x, y float64 }

const maxPoints = 10_000 // of a path

// trace carries out an operator of paths.
func (p *painter) trace(op string, n func(int) float64) {
	switch op {
	case "m":
		p.begin(n(0), n(1))
	case "l":
		p.lineTo(n(0), n(1))
	case "c":
		p.lineTo(n(4), n(5))
	case "v", "y":
		p.lineTo(n(2), n(3))
	case "h":
		p.shut()
	case "re":
		x, y, w, h := n(0), n(1), n(2), n(3)
		p.begin(x, y)
		p.lineTo(x+w, y)
		p.lineTo(x+w, y+h)
		p.lineTo(x, y+h)
		p.shut()
	case "s", "b", "b*":
		p.shut()
		p.ruled(true)
	case "S", "B", "B*":
		p.ruled(true)
	case "f", "F", "f*":
		p.ruled(false)
	case "n":
		p.path.parts = nil
	}
}

func (p *painter) begin(x, y float64) {
	x, y = p.ctm.apply(x, y)
	if len(p.path.parts) < maxPoints {
		p.path.parts = append(p.path.parts, []point{{x, y}})
	}
}

func (p *painter) lineTo(x, y float64) {
	last := len(p.path.parts) - 1
	if last < 0 || len(p.path.parts[last]) >= maxPoints {
		return
	}
	x, y = p.ctm.apply(x, y)
	p.path.parts[last] = append(p.path.parts[last], point{x, y})
}

func (p *painter) shut() {
	last := len(p.path.parts) - 1
	if last >= 0 && len(p.path.parts[last]) > 1 {
		p.path.parts[last] = append(p.path.parts[last], p.path.parts[last][0])
	}
}

// ruled takes the lines of the path: the straight ones of one that is stroked, and what is filled and thin.
func (p *painter) ruled(stroked bool) {
	for _, part := range p.path.parts {
		if stroked {
			for i := 1; i < len(part); i++ {
				p.rule(part[i-1].x, part[i-1].y, part[i].x, part[i].y)
			}
			continue
		}
		x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, q := range part {
			x0, y0, x1, y1 = min(x0, q.x), min(y0, q.y), max(x1, q.x), max(y1, q.y)
		}
		switch {
		case y1-y0 <= thin && x1-x0 >= y1-y0:
			p.rule(x0, (y0+y1)/2, x1, (y0+y1)/2)
		case x1-x0 <= thin:
			p.rule((x0+x1)/2, y0, (x0+x1)/2, y1)
		}
	}
	p.path.parts = nil
}

func (p *painter) rule(x0, y0, x1, y1 float64) {
	if !finite(x0, y0, x1, y1) || math.Abs(x1-x0) > crooked && math.Abs(y1-y0) > crooked {
		return
	}
	p.rules++
	if p.rules <= maxRules {
		p.page.Rules = append(p.page.Rules, Rule{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)})
	}
}

// turn turns the page as its file says, and further until most of its text runs to the right.
func (p *painter) turn(degrees float64) {
	quarter := int(math.Round(degrees/90))%4 + 4 // clockwise
	var ways [4]int
	for _, d := range p.drawn {
		way := 0 // to the right
		if math.Abs(d.dy) > math.Abs(d.dx) {
			way = 1 // down
			if d.dy < 0 {
				way = 3
			}
		} else if d.dx < 0 {
			way = 2
		}
		ways[(way+quarter)%4]++
	}
	most := 0
	for way, n := range ways {
		if n > ways[most] {
			most = way
		}
	}
	quarter = (quarter + 4 - most) % 4
	for range quarter {
		p.quarter()
	}
	for _, d := range p.drawn {
		if d.dx < -0.01 || math.Abs(d.dy) > math.Abs(d.dx)+0.01 {
			continue // it runs another way than the page: a watermark, a stamp
		}
		p.page.Glyphs = append(p.page.Glyphs, Glyph{d.text, d.x, d.y, d.dx, d.size})
	}
}

// quarter turns everything clockwise by a quarter.
func (p *painter) quarter() {
	h := p.page.Height
	p.page.Width, p.page.Height = h, p.page.Width
	for i, d := range p.drawn {
		p.drawn[i].x, p.drawn[i].y, p.drawn[i].dx, p.drawn[i].dy = h-d.y, d.x, -d.dy, d.dx
	}
	for i, r := range p.page.Rules {
		p.page.Rules[i] = Rule{h - r.Y1, r.X0, h - r.Y0, r.X1}
	}
}
