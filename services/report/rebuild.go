package report

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// console is the account of what is done with the data folder itself, past the services.
const console = "console"

// ErrRebuildBrokenOff is the error of a store whose totals are neither the old nor the new ones, since a rebuild did not end.
var ErrRebuildBrokenOff = errors.New("a rebuild of the totals was broken off; run gongkai rebuild again")

// Rebuild folds the totals anew from the whole of the logs, and puts them in the place of those stored: the way
// out when a log is not the one that was followed, since its store was put back to an older copy. Reports stay
// as they are, and seals are those of the report log, which gets an entry that says so. Nobody else may have
// the stores open. own is the report service's log in db, sources are those it follows, by service.
//
// It writes in pieces, however large the totals are. Broken off between them, it leaves a store that is refused with
// [ErrRebuildBrokenOff] until a rebuild ends.
//
// A seal may name a position that a log no longer has. From here on it ends where the log ended now: what the
// log gets later is late, as it is for a follower.
func Rebuild(ctx context.Context, db *kv.DB, own *eventlog.Log, sources map[string]Source, now time.Time) error {
	salt := eventlog.NewSalt()
	var c *recomputed
	err := db.View(ctx, func(r kv.Reader) (err error) {
		c, err = foldLogs(r, Source{Log: own, Reader: r}, sources, false)
		return err
	})
	if err != nil {
		return err
	}
	at := &reportv1.Seal{}
	positions := make(map[string]*storev1.FoldPosition)
	for _, service := range slices.Sorted(maps.Keys(sources)) {
		source := sources[service]
		position, err := source.Log.Position(source.Reader)
		if err != nil {
			return err
		}
		positions[source.Log.Name()] = position
		at.Feeds = append(at.Feeds, &reportv1.FeedPosition{Log: source.Log.Name(), Size: position.GetSize(), Root: position.GetRoot()})
	}
	if err := db.Update(ctx, func(tx kv.Tx) error { return tx.Put(rebuilding, rebuildingKey, []byte{1}) }); err != nil {
		return fmt.Errorf("begin rebuild: %w", err)
	}
	if err := empty(ctx, db, append([]kv.Bucket{organizations, feeds, seals}, allTotals...)); err != nil {
		return err
	}
	if err := c.store(ctx, db); err != nil {
		return err
	}
	return db.Update(ctx, func(tx kv.Tx) error {
		if err := c.storeRest(tx, positions); err != nil {
			return err
		}
		if err := tx.Delete(rebuilding, rebuildingKey); err != nil {
			return fmt.Errorf("end rebuild: %w", err)
		}
		return logRebuilt(tx, own, at, salt, now)
	})
}

// rebuildingKey is the one key of the bucket rebuilding.
var rebuildingKey = []byte{0}

// whole refuses a store in which a rebuild did not end.
func whole(r kv.Reader) error {
	value, err := r.Get(rebuilding, rebuildingKey)
	if err == nil && value != nil {
		err = ErrRebuildBrokenOff
	}
	return err
}

// piece is how many rows a rebuild writes in one transaction.
const piece = 100_000

// empty removes all keys of buckets.
func empty(ctx context.Context, db *kv.DB, buckets []kv.Bucket) error {
	for done := false; !done; {
		err := db.Update(ctx, func(tx kv.Tx) error {
			left := piece
			for _, b := range buckets {
				var keys [][]byte
				for pair, err := range tx.Scan(b, kv.Range{}) {
					if err != nil {
						return fmt.Errorf("read %s: %w", b.Name, err)
					}
					if left--; left < 0 {
						break
					}
					keys = append(keys, slices.Clone(pair.Key))
				}
				for _, key := range keys {
					if err := tx.Delete(b, key); err != nil {
						return fmt.Errorf("write %s: %w", b.Name, err)
					}
				}
			}
			done = left >= 0
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bucketRow is a row of one of the buckets of totals.
type bucketRow struct {
	bucket kv.Bucket
	key    string
	value  int64
}

// allRows walks the rows of all buckets of totals, in the order of their keys.
func (c *recomputed) allRows() iter.Seq[bucketRow] {
	return func(yield func(bucketRow) bool) {
		for _, b := range allTotals {
			for key, n := range c.rows(b) {
				if !yield(bucketRow{b, key, n}) {
					return
				}
			}
		}
	}
}

// store writes the totals into buckets that are empty.
func (c *recomputed) store(ctx context.Context, db *kv.DB) error {
	rows := make([]bucketRow, 0, piece)
	write := func() error {
		return db.Update(ctx, func(tx kv.Tx) error {
			for _, r := range rows {
				if err := tx.Put(r.bucket, []byte(r.key), binary.BigEndian.AppendUint64(nil, uint64(r.value))); err != nil {
					return fmt.Errorf("write %s: %w", r.bucket.Name, err)
				}
			}
			return nil
		})
	}
	for r := range c.allRows() {
		if rows = append(rows, r); len(rows) == piece {
			if err := write(); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return write()
}

// storeRest writes organisations, seals and positions into buckets that are empty.
func (c *recomputed) storeRest(tx kv.Tx, positions map[string]*storev1.FoldPosition) error {
	for _, id := range slices.Sorted(maps.Keys(c.named)) {
		if _, err := put(tx, organizations, []byte(id), c.named[id]); err != nil {
			return err
		}
	}
	for n, seal := range c.seals {
		if err := putSeal(tx, n.organization, n.period, seal); err != nil {
			return err
		}
	}
	for log, position := range positions {
		if err := putPosition(tx, log, position); err != nil {
			return err
		}
	}
	return nil
}

// logRebuilt appends the entry that tells of a rebuild; its state are the positions of the feeds.
func logRebuilt(tx kv.Tx, own *eventlog.Log, at *reportv1.Seal, salt eventlog.Salt, now time.Time) error {
	state, err := anypb.New(at)
	if err != nil {
		return fmt.Errorf("log rebuild: %w", err)
	}
	entry := &logv1.Entry{
		Kind: rebuilt, Resource: "stores/report", HappenedOn: dateOf(workday.On(now)), RecordedAt: timestamppb.New(now),
		Actor: console, State: state,
	}
	if err := own.Append(tx, entry, salt, true); err != nil {
		return fmt.Errorf("log rebuild: %w", err)
	}
	return nil
}

// rebuild takes in the entry of a rebuild: each seal so far ends where its log ended then.
func (c *recomputed) rebuild(e eventlog.Entry) error {
	at := new(reportv1.Seal)
	if err := e.Entry.GetState().UnmarshalTo(at); err != nil {
		return err
	}
	ends := make(map[string]int64)
	for _, feed := range at.GetFeeds() {
		ends[feed.GetLog()] = feed.GetSize()
	}
	for n, seal := range c.seals {
		for _, feed := range seal.GetFeeds() {
			end, ok := ends[feed.GetLog()]
			if before, cut := c.cuts[n][feed.GetLog()]; !ok || end >= feed.GetSize() || cut && end >= before {
				continue
			}
			if c.cuts[n] == nil {
				c.cuts[n] = make(map[string]int64)
			}
			c.cuts[n][feed.GetLog()] = end
		}
	}
	return nil
}
