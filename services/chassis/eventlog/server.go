package eventlog

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/kv"
)

// Bounds of one message.
const (
	defaultPage = 100
	maxPage     = 1000
	maxBytes    = 1 << 20 // of stored entries; a single entry may exceed it by its head
)

// server implements [logv1.LogServiceServer].
type server struct {
	logv1.UnimplementedLogServiceServer
	logs map[string]*Log
}

// NewServer returns the service that serves logs, told apart by their names. Its methods return
// [ErrNoLog], [ErrBeyondLog], [ErrDiverged] and [ErrCorrupt], wrapped, and the store's errors.
func NewServer(logs ...*Log) logv1.LogServiceServer {
	s := &server{logs: make(map[string]*Log, len(logs))}
	for _, l := range logs {
		s.logs[l.name] = l
	}
	return s
}

func (s *server) log(name string) (*Log, error) {
	l := s.logs[name]
	if l == nil {
		return nil, fmt.Errorf("%q: %w", name, ErrNoLog)
	}
	return l, nil
}

// GetCheckpoint implements [logv1.LogServiceServer].
func (s *server) GetCheckpoint(ctx context.Context, in *logv1.GetCheckpointRequest) (*logv1.Checkpoint, error) {
	l, err := s.log(in.GetName())
	if err != nil {
		return nil, err
	}
	return l.Checkpoint(ctx)
}

// ListEntries implements [logv1.LogServiceServer].
func (s *server) ListEntries(ctx context.Context, in *logv1.ListEntriesRequest) (*logv1.ListEntriesResponse, error) {
	l, err := s.log(in.GetParent())
	if err != nil {
		return nil, err
	}
	limit := int64(min(in.GetPageSize(), maxPage))
	if limit <= 0 {
		limit = defaultPage
	}
	var (
		found []StoredEntry
		n     int64
	)
	err = l.db.View(ctx, func(r kv.Reader) (err error) {
		if n, err = l.Size(r); err != nil {
			return err
		}
		found, err = l.stretch(r, in.GetStart(), limit, messageBytes(in.GetDecode()))
		return err
	})
	if err != nil {
		return nil, err
	}
	entries, err := newViewer(ctx).show(found, in.GetDecode())
	if err != nil {
		return nil, err
	}
	return &logv1.ListEntriesResponse{Entries: entries, Size: n}, nil
}

// WatchEntries implements [logv1.LogServiceServer]. Each message is read in a transaction of its own, which
// has ended before the message is sent.
func (s *server) WatchEntries(in *logv1.WatchEntriesRequest, out grpc.ServerStreamingServer[logv1.WatchEntriesResponse]) error {
	l, err := s.log(in.GetParent())
	if err != nil {
		return err
	}
	ctx := out.Context()
	if err := l.sameRoot(ctx, in.GetStart(), in.GetRoot()); err != nil {
		return err
	}
	for next := in.GetStart(); ; {
		changed := l.db.Changed() // taken before reading: a commit in between is not missed
		m, err := l.message(ctx, next, in.GetDecode())
		if err != nil {
			return err
		}
		if len(m.GetEntries()) == 0 {
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := out.Send(m); err != nil {
			return err
		}
		next = m.GetSize()
	}
}

// sameRoot returns [ErrDiverged] if a root is given and the log has another one at that size.
func (l *Log) sameRoot(ctx context.Context, treeSize int64, root []byte) error {
	return l.db.View(ctx, func(r kv.Reader) error {
		have, err := l.Root(r, treeSize)
		if err != nil {
			return err
		}
		if len(root) > 0 && string(root) != string(have[:]) {
			return fmt.Errorf("root of %s at %d is %x, not %x: %w", l.name, treeSize, have[:], root, ErrDiverged)
		}
		return nil
	})
}

// message reads the stretch of the log from start on that fits one message.
func (l *Log) message(ctx context.Context, start int64, decode bool) (*logv1.WatchEntriesResponse, error) {
	var found []StoredEntry
	m := new(logv1.WatchEntriesResponse)
	err := l.db.View(ctx, func(r kv.Reader) (err error) {
		if found, err = l.stretch(r, start, maxPage, messageBytes(decode)); err != nil {
			return err
		}
		m.Size = start + int64(len(found))
		root, err := l.Root(r, m.GetSize())
		m.Root = root[:]
		return err
	})
	if err != nil {
		return nil, err
	}
	m.Entries, err = newViewer(ctx).show(found, decode)
	return m, err
}

// messageBytes returns how many bytes of stored entries go into one message: decoded ones go twice.
func messageBytes(decode bool) int {
	if decode {
		return maxBytes / 2
	}
	return maxBytes
}
