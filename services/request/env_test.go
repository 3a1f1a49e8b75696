package request_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/server"
	"gongkai/services/chassis/vault"
	"gongkai/services/law/workday"
	"gongkai/services/request"

	"golang.org/x/mod/sumdb/note"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	town    = "organizations/652701201"
	village = "organizations/652701201001"
	other   = "organizations/652701202"
	nowhere = "organizations/659999999"
	merged  = "organizations/652701203" // until 2018-06-30
	founded = "organizations/652701204" // from 2018-07-01
)

// organizations are those that exist, each with its first and its last day.
type organizations map[string][2]string

func (o organizations) Exists(_ context.Context, organization string, on workday.Date) (bool, error) {
	life, ok := o["organizations/"+organization]
	return ok && on.String() >= life[0] && (life[1] == "" || on.String() <= life[1]), nil
}

func (o organizations) Within(_ context.Context, organization, ancestor string) (bool, error) {
	if _, ok := o["organizations/"+organization]; !ok {
		return false, access.ErrUnknownOrganization
	}
	return strings.HasPrefix(organization, ancestor), nil
}

// env is the service on a loopback address.
type env struct {
	requestv1.RequestServiceClient
	t       testing.TB
	db      *kv.DB
	log     *eventlog.Log
	issuer  *access.Issuer
	orgs    organizations
	clock   atomic.Int64 // seconds since 1970
	vault   *vault.Vault
	days    workday.Calendar
	service *request.Server
	stop    func() // of the server
}

// newEnv starts the service on 2019-06-30. When the test ends, its log must verify and its store must fit the log.
func newEnv(t testing.TB) *env {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "request.db"))
	ok(t, err)
	db, err := kv.Open(engine, kv.Options{})
	ok(t, err)
	private, public, err := note.GenerateKey(nil, "log.example.org/request")
	ok(t, err)
	signer, err := note.NewSigner(private)
	ok(t, err)
	key, err := access.GenerateKey()
	ok(t, err)
	issuer, err := access.NewIssuer(key, time.Now)
	ok(t, err)

	e := &env{t: t, db: db, log: eventlog.New(db, "request", signer, public), issuer: issuer}
	e.today("2019-06-30")
	orgs := organizations{
		town: {"1984-01-01"}, village: {"1984-01-01"}, other: {"1984-01-01"},
		merged: {"1984-01-01", "2018-06-30"}, founded: {"2018-07-01"},
	}
	e.orgs = orgs
	content, err := vault.Generate()
	ok(t, err)
	v, err := vault.New(content)
	ok(t, err)
	e.vault = v
	e.days, err = workday.Official()
	ok(t, err)
	e.serve()
	t.Cleanup(func() {
		e.stop()
		e.verify()
		ok(t, db.Close())
	})
	return e
}

// serve runs the service on what the environment holds.
func (e *env) serve() {
	e.t.Helper()
	s, err := server.New(server.Options{Verifier: e.issuer.Verifier(), Tree: e.orgs})
	ok(e.t, err)
	service, err := request.New(request.Config{
		DB: e.db, Log: e.log, Organizations: e.orgs, Vault: e.vault, Days: e.days, Now: func() time.Time { return time.Unix(e.clock.Load(), 0) },
	})
	ok(e.t, err)
	e.service = service
	requestv1.RegisterRequestServiceServer(s, service)
	ok(e.t, s.Ready())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(e.t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	ok(e.t, err)
	e.RequestServiceClient = requestv1.NewRequestServiceClient(conn)
	e.stop = func() {
		ok(e.t, conn.Close())
		s.Stop(context.Background())
		ok(e.t, <-served)
	}
}

// restart stops the service and runs it anew, on the same store.
func (e *env) restart() {
	e.t.Helper()
	e.stop()
	e.serve()
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// today sets the service's clock to noon in Shanghai.
func (e *env) today(day string) {
	e.t.Helper()
	at, err := time.Parse(time.RFC3339, day+"T12:00:00+08:00")
	ok(e.t, err)
	e.clock.Store(at.Unix())
}

func (e *env) verify() {
	e.t.Helper()
	ok(e.t, e.db.View(context.Background(), func(r kv.Reader) error {
		if _, _, err := e.log.Verify(r); err != nil {
			return err
		}
		found, err := request.Check(r, e.log)
		for _, difference := range found {
			e.t.Error(difference)
		}
		return err
	}))
}

// as returns the context of an account with roles in an organisation.
func (e *env) as(organization string, roles ...access.Role) context.Context {
	e.t.Helper()
	who := access.Identity{Account: "acc-1"}
	for _, role := range roles {
		who.Grants = append(who.Grants, access.Grant{Role: role, Organization: strings.TrimPrefix(organization, "organizations/")})
	}
	token, err := e.issuer.Mint(who, time.Hour)
	ok(e.t, err)
	return metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token, "accept-language", "en")
}

// desk is the context of someone who handles requests of an organisation.
func (e *env) desk(organization string) context.Context { return e.as(organization, access.Clerk) }

func (e *env) size() int64 {
	e.t.Helper()
	var n int64
	ok(e.t, e.db.View(context.Background(), func(r kv.Reader) (err error) {
		n, err = e.log.Size(r)
		return err
	}))
	return n
}

// entries are the decoded entries of the log from one on, with which of them are public.
func (e *env) entries(from int64) (entries []*logv1.Entry, public []bool) {
	e.t.Helper()
	ok(e.t, e.db.View(context.Background(), func(r kv.Reader) error {
		stored, err := e.log.Entries(r, from, 1<<20)
		if err != nil {
			return err
		}
		for _, s := range stored {
			entry, err := s.Entry()
			if err != nil {
				return err
			}
			entries, public = append(entries, entry), append(public, s.Public)
		}
		return nil
	}))
	return entries, public
}

// received enters a request.
func (e *env) received(organization, on string) *requestv1.InformationRequest {
	e.t.Helper()
	q, err := e.CreateInformationRequest(e.desk(organization), &createReq{Parent: organization, InformationRequest: &requestT{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_LETTER, ReceivedOn: day(on),
	}})
	ok(e.t, err)
	return q
}

// day makes a date, nil of the empty text.
func day(s string) *date.Date {
	if s == "" {
		return nil
	}
	var d date.Date
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
		panic(err)
	}
	return &d
}

// refusal is what an error says: its code and reason, and the reasons of its fields, as
// "InvalidArgument INVALID_FIELD parent=BAD_FORMAT".
func refusal(err error) string {
	s := status.Convert(err)
	if s.Code() == codes.OK {
		return ""
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
