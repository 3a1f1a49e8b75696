package report

import (
	"context"
	"fmt"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// foldFacts adds a batch of facts to the totals, together with the position that it leads to.
func (s *Server) foldFacts(ctx context.Context, b eventlog.Batch) error {
	flows, err := flowsOf(b.Entries)
	if err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.DB.Update(ctx, func(tx kv.Tx) error {
		if done, err := alreadyFolded(tx, b); done || err != nil {
			return err
		}
		if err := s.addFlows(tx, flows); err != nil {
			return err
		}
		return putPosition(tx, b.Log, b.Position)
	})
}

// alreadyFolded tells whether a batch was committed although that was not known, as when a commit's
// outcome was lost. A batch that leaves a gap is an error.
func alreadyFolded(r kv.Reader, b eventlog.Batch) (bool, error) {
	at, err := getPosition(r, b.Log)
	if err != nil {
		return false, err
	}
	begin := b.Position.GetSize() - int64(len(b.Entries))
	switch {
	case at.GetSize() == b.Position.GetSize():
		return true, nil
	case at.GetSize() != begin:
		return false, fmt.Errorf("fold %s: batch begins at %d, folded are %d", b.Log, begin, at.GetSize())
	}
	return false, nil
}

// flow is where a fact counts.
type flow struct {
	organization organ.ID
	month        workday.Period
	measure      string
}

// flowsOf sums the facts of entries: minus those before, plus those after each event. An entry whose
// opening is erased said nothing that was not taken back before. A fact of a year that no report can be
// about counts nowhere.
func flowsOf(entries []eventlog.Entry) (map[flow]int64, error) {
	flows := make(map[flow]int64)
	for _, e := range entries {
		if err := addFacts(flows, e.Entry.GetBefore(), -1); err != nil {
			return nil, fmt.Errorf("fold entry %d: %w", e.Index, err)
		}
		if err := addFacts(flows, e.Entry.GetAfter(), 1); err != nil {
			return nil, fmt.Errorf("fold entry %d: %w", e.Index, err)
		}
	}
	return flows, nil
}

func addFacts(flows map[flow]int64, facts []*logv1.Fact, sign int64) error {
	for _, f := range facts {
		d, id, err := countedAt(f)
		if err != nil {
			return err
		}
		if periods := workday.PeriodsOf(d); len(periods) > 0 {
			flows[flow{id, periods[0], f.GetMeasure()}] += sign * f.GetValue()
		}
	}
	return nil
}

// countedAt is the date and the organisation of a fact.
func countedAt(f *logv1.Fact) (workday.Date, organ.ID, error) {
	d, id := day(f.GetDate()), organ.ID(access.OrganizationOf(f.GetOrganization()))
	if !d.Valid() || id == "" || f.GetMeasure() == "" {
		return d, id, fmt.Errorf("fact %s of %s on %s cannot be counted", f.GetMeasure(), f.GetOrganization(), d)
	}
	return d, id, nil
}

// row is one of the totals.
type row struct {
	bucket string
	key    string
}

// addFlows adds flows to the own totals of their organisations and to the subtree totals of everything
// above, in each period that holds the month; where the organisation's report is sealed, also to the late ones.
// Flows of many organisations meet in the rows above them: each row is changed once.
func (s *Server) addFlows(tx kv.Tx, flows map[flow]int64) error {
	deltas := make(map[row]int64)
	for f, delta := range flows {
		if delta == 0 {
			continue
		}
		note := func(b kv.Bucket, id organ.ID, p workday.Period) {
			deltas[row{b.Name, string(totalKey(id, p, f.measure))}] += delta
		}
		note(ownTotals, f.organization, f.month)
		for _, p := range workday.PeriodsOf(f.month.First()) {
			late, err := sealed(tx, f.organization, p)
			if err != nil {
				return err
			}
			if late {
				note(ownLate, f.organization, p)
			}
			for _, id := range s.tree.PathIn(f.organization, p) {
				note(recordTotals, id, p)
				if late {
					note(lateTotals, id, p)
				}
			}
		}
	}
	for r, delta := range deltas {
		if err := add(tx, kv.Bucket{Name: r.bucket}, []byte(r.key), delta); err != nil {
			return err
		}
	}
	return nil
}

func addAlong(tx kv.Tx, b kv.Bucket, path []organ.ID, p workday.Period, measure string, delta int64) error {
	for _, id := range path {
		if err := add(tx, b, totalKey(id, p, measure), delta); err != nil {
			return err
		}
	}
	return nil
}
