package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/paper"
	"gongkai/services/law/form"

	"github.com/xuri/excelize/v2"
)

// RollupFileName is the name of a roll-up's file.
func RollupFileName(m *reportv1.Rollup) string { return rollupTitle(m) + ".xlsx" }

func rollupTitle(m *reportv1.Rollup) string {
	return paper.Clean(m.GetDisplayName()) + m.GetPeriod() + "政府信息公开情况汇总"
}

// Rollup writes a roll-up as .xlsx: a sheet of who reported, one for each table of the form, with a row an organisation
// and the totals, one more for each on the basis of the records where the roll-up has it, one with a chart, and one of the differences.
// Names never become formulas. It errs for a form that is not known, and with w.
func Rollup(w io.Writer, m *reportv1.Rollup, forms form.Forms) (err error) {
	f, err := formOf(m.GetForm(), forms)
	if err != nil {
		return fmt.Errorf("write roll-up %s: %w", m.GetName(), err)
	}
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	s := &sheets{File: file}
	s.do(file.SetDocProps(&excelize.DocProperties{Title: rollupTitle(m), Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}))
	s.style()
	b := &book{sheets: s, rollup: m}
	b.overview()
	var drawn charted
	for i, t := range groupsOf(f) {
		name := sheetName(i+1, "、"+t.label)
		b.figures(name, t, func(r *reportv1.RollupFigure) (int64, bool) {
			return cmp.Or(r.GetSubmittedFen(), int64(r.GetSubmitted())), r != nil
		})
		if !m.GetAcceptedOnly() {
			name = sheetName(i+1, "、记录 "+t.label)
			b.figures(name, t, func(r *reportv1.RollupFigure) (int64, bool) {
				return int64(r.GetRecords()), r != nil && r.Records != nil
			})
		}
		if found, ok := chartedIn(name, t); ok && drawn.parts == nil {
			drawn = found
		}
	}
	if drawn.parts != nil {
		b.chart(drawn)
	}
	if len(m.GetDifferences()) > 0 {
		b.differences(f)
	}
	s.do(file.DeleteSheet("Sheet1"))
	if s.err != nil {
		return fmt.Errorf("write roll-up %s: %w", m.GetName(), s.err)
	}
	return s.write(w)
}

// group is a sheet's figures: those of a table, or those of a part that stand in none.
type group struct {
	label string
	cells []form.Cell
	heads [][2]string // of each cell: row and column, or its label
}

func groupsOf(f *form.Form) []group {
	var all []group
	for _, p := range f.Parts {
		var loose group
		for _, c := range p.Cells {
			if c.Table == "" {
				loose.cells, loose.heads = append(loose.cells, c), append(loose.heads, [2]string{c.Label.Zh, ""})
			}
		}
		if loose.label = p.Label.Zh; len(loose.cells) > 0 {
			all = append(all, loose)
		}
		for i := range p.Tables {
			t := &p.Tables[i]
			g := group{label: t.Label.Zh}
			for _, c := range p.Cells {
				if c.Table == t.ID {
					g.cells, g.heads = append(g.cells, c), append(g.heads, [2]string{t.RowLabel(c.Row).Zh, t.ColumnLabel(c.Column).Zh})
				}
			}
			all = append(all, g)
		}
	}
	return all
}

// book is a roll-up in the making.
type book struct {
	*sheets
	rollup *reportv1.Rollup
}

// stream writes rows to a new sheet, one after the other, so that large ones take little memory.
func (b *book) stream(name string, widths []float64, fill func(put func(style int, values ...any), merge func(from, to string))) {
	_, err := b.NewSheet(name)
	b.do(err)
	if len(widths) <= 16 { // what one can read on a page
		b.print(name, "landscape", 0)
	}
	if b.err != nil {
		return
	}
	stream, err := b.NewStreamWriter(name)
	if err != nil {
		b.do(err)
		return
	}
	for i, w := range widths {
		b.do(stream.SetColWidth(i+1, i+1, w))
	}
	row := 0
	put := func(style int, values ...any) {
		row++
		cells := make([]any, len(values))
		for i, v := range values {
			if text, ok := v.(string); ok {
				v = paper.Clean(text)
			}
			cells[i] = excelize.Cell{StyleID: style, Value: v}
		}
		b.do(stream.SetRow(fmt.Sprintf("A%d", row), cells))
	}
	fill(put, func(from, to string) { b.do(stream.MergeCell(from, to)) })
	b.do(stream.Flush())
}

func (b *book) overview() {
	b.stream("报送情况", []float64{16, 36, 10, 8, 12, 10, 40}, func(put func(int, ...any), merge func(string, string)) {
		m := b.rollup
		merge("A1", "G1")
		merge("A2", "G2")
		put(b.heading, rollupTitle(m))
		put(b.body, fmt.Sprintf("应报%d个，已接收%d个，待审核%d个，已退回%d个，未报送%d个。", m.GetOwed(), m.GetAccepted(), m.GetSubmitted(), m.GetReturned(), m.GetMissing()))
		put(b.head, "代码", "机关", "状态", "版本", "应报日期", "逾期天数", "说明")
		for _, r := range m.GetRows() {
			due := ""
			if d := r.GetDueOn(); d != nil {
				due = fmt.Sprintf("%04d-%02d-%02d", d.GetYear(), d.GetMonth(), d.GetDay())
			}
			notes := []string{}
			if r.GetOwn() {
				notes = append(notes, "本机关")
			}
			if r.GetEnded() {
				notes = append(notes, "已撤并")
			}
			if r.GetNoReportReason() != "" {
				notes = append(notes, r.GetNoReportReason())
			}
			for _, reason := range r.GetReturnReasons() {
				notes = append(notes, "退回："+reason.GetText())
			}
			put(b.value, r.GetCode(), r.GetDisplayName(), statusWord(r.GetStatus()), r.GetVersion(), due, r.GetDaysLate(), strings.Join(notes, "；"))
		}
	})
}

func statusWord(s reportv1.RollupStatus) string {
	return map[reportv1.RollupStatus]string{
		reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED: "不需报送", reportv1.RollupStatus_ROLLUP_STATUS_MISSING: "未报送",
		reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED: "已报送", reportv1.RollupStatus_ROLLUP_STATUS_RETURNED: "已退回",
		reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED: "已接收",
	}[s]
}

func causeWord(c reportv1.DifferenceCause) string {
	return map[reportv1.DifferenceCause]string{
		reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING: "未报送", reportv1.DifferenceCause_DIFFERENCE_CAUSE_SUBMITTED: "待审核",
		reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED: "已退回", reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE: "迟到事实",
		reportv1.DifferenceCause_DIFFERENCE_CAUSE_REPORTED: "报表与记录不一致", reportv1.DifferenceCause_DIFFERENCE_CAUSE_NOT_OWED: "不需报送",
		reportv1.DifferenceCause_DIFFERENCE_CAUSE_BELOW: "下级",
	}[c]
}

// figures is the sheet of a table on one basis.
func (b *book) figures(name string, g group, of func(*reportv1.RollupFigure) (int64, bool)) {
	widths := append([]float64{16, 36}, slices.Repeat([]float64{11}, len(g.cells))...)
	b.stream(name, widths, func(put func(int, ...any), merge func(string, string)) {
		first, second := []any{"代码", "机关"}, []any{"", ""}
		begins := 0
		for i, h := range g.heads {
			first, second = append(first, h[0]), append(second, h[1])
			if i+1 == len(g.heads) || g.heads[i+1][0] != h[0] {
				if i > begins {
					b.join(merge, 1, begins+3, 1, i+3)
				}
				begins = i + 1
			}
			if h[1] == "" {
				b.join(merge, 1, i+3, 2, i+3)
			}
		}
		b.join(merge, 1, 1, 2, 1)
		b.join(merge, 1, 2, 2, 2)
		put(b.head, first...)
		put(b.head, second...)
		line := func(code, organization string, figures map[string]*reportv1.RollupFigure) {
			values := []any{code, organization}
			for _, c := range g.cells {
				values = append(values, inSheet(of(figures[c.ID]))(c))
			}
			put(b.value, values...)
		}
		for _, r := range b.rollup.GetRows() {
			line(r.GetCode(), r.GetDisplayName(), r.GetFigures())
		}
		line("", "合计", b.rollup.GetTotals())
	})
}

// join merges the places between two corners.
func (b *book) join(merge func(string, string), row, column, lastRow, lastColumn int) {
	from, err := excelize.CoordinatesToCellName(column, row)
	b.do(err)
	to, err := excelize.CoordinatesToCellName(lastColumn, lastRow)
	b.do(err)
	merge(from, to)
}

// inSheet is a figure as a spreadsheet has it, amounts in yuan; nil if there is none.
func inSheet(n int64, ok bool) func(form.Cell) any {
	return func(c form.Cell) any {
		switch {
		case !ok:
			return nil
		case c.Unit == form.Fen:
			return float64(n) / 100
		}
		return n
	}
}

// differences is the sheet of where the bases differ, and why.
func (b *book) differences(f *form.Form) {
	names := map[string]string{}
	for _, r := range b.rollup.GetRows() {
		names[r.GetOrganization()] = r.GetDisplayName()
	}
	b.stream("差异", []float64{20, 36, 60, 12, 24}, func(put func(int, ...any), _ func(string, string)) {
		put(b.head, "机关", "名称", "指标", "记录数减报送数", "原因")
		for _, d := range b.rollup.GetDifferences() {
			c, _ := f.Cell(d.GetCell())
			put(b.value, strings.TrimPrefix(d.GetOrganization(), "organizations/"), names[d.GetOrganization()], c.Label.Zh, inSheet(int64(d.GetDifference()), true)(c), causeWord(d.GetCause()))
		}
	})
}
