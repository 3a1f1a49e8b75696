package suite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/telemetry"
	"gongkai/services/suite"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// look returns what the address of its own shows under a path.
func look(s *suite.Suite, m *telemetry.Metrics, path string) (int, string) {
	w := httptest.NewRecorder()
	telemetry.Admin{Metrics: m, Alive: s.Err, Conditions: s.Conditions}.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// What a suite did is counted, and none of it names whom it was about.
func TestMetrics(t *testing.T) {
	metrics := telemetry.NewMetrics("test")
	s, err := suite.Open(suite.Options{Data: t.TempDir(), Metrics: metrics})
	must(t, err)
	defer func() { must(t, s.Close(context.Background())) }()
	must(t, enter(t, s, s.Conn, "65"))
	if err := enter(t, s, s.Conn, "65"); err == nil {
		t.Fatal("entered twice")
	}
	if err := s.Conn.Invoke(t.Context(), "/made.up/Method", &healthpb.HealthCheckRequest{}, &healthpb.HealthCheckResponse{}); err == nil {
		t.Fatal("called what is not there")
	}
	_, body := look(s, metrics, "/metrics")
	const create = `method="gongkai.directory.v1.DirectoryService/CreateOrganization"`
	for _, want := range []string{
		`gongkai_grpc_calls_total{code="OK",` + create + `} 1`,
		`gongkai_grpc_calls_total{code="AlreadyExists",` + create + `} 1`,
		`gongkai_grpc_calls_total{code="Unimplemented",method="other"} 1`,
		`gongkai_grpc_call_duration_seconds_count{` + create + `} 2`,
		`gongkai_store_commits_total{store="directory"} 1`,
		`gongkai_store_commit_callers_bucket{store="directory",le="1"} 1`,
		`gongkai_store_commit_callers_sum{store="directory"} 1`,
		`gongkai_store_rollbacks_total{store="directory"} 0`,
		`gongkai_log_entries{log="directory"} 1`,
		`gongkai_feed_source_up{feed="disclosure",follower="report"} 1`,
		`gongkai_ready 1`,
	} {
		if !strings.Contains(body, want+"\n") {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	for _, told := range []string{"made", "示例", "organizations/", `account`} {
		if strings.Contains(body, told) {
			t.Errorf("the metrics tell %q", told)
		}
	}
}

// await follows the health of a service until it is as wanted.
func await(t *testing.T, s *suite.Suite, service string, want healthpb.HealthCheckResponse_ServingStatus) {
	t.Helper()
	stream, err := healthpb.NewHealthClient(s.Conn).Watch(t.Context(), &healthpb.HealthCheckRequest{Service: service})
	must(t, err)
	for {
		m, err := stream.Recv()
		must(t, err)
		if m.GetStatus() == want {
			return
		}
	}
}

// A service whose tree has not caught up is not ready and says so; it is once the directory answers, until it is
// about to stop. It answers all the while.
func TestConditions(t *testing.T) {
	data := t.TempDir()
	directory := open(t, data)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	metrics := telemetry.NewMetrics("test")
	s, err := suite.Open(suite.Options{
		Data: t.TempDir(), Run: []string{"disclosure"}, Addresses: map[string]string{"directory": l.Addr().String()},
		TokenKey: suite.TokenKey(data), Metrics: metrics,
	})
	must(t, err)
	defer func() { must(t, s.Close(context.Background())) }()
	const service = "gongkai.disclosure.v1.DisclosureService"
	await(t, s, service, healthpb.HealthCheckResponse_NOT_SERVING)
	code, body := look(s, metrics, "/readyz")
	var answer struct {
		Ready      bool
		Conditions []telemetry.Condition
	}
	must(t, json.Unmarshal([]byte(body), &answer))
	if code != http.StatusServiceUnavailable || answer.Ready || !strings.Contains(body, `{"name":"tree of organisations","ok":false,"detail":"has not caught up`) ||
		!strings.Contains(body, `{"name":"store disclosure","ok":true}`) {
		t.Errorf("%d %s", code, body)
	}
	if code, body := look(s, metrics, "/livez"); code != http.StatusOK {
		t.Errorf("not alive: %s", body)
	}
	served := make(chan error, 1)
	go func() { served <- directory.Serve(l) }()
	await(t, s, service, healthpb.HealthCheckResponse_SERVING)
	await(t, s, "", healthpb.HealthCheckResponse_SERVING)
	if code, body := look(s, metrics, "/readyz"); code != http.StatusOK {
		t.Errorf("%d %s", code, body)
	}
	s.Retire()
	await(t, s, service, healthpb.HealthCheckResponse_NOT_SERVING)
	if code, body := look(s, metrics, "/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "about to stop") {
		t.Errorf("%d %s", code, body)
	}
	checkpoint(t, s, "disclosure")
	must(t, directory.Close(t.Context()))
	must(t, <-served)
}

// A service whose source is away is ready, says so, and goes on to answer from what it has folded; what needs the
// source is refused until it is back.
func TestConditions_SourceAway(t *testing.T) {
	data := t.TempDir()
	directory := open(t, data)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- directory.Serve(l) }()
	token := administrator(t, directory)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	_, err = directoryv1.NewDirectoryServiceClient(directory.Conn).CreateOrganization(ctx, organization("65"))
	must(t, err)
	away, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, away.Close())
	metrics := telemetry.NewMetrics("test")
	s, err := suite.Open(suite.Options{
		Data: t.TempDir(), Run: []string{"report"}, TokenKey: suite.TokenKey(data), Metrics: metrics,
		Addresses: map[string]string{"directory": l.Addr().String(), "disclosure": away.Addr().String(), "request": away.Addr().String()},
	})
	must(t, err)
	defer func() { must(t, s.Close(context.Background())) }()
	await(t, s, "gongkai.report.v1.ReportService", healthpb.HealthCheckResponse_SERVING)
	if code, body := look(s, metrics, "/readyz"); code != http.StatusOK || !strings.Contains(body, "disclosure is away: answers stand on its first 0 entries") {
		t.Errorf("%d %s", code, body)
	}
	clerk, err := directory.Issuer.Mint(access.Identity{Account: "c", Grants: []access.Grant{{Role: access.Clerk, Organization: "65"}}}, time.Hour)
	must(t, err)
	ctx = metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+clerk)
	reports := reportv1.NewReportServiceClient(s.Conn)
	if _, err := reports.GetRollup(ctx, &reportv1.GetRollupRequest{Name: "organizations/65/rollups/2018"}); err != nil {
		t.Errorf("the roll-up: %v", err)
	}
	_, err = reports.CompileReport(ctx, &reportv1.CompileReportRequest{Parent: "organizations/65", Period: "2018"})
	if status.Code(err) != codes.Unavailable {
		t.Errorf("a report compiled from what is away: %v", err)
	}
	must(t, directory.Close(t.Context()))
	must(t, <-served)
}

// A sampled call has a span in the service and one of the commit, in its caller's trace; its log line has the id
// of the trace. Nothing in them tells whom the call was about.
func TestTraces(t *testing.T) {
	var log buffer
	spans := tracetest.NewInMemoryExporter()
	tracing := telemetry.NewTracing(spans, 1, "test")
	s, err := suite.Open(suite.Options{Data: t.TempDir(), Tracing: tracing, Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	must(t, err)
	defer func() { must(t, s.Close(context.Background())) }()
	const traceID, caller = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	token := administrator(t, s)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token, "x-request-id", "call.1",
		telemetry.Traceparent, "00-"+traceID+"-"+caller+"-00")
	_, err = directoryv1.NewDirectoryServiceClient(s.Conn).CreateOrganization(ctx, organization("65"))
	must(t, err)
	must(t, tracing.ForceFlush(t.Context()))
	var call, commit sdktrace.ReadOnlySpan
	for _, span := range spans.GetSpans().Snapshots() {
		switch {
		case span.SpanContext().TraceID().String() != traceID:
		case span.Name() == "commit":
			commit = span
		default:
			call = span
		}
	}
	if call == nil || commit == nil {
		t.Fatalf("spans %v", spans.GetSpans())
	}
	if call.Name() != "gongkai.directory.v1.DirectoryService/CreateOrganization" || call.Parent().SpanID().String() != caller || call.SpanKind() != trace.SpanKindServer {
		t.Errorf("span %s under %s", call.Name(), call.Parent().SpanID())
	}
	if commit.Parent().SpanID() != call.SpanContext().SpanID() || commit.EndTime().Before(commit.StartTime()) {
		t.Errorf("commit under %s, from %s to %s", commit.Parent().SpanID(), commit.StartTime(), commit.EndTime())
	}
	want := []attribute.KeyValue{
		attribute.String("gongkai.store", "directory"), attribute.Int64("gongkai.commit.number", 1), attribute.Int("gongkai.commit.callers", 1),
	}
	if got := attribute.NewSet(commit.Attributes()...); !got.Equals(ptr(attribute.NewSet(want...))) {
		t.Errorf("commit says %v", commit.Attributes())
	}
	if got := attribute.NewSet(call.Attributes()...); !got.Equals(ptr(attribute.NewSet(attribute.String("gongkai.code", "OK")))) {
		t.Errorf("call says %v", call.Attributes())
	}
	if line := log.line(t, "call.1"); line["trace"] != traceID || line["method"] == "" {
		t.Errorf("line %v", line)
	}
	if told := log.String(); strings.Contains(told, "示例") || strings.Contains(told, "organizations/") {
		t.Errorf("the log tells of the request: %s", told)
	}
}

// Whether a trace is sampled is not for the caller to say.
func TestTraces_Unsampled(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	tracing := telemetry.NewTracing(spans, 0, "test")
	s, err := suite.Open(suite.Options{Data: t.TempDir(), Tracing: tracing})
	must(t, err)
	defer func() { must(t, s.Close(context.Background())) }()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+administrator(t, s),
		telemetry.Traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	_, err = directoryv1.NewDirectoryServiceClient(s.Conn).CreateOrganization(ctx, organization("65"))
	must(t, err)
	must(t, tracing.ForceFlush(t.Context()))
	if n := len(spans.GetSpans()); n != 0 {
		t.Errorf("%d spans", n)
	}
}

func ptr[T any](v T) *T { return &v }

// buffer is a log that may be written from many goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// line is the line of a call.
func (b *buffer) line(t *testing.T, id string) map[string]any {
	t.Helper()
	for line := range strings.Lines(b.String()) {
		var fields map[string]any
		must(t, json.Unmarshal([]byte(line), &fields))
		if fields["id"] == id {
			return fields
		}
	}
	t.Fatalf("no line of %s in %s", id, b.String())
	return nil
}
