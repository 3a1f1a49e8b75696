package report

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/anypb"
)

// onDisk gives a world's report service a store on disk, and folds the city into it.
func onDisk(b *testing.B) *world {
	b.Helper()
	w := newWorld(b)
	w.city()
	must(b, w.server.DB.Close())
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "report.db"))
	must(b, err)
	w.server.DB, err = kv.Open(engine, kv.Options{})
	must(b, err)
	w.server.tree = organ.NewTree()
	w.foldAll()
	return w
}

// BenchmarkFold folds facts of two townships in full batches, and reports facts a second.
func BenchmarkFold(b *testing.B) {
	for name, size := range map[string]int64{"batches of 1": 1, "batches of 1000": 1000} {
		b.Run(name, func(b *testing.B) {
			w := onDisk(b)
			w.many(int(size))
			batch, _ := w.batch("disclosure", size)
			begin := batch.Position.GetSize() - size
			b.ReportAllocs()
			start := time.Now()
			for n := int64(1); b.Loop(); n++ { // the same facts again and again, further along the log
				batch.Position.Size = begin + n*size
				must(b, w.server.foldFacts(context.Background(), batch))
			}
			b.ReportMetric(float64(b.N)*float64(size)/time.Since(start).Seconds(), "facts/s")
		})
	}
}

// BenchmarkRollup reads a city's roll-up of 30 townships.
func BenchmarkRollup(b *testing.B) {
	w := onDisk(b)
	var entries []*logv1.Entry
	for i := range 30 {
		id := organ.ID("6527013" + string(rune('0'+i/10)) + string(rune('0'+i%10)))
		w.enter(organ.Organization{ID: id, Versions: []organ.Version{version("2008-05-01", "652701", string(id))}})
		for month := range 12 {
			on := civil("2018-01-01")
			on.Month += time.Month(month)
			entries = append(entries, &logv1.Entry{Kind: "disclosure.published", After: []*logv1.Fact{fact(id, dateOf(on), "other"), fact(id, dateOf(on), "work_report")}})
		}
	}
	w.sources["disclosure"].append(b, entries...)
	w.foldAll()
	in := &reportv1.GetRollupRequest{Name: "organizations/652701/rollups/2018"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.server.GetRollup(auditor(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecompute folds 200,000 facts of 30 townships anew from a log on disk, and beside it reads and decodes the
// same log in the same way without a fold.
func BenchmarkRecompute(b *testing.B) {
	const facts = 200_000
	w := onDisk(b)
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "disclosure.db"))
	must(b, err)
	db, err := kv.Open(engine, kv.Options{})
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	log := &origin{db, newLog(b, db, "disclosure")}
	state, err := anypb.New(&reportv1.Narrative{Part: "overview", Markdown: strings.Repeat("公开", 50)})
	must(b, err)
	for begin := 0; begin < facts; begin += 10_000 {
		var entries []*logv1.Entry
		for i := begin; i < begin+10_000; i++ {
			id := organ.ID(fmt.Sprintf("6527013%02d", i%30))
			on := workday.Date{Year: 2018, Month: time.Month(1 + i%12), Day: 1 + i%28}
			entries = append(entries, &logv1.Entry{
				Kind: "disclosure.published", Resource: fmt.Sprintf("organizations/%s/disclosures/01CM%022d", id, i), State: state,
				HappenedOn: dateOf(on), After: []*logv1.Fact{fact(id, dateOf(on), "other")},
			})
		}
		log.append(b, entries...)
	}
	for i := range 30 {
		id := organ.ID(fmt.Sprintf("6527013%02d", i))
		w.enter(organ.Organization{ID: id, Versions: []organ.Version{version("2008-05-01", "652701", string(id))}})
	}
	w.foldAll()
	read := func(do func(directory, own, disclosure Source) error) {
		must(b, w.sources[directoryFeed].db.View(context.Background(), func(r kv.Reader) error {
			return w.server.DB.View(context.Background(), func(own kv.Reader) error {
				return db.View(context.Background(), func(d kv.Reader) error {
					return do(Source{w.sources[directoryFeed].log, r}, Source{w.server.Log, own}, Source{log.log, d})
				})
			})
		}))
	}
	for name, do := range map[string]func(directory, own, disclosure Source) error{
		"fold": func(directory, own, disclosure Source) error {
			c, err := foldLogs(own.Reader, own, map[string]Source{directoryFeed: directory, "disclosure": disclosure}, false)
			if err == nil && c.above[recordTotals.Name][string(totalKey("652701", period(b, "2018"), "disclosures.published.other"))] != facts {
				b.Error("the city's total is not the number of the facts")
			}
			return err
		},
		"scan with decoding": func(_, own, disclosure Source) error {
			return each(own.Reader, disclosure, false, func(eventlog.Entry) error { return nil })
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read(do)
			}
			b.ReportMetric(float64(facts)*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
		})
	}
}
