package telemetry

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Condition is something that must hold for a process to be ready.
type Condition struct {
	// Name tells what it is about, as "store disclosure".
	Name string `json:"name"`
	// OK tells whether it holds.
	OK bool `json:"ok"`
	// Detail tells how it stands, if there is more to say.
	Detail string `json:"detail,omitempty"`
}

// Ready tells whether all conditions hold.
func Ready(all []Condition) bool {
	for _, c := range all {
		if !c.OK {
			return false
		}
	}
	return true
}

// Admin is what the address of its own shows.
type Admin struct {
	Metrics *Metrics
	// Alive errs if the process can do nothing any more but be started again.
	Alive func() error
	// Conditions are what must hold for the process to be ready.
	Conditions func(context.Context) []Condition
}

// Handler serves:
//
//	/metrics       the metrics, as Prometheus reads them
//	/livez         200, or 503 if the process must be started again
//	/readyz        200 if the process is ready, else 503; every condition as JSON
//	/debug/pprof/  profiles, as `go tool pprof` reads them
//
// It asks nobody who they are: the address is for the machine or the network of its operators.
func (a Admin) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.Metrics.registry, promhttp.HandlerOpts{Registry: a.Metrics.registry}))
	mux.HandleFunc("GET /livez", a.live)
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// Server returns a server of the handler. A profile may take minutes, so answers have no time limit.
func (a Admin) Server() *http.Server {
	return &http.Server{Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
}

func (a Admin) live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	text, code := "ok\n", http.StatusOK
	if a.Alive() != nil { // why is in the log
		text, code = "stopped\n", http.StatusServiceUnavailable
	}
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text))
}

func (a Admin) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	answer := struct {
		Ready      bool        `json:"ready"`
		Conditions []Condition `json:"conditions"`
	}{Conditions: a.Conditions(ctx)}
	answer.Ready = Ready(answer.Conditions)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer)
}
