package kvtest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"gongkai/services/chassis/kv"
)

// faults has the commit of 64 callers fail, and opens the store again.
func faults(t *testing.T, place Place) {
	for _, c := range []struct {
		name  string
		fault Fault
		kept  bool
	}{
		{"Lost", Lost, false},
		{"DoneButReportedLost", Done, true},
		{"EnginePanics", Panics, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			open := place(t)
			synctest.Test(t, func(t *testing.T) { commitFails(t, open, c.fault) })
			synctest.Test(t, func(t *testing.T) { afterwards(t, open, c.kept) })
		})
	}
}

func commitFails(t *testing.T, open Open, fault Fault) {
	s := newStage(t, open, kv.Options{})
	callers := cast(nil)
	// One errs because of what a neighbour wrote: whether that is true is for the commit to say.
	callers[1].f = func(x kv.Tx) error {
		n, err := count(x, name(0))
		if n == 1 {
			return errors.Join(errWanted, err)
		}
		return errors.New("does not see its neighbour")
	}
	// One fails after writing: it was to run alone, after the commit.
	callers[2].f = func(x kv.Tx) error { return errors.Join(spoil(x), errWanted) }
	s.enter(callers...)
	s.engine.Fail(fault)
	late, changed := good("late"), s.db.Changed()
	s.play(func() {
		<-changed
		changed = s.db.Changed()
		s.enter(late)
	})
	<-changed

	for i, c := range append(callers, late) {
		want := kv.ErrUnknownOutcome
		if i == 2 || c == late {
			want = kv.ErrClosed
		}
		if !errors.Is(c.err, want) {
			t.Errorf("caller %d: %v, want %v", i, c.err, want)
		}
		if want == kv.ErrUnknownOutcome && !errors.Is(c.err, ErrFault) {
			t.Errorf("caller %d: %v does not tell the cause", i, c.err)
		}
	}
	expectClosed(t, s.db)
}

// expectClosed tests that a store does nothing any more.
func expectClosed(t *testing.T, d *kv.DB) {
	t.Helper()
	ctx := context.Background()
	if err := d.Update(ctx, func(kv.Tx) error { t.Error("update ran"); return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("update: %v", err)
	}
	if err := d.View(ctx, func(kv.Reader) error { t.Error("view ran"); return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("view: %v", err)
	}
	<-d.Changed()
	if err := d.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// afterwards tests what a store holds that is opened after the commit failed.
func afterwards(t *testing.T, open Open, kept bool) {
	s := &stage{db: open.store(t, kv.Options{})}
	want := map[string]uint64{"first": 1, "total": 1, "late": 0, "bad": 0}
	for i := range together {
		want[name(i)] = 0
		if kept && i != 1 && i != 2 {
			want[name(i)] = 1
			want["total"]++
		}
	}
	if err := s.holds(want); err != nil {
		t.Error(err)
	}
	if err := s.db.Update(context.Background(), good("again").f); err != nil {
		t.Error(err)
	}
}

// closing closes stores under their callers.
func closing(t *testing.T, place Place) {
	t.Run("WaitingCallersAreCommitted", func(t *testing.T) {
		open := place(t)
		synctest.Test(t, func(t *testing.T) { closeWithQueue(t, open) })
	})
	t.Run("UnderLoad", func(t *testing.T) { closeUnderLoad(t, place(t)) })
}

func closeWithQueue(t *testing.T, open Open) {
	s := newStage(t, open, kv.Options{})
	callers := cast(map[int]failure{3: failures()[1]})
	s.enter(callers...)
	closed := make(chan error, 2)
	for range cap(closed) {
		go func() { closed <- s.db.Close() }()
	}
	synctest.Wait()
	late := good("late")
	s.enter(late)
	if !errors.Is(late.err, kv.ErrClosed) {
		t.Errorf("a caller after Close: %v", late.err)
	}
	s.play(func() {})
	for range cap(closed) {
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
	for i, c := range callers {
		if i == 3 && !errors.Is(c.err, errWanted) || i != 3 && wantNothing(c) != nil {
			t.Errorf("caller %d: %v", i, c.err)
		}
	}
	expectClosed(t, s.db)
	s.db = open.store(t, kv.Options{})
	if err := s.holds(map[string]uint64{"total": together, "first": 1, "late": 0}); err != nil {
		t.Error(err)
	}
}

// closeUnderLoad closes a store while callers write and read: what was acknowledged is there afterwards, and
// nothing else.
func closeUnderLoad(t *testing.T, open Open) {
	d := open.store(t, kv.Options{})
	const writers, enough = 16, 5
	var done [writers]uint64
	var all, busy sync.WaitGroup
	busy.Add(writers)
	for i := range writers {
		all.Go(func() {
			for {
				err := d.Update(context.Background(), good(name(i)).f)
				if errors.Is(err, kv.ErrClosed) {
					return
				}
				if err != nil {
					t.Error(err)
				}
				if done[i]++; done[i] == enough {
					busy.Done()
				}
			}
		})
		all.Go(func() {
			for {
				err := d.View(context.Background(), func(r kv.Reader) error { _, err := count(r, name(i)); return err })
				if errors.Is(err, kv.ErrClosed) {
					return
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	busy.Wait()
	for range 2 {
		all.Go(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	want := map[string]uint64{}
	for i, n := range done {
		want[name(i)] = n
		want["total"] += n
	}
	s := &stage{db: open.store(t, kv.Options{})}
	if err := s.holds(want); err != nil {
		t.Error(err)
	}
}

// views has reading functions misbehave.
func views(t *testing.T, place Place) {
	d := place(t).store(t, kv.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	var p *kv.PanicError
	if err := d.View(ctx, func(kv.Reader) error { panic(errWanted) }); !errors.As(err, &p) || !errors.Is(err, errWanted) {
		t.Errorf("panic: %v", err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		t.Error("went on after the exit:", d.View(ctx, func(kv.Reader) error { runtime.Goexit(); return nil }))
	}()
	<-exited
	if err := d.View(ctx, func(r kv.Reader) error {
		for range r.Scan(things, kv.Range{}) {
			return errors.New("store is not empty")
		}
		return errWanted
	}); !errors.Is(err, errWanted) {
		t.Errorf("error: %v", err)
	}
	// Neither left the store unable to write or to close.
	for i := range 3 {
		if err := d.Update(ctx, put(things, fmt.Sprint(i))); err != nil {
			t.Error(err)
		}
	}
	cancel()
	ran := func(kv.Reader) error { t.Error("ran with a cancelled context"); return nil }
	if err := d.View(ctx, ran); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled view: %v", err)
	}
	if err := d.Update(ctx, func(x kv.Tx) error { return ran(x) }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled update: %v", err)
	}
}
