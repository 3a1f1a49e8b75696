package suite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/telemetry"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

const (
	// treeName is who follows the directory for the tree of organisations, in metrics and conditions.
	treeName = "tree"
	// lagBound is by how many entries a follower may be behind and not move, moving how long ago it may have
	// folded for the last time if it is further behind.
	lagBound = 1000
	moving   = 10 * time.Second
	// turn is how often the health of the services follows the conditions, and soon how long it first takes to.
	turn = time.Second
	soon = 50 * time.Millisecond
)

// source is a feed of a service, and who follows it.
type source struct{ follower, feed string }

// progress tells how far a feed is followed.
type progress interface {
	At() (size int64, moved time.Time)
}

// watch shows the metrics what to look at, and lets the health of the services follow the conditions. If the
// directory is in this process, its tree has been read when watch returns.
func (s *Suite) watch() {
	s.options.Metrics.Watch(s.sight())
	if s.server == nil {
		return
	}
	s.report(s.ctx) // not serving
	if s.runs(directoryName) {
		_ = s.tree.CatchUp(s.ctx) // if that failed, the follower says why
		s.report(s.ctx)
	}
	if s.tree == nil {
		return
	}
	s.running.Go(func() {
		for !s.tree.CaughtUp() && s.tree.CatchUp(s.ctx) != nil && pause(s.ctx, soon) {
		}
	})
	s.running.Go(func() {
		for wait := soon; pause(s.ctx, wait); wait = min(2*wait, turn) {
			if s.report(s.ctx) {
				wait = turn
			}
		}
	})
}

// pause waits, and tells whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// report sets the health of every service, and of the process as a whole, which it returns.
func (s *Suite) report(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	common := s.common()
	whole := telemetry.Ready(common)
	for _, t := range s.targets {
		serving := telemetry.Ready(append(s.own(ctx, t), common...))
		s.server.SetServing(t.Service, serving)
		whole = whole && serving
	}
	if s.tree != nil {
		s.server.SetServing(logv1.LogService_ServiceDesc.ServiceName, whole)
	}
	s.server.SetServing("", whole)
	return whole
}

// Retire reports the process as not ready from now on, since it is about to stop. It goes on to answer.
func (s *Suite) Retire() {
	s.retired.Store(true)
	if s.server != nil {
		s.server.Retire()
	}
}

// Conditions tells what must hold for the process to be ready, and whether it does: its stores are open, the
// tree of organisations has once caught up, each feed is followed, and it is not about to stop. A process
// without services needs one service elsewhere that serves.
func (s *Suite) Conditions(ctx context.Context) []telemetry.Condition {
	all := s.common()
	for _, t := range s.targets {
		all = append(all, s.own(ctx, t)...)
	}
	if len(s.targets) == 0 {
		all = append(all, s.elsewhere(ctx))
	}
	return all
}

// common are the conditions of all services.
func (s *Suite) common() []telemetry.Condition {
	running := telemetry.Condition{Name: "running", OK: true}
	switch {
	case s.retired.Load():
		running.OK, running.Detail = false, "about to stop"
	case s.ctx.Err() != nil:
		running.OK, running.Detail = false, "cannot go on; the log says why"
	}
	if s.tree == nil {
		return []telemetry.Condition{running}
	}
	tree := telemetry.Condition{Name: "tree of organisations", OK: s.tree.CaughtUp()}
	if !tree.OK {
		tree.Detail = "has not caught up with the directory"
	}
	return []telemetry.Condition{running, tree}
}

// own are the conditions of one service beside those.
func (s *Suite) own(ctx context.Context, t Target) []telemetry.Condition {
	if t.Stateless {
		return nil
	}
	store := telemetry.Condition{Name: "store " + t.Name, OK: true}
	if err := s.stores[t.Name].View(ctx, func(kv.Reader) error { return nil }); err != nil {
		store.OK, store.Detail = false, "cannot be read"
		if errors.Is(err, kv.ErrClosed) {
			store.Detail = "is closed"
		}
	}
	all := []telemetry.Condition{store}
	for _, feed := range t.Feeds {
		all = append(all, s.followedWell(ctx, source{t.Name, feed}))
	}
	return all
}

// followedWell tells whether a feed is followed: it is not far behind, or on its way. Who follows the directory must once
// have had all of it: until then it does not know some organisation. Who cannot ask the source is ready all the same: what it has folded holds, and its answers name the position that they stand on. That the source is
// away is a metric, and the source's own readiness.
func (s *Suite) followedWell(ctx context.Context, f source) telemetry.Condition {
	c := telemetry.Condition{Name: fmt.Sprintf("%s follows %s", f.follower, f.feed)}
	at, moved := s.followed[f].At()
	if moved.IsZero() {
		c.Detail = "has not begun"
		return c
	}
	size, err := s.entries(ctx, f.feed)
	if err != nil {
		c.OK, c.Detail = true, fmt.Sprintf("%s is away: answers stand on its first %d entries", f.feed, at)
		return c
	}
	lag := max(size-at, 0)
	if lag == 0 {
		s.caught.Store(f, true)
	}
	_, caught := s.caught.Load(f)
	c.OK = lag == 0 || (caught || f.feed != directoryName) && (lag <= lagBound || time.Since(moved) <= moving)
	if lag > 0 {
		c.Detail = fmt.Sprintf("%d entries behind", lag)
	}
	return c
}

// elsewhere tells whether any service answers that runs in another process.
func (s *Suite) elsewhere(ctx context.Context) telemetry.Condition {
	c := telemetry.Condition{Name: "services elsewhere"}
	var mu sync.Mutex
	var down []string
	var all sync.WaitGroup
	for service, conn := range s.remote {
		all.Go(func() {
			answer, err := healthpb.NewHealthClient(conn).Check(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(false))
			if err != nil || answer.GetStatus() != healthpb.HealthCheckResponse_SERVING {
				mu.Lock()
				defer mu.Unlock()
				down = append(down, service)
			}
		})
	}
	all.Wait()
	c.OK = len(down) < len(s.remote)
	if len(down) > 0 {
		slices.Sort(down)
		c.Detail = "not serving: " + strings.Join(down, ", ")
	}
	return c
}

// entries tells how many entries a service's log has, whether it is here or elsewhere.
func (s *Suite) entries(ctx context.Context, service string) (n int64, err error) {
	if log, here := s.logs[service]; here {
		err = s.stores[service].View(ctx, func(r kv.Reader) (err error) {
			n, err = log.Size(r)
			return err
		})
		return n, err
	}
	c, err := s.feed(service).GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/" + service})
	if err != nil {
		return 0, fmt.Errorf("ask for the size of the log of %s: %w", service, err)
	}
	return c.GetSize(), nil
}

// sight is what there is to see of the process.
func (s *Suite) sight() telemetry.Sight {
	sight := telemetry.Sight{
		Ready: func(ctx context.Context) bool { return telemetry.Ready(s.Conditions(ctx)) },
	}
	for _, t := range s.stored() {
		sight.Stores = append(sight.Stores, telemetry.Store{
			Name: t.Name, Stats: s.stores[t.Name].Stats,
			Size: func() (int64, error) {
				file, err := os.Stat(filepath.Join(s.options.Data, t.Name+".db"))
				if err != nil {
					return 0, err
				}
				return file.Size(), nil
			},
			Entries: func(ctx context.Context) (int64, error) { return s.entries(ctx, t.Name) },
		})
	}
	order := func(a, b source) int { return strings.Compare(a.follower+a.feed, b.follower+b.feed) }
	for _, f := range slices.SortedFunc(maps.Keys(s.followed), order) {
		sight.Feeds = append(sight.Feeds, telemetry.Feed{
			Follower: f.follower, Name: f.feed, Position: s.followed[f].At,
			Source: func(ctx context.Context) (int64, error) { return s.entries(ctx, f.feed) },
		})
	}
	return sight
}
