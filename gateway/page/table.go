package page

import (
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// reportTable is a table of a report as its form prints it.
type reportTable struct {
	Label, Note string
	Head        [][]heading
	Rows        []tableRow
}

// heading is a cell that names rows or columns.
type heading struct {
	Text          string
	Columns, Rows int
}

// tableRow is a row of a table: what names it, and its figures.
type tableRow struct {
	Labels  []heading
	Figures []reportFigure
}

// Corner is the place over the labels and beside the column headings.
func (t reportTable) Corner() *heading {
	columns := 0
	for _, l := range t.Rows[0].Labels {
		columns += l.Columns
	}
	if columns == 0 {
		return nil
	}
	return &heading{Text: t.Note, Columns: columns, Rows: len(t.Head)}
}

// tableOf lays a table out. Figures are those of its cells.
func tableOf(t *reportv1.FormTable, figures map[[2]string]reportFigure, w words) reportTable {
	made := reportTable{Label: w.label(t.GetLabel()), Note: w.label(t.GetNote())}
	rows, columns := chains(t.GetRows(), w), chains(t.GetColumns(), w)
	if t.GetTransposed() { // one line: the columns of each row, under the row's headings
		var under [][]string
		line := tableRow{}
		for i, r := range t.GetRows() {
			for k, c := range t.GetColumns() {
				under = append(under, slices.Concat(rows[i], columns[k]))
				line.Figures = append(line.Figures, figures[[2]string{r.GetId(), c.GetId()}])
			}
		}
		made.Head, made.Rows = headings(under), []tableRow{line}
		return made
	}
	made.Head = headings(columns)
	labels := transposed(headings(rows), len(rows))
	for i, r := range t.GetRows() {
		line := tableRow{Labels: labels[i]}
		for _, c := range t.GetColumns() {
			line.Figures = append(line.Figures, figures[[2]string{r.GetId(), c.GetId()}])
		}
		made.Rows = append(made.Rows, line)
	}
	return made
}

// chains are what names each row or column, from the outermost heading to its own label.
func chains(lines []*reportv1.FormLine, w words) [][]string {
	var all [][]string
	for _, l := range lines {
		var chain []string
		for _, h := range l.GetHeadings() {
			chain = append(chain, w.label(h))
		}
		all = append(all, append(chain, w.label(l.GetLabel())))
	}
	return all
}

// headings are the header rows over columns that are named so: neighbours under the same headings share them, and a
// column's own label reaches down to the figures.
func headings(columns [][]string) [][]heading {
	depth := 0
	for _, c := range columns {
		depth = max(depth, len(c))
	}
	rows := make([][]heading, depth)
	for level := range rows {
		for i := 0; i < len(columns); {
			c, to := columns[i], i+1
			if level >= len(c) {
				i = to
				continue
			}
			h := heading{Text: c[level], Columns: 1, Rows: 1}
			if level == len(c)-1 {
				h.Rows = depth - level
			} else {
				for to < len(columns) && len(columns[to]) > level+1 && slices.Equal(columns[to][:level+1], c[:level+1]) {
					to++
				}
			}
			h.Columns = to - i
			rows[level] = append(rows[level], h)
			i = to
		}
	}
	return rows
}

// transposed makes the headings over columns those beside rows.
func transposed(levels [][]heading, rows int) [][]heading {
	beside := make([][]heading, rows)
	filled := make([]int, rows) // levels, by row
	for level, line := range levels {
		row := 0
		for _, h := range line {
			for filled[row] > level {
				row++
			}
			beside[row] = append(beside[row], heading{Text: h.Text, Columns: h.Rows, Rows: h.Columns})
			for range h.Columns {
				filled[row] = level + h.Rows
				row++
			}
		}
	}
	return beside
}
