package eventlog

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
)

// tracker computes the roots of a log that is followed, from the commitments alone.
type tracker struct {
	tree *compact.Range
}

// newTracker starts at a position, which must fit its own root; nil: at the start.
func newTracker(from *storev1.FoldPosition) (*tracker, error) {
	f := &compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	if from.GetSize() == 0 {
		return &tracker{f.NewEmptyRange(0)}, nil
	}
	if from.GetSize() < 0 {
		return nil, fmt.Errorf("position %d: %w", from.GetSize(), ErrCorrupt)
	}
	tree, err := f.NewRange(0, uint64(from.GetSize()), slices.Clone(from.GetRange()))
	if err != nil {
		return nil, fmt.Errorf("position %d: %w: %w", from.GetSize(), ErrCorrupt, err)
	}
	t := &tracker{tree}
	if !bytes.Equal(t.root(), from.GetRoot()) {
		return nil, fmt.Errorf("position %d does not fit its root: %w", from.GetSize(), ErrCorrupt)
	}
	return t, nil
}

func (t *tracker) size() int64 { return int64(t.tree.End()) }

// root returns the root so far.
func (t *tracker) root() []byte {
	if t.tree.End() == 0 {
		return rfc6962.DefaultHasher.EmptyRoot()
	}
	root, err := t.tree.GetRootHash(nil)
	if err != nil {
		return nil // it errs for ranges that do not begin at 0, and fits no root then
	}
	return root
}

// position returns where the tracker is.
func (t *tracker) position() *storev1.FoldPosition {
	return &storev1.FoldPosition{Size: t.size(), Root: t.root(), Range: slices.Clone(t.tree.Hashes())}
}

// take verifies a message and goes on to the position that it leads to. After an error the tracker is of no use.
func (t *tracker) take(m *logv1.WatchEntriesResponse) ([]Entry, error) {
	entries := make([]Entry, 0, len(m.GetEntries()))
	for _, e := range m.GetEntries() {
		if e.GetIndex() != t.size() {
			return nil, fmt.Errorf("entry %d came in the place of %d: %w", e.GetIndex(), t.size(), ErrCorrupt)
		}
		opened, err := open(e)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", e.GetIndex(), err)
		}
		if err := t.tree.Append(rfc6962.DefaultHasher.HashLeaf(e.GetCommitment()), nil); err != nil {
			return nil, fmt.Errorf("entry %d: %w: %w", e.GetIndex(), ErrCorrupt, err)
		}
		entries = append(entries, Entry{Index: e.GetIndex(), Entry: opened})
	}
	if m.GetSize() != t.size() || !bytes.Equal(m.GetRoot(), t.root()) {
		return nil, fmt.Errorf("entries lead to size %d and root %x, the source says %d and %x: %w",
			t.size(), t.root(), m.GetSize(), m.GetRoot(), ErrCorrupt)
	}
	return entries, nil
}

// open decodes an entry whose opening is there and fits its commitment; nil if it is withheld or erased.
func open(e *logv1.LogEntry) (*logv1.Entry, error) {
	if len(e.GetCommitment()) != sha256.Size {
		return nil, fmt.Errorf("commitment has %d bytes: %w", len(e.GetCommitment()), ErrCorrupt)
	}
	if len(e.GetSalt()) == 0 && len(e.GetPayload()) == 0 {
		return nil, nil
	}
	c := commit(e.GetSalt(), e.GetPayload())
	if len(e.GetSalt()) != len(Salt{}) || !bytes.Equal(c[:], e.GetCommitment()) {
		return nil, fmt.Errorf("opening does not fit the commitment: %w", ErrCorrupt)
	}
	return decodePayload(e.GetPayload())
}
