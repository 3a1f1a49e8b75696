package page

import (
	"fmt"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// chart is a drawing of a roll-up: a bar an organisation, a stretch of it a part of the form's first total.
type chart struct {
	Title, Desc   string
	Width, Height int
	Legend        []legend
	Bars          []bar
}

// legend names a part of the bars.
type legend struct {
	Label       string
	Class       string
	X, Y, TextX int
}

// bar is one organisation's.
type bar struct {
	Name, Value      string
	Y, TextY, ValueX int
	Stretches        []stretch
	Before, BeforeY  int // width of the bar of the year before; 0: none
	BeforeTitle      string
}

// stretch is a part of a bar.
type stretch struct {
	Class, Title string
	X, Width     int
}

// Measures of the drawing, in its own units.
const (
	chartWidth = 960
	chartLeft  = 230 // of the bars; names stand before it
	chartBars  = 620 // the longest bar
	chartRow   = 30
	chartKeys  = 4 // legends in a line
	maxParts   = 8
	maxBars    = 40
)

// makeChart draws the records, or for who sees none the accepted reports; nil where there is nothing to draw.
func makeChart(m *reportv1.Rollup, form *sheet, w words) *chart {
	total := form.firstTotal()
	if total == nil {
		return nil
	}
	value := func(f *reportv1.RollupFigure) int32 {
		if f.Records != nil {
			return max(0, f.GetRecords())
		}
		return max(0, f.GetSubmitted())
	}
	var most int32
	for _, r := range m.GetRows() {
		f := r.GetFigures()[total.GetId()]
		most = max(most, value(f), f.GetPreviousSubmitted(), f.GetPreviousRecords())
	}
	if most == 0 {
		return nil
	}
	wide := func(n int32) int { return int(int64(n) * chartBars / int64(most)) }
	basis := "by_report"
	if !m.GetAcceptedOnly() {
		basis = "by_records"
	}
	c := &chart{Title: form.heading(total.GetId(), w) + w.T("colon") + w.T(basis), Desc: w.T("chart_desc"), Width: chartWidth}
	for i, part := range total.GetSum() {
		x := chartLeft + i%chartKeys*180
		c.Legend = append(c.Legend, legend{form.heading(part, w), fmt.Sprint("c", i), x, 8 + i/chartKeys*22, x + 20})
	}
	y := 20 + (len(total.GetSum())+chartKeys-1)/chartKeys*22
	for _, r := range m.GetRows() {
		f := r.GetFigures()[total.GetId()]
		before := max(f.GetPreviousSubmitted(), f.GetPreviousRecords())
		if value(f) == 0 && before == 0 || len(c.Bars) == maxBars {
			continue
		}
		b := bar{Name: r.GetDisplayName(), Value: form.amount(total.GetId(), value(f)), Y: y, TextY: y + 15, BeforeY: y + 21, Before: wide(before)}
		b.BeforeTitle = w.T("year_before") + " " + form.amount(total.GetId(), before)
		x := chartLeft
		for i, part := range total.GetSum() {
			n := value(r.GetFigures()[part])
			if width := wide(n); width > 0 {
				b.Stretches = append(b.Stretches, stretch{fmt.Sprint("c", i), form.heading(part, w) + " " + form.amount(part, n), x, width})
				x += width
			}
		}
		b.ValueX = x + 6
		c.Bars = append(c.Bars, b)
		y += chartRow
	}
	c.Height = y
	return c
}

// firstTotal is the form's first sum of few parts; nil if it has none.
func (s *sheet) firstTotal() *reportv1.FormCell {
	for _, p := range s.form.GetParts() {
		for _, c := range p.GetCells() {
			if n := len(c.GetSum()); n > 1 && n <= maxParts {
				return c
			}
		}
	}
	return nil
}
