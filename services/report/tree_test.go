package report

import (
	"context"
	"testing"
	"testing/synctest"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/law/organ"
)

// city enters two prefectures, a city of the first, its department and two townships, and folds them.
func (w *world) city() {
	for _, id := range []string{"65", "6527", "6528", "652701", "652701-a", "652701201", "652701202"} {
		v := version("2008-05-01", map[string]string{"65": "", "6527": "65", "6528": "65", "652701": "6527"}[id], id)
		v.Kind = kindOf(organ.ID(id))
		if len(id) > 6 {
			v.Parent = "652701"
		}
		w.enter(organ.Organization{ID: organ.ID(id), Versions: []organ.Version{v}})
	}
	w.foldAll()
}

// revise changes an organisation, enters it, and leaves it to be folded.
func (w *world) revise(id organ.ID, change func(*organ.Organization)) {
	o, _ := w.model.Get(id)
	o.Versions = append([]organ.Version(nil), o.Versions...)
	change(&o)
	must(w.t, w.model.Check(o))
	w.enter(o)
}

// publish adds records of an organisation.
func (w *world) publish(id organ.ID, days ...string) {
	for _, d := range days {
		w.sources["disclosure"].append(w.t, &logv1.Entry{Kind: "disclosure.published", After: []*logv1.Fact{fact(id, dateOf(civil(d)), "other")}})
	}
}

// records is a row of the subtree totals.
func (w *world) records(id organ.ID, period string) int64 {
	n, err := parseParts("name", string(id), period)
	must(w.t, err)
	totals := map[string]int64{}
	must(w.t, w.server.DB.View(context.Background(), func(r kv.Reader) error {
		return sum(r, recordTotals, n.organization, n.period, totals)
	}))
	return totals["disclosures.published.other"]
}

// A department that its own government succeeds stands below it before its end, and beside it in the periods
// in which it ended. When the government moves, all of it moves, once.
func TestMove_PredecessorBelow(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701-a", "2018-01-10", "2018-01-11", "2018-06-10")
	w.publish("652701201", "2018-01-10", "2018-08-01")
	w.foldAll()
	w.revise("652701-a", func(o *organ.Organization) {
		o.EndedOn, o.Successors = civil("2018-07-15"), []organ.ID{"652701"}
	})
	w.foldAll()
	w.check()
	for period, want := range map[string][2]int64{"2018-01": {3, 3}, "2018-q1": {3, 3}, "2018": {2, 5}} {
		equal(t, "the city in "+period, w.records("652701", period), want[0])
		equal(t, "the prefecture in "+period, w.records("6527", period), want[1])
	}
	w.revise("652701", func(o *organ.Organization) { o.Versions[0].Parent = "6528" })
	w.foldAll()
	w.check()
	for period, want := range map[string]int64{"2018-01": 3, "2018-q1": 3, "2018": 5} {
		equal(t, "the old prefecture in "+period, w.records("6527", period), 0)
		equal(t, "the new prefecture in "+period, w.records("6528", period), want)
		equal(t, "the province in "+period, w.records("65", period), want)
	}
	w.checkRollups("2018", "2018-q1", "2018-q3", "2018-01")
}

// A township that moves on 1 July stands in one city before and in the other after; the year is that of its
// last day. When the move turns out to be wrong, everything goes back.
func TestMove_WithinTheYear(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.enter(organ.Organization{ID: "652702", Versions: []organ.Version{version("2008-05-01", "6528", "652702")}})
	w.publish("652701201", "2018-01-10", "2018-06-30", "2018-07-01")
	w.foldAll()
	w.revise("652701201", func(o *organ.Organization) {
		o.Versions = append(o.Versions, version("2018-07-01", "652702", "652701201"))
	})
	w.foldAll()
	w.check()
	for period, want := range map[string][2]int64{"2018-01": {1, 0}, "2018-q2": {1, 0}, "2018-06": {1, 0}, "2018-07": {0, 1}, "2018": {0, 3}} {
		equal(t, "the first city in "+period, w.records("652701", period), want[0])
		equal(t, "the second city in "+period, w.records("652702", period), want[1])
		equal(t, "the province in "+period, w.records("65", period), want[0]+want[1])
	}
	w.revise("652701201", func(o *organ.Organization) { o.Versions = o.Versions[:1] })
	w.foldAll()
	w.check()
	equal(t, "the first city in 2018", w.records("652701", "2018"), 3)
	equal(t, "the second city in 2018", w.records("652702", "2018"), 0)
}

// Records of an organisation that has no place in the period, or is unknown, are its own, until it gets one.
func TestMove_Unplaced(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701203", "2018-01-10", "2018-08-01")
	w.foldAll()
	w.check()
	equal(t, "itself", w.records("652701203", "2018"), 2)
	equal(t, "the city", w.records("652701", "2018"), 0)
	w.enter(organ.Organization{ID: "652701203", Versions: []organ.Version{version("2018-07-01", "652701", "new")}})
	w.foldAll()
	w.check()
	equal(t, "the city in the year", w.records("652701", "2018"), 2)
	equal(t, "the city before", w.records("652701", "2018-01"), 0)
	equal(t, "itself before", w.records("652701203", "2018-01"), 1)
	equal(t, "the city after", w.records("652701", "2018-08"), 1)
}

// The function that moves totals may run again: it begins from the tree before.
func TestFoldTree_RunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.settle = synctest.Wait
		w.city()
		w.publish("652701201", "2018-01-10")
		w.foldAll()
		for _, parent := range []organ.ID{"6528", "6527", "6528"} { // three changes of one organisation in a batch
			w.revise("652701", func(o *organ.Organization) { o.Versions[0].Parent = parent })
		}
		before := w.server.DB.Stats()
		w.foldBeside(directoryFeed, 1000)
		if now := w.server.DB.Stats(); now.Rollbacks == before.Rollbacks {
			t.Fatal("the function did not run again")
		}
		w.check()
		equal(t, "the old prefecture", w.records("6527", "2018"), 0)
		equal(t, "the new prefecture", w.records("6528", "2018"), 1)
	})
}

// A tree change whose commit fails leaves the tree as it was: nothing is counted along a tree that is not stored.
func TestFoldTree_Fails(t *testing.T) {
	for _, how := range []kvtest.Fault{kvtest.Lost, kvtest.Done} {
		w := newWorld(t)
		w.city()
		w.revise("652701", func(o *organ.Organization) { o.Versions[0].Parent = "6528" })
		w.enter(organ.Organization{ID: "652701203", Versions: []organ.Version{version("2018-07-01", "652701", "new")}})
		b, _ := w.batch(directoryFeed, 1000)
		w.engine.Fail(how)
		if err := w.server.foldTree(context.Background(), b); err == nil {
			t.Fatal("no error")
		}
		if v, _ := w.server.tree.At("652701", civil("2018-12-31")); v.Parent != "6527" {
			t.Errorf("fault %d: the tree has the change that was not stored: %s", how, v.Parent)
		}
		if _, there := w.server.tree.At("652701203", civil("2018-12-31")); there {
			t.Errorf("fault %d: the tree has an organisation that was not stored", how)
		}
		w.restart()
		w.publish("652701201", "2018-01-10")
		w.foldAll()
		w.check()
		equal(t, "the new prefecture", w.records("6528", "2018"), 1)
	}
}

// A directory's entry that does not open, or holds something else, stops the fold: the tree would be wrong.
func TestFoldTree_Withheld(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.revise("652701", func(o *organ.Organization) { o.Versions[0].Parent = "6528" })
	b, _ := w.batch(directoryFeed, 1000)
	for _, entry := range []*logv1.Entry{nil, {Kind: "organization.changed"}} {
		b.Entries[0].Entry = entry
		if err := w.server.foldTree(context.Background(), b); err == nil {
			t.Errorf("%v is folded", entry)
		}
	}
	b.Entries[0].Entry = &logv1.Entry{Kind: "something.else"}
	must(t, w.server.foldTree(context.Background(), b))
}
