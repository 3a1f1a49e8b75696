package report

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/law/organ"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// feed is the log of another service, that can be asked for its size.
type feed struct {
	logv1.LogServiceClient
	size int64
	err  error
}

func (f feed) GetCheckpoint(context.Context, *logv1.GetCheckpointRequest, ...grpc.CallOption) (*logv1.Checkpoint, error) {
	return &logv1.Checkpoint{Size: f.size}, f.err
}

func (f feed) WatchEntries(context.Context, *logv1.WatchEntriesRequest, ...grpc.CallOption) (grpc.ServerStreamingClient[logv1.WatchEntriesResponse], error) {
	return nil, f.err
}

// catchUp waits until what is durable has been folded, and no longer than its patience.
func TestCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.city()
		w.publish("652701201", "2018-01-10", "2018-01-11")
		w.server.Feeds = map[string]logv1.LogServiceClient{"disclosure": feed{size: 2}}
		waited := make(chan error, 1)
		go func() { waited <- w.server.catchUp(t.Context()) }()
		synctest.Wait()
		_, err := w.fold("disclosure", 1)
		must(t, err)
		synctest.Wait()
		select {
		case err := <-waited:
			t.Fatalf("it did not wait for the second entry: %v", err)
		default:
		}
		_, err = w.fold("disclosure", 1)
		must(t, err)
		must(t, <-waited)

		w.server.Feeds = map[string]logv1.LogServiceClient{"disclosure": feed{size: 3}}
		begin := time.Now()
		if err := w.server.catchUp(t.Context()); !errors.Is(err, fault.Busy(nil)) || time.Since(begin) != patience {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { waited <- w.server.catchUp(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		w.server.Feeds = map[string]logv1.LogServiceClient{"disclosure": feed{err: errSpoilt}}
		if err := w.server.catchUp(t.Context()); !errors.Is(err, fault.Busy(nil)) {
			t.Errorf("a feed that cannot be asked: %v", err)
		}
	})
}

// A feed that is not the one that was followed, or is damaged, stops all following, and its error is told.
func TestRun_Diverged(t *testing.T) {
	for code, want := range map[codes.Code]error{codes.FailedPrecondition: eventlog.ErrDiverged, codes.DataLoss: eventlog.ErrCorrupt} {
		w := newWorld(t)
		w.server.Feeds = map[string]logv1.LogServiceClient{
			directoryFeed: feed{err: status.Error(codes.Unavailable, "later")}, "disclosure": feed{err: status.Error(code, "")},
		}
		if err := w.server.Run(t.Context()); !errors.Is(err, want) || !strings.Contains(err.Error(), "logs/disclosure") {
			t.Errorf("%s: %v, want %v", code, err, want)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.server.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("called off: %v", err)
		}
	}
}

// A batch that was folded already changes nothing; one that leaves a gap is refused.
func TestFoldFacts_AgainAndGap(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701201", "2018-01-10", "2018-01-11", "2018-01-12")
	first, _ := w.batch("disclosure", 1)
	must(t, w.server.foldFacts(t.Context(), first))
	must(t, w.server.foldFacts(t.Context(), first))
	equal(t, "records", w.records("6527", "2018"), 1)
	gap, _ := w.batch("disclosure", 2)
	gap.Entries = gap.Entries[1:]
	if err := w.server.foldFacts(t.Context(), gap); err == nil {
		t.Error("a gap is folded over")
	}
	w.foldAll()
	w.check()
	equal(t, "records", w.records("6527", "2018"), 3)
}

// A fact of a year that no report is about counts nowhere; one that says nothing stops the fold.
func TestFoldFacts_Odd(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701201", "1999-12-31", "2000-01-01", "2101-01-01")
	w.foldAll()
	w.check()
	equal(t, "records of 2000", w.records("652701201", "2000"), 1) // it had no place then
	for _, f := range []*logv1.Fact{
		{Organization: "organizations/652701201", Measure: "a", Value: 1},
		{Organization: "652701201", Measure: "a", Date: dateOf(civil("2018-01-01"))},
		{Organization: "organizations/652701201", Date: dateOf(civil("2018-01-01"))},
	} {
		if _, err := flowsOf([]eventlog.Entry{{Entry: &logv1.Entry{After: []*logv1.Fact{f}}}}); err == nil {
			t.Errorf("%v is counted", f)
		}
	}
	flows, err := flowsOf([]eventlog.Entry{{Index: 1}}) // erased
	if err != nil || len(flows) > 0 {
		t.Errorf("an erased entry counts %v, %v", flows, err)
	}
}

// What is folded before the seal is in time, what comes at or after it is late: also in the same batch as
// the acceptance, whichever is first.
func TestSeal(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.publish("652701201", "2018-01-10", "2018-01-11")
	w.publish("652701202", "2018-01-10")
	w.foldAll()
	if !w.accept("652701201", "2018") {
		t.Fatal("not accepted")
	}
	w.publish("652701201", "2018-12-31", "2019-01-01")
	w.publish("652701202", "2018-12-31")
	w.foldAll()
	w.check()
	late := func(b kv.Bucket, id organ.ID, p string) int64 {
		totals := map[string]int64{}
		must(t, w.server.DB.View(t.Context(), func(r kv.Reader) error { return sum(r, b, id, period(t, p), totals) }))
		return totals["disclosures.published.other"]
	}
	equal(t, "late, itself", late(ownLate, "652701201", "2018"), 1)
	equal(t, "late, the city", late(lateTotals, "652701", "2018"), 1)
	equal(t, "late, the quarter, which is not sealed", late(lateTotals, "652701", "2018-q4"), 0)
	equal(t, "late, the next year", late(lateTotals, "652701", "2019"), 0)
	equal(t, "records of the city", w.records("652701", "2018"), 5)

	for range 20 { // a fold and an acceptance at once
		w := newWorld(t)
		w.city()
		w.publish("652701201", "2018-01-10", "2018-01-11")
		w.foldAll()
		w.publish("652701201", "2018-02-10", "2018-02-11")
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := w.fold("disclosure", 1000); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			if !w.accept("652701201", "2018") {
				t.Error("not accepted")
			}
		})
		both.Wait()
		w.check()
		w.checkRollups("2018")
	}
}

// Roll-ups, acceptances, facts and tree changes at once neither block each other for ever nor disagree.
func TestConcurrency(t *testing.T) {
	w := newWorld(t)
	w.city()
	w.foldAll()
	for i := range 40 {
		w.publish("652701201", "2018-01-10")
		w.revise("652701", func(o *organ.Organization) { o.Versions[0].Parent = []organ.ID{"6528", "6527"}[i%2] })
	}
	var all sync.WaitGroup
	for _, service := range []string{directoryFeed, "disclosure"} {
		all.Go(func() {
			for more := true; more; {
				var err error
				if more, err = w.fold(service, 1); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for _, p := range []string{"2018", "2018-q1", "2018-01"} {
		all.Go(func() { w.accept("652701202", p) })
	}
	for range 2 {
		all.Go(func() {
			for range 50 {
				out, err := w.server.GetRollup(auditor(), &reportv1.GetRollupRequest{Name: "organizations/65/rollups/2018"})
				if err != nil {
					t.Error(err)
					return
				}
				// Both prefectures together have what the province has: tree and totals are of one instant.
				var rows int32
				for _, r := range out.GetRows() {
					rows += r.GetFigures()["disclosed.other"].GetRecords()
				}
				whole := int32(0)
				for _, at := range out.GetBasis() {
					if at.GetLog() == "logs/disclosure" {
						whole = int32(at.GetSize())
					}
				}
				if rows != whole {
					t.Errorf("the rows have %d records, folded are %d", rows, whole)
				}
			}
		})
	}
	all.Wait()
	w.check()
	w.checkRollups("2018")
}

// counting counts what is read of a store.
type counting struct {
	kv.Engine
	keys atomic.Int64
}

func (c *counting) View(f func(kv.Reader) error) error {
	return c.Engine.View(func(r kv.Reader) error { return f(countingReader{r, c}) })
}

type countingReader struct {
	kv.Reader
	engine *counting
}

func (r countingReader) Get(b kv.Bucket, key []byte) ([]byte, error) {
	r.engine.keys.Add(1)
	return r.Reader.Get(b, key)
}

func (r countingReader) Scan(b kv.Bucket, within kv.Range) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		for pair, err := range r.Reader.Scan(b, within) {
			r.engine.keys.Add(1)
			if !yield(pair, err) {
				return
			}
		}
	}
}

// many adds so many records of the townships, spread over the year and three categories.
func (w *world) many(n int) {
	entries := make([]*logv1.Entry, n)
	for i := range entries {
		on := civil("2018-01-01")
		on.Month, on.Day = time.Month(1+i/6%12), 1+i%28
		f := fact([]organ.ID{"652701201", "652701202"}[i%2], dateOf(on), []string{"other", "work_report", "work_update"}[i/2%3])
		entries[i] = &logv1.Entry{Kind: "disclosure.published", After: []*logv1.Fact{f}}
	}
	w.sources["disclosure"].append(w.t, entries...)
}

// A roll-up reads its cells: as many keys for 20,000 records as for a few, of which not every month has some.
func TestGetRollup_Reads(t *testing.T) {
	w := newWorld(t)
	w.city()
	count := &counting{Engine: kvtest.NewMemory()}
	var err error
	must(t, w.server.DB.Close())
	w.server.DB, err = kv.Open(count, kv.Options{})
	must(t, err)
	w.server.tree = organ.NewTree()
	w.foldAll()
	var have int32
	read := func(records int) int64 {
		w.many(records)
		have += int32(records)
		w.foldAll()
		before := count.keys.Load()
		out, err := w.server.GetRollup(auditor(), &reportv1.GetRollupRequest{Name: "organizations/652701/rollups/2018"})
		must(t, err)
		equal(t, "records", out.GetTotals()["disclosed.total"].GetRecords(), have)
		return count.keys.Load() - before
	}
	few, many := read(20), read(19_980)
	if few != many || few > 200 {
		t.Errorf("%d keys read for 20 records, %d for 20,000", few, many)
	}
	t.Logf("%d keys", few)
}

// A server knows how far it follows before it does: who has opened it is not told that it has not begun.
func TestNew_Followed(t *testing.T) {
	w := newWorld(t)
	w.city()
	config := w.server.Config
	config.Progress = map[string]*eventlog.Progress{directoryFeed: new(eventlog.Progress), "disclosure": new(eventlog.Progress)}
	if _, err := New(config); err != nil {
		t.Fatal(err)
	}
	for service, p := range config.Progress {
		want, err := w.server.followed(t.Context(), service)
		if size, moved := p.At(); err != nil || size != want.GetSize() || moved.IsZero() {
			t.Errorf("%s: %d entries at %s, want %d; %v", service, size, moved, want.GetSize(), err)
		}
	}
}
