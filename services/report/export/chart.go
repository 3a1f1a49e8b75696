package export

import (
	"fmt"
	"slices"

	"gongkai/services/law/form"

	"github.com/xuri/excelize/v2"
)

// chartSheet is the name of the sheet with the chart.
const chartSheet = "图示"

// Bounds of what can still be read in a chart.
const (
	maxStretches = 8
	maxBars      = 40
)

// charted is what a chart draws of a sheet: a total that is the sum of a few of its cells.
type charted struct {
	sheet string
	group group
	total int   // its place in the group
	parts []int // theirs
}

// chartedIn finds the first such total of a group; false if it has none.
func chartedIn(sheet string, g group) (charted, bool) {
	for i, c := range g.cells {
		if len(c.Sum) < 2 || len(c.Sum) > maxStretches {
			continue
		}
		found := charted{sheet: sheet, group: g, total: i}
		for _, id := range c.Sum {
			if at := slices.IndexFunc(g.cells, func(c form.Cell) bool { return c.ID == id }); at >= 0 {
				found.parts = append(found.parts, at)
			}
		}
		if len(found.parts) == len(c.Sum) {
			return found, true
		}
	}
	return charted{}, false
}

// chart draws a bar an organisation, in stretches by part, from the figures of another sheet.
func (b *book) chart(c charted) {
	bars := min(len(b.rollup.GetRows()), maxBars)
	if bars == 0 {
		return
	}
	_, err := b.NewSheet(chartSheet)
	b.do(err)
	var series []excelize.ChartSeries
	for _, at := range c.parts {
		column, err := excelize.ColumnNumberToName(at + 3)
		b.do(err)
		heading := 1 // cells of one row of a table are told apart by their column, in the second line
		if h := c.group.heads[at]; h[1] != "" && h[0] == c.group.heads[c.total][0] {
			heading = 2
		}
		series = append(series, excelize.ChartSeries{
			Name:       fmt.Sprintf("'%s'!$%s$%d", c.sheet, column, heading),
			Categories: fmt.Sprintf("'%s'!$B$3:$B$%d", c.sheet, bars+2),
			Values:     fmt.Sprintf("'%s'!$%s$3:$%s$%d", c.sheet, column, column, bars+2),
		})
	}
	b.print(chartSheet, "landscape", 1)
	dark := excelize.Font{Color: "1D2733"}
	b.do(b.AddChart(chartSheet, "A1", &excelize.Chart{
		Type: excelize.BarStacked, Series: series,
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.group.cells[c.total].Label.Zh}}},
		Legend:    excelize.ChartLegend{Position: "bottom"},
		YAxis:     excelize.ChartAxis{MajorGridLines: true, Font: dark},
		XAxis:     excelize.ChartAxis{ReverseOrder: true, Font: dark},
		Dimension: excelize.ChartDimension{Width: 960, Height: uint(160 + 28*bars)},
	}))
}
