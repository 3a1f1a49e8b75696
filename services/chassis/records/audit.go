package records

import (
	"fmt"
	"maps"
	"slices"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"

	"google.golang.org/protobuf/proto"
)

// Audit compares records with the log that they are said to follow from, and collects the differences in words. First
// it takes the log's entries, then what is stored, then [Audit.Erasures]. Of an erased entry only its number is left to
// compare.
type Audit struct {
	// Found are the differences.
	Found []string

	erased  int64           // entries
	missing int64           // revisions without an entry that can be read
	lacking []string        // the same in words
	last    map[string]said // by resource
	numbers map[string]string
}

// said is what the last entry of a record says.
type said struct {
	revision int64
	facts    []*logv1.Fact
}

// NewAudit begins a comparison.
func NewAudit() *Audit {
	return &Audit{last: make(map[string]said), numbers: make(map[string]string)}
}

// Differs notes a difference.
func (a *Audit) Differs(format string, args ...any) {
	a.Found = append(a.Found, fmt.Sprintf(format, args...))
}

// lacks notes that so many revisions have no entry that can be read. As many entries may be erased.
func (a *Audit) lacks(revisions int64, format string, args ...any) {
	a.missing += revisions
	a.lacking = append(a.lacking, fmt.Sprintf(format, args...))
}

// Log walks the log: the revisions of each resource follow each other, and each takes away the facts that were counted.
// It hands on what can be read.
func (a *Audit) Log(r kv.Reader, log *eventlog.Log, each func(at int64, e *logv1.Entry) error) error {
	const stretch = 1000
	for start := int64(0); ; {
		entries, err := log.Entries(r, start, stretch)
		if err != nil {
			return err
		}
		for _, stored := range entries {
			e, err := stored.Entry()
			if err != nil {
				return err
			}
			if e == nil {
				a.erased++
				continue
			}
			a.entry(stored.Index, e)
			if err := each(stored.Index, e); err != nil {
				return err
			}
		}
		if start += int64(len(entries)); len(entries) == 0 {
			return nil
		}
	}
}

func (a *Audit) entry(at int64, e *logv1.Entry) {
	last := a.last[e.GetResource()]
	switch skipped := e.GetRevision() - last.revision - 1; {
	case skipped < 0:
		a.Differs("entry %d of %s has revision %d after %d", at, e.GetResource(), e.GetRevision(), last.revision)
	case skipped > 0:
		a.lacks(skipped, "entry %d of %s has revision %d after %d", at, e.GetResource(), e.GetRevision(), last.revision)
	case !sameFacts(e.GetBefore(), last.facts):
		a.Differs("entry %d of %s takes away other facts than were counted", at, e.GetResource())
	}
	a.last[e.GetResource()] = said{e.GetRevision(), e.GetAfter()}
}

func sameFacts(a, b []*logv1.Fact) bool {
	return slices.EqualFunc(a, b, func(x, y *logv1.Fact) bool { return proto.Equal(x, y) })
}

// Stored compares the last revision of a record with its last entry.
func (a *Audit) Stored(name string, revision int64, facts []*logv1.Fact) {
	last := a.last[name]
	switch behind := revision - last.revision; {
	case behind < 0:
		a.Differs("%s is stored in revision %d, the log has %d", name, revision, last.revision)
	case behind > 0:
		a.lacks(behind, "%s is stored in revision %d, the log has %d", name, revision, last.revision)
	case !sameFacts(last.facts, facts):
		a.Differs("%s counts otherwise than its last entry says", name)
	}
	delete(a.last, name)
}

// Lost notes the records of which the log tells and that are not stored. All that is stored has been compared before.
func (a *Audit) Lost() {
	for _, name := range slices.Sorted(maps.Keys(a.last)) {
		a.Differs("%s is logged, but not stored", name)
	}
}

// Erasures compares the erased entries with the revisions that have none.
func (a *Audit) Erasures() {
	if a.missing != a.erased {
		a.Differs("%d entries are erased, but %d revisions lack theirs", a.erased, a.missing)
		a.Found = append(a.Found, a.lacking...)
	}
}

// Index compares the keys of a bucket with those that the records should have there.
func (a *Audit) Index(r kv.Reader, b kv.Bucket, want map[string]bool) error {
	for pair, err := range r.Scan(b, kv.Range{}) {
		if err != nil {
			return err
		}
		if !want[string(pair.Key)] {
			a.Differs("%s has the key %x, which no record has", b.Name, pair.Key)
		}
		delete(want, string(pair.Key))
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		a.Differs("%s lacks the key %x", b.Name, key)
	}
	return nil
}

// Numbered notes the number of a record, which no other may have.
func (a *Audit) Numbered(name, number string) {
	if other, taken := a.numbers[number]; taken {
		a.Differs("%s and %s have the same number %s", other, name, number)
	}
	a.numbers[number] = name
}

// HasNumber tells whether a record was noted with a number.
func (a *Audit) HasNumber(name, number string) bool { return a.numbers[number] == name }

// Counters compares each number that was noted with its counter.
func (a *Audit) Counters(r kv.Reader, counters Serials) error {
	for _, number := range slices.Sorted(maps.Keys(a.numbers)) {
		organization, year, serial, ok := ParseNumber(number)
		if !ok {
			a.Differs("%s has the number %s, which is malformed", a.numbers[number], number)
			continue
		}
		last, err := counters.Last(r, organization, year)
		if err != nil {
			return err
		}
		if serial > last {
			a.Differs("%s has the number %s, but the counter stands at %d", a.numbers[number], number, last)
		}
	}
	return nil
}
