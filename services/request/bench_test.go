package request_test

import (
	"context"
	"sync/atomic"
	"testing"

	"gongkai/services/chassis/kv"
)

// BenchmarkRegister enters requests with personal data over gRPC at 64 callers, encryption included.
func BenchmarkRegister(b *testing.B) {
	e := newEnv(b)
	desk := e.desk(town)
	b.SetParallelism(32) // of 2 processors
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			in := given("2019-06-03")
			in.PersonalData = someone()
			if _, err := e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: in}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkRaw writes the same keys and values as BenchmarkRegister, 64 requests a commit, and nothing else: the
// yardstick.
func BenchmarkRaw(b *testing.B) {
	e := newEnv(b)
	e.asked("2019-06-03", someone())
	type put struct {
		bucket kv.Bucket
		pair   kv.Pair
	}
	var puts []put
	for _, name := range []string{"requests", "requests.receipt", "requests.serials", "requests.numbers", "requests.keys", "requests.same", "requests.due"} {
		bucket := kv.Bucket{Name: name}
		for _, pair := range e.pairs(bucket) {
			puts = append(puts, put{bucket, pair})
		}
	}
	log := make([]byte, 500)
	var n atomic.Uint32
	b.ResetTimer()
	for done := 0; done < b.N; {
		batch := min(64, b.N-done)
		err := e.db.Update(context.Background(), func(tx kv.Tx) error {
			for range batch {
				i := n.Add(1)
				for _, p := range puts {
					key := append(append([]byte{}, p.pair.Key...), byte(i>>24), byte(i>>16), byte(i>>8), byte(i))
					if err := tx.Put(kv.Bucket{Name: "raw." + p.bucket.Name}, key, p.pair.Value); err != nil {
						return err
					}
				}
				if err := tx.Put(kv.Bucket{Name: "raw.log"}, []byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}, log); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		done += batch
	}
}
