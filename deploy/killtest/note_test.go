package killtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	logv1 "gongkai/proto/gongkai/log/v1"
)

func services() []string { return []string{"directory", "disclosure", "request", "report"} }

// notes are the signed checkpoints that were ever returned.
type notes struct {
	mu   sync.Mutex
	all  map[string]map[int64]string // by service and size
	last map[string]int64            // the largest size, by service
	new  []string                    // since they were last taken
}

func newNotes() *notes {
	n := &notes{all: map[string]map[int64]string{}, last: map[string]int64{}}
	for _, service := range services() {
		n.all[service] = map[int64]string{}
	}
	return n
}

// keep keeps a note that verifies. Another one of the same size must say the same, and sizes never shrink.
func (n *notes) keep(service, text, verifierKey string) error {
	c, err := parse(text, verifierKey)
	if err != nil {
		return fmt.Errorf("checkpoint of %s: %w", service, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	size := int64(c.Size)
	if known, ok := n.all[service][size]; ok && known != text {
		return fmt.Errorf("two checkpoints of %s at %d differ:\n%s\n%s", service, size, known, text)
	} else if !ok {
		n.all[service][size] = text
		n.new = append(n.new, text)
	}
	n.last[service] = max(n.last[service], size)
	return nil
}

func parse(text, verifierKey string) (*log.Checkpoint, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return nil, err
	}
	c, _, _, err := log.ParseCheckpoint([]byte(text), verifier.Name(), verifier)
	return c, err
}

// takeNew returns the notes since it was last called, and the largest of each log.
func (n *notes) takeNew() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	taken := n.new
	n.new = nil
	for service, size := range n.last {
		taken = append(taken, n.all[service][size])
	}
	return taken
}

func (n *notes) everyone() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []string
	for _, bySize := range n.all {
		for _, text := range bySize {
			all = append(all, text)
		}
	}
	return all
}

// collect fetches checkpoints, over gRPC and REST by turns, until the child does not answer.
func (n *notes) collect(ctx context.Context, d *doors) error {
	turn := time.NewTicker(10 * time.Millisecond)
	defer turn.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		for _, service := range services() {
			if err := n.fetch(ctx, d, service, i%2 == 0); status.Code(err) == codes.Unavailable || ctx.Err() != nil {
				return nil
			} else if err != nil {
				return err
			}
		}
		select {
		case <-turn.C:
		case <-ctx.Done():
		}
	}
	return nil
}

func (n *notes) fetch(ctx context.Context, d *doors, service string, overREST bool) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	c, err := d.logs.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/" + service})
	if err != nil {
		return err
	}
	if err := n.keep(service, c.GetNote(), c.GetVerifierKey()); err != nil || !overREST {
		return err
	}
	text, err := d.rest.checkpoint(ctx, service)
	if err != nil {
		return err
	}
	return n.keep(service, text, c.GetVerifierKey())
}

// prove has each log prove that it continues the largest checkpoint and a few others, and returns its present size.
func (n *notes) prove(ctx context.Context, d *doors) (sizes map[string]int64, err error) {
	sizes = map[string]int64{}
	for _, service := range services() {
		now, err := d.logs.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/" + service})
		if err != nil {
			return nil, err
		}
		sizes[service] = now.GetSize()
		for _, text := range n.some(service) {
			if err := proveOne(ctx, d, now, text); err != nil {
				return nil, err
			}
		}
		if err := n.keep(service, now.GetNote(), now.GetVerifierKey()); err != nil {
			return nil, err
		}
	}
	return sizes, nil
}

// some are the notes of the largest sizes, and any others.
func (n *notes) some(service string) []string {
	const largest, others = 3, 5
	n.mu.Lock()
	defer n.mu.Unlock()
	var sizes []int64
	for size := range n.all[service] { // in random order
		sizes = append(sizes, size)
	}
	picked := slices.Clone(sizes[:min(others, len(sizes))])
	slices.Sort(sizes)
	picked = append(picked, sizes[max(0, len(sizes)-largest):]...)
	var texts []string
	for _, size := range picked {
		texts = append(texts, n.all[service][size])
	}
	return texts
}

func proveOne(ctx context.Context, d *doors, now *logv1.Checkpoint, earlier string) error {
	old, err := parse(earlier, now.GetVerifierKey())
	if err != nil {
		return fmt.Errorf("checkpoint of %s kept from before: %w", now.GetName(), err)
	}
	if old.Size == 0 {
		return nil // whatever the log holds continues it
	}
	proof, err := d.logs.ProveConsistency(ctx, &logv1.ProveConsistencyRequest{Name: now.GetName(), OldSize: int64(old.Size), Size: now.GetSize()})
	if err != nil {
		return fmt.Errorf("prove that %s continues its checkpoint of %d: %w", now.GetName(), old.Size, err)
	}
	var hashes tlog.TreeProof
	for _, h := range proof.GetHashes() {
		hashes = append(hashes, tlog.Hash(h))
	}
	if err := tlog.CheckTree(hashes, now.GetSize(), tlog.Hash(now.GetRoot()), int64(old.Size), tlog.Hash(old.Hash)); err != nil {
		return fmt.Errorf("%s of %d does not continue its checkpoint of %d: %w", now.GetName(), now.GetSize(), old.Size, err)
	}
	return nil
}
