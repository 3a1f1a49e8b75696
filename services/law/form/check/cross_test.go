package check_test

import (
	"slices"
	"strings"
	"testing"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/law/organ"
)

// zeros is a department's report of 2023 that is 0 throughout but for some cells, with totals that add up across.
func zeros(t *testing.T, fs form.Forms, leaves map[string]int64) check.Input {
	t.Helper()
	f, _ := fs.Get("2021")
	figures := make(map[string]form.Figure)
	for id, v := range sums(f, leaves) {
		figures[id] = form.Figure{Value: v, State: form.Typed}
	}
	return check.Input{Forms: fs, Report: check.Report{
		Form: f, Period: period(t, "2023"), Figures: figures, Organ: check.Organ{Name: "某县水利局", Kind: organ.Department, Level: organ.County},
		Narratives: map[string]string{"overview": "已开展工作。", "problems": "还不够及时。", "other": "无。"},
	}}
}

// What was counted twice, what fees the report tells of, and what its text says of its figures.
func TestCrossChecks(t *testing.T) {
	fs := forms(t)
	say := func(part, text string) func(*check.Input) {
		return func(in *check.Input) { in.Narratives[part] = text }
	}
	keep := func(*check.Input) {}
	ten := map[string]int64{"t3.received.natural_person": 10, "t3.granted.natural_person": 8, "t3.partial.natural_person": 2}
	for _, c := range []struct {
		name   string
		leaves map[string]int64
		change func(*check.Input)
		want   string
	}{
		{"all zero", map[string]int64{}, keep, ""},
		{"partly disclosed and denied", map[string]int64{"t3.received.natural_person": 13, "t3.granted.natural_person": 10, "t3.partial.natural_person": 3, "t3.denied.third_party.natural_person": 3}, keep, "cross.partial_denied t3.balance"},
		{"one denied too many, three partial", map[string]int64{"t3.received.natural_person": 13, "t3.granted.natural_person": 10, "t3.partial.natural_person": 3, "t3.denied.third_party.natural_person": 1}, keep, "t3.balance"},
		{"handled anew and counted again", map[string]int64{"t3.received.natural_person": 10, "t3.granted.natural_person": 11, "t4.reconsideration.corrected": 1}, keep, "cross.handled_anew t3.balance"},
		{"handled anew and counted as new", map[string]int64{"t3.received.natural_person": 11, "t3.granted.natural_person": 11}, func(in *check.Input) {
			in.Records = &check.Records{Received: 10, HandledAnew: 1}
		}, "cross.handled_anew"},
		{"more new requests than the records have", map[string]int64{"t3.received.natural_person": 12, "t3.granted.natural_person": 12}, func(in *check.Input) {
			in.Records = &check.Records{Received: 10, HandledAnew: 1}
		}, ""},

		{"fee not paid, part six silent", map[string]int64{"t3.received.natural_person": 1, "t3.other.fee_overdue.natural_person": 1}, keep, "text.fees"},
		{"fee not paid, notice told", map[string]int64{"t3.received.natural_person": 1, "t3.other.fee_overdue.natural_person": 1}, say("other", "发出收费通知1件，金额400元，实际收取信息处理费0元。"), ""},
		{"fee not paid, no notice", map[string]int64{"t3.received.natural_person": 1, "t3.other.fee_overdue.natural_person": 1}, say("other", "本年度未发出收费通知，未收取信息处理费。"), "records.fee_notices"},
		{"fee not paid, too few notices", map[string]int64{"t3.received.natural_person": 2, "t3.other.fee_overdue.natural_person": 2}, say("other", "发出信息处理费收费通知书1份。"), "records.fee_notices"},

		{"text as the table", ten, say("overview", "全年收到政府信息公开申请10件，予以公开八件，部分公开2件，办结10件。未发生行政复议、行政诉讼。"), ""},
		{"text of more than a row", ten, say("overview", "收到申请10件，予以公开和部分公开10件。"), ""},
		{"text rounded", map[string]int64{"t3.received.natural_person": 12_034, "t3.granted.natural_person": 12_034}, say("overview", "全年收到政府信息公开申请1.2万件。"), ""},
		{"text of another organ", ten, say("overview", "县教育局收到政府信息公开申请4件，予以公开3件。"), ""},
		{"text of another year", ten, say("overview", "2022年收到政府信息公开申请4件。"), ""},
		{"text of a sum of rows", ten, say("overview", "收到政府信息公开申请10件，不予公开1件。"), "text.figures"},
		{"text in Chinese numerals", ten, say("overview", "收到政府信息公开申请十一件。"), "text.figures"},
		{"text says none", ten, say("overview", "本年度未收到公民、法人和其他组织的政府信息公开申请。"), "text.figures"},
		{"text of appeals", ten, say("overview", "因政府信息公开被申请行政复议1件。"), "text.figures"},
		{"text of other reconsiderations", ten, say("overview", "依法办理行政复议案件120件。"), ""},
		{"text of decisions", ten, say("overview", "作出行政处罚决定12件。"), "text.figures"},
		{"text of published decisions", ten, say("overview", "公示行政许可25条、行政处罚13条。"), ""},
	} {
		in := zeros(t, fs, c.leaves)
		c.change(&in)
		var got []string
		for _, f := range check.Run(in) {
			if !slices.Contains(got, f.Check) {
				got = append(got, f.Check)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
	}
}
