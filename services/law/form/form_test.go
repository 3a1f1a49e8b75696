package form_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

func embedded(t testing.TB) form.Forms {
	t.Helper()
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return forms
}

func form2007(t testing.TB) *form.Form {
	t.Helper()
	f, ok := embedded(t).Get("2007")
	if !ok {
		t.Fatal("no form 2007")
	}
	return f
}

func period(t testing.TB, s string) workday.Period {
	t.Helper()
	p, err := workday.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const cells2007 = "disclosed.total disclosed.government_document disclosed.work_report disclosed.emergency_management " +
	"disclosed.work_update disclosed.other requests.received requests.concluded requests.already_public requests.granted " +
	"requests.partial requests.denied requests.denied.state_secret requests.denied.business_secret requests.denied.privacy " +
	"requests.denied.security requests.denied.not_government_information requests.denied.other requests.not_held " +
	"requests.not_existing requests.unclear requests.other fees.charged fees.waived appeals.reconsideration appeals.litigation"

// The parts and cells of the form of 2007 never change: reports are stored by their ids.
func TestForm2007(t *testing.T) {
	f := form2007(t)
	var parts, cells []string
	for _, p := range f.Parts {
		parts = append(parts, p.ID)
	}
	for _, c := range f.Cells() {
		cells = append(cells, c.ID)
		if got, ok := f.Cell(c.ID); !ok || got.Label != c.Label {
			t.Errorf("cell %s: %+v, %v", c.ID, got, ok)
		}
		if want := map[bool]form.Unit{true: form.Fen, false: form.Count}[strings.HasPrefix(c.ID, "fees.")]; c.Unit != want {
			t.Errorf("cell %s in %s", c.ID, c.Unit)
		}
	}
	if got := strings.Join(parts, " "); got != "overview disclosure requests fees appeals problems" {
		t.Errorf("parts: %s", got)
	}
	if got := strings.Join(cells, " "); got != cells2007 {
		t.Errorf("cells: %s", got)
	}
	if _, ok := f.Cell("disclosed"); ok {
		t.Error("a cell that the form does not have")
	}
	if f.FirstYear != 2008 || f.LastYear != 2018 || f.Source.Citations[0] != (law.Citation{Act: law.R2007, Article: "32"}) {
		t.Errorf("form: %+v", f)
	}
}

// Each outcome under R2007 and each category feeds exactly one leaf of the form of 2007.
func TestForm2007TakesEveryMeasure(t *testing.T) {
	var measures []string
	for _, o := range ground.On(workday.Date{Year: 2018, Month: 6, Day: 1}) {
		measures = append(measures, "requests.concluded."+o.ID+".natural_person")
	}
	for _, c := range form2007(t).Categories {
		measures = append(measures, "disclosures.published."+c.ID)
	}
	measures = append(measures, "requests.received.business", "fees.charged", "fees.waived",
		"appeals.received.reconsideration", "appeals.received.litigation")
	for _, measure := range measures {
		var fed []string
		for _, c := range form2007(t).Cells() {
			if c.Fed(measure) {
				fed = append(fed, c.ID)
			}
		}
		if len(fed) != 1 {
			t.Errorf("%s feeds %v", measure, fed)
		}
	}
}

func TestFed(t *testing.T) {
	for _, c := range []struct {
		fact, measure string
		want          bool
	}{
		{"fees.charged", "fees.charged", true},
		{"fees.charged", "fees.charged.more", false},
		{"fees.charged", "fees", false},
		{"requests.received.*", "requests.received.business", true},
		{"requests.received.*", "requests.received", false},
		{"requests.received.*", "requests.received.business.more", false},
		{"requests.*.business", "requests.received.business", true},
		{"requests.concluded.granted.*", "requests.concluded.partial.business", false},
		{"*", "fees", true},
		{"*", "fees.charged", false},
	} {
		if got := (form.Cell{Facts: []string{c.fact}}).Fed(c.measure); got != c.want {
			t.Errorf("%s fed by %s = %v", c.fact, c.measure, got)
		}
	}
}

// The published report of 贝林哈日莫墩乡 for 2018: 550 = 24 + 1 + 365 + 130 + 30; requests, fees and appeals 无.
func township2018(t testing.TB) (map[string]form.Figure, map[string]string) {
	figures := map[string]form.Figure{}
	values := form2007(t).Derive(map[string]int64{
		"disclosures.published.government_document":  24,
		"disclosures.published.work_report":          1,
		"disclosures.published.emergency_management": 365,
		"disclosures.published.work_update":          130,
		"disclosures.published.other":                30,
	})
	for id, value := range values {
		figures[id] = form.Figure{Value: value, State: form.Derived}
		if !strings.HasPrefix(id, "disclosed.") {
			figures[id] = form.Figure{State: form.StatedNone}
		}
	}
	return figures, map[string]string{"overview": "2018年,我乡全面贯彻落实《条例》", "problems": "认识不够到位"}
}

func TestTownshipOf2018(t *testing.T) {
	figures, narratives := township2018(t)
	for id, want := range map[string]int64{
		"disclosed.total": 550, "disclosed.government_document": 24, "disclosed.work_report": 1,
		"disclosed.emergency_management": 365, "disclosed.work_update": 130, "disclosed.other": 30,
	} {
		if got := figures[id]; got != (form.Figure{Value: want, State: form.Derived}) {
			t.Errorf("%s = %+v", id, got)
		}
	}
	if err := form2007(t).Check(figures, narratives); err != nil {
		t.Error(err)
	}
}

func TestDerive(t *testing.T) {
	got := form2007(t).Derive(map[string]int64{
		"requests.received.natural_person":                     7,
		"requests.received.legal_service":                      2,
		"requests.concluded.granted.natural_person":            3,
		"requests.concluded.denied_privacy.natural_person":     2,
		"requests.concluded.denied_state_secret.legal_service": 1,
		"requests.concluded.granted.legal_service":             1,
		"requests.concluded.denied_third_party.natural_person": 9, // of another form
		"disclosures.published.government_document.more":       9,
		"fees.charged":                                          123_45,
		"appeals.received.litigation":                           1,
		"disclosures.published.work_report":                     -1, // taken back after the opening of the period
		"requests.concluded.partial.other_organization.unknown": 9,
	})
	want := map[string]int64{}
	for id := range strings.SplitSeq(cells2007, " ") {
		want[id] = 0
	}
	maps.Copy(want, map[string]int64{
		"requests.received": 9, "requests.concluded": 7, "requests.granted": 4, "requests.denied": 3,
		"requests.denied.privacy": 2, "requests.denied.state_secret": 1, "fees.charged": 123_45, "appeals.litigation": 1,
		"disclosed.work_report": -1, "disclosed.total": -1,
	})
	if !maps.Equal(got, want) {
		t.Errorf("derived %v", got)
	}
}

// What is derived satisfies every check, whatever the measures: sums hold and each cell is there.
func TestDerivedIsConsistent(t *testing.T) {
	f := form2007(t)
	_, narratives := township2018(t)
	applicants := []string{"natural_person", "business", "research_institute", "public_welfare", "legal_service", "other_organization"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(0, 1000), rapid.SampledFrom([]int64{math.MaxInt64 - 1, math.MaxInt64}))
		measures, received := map[string]int64{}, int64(0)
		for _, applicant := range applicants {
			count := rapid.Int64Range(0, 50).Draw(t, "received")
			measures["requests.received."+applicant] = count
			received += count
		}
		for _, o := range ground.On(workday.Date{Year: 2018, Month: 6, Day: 1}) {
			measures["requests.concluded."+o.ID+"."+rapid.SampledFrom(applicants).Draw(t, "applicant")] = n.Draw(t, o.ID)
		}
		for _, c := range f.Categories {
			measures["disclosures.published."+c.ID] = n.Draw(t, c.ID)
		}
		figures := map[string]form.Figure{}
		for id, value := range f.Derive(measures) {
			figures[id] = form.Figure{Value: value, State: form.Derived}
		}
		if err := f.Check(figures, narratives); err != nil {
			t.Fatalf("%v: %v", measures, err)
		}
		if figures["requests.received"].Value != received {
			t.Fatalf("received %d, want %d", figures["requests.received"].Value, received)
		}
	})
}

func TestCheck(t *testing.T) {
	type figures = map[string]form.Figure
	type narratives = map[string]string
	for _, c := range []struct {
		name    string
		change  func(figures, narratives)
		reasons string
		field   string // of the first violation
	}{
		{"as published", func(figures, narratives) {}, "[]", ""},
		{"typed instead of derived", func(f figures, _ narratives) { f["disclosed.other"] = form.Figure{Value: 30, State: form.Typed} }, "[]", ""},
		{"text where none is due", func(_ figures, n narratives) { n["requests"] = "无" }, "[]", ""},
		{"a negative figure", func(f figures, _ narratives) { f["requests.received"] = form.Figure{Value: -1, State: form.Typed} }, "[NEGATIVE_FIGURE]", `figures["requests.received"]`},
		{"an unfilled cell", func(f figures, _ narratives) { f["fees.waived"] = form.Figure{} }, "[CELL_UNFILLED]", `figures["fees.waived"]`},
		{"a cell left out", func(f figures, _ narratives) { delete(f, "appeals.litigation") }, "[CELL_UNFILLED]", `figures["appeals.litigation"]`},
		{"an unfilled part of a sum", func(f figures, _ narratives) { delete(f, "disclosed.other") }, "[CELL_UNFILLED]", `figures["disclosed.other"]`},
		{"an unfilled sum", func(f figures, _ narratives) { delete(f, "disclosed.total") }, "[CELL_UNFILLED]", `figures["disclosed.total"]`},
		{"a wrong sum", func(f figures, _ narratives) { f["disclosed.total"] = form.Figure{Value: 551, State: form.Typed} }, "[SUM_DIFFERS]", `figures["disclosed.total"]`},
		{"a wrong part of a sum", func(f figures, _ narratives) { f["disclosed.other"] = form.Figure{Value: 31, State: form.Typed} }, "[SUM_DIFFERS]", `figures["disclosed.total"]`},
		{"a denial in neither sum", func(f figures, _ narratives) {
			f["requests.denied.privacy"] = form.Figure{Value: 1, State: form.Typed}
		}, "[SUM_DIFFERS]", `figures["requests.denied"]`},
		{"a denial in one sum", func(f figures, _ narratives) {
			f["requests.denied.privacy"] = form.Figure{Value: 1, State: form.Typed}
			f["requests.denied"] = form.Figure{Value: 1, State: form.Typed}
		}, "[SUM_DIFFERS]", `figures["requests.concluded"]`},
		{"an unknown cell", func(f figures, _ narratives) { f["disclosed.video"] = form.Figure{Value: 1, State: form.Typed} }, "[UNKNOWN_CELL]", `figures["disclosed.video"]`},
		{"an unknown part", func(_ figures, n narratives) { n["outlook"] = "…" }, "[UNKNOWN_PART]", `narratives["outlook"]`},
		{"a narrative missing", func(_ figures, n narratives) { delete(n, "problems") }, "[NARRATIVE_MISSING]", `narratives["problems"]`},
		{"a narrative of blanks", func(_ figures, n narratives) { n["overview"] = " \n　" }, "[NARRATIVE_MISSING]", `narratives["overview"]`},
		{"none that is not zero", func(f figures, _ narratives) { f["fees.charged"] = form.Figure{Value: 5, State: form.StatedNone} }, "[STATED_NONE_NOT_ZERO]", `figures["fees.charged"]`},
		{"none where it cannot be stated", func(f figures, _ narratives) {
			f["disclosed.total"] = form.Figure{Value: 520, State: form.Derived}
			f["disclosed.other"] = form.Figure{State: form.StatedNone}
		}, "[CANNOT_STATE_NONE]", `figures["disclosed.other"]`},
		{"a state that there is not", func(f figures, _ narratives) { f["fees.charged"] = form.Figure{State: 9} }, "[FIGURE_STATE_UNKNOWN]", `figures["fees.charged"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, n := township2018(t)
			c.change(f, n)
			err := form2007(t).Check(f, n)
			if got := fmt.Sprint(law.Reasons(err)); got != c.reasons {
				t.Fatalf("%v, want %s", err, c.reasons)
			}
			var breach *law.Breach
			if errors.As(err, &breach) && (breach.Violations[0].Field != c.field || breach.Violations[0].Citation.Act != law.R2007) {
				t.Errorf("violation %+v, want field %s", breach.Violations[0], c.field)
			}
		})
	}
}

// An empty report is told everything at once: 26 cells and 2 narratives.
func TestCheckTellsEverything(t *testing.T) {
	if got := len(law.Reasons(form2007(t).Check(nil, nil))); got != 28 {
		t.Errorf("%d violations", got)
	}
}

func TestFor(t *testing.T) {
	forms := embedded(t)
	for _, s := range []string{"2008", "2018", "2018-q2", "2018-06", "2018-12"} {
		if f, err := forms.For(period(t, s)); err != nil || f.ID != "2007" {
			t.Errorf("form for %s: %v, %v", s, f, err)
		}
	}
	for _, s := range []string{"2007", "2007-12"} {
		f, err := forms.For(period(t, s))
		var breach *law.Breach
		if f != nil || !errors.As(err, &breach) || breach.Violations[0].Reason != form.NoForm ||
			breach.Violations[0].Values["period"] != s || !strings.Contains(breach.Violations[0].Values["years"], "2008–2018") {
			t.Errorf("form for %s: %v, %v", s, f, err)
		}
	}
	if f, err := forms.For(workday.Period{}); f != nil || err == nil {
		t.Errorf("form for no period: %v, %v", f, err)
	}
	if _, ok := forms.Get("1999"); ok {
		t.Error("a form of 1999")
	}
}

func TestCategories(t *testing.T) {
	forms, err := form.Load(os.DirFS("testdata/forms"))
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]string{
		2018: "government_document work_report emergency_management work_update other", // a form without a list of its own
		2025: "government_document work_report emergency_management work_update other", // no form
		2030: "document picture",
	} {
		var got []string
		for _, c := range forms.Categories(year) {
			got = append(got, c.ID)
			if err := forms.CheckCategory(year, c.ID); err != nil {
				t.Errorf("%d: %v", year, err)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %v", year, got)
		}
	}
	for year, id := range map[int]string{2018: "picture", 2025: "", 2030: "work_report"} {
		if got := fmt.Sprint(law.Reasons(forms.CheckCategory(year, id))); got != "[CATEGORY_UNKNOWN_TO_FORM]" {
			t.Errorf("%d, %q: %s", year, id, got)
		}
	}
	for _, c := range form.Categories() {
		if c.Label.Missing() {
			t.Errorf("category %s: %+v", c.ID, c.Label)
		}
	}
}
