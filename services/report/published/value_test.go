package published

import (
	"testing"

	"gongkai/services/law/form"
)

func TestParse(t *testing.T) {
	count, change := form.Cell{Unit: form.Count}, form.Cell{Unit: form.Count, Signed: true}
	wan, free := form.Cell{Unit: form.Fen, Printed: form.WanYuan}, form.Cell{Unit: form.Fen}
	for _, c := range []struct {
		text, header string
		cell         form.Cell
		value        int64
		state        State
		note         string
	}{
		{"0", "", count, 0, Filled, ""},
		{" １，２３４ ", "", count, 1234, Filled, ""},
		{"1 234", "", count, 1234, Filled, ""},
		{"12件", "", count, 12, Filled, ""},
		{"0（说明：无此项）", "", count, 0, Filled, "说明:无此项"},
		{"3①", "", count, 3, Filled, "①"},
		{"7*", "", count, 7, Filled, "*"},
		{"2.0", "", count, 2, Filled, ""},
		{"2.5", "", count, 2, Fraction, ""},
		{"-1", "", count, -1, Filled, ""},
		{"零", "", count, 0, Filled, ""},
		{"", "", count, 0, Blank, ""},
		{"\u3000\u00a0", "", count, 0, Blank, ""},
		{"/", "", count, 0, Dashed, ""},
		{"／", "", count, 0, Dashed, ""},
		{"—", "", count, 0, Dashed, ""},
		{"——", "", count, 0, Dashed, ""},
		{"一", "", count, 0, Dashed, ""},
		{"无", "", count, 0, StatedNone, ""},
		{"1,23", "", count, 0, Unreadable, ""},
		{"约30", "", count, 0, Unreadable, ""},
		{"O", "", count, 0, Unreadable, ""},
		{"12至13", "", count, 0, Unreadable, ""},
		{"99999999999999999999", "", count, 0, Unreadable, ""},
		{"+3", "", change, 3, Filled, ""},
		{"减少2", "", change, -2, Filled, ""},
		{"↓5", "", change, -5, Filled, ""},
		{"增/减4", "", change, 0, Unreadable, ""},
		{"1.5", "本年收费金额（单位：万元）", wan, 1_500_000, Filled, ""},
		{"15000元", "本年收费金额（单位：万元）", wan, 1_500_000, Filled, ""},
		{"15000", "本年收费金额（单位：元）", wan, 1_500_000, Filled, ""},
		{"0.12345678", "", wan, 123_456, Filled, ""},
		{"38.6万元", "采购总金额", free, 38_600_000, Filled, ""},
		{"386000.5", "采购总金额", free, 38_600_050, Filled, ""},
		{"38.6", "采购总金额（万 元）", free, 38_600_000, Filled, ""},
	} {
		f := parse(c.text, c.cell, c.header)
		if f.Value != c.value && c.state != Unreadable || f.State != c.state || f.Note != c.note {
			t.Errorf("%q under %q is %+v, want %d %s %q", c.text, c.header, f, c.value, c.state, c.note)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("1,234（注）")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []form.Cell{{Unit: form.Count}, {Unit: form.Fen}, {Signed: true}} {
			if got := parse(s, c, s); got.State != Filled && got.State != Fraction && got.Value != 0 {
				t.Errorf("%q is %+v", s, got)
			}
		}
	})
}
