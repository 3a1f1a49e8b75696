// Package kvtest is the one conformance suite of kv engines, and holds an engine in memory that passes it.
//
// An engine's own test is one call:
//
//	kvtest.Run(t, place, copied)
//
// where place says where a new store lies, and copied puts a copy of a store there:
//
//	func place(t testing.TB) kvtest.Open {
//		path := filepath.Join(t.TempDir(), "store")
//		return func() (kv.Engine, error) { return bolt.Open(path) }
//	}
//
// The suite has no exemptions: what an engine does differently, so that a caller of kv could see it, is a bug.
package kvtest

import (
	"io"
	"testing"

	"gongkai/services/chassis/kv"
)

// Open opens an engine on one place. Opening it again, once the engine before is closed, finds the same data.
type Open func() (kv.Engine, error)

// Place prepares a new, empty place for one store, for as long as the test runs.
type Place func(t testing.TB) Open

// CopyPlace prepares a place that holds what Copy has written, for as long as the test runs.
type CopyPlace func(t testing.TB, r io.Reader) Open

// Run holds an engine to the contract of package kv.
func Run(t *testing.T, place Place, copied CopyPlace) {
	t.Run("Contract", func(t *testing.T) { contract(t, place) })
	t.Run("Range", func(t *testing.T) { ranges(t, place) })
	t.Run("Simulation", func(t *testing.T) { simulation(t, place) })
	t.Run("Company", func(t *testing.T) { company(t, place) })
	t.Run("Mixture", func(t *testing.T) { mixture(t, place) })
	t.Run("Fault", func(t *testing.T) { faults(t, place) })
	t.Run("Close", func(t *testing.T) { closing(t, place) })
	t.Run("View", func(t *testing.T) { views(t, place) })
	t.Run("Copy", func(t *testing.T) { copies(t, place, copied) })
}

// must opens an engine for a test, which closes it at its end. The bucket that tells a store is there, as in
// every store.
func (open Open) must(t testing.TB) kv.Engine {
	t.Helper()
	e, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	write(t, e, put(kv.Bucket{Name: kv.Meta}, "test"))
	return e
}

// store opens a store for a test, which closes it at its end.
func (open Open) store(t testing.TB, o kv.Options) *kv.DB {
	t.Helper()
	e, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return store(t, e, o)
}

func store(t testing.TB, e kv.Engine, o kv.Options) *kv.DB {
	t.Helper()
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
