package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// measurePrefix begins the measures that count published disclosures; a category follows.
const measurePrefix = "disclosures.published."

// sheet is a report form, as the pages read it.
type sheet struct {
	form  *reportv1.ReportForm
	cells map[string]*reportv1.FormCell
}

func newSheet(f *reportv1.ReportForm) *sheet {
	s := &sheet{form: f, cells: map[string]*reportv1.FormCell{}}
	for _, p := range f.GetParts() {
		for _, c := range p.GetCells() {
			s.cells[c.GetId()] = c
		}
	}
	return s
}

// categories are the categories of disclosures that a cell counts; none means all of them. ok is false for
// a cell that anything else than disclosures feeds.
func (s *sheet) categories(cell string) (categories []string, ok bool) {
	found := map[string]bool{}
	if !s.collect(cell, found, len(s.cells)) || len(found) == 0 {
		return nil, false
	}
	for _, c := range s.form.GetCategories() {
		if found[c.GetId()] {
			categories = append(categories, c.GetId())
		}
	}
	if found["*"] || len(categories) == len(s.form.GetCategories()) {
		return nil, true
	}
	return categories, true
}

// collect gathers the categories that feed a cell, by itself or through its sum, at most depth sums down.
func (s *sheet) collect(cell string, found map[string]bool, depth int) bool {
	c, ok := s.cells[cell]
	if !ok || depth < 0 {
		return false
	}
	for _, measure := range c.GetFacts() {
		category, ok := strings.CutPrefix(measure, measurePrefix)
		if !ok {
			return false
		}
		found[category] = true
	}
	return !slices.ContainsFunc(c.GetSum(), func(part string) bool { return !s.collect(part, found, depth-1) })
}

// source is the page of what an organisation's own figure stands on: its records, or its report if no
// disclosures feed the cell; empty if there is no report.
func (s *sheet) source(r *reportv1.RollupRow, own subject, cell string) string {
	if categories, ok := s.categories(cell); ok {
		return own.disclosures(categories)
	}
	if r.GetVersion() == 0 {
		return ""
	}
	return own.report(cell)
}

func (s *sheet) category(id string, w words) string {
	for _, c := range s.form.GetCategories() {
		if c.GetId() == id {
			return w.label(c.GetLabel())
		}
	}
	return id
}

// heading is what a cell is called.
func (s *sheet) heading(cell string, w words) string {
	c, ok := s.cells[cell]
	if !ok {
		return cell
	}
	if c.GetUnit() == reportv1.Unit_UNIT_FEN && c.GetPrintedIn() != reportv1.Unit_UNIT_WAN_YUAN { // whose label says so
		return w.label(c.GetLabel()) + w.T("in_yuan")
	}
	return w.label(c.GetLabel())
}

// amount writes a figure in its cell's unit.
func (s *sheet) amount(cell string, value int32) string { return s.amount64(cell, int64(value)) }

// amount64 is amount of a figure that may be larger. Amounts are in the unit that the form prints them in, else in yuan.
func (s *sheet) amount64(cell string, value int64) string {
	sign, n := "", value
	if n < 0 {
		sign, n = "−", -n
	}
	switch c := s.cells[cell]; {
	case c.GetUnit() != reportv1.Unit_UNIT_FEN || value == 0:
		return sign + grouped(n)
	case c.GetPrintedIn() == reportv1.Unit_UNIT_WAN_YUAN:
		const wan = 1_000_000 // fen
		return sign + strings.TrimSuffix(strings.TrimRight(grouped(n/wan)+fmt.Sprintf(".%06d", n%wan), "0"), ".")
	}
	return sign + grouped(n/100) + fmt.Sprintf(".%02d", n%100)
}

// signed writes a difference, with its sign.
func (s *sheet) signed(cell string, value int32) string {
	if value > 0 {
		return "+" + s.amount(cell, value)
	}
	return s.amount(cell, value)
}

func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// figure is one cell of a table.
type figure struct {
	Text    string // on the submitted basis; empty if no report gives one
	Zero    bool
	Link    string // to what it sums
	Records string // on the records basis, where it differs
	Late    string
	Before  string // a year before, on the submitted basis, beside it where it differs that by records
	ToDate  string // the year so far, likewise
	Sum     bool   // of other cells
}

// figure makes a cell of a roll-up that links to what it sums. A figure that no accepted report gives is
// none, and not zero.
func (s *sheet) figure(cell string, f *reportv1.RollupFigure, accepted bool, link string, w words) figure {
	c := figure{Sum: len(s.cells[cell].GetSum()) > 0, Link: link}
	switch {
	case f == nil:
		return figure{Sum: c.Sum}
	case f.GetState() == reportv1.FigureState_FIGURE_STATE_STATED_NONE:
		c.Text = w.T("none")
	case accepted || f.GetSubmitted() != 0:
		c.Text = s.amount64(cell, cmp.Or(f.GetSubmittedFen(), int64(f.GetSubmitted())))
	}
	c.Zero = f.GetSubmitted() == 0 && f.GetRecords() == 0
	if f.Records != nil && f.GetRecords() != f.GetSubmitted() {
		c.Records = s.amount(cell, f.GetRecords())
	}
	if f.GetLate() != 0 {
		c.Late = s.signed(cell, f.GetLate())
	}
	c.Before, c.ToDate = s.both(cell, f.PreviousSubmitted, f.GetPreviousSubmittedFen(), f.PreviousRecords, w), s.both(cell, f.ToDateSubmitted, f.GetToDateSubmittedFen(), f.ToDateRecords, w)
	return c
}

// both writes a figure of another time, with that by records where it differs; empty if there is none.
func (s *sheet) both(cell string, submitted *int32, fen int64, records *int32, w words) string {
	if submitted == nil {
		return ""
	}
	text := s.amount64(cell, cmp.Or(fen, int64(*submitted)))
	if records != nil && *records != *submitted {
		text += w.F("records_beside", s.amount(cell, *records))
	}
	return text
}
