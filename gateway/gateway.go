// Package gateway is the suite's door for everything that speaks HTTP: the contracts as REST and JSON,
// their OpenAPI description, the checkpoints of the logs, health, and the pages.
//
// It holds no state and no rule of the field. A request becomes a call on a service's connection; whether
// that service runs in this process or elsewhere makes no difference. The headers Authorization,
// Accept-Language, X-Request-Id and traceparent (W3C Trace Context) travel with the call, no others.
//
// # Errors
//
// Every refusal of the REST interface is a google.rpc.Status in JSON with its typed details, those of the
// services as they are and the gateway's own (a misspelt field, an unknown route, a body that is too large)
// in the same shape, made by package fault. The HTTP code follows from the gRPC code, see [HTTPCode].
//
// # Streams
//
// A watch (`/v1/logs/{service}/entries:watch`) sends one JSON object a line, {"result": …}, until the caller
// hangs up or the server stops; an error after the first line is a last line {"error": …}.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gongkai/gateway/openapi"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/telemetry"
	"gongkai/services/law/form"

	"google.golang.org/grpc"
)

// Connections are the ways to the services.
type Connections struct {
	Directory, Disclosure, Request, Report, Calculator grpc.ClientConnInterface
	// Logs are the ways to the event logs, by service: directory, disclosure, request, report.
	Logs map[string]grpc.ClientConnInterface
}

// Options are what an operator may choose. The zero value is usable.
type Options struct {
	// MaxBody is the size of the largest request body, in bytes; 0 means 16 MiB.
	MaxBody int64
	// Timeout is how long a call may take, streams apart; 0 means 60 seconds.
	Timeout time.Duration
	// Logger takes a line a request and the gateway's own faults; nil means none.
	Logger *slog.Logger
	// Metrics count the requests; nil: nothing does.
	Metrics *telemetry.Metrics
	// Tracing makes a span of each request; nil: nothing does.
	Tracing *telemetry.Tracing
	// Version is sent as the Server header, as gongkai/1.2; may be empty.
	Version string
	// Forms are the report forms; nil means those that come with the program.
	Forms form.Forms
	// Pages serves what is no part of the interface, package page's handler for one; nil means nothing does.
	Pages http.Handler
}

func (o Options) withDefaults() Options {
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// New returns the handler of everything the gateway serves:
//
//	/v1/…                          the contracts as REST
//	/v1/…disclosures:import …      ledgers as files, in and out, see [files]
//	/v1/…reports/…:download        reports as files, see [downloads]
//	/v1/…reports/…:uploadSignedCopy …  signed copies as files, see [copies]
//	/v1/reports:checkFile          the check of published reports as files, see [checks]
//	/v1/…duties:calendar           due dates of requests as a calendar, see [calendars]
//	/logs/{service}/checkpoint     a log's signed checkpoint as text (C2SP tlog-checkpoint)
//	/openapi.yaml                  the description of the REST interface
//	/healthz                       whether the services answer
//	everything else                Options.Pages
//
// It errs if a connection is missing. The context bounds nothing but the set-up.
func New(ctx context.Context, c Connections, o Options) (http.Handler, error) {
	o = o.withDefaults()
	all, err := newServed(ctx, c, o)
	if err != nil {
		return nil, err
	}
	return observe(all, o), nil
}

// served is what the gateway serves, and which routes of it are its own, beside those of the contracts: as
// "GET /healthz".
type served struct {
	*http.ServeMux
	own []string
}

// note notes a route of the gateway's own.
func (s *served) note(method, path string) { s.own = append(s.own, method+" "+path) }

func newServed(ctx context.Context, c Connections, o Options) (*served, error) {
	if c.Directory == nil || c.Disclosure == nil || c.Request == nil || c.Report == nil || c.Calculator == nil || len(c.Logs) == 0 {
		return nil, errors.New("a gateway needs a connection to every service and to their logs")
	}
	logs := newLogs(c.Logs)
	rest, err := newREST(ctx, c, logs, o)
	if err != nil {
		return nil, err
	}
	mux := &served{ServeMux: http.NewServeMux()}
	mux.Handle("/v1/", rest)
	files{disclosurev1.NewDisclosureServiceClient(c.Disclosure)}.register(mux)
	forms := o.Forms
	if forms == nil {
		if forms, err = form.Embedded(); err != nil {
			return nil, err
		}
	}
	downloads{reportv1.NewReportServiceClient(c.Report), directoryv1.NewDirectoryServiceClient(c.Directory), forms, rest}.register(mux)
	checks{reportv1.NewReportServiceClient(c.Report)}.register(mux)
	calendars{requestv1.NewRequestServiceClient(c.Request)}.register(mux)
	mux.Handle("GET /logs/{service}/checkpoint", http.HandlerFunc(logs.checkpoint))
	mux.Handle("GET /healthz", newHealth(c))
	mux.Handle("GET /openapi.yaml", http.HandlerFunc(serveOpenAPI))
	for _, path := range []string{"/logs/{service}/checkpoint", "/healthz", "/openapi.yaml"} {
		mux.note(http.MethodGet, path)
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, r, errMethod, http.StatusMethodNotAllowed)
		})
	}
	if o.Pages != nil {
		mux.Handle("/", o.Pages)
	} else {
		mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { refuse(w, r, unknownRoute(r), 0) })
	}
	return mux, nil
}

func serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	_, _ = w.Write(openapi.YAML)
}

// stopping is the key of the context that ends when the server begins to stop.
type stopping struct{}

// Server returns a server with timeouts that neither a slow reader nor a slow writer can sit out. Watches
// are free of them, and end when Shutdown begins; all other requests that are under way then finish.
func Server(h http.Handler) *http.Server {
	stop, cancel := context.WithCancel(context.Background())
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), stopping{}, stop)
		},
	}
	s.RegisterOnShutdown(cancel)
	return s
}
