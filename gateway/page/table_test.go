package page

import (
	"fmt"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// Headings that neighbours share stand once; a short label reaches down to the figures, or across to them.
func TestHeadings(t *testing.T) {
	named := [][]string{{"甲"}, {"乙", "一", "1"}, {"乙", "一", "2"}, {"乙", "二"}, {"丙", "一"}, {"丁"}}
	levels := headings(named)
	over := "[[{甲 1 3} {乙 3 1} {丙 1 1} {丁 1 3}] [{一 2 1} {二 1 2} {一 1 2}] [{1 1 1} {2 1 1}]]"
	if got := fmt.Sprint(levels); got != over {
		t.Errorf("over columns: %s, want %s", got, over)
	}
	beside := "[[{甲 3 1}] [{乙 1 3} {一 1 2} {1 1 1}] [{2 1 1}] [{二 2 1}] [{丙 1 1} {一 2 1}] [{丁 3 1}]]"
	if got := fmt.Sprint(transposed(levels, len(named))); got != beside {
		t.Errorf("beside rows: %s, want %s", got, beside)
	}
}

// Amounts stand in the unit of the form, which its heading names.
func TestAmount(t *testing.T) {
	const fen = reportv1.Unit_UNIT_FEN
	s := newSheet(&reportv1.ReportForm{Parts: []*reportv1.FormPart{{Cells: []*reportv1.FormCell{
		{Id: "count", Unit: reportv1.Unit_UNIT_COUNT}, {Id: "fees", Unit: fen}, {Id: "yuan", Unit: fen, PrintedIn: reportv1.Unit_UNIT_YUAN}, {Id: "wan", Unit: fen, PrintedIn: reportv1.Unit_UNIT_WAN_YUAN},
	}}}})
	for _, c := range []struct {
		cell  string
		value int64
		want  string
	}{
		{"count", 1234567, "1,234,567"},
		{"count", -1, "−1"},
		{"fees", 1250, "12.50"},
		{"yuan", -123456789, "−1,234,567.89"},
		{"wan", 0, "0"},
		{"wan", 12_500_000, "12.5"},
		{"wan", 1_000_000, "1"},
		{"wan", 10_000_000, "10"},
		{"wan", 50, "0.00005"},
		{"wan", -316_441_000_000, "−316,441"},
		{"wan", 1_234_567_123_456, "1,234,567.123456"},
	} {
		if got := s.amount64(c.cell, c.value); got != c.want {
			t.Errorf("%s %d: %s, want %s", c.cell, c.value, got, c.want)
		}
	}
}

// A table has its labels beside its figures, or, printed in one line, all over them; a cell that the form leaves out is
// empty.
func TestTableOf(t *testing.T) {
	line := func(id, label string, headings ...string) *reportv1.FormLine {
		l := &reportv1.FormLine{Id: id, Label: &reportv1.Label{Zh: label}}
		for _, h := range headings {
			l.Headings = append(l.Headings, &reportv1.Label{Zh: h})
		}
		return l
	}
	form := &reportv1.FormTable{
		Note: &reportv1.Label{Zh: "注"},
		Rows: []*reportv1.FormLine{line("r1", "甲"), line("r2", "乙", "组")}, Columns: []*reportv1.FormLine{line("c1", "一"), line("c2", "二")},
	}
	figures := map[[2]string]reportFigure{{"r1", "c1"}: {Text: "1"}, {"r1", "c2"}: {Text: "2"}, {"r2", "c1"}: {Text: "3"}}
	for _, c := range []struct {
		transposed               bool
		head, corner, labels, is string
	}{
		{false, "[[{一 1 1} {二 1 1}]]", "&{注 2 1}", "[{甲 2 1}] [{组 1 1} {乙 1 1}]", "1 2, 3 "},
		{true, "[[{甲 2 1} {组 2 1}] [{一 1 2} {二 1 2} {乙 2 1}] [{一 1 1} {二 1 1}]]", "<nil>", "[]", "1 2 3 "},
	} {
		form.Transposed = c.transposed
		got := tableOf(form, figures, words{})
		var labels, texts []string
		for _, r := range got.Rows {
			var row []string
			for _, f := range r.Figures {
				row = append(row, f.Text)
			}
			labels, texts = append(labels, fmt.Sprint(r.Labels)), append(texts, strings.Join(row, " "))
		}
		if h, l, f := fmt.Sprint(got.Head), strings.Join(labels, " "), strings.Join(texts, ", "); h != c.head || fmt.Sprint(got.Corner()) != c.corner || l != c.labels || f != c.is {
			t.Errorf("%v: %s, %v, %s, %q", c.transposed, h, got.Corner(), l, f)
		}
	}
}
