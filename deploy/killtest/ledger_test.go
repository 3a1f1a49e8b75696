package killtest

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// resource is what every writing call answers with.
type resource interface {
	GetName() string
	GetEtag() string
}

// step is one call that changes a resource and adds one entry to a log.
type step struct {
	service  string // whose log it is
	name     string // of the resource; empty until its creation is acknowledged
	revision int    // that it leads to: that of the resource, counted from 1
	call     func(context.Context, *doors) (resource, error)
}

// ledger is what has been acknowledged.
type ledger struct {
	mu        sync.Mutex
	revisions map[string]int // by name: the latest one
	entries   map[string]int // by service: how many its log must have at least
	fresh     map[string]bool
	steps     int
	doubtful  int
}

func newLedger() *ledger {
	return &ledger{revisions: map[string]int{}, entries: map[string]int{}, fresh: map[string]bool{}}
}

// acknowledge enters an answer, which must be what the step leads to.
func (l *ledger) acknowledge(s *step, answer resource) error {
	if got, want := answer.GetEtag(), fmt.Sprint(s.revision); got != want {
		return fmt.Errorf("%s has the revision %s, want %s", answer.GetName(), got, want)
	}
	if s.name != "" && answer.GetName() != s.name {
		return fmt.Errorf("a change of %s was answered with %s", s.name, answer.GetName())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s.name = answer.GetName()
	if known := l.revisions[s.name]; known != s.revision-1 {
		return fmt.Errorf("%s was at revision %d before it came to %d", s.name, known, s.revision)
	}
	l.revisions[s.name] = s.revision
	l.entries[s.service]++
	l.fresh[s.name] = true
	l.steps++
	return nil
}

// takeFresh returns the names that were changed since it was last called, with their revisions.
func (l *ledger) takeFresh() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := map[string]int{}
	for name := range l.fresh {
		fresh[name] = l.revisions[name]
	}
	clear(l.fresh)
	return fresh
}

// worker does the steps of a script, one after the other. A step that was not answered stays pending.
type worker struct {
	ledger  *ledger
	next    func() (*step, bool)
	stop    func()
	pending *step
	most    int // steps of a load; 0 means no bound
}

func newWorker(l *ledger, most int, script iter.Seq[*step]) *worker {
	w := &worker{ledger: l, most: most}
	w.next, w.stop = iter.Pull(script)
	return w
}

// load does steps until one is not answered. A refusal is an error.
func (w *worker) load(ctx context.Context, d *doors) error {
	for done := 0; ctx.Err() == nil && (w.most == 0 || done < w.most); done++ {
		s, ok := w.next()
		if !ok {
			return nil
		}
		answer, err := call(ctx, d, s)
		switch {
		case status.Code(err) == codes.Unavailable:
			w.pending = s
			return nil
		case err != nil:
			return fmt.Errorf("step to revision %d of %q: %w", s.revision, s.name, err)
		}
		if err := w.ledger.acknowledge(s, answer); err != nil {
			return err
		}
	}
	return nil
}

// settle repeats the pending step with the same request_id, twice: both must give the same.
func (w *worker) settle(ctx context.Context, d *doors) error {
	s := w.pending
	if s == nil {
		return nil
	}
	answer, err := call(ctx, d, s)
	if err != nil {
		return fmt.Errorf("repeat the step to revision %d of %q: %w", s.revision, s.name, err)
	}
	if err := w.ledger.acknowledge(s, answer); err != nil {
		return fmt.Errorf("repeat a step: %w", err)
	}
	w.ledger.doubtful++
	w.pending = nil
	again, err := call(ctx, d, s)
	if err != nil {
		return fmt.Errorf("repeat the step to revision %d of %q once more: %w", s.revision, s.name, err)
	}
	if again.GetName() != answer.GetName() || again.GetEtag() != answer.GetEtag() {
		return fmt.Errorf("repeated once more, a step gave %s at %s after %s at %s", again.GetName(), again.GetEtag(), answer.GetName(), answer.GetEtag())
	}
	return nil
}

func call(ctx context.Context, d *doors, s *step) (resource, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return s.call(ctx, d)
}
