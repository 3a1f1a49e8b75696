package server

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// replays remembers what mutations with a request_id did: day (4 bytes, since 1970) ‖ SHA-256 of caller,
// method and request_id → store.v1.Replay.
var replays = kv.Bucket{Name: "replays"}

// replayDays is how many days a request_id is remembered, today included.
const replayDays = 8

// Mutation is a request that changes something.
type Mutation interface {
	proto.Message
	GetRequestId() string
}

// Named is a resource.
type Named interface {
	proto.Message
	GetName() string
}

// Stamp is what is drawn before a transaction, since its function may run twice.
type Stamp struct {
	// At is when the call is recorded.
	At time.Time
	// Actor is the caller's account.
	Actor string
	// Authority is by which right it was let in.
	Authority string
	// Secret keys the hash by which a repeated request is known. It must be set where requests hold personal data:
	// without it, whoever reads the store could try texts out.
	Secret []byte
}

// NewStamp stamps a call.
func NewStamp(ctx context.Context, now time.Time) Stamp {
	return Stamp{At: now, Actor: access.From(ctx).Account, Authority: access.Authority(ctx)}
}

// Write runs change in one transaction, which may run it again, and returns the resource that it made or
// changed. If the request carries a request_id that the same caller used for the same method before,
// nothing is changed: load reads the resource as it is now. The same id with another request is refused.
func Write[M Named](ctx context.Context, db *kv.DB, at Stamp, in Mutation, load func(kv.Reader, string) (M, error), change func(kv.Tx) (M, error)) (M, error) {
	made, err := WriteAll(ctx, db, at, in, load, func(tx kv.Tx) ([]M, error) {
		m, err := change(tx)
		if err != nil {
			return nil, err
		}
		return []M{m}, nil
	})
	if err != nil {
		var none M
		return none, err
	}
	return made[0], nil
}

// WriteAll is Write for a request that makes or changes several resources.
func WriteAll[M Named](ctx context.Context, db *kv.DB, at Stamp, in Mutation, load func(kv.Reader, string) (M, error), change func(kv.Tx) ([]M, error)) ([]M, error) {
	if in.GetRequestId() == "" {
		var made []M
		err := db.Update(ctx, func(tx kv.Tx) (err error) {
			made, err = change(tx)
			return err
		})
		return made, err
	}
	request, err := proto.MarshalOptions{Deterministic: true}.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("hash request: %w", err)
	}
	hash, key := at.hash(request), replayKey(at, in)
	var made []M
	err = db.Update(ctx, func(tx kv.Tx) error {
		replay, err := findReplay(tx, key)
		if err != nil {
			return err
		}
		if replay != nil {
			if !repeats(replay.GetRequestSha256(), request, hash) {
				return fault.RequestIDReused(in.GetRequestId())
			}
			made, err = loadAll(tx, replay.GetResources(), load)
			return err
		}
		out, err := change(tx)
		if err != nil {
			return err
		}
		made = out
		return putReplay(tx, key, hash, at, out)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// hash is what a replay keeps of a request.
func (s Stamp) hash(request []byte) (sum [sha256.Size]byte) {
	if s.Secret == nil {
		return sha256.Sum256(request)
	}
	h := hmac.New(sha256.New, s.Secret)
	h.Write(request)
	h.Sum(sum[:0])
	return sum
}

// repeats tells whether a request is the one that a replay has kept. Those of the first release have no key.
func repeats(kept, request []byte, hash [sha256.Size]byte) bool {
	if bytes.Equal(kept, hash[:]) {
		return true
	}
	plain := sha256.Sum256(request)
	return bytes.Equal(kept, plain[:])
}

func loadAll[M Named](tx kv.Reader, names []string, load func(kv.Reader, string) (M, error)) ([]M, error) {
	var all []M
	for _, name := range names {
		m, err := load(tx, name)
		if err != nil {
			return nil, fmt.Errorf("replay %s: %w", name, err)
		}
		all = append(all, m)
	}
	return all, nil
}

func replayKey(at Stamp, in Mutation) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s", at.Actor, in.ProtoReflect().Descriptor().FullName(), in.GetRequestId())
	return h.Sum(binary.BigEndian.AppendUint32(nil, dayOf(at.At)))
}

func dayOf(t time.Time) uint32 { return uint32(t.Unix() / (24 * 60 * 60)) }

// findReplay looks in the day of the key and the days before it.
func findReplay(tx kv.Reader, key []byte) (*storev1.Replay, error) {
	day := binary.BigEndian.Uint32(key)
	earlier := bytes.Clone(key)
	for back := range uint32(replayDays) {
		if back > day {
			break
		}
		binary.BigEndian.PutUint32(earlier, day-back)
		value, err := tx.Get(replays, earlier)
		if err != nil {
			return nil, fmt.Errorf("read replay: %w", err)
		}
		if value == nil {
			continue
		}
		var replay storev1.Replay
		if err := proto.Unmarshal(value, &replay); err != nil {
			return nil, fmt.Errorf("decode replay: %w", err)
		}
		return &replay, nil
	}
	return nil, nil
}

func putReplay[M Named](tx kv.Tx, key []byte, hash [sha256.Size]byte, at Stamp, made []M) error {
	replay := &storev1.Replay{RequestSha256: hash[:], CreateTime: timestamppb.New(at.At)}
	for _, m := range made {
		replay.Resources = append(replay.Resources, m.GetName())
	}
	value, err := proto.Marshal(replay)
	if err != nil {
		return fmt.Errorf("encode replay: %w", err)
	}
	if err := tx.Put(replays, key, value); err != nil {
		return fmt.Errorf("keep replay: %w", err)
	}
	return forget(tx, binary.BigEndian.Uint32(key))
}

// forget drops a few replays that are older than they are kept, so that the bucket does not grow for ever.
func forget(tx kv.Tx, today uint32) error {
	const few = 4
	var old [][]byte
	for pair, err := range tx.Scan(replays, kv.Range{To: binary.BigEndian.AppendUint32(nil, today-min(today, replayDays-1))}) {
		if err != nil {
			return fmt.Errorf("read old replays: %w", err)
		}
		if old = append(old, bytes.Clone(pair.Key)); len(old) == few {
			break
		}
	}
	for _, key := range old {
		if err := tx.Delete(replays, key); err != nil {
			return fmt.Errorf("drop old replay: %w", err)
		}
	}
	return nil
}

// MatchEtag refuses a change of a resource that the caller read in an earlier state. An empty etag
// matches whatever is there.
func MatchEtag(resource Named, current, given string) error {
	if given != "" && given != current {
		return fault.Stale(resource.GetName(), given, current)
	}
	return nil
}
