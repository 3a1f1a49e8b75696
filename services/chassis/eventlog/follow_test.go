package eventlog_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
)

var (
	positions = kv.Bucket{Name: "position"}
	counts    = kv.Bucket{Name: "count"}
)

// folder is a follower's state: how often it has folded each entry.
type folder struct{ db *kv.DB }

// position returns where the follower is.
func (f folder) position(t testing.TB) *storev1.FoldPosition {
	t.Helper()
	p := new(storev1.FoldPosition)
	err := f.db.View(context.Background(), func(r kv.Reader) error {
		b, err := r.Get(positions, []byte("logs/request"))
		if err != nil {
			return err
		}
		return proto.Unmarshal(b, p)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fold counts entries and moves the position, in one transaction.
func (f folder) fold(ctx context.Context, b eventlog.Batch) error {
	return f.db.Update(ctx, func(tx kv.Tx) error {
		for _, e := range b.Entries {
			key := binary.BigEndian.AppendUint64(nil, uint64(e.Index))
			before, err := tx.Get(counts, key)
			if err != nil {
				return err
			}
			if err := tx.Put(counts, key, append(bytes.Clone(before), 'x')); err != nil {
				return err
			}
		}
		p, err := proto.Marshal(b.Position)
		if err != nil {
			return err
		}
		return tx.Put(positions, []byte(b.Log), p)
	})
}

// until folds, and ends the following once the position is reached.
func (f folder) until(size int64, end context.CancelFunc) func(context.Context, eventlog.Batch) error {
	return func(ctx context.Context, b eventlog.Batch) error {
		err := f.fold(ctx, b)
		if b.Position.GetSize() >= size {
			end()
		}
		return err
	}
}

// once checks that each of the first entries has been folded once, and that the position fits the log.
func (f folder) once(t *testing.T, db *kv.DB, l *eventlog.Log) {
	t.Helper()
	size, root := verify(t, db, l)
	if p := f.position(t); p.GetSize() != size || !bytes.Equal(p.GetRoot(), root[:]) {
		t.Errorf("position %d, %x, want %d, %x", p.GetSize(), p.GetRoot(), size, root[:])
	}
	found := pairs(t, f.db, counts)
	for i, p := range found {
		if string(p.Value) != "x" || binary.BigEndian.Uint64(p.Key) != uint64(i) {
			t.Errorf("entry %x was folded %d times", p.Key, len(p.Value))
		}
	}
	if int64(len(found)) != size {
		t.Errorf("%d entries were folded, want %d", len(found), size)
	}
}

// A follower folds each entry once, though its fold fails before and after its commit, it starts anew each
// time, the server goes away and comes back, and entries come all the while.
func TestFollowFoldsEachEntryOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := store(t)
		l := logOf(t, db)
		f := folder{store(t)}
		p := new(place)
		stop := p.serve(t, l)
		client := p.client(t)
		add(t, db, l, 3, "652701201", false)

		const want = 600
		random := rand.New(rand.NewPCG(1, 2))
		var failed, restarted int
		fold := func(ctx context.Context, b eventlog.Batch) error {
			if b.Position.GetSize() < want {
				add(t, db, l, 3, "652701201", false)
			}
			switch random.IntN(8) {
			case 0:
				failed++
				return errWanted
			case 1:
				failed++
				return errors.Join(f.fold(ctx, b), errWanted)
			case 2:
				restarted++
				stop()
				stop = p.serve(t, l)
			}
			if err := f.fold(ctx, b); err != nil || b.Position.GetSize() < want {
				return err
			}
			return errWanted
		}
		for f.position(t).GetSize() < want {
			if err := eventlog.Follow(t.Context(), client, "logs/request", f.position(t), fold); !errors.Is(err, errWanted) {
				t.Fatal(err)
			}
		}
		if failed < 10 || restarted < 10 {
			t.Errorf("only %d folds failed and %d servers went away", failed, restarted)
		}
		f.once(t, db, l)
	})
}

// A follower comes back by itself when the server does, and waits longer and longer in between.
func TestFollowConnectsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := store(t)
		l := logOf(t, db)
		f := folder{store(t)}
		p := new(place)
		stop := p.serve(t, l)
		var calls atomic.Int32
		client := p.client(t, grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, m string, s grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
			calls.Add(1)
			return s(ctx, d, c, m, o...)
		}))
		add(t, db, l, 5, "652701201", false)
		ctx, end := context.WithCancel(t.Context())
		followed := make(chan error)
		go func() { followed <- eventlog.Follow(ctx, client, "logs/request", nil, f.until(12, end)) }()
		synctest.Wait()
		if n := f.position(t).GetSize(); n != 5 {
			t.Errorf("position %d, want 5", n)
		}

		stop()
		add(t, db, l, 7, "652701201", false)
		before := calls.Load()
		time.Sleep(5 * time.Minute) // of the bubble
		if n := calls.Load() - before; n < 30 || n > 75 {
			t.Errorf("%d calls in five minutes without a server", n)
		}
		p.serve(t, l)
		if err := <-followed; !errors.Is(err, context.Canceled) {
			t.Errorf("following ended with %v", err)
		}
		f.once(t, db, l)
	})
}

// A follower that may not see an opening, and one whose entry was erased, still follow.
func TestFollowWithoutOpenings(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 2, "652701201", true)
	add(t, db, l, 2, "652701201", false)
	add(t, db, l, 2, "652702", false)
	erase(t, db, l, 0)
	erase(t, db, l, 3)
	client := served(t, l)
	for who, want := range map[string][]int64{"": {1}, "652701": {1, 2}, "*": {1, 2, 4, 5}} {
		f := folder{store(t)}
		ctx, end := context.WithCancel(t.Context())
		if who != "" {
			ctx = auditor(ctx, who)
		}
		var got []int64
		err := eventlog.Follow(ctx, client, "logs/request", nil, func(ctx context.Context, b eventlog.Batch) error {
			for _, e := range b.Entries {
				if e.Entry != nil {
					got = append(got, e.Index)
				}
				if e.Entry != nil && e.Entry.GetRevision() != e.Index+1 {
					t.Errorf("entry %d is %v", e.Index, e.Entry)
				}
			}
			return f.until(6, end)(ctx, b)
		})
		if !errors.Is(err, context.Canceled) || !slices.Equal(got, want) {
			t.Errorf("auditor of %q gets %v, want %v: %v", who, got, want, err)
		}
		f.once(t, db, l)
	}
}

// follow follows a log from a position until it stops by itself; nothing may be folded.
func follow(t *testing.T, c logv1.LogServiceClient, log string, from *storev1.FoldPosition) error {
	t.Helper()
	return eventlog.Follow(auditor(t.Context(), "*"), c, log, from, func(_ context.Context, b eventlog.Batch) error {
		t.Errorf("folded %d entries", len(b.Entries))
		return errWanted
	})
}

// A follower refuses a log that was rewritten or cut off behind its position, and one that is not there.
func TestFollowRefusesAnotherLog(t *testing.T) {
	good := store(t)
	l := logOf(t, good)
	add(t, good, l, 6, "652701201", true)
	f := folder{store(t)}
	ctx, end := context.WithCancel(t.Context())
	if err := eventlog.Follow(ctx, served(t, l), "logs/request", nil, f.until(6, end)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	from := f.position(t)

	rewritten := store(t)
	r := logOf(t, rewritten)
	add(t, rewritten, r, 3, "652701201", true)
	add(t, rewritten, r, 5, "652701202", true)
	if err := follow(t, served(t, r), "logs/request", from); !errors.Is(err, eventlog.ErrDiverged) {
		t.Errorf("a rewritten log: %v", err)
	} else if text := "logs/request has 8 entries, but its first 6 are not those that were followed"; !strings.Contains(err.Error(), text) {
		t.Errorf("a rewritten log: %v, want %s", err, text)
	}
	short := store(t)
	s := logOf(t, short)
	add(t, short, s, 5, "652701201", true)
	err := follow(t, served(t, s), "logs/request", from)
	var diverged *eventlog.DivergedError
	if !errors.As(err, &diverged) || !errors.Is(err, eventlog.ErrDiverged) || diverged.Log != "logs/request" || diverged.Followed != 6 || diverged.Size != 5 {
		t.Errorf("a shorter log: %v", err)
	}
	if err := follow(t, served(t, l), "logs/other", from); !errors.Is(err, eventlog.ErrNoLog) {
		t.Errorf("no log: %v", err)
	}
}

// A follower goes on from the position of any snapshot as from one that it came to itself.
func TestPosition(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	client := served(t, l)
	for size := int64(0); size < 18; size++ {
		var from *storev1.FoldPosition
		if err := db.View(t.Context(), func(r kv.Reader) (err error) { from, err = l.Position(r); return err }); err != nil || from.GetSize() != size {
			t.Fatalf("position at %d: %v, %v", size, from, err)
		}
		add(t, db, l, 1, "652701201", true)
		ctx, end := context.WithCancel(t.Context())
		folded := int64(-1)
		err := eventlog.Follow(ctx, client, "logs/request", from, func(_ context.Context, b eventlog.Batch) error {
			folded = b.Entries[0].Index
			end()
			return nil
		})
		if !errors.Is(err, context.Canceled) || folded != size {
			t.Errorf("from %d: folded %d, %v", size, folded, err)
		}
	}
}

// A position that does not fit its own root is not followed from.
func TestFollowRefusesAGarbledPosition(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 7, "652701201", true)
	f := folder{store(t)}
	ctx, end := context.WithCancel(t.Context())
	client := served(t, l)
	if err := eventlog.Follow(ctx, client, "logs/request", nil, f.until(7, end)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for name, garble := range map[string]func(*storev1.FoldPosition){
		"negative":         func(p *storev1.FoldPosition) { p.Size = -1 },
		"another size":     func(p *storev1.FoldPosition) { p.Size = 8 },
		"another root":     func(p *storev1.FoldPosition) { p.Root[3] ^= 1 },
		"no root":          func(p *storev1.FoldPosition) { p.Root = nil },
		"another subtree":  func(p *storev1.FoldPosition) { p.Range[1][3] ^= 1 },
		"a subtree less":   func(p *storev1.FoldPosition) { p.Range = p.Range[1:] },
		"an empty subtree": func(p *storev1.FoldPosition) { p.Range[0] = nil },
	} {
		p := f.position(t)
		garble(p)
		if err := follow(t, client, "logs/request", p); !errors.Is(err, eventlog.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A follower refuses whatever a source, or somebody in between, has changed in a message.
func TestFollowRefusesAChangedMessage(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 6, "652701201", true)
	p := new(place)
	p.serve(t, l)
	for name, alter := range map[string]func(*logv1.WatchEntriesResponse){
		"payload":            func(m *logv1.WatchEntriesResponse) { m.Entries[2].Payload[4] ^= 1 },
		"longer payload":     func(m *logv1.WatchEntriesResponse) { m.Entries[2].Payload = append(m.Entries[2].Payload, 0) },
		"no payload":         func(m *logv1.WatchEntriesResponse) { m.Entries[2].Payload = nil },
		"salt":               func(m *logv1.WatchEntriesResponse) { m.Entries[2].Salt[31] ^= 1 },
		"no salt":            func(m *logv1.WatchEntriesResponse) { m.Entries[2].Salt = nil },
		"shifted salt":       func(m *logv1.WatchEntriesResponse) { shift(m.Entries[2]) },
		"commitment":         func(m *logv1.WatchEntriesResponse) { m.Entries[2].Commitment[0] ^= 1 },
		"commitment alone":   func(m *logv1.WatchEntriesResponse) { withhold(m.Entries[2]); m.Entries[2].Commitment[0] ^= 1 },
		"short commitment":   func(m *logv1.WatchEntriesResponse) { withhold(m.Entries[2]); m.Entries[2].Commitment = nil },
		"index":              func(m *logv1.WatchEntriesResponse) { m.Entries[2].Index++ },
		"entry left out":     func(m *logv1.WatchEntriesResponse) { m.Entries = slices.Delete(m.Entries, 2, 3) },
		"last entry missing": func(m *logv1.WatchEntriesResponse) { m.Entries = m.Entries[:5] },
		"no entries":         func(m *logv1.WatchEntriesResponse) { m.Entries = nil },
		"entries swapped":    func(m *logv1.WatchEntriesResponse) { m.Entries[2], m.Entries[3] = m.Entries[3], m.Entries[2] },
		"commitments swapped": func(m *logv1.WatchEntriesResponse) {
			m.Entries[2], m.Entries[3] = m.Entries[3], m.Entries[2]
			m.Entries[2].Index, m.Entries[3].Index = 2, 3
		},
		"size":    func(m *logv1.WatchEntriesResponse) { m.Size++ },
		"root":    func(m *logv1.WatchEntriesResponse) { m.Root[0] ^= 1 },
		"no root": func(m *logv1.WatchEntriesResponse) { m.Root = nil },
	} {
		if err := follow(t, p.client(t, altering(alter)), "logs/request", nil); !errors.Is(err, eventlog.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Withheld and otherwise unchanged is no damage, and neither is a message without news.
	f := folder{store(t)}
	ctx, end := context.WithCancel(t.Context())
	client := p.client(t, altering(func(m *logv1.WatchEntriesResponse) { withhold(m.Entries[2]) }))
	if err := eventlog.Follow(ctx, client, "logs/request", nil, f.until(6, end)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	f.once(t, db, l)
}

// shift moves the border between salt and payload: the hash is the same.
func shift(e *logv1.LogEntry) {
	e.Salt, e.Payload = append(e.Salt, e.Payload[0]), e.Payload[1:]
}

func withhold(e *logv1.LogEntry) { e.Salt, e.Payload = nil, nil }

// altering changes messages on their way to a client.
func altering(alter func(*logv1.WatchEntriesResponse)) grpc.DialOption {
	return grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, m string, s grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
		cs, err := s(ctx, d, c, m, o...)
		return &alteredStream{cs, alter}, err
	})
}

type alteredStream struct {
	grpc.ClientStream
	alter func(*logv1.WatchEntriesResponse)
}

func (s *alteredStream) RecvMsg(m any) error {
	err := s.ClientStream.RecvMsg(m)
	if err == nil {
		s.alter(m.(*logv1.WatchEntriesResponse))
	}
	return err
}

// What refuses a call for good is returned at once; what may pass is tried again.
func TestFollowJudgesErrors(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 1, "652701201", true)
	p := new(place)
	p.serve(t, l)
	for cause, want := range map[error]error{
		status.Error(codes.FailedPrecondition, ""): eventlog.ErrDiverged,
		status.Error(codes.OutOfRange, ""):         eventlog.ErrDiverged,
		status.Error(codes.NotFound, ""):           eventlog.ErrNoLog,
		status.Error(codes.DataLoss, ""):           eventlog.ErrCorrupt,
		status.Error(codes.PermissionDenied, "me"): status.Error(codes.PermissionDenied, "me"),
		status.Error(codes.Unauthenticated, "who"): status.Error(codes.Unauthenticated, "who"),
		status.Error(codes.Unimplemented, "what"):  status.Error(codes.Unimplemented, "what"),
		status.Error(codes.Unavailable, ""):        nil,
		status.Error(codes.Internal, ""):           nil,
		status.Error(codes.ResourceExhausted, ""):  nil,
		io.EOF: nil,
	} {
		var calls atomic.Int32
		client := p.client(t, grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, m string, s grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
			if calls.Add(1) == 1 {
				return nil, cause
			}
			return s(ctx, d, c, m, o...)
		}))
		err := eventlog.Follow(t.Context(), client, "logs/request", nil, func(context.Context, eventlog.Batch) error { return errWanted })
		if want == nil && (!errors.Is(err, errWanted) || calls.Load() != 2) {
			t.Errorf("%v was not tried again: %v after %d calls", cause, err, calls.Load())
		}
		if want != nil && (!errors.Is(err, want) || calls.Load() != 1) {
			t.Errorf("%v gave %v after %d calls, want %v", cause, err, calls.Load(), want)
		}
	}
}
