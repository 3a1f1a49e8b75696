package kv_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
)

var (
	things    = kv.Bucket{Name: "things"}
	errWanted = errors.New("wanted by the test")
)

func TestMemory(t *testing.T) {
	kvtest.Run(t, func(testing.TB) kvtest.Open { return kvtest.InMemory() }, kvtest.CopyInMemory)
}

// meta returns an open function for a store whose bucket "meta" holds one pair.
func meta(t *testing.T, key string, value []byte) kvtest.Open {
	open := kvtest.InMemory()
	e, err := open()
	if err != nil {
		t.Fatal(err)
	}
	x, err := e.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(x.Put(kv.Bucket{Name: kv.Meta}, []byte(key), value), x.Commit(), e.Close()); err != nil {
		t.Fatal(err)
	}
	return open
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		name       string
		key        string
		value      []byte
		understood uint32
		refused    bool
		newer      bool
	}{
		{name: "Same", key: "format", value: []byte{0, 0, 0, 2}, understood: 2},
		{name: "Older", key: "format", value: []byte{0, 0, 0, 1}, understood: 2},
		{name: "Newer", key: "format", value: []byte{0, 0, 0, 3}, understood: 2, refused: true, newer: true},
		{name: "NewerThanTheDefault", key: "format", value: []byte{0, 0, 0, 2}, refused: true, newer: true},
		{name: "TooShort", key: "format", value: []byte{0, 1}, refused: true},
		{name: "Empty", key: "format", refused: true},
		{name: "Zero", key: "format", value: []byte{0, 0, 0, 0}, refused: true},
		{name: "Missing", key: "other", value: []byte("x"), refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			open := meta(t, c.key, c.value)
			e, err := open()
			if err != nil {
				t.Fatal(err)
			}
			d, err := kv.Open(e, kv.Options{Format: c.understood})
			if (err != nil) != c.refused || errors.Is(err, kv.ErrFormat) != c.newer {
				t.Errorf("open: %v", err)
			}
			if err == nil {
				err := d.Close()
				if err != nil {
					t.Error(err)
				}
				return
			}
			if _, err := e.Begin(); !errors.Is(err, kv.ErrClosed) {
				t.Errorf("a refused store is left open: %v", err)
			}
		})
	}
}

func TestFormatIsWritten(t *testing.T) {
	open := kvtest.InMemory()
	d := store(t, open, kv.Options{Format: 7})
	if err := d.View(context.Background(), func(r kv.Reader) error {
		if v, err := r.Get(kv.Bucket{Name: kv.Meta}, []byte("format")); !bytes.Equal(v, []byte{0, 0, 0, 7}) {
			t.Errorf("format %x: %v", v, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	e, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kv.Open(e, kv.Options{Format: 6}); !errors.Is(err, kv.ErrFormat) {
		t.Error(err)
	}
}

func store(t testing.TB, open kvtest.Open, o kv.Options) *kv.DB {
	t.Helper()
	e, err := open()
	if err != nil {
		t.Fatal(err)
	}
	d, err := kv.Open(e, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Callers who gather are split over as many commits as the bounds ask for.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name    string
		o       kv.Options
		largest uint64
	}{
		{"Callers", kv.Options{MaxCallers: 10, MaxTime: time.Hour}, 10},
		{"Bytes", kv.Options{MaxBytes: 200, MaxTime: time.Hour}, 2}, // each caller writes 104 bytes
		{"Time", kv.Options{MaxTime: time.Second}, 4},
		{"None", kv.Options{MaxTime: time.Hour}, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := kvtest.NewFaulty(kvtest.NewMemory())
				d := store(t, func() (kv.Engine, error) { return e, nil }, c.o)
				_, release := e.Hold()
				var all sync.WaitGroup
				enter := func(key uint32) {
					all.Go(func() {
						if err := d.Update(context.Background(), func(x kv.Tx) error {
							<-time.After(250 * time.Millisecond) // of the bubble's time
							return x.Put(things, binary.BigEndian.AppendUint32(nil, key), make([]byte, 100))
						}); err != nil {
							t.Error(err)
						}
					})
				}
				enter(0)
				<-time.After(time.Second)
				for i := range 40 {
					enter(uint32(i + 1))
				}
				synctest.Wait()
				release()
				all.Wait()
				s := d.Stats()
				if at := bits.Len64(c.largest - 1); s.Sizes[at] == 0 {
					t.Errorf("sizes %v", s.Sizes)
				}
				if s.Largest != c.largest || s.Callers != 41 || s.Commits != 1+(40+c.largest-1)/c.largest {
					t.Errorf("%+v, want at most %d callers a commit", s, c.largest)
				}
			})
		})
	}
}

// Whoever shared a commit that succeeded is told of it with the context of the Update, and nobody else is; the sizes
// add up.
func TestCommitted(t *testing.T) {
	type caller struct{}
	var mu sync.Mutex
	told := make(map[int]*kv.Commit)
	d := store(t, kvtest.InMemory(), kv.Options{Committed: func(ctx context.Context, c *kv.Commit) {
		mu.Lock()
		defer mu.Unlock()
		told[ctx.Value(caller{}).(int)] = c
	}})
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			err := d.Update(context.WithValue(context.Background(), caller{}, i), func(x kv.Tx) error {
				switch i % 4 {
				case 0: // reads
					_, err := x.Get(things, []byte("a"))
					return err
				case 1: // fails before it writes
					return errWanted
				case 2: // fails after it has written
					if err := x.Put(things, []byte("a"), nil); err != nil {
						return err
					}
					return errWanted
				}
				return x.Put(things, []byte("a"), nil)
			})
			if want := i%4 == 1 || i%4 == 2; errors.Is(err, errWanted) != want {
				t.Errorf("caller %d: %v", i, err)
			}
		})
	}
	all.Wait()
	did := d.Stats()
	sizes := uint64(0)
	for _, n := range did.Sizes {
		sizes += n
	}
	if sizes != did.Commits || did.CommitTime <= 0 {
		t.Errorf("%d sizes: %+v", sizes, did)
	}
	mu.Lock()
	defer mu.Unlock()
	for i := range 100 {
		c := told[i]
		switch {
		case c == nil && i%4 == 3:
			t.Errorf("caller %d wrote and was not told", i)
		case c != nil && (i%4 == 1 || i%4 == 2):
			t.Errorf("caller %d failed and was told of %+v", i, c)
		case c != nil && (c.Number < 1 || c.Number > did.Commits || c.Callers < 1 || c.Ran.Before(c.Began) || c.Ended.Before(c.Ran)):
			t.Errorf("caller %d was told of %+v", i, c)
		}
	}
}

// A function that writes nothing costs no commit, and tells nobody of a change.
func TestChanged(t *testing.T) {
	d := store(t, kvtest.InMemory(), kv.Options{})
	ctx := context.Background()
	isClosed := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	changed := d.Changed()
	if err := d.Update(ctx, func(x kv.Tx) error { _, err := x.Get(things, []byte("a")); return err }); err != nil {
		t.Error(err)
	}
	if err := d.Update(ctx, func(x kv.Tx) error { return errors.Join(errWanted, x.Put(things, []byte("a"), nil)) }); !errors.Is(err, errWanted) {
		t.Error(err)
	}
	if isClosed(changed) || d.Changed() != changed || d.Stats().Commits != 0 {
		t.Errorf("a change is told where there was none: %+v", d.Stats())
	}
	if err := d.Update(ctx, func(x kv.Tx) error { return x.Put(things, []byte("a"), nil) }); err != nil {
		t.Error(err)
	}
	if !isClosed(changed) {
		t.Error("a commit is not told")
	}
	changed = d.Changed()
	if isClosed(changed) {
		t.Error("the same commit is told twice")
	}
	if err := d.Close(); err != nil || !isClosed(changed) || !isClosed(d.Changed()) {
		t.Errorf("closing is not told: %v", err)
	}
}

// An engine that cannot begin a transaction fails the caller, not the store.
func TestBeginFails(t *testing.T) {
	e := &reluctant{Engine: kvtest.NewMemory()}
	d := store(t, func() (kv.Engine, error) { return e, nil }, kv.Options{})
	e.begin = errWanted
	if err := d.Update(context.Background(), put("a")); !errors.Is(err, errWanted) {
		t.Error(err)
	}
	e.begin = nil
	if err := d.Update(context.Background(), put("a")); err != nil {
		t.Error(err)
	}
}

// An engine that cannot roll back is not used again. Its caller still gets its own error.
func TestRollbackFails(t *testing.T) {
	e := &reluctant{Engine: kvtest.NewMemory(), rollback: errWanted}
	d := store(t, func() (kv.Engine, error) { return e, nil }, kv.Options{})
	errOwn := errors.New("the caller's own")
	if err := d.Update(context.Background(), func(x kv.Tx) error { return errors.Join(errOwn, put("a")(x)) }); !errors.Is(err, errOwn) {
		t.Error(err)
	}
	if err := d.Update(context.Background(), put("a")); !errors.Is(err, kv.ErrClosed) {
		t.Error(err)
	}
}

// When a second failure in one transaction cannot be undone by itself, all run alone.
func TestUndoFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := kvtest.NewFaulty(kvtest.NewMemory())
		e := &reluctant{Engine: held, remove: errWanted}
		d := store(t, func() (kv.Engine, error) { return e, nil }, kv.Options{})
		_, release := held.Hold()
		var all sync.WaitGroup
		enter := func(want error, f func(kv.Tx) error) {
			all.Go(func() {
				if err := d.Update(context.Background(), f); !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			})
			synctest.Wait()
		}
		errOwn := errors.New("the caller's own")
		fails := func(x kv.Tx) error { return errors.Join(errOwn, put("b")(x)) }
		for _, key := range []string{"first", "a"} {
			enter(nil, put(key))
		}
		enter(errOwn, fails)
		enter(errOwn, fails)
		enter(nil, put("c"))
		release()
		all.Wait()
		if err := d.View(context.Background(), func(r kv.Reader) error {
			found := ""
			for p := range r.Scan(things, kv.Range{}) {
				found += string(p.Key) + " "
			}
			if found != "a c first " {
				t.Errorf("kept: %s", found)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

func put(key string) func(kv.Tx) error {
	return func(x kv.Tx) error { return x.Put(things, []byte(key), nil) }
}

// reluctant is an engine that fails where an error is set.
type reluctant struct {
	kv.Engine
	begin, rollback, remove error
}

func (r *reluctant) Begin() (kv.EngineTx, error) {
	if r.begin != nil {
		return nil, r.begin
	}
	x, err := r.Engine.Begin()
	return &reluctantTx{EngineTx: x, engine: r}, err
}

type reluctantTx struct {
	kv.EngineTx
	engine *reluctant
}

func (x *reluctantTx) Delete(b kv.Bucket, key []byte) error {
	return errors.Join(x.engine.remove, x.EngineTx.Delete(b, key))
}

func (x *reluctantTx) Rollback() error {
	return errors.Join(x.engine.rollback, x.EngineTx.Rollback())
}

// FuzzPrefix tests that a prefix's range holds just the keys that begin with it.
func FuzzPrefix(f *testing.F) {
	for _, s := range []struct{ p, key string }{
		{"", ""},
		{"", "\xff"},
		{"a", "a"},
		{"a", "b"},
		{"a", "a\xff"},
		{"a\xff", "b"},
		{"a\xff", "a\xff\xff"},
		{"\xff", "\xff\xff"},
		{"\xff\xff", "\xff"},
		{"\x00", ""},
		{"\xfe\xff", "\xff"},
	} {
		f.Add([]byte(s.p), []byte(s.key))
	}
	f.Fuzz(func(t *testing.T, p, key []byte) {
		before := bytes.Clone(p)
		r := kv.Prefix(p)
		for _, k := range [][]byte{key, append(bytes.Clone(p), key...), r.To} {
			in := bytes.Compare(k, r.From) >= 0 && (r.To == nil || bytes.Compare(k, r.To) < 0)
			if k != nil && in != bytes.HasPrefix(k, p) {
				t.Errorf("key %q in the range of %q: %t (%q to %q)", k, p, in, r.From, r.To)
			}
		}
		if !bytes.Equal(p, before) {
			t.Errorf("prefix %q was changed to %q", before, p)
		}
	})
}

func ExampleDB_Update() {
	db, err := kv.Open(kvtest.NewMemory(), kv.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = db.Update(context.Background(), func(tx kv.Tx) error {
		return tx.Put(kv.Bucket{Name: "greeting"}, []byte("zh"), []byte("公开"))
	})
	fmt.Println(err, db.Stats().Commits)
	fmt.Println(db.Close())
	// Output:
	// <nil> 1
	// <nil>
}
