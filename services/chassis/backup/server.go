package backup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	backupv1 "gongkai/proto/gongkai/backup/v1"
	"gongkai/services/chassis/fault"
)

const (
	// chunk is how many bytes go into one message.
	chunk = 256 << 10
	// atOnce is how many copies may lie in the folder at once: two of a whole suite.
	atOnce = 8
)

// server implements [backupv1.BackupServiceServer].
type server struct {
	backupv1.UnimplementedBackupServiceServer
	folder string
	stores map[string]Store
	room   chan struct{}
}

// NewServer returns the service that sends copies of stores, told apart by their names, `stores/{service}`. The
// copies lie in a folder until they are sent.
func NewServer(folder string, stores map[string]Store) backupv1.BackupServiceServer {
	return &server{folder: folder, stores: stores, room: make(chan struct{}, atOnce)}
}

// Backup implements [backupv1.BackupServiceServer]. The copy is a file before the first byte is sent.
func (s *server) Backup(in *backupv1.BackupRequest, out grpc.ServerStreamingServer[backupv1.BackupResponse]) (err error) {
	store, ok := s.stores[in.GetName()]
	if !ok {
		return fault.NotFound(in.GetName())
	}
	select {
	case s.room <- struct{}{}:
		defer func() { <-s.room }()
	default:
		return fault.Busy(errors.New("as many copies are under way as may be"))
	}
	c, err := Take(out.Context(), s.folder, in.GetName(), store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := out.Send(&backupv1.BackupResponse{Part: &backupv1.BackupResponse_Copy{Copy: c.Head}}); err != nil {
		return err
	}
	data := make([]byte, chunk)
	for {
		n, err := c.Read(data)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read copy of %s: %w", in.GetName(), err)
		}
		if err := out.Send(&backupv1.BackupResponse{Part: &backupv1.BackupResponse_Data{Data: data[:n]}}); err != nil {
			return err
		}
	}
}

// Ask asks a server for a copy of a store, and returns once the server has made it. Reading the copy receives
// it; [Write] compares it with what its head says. Its Close, or the end of ctx, lets go of it.
func Ask(ctx context.Context, client backupv1.BackupServiceClient, name string) (*Copy, error) {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := client.Backup(ctx, &backupv1.BackupRequest{Name: name})
	if err == nil {
		var first *backupv1.BackupResponse
		if first, err = stream.Recv(); err == nil {
			if head := first.GetCopy(); head.GetName() == name {
				return &Copy{Head: head, body: &received{stream: stream, cancel: cancel}}, nil
			}
			err = errors.New("the server did not say what it sends")
		}
	}
	cancel()
	return nil, fmt.Errorf("copy %s: %w", name, err)
}

// received reads the messages of a copy.
type received struct {
	stream grpc.ServerStreamingClient[backupv1.BackupResponse]
	cancel context.CancelFunc
	rest   []byte
}

// Read implements [io.Reader].
func (r *received) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		m, err := r.stream.Recv()
		if err != nil {
			return 0, err
		}
		r.rest = m.GetData()
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close implements [io.Closer].
func (r *received) Close() error {
	r.cancel()
	return nil
}
