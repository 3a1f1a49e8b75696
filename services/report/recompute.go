package report

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"google.golang.org/protobuf/proto"
)

// Source is a log with a snapshot of the store that it is in.
type Source struct {
	Log    *eventlog.Log
	Reader kv.Reader
}

// recomputed is what the logs alone say the totals are: by bucket, then by key.
type recomputed struct {
	tree  *organ.Tree
	named map[string]*directoryv1.Organization // by id, as the log says them last
	seals map[reportName]*reportv1.Seal
	cuts  map[reportName]map[string]int64 // by log, where a seal ends since a rebuild
	facts *summation
	// above is what the rows of a bucket, by key, have from organisations below their own; of submitted totals, all.
	above map[string]map[string]int64
}

// Recompute folds the logs anew, each as far as the store has followed it, and compares every total, seal
// and organisation with what is stored. own is the report service's own log, sources those it follows, by
// service. It returns the differences in words; none means equal.
func Recompute(r kv.Reader, own Source, sources map[string]Source) ([]string, error) {
	if err := whole(r); err != nil {
		return []string{err.Error()}, nil
	}
	c, err := foldLogs(r, own, sources, true)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, b := range allTotals {
		differences, err := compare(r, b, c.rows(b))
		if err != nil {
			return nil, err
		}
		found = append(found, differences...)
	}
	differences, err := c.compareOrganizations(r)
	if err != nil {
		return nil, err
	}
	found = append(found, differences...)
	differences, err = c.compareSeals(r)
	return append(found, differences...), err
}

// allTotals are the buckets of totals.
var allTotals = []kv.Bucket{ownTotals, ownLate, recordTotals, lateTotals, submitted}

// foldLogs folds the logs from their beginning: the whole of them, or as far as the store in r has followed.
func foldLogs(r kv.Reader, own Source, sources map[string]Source, followed bool) (*recomputed, error) {
	c := &recomputed{
		tree: organ.NewTree(), named: make(map[string]*directoryv1.Organization), seals: make(map[reportName]*reportv1.Seal),
		cuts: make(map[reportName]map[string]int64), facts: newSummation(nil), above: make(map[string]map[string]int64),
	}
	for _, b := range allTotals {
		c.above[b.Name] = make(map[string]int64)
	}
	if directory, ok := sources[directoryFeed]; ok {
		if err := each(r, directory, followed, c.organization); err != nil {
			return nil, err
		}
	}
	if err := each(own.Reader, own, false, c.own); err != nil {
		return nil, err
	}
	for _, service := range slices.Sorted(maps.Keys(sources)) {
		if service == directoryFeed {
			continue
		}
		if err := c.sumLog(r, sources[service], followed); err != nil {
			return nil, err
		}
	}
	c.spread()
	return c, nil
}

// each walks the entries of a log in their order: all, or as far as it has been followed.
func each(r kv.Reader, source Source, followed bool, do func(eventlog.Entry) error) error {
	return eachPage(r, source, followed, func(page []eventlog.StoredEntry) error {
		for _, stored := range page {
			entry, err := stored.Entry()
			if err == nil {
				err = do(eventlog.Entry{Index: stored.Index, Entry: entry})
			}
			if err != nil {
				return fmt.Errorf("entry %d of %s: %w", stored.Index, source.Log.Name(), err)
			}
		}
		return nil
	})
}

// eachPage walks a log, a page of entries at a time: the whole of it, or as far as it has been followed, where its
// root must be the one that was kept.
func eachPage(r kv.Reader, source Source, followed bool, do func([]eventlog.StoredEntry) error) error {
	size, err := source.Log.Size(source.Reader)
	if err != nil {
		return err
	}
	if followed {
		at, err := getPosition(r, source.Log.Name())
		if err != nil {
			return err
		}
		if at.GetSize() > size {
			return &eventlog.DivergedError{Log: source.Log.Name(), Followed: at.GetSize(), Size: size}
		}
		root, err := source.Log.Root(source.Reader, at.GetSize())
		if err != nil {
			return err
		}
		if at.GetSize() > 0 && (!bytes.Equal(root[:], at.GetRoot()) || !fits(at)) {
			return &eventlog.DivergedError{Log: source.Log.Name(), Followed: at.GetSize(), Size: size}
		}
		size = at.GetSize()
	}
	const page = 1000
	for start := int64(0); start < size; {
		entries, err := source.Log.Entries(source.Reader, start, min(page, size-start))
		if err != nil {
			return err
		}
		if err := do(entries); err != nil {
			return err
		}
		start += int64(len(entries))
	}
	return nil
}

// fits tells whether the hashes of a position, from which following goes on, lead to its root.
func fits(p *storev1.FoldPosition) bool {
	factory := &compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	tree, err := factory.NewRange(0, uint64(p.GetSize()), p.GetRange())
	if err != nil {
		return false
	}
	root, err := tree.GetRootHash(nil)
	return err == nil && bytes.Equal(root, p.GetRoot())
}

func (c *recomputed) organization(e eventlog.Entry) error {
	o, err := organizationOf(e)
	if err == nil && o != nil {
		put := mirror.Organization(o)
		c.tree.Put(put)
		c.named[string(put.ID)] = o
	}
	return err
}

// own takes in an entry of the report log.
func (c *recomputed) own(e eventlog.Entry) error {
	switch e.Entry.GetKind() {
	case accepted:
		return c.accept(e)
	case corrected:
		return c.correct(e)
	case rebuilt:
		return c.rebuild(e)
	}
	return nil
}

func (c *recomputed) accept(e eventlog.Entry) error {
	n, err := parseName(e.Entry.GetResource())
	if err != nil {
		return err
	}
	var report reportv1.Report
	if err := e.Entry.GetState().UnmarshalTo(&report); err != nil {
		return err
	}
	c.seals[n] = report.GetSeal()
	delete(c.cuts, n)
	return c.correct(e)
}

// correct changes the submitted totals by the facts of a report that is accepted or corrected.
func (c *recomputed) correct(e eventlog.Entry) error {
	n, err := parseName(e.Entry.GetResource())
	if err != nil {
		return err
	}
	for _, fact := range e.Entry.GetBefore() {
		c.submit(n, fact.GetMeasure(), -fact.GetValue())
	}
	for _, fact := range e.Entry.GetAfter() {
		c.submit(n, fact.GetMeasure(), fact.GetValue())
	}
	return nil
}

// late tells whether an entry stands at or after the position that a report's seal keeps of its log.
func (c *recomputed) late(n reportName, log string, index int64) bool {
	seal, ok := c.seals[n]
	if !ok {
		return false
	}
	for _, feed := range seal.GetFeeds() {
		if feed.GetLog() == log {
			if cut, ok := c.cuts[n][log]; ok {
				return index >= cut
			}
			return index >= feed.GetSize()
		}
	}
	return true // nothing of the log had been folded yet
}

// submit adds a figure of an accepted report to its organisation and everything above it.
func (c *recomputed) submit(n reportName, measure string, delta int64) {
	for _, id := range c.tree.PathIn(n.organization, n.period) {
		c.above[submitted.Name][string(totalKey(id, n.period, measure))] += delta
	}
}

// compare holds the rows of a bucket to those that it should have, both in the order of their keys.
func compare(r kv.Reader, b kv.Bucket, want iter.Seq2[string, int64]) ([]string, error) {
	var found []string
	say := func(t total, have, want int64) {
		found = append(found, fmt.Sprintf("%s: %s %s %s is %d, the logs say %d", b.Name, t.organization, t.period, t.measure, have, want))
	}
	next, stop := iter.Pull2(want)
	defer stop()
	key, n, more := next()
	missing := func() error {
		at, measure, err := splitKey([]byte(key))
		if err == nil {
			say(total{reportName: at, measure: string(measure)}, 0, n)
			key, n, more = next()
		}
		return err
	}
	for t, err := range totalsOf(r, b, nil) {
		if err != nil {
			return nil, err
		}
		stored := string(totalKey(t.organization, t.period, t.measure))
		for more && key < stored {
			if err := missing(); err != nil {
				return nil, err
			}
		}
		var expected int64
		if more && key == stored {
			expected = n
			key, n, more = next()
		}
		if t.value != expected {
			say(t, t.value, expected)
		}
	}
	for more {
		if err := missing(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (c *recomputed) compareOrganizations(r kv.Reader) ([]string, error) {
	var found []string
	stored := 0
	for pair, err := range r.Scan(organizations, kv.Range{}) {
		if err != nil {
			return nil, fmt.Errorf("read organisations: %w", err)
		}
		var o directoryv1.Organization
		if err := proto.Unmarshal(pair.Value, &o); err != nil {
			return nil, fmt.Errorf("decode organisation %s: %w", pair.Key, err)
		}
		if !proto.Equal(&o, c.named[string(pair.Key)]) {
			found = append(found, fmt.Sprintf("organizations: %s is not as the directory's log says", pair.Key))
		}
		stored++
	}
	if stored != c.tree.Len() {
		found = append(found, fmt.Sprintf("organizations: %d are stored, the directory's log has %d", stored, c.tree.Len()))
	}
	return found, nil
}

func (c *recomputed) compareSeals(r kv.Reader) ([]string, error) {
	var found []string
	stored := 0
	for pair, err := range r.Scan(seals, kv.Range{}) {
		if err != nil {
			return nil, fmt.Errorf("read seals: %w", err)
		}
		n, _, err := splitKey(pair.Key)
		if err != nil {
			return nil, fmt.Errorf("read seals: %w", err)
		}
		var seal reportv1.Seal
		if err := proto.Unmarshal(pair.Value, &seal); err != nil {
			return nil, fmt.Errorf("decode seal of %s: %w", n, err)
		}
		if !proto.Equal(&seal, c.seals[n]) {
			found = append(found, fmt.Sprintf("seals: that of %s is not as the report log says", n))
		}
		stored++
	}
	if stored != len(c.seals) {
		found = append(found, fmt.Sprintf("seals: %d are stored, the report log has %d", stored, len(c.seals)))
	}
	return found, nil
}
