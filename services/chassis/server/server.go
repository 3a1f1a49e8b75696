package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"gongkai/services/chassis/access"
	"gongkai/services/chassis/telemetry"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
)

// MaxMessage is the most bytes that a message may have: more than any valid field, so that validation can
// say which field is too long. Clients that take whole pages set it too.
const MaxMessage = 16 << 20

const (
	// mostReceived is up to where a message is read in order to refuse it in the caller's language; of a larger one
	// gRPC itself says, in English and without a reason, that it is too large.
	mostReceived = 2 * MaxMessage

	maxTime    = 60 * time.Second
	maxStreams = 1024
	// workers are goroutines that take call after call, so that their stacks need not grow for each. When all are
	// busy a call gets one of its own.
	workers = 128
)

// Options are what a server needs from outside.
type Options struct {
	// Verifier tells who a token stands for; nil: tokens are passed over, and every call is the public's.
	Verifier *access.Verifier
	// Tree tells where organisations stand; nil only without a Verifier.
	Tree access.Tree
	// Logger takes the access log and the causes of internal errors; nil discards them.
	Logger *slog.Logger
	// Metrics count the calls; nil: nothing does.
	Metrics *telemetry.Metrics
	// Tracing makes a span of each call; nil: nothing does.
	Tracing *telemetry.Tracing
}

// Server is a gRPC server with the suite's chain around every method.
type Server struct {
	grpc   *grpc.Server
	health *health.Server
	chain  *chain
	// stopping is cancelled when the server stops, so that streams that would go on for ever end.
	stopping context.Context
	stop     context.CancelFunc
}

// New makes a server; services are registered on it before Serve.
func New(o Options) (*Server, error) {
	validator, err := protovalidate.New()
	if err != nil {
		return nil, fmt.Errorf("make validator: %w", err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{health: health.NewServer()}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.chain = &chain{
		verifier: o.Verifier, tree: o.Tree, logger: o.Logger, validator: validator, stopping: s.stopping,
		methods: make(map[string]method), metrics: o.Metrics, tracing: o.Tracing,
	}
	s.grpc = grpc.NewServer(
		grpc.UnaryInterceptor(s.chain.unary), grpc.StreamInterceptor(s.chain.stream),
		grpc.UnknownServiceHandler(unknown), grpc.ForceServerCodecV2(codec{encoding.GetCodecV2(protocodec.Name)}),
		grpc.MaxRecvMsgSize(mostReceived), grpc.MaxSendMsgSize(MaxMessage), grpc.MaxConcurrentStreams(maxStreams),
		grpc.NumStreamWorkers(workers),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}),
	)
	healthpb.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
	return s, nil
}

// RegisterService registers a service of the suite; generated Register functions call it. A message that
// cannot be decoded is answered with a typed error, like any other bad input.
func (s *Server) RegisterService(desc *grpc.ServiceDesc, impl any) {
	typed := *desc
	typed.Methods = make([]grpc.MethodDesc, len(desc.Methods))
	for i, m := range desc.Methods {
		full := "/" + desc.ServiceName + "/" + m.MethodName
		typed.Methods[i] = grpc.MethodDesc{MethodName: m.MethodName, Handler: func(srv any, ctx context.Context, decode func(any) error, i grpc.UnaryServerInterceptor) (any, error) {
			return m.Handler(srv, ctx, func(in any) error {
				begin := time.Now()
				if err := receive(decode, in); err != nil { // the chain does not see such a call
					s.chain.metrics.CallBegins()
					return s.chain.finish(withID(ctx), telemetry.Span{}, full, begin, nil, err)
				}
				return nil
			}, i)
		}}
	}
	s.grpc.RegisterService(&typed, impl)
}

// Ready checks that every registered method declares what it needs, and reports the services as serving.
// It is called once, after the services are registered and before Serve. A server with an undeclared method
// must not serve.
func (s *Server) Ready() error {
	var errs []error
	for service, info := range s.grpc.GetServiceInfo() {
		if strings.HasPrefix(service, "grpc.") { // health and reflection, the chassis's own
			continue
		}
		for _, m := range info.Methods {
			full := "/" + service + "/" + m.Name
			rule, err := access.RuleOf(full)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			s.chain.methods[full] = method{rule: rule, dates: datesOf(rule.Input), counts: s.chain.metrics.Method(full[1:])}
		}
		s.health.SetServingStatus(service, healthpb.HealthCheckResponse_SERVING)
	}
	return errors.Join(errs...)
}

// SetServing reports a service, by its full name, as serving or not; "" is the server as a whole. Calls are
// answered in either case. After Drain and Stop it changes nothing.
func (s *Server) SetServing(service string, serving bool) {
	state := healthpb.HealthCheckResponse_NOT_SERVING
	if serving {
		state = healthpb.HealthCheckResponse_SERVING
	}
	s.health.SetServingStatus(service, state)
}

// Retire reports all services as not serving, for good. Calls are answered still.
func (s *Server) Retire() { s.health.Shutdown() }

// Serve answers calls from a listener until the server is stopped, in-process listeners included.
func (s *Server) Serve(l net.Listener) error {
	if err := s.grpc.Serve(l); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("serve gRPC on %s: %w", l.Addr(), err)
	}
	return nil
}

// Drain refuses new calls, except those of the suite's own services, and waits until those in flight have
// finished, or ctx ends. Streams go on.
func (s *Server) Drain(ctx context.Context) {
	s.health.Shutdown()
	done := s.chain.drain()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Stop ends streams and connections. Calls in flight may finish until ctx ends; then they are cut off.
func (s *Server) Stop(ctx context.Context) {
	s.health.Shutdown()
	s.stop()
	done := make(chan struct{})
	go func() {
		s.grpc.GracefulStop()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		s.grpc.Stop()
		<-done
	}
}
