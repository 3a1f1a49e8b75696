package report

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
)

// The store of the report service. org is an id followed by a zero byte; period is year (2 bytes) and part
// (1 byte: 0 the year, 1–4 a quarter, 0x11–0x1c a month); month is a period; numbers are big-endian.
//
//	bucket              key                      value
//	organizations       id                       directory.v1.Organization as the feed says it
//	feeds               log name                 store.v1.FoldPosition
//	totals.own          org · month · measure    8 bytes, two's complement
//	totals.own.late     org · period · measure   8 bytes
//	totals.records      org · period · measure   8 bytes, the whole subtree
//	totals.late         org · period · measure   8 bytes, the whole subtree
//	totals.submitted    org · period · cell      8 bytes, the whole subtree
//	reports             org · period             store.v1.StoredReport
//	reports.revisions   org · period · revision  store.v1.StoredReport as it was
//	seals               org · period             report.v1.Seal
//	figures             org · period             report.v1.GivenFigures
//	duedates            org · year               report.v1.DueDates
//	copies              org · period · version (4) · piece (4)   bytes of a signed copy
//	rebuilding          0, while a rebuild runs  1
var (
	organizations = kv.Bucket{Name: "organizations"}
	feeds         = kv.Bucket{Name: "feeds"}
	ownTotals     = kv.Bucket{Name: "totals.own"}
	ownLate       = kv.Bucket{Name: "totals.own.late"}
	recordTotals  = kv.Bucket{Name: "totals.records"}
	lateTotals    = kv.Bucket{Name: "totals.late"}
	submitted     = kv.Bucket{Name: "totals.submitted"}
	reports       = kv.Bucket{Name: "reports"}
	revisions     = kv.Bucket{Name: "reports.revisions"}
	seals         = kv.Bucket{Name: "seals"}
	givens        = kv.Bucket{Name: "figures"}
	dueSettings   = kv.Bucket{Name: "duedates"}
	copies        = kv.Bucket{Name: "copies"}
	rebuilding    = kv.Bucket{Name: "rebuilding"}
)

// subtreeTotals are the buckets whose rows follow the tree.
var subtreeTotals = []kv.Bucket{recordTotals, lateTotals, submitted}

const periodBytes = 3

func orgKey(id organ.ID) []byte { return append([]byte(id), 0) }

func periodKey(id organ.ID, p workday.Period) []byte {
	key := binary.BigEndian.AppendUint16(orgKey(id), uint16(p.Year()))
	return append(key, part(p))
}

func part(p workday.Period) byte {
	month := byte(p.First().Month)
	switch p.Kind() {
	case workday.Quarter:
		return (month + 2) / 3
	case workday.Month:
		return 0x10 + month
	}
	return 0
}

// splitKey takes a key apart that begins with an organisation and a period.
func splitKey(key []byte) (n reportName, rest []byte, err error) {
	id, tail, ok := bytes.Cut(key, []byte{0})
	if !ok || len(tail) < periodBytes {
		return reportName{}, nil, fmt.Errorf("key %x has no period", key)
	}
	year, part := binary.BigEndian.Uint16(tail), tail[2]
	text := fmt.Sprintf("%04d-%02d", year, int(part)-0x10)
	switch {
	case part == 0:
		text = fmt.Sprintf("%04d", year)
	case part <= 4:
		text = fmt.Sprintf("%04d-q%d", year, part)
	}
	p, err := workday.ParsePeriod(text)
	if err != nil {
		return reportName{}, nil, fmt.Errorf("key %x: %w", key, err)
	}
	return reportName{organ.ID(id), p}, tail[periodBytes:], nil
}

func totalKey(id organ.ID, p workday.Period, measure string) []byte {
	return append(periodKey(id, p), measure...)
}

// add changes a total; one that becomes zero is removed.
func add(tx kv.Tx, b kv.Bucket, key []byte, delta int64) error {
	if delta == 0 {
		return nil
	}
	value, err := tx.Get(b, key)
	if err != nil {
		return fmt.Errorf("read %s: %w", b.Name, err)
	}
	sum := delta
	if value != nil {
		have, err := number(b, value)
		if err != nil {
			return err
		}
		sum += have
	}
	if sum == 0 {
		err = tx.Delete(b, key)
	} else {
		err = tx.Put(b, key, binary.BigEndian.AppendUint64(nil, uint64(sum)))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", b.Name, err)
	}
	return nil
}

func number(b kv.Bucket, value []byte) (int64, error) {
	if len(value) != 8 {
		return 0, fmt.Errorf("total of %d bytes in %s", len(value), b.Name)
	}
	return int64(binary.BigEndian.Uint64(value)), nil
}

// sum adds an organisation's totals of a period, by measure, to those in into.
func sum(r kv.Reader, b kv.Bucket, id organ.ID, p workday.Period, into map[string]int64) error {
	return sumRange(r, b, len(periodKey(id, p)), kv.Prefix(periodKey(id, p)), into)
}

// sumMonths is sum over the months of a period, whose rows lie together.
func sumMonths(r kv.Reader, b kv.Bucket, id organ.ID, p workday.Period, into map[string]int64) error {
	months := p.Months()
	first, last := periodKey(id, months[0]), kv.Prefix(periodKey(id, months[len(months)-1]))
	return sumRange(r, b, len(first), kv.Range{From: first, To: last.To}, into)
}

// sumRange adds the totals in a range, whose keys have a measure after so many bytes.
func sumRange(r kv.Reader, b kv.Bucket, before int, within kv.Range, into map[string]int64) error {
	for pair, err := range r.Scan(b, within) {
		if err != nil {
			return fmt.Errorf("read %s: %w", b.Name, err)
		}
		if len(pair.Key) < before {
			return fmt.Errorf("read %s: key %x is garbled", b.Name, pair.Key)
		}
		value, err := number(b, pair.Value)
		if err != nil {
			return err
		}
		into[string(pair.Key[before:])] += value
	}
	return nil
}

// total is one row of a bucket of totals.
type total struct {
	reportName
	measure string
	value   int64
}

// totalsOf walks the rows of a bucket of totals whose keys begin with a prefix.
func totalsOf(r kv.Reader, b kv.Bucket, prefix []byte) iter.Seq2[total, error] {
	return func(yield func(total, error) bool) {
		for pair, err := range r.Scan(b, kv.Prefix(prefix)) {
			var t total
			if err == nil {
				t, err = readTotal(b, pair)
			}
			if err != nil {
				yield(total{}, fmt.Errorf("read %s: %w", b.Name, err))
				return
			}
			if !yield(t, nil) {
				return
			}
		}
	}
}

func readTotal(b kv.Bucket, pair kv.Pair) (total, error) {
	n, measure, err := splitKey(pair.Key)
	if err != nil {
		return total{}, err
	}
	value, err := number(b, pair.Value)
	return total{n, string(measure), value}, err
}

func getPosition(r kv.Reader, log string) (*storev1.FoldPosition, error) {
	position := &storev1.FoldPosition{}
	_, err := get(r, feeds, []byte(log), position)
	return position, err
}

func putPosition(tx kv.Tx, log string, p *storev1.FoldPosition) error {
	_, err := put(tx, feeds, []byte(log), p)
	return err
}

// positions returns how far every feed has been folded, by log name.
func positions(r kv.Reader) ([]*reportv1.FeedPosition, error) {
	var all []*reportv1.FeedPosition
	for pair, err := range r.Scan(feeds, kv.Range{}) {
		if err != nil {
			return nil, fmt.Errorf("read feeds: %w", err)
		}
		var p storev1.FoldPosition
		if err := proto.Unmarshal(pair.Value, &p); err != nil {
			return nil, fmt.Errorf("decode feed position: %w", err)
		}
		all = append(all, &reportv1.FeedPosition{Log: string(pair.Key), Size: p.GetSize(), Root: p.GetRoot()})
	}
	return all, nil
}

func sealed(r kv.Reader, id organ.ID, p workday.Period) (bool, error) {
	value, err := r.Get(seals, periodKey(id, p))
	if err != nil {
		return false, fmt.Errorf("read seal: %w", err)
	}
	return value != nil, nil
}

func putSeal(tx kv.Tx, id organ.ID, p workday.Period, s *reportv1.Seal) error {
	_, err := put(tx, seals, periodKey(id, p), s)
	return err
}

// findReport returns a report, or nil if there is none.
func findReport(r kv.Reader, n reportName) (*storev1.StoredReport, error) {
	var stored storev1.StoredReport
	found, err := get(r, reports, periodKey(n.organization, n.period), &stored)
	if err != nil || !found {
		return nil, err
	}
	return &stored, nil
}

// getReport returns a report, or NOT_FOUND.
func getReport(r kv.Reader, n reportName) (*storev1.StoredReport, error) {
	stored, err := findReport(r, n)
	if err == nil && stored == nil {
		err = fault.NotFound(n.String())
	}
	return stored, err
}

// getVersion returns a report as it was in a version when it was accepted or last corrected, or NOT_FOUND.
func getVersion(r kv.Reader, n reportName, version int32) (*storev1.StoredReport, error) {
	var found *storev1.StoredReport
	for pair, err := range r.Scan(revisions, kv.Prefix(periodKey(n.organization, n.period))) {
		var stored storev1.StoredReport
		if err == nil {
			err = proto.Unmarshal(pair.Value, &stored)
		}
		if err != nil {
			return nil, fmt.Errorf("read revisions of %s: %w", n, err)
		}
		if stored.GetReport().GetVersion() == version && isAccepted(stored.GetReport()) {
			found = &stored
		}
	}
	if found == nil {
		return nil, fault.NotFound(n.String())
	}
	return found, nil
}

// putReport stores a report and its revision, and returns the stored bytes.
func putReport(tx kv.Tx, n reportName, stored *storev1.StoredReport) ([]byte, error) {
	key := periodKey(n.organization, n.period)
	value, err := put(tx, reports, key, stored)
	if err != nil {
		return nil, err
	}
	key = binary.BigEndian.AppendUint64(key, uint64(stored.GetRevision()))
	if err := tx.Put(revisions, key, value); err != nil {
		return nil, fmt.Errorf("write revision: %w", err)
	}
	return value, nil
}

// reportsOf walks an organisation's reports by period, from after a key on; nil: from the first.
func reportsOf(r kv.Reader, id organ.ID, after []byte) iter.Seq2[*storev1.StoredReport, error] {
	return func(yield func(*storev1.StoredReport, error) bool) {
		within := kv.Prefix(orgKey(id))
		if bytes.Compare(after, within.From) > 0 {
			within.From = append(bytes.Clone(after), 0)
		}
		for pair, err := range r.Scan(reports, within) {
			var stored storev1.StoredReport
			if err == nil {
				err = proto.Unmarshal(pair.Value, &stored)
			}
			if !yield(&stored, err) || err != nil {
				return
			}
		}
	}
}

// loadTree builds the tree from what the directory's feed has given so far.
func loadTree(db *kv.DB) (*organ.Tree, error) {
	tree := organ.NewTree()
	err := db.View(context.Background(), func(r kv.Reader) error {
		if err := whole(r); err != nil {
			return err
		}
		for pair, err := range r.Scan(organizations, kv.Range{}) {
			if err != nil {
				return err
			}
			var o directoryv1.Organization
			if err := proto.Unmarshal(pair.Value, &o); err != nil {
				return err
			}
			tree.Put(mirror.Organization(&o))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load tree of organisations: %w", err)
	}
	return tree, nil
}

func get(r kv.Reader, b kv.Bucket, key []byte, into proto.Message) (bool, error) {
	value, err := r.Get(b, key)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", b.Name, err)
	}
	if value == nil {
		return false, nil
	}
	if err := proto.Unmarshal(value, into); err != nil {
		return false, fmt.Errorf("decode %s: %w", b.Name, err)
	}
	return true, nil
}

func put(tx kv.Tx, b kv.Bucket, key []byte, m proto.Message) ([]byte, error) {
	value, err := proto.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", b.Name, err)
	}
	if err := tx.Put(b, key, value); err != nil {
		return nil, fmt.Errorf("write %s: %w", b.Name, err)
	}
	return value, nil
}
