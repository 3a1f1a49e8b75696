package disclosure_test

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

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/server"
	"gongkai/services/disclosure"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"

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
	town     = "organizations/652701201"
	village  = "organizations/652701201001"
	other    = "organizations/652701202"
	nowhere  = "organizations/659999999"
	merged   = "organizations/652701203" // until 2018-06-30
	founded  = "organizations/652701204" // from 2018-07-01
	document = "government_document"
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
	disclosurev1.DisclosureServiceClient
	t      testing.TB
	conn   *grpc.ClientConn
	db     *kv.DB
	log    *eventlog.Log
	issuer *access.Issuer
	clock  atomic.Int64 // seconds since 1970
}

// newEnv starts the service on 2018-12-31. When the test ends, its log must verify and its store must fit the log.
func newEnv(t testing.TB) *env {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "disclosure.db"))
	ok(t, err)
	db, err := kv.Open(engine, kv.Options{})
	ok(t, err)
	private, public, err := note.GenerateKey(nil, "log.example.org/disclosure")
	ok(t, err)
	signer, err := note.NewSigner(private)
	ok(t, err)
	key, err := access.GenerateKey()
	ok(t, err)
	issuer, err := access.NewIssuer(key, time.Now)
	ok(t, err)
	forms, err := form.Embedded()
	ok(t, err)

	e := &env{t: t, db: db, log: eventlog.New(db, "disclosure", signer, public), issuer: issuer}
	e.today("2018-12-31")
	orgs := organizations{
		town: {"1984-01-01"}, village: {"1984-01-01"}, other: {"1984-01-01"},
		merged: {"1984-01-01", "2018-06-30"}, founded: {"2018-07-01"},
	}
	s, err := server.New(server.Options{Verifier: issuer.Verifier(), Tree: orgs})
	ok(t, err)
	disclosurev1.RegisterDisclosureServiceServer(s, disclosure.New(db, e.log, forms, orgs, func() time.Time { return time.Unix(e.clock.Load(), 0) }))
	ok(t, s.Ready())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	ok(t, err)
	e.conn = conn
	e.DisclosureServiceClient = disclosurev1.NewDisclosureServiceClient(conn)
	t.Cleanup(func() {
		ok(t, conn.Close())
		s.Stop(context.Background())
		ok(t, <-served)
		e.verify()
		ok(t, db.Close())
	})
	return e
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
		found, err := disclosure.Check(r, e.log)
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

// desk is the context of someone who records, publishes and reads in an organisation.
func (e *env) desk(organization string) context.Context {
	return e.as(organization, access.Clerk, access.Reviewer)
}

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

// draft creates a draft as the organisation's desk.
func (e *env) draft(organization, title, category string) *disclosurev1.Disclosure {
	e.t.Helper()
	d, err := e.CreateDisclosure(e.desk(organization), &disclosurev1.CreateDisclosureRequest{
		Parent: organization, Disclosure: &disclosurev1.Disclosure{Title: title, Category: category},
	})
	ok(e.t, err)
	return d
}

// published creates and publishes a record.
func (e *env) published(organization, title, category, on string) *disclosurev1.Disclosure {
	e.t.Helper()
	d, err := e.PublishDisclosure(e.desk(organization), &disclosurev1.PublishDisclosureRequest{
		Name: e.draft(organization, title, category).GetName(), PublishedOn: day(on),
	})
	ok(e.t, err)
	return d
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
// "InvalidArgument INVALID_FIELD disclosure.title=REQUIRED".
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
