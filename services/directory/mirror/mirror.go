package mirror

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// feed is the log that is followed.
const feed = "logs/directory"

// Tree is a copy of the directory's tree. It implements [access.Tree]. Its methods may be called from many
// goroutines, and wait for [Tree.Run] to be begun.
type Tree struct {
	client logv1.LogServiceClient
	now    func() time.Time

	progress eventlog.Progress

	mu       sync.RWMutex // guards what follows
	tree     *organ.Tree
	position *storev1.FoldPosition // how far the log is folded; nil: nothing yet
	ready    bool                  // it has once caught up with the directory
	failed   error                 // why the log cannot be followed any more
	stopped  bool                  // Run was called off
	changed  chan struct{}         // closed when one of the above changes, and made anew
}

// New makes a copy of the tree that the directory behind client keeps; it is empty until Run has read it.
// Today is the civil date in Asia/Shanghai of now.
func New(client logv1.LogServiceClient, now func() time.Time) *Tree {
	return &Tree{client: client, now: now, tree: organ.NewTree(), changed: make(chan struct{})}
}

// Run follows the directory until ctx ends, and then returns the context's error; it may be called again
// after that, and goes on where it was. It returns at once, with what [eventlog.Follow] says, if the
// directory's log is damaged or not the one that was followed; there are no more answers from then on.
func (t *Tree) Run(ctx context.Context) error {
	t.mu.Lock()
	t.stopped = false
	from, failed := t.position, t.failed
	t.mu.Unlock()
	if failed != nil {
		return failed
	}

	err := eventlog.Follow(ctx, t.client, feed, from, t.progress.Of(from, t.fold))

	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	if ctx.Err() == nil {
		t.failed = err
	}
	t.announce()
	return err
}

// Within tells whether an organisation is another one or stands below it today. For an organisation that
// the directory does not have it returns [access.ErrUnknownOrganization]. If the directory cannot be asked
// or followed, the error becomes UNAVAILABLE.
func (t *Tree) Within(ctx context.Context, organization, ancestor string) (bool, error) {
	var known, within bool
	today := workday.On(t.now())
	err := t.consult(ctx, func(tree *organ.Tree) bool {
		_, known = tree.Get(organ.ID(organization))
		_, above := tree.Get(organ.ID(ancestor))
		within = known && Stands(tree, organ.ID(organization), organ.ID(ancestor), today)
		return known && above
	})
	if err == nil && !known {
		err = access.ErrUnknownOrganization
	}
	if err != nil {
		return false, fmt.Errorf("place of organizations/%s: %w", organization, err)
	}
	return within, nil
}

// Exists tells whether an organisation exists on a date. If the directory cannot be asked or followed, the
// error becomes UNAVAILABLE.
func (t *Tree) Exists(ctx context.Context, organization string, on workday.Date) (bool, error) {
	var exists bool
	err := t.consult(ctx, func(tree *organ.Tree) bool {
		_, exists = tree.At(organ.ID(organization), on)
		return exists
	})
	if err != nil {
		return false, fmt.Errorf("existence of organizations/%s: %w", organization, err)
	}
	return exists, nil
}

// consult lets f look at the tree, and once more, after catching up with the directory, if it found no
// answer or the tree had never caught up.
func (t *Tree) consult(ctx context.Context, f func(*organ.Tree) bool) error {
	if found, err := t.look(f); found || err != nil {
		return err
	}
	if err := t.catchUp(ctx); err != nil {
		return err
	}
	_, err := t.look(f)
	return err
}

// Progress is how far the directory is followed.
func (t *Tree) Progress() *eventlog.Progress { return &t.progress }

// CatchUp waits until everything is folded that the directory's log holds now. If the directory cannot be
// asked or followed, the error becomes UNAVAILABLE.
func (t *Tree) CatchUp(ctx context.Context) error { return t.catchUp(ctx) }

// CaughtUp tells whether the tree has once had everything that the directory's log held, and can be followed
// still.
func (t *Tree) CaughtUp() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.ready && t.failed == nil
}

func (t *Tree) look(f func(*organ.Tree) bool) (bool, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.failed != nil {
		return false, fault.Busy(t.failed)
	}
	return t.ready && f(t.tree), nil
}

// catchUp waits until everything is folded that the directory's log holds now.
func (t *Tree) catchUp(ctx context.Context) error {
	now, err := t.client.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: feed})
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fault.Busy(fmt.Errorf("ask for the size of %s: %w", feed, err))
	}
	for {
		there, changed, err := t.reached(now.GetSize())
		if there || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reached tells whether so many entries are folded, and else what to wait for.
func (t *Tree) reached(size int64) (bool, <-chan struct{}, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.failed != nil:
		return false, nil, fault.Busy(t.failed)
	case t.position.GetSize() >= size:
		t.ready = true
		return true, nil, nil
	case t.stopped:
		return false, nil, fault.Busy(errors.New("the directory is not followed any more"))
	}
	return false, t.changed, nil
}

// fold puts a stretch of the log into the tree.
func (t *Tree) fold(_ context.Context, b eventlog.Batch) error {
	organizations, err := read(b)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, o := range organizations {
		t.tree.Put(o)
	}
	t.position = b.Position
	t.announce()
	return nil
}

// announce wakes those who wait for a change. It is called with mu held.
func (t *Tree) announce() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// read reads the organisations of a stretch, as they are after each entry.
func read(b eventlog.Batch) ([]organ.Organization, error) {
	var all []organ.Organization
	for _, e := range b.Entries {
		if e.Entry == nil {
			return nil, fmt.Errorf("entry %d of %s is withheld", e.Index, b.Log)
		}
		if !strings.HasPrefix(e.Entry.GetKind(), "organization.") {
			continue
		}
		var o directoryv1.Organization
		if err := e.Entry.GetState().UnmarshalTo(&o); err != nil {
			return nil, fmt.Errorf("state in entry %d of %s: %w", e.Index, b.Log, err)
		}
		all = append(all, Organization(&o))
	}
	return all, nil
}
