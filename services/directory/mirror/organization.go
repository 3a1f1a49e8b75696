package mirror

import (
	"slices"
	"strings"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
)

// Organization reads an organisation, as an entry of the directory's log carries it, for the rules: name,
// versions, end and successors. Fields that follow from a day asked for are not looked at.
func Organization(o *directoryv1.Organization) organ.Organization {
	out := organ.Organization{ID: id(o.GetName()), EndedOn: civil(o.GetEndedOn())}
	for _, v := range o.GetVersions() {
		out.Versions = append(out.Versions, organ.Version{
			EffectiveOn: civil(v.GetEffectiveOn()), Parent: id(v.GetParent()), DisplayName: v.GetDisplayName(), Kind: kind(v.GetKind()),
			OwesReport: v.GetOwesReport(), NoReportReason: v.GetNoReportReason(),
		})
	}
	for _, s := range o.GetSuccessors() {
		out.Successors = append(out.Successors, id(s))
	}
	return out
}

func id(name string) organ.ID { return organ.ID(strings.TrimPrefix(name, "organizations/")) }

func civil(d *date.Date) workday.Date {
	return workday.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
}

func kind(k directoryv1.Kind) organ.Kind {
	switch k {
	case directoryv1.Kind_KIND_GOVERNMENT:
		return organ.Government
	case directoryv1.Kind_KIND_DEPARTMENT:
		return organ.Department
	case directoryv1.Kind_KIND_SUBDISTRICT_OFFICE:
		return organ.SubdistrictOffice
	case directoryv1.Kind_KIND_VILLAGERS_COMMITTEE:
		return organ.VillagersCommittee
	case directoryv1.Kind_KIND_OTHER:
		return organ.Other
	}
	return 0
}

// Stands tells whether an organisation is another one or stands somewhere below it on a day. One that has
// ended by then stands where it stood last, one that has not begun where it will stand first.
func Stands(t *organ.Tree, id, ancestor organ.ID, on workday.Date) bool {
	for seen := []organ.ID(nil); id != "" && !slices.Contains(seen, id); id = above(t, id, on) {
		if id == ancestor {
			return true
		}
		seen = append(seen, id)
	}
	return false
}

func above(t *organ.Tree, id organ.ID, on workday.Date) organ.ID {
	o, _ := t.Get(id)
	if v, ok := o.At(on); ok {
		return v.Parent
	}
	switch {
	case len(o.Versions) == 0:
		return ""
	case on.Before(o.Versions[0].EffectiveOn):
		return o.Versions[0].Parent
	}
	return o.Versions[len(o.Versions)-1].Parent
}
