package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
)

// filled makes a closed store of a few hundred pages and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	d := open(t, path)
	for i := range 50 {
		if err := d.Update(context.Background(), func(x kv.Tx) error {
			for j := range 20 {
				key := binary.BigEndian.AppendUint64(nil, uint64(i*20+j))
				if err := x.Put(kv.Bucket{Name: "things"}, key, make([]byte, 1000)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *kv.DB {
	t.Helper()
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := kv.Open(e, kv.Options{})
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

// refused tests that the file is not opened, and that the error names it.
func refused(t *testing.T, path, because string) {
	t.Helper()
	e, err := bolt.Open(path)
	if err == nil {
		t.Fatal("file was opened", e.Close())
	}
	if errors.Is(err, kv.ErrLocked) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), because) {
		t.Errorf("open: %v", err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("file modes are not kept there")
	}
	path := filled(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	d := open(t, path)
	_, err := bolt.Open(path)
	if !errors.Is(err, kv.ErrLocked) || !strings.Contains(err.Error(), path) {
		t.Errorf("second open: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestForeignFiles(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"Text", []byte("name,code\n")},
		{"LongText", bytes.Repeat([]byte("name,code\n"), 10_000)},
		{"Zeros", make([]byte, 1<<16)},
		{"OtherDatabase", append([]byte("SQLite format 3\x00"), make([]byte, 1<<15)...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store")
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, "damaged or is not a store")
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, c.content) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
	t.Run("Folder", func(t *testing.T) { refused(t, t.TempDir(), "directory") })
	t.Run("NoFolder", func(t *testing.T) { refused(t, filepath.Join(t.TempDir(), "none", "store"), "no such") })
}

// A bbolt file of another program is left alone.
func TestOtherProgramsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(func(x *bbolt.Tx) error {
		_, err := x.CreateBucket([]byte("sessions"))
		return err
	}), db.Close()); err != nil {
		t.Fatal(err)
	}
	refused(t, path, `"sessions"`)
}

// A file that was cut short anywhere is refused: reading past its end would kill the process.
func TestCutShort(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for n := 1; n < 50*20*1000; n += 30_000 { // what was written is longer; bbolt keeps the file longer still
		path := filepath.Join(folder, fmt.Sprint(n))
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "file")
	}
}

// A file whose pages are overwritten is refused, and stops no process.
func TestDamaged(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	for i := 2 * page; i < len(whole); i += page {
		copy(whole[i:], bytes.Repeat([]byte{0xa5}, 64))
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "file is damaged")
}

// Check finds a page that is damaged where opening does not look. Reading it is an error for the reader only.
func TestDamagedPage(t *testing.T) {
	path := filled(t)
	if err := bolt.Check(path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The pages of the bucket's entries are the only ones whose elements are three keys of eight bytes; their
	// values' sizes are set to reach far beyond the file.
	damaged := 0
	for i := 2 * os.Getpagesize(); i < len(whole); i += os.Getpagesize() {
		const leaf, valueSize = 0x02, 16 + 12
		if binary.NativeEndian.Uint16(whole[i+8:]) == leaf && binary.NativeEndian.Uint32(whole[i+valueSize:]) == 1000 {
			binary.NativeEndian.PutUint32(whole[i+valueSize:], 0x7ffffff)
			binary.NativeEndian.PutUint32(whole[i+valueSize-8:], 0x7fffffff)
			damaged++
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil || damaged == 0 {
		t.Fatalf("%d pages damaged: %v", damaged, err)
	}
	if err := bolt.Check(path); err == nil {
		t.Error("check found nothing")
	}
	unreadable(t, open(t, path))
}

// A disk that fails shows in mapped memory as a fault, like a file that shrinks under its store.
func TestFileShrinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be cut there")
	}
	path := filled(t)
	d := open(t, path)
	if err := os.Truncate(path, int64(2*os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	unreadable(t, d)
}

// unreadable tests that readers get an error, and nobody else any harm.
func unreadable(t *testing.T, d *kv.DB) {
	t.Helper()
	read := func(r kv.Reader) error {
		sum := 0
		for p, err := range r.Scan(kv.Bucket{Name: "things"}, kv.Range{}) {
			if err != nil {
				return err
			}
			for _, b := range p.Value {
				sum += int(b)
			}
		}
		return fmt.Errorf("read everything, sum %d", sum)
	}
	var fault *kv.PanicError
	if err := d.View(context.Background(), read); !errors.As(err, &fault) {
		t.Errorf("view: %v", err)
	}
	if err := d.Update(context.Background(), func(x kv.Tx) error { return read(x) }); !errors.As(err, &fault) {
		t.Errorf("update: %v", err)
	}
}
