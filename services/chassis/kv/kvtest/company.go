package kvtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"gongkai/services/chassis/kv"
)

// together is how many callers share a commit in the tests of company.
const together = 64

var counts = kv.Bucket{Name: "counts"}

// add adds n to a counter; an absent one is 0.
func add(x kv.Tx, key string, n uint64) error {
	v, err := count(x, key)
	if err != nil {
		return err
	}
	return x.Put(counts, []byte(key), binary.BigEndian.AppendUint64(nil, v+n))
}

func count(r kv.Reader, key string) (uint64, error) {
	v, err := r.Get(counts, []byte(key))
	if err != nil || v == nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(v), nil
}

// caller is one caller of Update in the company of others.
type caller struct {
	f      func(kv.Tx) error
	ctx    context.Context
	cancel context.CancelFunc

	runs   int  // of f
	ended  bool // Update returned, or its goroutine ended
	exited bool // its goroutine ended
	err    error
}

// good returns a caller who counts up a key of its own, and one that all share.
func good(key string) *caller {
	return &caller{f: func(x kv.Tx) error { return errors.Join(add(x, key, 1), add(x, "total", 1)) }}
}

// spoil writes what must not be kept: a key of its own, and over, under and beside those of others.
func spoil(x kv.Tx) error {
	return errors.Join(
		add(x, "total", 1000), add(x, "total", 1000), x.Delete(counts, []byte("total")), add(x, "total", 7),
		add(x, "bad", 1), x.Delete(counts, []byte("good 00")), add(x, "good 63", 5), x.Put(things, []byte("bad"), nil),
	)
}

// failure is a way in which one caller fails, and what it must get.
type failure struct {
	name string
	make func() *caller
	want func(c *caller) error
	// kept says that what it wrote counts if its error is nil.
	kept bool
}

func failures() []failure {
	ends := func(before func(kv.Tx) error, end func() error) func() *caller {
		return func() *caller {
			return &caller{f: func(x kv.Tx) error {
				if err := before(x); err != nil {
					return err
				}
				return end()
			}}
		}
	}
	reads := func(x kv.Tx) error { _, err := count(x, "total"); return err }
	errs := func() error { return errWanted }
	panics := func() error { panic(errWanted) }
	exits := func() error { runtime.Goexit(); return nil }
	return []failure{
		{name: "ErrsBeforeWriting", make: ends(reads, errs), want: wantError},
		{name: "ErrsAfterWriting", make: ends(spoil, errs), want: wantError},
		{name: "PanicsBeforeWriting", make: ends(reads, panics), want: wantPanic},
		{name: "PanicsAfterWriting", make: ends(spoil, panics), want: wantPanic},
		{name: "ExitsBeforeWriting", make: ends(reads, exits), want: wantExit},
		{name: "ExitsAfterWriting", make: ends(spoil, exits), want: wantExit},
		{name: "ErrsOnce", make: errsOnce, want: wantSecondRun, kept: true},
		{name: "CancelledInTheQueue", make: func() *caller { return &caller{f: spoil} }, want: wantCancelled},
		{name: "CancelledDuringTheCommit", make: func() *caller { return good("bad") }, want: wantNothing, kept: true},
	}
}

// errsOnce returns a caller whose first run fails after writing.
func errsOnce() *caller {
	first := true
	return &caller{f: func(x kv.Tx) error {
		if first {
			first = false
			return errors.Join(spoil(x), errWanted)
		}
		return good("bad").f(x)
	}}
}

func wantError(c *caller) error {
	if c.exited || !errors.Is(c.err, errWanted) {
		return fmt.Errorf("got %v, exited %t", c.err, c.exited)
	}
	return nil
}

func wantPanic(c *caller) error {
	var p *kv.PanicError
	if !errors.As(c.err, &p) || len(p.Stack) == 0 {
		return fmt.Errorf("got %v, not a panic", c.err)
	}
	return wantError(c)
}

func wantExit(c *caller) error {
	if !c.exited || c.runs != 1 {
		return fmt.Errorf("got %v, exited %t, ran %d times", c.err, c.exited, c.runs)
	}
	return nil
}

func wantCancelled(c *caller) error {
	if !errors.Is(c.err, context.Canceled) || c.runs != 0 {
		return fmt.Errorf("got %v, ran %d times", c.err, c.runs)
	}
	return nil
}

func wantNothing(c *caller) error {
	if !c.ended || c.exited || c.err != nil {
		return fmt.Errorf("got %v, ended %t, exited %t", c.err, c.ended, c.exited)
	}
	return nil
}

// wantSecondRun wants success from the second run; but who is alone in the first gets its answer at once.
func wantSecondRun(c *caller) error {
	if c.runs == 1 {
		return wantError(c)
	}
	return wantNothing(c)
}

// stage is a store whose commits wait for the test. It lives in a synctest bubble.
type stage struct {
	engine        *Faulty
	db            *kv.DB
	step, release func()
}

// newStage opens a store and holds its next commit, so that those who come now gather.
func newStage(t *testing.T, open Open, o kv.Options) *stage {
	e, err := open()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{engine: NewFaulty(e)}
	s.db = store(t, s.engine, o)
	s.step, s.release = s.engine.Hold()
	s.enter(good("first"))
	return s
}

// enter lets callers come, in order, and returns when all of them wait.
func (s *stage) enter(callers ...*caller) {
	for _, c := range callers {
		c.ctx, c.cancel = context.WithCancel(context.Background())
		go func() {
			returned := false
			defer func() { c.ended, c.exited = true, !returned }()
			c.err = s.db.Update(c.ctx, func(x kv.Tx) error {
				c.runs++
				return c.f(x)
			})
			returned = true
		}()
		synctest.Wait()
	}
}

// play lets the first commit pass, then all others, and returns when nothing moves any more. Between the
// two, the callers who have gathered have run, and their commit has begun.
func (s *stage) play(between func()) {
	s.step()
	synctest.Wait()
	between()
	s.release()
	synctest.Wait()
}

// outcome returns an error unless each caller ended as it must, and the store holds what the good ones did.
func (s *stage) outcome(callers []*caller, bad map[int]failure) error {
	var errs []error
	total := uint64(1)
	for i, c := range callers {
		c.cancel()
		f, isBad := bad[i]
		if !isBad {
			f = failure{name: "good", want: wantNothing, kept: true}
		}
		if err := f.want(c); err != nil {
			errs = append(errs, fmt.Errorf("caller %d (%s): %w", i, f.name, err))
		}
		if f.kept && c.err == nil {
			total++
		}
	}
	want := map[string]uint64{"first": 1, "total": total, "bad": total - 1 - uint64(len(callers)-len(bad))}
	for i := range callers {
		want[name(i)] = 1
		if _, isBad := bad[i]; isBad {
			want[name(i)] = 0
		}
	}
	return errors.Join(append(errs, s.holds(want))...)
}

func name(i int) string { return fmt.Sprintf("good %02d", i) }

// holds returns an error unless the counters have these values and nothing spoilt is left.
func (s *stage) holds(want map[string]uint64) error {
	return s.db.View(context.Background(), func(r kv.Reader) error {
		var errs []error
		for key, n := range want {
			if got, err := count(r, key); err != nil || got != n {
				errs = append(errs, fmt.Errorf("%s is %d, want %d (%v)", key, got, n, err))
			}
		}
		if left, err := keys(r, things, kv.Range{}); err != nil || left != "" {
			errs = append(errs, fmt.Errorf("left over: %q (%v)", left, err))
		}
		return errors.Join(errs...)
	})
}

// company has one caller fail beside 63 good ones, in each way and at each end of the queue.
func company(t *testing.T, place Place) {
	for _, f := range failures() {
		for _, at := range []int{0, together / 2, together - 1} {
			t.Run(fmt.Sprintf("%s/%d", f.name, at), func(t *testing.T) {
				open := place(t)
				synctest.Test(t, func(t *testing.T) { oneFails(t, open, f, at) })
			})
		}
	}
}

func oneFails(t *testing.T, open Open, f failure, at int) {
	s := newStage(t, open, kv.Options{})
	callers := cast(map[int]failure{at: f})
	s.enter(callers...)
	if f.name == "CancelledInTheQueue" {
		callers[at].cancel()
		synctest.Wait()
		if !callers[at].ended {
			t.Error("the caller waits though its context has ended")
		}
	}
	before := s.db.Stats()
	s.play(func() {
		if f.name == "CancelledDuringTheCommit" {
			callers[at].cancel()
			synctest.Wait()
			if callers[at].ended {
				t.Error("the caller was answered before the commit ended")
			}
		}
	})
	if err := s.outcome(callers, map[int]failure{at: f}); err != nil {
		t.Error(err)
	}
	// The first caller's commit, the group's, and that of a caller who fails in company and succeeds alone.
	commits := uint64(2)
	if f.name == "ErrsOnce" && at > 0 {
		commits++
	}
	after := s.db.Stats()
	if got := after.Commits - before.Commits; got != commits || after.Largest < together-1 {
		t.Errorf("%d commits, want %d; the largest of %d callers", got, commits, after.Largest)
	}
	for i, c := range callers {
		if i != at && c.runs > 2 {
			t.Errorf("good caller %d ran %d times", i, c.runs)
		}
	}
}

// cast returns the callers: good ones, but for the bad.
func cast(bad map[int]failure) []*caller {
	callers := make([]*caller, together)
	for i := range callers {
		callers[i] = good(name(i))
		if f, isBad := bad[i]; isBad {
			callers[i] = f.make()
		}
	}
	return callers
}

// mixture has any number of callers fail in any way. Those who fail cost no more than a rollback for all, and
// a transaction each.
func mixture(t *testing.T, place Place) {
	kinds := failures()[:7] // the two with contexts need the test's hand
	rapid.Check(t, func(rt *rapid.T) {
		bad := rapid.MapOfN(rapid.IntRange(0, together-1), rapid.SampledFrom(kinds), 0, 12).Draw(rt, "bad")
		open := place(t)
		var found error
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, open, kv.Options{})
			callers := cast(bad)
			s.enter(callers...)
			s.play(func() {})
			found = errors.Join(s.outcome(callers, bad), cheap(callers, bad))
		})
		if found != nil {
			rt.Fatal(found)
		}
	})
}

// cheap returns an error if a function ran more often than the group promises: twice in company and, if it
// failed, once alone.
func cheap(callers []*caller, bad map[int]failure) error {
	for i, c := range callers {
		if _, isBad := bad[i]; c.runs > 3 || !isBad && c.runs > 2 {
			return fmt.Errorf("caller %d ran %d times", i, c.runs)
		}
	}
	return nil
}
