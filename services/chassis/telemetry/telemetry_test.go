package telemetry_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/telemetry"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc/codes"
)

const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func shown(m *telemetry.Metrics) string {
	w := httptest.NewRecorder()
	telemetry.Admin{Metrics: m}.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// Counting a call allocates nothing once its method and code have been seen, and a code that gRPC does not have is
// counted as unknown.
func TestMethod(t *testing.T) {
	m := telemetry.NewMetrics("test")
	method := m.Method("a.B/C")
	if n := testing.AllocsPerRun(100, func() {
		m.CallBegins()
		m.CallEnds()
		method.Observe(codes.OK, time.Millisecond)
	}); n != 0 {
		t.Errorf("a call costs %v allocations", n)
	}
	method.Observe(99, time.Millisecond)
	for _, want := range []string{
		`gongkai_grpc_calls_total{code="OK",method="a.B/C"} 101`, // one to warm up
		`gongkai_grpc_calls_total{code="Unknown",method="a.B/C"} 1`,
		`gongkai_grpc_call_duration_seconds_bucket{method="a.B/C",le="0.0005"} 0`,
		`gongkai_grpc_call_duration_seconds_bucket{method="a.B/C",le="0.001"} 102`,
	} {
		if got := shown(m); !strings.Contains(got, want+"\n") {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	var none *telemetry.Metrics
	none.CallBegins()
	none.CallEnds()
	none.Method("a").Observe(codes.OK, 0)
	none.OtherMethod().Observe(codes.OK, 0)
	none.RequestBegins()
	none.RequestEnds("a", 200, 0)
	none.Watch(telemetry.Sight{})
}

// A feed whose source does not answer has no lag, rather than none behind; sizes of commits add up.
func TestWatch(t *testing.T) {
	m := telemetry.NewMetrics("test")
	down := errors.New("down")
	m.Watch(telemetry.Sight{
		Stores: []telemetry.Store{{
			Name: "report", Size: func() (int64, error) { return 4096, nil },
			Stats: func() kv.Stats {
				return kv.Stats{Commits: 6, Callers: 2053, Sizes: [12]uint64{0: 2, 1: 1, 2: 2, 11: 1}}
			},
			Entries: func(context.Context) (int64, error) { return 0, down },
		}},
		Feeds: []telemetry.Feed{
			{
				Follower: "report", Name: "request", Position: func() (int64, time.Time) { return 7, time.Now() },
				Source: func(context.Context) (int64, error) { return 9, nil },
			},
			{
				Follower: "report", Name: "directory", Position: func() (int64, time.Time) { return 7, time.Time{} },
				Source: func(context.Context) (int64, error) { return 0, down },
			},
		},
		Ready: func(context.Context) bool { return false },
	})
	got := shown(m)
	for want, there := range map[string]bool{
		`gongkai_store_commit_callers_bucket{store="report",le="1"} 2`:    true,
		`gongkai_store_commit_callers_bucket{store="report",le="2"} 3`:    true,
		`gongkai_store_commit_callers_bucket{store="report",le="1024"} 5`: true,
		`gongkai_store_commit_callers_bucket{store="report",le="+Inf"} 6`: true,
		`gongkai_store_commit_callers_sum{store="report"} 2053`:           true,
		`gongkai_store_size_bytes{store="report"} 4096`:                   true,
		`gongkai_log_entries{`: false,
		`gongkai_feed_lag_entries{feed="request",follower="report"} 2`:        true,
		`gongkai_feed_lag_entries{feed="directory"`:                           false,
		`gongkai_feed_last_fold_age_seconds{feed="directory"`:                 false,
		`gongkai_feed_source_up{feed="directory",follower="report"} 0`:        true,
		`gongkai_feed_position_entries{feed="directory",follower="report"} 7`: true,
		`gongkai_ready 0`: true,
	} {
		if strings.Contains(got, want) != there {
			t.Errorf("%s: %v, want %v, in\n%s", want, !there, there, got)
		}
	}
}

// What a call brings that is no traceparent begins a trace of its own.
func TestTracing_Garbled(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	tracing := telemetry.NewTracing(spans, 1, "test")
	for _, garbled := range []string{"", "x", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "ff-" + parent[3:]} {
		ctx, span := tracing.Begin(t.Context(), "call", garbled)
		if id := telemetry.TraceID(ctx); len(id) != 32 || id == parent[3:35] || !strings.Contains(span.Header(), id) {
			t.Errorf("%q: trace %s, header %s", garbled, id, span.Header())
		}
		span.End("OK", false)
	}
	if err := tracing.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var none *telemetry.Tracing
	ctx, span := none.Begin(t.Context(), "call", parent)
	span.Name("a")
	span.End("OK", false)
	if telemetry.TraceID(ctx) != "" || span.Header() != "" || none.Commits("a") != nil || none.Shutdown(ctx) != nil {
		t.Error("without tracing there is a trace")
	}
}

// BenchmarkCall is what metrics and traces add to a call: counted; counted in company; as a span that is not sampled,
// for a caller who brings a trace and for one who does not; and as one that is.
func BenchmarkCall(b *testing.B) {
	m := telemetry.NewMetrics("bench")
	method := m.Method("a.B/C")
	count := func() {
		m.CallBegins()
		m.CallEnds()
		method.Observe(codes.OK, time.Millisecond)
	}
	b.Run("metrics", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			count()
		}
	})
	b.Run("metrics, parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				count()
			}
		})
	})
	for _, c := range []struct {
		name, parent string
		tracing      *telemetry.Tracing
	}{
		{"no tracing", parent, nil},
		{"unsampled", "", telemetry.NewTracing(tracetest.NewNoopExporter(), 0, "bench")},
		{"unsampled, in a trace", parent, telemetry.NewTracing(tracetest.NewNoopExporter(), 0, "bench")},
		{"sampled, in a trace", parent, telemetry.NewTracing(tracetest.NewNoopExporter(), 1, "bench")},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, span := c.tracing.Begin(context.Background(), "a.B/C", c.parent)
				span.End("OK", false)
			}
		})
	}
}
