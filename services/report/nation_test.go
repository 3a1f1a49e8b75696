package report

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// factsPerTownship is 550 in the whole run, as many as the township of the first report had.
var factsPerTownship = flag.Int("nation", 5, "facts of each township in BenchmarkNation; 550 is the whole run")

// The country has so many divisions of each level.
const (
	provinces   = 31
	prefectures = 342
	counties    = 2_978
	townships   = 41_352
)

// nation is the ids of a country, level by level.
func nation() (levels [4][]organ.ID) {
	below := func(parents []organ.ID, n int, form string) (ids []organ.ID) {
		for i := range n {
			ids = append(ids, parents[i%len(parents)]+organ.ID(fmt.Sprintf(form, 1+i/len(parents))))
		}
		return ids
	}
	for i := range provinces {
		levels[0] = append(levels[0], organ.ID(strconv.Itoa(11+i)))
	}
	levels[1] = below(levels[0], prefectures, "%02d")
	levels[2] = below(levels[1], counties, "%02d")
	levels[3] = below(levels[2], townships, "%03d")
	return levels
}

// BenchmarkNation rebuilds the totals of a country's year from a log on disk, beside a scan of that log that decodes
// and does not fold; then it reads the roll-ups of the country, a province and a city over gRPC.
func BenchmarkNation(b *testing.B) {
	w := newWorld(b)
	levels := nation()
	w.enterAll(levels)
	disclosures := w.discloseAll(b, levels[3], *factsPerTownship)
	facts := float64(townships * *factsPerTownship)

	must(b, w.server.DB.Close())
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "report.db"))
	must(b, err)
	count := &counting{Engine: engine}
	w.server.DB, err = kv.Open(count, kv.Options{})
	must(b, err)
	w.server.Log = newLog(b, w.server.DB, "report")

	progress("the log is scanned")
	b.Run("scan with decoding", func(b *testing.B) {
		for b.Loop() {
			must(b, disclosures.db.View(context.Background(), func(r kv.Reader) error {
				return each(r, Source{disclosures.log, r}, false, func(eventlog.Entry) error { return nil })
			}))
		}
		b.ReportMetric(facts*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
	})
	b.Run("rebuild", func(b *testing.B) {
		progress("the totals are rebuilt")
		debug.FreeOSMemory()
		memory := watchMemory()
		for b.Loop() {
			must(b, w.sources[directoryFeed].db.View(context.Background(), func(directory kv.Reader) error {
				return disclosures.db.View(context.Background(), func(r kv.Reader) error {
					return Rebuild(context.Background(), w.server.DB, w.server.Log, map[string]Source{
						directoryFeed: {w.sources[directoryFeed].log, directory}, "disclosure": {disclosures.log, r},
					}, time.Now())
				})
			}))
		}
		b.ReportMetric(facts*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
		b.ReportMetric(memory(), "MiB-anonymous")
	})
	progress("roll-ups are read")
	w.server.tree, err = loadTree(w.server.DB)
	must(b, err)
	client := serveRollups(b, w.server)
	for name, id := range map[string]organ.ID{"nation": organ.Nation, "province": levels[0][0], "city": levels[2][0]} {
		b.Run(name, func(b *testing.B) {
			before := count.keys.Load()
			for b.Loop() {
				out, err := client.GetRollup(context.Background(), &reportv1.GetRollupRequest{Name: "organizations/" + string(id) + "/rollups/2018"})
				if must(b, err); id == organ.Nation && float64(out.GetTotals()["disclosed.total"].GetRecords()) != facts {
					b.Fatalf("the country has %d records, want %.0f", out.GetTotals()["disclosed.total"].GetRecords(), facts)
				}
			}
			b.ReportMetric(float64(count.keys.Load()-before)/float64(b.N), "keys/op")
		})
	}
}

// enterAll has the directory's log enter a country.
func (w *world) enterAll(levels [4][]organ.ID) {
	var all []organ.Organization
	enter := func(id, parent organ.ID) {
		all = append(all, organ.Organization{ID: id, Versions: []organ.Version{version("2008-05-01", string(parent), string(id))}})
	}
	enter(organ.Nation, "")
	for _, id := range slices.Concat(levels[0], levels[1], levels[2], levels[3]) {
		parent := organ.Nation
		switch id.Level() {
		case organ.Prefecture, organ.County:
			parent = id[:len(id)-2]
		case organ.Township:
			parent = id[:len(id)-3]
		}
		enter(id, parent)
	}
	w.enter(all...)
}

// discloseAll writes a log on disk in which each township publishes so many records, spread over the year.
func (w *world) discloseAll(b *testing.B, ids []organ.ID, each int) *origin {
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "disclosure.db"))
	must(b, err)
	db, err := kv.Open(engine, kv.Options{})
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	log := &origin{db, newLog(b, db, "disclosure")}
	categories := []string{"government_document", "work_report", "emergency_management", "work_update", "other"}
	var entries []*logv1.Entry
	for i := range each {
		if i%max(1, each/20) == 0 {
			progress("%d of %d facts are in the log", i*len(ids), each*len(ids))
		}
		for j, id := range ids {
			on := dateOf(workday.Date{Year: 2018, Month: time.Month(1 + i*12/each), Day: 1 + (i+j)%28})
			entries = append(entries, &logv1.Entry{
				Kind: "disclosure.published", Resource: fmt.Sprintf("organizations/%s/disclosures/01CM%022d", id, i), Revision: 2,
				Actor: "acc-01CM0000000000000000000000", Authority: "reviewer@organizations/" + string(id), HappenedOn: on,
				ContentSha256: make([]byte, 32), After: []*logv1.Fact{fact(id, on, categories[i%len(categories)])},
			})
			if len(entries) == 20_000 {
				log.append(b, entries...)
				entries = entries[:0]
			}
		}
	}
	log.append(b, entries...)
	return log
}

// progress tells how far a long run is.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "  %s  "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
}

// watchMemory returns a function that ends the watch and tells the most anonymous memory that there was, in MiB.
func watchMemory() func() float64 {
	var most atomic.Int64
	done := make(chan struct{})
	ticker := time.NewTicker(20 * time.Millisecond)
	go func() {
		for {
			select {
			case <-ticker.C:
				most.Store(max(most.Load(), anonymous()))
			case <-done:
				return
			}
		}
	}()
	return func() float64 {
		ticker.Stop()
		close(done)
		return float64(most.Load()) / 1024
	}
}

// anonymous is this process's anonymous memory in KiB; 0 where the system does not tell it.
func anonymous() int64 {
	status, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer func() { _ = status.Close() }()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "RssAnon:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n
		}
	}
	return 0
}

// serveRollups serves a report service over loopback to an auditor.
func serveRollups(b *testing.B, s *Server) reportv1.ReportServiceClient {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	auditor := access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Auditor, Organization: access.Everywhere}}}
	g := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, in any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
		return handle(access.With(ctx, auditor, nil), in)
	}))
	reportv1.RegisterReportServiceServer(g, s)
	go func() { _ = g.Serve(l) }()
	b.Cleanup(g.Stop)
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(b, err)
	b.Cleanup(func() { _ = conn.Close() })
	return reportv1.NewReportServiceClient(conn)
}
