package organ

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/services/law"
)

// Reasons of [Tree.Check], with the values that their texts name.
const (
	DisplayNameMissing  law.Reason = "DISPLAY_NAME_MISSING"                // effective_on
	VersionsMissing     law.Reason = "ORGANIZATION_WITHOUT_VERSION"        // id
	VersionDateMissing  law.Reason = "EFFECTIVE_DATE_MISSING"              // version
	EndDateInvalid      law.Reason = "END_DATE_INVALID"                    // none
	VersionsUnordered   law.Reason = "VERSIONS_NOT_ASCENDING"              // effective_on, before
	VersionAfterEnd     law.Reason = "VERSION_AFTER_END"                   // effective_on, ended_on
	KindUnfit           law.Reason = "KIND_DOES_NOT_FIT_LEVEL"             // kind, id
	NoReportUnexplained law.Reason = "NO_REPORT_WITHOUT_REASON"            // effective_on
	RootNotProvince     law.Reason = "ROOT_NOT_PROVINCE"                   // id
	ParentUnknown       law.Reason = "PARENT_UNKNOWN"                      // parent
	ParentAbsent        law.Reason = "PARENT_DOES_NOT_EXIST_THEN"          // parent, from
	ParentNotHigher     law.Reason = "PARENT_LEVEL_NOT_HIGHER"             // parent, parent_level, level
	DepartmentMisplaced law.Reason = "DEPARTMENT_NOT_BELOW_ITS_GOVERNMENT" // parent, government
	BelowDepartment     law.Reason = "PARENT_IS_DEPARTMENT"                // parent
	Cycle               law.Reason = "ORGANIZATION_CYCLE"                  // from, parent
	ChildrenLeft        law.Reason = "ORGANIZATION_HAS_CHILDREN"           // child
	SuccessorUnknown    law.Reason = "SUCCESSOR_UNKNOWN"                   // successor
	SuccessorAbsent     law.Reason = "SUCCESSOR_DOES_NOT_EXIST_THEN"       // successor, ended_on
	SuccessorEarly      law.Reason = "SUCCESSOR_WITHOUT_END"               // successor
)

// Sources of the rules.
var (
	levels      = law.Citation{Act: law.Constitution, Article: "30"}
	departments = law.Citation{Act: law.R2019, Article: "4(1)"}
)

// Check tells whether an organisation, new or changed, fits into the tree, on every date. It returns a [*law.Breach]
// with every reason against it, or nil. The tree is not changed.
//
// A tree that was built by Check and Put alone has no cycle on any date, and every parent exists as long as its children.
func (t *Tree) Check(o Organization) error {
	broken := law.Under(law.Citation{})
	broken.Under(law.Citation{Act: law.GBT2260}).If(o.ID.Level() == 0, MalformedID, "id", "id", string(o.ID))
	broken.If(len(o.Versions) == 0, VersionsMissing, "versions", "id", string(o.ID))
	checkVersions(broken, o)
	broken.If(!o.EndedOn.IsZero() && !o.EndedOn.Valid(), EndDateInvalid, "ended_on")
	for i := range o.Versions {
		t.checkParent(broken, o, i)
	}
	t.checkChildren(broken, o)
	t.checkSuccessors(broken, o)
	return broken.Err()
}

func field(version int, name string) string { return fmt.Sprintf("versions[%d].%s", version, name) }

// checkVersions checks each version by itself, and their order.
func checkVersions(broken *law.Broken, o Organization) {
	for i, v := range o.Versions {
		date := v.EffectiveOn.String()
		broken.If(!v.EffectiveOn.Valid(), VersionDateMissing, field(i, "effective_on"), "version", fmt.Sprint(i+1))
		if i > 0 {
			before := o.Versions[i-1].EffectiveOn
			broken.If(!v.EffectiveOn.After(before), VersionsUnordered, field(i, "effective_on"), "effective_on", date, "before", before.String())
		}
		broken.If(!o.EndedOn.IsZero() && !v.EffectiveOn.Before(o.EndedOn), VersionAfterEnd, field(i, "effective_on"),
			"effective_on", date, "ended_on", o.EndedOn.String())
		broken.If(strings.TrimSpace(v.DisplayName) == "", DisplayNameMissing, field(i, "display_name"), "effective_on", date)
		broken.If(!v.OwesReport && strings.TrimSpace(v.NoReportReason) == "", NoReportUnexplained, field(i, "no_report_reason"), "effective_on", date)
		broken.Under(levels).If(o.ID.Level() != 0 && !v.Kind.Fits(o.ID), KindUnfit, field(i, "kind"), "kind", v.Kind.String(), "id", string(o.ID))
	}
}

// checkParent checks the parent of one version, for the whole time in which it is in force.
func (t *Tree) checkParent(broken *law.Broken, o Organization, i int) {
	parent, at := o.Versions[i].Parent, field(i, "parent")
	if parent == "" {
		mayBeTop := o.ID.Level() <= Province && !o.ID.IsDepartment()
		broken.Under(levels).If(!mayBeTop, RootNotProvince, at, "id", string(o.ID))
		return
	}
	checkLevel(broken, o.ID, parent, at)
	from, found := t.cycle(o, parent, o.inForce(i), []ID{o.ID})
	broken.If(found, Cycle, at, "from", from, "parent", string(parent))
	above, known := t.Get(parent)
	broken.If(!known && parent != o.ID, ParentUnknown, at, "parent", string(parent))
	broken.If(known && !found && !above.lifetime().holds(o.inForce(i)), ParentAbsent, at,
		"parent", string(parent), "from", o.Versions[i].EffectiveOn.String())
}

func checkLevel(broken *law.Broken, id, parent ID, at string) {
	switch {
	case id.Level() == 0:
	case id.IsDepartment():
		broken.Under(departments).If(parent != id.Government(), DepartmentMisplaced, at,
			"parent", string(parent), "government", string(id.Government()))
	case parent.IsDepartment():
		broken.Under(departments).If(true, BelowDepartment, at, "parent", string(parent))
	default:
		broken.Under(levels).If(parent.Level() >= id.Level(), ParentNotHigher, at,
			"parent", string(parent), "parent_level", parent.Level().String(), "level", id.Level().String())
	}
}

// cycle looks for o among those above parent within a time, with o as it is to become. It returns the first day of
// the cycle that it finds. Seen are the ids between, so that the cycles of others do not hold it up.
func (t *Tree) cycle(o Organization, parent ID, when span, seen []ID) (string, bool) {
	if when.empty() || parent == "" {
		return "", false
	}
	if parent == o.ID {
		return when.from.String(), true
	}
	if slices.Contains(seen, parent) {
		return "", false
	}
	above := t.organizations[parent]
	for i, v := range above.Versions {
		if from, found := t.cycle(o, v.Parent, above.inForce(i).overlap(when), append(seen, parent)); found {
			return from, true
		}
	}
	return "", false
}

// checkChildren refuses a beginning or an end that would leave someone below without a parent.
func (t *Tree) checkChildren(broken *law.Broken, o Organization) {
	life := o.lifetime()
	for _, child := range t.children[o.ID] {
		below := t.organizations[child]
		i := slices.IndexFunc(below.Versions, func(v Version) bool { return v.Parent == o.ID })
		early := len(o.Versions) > 0 && below.Versions[i].EffectiveOn.Before(life.from)
		broken.If(early && child != o.ID, ChildrenLeft, field(0, "effective_on"), "child", string(child))
		for ; i < len(below.Versions); i++ {
			s := below.inForce(i)
			late := below.Versions[i].Parent == o.ID && !life.to.IsZero() && !s.empty() && (s.to.IsZero() || s.to.After(life.to))
			broken.If(late && child != o.ID, ChildrenLeft, "ended_on", "child", string(child))
		}
	}
}

func (t *Tree) checkSuccessors(broken *law.Broken, o Organization) {
	for i, id := range o.Successors {
		at := fmt.Sprintf("successors[%d]", i)
		successor, known := t.Get(id)
		broken.If(!known || id == o.ID, SuccessorUnknown, at, "successor", string(id))
		broken.If(o.EndedOn.IsZero(), SuccessorEarly, at, "successor", string(id))
		if _, there := successor.At(o.EndedOn); known && id != o.ID && !o.EndedOn.IsZero() {
			broken.If(!there, SuccessorAbsent, at, "successor", string(id), "ended_on", o.EndedOn.String())
		}
	}
}
