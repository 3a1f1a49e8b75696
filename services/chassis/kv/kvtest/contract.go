package kvtest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gongkai/services/chassis/kv"
)

var errWanted = errors.New("wanted by the test")

// contract tests the engine by itself.
func contract(t *testing.T, place Place) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"MissingBucketIsEmpty", missingBucket},
		{"ReadsItsWrites", readsItsWrites},
		{"RollbackForgets", rollbackForgets},
		{"EmptyValueIsPresent", emptyValue},
		{"EmptyKeyIsRefused", emptyKey},
		{"KeepsNoSlices", keepsNoSlices},
		{"BucketsAreApart", bucketsApart},
		{"GrowingBucket", growingBucket},
		{"LargeValue", largeValue},
		{"ViewIsASnapshot", viewIsASnapshot},
		{"ViewReturnsItsError", viewReturnsItsError},
		{"OneWriterAtATime", oneWriter},
		{"ClosedEngine", closedEngine},
		{"CloseWaits", closeWaits},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, place(t)) })
	}
}

var things = kv.Bucket{Name: "things"}

// write runs f in a write transaction of the engine and commits it.
func write(t testing.TB, e kv.Engine, f func(kv.Tx) error) {
	t.Helper()
	x, err := e.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := f(x); err != nil {
		t.Fatal(errors.Join(err, x.Rollback()))
	}
	if err := x.Commit(); err != nil {
		t.Fatal(err)
	}
}

// put returns a function that puts words, each as its own value.
func put(b kv.Bucket, words ...string) func(kv.Tx) error {
	return func(x kv.Tx) error {
		for _, w := range words {
			if err := x.Put(b, []byte(w), []byte(w)); err != nil {
				return err
			}
		}
		return nil
	}
}

// keys returns the keys of a range, comma-separated.
func keys(r kv.Reader, b kv.Bucket, over kv.Range) (string, error) {
	var found []string
	for p, err := range r.Scan(b, over) {
		if err != nil {
			return "", err
		}
		found = append(found, string(p.Key))
	}
	return strings.Join(found, ","), nil
}

// expect tests that the bucket's keys are want, as r sees them.
func expect(t testing.TB, r kv.Reader, b kv.Bucket, want string) {
	t.Helper()
	if got, err := keys(r, b, kv.Range{}); err != nil || got != want {
		t.Errorf("keys of %s: %q, %v; want %q", b.Name, got, err, want)
	}
}

// expectCommitted tests that the bucket's committed keys are want.
func expectCommitted(t testing.TB, e kv.Engine, b kv.Bucket, want string) {
	t.Helper()
	if err := e.View(func(r kv.Reader) error { expect(t, r, b, want); return nil }); err != nil {
		t.Error(err)
	}
}

func missingBucket(t *testing.T, open Open) {
	e := open.must(t)
	write(t, e, func(x kv.Tx) error {
		if v, err := x.Get(things, []byte("a")); v != nil || err != nil {
			t.Errorf("get: %q, %v", v, err)
		}
		expect(t, x, things, "")
		if err := x.Delete(things, []byte("a")); err != nil {
			t.Errorf("delete: %v", err)
		}
		// The bucket was looked up before it existed.
		if err := x.Put(things, []byte("a"), nil); err != nil {
			return err
		}
		expect(t, x, things, "a")
		return nil
	})
	expectCommitted(t, e, kv.Bucket{Name: "other"}, "")
	expectCommitted(t, e, things, "a")
}

func readsItsWrites(t *testing.T, open Open) {
	e := open.must(t)
	write(t, e, put(things, "a", "b", "c"))
	write(t, e, func(x kv.Tx) error {
		if err := x.Put(things, []byte("b"), []byte("new")); err != nil {
			return err
		}
		if v, err := x.Get(things, []byte("b")); string(v) != "new" || err != nil {
			t.Errorf("get: %q, %v", v, err)
		}
		if err := x.Delete(things, []byte("a")); err != nil {
			return err
		}
		if err := x.Delete(things, []byte("absent")); err != nil {
			return err
		}
		if err := x.Put(things, []byte("d"), nil); err != nil {
			return err
		}
		expect(t, x, things, "b,c,d")
		expectCommitted(t, e, things, "a,b,c")
		return nil
	})
	expectCommitted(t, e, things, "b,c,d")
}

func rollbackForgets(t *testing.T, open Open) {
	e := open.must(t)
	write(t, e, put(things, "a"))
	x, err := e.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(put(things, "b")(x), x.Delete(things, []byte("a")), put(kv.Bucket{Name: "new"}, "c")(x)); err != nil {
		t.Error(err)
	}
	if err := x.Rollback(); err != nil {
		t.Fatal(err)
	}
	expectCommitted(t, e, things, "a")
	expectCommitted(t, e, kv.Bucket{Name: "new"}, "")
}

func emptyValue(t *testing.T, open Open) {
	isEmpty := func(r kv.Reader) error {
		for _, k := range []string{"nil", "empty"} {
			if v, err := r.Get(things, []byte(k)); v == nil || len(v) != 0 || err != nil {
				t.Errorf("get %s: %#v, %v", k, v, err)
			}
		}
		return nil
	}
	e := open.must(t)
	write(t, e, func(x kv.Tx) error {
		err := errors.Join(x.Put(things, []byte("nil"), nil), x.Put(things, []byte("empty"), []byte{}))
		return errors.Join(err, isEmpty(x))
	})
	if err := errors.Join(e.View(isEmpty), e.Close()); err != nil {
		t.Error(err)
	}
}

func emptyKey(t *testing.T, open Open) {
	write(t, open.must(t), func(x kv.Tx) error {
		if x.Put(things, nil, []byte("v")) == nil || x.Put(things, []byte{}, []byte("v")) == nil {
			t.Error("an empty key was taken")
		}
		if v, err := x.Get(things, nil); v != nil || err != nil {
			t.Errorf("get of an empty key: %q, %v", v, err)
		}
		expect(t, x, things, "")
		return nil
	})
}

func keepsNoSlices(t *testing.T, open Open) {
	e := open.must(t)
	write(t, e, func(x kv.Tx) error {
		key, value := []byte("key"), bytes.Repeat([]byte("v"), 10_000)
		for _, n := range []int{1, 100, 10_000} {
			if err := x.Put(things, key, value[:n]); err != nil {
				return err
			}
			key[0]++
		}
		clear(value)
		return nil
	})
	if err := e.View(func(r kv.Reader) error {
		for p, err := range r.Scan(things, kv.Range{}) {
			if err != nil {
				return err
			}
			if len(bytes.Trim(p.Value, "v")) > 0 {
				t.Errorf("value of %s was changed after it was put", p.Key)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	expectCommitted(t, e, things, "key,ley,mey")
}

func bucketsApart(t *testing.T, open Open) {
	e := open.must(t)
	other := kv.Bucket{Name: "other"}
	write(t, e, put(things, "a", "b"))
	write(t, e, put(other, "b", "c"))
	write(t, e, func(x kv.Tx) error { return x.Delete(things, []byte("b")) })
	expectCommitted(t, e, things, "a")
	expectCommitted(t, e, other, "b,c")
}

func growingBucket(t *testing.T, open Open) {
	e := open.must(t)
	log := kv.Bucket{Name: "log", Grows: true}
	const transactions, each = 20, 100
	for i := range transactions {
		write(t, e, func(x kv.Tx) error {
			for j := range each {
				key := binary.BigEndian.AppendUint64(nil, uint64(i*each+j))
				if err := x.Put(log, key, bytes.Repeat(key, 8)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	n := 0
	if err := e.View(func(r kv.Reader) error {
		for p, err := range r.Scan(log, kv.Range{}) {
			if err != nil {
				return err
			}
			if k := binary.BigEndian.Uint64(p.Key); k != uint64(n) || !bytes.Equal(p.Value, bytes.Repeat(p.Key, 8)) {
				return fmt.Errorf("entry %d has key %d, value %x", n, k, p.Value)
			}
			n++
		}
		return nil
	}); err != nil || n != transactions*each {
		t.Errorf("read %d entries: %v", n, err)
	}
}

func largeValue(t *testing.T, open Open) {
	e := open.must(t)
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	write(t, e, func(x kv.Tx) error { return x.Put(things, []byte("large"), large) })
	if err := e.View(func(r kv.Reader) error {
		if v, err := r.Get(things, []byte("large")); !bytes.Equal(v, large) {
			t.Errorf("%d bytes read, %d put: %v", len(v), len(large), err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func viewIsASnapshot(t *testing.T, open Open) {
	e := open.must(t)
	write(t, e, put(things, "a"))
	if err := e.View(func(r kv.Reader) error {
		write(t, e, put(things, "b"))
		expect(t, r, things, "a")
		expectCommitted(t, e, things, "a,b")
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func viewReturnsItsError(t *testing.T, open Open) {
	if err := open.must(t).View(func(kv.Reader) error { return errWanted }); !errors.Is(err, errWanted) {
		t.Error(err)
	}
}

func oneWriter(t *testing.T, open Open) {
	e := open.must(t)
	first, err := e.Begin()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan string, 2)
	waiting := make(chan struct{})
	second := make(chan struct{})
	go func() {
		defer close(second)
		close(waiting)
		x, err := e.Begin()
		if err != nil {
			t.Error(err)
			return
		}
		ended <- "second begun"
		expect(t, x, things, "a")
		if err := x.Rollback(); err != nil {
			t.Error(err)
		}
	}()
	<-waiting
	if err := put(things, "a")(first); err != nil {
		t.Error(err)
	}
	ended <- "first commits"
	if err := first.Commit(); err != nil {
		t.Error(err)
	}
	<-second
	if got := []string{<-ended, <-ended}; !slices.Equal(got, []string{"first commits", "second begun"}) {
		t.Errorf("order: %q", got)
	}
}

func closedEngine(t *testing.T, open Open) {
	e := open.must(t)
	for range 2 {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.View(func(kv.Reader) error { t.Error("view ran"); return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("view: %v", err)
	}
	if _, err := e.Begin(); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("begin: %v", err)
	}
}

// closeWaits holds a view open while the engine is closed.
func closeWaits(t *testing.T, open Open) {
	e := open.must(t)
	write(t, e, put(things, "a"))
	closed := make(chan error)
	if err := e.View(func(r kv.Reader) error {
		started := make(chan struct{})
		go func() { close(started); closed <- e.Close() }()
		<-started
		for range 1000 {
			runtime.Gosched()
		}
		select {
		case err := <-closed:
			t.Errorf("engine closed under a view: %v", err)
		default:
		}
		expect(t, r, things, "a")
		return nil
	}); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
