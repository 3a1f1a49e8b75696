package check_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// forms are read once: the tests only look at them.
func forms(t testing.TB) form.Forms {
	t.Helper()
	fs, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

func period(t testing.TB, s string) workday.Period {
	t.Helper()
	p, err := workday.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var applicants = []string{"natural_person", "business", "research_institute", "public_welfare", "legal_service", "other_organization"}

// fill makes a consistent report on a form with tables: each leaf is drawn, what is a sum follows, and what is carried
// forward is what balances. The report before gives what is carried over and what was in force.
func fill(f *form.Form, draw func(cell string) int64, before map[string]form.Figure) map[string]form.Figure {
	leaves := make(map[string]int64)
	for _, c := range f.Cells() {
		if len(c.Sum) == 0 && !c.Regulations {
			leaves[c.ID] = draw(c.ID)
		}
	}
	for _, kind := range applicants {
		leaves["t3.carried_over."+kind] = before["t3.carried_forward."+kind].Value
	}
	if _, ok := f.Cell("t2.normative_documents.in_force"); ok {
		leaves["t2.normative_documents.repealed"] = min(leaves["t2.normative_documents.repealed"], before["t2.normative_documents.in_force"].Value)
		leaves["t2.normative_documents.in_force"] = before["t2.normative_documents.in_force"].Value + leaves["t2.normative_documents.made"] - leaves["t2.normative_documents.repealed"]
	}
	values := sums(f, leaves)
	for _, kind := range applicants {
		open := values["t3.received."+kind] + values["t3.carried_over."+kind] - values["t3.concluded."+kind]
		if open < 0 {
			leaves["t3.received."+kind] += draw("open") - open
			open = leaves["t3.received."+kind] - values["t3.received."+kind] + open
		}
		leaves["t3.carried_forward."+kind] = open
	}
	figures := make(map[string]form.Figure)
	for id, v := range sums(f, leaves) {
		figures[id] = form.Figure{Value: v, State: form.Typed}
	}
	return figures
}

func sums(f *form.Form, leaves map[string]int64) map[string]int64 {
	values := maps.Clone(leaves)
	var value func(id string) int64
	value = func(id string) int64 {
		c, _ := f.Cell(id)
		if len(c.Sum) > 0 {
			values[id] = 0
			for _, part := range c.Sum {
				values[id] += value(part)
			}
		}
		return values[id]
	}
	for _, c := range f.Cells() {
		value(c.ID)
	}
	for _, c := range f.Cells() {
		if _, ok := values[c.ID]; !ok {
			values[c.ID] = 0
		}
	}
	return values
}

// township is a busy township's report on the form of 2021 for 2023, beside that for 2022, with nothing wrong.
func township(t testing.TB, fs form.Forms, seed uint64) check.Input {
	t.Helper()
	f, _ := fs.Get("2021")
	random := rand.New(rand.NewPCG(seed, 1))
	draw := func(string) int64 { return random.Int64N(9) }
	last := fill(f, draw, nil)
	figures := fill(f, draw, last)
	of := func(cell string) string {
		c, _ := f.Cell(cell)
		return c.Write(figures[cell].Value)
	}
	in := check.Input{Forms: fs, Report: check.Report{
		Form: f, Period: period(t, "2023"), Figures: figures,
		Organ: check.Organ{ID: "652701201", Name: "贝林哈日莫墩乡", Kind: organ.Government, Level: organ.Township},
		Narratives: map[string]string{
			"overview": "本年新收政府信息公开申请" + of("t3.received.total") + "件。制发规范性文件" + of("t2.normative_documents.made") + "件，作出行政许可决定" + of("t2.licences.decisions") +
				"件、行政处罚决定" + of("t2.punishments.decisions") + "件、行政强制措施" + of("t2.coercion.decisions") + "件，行政事业性收费 " + of("t2.charges.amount") + " 万元。工作考核结果为优秀，社会评议满意，未发生责任追究。",
			"problems": "主动公开还不够及时，明年改进。", "other": "本年发出信息处理费收费通知若干件。",
		},
	}}
	in.Previous = []check.Report{{Form: f, Period: period(t, "2022"), Organ: in.Organ, Figures: last}}
	return in
}

func ids(found []check.Finding, least check.Severity) []string {
	var all []string
	for _, f := range found {
		if f.Severity <= least && !slices.Contains(all, f.Check) {
			all = append(all, f.Check)
		}
	}
	slices.Sort(all)
	return all
}

func TestBusyTownshipPasses(t *testing.T) {
	fs := forms(t)
	for seed := range uint64(20) {
		for _, f := range check.Run(township(t, fs, seed)) {
			if f.Severity <= check.Cross {
				t.Errorf("seed %d: %+v", seed, f)
			}
		}
	}
}

// wanted are the checks of which each must find a changed cell, by the kind of its row and column.
func wanted(f *form.Form, c form.Cell) []string {
	var all []string
	for _, e := range f.Equations() {
		if slices.ContainsFunc(append(slices.Clone(e.Left), e.Right...), func(t form.Term) bool { return !t.Last && t.Cell == c.ID }) && !strings.HasPrefix(c.ID, "t3.other.") {
			all = append(all, e.Check)
		}
	}
	switch {
	case c.Regulations:
		return []string{check.MayRegulate}
	case strings.HasPrefix(c.ID, "t2.") && c.Row != "normative_documents":
		return []string{check.TextFigures}
	}
	return all
}

// With any one cell changed a report that passes every check fails, and names the right check.
func TestAnyCellChanged(t *testing.T) {
	fs := forms(t)
	rapid.Check(t, func(rt *rapid.T) {
		in := township(t, fs, rapid.Uint64Range(0, 1000).Draw(rt, "seed"))
		cells := in.Form.Cells()
		c := cells[rapid.IntRange(0, len(cells)-1).Draw(rt, "cell")]
		figure := in.Figures[c.ID]
		in.Figures = maps.Clone(in.Figures)
		var want []string
		switch change := rapid.IntRange(0, 5).Draw(rt, "change"); change {
		case 0:
			figure, want = form.Figure{}, []string{check.FigureBlank}
		case 1:
			figure, want = form.Figure{State: form.Slashed, Text: "/"}, []string{check.FigureSlash}
		case 2:
			figure, want = form.Figure{State: form.Typed, Value: -1 - figure.Value}, []string{check.FigureNegative}
		case 3:
			figure, want = form.Figure{State: form.Unreadable, Text: "若干"}, []string{check.FigureUnreadable}
		default:
			figure.Value += int64(rapid.IntRange(1, 50).Draw(rt, "more"))
			want = wanted(in.Form, c)
		}
		in.Figures[c.ID] = figure
		found := check.Run(in)
		got := ids(found, check.Cross)
		for _, id := range want {
			if !slices.Contains(got, id) {
				rt.Fatalf("%s changed to %+v: found %v, want %s", c.ID, figure, got, id)
			}
		}
		if len(want) == 0 && len(got) == 0 {
			rt.Fatalf("%s changed to %+v: nothing found", c.ID, figure)
		}
		for _, f := range found {
			if f.Severity <= check.Cross && f.Check != check.TextFees && !slices.Contains(f.Cells, c.ID) {
				rt.Fatalf("%s changed: %s is about %v", c.ID, f.Check, f.Cells)
			}
			if f.Text.Missing() || f.Remedy.Missing() {
				rt.Fatalf("%+v says nothing", f)
			}
		}
	})
}

// Each case changes one thing of a report that passes, and names all that is found, softer findings too.
func TestFindings(t *testing.T) {
	fs := forms(t)
	set := func(cells ...any) func(*check.Input) {
		return func(in *check.Input) {
			for i := 0; i < len(cells); i += 2 {
				in.Figures[cells[i].(string)] = form.Figure{Value: int64(cells[i+1].(int)), State: form.Typed}
			}
		}
	}
	say := func(part, text string) func(*check.Input) {
		return func(in *check.Input) { in.Narratives[part] = text }
	}
	f2019, _ := fs.Get("2019")
	for _, c := range []struct {
		name   string
		change func(in *check.Input)
		want   string
		cell   string // of the first finding
	}{
		{"nothing", func(*check.Input) {}, "", ""},
		{"the form of another year", func(in *check.Input) { in.Period = workday.Period{} }, "who.period_stated", ""},
		{"a form that does not fit", func(in *check.Input) { in.Period = period(t, "2020"); in.Previous = nil }, "who.form_fits_year", ""},
		{"no report before", func(in *check.Input) { in.Previous = nil }, "", ""},
		{"the report of two years before", func(in *check.Input) { in.Previous[0].Period = period(t, "2021") }, "years.previous", ""},
		{"an organ that did not exist", func(in *check.Input) { in.Organ.Absent = true }, "who.organ_existed", ""},
		{"a township's regulations", set("t2.regulations.made", 1, "t2.regulations.in_force", 1), "who.regulations", "t2.regulations.made"},
		{"a county's regulations", func(in *check.Input) {
			in.Organ.Level = organ.County
			set("t2.regulations.made", 1, "t2.regulations.in_force", 1)(in)
		}, "who.regulations", "t2.regulations.made"},
		{"a city's regulations", func(in *check.Input) {
			in.Organ.Level = organ.Prefecture
			set("t2.regulations.made", 1, "t2.regulations.in_force", 1)(in)
		}, "", ""},
		{"a prefecture office's regulations", func(in *check.Input) {
			in.Organ.Level, in.Organ.Name = organ.Prefecture, "喀什地区行政公署"
			set("t2.regulations.made", 1, "t2.regulations.in_force", 1)(in)
		}, "who.regulations", "t2.regulations.made"},
		{"a provincial department's regulations", func(in *check.Input) {
			in.Organ.Level, in.Organ.Kind = organ.Province, organ.Department
			set("t2.regulations.made", 1, "t2.regulations.in_force", 1)(in)
		}, "who.regulations", "t2.regulations.made"},
		{"a ministry's regulations", func(in *check.Input) {
			in.Organ.Level, in.Organ.Kind = organ.Country, organ.Department
			set("t2.regulations.made", 1, "t2.regulations.in_force", 1)(in)
		}, "", ""},
		{"an organ that is not known", func(in *check.Input) {
			in.Organ = check.Organ{}
			set("t2.regulations.made", 1, "t2.regulations.in_force", 1)(in)
		}, "", ""},
		{"no text in part five", say("problems", " \n"), "text.missing", ""},
		{"no text is known", func(in *check.Input) { in.Narratives = nil }, "", ""},
		{"no accountability", say("overview", "考核优秀，群众满意度高。"), "text.assessment", ""},
		{"another figure in the text", say("overview", "我乡新收到政府信息公开申请 9,876 件。考核、评议、问责均已开展。"), "text.figures", "t3.received.total"},
		{"last year's figure in the text", say("overview", "比上年新收政府信息公开申请9876件为少。考核、评议、问责均已开展。"), "", ""},
		{"none in the text", say("overview", "本年度未收到政府信息公开申请。考核、评议、问责均已开展。"), "text.figures", "t3.received.total"},
		{"fees are not in part six", say("other", "无"), "text.fees", ""},
		{"more unpaid than notices", func(in *check.Input) { in.Records = &check.Records{} }, "records.fee_notices", "t3.other.fee_overdue.total"},
		{"all answers on one day", func(in *check.Input) {
			in.Records = &check.Records{FeeNotices: 99, AnsweredOn: map[workday.Date]int64{{Year: 2023, Month: 12, Day: 29}: 30}}
		}, "soft.one_day", ""},
		{"a cell that the form has not", set("t2.other_services.decisions", 1), "figure.strange", "t2.other_services.decisions"},
		{"none in a table", func(in *check.Input) {
			in.Figures["t2.regulations.made"] = form.Figure{State: form.StatedNone}
		}, "figure.none", "t2.regulations.made"},
		{"too large to be true", set("t2.licences.decisions", 1<<60), "figure.unreadable", "t2.licences.decisions"},
		{"idle among busy peers", func(in *check.Input) {
			idle(in)
			for range 5 {
				in.Peers = append(in.Peers, township(t, fs, 3).Report)
				in.Peers[len(in.Peers)-1].Narratives = nil
			}
		}, "soft.zero_among_peers", "t3.received.total"},
		{"five times as much", func(in *check.Input) {
			for _, r := range []map[string]form.Figure{in.Previous[0].Figures} {
				r["t2.licences.decisions"] = form.Figure{Value: 1, State: form.Typed}
			}
			set("t2.licences.decisions", 10)(in)
			in.Narratives["overview"] = "考核、评议、问责均已开展。"
		}, "soft.jump", "t2.licences.decisions"},
		{"the same text as the year before", func(in *check.Input) {
			text := strings.Repeat("我乡坚持以公开为常态、不公开为例外，认真推行政务公开。", 2) + lines(40)
			in.Narratives["problems"] = text + "2023年"
			in.Previous[0].Narratives = map[string]string{"problems": "2022年" + text}
		}, "soft.text_alike", ""},
		{"a form's first year", func(in *check.Input) {
			in.Previous[0].Form, in.Previous[0].Figures = f2019, fill(f2019, func(string) int64 { return 0 }, nil)
			for _, kind := range append(applicants, "total") {
				in.Previous[0].Figures["t3.carried_forward."+kind] = in.Figures["t3.carried_over."+kind]
			}
		}, "years.no_predecessor", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := township(t, fs, 7)
			set("t3.other.fee_overdue.natural_person", 2)(&in)
			rebalance(&in)
			quiet := check.Run(in)
			c.change(&in)
			found := check.Run(in)
			got := slices.DeleteFunc(ids(found, check.Note), func(id string) bool {
				return id == check.StateSecret || id == check.Jump && c.want != check.Jump && slices.Contains(ids(quiet, check.Note), id)
			})
			if c.want != check.Jump && c.name != "nothing" {
				got = slices.DeleteFunc(got, func(id string) bool { return id == check.Jump })
			}
			if strings.Join(got, " ") != c.want {
				t.Fatalf("found %v, want %s\n%+v", got, c.want, found)
			}
			for _, f := range found {
				if f.Check == c.want && c.cell != "" {
					if f.Cell != c.cell {
						t.Errorf("first about %s, want %s", f.Cell, c.cell)
					}
					break
				}
			}
		})
	}
}

// lines is text without repetition.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "第%c项工作由%c股负责%c。", '一'+rune(i*7), '甲'+rune(i*11), '公'+rune(i*13))
	}
	return b.String()
}

// rebalance makes the sums and what is carried forward follow the leaves.
func rebalance(in *check.Input) {
	again := fill(in.Form, func(cell string) int64 { return in.Figures[cell].Value }, in.Previous[0].Figures)
	maps.Copy(in.Figures, again)
	c, _ := in.Form.Cell("t3.received.total")
	in.Narratives["overview"] = "新收政府信息公开申请" + c.Write(again[c.ID].Value) + "件。考核、评议、问责均已开展。"
}

// idle takes all requests from a report and from the one before.
func idle(in *check.Input) {
	for _, figures := range []map[string]form.Figure{in.Figures, in.Previous[0].Figures} {
		for id := range figures {
			if strings.HasPrefix(id, "t3.") {
				figures[id] = form.Figure{State: form.Typed}
			}
		}
	}
	in.Narratives["overview"] = "考核、评议、问责均已开展。"
}

// A published report with 其他处理 as one row: it is named, its sub-rows are unknown, and the sums still hold.
func TestMergedRow(t *testing.T) {
	in := township(t, forms(t), 11)
	table, _ := in.Form.Table("t3")
	for _, c := range table.Columns {
		var sum int64
		for _, row := range table.Merged[0].Rows {
			sum += in.Figures[table.CellID(row, c.ID)].Value
			in.Figures[table.CellID(row, c.ID)] = form.Figure{State: form.Unknown}
		}
		in.Figures[table.CellID("other", c.ID)] = form.Figure{Value: sum, State: form.Typed}
	}
	if got := fmt.Sprint(ids(check.Run(in), check.Hard)); got != "[figure.merged]" {
		t.Errorf("a new report: %s", got)
	}
	in.Published = true
	if got := fmt.Sprint(ids(check.Run(in), check.Cross)); got != "[]" {
		t.Errorf("a published one: %s", got)
	}
	figure := in.Figures["t3.other.business"]
	figure.Value++
	in.Figures["t3.other.business"] = figure
	if got := fmt.Sprint(ids(check.Run(in), check.Cross)); got != "[sum.column sum.row]" {
		t.Errorf("one more: %s", got)
	}
}

// Blank cells of a published report are no zeros: identities are checked over what is filled in. The case is that of an
// office's published report for 2019, which leaves zeros blank and totals only some rows.
func TestPublishedWithBlanks(t *testing.T) {
	f, _ := forms(t).Get("2019")
	in := check.Input{Report: check.Report{Form: f, Period: period(t, "2019"), Published: true, Figures: map[string]form.Figure{}}}
	for cell, v := range map[string]int64{
		"received.natural_person": 821, "received.business": 35, "received.legal_service": 2, "received.other_organization": 1, "received.total": 859,
		"carried_over.natural_person": 18, "carried_over.total": 18,
		"granted.natural_person": 258, "granted.business": 12, "granted.legal_service": 1, "granted.other_organization": 1, "partial.natural_person": 3,
		"denied.state_secret.natural_person": 14, "denied.internal_affairs.natural_person": 5, "denied.process.natural_person": 3, "denied.process.business": 1,
		"denied.query_matter.natural_person": 10, "denied.query_matter.business": 2,
		"unable.not_held.natural_person": 252, "unable.not_held.business": 12, "unable.not_held.legal_service": 1,
		"unable.no_ready_information.natural_person": 44, "unable.no_ready_information.business": 3, "unable.unclear.natural_person": 25,
		"not_processed.petition.natural_person": 148, "not_processed.petition.business": 1, "not_processed.repeated.natural_person": 5, "not_processed.repeated.business": 4,
		"concluded.natural_person": 767, "concluded.business": 35, "concluded.legal_service": 2, "concluded.other_organization": 1, "concluded.total": 805,
		"carried_forward.natural_person": 72, "carried_forward.total": 72,
	} {
		in.Figures["t3."+cell] = form.Figure{Value: v, State: form.Typed}
	}
	found := check.Run(in)
	if got := fmt.Sprint(ids(found, check.Cross)); got != "[]" {
		t.Errorf("found %s: %+v", got, found)
	}
	if got := fmt.Sprint(ids(found, check.Note)); got != "[figure.blank]" {
		t.Errorf("found %s", got)
	}
	in.Figures["t3.carried_forward.natural_person"] = form.Figure{Value: 71, State: form.Typed}
	in.Figures["t3.carried_forward.business"] = form.Figure{State: form.Slashed, Text: "/"}
	if got := fmt.Sprint(ids(check.Run(in), check.Cross)); got != "[sum.row t3.balance]" {
		t.Errorf("one less: found %s", got)
	}
}

// Where a report has to be complete, a blank and a stroke are errors, published or not.
func TestPublishedWithBlanks_Complete(t *testing.T) {
	for _, c := range []struct {
		state form.State
		want  string
	}{{form.Unfilled, "[figure.blank]"}, {form.Slashed, "[figure.slash]"}} {
		in := township(t, forms(t), 1)
		in.Published, in.Complete = true, true
		in.Figures["t2.coercion.decisions"] = form.Figure{State: c.state}
		if got := fmt.Sprint(ids(check.Run(in), check.Hard)); got != c.want {
			t.Errorf("found %s, want %s", got, c.want)
		}
	}
}

// The township's report for 2018, with figures only in its words.
func TestReportOf2018(t *testing.T) {
	fs := forms(t)
	f, _ := fs.Get("2007")
	in := check.Input{Forms: fs, Report: check.Report{Form: f, Period: period(t, "2018"), Figures: map[string]form.Figure{}, Narratives: map[string]string{
		"overview": "我乡认真推行政务公开。", "problems": "认识不够到位。",
		"disclosure": "2018年主动公开政府信息550条,其中政府文件24条,工作报告1条,应急管理类信息365条,工作动态类信息130条,其他类信息30条。",
	}}}
	for _, c := range f.Cells() {
		in.Figures[c.ID] = form.Figure{State: form.StatedNone}
	}
	for cell, v := range map[string]int64{"total": 550, "government_document": 24, "work_report": 1, "emergency_management": 365, "work_update": 130, "other": 30} {
		in.Figures["disclosed."+cell] = form.Figure{Value: v, State: form.Derived}
	}
	if found := check.Run(in); len(found) != 0 {
		t.Errorf("found %+v", found)
	}
	in.Figures["disclosed.emergency_management"] = form.Figure{Value: 356, State: form.Typed}
	if got := fmt.Sprint(ids(check.Run(in), check.Cross)); got != "[sum.cell text.figures]" {
		t.Errorf("two digits changed places: found %s", got)
	}
}

// A city's report is the sum of its own and its townships'. What is missing is named, never taken as zero.
func TestLevels(t *testing.T) {
	fs := forms(t)
	var below check.Below
	for seed := range uint64(4) {
		r := township(t, fs, seed).Report
		r.Organ.ID = organ.ID(fmt.Sprint(652701201 + seed))
		below.Children = append(below.Children, r)
	}
	own := township(t, fs, 99).Report
	own.Organ.ID = "652701"
	below.Own, below.Whole = &own, true
	city := check.Input{Forms: fs, Report: check.Report{
		Form: own.Form, Period: own.Period, Organ: check.Organ{Kind: organ.Government, Level: organ.County}, Figures: map[string]form.Figure{},
	}, Below: &below}
	for _, c := range own.Form.Cells() {
		total := own.Figures[c.ID].Value
		for _, child := range below.Children {
			total += child.Figures[c.ID].Value
		}
		city.Figures[c.ID] = form.Figure{Value: total, State: form.Typed}
	}
	expect := func(name, want string) {
		t.Helper()
		if got := fmt.Sprint(ids(check.Run(city), check.Note)); got != want {
			t.Errorf("%s: found %s, want %s", name, got, want)
		}
	}
	expect("all are there", "[]")
	city.Figures["t2.licences.decisions"] = form.Figure{Value: 1000, State: form.Typed}
	expect("too many", "[levels.sum]")
	below.Missing = []string{"乙镇"}
	expect("more than is there", "[levels.missing]")
	city.Figures["t2.licences.decisions"] = form.Figure{Value: 0, State: form.Typed}
	expect("fewer than are there", "[levels.missing levels.sum]")
	below.Children = append(below.Children, below.Children[0])
	below.Missing, below.Whole = nil, false
	expect("one twice", "[levels.sum who.one_report]")
	below.Children[4].Organ.ID = "652701205"
	below.Children[4].Period = period(t, "2022")
	expect("one of another year", "[levels.form levels.sum]")
}

// After a merger, what is carried over is the sum of the predecessors'.
func TestMerger(t *testing.T) {
	fs := forms(t)
	in := township(t, fs, 5)
	other := township(t, fs, 6).Previous[0]
	in.Previous = append(in.Previous, other)
	if got := fmt.Sprint(ids(check.Run(in), check.Hard)); got != "[t2.in_force t3.carried_over]" {
		t.Errorf("only one counted: %s", got)
	}
	both := make(map[string]form.Figure)
	for id, f := range in.Previous[0].Figures {
		both[id] = form.Figure{Value: f.Value + other.Figures[id].Value, State: form.Typed}
	}
	in.Figures = fill(in.Form, func(cell string) int64 { return in.Figures[cell].Value }, both)
	in.Narratives = nil
	if got := fmt.Sprint(ids(check.Run(in), check.Hard)); got != "[]" {
		t.Errorf("both counted: %s", got)
	}
}

func TestGuess(t *testing.T) {
	for name, want := range map[string]string{
		"贝林哈日莫墩乡人民政府": "people's government township", "青得里镇": "people's government township",
		"顾里木图街道办事处": "sub-district office township", "博乐市人民政府": "people's government county", "浙江省绍兴市人民政府": "people's government prefecture", "儋州市人民政府": "people's government prefecture",
		"某某市人民政府": "people's government none", "鄂尔多斯市人民政府": "people's government prefecture", "精河县": "people's government county",
		"博尔塔拉蒙古自治州人民政府": "people's government prefecture", "新疆维吾尔自治区人民政府": "people's government province",
		"上海市人民政府": "people's government province", "孝感市教育局": "department prefecture", "精河县人民政府办公室": "department county",
		"国家市场监督管理总局": "department country", "国家发展和改革委员会": "department country", "国家税务总局精河县税务局": "department county",
		"市场监督管理局": "department none", "孝感市城市管理执法局": "department prefecture", "博乐市城乡建设局": "department prefecture", "国家乡村振兴局": "department country",
		"新疆维吾尔自治区教育厅": "department province", "教育部": " none", "": " none",
	} {
		o := check.Guess(name)
		if got := o.Kind.String() + " " + o.Level.String(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// The catalogue says of each check what it asks for and what to do; the identities of a form are among its checks.
func TestCatalogue(t *testing.T) {
	fs := forms(t)
	f, _ := fs.Get("2021")
	seen := make(map[string]bool)
	for _, d := range check.Catalogue(f) {
		if d.Text.Missing() || d.Remedy.Missing() || d.Severity.Label().Missing() || d.Basis == "" || !d.Source.IsZero() && !d.Source.Valid() {
			t.Errorf("%+v", d)
		}
		seen[d.ID] = true
	}
	for _, id := range []string{"t3.balance", "t3.carried_over", "t2.in_force", form.RowTotal, check.FigureBlank, check.OneDay} {
		if !seen[id] {
			t.Errorf("%s is not in the catalogue", id)
		}
	}
	if check.Run(check.Input{}) != nil {
		t.Error("a report without a form")
	}
}

// A form that the program has never heard of is checked by what it says itself.
func TestFormOf2030(t *testing.T) {
	fs, err := form.Load(os.DirFS("../testdata/forms"))
	if err != nil {
		t.Fatal(err)
	}
	f := &fs[0]
	in := check.Input{Forms: fs, Report: check.Report{Form: f, Period: period(t, "2031"), Figures: map[string]form.Figure{}, Narratives: map[string]string{"remarks": "无"}}}
	for _, c := range f.Cells() {
		in.Figures[c.ID] = form.Figure{State: form.Typed}
	}
	in.Figures["staff"] = form.Figure{Value: 1, State: form.Typed}
	found := check.Run(in)
	if len(found) != 1 || found[0].Check != "staff" || found[0].Expected != "0" || found[0].Found != "1" {
		t.Errorf("found %+v", found)
	}
}

func BenchmarkRun(b *testing.B) {
	fs := forms(b)
	in := township(b, fs, 1)
	b.ReportAllocs()
	for b.Loop() {
		check.Run(in)
	}
}
