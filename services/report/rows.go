package report

import (
	"iter"
	"maps"
	"slices"

	"gongkai/services/chassis/kv"
	"gongkai/services/law/workday"
)

// spread adds the facts of each organisation to what the rows above it have from below.
func (c *recomputed) spread() {
	for id, facts := range c.facts.byOrganization() {
		for at, n := range c.facts.inPeriods(facts) {
			b := recordTotals
			if at.late {
				b = lateTotals
			}
			for _, above := range c.tree.PathIn(id, at.period)[1:] {
				c.above[b.Name][string(totalKey(above, at.period, at.measure))] += n
			}
		}
	}
}

// rows walks the rows that a bucket of totals should have, by key. None of them is zero.
func (c *recomputed) rows(b kv.Bucket) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		for key, n := range merged(c.ownRows(b), sorted(c.above[b.Name])) {
			if n != 0 && !yield(key, n) {
				return
			}
		}
	}
}

// ownRows walks, by key, what the rows of a bucket have from the facts of their own organisation.
func (c *recomputed) ownRows(b kv.Bucket) iter.Seq2[string, int64] {
	counts := map[string]func(counted) bool{
		ownTotals.Name:    func(at counted) bool { return !at.late && at.period.Kind() == workday.Month },
		ownLate.Name:      func(at counted) bool { return at.late },
		recordTotals.Name: func(at counted) bool { return !at.late },
		lateTotals.Name:   func(at counted) bool { return at.late },
	}[b.Name]
	return func(yield func(string, int64) bool) {
		if counts == nil { // submitted totals have none from facts
			return
		}
		onlyLate := b.Name == ownLate.Name || b.Name == lateTotals.Name
		for id, facts := range c.facts.byOrganization() {
			if onlyLate && !slices.ContainsFunc(facts, ownFact.late) {
				continue
			}
			rows := make(map[string]int64)
			for at, n := range c.facts.inPeriods(facts) {
				if counts(at) {
					rows[string(totalKey(id, at.period, at.measure))] = n
				}
			}
			for key, n := range sorted(rows) {
				if !yield(key, n) {
					return
				}
			}
		}
	}
}

func sorted(rows map[string]int64) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		for _, key := range slices.Sorted(maps.Keys(rows)) {
			if !yield(key, rows[key]) {
				return
			}
		}
	}
}

// merged walks two sequences, each in the order of its keys, as one; what both have is added up.
func merged(a, b iter.Seq2[string, int64]) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		next, stop := iter.Pull2(b)
		defer stop()
		other, m, more := next()
		for key, n := range a {
			for ; more && other < key; other, m, more = next() {
				if !yield(other, m) {
					return
				}
			}
			if more && other == key {
				n += m
				other, m, more = next()
			}
			if !yield(key, n) {
				return
			}
		}
		for ; more; other, m, more = next() {
			if !yield(other, m) {
				return
			}
		}
	}
}
