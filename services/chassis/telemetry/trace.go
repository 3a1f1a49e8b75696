package telemetry

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"gongkai/services/chassis/kv"
)

// Traceparent is the header, in lower case, by which a call brings the trace that it is part of.
const Traceparent = "traceparent"

// Tracing makes the spans of a process and sends them away. A nil Tracing makes none.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// OTLP returns an exporter that sends spans to a collector by OTLP over gRPC, at a URL as
// http://127.0.0.1:4317; https:// secures the connection. The collector need not be there yet.
func OTLP(ctx context.Context, url string) (sdktrace.SpanExporter, error) {
	e, err := otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(url))
	if err != nil {
		return nil, fmt.Errorf("send traces to %s: %w", url, err)
	}
	return e, nil
}

// NewTracing samples a share of traces, from 0 to 1, and hands their spans to an exporter. Version is that of
// the program.
func NewTracing(exporter sdktrace.SpanExporter, share float64, version string) *Tracing {
	byID := sdktrace.TraceIDRatioBased(share)
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithSampler(sdktrace.ParentBased(byID,
			sdktrace.WithRemoteParentSampled(byID), sdktrace.WithRemoteParentNotSampled(byID))),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "gongkai"), attribute.String("service.version", version))),
	)
	return &Tracing{provider: provider, tracer: provider.Tracer("gongkai")}
}

// Shutdown sends what is left, until ctx ends.
func (t *Tracing) Shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

// ForceFlush sends the spans that have ended, and returns when that is done.
func (t *Tracing) ForceFlush(ctx context.Context) error { return t.provider.ForceFlush(ctx) }

// Span is a part of a trace; the zero Span is none.
type Span struct{ span trace.Span }

// Begin begins the span of a call. Traceparent is what the call brought; it may be empty. The context that it
// returns leads to the span.
func (t *Tracing) Begin(ctx context.Context, name, traceparent string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	if traceparent != "" {
		c := carrier(traceparent)
		ctx = propagation.TraceContext{}.Extract(ctx, &c)
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
	return ctx, Span{span}
}

// Name names the span anew, once that is known.
func (s Span) Name(name string) {
	if s.span != nil && s.span.IsRecording() {
		s.span.SetName(name)
	}
}

// End ends the span with the code of its call.
func (s Span) End(code string, failed bool) {
	if s.span == nil {
		return
	}
	if s.span.IsRecording() {
		s.span.SetAttributes(attribute.String("gongkai.code", code))
		if failed {
			s.span.SetStatus(codes.Error, "")
		}
	}
	s.span.End()
}

// Header returns the traceparent that a further call brings; empty if there is no span.
func (s Span) Header() string {
	if s.span == nil {
		return ""
	}
	c := carrier("")
	propagation.TraceContext{}.Inject(trace.ContextWithSpan(context.Background(), s.span), &c)
	return string(c)
}

// TraceID returns the id of the sampled trace that a context is part of, else "".
func TraceID(ctx context.Context) string {
	if c := trace.SpanContextFromContext(ctx); c.IsSampled() {
		return c.TraceID().String()
	}
	return ""
}

// Commits returns what notes the commits of a store as spans, see [kv.Options]; nil if t is.
func (t *Tracing) Commits(store string) func(context.Context, *kv.Commit) {
	if t == nil {
		return nil
	}
	return func(ctx context.Context, c *kv.Commit) {
		if !trace.SpanContextFromContext(ctx).IsSampled() {
			return
		}
		_, span := t.tracer.Start(ctx, "commit", trace.WithTimestamp(c.Began), trace.WithAttributes(
			attribute.String("gongkai.store", store), attribute.Int64("gongkai.commit.number", int64(c.Number)),
			attribute.Int("gongkai.commit.callers", c.Callers),
		))
		span.AddEvent("functions have run", trace.WithTimestamp(c.Ran))
		span.End(trace.WithTimestamp(c.Ended))
	}
}

// carrier is a traceparent by itself. It implements [propagation.TextMapCarrier].
type carrier string

// Get implements [propagation.TextMapCarrier].
func (c carrier) Get(key string) string {
	if key == Traceparent {
		return string(c)
	}
	return ""
}

// Set implements [propagation.TextMapCarrier].
func (c *carrier) Set(key, value string) {
	if key == Traceparent {
		*c = carrier(value)
	}
}

// Keys implements [propagation.TextMapCarrier].
func (c carrier) Keys() []string { return []string{Traceparent} }
