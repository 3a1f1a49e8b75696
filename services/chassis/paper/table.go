package paper

import "fmt"

// Align is where a cell's text stands.
type Align int

// The alignments.
const (
	Center Align = iota
	Left
	Right
)

// name is the alignment's name in .docx and HTML, empty for the one that a cell has anyway.
func (a Align) name() string {
	switch a {
	case Left:
		return "left"
	case Right:
		return "right"
	}
	return ""
}

// Cell is a cell of a table. It covers Columns columns and Rows rows, 0 means one.
type Cell struct {
	Text          string
	Columns, Rows int
	Head          bool // a heading, of a column or a row
	Align         Align
}

// Table is a table over the whole width of the page. Each row has the cells that begin in it, from left to right: what a
// cell from above covers is left out, as in HTML. The cells must fill the table exactly.
type Table struct {
	Widths   []int // of the columns, in any unit: they share the page's width by them
	HeadRows int   // how many rows stand again on each page
	Rows     [][]Cell
}

func (Table) block() {}

// grid is a table with its spans resolved: every place, row by row, has the cell that covers it.
type grid struct {
	Table
	places [][]Place
}

// Place is one place of a table, with the cell that covers it, whose Columns and Rows are at least 1.
type Place struct {
	*Cell
	First bool // the cell begins in it
	top   bool // it is in the cell's first row
}

// Places are the places of the table, row by row, spans resolved. It errs for a table whose cells do not fill it.
func (t Table) Places() ([][]Place, error) {
	g, err := t.layOut()
	if err != nil {
		return nil, err
	}
	return g.places, nil
}

// layOut resolves the spans. It refuses a table whose cells do not fill it exactly.
func (t Table) layOut() (*grid, error) {
	if len(t.Widths) == 0 || len(t.Widths) > maxColumns || len(t.Rows) == 0 {
		return nil, fmt.Errorf("it has %d columns and %d rows, want 1 to %d columns and at least one row", len(t.Widths), len(t.Rows), maxColumns)
	}
	if len(t.Rows)*len(t.Widths) > maxCells {
		return nil, ErrTooLarge
	}
	for i, w := range t.Widths {
		if w <= 0 || w > maxWidth {
			return nil, fmt.Errorf("column %d has the width %d, want 1 to %d", i+1, w, maxWidth)
		}
	}
	g := &grid{Table: t, places: make([][]Place, len(t.Rows))}
	for i := range g.places {
		g.places[i] = make([]Place, len(t.Widths))
	}
	for i, row := range t.Rows {
		column := 0
		for j := range row {
			for column < len(t.Widths) && g.places[i][column].Cell != nil {
				column++
			}
			c := row[j]
			c.Columns, c.Rows = max(c.Columns, 1), max(c.Rows, 1)
			if err := g.put(&c, i, column); err != nil {
				return nil, fmt.Errorf("row %d, cell %d: %w", i+1, j+1, err)
			}
		}
		for k, p := range g.places[i] {
			if p.Cell == nil {
				return nil, fmt.Errorf("row %d: nothing covers column %d", i+1, k+1)
			}
		}
	}
	return g, nil
}

func (g *grid) put(c *Cell, row, column int) error {
	if c.Columns > len(g.Widths)-column || c.Rows > len(g.Rows)-row {
		return fmt.Errorf("it reaches beyond the table")
	}
	for i := row; i < row+c.Rows; i++ {
		for k := column; k < column+c.Columns; k++ {
			if g.places[i][k].Cell != nil {
				return fmt.Errorf("another cell covers its place")
			}
			g.places[i][k] = Place{Cell: c, First: i == row && k == column, top: i == row}
		}
	}
	return nil
}

// share divides a width among the columns, without loss.
func (t Table) share(width int) []int {
	total := 0
	for _, w := range t.Widths {
		total += w
	}
	shares, used, seen := make([]int, len(t.Widths)), 0, 0
	for i, w := range t.Widths {
		seen += w
		shares[i] = width*seen/total - used
		used += shares[i]
	}
	return shares
}
