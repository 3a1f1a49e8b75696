package eventlog

import (
	"bytes"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/services/chassis/kv"
)

// Verify computes the whole log anew from its entries: that each opening fits its commitment, that no entry
// is missing, and that exactly the right hashes are stored. It returns the size and the root that it computed;
// on an error, which names the first index that differs and wraps [ErrCorrupt], the number of entries that are
// good.
func (l *Log) Verify(r kv.Reader) (size int64, root tlog.Hash, err error) {
	stored := newHashCursor(r)
	defer stored.stop()
	var edge []tlog.Hash // the perfect subtrees so far, the largest first
	for e, err := range scanEntries(r, 0) {
		if err == nil {
			err = e.check()
		}
		if err == nil {
			edge, err = grow(edge, e, stored)
		}
		if err != nil {
			return size, tlog.Hash{}, fmt.Errorf("verify %s: %w", l.name, err)
		}
		size++
	}
	if err := stored.end(); err != nil {
		return size, tlog.Hash{}, fmt.Errorf("verify %s: %w", l.name, err)
	}
	return size, edgeRoot(edge), nil
}

// grow adds a leaf to the edge of a tree, and compares each hash that it makes with the stored one.
func grow(edge []tlog.Hash, e StoredEntry, stored *hashCursor) ([]tlog.Hash, error) {
	h := tlog.RecordHash(e.Commitment[:])
	for n := e.Index; ; n >>= 1 {
		if err := stored.match(h); err != nil {
			return nil, fmt.Errorf("tree at entry %d: %w", e.Index, err)
		}
		if n&1 == 0 {
			return append(edge, h), nil
		}
		h = tlog.NodeHash(edge[len(edge)-1], h)
		edge = edge[:len(edge)-1]
	}
}

// edgeRoot returns the root of a tree of which the perfect subtrees are given, the largest first.
func edgeRoot(edge []tlog.Hash) tlog.Hash {
	if len(edge) == 0 {
		empty, _ := tlog.TreeHash(0, nil) // a constant
		return empty
	}
	root := edge[len(edge)-1]
	for i := len(edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(edge[i], root)
	}
	return root
}

// hashCursor walks the stored hashes in their order.
type hashCursor struct {
	next  func() (kv.Pair, error, bool)
	stop  func()
	index int64
}

func newHashCursor(r kv.Reader) *hashCursor {
	next, stop := iter.Pull2(r.Scan(hashesBucket(), kv.Range{}))
	return &hashCursor{next: next, stop: stop}
}

// match returns an error unless the next stored hash is h.
func (c *hashCursor) match(h tlog.Hash) error {
	p, err, ok := c.next()
	if err != nil {
		return err
	}
	if !ok || !bytes.Equal(p.Key, key(c.index)) {
		return fmt.Errorf("stored hash %d is missing: %w", c.index, ErrCorrupt)
	}
	if !bytes.Equal(p.Value, h[:]) {
		return fmt.Errorf("stored hash %d differs: %w", c.index, ErrCorrupt)
	}
	c.index++
	return nil
}

// end returns an error if hashes are left over.
func (c *hashCursor) end() error {
	p, err, ok := c.next()
	if err != nil {
		return err
	}
	if ok {
		return fmt.Errorf("stored hash under key %x has no entry: %w", p.Key, ErrCorrupt)
	}
	return nil
}
