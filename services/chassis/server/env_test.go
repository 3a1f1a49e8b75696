package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/server"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	city    = "organizations/652701"
	town    = "organizations/652701201"
	unknown = "organizations/659999"
)

// tree is a city with its towns.
type tree struct{}

func (tree) Within(_ context.Context, organization, ancestor string) (bool, error) {
	if strings.HasPrefix(organization, "659999") {
		return false, access.ErrUnknownOrganization
	}
	return strings.HasPrefix(organization, ancestor), nil
}

// stub is a service of which a test says what it does.
type stub struct {
	directoryv1.UnimplementedDirectoryServiceServer
	logv1.UnimplementedLogServiceServer
	call  func(context.Context) error
	watch func(grpc.ServerStreamingServer[logv1.WatchEntriesResponse]) error
}

func (s *stub) answer(ctx context.Context) (*directoryv1.Organization, error) {
	if s.call != nil {
		if err := s.call(ctx); err != nil {
			return nil, err
		}
	}
	return &directoryv1.Organization{Name: city}, nil
}

func (s *stub) GetOrganization(ctx context.Context, _ *directoryv1.GetOrganizationRequest) (*directoryv1.Organization, error) {
	return s.answer(ctx)
}

func (s *stub) CorrectOrganization(ctx context.Context, _ *directoryv1.CorrectOrganizationRequest) (*directoryv1.Organization, error) {
	return s.answer(ctx)
}

func (s *stub) CreateOrganization(ctx context.Context, _ *directoryv1.CreateOrganizationRequest) (*directoryv1.Organization, error) {
	return s.answer(ctx)
}

func (s *stub) BatchCreateOrganizations(ctx context.Context, _ *directoryv1.BatchCreateOrganizationsRequest) (*directoryv1.BatchCreateOrganizationsResponse, error) {
	_, err := s.answer(ctx)
	return &directoryv1.BatchCreateOrganizationsResponse{}, err
}

func (s *stub) WatchEntries(_ *logv1.WatchEntriesRequest, out grpc.ServerStreamingServer[logv1.WatchEntriesResponse]) error {
	return s.watch(out)
}

// env is a stub that serves over loopback, with the whole chain around it.
type env struct {
	directoryv1.DirectoryServiceClient
	logs   logv1.LogServiceClient
	t      testing.TB
	stub   *stub
	server *server.Server
	conn   *grpc.ClientConn
	issuer *access.Issuer
	log    *lines
}

func start(t testing.TB) *env {
	t.Helper()
	key, err := access.GenerateKey()
	must(t, err)
	issuer, err := access.NewIssuer(key, time.Now)
	must(t, err)
	e := &env{t: t, stub: &stub{}, issuer: issuer, log: &lines{}}
	e.server, err = server.New(server.Options{Verifier: issuer.Verifier(), Tree: tree{}, Logger: slog.New(slog.NewJSONHandler(e.log, nil))})
	must(t, err)
	directoryv1.RegisterDirectoryServiceServer(e.server, e.stub)
	logv1.RegisterLogServiceServer(e.server, e.stub)
	must(t, e.server.Ready())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- e.server.Serve(l) }()
	e.conn, err = grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(t, err)
	e.DirectoryServiceClient, e.logs = directoryv1.NewDirectoryServiceClient(e.conn), logv1.NewLogServiceClient(e.conn)
	t.Cleanup(func() {
		e.server.Stop(context.Background())
		must(t, <-served)
		must(t, e.conn.Close())
	})
	return e
}

// as is the context of an account with one role.
func (e *env) as(role access.Role, organization string) context.Context {
	e.t.Helper()
	token, err := e.issuer.Mint(access.Identity{
		Account: "acc-1", Grants: []access.Grant{{Role: role, Organization: strings.TrimPrefix(organization, "organizations/")}},
	}, time.Hour)
	must(e.t, err)
	return with(e.t, "authorization", "Bearer "+token)
}

func with(t testing.TB, kv ...string) context.Context {
	return metadata.AppendToOutgoingContext(t.Context(), kv...)
}

// correction is a valid request.
func correction(name string) *directoryv1.CorrectOrganizationRequest {
	return &directoryv1.CorrectOrganizationRequest{Name: name, EffectiveOn: day(2018, 7, 1), Reason: "a"}
}

func day(y, m, d int32) *date.Date { return &date.Date{Year: y, Month: m, Day: d} }

// lines is a log as it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// of returns the lines of a call.
func (l *lines) of(t testing.TB, id string) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []map[string]any
	for line := range bytes.Lines(l.b.Bytes()) {
		var fields map[string]any
		must(t, json.Unmarshal(line, &fields))
		if fields["id"] == id {
			found = append(found, fields)
		}
	}
	return found
}

// refusal is what an error says: code, reason, and the reasons of its fields.
func refusal(err error) string {
	s := status.Convert(err)
	if s.Code() == codes.OK {
		return "OK"
	}
	parts := []string{s.Code().String()}
	var fields []string
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			parts = append(parts, d.GetReason())
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				fields = append(fields, v.GetField()+"="+v.GetReason())
			}
		}
	}
	slices.Sort(fields)
	return strings.Join(append(parts, fields...), " ")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
