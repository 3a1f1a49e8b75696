package eventlog

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
)

// MaxPayload is the most bytes that an entry's payload may have.
const MaxPayload = 1 << 20

var (
	// ErrNoLog is returned when a server keeps no log of that name.
	ErrNoLog = errors.New("no such log")
	// ErrBeyondLog is returned when an index or a size lies beyond the log.
	ErrBeyondLog = errors.New("position lies beyond the log")
	// ErrDiverged is returned when a log is not the one that was followed: it lacks entries that were there,
	// or has others in their place. Trying again does not help; the follower has to be rebuilt from a log
	// that is known to be good.
	ErrDiverged = errors.New("log is not the one that was followed")
	// ErrCorrupt is returned when what is stored, or was sent, does not fit its own hashes.
	ErrCorrupt = errors.New("log is damaged")
	// ErrTooLarge is returned when an entry's payload has more than [MaxPayload] bytes.
	ErrTooLarge = errors.New("log entry is too large")
)

// DivergedError tells how a log differs from the one that was followed. It wraps [ErrDiverged].
type DivergedError struct {
	// Log is the log's name, `logs/{service}`.
	Log string
	// Followed is how many entries were followed, Size how many the log has; -1: it does not tell.
	Followed, Size int64
	cause          error
}

// Error tells both sizes.
func (e *DivergedError) Error() string {
	switch {
	case e.Size < 0:
		return fmt.Sprintf("%s has not the %d entries that were followed: %v", e.Log, e.Followed, ErrDiverged)
	case e.Size < e.Followed:
		return fmt.Sprintf("%s has %d entries, %d were followed: %v", e.Log, e.Size, e.Followed, ErrDiverged)
	}
	return fmt.Sprintf("%s has %d entries, but its first %d are not those that were followed: %v", e.Log, e.Size, e.Followed, ErrDiverged)
}

// Unwrap returns [ErrDiverged] and how that was found out.
func (e *DivergedError) Unwrap() []error { return []error{ErrDiverged, e.cause} }

// Salt is the random part of an opening. It hides the payload from those who see the commitment only.
type Salt [32]byte

// NewSalt draws a salt. A transaction may run twice, so draw it before.
func NewSalt() Salt {
	var s Salt
	_, _ = rand.Read(s[:]) // it never fails: the process ends instead
	return s
}

// Log is the event log of one store. Its methods may be called from many goroutines.
type Log struct {
	db       *kv.DB
	name     string
	signer   note.Signer
	verifier string

	mu     sync.Mutex
	signed *logv1.Checkpoint // the latest one signed; nil: none yet
}

// New returns the log of a service, `logs/{service}`, that db holds. Its checkpoints are signed by signer,
// whose name is their origin; verifierKey is the public half, in the form `name+hash+key`.
func New(db *kv.DB, service string, signer note.Signer, verifierKey string) *Log {
	return &Log{db: db, name: "logs/" + service, signer: signer, verifier: verifierKey}
}

// Name returns the log's resource name, `logs/{service}`.
func (l *Log) Name() string { return l.name }

// Append adds an entry in the caller's own transaction, beside the state that it tells of. If public, the
// opening is for everyone, else for those who hold the permission to audit in the organisation of the
// entry's resource. It returns [ErrTooLarge], or an error if the entry has text that is no UTF-8; it has not
// written anything then.
func (l *Log) Append(tx kv.Tx, e *logv1.Entry, salt Salt, public bool) error {
	value, err := encode(e, salt, public)
	if err != nil {
		return fmt.Errorf("append %s to %s: %w", e.GetKind(), l.name, err)
	}
	index, err := size(tx)
	if err != nil {
		return fmt.Errorf("append to %s: %w", l.name, err)
	}
	added, err := tlog.StoredHashes(index, value[1:headLen], hashReader(tx))
	if err != nil {
		return fmt.Errorf("append entry %d to %s: %w", index, l.name, err)
	}
	if err := putEntry(tx, index, value); err != nil {
		return fmt.Errorf("append entry %d to %s: %w", index, l.name, err)
	}
	if err := putHashes(tx, tlog.StoredHashIndex(0, index), added); err != nil {
		return fmt.Errorf("append entry %d to %s: %w", index, l.name, err)
	}
	return nil
}

// Erase drops the salt and the payload of an entry, for good. The leaf stays, and so do all hashes. Erasing
// it again changes nothing. It returns [ErrBeyondLog] if there is no such entry.
func (l *Log) Erase(tx kv.Tx, index int64) error {
	e, err := getEntry(tx, index)
	if err != nil {
		return fmt.Errorf("erase entry %d of %s: %w", index, l.name, err)
	}
	if e.Erased {
		return nil
	}
	if err := putEntry(tx, index, encodeErased(e.Commitment, e.Public)); err != nil {
		return fmt.Errorf("erase entry %d of %s: %w", index, l.name, err)
	}
	return nil
}

// Size returns the number of entries.
func (l *Log) Size(r kv.Reader) (int64, error) {
	n, err := size(r)
	if err != nil {
		return 0, fmt.Errorf("size of %s: %w", l.name, err)
	}
	return n, nil
}

// Root returns the root of the tree of the first so many entries. It returns [ErrBeyondLog] if the log has
// fewer.
func (l *Log) Root(r kv.Reader, treeSize int64) (tlog.Hash, error) {
	n, err := size(r)
	if err == nil && (treeSize < 0 || treeSize > n) {
		err = ErrBeyondLog
	}
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("root of %s at %d: %w", l.name, treeSize, err)
	}
	h, err := tlog.TreeHash(treeSize, hashReader(r))
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("root of %s at %d: %w", l.name, treeSize, err)
	}
	return h, nil
}

// Position returns the position of a follower that has all entries of a snapshot.
func (l *Log) Position(r kv.Reader) (*storev1.FoldPosition, error) {
	n, err := l.Size(r)
	if err != nil {
		return nil, err
	}
	root, err := l.Root(r, n)
	if err != nil {
		return nil, err
	}
	subtrees, err := perfectSubtrees(r, n)
	if err != nil {
		return nil, fmt.Errorf("position in %s at %d: %w", l.name, n, err)
	}
	return &storev1.FoldPosition{Size: n, Root: root[:], Range: subtrees}, nil
}

// Entries returns at most limit entries from start on, in order; they outlive the transaction. It returns
// [ErrBeyondLog] if start is greater than the log's size.
func (l *Log) Entries(r kv.Reader, start, limit int64) ([]StoredEntry, error) {
	return l.stretch(r, start, limit, -1)
}

// stretch is Entries, and ends before the entry with which the stored bytes exceed maxBytes, but not before
// the first one; -1: no bound.
func (l *Log) stretch(r kv.Reader, start, limit int64, maxBytes int) ([]StoredEntry, error) {
	n, err := size(r)
	if err == nil && (start < 0 || start > n) {
		err = ErrBeyondLog
	}
	if err != nil {
		return nil, fmt.Errorf("read %s from %d: %w", l.name, start, err)
	}
	const most = 1000 // room at first
	found := make([]StoredEntry, 0, max(0, min(limit, n-start, most)))
	bytes := 0
	for e, err := range scanEntries(r, start) {
		if err != nil {
			return nil, fmt.Errorf("read %s from %d: %w", l.name, start, err)
		}
		bytes += headLen + len(e.Salt) + len(e.Payload)
		if int64(len(found)) >= limit || maxBytes >= 0 && len(found) > 0 && bytes > maxBytes {
			break
		}
		found = append(found, e.clone())
	}
	return found, nil
}

// VerifierKey returns the key that verifies the log's checkpoints, in the form `name+hash+key`.
func (l *Log) VerifierKey() string { return l.verifier }
