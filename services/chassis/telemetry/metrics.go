package telemetry

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/grpc/codes"
)

// durations are the upper bounds of the histograms of time, in seconds.
var durations = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// Metrics are what a process counts. It has a registry of its own. A nil Metrics counts nothing.
type Metrics struct {
	registry *prometheus.Registry

	calls        *prometheus.CounterVec
	callTime     *prometheus.HistogramVec
	callsNow     prometheus.Gauge
	requests     *prometheus.CounterVec
	requestTime  *prometheus.HistogramVec
	requestsNow  prometheus.Gauge
	routes       sync.Map // pattern → *route
	unknownCalls *Method
}

// NewMetrics makes the metrics of a process of a version.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gongkai_grpc_calls_total", Help: "gRPC calls that ended, by method and code.",
		}, []string{"method", "code"}),
		callTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongkai_grpc_call_duration_seconds", Help: "How long gRPC calls took.", Buckets: durations,
		}, []string{"method"}),
		callsNow: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "gongkai_grpc_calls_in_flight", Help: "gRPC calls under way, streams included.",
		}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gongkai_http_requests_total", Help: "HTTP requests that ended, by route and code.",
		}, []string{"route", "code"}),
		requestTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongkai_http_request_duration_seconds", Help: "How long HTTP requests took.", Buckets: durations,
		}, []string{"route"}),
		requestsNow: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "gongkai_http_requests_in_flight", Help: "HTTP requests under way, watches included.",
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "gongkai_build_info", Help: "The version, as a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.calls, m.callTime, m.callsNow, m.requests, m.requestTime, m.requestsNow, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.unknownCalls = m.Method(other)
	return m
}

// other is the label of whatever is not on the program's own list.
const other = "other"

// Method counts the calls of one gRPC method. What it needs is made once: counting allocates nothing. A nil
// Method counts nothing.
type Method struct {
	metrics *Metrics
	name    string
	took    prometheus.Observer
	ended   [codes.Unauthenticated + 1]atomic.Pointer[prometheus.Counter] // by code, made when one first ends so
	once    sync.Once                                                     // makes took: a method that is never called has no series
}

// Method returns the counts of a method that the program has.
func (m *Metrics) Method(name string) *Method {
	if m == nil {
		return nil
	}
	return &Method{metrics: m, name: name}
}

// OtherMethod returns the counts of all methods that the program does not have.
func (m *Metrics) OtherMethod() *Method {
	if m == nil {
		return nil
	}
	return m.unknownCalls
}

// CallBegins counts a call in.
func (m *Metrics) CallBegins() {
	if m != nil {
		m.callsNow.Inc()
	}
}

// CallEnds counts a call out.
func (m *Metrics) CallEnds() {
	if m != nil {
		m.callsNow.Dec()
	}
}

// Observe counts a call that ended.
func (m *Method) Observe(code codes.Code, took time.Duration) {
	if m == nil {
		return
	}
	m.once.Do(func() { m.took = m.metrics.callTime.WithLabelValues(m.name) })
	m.took.Observe(took.Seconds())
	if int(code) >= len(m.ended) {
		code = codes.Unknown
	}
	counter := m.ended[code].Load()
	if counter == nil {
		made := m.metrics.calls.WithLabelValues(m.name, code.String())
		counter = &made
		m.ended[code].Store(counter)
	}
	(*counter).Inc()
}

// route counts the requests of one HTTP route.
type route struct {
	took  prometheus.Observer
	ended sync.Map // code → prometheus.Counter
}

// RequestBegins counts an HTTP request in.
func (m *Metrics) RequestBegins() {
	if m != nil {
		m.requestsNow.Inc()
	}
}

// RequestEnds counts an HTTP request out. Pattern is that of the route, never the path; empty if there is none.
func (m *Metrics) RequestEnds(pattern string, code int, took time.Duration) {
	if m == nil {
		return
	}
	m.requestsNow.Dec()
	if pattern == "" {
		pattern = other
	}
	if code < 100 || code > 599 {
		code = 0 // nothing was answered: the caller had gone
	}
	found, ok := m.routes.Load(pattern)
	if !ok {
		found, _ = m.routes.LoadOrStore(pattern, &route{took: m.requestTime.WithLabelValues(pattern)})
	}
	r := found.(*route)
	r.took.Observe(took.Seconds())
	counter, ok := r.ended.Load(code)
	if !ok {
		counter, _ = r.ended.LoadOrStore(code, m.requests.WithLabelValues(pattern, codeText(code)))
	}
	counter.(prometheus.Counter).Inc()
}
