package directory

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/organ"

	"google.golang.org/protobuf/proto"
)

// Check compares what is stored with what the log says: each entry has its revision, with the hash and the
// state that the entry says; each organisation is its latest revision; nothing is stored that no entry tells
// of. It returns the differences in words, none if all is well, or an error if it cannot read.
func Check(r kv.Reader, log *eventlog.Log) ([]string, error) {
	c := &checker{r: r, latest: map[organ.ID]int64{}}
	for start := int64(0); ; {
		const stretch = 1000
		entries, err := log.Entries(r, start, stretch)
		if err != nil {
			return nil, fmt.Errorf("check directory: %w", err)
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			if err := c.entry(e); err != nil {
				return nil, fmt.Errorf("check directory: %w", err)
			}
		}
		start += int64(len(entries))
	}
	if err := c.stored(); err != nil {
		return nil, fmt.Errorf("check directory: %w", err)
	}
	return c.differences, nil
}

// checker is one run of Check.
type checker struct {
	r           kv.Reader
	latest      map[organ.ID]int64 // revision by organisation, as the log says
	differences []string
}

func (c *checker) differs(format string, a ...any) {
	c.differences = append(c.differences, fmt.Sprintf(format, a...))
}

// entry compares an entry with the revision that it tells of.
func (c *checker) entry(stored eventlog.StoredEntry) error {
	e, err := stored.Entry()
	switch {
	case err != nil:
		return err
	case e == nil:
		c.differs("entry %d was erased, though organisations hold no personal data", stored.Index)
		return nil
	case !strings.HasPrefix(e.GetKind(), "organization."):
		c.differs("entry %d is a %s, which the directory does not write", stored.Index, e.GetKind())
		return nil
	}
	id := idOf(e.GetResource())
	if next := c.latest[id] + 1; e.GetRevision() != next {
		c.differs("entry %d tells of revision %d of %s, where %d is next", stored.Index, e.GetRevision(), e.GetResource(), next)
	}
	c.latest[id] = e.GetRevision()
	value, err := getRevision(c.r, id, e.GetRevision())
	if err != nil {
		return err
	}
	if value == nil {
		c.differs("revision %d of %s, of which entry %d tells, is not stored", e.GetRevision(), e.GetResource(), stored.Index)
		return nil
	}
	return c.revision(stored.Index, e, value)
}

// revision compares the bytes of a revision with its entry.
func (c *checker) revision(index int64, e *logv1.Entry, value []byte) error {
	if sum := sha256.Sum256(value); !bytes.Equal(sum[:], e.GetContentSha256()) {
		c.differs("revision %d of %s does not have the hash that entry %d says", e.GetRevision(), e.GetResource(), index)
		return nil
	}
	held, err := decode(idOf(e.GetResource()), value)
	if err != nil {
		return err
	}
	var said directoryv1.Organization
	if err := e.GetState().UnmarshalTo(&said); err != nil || !proto.Equal(&said, held.GetOrganization()) {
		c.differs("revision %d of %s is not the one that entry %d shows", e.GetRevision(), e.GetResource(), index)
	}
	return nil
}

// stored compares what is stored with the latest revisions, and looks for what no entry tells of.
func (c *checker) stored() error {
	found := 0
	for p, err := range scan(c.r) {
		if err != nil {
			return err
		}
		id := organ.ID(p.Key)
		revision, known := c.latest[id]
		if !known {
			c.differs("organizations/%s is stored, but no entry tells of it", id)
			continue
		}
		found++
		value, err := getRevision(c.r, id, revision)
		if err != nil {
			return err
		}
		if !bytes.Equal(value, p.Value) {
			c.differs("organizations/%s is not its revision %d", id, revision)
		}
	}
	if missing := len(c.latest) - found; missing > 0 {
		c.differs("%d organisations are missing of which the log tells", missing)
	}
	for p, err := range scanRevisions(c.r) {
		if err != nil {
			return err
		}
		id, revision, err := parseRevisionKey(p.Key)
		if err != nil {
			return err
		}
		if revision < 1 || revision > c.latest[id] {
			c.differs("revision %d of organizations/%s is stored, but no entry tells of it", revision, id)
		}
	}
	return nil
}
