package directory_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/chassis/server"
	"gongkai/services/directory"

	"golang.org/x/mod/sumdb/note"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// noon is the server's clock: 2019-03-01 in Asia/Shanghai.
var noon = time.Date(2019, 3, 1, 4, 0, 0, 0, time.UTC)

// env is a directory that serves over loopback. When the test ends, its log must verify and its store must
// match its log.
type env struct {
	directoryv1.DirectoryServiceClient
	t      testing.TB
	path   string
	engine *kvtest.Faulty
	db     *kv.DB
	log    *eventlog.Log
	issuer *access.Issuer
	stop   func()
	broken bool // the test broke the store: it is not checked
}

func start(t testing.TB) *env {
	t.Helper()
	key, err := access.GenerateKey()
	must(t, err)
	issuer, err := access.NewIssuer(key, func() time.Time { return noon })
	must(t, err)
	e := &env{t: t, path: filepath.Join(t.TempDir(), "directory.db"), issuer: issuer}
	e.open()
	t.Cleanup(func() {
		if !e.broken {
			e.check()
		}
		e.stop()
	})
	return e
}

// open opens the store and serves it; it sets stop.
func (e *env) open() {
	e.t.Helper()
	engine, err := bolt.Open(e.path)
	must(e.t, err)
	e.engine = kvtest.NewFaulty(engine)
	e.db, err = kv.Open(e.engine, kv.Options{})
	must(e.t, err)
	private, verifier, err := eventlog.GenerateKey("example.org/directory")
	must(e.t, err)
	signer, err := note.NewSigner(private)
	must(e.t, err)
	e.log = eventlog.New(e.db, "directory", signer, verifier)
	d, err := directory.New(e.db, e.log, func() time.Time { return noon })
	must(e.t, err)
	srv, err := server.New(server.Options{Verifier: e.issuer.Verifier(), Tree: d})
	must(e.t, err)
	directoryv1.RegisterDirectoryServiceServer(srv, d)
	logv1.RegisterLogServiceServer(srv, eventlog.NewServer(e.log))
	must(e.t, srv.Ready())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(e.t, err)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20)))
	must(e.t, err)
	e.DirectoryServiceClient = directoryv1.NewDirectoryServiceClient(conn)
	e.stop = func() {
		if err := errors.Join(conn.Close(), stopped(srv, served), e.db.Close()); err != nil {
			e.t.Error(err)
		}
	}
}

func stopped(srv *server.Server, served chan error) error {
	srv.Stop(context.Background())
	return <-served
}

// check verifies the log, and compares the store with it.
func (e *env) check() {
	e.t.Helper()
	must(e.t, e.db.View(context.Background(), func(r kv.Reader) error {
		_, _, err := e.log.Verify(r)
		return err
	}))
	for _, d := range e.differences() {
		e.t.Error(d)
	}
}

// differences are what the store and its log differ in.
func (e *env) differences() (differences []string) {
	e.t.Helper()
	must(e.t, e.db.View(context.Background(), func(r kv.Reader) (err error) {
		differences, err = directory.Check(r, e.log)
		return err
	}))
	return differences
}

// entries are the log's entries from a position on.
func (e *env) entries(from int64) []*logv1.Entry {
	e.t.Helper()
	var all []*logv1.Entry
	err := e.db.View(context.Background(), func(r kv.Reader) error {
		stored, err := e.log.Entries(r, from, 10000)
		for _, s := range stored {
			if !s.Public {
				e.t.Errorf("entry %d is not public", s.Index)
			}
			entry, err := s.Entry()
			if err != nil {
				return err
			}
			all = append(all, entry)
		}
		return err
	})
	must(e.t, err)
	return all
}

func (e *env) size() int64 { return int64(len(e.entries(0))) }

// as is a call's context of an account with one role.
func (e *env) as(role access.Role, organization string) context.Context {
	e.t.Helper()
	token, err := e.issuer.Mint(access.Identity{
		Account: "account-1", Grants: []access.Grant{{Role: role, Organization: organization}},
	}, time.Hour)
	must(e.t, err)
	return metadata.AppendToOutgoingContext(e.t.Context(), "authorization", "Bearer "+token)
}

// root is a call's context of an administrator of everything.
func (e *env) root() context.Context { return e.as(access.Administrator, access.Everywhere) }

// city enters a province, a prefecture, two cities and a township of the first.
func (e *env) city() {
	e.t.Helper()
	_, err := e.BatchCreateOrganizations(e.root(), batch(
		government("65", "", "新疆维吾尔自治区人民政府"),
		government("6527", "65", "博尔塔拉蒙古自治州人民政府"),
		government("652701", "6527", "博乐市人民政府"),
		government("652702", "6527", "阿拉山口市人民政府"),
		government("652701201", "652701", "贝林哈日莫墩乡人民政府"),
	))
	must(e.t, err)
}

func government(id, parent, name string) *directoryv1.CreateOrganizationRequest {
	o := &directoryv1.Organization{DisplayName: name, Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: on(2008, 5, 1)}
	if parent != "" {
		o.Parent = "organizations/" + parent
	}
	return &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: o}
}

func village(id, parent, name string) *directoryv1.CreateOrganizationRequest {
	in := government(id, parent, name)
	in.Organization.Kind = directoryv1.Kind_KIND_VILLAGERS_COMMITTEE
	in.Organization.OwesReport, in.Organization.NoReportReason = false, "村委会不是行政机关"
	return in
}

func batch(all ...*directoryv1.CreateOrganizationRequest) *directoryv1.BatchCreateOrganizationsRequest {
	return &directoryv1.BatchCreateOrganizationsRequest{Requests: all}
}

func on(y, m, d int32) *date.Date { return &date.Date{Year: y, Month: m, Day: d} }

// under is a version of the township from a date on, below a parent.
func under(parent string, from *date.Date) *directoryv1.OrganizationVersion {
	return &directoryv1.OrganizationVersion{
		EffectiveOn: from, Parent: "organizations/" + parent, DisplayName: "贝林哈日莫墩乡人民政府",
		Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true,
	}
}

func names(all []*directoryv1.Organization) []string {
	var out []string
	for _, o := range all {
		out = append(out, o.GetName()[len("organizations/"):])
	}
	return out
}

// refused checks that an error has a code, a reason, and a violation of exactly these fields.
func refused(t testing.TB, err error, code codes.Code, reason string, fields ...string) {
	t.Helper()
	s := status.Convert(err)
	var gotReason string
	var gotFields []string
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			if d.GetDomain() != fault.Domain {
				t.Errorf("domain %q", d.GetDomain())
			}
			gotReason = d.GetReason()
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				gotFields = append(gotFields, v.GetField())
			}
		}
	}
	if s.Code() != code || gotReason != reason || !slices.Equal(gotFields, fields) {
		t.Errorf("got %v %s %v (%s), want %v %s %v", s.Code(), gotReason, gotFields, s.Message(), code, reason, fields)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
