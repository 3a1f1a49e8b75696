package ledger

import (
	"slices"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/law"
	"gongkai/services/law/form"
)

// sheet makes rows of the lines of one sheet.
type sheet struct {
	name  string
	forms form.Forms
	later int

	known    bool // the header was found
	told     bool // what there is to say of it has been said
	given    bool // there is nothing more to read in this sheet
	before   int  // lines that were no header
	header   int  // its line
	columns  [fields]column
	more     []int // columns that continue the content
	strange  []column
	findings []Finding // of the header
}

// titleLines is how many lines may stand above the header.
const titleLines = 20

// read makes of a line what it comes to: nothing, a row, or the header's findings and a row.
func (s *sheet) read(l line) []*Row {
	if !s.known {
		if !s.readHeader(l) {
			s.before++
			s.given = s.before > titleLines
		}
		return nil
	}
	if !s.told && s.secondHeader(l) {
		return nil
	}
	rows := s.tell()
	if s.given {
		return rows
	}
	if r := s.row(l); r != nil {
		rows = append(rows, r)
	}
	return rows
}

// end is what is left to say when the sheet has been read.
func (s *sheet) end(oneOfSeveral bool) []*Row {
	switch {
	case s.known:
		return s.tell()
	case s.before == 0 || !oneOfSeveral || strings.Contains(s.name, "说明"):
		return nil
	}
	return []*Row{{Sheet: s.name, Findings: []Finding{{Note: true, Violation: law.Violation{Reason: SheetSkipped}}}}}
}

// readHeader takes a line as the header if it names a title and something else.
func (s *sheet) readHeader(l line) bool {
	var found [fields]bool
	others := 0
	for _, c := range l.cells {
		if f := names[key(c.text)]; f != ignored && f != serial && !found[f] {
			found[f] = true
			others++
		}
	}
	if !found[title] || others < 2 {
		return false
	}
	s.known, s.header = true, l.number
	for i, c := range l.cells {
		s.take(i, c)
	}
	return true
}

// take takes a cell of the header as the name of its column.
func (s *sheet) take(i int, c cell) {
	header := clipped(c.text)
	if header == "" {
		return
	}
	here := column{index: i, letter: letter(i), header: header, found: true}
	switch f := names[key(header)]; {
	case f == ignored:
		s.strange = append(s.strange, here)
	case f == continued:
		s.more = append(s.more, i)
	case f == serial && s.columns[f].found:
	case s.columns[f].found:
		s.findings = append(s.findings, here.says(ColumnTwice, false, "column", header, "other", s.columns[f].header))
	default:
		s.columns[f] = here
	}
}

// says makes a finding of a column.
func (c column) says(r law.Reason, note bool, kv ...string) Finding {
	values := make(map[string]string, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		values[kv[i]] = kv[i+1]
	}
	return Finding{Column: c.letter, Header: c.header, Note: note, Violation: law.Violation{Reason: r, Values: values}}
}

// secondHeader takes the line below the header as its second half if all it holds are names of columns: those that
// stand under a merged cell.
func (s *sheet) secondHeader(l line) bool {
	if l.number != s.header+1 {
		return false
	}
	var named []int
	for i, c := range l.cells {
		switch header := clipped(c.text); {
		case header == "" || header == s.headerOf(i): // a merged cell holds for this line too
		case names[key(header)] == ignored:
			return false
		default:
			named = append(named, i)
		}
	}
	if len(named) == 0 {
		return false
	}
	for _, i := range named {
		s.strange = slices.DeleteFunc(s.strange, func(above column) bool { return above.index == i })
		s.take(i, l.cells[i])
	}
	s.header++
	return true
}

// headerOf is what the first line of the header calls a column.
func (s *sheet) headerOf(i int) string {
	for _, c := range append(s.columns[:], s.strange...) {
		if c.found && c.index == i {
			return c.header
		}
	}
	return ""
}

// tell says once what there is to say of the header.
func (s *sheet) tell() []*Row {
	if s.told {
		return nil
	}
	s.told = true
	if !s.columns[category].found {
		s.findings = append(s.findings, column{}.says(ColumnMissing, false, "column", namings()[category].header))
	}
	s.given = len(s.findings) > 0
	for _, c := range s.strange {
		s.findings = append(s.findings, c.says(ColumnUnknown, true, "column", c.header))
	}
	if len(s.findings) == 0 {
		return nil
	}
	return []*Row{{Sheet: s.name, Number: s.header, Findings: s.findings}}
}

// row makes a row of a line, or nil of one that is no row.
func (s *sheet) row(l line) *Row {
	if s.blank(l) || squeezed(s.at(l, serial).text) == example || clipped(s.at(l, title).text) == s.columns[title].header {
		return nil
	}
	r := &Row{Sheet: s.name, Number: l.number, Draft: &disclosurev1.Disclosure{}, columns: &s.columns}
	in := reader{sheet: s, line: l, row: r}
	in.all()
	return r
}

// example is the serial number of a row that only shows how it is done.
const example = "示例"

func (s *sheet) at(l line, f field) cell {
	if c := s.columns[f]; c.found && c.index < len(l.cells) {
		return l.cells[c.index]
	}
	return cell{}
}

func (s *sheet) blank(l line) bool {
	for f := title; f < serial; f++ {
		if c := s.at(l, f); c.kind != written || trimmed(c.text) != "" {
			return false
		}
	}
	return true
}
