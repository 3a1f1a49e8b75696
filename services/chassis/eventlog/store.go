package eventlog

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"

	"golang.org/x/mod/sumdb/tlog"

	"gongkai/services/chassis/kv"
)

// entriesBucket holds the entries by index.
func entriesBucket() kv.Bucket { return kv.Bucket{Name: "log.entries", Grows: true} }

// hashesBucket holds the hashes of the perfect subtrees by stored hash index.
func hashesBucket() kv.Bucket { return kv.Bucket{Name: "log.hashes", Grows: true} }

// key is an index as its bucket has it: 8 bytes, big-endian.
func key(index int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(index)) }

// parseKey is the inverse of key.
func parseKey(k []byte) (int64, error) {
	if len(k) != 8 || binary.BigEndian.Uint64(k) > math.MaxInt64 {
		return 0, fmt.Errorf("garbled key %x: %w", k, ErrCorrupt)
	}
	return int64(binary.BigEndian.Uint64(k)), nil
}

// size returns the number of entries: one more than the last index.
func size(r kv.Reader) (int64, error) {
	for p, err := range r.Scan(entriesBucket(), kv.Range{Reverse: true}) {
		if err != nil {
			return 0, err
		}
		last, err := parseKey(p.Key)
		if err != nil {
			return 0, err
		}
		return last + 1, nil
	}
	return 0, nil
}

func putEntry(tx kv.Tx, index int64, value []byte) error {
	return tx.Put(entriesBucket(), key(index), value)
}

// getEntry reads one entry, which lives as long as the transaction.
func getEntry(r kv.Reader, index int64) (StoredEntry, error) {
	if index < 0 {
		return StoredEntry{}, ErrBeyondLog
	}
	value, err := r.Get(entriesBucket(), key(index))
	if err != nil {
		return StoredEntry{}, err
	}
	if value == nil {
		return StoredEntry{}, ErrBeyondLog
	}
	return decode(index, value)
}

// scanEntries walks the entries from start on, which live as long as the transaction. It yields an error
// if one is missing.
func scanEntries(r kv.Reader, start int64) iter.Seq2[StoredEntry, error] {
	return func(yield func(StoredEntry, error) bool) {
		index := start
		for p, err := range r.Scan(entriesBucket(), kv.Range{From: key(start)}) {
			if err != nil {
				yield(StoredEntry{}, err)
				return
			}
			at, err := parseKey(p.Key)
			if err == nil && at != index {
				err = fmt.Errorf("entry %d is missing: %w", index, ErrCorrupt)
			}
			var e StoredEntry
			if err == nil {
				e, err = decode(index, p.Value)
			}
			if !yield(e, err) || err != nil {
				return
			}
			index++
		}
	}
}

// putHashes stores hashes from a stored hash index on.
func putHashes(tx kv.Tx, index int64, hashes []tlog.Hash) error {
	for i := range hashes {
		if err := tx.Put(hashesBucket(), key(index+int64(i)), hashes[i][:]); err != nil {
			return err
		}
	}
	return nil
}

// perfectSubtrees returns the hashes of the perfect subtrees that make up a tree of a size, from the largest to
// the smallest.
func perfectSubtrees(r kv.Reader, treeSize int64) ([][]byte, error) {
	var indexes []int64
	begin := int64(0)
	for level := 62; level >= 0; level-- {
		if treeSize&(1<<level) != 0 {
			indexes = append(indexes, tlog.StoredHashIndex(level, begin>>level))
			begin += 1 << level
		}
	}
	hashes, err := hashReader(r).ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	found := make([][]byte, len(hashes))
	for i := range hashes {
		found[i] = hashes[i][:]
	}
	return found, nil
}

// hashReader reads stored hashes.
func hashReader(r kv.Reader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			value, err := r.Get(hashesBucket(), key(index))
			if err != nil {
				return nil, err
			}
			if len(value) != tlog.HashSize {
				return nil, fmt.Errorf("stored hash %d has %d bytes: %w", index, len(value), ErrCorrupt)
			}
			copy(hashes[i][:], value)
		}
		return hashes, nil
	})
}
