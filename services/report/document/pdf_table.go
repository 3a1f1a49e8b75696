package document

import (
	"math"
	"slices"
	"unicode/utf8"

	"gongkai/services/report/document/pdf"
)

const (
	apart    = 3.0   // points between lines that are two
	shortest = 4.0   // points of a line that is ruled
	mostLine = 5_000 // lines of a page, once those in one line are joined
)

// ruled is a table as lines rule it: the places of its columns and rows, and the cell at each.
type ruled struct {
	xs, ys []float64
	cells  [][]*ruledCell // by row and column; a merged cell at each place
}

// ruledCell is a cell, with what stands in it.
type ruledCell struct {
	row, column, rows, columns int
	glyphs                     []pdf.Glyph
	text                       string
	room                       float64 // that its last line leaves, in characters
}

// tablesOf finds the tables that lines rule: those that hang together, if they part at least two cells.
func tablesOf(rules []pdf.Rule) []*ruled {
	var across, down []pdf.Rule
	for _, r := range rules {
		dot := r.X1-r.X0 < shortest && r.Y1-r.Y0 < shortest // of a line either way
		if dot || !standing(r) {
			across = append(across, r)
		}
		if dot || standing(r) {
			down = append(down, pdf.Rule{X0: r.Y0, Y0: r.X0, X1: r.Y1, Y1: r.X1}) // as if it lay
		}
	}
	across, down = inOne(across), inOne(down)
	if len(across)+len(down) > mostLine {
		return nil
	}
	all := across
	for _, r := range down {
		all = append(all, pdf.Rule{X0: r.Y0, Y0: r.X0, X1: r.Y1, Y1: r.X1})
	}
	var tables []*ruled
	for _, group := range together(all) {
		if t := tableOf(group); t != nil {
			tables = append(tables, t)
		}
	}
	return tables
}

// inOne joins lying lines that go on with each other, as strokes of a dashed line and borders of neighbouring cells do.
func inOne(rules []pdf.Rule) []pdf.Rule {
	slices.SortFunc(rules, func(a, b pdf.Rule) int {
		if d := math.Round(a.Y0*2) - math.Round(b.Y0*2); d != 0 {
			return sign(d)
		}
		return sign(a.X0 - b.X0)
	})
	var out []pdf.Rule
	for _, r := range rules {
		if n := len(out); n > 0 && math.Round(out[n-1].Y0*2) == math.Round(r.Y0*2) && r.X0-out[n-1].X1 < apart {
			out[n-1].X1 = max(out[n-1].X1, r.X1)
			continue
		}
		out = append(out, r)
	}
	return slices.DeleteFunc(out, func(r pdf.Rule) bool { return r.X1-r.X0 < shortest })
}

// together parts lines into those that touch each other.
func together(rules []pdf.Rule) [][]pdf.Rule {
	slices.SortFunc(rules, func(a, b pdf.Rule) int { return sign(a.Y0 - b.Y0) })
	parent := make([]int, len(rules))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, a := range rules {
		for j := i + 1; j < len(rules) && rules[j].Y0 <= a.Y1+apart; j++ {
			if b := rules[j]; b.X0 <= a.X1+apart && a.X0 <= b.X1+apart {
				parent[root(j)] = root(i)
			}
		}
	}
	at := map[int]int{}
	var groups [][]pdf.Rule
	for i, r := range rules {
		k, ok := at[root(i)]
		if !ok {
			k = len(groups)
			at[root(i)] = k
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], r)
	}
	return groups
}

// tableOf makes the table of lines that hang together; nil if they part nothing.
func tableOf(rules []pdf.Rule) *ruled {
	var xs, ys []float64
	for _, r := range rules {
		if standing(r) {
			xs = append(xs, r.X0)
		} else {
			ys = append(ys, r.Y0)
		}
	}
	if len(xs) < 1 || len(ys) < 1 {
		return nil
	}
	for _, r := range rules { // a table may be open at its sides
		xs, ys = outermost(xs, r.X0, r.X1), outermost(ys, r.Y0, r.Y1)
	}
	t := &ruled{xs: clustered(xs), ys: clustered(ys)}
	n, m := len(t.ys)-1, len(t.xs)-1
	if n < 1 || m < 1 || n*m < 2 || m > maxColumns || n*m > maxPlaces/10 {
		return nil
	}
	t.part(rules)
	return t
}

func standing(r pdf.Rule) bool { return r.Y1-r.Y0 > r.X1-r.X0 }

// outermost adds the ends of a line that reach beyond all that are known.
func outermost(all []float64, from, to float64) []float64 {
	if low := slices.Min(all); from < low-apart {
		all = append(all, from)
	}
	if high := slices.Max(all); to > high+apart {
		all = append(all, to)
	}
	return all
}

// clustered are the places of lines, those that lie close together as one.
func clustered(all []float64) []float64 {
	slices.Sort(all)
	var out []float64
	from := 0
	for i := range all {
		if i+1 == len(all) || all[i+1]-all[i] > apart {
			out = append(out, (all[from]+all[i])/2)
			from = i + 1
		}
	}
	return out
}

// nearest is the index of the place that is nearest.
func nearest(places []float64, x float64) int {
	i, _ := slices.BinarySearch(places, x)
	if i == len(places) || i > 0 && x-places[i-1] < places[i]-x {
		return i - 1
	}
	return i
}

// part parts the table into cells: places with no line between them are one, if they make a rectangle.
func (t *ruled) part(rules []pdf.Rule) {
	n, m := len(t.ys)-1, len(t.xs)-1
	right, below := make([]float64, (n+1)*(m+1)), make([]float64, (n+1)*(m+1)) // how much of a place's edge is ruled
	for _, r := range rules {
		if standing(r) {
			c := nearest(t.xs, r.X0)
			for row := range n {
				right[row*(m+1)+c] += max(0, min(r.Y1, t.ys[row+1])-max(r.Y0, t.ys[row]))
			}
			continue
		}
		row := nearest(t.ys, r.Y0)
		for c := range m {
			below[row*(m+1)+c] += max(0, min(r.X1, t.xs[c+1])-max(r.X0, t.xs[c]))
		}
	}
	wall := func(row, c int) bool { return right[row*(m+1)+c] > 0.5*(t.ys[row+1]-t.ys[row]) }
	floor := func(row, c int) bool { return below[row*(m+1)+c] > 0.5*(t.xs[c+1]-t.xs[c]) }
	t.cells = make([][]*ruledCell, n)
	for row := range n {
		t.cells[row] = make([]*ruledCell, m)
	}
	for row := range n {
		for c := range m {
			if t.cells[row][c] == nil {
				t.place(row, c, wall, floor)
			}
		}
	}
}

// place makes the cell that begins at a place: as far to the right as no line stands, and as far down as none lies below
// any of its columns, and none stands between them.
func (t *ruled) place(row, c int, wall, floor func(row, c int) bool) {
	n, m := len(t.cells), len(t.cells[0])
	columns := 1
	for c+columns < m && t.cells[row][c+columns] == nil && !wall(row, c+columns) {
		columns++
	}
	rows := 1
	open := func(r int) bool {
		for k := c; k < c+columns; k++ {
			if floor(r, k) || t.cells[r][k] != nil || k > c && wall(r, k) {
				return false
			}
		}
		return true
	}
	for row+rows < n && open(row+rows) {
		rows++
	}
	cell := &ruledCell{row: row, column: c, rows: rows, columns: columns}
	for r := row; r < row+rows; r++ {
		for k := c; k < c+columns; k++ {
			t.cells[r][k] = cell
		}
	}
}

// tableAt is the smallest table in which a glyph stands; nil if none.
func tableAt(tables []*ruled, g pdf.Glyph) *ruled {
	var best *ruled
	least := math.Inf(1)
	x, y := middle(g)
	for _, t := range tables {
		x0, x1, y0, y1 := t.xs[0], t.xs[len(t.xs)-1], t.ys[0], t.ys[len(t.ys)-1]
		if area := (x1 - x0) * (y1 - y0); x >= x0 && x <= x1 && y >= y0 && y <= y1 && area < least {
			best, least = t, area
		}
	}
	return best
}

// middle is the middle of a glyph: a third of its size stands above the base line's half.
func middle(g pdf.Glyph) (x, y float64) { return g.X + g.Width/2, g.Y - 0.35*g.Size }

// add puts a glyph into its cell.
func (t *ruled) add(g pdf.Glyph) {
	x, y := middle(g)
	at := func(places []float64, v float64) int {
		i, _ := slices.BinarySearch(places, v)
		return min(max(i-1, 0), len(places)-2)
	}
	cell := t.cells[at(t.ys, y)][at(t.xs, x)]
	cell.glyphs = append(cell.glyphs, g)
}

// says tells whether anything stands in the table, and sets the text of its cells.
func (t *ruled) says() bool {
	says := false
	for r, row := range t.cells {
		for c, cell := range row {
			if cell.row != r || cell.column != c {
				continue
			}
			if cell.glyphs != nil {
				cell.text, cell.room = wrapped(linesOf(cell.glyphs), t.xs[c+cell.columns]-t.xs[c])
				cell.glyphs = nil
			}
			says = says || cell.text != ""
		}
	}
	return says
}

// outside is where the table stands.
func (t *ruled) outside() line {
	return line{x0: t.xs[0], x1: t.xs[len(t.xs)-1], top: t.ys[0], y: t.ys[len(t.ys)-1]}
}

// wrapped is the text of a cell: a line that fills it goes on in the next. It also tells how many characters more its last
// line could take.
func wrapped(lines []line, width float64) (text string, room float64) {
	for _, l := range lines {
		least := 1.3
		if r, _ := utf8.DecodeLastRuneInString(text); r >= 0x2e80 {
			least = tight
		}
		text = joined(text, l.text, room < least)
		room = (width - 2*pad - (l.x1 - l.x0)) / max(l.size, 1)
	}
	return text, room
}

// tight is the room, in characters, that a full line may leave: a mark that must not begin a line, or end one, takes a
// character along.
const tight = 2.3

const pad = 5.0 // points between a border and the text beside it
