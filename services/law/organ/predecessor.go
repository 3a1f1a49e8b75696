package organ

import "slices"

// Predecessors returns the organisations that named this one as who took over from them, sorted.
func (t *Tree) Predecessors(id ID) []ID { return slices.Clone(t.predecessors[id]) }
