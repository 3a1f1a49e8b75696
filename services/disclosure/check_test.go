package disclosure_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"

	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/disclosure"

	"google.golang.org/protobuf/proto"
)

// What does not fit together is found, each in words; after it is put right again, nothing is.
func TestCheck(t *testing.T) {
	e := newEnv(t)
	e.published(town, "a", document, "2018-03-01")
	e.published(town, "b", document, "2018-03-02")
	e.draft(town, "c", document)

	var (
		revisions = kv.Bucket{Name: "disclosures"}
		index     = kv.Bucket{Name: "disclosures.publication"}
		serials   = kv.Bucket{Name: "disclosures.serials"}
	)
	records, places, counters := e.pairs(revisions), e.pairs(index), e.pairs(serials)
	if len(records) != 5 || len(places) != 3 || len(counters) != 1 {
		t.Fatalf("%d revisions, %d index entries, %d counters", len(records), len(places), len(counters))
	}
	altered := func(pair kv.Pair, alter func(*storev1.StoredDisclosure)) []byte {
		var stored storev1.StoredDisclosure
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
		"title changed": {revisions, records[1].Key, altered(records[1], func(s *storev1.StoredDisclosure) {
			s.Disclosure.Title = "z"
		}), "is not what entry 1 has the hash of"},
		"category changed": {revisions, records[1].Key, altered(records[1], func(s *storev1.StoredDisclosure) {
			s.Disclosure.Category = "other"
		}), "counts otherwise than its last entry says"},
		"index number taken twice": {revisions, records[3].Key, altered(records[3], func(s *storev1.StoredDisclosure) {
			s.Disclosure.IndexNumber = "652701201/2018-00001"
		}), "have the same number 652701201/2018-00001"},
		"index number malformed": {revisions, records[3].Key, altered(records[3], func(s *storev1.StoredDisclosure) {
			s.Disclosure.IndexNumber = "x"
		}), "which is malformed"},
		"name of another": {revisions, records[3].Key, altered(records[3], func(s *storev1.StoredDisclosure) {
			s.Disclosure.Name = "x"
		}), "is stored under the key of"},
		"first revision lost": {revisions, records[0].Key, nil, "revision 1 is logged in entry 0, but not stored"},
		"last revision lost":  {revisions, records[1].Key, nil, "is stored in revision 1, the log has 2"},
		"draft lost":          {revisions, records[4].Key, nil, "is logged in entry 4, but not stored"},
		"revision not logged": {revisions, next, altered(records[4], func(s *storev1.StoredDisclosure) {
			s.Revision = 2
		}), "is stored in revision 2, the log has 1"},
		"index entry lost":  {index, places[1].Key, nil, "disclosures.publication lacks the key"},
		"index entry stray": {index, stray, []byte{}, "which no record has"},
		"counter behind":    {serials, counters[0].Key, binary.BigEndian.AppendUint64(nil, 1), "has the number 652701201/2018-00002, but the counter stands at 1"},
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
		found, err = disclosure.Check(r, e.log)
		return err
	}))
	return found
}
