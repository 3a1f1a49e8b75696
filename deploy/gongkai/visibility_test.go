package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/gateway/page"
	"gongkai/services/chassis/access"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
)

// collected is a collector of traces.
type collected struct {
	collector.UnimplementedTraceServiceServer
	mu    sync.Mutex
	spans []*tracev1.Span
}

func (c *collected) Export(_ context.Context, in *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range in.GetResourceSpans() {
		for _, s := range r.GetScopeSpans() {
			c.spans = append(c.spans, s.GetSpans()...)
		}
	}
	return &collector.ExportTraceServiceResponse{}, nil
}

// of are the spans of a trace, by what begins their names.
func (c *collected) of(trace string) []*tracev1.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*tracev1.Span
	for _, s := range c.spans {
		if hex.EncodeToString(s.GetTraceId()) == trace {
			found = append(found, s)
		}
	}
	return found
}

func collect(t *testing.T) (*collected, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, server := &collected{}, grpc.NewServer()
	collector.RegisterTraceServiceServer(server, c)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(server.Stop)
	return c, "http://" + l.Addr().String()
}

// printed is a log that may be written from many goroutines.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

// lines are those of a call, by its id, and everything that was printed.
func (p *printed) lines(t *testing.T, id string) (found []map[string]any, all string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for line := range bytes.Lines(p.b.Bytes()) {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		if fields["id"] == id {
			found = append(found, fields)
		}
	}
	return found, p.b.String()
}

// ask makes a request and returns the answer, which has a code.
func ask(t *testing.T, method, url, body string, code int, headers ...string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != code {
		t.Fatalf("%s %s: %d %s", method, url, res.StatusCode, answer)
	}
	return string(answer)
}

// A call is seen in metrics, traces and log, under one id; nothing of them tells whom it was about. Every metric
// that the dashboard and the alerts name is there, and every one that is there stands in the table of its package.
func TestVisibility(t *testing.T) {
	const trace, about = "0af7651916cd43dd8448eb211c80319c", "张三丰"
	traces, endpoint := collect(t)
	var log printed
	p, err := open(t.Context(), options{
		gateway: true, data: t.TempDir(), origin: "gongkai.local", listen: "127.0.0.1:0",
		home: page.Home{Organization: "65", Period: "2018"}, logger: slog.New(slog.NewJSONHandler(&log, nil)),
		visibility: visibility{AdminListen: "127.0.0.1:0", TraceEndpoint: endpoint, TraceSample: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			_ = p.close()
		}
	}()
	token, err := p.suite.Issuer.Mint(access.Identity{
		Account: "acc-1", Grants: []access.Grant{{Role: access.Administrator, Organization: access.Everywhere}},
	}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	headers := []string{"Authorization", "Bearer " + token, "X-Request-Id", "call.1", "Traceparent", "00-" + trace + "-b7ad6b7169203331-00"}
	ask(t, http.MethodPost, p.address()+"/v1/organizations?organizationId=65",
		`{"displayName":"`+about+`","kind":"KIND_GOVERNMENT","owesReport":true,"foundedOn":{"year":2008,"month":5,"day":1}}`, 200, headers...)
	ask(t, http.MethodGet, p.address()+"/v1/organizations/65", "", 200)
	ask(t, http.MethodGet, p.address()+"/", "", 200)
	ask(t, http.MethodGet, p.address()+"/v1/organizations/"+about, "", 400)

	admin := "http://" + reachable(p.admin.Addr())
	metrics := ask(t, http.MethodGet, admin+"/metrics", "", 200)
	ask(t, http.MethodGet, admin+"/livez", "", 200)
	if ready := ask(t, http.MethodGet, admin+"/readyz", "", 200); !strings.Contains(ready, `"report follows disclosure"`) {
		t.Errorf("ready: %s", ready)
	}
	if !strings.Contains(ask(t, http.MethodGet, admin+"/debug/pprof/goroutine?debug=1", "", 200), "goroutine profile") {
		t.Error("no profile")
	}
	ask(t, http.MethodGet, p.address()+"/metrics", "", 404) // not where the public is
	namesExist(t, metrics)

	closed = true
	if err := p.close(); err != nil { // sends the traces
		t.Fatal(err)
	}
	var names []string
	parent := "b7ad6b7169203331"
	for _, want := range []string{"POST /v1/organizations", "gongkai.directory.v1.DirectoryService/CreateOrganization", "commit"} {
		for _, s := range traces.of(trace) {
			if s.GetName() == want && hex.EncodeToString(s.GetParentSpanId()) == parent {
				names, parent = append(names, want), hex.EncodeToString(s.GetSpanId())
				break
			}
		}
	}
	if len(names) != 3 || len(traces.of(trace)) != 3 {
		t.Errorf("of %v only %v are one under the other", traces.of(trace), names)
	}
	lines, all := log.lines(t, "call.1")
	if len(lines) != 2 || lines[0]["msg"] != "call" || lines[1]["msg"] != "request" || lines[0]["trace"] != trace || lines[1]["trace"] != trace {
		t.Errorf("lines %v", lines)
	}
	traces.mu.Lock()
	defer traces.mu.Unlock()
	for _, s := range traces.spans {
		all += s.String()
	}
	for _, told := range []string{about, "organizations/65", token} {
		if strings.Contains(all, told) || strings.Contains(metrics, told) {
			t.Errorf("%q was told", told)
		}
	}
}

var (
	metricName = regexp.MustCompile(`\b(gongkai|go|process)_[a-z_]+\b`)
	sampleName = regexp.MustCompile(`(?m)^((?:gongkai|go|process)_[a-z_]+)`)
	familyName = regexp.MustCompile(`(?m)^# TYPE (gongkai_[a-z_]+) (\w+)$`)
)

func namesExist(t *testing.T, metrics string) {
	t.Helper()
	there := make(map[string]bool)
	for _, m := range sampleName.FindAllStringSubmatch(metrics, -1) {
		there[m[1]] = true
	}
	for _, file := range []string{"grafana/gongkai.json", "prometheus/alerts.yml"} {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		names := metricName.FindAllString(string(text), -1)
		if len(names) < 10 {
			t.Errorf("%s names %d metrics", file, len(names))
		}
		for _, name := range names {
			if !there[name] {
				t.Errorf("%s names %s, which is not there", file, name)
			}
		}
	}
	table, err := os.ReadFile(filepath.Join("..", "..", "services", "chassis", "telemetry", "doc.go"))
	if err != nil {
		t.Fatal(err)
	}
	families := familyName.FindAllStringSubmatch(metrics, -1)
	for _, family := range families {
		if !regexp.MustCompile(`(?m)^//\t` + family[1] + ` +` + family[2] + ` `).Match(table) {
			t.Errorf("the %s %s does not stand in the table", family[2], family[1])
		}
	}
	if n := strings.Count(string(table), "//\tgongkai_"); n != len(families) {
		t.Errorf("the table has %d metrics, there are %d", n, len(families))
	}
}

// Settings that do not fit together are refused, and check-config does so before anything runs.
func TestVisibilitySettings(t *testing.T) {
	for want, v := range map[string]visibility{
		"":                       {AdminListen: "127.0.0.1:9090", TraceEndpoint: "http://127.0.0.1:4317", TraceSample: 0.5},
		"not from 0 to 1":        {TraceEndpoint: "http://127.0.0.1:4317", TraceSample: 2},
		"where traces go":        {TraceSample: 1},
		"no URL":                 {TraceEndpoint: "127.0.0.1:4317"},
		"--admin-listen is no H": {AdminListen: "9090"},
	} {
		if err := v.check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", v, err, want)
		}
	}
}
