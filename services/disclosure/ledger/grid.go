package ledger

import (
	"io"
	"strconv"

	"gongkai/services/chassis/ooxml"
)

// grid reads the cells of a sheet, row after row.
type grid struct {
	*ooxml.Scanner
	strings *texts
	merges  merges

	row   line
	held  []held // by column: merged cells that reach into the rows below
	above int    // the last row
	ended bool
	buf   []byte
}

// held is a merged cell and the last row that it holds for.
type held struct {
	cell cell
	last int
}

// next returns the next row that is not blank, or io.EOF.
func (g *grid) next() (line, error) {
	for !g.ended {
		k, err := g.Next()
		switch {
		case err == io.EOF:
			return line{}, ooxml.ErrMarkup // the sheet breaks off before its end
		case err != nil:
			return line{}, err
		case k == ooxml.Closing && string(g.Name) == "sheetData", k == ooxml.Opening && string(g.Name) == "sheetData" && g.Empty:
			g.ended = true
		case k == ooxml.Opening && string(g.Name) == "row":
			says, err := g.readRow()
			if err != nil {
				return line{}, err
			}
			if says {
				return g.row, nil
			}
		}
	}
	return line{}, io.EOF
}

// readRow reads the cells of a row, and tells whether one of them says anything.
func (g *grid) readRow() (bool, error) {
	g.row.number, g.row.cells = g.above+1, g.row.cells[:0]
	if r, ok := g.Attr("r"); ok {
		if n, err := strconv.Atoi(string(r)); err == nil && n > g.above && n <= 1<<20 {
			g.row.number = n
		}
	}
	g.above = g.row.number
	says := false
	for column := 0; ; {
		k, err := g.Next()
		if err != nil {
			return false, ooxml.Broken(err)
		}
		switch {
		case k == ooxml.Closing && string(g.Name) == "row":
			g.fill()
			return says, nil
		case k == ooxml.Opening && string(g.Name) == "c":
			at := column
			if ref, ok := g.Attr("r"); ok {
				if p, ok := ooxml.PlaceOf(ref); ok && p.Column >= column {
					at = p.Column
				}
			}
			c, err := g.readCell()
			if err != nil {
				return false, err
			}
			if at < maxColumns {
				says = g.put(at, c) || says
			}
			column = at + 1
		}
	}
}

// put sets a cell of the row, and tells whether it says anything.
func (g *grid) put(column int, c cell) bool {
	for len(g.row.cells) <= column {
		g.row.cells = append(g.row.cells, cell{})
	}
	g.row.cells[column] = c
	if len(g.merges) > 0 {
		if last, ok := g.merges[ooxml.Place{Row: g.row.number, Column: column}]; ok {
			for len(g.held) <= column {
				g.held = append(g.held, held{})
			}
			g.held[column] = held{c, last}
		}
	}
	return c.kind != written || trimmed(c.text) != ""
}

// fill gives the blank cells of a row what merged cells above hold for them.
func (g *grid) fill() {
	for i, h := range g.held {
		if g.row.number > h.last || h.cell.text == "" {
			continue
		}
		for len(g.row.cells) <= i {
			g.row.cells = append(g.row.cells, cell{})
		}
		if g.row.cells[i].text == "" {
			g.row.cells[i] = h.cell
		}
	}
}

// readCell reads a cell that has just been opened.
func (g *grid) readCell() (cell, error) {
	t, _ := g.Attr("t")
	kind := cellType(t)
	var c cell
	g.buf = g.buf[:0]
	inText, phonetic := false, false
	for {
		k, err := g.Next()
		if err != nil {
			return c, ooxml.Broken(err)
		}
		switch {
		case k == ooxml.Text && inText && !phonetic:
			g.buf = g.Append(g.buf)
			if len(g.buf) > ooxml.Longest {
				return c, ooxml.ErrLong
			}
		case k == ooxml.Text:
		case string(g.Name) == "v", string(g.Name) == "t":
			inText = k == ooxml.Opening
		case string(g.Name) == "rPh":
			phonetic = k == ooxml.Opening
		case string(g.Name) == "f" && k == ooxml.Opening:
			c.kind = formula
		case string(g.Name) == "c" && k == ooxml.Closing:
			return g.make(kind, c)
		}
	}
}

// cellType is the type of a cell, of those that make a difference; others are taken as text.
func cellType(t []byte) string {
	for _, known := range [...]string{"", "n", "s", "inlineStr", "str", "e"} {
		if string(t) == known {
			return known
		}
	}
	return "other"
}

// make makes a cell of its type and of what it holds.
func (g *grid) make(kind string, c cell) (cell, error) {
	switch {
	case kind == "s" && len(g.buf) > 0:
		n, err := strconv.Atoi(string(g.buf))
		if err == nil {
			c.text, err = g.strings.get(n)
		}
		return c, err
	case kind == "e" && c.kind != formula:
		c.kind = failure
	case (kind == "" || kind == "n") && len(g.buf) > 0 && c.kind != formula:
		c.kind = numeric
	}
	c.text = string(g.buf)
	if kind == "str" || kind == "inlineStr" {
		c.text = ooxml.UnescapeControls(c.text)
	}
	return c, nil
}
