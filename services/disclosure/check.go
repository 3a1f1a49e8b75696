package disclosure

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"

	"github.com/oklog/ulid/v2"
)

// Check compares what is stored with the log and with itself: every revision has its entry and its hash, the last
// entry's facts are those of the record, the index has each record once and nothing else, and no index number is
// twice or beyond its counter, and what a row of a ledger has become is there. It returns the differences in words. It does not verify the log's own hashes, which
// [eventlog.Log.Verify] does. Of an erased entry only its number is left to compare.
func Check(r kv.Reader, log *eventlog.Log) ([]string, error) {
	c := &checker{Audit: records.NewAudit(), reader: r, places: map[string]bool{}, sources: map[string]ulid.ULID{}}
	err := c.Log(r, log, c.entry)
	for _, pass := range []func() error{c.revisions, c.imports, c.answers} {
		if err == nil {
			err = pass()
		}
	}
	if err != nil {
		return c.Found, fmt.Errorf("check disclosures: %w", err)
	}
	return c.Found, nil
}

type checker struct {
	*records.Audit
	reader  kv.Reader
	places  map[string]bool      // the keys that the index should have
	sources map[string]ulid.ULID // key of a request → the disclosure of its answer
}

// entry compares an entry's hash with the bytes of its revision.
func (c *checker) entry(at int64, e *logv1.Entry) error {
	n, ok := parseName(e.GetResource())
	if !ok {
		c.Differs("entry %d is of %q, which is no disclosure", at, e.GetResource())
		return nil
	}
	value, err := getRevision(c.reader, n, e.GetRevision())
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(value); value == nil {
		c.Differs("%s, revision %d is logged in entry %d, but not stored", n, e.GetRevision(), at)
	} else if !bytes.Equal(sum[:], e.GetContentSha256()) {
		c.Differs("%s, revision %d is not what entry %d has the hash of", n, e.GetRevision(), at)
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
			c.Differs("%s has revision %d after %d", r.name, r.revision, before)
		}
		last = r
	}
	if last != nil {
		c.record(last)
	}
	c.Erasures()
	return errors.Join(c.Index(c.reader, index, c.places), c.Counters(c.reader, serials))
}

func (c *checker) record(r *record) {
	d := r.disclosure()
	if d.GetName() != r.String() {
		c.Differs("%s is stored under the key of %s", d.GetName(), r.name)
	}
	c.Stored(r.String(), r.revision, r.facts)
	c.places[string(records.PlaceKey(r.organization, r.order, r.id))] = true
	if id, ok := parseSource(r.organization, d.GetSourceRequest()); ok {
		c.sources[string(records.Key(r.organization, id))] = r.id
	}
	if number := d.GetIndexNumber(); number != "" {
		c.Numbered(r.String(), number)
	}
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
			c.Differs("%s was imported, but is not stored", n)
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
			c.Differs("the request %x has a disclosure that does not name it", pair.Key)
		}
		delete(c.sources, string(pair.Key))
	}
	if len(c.sources) > 0 {
		c.Differs("%d disclosures of answers are not found by their request", len(c.sources))
	}
	return nil
}
