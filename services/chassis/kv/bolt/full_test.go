//go:build linux

package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
)

// TestFullDisk fills a small disk: the commit for which there is no room keeps nothing and says so, reads go on, writes
// resume when there is room again, and what was acknowledged is there after reopening.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("needs the right to mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "full.db")
	db := openFull(t, path)
	bucket, value := kv.Bucket{Name: "records"}, bytes.Repeat([]byte("x"), 64<<10)
	put := func(n uint64) error {
		return db.Update(t.Context(), func(tx kv.Tx) error {
			return tx.Put(bucket, binary.BigEndian.AppendUint64(nil, n), value)
		})
	}
	kept := uint64(0)
	var err error
	for ; err == nil && kept < 1000; kept++ {
		err = put(kept)
	}
	if kept--; !errors.Is(err, kv.ErrFull) || kept == 0 {
		t.Fatalf("after %d records: %v", kept, err)
	}
	if err := put(kept); !errors.Is(err, kv.ErrFull) {
		t.Errorf("again: %v", err)
	}
	if got := countFull(t, db, bucket); got != kept {
		t.Errorf("%d records can be read, %d were kept", got, kept)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(20) {
		if err := put(kept + n); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Check(path); err != nil {
		t.Error(err)
	}
	db = openFull(t, path)
	if got := countFull(t, db, bucket); got != kept+20 {
		t.Errorf("%d records after reopening, want %d", got, kept+20)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func openFull(t *testing.T, path string) *kv.DB {
	t.Helper()
	engine, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	db, err := kv.Open(engine, kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func countFull(t *testing.T, db *kv.DB, b kv.Bucket) (n uint64) {
	t.Helper()
	err := db.View(t.Context(), func(r kv.Reader) error {
		for _, err := range r.Scan(b, kv.Range{}) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
