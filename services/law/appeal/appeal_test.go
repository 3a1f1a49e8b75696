package appeal_test

import (
	"fmt"
	"slices"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/appeal"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

func day(t *testing.T, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The last day of the law of 2017 beside the first of that of 2023.
func TestBodies(t *testing.T) {
	for _, c := range []struct {
		kind       appeal.Kind
		level      appeal.Level
		now        string
		article    string
		then       string
		oldArticle string
	}{
		{appeal.Department, appeal.County, "[own_government]", "24(1) item 1", "[own_government upper_department]", "12(1)"},
		{appeal.Department, appeal.Province, "[own_government]", "24(1) item 1", "[own_government upper_department]", "12(1)"},
		{appeal.Government, appeal.Township, "[upper_government]", "24(1) item 2", "[upper_government]", "13(1)"},
		{appeal.Government, appeal.County, "[upper_government]", "24(1) item 2", "[upper_government]", "13(1)"},
		{appeal.Government, appeal.Province, "[itself]", "24(2)", "[itself]", "14"},
		{appeal.Agency, appeal.Township, "[founding_government]", "24(1) item 3", "[founding_government]", "15(1) item 1"},
		{appeal.Justice, appeal.County, "[own_government upper_department]", "28", "[own_government upper_department]", "12(1)"},
		{appeal.Vertical, "", "[upper_department]", "27", "[upper_department]", "12(2)"},
		{appeal.Branch, appeal.County, "[own_government]", "24(4)", "[founding_department own_government]", "15(1) item 2"},
		{appeal.Branch, appeal.Prefecture, "[own_government local_government]", "24(4)", "[founding_department own_government]", "15(1) item 2"},
		{appeal.Authorized, appeal.County, "[own_government]", "24(1) item 4", "[managing_organ]", "15(1) item 3"},
		{appeal.Ministry, "", "[itself]", "25 item 1", "[itself]", "14"},
	} {
		o := appeal.Organ{Kind: c.kind, Level: c.level}
		now, cited, err := appeal.Bodies(o, day(t, "2024-01-01"))
		if err != nil || fmt.Sprint(now) != c.now || cited != (law.Citation{Act: law.Reconsideration2023, Article: c.article}) {
			t.Errorf("%+v: %v, %v, %v", o, now, cited, err)
		}
		then, cited, err := appeal.Bodies(o, day(t, "2023-12-31"))
		if err != nil || fmt.Sprint(then) != c.then || cited != (law.Citation{Act: law.Reconsideration2017, Article: c.oldArticle}) {
			t.Errorf("%+v before 2024: %v, %v, %v", o, then, cited, err)
		}
		for _, b := range append(now, then...) {
			if l := b.Label(); l.Missing() || l.Zh == string(b) {
				t.Errorf("%s has no name", b)
			}
		}
	}
}

// The bodies that heard published cases are among those named.
func TestBodies_Decided(t *testing.T) {
	for _, c := range []struct {
		source string
		organ  appeal.Organ
		on     string
		heard  appeal.Body
	}{
		{"潢川县政府，2025年：镇政府不答复", appeal.Organ{Kind: appeal.Government, Level: appeal.Township}, "2025-03-20", appeal.UpperGovernment},
		{"广朝府复决字〔2024〕4号：区发展和改革局", appeal.Organ{Kind: appeal.Department, Level: appeal.County}, "2024-01-01", appeal.OwnGovernment},
		{"〔2024〕亭政行复(决)字第88号：街道办事处", appeal.Organ{Kind: appeal.Agency, Level: appeal.Township}, "2024-07-01", appeal.FoundingGovernment},
		{"〔2024〕淮行复第80号：区政府", appeal.Organ{Kind: appeal.Government, Level: appeal.County}, "2024-02-18", appeal.UpperGovernment},
		{"大府复决〔2024〕2号：县自然资源和规划局", appeal.Organ{Kind: appeal.Department, Level: appeal.County}, "2023-11-03", appeal.OwnGovernment},
		{"泸县府复决〔2022〕30号：县住房和城乡建设局", appeal.Organ{Kind: appeal.Department, Level: appeal.County}, "2022-07-04", appeal.OwnGovernment},
		{"平政复决〔2022〕48号：县政府", appeal.Organ{Kind: appeal.Government, Level: appeal.County}, "2022-06-20", appeal.UpperGovernment},
		{"台政复〔2022〕103号：县政府", appeal.Organ{Kind: appeal.Government, Level: appeal.County}, "2022-05-20", appeal.UpperGovernment},
		{"〔2021〕通行复第83号：市自然资源和规划局", appeal.Organ{Kind: appeal.Department, Level: appeal.Prefecture}, "2021-06-15", appeal.OwnGovernment},
		{"津滨政复决〔2020〕210号：街道办事处", appeal.Organ{Kind: appeal.Agency, Level: appeal.Township}, "2020-11-04", appeal.FoundingGovernment},
		{"〔2013〕常天行复第6号：街道办事处", appeal.Organ{Kind: appeal.Agency, Level: appeal.Township}, "2013-09-02", appeal.FoundingGovernment},
		{"国土资复议(2015)287号：国务院部门", appeal.Organ{Kind: appeal.Ministry}, "2014-11-04", appeal.Itself},
		{"内蒙古自治区政府，2015年：自治区国土资源厅", appeal.Organ{Kind: appeal.Department, Level: appeal.Province}, "2015-03-04", appeal.OwnGovernment},
	} {
		bodies, _, err := appeal.Bodies(c.organ, day(t, c.on))
		if err != nil || !slices.Contains(bodies, c.heard) {
			t.Errorf("%s: %v, %v; heard by %s", c.source, bodies, err, c.heard)
		}
	}
}

func TestBodies_Refused(t *testing.T) {
	for o, want := range map[appeal.Organ]string{
		{Kind: "court", Level: appeal.County}:             "[APPEAL_ORGAN_UNKNOWN]",
		{Kind: appeal.Department, Level: appeal.Township}: "[APPEAL_ORGAN_UNKNOWN]",
		{Kind: appeal.Government}:                         "[APPEAL_ORGAN_UNKNOWN]",
		{}:                                                "[APPEAL_ORGAN_UNKNOWN]",
	} {
		if _, _, err := appeal.Bodies(o, day(t, "2024-01-01")); fmt.Sprint(law.Reasons(err)) != want {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, on := range []workday.Date{{}, {Year: 2024, Month: 2, Day: 30}, day(t, "1999-09-30")} {
		_, _, err := appeal.Bodies(appeal.Organ{Kind: appeal.Ministry}, on)
		_, _, first := appeal.ComesFirst("granted", on)
		if fmt.Sprint(law.Reasons(err), law.Reasons(first)) != "[APPEAL_BEFORE_LAW] [APPEAL_BEFORE_LAW]" {
			t.Errorf("on %s: %v, %v", on, err, first)
		}
	}
}

// What comes first on the last and first days of each state of the law.
func TestComesFirst(t *testing.T) {
	days := []string{"2018-06-01", "2023-12-31", "2024-01-01", "2025-05-31", "2025-06-01"}
	const open, warned, bound = "choice choice choice choice choice", "choice choice recommended recommended ", "choice choice recommended recommended required"
	want := map[string]string{
		"granted": open, "already_public": open,
		"denied_state_secret": bound, "denied_other_law": bound, "denied_security": bound, "denied_third_party": bound,
		"denied_internal_affairs": bound, "denied_process": bound, "denied_enforcement_file": bound,
		"denied_query_matter": warned + "recommended", "partial": warned + "recommended", "denied_privacy": warned + "recommended",
		"unable_not_held": warned + "choice", "unable_unclear": warned + "choice", "not_processed_petition": warned + "choice",
		"other_correction_overdue": warned + "choice", "other_fee_overdue": warned + "choice", "other": warned + "choice",
		appeal.NoAnswer: warned + "recommended",
	}
	for outcome, firsts := range want {
		got := ""
		for i, on := range days {
			first, cited, err := appeal.ComesFirst(outcome, day(t, on))
			if err != nil || !cited.Valid() || !cited.Act.InForce().Covers(on) || first.Label().Zh == string(first) {
				t.Errorf("%s on %s: %s, %v, %v", outcome, on, first, cited, err)
			}
			if i > 0 {
				got += " "
			}
			got += string(first)
		}
		if got != firsts {
			t.Errorf("%s: %s, want %s", outcome, got, firsts)
		}
	}
	for _, received := range []string{"2019-05-14", "2021-01-01"} {
		for _, o := range ground.On(day(t, received)) {
			if _, _, err := appeal.ComesFirst(o.ID, day(t, "2025-06-01")); err != nil {
				t.Errorf("%s: %v", o.ID, err)
			}
		}
	}
	if _, _, err := appeal.ComesFirst("lost", day(t, "2025-06-01")); fmt.Sprint(law.Reasons(err)) != "[UNKNOWN_OUTCOME]" {
		t.Errorf("an unknown outcome: %v", err)
	}
}
