package organ

import (
	"slices"

	"gongkai/services/law/workday"
)

// PathIn returns an organisation and everything above it in a period, itself first: the path of the period's last
// day, where an organ that ended within the period still has its place (see the package documentation).
// The path of an id without a place in the period is the id alone.
func (t *Tree) PathIn(id ID, p workday.Period) []ID {
	return climb(id, func(id ID) ID {
		parent, _ := t.place(id, p, nil)
		return parent
	})
}

// ChildrenIn returns those directly below an organisation in a period, sorted, with those that ended within it and
// have their place here.
func (t *Tree) ChildrenIn(id ID, p workday.Period) []ID {
	// Whoever has its place here was once below id itself, or has a successor of which that is true.
	candidates := slices.Clone(t.children[id])
	seen := map[ID]bool{}
	var children []ID
	for len(candidates) > 0 {
		next := candidates[len(candidates)-1]
		candidates = candidates[:len(candidates)-1]
		if seen[next] {
			continue
		}
		seen[next] = true
		candidates = append(candidates, t.predecessors[next]...)
		if parent, ok := t.place(next, p, nil); ok && parent == id {
			children = append(children, next)
		}
	}
	slices.Sort(children)
	return children
}

// EndedIn tells whether an organisation ended within a period, after existing on at least one day of it.
func (t *Tree) EndedIn(id ID, p workday.Period) bool {
	o := t.organizations[id]
	return len(o.Versions) > 0 && o.EndedOn.After(p.First()) && !o.EndedOn.After(p.Last())
}

// place returns the parent of an organisation in a period; false if it has no place in it. Asked are the
// organisations whose place is being looked for, so that a circle of successors ends.
func (t *Tree) place(id ID, p workday.Period, asked []ID) (ID, bool) {
	if v, ok := t.At(id, p.Last()); ok {
		return v.Parent, true
	}
	if !t.EndedIn(id, p) || slices.Contains(asked, id) {
		return "", false
	}
	o := t.organizations[id]
	for _, successor := range o.Successors {
		if parent, ok := t.place(successor, p, append(asked, id)); ok {
			return parent, true
		}
	}
	return o.Versions[len(o.Versions)-1].Parent, true
}
