package demo_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"gongkai/deploy/demo"
	reportv1 "gongkai/proto/gongkai/report/v1"
)

// gateway answers as the suite's would, as far as a run needs it: it knows each write by caller and request id, and
// keeps what happened. It stands in for the order and the repetition of calls only; that the figures are right is
// tested against the suite itself.
type gateway struct {
	*httptest.Server
	form []byte

	mu       sync.Mutex
	events   []string            // guarded by mu: what took effect, in order
	answers  map[string][]byte   // guarded by mu: of writes, by caller, path and request id
	reports  map[string]*version // guarded by mu: by organisation
	calls    int                 // guarded by mu
	lag      int                 // guarded by mu: how often the roll-up is still behind
	disturb  func(n int) string  // guarded by mu: what goes wrong with the n-th call: "", "busy", "reset", "lost"
	lateSeen bool                // guarded by mu
}

// version is an organisation's report.
type version struct {
	state reportv1.RollupStatus
	n     int32
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	form, err := os.ReadFile("testdata/form.json")
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{form: form, answers: map[string][]byte{}, reports: map[string]*version{}, lag: 2, disturb: func(int) string { return "" }}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) token(role, organization string) (string, error) {
	return role + "@" + organization, nil
}

// trouble sets what goes wrong with the n-th call from now on.
func (g *gateway) trouble(with func(n int) string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := g.calls
	g.disturb = func(n int) string { return with(n - first) }
}

// answered is the number of calls so far.
func (g *gateway) answered() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls
}

// took returns what took effect and begins with a prefix, in order.
func (g *gateway) took(prefix string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []string
	for _, e := range g.events {
		if strings.HasPrefix(e, prefix) {
			found = append(found, e)
		}
	}
	return found
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls++
	trouble := g.disturb(g.calls)
	switch trouble {
	case "busy":
		refuse(w, http.StatusServiceUnavailable, "UNAVAILABLE", "服务繁忙")
		return
	case "reset":
		panic(http.ErrAbortHandler)
	}
	status, answer := http.StatusOK, []byte(nil)
	if r.Method == http.MethodGet {
		status, answer = g.read(r.URL.Path)
	} else {
		status, answer = g.write(r)
	}
	if trouble == "lost" {
		panic(http.ErrAbortHandler) // it took effect, but nobody was told
	}
	if status != http.StatusOK {
		refuse(w, status, string(answer), "不行")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(answer)
}

func refuse(w http.ResponseWriter, status int, reason, text string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"code":9,"message":"no","details":[
		{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":%q,"domain":"gongkai"},
		{"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"zh-CN","message":%q}]}`, reason, text)
}

func (g *gateway) read(path string) (int, []byte) {
	switch {
	case strings.HasPrefix(path, "/v1/reportForms/"):
		return http.StatusOK, g.form
	case strings.HasSuffix(path, "/checkpoint"):
		return http.StatusOK, fmt.Appendf(nil, `{"name":"logs/x","size":"%d"}`, len(g.events))
	case len(g.events) == 0:
		return http.StatusNotFound, []byte("NOT_FOUND")
	}
	return http.StatusOK, g.rollup()
}

// rollup knows status and version of each report, the number of published records, and the late one.
func (g *gateway) rollup() []byte {
	basis := int64(len(g.events))
	if g.lag > 0 {
		g.lag, basis = g.lag-1, 0
	}
	published := int32(0)
	for _, e := range g.events {
		if strings.HasPrefix(e, "publish ") {
			published++
		}
	}
	out := &reportv1.Rollup{Name: "organizations/652701/rollups/2018", Form: "reportForms/2007"}
	for _, log := range []string{"logs/disclosure", "logs/request"} {
		out.Basis = append(out.Basis, &reportv1.FeedPosition{Log: log, Size: basis})
	}
	out.Totals = map[string]*reportv1.RollupFigure{"disclosed.total": {Records: &published}}
	for id, v := range g.reports {
		row := &reportv1.RollupRow{Organization: "organizations/" + id, Code: id, Status: v.state, Version: v.n}
		if id == demo.LateID && g.lateSeen {
			late := int32(1)
			row.Figures = map[string]*reportv1.RollupFigure{"disclosed.total": {Late: &late}}
		}
		out.Rows = append(out.Rows, row)
	}
	answer, err := protojson.Marshal(out)
	if err != nil {
		return nil
	}
	return answer
}

// write lets a call take effect, unless it did before.
func (g *gateway) write(r *http.Request) (int, []byte) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return http.StatusBadRequest, []byte("UNDECODABLE")
	}
	if path, ok := strings.CutSuffix(r.URL.Path, "/disclosures:import"); ok {
		return g.load(strings.TrimPrefix(path, "/v1/organizations/"), r.Header.Get("Authorization"), body)
	}
	var in struct {
		RequestID string            `json:"requestId"`
		Requests  []json.RawMessage `json:"requests"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return http.StatusBadRequest, []byte("UNDECODABLE")
	}
	caller := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	id := in.RequestID + r.URL.Query().Get("requestId")
	if id == "" || len(id) > 64 {
		return http.StatusBadRequest, []byte("INVALID_FIELD")
	}
	key := caller + " " + r.URL.Path + " " + id
	if answer, again := g.answers[key]; again {
		return http.StatusOK, answer
	}
	status, answer := g.effect(strings.TrimPrefix(r.URL.Path, "/v1/organizations"), caller, len(in.Requests))
	if status == http.StatusOK {
		g.answers[key] = answer
	}
	return status, answer
}

// load lets each row of a ledger take effect, unless it did before.
func (g *gateway) load(organization, caller string, file []byte) (int, []byte) {
	rows, err := rowsOf(file)
	if err != nil {
		return http.StatusBadRequest, []byte("INVALID_FIELD")
	}
	for i := range rows {
		name := fmt.Sprintf("organizations/%s/disclosures/row-%d", organization, i)
		if _, again := g.answers[name]; again {
			continue
		}
		g.answers[name] = nil
		if status, answer := g.happen(caller == "Bearer "+demo.System+"@"+organization && len(g.events) > 0, "create "+name, ""); status != http.StatusOK {
			return status, answer
		}
		g.happen(true, "publish "+name, "")
	}
	return http.StatusOK, fmt.Appendf(nil, `{"readCount":%d,"applied":true}`, len(rows))
}

// effect does what a path asks for, if the role may and the order is right.
func (g *gateway) effect(path, caller string, batch int) (int, []byte) {
	role, at, _ := strings.Cut(caller, "@")
	if path == ":batchCreate" {
		return g.happen(role == demo.Administrator, fmt.Sprintf("enter %d", batch), "{}")
	}
	path, verb, _ := strings.Cut(strings.TrimPrefix(path, "/"), ":")
	parts := strings.Split(path, "/")
	id, own := parts[0], at == parts[0]
	switch report := g.reports[id]; {
	case parts[1] == "disclosures" && verb == "":
		name := fmt.Sprintf("organizations/%s/disclosures/%026d", id, len(g.events))
		return g.happen(own && role == demo.Clerk && len(g.events) > 0, "create "+name, `{"name":"`+name+`"}`)
	case parts[1] == "disclosures":
		status, answer := g.happen(own && role == demo.Reviewer && verb == "publish", "publish organizations/"+path, "{}")
		if report != nil && report.state == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED {
			g.lateSeen = true
		}
		return status, answer
	case parts[1] == "informationRequests":
		return g.happen(own && role == demo.Clerk, "request "+verb+" "+id, `{"name":"organizations/`+id+`/informationRequests/1"}`)
	case verb == "compile":
		return g.happen(own && role == demo.Clerk && (report == nil || report.state == reportv1.RollupStatus_ROLLUP_STATUS_RETURNED), "compile "+id, "{}")
	case verb == "submit":
		if report == nil {
			report = &version{}
			g.reports[id] = report
		}
		report.state, report.n = reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED, report.n+1
		return g.happen(own && role == demo.Clerk, "submit "+id, "{}")
	case report == nil || report.state != reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED:
		return http.StatusBadRequest, []byte("REPORT_NOT_SUBMITTED")
	case verb == "return":
		report.state = reportv1.RollupStatus_ROLLUP_STATUS_RETURNED
	case verb == "accept":
		report.state = reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED
	}
	return g.happen(role == demo.Supervisor && at == demo.CityID && slices.Contains([]string{"return", "accept"}, verb), verb+" "+id, "{}")
}

func (g *gateway) happen(allowed bool, event, answer string) (int, []byte) {
	if !allowed {
		return http.StatusForbidden, []byte("PERMISSION_DENIED")
	}
	g.events = append(g.events, event)
	return http.StatusOK, []byte(answer)
}
