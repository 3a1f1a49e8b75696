package directory

import (
	"strconv"
	"strings"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
)

func nameOf(id organ.ID) string { return "organizations/" + string(id) }

func idOf(name string) organ.ID { return organ.ID(strings.TrimPrefix(name, "organizations/")) }

func dateOf(d workday.Date) *date.Date {
	return &date.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
}

func civil(d *date.Date) workday.Date {
	return workday.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
}

func etagOf(stored *storev1.StoredOrganization) string {
	return strconv.FormatInt(stored.GetRevision(), 10)
}

// asOf returns an organisation as it is shown for a date: what is stored, with what follows from the date. One
// that has ended by then is shown as it was last; one that has not begun, for which begun is false, as it will
// be first.
func asOf(stored *storev1.StoredOrganization, on workday.Date) (_ *directoryv1.Organization, begun bool) {
	out := proto.CloneOf(stored.GetOrganization())
	var first, current *directoryv1.OrganizationVersion
	for _, v := range out.GetVersions() {
		if first == nil {
			first, current = v, v
		}
		if !on.Before(civil(v.GetEffectiveOn())) {
			begun, current = true, v
		}
	}
	id := idOf(out.GetName())
	out.Code, out.Level = string(id), levelOf(id)
	out.DisplayName, out.Parent, out.Kind = current.GetDisplayName(), current.GetParent(), current.GetKind()
	out.OwesReport, out.NoReportReason = current.GetOwesReport(), current.GetNoReportReason()
	out.FoundedOn, out.Etag = proto.CloneOf(first.GetEffectiveOn()), etagOf(stored)
	return out, begun
}

func levelOf(id organ.ID) directoryv1.Level {
	switch id.Level() {
	case organ.Country:
		return directoryv1.Level_LEVEL_COUNTRY
	case organ.Province:
		return directoryv1.Level_LEVEL_PROVINCE
	case organ.Prefecture:
		return directoryv1.Level_LEVEL_PREFECTURE
	case organ.County:
		return directoryv1.Level_LEVEL_COUNTY
	case organ.Township:
		return directoryv1.Level_LEVEL_TOWNSHIP
	case organ.Village:
		return directoryv1.Level_LEVEL_VILLAGE
	}
	return directoryv1.Level_LEVEL_UNSPECIFIED
}
