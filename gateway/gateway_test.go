package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

// start serves a gateway before a fresh suite and returns its address.
func start(t *testing.T, o gateway.Options) (*fixture.Suite, string) {
	t.Helper()
	return startBefore(t, fixture.Start(t), o)
}

func startBefore(t *testing.T, s *fixture.Suite, o gateway.Options) (*fixture.Suite, string) {
	t.Helper()
	h, err := gateway.New(t.Context(), s.Connections, o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return s, server.URL
}

type call struct {
	method, path, body string
	headers            map[string]string
}

func (c call) do(t *testing.T, base string) (*http.Response, string) {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range c.headers {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func decode(t *testing.T, body string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("answer is not JSON: %v\n%s", err, body)
	}
	return m
}

// A read comes back in camel case, zeros shown, unset optional figures not.
func TestReads(t *testing.T) {
	_, base := start(t, gateway.Options{})
	res, body := call{path: "/v1/organizations/652701/rollups/2018"}.do(t, base)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("status %d, type %q: %s", res.StatusCode, res.Header.Get("Content-Type"), body)
	}
	rollup := decode(t, body)
	if rollup["displayName"] != "博乐市人民政府" || rollup["acceptedOnly"] != true || rollup["missing"] != 0.0 {
		t.Errorf("displayName %v, acceptedOnly %v, missing %v", rollup["displayName"], rollup["acceptedOnly"], rollup["missing"])
	}
	for _, r := range rollup["rows"].([]any) {
		row := r.(map[string]any)
		if row["code"] != fixture.Township {
			continue
		}
		total := row["figures"].(map[string]any)["disclosed.total"].(map[string]any)
		if total["submitted"] != 550.0 {
			t.Errorf("the township's total is %v, want 550", total["submitted"])
		}
		if _, shown := total["records"]; shown {
			t.Error("the public is shown the records basis")
		}
		return
	}
	t.Error("the township has no row")
}

// A write's body fills the field that its rule names; a patch without a mask changes what its body holds.
func TestWrites(t *testing.T) {
	_, base := start(t, gateway.Options{})
	res, body := call{
		method: http.MethodPost, path: "/v1/organizations/652701201/disclosures?requestId=a1",
		body: `{"title":"防汛通知","category":"emergency_management","formedOn":{"year":2018,"month":7,"day":1}}`,
	}.do(t, base)
	d := decode(t, body)
	if res.StatusCode != http.StatusOK || d["title"] != "防汛通知" || d["state"] != "STATE_DRAFT" || d["etag"] != "" {
		t.Errorf("created: %d %s", res.StatusCode, body)
	}
	_, body = call{method: http.MethodPatch, path: "/v1/" + d["name"].(string), body: `{"title":"通知","documentNumber":"1号"}`}.do(t, base)
	if got := decode(t, body)["content"]; got != "title,document_number" && got != "document_number,title" {
		t.Errorf("the mask is %v", got)
	}
}

// Only three headers travel with a call, and the answer carries the call's id.
func TestHeadersTravel(t *testing.T) {
	s, base := start(t, gateway.Options{Version: "gongkai/1.2"})
	res, _ := call{path: "/v1/reportForms", headers: map[string]string{
		"Authorization": "Bearer " + fixture.Token, "Accept-Language": "en", "X-Request-Id": "abc-1",
		"Cookie": "gongkai_token=" + fixture.Token, "Grpc-Metadata-Account": "root", "X-Secret": "1",
	}}.do(t, base)
	md := <-s.Calls
	for key, want := range map[string]string{"authorization": "Bearer " + fixture.Token, "accept-language": "en", "x-request-id": "abc-1"} {
		if got := md.Get(key); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q once", key, got, want)
		}
	}
	for _, key := range []string{"cookie", "account", "x-secret", "grpcgateway-cookie", "grpcgateway-authorization"} {
		if got := md.Get(key); len(got) > 0 {
			t.Errorf("%s travelled: %q", key, got)
		}
	}
	for key, want := range map[string]string{
		"X-Request-Id": "abc-1", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cache-Control": "no-store", "Server": "gongkai/1.2",
	} {
		if got := res.Header.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	res, _ = call{path: "/v1/reportForms", headers: map[string]string{"X-Request-Id": "a b\u00e9"}}.do(t, base)
	if id := res.Header.Get("X-Request-Id"); len(id) < 20 || strings.Contains(id, " ") {
		t.Errorf("a damaged id became %q", id)
	}
}

// A watch sends a line a message while it goes on; an error after some is a last line.
func TestWatch(t *testing.T) {
	_, base := start(t, gateway.Options{Timeout: time.Nanosecond})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/v1/logs/report/entries:watch?start=4", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for _, size := range []string{"5", "6", "7"} {
		if !lines.Scan() {
			t.Fatalf("the stream ended: %v", lines.Err())
		}
		if got := decode(t, lines.Text())["result"].(map[string]any)["size"]; got != size {
			t.Errorf("size %v, want %s", got, size)
		}
	}
	_, body := call{path: "/v1/logs/report/entries:watch?start=1"}.do(t, base)
	parts := strings.Split(strings.TrimSpace(body), "\n")
	last := decode(t, parts[len(parts)-1])["error"].(map[string]any)
	if len(parts) != 3 || reason(last) != "LOG_DIVERGED" {
		t.Errorf("%d lines, the last %v", len(parts), last)
	}
}

// A server that stops ends its watches.
func TestShutdownEndsWatches(t *testing.T) {
	s := fixture.Start(t)
	h, err := gateway.New(t.Context(), s.Connections, gateway.Options{})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := gateway.Server(h)
	go func() { _ = server.Serve(listener) }()
	res, err := http.Get("http://" + listener.Addr().String() + "/v1/logs/report/entries:watch")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("shutdown waited for the watch: %v", err)
	}
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the watch did not end well: %v", err)
	}
}

// Each log's checkpoint comes from the service that keeps it, as JSON and as a note.
func TestCheckpoints(t *testing.T) {
	_, base := start(t, gateway.Options{})
	for _, log := range []string{"directory", "disclosure", "request", "report"} {
		_, body := call{path: "/v1/logs/" + log + "/checkpoint"}.do(t, base)
		if c := decode(t, body); c["name"] != "logs/"+log || c["size"] != "7" {
			t.Errorf("%s: %v", log, c)
		}
		res, note := call{path: "/logs/" + log + "/checkpoint"}.do(t, base)
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") || !strings.HasPrefix(note, "gongkai.test/"+log+"\n7\n") {
			t.Errorf("%s: %q %q", log, res.Header.Get("Content-Type"), note)
		}
	}
}

// The description of the interface is served, and health tells which service does not answer.
func TestOpenAPIAndHealth(t *testing.T) {
	s, base := start(t, gateway.Options{})
	res, body := call{path: "/openapi.yaml"}.do(t, base)
	if res.StatusCode != http.StatusOK || !strings.Contains(body, "openapi: 3.") || !strings.Contains(body, "/rollups/") {
		t.Errorf("openapi: %d %.80q", res.StatusCode, body)
	}
	res, body = call{path: "/healthz"}.do(t, base)
	if res.StatusCode != http.StatusOK || decode(t, body)["status"] != "SERVING" {
		t.Errorf("healthy: %d %s", res.StatusCode, body)
	}
	s.Health.SetServingStatus("", healthv1.HealthCheckResponse_NOT_SERVING)
	res, body = call{path: "/healthz"}.do(t, base)
	services := decode(t, body)["services"].(map[string]any)
	if res.StatusCode != http.StatusServiceUnavailable || services["directory"] != "NOT_SERVING" || services["report"] != "SERVING" {
		t.Errorf("unhealthy: %d %s", res.StatusCode, body)
	}
}

// The log holds the pattern of a path and nothing else of the request.
func TestLogHoldsNoData(t *testing.T) {
	var out bytes.Buffer
	s := fixture.Start(t)
	pages := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broken page") })
	h, err := gateway.New(t.Context(), s.Connections, gateway.Options{Logger: slog.New(slog.NewTextHandler(&out, nil)), Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/v1/organizations/652701201?asOf.year=2018", "/sign-in?token=hush", "/logs/report/checkpoint"} {
		req := httptest.NewRequest(http.MethodGet, target, nil)
		req.Header.Set("Authorization", "Bearer hush")
		h.ServeHTTP(httptest.NewRecorder(), req)
	}
	for _, want := range []string{`route="GET /v1/{name=organizations/*}"`, `route="GET /logs/{service}/checkpoint"`, "status=401", "status=500", `panic="broken page"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, out.String())
		}
	}
	for _, secret := range []string{"hush", "652701201", "asOf"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, out.String())
		}
	}
}

func TestNewNeedsEveryConnection(t *testing.T) {
	c, err := grpc.NewClient("127.0.0.1:1", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := gateway.New(t.Context(), gateway.Connections{Directory: c, Disclosure: c, Report: c}, gateway.Options{}); err == nil {
		t.Error("a gateway was made without a request service")
	}
}
