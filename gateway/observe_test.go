package gateway_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"
	"gongkai/services/chassis/telemetry"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

const (
	traceID = "0af7651916cd43dd8448eb211c80319c"
	parent  = "00-" + traceID + "-b7ad6b7169203331-01"
)

// brought is the traceparent that a service got with the last call.
func brought(s *fixture.Suite) string {
	for {
		md := <-s.Calls
		if len(s.Calls) == 0 {
			return strings.Join(md.Get("traceparent"), ",")
		}
	}
}

// Without tracing a caller's traceparent goes on as it is, in all kinds of calls; what is none does not.
func TestTraceparent(t *testing.T) {
	s, base := start(t, gateway.Options{})
	for _, path := range []string{"/v1/organizations/652701", "/logs/report/checkpoint"} {
		call{path: path, headers: map[string]string{"Traceparent": parent}}.do(t, base)
		if got := brought(s); got != parent {
			t.Errorf("%s: the service got %q", path, got)
		}
		call{path: path, headers: map[string]string{"Traceparent": "张三"}}.do(t, base)
		if got := brought(s); got != "" {
			t.Errorf("%s: the service got %q", path, got)
		}
	}
}

// A sampled request is a span of the caller's trace, named by its route, and the service's parent. The log has
// the trace's id beside the call's. Nothing of them tells what the request was about.
func TestObserve_Traced(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	tracing := telemetry.NewTracing(spans, 1, "test")
	var log bytes.Buffer
	s := fixture.Start(t)
	h, err := gateway.New(t.Context(), s.Connections, gateway.Options{Tracing: tracing, Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/v1/organizations/652701?a=zhang", nil)
	r.Header.Set("Traceparent", parent)
	r.Header.Set("X-Request-Id", "call.1")
	h.ServeHTTP(httptest.NewRecorder(), r)
	r = httptest.NewRequest(http.MethodGet, "/v1/organizations/652701", nil)
	r.Header.Set("Traceparent", parent)
	r.Header.Set("X-Request-Id", "call.1")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if err := tracing.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := spans.GetSpans()
	if len(found) != 2 {
		t.Fatalf("%d spans", len(found))
	}
	for _, span := range found {
		if span.Name != "GET /v1/{name=organizations/*}" || span.SpanContext.TraceID().String() != traceID || span.Parent.SpanID().String() != "b7ad6b7169203331" {
			t.Errorf("span %s of trace %s under %s", span.Name, span.SpanContext.TraceID(), span.Parent.SpanID())
		}
		if len(span.Attributes) != 1 || string(span.Attributes[0].Key) != "gongkai.code" {
			t.Errorf("attributes %v", span.Attributes)
		}
	}
	if got, want := brought(s), "00-"+traceID+"-"+found[1].SpanContext.SpanID().String()+"-01"; got != want {
		t.Errorf("the service got %s, want %s", got, want)
	}
	for line := range strings.Lines(log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if fields["id"] != "call.1" || fields["trace"] != traceID {
			t.Errorf("line %s", line)
		}
	}
	if strings.Contains(log.String(), "zhang") || strings.Contains(log.String(), "652701") {
		t.Errorf("the log tells of the request: %s", log.String())
	}
}

// Requests are counted by route, and whatever a caller makes up is one series.
func TestObserve_Counted(t *testing.T) {
	metrics := telemetry.NewMetrics("test")
	_, base := start(t, gateway.Options{Metrics: metrics})
	for _, path := range []string{"/v1/organizations/652701", "/v1/organizations/652701", "/v1/made/up", "/v1/made/up2", "/up", "/up3", "/healthz"} {
		call{path: path}.do(t, base)
	}
	call{method: "MADE", path: "/up"}.do(t, base)
	w := httptest.NewRecorder()
	telemetry.Admin{Metrics: metrics}.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`gongkai_http_requests_total{code="200",route="GET /healthz"} 1`,
		`gongkai_http_requests_total{code="200",route="GET /v1/{name=organizations/*}"} 2`,
		`gongkai_http_requests_total{code="404",route="/v1/"} 2`,
		`gongkai_http_requests_total{code="404",route="/"} 3`,
		`gongkai_http_request_duration_seconds_count{route="/v1/"} 2`,
		`gongkai_http_requests_in_flight 0`,
	} {
		if !strings.Contains(w.Body.String(), want+"\n") {
			t.Errorf("no %s in\n%s", want, w.Body)
		}
	}
	if strings.Contains(w.Body.String(), "made") || strings.Contains(w.Body.String(), "MADE") {
		t.Error("what a caller made up became a label")
	}
}
