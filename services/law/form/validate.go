package form

import (
	"fmt"
	"regexp"
	"slices"
)

var (
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	cellForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)
	factForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.([a-z][a-z0-9_]*|\*))*$`)
)

// faults collects what is wrong with one form, as sentences that begin with the place.
type faults []string

func (fs *faults) If(cond bool, format string, args ...any) {
	if cond {
		*fs = append(*fs, fmt.Sprintf(format, args...))
	}
}

// validate returns what is wrong with a form.
func validate(f *Form) []string {
	var found faults
	found.If(f.ID == "", "id is missing")
	found.If(f.Title.Missing(), "title is missing in one language")
	found.If(f.FirstYear < 2000 || f.FirstYear > 2100, "first_year %d is not in 2000 to 2100", f.FirstYear)
	found.If(f.LastYear != 0 && f.LastYear < f.FirstYear, "last_year %d is before first_year %d", f.LastYear, f.FirstYear)
	found.If(f.Source.Title.Missing(), "source: title is missing in one language")
	found.If(len(f.Source.Citations) == 0, "source: no citations")
	for _, c := range f.Source.Citations {
		found.If(!c.Valid(), "source: %q %q is no citation that the law package knows", c.Act, c.Article)
	}
	validateCategories(&found, f)
	validateParts(&found, f)
	validateSums(&found, f)
	validateIdentities(&found, f)
	validateMentions(&found, f)
	return found
}

func validateCategories(found *faults, f *Form) {
	seen := map[string]bool{}
	for _, c := range f.Categories {
		found.If(!nameForm.MatchString(c.ID), "category %q: malformed id", c.ID)
		found.If(seen[c.ID], "category %s: duplicate id", c.ID)
		seen[c.ID] = true
		found.If(c.Label.Missing(), "category %s: label is missing in one language", c.ID)
		for _, item := range c.Items {
			found.If(item < 1 || item > 15, "category %s: R2019 art. 20 has no item %d", c.ID, item)
		}
	}
}

func validateParts(found *faults, f *Form) {
	found.If(len(f.Parts) == 0, "no parts")
	seen := ids{parts: map[string]bool{}, cells: map[string]bool{}, tables: map[string]bool{}}
	for _, p := range f.Parts {
		validatePart(found, p, seen)
	}
	for _, a := range f.Annexes {
		found.If(a.FirstYear < f.FirstYear || a.LastYear != 0 && a.LastYear < a.FirstYear, "annex %s: its years %d to %d do not fit", a.Part.ID, a.FirstYear, a.LastYear)
		found.If(a.Source.Title.Missing(), "annex %s: source: title is missing in one language", a.Part.ID)
		validatePart(found, a.Part, seen)
	}
}

// ids are those that a form has used up.
type ids struct{ parts, cells, tables map[string]bool }

func validatePart(found *faults, p Part, seen ids) {
	found.If(!nameForm.MatchString(p.ID), "part %q: malformed id", p.ID)
	found.If(seen.parts[p.ID], "part %s: duplicate id", p.ID)
	seen.parts[p.ID] = true
	found.If(p.Label.Missing(), "part %s: label is missing in one language", p.ID)
	found.If(len(p.Cells) == 0 && !p.Narrative, "part %s: neither narrative nor cells", p.ID)
	found.If(len(p.Cells) == 0 && p.MayStateNone, "part %s: may_state_none without cells", p.ID)
	for i := range p.Tables {
		t := &p.Tables[i]
		found.If(seen.tables[t.ID], "table %s: duplicate id", t.ID)
		seen.tables[t.ID] = true
		validateTable(found, t)
	}
	for _, c := range p.Cells {
		found.If(seen.cells[c.ID], "cell %s: duplicate id", c.ID)
		seen.cells[c.ID] = true
		validateCell(found, c)
	}
}

func validateCell(found *faults, c Cell) {
	found.If(!cellForm.MatchString(c.ID), "cell %q: malformed id", c.ID)
	found.If(c.Label.Missing(), "cell %s: label is missing in one language", c.ID)
	found.If(c.Unit != Count && c.Unit != Fen, "cell %s: unit %q is neither count nor fen", c.ID, c.Unit)
	found.If(c.Printed != "" && (c.Unit != Fen || c.Printed.Fen() == 0), "cell %s: a cell in %s cannot be printed in %q", c.ID, c.Unit, c.Printed)
	found.If(len(c.Facts) > 0 && len(c.Sum) > 0, "cell %s: both facts and a sum", c.ID)
	for _, fact := range c.Facts {
		found.If(!factForm.MatchString(fact), "cell %s: malformed fact %q", c.ID, fact)
	}
}

// validateSums looks at each sum with everything below it.
func validateSums(found *faults, f *Form) {
	index := f.index()
	cells := f.Cells()
	for _, a := range f.Annexes {
		cells = append(cells, a.Part.Cells...)
	}
	for _, c := range cells {
		index[c.ID] = c
	}
	for _, c := range cells {
		for _, id := range c.Sum {
			part, known := index[id]
			found.If(!known, "cell %s: sum of unknown cell %q", c.ID, id)
			found.If(known && part.Unit != c.Unit, "cell %s: sum in %s of cell %s in %s", c.ID, c.Unit, id, part.Unit)
		}
		leaves, ok := leavesOf(index, c, nil)
		found.If(!ok, "cell %s: it is a sum of itself", c.ID)
		if !ok {
			continue
		}
		for i, a := range leaves {
			for _, b := range leaves[i+1:] {
				found.If(a.ID == b.ID, "cell %s: cell %s is counted twice", c.ID, a.ID)
				found.If(a.ID != b.ID && shared(a, b) != "", "cell %s: %s feeds both %s and %s", c.ID, shared(a, b), a.ID, b.ID)
			}
		}
	}
}

// leavesOf returns the cells that a sum adds up in the end; false if it meets one of the cells above it.
func leavesOf(index map[string]Cell, c Cell, above []string) ([]Cell, bool) {
	if slices.Contains(above, c.ID) {
		return nil, false
	}
	if len(c.Sum) == 0 {
		return []Cell{c}, true
	}
	var leaves []Cell
	for _, id := range c.Sum {
		part, known := index[id]
		if !known {
			continue
		}
		below, ok := leavesOf(index, part, append(above, c.ID))
		if !ok {
			return nil, false
		}
		leaves = append(leaves, below...)
	}
	return leaves, true
}

// shared is a fact of a that some measure of b fits too; empty if there is none.
func shared(a, b Cell) string {
	for _, fact := range a.Facts {
		if b.Fed(fact) {
			return fact
		}
	}
	return ""
}
