package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
)

// How long a follower waits before it connects again: it doubles from the first to the last, until a
// message has come.
const (
	firstWait = 50 * time.Millisecond
	lastWait  = 10 * time.Second
)

// Entry is an entry as a follower gets it.
type Entry struct {
	// Index is its place in the log, counted from 0.
	Index int64
	// Entry is what it says; nil if its opening is withheld or erased.
	Entry *logv1.Entry
}

// Batch is the next stretch of a log.
type Batch struct {
	// Log is the log's name, `logs/{service}`.
	Log string
	// Entries are the entries, in order; there is at least one.
	Entries []Entry
	// Position is the one that they lead to. It belongs to whoever gets the batch.
	Position *storev1.FoldPosition
}

// Follow hands the entries of a log to fold, in order and without gaps, from a position on; nil: from the
// start. The fold must commit its state and the batch's position in one transaction: then each entry counts
// exactly once, whatever breaks. Follow works until ctx ends, and then returns the context's error.
//
// It trusts neither the source nor the connection. On every connect the source's log must have the
// position's root; each opening must fit its commitment; and each message must lead to the root that Follow
// computes itself. It connects again, after a while, when the connection breaks. It returns at once
//   - a [*DivergedError] if the source has another log at that position, or a shorter one;
//   - [ErrCorrupt] if a message does not fit its hashes, or the position does not fit its own root;
//   - [ErrNoLog] if the source keeps no such log;
//   - the status, if the source refuses the call for another reason that does not pass by itself;
//   - what fold returned, unless ctx has ended.
func Follow(ctx context.Context, client logv1.LogServiceClient, log string, from *storev1.FoldPosition, fold func(context.Context, Batch) error) error {
	t, err := newTracker(from)
	if err != nil {
		return fmt.Errorf("follow %s: %w", log, err)
	}
	f := &follower{client: client, log: log, fold: fold, tracker: t}
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		before := f.tracker.size()
		err := f.connect(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var broken *brokenError
		if errors.Is(err, ErrDiverged) {
			return f.diverged(ctx, err)
		}
		if !errors.As(err, &broken) {
			return fmt.Errorf("follow %s from %d: %w", log, f.tracker.size(), err)
		}
		if f.tracker.size() > before {
			wait = firstWait
		}
		slog.WarnContext(ctx, "feed broke off", "log", log, "position", f.tracker.size(), "error", err, "wait", wait)
		if err := sleep(ctx, wait/2+rand.N(wait/2)); err != nil {
			return err
		}
	}
}

// follower is one call of Follow.
type follower struct {
	client  logv1.LogServiceClient
	log     string
	fold    func(context.Context, Batch) error
	tracker *tracker
}

// brokenError is a connection that broke: it is worth trying again.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// connect follows the log over one connection, and returns why that ended, never nil.
func (f *follower) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := &logv1.WatchEntriesRequest{Parent: f.log, Start: f.tracker.size()}
	if in.GetStart() > 0 {
		in.Root = f.tracker.root()
	}
	stream, err := f.client.WatchEntries(ctx, in)
	if err != nil {
		return judge(err)
	}
	received := make(chan stretch, readAhead)
	go f.receive(ctx, stream, received)
	defer func() {
		cancel()
		for range received { // until it has let go of the tracker
		}
	}()
	var last time.Time // when a fold began
	for {
		next, ok := <-received
		if !ok {
			return ctx.Err()
		}
		if err := sleep(ctx, time.Until(last.Add(pace))); err != nil {
			return err
		}
		next, last = next.join(received), time.Now()
		if n := len(next.entries); n > 0 {
			if err := f.fold(ctx, Batch{Log: f.log, Entries: next.entries, Position: next.position}); err != nil {
				return fmt.Errorf("fold %d entries: %w", n, err)
			}
		}
		if next.err != nil {
			return next.err
		}
	}
}

// pace is the time from one fold to the next, at least: a fold costs its store two syncs, however little it holds, and
// while a source is written to without pause there is something to fold after each of its commits.
const pace = 20 * time.Millisecond

// readAhead is how many messages are received while others are folded.
const readAhead = 8

// stretch is a part of the log that was received and verified, or, with it, why there is no more.
type stretch struct {
	entries  []Entry
	position *storev1.FoldPosition // after the entries
	err      error
}

// join adds what has been received meanwhile, so that a follower that is slower than its source makes up for it
// by larger commits.
func (s stretch) join(received <-chan stretch) stretch {
	for s.err == nil && len(s.entries) < maxPage {
		select {
		case more, ok := <-received:
			if !ok {
				return s
			}
			if len(more.entries) > 0 {
				s.entries, s.position = append(s.entries, more.entries...), more.position
			}
			s.err = more.err
		default:
			return s
		}
	}
	return s
}

// receive receives and verifies messages until there are no more, and says why last. Until then the tracker is its.
func (f *follower) receive(ctx context.Context, stream grpc.ServerStreamingClient[logv1.WatchEntriesResponse], to chan<- stretch) {
	defer close(to)
	for {
		var next stretch
		m, err := stream.Recv()
		if err != nil {
			next.err = judge(err)
		} else if next.entries, next.err = f.tracker.take(m); next.err == nil {
			next.position = f.tracker.position()
		} else {
			next.entries = nil
		}
		select {
		case to <- next:
		case <-ctx.Done():
			return
		}
		if next.err != nil {
			return
		}
	}
}

// diverged says how the source's log differs from what was followed, as far as the source still tells.
func (f *follower) diverged(ctx context.Context, err error) error {
	d := &DivergedError{Log: f.log, Followed: f.tracker.size(), Size: -1, cause: err}
	if c, err := f.client.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: f.log}); err == nil {
		d.Size = c.GetSize()
	}
	return d
}

// judge tells a refusal from a broken connection.
func judge(err error) error {
	if errors.Is(err, io.EOF) {
		return &brokenError{errors.New("source ended the feed")}
	}
	switch status.Code(err) {
	case codes.FailedPrecondition, codes.OutOfRange:
		return fmt.Errorf("%w: %w", ErrDiverged, err)
	case codes.NotFound:
		return fmt.Errorf("%w: %w", ErrNoLog, err)
	case codes.DataLoss:
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.Unimplemented:
		return err
	}
	return &brokenError{err}
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
