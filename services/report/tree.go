package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// foldTree moves the totals to where the directory's batch puts their organisations. A tree change moves
// totals, never facts, in the transaction that moves the position.
func (s *Server) foldTree(ctx context.Context, b eventlog.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var before []organ.Organization // the tree's organisations before this transaction, the latest change last
	restore := func() {
		for _, o := range slices.Backward(before) {
			s.tree.Put(o)
		}
		before = nil
	}
	err := s.DB.Update(ctx, func(tx kv.Tx) error {
		restore() // of an earlier run of this function
		if done, err := alreadyFolded(tx, b); done || err != nil {
			return err
		}
		for _, e := range b.Entries {
			o, err := organizationOf(e)
			if err != nil {
				return fmt.Errorf("fold entry %d of %s: %w", e.Index, b.Log, err)
			}
			if o == nil {
				continue
			}
			changed := mirror.Organization(o)
			old, ok := s.tree.Get(changed.ID)
			if !ok {
				old = organ.Organization{ID: changed.ID}
			}
			before = append(before, old)
			if err := move(tx, s.tree, changed); err != nil {
				return fmt.Errorf("fold entry %d of %s: %w", e.Index, b.Log, err)
			}
			if _, err := put(tx, organizations, []byte(changed.ID), o); err != nil {
				return err
			}
		}
		return putPosition(tx, b.Log, b.Position)
	})
	if err != nil {
		restore()
	}
	return err
}

// organizationOf returns the organisation that a directory's entry puts in place; nil if it is about
// something else. The directory's log is public: an entry that does not open is an error.
func organizationOf(e eventlog.Entry) (*directoryv1.Organization, error) {
	if e.Entry == nil {
		return nil, fmt.Errorf("its opening is withheld")
	}
	if !strings.HasPrefix(e.Entry.GetKind(), "organization.") {
		return nil, nil
	}
	o := new(directoryv1.Organization)
	if err := e.Entry.GetState().UnmarshalTo(o); err != nil {
		return nil, fmt.Errorf("read organisation: %w", err)
	}
	return o, nil
}

// move puts an organisation into the tree, and moves the totals of whatever that moves: its own subtree,
// and those that ended and have their place beside it as their successor.
//
// One of these may stand below another, as a department that its own government succeeds. So the lowest are
// taken out first, and nothing is taken out, or put back, twice.
func move(tx kv.Tx, tree *organ.Tree, changed organ.Organization) error {
	moving := withPredecessors(tree, changed.ID)
	periods, err := periodsOf(tx, moving)
	if err != nil {
		return err
	}
	var rows []movedRow
	for _, p := range periods {
		height := func(id organ.ID) int { return -len(tree.PathIn(id, p)) }
		slices.SortStableFunc(moving, func(a, b organ.ID) int { return cmp.Compare(height(a), height(b)) })
		for _, id := range moving {
			out, err := takeOut(tx, tree.PathIn(id, p), p)
			if err != nil {
				return err
			}
			rows = append(rows, out...)
		}
	}
	tree.Put(changed)
	for _, m := range rows {
		if err := addAlong(tx, m.bucket, tree.PathIn(m.organization, m.period)[1:], m.period, m.measure, m.value); err != nil {
			return err
		}
	}
	return nil
}

// withPredecessors returns an organisation and all whose place in a period may depend on its own.
func withPredecessors(tree *organ.Tree, id organ.ID) []organ.ID {
	all := []organ.ID{id}
	for i := 0; i < len(all); i++ {
		for _, p := range tree.Predecessors(all[i]) {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// periodsOf are the periods in which organisations have totals.
func periodsOf(r kv.Reader, ids []organ.ID) ([]workday.Period, error) {
	var all []workday.Period
	seen := make(map[workday.Period]bool)
	for _, id := range ids {
		for _, b := range subtreeTotals {
			for t, err := range totalsOf(r, b, orgKey(id)) {
				if err != nil {
					return nil, err
				}
				if !seen[t.period] {
					seen[t.period], all = true, append(all, t.period)
				}
			}
		}
	}
	return all, nil
}

// movedRow is a row of a subtree's totals on its way to another place in the tree.
type movedRow struct {
	bucket kv.Bucket
	total
}

// takeOut takes the totals of a subtree in a period away from everything above it. The path begins with
// the top of that subtree.
func takeOut(tx kv.Tx, path []organ.ID, p workday.Period) ([]movedRow, error) {
	var rows []movedRow
	for _, b := range subtreeTotals {
		for t, err := range totalsOf(tx, b, periodKey(path[0], p)) {
			if err != nil {
				return nil, err
			}
			rows = append(rows, movedRow{b, t})
		}
	}
	for _, m := range rows {
		if err := addAlong(tx, m.bucket, path[1:], p, m.measure, -m.value); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
