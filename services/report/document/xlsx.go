package document

import (
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"gongkai/services/chassis/ooxml"
)

const (
	maxSheets  = 100
	maxStrings = 1 << 20
	maxMerges  = 100_000
)

// workbook is an open spreadsheet.
type workbook struct {
	*ooxml.Package
	builder *builder
	strings []string // that cells share
}

// readXLSX reads the sheets that are shown, each as one table.
func readXLSX(ctx context.Context, pkg *ooxml.Package, main string) (*Document, error) {
	w := &workbook{Package: pkg, builder: newBuilder(ctx)}
	targets, err := pkg.Relations(main, "/worksheet")
	if err != nil {
		return nil, err
	}
	var names, parts []string
	err = pkg.Elements(main, func(s *ooxml.Scanner) bool {
		state, _ := s.Attr("state")
		if string(s.Name) != "sheet" || string(state) == "hidden" || string(state) == "veryHidden" {
			return true
		}
		name, _ := s.Attr("name")
		if id, _ := s.Attr("id"); targets[string(id)] != "" {
			names, parts = append(names, tidied(strings.ToValidUTF8(string(name), "\uFFFD"))), append(parts, targets[string(id)])
		}
		return len(names) < maxSheets
	})
	if err != nil {
		return nil, err
	}
	if err := w.readStrings(path.Join(path.Dir(main), "sharedstrings.xml")); err != nil {
		return nil, err
	}
	for i, part := range parts {
		if err := w.readSheet(names[i], part); err != nil {
			return nil, err
		}
	}
	return w.builder.finish(XLSX, "")
}

// readStrings reads the strings that cells share; a workbook may have none.
func (w *workbook) readStrings(name string) error {
	if !w.Has(name) {
		return nil
	}
	in, err := w.Part(name)
	if err != nil {
		return err
	}
	defer in.Close()
	s := ooxml.NewScanner(in)
	size, inText, phonetic := 0, false, false
	var whole []byte
	for {
		k, err := s.Next()
		if err == nil {
			err = w.builder.step()
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case k == ooxml.Text && inText && !phonetic:
			whole = s.Append(whole)
		case k == ooxml.Text:
		case string(s.Name) == "t":
			inText = k == ooxml.Opening
		case string(s.Name) == "rPh":
			phonetic = k == ooxml.Opening
		case string(s.Name) == "si" && k == ooxml.Opening:
			whole = whole[:0]
		case string(s.Name) == "si":
			if size += len(whole); size > maxText || len(w.strings) == maxStrings {
				return errTooMuch
			}
			w.strings = append(w.strings, ooxml.UnescapeControls(string(whole)))
		}
	}
}

// sheet reads the cells of one sheet.
type sheet struct {
	*workbook
	*ooxml.Scanner
	grid  [][]Cell
	width int
	row   int // from 1
	last  int // column
	ended bool
	spans []merge
	buf   []byte
}

type merge struct{ from, to ooxml.Place }

func (w *workbook) readSheet(name, part string) error {
	in, err := w.Part(part)
	if err != nil {
		return err
	}
	defer in.Close()
	s := &sheet{workbook: w, Scanner: ooxml.NewScanner(in)}
	for {
		k, err := s.Next()
		if err == nil {
			err = w.builder.step()
		}
		switch {
		case err == io.EOF && !s.ended:
			return ooxml.ErrMarkup // it breaks off before its end
		case err == io.EOF:
			s.spread()
			if grid := w.builder.squared(s.grid, s.width); len(grid) > 0 {
				w.builder.add(Block{Table: &Table{Name: name, Rows: grid}})
			}
			return nil
		case err != nil:
			return err
		}
		if err := s.take(k); err != nil {
			return err
		}
	}
}

func (s *sheet) take(k ooxml.Kind) error {
	switch name := string(s.Name); {
	case k == ooxml.Text:
	case name == "sheetData":
		s.ended = s.ended || k == ooxml.Closing || s.Empty
	case k == ooxml.Closing:
	case name == "row":
		s.row++
		if r, ok := s.Attr("r"); ok {
			if n, err := strconv.Atoi(string(r)); err == nil && n > s.row {
				s.row = n
			}
		}
		s.last = -1
	case name == "c":
		return s.readCell()
	case name == "mergeCell":
		return s.merges()
	}
	return nil
}

// readCell reads a cell that has just been opened.
func (s *sheet) readCell() error {
	column := s.last + 1
	if ref, ok := s.Attr("r"); ok {
		if p, ok := ooxml.PlaceOf(ref); ok && p.Column >= column {
			column = p.Column
		}
	}
	s.last = column
	t, _ := s.Attr("t")
	kind := string(t)
	inText, phonetic, formula := false, false, false
	s.buf = s.buf[:0]
	for {
		k, err := s.Next()
		if err != nil {
			return ooxml.Broken(err)
		}
		switch {
		case k == ooxml.Text && inText && !phonetic:
			if s.buf = s.Append(s.buf); len(s.buf) > ooxml.Longest {
				return ooxml.ErrLong
			}
		case k == ooxml.Text:
		case string(s.Name) == "v", string(s.Name) == "t":
			inText = k == ooxml.Opening
		case string(s.Name) == "rPh":
			phonetic = k == ooxml.Opening
		case string(s.Name) == "f" && k == ooxml.Opening:
			formula = true
		case string(s.Name) == "c" && k == ooxml.Closing:
			text, err := s.said(kind, formula)
			if err == nil && text != "" {
				err = s.put(column, text)
			}
			return err
		}
	}
}

// said is what a cell shows.
func (s *sheet) said(kind string, formula bool) (string, error) {
	switch kind {
	case "s":
		if len(s.buf) == 0 {
			return "", nil
		}
		i, err := strconv.Atoi(string(s.buf))
		if err != nil || i < 0 || i >= len(s.strings) {
			return "", errors.New("a cell names a shared string that is not there")
		}
		return tidied(s.strings[i]), nil
	case "", "n":
		return shortened(string(s.buf)), nil
	}
	return tidied(ooxml.UnescapeControls(string(s.buf))), nil
}

// shortened writes a number without the digits that only binary fractions have.
func shortened(s string) string {
	if !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f > 1e15 || f < -1e15 {
		return s
	}
	text := strconv.FormatFloat(f, 'f', 8, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func (s *sheet) put(column int, text string) error {
	if s.row > maxRows || column >= maxColumns {
		return errTooMuch
	}
	if s.builder.size += len(text); s.builder.size > maxText {
		return errTooMuch
	}
	s.at(max(s.row, 1)-1, column).Text = text // a cell may stand in no row
	return nil
}

// at is a place of the grid, which grows to hold it.
func (s *sheet) at(row, column int) *Cell {
	for len(s.grid) <= row {
		s.grid = append(s.grid, nil)
	}
	for len(s.grid[row]) <= column {
		s.grid[row] = append(s.grid[row], Cell{Row: row, Column: len(s.grid[row])})
		s.builder.places++
	}
	s.width = max(s.width, column+1)
	return &s.grid[row][column]
}

func (s *sheet) merges() error {
	ref, _ := s.Attr("ref")
	first, last, ok := strings.Cut(string(ref), ":")
	from, okFrom := ooxml.PlaceOf([]byte(first))
	to, okTo := ooxml.PlaceOf([]byte(last))
	if ok && okFrom && okTo && to.Row >= from.Row && to.Column >= from.Column {
		s.spans = append(s.spans, merge{from, to})
	}
	if len(s.spans) > maxMerges {
		return errTooMuch
	}
	return nil
}

// spread puts a merged cell at each place that it covers, as far as anything stands in the sheet, and takes out the rows
// that say nothing.
func (s *sheet) spread() {
	height, width, covered := len(s.grid), s.width, 0
	for _, m := range s.spans {
		row, column := m.from.Row-1, m.from.Column
		if row >= height || column >= width || column >= len(s.grid[row]) {
			continue
		}
		from := s.grid[row][column]
		for r := row; r < min(m.to.Row, height); r++ {
			for c := column; c <= min(m.to.Column, width-1); c++ {
				if covered++; covered > maxPlaces || s.builder.places > maxPlaces {
					s.builder.fail(errTooMuch)
					return
				}
				*s.at(r, c) = from
			}
		}
	}
	s.grid = slices.DeleteFunc(s.grid, func(row []Cell) bool {
		return !slices.ContainsFunc(row, func(c Cell) bool { return c.Text != "" })
	})
}
