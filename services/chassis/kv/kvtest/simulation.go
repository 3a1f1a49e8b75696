package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/chassis/kv"
)

// ranges tests scans at and around every bound, forwards and backwards.
func ranges(t *testing.T, place Place) {
	e := place(t).must(t)
	words := []string{"a", "b\x00", "b\xff", "c", "\xff", "\xff\xff"}
	write(t, e, put(things, words...))
	bounds := [][]byte{nil, {}, {0}, []byte("a"), []byte("b"), []byte("b\x00"), []byte("b\x80"), []byte("c"), []byte("c\x00"), {0xff}, {0xff, 0xff}, {0xff, 0xff, 0}}
	if err := e.View(func(r kv.Reader) error {
		for _, from := range bounds {
			for _, to := range bounds {
				for _, reverse := range []bool{false, true} {
					over := kv.Range{From: from, To: to, Reverse: reverse}
					want := model{things.Name: {}}
					for _, w := range words {
						want[things.Name][w] = w
					}
					if err := compare(r, want, things, over); err != nil {
						t.Error(err)
					}
				}
			}
		}
		for p := range r.Scan(things, kv.Range{Reverse: true}) {
			if string(p.Key) != "\xff\xff" {
				t.Errorf("last key %q", p.Key)
			}
			break
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// model is what a store holds: bucket, key, value.
type model map[string]map[string]string

func (m model) clone() model {
	c := model{}
	for b, pairs := range m {
		c[b] = maps.Clone(pairs)
	}
	return c
}

// scan returns the keys of a range.
func (m model) scan(b kv.Bucket, r kv.Range) []string {
	var found []string
	for k := range m[b.Name] {
		if k >= string(r.From) && (r.To == nil || k < string(r.To)) {
			found = append(found, k)
		}
	}
	slices.Sort(found)
	if r.Reverse {
		slices.Reverse(found)
	}
	return found
}

// compare returns an error unless a scan of r gives what the model holds.
func compare(r kv.Reader, m model, b kv.Bucket, over kv.Range) error {
	want := m.scan(b, over)
	n := 0
	for p, err := range r.Scan(b, over) {
		if err != nil {
			return err
		}
		if n == len(want) || string(p.Key) != want[n] || string(p.Value) != m[b.Name][want[n]] {
			return fmt.Errorf("scan %s %q %q reverse %t: entry %d is %q=%q, want keys %q", b.Name, over.From, over.To, over.Reverse, n, p.Key, p.Value, want)
		}
		n++
	}
	if n < len(want) {
		return fmt.Errorf("scan %s %q %q reverse %t: %d entries, want keys %q", b.Name, over.From, over.To, over.Reverse, n, want)
	}
	return nil
}

var (
	anyBucket = rapid.SampledFrom([]kv.Bucket{{Name: "one"}, {Name: "two"}, {Name: "three"}})
	anyKey    = rapid.OneOf(
		rapid.SliceOfN(rapid.SampledFrom([]byte{0, 'a', 'b', 0xff}), 1, 3),
		rapid.SliceOfN(rapid.Byte(), 1, 40),
	)
	anyValue = rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 0, 20), rapid.Map(rapid.IntRange(0, 9000), func(n int) []byte { return bytes.Repeat([]byte{byte(n)}, n) }))
	anyRange = rapid.Custom(func(t *rapid.T) kv.Range {
		bound := rapid.OneOf(rapid.Just[[]byte](nil), anyKey)
		return kv.Range{From: bound.Draw(t, "from"), To: bound.Draw(t, "to"), Reverse: rapid.Bool().Draw(t, "reverse")}
	})
)

// simulation holds a store to a sorted map, through commits, failures, long views and reopening.
func simulation(t *testing.T, place Place) {
	rapid.Check(t, func(rt *rapid.T) {
		s := &simulated{open: place(t), want: model{}}
		s.start(rt)
		defer s.stop(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"update": s.update,
			"view":   s.view,
			"hold":   s.hold,
			"let go": s.letGo,
			"reopen": func(rt *rapid.T) { s.stop(rt); s.start(rt) },
			"":       s.check,
		})
	})
}

type simulated struct {
	open  Open
	db    *kv.DB
	want  model
	holds []*held
}

// held is a view that stays open, and what it must go on seeing.
type held struct {
	want    model
	reader  kv.Reader
	release chan struct{}
	ended   chan error
}

func (s *simulated) start(rt *rapid.T) {
	e, err := s.open()
	if err != nil {
		rt.Fatal(err)
	}
	if s.db, err = kv.Open(e, kv.Options{}); err != nil {
		rt.Fatal(err)
	}
}

func (s *simulated) stop(rt *rapid.T) {
	for len(s.holds) > 0 {
		s.drop(rt, 0)
	}
	if err := s.db.Close(); err != nil {
		rt.Fatal(err)
	}
}

// update writes in one transaction, reads it back in between, and keeps it or fails.
func (s *simulated) update(rt *rapid.T) {
	ending := rapid.SampledFrom([]string{"commit", "commit", "err", "panic"}).Draw(rt, "ending")
	steps := rapid.SliceOfN(rapid.Custom(drawStep), 0, 12).Draw(rt, "steps")
	var want model
	err := s.db.Update(context.Background(), func(x kv.Tx) error {
		want = s.want.clone()
		for _, st := range steps {
			if err := st.apply(x, want); err != nil {
				return err
			}
		}
		switch ending {
		case "err":
			return errWanted
		case "panic":
			panic(errWanted)
		}
		return nil
	})
	switch {
	case ending == "commit" && err == nil:
		s.want = want
	case ending != "commit" && errors.Is(err, errWanted):
	default:
		rt.Fatalf("%s: %v", ending, err)
	}
}

// step is one thing done in a transaction.
type step struct {
	kind       string
	bucket     kv.Bucket
	key, value []byte
	over       kv.Range
}

func drawStep(rt *rapid.T) step {
	st := step{kind: rapid.SampledFrom([]string{"put", "put", "delete", "get", "scan"}).Draw(rt, "kind"), bucket: anyBucket.Draw(rt, "bucket")}
	switch st.kind {
	case "put":
		st.key, st.value = anyKey.Draw(rt, "key"), anyValue.Draw(rt, "value")
	case "scan":
		st.over = anyRange.Draw(rt, "range")
	default:
		st.key = anyKey.Draw(rt, "key")
	}
	return st
}

// apply does the step to the store and to the model.
func (st step) apply(x kv.Tx, m model) error {
	switch st.kind {
	case "put":
		if m[st.bucket.Name] == nil {
			m[st.bucket.Name] = map[string]string{}
		}
		m[st.bucket.Name][string(st.key)] = string(st.value)
		return x.Put(st.bucket, st.key, st.value)
	case "delete":
		delete(m[st.bucket.Name], string(st.key))
		return x.Delete(st.bucket, st.key)
	case "get":
		return compareGet(x, m, st.bucket, st.key)
	default:
		return compare(x, m, st.bucket, st.over)
	}
}

func compareGet(r kv.Reader, m model, b kv.Bucket, key []byte) error {
	got, err := r.Get(b, key)
	if err != nil {
		return err
	}
	want, present := m[b.Name][string(key)]
	if (got != nil) != present || string(got) != want {
		return fmt.Errorf("get %s %q: %q (nil: %t), want %q (present: %t)", b.Name, key, got, got == nil, want, present)
	}
	return nil
}

// view compares a key and a range.
func (s *simulated) view(rt *rapid.T) {
	b, key, over := anyBucket.Draw(rt, "bucket"), anyKey.Draw(rt, "key"), anyRange.Draw(rt, "range")
	if err := s.db.View(context.Background(), func(r kv.Reader) error {
		return errors.Join(compareGet(r, s.want, b, key), compare(r, s.want, b, over))
	}); err != nil {
		rt.Fatal(err)
	}
}

// hold opens a view that stays open while others commit.
func (s *simulated) hold(rt *rapid.T) {
	if len(s.holds) == 3 {
		rt.Skip("enough views")
	}
	h := &held{want: s.want.clone(), release: make(chan struct{}), ended: make(chan error, 1)}
	ready := make(chan struct{})
	go func() {
		h.ended <- s.db.View(context.Background(), func(r kv.Reader) error {
			h.reader = r
			close(ready)
			<-h.release
			return nil
		})
	}()
	<-ready
	s.holds = append(s.holds, h)
}

func (s *simulated) letGo(rt *rapid.T) {
	if len(s.holds) == 0 {
		rt.Skip("no view")
	}
	s.drop(rt, rapid.IntRange(0, len(s.holds)-1).Draw(rt, "which"))
}

func (s *simulated) drop(rt *rapid.T, i int) {
	h := s.holds[i]
	s.holds = slices.Delete(s.holds, i, i+1)
	close(h.release)
	if err := <-h.ended; err != nil {
		rt.Fatal(err)
	}
}

// check compares everything that is committed, and everything that the open views see.
func (s *simulated) check(rt *rapid.T) {
	for _, h := range s.holds {
		if err := compareAll(h.reader, h.want); err != nil {
			rt.Fatalf("a view from before: %v", err)
		}
	}
	if err := s.db.View(context.Background(), func(r kv.Reader) error { return compareAll(r, s.want) }); err != nil {
		rt.Fatal(err)
	}
}

func compareAll(r kv.Reader, m model) error {
	for _, name := range []string{"one", "two", "three"} {
		for _, reverse := range []bool{false, true} {
			if err := compare(r, m, kv.Bucket{Name: name}, kv.Range{Reverse: reverse}); err != nil {
				return err
			}
		}
	}
	return nil
}
