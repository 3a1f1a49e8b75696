package organ

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Kind is what sort of organ an organisation is. The zero Kind is none and fits no level.
type Kind int

// The kinds of organ.
const (
	Government         Kind = iota + 1 // a people's government
	SubdistrictOffice                  // the agency of a city's or district's government, at township level
	Department                         // a department of a government at county level or above
	VillagersCommittee                 // a villagers' or residents' committee
	Other                              // a farm, a corps branch, a development zone
)

// Label is the kind's name; empty for no kind.
func (k Kind) Label() law.Label {
	switch k {
	case Government:
		return law.Label{Zh: "人民政府", En: "people's government"}
	case SubdistrictOffice:
		return law.Label{Zh: "街道办事处", En: "sub-district office"}
	case Department:
		return law.Label{Zh: "部门", En: "department"}
	case VillagersCommittee:
		return law.Label{Zh: "村(居)民委员会", En: "villagers' (residents') committee"}
	case Other:
		return law.Label{Zh: "其他", En: "other"}
	}
	return law.Label{}
}

// String is the English name of the kind.
func (k Kind) String() string { return k.Label().En }

// Fits tells whether the organ of an id can be of this kind.
func (k Kind) Fits(id ID) bool {
	l := id.Level()
	if l == 0 || id.IsDepartment() != (k == Department) {
		return false
	}
	switch k {
	case Government:
		return l <= Township
	case SubdistrictOffice:
		return l == Township
	case VillagersCommittee:
		return l == Village
	case Department, Other:
		return true
	}
	return false
}

// Version is what an organisation is from a day on, until the next version or its end.
type Version struct {
	EffectiveOn workday.Date
	Parent      ID // empty for the country, and for a province in a suite without it
	DisplayName string
	Kind        Kind
	// OwesReport tells whether it has to make reports of its own; if not, NoReportReason says why.
	OwesReport     bool
	NoReportReason string
}

// Organization is an organ through time.
type Organization struct {
	ID       ID
	Versions []Version // ascending by EffectiveOn
	// EndedOn is the first day on which it no longer exists; no date while it does.
	EndedOn    workday.Date
	Successors []ID // who took over what it had; only of an organisation that ended
}

// At returns the version in force on a date; false if the organisation does not exist then.
func (o Organization) At(on workday.Date) (Version, bool) {
	if !o.EndedOn.IsZero() && !on.Before(o.EndedOn) {
		return Version{}, false
	}
	for _, v := range slices.Backward(o.Versions) {
		if !on.Before(v.EffectiveOn) {
			return v, true
		}
	}
	return Version{}, false
}

// span is a time from the day from (included) to the day to (excluded, no date: for ever).
type span struct{ from, to workday.Date }

// lifetime is the time in which the organisation exists.
func (o Organization) lifetime() span {
	if len(o.Versions) == 0 {
		return span{}
	}
	return span{o.Versions[0].EffectiveOn, o.EndedOn}
}

// inForce is the time in which the i-th version is in force.
func (o Organization) inForce(i int) span {
	s := span{o.Versions[i].EffectiveOn, o.EndedOn}
	if i+1 < len(o.Versions) {
		s.to = earlier(s.to, o.Versions[i+1].EffectiveOn)
	}
	return s
}

// earlier is the earlier of two ends, where no date means never.
func earlier(a, b workday.Date) workday.Date {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// overlap is the time that two spans share.
func (s span) overlap(t span) span {
	if s.from.Before(t.from) {
		s.from = t.from
	}
	s.to = earlier(s.to, t.to)
	return s
}

func (s span) empty() bool { return !s.to.IsZero() && !s.from.Before(s.to) }

// holds tells whether t lies wholly within s.
func (s span) holds(t span) bool { return t.empty() || s.overlap(t) == t }
