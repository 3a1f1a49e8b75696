package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	backupv1 "gongkai/proto/gongkai/backup/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
)

// Store is a store that can be copied, with the log in it.
type Store struct {
	DB  *kv.DB
	Log *eventlog.Log
}

// Copy is a copy of a store. Reading it gives its bytes, once; closing it lets go of them.
type Copy struct {
	// Head is what the copy is.
	Head *backupv1.Copy
	body io.ReadCloser
}

// Read implements [io.Reader].
func (c *Copy) Read(p []byte) (int, error) { return c.body.Read(p) }

// Close implements [io.Closer].
func (c *Copy) Close() error { return c.body.Close() }

// Take makes a copy of a store, named `stores/{service}`, as a file in a folder that goes when the copy is closed,
// or the process ends. Its head tells the log as the copy has it.
func Take(ctx context.Context, folder, name string, s Store) (_ *Copy, err error) {
	f, err := newSpool(folder)
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	head := &backupv1.Copy{Name: name, TakenAt: timestamppb.New(time.Now())}
	hash := sha256.New()
	buffered := bufio.NewWriterSize(f, 1<<20)
	n, err := s.DB.Backup(ctx, io.MultiWriter(buffered, hash), func(r kv.Reader) error {
		c, err := s.Log.CheckpointOf(r)
		head.LogSize, head.LogRoot, head.Checkpoint, head.VerifierKey = c.GetSize(), c.GetRoot(), c.GetNote(), c.GetVerifierKey()
		return err
	})
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", name, err)
	}
	head.Size, head.Sha256 = n, hash.Sum(nil)
	return &Copy{Head: head, body: f}, nil
}

// spool is a temporary file that nobody else finds.
type spool struct{ *os.File }

// newSpool makes a spool in a folder. Where the system allows it, the file has no name any more.
func newSpool(folder string) (*spool, error) {
	f, err := os.CreateTemp(folder, ".copy-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // Close tries again
	return &spool{f}, nil
}

// Close closes and removes the file.
func (s *spool) Close() error {
	err := s.File.Close()
	_ = os.Remove(s.Name()) // it has gone already, but on Windows
	return err
}
