package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gongkai/services/law"
)

// Table is a table of a part. Each row has a cell in each column, with the id prefix.row.column. A table's only column
// may have no id; then the cells' ids are prefix.row.
type Table struct {
	ID     string    `yaml:"id"`
	Prefix string    `yaml:"prefix"` // of its cells' ids; the table's id unless it is given
	Label  law.Label `yaml:"label"`
	Note   law.Label `yaml:"note"` // what is printed in it beside labels and figures; may be empty
	// Heading is printed over all columns; may be empty.
	Heading law.Label `yaml:"heading"`
	// Transposed tables are printed in one line: the columns of the first row, then those of the second, and so on.
	Transposed bool     `yaml:"transposed"`
	RowGroups  []Group  `yaml:"row_groups"`
	ColGroups  []Group  `yaml:"column_groups"`
	Columns    []Column `yaml:"columns"`
	Rows       []Row    `yaml:"rows"`
	// Merged are rows that published reports have in place of several.
	Merged     []Merged   `yaml:"merged"`
	Identities []Identity `yaml:"identities"`
}

// Group is a heading over rows or columns of a table.
type Group struct {
	ID      string    `yaml:"id"`
	Label   law.Label `yaml:"label"`
	Aliases []string  `yaml:"aliases"`
	Under   string    `yaml:"under"` // the group that it is part of; may be empty
}

// Column is a column of a table.
type Column struct {
	ID      string    `yaml:"id"`
	Label   law.Label `yaml:"label"`
	Aliases []string  `yaml:"aliases"`
	Group   string    `yaml:"group"`
	Sum     []string  `yaml:"sum"` // the columns that it is the sum of
	// Unit is that of its cells; count unless it is given.
	Unit    Unit `yaml:"unit"`
	Printed Unit `yaml:"printed"`
	Signed  bool `yaml:"signed"`
}

// Row is a row of a table. In its facts {column} stands for the column's id. Its unit is that of its columns unless it
// is given.
type Row struct {
	ID      string    `yaml:"id"`
	Label   law.Label `yaml:"label"`
	Aliases []string  `yaml:"aliases"`
	Group   string    `yaml:"group"`
	Unit    Unit      `yaml:"unit"`
	Printed Unit      `yaml:"printed"`
	Facts   []string  `yaml:"facts"`
	Sum     []string  `yaml:"sum"` // the rows that it is the sum of
	// Regulations tells that the row counts regulations (规章), which few organs may make.
	Regulations bool `yaml:"regulations"`
}

// Merged is one row that reports have in place of several rows of the form. A report that has it does not know their
// figures. Its cells, which are none of the form, have the ids prefix.merged.column.
type Merged struct {
	ID      string    `yaml:"id"`
	Label   law.Label `yaml:"label"`
	Aliases []string  `yaml:"aliases"`
	Rows    []string  `yaml:"rows"`
}

// CellID is the id of the cell in a row, or merged row, and a column.
func (t *Table) CellID(row, column string) string {
	prefix := t.Prefix
	if prefix == "" {
		prefix = t.ID
	}
	if column == "" {
		return prefix + "." + row
	}
	return prefix + "." + row + "." + column
}

// Row returns a row by its id.
func (t *Table) Row(id string) (Row, bool) {
	i := slices.IndexFunc(t.Rows, func(r Row) bool { return r.ID == id })
	if i < 0 {
		return Row{}, false
	}
	return t.Rows[i], true
}

// Column returns a column by its id.
func (t *Table) Column(id string) (Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.ID == id })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

// RowLabel is a row's label behind those of its groups, as 三、本年度办理结果 （三）不予公开 1.属于国家秘密.
func (t *Table) RowLabel(id string) law.Label {
	if r, ok := t.Row(id); ok {
		return t.grouped(t.RowGroups, r.Group, r.Label)
	}
	for _, m := range t.Merged {
		if m.ID == id {
			return m.Label
		}
	}
	return law.Label{}
}

// ColumnLabel is a column's label behind those of its groups.
func (t *Table) ColumnLabel(id string) law.Label {
	c, _ := t.Column(id)
	return t.grouped(t.ColGroups, c.Group, c.Label)
}

func (t *Table) grouped(groups []Group, group string, label law.Label) law.Label {
	for range groups { // as many steps as there can be
		i := slices.IndexFunc(groups, func(g Group) bool { return g.ID == group })
		if i < 0 {
			break
		}
		label = law.Label{Zh: groups[i].Label.Zh + " " + label.Zh, En: groups[i].Label.En + ": " + label.En}
		group = groups[i].Under
	}
	return label
}

// cells are the table's cells, row by row.
func (t *Table) cells() []Cell {
	var cells []Cell
	for _, r := range t.Rows {
		for _, c := range t.Columns {
			cells = append(cells, t.cell(r, c))
		}
	}
	return cells
}

// cell is the cell of a row and a column. Where both are sums, the cell is the sum of its row's rows; that it is the sum
// of its columns, too, is one of the equations.
func (t *Table) cell(r Row, c Column) Cell {
	row, column := t.RowLabel(r.ID), t.ColumnLabel(c.ID)
	cell := Cell{
		ID: t.CellID(r.ID, c.ID), Unit: cmp.Or(r.Unit, c.Unit, Count), Printed: cmp.Or(r.Printed, c.Printed), Signed: c.Signed,
		Table: t.ID, Row: r.ID, Column: c.ID, Regulations: r.Regulations,
		Label: law.Label{Zh: row.Zh + "｜" + column.Zh, En: row.En + " | " + column.En},
	}
	if c.ID == "" {
		cell.Label = row
	}
	switch {
	case len(r.Sum) > 0:
		for _, id := range r.Sum {
			cell.Sum = append(cell.Sum, t.CellID(id, c.ID))
		}
	case len(c.Sum) > 0:
		for _, id := range c.Sum {
			cell.Sum = append(cell.Sum, t.CellID(r.ID, id))
		}
	default:
		for _, fact := range r.Facts {
			cell.Facts = append(cell.Facts, strings.ReplaceAll(fact, "{column}", c.ID))
		}
	}
	return cell
}

// expand puts the cells of the tables among those of their parts. It refuses more of them than a form can have.
func (f *Form) expand() error {
	parts := make([]*Part, 0, len(f.Parts)+len(f.Annexes))
	for i := range f.Parts {
		parts = append(parts, &f.Parts[i])
	}
	for i := range f.Annexes {
		parts = append(parts, &f.Annexes[i].Part)
	}
	count := 0
	for _, p := range parts {
		for i := range p.Tables {
			t := &p.Tables[i]
			count += (len(t.Rows) + len(t.Merged)) * len(t.Columns)
			if count > maxCells {
				return fmt.Errorf("table %s: the tables have more than %d cells", t.ID, maxCells)
			}
			p.Cells = append(p.Cells, t.cells()...)
		}
	}
	return nil
}

// Tables returns the tables of all parts, in the order of the form, then those of the annexes.
func (f *Form) Tables() []*Table {
	var tables []*Table
	for i := range f.Parts {
		for j := range f.Parts[i].Tables {
			tables = append(tables, &f.Parts[i].Tables[j])
		}
	}
	for i := range f.Annexes {
		for j := range f.Annexes[i].Part.Tables {
			tables = append(tables, &f.Annexes[i].Part.Tables[j])
		}
	}
	return tables
}

// Table returns a table of the form or of its annexes by its id.
func (f *Form) Table(id string) (*Table, bool) {
	for _, t := range f.Tables() {
		if t.ID == id {
			return t, true
		}
	}
	return nil, false
}

// mergedCells are the cells of the table's merged rows.
func (t *Table) mergedCells() []Cell {
	var cells []Cell
	for _, m := range t.Merged {
		for _, c := range t.Columns {
			cells = append(cells, t.cell(Row{ID: m.ID, Label: m.Label}, c))
		}
	}
	return cells
}

// MergedCells returns the cells of the merged rows of all tables. None is among [Form.Cells].
func (f *Form) MergedCells() []Cell {
	var cells []Cell
	for _, t := range f.Tables() {
		cells = append(cells, t.mergedCells()...)
	}
	return cells
}

// MergedCell returns the cell of a merged row by its id, with the cells that it stands for.
func (f *Form) MergedCell(id string) (merged Cell, parts []string, ok bool) {
	for _, t := range f.Tables() {
		for _, c := range t.mergedCells() {
			if c.ID != id {
				continue
			}
			for _, m := range t.Merged {
				for _, row := range m.Rows {
					if m.ID == c.Row {
						parts = append(parts, t.CellID(row, c.Column))
					}
				}
			}
			return c, parts, true
		}
	}
	return Cell{}, nil, false
}
