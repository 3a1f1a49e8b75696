package page

import (
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law/workday"
)

// Whatever is asked for, a list's filter holds only what the rules of its parameters let through, and the
// link to the same list asks for the same again.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"period=2018&category=work_report", "period=2018-q2&category=a&category=b&page_token=x&from=201", "period=2018-02",
		`category=a"+OR+true`, "from=-1", "period=%ff", "from=1000000001", "page_token=%00", "",
	} {
		f.Add(seed)
	}
	shape := regexp.MustCompile(`^(published_on >= "[0-9-]{10}" AND published_on <= "[0-9-]{10}" AND )?` +
		`(\(?category = "[a-z0-9_.]{1,64}"( OR category = "[a-z0-9_.]{1,64}")*\)? AND )?state = STATE_PUBLISHED$`)
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q, err := parseQuery(values)
		if err != nil {
			return
		}
		if !shape.MatchString(q.filter()) {
			t.Fatalf("%q makes the filter %s", raw, q.filter())
		}
		again, err := url.ParseQuery(q.encode())
		if err != nil {
			t.Fatal(err)
		}
		if q.token == "" {
			q.from = 1
		}
		if got, err := parseQuery(again); err != nil || !reflect.DeepEqual(got, q) {
			t.Fatalf("%q is read again as %+v, want %+v: %v", raw, got, q, err)
		}
	})
}

func TestPeriods(t *testing.T) {
	for period, want := range map[string][3]string{
		"2018":    {"2018年政府信息公开工作年度报告", "2018-01-01", "2018-12-31"},
		"2018-q2": {"2018年第2季度政府信息公开工作报告", "2018-04-01", "2018-06-30"},
		"2020-02": {"2020年2月政府信息公开工作报告", "2020-02-01", "2020-02-29"},
	} {
		p, err := workday.ParsePeriod(period)
		if err != nil {
			t.Fatal(err)
		}
		filter := query{period: p}.filter()
		if got := (words{fault.Chinese}).heading("report", p); got != want[0] || !strings.Contains(filter, want[1]) || !strings.Contains(filter, want[2]) {
			t.Errorf("%s: %s, %s", period, got, filter)
		}
	}
}

// A cell's records follow from the measures that feed it: those of its sum too, and none if anything else does.
func TestCategoriesOfACell(t *testing.T) {
	cell := func(id string, facts, sum []string) *reportv1.FormCell {
		return &reportv1.FormCell{Id: id, Facts: facts, Sum: sum}
	}
	s := newSheet(&reportv1.ReportForm{
		Categories: []*reportv1.FormCategory{{Id: "a"}, {Id: "b"}, {Id: "c"}},
		Parts: []*reportv1.FormPart{{Cells: []*reportv1.FormCell{
			cell("a", []string{"disclosures.published.a"}, nil), cell("b", []string{"disclosures.published.b"}, nil),
			cell("c", []string{"disclosures.published.c"}, nil), cell("two", nil, []string{"b", "a"}), cell("sum", nil, []string{"two", "c"}),
			cell("any", []string{"disclosures.published.*"}, nil), cell("mixed", []string{"disclosures.published.a", "fees.charged"}, nil),
			cell("mixed_sum", nil, []string{"a", "mixed"}), cell("typed", nil, nil), cell("circle", nil, []string{"circle"}), cell("lost", nil, []string{"gone"}),
		}}},
	})
	for id, want := range map[string]string{
		"a": "a", "two": "a,b", "sum": "", "any": "", "mixed": "-", "mixed_sum": "-", "typed": "-", "circle": "-", "lost": "-", "gone": "-",
	} {
		categories, ok := s.categories(id)
		got := strings.Join(categories, ",")
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

func TestAmounts(t *testing.T) {
	s := newSheet(&reportv1.ReportForm{Parts: []*reportv1.FormPart{{Cells: []*reportv1.FormCell{
		{Id: "n"}, {Id: "m", Unit: reportv1.Unit_UNIT_FEN},
	}}}})
	for _, c := range []struct {
		cell  string
		value int32
		want  string
	}{
		{"n", 0, "0"},
		{"n", 999, "+999"},
		{"n", 1000, "+1,000"},
		{"n", 2147483647, "+2,147,483,647"},
		{"n", -2147483648, "−2,147,483,648"},
		{"m", 0, "0"},
		{"m", 5, "+0.05"},
		{"m", 123456, "+1,234.56"},
		{"m", -5, "−0.05"},
	} {
		if got := s.signed(c.cell, c.value); got != c.want {
			t.Errorf("%d in %s: %s, want %s", c.value, c.cell, got, c.want)
		}
	}
}

// Every text that a template or a contract's enum asks for is there, in both languages.
func TestTextsAreComplete(t *testing.T) {
	for name, text := range texts {
		if text.zh == "" || text.en == "" {
			t.Errorf("%s lacks a language", name)
		}
	}
	used := regexp.MustCompile(`\.?[TF] "([a-z_]+)"`)
	files, err := templates.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := templates.ReadFile("templates/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(data), -1) {
			if _, ok := texts[m[1]]; !ok {
				t.Errorf("%s asks for %s", file.Name(), m[1])
			}
		}
	}
	for s := range reportv1.RollupStatus_value {
		check(t, s)
	}
	for s := range reportv1.DifferenceCause_value {
		check(t, s)
	}
	for s := range reportv1.FigureState_value {
		check(t, s)
	}
	for s := range reportv1.ReportState_value {
		check(t, s)
	}
}

func check(t *testing.T, name string) {
	t.Helper()
	if _, ok := texts[name]; !ok {
		t.Errorf("%s has no text", name)
	}
}

// Markdown keeps its structure and loses whatever could act.
func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"甲\n乙":                      "<p>甲<br/>\n乙</p>\n",
		"**要点**":                    "<p><strong>要点</strong></p>\n",
		"a < b & c":                 "<p>a &lt; b &amp; c</p>\n",
		"":                          "",
		"[x](https://example.org/)": `<p><a href="https://example.org/" rel="nofollow noreferrer">x</a></p>` + "\n",
	} {
		got, err := markdown(in)
		if err != nil || strings.ReplaceAll(string(got), "<br>", "<br/>") != want {
			t.Errorf("%q: %q, want %q, %v", in, got, want, err)
		}
	}
	for _, in := range []string{
		"<script>x()</script>", "[x](javascript:x())", "![x](https://example.org/x.png)", `<a onclick="x()" style="x">y</a>`, "<iframe src=x></iframe>", "[x](data:text/html,x)",
	} {
		got, err := markdown(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "javascript:", "<img", "onclick", "style=", "<iframe", "data:"} {
			if strings.Contains(string(got), bad) {
				t.Errorf("%q: %q", in, got)
			}
		}
	}
}
