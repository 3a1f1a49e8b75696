package organ_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

var (
	pool = []organ.ID{
		"65", "66", "6527", "6528", "652701", "652702", "652801", "652701201", "652701202", "652702100",
		"652701201001", "652701202001", "65-a", "6527-a", "652701-a", "652702-b",
	}
	instants = []workday.Date{
		{Year: 2018, Month: 1, Day: 1},
		{Year: 2018, Month: 3, Day: 31},
		{Year: 2018, Month: 4, Day: 1},
		{Year: 2018, Month: 7, Day: 1},
		{Year: 2018, Month: 12, Day: 31},
		{Year: 2019, Month: 1, Day: 1},
	}
)

// anyOrganization draws one over the pool; its parents are mostly, not always, of a level that fits.
func anyOrganization() *rapid.Generator[organ.Organization] {
	return rapid.Custom(func(t *rapid.T) organ.Organization {
		id := rapid.SampledFrom(pool).Draw(t, "id")
		o := organ.Organization{ID: id}
		above := append([]organ.ID{""}, slices.DeleteFunc(slices.Clone(pool), func(p organ.ID) bool { return p == id })...)
		for _, p := range pool {
			if id.IsDepartment() && p == id.Government() || !id.IsDepartment() && !p.IsDepartment() && p.Level() < id.Level() {
				above = append(above, p, p, p, p, p, p, p, p)
			}
		}
		dates := slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.IntRange(0, len(instants)-1), 1, 3, rapid.ID[int]).Draw(t, "dates")))
		for _, i := range dates {
			o.Versions = append(o.Versions, organ.Version{
				EffectiveOn: instants[i], Parent: rapid.SampledFrom(above).Draw(t, "parent"),
				DisplayName: string(id), Kind: naturalKind(id), OwesReport: true,
			})
		}
		if rapid.IntRange(0, 3).Draw(t, "ends") == 0 {
			o.EndedOn = rapid.SampledFrom(instants).Draw(t, "ended")
			o.Successors = rapid.SliceOfN(rapid.SampledFrom(pool), 0, 2).Draw(t, "successors")
		}
		return o
	})
}

// Over any tree, also one that was never checked, every walk ends and the questions agree with each other.
func TestUncheckedTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := organ.NewTree()
		for _, o := range rapid.SliceOf(anyOrganization()).Draw(t, "puts") {
			tree.Put(o)
		}
		for _, on := range instants {
			agreeOn(t, tree, on)
		}
		for _, text := range []string{"2018-03", "2018-q2", "2018", "2019"} {
			p, _ := workday.ParsePeriod(text)
			agreeIn(t, tree, p)
		}
	})
}

func agreeOn(t *rapid.T, tree *organ.Tree, on workday.Date) {
	for _, id := range pool {
		path := tree.Path(id, on)
		if path[0] != id || len(slices.Compact(slices.Sorted(slices.Values(path)))) != len(path) {
			t.Fatalf("on %v: path of %s is %v", on, id, path)
		}
		for _, ancestor := range pool {
			if tree.Within(id, ancestor, on) != slices.Contains(path, ancestor) {
				t.Fatalf("on %v: %s within %s", on, id, ancestor)
			}
			if id != ancestor && slices.Contains(tree.AllUnder(ancestor, on), id) != slices.Contains(path, ancestor) {
				t.Fatalf("on %v: under %s is %v, but the path of %s is %v", on, ancestor, tree.AllUnder(ancestor, on), id, path)
			}
		}
		for _, child := range tree.Children(id, on) {
			if tree.Parent(child, on) != id {
				t.Fatalf("on %v: %s is a child of %s", on, child, id)
			}
		}
	}
}

func agreeIn(t *rapid.T, tree *organ.Tree, p workday.Period) {
	for _, id := range pool {
		path := tree.PathIn(id, p)
		_, there := tree.At(id, p.Last())
		if there && !slices.Equal(path[:min(2, len(path))], tree.Path(id, p.Last())[:min(2, len(path))]) {
			t.Fatalf("in %v: path of %s is %v", p, id, path)
		}
		for _, parent := range pool {
			below := slices.Contains(tree.ChildrenIn(parent, p), id)
			if above := len(path) > 1 && path[1] == parent; below != above && id != parent {
				t.Fatalf("in %v: below %s is %v, but the path of %s is %v", p, parent, tree.ChildrenIn(parent, p), id, path)
			}
		}
	}
}

// A tree built by Check and Put alone has on every date, for every organisation that exists, a path of organisations
// that exist too, up to a province, each of a higher level than the one below it. So there is no cycle.
func TestCheckedTree(t *testing.T) {
	accepted, moved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tree := organ.NewTree()
		for id, parent := range map[organ.ID]organ.ID{"65": "", "66": "", "6527": "65", "6528": "65", "652701": "6527", "652702": "6527"} {
			v := organ.Version{EffectiveOn: instants[0], Parent: parent, DisplayName: string(id), Kind: organ.Government, OwesReport: true}
			tree.Put(organ.Organization{ID: id, Versions: []organ.Version{v}})
		}
		for _, o := range rapid.SliceOfN(anyOrganization(), 20, 60).Draw(t, "puts") {
			if tree.Check(o) != nil {
				continue
			}
			accepted++
			if len(o.Versions) > 1 {
				moved++
			}
			tree.Put(o)
			for _, on := range instants {
				standsOn(t, tree, on)
			}
		}
	})
	if moved == 0 {
		t.Errorf("%d organisations were accepted, %d of them with a second version", accepted, moved)
	}
}

func standsOn(t *rapid.T, tree *organ.Tree, on workday.Date) {
	for _, id := range pool {
		if _, exists := tree.At(id, on); !exists {
			continue
		}
		path := tree.Path(id, on)
		if top := path[len(path)-1]; top.Level() != organ.Province || tree.Parent(top, on) != "" {
			t.Fatalf("on %v: path of %s is %v", on, id, path)
		}
		for i, above := range path[1:] {
			_, exists := tree.At(above, on)
			if below := path[i]; !exists || !below.IsDepartment() && above.Level() >= below.Level() {
				t.Fatalf("on %v: path of %s is %v, %s exists: %v", on, id, path, above, exists)
			}
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{"65", "652701201001", "652701-jiaoyuju", "652701-", "６５"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := organ.ParseID(s)
		if err == nil && (string(id) != s || id.Level() == 0 || id.Government().Level() != id.Level()) {
			t.Errorf("ParseID(%q) = %q, a %v", s, id, id.Level())
		}
		if err != nil && id != "" {
			t.Errorf("ParseID(%q) = %q with an error", s, id)
		}
	})
}

// BenchmarkTree builds a tree of the size of China's, 44,874 organisations, with every check, and asks it.
func BenchmarkTree(b *testing.B) {
	build := func() *organ.Tree {
		tree := organ.NewTree()
		var add func(id organ.ID, parent organ.ID, children ...int)
		add = func(id, parent organ.ID, children ...int) {
			o := organization(b, id, "2008-01-01", string(parent))
			if err := tree.Check(o); err != nil {
				b.Fatal(err)
			}
			tree.Put(o)
			if len(children) == 0 {
				return
			}
			digits := map[organ.Level]string{organ.Province: "%s%02d", organ.Prefecture: "%s%02d", organ.County: "%s%03d"}[id.Level()]
			for i := range children[0] {
				add(organ.ID(fmt.Sprintf(digits, id, i+1)), id, children[1:]...)
			}
		}
		for i := range 31 {
			add(organ.ID(fmt.Sprint(11+i)), "", 11, 9, 14)
		}
		return tree
	}
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			build()
		}
	})
	tree, on := build(), day(b, "2018-12-31")
	b.Run("path", func(b *testing.B) {
		for b.Loop() {
			tree.Path("110101001", on)
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			tree.AllUnder("11", on)
		}
	})
}
