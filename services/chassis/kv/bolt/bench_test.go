package bolt_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"gongkai/services/chassis/kv"
)

// BenchmarkUpdate has many callers each write one small value at a time. Beside it, one loop writes the same
// keys with bbolt alone, in transactions of as many keys as the callers' commits had. The ratio is the time a
// key takes through kv to the time it takes there.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 64, 256} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			// An even number of rounds for each caller.
			n := (b.N + callers - 1) / callers * callers
			value := make([]byte, 200)
			b.ReportAllocs()
			b.ResetTimer()
			through, batch := updates(b, callers, n, value)
			b.StopTimer()
			beside := raw(b, batch, n, value)
			b.ReportMetric(float64(through)/float64(beside), "ratio")
			b.ReportMetric(float64(batch), "callers/commit")
			b.ReportMetric(float64(n)/through.Seconds(), "updates/s")
		})
	}
}

func key(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i)*0x9e3779b97f4a7c15) }

// updates writes n keys and returns how long it took, and how many callers shared a commit on average.
func updates(b *testing.B, callers, n int, value []byte) (time.Duration, int) {
	d := open(b, filepath.Join(b.TempDir(), "store"))
	bucket := kv.Bucket{Name: "things"}
	start := time.Now()
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for i := c; i < n; i += callers {
				if err := d.Update(context.Background(), func(x kv.Tx) error { return x.Put(bucket, key(i), value) }); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	s := d.Stats()
	return took, int((s.Callers + s.Commits/2) / s.Commits)
}

// raw writes n keys with bbolt alone and returns how long it took.
func raw(b *testing.B, batch, n int, value []byte) time.Duration {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	start := time.Now()
	for i := 0; i < n; i += batch {
		if err := db.Update(func(x *bbolt.Tx) error {
			things, err := x.CreateBucketIfNotExists([]byte("things"))
			if err != nil {
				return err
			}
			for j := i; j < min(i+batch, n); j++ {
				if err := things.Put(key(j), value); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
