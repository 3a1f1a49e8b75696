package mirror_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/server"
	"gongkai/services/directory"
	"gongkai/services/directory/mirror"

	"golang.org/x/mod/sumdb/note"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// noon is every clock: 2019-03-01 in Asia/Shanghai.
func noon() time.Time { return time.Date(2019, 3, 1, 4, 0, 0, 0, time.UTC) }

// env is where a directory serves over loopback, one after the other, and clients reach whichever does.
type env struct {
	directoryv1.DirectoryServiceClient
	feed    logv1.LogServiceClient
	t       *testing.T
	issuer  *access.Issuer
	address atomic.Value // of the directory that serves
}

func start(t *testing.T) *env {
	t.Helper()
	key, err := access.GenerateKey()
	must(t, err)
	issuer, err := access.NewIssuer(key, noon)
	must(t, err)
	e := &env{t: t, issuer: issuer}
	e.address.Store("")
	quick := backoff.Config{BaseDelay: 10 * time.Millisecond, Multiplier: 1, MaxDelay: 10 * time.Millisecond}
	conn, err := grpc.NewClient("passthrough:directory", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: quick, MinConnectTimeout: time.Second}),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", e.address.Load().(string))
		}))
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	e.DirectoryServiceClient, e.feed = directoryv1.NewDirectoryServiceClient(conn), logv1.NewLogServiceClient(conn)
	return e
}

// serve starts the directory whose store lies at a path, and returns what verifies and stops it.
func (e *env) serve(path string) (stop func()) {
	e.t.Helper()
	engine, err := bolt.Open(path)
	must(e.t, err)
	db, err := kv.Open(engine, kv.Options{})
	must(e.t, err)
	private, verifier, err := eventlog.GenerateKey("example.org/directory")
	must(e.t, err)
	signer, err := note.NewSigner(private)
	must(e.t, err)
	log := eventlog.New(db, "directory", signer, verifier)
	d, err := directory.New(db, log, noon)
	must(e.t, err)
	srv, err := server.New(server.Options{Verifier: e.issuer.Verifier(), Tree: d})
	must(e.t, err)
	directoryv1.RegisterDirectoryServiceServer(srv, d)
	logv1.RegisterLogServiceServer(srv, eventlog.NewServer(log))
	must(e.t, srv.Ready())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(e.t, err)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	e.address.Store(l.Addr().String())
	return func() {
		srv.Stop(context.Background())
		must(e.t, errors.Join(<-served, verify(db, log), db.Close()))
	}
}

// verify returns an error if the log does not verify or the store does not match it.
func verify(db *kv.DB, log *eventlog.Log) error {
	return db.View(context.Background(), func(r kv.Reader) error {
		if _, _, err := log.Verify(r); err != nil {
			return err
		}
		differences, err := directory.Check(r, log)
		for _, d := range differences {
			err = errors.Join(err, errors.New(d))
		}
		return err
	})
}

// follow begins to run a mirror, and returns what calls it off and gives its error.
func (e *env) follow(m *mirror.Tree) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- m.Run(ctx) }()
	return func() error {
		cancel()
		return <-ran
	}
}

func (e *env) store() string { return filepath.Join(e.t.TempDir(), "directory.db") }

// root is a call's context of an administrator of everything, which waits for the directory to be there.
func (e *env) root() context.Context {
	e.t.Helper()
	token, err := e.issuer.Mint(access.Identity{
		Account: "account-1", Grants: []access.Grant{{Role: access.Administrator, Organization: access.Everywhere}},
	}, time.Hour)
	must(e.t, err)
	return metadata.AppendToOutgoingContext(e.t.Context(), "authorization", "Bearer "+token)
}

// enter enters an organisation, and has it acknowledged.
func (e *env) enter(id, parent string) {
	e.t.Helper()
	if parent != "" {
		parent = "organizations/" + parent
	}
	_, err := e.CreateOrganization(e.root(), &directoryv1.CreateOrganizationRequest{
		OrganizationId: id, Organization: &directoryv1.Organization{
			Parent: parent, DisplayName: "某人民政府", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: on(2008, 5, 1),
		},
	}, grpc.WaitForReady(true))
	must(e.t, err)
}

// city enters two cities below a prefecture, and a township of the first.
func (e *env) city() {
	e.t.Helper()
	e.enter("65", "")
	e.enter("6527", "65")
	e.enter("652701", "6527")
	e.enter("652702", "6527")
	e.enter("652701201", "652701")
}

func on(y, m, d int32) *date.Date { return &date.Date{Year: y, Month: m, Day: d} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
