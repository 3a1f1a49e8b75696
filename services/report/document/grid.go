package document

// span is a merged cell that reaches into rows below.
type span struct {
	cell Cell
	left int // rows that it still covers
}

// grid resolves the spans of a table's cells; nil if the table says nothing or is beyond the bounds.
func (b *builder) grid(rows [][]raw) [][]Cell {
	var grid [][]Cell
	var above []span // by column
	width, says := 0, false
	for r, cells := range rows {
		line := make([]Cell, 0, max(width, len(cells)))
		place := func(c Cell, rows int) {
			for len(above) <= len(line) {
				above = append(above, span{})
			}
			above[len(line)] = span{c, rows - 1}
			line = append(line, c)
		}
		reach := func() { // the places that are taken from above
			for len(line) < len(above) && above[len(line)].left > 0 {
				place(above[len(line)].cell, above[len(line)].left)
			}
		}
		for _, c := range cells {
			if !c.continues {
				reach()
			}
			if len(line) >= maxColumns {
				b.fail(errTooMuch)
				return nil
			}
			here := Cell{Text: c.said(), Row: r, Column: len(line)}
			if c.continues && len(line) < len(above) && r > 0 && len(line) < len(grid[r-1]) {
				here = grid[r-1][len(line)]
			}
			says = says || here.Text != ""
			for range min(c.columns, maxColumns-len(line)) {
				if len(line) > here.Column && len(line) < len(above) && above[len(line)].left > 0 {
					break // a span from above stands in the way
				}
				place(here, c.rows)
			}
		}
		reach()
		for i := len(line); i < len(above); i++ {
			above[i].left = 0
		}
		if b.places += len(line); b.places > maxPlaces {
			b.fail(errTooMuch)
			return nil
		}
		width = max(width, len(line))
		grid = append(grid, line)
	}
	if !says {
		return nil
	}
	return b.squared(grid, width)
}

// squared gives every row the same number of cells.
func (b *builder) squared(grid [][]Cell, width int) [][]Cell {
	if width*len(grid) > maxPlaces {
		b.fail(errTooMuch)
		return nil
	}
	for r, line := range grid {
		for len(line) < width {
			line = append(line, Cell{Row: r, Column: len(line)})
		}
		grid[r] = line
	}
	return grid
}
