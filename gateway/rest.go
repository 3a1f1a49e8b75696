package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/telemetry"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// travelling are the headers that go with a call, besides Authorization, which the runtime adds itself.
var travelling = map[string]string{"Accept-Language": "accept-language", "X-Request-Id": "x-request-id", "Traceparent": telemetry.Traceparent}

// newREST serves the contracts of all services by the HTTP rules that they declare.
func newREST(ctx context.Context, c Connections, logs *logs, o Options) (http.Handler, error) {
	routes := declaredRoutes()
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, answers),
		runtime.WithIncomingHeaderMatcher(func(h string) (string, bool) { k, ok := travelling[h]; return k, ok }),
		runtime.WithOutgoingHeaderMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithOutgoingTrailerMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithErrorHandler(func(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
			refuse(w, r, err, 0)
		}),
		runtime.WithStreamErrorHandler(func(ctx context.Context, err error) *status.Status { return inStream(ctx, err) }),
		runtime.WithRoutingErrorHandler(func(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, code int) {
			unrouted(w, r, routes, code)
		}),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithWriteContentLength(),
		runtime.WithMiddlewares(func(next runtime.HandlerFunc) runtime.HandlerFunc { return checked(next, routes, o) }),
	)
	err := errors.Join(
		directoryv1.RegisterDirectoryServiceHandlerClient(ctx, mux, directoryv1.NewDirectoryServiceClient(c.Directory)),
		disclosurev1.RegisterDisclosureServiceHandlerClient(ctx, mux, disclosurev1.NewDisclosureServiceClient(c.Disclosure)),
		requestv1.RegisterRequestServiceHandlerClient(ctx, mux, requestv1.NewRequestServiceClient(c.Request)),
		reportv1.RegisterReportServiceHandlerClient(ctx, mux, reportv1.NewReportServiceClient(c.Report)),
		calculatorv1.RegisterCalculatorServiceHandlerClient(ctx, mux, calculatorv1.NewCalculatorServiceClient(c.Calculator)),
		logv1.RegisterLogServiceHandlerClient(ctx, mux, logs),
	)
	if err != nil {
		return nil, fmt.Errorf("register REST handlers: %w", err)
	}
	return mux, nil
}

// unrouted answers what no route takes.
func unrouted(w http.ResponseWriter, r *http.Request, routes routes, code int) {
	switch code {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", strings.Join(routes.methods(r.URL.Path), ", "))
		refuse(w, r, errMethod, code)
	case http.StatusNotFound:
		refuse(w, r, unknownRoute(r), code)
	default:
		refuse(w, r, fault.Undecodable(errors.New("the path cannot be read")), code)
	}
}

// checked lets a request through to its generated handler if path, query and body can be read. The handler
// itself ignores query parameters that it does not know and whatever follows the body's first JSON value;
// for a clerk's script a misspelt name must be an error.
func checked(next runtime.HandlerFunc, routes routes, o Options) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		pattern, _ := runtime.HTTPPattern(r.Context())
		route, ok := routes[r.Method+" "+pattern.String()]
		if !ok {
			refuse(w, r, fmt.Errorf("no contract declares %s %s", r.Method, pattern), 0)
			return
		}
		r.Pattern = r.Method + " " + pattern.String()
		noteRoute(r)
		if err := errors.Join(checkPath(params), route.checkQuery(r)); err != nil {
			refuse(w, r, err, 0)
			return
		}
		if err := readBody(w, r, route, o.MaxBody); err != nil {
			refuse(w, r, err, 0)
			return
		}
		ctx, cancel := bounded(w, r, route, o.Timeout)
		defer cancel()
		next(w, r.WithContext(ctx), params)
	}
}

// bounded gives a call its time. A stream has all the time there is, until the server stops.
func bounded(w http.ResponseWriter, r *http.Request, route *route, timeout time.Duration) (context.Context, context.CancelFunc) {
	if !route.streaming {
		return context.WithTimeout(r.Context(), timeout)
	}
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{}) // a recorder in a test has no deadlines, and needs none
	_ = rc.SetWriteDeadline(time.Time{})
	ctx, cancel := context.WithCancel(r.Context())
	if stop, ok := r.Context().Value(stopping{}).(context.Context); ok {
		context.AfterFunc(stop, cancel)
	}
	return ctx, cancel
}

func checkPath(params map[string]string) error {
	for name, value := range params {
		if !utf8.ValidString(value) {
			return fault.Undecodable(fmt.Errorf("field %s contains invalid UTF-8", name))
		}
	}
	return nil
}

// readBody reads the whole body, within its bound, and checks that it is one JSON value in UTF-8 or empty.
func readBody(w http.ResponseWriter, r *http.Request, route *route, limit int64) error {
	body := http.MaxBytesReader(w, r.Body, limit)
	if route.body == "" {
		r.Body = body
		return nil
	}
	data, err := io.ReadAll(body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return status.Error(codes.ResourceExhausted, "the body is larger than the gateway takes")
	case err != nil:
		return fault.Undecodable(fmt.Errorf("read the body: %w", err))
	}
	if err := checkJSON(data); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	return nil
}
