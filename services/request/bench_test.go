package request_test

import "testing"

// BenchmarkRegister enters requests with personal data over gRPC at 64 callers, encryption included. The yardstick, which
// writes the same keys and values, is that of deploy/bench.
func BenchmarkRegister(b *testing.B) {
	e := newEnv(b)
	desk := e.desk(town)
	b.SetParallelism(32) // of 2 processors
	b.ReportAllocs()
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
