package deadline_test

import (
	"testing"

	"gongkai/services/law/deadline"
)

// BenchmarkOf is a case with a correction, two parties asked over National Day, an extension and an answer. The
// yardstick is 5 µs.
func BenchmarkOf(b *testing.B) {
	days := calendar(b)
	for _, row := range []struct{ name, received, events string }{
		{"plain", "2024-09-20", ""},
		{"answered", "2024-09-20", "answered@2024-10-18,by=posted,sent=2024-10-18,signed=2024-10-21"},
		{"full", "2024-09-20", "correction_asked@2024-09-23,until=2024-10-14 corrected@2024-09-25 third_party_asked@2024-09-26,party=A " +
			"third_party_asked@2024-09-27,party=B third_party_received@2024-09-29,party=A third_party_received@2024-09-30,party=B " +
			"third_party_answered@2024-10-11,party=A third_party_answered@2024-10-14,party=B extended@2024-11-06,days=20,agreed_by=head " +
			"answered@2024-12-02,by=posted,sent=2024-12-02,signed=2024-12-04"},
	} {
		b.Run(row.name, func(b *testing.B) {
			c := parse(b, row.received, row.events)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := deadline.Of(c, days); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
