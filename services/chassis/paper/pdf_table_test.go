package paper

import (
	"slices"
	"testing"
)

// The text of a cell that the ends of pages cut stands whole in the first part that has room for it; one that no page
// could hold is cut too, and no line is lost.
func TestPart(t *testing.T) {
	for what, c := range map[string]struct {
		lines       int
		parts, want []int // in lines
	}{
		"one part":           {3, []int{1}, []int{3}},
		"room in the first":  {3, []int{4, 9}, []int{3, 0}},
		"room in the second": {8, []int{1, 20, 2}, []int{0, 8, 0}},
		"room in none":       {8, []int{2, 7, 2}, []int{0, 0, 8}},
		"longer than a page": {200, []int{30, 60, 60, 90}, []int{30, 60, 60, 50}},
	} {
		cell := &Cell{}
		l := &laid{texts: map[*Cell][]string{cell: slices.Repeat([]string{"行"}, c.lines)}, cut: map[*Cell][]string{}}
		var got []int
		for i, height := range c.parts {
			got = append(got, len(l.part(Place{Cell: cell, First: i == 0}, (float64(height)+0.5)*cellLine, i < len(c.parts)-1)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}
