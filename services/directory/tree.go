package directory

import (
	"context"
	"fmt"
	"sync"

	"gongkai/services/chassis/access"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// tree is the tree of what is committed.
type tree struct {
	mu    sync.RWMutex
	organ *organ.Tree // guarded by mu
}

func newTree() *tree { return &tree{organ: organ.NewTree()} }

// put takes over what was committed.
func (t *tree) put(organizations ...organ.Organization) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, o := range organizations {
		t.organ.Put(o)
	}
}

// check tells whether an organisation fits into the tree; if not, it returns a [*law.Breach].
func (t *tree) check(o organ.Organization) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.organ.Check(o)
}

// list returns the ids below an organisation on a date, sorted; false if it does not exist then. The empty
// id is the top.
func (t *tree) list(under organ.ID, subtree bool, on workday.Date) ([]organ.ID, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if _, ok := t.organ.At(under, on); under != "" && !ok {
		return nil, false
	}
	if subtree {
		return t.organ.AllUnder(under, on), true
	}
	return t.organ.Children(under, on), true
}

// lineage returns a new tree of an organisation and everything that was above it on any date: all that a
// check of something new below it looks at.
func (t *tree) lineage(ids ...organ.ID) *organ.Tree {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := organ.NewTree()
	for len(ids) > 0 {
		id := ids[len(ids)-1]
		ids = ids[:len(ids)-1]
		o, known := t.organ.Get(id)
		if _, done := out.Get(id); done || !known {
			continue
		}
		out.Put(o)
		for _, v := range o.Versions {
			ids = append(ids, v.Parent)
		}
	}
	return out
}

// Within implements [access.Tree].
func (s *Server) Within(_ context.Context, organization, ancestor string) (bool, error) {
	today := workday.On(s.now())
	s.tree.mu.RLock()
	defer s.tree.mu.RUnlock()
	if _, ok := s.tree.organ.Get(organ.ID(organization)); !ok {
		return false, fmt.Errorf("place of organizations/%s: %w", organization, access.ErrUnknownOrganization)
	}
	return mirror.Stands(s.tree.organ, organ.ID(organization), organ.ID(ancestor), today), nil
}
