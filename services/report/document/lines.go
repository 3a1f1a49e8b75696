package document

import (
	"context"
	"regexp"
	"strings"
)

// readText reads lines as paragraphs, the headings and tables of Markdown, and as tables what is parted by tabs or bars.
// Where bars part cells that stand on lines of their own, as the text of a page has them, which of them make a row is
// lost: they are a table of one column. So it is where bars only fill up the rows, as then blank cells are lost too.
func readText(ctx context.Context, text string) (*Document, error) {
	r := lineReader{builder: newBuilder(ctx), filled: filledUp.MatchString(text) && !underHead.MatchString(text)}
	for line := range strings.Lines(text) {
		r.line(strings.TrimRight(line, "\r\n"))
		if err := r.step(); err != nil {
			return nil, err
		}
	}
	if r.lone && len(r.pending) == 1 { // a cell, cut off before its bar
		last := r.pending[0]
		r.pending = nil
		r.row([]string{last})
	}
	r.flush()
	return r.finish(Text, "")
}

// lineReader reads a text line by line.
type lineReader struct {
	*builder
	filled  bool // bars stand for merged cells, and blank cells may be left out
	blank   int  // cells, or what fills up a row, since the last that says something
	inTable bool
	lone    bool     // its last row was a cell on a line of its own
	pending []string // lines that may be a cell, whose bar is on the next line
}

const mostPending = 4 // lines of a cell

var (
	count     = regexp.MustCompile(`^[+＋-]?[0-9]`)
	filledUp  = regexp.MustCompile(`(?m)\|\|[ \t\r]*$`)
	underHead = regexp.MustCompile(`(?m)^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[-:| \t\r]*$`)
)

func (r *lineReader) line(raw string) {
	line := strings.TrimFunc(raw, isMargin)
	if line == "" {
		if !r.lone {
			r.flush()
			r.close()
		}
		return
	}
	if strings.Trim(line, "| ") == "" && len(r.pending) > 0 {
		last := len(r.pending) - 1
		cell := r.pending[last]
		if r.pending = r.pending[:last]; !r.lone {
			r.flush()
		}
		r.row([]string{cell})
		return
	}
	if cells := barred(line, r.inTable); cells != nil {
		r.bars(cells)
		return
	}
	if cells := tabbed(raw, r.inTable && !r.lone); cells != nil {
		r.row(cells)
		return
	}
	if !r.lone || len(r.pending) == mostPending {
		r.flush()
	}
	r.pending = append(r.pending, line)
}

// bars adds a row of cells that bars part: where they fill up rows each by itself, and those only that say something or
// stand before a figure.
func (r *lineReader) bars(cells []string) {
	if !r.filled {
		r.row(cells)
		return
	}
	if len(cells) == 1 && strings.TrimFunc(cells[0], isMargin) == "" {
		r.blank++
		return
	}
	for _, c := range cells {
		if c = strings.TrimFunc(c, isMargin); c == "" {
			r.blank++
			continue
		}
		if r.inTable && count.MatchString(c) { // a blank cell stands before a figure, what fills up a row behind the last
			for range min(r.blank, maxColumns) {
				r.row([]string{""})
			}
		}
		r.blank = 0
		r.row([]string{c})
	}
}

// row adds a row, which ends what was pending.
func (r *lineReader) row(cells []string) {
	if r.lone && len(r.pending) > 0 {
		cells[0] = strings.Join(append(r.pending, cells[0]), "\n")
		r.pending = nil
	}
	r.flush()
	if !r.inTable {
		r.openTable("")
		r.inTable = true
	}
	r.lone = len(cells) == 1
	if !isRule(cells) {
		r.cells(cells)
	}
}

// flush writes what is pending as paragraphs.
func (r *lineReader) flush() {
	lines := r.pending
	r.pending = nil
	for _, line := range lines {
		r.close()
		rest := strings.TrimLeft(line, "#")
		if n := len(line) - len(rest); n > 0 && n < 7 && strings.HasPrefix(rest, " ") {
			r.level, line = n, rest
		}
		r.write(line)
		r.paragraph()
	}
}

func (r *lineReader) close() {
	if r.inTable {
		r.closeTable()
		r.inTable, r.lone = false, false
	}
}

// tabbed are the cells of a line that are parted by tabs, as office programs copy a table, blank ones too; nil if it is a
// line of text.
func tabbed(line string, inTable bool) []string {
	tabs := strings.Count(line, "\t")
	if tabs == 0 {
		return nil
	}
	cells := strings.Split(line, "\t")
	said := 0
	for _, c := range cells {
		if strings.TrimFunc(c, isMargin) != "" {
			said++
		}
	}
	if said > 1 || inTable && tabs > 1 {
		return cells
	}
	return nil
}

// cells adds a row.
func (b *builder) cells(texts []string) {
	b.openRow()
	for _, s := range texts {
		b.openCell(1, 1)
		b.write(s)
	}
	b.closeRow()
}

var lineBreak = regexp.MustCompile(`(?i)<br\s*/?>`)

// barred are the cells of a line that are parted by bars; nil if it is a line of text. A line has cells if it begins or
// ends with a bar, or has two.
func barred(line string, inTable bool) []string {
	bars := strings.Count(line, "|")
	rest, begins := strings.CutPrefix(line, "|")
	rest, ends := strings.CutSuffix(rest, "|")
	if bars == 0 || bars == 1 && !begins && !ends && !inTable {
		return nil
	}
	const bar = "\x00"
	cells := strings.Split(strings.ReplaceAll(rest, `\|`, bar), "|")
	for i, c := range cells {
		cells[i] = lineBreak.ReplaceAllString(strings.ReplaceAll(c, bar, "|"), "\n")
	}
	return cells
}

// isRule tells whether cells are the line below the header of Markdown.
func isRule(cells []string) bool {
	line := strings.Join(cells, "")
	return strings.Trim(line, " -:") == "" && strings.Contains(line, "-")
}
