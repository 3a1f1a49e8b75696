package gateway

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"gongkai/services/chassis/telemetry"
)

// observation is what the gateway keeps of a request while it is under way.
type observation struct {
	id             string
	acceptLanguage string
	logger         *slog.Logger
	route          string // HTTP method and path pattern
}

type observationKey struct{}

func observationOf(ctx context.Context) *observation {
	if o, ok := ctx.Value(observationKey{}).(*observation); ok {
		return o
	}
	return &observation{logger: slog.New(slog.DiscardHandler)}
}

func loggerOf(ctx context.Context) *slog.Logger { return observationOf(ctx).logger }

// noteRoute keeps the pattern that a request matched, for the log.
func noteRoute(r *http.Request) { observationOf(r.Context()).route = r.Pattern }

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// traced begins the span of a request, if spans are made; the header by which the request brings its trace
// then leads to that span. A header that is none is dropped.
func traced(r *http.Request, t *telemetry.Tracing) (*http.Request, telemetry.Span) {
	parent := r.Header.Get(telemetry.Traceparent)
	if parent != "" && !traceparent.MatchString(parent) {
		r.Header.Del(telemetry.Traceparent)
		parent = ""
	}
	if t == nil {
		return r, telemetry.Span{}
	}
	ctx, span := t.Begin(r.Context(), "request", parent)
	r = r.WithContext(ctx)
	r.Header.Set(telemetry.Traceparent, span.Header())
	return r, span
}

// observe gives a request its id and its span, the answer its security headers, the metrics its count, and the
// log a line that holds nothing of the request but its method, its path's pattern, its id and that of its trace.
func observe(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := r.Header.Get("X-Request-Id")
		if !requestID.MatchString(id) {
			id = rand.Text()
		}
		seen := &observation{id: id, acceptLanguage: r.Header.Get("Accept-Language"), logger: o.Logger}
		r = r.WithContext(context.WithValue(r.Context(), observationKey{}, seen))
		r.Header.Set("X-Request-Id", id)
		r, span := traced(r, o.Tracing)
		o.Metrics.RequestBegins()
		secure(w.Header(), id, o.Version)
		answer := &response{ResponseWriter: w}
		defer func() {
			recovered(answer, r, recover())
			if seen.route == "" {
				seen.route = r.Pattern
			}
			took := time.Since(start)
			o.Metrics.RequestEnds(seen.route, answer.code, took)
			span.Name(seen.route)
			span.End(strconv.Itoa(answer.code), answer.code >= http.StatusInternalServerError)
			line := []any{"method", r.Method, "route", seen.route, "status", answer.code, "duration", took, "id", id}
			if trace := telemetry.TraceID(r.Context()); trace != "" {
				line = append(line, "trace", trace)
			}
			o.Logger.InfoContext(r.Context(), "request", line...)
		}()
		next.ServeHTTP(answer, r)
	})
}

// secure sets what holds for every answer. Answers depend on who asks: nobody else may keep them.
func secure(h http.Header, id, version string) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	h.Set("X-Request-Id", id)
	if version != "" {
		h.Set("Server", version)
	}
}

// recovered answers a request whose handler panicked, if nothing has been answered yet.
func recovered(w *response, r *http.Request, p any) {
	switch {
	case p == nil:
		return
	case p == http.ErrAbortHandler:
		panic(p)
	}
	loggerOf(r.Context()).ErrorContext(r.Context(), "panic", "id", r.Header.Get("X-Request-Id"), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	if w.code == 0 {
		refuse(w, r, fmt.Errorf("panic: %v", p), 0)
	}
}

// response remembers the code that was sent.
type response struct {
	http.ResponseWriter
	code int
}

// WriteHeader sends the code.
func (w *response) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

// Write sends data, after 200 if no code was sent.
func (w *response) Write(data []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap is for http.ResponseController: flushing, deadlines.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
