package eventlog

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/kv"
)

// GenerateKey draws an Ed25519 key pair for the checkpoints of a log. The origin is the log's name for the
// world, for example `transparency.example.gov.cn/request`; it has no spaces and no plus sign. Both keys are
// in the signed-note format: the private one is for [note.NewSigner], the verifier is public.
func GenerateKey(origin string) (private, verifier string, err error) {
	private, verifier, err = note.GenerateKey(rand.Reader, origin)
	if err == nil {
		_, err = note.NewSigner(private) // it refuses a name that no note can carry
	}
	if err != nil {
		return "", "", fmt.Errorf("make a key for log %q: %w", origin, err)
	}
	return private, verifier, nil
}

// Checkpoint returns the signed size and root of what is durable. A checkpoint of the same size is signed
// once; the caller may keep and change what it gets.
func (l *Log) Checkpoint(ctx context.Context) (c *logv1.Checkpoint, err error) {
	err = l.db.View(ctx, func(r kv.Reader) error {
		c, err = l.CheckpointOf(r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", l.name, err)
	}
	return c, nil
}

// CheckpointOf returns the signed size and root of a snapshot.
func (l *Log) CheckpointOf(r kv.Reader) (*logv1.Checkpoint, error) {
	n, err := l.Size(r)
	if err != nil {
		return nil, err
	}
	root, err := l.Root(r, n)
	if err != nil {
		return nil, err
	}
	c, err := l.sign(n, root)
	if err != nil {
		return nil, fmt.Errorf("checkpoint of %s at %d: %w", l.name, n, err)
	}
	return c, nil
}

// sign returns the checkpoint of a size and its root.
func (l *Log) sign(n int64, root tlog.Hash) (*logv1.Checkpoint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.signed != nil && l.signed.GetSize() == n {
		return proto.CloneOf(l.signed), nil
	}
	v, err := note.NewVerifier(l.verifier)
	if err != nil {
		return nil, fmt.Errorf("verifier key: %w", err)
	}
	if v.Name() != l.signer.Name() || v.KeyHash() != l.signer.KeyHash() {
		return nil, fmt.Errorf("verifier key of %q does not belong to the signer %q", v.Name(), l.signer.Name())
	}
	text := log.Checkpoint{Origin: l.signer.Name(), Size: uint64(n), Hash: root[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(text)}, l.signer)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	c := &logv1.Checkpoint{Name: l.name, Size: n, Root: root[:], Note: string(signed), VerifierKey: l.verifier}
	if l.signed == nil || l.signed.GetSize() < n {
		l.signed = proto.CloneOf(c)
	}
	return c, nil
}
