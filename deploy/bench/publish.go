package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
)

// connections is how many the client has: as a few portals have them.
const connections = 4

// measurePublish publishes drafts durably over gRPC. In turns with it a loop over bbolt puts what the server has put
// into a twin of the store, as many publications a commit as the server had.
func measurePublish(ctx context.Context, b *bench) ([]row, error) {
	base, err := b.drafted(ctx, b.size(100_000, 10_000), b.size(40, 20))
	if err != nil {
		return nil, err
	}
	var rows []row
	callers := []int{64, 256}
	found := make([]publishing, len(callers))
	for range b.rounds {
		for i, n := range callers {
			if err := b.publishTurn(ctx, base, n, &found[i]); err != nil {
				return nil, err
			}
		}
	}
	for i, n := range callers {
		each := median(found[i].each)
		rows = append(rows, found[i].alike.atLeast(text{
			fmt.Sprintf("durable publish over gRPC, %d callers; yardstick: bare bbolt, as many a commit (%.0f)", n, each),
			fmt.Sprintf("经 gRPC 持久公开，%d 路并发；对照：裸 bbolt，每次提交条数相同（%.0f）", n, each),
		}, "/s", 0.5), found[i].full.atLeast(text{
			fmt.Sprintf("the same; yardstick: bare bbolt, %d a commit", n),
			fmt.Sprintf("同上；对照：裸 bbolt，每次提交 %d 条", n),
		}, "/s", 0.5))
	}
	return append(rows, measurePostgres(ctx, b)), nil
}

// publishing is what the turns of a number of callers gave.
type publishing struct {
	alike turns     // beside bbolt with as many to a commit as the server had
	full  turns     // beside bbolt with one of every caller to a commit
	each  []float64 // how many the server had to a commit
}

// drafted is a city's data folder with so many drafts in each township besides.
func (b *bench) drafted(ctx context.Context, records, each int) (data string, err error) {
	city, err := b.city(ctx, records)
	if err != nil {
		return "", err
	}
	data = filepath.Join(b.folder, "drafted")
	if _, err := os.Stat(data); err == nil {
		return data, nil // of another part of this run
	}
	if err := copied(city, data); err != nil {
		return "", err
	}
	s, err := suite.Open(suite.Options{Data: data})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close(context.WithoutCancel(ctx))) }()
	for i := range towns {
		if err := importInto(ctx, s, data, ledgerOf{town: i, from: records, rows: each}, false); err != nil {
			return "", err
		}
	}
	return data, caughtUp(ctx, s, data)
}

// publishTurn publishes the drafts of a copy, then lets the yardsticks do the same.
func (b *bench) publishTurn(ctx context.Context, base string, callers int, to *publishing) (err error) {
	data := filepath.Join(b.folder, "turn")
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := copied(base, data); err != nil {
		return err
	}
	before, store := filepath.Join(base, "disclosure.db"), filepath.Join(data, "disclosure.db")
	names, err := shuffledDrafts(store)
	if err != nil {
		return err
	}
	since, err := look(store)
	if err != nil {
		return err
	}
	took, err := b.publishAll(ctx, data, names, callers)
	if err != nil {
		return err
	}
	changes, each, err := writesSince(before, store, since, disclosuresIn)
	if err != nil {
		return err
	}
	if len(changes) != len(names) {
		return fmt.Errorf("%d publications are in the log of %d", len(changes), len(names))
	}
	alike, err := b.replayOn(before, changes, each)
	if err != nil {
		return err
	}
	full, err := b.replayOn(before, changes, callers)
	if err != nil {
		return err
	}
	rate := func(took time.Duration) float64 { return float64(len(names)) / took.Seconds() }
	to.alike.add(rate(took), rate(alike))
	to.full.add(rate(took), rate(full))
	to.each = append(to.each, float64(each))
	b.say("  %d callers: %.0f/s, %d a commit; bbolt %.0f/s, %d a commit %.0f/s", callers, rate(took), each, rate(alike), callers, rate(full))
	return nil
}

// replayOn replays changes on a twin of a store.
func (b *bench) replayOn(store string, changes [][]write, each int) (took time.Duration, err error) {
	raw := filepath.Join(b.folder, "raw.db")
	if err := copied(store, raw); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.Remove(raw)) }()
	return replay(raw, changes, each)
}

// shuffledDrafts are the names of a store's drafts, the townships' mixed.
func shuffledDrafts(store string) ([]string, error) {
	names, err := drafts(store)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names, err
}

// publishAll publishes drafts through a server of its own, and returns how long that took.
func (b *bench) publishAll(ctx context.Context, data string, names []string, callers int) (took time.Duration, err error) {
	c, err := b.serve(ctx, data)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	p, err := newPublisher(ctx, data, c)
	if err != nil {
		return 0, err
	}
	defer closeAll(p.conns)
	if _, err := c.serving(ctx); err != nil {
		return 0, err
	}
	if err := p.warm(callers); err != nil {
		return 0, err
	}
	var next atomic.Int64
	begin := time.Now()
	err = together(callers, func(caller int) error {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(names) {
				return nil
			}
			if err := p.publish(caller, names[i]); err != nil {
				return err
			}
		}
	})
	return time.Since(begin), err
}

// together runs so many callers at once, and returns the first error.
func together(callers int, call func(caller int) error) error {
	var running sync.WaitGroup
	errs := make([]error, callers)
	for i := range callers {
		running.Go(func() { errs[i] = call(i) })
	}
	running.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// publisher publishes as the township portals do.
type publisher struct {
	conns   []*grpc.ClientConn
	clients []disclosurev1.DisclosureServiceClient
	as      map[string]context.Context // by township
	run     string
}

func newPublisher(ctx context.Context, data string, c *child) (*publisher, error) {
	conns, err := c.conns(connections)
	if err != nil {
		return nil, err
	}
	p := &publisher{conns: conns, run: fmt.Sprint(time.Now().UnixNano())}
	for _, conn := range conns {
		p.clients = append(p.clients, disclosurev1.NewDisclosureServiceClient(conn))
	}
	p.as, err = signInTowns(ctx, data, access.Reviewer)
	return p, err
}

func (p *publisher) publish(caller int, name string) error {
	organization, id, _ := strings.Cut(strings.TrimPrefix(name, "organizations/"), "/disclosures/")
	_, err := p.clients[caller%len(p.clients)].PublishDisclosure(p.as[organization], &disclosurev1.PublishDisclosureRequest{
		Name: name, PublishedOn: &date.Date{Year: 2018, Month: 12, Day: 31}, RequestId: p.run + "-" + id,
	})
	if err != nil {
		return fmt.Errorf("publish %s: %w", name, err)
	}
	return nil
}

// warm makes calls that change nothing: connections are made, rules compiled and tokens verified afterwards.
func (p *publisher) warm(callers int) error {
	return together(callers, func(caller int) error {
		for i := range 20 {
			town := townCode(caller + i*callers)
			_, err := p.clients[caller%len(p.clients)].ListDisclosures(p.as[town], &disclosurev1.ListDisclosuresRequest{Parent: "organizations/" + town, PageSize: 1})
			if err != nil {
				return fmt.Errorf("warm up: %w", err)
			}
		}
		return nil
	})
}
