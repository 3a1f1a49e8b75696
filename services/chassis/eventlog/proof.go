package eventlog

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/kv"
)

// ProveInclusion implements [logv1.LogServiceServer].
func (s *server) ProveInclusion(ctx context.Context, in *logv1.ProveInclusionRequest) (*logv1.InclusionProof, error) {
	name, last, _ := strings.Cut(in.GetName(), "/entries/")
	l, err := s.log(name)
	if err != nil {
		return nil, err
	}
	index, err := strconv.ParseInt(last, 10, 64)
	if err != nil || index < 0 {
		return nil, fmt.Errorf("prove entry %q of %s: %w", last, name, ErrBeyondLog)
	}
	var p *logv1.InclusionProof
	err = l.db.View(ctx, func(r kv.Reader) (err error) {
		p, err = l.proveInclusion(r, index, in.GetSize())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prove entry %d of %s: %w", index, name, err)
	}
	return p, nil
}

func (l *Log) proveInclusion(r kv.Reader, index, treeSize int64) (*logv1.InclusionProof, error) {
	treeSize, root, err := l.tree(r, treeSize)
	if err != nil {
		return nil, err
	}
	if index >= treeSize {
		return nil, ErrBeyondLog
	}
	leaf, err := hashReader(r).ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return nil, err
	}
	p, err := tlog.ProveRecord(treeSize, index, hashReader(r))
	if err != nil {
		return nil, err
	}
	return &logv1.InclusionProof{Index: index, LeafHash: leaf[0][:], Size: treeSize, Root: root[:], Hashes: raw(p)}, nil
}

// ProveConsistency implements [logv1.LogServiceServer].
func (s *server) ProveConsistency(ctx context.Context, in *logv1.ProveConsistencyRequest) (*logv1.ConsistencyProof, error) {
	l, err := s.log(in.GetName())
	if err != nil {
		return nil, err
	}
	var p *logv1.ConsistencyProof
	err = l.db.View(ctx, func(r kv.Reader) (err error) {
		p, err = l.proveConsistency(r, in.GetOldSize(), in.GetSize())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prove that %s continues %d: %w", l.name, in.GetOldSize(), err)
	}
	return p, nil
}

func (l *Log) proveConsistency(r kv.Reader, oldSize, treeSize int64) (*logv1.ConsistencyProof, error) {
	treeSize, root, err := l.tree(r, treeSize)
	if err != nil {
		return nil, err
	}
	if oldSize > treeSize {
		return nil, ErrBeyondLog
	}
	oldRoot, err := l.Root(r, oldSize)
	if err != nil {
		return nil, err
	}
	var p tlog.TreeProof
	if oldSize > 0 { // every tree continues the empty one: nothing to prove
		if p, err = tlog.ProveTree(treeSize, oldSize, hashReader(r)); err != nil {
			return nil, err
		}
	}
	return &logv1.ConsistencyProof{OldSize: oldSize, OldRoot: oldRoot[:], Size: treeSize, Root: root[:], Hashes: raw(p)}, nil
}

// tree returns the size and the root of the tree that a proof is about; 0 means the current one.
func (l *Log) tree(r kv.Reader, treeSize int64) (int64, tlog.Hash, error) {
	if treeSize == 0 {
		n, err := l.Size(r)
		if err != nil {
			return 0, tlog.Hash{}, err
		}
		treeSize = n
	}
	root, err := l.Root(r, treeSize)
	return treeSize, root, err
}

func raw(hashes []tlog.Hash) [][]byte {
	b := make([][]byte, len(hashes))
	for i := range hashes {
		b[i] = hashes[i][:]
	}
	return b
}
