package document

import (
	"math"
	"slices"
	"unicode"
)

// grown is a table that may go on over pages.
type grown struct {
	xs   []float64
	rows [][]*ruledCell // the cells that begin in each row
}

// cellsOf are the cells that begin in each row, the table set below so many rows. Room that only the table's frame
// encloses, as at the end of a page, is no row.
func (t *ruled) cellsOf(below int) [][]*ruledCell {
	var rows [][]*ruledCell
	for r, row := range t.cells {
		if row[0].columns == len(row) && row[0].rows == 1 && row[0].text == "" {
			continue
		}
		var line []*ruledCell
		for c, cell := range row {
			if cell.row == r && cell.column == c {
				moved := *cell
				moved.row = below + len(rows)
				line = append(line, &moved)
			}
		}
		rows = append(rows, line)
	}
	return rows
}

// setTable begins a table, or goes on with the one that is open, if it has the same sides and is the first thing on its
// page.
func (s *setter) setTable(t *ruled, first bool) {
	if s.table != nil && first && math.Abs(s.table.xs[0]-t.xs[0]) <= apart && math.Abs(last(s.table.xs)-last(t.xs)) <= apart {
		more := &grown{xs: t.xs, rows: t.cellsOf(len(s.table.rows))}
		both := clustered(slices.Concat(s.table.xs, t.xs))
		s.table.columns(both)
		more.columns(both)
		s.table.goOn(more.rows)
		return
	}
	s.endTable()
	s.table = &grown{xs: t.xs, rows: t.cellsOf(0)}
}

func last(places []float64) float64 { return places[len(places)-1] }

// columns gives the table more columns: those that the part of it on another page has.
func (g *grown) columns(xs []float64) {
	for _, row := range g.rows {
		for _, c := range row {
			from, to := nearest(xs, g.xs[c.column]), nearest(xs, g.xs[c.column+c.columns])
			c.column, c.columns = from, max(to-from, 1)
		}
	}
	g.xs = xs
}

// goOn adds the rows of the next page.
func (g *grown) goOn(more [][]*ruledCell) {
	if len(more) == 0 {
		return
	}
	if n := len(g.rows); n > 0 && g.cut(g.rows[n-1], more[0]) {
		for _, cell := range more[0] {
			above := g.at(len(g.rows)-1, cell.column)
			above.text = joined(above.text, cell.text, true)
			above.rows += cell.rows - 1
		}
		for _, row := range more[1:] {
			for _, cell := range row {
				cell.row--
			}
		}
		g.rows = append(g.rows, more[1:]...)
		return
	}
	for i := len(more[0]) - 1; i >= 0; i-- { // a merged cell that the end of the page cuts
		cell := more[0][i]
		above := g.at(len(g.rows)-1, cell.column)
		if above != nil && cell.text == "" && above.column == cell.column && above.columns == cell.columns && (above.rows > 1 || cell.rows > 1) {
			above.rows += cell.rows
			more[0] = slices.Delete(more[0], i, i+1)
		}
	}
	g.rows = append(g.rows, more...)
}

// at is the cell that covers a place.
func (g *grown) at(row, column int) *ruledCell {
	for r := row; r >= 0; r-- {
		for _, c := range g.rows[r] {
			if column >= c.column && column < c.column+c.columns && row < c.row+c.rows {
				return c
			}
		}
	}
	return nil
}

// cut tells whether the end of a page goes through a row: the two parts have the same cells, figures begin in one of them
// only, and where both say something, the upper one is full.
func (g *grown) cut(above, below []*ruledCell) bool {
	a, b := figures(above), figures(below)
	if len(below) < 2 || a > 0 == (b > 0) {
		return false
	}
	shared := false
	for _, c := range below {
		over := g.at(len(g.rows)-1, c.column)
		if over == nil || over.column != c.column || over.columns != c.columns {
			return false
		}
		if over.text == "" || c.text == "" {
			continue
		}
		if over.room > tight || isFigure(c.text) {
			return false
		}
		shared = true
	}
	rest := above
	if a > 0 {
		rest = below
	}
	return shared || slices.ContainsFunc(rest, func(c *ruledCell) bool { return c.text != "" })
}

// figures counts the cells that begin as figures.
func figures(row []*ruledCell) int {
	n := 0
	for _, c := range row {
		if isFigure(c.text) {
			n++
		}
	}
	return n
}

func isFigure(s string) bool {
	return s != "" && unicode.IsDigit([]rune(s)[0]) && !numbered.MatchString(s)
}

// endTable ends the table that is open.
func (s *setter) endTable() {
	if s.table == nil {
		return
	}
	s.openTable("")
	for r, row := range s.table.rows {
		s.openRow()
		for _, c := range row {
			s.openCell(min(c.rows, len(s.table.rows)-r), c.columns)
			s.write(c.text)
			s.closeCell()
		}
		s.closeRow()
	}
	s.closeTable()
	s.table = nil
}
