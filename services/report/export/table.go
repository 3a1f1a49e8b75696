package export

import (
	"slices"

	"gongkai/services/chassis/paper"
	"gongkai/services/law/form"
)

// maxShared is how many columns of figures tables may have that share a grid.
const maxShared = 12

// tables lays out the tables of a part: those that can share a grid as one.
func (r Report) tables(p form.Part) []paper.Table {
	var all []paper.Table
	for i := 0; i < len(p.Tables); {
		shared, width := 0, 1
		for _, t := range p.Tables[i:] {
			if !plain(t) || common(width, len(t.Columns)) > maxShared {
				break
			}
			width = common(width, len(t.Columns))
			shared++
		}
		switch {
		case shared > 1:
			all = append(all, r.sharedTable(p.Tables[i:i+shared], width))
			i += shared
		case p.Tables[i].Transposed:
			all = append(all, r.lineTable(&p.Tables[i]))
			i++
		default:
			all = append(all, r.gridTable(&p.Tables[i]))
			i++
		}
	}
	return all
}

// plain tells whether a table has no groups of rows or columns.
func plain(t form.Table) bool {
	return !t.Transposed && len(t.RowGroups) == 0 && len(t.ColGroups) == 0 && len(t.Columns) > 0 && t.Heading.Zh == "" && t.Note.Zh == ""
}

// common is the least common multiple.
func common(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// sharedTable puts tables one below the other: each has its label across, a line of headings, its rows.
func (r Report) sharedTable(tables []form.Table, columns int) paper.Table {
	made := paper.Table{Widths: append([]int{columns}, slices.Repeat([]int{3}, columns)...)}
	for _, t := range tables {
		span := columns / len(t.Columns)
		made.Rows = append(made.Rows, []paper.Cell{{Text: t.Label.Zh, Columns: columns + 1, Head: true}})
		head := []paper.Cell{{Text: "信息内容", Head: true}}
		for _, c := range t.Columns {
			head = append(head, paper.Cell{Text: c.Label.Zh, Columns: span, Head: true})
		}
		made.Rows = append(made.Rows, head)
		for _, row := range t.Rows {
			line := []paper.Cell{{Text: row.Label.Zh, Head: true}}
			for _, c := range t.Columns {
				line = append(line, r.cell(&t, row.ID, c.ID, span))
			}
			made.Rows = append(made.Rows, line)
		}
	}
	return made
}

// cell is the cell of a figure.
func (r Report) cell(t *form.Table, row, column string, span int) paper.Cell {
	id := t.CellID(row, column)
	c, _ := r.Form.Find(id)
	return paper.Cell{Text: r.written(c), Columns: span}
}

// chain are the groups that something of a table stands under, the outermost first, and its own label.
func chain(groups []form.Group, group, label string) []string {
	labels := []string{label}
	for range groups { // as many steps as there can be
		i := slices.IndexFunc(groups, func(g form.Group) bool { return g.ID == group })
		if i < 0 {
			break
		}
		labels = append(labels, groups[i].Label.Zh)
		group = groups[i].Under
	}
	slices.Reverse(labels)
	return labels
}

// headings lays out the labels of lines that lie side by side: a label a step down, merged over neighbours under the same
// group, and down to depth where nothing stands below it. Each line has the cells that begin in it.
func headings(chains [][]string, width int) (steps [][]paper.Cell, depth int) {
	for _, c := range chains {
		depth = max(depth, len(c))
	}
	steps = make([][]paper.Cell, depth)
	for i, c := range chains {
		for step, label := range c {
			same := i > 0 && step < len(c)-1 && len(chains[i-1]) > step+1 && slices.Equal(chains[i-1][:step+1], c[:step+1])
			if same {
				last := &steps[step][len(steps[step])-1]
				last.Columns += width
				continue
			}
			cell := paper.Cell{Text: label, Columns: width, Rows: 1, Head: true}
			if step == len(c)-1 {
				cell.Rows = depth - step
			}
			steps[step] = append(steps[step], cell)
		}
	}
	return steps, depth
}

// gridTable is a table with its groups: headings above, labels at the left.
func (r Report) gridTable(t *form.Table) paper.Table {
	var columns, rows [][]string
	for _, c := range t.Columns {
		columns = append(columns, chain(t.ColGroups, c.Group, c.Label.Zh))
	}
	for _, row := range t.Rows {
		rows = append(rows, chain(t.RowGroups, row.Group, row.Label.Zh))
	}
	head, height := headings(columns, 1)
	left := 0
	for _, c := range rows {
		left = max(left, len(c))
	}
	if t.Heading.Zh != "" {
		head = append([][]paper.Cell{{{Text: t.Heading.Zh, Columns: len(columns), Head: true}}}, head...)
		height++
	}
	corner := t.Note.Zh
	if corner == "" {
		corner = "信息内容"
	}
	head[0] = append([]paper.Cell{{Text: corner, Columns: left, Rows: height, Head: true}}, head[0]...)
	made := paper.Table{Widths: widths(left, len(columns)), HeadRows: height, Rows: head}
	for i, row := range t.Rows {
		line := labels(rows, i, left)
		for _, c := range t.Columns {
			line = append(line, r.cell(t, row.ID, c.ID, 1))
		}
		made.Rows = append(made.Rows, line)
	}
	return made
}

// widths are those of columns of labels and of figures: a figure's takes four characters.
func widths(labels, figures int) []int {
	var all []int
	switch labels {
	case 3:
		all = []int{16, 27, 64}
	case 2:
		all = []int{30, 70}
	default:
		all = slices.Repeat([]int{60}, labels)
	}
	return append(all, slices.Repeat([]int{26}, figures)...)
}

// labels are the cells at the left of a row: groups that begin in it, merged down over the rows under them, and its own
// label, across what is left.
func labels(rows [][]string, at, left int) []paper.Cell {
	var line []paper.Cell
	own := rows[at]
	for step, label := range own {
		if step == len(own)-1 {
			line = append(line, paper.Cell{Text: label, Columns: left - step, Head: true, Align: paper.Left})
			break
		}
		under := func(i int) bool {
			return i >= 0 && i < len(rows) && len(rows[i]) > step+1 && slices.Equal(rows[i][:step+1], own[:step+1])
		}
		if under(at - 1) {
			continue
		}
		height := 1
		for under(at + height) {
			height++
		}
		line = append(line, paper.Cell{Text: label, Rows: height, Head: true})
	}
	return line
}

// lineTable is a transposed table: the columns of each row side by side, in one line.
func (r Report) lineTable(t *form.Table) paper.Table {
	var rows [][]string
	for _, row := range t.Rows {
		rows = append(rows, chain(t.RowGroups, row.Group, row.Label.Zh))
	}
	head, height := headings(rows, len(t.Columns))
	var names, figures []paper.Cell
	for _, row := range t.Rows {
		for _, c := range t.Columns {
			names = append(names, paper.Cell{Text: c.Label.Zh, Head: true})
			figures = append(figures, r.cell(t, row.ID, c.ID, 1))
		}
	}
	return paper.Table{
		Widths: slices.Repeat([]int{10}, len(names)), HeadRows: height + 1,
		Rows: append(head, names, figures),
	}
}
