package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/services/chassis/paper"
	"gongkai/services/law/form"

	"github.com/xuri/excelize/v2"
)

var (
	number    = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,6})?$`)
	dangerous = regexp.MustCompile(`^[=+\-@\t\r'＝＋－＠]`)
)

// Widths in the unit of .xlsx, about a digit.
const (
	textWidth  = 90
	tableWidth = 130
)

// lines is how many lines a text takes in a cell.
func lines(text string, width int) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n += max(1, (paper.Width(line)+width-1)/max(width, 1))
	}
	return n
}

// xlsx writes the text on the first sheet, and each table on one of its own.
func (r Report) xlsx(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	const text = "报告"
	s := &sheets{File: f}
	s.do(f.SetSheetName("Sheet1", text))
	s.do(f.SetDocProps(&excelize.DocProperties{Title: r.Title(), Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z", Creator: r.Organization}))
	s.style()
	s.do(f.SetColWidth(text, "A", "A", textWidth))
	row := 1
	line := func(value string, style int) {
		s.set(text, row, 1, value, style)
		s.height(text, row, lines(value, textWidth))
		row++
	}
	line(r.Title(), s.title)
	tables := 0
	for _, section := range r.sections() {
		line(section.heading, s.heading)
		for _, b := range section.blocks {
			switch b := b.(type) {
			case paper.Paragraph:
				line(b.Text(), s.body)
			case paper.Table:
				tables++
				name := sheetName(tables, section.heading)
				s.table(name, section.heading, b)
			}
		}
	}
	s.print(text, "portrait", 0)
	if s.err != nil {
		return s.err
	}
	return s.write(w)
}

// write writes the workbook, the parts of its archive in order: the library's own order is another each time.
func (s *sheets) write(w io.Writer) error {
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		return err
	}
	archive, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	sorted := zip.NewWriter(w)
	for _, part := range archive.File {
		write := sorted.Copy
		if part.Name == contentTypes {
			write = func(part *zip.File) error { return sortTypes(sorted, part) }
		}
		if err := write(part); err != nil {
			return err
		}
	}
	return sorted.Close()
}

// contentTypes is the part that lists what the others are; where there is a chart, excelize lists them in any order.
const contentTypes = "[Content_Types].xml"

var typeEntries = []*regexp.Regexp{
	regexp.MustCompile(`<Default [^>]*?(/>|></Default>)`), regexp.MustCompile(`<Override [^>]*?(/>|></Override>)`),
}

// sortTypes copies the list of content types with its entries in order.
func sortTypes(to *zip.Writer, part *zip.File) error {
	from, err := part.Open()
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // it is only read
	text, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	for _, entry := range typeEntries {
		entries := entry.FindAllString(string(text), -1)
		slices.Sort(entries)
		next := 0
		text = entry.ReplaceAllFunc(text, func([]byte) []byte {
			next++
			return []byte(entries[next-1])
		})
	}
	out, err := to.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// sheetName is the name of a table's sheet: what office programs take, and no name twice.
func sheetName(n int, heading string) string {
	_, label, _ := strings.Cut(heading, "、")
	name := []rune(fmt.Sprintf("表%d %s", n, strings.NewReplacer(":", "", "\\", "", "/", "", "?", "", "*", "", "[", "", "]", "", "'", "").Replace(label)))
	return string(name[:min(len(name), 31)])
}

// sheets writes into a workbook until the first error.
type sheets struct {
	*excelize.File
	err                               error
	title, heading, body, head, value int // styles
}

func (s *sheets) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheets) style() {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "000000", Style: 1})
	}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	for _, made := range []struct {
		into  *int
		style excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Family: "黑体", Size: 16}, Alignment: middle}},
		{&s.heading, excelize.Style{Font: &excelize.Font{Family: "黑体", Size: 12}, Alignment: &excelize.Alignment{WrapText: true}}},
		{&s.body, excelize.Style{Font: &excelize.Font{Family: "宋体", Size: 11}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&s.head, excelize.Style{Font: &excelize.Font{Family: "宋体", Size: 10}, Alignment: middle, Border: border}},
		{&s.value, excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 10}, Alignment: middle, Border: border}},
	} {
		id, err := s.NewStyle(&made.style)
		s.do(err)
		*made.into = id
	}
}

// set sets a cell: a number as one, all else as text.
func (s *sheets) set(sheet string, row, column int, value string, style int) {
	at, err := excelize.CoordinatesToCellName(column, row)
	s.do(err)
	if n, err := strconv.ParseFloat(value, 64); err == nil && number.MatchString(value) {
		s.do(s.SetCellFloat(sheet, at, n, -1, 64))
	} else {
		s.do(s.SetCellStr(sheet, at, paper.Clean(value)))
	}
	s.do(s.SetCellStyle(sheet, at, at, style))
}

// table writes a table on a sheet of its own, below its heading, ready for print on A4 across.
func (s *sheets) table(name, heading string, t paper.Table) {
	_, err := s.NewSheet(name)
	s.do(err)
	total := 0
	for _, w := range t.Widths {
		total += w
	}
	width := make([]int, len(t.Widths))
	for i, w := range t.Widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		s.do(err)
		width[i] = max(7, w*tableWidth/total)
		s.do(s.SetColWidth(name, column, column, float64(width[i])))
	}
	s.set(name, 1, 1, heading, s.heading)
	end, err := excelize.CoordinatesToCellName(len(t.Widths), 1)
	s.do(err)
	s.do(s.MergeCell(name, "A1", end))
	places, err := t.Places()
	s.do(err)
	for i, row := range places {
		high := 1
		for k, p := range row {
			if !p.First {
				continue
			}
			style, room := s.value, 0
			if p.Head {
				style = s.head
			}
			for _, w := range width[k : k+p.Columns] {
				room += w
			}
			if p.Rows == 1 {
				high = max(high, lines(p.Text, room-2))
			}
			s.set(name, i+2, k+1, p.Text, style)
			s.merge(name, i+2, k+1, p, style)
		}
		s.height(name, i+2, high)
	}
	s.print(name, "landscape", 1)
}

// merge joins the places of a cell, which all have its style, for their borders.
func (s *sheets) merge(sheet string, row, column int, p paper.Place, style int) {
	if p.Columns*p.Rows == 1 {
		return
	}
	from, err := excelize.CoordinatesToCellName(column, row)
	s.do(err)
	to, err := excelize.CoordinatesToCellName(column+p.Columns-1, row+p.Rows-1)
	s.do(err)
	s.do(s.SetCellStyle(sheet, from, to, style))
	s.do(s.MergeCell(sheet, from, to))
}

// height makes room for so many lines: not every office program does.
func (s *sheets) height(sheet string, row, lines int) {
	s.do(s.SetRowHeight(sheet, row, min(float64(lines)*15+4, 400)))
}

// print makes a sheet as wide as A4, and so many pages high, 0 for as many as it needs.
func (s *sheets) print(sheet, orientation string, pages int) {
	a4, one, yes := 9, 1, true
	s.do(s.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &a4, FitToWidth: &one, FitToHeight: &pages}))
	s.do(s.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
}

// csv writes a paragraph a line and a table's row a line; a merged cell stands at the first of its places.
func (r Report) csv(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // else spreadsheets take it for GBK
		return err
	}
	out := csv.NewWriter(w)
	write := func(record ...string) {
		for i, s := range record {
			if record[i] = paper.Clean(s); dangerous.MatchString(record[i]) && !number.MatchString(record[i]) {
				record[i] = "'" + record[i]
			}
		}
		_ = out.Write(record) // told by Error
	}
	write(r.Title())
	for _, section := range r.sections() {
		write(section.heading)
		for _, b := range section.blocks {
			switch b := b.(type) {
			case paper.Paragraph:
				write(b.Text())
			case paper.Table:
				places, err := b.Places()
				if err != nil {
					return err
				}
				for _, row := range places {
					record := make([]string, len(row))
					for k, p := range row {
						if p.First {
							record[k] = p.Text
						}
					}
					write(record...)
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// message is a report as REST returns it, with the organisation's name.
type message struct {
	Name         string          `json:"name"`
	Organization string          `json:"organization"`
	Form         string          `json:"form"`
	Figures      []messageFigure `json:"figures"`
	Narratives   []messageText   `json:"narratives"`
}

type messageFigure struct {
	Cell  string `json:"cell"`
	Value int64  `json:"value"`
	State string `json:"state"`
}

type messageText struct {
	Part     string `json:"part"`
	Markdown string `json:"markdown"`
}

func (r Report) json(w io.Writer) error {
	m := message{Name: r.Name, Organization: r.Organization, Form: "reportForms/" + r.Form.ID, Figures: []messageFigure{}, Narratives: []messageText{}}
	for _, c := range r.Form.Cells() {
		if f := r.Figures[c.ID]; f.State != form.Unknown {
			m.Figures = append(m.Figures, messageFigure{c.ID, f.Value, stateName(f.State)})
		}
	}
	for _, p := range r.Form.Parts {
		if text := r.Narratives[p.ID]; text != "" {
			m.Narratives = append(m.Narratives, messageText{p.ID, text})
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(m)
}

// stateName is a state as the contract calls it.
func stateName(s form.State) string {
	switch s {
	case form.Derived:
		return "FIGURE_STATE_DERIVED"
	case form.StatedNone:
		return "FIGURE_STATE_STATED_NONE"
	case form.Typed, form.Given:
		return "FIGURE_STATE_TYPED"
	case form.Summed:
		return "FIGURE_STATE_SUMMED"
	}
	return "FIGURE_STATE_UNFILLED"
}
