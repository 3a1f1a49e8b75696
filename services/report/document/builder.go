package document

import (
	"context"
	"errors"
	"strings"
)

// errTooMuch is the error of a file beyond the bounds.
var errTooMuch = errors.New("the file holds too much")

// builder makes the blocks of a document from what a reader comes upon, one after the other. Once it has failed, what
// it is given is passed over.
type builder struct {
	ctx    context.Context
	blocks []Block
	stack  []*open // the tables that are open, the innermost last
	text   strings.Builder
	level  int // of the heading that the text is

	size, tables, places int
	steps                int
	failed               error
}

// open is a table that is being built.
type open struct {
	name string
	rows [][]raw
	cell *raw // that is open; nil between cells
	row  bool // a row is open
	deep bool // another table stood in it
}

// raw is a cell as its file has it.
type raw struct {
	blocks        []Block
	rows, columns int  // that it spans
	continues     bool // it goes on with the cell above
}

func newBuilder(ctx context.Context) *builder { return &builder{ctx: ctx} }

// fail keeps the first error.
func (b *builder) fail(err error) {
	if b.failed == nil {
		b.failed = err
	}
}

// step asks now and then whether to go on.
func (b *builder) step() error {
	if b.steps++; b.steps%4096 == 0 && b.failed == nil {
		if err := b.ctx.Err(); err != nil {
			b.fail(err)
		}
	}
	return b.failed
}

// write adds to the paragraph that is open.
func (b *builder) write(s string) {
	if b.size += len(s); b.size > maxText {
		b.fail(errTooMuch)
		return
	}
	b.text.WriteString(s)
}

// paragraph ends the paragraph that is open, if it says anything.
func (b *builder) paragraph() {
	text, level := tidied(b.text.String()), b.level
	b.text.Reset()
	b.level = 0
	if text != "" {
		b.add(Block{Text: text, Level: level})
	}
}

func (b *builder) add(block Block) {
	t := b.inner()
	switch {
	case t == nil:
		b.blocks = append(b.blocks, block)
	case t.cell != nil:
		t.cell.blocks = append(t.cell.blocks, block)
	default:
		t.between(block)
	}
}

// between takes what stands in no cell: into the cell before it, or a row of its own.
func (t *open) between(block Block) {
	last := len(t.rows) - 1
	switch {
	case t.row && last >= 0 && len(t.rows[last]) > 0:
		c := &t.rows[last][len(t.rows[last])-1]
		c.blocks = append(c.blocks, block)
	case t.row && last >= 0:
		t.rows[last] = []raw{{blocks: []Block{block}, rows: 1, columns: 1}}
	default:
		t.rows = append(t.rows, []raw{{blocks: []Block{block}, rows: 1, columns: 1}})
	}
}

// openTable begins a table.
func (b *builder) openTable(name string) {
	b.paragraph()
	if b.tables++; b.tables > maxTables || len(b.stack) >= maxDepth {
		b.fail(errTooMuch)
		return
	}
	if n := len(b.stack); n > 0 {
		b.stack[n-1].deep = true
	}
	b.stack = append(b.stack, &open{name: name})
}

// openRow begins a row; one that is open ends.
func (b *builder) openRow() {
	b.closeCell()
	if t := b.inner(); t != nil {
		if len(t.rows) >= maxRows {
			b.fail(errTooMuch)
			return
		}
		t.rows, t.row = append(t.rows, nil), true
	}
}

// openCell begins a cell; one that is open ends.
func (b *builder) openCell(rows, columns int) {
	b.closeCell()
	t := b.inner()
	if t == nil {
		return
	}
	if !t.row {
		b.openRow()
	}
	if b.places++; b.places > maxPlaces || len(t.rows) == 0 {
		b.fail(errTooMuch)
		return
	}
	t.cell = &raw{rows: max(rows, 1), columns: min(max(columns, 1), maxColumns)}
}

// cell is the cell that is open, or nil.
func (b *builder) cell() *raw {
	if t := b.inner(); t != nil {
		return t.cell
	}
	return nil
}

// closeCell ends the cell that is open.
func (b *builder) closeCell() {
	b.paragraph()
	t := b.inner()
	if t == nil || t.cell == nil {
		return
	}
	last := len(t.rows) - 1
	t.rows[last] = append(t.rows[last], *t.cell)
	t.cell = nil
}

// closeRow ends the row that is open.
func (b *builder) closeRow() {
	b.closeCell()
	if t := b.inner(); t != nil {
		t.row = false
	}
}

func (b *builder) inner() *open {
	if n := len(b.stack); n > 0 {
		return b.stack[n-1]
	}
	return nil
}

// closeTable ends the innermost table. One that other tables stand in is layout: what its cells hold follows in order.
// So that nothing is lost it stands there as a table too, if it looks like one.
func (b *builder) closeTable() {
	b.closeRow()
	t := b.inner()
	if t == nil {
		return
	}
	b.stack = b.stack[:len(b.stack)-1]
	if t.deep {
		for _, row := range t.rows {
			for _, c := range row {
				for _, block := range c.blocks {
					b.add(block)
				}
			}
		}
	}
	grid := b.grid(t.rows)
	if grid == nil || t.deep && (len(grid) < 3 || len(grid[0]) < 3) {
		return
	}
	b.add(Block{Table: &Table{Name: t.name, Rows: grid}})
}

// finish ends whatever is open and returns the document.
func (b *builder) finish(format Format, title string) (*Document, error) {
	for len(b.stack) > 0 {
		b.closeTable()
	}
	b.paragraph()
	if b.failed != nil {
		return nil, b.failed
	}
	return &Document{Format: format, Title: tidied(title), Blocks: b.blocks}, nil
}

// said is the text of a cell, without the tables in it.
func (c *raw) said() string {
	switch len(c.blocks) {
	case 0:
		return ""
	case 1:
		return c.blocks[0].Text
	}
	var texts []string
	for _, block := range c.blocks {
		if block.Table == nil {
			texts = append(texts, block.Text)
		}
	}
	return strings.Join(texts, "\n")
}
