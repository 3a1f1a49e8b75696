package request

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"

	"github.com/oklog/ulid/v2"
)

// Check compares what is stored with the log and with itself: every revision has its entry, the last entry's facts are
// those of the record, the indexes have each record once and nothing else, no receipt number is twice or beyond its
// counter, each request with personal data has its key and no other has one, and each read of them is in the log. It returns the differences in words. It does not verify the log's own hashes, which
// [eventlog.Log.Verify] does. Of an erased entry only its number is left to compare.
func Check(r kv.Reader, log *eventlog.Log) ([]string, error) {
	c := &checker{Audit: records.NewAudit(), reader: r, places: map[string]bool{}, kept: map[name]kept{}, dues: map[string]bool{}}
	err := c.Log(r, log, func(int64, *logv1.Entry) error { return nil })
	for _, pass := range []func() error{c.reads, c.appeals, c.revisions, c.keys, c.alike, c.receipts} {
		if err == nil {
			err = pass()
		}
	}
	if err != nil {
		return c.Found, fmt.Errorf("check requests: %w", err)
	}
	return c.Found, nil
}

type checker struct {
	*records.Audit
	reader kv.Reader
	places map[string]bool // the keys that the index should have
	kept   map[name]kept   // requests that have personal data
	dues   map[string]bool // the keys that the index of due dates should have
}

// revisions walks what is stored. The last revision of each record is the one that counts.
func (c *checker) revisions() error {
	var last *record
	for r, err := range scanRevisions(c.reader) {
		if err != nil {
			return err
		}
		before := int64(0)
		if last != nil && last.name == r.name {
			before = last.revision
		} else if last != nil {
			c.record(last)
		}
		if r.revision != before+1 {
			c.Differs("%s has revision %d after %d", r.name, r.revision, before)
		}
		last = r
	}
	if last != nil {
		c.record(last)
	}
	c.Lost()
	c.Erasures()
	return errors.Join(c.Index(c.reader, index, c.places), c.Counters(c.reader, serials), c.Index(c.reader, dues, c.dues))
}

func (c *checker) record(r *record) {
	q := r.request()
	if q.GetName() != r.String() {
		c.Differs("%s is stored under the key of %s", q.GetName(), r.name)
	}
	c.Stored(r.String(), r.revision, r.facts)
	c.places[string(records.PlaceKey(r.organization, order(placedOn(q)), r.id))] = true
	c.keeps(r)
	if outcome := q.GetCountedOutcome(); outcome != "" && q.GetOutcome() != "" && outcome != q.GetOutcome() && !orderedAnew(q) {
		c.Differs("%s ended as %s, but counts as %s", r.name, q.GetOutcome(), outcome)
	}
	if r.stored.GetDue() != 0 {
		c.dues[string(dueKey(r.organization, r.stored.GetDue(), r.id))] = true
	}
	open := q.GetState() == requestv1.RequestState_REQUEST_STATE_OPEN || q.GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED
	if !open && r.stored.GetDue() != 0 {
		c.Differs("%s is not open, but has a due date", r.name)
	}
	if number := q.GetReceiptNumber(); number != "" {
		c.Numbered(r.String(), number)
	}
}

// orderedAnew tells whether an appeal has ordered a new answer.
func orderedAnew(q *requestv1.InformationRequest) bool {
	return slices.ContainsFunc(q.GetSteps(), func(s *requestv1.Step) bool {
		return s.GetKind() == requestv1.StepKind_STEP_KIND_NEW_ANSWER_ORDERED
	})
}

// receipts compares the index of receipt numbers with the requests.
func (c *checker) receipts() error {
	for pair, err := range c.reader.Scan(numbers, kv.Range{}) {
		if err != nil {
			return err
		}
		organization, rest, _ := bytes.Cut(pair.Key, []byte{0})
		if len(rest) != 10 || len(pair.Value) != records.IDLen {
			c.Differs("the number key %x is garbled", pair.Key)
			continue
		}
		number := records.Number(string(organization), int(binary.BigEndian.Uint16(rest)), binary.BigEndian.Uint64(rest[2:]))
		if n := (name{string(organization), ulid.ULID(pair.Value)}); !c.HasNumber(n.String(), number) {
			c.Differs("%s is found by the receipt number %s, which it does not have", n, number)
		}
	}
	return nil
}
