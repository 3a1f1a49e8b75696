package report

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/law/organ"

	"pgregory.net/rapid"
)

// copy copies the store of a log that is followed.
func (s *origin) copy(t tester) []byte {
	var b bytes.Buffer
	_, err := s.db.Backup(context.Background(), &b, nil)
	must(t, err)
	return b.Bytes()
}

// putBack puts a copy in the place of the store of a log that is followed.
func (w *world) putBack(service string, older []byte) {
	m, err := kvtest.ReadMemory(bytes.NewReader(older))
	must(w.t, err)
	engine, err := m.Reopen()
	must(w.t, err)
	db, err := kv.Open(engine, kv.Options{})
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, db.Close()) })
	w.sources[service] = &origin{db, newLog(w.t, db, service)}
}

// rebuild rebuilds as the command does, with the service stopped.
func (w *world) rebuild() {
	must(w.t, w.tryRebuild())
	w.restart()
}

func (w *world) tryRebuild() error {
	return w.sources[directoryFeed].db.View(context.Background(), func(directory kv.Reader) error {
		return w.sources["disclosure"].db.View(context.Background(), func(disclosure kv.Reader) error {
			return Rebuild(context.Background(), w.server.DB, w.server.Log, map[string]Source{
				directoryFeed: {w.sources[directoryFeed].log, directory}, "disclosure": {w.sources["disclosure"].log, disclosure},
			}, time.Date(2020, 1, 10, 4, 0, 0, 0, time.UTC))
		})
	})
}

// diverged is what a comparison says of a log that is not the one that was followed.
func (w *world) diverged(service string) (d *eventlog.DivergedError) {
	s := w.sources[service]
	err := w.server.DB.View(context.Background(), func(own kv.Reader) error {
		return s.db.View(context.Background(), func(r kv.Reader) error {
			_, err := Recompute(own, Source{w.server.Log, own}, map[string]Source{service: {s.log, r}})
			return err
		})
	})
	if !errors.As(err, &d) {
		w.t.Fatalf("the older %s is not found out: %v", service, err)
	}
	return d
}

// count is the sum of an organisation's row in a bucket.
func (w *world) count(b kv.Bucket, id organ.ID, period string) int64 {
	n, err := parseParts("name", string(id), period)
	must(w.t, err)
	totals := map[string]int64{}
	must(w.t, w.server.DB.View(context.Background(), func(r kv.Reader) error { return sum(r, b, n.organization, n.period, totals) }))
	return totals["disclosures.published.other"]
}

// The store of a log that is followed is put back to an older copy, after an acceptance that has sealed more
// than the copy has. Rebuilt, the totals are those of the logs, what was accepted stays, and what the log gets
// from then on is late, although its place in the log lies before the seal's.
func TestRebuild(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701201", "2018-01-10", "2018-01-11", "2018-01-12")
	w.foldAll()
	older := w.sources["disclosure"].copy(t)
	w.publish("652701201", "2018-02-10", "2018-02-11", "2018-02-12", "2018-02-13")
	w.foldAll()
	if !w.accept("652701201", "2018") {
		t.Fatal("not accepted")
	}
	w.putBack("disclosure", older)
	if d := w.diverged("disclosure"); d.Followed != 7 || d.Size != 3 || d.Log != "logs/disclosure" {
		t.Errorf("diverged: %v", d)
	}
	w.publish("652701201", "2018-03-10") // before anybody sees it
	w.rebuild()
	w.check()
	equal(t, "records", w.records("652701", "2018"), 4)
	equal(t, "late", w.count(ownLate, "652701201", "2018"), 0)

	w.publish("652701201", "2018-03-11", "2018-03-12", "2018-03-13", "2018-03-14", "2018-03-15")
	w.foldAll()
	w.check()
	equal(t, "records", w.records("652701", "2018"), 9)
	equal(t, "late, itself", w.count(ownLate, "652701201", "2018"), 5)
	equal(t, "late, the city", w.count(lateTotals, "652701", "2018"), 5)

	w.rebuild() // of what needs none
	w.check()
	equal(t, "records, again", w.records("652701", "2018"), 9)
	equal(t, "late, again", w.count(lateTotals, "652701", "2018"), 5)
	must(t, w.server.DB.View(t.Context(), func(r kv.Reader) error {
		found, err := Check(r, w.server.Log)
		if len(found) > 0 {
			t.Errorf("reports differ from their log: %s", strings.Join(found, "; "))
		}
		stored, err2 := findReport(r, reportName{"652701201", period(t, "2018")})
		if stored == nil {
			t.Error("the report is gone")
		}
		return errors.Join(err, err2)
	}))
}

// The directory is put back: the organisations that are lost are unplaced, their facts still count.
func TestRebuild_Tree(t *testing.T) {
	w := newWorld(t)
	w.city()
	older := w.sources[directoryFeed].copy(t)
	w.enter(organ.Organization{ID: "652701203", Versions: []organ.Version{version("2008-05-01", "652701", "new")}})
	w.publish("652701203", "2018-01-10")
	w.foldAll()
	equal(t, "before", w.records("652701", "2018"), 1)
	w.putBack(directoryFeed, older)
	if d := w.diverged(directoryFeed); d.Followed != 8 || d.Size != 7 {
		t.Errorf("diverged: %v", d)
	}
	w.rebuild()
	w.check()
	equal(t, "the city", w.records("652701", "2018"), 0)
	equal(t, "itself", w.records("652701203", "2018"), 1)
}

// failing is an engine all of whose commits fail once so many are done.
type failing struct {
	kv.Engine
	left int
}

type failingTx struct {
	kv.EngineTx
	engine *failing
}

func (f *failing) Begin() (kv.EngineTx, error) {
	tx, err := f.Engine.Begin()
	return &failingTx{tx, f}, err
}

func (t *failingTx) Commit() error {
	if t.engine.left--; t.engine.left < 0 {
		return errors.Join(kvtest.ErrFault, t.Rollback())
	}
	return t.EngineTx.Commit()
}

// A rebuild whose last commit fails leaves a store that is refused, until a rebuild ends.
func TestRebuild_BrokenOff(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701201", "2018-01-10", "2018-01-11")
	w.foldAll()
	must(t, w.server.DB.Close())
	engine, err := w.open()
	must(t, err)
	w.server.DB, err = kv.Open(&failing{Engine: engine, left: 3}, kv.Options{}) // the mark, the emptying, the totals
	must(t, err)
	w.server.Log = newLog(t, w.server.DB, "report")
	if err := w.tryRebuild(); !errors.Is(err, kvtest.ErrFault) {
		t.Fatalf("the last commit did not fail: %v", err)
	}
	_ = w.server.DB.Close()
	engine, err = w.open()
	must(t, err)
	db, err := kv.Open(engine, kv.Options{})
	must(t, err)
	if _, err := New(Config{DB: db, Log: newLog(t, db, "report"), Forms: w.forms}); !errors.Is(err, ErrRebuildBrokenOff) {
		t.Errorf("the store is opened: %v", err)
	}
	w.server.DB, w.server.Log = db, newLog(t, db, "report")
	must(t, w.tryRebuild())
	w.restart()
	w.check()
	equal(t, "records", w.records("652701", "2018"), 2)
}

// Whatever has happened, was lost and happened since: rebuilt totals are what the logs say, and stay so.
func TestRebuild_Any(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &story{world: newWorld(t), T: t}
		s.begin()
		copies := [][]byte{s.sources["disclosure"].copy(t)}
		t.Repeat(map[string]func(*rapid.T){
			"publish":    func(*rapid.T) { s.publish() },
			"reorganise": func(*rapid.T) { s.reorganise() },
			"accept": func(*rapid.T) {
				s.accept(s.anyone("reporter"), rapid.SampledFrom([]string{"2018", "2018-q1"}).Draw(t, "period"))
			},
			"fold": func(*rapid.T) { s.foldAll() },
			"copy": func(*rapid.T) { copies = append(copies, s.sources["disclosure"].copy(t)) },
			"put back": func(*rapid.T) {
				i := rapid.IntRange(0, len(copies)-1).Draw(t, "copy")
				s.putBack("disclosure", copies[i])
				copies = copies[:i+1]
				if rapid.Bool().Draw(t, "goes on") {
					s.publish()
				}
				s.rebuild()
				s.check()
			},
			"rebuild": func(*rapid.T) { s.rebuild() },
		})
		s.foldAll()
		s.check()
		s.checkRollups("2018", "2018-q1")
	})
}
