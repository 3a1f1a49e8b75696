package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"syscall"

	"go.etcd.io/bbolt"

	"gongkai/services/chassis/kv"
)

// chunk is how many bytes of values are allocated at once.
const chunk = 16 << 10

// tx implements [kv.EngineTx].
type tx struct {
	tx      *bbolt.Tx
	buckets []handle
	arena   []byte // the values put, which bbolt wants to live until the commit
}

// handle is a bucket that this transaction has looked up; nil: there is none.
type handle struct {
	name   string
	bucket *bbolt.Bucket
}

// Get implements [kv.Reader].
func (t *tx) Get(b kv.Bucket, key []byte) ([]byte, error) {
	h := t.open(b)
	if h.bucket == nil {
		return nil, nil
	}
	return h.bucket.Get(key), nil
}

// Scan implements [kv.Reader].
func (t *tx) Scan(b kv.Bucket, r kv.Range) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		h := t.open(b)
		if h.bucket == nil {
			return
		}
		c := h.bucket.Cursor()
		if r.Reverse {
			backward(c, r, yield)
		} else {
			forward(c, r, yield)
		}
	}
}

func forward(c *bbolt.Cursor, r kv.Range, yield func(kv.Pair, error) bool) {
	for k, v := c.Seek(r.From); k != nil; k, v = c.Next() {
		if r.To != nil && bytes.Compare(k, r.To) >= 0 || !yield(kv.Pair{Key: k, Value: v}, nil) {
			return
		}
	}
}

func backward(c *bbolt.Cursor, r kv.Range, yield func(kv.Pair, error) bool) {
	k, v := last(c, r.To)
	for ; k != nil; k, v = c.Prev() {
		if bytes.Compare(k, r.From) < 0 || !yield(kv.Pair{Key: k, Value: v}, nil) {
			return
		}
	}
}

// last moves to the last key before to, nil: the last key of all.
func last(c *bbolt.Cursor, to []byte) (key, value []byte) {
	if to != nil {
		if k, _ := c.Seek(to); k != nil {
			return c.Prev()
		}
	}
	return c.Last()
}

// Put implements [kv.Tx].
func (t *tx) Put(b kv.Bucket, key, value []byte) error {
	h := t.open(b)
	if h.bucket == nil {
		made, err := t.tx.CreateBucketIfNotExists([]byte(b.Name))
		if err != nil {
			return fmt.Errorf("make bucket %q: %w", b.Name, err)
		}
		h.bucket = made
	}
	if b.Grows {
		h.bucket.FillPercent = 1
	}
	if err := h.bucket.Put(key, t.keep(value)); err != nil {
		return fmt.Errorf("put into bucket %q: %w", b.Name, err)
	}
	return nil
}

// Delete implements [kv.Tx].
func (t *tx) Delete(b kv.Bucket, key []byte) error {
	h := t.open(b)
	if h.bucket == nil {
		return nil
	}
	if err := h.bucket.Delete(key); err != nil {
		return fmt.Errorf("delete from bucket %q: %w", b.Name, err)
	}
	return nil
}

// Commit implements [kv.EngineTx].
func (t *tx) Commit() error {
	committed := false
	defer func() {
		if !committed {
			// Not every way out of a failed commit gives up bbolt's write lock, and Close needs it.
			_ = t.tx.Rollback()
		}
	}()
	db, id := t.tx.DB(), t.tx.ID()
	err := t.tx.Commit()
	committed = err == nil
	if noRoom(err) {
		_ = t.tx.Rollback() // as above; it is over by now, or ends here
		if before(db, id) {
			return fmt.Errorf("%w: %w", kv.ErrFull, err)
		}
	}
	return err
}

// noRoom tells whether the disk, or what the user may have of it, is full. Not every error of bbolt's wraps its cause.
func noRoom(err error) bool {
	if err == nil {
		return false
	}
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, full) || strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}

// before tells whether the file is as it was before a transaction: whoever looks at it now sees an earlier one.
func before(db *bbolt.DB, id int) bool {
	earlier := false
	err := db.View(func(now *bbolt.Tx) error {
		earlier = now.ID() < id
		return nil
	})
	return err == nil && earlier
}

// Rollback implements [kv.EngineTx].
func (t *tx) Rollback() error { return t.tx.Rollback() }

// open looks a bucket up, once a transaction. The handle lives until the next call.
func (t *tx) open(b kv.Bucket) *handle {
	for i := range t.buckets {
		if t.buckets[i].name == b.Name {
			return &t.buckets[i]
		}
	}
	t.buckets = append(t.buckets, handle{b.Name, t.tx.Bucket([]byte(b.Name))})
	return &t.buckets[len(t.buckets)-1]
}

// keep copies a value, never to nil.
func (t *tx) keep(value []byte) []byte {
	if len(value) > chunk/4 {
		return bytes.Clone(value)
	}
	if t.arena == nil || len(value) > cap(t.arena)-len(t.arena) {
		t.arena = make([]byte, 0, chunk)
	}
	n := len(t.arena)
	t.arena = append(t.arena, value...)
	return t.arena[n:len(t.arena):len(t.arena)]
}
