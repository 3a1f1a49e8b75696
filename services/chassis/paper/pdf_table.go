package paper

// laid is a table that is being printed.
type laid struct {
	*grid
	xs      []float64 // edges of the columns, in millimetres
	heights []float64 // of the rows
	texts   map[*Cell][]string
	cut     map[*Cell][]string // what is still to be printed of cells that the ends of pages cut
}

const cellLine = cellSize * millimetres * 1.35 // height of a line in a cell

// table prints a table over the width of the page. Its heading stands again on each page; a merged cell that the end of a
// page cuts goes on in the next.
func (p *printer) table(g *grid) {
	t := p.lay(g)
	p.room(t.least())
	head := t.height(g.HeadRows)
	for from := 0; from < len(t.heights); {
		to, height := from, 0.0
		if from > 0 && from >= g.HeadRows && g.HeadRows > 0 && head < (bottomEdge-topEdge)/2 {
			p.rows(t, 0, g.HeadRows)
		}
		for to < len(t.heights) && (to == from || p.y+height+t.heights[to] <= bottomEdge) {
			height += t.heights[to]
			to++
		}
		p.rows(t, from, to)
		if from = to; from < len(t.heights) {
			p.page()
		}
	}
	p.y += 3
}

// height is that of the first rows.
func (t *laid) height(rows int) float64 {
	sum := 0.0
	for _, h := range t.heights[:min(rows, len(t.heights))] {
		sum += h
	}
	return sum
}

// least is the height of what does not stand alone at the end of a page: the heading and a row.
func (t *laid) least() float64 { return t.height(t.HeadRows + 1) }

// lay breaks the texts of a table's cells, and finds the heights of its rows.
func (p *printer) lay(g *grid) *laid {
	p.SetFont("text", "", cellSize)
	t := &laid{grid: g, heights: make([]float64, len(g.Rows)), texts: map[*Cell][]string{}, cut: map[*Cell][]string{}, xs: []float64{leftEdge}}
	for _, w := range g.share(int((rightEdge - leftEdge) * 1000)) {
		t.xs = append(t.xs, t.xs[len(t.xs)-1]+float64(w)/1000)
	}
	for i := range t.heights {
		t.heights[i] = cellLine + 2*cellPad
	}
	for rows := 1; rows <= len(g.Rows); rows++ { // cells of one row first: higher ones then need less
		for i, row := range g.places {
			for c, place := range row {
				if !place.First || place.Rows != rows {
					continue
				}
				for _, l := range lines(place.Text) {
					t.texts[place.Cell] = append(t.texts[place.Cell], p.wrap(l, t.xs[c+place.Columns]-t.xs[c]-2*cellPad, 0)...)
				}
				missing := float64(len(t.texts[place.Cell]))*cellLine + 2*cellPad
				for k := range rows {
					missing -= t.heights[i+k]
				}
				for k := range rows {
					t.heights[i+k] += max(missing, 0) / float64(rows)
				}
			}
		}
	}
	return t
}

// rows prints rows of a table, and moves on below them.
func (p *printer) rows(t *laid, from, to int) {
	p.SetFont("text", "", cellSize)
	p.SetLineWidth(0.2)
	top := p.y
	for i := from; i < to; i++ {
		for c, place := range t.places[i] {
			if place.Cell == nil || c > 0 && t.places[i][c-1].Cell == place.Cell || i > from && t.places[i-1][c].Cell == place.Cell {
				continue
			}
			height, below := 0.0, i
			for ; below < to && t.places[below][c].Cell == place.Cell; below++ {
				height += t.heights[below]
			}
			p.Rect(t.xs[c], top, t.xs[c+place.Columns]-t.xs[c], height, "D")
			goesOn := below < len(t.places) && t.places[below][c].Cell == place.Cell
			p.cell(place, t.part(place, height, goesOn), t.xs[c], top, t.xs[c+place.Columns]-t.xs[c], height)
		}
		top += t.heights[i]
	}
	p.y = top
}

// part is what of a cell's text stands in a part of it: of a cell that is cut the whole text stands in the first part
// that has room for it, and is cut too only if it is longer than half a page.
func (t *laid) part(place Place, height float64, goesOn bool) []string {
	texts := t.texts[place.Cell]
	if place.First && !goesOn {
		return texts
	}
	if !place.First {
		texts = t.cut[place.Cell]
	}
	n := len(texts)
	if room := int(height / cellLine); goesOn && n > room {
		if n = 0; float64(len(texts))*cellLine > (bottomEdge-topEdge)/2 {
			n = room
		}
	}
	t.cut[place.Cell] = texts[n:]
	return texts[:n]
}

// cell prints lines into the place of a cell.
func (p *printer) cell(place Place, texts []string, x, y, width, height float64) {
	y += max(0, height-float64(len(texts))*cellLine) / 2
	for _, l := range texts {
		at := x + (width-p.GetStringWidth(l))/2
		switch place.Align {
		case Left:
			at = x + cellPad
		case Right:
			at = x + width - cellPad - p.GetStringWidth(l)
		}
		y += cellLine
		p.Text(at, y-0.3*cellLine, l)
	}
}
