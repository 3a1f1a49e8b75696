package document

import (
	"context"
	"io"
	"path"
	"strconv"
	"strings"

	"gongkai/services/chassis/ooxml"
)

// words reads the main part of a .docx.
type words struct {
	*builder
	*ooxml.Scanner
	levels map[string]int // of headings, by the id of their style
	inText bool
	joined bool // the cell that is open is a part of the one before it
}

// readDOCX reads a text document: what was deleted under revision control is passed over, and what stands in text boxes
// follows where it is anchored.
func readDOCX(ctx context.Context, pkg *ooxml.Package, main string) (*Document, error) {
	levels := headingStyles(pkg, path.Join(path.Dir(main), "styles.xml"))
	in, err := pkg.Part(main)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	w := &words{builder: newBuilder(ctx), Scanner: ooxml.NewScanner(in), levels: levels}
	whole := false
	for {
		if err := w.step(); err != nil {
			return nil, err
		}
		switch k, err := w.Next(); {
		case err == io.EOF && !whole:
			return nil, ooxml.ErrMarkup // it breaks off before its end
		case err == io.EOF:
			return w.finish(DOCX, "")
		case err != nil:
			return nil, err
		case k == ooxml.Text && w.inText:
			w.write(string(w.Append(nil)))
		case k == ooxml.Opening:
			if err := w.opens(); err != nil {
				return nil, err
			}
		case k == ooxml.Closing:
			whole = whole || string(w.Name) == "document"
			w.closes()
		}
	}
}

func (w *words) opens() error {
	switch string(w.Name) {
	case "del", "moveFrom", "Fallback", "rt", "instrText", "delText":
		return w.pass()
	case "p":
		w.paragraph()
	case "pStyle":
		id, _ := w.Attr("val")
		w.level = w.levels[string(id)]
	case "outlineLvl":
		w.level = outline(w.Scanner)
	case "t":
		w.inText = true
	case "tab":
		if w.text.Len() > 0 { // a tab stop that is being defined is none
			w.write(" ")
		}
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("-")
	case "tbl":
		w.openTable("")
	case "tr":
		w.openRow()
	case "gridBefore":
		if n := w.number(); n > 0 {
			w.openCell(1, n)
			w.closeCell()
		}
	case "tc":
		w.openCell(1, 1)
	case "gridSpan", "vMerge", "hMerge":
		w.merge()
	}
	return nil
}

// merge takes what a cell says of its merging.
func (w *words) merge() {
	cell := w.cell()
	if cell == nil {
		return
	}
	value, _ := w.Attr("val")
	goesOn := string(value) != "restart"
	switch string(w.Name) {
	case "gridSpan":
		cell.columns = min(max(w.number(), 1), maxColumns)
	case "vMerge":
		cell.continues = goesOn
	case "hMerge":
		w.joined = goesOn
	}
}

func (w *words) closes() {
	switch string(w.Name) {
	case "p":
		w.paragraph()
	case "t":
		w.inText = false
	case "tc":
		w.closeCell()
		if w.joined {
			w.joinCells()
		}
		w.joined = false
	case "tr":
		w.closeRow()
	case "tbl":
		w.closeTable()
	}
}

// joinCells makes the last cell of a row a part of the one before it.
func (w *words) joinCells() {
	t := w.inner()
	if t == nil || len(t.rows) == 0 {
		return
	}
	row := t.rows[len(t.rows)-1]
	if n := len(row); n > 1 {
		row[n-2].columns = min(row[n-2].columns+row[n-1].columns, maxColumns)
		t.rows[len(t.rows)-1] = row[:n-1]
	}
}

// pass goes behind the end of the element that was just opened.
func (w *words) pass() error {
	for depth := 1; depth > 0; {
		k, err := w.Next()
		if err == nil {
			err = w.step()
		}
		if err != nil {
			return ooxml.Broken(err)
		}
		switch k {
		case ooxml.Opening:
			depth++
		case ooxml.Closing:
			depth--
		}
	}
	return nil
}

func (w *words) number() int {
	value, _ := w.Attr("val")
	n, err := strconv.Atoi(string(value))
	if err != nil {
		return 0
	}
	return n
}

func outline(s *ooxml.Scanner) int {
	value, _ := s.Attr("val")
	if n, err := strconv.Atoi(string(value)); err == nil && n >= 0 && n < 9 {
		return n + 1
	}
	return 0
}

// headingStyles are the levels of the headings that a document's styles define, by the styles' ids. A document without
// styles has none.
func headingStyles(pkg *ooxml.Package, name string) map[string]int {
	levels, id := map[string]int{}, ""
	if !pkg.Has(name) {
		return levels
	}
	// What is wrong with the styles takes nothing from the text.
	_ = pkg.Elements(name, func(s *ooxml.Scanner) bool {
		switch string(s.Name) {
		case "style":
			value, _ := s.Attr("styleId")
			id = string(value)
		case "name":
			value, _ := s.Attr("val")
			rest, isHeading := strings.CutPrefix(strings.ToLower(string(value)), "heading ")
			if n, err := strconv.Atoi(rest); isHeading && err == nil && n > 0 && n < 10 {
				levels[id] = n
			} else if string(value) == "Title" {
				levels[id] = 1
			}
		case "outlineLvl":
			if n := outline(s); n > 0 {
				levels[id] = n
			}
		}
		return len(levels) < 10_000
	})
	return levels
}
