// Package bolt keeps a store in one bbolt file.
//
// The file and its lock belong to one process. Its free list is synced, so that a large store opens fast.
// Reads are of a memory map: they never wait for writes.
package bolt

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"gongkai/services/chassis/kv"
)

// lockTimeout is how long Open waits for another process to let go of the file.
const lockTimeout = 200 * time.Millisecond

// mapSize is the address space in bytes that is mapped from the start, whatever the file's size. As long as
// the file is smaller, a commit never waits for readers to map it anew.
const mapSize = 1 << 30

// Open opens the store at a path, and makes it, readable by its owner only, if there is none. It returns
// [kv.ErrLocked] if another process has it open, and an error that names the path if the file is damaged, is
// cut short, or is not a store.
func Open(path string) (kv.Engine, error) {
	_, err := os.Stat(path)
	isNew := errors.Is(err, os.ErrNotExist)
	db, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if isNew {
		if err := syncFolder(filepath.Dir(path)); err != nil {
			return nil, errors.Join(fmt.Errorf("sync the folder of %s: %w", path, err), db.Close())
		}
	}
	return &engine{db: db}, nil
}

// Check reads the whole file at a path, which nobody may have open, and returns what is wrong with its pages.
func Check(path string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	db, err := open(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(t *bbolt.Tx) error {
		var found []error
		for e := range t.Check() {
			found = append(found, fmt.Errorf("check %s: %w", path, e))
		}
		return errors.Join(found...)
	})
}

// open opens the file. What bbolt answers with a panic or a fault in mapped memory, since it trusts what it
// reads, becomes an error here; the lock and the map of such a file last as long as the process.
func open(path string) (db *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			db, err = nil, fmt.Errorf("file is damaged: %v", v)
		}
	}()
	o := &bbolt.Options{Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType}
	// On Windows the file itself would grow to the size of its map.
	if strconv.IntSize == 64 && runtime.GOOS != "windows" {
		o.InitialMmapSize = mapSize
	}
	db, err = bbolt.Open(path, 0o600, o)
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, kv.ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("file is damaged or is not a store: %w", err)
	case err != nil:
		return nil, err
	}
	if err := db.View(recognise); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// recognise returns an error if the file ends before its last page, or holds data, but not a store's.
func recognise(t *bbolt.Tx) error {
	info, err := os.Stat(t.DB().Path())
	if err != nil {
		return err
	}
	if info.Size() < t.Size() {
		return fmt.Errorf("file is cut short: %d bytes of %d", info.Size(), t.Size())
	}
	if first, _ := t.Cursor().First(); first != nil && t.Bucket([]byte(kv.Meta)) == nil {
		return fmt.Errorf("file is not a store: it has a bucket %q, but no %q", first, kv.Meta)
	}
	return nil
}

// syncFolder makes a new file's name durable.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// engine implements [kv.Engine].
type engine struct {
	db *bbolt.DB
}

// View implements [kv.Engine].
func (e *engine) View(f func(kv.Reader) error) error {
	t, err := e.db.Begin(false)
	if err != nil {
		return closed(err)
	}
	defer t.Rollback() //nolint:errcheck // ends a read, which cannot fail
	return f(&tx{tx: t})
}

// Copy implements [kv.Engine]. The copy is a bbolt file.
func (e *engine) Copy(w io.Writer, look func(kv.Reader) error) (n int64, err error) {
	t, err := e.db.Begin(false)
	if err != nil {
		return 0, closed(err)
	}
	defer t.Rollback() //nolint:errcheck // ends a read, which cannot fail
	if look != nil {
		if err := look(&tx{tx: t}); err != nil {
			return 0, err
		}
	}
	return t.WriteTo(w)
}

// Begin implements [kv.Engine].
func (e *engine) Begin() (kv.EngineTx, error) {
	t, err := e.db.Begin(true)
	if err != nil {
		return nil, closed(err)
	}
	return &tx{tx: t}, nil
}

// Close implements [kv.Engine].
func (e *engine) Close() error { return e.db.Close() }

// closed returns the seam's error for a file that is closed.
func closed(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return kv.ErrClosed
	}
	return err
}
