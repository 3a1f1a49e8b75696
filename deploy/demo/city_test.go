package demo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gongkai/deploy/demo"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
)

func load(t *testing.T) *demo.City {
	t.Helper()
	c, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every organ stands below one that was entered before it and is of a higher level, and says why if it owes no report.
func TestOrganizationsKeepTheRules(t *testing.T) {
	entered := map[string]bool{}
	owing := 0
	for _, in := range load(t).Organizations {
		id, o := in.GetOrganizationId(), in.GetOrganization()
		parent := strings.TrimPrefix(o.GetParent(), "organizations/")
		switch {
		case entered[id]:
			t.Errorf("%s stands twice", id)
		case parent == "" && id != "65":
			t.Errorf("%s has no parent", id)
		case parent != "" && !entered[parent]:
			t.Errorf("%s stands before its parent %s", id, parent)
		case parent != "" && !strings.HasPrefix(id, parent):
			t.Errorf("%s does not lie in %s", id, parent)
		case (o.GetKind() == directoryv1.Kind_KIND_DEPARTMENT) != strings.Contains(id, "-"):
			t.Errorf("%s: kind %v", id, o.GetKind())
		case o.GetOwesReport() == (o.GetNoReportReason() != ""):
			t.Errorf("%s: owes %v, reason %q", id, o.GetOwesReport(), o.GetNoReportReason())
		case o.GetOwesReport() && len(parent) != 6:
			t.Errorf("%s owes a report to %s", id, parent)
		}
		entered[id] = true
		if o.GetOwesReport() {
			owing++
		}
	}
	if owing != 12 {
		t.Errorf("%d organs owe a report, want 5 sub-districts, 4 towns, 1 township, 2 departments", owing)
	}
}

func TestOrganNames(t *testing.T) {
	names := map[string]string{}
	for _, in := range load(t).Organizations {
		names[in.GetOrganizationId()] = in.GetOrganization().GetDisplayName()
	}
	for id, want := range map[string]string{
		"6527":             "博尔塔拉蒙古自治州人民政府",
		"652701201":        "贝林哈日莫墩乡人民政府",
		"652701001":        "青得里街道办事处",
		"652701400":        "阿热勒托海牧场",
		"652701201200":     "贝林哈日莫墩村村民委员会",
		"652701002010":     "二阶台社区居民委员会",
		"652701006010":     "金桥社区居民委员会",
		"652701101206":     "乌兰布呼村村民委员会",
		"652701-education": "博乐市教育局",
	} {
		if names[id] != want {
			t.Errorf("%s is %q, want %q", id, names[id], want)
		}
	}
	for id, name := range names {
		if strings.HasSuffix(name, "村委会") || strings.HasSuffix(name, "居委会") {
			t.Errorf("%s: %s is not written out", id, name)
		}
	}
}

// The figures of the township's published report.
func TestTownshipFigures(t *testing.T) {
	c := load(t)
	for category, want := range map[string]int{
		"government_document": 24, "work_report": 1, "emergency_management": 365, "work_update": 130, "other": 30,
	} {
		if got := c.Figure(demo.TownshipID, category); got != want {
			t.Errorf("%s: %d records, want %d", category, got, want)
		}
	}
	days := map[string]bool{}
	for _, r := range c.Records {
		if r.Organization == demo.TownshipID && r.Draft.GetCategory() == "emergency_management" {
			days[r.PublishedOn.String()] = true
		}
	}
	if len(days) != 365 {
		t.Errorf("emergency management on %d days of the year, want each", len(days))
	}
}

// Every record is of 2018 and says what it is: reconstructed from the published figures, or an example.
func TestRecordsAreMarked(t *testing.T) {
	c := load(t)
	if len(c.Records) < 5000 {
		t.Errorf("%d records, want at least 5,000", len(c.Records))
	}
	keys := map[string]bool{}
	for _, r := range append(slices.Clone(c.Records), c.Added, c.Late) {
		on := r.PublishedOn
		if on.GetYear() != 2018 || time.Date(2018, time.Month(on.GetMonth()), int(on.GetDay()), 0, 0, 0, 0, time.UTC).Day() != int(on.GetDay()) {
			t.Errorf("%s is published on %v", r.Draft.GetTitle(), on)
		}
		if f := r.Draft.GetFormedOn(); f != nil && (f.GetYear() != 2018 || f.GetMonth()*100+f.GetDay() > on.GetMonth()*100+on.GetDay()) {
			t.Errorf("%s is formed on %v, published on %v", r.Draft.GetTitle(), f, on)
		}
		example := strings.HasPrefix(r.Draft.GetTitle(), "示例：")
		rebuilt := strings.Contains(r.Draft.GetContent(), "依据该乡2018年度报告所列条数重建")
		if township := r.Organization == demo.TownshipID; example == township || rebuilt != township {
			t.Errorf("%s: %q, %q is not marked as what it is", r.Organization, r.Draft.GetTitle(), r.Draft.GetContent())
		}
		key := r.Organization + "/" + r.Key
		if keys[key] || len(key) > 50 {
			t.Errorf("key %s stands twice or is too long for a request id", key)
		}
		keys[key] = true
	}
}

func TestOnlyThoseWhoOweHaveRecords(t *testing.T) {
	c := load(t)
	owes := map[string]bool{}
	for _, in := range c.Organizations {
		owes[in.GetOrganizationId()] = in.GetOrganization().GetOwesReport()
	}
	for _, r := range c.Records {
		if !owes[r.Organization] {
			t.Fatalf("%s owes no report and has records", r.Organization)
		}
	}
	for _, q := range c.Requests {
		if !owes[q.Organization] {
			t.Errorf("%s owes no report and has requests", q.Organization)
		}
	}
}

func TestLoadIsDeterministic(t *testing.T) {
	a, b := load(t), load(t)
	for i := range a.Records {
		if a.Records[i].Key != b.Records[i].Key || !proto.Equal(a.Records[i].Draft, b.Records[i].Draft) || !proto.Equal(a.Records[i].PublishedOn, b.Records[i].PublishedOn) {
			t.Fatalf("record %d is %v, then %v", i, a.Records[i], b.Records[i])
		}
	}
}

// The township's report in its own words; a part that it has none of is stated as 无.
func TestTownshipReport(t *testing.T) {
	c := load(t)
	if len(c.Reports) != 11 {
		t.Fatalf("%d reports, want those of all who owe one but %s", len(c.Reports), demo.MissingID)
	}
	var report *reportv1.CompileReportRequest
	for _, in := range c.Reports {
		if in.GetParent() == "organizations/"+demo.TownshipID {
			report = in
		}
	}
	if none := slices.Sorted(slices.Values(report.GetStatedNone())); !slices.Equal(none, []string{"appeals", "fees", "requests"}) {
		t.Errorf("states as none %v", none)
	}
	want := map[string]string{
		"overview":   "根据《中华人民共和国政府信息公开条例》",
		"disclosure": "### ㈠ 重点公开内容",
		"requests":   "㈠ 依申请公开情况:无",
		"fees":       "㈡ 依申请公开的收费及减免情况:无",
		"appeals":    "㈢ 因依申请公开发生的行政复议和行政诉讼情况:无",
		"problems":   "我乡的政务公开工作虽然取得了一定的成绩",
	}
	for _, n := range report.GetNarratives() {
		if beginning, ok := want[n.GetPart()]; !ok || !strings.HasPrefix(n.GetMarkdown(), beginning) {
			t.Errorf("part %q begins %.60q", n.GetPart(), n.GetMarkdown())
		}
		delete(want, n.GetPart())
	}
	if len(want) > 0 {
		t.Errorf("parts missing: %v", want)
	}
	if text := report.GetNarratives()[1].GetMarkdown(); !strings.Contains(text, "2018年主动公开政府信息550条,其中政府文件24条,工作报告1条,应急管理类信息365条,工作动态类信息130条,其他类信息30条") {
		t.Error("the disclosure part does not say its figures")
	}
}

// A report of another organ is marked as an example, and says no figure that its cells could contradict.
func TestOtherReportsAreExamples(t *testing.T) {
	for _, in := range load(t).Reports {
		if in.GetParent() == "organizations/"+demo.TownshipID {
			continue
		}
		for _, n := range in.GetNarratives() {
			if !strings.HasPrefix(n.GetMarkdown(), "示例：") {
				t.Errorf("%s, part %s: %.40q", in.GetParent(), n.GetPart(), n.GetMarkdown())
			}
		}
	}
}
