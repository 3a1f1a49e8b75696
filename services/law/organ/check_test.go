package organ_test

import (
	"errors"
	"fmt"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

func TestCheck(t *testing.T) {
	fresh := func(id organ.ID, change func(*organ.Organization), datesAndParents ...string) organ.Organization {
		o := organization(t, id, datesAndParents...)
		if change != nil {
			change(&o)
		}
		return o
	}
	kind := func(k organ.Kind) func(*organ.Organization) {
		return func(o *organ.Organization) { o.Versions[0].Kind = k }
	}
	for _, c := range []struct {
		name         string
		organization organ.Organization
		reasons      string
		field        string // of the first violation
	}{
		{"a new township", fresh("652701102", nil, "2018-01-01", "652701"), "[]", ""},
		{"a code that does not begin with its parent's", fresh("652701102", nil, "2018-01-01", "652702"), "[]", ""},
		{"a county directly below the province", fresh("659001", nil, "2018-01-01", "65"), "[]", ""},
		{"a sub-district office", fresh("652701001", kind(organ.SubdistrictOffice), "2018-01-01", "652701"), "[]", ""},
		{"a farm", fresh("652701400", kind(organ.Other), "2018-01-01", "652701"), "[]", ""},
		{"a department of a prefecture", fresh("6527-caizhengju", nil, "2018-01-01", "6527"), "[]", ""},
		{"a second province", fresh("11", nil, "2008-01-01", ""), "[]", ""},
		{"the country", fresh(organ.Nation, nil, "2008-01-01", ""), "[]", ""},

		{"a malformed id", fresh("652701-", nil, "2018-01-01", "652701"), "[ORGANIZATION_ID_MALFORMED]", "id"},
		{"no versions", fresh("652701102", nil), "[ORGANIZATION_WITHOUT_VERSION]", "versions"},
		{"a version without a date", fresh("652701102", nil, "", "652701"), "[EFFECTIVE_DATE_MISSING PARENT_DOES_NOT_EXIST_THEN]", "versions[0].effective_on"},
		{"two versions of a day", fresh("652701102", nil, "2018-01-01", "652701", "2018-01-01", "652702"), "[VERSIONS_NOT_ASCENDING]", "versions[1].effective_on"},
		{"versions in the wrong order", fresh("652701102", nil, "2018-01-01", "652701", "2017-01-01", "652702"), "[VERSIONS_NOT_ASCENDING]", "versions[1].effective_on"},
		{"a version after the end", ended(t, fresh("652701102", nil, "2018-01-01", "652701"), "2018-01-01"), "[VERSION_AFTER_END]", "versions[0].effective_on"},
		{"an end that is no day", fresh("652701102", func(o *organ.Organization) { o.EndedOn = workday.Date{Year: 2018, Month: 2, Day: 30} }, "2018-01-01", "652701"), "[END_DATE_INVALID]", "ended_on"},
		{"no name", fresh("652701102", func(o *organ.Organization) { o.Versions[0].DisplayName = " " }, "2018-01-01", "652701"), "[DISPLAY_NAME_MISSING]", "versions[0].display_name"},
		{"no report, no reason", fresh("652701102", func(o *organ.Organization) { o.Versions[0].OwesReport = false }, "2018-01-01", "652701"), "[NO_REPORT_WITHOUT_REASON]", "versions[0].no_report_reason"},

		{"no kind", fresh("652701102", kind(0), "2018-01-01", "652701"), "[KIND_DOES_NOT_FIT_LEVEL]", "versions[0].kind"},
		{"a village government", fresh("652701201002", kind(organ.Government), "2018-01-01", "652701201"), "[KIND_DOES_NOT_FIT_LEVEL]", "versions[0].kind"},
		{"a villagers' committee of a township", fresh("652701102", kind(organ.VillagersCommittee), "2018-01-01", "652701"), "[KIND_DOES_NOT_FIT_LEVEL]", "versions[0].kind"},
		{"a sub-district office as a county", fresh("652703", kind(organ.SubdistrictOffice), "2018-01-01", "6527"), "[KIND_DOES_NOT_FIT_LEVEL]", "versions[0].kind"},
		{"a government with a department's id", fresh("652701-a", kind(organ.Government), "2018-01-01", "652701"), "[KIND_DOES_NOT_FIT_LEVEL]", "versions[0].kind"},
		{"a department with a division's id", fresh("652703", kind(organ.Department), "2018-01-01", "6527"), "[KIND_DOES_NOT_FIT_LEVEL]", "versions[0].kind"},

		{"an unknown parent", fresh("652801102", nil, "2018-01-01", "652801"), "[PARENT_UNKNOWN]", "versions[0].parent"},
		{"a root that is no province", fresh("652703", nil, "2018-01-01", ""), "[ROOT_NOT_PROVINCE]", "versions[0].parent"},
		{"a department as a root", fresh("65-a", nil, "2018-01-01", ""), "[ROOT_NOT_PROVINCE]", "versions[0].parent"},
		{"a parent of the same level", fresh("652701102", nil, "2018-01-01", "652701201"), "[PARENT_LEVEL_NOT_HIGHER]", "versions[0].parent"},
		{"a parent of a lower level", fresh("652703", nil, "2018-01-01", "652701201"), "[PARENT_LEVEL_NOT_HIGHER]", "versions[0].parent"},
		{"below a department", fresh("652701102", nil, "2018-01-01", "652701-jiaoyuju"), "[PARENT_IS_DEPARTMENT]", "versions[0].parent"},
		{"a department of another government", fresh("652701-a", nil, "2018-01-01", "652702"), "[DEPARTMENT_NOT_BELOW_ITS_GOVERNMENT]", "versions[0].parent"},
		{"a department below a department", fresh("652701-a", nil, "2018-01-01", "652701-jiaoyuju"), "[DEPARTMENT_NOT_BELOW_ITS_GOVERNMENT]", "versions[0].parent"},
		{"its own parent", fresh("652703", nil, "2018-01-01", "652703"), "[PARENT_LEVEL_NOT_HIGHER ORGANIZATION_CYCLE]", "versions[0].parent"},
		{"a parent that does not exist yet", fresh("652702100", nil, "2012-12-16", "652702"), "[PARENT_DOES_NOT_EXIST_THEN]", "versions[0].parent"},
		{"a parent on its first day", fresh("652702100", nil, "2012-12-17", "652702"), "[]", ""},

		{"an end that leaves children", ended(t, fresh(cityA, nil, "2008-01-01", "6527"), "2018-09-01"), "[ORGANIZATION_HAS_CHILDREN ORGANIZATION_HAS_CHILDREN]", "ended_on"},
		{"a beginning after its children's", fresh(township, nil, "2008-01-02", "652701"), "[ORGANIZATION_HAS_CHILDREN]", "versions[0].effective_on"},
		{"an unknown successor", ended(t, fresh(neighbour, nil, "2008-01-01", "652701"), "2018-09-01", "652701999"), "[SUCCESSOR_UNKNOWN]", "successors[0]"},
		{"its own successor", ended(t, fresh(neighbour, nil, "2008-01-01", "652701"), "2018-09-01", neighbour), "[SUCCESSOR_UNKNOWN]", "successors[0]"},
		{"a successor without an end", ended(t, fresh(neighbour, nil, "2008-01-01", "652701"), "", township), "[SUCCESSOR_WITHOUT_END]", "successors[0]"},
		{"a successor that comes later", ended(t, fresh("6527-a", nil, "2008-01-01", "6527"), "2012-01-01", cityB), "[SUCCESSOR_DOES_NOT_EXIST_THEN]", "successors[0]"},

		{
			"all at once", fresh("652703", func(o *organ.Organization) { o.Versions[0] = organ.Version{EffectiveOn: day(t, "2018-01-01")} }, "2018-01-01", ""),
			"[DISPLAY_NAME_MISSING NO_REPORT_WITHOUT_REASON KIND_DOES_NOT_FIT_LEVEL ROOT_NOT_PROVINCE]", "versions[0].display_name",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := prefectureTree(t)
			err := tree.Check(c.organization)
			if got := fmt.Sprint(law.Reasons(err)); got != c.reasons {
				t.Errorf("%v, want %s", err, c.reasons)
			}
			var breach *law.Breach
			if errors.As(err, &breach) && breach.Violations[0].Field != c.field {
				t.Errorf("field %q, want %q", breach.Violations[0].Field, c.field)
			}
			if _, known := tree.Get("652701102"); known {
				t.Error("check changed the tree")
			}
		})
	}
}

// A cycle may exist only between two dates. The county stands, wrongly, below one of its townships in July and August 2018.
func TestCycleBetweenTwoDates(t *testing.T) {
	for _, c := range []struct {
		name     string
		township organ.Organization
		reasons  string
	}{
		{"below the county all the time", organization(t, township, "2008-01-01", "652701"), "[ORGANIZATION_CYCLE]"},
		{"only until June", organization(t, township, "2008-01-01", "652701", "2018-07-01", "652702"), "[]"},
		{"until the first of July", organization(t, township, "2008-01-01", "652701", "2018-07-02", "652702"), "[ORGANIZATION_CYCLE]"},
		{"from the last of August", organization(t, township, "2008-01-01", "652702", "2018-08-31", "652701"), "[ORGANIZATION_CYCLE]"},
		{"from September", organization(t, township, "2008-01-01", "652702", "2018-09-01", "652701"), "[]"},
		{"through another one", organization(t, township, "2008-01-01", "652702", "2018-08-01", "652701-x"), "[PARENT_IS_DEPARTMENT ORGANIZATION_CYCLE]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := organ.NewTree()
			tree.Put(organization(t, province, "2008-01-01", ""))
			tree.Put(organization(t, cityB, "2008-01-01", "65"))
			tree.Put(organization(t, cityA, "2008-01-01", "65", "2018-07-01", string(township), "2018-09-01", "65"))
			tree.Put(organization(t, "652701-x", "2008-01-01", "652701"))
			if got := fmt.Sprint(law.Reasons(tree.Check(c.township))); got != c.reasons {
				t.Errorf("%s, want %s", got, c.reasons)
			}
			tree.Put(c.township)
			if got := len(tree.Path(township, day(t, "2018-08-01"))); got > tree.Len() {
				t.Errorf("a path of %d", got)
			}
		})
	}
}

// The cycle's violation says on which day it begins.
func TestCycleNamesItsFirstDay(t *testing.T) {
	tree := organ.NewTree()
	tree.Put(organization(t, cityA, "2008-01-01", "65", "2018-07-01", string(township)))
	var breach *law.Breach
	if err := tree.Check(organization(t, township, "2008-01-01", "652701")); !errors.As(err, &breach) || breach.Violations[0].Values["from"] != "2018-07-01" {
		t.Errorf("breach = %v", breach)
	}
}
