package form

import (
	"regexp"
	"strings"
)

// placeholder names a cell in a text.
var placeholder = regexp.MustCompile(`\{\{([a-z0-9_.]{1,100})\}\}`)

// CellsIn are the ids of the cells that a text names, as {{disclosed.total}}, whose figures [Form.Fill] puts in their
// place. They may be none of the form.
func CellsIn(text string) []string {
	var ids []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// Fill puts figures of the form, or of its annex, in the place of their cells: amounts in the unit that the form prints
// them in. A cell of which there is no figure stays.
func (f *Form) Fill(text string, figures map[string]Figure) string {
	return placeholder.ReplaceAllStringFunc(text, func(named string) string {
		id := strings.Trim(named, "{}")
		c, ok := f.Find(id)
		if !ok || !figures[id].State.Known() {
			return named
		}
		return c.Write(figures[id].Value)
	})
}

// DeriveAnnex computes from measures the figures of the annex that reports on a year may have: of each cell that measures
// feed, and of each sum of such. The others are not there.
func (f *Form) DeriveAnnex(year int, measures map[string]int64) map[string]Figure {
	a, _ := f.Annex(year)
	figures := make(map[string]Figure)
	for _, c := range a.Part.Cells {
		if len(c.Facts) == 0 {
			continue
		}
		var total int64
		for measure, n := range measures {
			if c.Fed(measure) {
				total = add(total, n)
			}
		}
		figures[c.ID] = Figure{Value: total, State: Derived}
	}
	for range a.Part.Cells { // a sum may be one of sums
		for _, c := range a.Part.Cells {
			sumKnown(c, figures)
		}
	}
	return figures
}

// sumKnown adds up the cells that one is the sum of, if all of them are there.
func sumKnown(c Cell, figures map[string]Figure) {
	if len(c.Sum) == 0 {
		return
	}
	var total int64
	for _, id := range c.Sum {
		part, ok := figures[id]
		if !ok {
			return
		}
		total = add(total, part.Value)
	}
	figures[c.ID] = Figure{Value: total, State: Derived}
}
