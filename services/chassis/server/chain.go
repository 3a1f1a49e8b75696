package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/telemetry"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// chain is the one interceptor chain. Its fields do not change once the server serves, but for those
// that mu guards.
type chain struct {
	verifier  *access.Verifier
	tree      access.Tree
	logger    *slog.Logger
	validator protovalidate.Validator
	stopping  context.Context
	methods   map[string]method // by full name
	metrics   *telemetry.Metrics
	tracing   *telemetry.Tracing

	mu       sync.Mutex
	draining bool
	inFlight sync.WaitGroup // calls of callers from outside; none is added while draining
}

// method is what the chain knows of a method.
type method struct {
	rule   access.Rule
	dates  dates // where its request holds dates
	counts *telemetry.Method
}

// enter counts a call in, unless the server is draining. The suite's own services are let through without
// being counted: calls in flight may need theirs.
func (c *chain) enter(ctx context.Context) (leave func(), err error) {
	for _, g := range access.From(ctx).Grants {
		if g.Role == access.Service {
			return func() {}, nil
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.draining {
		return nil, fault.Busy(errors.New("the server is stopping"))
	}
	c.inFlight.Add(1)
	return c.inFlight.Done, nil
}

// drain refuses further calls; the channel closes when those in flight have finished.
func (c *chain) drain() <-chan struct{} {
	c.mu.Lock()
	c.draining = true
	c.mu.Unlock()
	done := make(chan struct{})
	go func() {
		c.inFlight.Wait()
		close(done)
	}()
	return done
}

type idKey struct{}

// unary wraps a call: id, log, recovery, status, deadline, identity, validation, permission.
func (c *chain) unary(ctx context.Context, in any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (out any, err error) {
	begin := time.Now()
	c.metrics.CallBegins()
	ctx, span := c.span(withID(ctx), info.FullMethod)
	defer func() {
		err = c.finish(ctx, span, info.FullMethod, begin, recover(), err)
	}()
	if strings.HasPrefix(info.FullMethod, "/grpc.") {
		return handle(ctx, in)
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	ctx, err = c.identify(ctx)
	if err != nil {
		return nil, err
	}
	leave, err := c.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, err = c.admit(ctx, info.FullMethod, in.(proto.Message))
	if err != nil {
		return nil, err
	}
	return handle(ctx, in)
}

// stream wraps a stream the same way; its request is admitted when it is received.
func (c *chain) stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) (err error) {
	begin := time.Now()
	c.metrics.CallBegins()
	ctx, span := c.span(withID(ss.Context()), info.FullMethod)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.stopping, cancel)()
	defer func() {
		if c.stopping.Err() != nil && errors.Is(err, context.Canceled) {
			err = fault.Busy(err)
		}
		err = c.finish(ctx, span, info.FullMethod, begin, recover(), err)
	}()
	if strings.HasPrefix(info.FullMethod, "/grpc.") {
		return handle(srv, &endingStream{ss, ctx})
	}
	ctx, err = c.identify(ctx)
	if err != nil {
		return err
	}
	return handle(srv, &admittedStream{ServerStream: ss, chain: c, method: info.FullMethod, ctx: ctx})
}

// endingStream is a stream with a context of its own: whoever watches the health of a server is let go when it stops.
type endingStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *endingStream) Context() context.Context { return s.ctx }

// admittedStream admits the requests of a stream as they are received.
type admittedStream struct {
	grpc.ServerStream
	chain  *chain
	method string
	ctx    context.Context
}

func (s *admittedStream) Context() context.Context { return s.ctx }

func (s *admittedStream) RecvMsg(m any) error {
	if err := receive(s.ServerStream.RecvMsg, m); err != nil {
		return err
	}
	ctx, err := s.chain.admit(s.ctx, s.method, m.(proto.Message))
	if err != nil {
		return err
	}
	s.ctx = ctx
	return nil
}

// unknown answers a method that does not exist; the chain around it makes that a typed error.
func unknown(any, grpc.ServerStream) error {
	return status.Error(codes.Unimplemented, "unknown method")
}

// idHeader carries a call's id, in the request if the caller gives one, and in the answer.
const idHeader = "x-request-id"

// withID gives the call the id that it brings, or a new one, and tells the caller.
func withID(ctx context.Context) context.Context {
	id := ""
	if v := metadata.ValueFromIncomingContext(ctx, idHeader); len(v) > 0 {
		id = clean(v[0])
	}
	if id == "" {
		id = rand.Text()
	}
	_ = grpc.SetHeader(ctx, metadata.Pairs(idHeader, id)) // it errs where nobody would read it
	return context.WithValue(ctx, idKey{}, id)
}

// clean keeps of a foreign id what may stand in a log line.
func clean(id string) string {
	id = id[:min(len(id), 64)]
	for _, r := range id {
		if r != '-' && r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return ""
		}
	}
	return id
}

// identify reads the token. No token is the public; a token that does not hold is refused, so that
// nobody takes its public view for the whole.
func (c *chain) identify(ctx context.Context) (context.Context, error) {
	v := metadata.ValueFromIncomingContext(ctx, "authorization")
	if c.verifier == nil || len(v) == 0 || v[0] == "" {
		return access.With(ctx, access.Identity{}, c.tree), nil
	}
	scheme, token, ok := strings.Cut(v[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ctx, fault.Unauthenticated(errors.New("authorization is no bearer token"))
	}
	identity, err := c.verifier.Verify(token)
	if err != nil {
		return ctx, fault.Unauthenticated(err)
	}
	return access.With(ctx, identity, c.tree), nil
}

// admit validates a request and checks the permission that its method declares.
func (c *chain) admit(ctx context.Context, fullMethod string, in proto.Message) (context.Context, error) {
	m, ok := c.methods[fullMethod]
	if !ok {
		return ctx, fmt.Errorf("method %s was never declared ready", fullMethod)
	}
	rule := m.rule
	public := rule.Permission == apiv1.Permission_PERMISSION_PUBLIC
	if !public && access.From(ctx).Account == "" {
		return ctx, fault.Unauthenticated(errors.New("no token"))
	}
	if err := validate(c.validator, in, m.dates); err != nil {
		return ctx, err
	}
	organization, named := rule.Organization(in)
	if public || !named {
		return ctx, nil
	}
	ctx, allowed, err := access.Authorize(ctx, rule.Permission, organization)
	switch {
	case errors.Is(err, access.ErrUnknownOrganization):
		return ctx, fault.NotFound("organizations/" + organization)
	case err != nil:
		return ctx, err
	case !allowed:
		return ctx, fault.Denied(rule.Permission, organization)
	}
	return ctx, nil
}

// span begins the span of a call.
func (c *chain) span(ctx context.Context, method string) (context.Context, telemetry.Span) {
	if c.tracing == nil {
		return ctx, telemetry.Span{}
	}
	if _, known := c.methods[method]; !known {
		return ctx, telemetry.Span{} // health, reflection, and what a caller made up
	}
	parent := ""
	if v := metadata.ValueFromIncomingContext(ctx, telemetry.Traceparent); len(v) > 0 {
		parent = v[0]
	}
	return c.tracing.Begin(ctx, method[1:], parent)
}

// count counts a call that ended.
func (c *chain) count(method string, code codes.Code, took time.Duration) {
	if c.metrics == nil {
		return
	}
	c.metrics.CallEnds()
	counts := c.metrics.OtherMethod()
	if m, known := c.methods[method]; known {
		counts = m.counts
	}
	counts.Observe(code, took)
}

// finish makes the call's status, counts the call and logs it.
func (c *chain) finish(ctx context.Context, span telemetry.Span, method string, begin time.Time, panicked any, err error) error {
	if panicked != nil {
		err = fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
	}
	if err != nil {
		err = c.status(ctx, err)
	}
	code, took := status.Code(err), time.Since(begin)
	c.count(method, code, took)
	span.End(code.String(), broken(code))
	if !c.logger.Enabled(ctx, slog.LevelInfo) {
		return err
	}
	line := [6]slog.Attr{
		slog.String("id", ID(ctx)), slog.String("method", c.named(method)), slog.String("code", code.String()),
		slog.Duration("took", took), slog.String("account", access.From(ctx).Account),
	}
	n := 5
	if id := telemetry.TraceID(ctx); id != "" {
		line[n], n = slog.String("trace", id), n+1
	}
	c.logger.LogAttrs(ctx, slog.LevelInfo, "call", line[:n]...)
	return err
}

// named is what the log calls a method: one that there is not has a name that its caller made up, of any length.
func (c *chain) named(method string) string {
	switch _, known := c.methods[method]; {
	case known, method == healthpb.Health_Check_FullMethodName, method == healthpb.Health_Watch_FullMethodName,
		method == "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", method == "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo":
		return method
	}
	return "unknown"
}

// broken tells whether a code means that the server failed, not the caller.
func broken(code codes.Code) bool {
	switch code {
	case codes.Unknown, codes.DeadlineExceeded, codes.Unimplemented, codes.Internal, codes.Unavailable, codes.DataLoss:
		return true
	}
	return false
}

// status makes the status of an error, and logs the cause of one that is not ours, or that the operator has to do something about,
// under the call's id.
func (c *chain) status(ctx context.Context, err error) error {
	s, own := fault.Status(err, fault.LanguageOf(ctx), ID(ctx))
	if !own || fault.Full(err) {
		c.logger.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("id", ID(ctx)), slog.String("cause", err.Error()))
	}
	return s.Err()
}

// ID returns the id of a call, under which the logs have it.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(idKey{}).(string)
	return id
}
