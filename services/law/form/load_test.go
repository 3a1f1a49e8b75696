package form_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/services/law"
	"gongkai/services/law/form"
)

// A form that the program has never heard of needs no code.
func TestFormOf2030(t *testing.T) {
	forms, err := form.Load(os.DirFS("testdata/forms"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := forms.For(period(t, "2035-q1"))
	if err != nil || f.ID != "2030" {
		t.Fatalf("form: %v, %v", f, err)
	}
	values := f.Derive(map[string]int64{"disclosures.published.picture": 3, "disclosures.published.document": 4, "shows.large.indoors": 2})
	want := "map[all:7 documents:4 pictures:3 s.all.indoors:2 s.all.outdoors:0 s.all.total:2 s.income.indoors:0 s.income.outdoors:0 " +
		"s.income.total:0 s.large.indoors:2 s.large.outdoors:0 s.large.total:2 s.planned.indoors:0 s.planned.outdoors:0 s.planned.total:0 " +
		"s.small.indoors:0 s.small.outdoors:0 s.small.total:0 staff:0]"
	if got := fmt.Sprint(values); got != want {
		t.Errorf("derived %s", got)
	}
	figures := map[string]form.Figure{"staff": {Value: 2, State: form.Typed}, "all": {Value: 8, State: form.Typed}}
	for id := range values {
		if _, typed := figures[id]; typed {
			continue
		}
		figures[id] = form.Figure{Value: values[id], State: form.Derived}
	}
	if got := fmt.Sprint(law.Reasons(f.Check(figures, nil))); got != "[SUM_DIFFERS NARRATIVE_MISSING]" {
		t.Errorf("reasons: %s", got)
	}
	if _, err := forms.For(period(t, "2029")); err == nil || !strings.Contains(err.Error(), "years=2030–") {
		t.Errorf("form for 2029: %v", err)
	}
}

const made = `
id: "2030"
title: {zh: 题, en: Title}
first_year: 2030
last_year: 2031
source: {title: {zh: 通知, en: Notice}, citations: [{act: R2019, article: "50(2)"}]}
categories:
  - {id: document, label: {zh: 文件, en: Documents}, items: [1]}
parts:
  - id: figures
    label: {zh: 数据, en: Figures}
    may_state_none: true
    cells:
      - {id: all, label: {zh: 总计, en: Total}, unit: count, sum: [a, b]}
      - {id: a, label: {zh: 甲, en: A}, unit: count, facts: [x.one]}
      - {id: b, label: {zh: 乙, en: B}, unit: count, facts: ["y.*"]}
  - {id: remarks, label: {zh: 说明, en: Remarks}, narrative: true}
`

// Each fault is found, and the error says where it is.
func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"an unknown key", `first_year: 2030`, "first_year: 2030\nfirst_yaer: 2030", "first_yaer"},
		{"an unknown key of a cell", `unit: count, facts: [x.one]`, `unit: count, fact: [x.one]`, "fact"},
		{"a key twice", `first_year: 2030`, "first_year: 2030\nfirst_year: 2030", "already defined"},
		{"another type", `first_year: 2030`, "first_year: [2030]", "2030.yaml"},
		{"a second document", `  - {id: remarks`, "---\n  - {id: remarks", "more than one document"},
		{"no title in English", `title: {zh: 题, en: Title}`, `title: {zh: 题}`, "title is missing in one language"},
		{"another id than the file's", `id: "2030"`, `id: "2031"`, `its id is "2031"`},
		{"an impossible first year", `first_year: 2030`, `first_year: 30`, "first_year 30"},
		{"the years in the wrong order", `last_year: 2031`, `last_year: 2029`, "last_year 2029 is before"},
		{"no title of the source", `source: {title: {zh: 通知, en: Notice}, `, `source: {`, "source: title"},
		{"no citations", `, citations: [{act: R2019, article: "50(2)"}]`, ``, "source: no citations"},
		{"a citation of an unknown act", `act: R2019`, `act: R1999`, `source: "R1999"`},
		{"a malformed place", `"50(2)"`, `"art. 50"`, `"art. 50"`},
		{"a category without a Chinese label", `label: {zh: 文件, en: Documents}`, `label: {en: Documents}`, "category document: label"},
		{"an item that art. 20 does not have", `items: [1]`, `items: [16]`, "category document: R2019 art. 20 has no item 16"},
		{"a category twice", `  - {id: document,`, "  - {id: document, label: {zh: 文, en: D}}\n  - {id: document,", "category document: duplicate id"},
		{"a malformed category", `{id: document`, `{id: Document`, `category "Document": malformed id`},
		{"a part twice", `{id: remarks`, `{id: figures`, "part figures: duplicate id"},
		{"a malformed part", `{id: remarks`, `{id: 说明`, `part "说明": malformed id`},
		{"a part without a label", `label: {zh: 说明, en: Remarks}`, `label: {zh: 说明}`, "part remarks: label"},
		{"a part with nothing in it", `, narrative: true`, ``, "part remarks: neither narrative nor cells"},
		{"none in a part without cells", `narrative: true`, `narrative: true, may_state_none: true`, "part remarks: may_state_none"},
		{"a cell twice", `{id: b,`, `{id: a,`, "cell a: duplicate id"},
		{"a malformed cell", `{id: b,`, `{id: "b ",`, `cell "b ": malformed id`},
		{"a cell without an English label", `label: {zh: 乙, en: B}`, `label: {zh: 乙}`, "cell b: label"},
		{"an unknown unit", `{id: b, label: {zh: 乙, en: B}, unit: count`, `{id: b, label: {zh: 乙, en: B}, unit: yuan`, `cell b: unit "yuan"`},
		{"a sum in two units", `{id: b, label: {zh: 乙, en: B}, unit: count`, `{id: b, label: {zh: 乙, en: B}, unit: fen`, "cell all: sum in count of cell b in fen"},
		{"facts and a sum", `sum: [a, b]`, `sum: [a, b], facts: [z]`, "cell all: both facts and a sum"},
		{"a malformed fact", `[x.one]`, `[x.o*]`, `cell a: malformed fact "x.o*"`},
		{"a sum of an unknown cell", `sum: [a, b]`, `sum: [a, c]`, `cell all: sum of unknown cell "c"`},
		{"a sum of itself", `sum: [a, b]`, `sum: [a, all]`, "cell all: it is a sum of itself"},
		{"a cycle of sums", `facts: [x.one]`, `sum: [all]`, "cell a: it is a sum of itself"},
		{"a cell counted twice", `sum: [a, b]`, `sum: [a, b, a]`, "cell all: cell a is counted twice"},
		{"a measure that feeds two leaves", `[x.one]`, `[y.one]`, "cell all: y.one feeds both a and b"},
		{"patterns that meet", `[x.one]`, `["*.one"]`, "cell all: *.one feeds both a and b"},
		{"no parts", made[strings.Index(made, "parts:"):], `parts: []`, "no parts"},
		{"an empty file", made, ``, "2030.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(made, c.old, c.new, 1)
			if text == made {
				t.Fatalf("%q is not in the form", c.old)
			}
			forms, err := form.Load(fstest.MapFS{"2030.yaml": {Data: []byte(text)}})
			if err == nil || forms != nil {
				t.Fatalf("loaded %v", forms)
			}
			if !strings.Contains(err.Error(), "2030.yaml") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q does not say %q", err, c.want)
			}
		})
	}
	if _, err := form.Load(fstest.MapFS{"2030.yaml": {Data: []byte(made)}}); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestLoadRefusesFolders(t *testing.T) {
	again := strings.NewReplacer(`id: "2030"`, `id: "2031"`, `first_year: 2030`, `first_year: 2031`, `last_year: 2031`, `last_year: 2040`).Replace(made)
	open := strings.Replace(made, "last_year: 2031\n", "", 1)
	later := strings.NewReplacer(`id: "2030"`, `id: "2032"`, `first_year: 2030`, `first_year: 2032`, `last_year: 2031`, `last_year: 2032`).Replace(made)
	for _, c := range []struct {
		name   string
		folder fstest.MapFS
		want   string
	}{
		{"empty", fstest.MapFS{}, "the folder has none"},
		{"years overlap", fstest.MapFS{"2030.yaml": {Data: []byte(made)}, "2031.yaml": {Data: []byte(again)}}, "form 2030.yaml: it covers 2031, as does form 2031.yaml"},
		{"after an open end", fstest.MapFS{"2030.yaml": {Data: []byte(open)}, "2032.yaml": {Data: []byte(later)}}, "form 2030.yaml: it covers 2032, as does form 2032.yaml"},
		{"one of two is broken", fstest.MapFS{"2030.yaml": {Data: []byte(made)}, "2032.yaml": {Data: []byte("id: [")}}, "read form 2032.yaml"},
		{"a folder with a form's name", fstest.MapFS{"2030.yaml": {Mode: os.ModeDir}}, "read form 2030.yaml"},
	} {
		if forms, err := form.Load(c.folder); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v", c.name, forms, err)
		}
	}
	if forms, err := form.Load(fstest.MapFS{"2030.yaml": {Data: []byte(made)}, "2032.yaml": {Data: []byte(later)}}); err != nil || len(forms) != 2 || forms[0].ID != "2030" {
		t.Errorf("one after the other: %v, %v", forms, err)
	}
}

// Every form of the folder is in the program, and loads.
func TestEveryFormIsEmbedded(t *testing.T) {
	names, err := filepath.Glob("forms/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("forms: %v, %v", names, err)
	}
	forms := embedded(t)
	if len(forms) != len(names) {
		t.Errorf("%d forms, %d files", len(forms), len(names))
	}
	for _, name := range names {
		if _, ok := forms.Get(strings.TrimSuffix(filepath.Base(name), ".yaml")); !ok {
			t.Errorf("%s is not embedded", name)
		}
	}
}

// Loading never panics, and what it accepts can be derived and checked.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(made))
	for _, name := range []string{"forms/2007.yaml", "forms/2021.yaml", "testdata/forms/2030.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("id: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		forms, err := form.Load(fstest.MapFS{"2030.yaml": {Data: text}})
		if err != nil {
			return
		}
		one := forms[0]
		figures := map[string]form.Figure{}
		for id, value := range one.Derive(map[string]int64{"x.one": 1, "y.two": 2}) {
			figures[id] = form.Figure{Value: value, State: form.Derived}
		}
		narratives := map[string]string{}
		for _, p := range one.Parts {
			narratives[p.ID] = "text"
		}
		if err := one.Check(figures, narratives); err != nil {
			t.Errorf("what is derived is refused: %v", err)
		}
	})
}

// Further forms come beside those of the program: the one before ends, and is still not one of a time that has ended.
func TestForms_With(t *testing.T) {
	known, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	all, err := known.With(os.DirFS("testdata/forms"))
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[string]string{"2018": "2007 2018 true", "2020": "2019 2020 true", "2029": "2021 2029 false", "2030": "2030 0 false"} {
		f, err := all.For(period(t, year))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s %d %v", f.ID, f.LastYear, f.Replaced()); got != want {
			t.Errorf("form of %s: %s, want %s", year, got, want)
		}
	}
	if f, _ := known.Get("2021"); f.LastYear != 0 || len(known) != 3 {
		t.Error("the forms themselves have changed")
	}
	for name, c := range map[string]struct{ id, years, want string }{
		"there already":   {"2021", "first_year: 2030", "form 2021.yaml: there is a form 2021 already"},
		"of a year taken": {"2020", "first_year: 2020\nlast_year: 2020", "form 2019.yaml: it covers 2020, as does form 2020.yaml"},
	} {
		text := strings.Replace(strings.Replace(made, `id: "2030"`, `id: "`+c.id+`"`, 1), "first_year: 2030\nlast_year: 2031", c.years, 1)
		_, err := known.With(fstest.MapFS{c.id + ".yaml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := known.With(fstest.MapFS{}); err == nil {
		t.Error("a folder without forms is taken")
	}
}
