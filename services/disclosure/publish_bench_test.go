package disclosure_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"gongkai/services/chassis/kv"

	"go.etcd.io/bbolt"
)

const callers = 64

// BenchmarkPublish publishes durably over gRPC on loopback, 64 callers at a time. Beside it stand bare bbolt loops
// that put the same keys and values into a store that holds the same drafts: 64 publications a commit, and one.
func BenchmarkPublish(b *testing.B) {
	b.Run("grpc", func(b *testing.B) { publishAll(b, newEnv(b)) })
	for _, each := range []int{callers, 1} {
		b.Run(fmt.Sprintf("bbolt-%d-a-commit", each), func(b *testing.B) {
			e := newEnv(b)
			publishAll(b, e)
			b.StopTimer()
			putAll(b, e, each)
		})
	}
}

// publishAll publishes b.N drafts.
func publishAll(b *testing.B, e *env) {
	desk := e.desk(town)
	names := e.drafts(b.N)
	var next atomic.Int64
	b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			in := &publishReq{Name: names[next.Add(1)-1], PublishedOn: day("2018-07-01")}
			if _, err := e.PublishDisclosure(desk, in); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "publications/s")
}

func (e *env) drafts(n int) (names []string) {
	e.t.Helper()
	for len(names) < n {
		in := &batchReq{Parent: town}
		for range min(500, n-len(names)) {
			in.Requests = append(in.Requests, &createReq{Parent: town, Disclosure: &disclosureT{Title: "关于公布年度工作安排的通知", Category: document}})
		}
		made, err := e.BatchCreateDisclosures(e.desk(town), in)
		ok(e.t, err)
		for _, d := range made.GetDisclosures() {
			names = append(names, d.GetName())
		}
	}
	return names
}

// write is a put, or a delete if the value is nil.
type write struct {
	bucket     string
	key, value []byte
}

// putAll repeats what the publications of a store have written, so many a commit.
func putAll(b *testing.B, e *env, each int) {
	drafts, publications := e.writes(b.N)
	raw, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
	ok(b, err)
	defer func() { ok(b, raw.Close()) }()
	put := func(stretch [][]write) {
		ok(b, raw.Update(func(tx *bbolt.Tx) error {
			for _, writes := range stretch {
				for _, w := range writes {
					bucket, err := tx.CreateBucketIfNotExists([]byte(w.bucket))
					if err != nil {
						return err
					}
					if w.value == nil {
						err = bucket.Delete(w.key)
					} else {
						err = bucket.Put(w.key, w.value)
					}
					if err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	put(drafts)
	b.ResetTimer()
	b.StartTimer()
	for start := 0; start < len(publications); start += each {
		put(publications[start:min(start+each, len(publications))])
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "publications/s")
}

// writes are what each draft and each publication of a store has written, the log's entries and hashes included. There
// are as many drafts as publications, and the drafts were first.
func (e *env) writes(n int) (drafts, publications [][]write) {
	bucket := func(name string) kv.Bucket { return kv.Bucket{Name: name} }
	serial := e.pairs(bucket("disclosures.serials"))[0]
	entries, hashes := e.pairs(bucket("log.entries")), e.pairs(bucket("log.hashes"))
	places := e.pairs(bucket("disclosures.publication"))
	drafts, publications = make([][]write, n), make([][]write, n)
	for i, pair := range e.pairs(bucket("disclosures")) { // draft and publication of the first, of the second, …
		put := write{"disclosures", pair.Key, pair.Value}
		place := places[i/2].Key
		draft := append([]byte{}, place...)
		copy(draft[len("652701201")+1:], []byte{0, 0, 0, 0})
		if i%2 == 0 {
			drafts[i/2] = []write{put, {"disclosures.publication", draft, []byte{}}, {"log.entries", entries[i/2].Key, entries[i/2].Value}}
			continue
		}
		last := entries[n+i/2]
		publications[i/2] = []write{
			put,
			{"disclosures.publication", draft, nil},
			{"disclosures.publication", place, []byte{}},
			{"disclosures.serials", serial.Key, binary.BigEndian.AppendUint64(nil, uint64(i/2+1))},
			{"log.entries", last.Key, last.Value},
		}
	}
	// Of the 2n-1 to 2n hashes an entry, those of the first half belong to the drafts.
	for i, pair := range hashes {
		half := min(i*n*2/len(hashes), 2*n-1)
		to := &drafts[half%n]
		if half >= n {
			to = &publications[half-n]
		}
		*to = append(*to, write{"log.hashes", pair.Key, pair.Value})
	}
	return drafts, publications
}
