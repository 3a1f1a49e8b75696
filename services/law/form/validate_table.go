package form

import (
	"fmt"
	"slices"
)

// validateTable looks at what a table says of rows and columns. Its cells are looked at with all others.
func validateTable(found *faults, t *Table) {
	in := "table " + t.ID
	found.If(!nameForm.MatchString(t.ID), "table %q: malformed id", t.ID)
	found.If(t.Prefix != "" && !nameForm.MatchString(t.Prefix), "%s: malformed prefix %q", in, t.Prefix)
	found.If(t.Label.Missing(), "%s: label is missing in one language", in)
	found.If(len(t.Rows) == 0 || len(t.Columns) == 0, "%s: no rows or no columns", in)
	validateGroups(found, in+": row group", t.RowGroups)
	validateGroups(found, in+": column group", t.ColGroups)

	columns := map[string]bool{}
	for _, c := range t.Columns {
		found.If(!nameForm.MatchString(c.ID) && (c.ID != "" || len(t.Columns) > 1), "%s: column %q: malformed id", in, c.ID)
		found.If(columns[c.ID], "%s: column %s: duplicate id", in, c.ID)
		columns[c.ID] = true
		found.If(c.Label.Missing(), "%s: column %s: label is missing in one language", in, c.ID)
		found.If(!grouped(t.ColGroups, c.Group), "%s: column %s: no group %q", in, c.ID, c.Group)
	}
	for _, c := range t.Columns {
		for _, id := range c.Sum {
			found.If(!columns[id], "%s: column %s: sum of unknown column %q", in, c.ID, id)
		}
	}
	rows := validateRows(found, in, t)
	for _, m := range t.Merged {
		found.If(!cellForm.MatchString(m.ID), "%s: merged row %q: malformed id", in, m.ID)
		found.If(rows[m.ID], "%s: merged row %s: the id is a row's", in, m.ID)
		found.If(m.Label.Missing(), "%s: merged row %s: label is missing in one language", in, m.ID)
		found.If(len(m.Rows) < 2, "%s: merged row %s: fewer than two rows", in, m.ID)
		for _, id := range m.Rows {
			found.If(!rows[id], "%s: merged row %s: unknown row %q", in, m.ID, id)
		}
	}
}

func validateRows(found *faults, in string, t *Table) map[string]bool {
	rows := map[string]bool{}
	for _, r := range t.Rows {
		found.If(!cellForm.MatchString(r.ID), "%s: row %q: malformed id", in, r.ID)
		found.If(rows[r.ID], "%s: row %s: duplicate id", in, r.ID)
		rows[r.ID] = true
		found.If(r.Label.Missing(), "%s: row %s: label is missing in one language", in, r.ID)
		found.If(!grouped(t.RowGroups, r.Group), "%s: row %s: no group %q", in, r.ID, r.Group)
	}
	for _, r := range t.Rows {
		for _, id := range r.Sum {
			found.If(!rows[id], "%s: row %s: sum of unknown row %q", in, r.ID, id)
		}
	}
	return rows
}

func grouped(groups []Group, id string) bool {
	return id == "" || slices.ContainsFunc(groups, func(g Group) bool { return g.ID == id })
}

// validateGroups wants each group under one that stands before it, so that none is under itself.
func validateGroups(found *faults, in string, groups []Group) {
	for i, g := range groups {
		found.If(!nameForm.MatchString(g.ID), "%s %q: malformed id", in, g.ID)
		found.If(grouped(groups[:i], g.ID), "%s %s: duplicate id", in, g.ID)
		found.If(g.Label.Missing(), "%s %s: label is missing in one language", in, g.ID)
		found.If(!grouped(groups[:i], g.Under), "%s %s: under %q, which does not stand before it", in, g.ID, g.Under)
	}
}

// validateIdentities looks at the form's own identities and at those of its tables.
func validateIdentities(found *faults, f *Form) {
	index := f.index()
	for _, a := range f.Annexes {
		for _, c := range a.Part.Cells {
			index[c.ID] = c
		}
	}
	for _, t := range f.Tables() {
		for _, c := range t.mergedCells() {
			index[c.ID] = c
		}
	}
	for _, id := range f.Identities {
		found.If(id.Each != "" || len(id.Only) > 0, "identity %s: only a table's is for each row or column", id.ID)
		validateIdentity(found, id)
	}
	for _, t := range f.Tables() {
		for _, id := range t.Identities {
			found.If(id.Each != "column" && id.Each != "row", "identity %s: each is %q, neither column nor row", id.ID, id.Each)
			validateIdentity(found, id)
			for _, place := range id.Only {
				_, row := t.Row(place)
				_, column := t.Column(place)
				found.If(id.Each == "column" && !column || id.Each == "row" && !row, "identity %s: there is no %s %q", id.ID, id.Each, place)
			}
		}
	}
	for _, e := range f.Equations() {
		validateTerms(found, e, index)
	}
}

func validateTerms(found *faults, e Equation, index map[string]Cell) {
	var unit Unit
	for _, t := range slices.Concat(e.Left, e.Right) {
		c, known := index[t.Cell]
		found.If(!known, "identity %s: unknown cell %q", e.Check, t.Cell)
		found.If(known && unit != "" && c.Unit != unit, "identity %s: cell %s is in %s, others are in %s", e.Check, t.Cell, c.Unit, unit)
		if known {
			unit = c.Unit
		}
	}
	found.If(e.Cell == "", "identity %s: no cell of this year on the left", e.Check)
}

func validateIdentity(found *faults, id Identity) {
	found.If(!cellForm.MatchString(id.ID), "identity %q: malformed id", id.ID)
	found.If(id.Label.Missing(), "identity %s: label is missing in one language", id.ID)
	found.If(id.Remedy.Missing(), "identity %s: remedy is missing in one language", id.ID)
	found.If(id.Basis != Printed && id.Basis != Arithmetic && id.Basis != Reading, "identity %s: basis %q is neither printed, arithmetic nor reading", id.ID, id.Basis)
	found.If(len(id.Left) == 0 || len(id.Right) == 0, "identity %s: nothing on one side", id.ID)
}

// validateContinuations looks at what forms say of the cells of other forms in the same folder.
func validateContinuations(forms Forms) []error {
	var found []error
	for i := range forms {
		f := &forms[i]
		for _, c := range f.Continues {
			if _, ok := f.Find(c.Cell); !ok {
				found = append(found, fmt.Errorf("form %s.yaml: continues: unknown cell %q", f.ID, c.Cell))
			}
			former, ok := forms.Get(c.Form)
			if c.Form == f.ID || len(c.Cells) == 0 {
				found = append(found, fmt.Errorf("form %s.yaml: continues: cell %s goes on from nothing", f.ID, c.Cell))
			}
			for _, id := range c.Cells {
				if !ok {
					break // a folder may hold one form only
				}
				if _, known := former.Find(id); !known {
					found = append(found, fmt.Errorf("form %s.yaml: continues: form %s has no cell %q", f.ID, c.Form, id))
				}
			}
		}
	}
	return found
}
