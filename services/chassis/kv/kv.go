// Package kv is the suite's only storage seam: ordered buckets of bytes, serializable transactions,
// and group commit.
//
// A [DB] stands on an [Engine]. The engine knows how to read a snapshot and how to run one write
// transaction at a time; the DB gathers the callers that arrive while a commit is under way and puts
// them into the next one, so that many small durable writes share one sync.
//
// Caveats, the same for every engine:
//   - a function given to [DB.Update] may run more than once, and not on the goroutine of its caller: draw
//     ids, dates and salts before it, assign results last, and do nothing in it that a second run would do
//     twice;
//   - slices that a transaction hands out live only as long as the transaction, and must not be changed;
//   - never open a transaction inside another one, and never hold a read transaction across a network send;
//   - keys sort as bytes: write numbers big-endian and of fixed width.
package kv

import (
	"errors"
	"io"
	"iter"
)

// Bucket names one ordered set of keys of a store. It exists as soon as something is put into it.
type Bucket struct {
	Name string
	// Grows declares that keys are only ever added at the end, so that an engine may fill its pages whole.
	Grows bool
}

// Range is the keys from From (included) to To (excluded). A nil From begins at the first key; a nil
// To goes on to the last. Reverse walks it backwards.
type Range struct {
	From, To []byte
	Reverse  bool
}

// Pair is one key with its value; both live as long as the transaction that handed them out.
type Pair struct {
	Key, Value []byte
}

// Reader reads one consistent snapshot of a store.
type Reader interface {
	// Get returns the value of a key, or nil if the key is absent. An empty value is not nil.
	Get(b Bucket, key []byte) ([]byte, error)
	// Scan walks a range in the order of its keys. It stops after the first error, which it yields.
	// The bucket must not be changed while it is being walked.
	Scan(b Bucket, r Range) iter.Seq2[Pair, error]
}

// Tx is a write transaction: what it has put it also reads.
type Tx interface {
	Reader
	// Put stores a value under a key. Neither slice is kept after the call. Keys are never empty.
	Put(b Bucket, key, value []byte) error
	// Delete removes a key; an absent key is no error.
	Delete(b Bucket, key []byte) error
}

// Engine stores the bytes. Its one conformance suite is package kvtest. After Close, View, Copy and
// Begin return [ErrClosed].
type Engine interface {
	// View runs f on a snapshot of what is committed. Views run side by side with everything else.
	View(f func(Reader) error) error
	// Copy writes what is committed to w, whole and in the engine's own form, and returns how many bytes that
	// took. Stored at a new place it opens as the same store. If look is not nil it runs first, on the very
	// snapshot that is copied. Copies run side by side with everything else.
	Copy(w io.Writer, look func(Reader) error) (int64, error)
	// Begin opens the one write transaction; a second call waits until the first has ended.
	Begin() (EngineTx, error)
	// Close waits for running transactions and lets go of the files. A second call does nothing.
	Close() error
}

// EngineTx is an engine's write transaction; exactly one of Commit and Rollback ends it.
type EngineTx interface {
	Tx
	// Commit makes the transaction durable. After an error the transaction has ended all the same: its outcome
	// is unknown, unless the error wraps [ErrFull], which says that nothing of it is kept.
	Commit() error
	// Rollback forgets the transaction.
	Rollback() error
}

// Meta is the name of the bucket that a [DB] keeps for itself. Stores leave it alone.
const Meta = "meta"

var (
	// ErrClosed is returned when the store is closed, or was closed by a commit of unknown outcome.
	ErrClosed = errors.New("store is closed")
	// ErrUnknownOutcome is returned when a commit's sync failed: it may or may not be durable. The
	// store closes itself, and what was committed is decided when it is opened again.
	ErrUnknownOutcome = errors.New("outcome of the commit is unknown")
	// ErrFull is returned when there was no room for a commit. Nothing of it is kept; reads go on, and so do
	// writes once there is room again.
	ErrFull = errors.New("no room left for the store")
	// ErrFormat is returned when a store was written by a newer version of the suite.
	ErrFormat = errors.New("store has a newer format than this version understands")
	// ErrLocked is returned when another process has the store open.
	ErrLocked = errors.New("store is in use by another process")
)

// Prefix returns the range of the keys that begin with p. It keeps p.
func Prefix(p []byte) Range {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] < 0xff {
			to := append([]byte(nil), p[:i+1]...)
			to[i]++
			return Range{From: p, To: to}
		}
	}
	return Range{From: p}
}
