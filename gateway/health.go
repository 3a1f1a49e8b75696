package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

// health asks the services whether they serve.
type health map[string]healthv1.HealthClient

func newHealth(c Connections) health {
	h := health{}
	for service, conn := range map[string]grpc.ClientConnInterface{
		"directory": c.Directory, "disclosure": c.Disclosure, "request": c.Request, "report": c.Report,
		"calculator": c.Calculator,
	} {
		h[service] = healthv1.NewHealthClient(conn)
	}
	return h
}

// ServeHTTP answers 200 if every service serves, else 503; the body tells how each stands.
func (h health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	answer := struct {
		Status   string            `json:"status"`
		Services map[string]string `json:"services"`
	}{Status: healthv1.HealthCheckResponse_SERVING.String(), Services: map[string]string{}}
	code := http.StatusOK
	var mu sync.Mutex
	var all sync.WaitGroup
	for service, client := range h {
		all.Go(func() {
			found := healthv1.HealthCheckResponse_UNKNOWN
			if res, err := client.Check(ctx, &healthv1.HealthCheckRequest{}); err == nil {
				found = res.GetStatus()
			}
			mu.Lock()
			defer mu.Unlock()
			answer.Services[service] = found.String()
			if found != healthv1.HealthCheckResponse_SERVING {
				answer.Status, code = healthv1.HealthCheckResponse_NOT_SERVING.String(), http.StatusServiceUnavailable
			}
		})
	}
	all.Wait()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(answer)
}
