package organ_test

import (
	"fmt"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

func day(t testing.TB, s string) workday.Date {
	t.Helper()
	if s == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func period(t testing.TB, s string) workday.Period {
	t.Helper()
	p, err := workday.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// naturalKind is the kind that the organ of an id has in the tests.
func naturalKind(id organ.ID) organ.Kind {
	switch {
	case id.IsDepartment():
		return organ.Department
	case id.Level() == organ.Village:
		return organ.VillagersCommittee
	}
	return organ.Government
}

func version(t testing.TB, id organ.ID, on string, parent organ.ID) organ.Version {
	return organ.Version{EffectiveOn: day(t, on), Parent: parent, DisplayName: "organ " + string(id), Kind: naturalKind(id), OwesReport: true}
}

// organization makes one from pairs of a date and the parent from that date on.
func organization(t testing.TB, id organ.ID, datesAndParents ...string) organ.Organization {
	o := organ.Organization{ID: id}
	for i := 0; i < len(datesAndParents); i += 2 {
		o.Versions = append(o.Versions, version(t, id, datesAndParents[i], organ.ID(datesAndParents[i+1])))
	}
	return o
}

func ended(t testing.TB, o organ.Organization, on string, successors ...organ.ID) organ.Organization {
	o.EndedOn, o.Successors = day(t, on), successors
	return o
}

const (
	province   = organ.ID("65")
	prefecture = organ.ID("6527")
	cityA      = organ.ID("652701")
	cityB      = organ.ID("652702")
	township   = organ.ID("652701201")
	neighbour  = organ.ID("652701100")
	village    = organ.ID("652701201001")
	bureau     = organ.ID("652701-jiaoyuju")
)

// prefectureTree has two cities; city A has two townships, of which one moves to city B on 2018-07-01, a village and a bureau.
func prefectureTree(t testing.TB) *organ.Tree {
	tree := organ.NewTree()
	for _, o := range []organ.Organization{
		organization(t, province, "2008-01-01", ""),
		organization(t, prefecture, "2008-01-01", "65"),
		organization(t, cityA, "2008-01-01", "6527"),
		organization(t, cityB, "2012-12-17", "6527"),
		organization(t, township, "2008-01-01", "652701", "2018-07-01", "652702"),
		organization(t, neighbour, "2008-01-01", "652701"),
		organization(t, village, "2008-01-01", "652701201"),
		organization(t, bureau, "2008-01-01", "652701"),
	} {
		if err := tree.Check(o); err != nil {
			t.Fatalf("check %s: %v", o.ID, err)
		}
		tree.Put(o)
	}
	return tree
}

func TestParseID(t *testing.T) {
	for s, want := range map[string]organ.Level{
		"00": organ.Country, "00-a": organ.Country, "65": organ.Province, "6527": organ.Prefecture, "652701": organ.County, "652701201": organ.Township, "652701201001": organ.Village,
		"65-jiaoyuting": organ.Province, "6527-a": organ.Prefecture, "652701-jiaoyuju": organ.County, "652701-a1-b2": organ.County,
		"652701-" + "a234567890123456789012345678901": organ.County,
	} {
		id, err := organ.ParseID(s)
		if err != nil || string(id) != s || id.Level() != want {
			t.Errorf("ParseID(%q) = %q, a %v, %v", s, id, id.Level(), err)
		}
	}
	for _, s := range []string{
		"", "6", "0", "000", "0065", "652", "65270", "6527012", "6527012010", "6527012010011", "05", "6a", "６５", "65 ", "-a", "652701-", "652701-1a", "652701-A",
		"652701201-a", "652701201001-a", "652701-教育局", "652701-a_b", "652701-" + "a2345678901234567890123456789012",
	} {
		id, err := organ.ParseID(s)
		if id != "" || fmt.Sprint(law.Reasons(err)) != "[ORGANIZATION_ID_MALFORMED]" || organ.ID(s).Level() != 0 {
			t.Errorf("ParseID(%q) = %q, %v", s, id, err)
		}
	}
	if got := bureau.Government(); got != cityA || !bureau.IsDepartment() || cityA.IsDepartment() || cityA.Government() != cityA {
		t.Errorf("government of %s = %s", bureau, got)
	}
}

// A township moves from city A to city B on 2018-07-01.
func TestMove(t *testing.T) {
	tree := prefectureTree(t)
	for _, c := range []struct{ on, path, childrenA, childrenB string }{
		{"2007-12-31", "[652701201]", "[]", "[]"},
		{"2008-01-01", "[652701201 652701 6527 65]", "[652701-jiaoyuju 652701100 652701201]", "[]"},
		{"2018-06-30", "[652701201 652701 6527 65]", "[652701-jiaoyuju 652701100 652701201]", "[]"},
		{"2018-07-01", "[652701201 652702 6527 65]", "[652701-jiaoyuju 652701100]", "[652701201]"},
	} {
		path, a, b := tree.Path(township, day(t, c.on)), tree.Children(cityA, day(t, c.on)), tree.Children(cityB, day(t, c.on))
		if fmt.Sprint(path) != c.path || fmt.Sprint(a) != c.childrenA || fmt.Sprint(b) != c.childrenB {
			t.Errorf("on %s: path %v, below A %v, below B %v", c.on, path, a, b)
		}
	}
	for _, c := range []struct {
		period string
		parent organ.ID
	}{
		{"2018-06", cityA},
		{"2018-q2", cityA},
		{"2018-07", cityB},
		{"2018-q3", cityB},
		{"2018", cityB},
		{"2017", cityA},
	} {
		p := period(t, c.period)
		if got := tree.PathIn(township, p)[1]; got != c.parent {
			t.Errorf("in %s it is below %s", c.period, got)
		}
		if got := fmt.Sprint(tree.PathIn(village, p)); got != fmt.Sprintf("[%s %s %s 6527 65]", village, township, c.parent) {
			t.Errorf("in %s its village is at %s", c.period, got)
		}
	}
}

func TestTreeQuestions(t *testing.T) {
	tree := prefectureTree(t)
	on := day(t, "2018-06-30")
	if got := fmt.Sprint(tree.AllUnder(cityA, on)); got != "[652701-jiaoyuju 652701100 652701201 652701201001]" {
		t.Errorf("all under A: %s", got)
	}
	if got := len(tree.AllUnder(province, on)); got != tree.Len()-1 {
		t.Errorf("%d under the province", got)
	}
	if got := fmt.Sprint(tree.Children("", on)); got != "[65]" {
		t.Errorf("roots: %s", got)
	}
	for _, c := range []struct {
		id, ancestor organ.ID
		want         bool
	}{
		{village, cityA, true},
		{village, province, true},
		{village, village, true},
		{village, cityB, false},
		{cityA, village, false},
		{"110101", cityA, false},
		{"110101", "110101", true},
		{cityA, "", false},
	} {
		if got := tree.Within(c.id, c.ancestor, on); got != c.want {
			t.Errorf("%s within %s = %v", c.id, c.ancestor, got)
		}
	}
	if got := fmt.Sprint(tree.Path("110101", on)); got != "[110101]" {
		t.Errorf("path of an unknown id: %s", got)
	}
	if _, ok := tree.At("110101", on); ok || tree.Parent("110101", on) != "" {
		t.Error("an unknown id is somewhere")
	}
	if o, ok := tree.Get(township); !ok || len(o.Versions) != 2 {
		t.Errorf("get: %+v, %v", o, ok)
	}
}

// A later Put replaces what was there: the move is corrected.
func TestPutAgain(t *testing.T) {
	tree := prefectureTree(t)
	corrected := organization(t, township, "2008-01-01", "652701")
	if err := tree.Check(corrected); err != nil {
		t.Fatal(err)
	}
	tree.Put(corrected)
	corrected.Versions[0].Parent = "nowhere" // the tree keeps its own copy
	p := period(t, "2018")
	if a, b := fmt.Sprint(tree.ChildrenIn(cityA, p)), tree.ChildrenIn(cityB, p); a != "[652701-jiaoyuju 652701100 652701201]" || len(b) != 0 {
		t.Errorf("below A %s, below B %v", a, b)
	}
	if got := tree.PathIn(township, p)[1]; got != cityA {
		t.Errorf("it is below %s", got)
	}
}

// On 2018-09-01 the neighbour is merged into the township, which is then in city B.
func TestMerger(t *testing.T) {
	tree := prefectureTree(t)
	merged := ended(t, organization(t, neighbour, "2008-01-01", "652701"), "2018-09-01", township)
	if err := tree.Check(merged); err != nil {
		t.Fatal(err)
	}
	tree.Put(merged)
	if _, ok := tree.At(neighbour, day(t, "2018-08-31")); !ok {
		t.Error("it ended a day early")
	}
	if _, ok := tree.At(neighbour, day(t, "2018-09-01")); ok {
		t.Error("it did not end")
	}
	for _, c := range []struct{ period, path, childrenA, childrenB string }{
		{"2018-08", "[652701100 652701 6527 65]", "[652701-jiaoyuju 652701100]", "[652701201]"},
		{"2018-09", "[652701100]", "[652701-jiaoyuju]", "[652701201]"}, // it existed on no day of September
		{"2018-q2", "[652701100 652701 6527 65]", "[652701-jiaoyuju 652701100 652701201]", "[]"},
		{"2018-q3", "[652701100 652702 6527 65]", "[652701-jiaoyuju]", "[652701100 652701201]"},
		{"2018", "[652701100 652702 6527 65]", "[652701-jiaoyuju]", "[652701100 652701201]"},
		{"2019", "[652701100]", "[652701-jiaoyuju]", "[652701201]"},
	} {
		p := period(t, c.period)
		path, a, b := tree.PathIn(neighbour, p), tree.ChildrenIn(cityA, p), tree.ChildrenIn(cityB, p)
		if fmt.Sprint(path) != c.path || fmt.Sprint(a) != c.childrenA || fmt.Sprint(b) != c.childrenB {
			t.Errorf("in %s: path %v, below A %v, below B %v", c.period, path, a, b)
		}
		if want := c.period == "2018-q3" || c.period == "2018"; tree.EndedIn(neighbour, p) != want {
			t.Errorf("ended in %s = %v", c.period, !want)
		}
	}
}

// An organ that was abolished without a successor stays with its last parent; one whose successor was merged in the
// same period follows it.
func TestEndWithoutOrThroughSuccessor(t *testing.T) {
	tree := prefectureTree(t)
	p := period(t, "2018")
	tree.Put(ended(t, organization(t, neighbour, "2008-01-01", "652701"), "2018-09-01"))
	if got := fmt.Sprint(tree.PathIn(neighbour, p), tree.ChildrenIn(cityA, p)); got != "[652701100 652701 6527 65] [652701-jiaoyuju 652701100]" {
		t.Errorf("without a successor: %s", got)
	}
	const between = organ.ID("652701101")
	tree.Put(ended(t, organization(t, neighbour, "2008-01-01", "652701"), "2018-03-01", between))
	tree.Put(ended(t, organization(t, between, "2008-01-01", "652701"), "2018-09-01", township))
	if got := fmt.Sprint(tree.ChildrenIn(cityB, p)); got != "[652701100 652701101 652701201]" {
		t.Errorf("through a successor: %s", got)
	}
	// Successors in a circle, which Check refuses, end the search as well.
	tree.Put(ended(t, organization(t, between, "2008-01-01", "652701"), "2018-09-01", neighbour))
	if got := fmt.Sprint(tree.PathIn(neighbour, p)); got != "[652701100 652701 6527 65]" {
		t.Errorf("in a circle: %s", got)
	}
}
