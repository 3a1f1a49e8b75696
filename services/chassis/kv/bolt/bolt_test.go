package bolt_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/kv/kvtest"
)

// place makes a folder for one store, and checks the file's pages when the test has ended.
func place(t testing.TB) kvtest.Open {
	path := filepath.Join(t.TempDir(), "store")
	t.Cleanup(func() {
		if err := bolt.Check(path); err != nil {
			t.Error(err)
		}
	})
	return func() (kv.Engine, error) { return bolt.Open(path) }
}

// copied makes a folder for a store that is a copy.
func copied(t testing.TB, r io.Reader) kvtest.Open {
	path := filepath.Join(t.TempDir(), "store")
	data, err := io.ReadAll(r)
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err == nil {
		err = bolt.Check(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() (kv.Engine, error) { return bolt.Open(path) }
}

func TestEngine(t *testing.T) { kvtest.Run(t, place, copied) }
