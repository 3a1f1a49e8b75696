package kv_test

import (
	"errors"
	"sync"
	"testing"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
)

// A commit for which there is no room fails for each of its callers, and for nobody else: the store stays open.
func TestFull(t *testing.T) {
	engine := kvtest.NewFaulty(kvtest.NewMemory())
	db, err := kv.Open(engine, kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	bucket := kv.Bucket{Name: "records"}
	put := func(key string) error {
		return db.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(bucket, []byte(key), []byte("value")) })
	}
	kept := func(key string) bool {
		var value []byte
		if err := db.View(t.Context(), func(r kv.Reader) (err error) {
			value, err = r.Get(bucket, []byte(key))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return value != nil
	}
	for range 10 {
		engine.Fail(kvtest.Full)
		var callers sync.WaitGroup
		errs := make([]error, 64)
		for i := range errs {
			callers.Go(func() { errs[i] = put(string(rune('A' + i))) })
		}
		callers.Wait()
		full := 0
		for i, err := range errs {
			key := string(rune('A' + i))
			switch {
			case errors.Is(err, kv.ErrFull):
				full++
			case err != nil:
				t.Fatalf("%s: %v", key, err)
			case !kept(key):
				t.Errorf("%s was acknowledged and is not there", key)
			}
		}
		if full == 0 {
			t.Error("the commit without room failed for nobody")
		}
	}
	if err := put("afterwards"); err != nil || !kept("afterwards") {
		t.Errorf("with room again: %v", err)
	}
}
