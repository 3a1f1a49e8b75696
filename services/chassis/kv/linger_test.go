package kv_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
)

// commitTime is how long the commits of a slow engine take.
const commitTime = 8 * time.Millisecond

// slow is an engine on a disk that is no faster.
type slow struct{ kv.Engine }

func (e slow) Begin() (kv.EngineTx, error) {
	x, err := e.Engine.Begin()
	return slowTx{x}, err
}

type slowTx struct{ kv.EngineTx }

func (x slowTx) Commit() error {
	<-time.After(commitTime) // of the bubble's time
	return x.EngineTx.Commit()
}

func slowStore(t *testing.T, o kv.Options) *kv.DB {
	return store(t, func() (kv.Engine, error) { return slow{kvtest.NewMemory()}, nil }, o)
}

// Callers that come again soon after they were answered share each commit, all of them.
func TestLinger_Again(t *testing.T) {
	const callers, turns = 32, 50
	synctest.Test(t, func(t *testing.T) {
		d := slowStore(t, kv.Options{})
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				for range turns {
					if err := d.Update(context.Background(), put("a")); err != nil {
						t.Error(err)
					}
					<-time.After(time.Millisecond)
				}
			})
		}
		all.Wait()
		if s := d.Stats(); s.Callers != callers*turns || s.Commits > turns+5 {
			t.Errorf("%d callers took %d commits in %d turns: %v", callers, s.Commits, turns, s.Sizes)
		}
	})
}

// Where callers do not come again, commits are hardly kept waiting for them.
func TestLinger_NotAgain(t *testing.T) {
	for name, pause := range map[string]time.Duration{
		"densest": 200 * time.Microsecond, "denser": time.Millisecond, "dense": 3 * time.Millisecond, "sparse": 50 * time.Millisecond,
	} {
		t.Run(name, func(t *testing.T) {
			calls := int(6 * time.Second / pause)
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var kept time.Duration
				last := uint64(0)
				d := slowStore(t, kv.Options{Committed: func(_ context.Context, c *kv.Commit) {
					mu.Lock()
					defer mu.Unlock()
					if c.Number > last {
						last, kept = c.Number, kept+c.Ran.Sub(c.Began)
					}
				}})
				var all sync.WaitGroup
				for range calls {
					all.Go(func() {
						if err := d.Update(context.Background(), put("a")); err != nil {
							t.Error(err)
						}
					})
					<-time.After(pause)
				}
				all.Wait()
				s := d.Stats()
				if s.Callers != uint64(calls) || kept > time.Duration(s.Commits)*commitTime/10 {
					t.Errorf("%d commits were kept waiting for %v", s.Commits, kept)
				}
			})
		})
	}
}

// A store that is closed does not wait for those who cannot come any more.
func TestLinger_Close(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := slowStore(t, kv.Options{})
		var all sync.WaitGroup
		call := func() {
			all.Go(func() {
				if err := d.Update(context.Background(), put("a")); err != nil {
					t.Error(err)
				}
			})
		}
		for range 10 {
			call()
		}
		all.Wait()
		call() // of ten who might come
		synctest.Wait()
		begin := time.Now()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		all.Wait()
		if took := time.Since(begin); took > commitTime {
			t.Errorf("closing took %v", took)
		}
	})
}
