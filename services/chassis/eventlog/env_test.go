package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
)

// A key pair for tests, fixed so that signatures are.
const (
	privateKey  = "PRIVATE+KEY+log.example.org/request+2179ece6+AeoHOcUT276RutfMoBTMJIkv85tBrXTDLDMdvQp+4KoS"
	verifierKey = "log.example.org/request+2179ece6+AbPg0LQ7utZ5qfyiVXsBQBHqPzAKCQcoqjpBbZtVDXzQ"
)

var (
	entries = kv.Bucket{Name: "log.entries", Grows: true}
	hashes  = kv.Bucket{Name: "log.hashes", Grows: true}
)

// store opens a store in memory, and closes it when the test ends.
func store(t testing.TB) *kv.DB {
	t.Helper()
	db, err := kv.Open(kvtest.NewMemory(), kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// logOf returns the log `logs/request` in a store; it must verify when the test ends.
func logOf(t testing.TB, db *kv.DB) *eventlog.Log {
	t.Helper()
	signer, err := note.NewSigner(privateKey)
	if err != nil {
		t.Fatal(err)
	}
	l := eventlog.New(db, "request", signer, verifierKey)
	t.Cleanup(func() { verify(t, db, l) })
	return l
}

// verify returns the size and the root of a log that is sound.
func verify(t testing.TB, db *kv.DB, l *eventlog.Log) (size int64, root tlog.Hash) {
	t.Helper()
	err := db.View(context.Background(), func(r kv.Reader) (err error) {
		size, root, err = l.Verify(r)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return size, root
}

// entry is the i-th made-up entry, about an organisation.
func entry(i int, organization string) *logv1.Entry {
	return &logv1.Entry{
		Kind:       "disclosure.published",
		Resource:   fmt.Sprintf("organizations/%s/disclosures/d%d", organization, i),
		Revision:   int64(i + 1),
		HappenedOn: &date.Date{Year: 2018, Month: 6, Day: 1},
		Actor:      "a1",
		After: []*logv1.Fact{{
			Organization: "organizations/" + organization, Date: &date.Date{Year: 2018, Month: 6, Day: 1},
			Measure: "disclosures.published", Value: int64(i),
		}},
	}
}

// saltOf is a fixed salt.
func saltOf(i int) (s eventlog.Salt) {
	s[0], s[1], s[31] = byte(i), byte(i>>8), 0xaa
	return s
}

// add appends so many entries of an organisation to a log, in one transaction.
func add(t testing.TB, db *kv.DB, l *eventlog.Log, n int, organization string, public bool) {
	t.Helper()
	err := db.Update(context.Background(), func(tx kv.Tx) error {
		size, err := l.Size(tx)
		if err != nil {
			return err
		}
		for i := int(size); i < int(size)+n; i++ {
			if err := l.Append(tx, entry(i, organization), saltOf(i), public); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// erase drops the opening of an entry.
func erase(t testing.TB, db *kv.DB, l *eventlog.Log, index int64) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx kv.Tx) error { return l.Erase(tx, index) }); err != nil {
		t.Fatal(err)
	}
}

// place is where a server listens and clients dial; servers on it may come and go.
type place struct {
	mu  sync.Mutex
	lis *bufconn.Listener
}

func (p *place) dial(ctx context.Context, _ string) (net.Conn, error) {
	p.mu.Lock()
	lis := p.lis
	p.mu.Unlock()
	if lis == nil {
		return nil, errors.New("nobody listens")
	}
	return lis.DialContext(ctx)
}

// serve starts a server for logs and returns what ends it, rudely.
func (p *place) serve(t testing.TB, logs ...*eventlog.Log) (stop func()) {
	t.Helper()
	s := grpc.NewServer(grpc.UnaryInterceptor(unary), grpc.StreamInterceptor(stream))
	logv1.RegisterLogServiceServer(s, eventlog.NewServer(logs...))
	lis := bufconn.Listen(1 << 20)
	p.mu.Lock()
	p.lis = lis
	p.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- s.Serve(lis) }()
	stop = sync.OnceFunc(func() {
		p.mu.Lock()
		p.lis = nil
		p.mu.Unlock()
		s.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// client returns a client of the place.
func (p *place) client(t testing.TB, o ...grpc.DialOption) logv1.LogServiceClient {
	t.Helper()
	o = append(o, grpc.WithContextDialer(p.dial), grpc.WithTransportCredentials(insecure.NewCredentials()))
	c, err := grpc.NewClient("passthrough:bufconn", o...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return logv1.NewLogServiceClient(c)
}

// served returns a client of a server for logs.
func served(t testing.TB, logs ...*eventlog.Log) logv1.LogServiceClient {
	t.Helper()
	p := new(place)
	p.serve(t, logs...)
	return p.client(t)
}

// auditor lets a call be made by the auditor of an organisation.
func auditor(ctx context.Context, organization string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "auditor", organization)
}

// parents is a tree: each organisation with the one above it.
type parents map[string]string

func (p parents) Within(_ context.Context, organization, ancestor string) (bool, error) {
	for {
		above, ok := p[organization]
		switch {
		case !ok:
			return false, access.ErrUnknownOrganization
		case organization == ancestor:
			return true, nil
		case above == "":
			return false, nil
		}
		organization = above
	}
}

// tree has a city with two townships, and another city.
var tree = parents{"652701": "", "652701201": "652701", "652701202": "652701", "652702": ""}

func unary(ctx context.Context, in any, _ *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
	out, err := h(identified(ctx), in)
	return out, statusOf(err)
}

func stream(s any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, h grpc.StreamHandler) error {
	return statusOf(h(s, &identifiedStream{ss, identified(ss.Context())}))
}

type identifiedStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *identifiedStream) Context() context.Context { return s.ctx }

func identified(ctx context.Context) context.Context {
	var id access.Identity
	for _, organization := range metadata.ValueFromIncomingContext(ctx, "auditor") {
		id.Grants = append(id.Grants, access.Grant{Role: access.Auditor, Organization: organization})
	}
	return access.With(ctx, id, tree)
}

// statusOf stands in for the interceptor that makes statuses.
func statusOf(err error) error {
	for code, sentinel := range map[codes.Code]error{
		codes.NotFound:           eventlog.ErrNoLog,
		codes.OutOfRange:         eventlog.ErrBeyondLog,
		codes.FailedPrecondition: eventlog.ErrDiverged,
		codes.DataLoss:           eventlog.ErrCorrupt,
		codes.Unavailable:        kv.ErrClosed,
	} {
		if errors.Is(err, sentinel) {
			return status.Error(code, strings.ToValidUTF8(err.Error(), "?"))
		}
	}
	return err
}
