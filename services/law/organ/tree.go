package organ

import (
	"slices"

	"gongkai/services/law/workday"
)

// Tree is every organisation with its versions. It is not safe for concurrent use while Put is called.
//
// Put takes anything, so that a tree can be rebuilt from what was once stored; [Tree.Check] tells beforehand whether
// an organisation fits. Every walk ends, also over a tree that was never checked.
type Tree struct {
	organizations map[ID]Organization
	children      map[ID][]ID // by a parent of any version, sorted
	predecessors  map[ID][]ID // by successor, sorted
}

// NewTree returns a tree without organisations.
func NewTree() *Tree {
	return &Tree{organizations: map[ID]Organization{}, children: map[ID][]ID{}, predecessors: map[ID][]ID{}}
}

// Put adds an organisation, or replaces the one of the same id, without any check.
func (t *Tree) Put(o Organization) {
	if old, ok := t.organizations[o.ID]; ok {
		for _, v := range old.Versions {
			remove(t.children, v.Parent, o.ID)
		}
		for _, s := range old.Successors {
			remove(t.predecessors, s, o.ID)
		}
	}
	o.Versions, o.Successors = slices.Clone(o.Versions), slices.Clone(o.Successors)
	t.organizations[o.ID] = o
	for _, v := range o.Versions {
		add(t.children, v.Parent, o.ID)
	}
	for _, s := range o.Successors {
		add(t.predecessors, s, o.ID)
	}
}

// add keeps each list sorted and without doubles.
func add(index map[ID][]ID, key, id ID) {
	if i, found := slices.BinarySearch(index[key], id); !found {
		index[key] = slices.Insert(index[key], i, id)
	}
}

func remove(index map[ID][]ID, key, id ID) {
	if i, found := slices.BinarySearch(index[key], id); found {
		index[key] = slices.Delete(index[key], i, i+1)
	}
}

// Get returns an organisation. Its slices belong to the tree and must not be changed.
func (t *Tree) Get(id ID) (Organization, bool) {
	o, ok := t.organizations[id]
	return o, ok
}

// Len is the number of organisations, ended ones included.
func (t *Tree) Len() int { return len(t.organizations) }

// At returns the version of an organisation on a date; false if it is unknown or does not exist then.
func (t *Tree) At(id ID, on workday.Date) (Version, bool) { return t.organizations[id].At(on) }

// Parent returns the parent of an organisation on a date: empty for a province, and for one that does not exist then.
func (t *Tree) Parent(id ID, on workday.Date) ID {
	v, _ := t.At(id, on)
	return v.Parent
}

// Path returns an organisation and everything above it on a date, itself first.
// The path of an id that does not exist then is the id alone.
func (t *Tree) Path(id ID, on workday.Date) []ID {
	return climb(id, func(id ID) ID { return t.Parent(id, on) })
}

// climb follows parents to the root, or until an id comes again.
func climb(id ID, parent func(ID) ID) []ID {
	path := []ID{id}
	for next := parent(id); next != "" && !slices.Contains(path, next); next = parent(next) {
		path = append(path, next)
	}
	return path
}

// Children returns those directly below an organisation on a date, sorted. Those below the empty id are the provinces.
func (t *Tree) Children(id ID, on workday.Date) []ID {
	var children []ID
	for _, child := range t.children[id] {
		if v, ok := t.At(child, on); ok && v.Parent == id {
			children = append(children, child)
		}
	}
	return children
}

// Within tells whether an organisation is the ancestor itself or stands below it on a date.
func (t *Tree) Within(id, ancestor ID, on workday.Date) bool {
	return slices.Contains(t.Path(id, on), ancestor)
}

// AllUnder returns everything below an organisation on a date, at any depth and without itself, sorted.
func (t *Tree) AllUnder(id ID, on workday.Date) []ID {
	seen := map[ID]bool{id: true}
	var under []ID
	for todo := []ID{id}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, child := range t.Children(next, on) {
			if !seen[child] {
				seen[child] = true
				under = append(under, child)
				todo = append(todo, child)
			}
		}
	}
	slices.Sort(under)
	return under
}
