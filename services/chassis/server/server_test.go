package server_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/server"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
)

// A server with a method that declares nothing, or that no proto describes, does not get ready.
func TestReady(t *testing.T) {
	s, err := server.New(server.Options{})
	must(t, err)
	directoryv1.RegisterDirectoryServiceServer(s, directoryv1.UnimplementedDirectoryServiceServer{})
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "gongkai.nothing.v1.Nothing", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Do"}},
		Streams: []grpc.StreamDesc{{StreamName: "Stream", ServerStreams: true}},
	}, struct{}{})
	err = s.Ready()
	if err == nil || !strings.Contains(err.Error(), "/gongkai.nothing.v1.Nothing/Do") || !strings.Contains(err.Error(), "/gongkai.nothing.v1.Nothing/Stream") {
		t.Errorf("%v does not name the undeclared methods", err)
	}
	s.Stop(t.Context())
}

func TestHealthAndReflection(t *testing.T) {
	e := start(t)
	health := healthpb.NewHealthClient(e.conn)
	check := func(service string) healthpb.HealthCheckResponse_ServingStatus {
		h, err := health.Check(t.Context(), &healthpb.HealthCheckRequest{Service: service})
		must(t, err)
		return h.GetStatus()
	}
	for _, service := range []string{"", "gongkai.directory.v1.DirectoryService", "gongkai.log.v1.LogService"} {
		if got := check(service); got != healthpb.HealthCheckResponse_SERVING {
			t.Errorf("%q is %s", service, got)
		}
	}
	stream, err := reflectionpb.NewServerReflectionClient(e.conn).ServerReflectionInfo(t.Context())
	must(t, err)
	must(t, stream.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}}))
	answer, err := stream.Recv()
	must(t, err)
	var names []string
	for _, s := range answer.GetListServicesResponse().GetService() {
		names = append(names, s.GetName())
	}
	if !slices.Contains(names, "gongkai.directory.v1.DirectoryService") {
		t.Errorf("reflection lists %v", names)
	}
	must(t, stream.CloseSend())
	e.server.Drain(t.Context())
	if got := check(""); got != healthpb.HealthCheckResponse_NOT_SERVING {
		t.Errorf("while draining: %s", got)
	}
}

// hold makes the stub's calls wait; entered tells of each that has begun.
func (e *env) hold() (entered chan struct{}, release chan struct{}) {
	entered, release = make(chan struct{}), make(chan struct{})
	e.stub.call = func(ctx context.Context) error {
		select {
		case entered <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return entered, release
}

// While a server drains, calls in flight finish, new ones are refused, and the suite's own services, which
// those in flight may need, are let through.
func TestDrain(t *testing.T) {
	e := start(t)
	entered, release := e.hold()
	in := &directoryv1.GetOrganizationRequest{Name: town}
	first := make(chan error, 1)
	go func() {
		_, err := e.GetOrganization(context.Background(), in)
		first <- err
	}()
	<-entered
	drained := make(chan struct{})
	go func() {
		e.server.Drain(context.Background())
		close(drained)
	}()
	for refusal(probe(e)) != "Unavailable UNAVAILABLE" { // Drain has not begun yet: nobody lets the probe finish
		t.Log("let in")
	}
	own := make(chan error, 1)
	go func() {
		_, err := e.GetOrganization(e.as(access.Service, access.Everywhere), in)
		own <- err
	}()
	<-entered
	select {
	case <-drained:
		t.Error("drained with a call in flight")
	default:
	}
	close(release)
	must(t, <-first)
	must(t, <-own)
	<-drained
}

// probe is a call that gives up soon.
func probe(e *env) error {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err := e.GetOrganization(ctx, &directoryv1.GetOrganizationRequest{Name: town})
	return err
}

// Drain does not wait longer than it is told to.
func TestDrain_Late(t *testing.T) {
	e := start(t)
	entered, release := e.hold()
	done := make(chan error, 1)
	go func() {
		_, err := e.GetOrganization(context.Background(), &directoryv1.GetOrganizationRequest{Name: town})
		done <- err
	}()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e.server.Drain(ctx)
	close(release)
	must(t, <-done)
}

// A server that stops lets calls in flight finish, and ends streams so that their callers try elsewhere.
func TestStop(t *testing.T) {
	e := start(t)
	entered, release := e.hold()
	watching := make(chan struct{})
	e.stub.watch = func(out grpc.ServerStreamingServer[logv1.WatchEntriesResponse]) error {
		close(watching)
		<-out.Context().Done()
		return out.Context().Err()
	}
	stream, err := e.logs.WatchEntries(t.Context(), &logv1.WatchEntriesRequest{Parent: "logs/x"})
	must(t, err)
	<-watching
	call := make(chan error, 1)
	go func() {
		_, err := e.GetOrganization(context.Background(), &directoryv1.GetOrganizationRequest{Name: town})
		call <- err
	}()
	<-entered
	stopped := make(chan struct{})
	go func() {
		e.server.Stop(context.Background())
		close(stopped)
	}()
	if _, err := stream.Recv(); refusal(err) != "Unavailable UNAVAILABLE" {
		t.Errorf("the stream ends with %v", err)
	}
	select {
	case <-stopped:
		t.Error("stopped with a call in flight")
	default:
	}
	close(release)
	must(t, <-call)
	<-stopped
	if err := probe(e); !strings.HasPrefix(refusal(err), "Unavailable") {
		t.Errorf("a call after the stop: %v", err)
	}
}

// When its time is over, a server that stops cuts off what is left.
func TestStop_CutsOff(t *testing.T) {
	e := start(t)
	entered, _ := e.hold()
	call := make(chan error, 1)
	go func() {
		_, err := e.GetOrganization(context.Background(), &directoryv1.GetOrganizationRequest{Name: town})
		call <- err
	}()
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e.server.Stop(ctx)
	if err := <-call; err == nil {
		t.Error("the call was not cut off")
	}
}

// A listener that is handed over after the stop is closed without an error.
func TestServe_AfterStop(t *testing.T) {
	e := start(t)
	e.server.Stop(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, e.server.Serve(l))
}
