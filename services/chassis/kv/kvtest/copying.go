package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"gongkai/services/chassis/kv"
)

// copies tests that a copy is the store as it was at one moment.
func copies(t *testing.T, place Place, copied CopyPlace) {
	t.Run("Equal", func(t *testing.T) { copyIsEqual(t, place(t), copied) })
	t.Run("Empty", func(t *testing.T) { copyOfNothing(t, place(t), copied) })
	t.Run("Refused", func(t *testing.T) { copyRefused(t, place(t)) })
	t.Run("UnderLoad", func(t *testing.T) { copyUnderLoad(t, place(t), copied) })
}

// copyIsEqual copies while a transaction is open that the copy must not show.
func copyIsEqual(t *testing.T, open Open, copied CopyPlace) {
	e := open.must(t)
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	write(t, e, put(things, "a", "b", "c"))
	write(t, e, func(x kv.Tx) error {
		return errors.Join(x.Put(things, []byte("large"), large), x.Put(things, []byte("empty"), nil), x.Delete(things, []byte("b")))
	})
	x, err := e.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := put(things, "uncommitted")(x); err != nil {
		t.Error(err)
	}
	var b bytes.Buffer
	n, err := e.Copy(&b, func(r kv.Reader) error { expect(t, r, things, "a,c,empty,large"); return nil })
	if err != nil || n != int64(b.Len()) || n == 0 {
		t.Errorf("copied %d bytes, said %d: %v", b.Len(), n, err)
	}
	if err := x.Commit(); err != nil {
		t.Error(err)
	}
	second := copied(t, &b).must(t)
	if err := second.View(func(r kv.Reader) error {
		expect(t, r, things, "a,c,empty,large")
		for key, want := range map[string][]byte{"large": large, "empty": {}} {
			if v, err := r.Get(things, []byte(key)); v == nil || !bytes.Equal(v, want) || err != nil {
				t.Errorf("%s has %d bytes in the copy, want %d: %v", key, len(v), len(want), err)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	// Each goes its own way.
	write(t, second, put(things, "second"))
	expectCommitted(t, second, things, "a,c,empty,large,second")
	expectCommitted(t, e, things, "a,c,empty,large,uncommitted")
}

func copyOfNothing(t *testing.T, open Open, copied CopyPlace) {
	var b bytes.Buffer
	if _, err := open.must(t).Copy(&b, nil); err != nil {
		t.Fatal(err)
	}
	e := copied(t, &b).must(t)
	expectCommitted(t, e, things, "")
	write(t, e, put(things, "a"))
	expectCommitted(t, e, things, "a")
}

// full is a writer that takes some bytes and no more.
type full struct{ room int }

func (w *full) Write(p []byte) (int, error) {
	if len(p) > w.room {
		return 0, errWanted
	}
	w.room -= len(p)
	return len(p), nil
}

// copyRefused stops copies in every way; the store goes on.
func copyRefused(t *testing.T, open Open) {
	d := open.store(t, kv.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	if err := d.Update(ctx, put(things, "a")); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if n, err := d.Backup(ctx, &b, func(kv.Reader) error { return errWanted }); !errors.Is(err, errWanted) || n != 0 || b.Len() != 0 {
		t.Errorf("look fails: %d bytes, %v", n, err)
	}
	var p *kv.PanicError
	if _, err := d.Backup(ctx, &b, func(kv.Reader) error { panic(errWanted) }); !errors.As(err, &p) {
		t.Errorf("look panics: %v", err)
	}
	if _, err := d.Backup(ctx, &full{room: 10}, nil); !errors.Is(err, errWanted) {
		t.Errorf("no room: %v", err)
	}
	if _, err := d.Backup(ctx, &b, func(kv.Reader) error { cancel(); return nil }); !errors.Is(err, context.Canceled) || b.Len() != 0 {
		t.Errorf("cancelled: %d bytes, %v", b.Len(), err)
	}
	if _, err := d.Backup(ctx, &b, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	if err := d.Update(context.Background(), put(things, "b")); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := d.Backup(context.Background(), &b, nil); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// copyWriters is how many write while a store is copied.
const copyWriters = 16

// copyCounts are how many writes of each were acknowledged.
type copyCounts [copyWriters]atomic.Uint64

// copyUnderLoad copies a store again and again while callers write: each copy is what its look saw, has
// everything that was acknowledged before, and no part of a transaction.
func copyUnderLoad(t *testing.T, open Open, copied CopyPlace) {
	d := open.store(t, kv.Options{})
	const rounds = 5
	var done copyCounts
	var all, busy sync.WaitGroup
	ctx, stop := context.WithCancel(context.Background())
	busy.Add(copyWriters)
	for i := range copyWriters {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := d.Update(context.Background(), good(name(i)).f); err != nil {
					t.Error(err)
				}
				if done[i].Add(1) == 1 {
					busy.Done()
				}
			}
		})
	}
	busy.Wait()
	for range rounds {
		if err := copyOnce(t, d, copied, &done); err != nil {
			t.Error(err)
		}
	}
	stop()
	all.Wait()
}

func copyOnce(t *testing.T, d *kv.DB, copied CopyPlace, done *copyCounts) error {
	var least [copyWriters]uint64
	for i := range done {
		least[i] = done[i].Load()
	}
	seen := map[string]uint64{}
	var b bytes.Buffer
	if _, err := d.Backup(context.Background(), &b, func(r kv.Reader) (err error) {
		for i := range done {
			if seen[name(i)], err = count(r, name(i)); err != nil {
				return err
			}
		}
		seen["total"], err = count(r, "total")
		return err
	}); err != nil {
		return err
	}
	sum := uint64(0)
	for i, n := range least {
		if seen[name(i)] < n {
			return fmt.Errorf("%s is %d in the copy, %d were acknowledged before", name(i), seen[name(i)], n)
		}
		sum += seen[name(i)]
	}
	if sum != seen["total"] {
		return fmt.Errorf("the sum is %d, the total %d", sum, seen["total"])
	}
	return (&stage{db: copied(t, &b).store(t, kv.Options{})}).holds(seen)
}
