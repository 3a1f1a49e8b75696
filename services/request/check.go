package request

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// Check compares what is stored with the log and with itself: every revision has its entry, the last entry's facts are
// those of the record, the indexes have each record once and nothing else, no receipt number is twice or beyond its
// counter, each request with personal data has its key and no other has one, and each read of them is in the log. It returns the differences in words. It does not verify the log's own hashes, which
// [eventlog.Log.Verify] does. Of an erased entry only its number is left to compare.
func Check(r kv.Reader, log *eventlog.Log) ([]string, error) {
	c := &checker{reader: r, logged: map[string]logged{}, places: map[string]bool{}, numbers: map[string]string{}, kept: map[name]kept{}, dues: map[string]bool{}}
	for _, pass := range []func() error{func() error { return c.entries(log) }, c.reads, c.appeals, c.revisions, c.erasures, c.index, c.counters, c.keys, c.alike, c.due, c.receipts} {
		if err := pass(); err != nil {
			return c.found, fmt.Errorf("check requests: %w", err)
		}
	}
	return c.found, nil
}

// logged is what the log says of a record.
type logged struct {
	revision int64
	facts    []*logv1.Fact
}

type checker struct {
	reader  kv.Reader
	found   []string
	erased  int64             // entries
	missing int64             // revisions without an entry that can be read
	lacking []string          // the same in words
	logged  map[string]logged // by name: its last entry
	places  map[string]bool   // the keys that the index should have
	numbers map[string]string // receipt number → name
	kept    map[name]kept     // requests that have personal data
	dues    map[string]bool   // the keys that the index of due dates should have
}

func (c *checker) differs(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// lacks notes that so many revisions have no entry that can be read. As many entries may be erased.
func (c *checker) lacks(revisions int64, format string, args ...any) {
	c.missing += revisions
	c.lacking = append(c.lacking, fmt.Sprintf(format, args...))
}

// erasures compares the erased entries with the revisions that have none.
func (c *checker) erasures() error {
	if c.missing != c.erased {
		c.differs("%d entries are erased, but %d revisions lack theirs", c.erased, c.missing)
		c.found = append(c.found, c.lacking...)
	}
	return nil
}

// entries walks the log.
func (c *checker) entries(log *eventlog.Log) error {
	const stretch = 1000
	for start := int64(0); ; {
		entries, err := log.Entries(c.reader, start, stretch)
		if err != nil {
			return err
		}
		for _, stored := range entries {
			e, err := stored.Entry()
			if err != nil {
				return err
			}
			if e == nil {
				c.erased++
				continue
			}
			c.entry(stored.Index, e)
		}
		if start += int64(len(entries)); len(entries) == 0 {
			return nil
		}
	}
}

func (c *checker) entry(at int64, e *logv1.Entry) {
	last := c.logged[e.GetResource()]
	switch skipped := e.GetRevision() - last.revision - 1; {
	case skipped < 0:
		c.differs("entry %d of %s has revision %d after %d", at, e.GetResource(), e.GetRevision(), last.revision)
	case skipped > 0:
		c.lacks(skipped, "entry %d of %s has revision %d after %d", at, e.GetResource(), e.GetRevision(), last.revision)
	case !sameFacts(e.GetBefore(), last.facts):
		c.differs("entry %d of %s takes away other facts than were counted", at, e.GetResource())
	}
	c.logged[e.GetResource()] = logged{e.GetRevision(), e.GetAfter()}
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
			c.differs("%s has revision %d after %d", r.name, r.revision, before)
		}
		last = r
	}
	if last != nil {
		c.record(last)
	}
	for _, name := range slices.Sorted(maps.Keys(c.logged)) {
		c.differs("%s is logged, but not stored", name)
	}
	return nil
}

func (c *checker) record(r *record) {
	q := r.request()
	said := c.logged[r.String()]
	if q.GetName() != r.String() {
		c.differs("%s is stored under the key of %s", q.GetName(), r.name)
	}
	switch behind := r.revision - said.revision; {
	case behind < 0:
		c.differs("%s is stored in revision %d, the log has %d", r.name, r.revision, said.revision)
	case behind > 0:
		c.lacks(behind, "%s is stored in revision %d, the log has %d", r.name, r.revision, said.revision)
	case !sameFacts(said.facts, r.facts):
		c.differs("%s counts otherwise than its last entry says", r.name)
	}
	delete(c.logged, r.String())
	c.places[string(indexKey(r.organization, order(placedOn(q)), r.id))] = true
	c.keeps(r)
	if outcome := q.GetCountedOutcome(); outcome != "" && q.GetOutcome() != "" && outcome != q.GetOutcome() && !orderedAnew(q) {
		c.differs("%s ended as %s, but counts as %s", r.name, q.GetOutcome(), outcome)
	}
	if r.stored.GetDue() != 0 {
		c.dues[string(dueKey(r.organization, r.stored.GetDue(), r.id))] = true
	}
	open := q.GetState() == requestv1.RequestState_REQUEST_STATE_OPEN || q.GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED
	if !open && r.stored.GetDue() != 0 {
		c.differs("%s is not open, but has a due date", r.name)
	}
	if number := q.GetReceiptNumber(); number != "" {
		if other, taken := c.numbers[number]; taken {
			c.differs("%s and %s have the same receipt number %s", other, r.name, number)
		}
		c.numbers[number] = r.String()
	}
}

// index compares the index with the places that the records have.
func (c *checker) index() error {
	for key, err := range scanIndexKeys(c.reader) {
		if err != nil {
			return err
		}
		if !c.places[string(key)] {
			c.differs("index has the key %x, which no record has", key)
		}
		delete(c.places, string(key))
	}
	for _, key := range slices.Sorted(maps.Keys(c.places)) {
		c.differs("index lacks the key %x", key)
	}
	return nil
}

// orderedAnew tells whether an appeal has ordered a new answer.
func orderedAnew(q *requestv1.InformationRequest) bool {
	return slices.ContainsFunc(q.GetSteps(), func(s *requestv1.Step) bool {
		return s.GetKind() == requestv1.StepKind_STEP_KIND_NEW_ANSWER_ORDERED
	})
}

// due compares the index of due dates with the open requests.
func (c *checker) due() error {
	for pair, err := range c.reader.Scan(dues, kv.Range{}) {
		if err != nil {
			return err
		}
		if !c.dues[string(pair.Key)] {
			c.differs("due dates have the key %x, which no open request has", pair.Key)
		}
		delete(c.dues, string(pair.Key))
	}
	for _, key := range slices.Sorted(maps.Keys(c.dues)) {
		c.differs("due dates lack the key %x", key)
	}
	return nil
}

// receipts compares the index of receipt numbers with the requests.
func (c *checker) receipts() error {
	for pair, err := range c.reader.Scan(numbers, kv.Range{}) {
		if err != nil {
			return err
		}
		organization, rest, _ := bytes.Cut(pair.Key, []byte{0})
		if len(rest) != 10 || len(pair.Value) != ulidLen {
			c.differs("the number key %x is garbled", pair.Key)
			continue
		}
		number := fmt.Sprintf("%s/%d-%05d", organization, binary.BigEndian.Uint16(rest), binary.BigEndian.Uint64(rest[2:]))
		if n := (name{string(organization), ulid.ULID(pair.Value)}); c.numbers[number] != n.String() {
			c.differs("%s is found by the receipt number %s, which it does not have", n, number)
		}
	}
	return nil
}

// counters compares each receipt number with its counter.
func (c *checker) counters() error {
	for _, number := range slices.Sorted(maps.Keys(c.numbers)) {
		name := c.numbers[number]
		organization, rest, _ := strings.Cut(number, "/")
		year, serial, _ := strings.Cut(rest, "-")
		y, errYear := strconv.Atoi(year)
		n, errSerial := strconv.ParseUint(serial, 10, 64)
		if errYear != nil || errSerial != nil {
			c.differs("%s has the receipt number %s, which is malformed", name, number)
			continue
		}
		last, err := lastSerial(c.reader, organization, y)
		if err != nil {
			return err
		}
		if n > last {
			c.differs("%s has the receipt number %s, but the counter stands at %d", name, number, last)
		}
	}
	return nil
}

func sameFacts(a, b []*logv1.Fact) bool {
	return slices.EqualFunc(a, b, func(x, y *logv1.Fact) bool { return proto.Equal(x, y) })
}
