package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"

	"github.com/oklog/ulid/v2"
	"go.etcd.io/bbolt"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
)

// registrars is how many call at once.
const registrars = 64

// measureRegister registers requests with personal data, which is encrypted, over gRPC. In turns with it a loop over
// bbolt puts what the server has put into a twin of the store, as many requests a commit as there are callers.
func measureRegister(ctx context.Context, b *bench) ([]row, error) {
	base, err := b.requested(ctx, b.size(10_000, 1_000))
	if err != nil {
		return nil, err
	}
	var full turns
	for range b.rounds {
		if err := b.registerTurn(ctx, base, b.size(6_400, 1_280), &full); err != nil {
			return nil, err
		}
	}
	return []row{full.atLeast(text{
		fmt.Sprintf("request registered over gRPC, personal data encrypted, %d callers; yardstick: bare bbolt, %d a commit", registrars, registrars),
		fmt.Sprintf("经 gRPC 登记依申请公开，个人信息加密，%d 路并发；对照：裸 bbolt，每次提交 %d 条", registrars, registrars),
	}, "/s", 0.4)}, nil
}

// requested is a city's data folder with so many requests.
func (b *bench) requested(ctx context.Context, requests int) (data string, err error) {
	city, err := b.city(ctx, 0)
	if err != nil {
		return "", err
	}
	data = filepath.Join(b.folder, fmt.Sprintf("requested-%d", requests))
	if err := copied(city, data); err != nil {
		return "", err
	}
	s, err := suite.Open(suite.Options{Data: data})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close(context.WithoutCancel(ctx))) }()
	r, err := newRegistrar(ctx, data, s.Conn)
	if err != nil {
		return "", err
	}
	_, err = r.register(0, requests)
	return data, err
}

// registerTurn registers so many requests in a copy, then lets the yardstick do the same.
func (b *bench) registerTurn(ctx context.Context, base string, n int, to *turns) (err error) {
	data := filepath.Join(b.folder, "turn")
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := copied(base, data); err != nil {
		return err
	}
	before, store := filepath.Join(base, "request.db"), filepath.Join(data, "request.db")
	since, err := look(store)
	if err != nil {
		return err
	}
	took, err := b.registerAll(ctx, data, int(since.entries), n)
	if err != nil {
		return err
	}
	changes, each, err := writesSince(before, store, since, requestsIn)
	if err != nil {
		return err
	}
	if len(changes) != n {
		return fmt.Errorf("%d requests are in the log of %d", len(changes), n)
	}
	full, err := b.replayOn(before, changes, registrars)
	if err != nil {
		return err
	}
	rate := func(took time.Duration) float64 { return float64(n) / took.Seconds() }
	to.add(rate(took), rate(full))
	b.say("  %.0f/s, %d a commit; bbolt %d a commit %.0f/s", rate(took), each, registrars, rate(full))
	return nil
}

// registerAll registers through a server of its own, and returns how long that took.
func (b *bench) registerAll(ctx context.Context, data string, from, n int) (took time.Duration, err error) {
	c, err := b.serve(ctx, data)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	conns, err := c.conns(connections)
	if err != nil {
		return 0, err
	}
	defer closeAll(conns)
	r, err := newRegistrar(ctx, data, conns...)
	if err != nil {
		return 0, err
	}
	if _, err := c.serving(ctx); err != nil {
		return 0, err
	}
	if err := r.warm(); err != nil {
		return 0, err
	}
	return r.register(from, n)
}

// registrar registers as the township portals do.
type registrar struct {
	clients []requestv1.RequestServiceClient
	as      map[string]context.Context // by township
	run     string
}

func newRegistrar(ctx context.Context, data string, conns ...*grpc.ClientConn) (*registrar, error) {
	r := &registrar{run: fmt.Sprint(time.Now().UnixNano())}
	for _, conn := range conns {
		r.clients = append(r.clients, requestv1.NewRequestServiceClient(conn))
	}
	var err error
	r.as, err = signInTowns(ctx, data, access.Clerk)
	return r, err
}

// warm makes calls that change nothing: connections are made, rules compiled and tokens verified afterwards.
func (r *registrar) warm() error {
	return together(registrars, func(caller int) error {
		for i := range 20 {
			town := townCode(caller + i*registrars)
			_, err := r.clients[caller%len(r.clients)].ListInformationRequests(r.as[town], &requestv1.ListInformationRequestsRequest{Parent: "organizations/" + town, PageSize: 1})
			if err != nil {
				return fmt.Errorf("warm up: %w", err)
			}
		}
		return nil
	})
}

// register registers so many requests from one on, and returns how long that took.
func (r *registrar) register(from, n int) (time.Duration, error) {
	var next atomic.Int64
	begin := time.Now()
	err := together(registrars, func(caller int) error {
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return nil
			}
			in := request(from + i)
			in.RequestId = fmt.Sprintf("%s-%d", r.run, i)
			if _, err := r.clients[caller%len(r.clients)].CreateInformationRequest(r.as[townCode(i)], in); err != nil {
				return fmt.Errorf("register: %w", err)
			}
		}
	})
	return time.Since(begin), err
}

// request is the n-th: of one of the townships, each of somebody else, for something else.
func request(n int) *requestv1.CreateInformationRequestRequest {
	return &requestv1.CreateInformationRequestRequest{Parent: "organizations/" + townCode(n), InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_LETTER,
		ReceivedOn: &date.Date{Year: 2024, Month: 9, Day: int32(1 + n/towns%28)},
		PersonalData: &requestv1.PersonalData{
			ApplicantName: "示例甲乙", Document: requestv1.IdentityDocument_IDENTITY_DOCUMENT_IDENTITY_CARD, DocumentNumber: fmt.Sprintf("%s19900101%04d", cityCode, n),
			Contact: fmt.Sprintf("139%08d", n), Address: fmt.Sprintf("示例路%d号", n), Description: fmt.Sprintf("示例：第%d号地块的土地征收批文", n), WantedForm: "纸质，邮寄",
		},
	}}
}

// requestsIn is the [changesIn] of a store of requests that were registered.
func requestsIn(was, tx *bbolt.Tx, from int64) (changes [][]write, err error) {
	place, serials := make(map[ulid.ULID]int), make(map[string]uint64)
	err = entriesIn(tx, from, func(e *logv1.Entry, logged []write) error {
		organization, id, err := resource(e, "/informationRequests/")
		place[id] = len(changes)
		changes = append(changes, append(logged, serial("requests.serials", organization, e.GetHappenedOn().GetYear(), serials)))
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, bucket := range []string{"requests", "requests.receipt", "requests.numbers", "requests.keys", "requests.same", "requests.due"} {
		for _, w := range added(was, tx, bucket) {
			id := w.key[max(0, len(w.key)-len(ulid.ULID{})):]
			switch bucket {
			case "requests": // before a revision of 8 bytes
				id = w.key[max(0, len(w.key)-8-len(ulid.ULID{})) : len(w.key)-8]
			case "requests.numbers":
				id = w.value
			}
			i, ok := place[ulid.ULID(id)]
			if !ok {
				return nil, fmt.Errorf("key %x of %s belongs to no request", w.key, bucket)
			}
			changes[i] = append(changes[i], w)
		}
	}
	return changes, nil
}
