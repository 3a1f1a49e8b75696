package request

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// meta holds what the service knows of itself: calendar → SHA-256 of the holiday notices that the due dates rest on.
var meta = kv.Bucket{Name: "requests.meta"}

var calendarKey = []byte("calendar")

// appealsKey says that the appeals of the releases before have their place in the index of due dates.
var appealsKey = []byte("appeals.due")

// redateBatch is how many requests one transaction of a re-dating takes.
const redateBatch = 200

// Run computes the due dates of open requests anew if the holiday notices are not those that they rest on, or if the
// first release has left requests without one. What moved stands in each request, and in the log, as a step of its own.
func (s *Server) Run(ctx context.Context) error {
	notices, err := json.Marshal(s.days.Notices())
	if err != nil {
		return fmt.Errorf("tell holiday notices apart: %w", err)
	}
	now := sha256.Sum256(notices)
	var before []byte
	err = s.db.View(ctx, func(r kv.Reader) (err error) {
		before, err = r.Get(meta, calendarKey)
		before = bytes.Clone(before)
		return err
	})
	if err != nil {
		return fmt.Errorf("read which holiday notices were used: %w", err)
	}
	if err := s.placeAppeals(ctx); err != nil {
		return fmt.Errorf("place appeals by due date: %w", err)
	}
	if bytes.Equal(before, now[:]) {
		return nil
	}
	bucket := dues
	if before == nil {
		bucket = index // nobody knows which are open
	}
	var after []byte
	for {
		if after, err = s.redate(ctx, bucket, after); err != nil {
			return fmt.Errorf("compute due dates anew: %w", err)
		}
		if after == nil {
			break
		}
	}
	return s.db.Update(ctx, func(tx kv.Tx) error { return tx.Put(meta, calendarKey, now[:]) })
}

// redate goes on after a key with the requests of an index, and returns the key that it came to; nil at its end.
func (s *Server) redate(ctx context.Context, bucket kv.Bucket, after []byte) (last []byte, err error) {
	at := server.Stamp{At: s.now(), Actor: "service"}
	e := newEvent("request.redated", workday.On(at.At), at)
	var salts [redateBatch]event
	for i := range salts {
		salts[i] = newEvent(e.kind, e.on, at)
	}
	err = s.db.Update(ctx, func(tx kv.Tx) error {
		last = nil
		within := kv.Range{}
		if after != nil {
			within.From = append(bytes.Clone(after), 0)
		}
		var names []name
		var isAppeal []bool
		for pair, err := range tx.Scan(bucket, within) {
			if err != nil {
				return err
			}
			organization, rest, _ := bytes.Cut(pair.Key, []byte{0})
			if len(rest) != records.CursorLen {
				return fmt.Errorf("key %x of %s is garbled", pair.Key, bucket.Name)
			}
			names = append(names, name{string(organization), ulid.ULID(rest[4:])})
			isAppeal = append(isAppeal, len(pair.Value) > 0)
			if len(names) == redateBatch {
				last = bytes.Clone(pair.Key)
				break
			}
		}
		for i, n := range names {
			redate := s.redateOne
			if isAppeal[i] {
				redate = s.redateAppeal
			}
			if err := redate(tx, n, salts[i]); err != nil {
				return fmt.Errorf("%s: %w", n, err)
			}
		}
		return nil
	})
	return last, err
}

// redateOne stores a request anew if its due date has moved, or if it has none yet.
func (s *Server) redateOne(tx kv.Tx, n name, e event) error {
	r, err := load(tx, n)
	if err != nil {
		return err
	}
	q := r.request()
	before := q.GetDueOn()
	day, err := s.date(q, e.on)
	if err != nil || day == r.stored.GetDue() && civil(before) == civil(q.GetDueOn()) {
		return err
	}
	if r.stored.GetDue() != 0 && len(q.GetSteps()) < maxSteps {
		q.Steps = append(q.Steps, &requestv1.Step{
			Kind: requestv1.StepKind_STEP_KIND_REDATED, HappenedOn: toProto(e.on), DueBefore: before, Until: q.GetDueOn(),
			RecordTime: timestamppb.New(e.at.At), Account: e.at.Actor,
		})
	}
	q.UpdateTime = timestamppb.New(e.at.At)
	return s.save(tx, r, e)
}

// redateAppeal stores an appeal anew if what comes next in it has moved.
func (s *Server) redateAppeal(tx kv.Tx, n name, e event) error {
	a, err := loadAppeal(tx, n)
	if err != nil {
		return err
	}
	day, err := s.dateAppeal(tx, a)
	if err != nil || day == a.due {
		return err
	}
	e.kind = "appeal.redated"
	a.appeal.UpdateTime = timestamppb.New(e.at.At)
	return s.saveAppeal(tx, a, e)
}

// placeAppeals gives the pending appeals of earlier releases their place in the index of due dates, once.
func (s *Server) placeAppeals(ctx context.Context) error {
	var missing []name
	done := false
	err := s.db.View(ctx, func(r kv.Reader) error {
		value, err := r.Get(meta, appealsKey)
		if done = value != nil; err != nil || done {
			return err
		}
		for a, err := range scanAppeals(r, "", nil) {
			if err != nil {
				return err
			}
			if a.due == 0 && a.appeal.GetState() != requestv1.AppealState_APPEAL_STATE_CONCLUDED {
				missing = append(missing, a.name)
			}
		}
		return nil
	})
	if err != nil || done {
		return err
	}
	at := server.Stamp{At: s.now(), Actor: "service"}
	for _, n := range missing {
		e := newEvent("appeal.redated", workday.On(at.At), at)
		if err := s.db.Update(ctx, func(tx kv.Tx) error { return s.redateAppeal(tx, n, e) }); err != nil {
			return fmt.Errorf("%s: %w", appealName(n.organization, n.id), err)
		}
	}
	return s.db.Update(ctx, func(tx kv.Tx) error { return tx.Put(meta, appealsKey, []byte{1}) })
}
