package demo

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// Table writes a roll-up for a terminal: organisations down, figures across, both bases where they differ, then who
// is missing, was returned or has late records, and every difference with its cause. Form is the roll-up's; lang is
// zh or en, and empty means zh.
//
// Across are the form's cells that are in no other's sum, and the disclosures by category; those of them that are
// zero in every organisation are named below the table.
func Table(w io.Writer, r *reportv1.Rollup, form *reportv1.ReportForm, lang string) error {
	shown, zero := columns(form, r)
	p := printer{wordsIn(lang), shown, zero, r}
	t := table.NewWriter()
	t.SetStyle(table.StyleDefault)
	t.Style().Options = table.Options{SeparateHeader: true, SeparateFooter: true}
	t.Style().Box.PaddingLeft, t.Style().Box.PaddingRight = "", "  "
	t.Style().Format.Header, t.Style().Format.Footer = text.FormatDefault, text.FormatDefault
	t.SetColumnConfigs(p.alignment())
	t.AppendHeader(p.header())
	for _, row := range r.GetRows() {
		t.AppendRow(p.row(row))
	}
	t.AppendFooter(p.total())

	period := fmt.Sprintf(p.title, r.GetDisplayName(), r.GetPeriod())
	_, err := fmt.Fprintf(w, "%s\n%s\n\n%s\n\n%s", period, p.pick(form.GetTitle()), trimLines(t.Render()), p.remarks(form))
	return err
}

// printer knows what a table is made of.
type printer struct {
	words
	columns []*reportv1.FormCell
	zeros   []*reportv1.FormCell
	rollup  *reportv1.Rollup
}

// columns are the cells that a table shows, and those that it would show if they were not all zero.
func columns(form *reportv1.ReportForm, r *reportv1.Rollup) (shown, zero []*reportv1.FormCell) {
	summed, categories := map[string]bool{}, map[string]bool{}
	for _, c := range form.GetCategories() {
		categories["disclosures.published."+c.GetId()] = true
	}
	var all []*reportv1.FormCell
	for _, part := range form.GetParts() {
		all = append(all, part.GetCells()...)
	}
	for _, c := range all {
		for _, addend := range c.GetSum() {
			summed[addend] = true
		}
	}
	for _, c := range all {
		byCategory := slices.ContainsFunc(c.GetFacts(), func(fact string) bool { return categories[fact] })
		switch {
		case summed[c.GetId()] && !byCategory:
		case !byCategory && allZero(r, c.GetId()):
			zero = append(zero, c)
		default:
			shown = append(shown, c)
		}
	}
	return shown, zero
}

func allZero(r *reportv1.Rollup, cell string) bool {
	return !slices.ContainsFunc(r.GetRows(), func(row *reportv1.RollupRow) bool {
		f := row.GetFigures()[cell]
		return f.GetSubmitted() != 0 || f.GetRecords() != 0 || f.GetLate() != 0
	})
}

func (p printer) alignment() []table.ColumnConfig {
	var configs []table.ColumnConfig
	for i := range p.columns {
		configs = append(configs, table.ColumnConfig{Number: i + 4, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	return configs
}

func (p printer) header() table.Row {
	head := table.Row{p.organization, p.status, p.version}
	for _, c := range p.columns {
		label := p.pick(c.GetLabel())
		if c.GetUnit() == reportv1.Unit_UNIT_FEN {
			label += p.yuan
		}
		head = append(head, p.narrow(label))
	}
	return head
}

func (p printer) row(row *reportv1.RollupRow) table.Row {
	version := "-"
	if row.GetVersion() > 0 {
		version = strconv.Itoa(int(row.GetVersion()))
	}
	name := row.GetDisplayName()
	if row.GetEnded() {
		name += p.ended
	}
	cells := table.Row{name, cmp.Or(p.statuses[row.GetStatus()], "-"), version}
	for _, c := range p.columns {
		f := row.GetFigures()[c.GetId()]
		accepted := row.GetStatus() == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED || f.GetSubmitted() != 0
		cells = append(cells, p.figure(f, c, accepted))
	}
	return cells
}

func (p printer) total() table.Row {
	foot := table.Row{p.sum, "", ""}
	for _, c := range p.columns {
		foot = append(foot, p.figure(p.rollup.GetTotals()[c.GetId()], c, true))
	}
	return foot
}

// figure shows the accepted figure, and below it the records basis where that is another. What was not accepted is
// no zero.
func (p printer) figure(f *reportv1.RollupFigure, c *reportv1.FormCell, accepted bool) string {
	shown := "-"
	if f != nil && accepted {
		shown = amount(cmp.Or(f.GetSubmittedFen(), int64(f.GetSubmitted())), c.GetUnit())
	}
	if f != nil && f.Records != nil && f.GetRecords() != f.GetSubmitted() {
		shown += "\n" + fmt.Sprintf(p.records, amount(int64(f.GetRecords()), c.GetUnit()))
	}
	return shown
}

// amount writes a count, or fen as yuan.
func amount(n int64, unit reportv1.Unit) string {
	if unit == reportv1.Unit_UNIT_FEN && n != 0 {
		return fmt.Sprintf("%.2f", float64(n)/100)
	}
	return strconv.FormatInt(n, 10)
}

// remarks are the lines below the table.
func (p printer) remarks(form *reportv1.ReportForm) string {
	var b strings.Builder
	r := p.rollup
	if len(p.zeros) > 0 {
		var labels []string
		for _, c := range p.zeros {
			labels = append(labels, p.pick(c.GetLabel()))
		}
		fmt.Fprintf(&b, p.zero+"\n", strings.Join(labels, p.comma))
	}
	if r.GetAcceptedOnly() {
		fmt.Fprintf(&b, p.acceptedOnly+"\n", r.GetOwed(), r.GetAccepted())
		return b.String()
	}
	fmt.Fprintf(&b, p.counts+"\n", r.GetOwed(), r.GetAccepted(), r.GetSubmitted(), r.GetReturned(), r.GetMissing())
	for _, row := range r.GetRows() {
		if row.GetStatus() == reportv1.RollupStatus_ROLLUP_STATUS_MISSING {
			fmt.Fprintf(&b, p.missing+"\n", row.GetDisplayName())
		}
	}
	for _, row := range r.GetRows() {
		if len(row.GetReturnReasons()) > 0 {
			fmt.Fprintf(&b, p.returned+"\n", row.GetDisplayName(), row.GetVersion(), p.statuses[row.GetStatus()])
			for _, reason := range row.GetReturnReasons() {
				fmt.Fprintf(&b, "  %s: %s\n", cmp.Or(p.place(form, reason.GetCell()), p.whole), reason.GetText())
			}
		}
	}
	for _, row := range r.GetRows() {
		if late := p.lateFigures(row); late != "" {
			fmt.Fprintf(&b, p.late+"\n", row.GetDisplayName(), late)
		}
	}
	for _, row := range r.GetRows() {
		if row.GetNoReportReason() != "" {
			fmt.Fprintf(&b, p.notOwed+"\n", row.GetDisplayName(), row.GetNoReportReason())
		}
	}
	p.differences(&b, form)
	return b.String()
}

// lateFigures are a row's late records, by the cells that the table shows.
func (p printer) lateFigures(row *reportv1.RollupRow) string {
	var late []string
	for _, c := range p.columns {
		if n := row.GetFigures()[c.GetId()].GetLate(); n != 0 {
			late = append(late, p.pick(c.GetLabel())+" "+signed(n, c.GetUnit()))
		}
	}
	return strings.Join(late, p.comma)
}

// differences lists where the bases differ: a line an organisation and cause, every cell in it.
func (p printer) differences(b *strings.Builder, form *reportv1.ReportForm) {
	if len(p.rollup.GetDifferences()) == 0 {
		fmt.Fprintln(b, p.noDifference)
		return
	}
	fmt.Fprintln(b, p.differ)
	names := map[string]string{}
	for _, row := range p.rollup.GetRows() {
		names[row.GetOrganization()] = row.GetDisplayName()
	}
	type line struct {
		organization string
		cause        reportv1.DifferenceCause
	}
	var order []line
	cells := map[line][]string{}
	for _, d := range p.rollup.GetDifferences() {
		l := line{d.GetOrganization(), d.GetCause()}
		if cells[l] == nil {
			order = append(order, l)
		}
		cells[l] = append(cells[l], p.place(form, d.GetCell())+" "+signed(d.GetDifference(), unitOf(form, d.GetCell())))
	}
	for _, l := range order {
		fmt.Fprintf(b, p.difference+"\n", cmp.Or(names[l.organization], l.organization), p.causes[l.cause], strings.Join(cells[l], p.comma))
	}
}

// place is the label of a cell or part; an id that the form does not know is its own label.
func (p printer) place(form *reportv1.ReportForm, id string) string {
	for _, part := range form.GetParts() {
		if part.GetId() == id {
			return p.pick(part.GetLabel())
		}
		for _, c := range part.GetCells() {
			if c.GetId() == id {
				return p.pick(c.GetLabel())
			}
		}
	}
	return id
}

func unitOf(form *reportv1.ReportForm, id string) reportv1.Unit {
	for _, part := range form.GetParts() {
		for _, c := range part.GetCells() {
			if c.GetId() == id {
				return c.GetUnit()
			}
		}
	}
	return reportv1.Unit_UNIT_COUNT
}

func signed(n int32, unit reportv1.Unit) string {
	if n > 0 {
		return "+" + amount(int64(n), unit)
	}
	return amount(int64(n), unit)
}

// trimLines takes the blanks from the ends of lines.
func trimLines(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}
