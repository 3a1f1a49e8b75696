package eventlog_test

import (
	"path/filepath"
	"testing"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
)

// BenchmarkAppend appends entries, 1,000 a transaction, to a log in a bbolt file, and puts the very same keys
// and values, without hashing anything, into another. The metric "ratio" is the time of the one by that of the
// other.
func BenchmarkAppend(b *testing.B) {
	const each = 1000
	open := func(name string) *kv.DB {
		e, err := bolt.Open(filepath.Join(b.TempDir(), name))
		if err != nil {
			b.Fatal(err)
		}
		db, err := kv.Open(e, kv.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := db.Close(); err != nil {
				b.Error(err)
			}
		})
		return db
	}
	ours, raw := open("log"), open("raw")
	l := logOf(b, ours)
	b.ReportAllocs()
	var appending, putting time.Duration
	n := 0
	for b.Loop() {
		recorder, batch := &recorder{}, make([]*logv1.Entry, each)
		for i := range batch {
			batch[i] = entry(n+i, "652701201")
		}
		began := time.Now()
		err := ours.Update(b.Context(), func(tx kv.Tx) error {
			recorder.Tx, recorder.puts = tx, recorder.puts[:0]
			for i, e := range batch {
				if err := l.Append(recorder, e, saltOf(n+i), true); err != nil {
					return err
				}
			}
			return nil
		})
		appending += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
		n += each
		began = time.Now()
		err = raw.Update(b.Context(), func(tx kv.Tx) error {
			for _, p := range recorder.puts {
				if err := tx.Put(p.bucket, p.key, p.value); err != nil {
					return err
				}
			}
			return nil
		})
		putting += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(appending.Nanoseconds())/float64(n), "ns/append")
	b.ReportMetric(float64(putting.Nanoseconds())/float64(n), "ns/put-of-the-same")
	b.ReportMetric(float64(appending)/float64(putting), "ratio")
}

// recorder remembers what is put through it.
type recorder struct {
	kv.Tx
	puts []put
}

type put struct {
	bucket     kv.Bucket
	key, value []byte
}

func (r *recorder) Put(b kv.Bucket, key, value []byte) error {
	r.puts = append(r.puts, put{b, key, value}) // the log does not use them again
	return r.Tx.Put(b, key, value)
}
