package disclosure

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// Check compares what is stored with the log and with itself: every revision has its entry and its hash, the last
// entry's facts are those of the record, the index has each record once and nothing else, and no index number is
// twice or beyond its counter, and what a row of a ledger has become is there. It returns the differences in words. It does not verify the log's own hashes, which
// [eventlog.Log.Verify] does. Of an erased entry only its number is left to compare.
func Check(r kv.Reader, log *eventlog.Log) ([]string, error) {
	c := &checker{reader: r, logged: map[string]logged{}, places: map[string]bool{}, numbers: map[string]string{}, sources: map[string]ulid.ULID{}}
	for _, pass := range []func() error{func() error { return c.entries(log) }, c.revisions, c.erasures, c.index, c.counters, c.imports, c.answers} {
		if err := pass(); err != nil {
			return c.found, fmt.Errorf("check disclosures: %w", err)
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
	erased  int64                // entries
	missing int64                // revisions without an entry that can be read
	lacking []string             // the same in words
	logged  map[string]logged    // by name: its last entry
	places  map[string]bool      // the keys that the index should have
	numbers map[string]string    // index number → name
	sources map[string]ulid.ULID // key of a request → the disclosure of its answer
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

// entries walks the log, and compares each entry's hash with the bytes of its revision.
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
			if err := c.entry(stored.Index, e); err != nil {
				return err
			}
		}
		if start += int64(len(entries)); len(entries) == 0 {
			return nil
		}
	}
}

func (c *checker) entry(at int64, e *logv1.Entry) error {
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
	n, ok := parseName(e.GetResource())
	if !ok {
		c.differs("entry %d is of %q, which is no disclosure", at, e.GetResource())
		return nil
	}
	value, err := getRevision(c.reader, n, e.GetRevision())
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(value); value == nil {
		c.differs("%s, revision %d is logged in entry %d, but not stored", n, e.GetRevision(), at)
	} else if !bytes.Equal(sum[:], e.GetContentSha256()) {
		c.differs("%s, revision %d is not what entry %d has the hash of", n, e.GetRevision(), at)
	}
	return nil
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
	return nil
}

func (c *checker) record(r *record) {
	d := r.disclosure()
	said := c.logged[r.String()]
	if d.GetName() != r.String() {
		c.differs("%s is stored under the key of %s", d.GetName(), r.name)
	}
	switch behind := r.revision - said.revision; {
	case behind < 0:
		c.differs("%s is stored in revision %d, the log has %d", r.name, r.revision, said.revision)
	case behind > 0:
		c.lacks(behind, "%s is stored in revision %d, the log has %d", r.name, r.revision, said.revision)
	case !sameFacts(said.facts, r.facts):
		c.differs("%s counts otherwise than its last entry says", r.name)
	}
	c.places[string(indexKey(r.organization, r.order, r.id))] = true
	if id, ok := parseSource(r.organization, d.GetSourceRequest()); ok {
		c.sources[string(recordKey(r.organization, id))] = r.id
	}
	if number := d.GetIndexNumber(); number != "" {
		if other, taken := c.numbers[number]; taken {
			c.differs("%s and %s have the same index number %s", other, r.name, number)
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

// counters compares each index number with its counter.
func (c *checker) counters() error {
	for _, number := range slices.Sorted(maps.Keys(c.numbers)) {
		name := c.numbers[number]
		organization, rest, _ := strings.Cut(number, "/")
		year, serial, _ := strings.Cut(rest, "-")
		y, errYear := strconv.Atoi(year)
		n, errSerial := strconv.ParseUint(serial, 10, 64)
		if errYear != nil || errSerial != nil {
			c.differs("%s has the index number %s, which is malformed", name, number)
			continue
		}
		last, err := lastSerial(c.reader, organization, y)
		if err != nil {
			return err
		}
		if n > last {
			c.differs("%s has the index number %s, but the counter stands at %d", name, number, last)
		}
	}
	return nil
}

// imports compares what rows of ledgers have become with what there is.
func (c *checker) imports() error {
	for n, err := range scanImports(c.reader) {
		if err != nil {
			return err
		}
		value, err := getRevision(c.reader, n, 1)
		if err != nil {
			return err
		}
		if value == nil {
			c.differs("%s was imported, but is not stored", n)
		}
	}
	return nil
}

// answers compares the disclosures of answers with the index by request.
func (c *checker) answers() error {
	for pair, err := range c.reader.Scan(answers, kv.Range{}) {
		if err != nil {
			return err
		}
		if id, ok := c.sources[string(pair.Key)]; !ok || !bytes.Equal(id[:], pair.Value) {
			c.differs("the request %x has a disclosure that does not name it", pair.Key)
		}
		delete(c.sources, string(pair.Key))
	}
	if len(c.sources) > 0 {
		c.differs("%d disclosures of answers are not found by their request", len(c.sources))
	}
	return nil
}

func sameFacts(a, b []*logv1.Fact) bool {
	return slices.EqualFunc(a, b, func(x, y *logv1.Fact) bool { return proto.Equal(x, y) })
}
