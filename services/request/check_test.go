package request_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"

	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/request"

	"google.golang.org/protobuf/proto"
)

// What does not fit together is found, each in words; after it is put right again, nothing is.
func TestCheck(t *testing.T) {
	e := newEnv(t)
	for range 2 {
		_, err := e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: e.received(town, "2019-06-01").GetName(), Outcome: "granted"})
		ok(t, err)
	}
	e.received(town, "2019-06-02")

	var (
		revisions = kv.Bucket{Name: "requests"}
		index     = kv.Bucket{Name: "requests.receipt"}
		serials   = kv.Bucket{Name: "requests.serials"}
	)
	due, receipts := e.pairs(kv.Bucket{Name: "requests.due"}), e.pairs(kv.Bucket{Name: "requests.numbers"})
	records, places, counters := e.pairs(revisions), e.pairs(index), e.pairs(serials)
	if len(records) != 5 || len(places) != 3 || len(counters) != 1 {
		t.Fatalf("%d revisions, %d index entries, %d counters", len(records), len(places), len(counters))
	}
	altered := func(pair kv.Pair, alter func(*storev1.StoredInformationRequest)) []byte {
		var stored storev1.StoredInformationRequest
		ok(t, proto.Unmarshal(pair.Value, &stored))
		alter(&stored)
		value, err := proto.Marshal(&stored)
		ok(t, err)
		return value
	}
	next := bytes.Clone(records[4].Key)
	next[len(next)-1]++
	stray := bytes.Clone(places[0].Key)
	stray[len(stray)-1]++

	for what, c := range map[string]struct {
		bucket     kv.Bucket
		key, value []byte // nil: delete
		want       string
	}{
		"outcome changed": {revisions, records[1].Key, altered(records[1], func(s *storev1.StoredInformationRequest) {
			s.InformationRequest.CountedOutcome = "partial"
		}), "counts otherwise than its last entry says"},
		"outcome not counted": {revisions, records[1].Key, altered(records[1], func(s *storev1.StoredInformationRequest) {
			s.InformationRequest.Outcome = "partial"
		}), "ended as partial, but counts as granted"},
		"due date lost":     {kv.Bucket{Name: "requests.due"}, due[0].Key, nil, "requests.due lacks the key"},
		"due date stray":    {kv.Bucket{Name: "requests.due"}, append(bytes.Clone(due[0].Key[:len(due[0].Key)-1]), 0), []byte{}, "which no record has"},
		"number of another": {kv.Bucket{Name: "requests.numbers"}, receipts[0].Key, receipts[1].Value, "which it does not have"},
		"receipt number taken twice": {revisions, records[3].Key, altered(records[3], func(s *storev1.StoredInformationRequest) {
			s.InformationRequest.ReceiptNumber = "652701201/2019-00001"
		}), "have the same number 652701201/2019-00001"},
		"receipt number malformed": {revisions, records[3].Key, altered(records[3], func(s *storev1.StoredInformationRequest) {
			s.InformationRequest.ReceiptNumber = "x"
		}), "which is malformed"},
		"name of another": {revisions, records[3].Key, altered(records[3], func(s *storev1.StoredInformationRequest) {
			s.InformationRequest.Name = "x"
		}), "is stored under the key of"},
		"first revision lost": {revisions, records[0].Key, nil, "has revision 2 after 0"},
		"last revision lost":  {revisions, records[1].Key, nil, "is stored in revision 1, the log has 2"},
		"request lost":        {revisions, records[4].Key, nil, "is logged, but not stored"},
		"revision not logged": {revisions, next, altered(records[4], func(s *storev1.StoredInformationRequest) {
			s.Revision = 2
		}), "is stored in revision 2, the log has 1"},
		"index entry lost":  {index, places[1].Key, nil, "requests.receipt lacks the key"},
		"index entry stray": {index, stray, []byte{}, "which no record has"},
		"counter behind":    {serials, counters[0].Key, binary.BigEndian.AppendUint64(nil, 2), "has the number 652701201/2019-00003, but the counter stands at 2"},
		"counter lost":      {serials, counters[0].Key, nil, "but the counter stands at 0"},
	} {
		before := e.put(c.bucket, c.key, c.value)
		if found := strings.Join(e.check(), "\n"); !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %q", what, found, c.want)
		}
		e.put(c.bucket, c.key, before)
		if found := e.check(); len(found) > 0 {
			t.Fatalf("%s, put right: %v", what, found)
		}
	}
}

// An erased entry is missed by nobody, unless its revision is gone as well.
func TestCheckAfterErasure(t *testing.T) {
	e := newEnv(t)
	_, err := e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: e.received(town, "2019-06-01").GetName(), Outcome: "granted"})
	ok(t, err)
	e.received(town, "2019-06-02")
	for _, index := range []int64{0, 2} {
		ok(t, e.db.Update(context.Background(), func(tx kv.Tx) error { return e.log.Erase(tx, index) }))
		if found := e.check(); len(found) > 0 {
			t.Errorf("entry %d erased: %v", index, found)
		}
	}
	bucket := kv.Bucket{Name: "requests"}
	last := e.pairs(bucket)[2]
	e.put(bucket, last.Key, nil)
	if found := strings.Join(e.check(), "\n"); !strings.Contains(found, "2 entries are erased, but 1 revisions lack theirs") {
		t.Errorf("revision lost: %s", found)
	}
	e.put(bucket, last.Key, last.Value)
}

// pairs are all pairs of a bucket.
func (e *env) pairs(b kv.Bucket) (pairs []kv.Pair) {
	e.t.Helper()
	ok(e.t, e.db.View(context.Background(), func(r kv.Reader) error {
		for pair, err := range r.Scan(b, kv.Range{}) {
			if err != nil {
				return err
			}
			pairs = append(pairs, kv.Pair{Key: bytes.Clone(pair.Key), Value: append([]byte{}, pair.Value...)})
		}
		return nil
	}))
	return pairs
}

// put writes a value, nil to delete, and returns the one before.
func (e *env) put(b kv.Bucket, key, value []byte) (before []byte) {
	e.t.Helper()
	ok(e.t, e.db.Update(context.Background(), func(tx kv.Tx) error {
		old, err := tx.Get(b, key)
		if err != nil {
			return err
		}
		before = nil
		if old != nil {
			before = append([]byte{}, old...)
		}
		if value == nil {
			return tx.Delete(b, key)
		}
		return tx.Put(b, key, value)
	}))
	return before
}

func (e *env) check() (found []string) {
	e.t.Helper()
	ok(e.t, e.db.View(context.Background(), func(r kv.Reader) (err error) {
		found, err = request.Check(r, e.log)
		return err
	}))
	return found
}
