package mirror_test

import (
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/type/date"
)

func TestOrganization(t *testing.T) {
	got := mirror.Organization(&directoryv1.Organization{
		Name: "organizations/652701201", EndedOn: on(2019, 1, 1), Successors: []string{"organizations/652701202"},
		DisplayName: "of some day", Parent: "organizations/65",
		Versions: []*directoryv1.OrganizationVersion{
			{EffectiveOn: on(2008, 5, 1), Parent: "organizations/652701", DisplayName: "甲", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true},
			{EffectiveOn: on(2018, 7, 1), DisplayName: "乙", Kind: directoryv1.Kind_KIND_OTHER, NoReportReason: "兵团"},
		},
	})
	want := organ.Organization{
		ID: "652701201", EndedOn: workday.Date{Year: 2019, Month: 1, Day: 1}, Successors: []organ.ID{"652701202"},
		Versions: []organ.Version{
			{EffectiveOn: workday.Date{Year: 2008, Month: 5, Day: 1}, Parent: "652701", DisplayName: "甲", Kind: organ.Government, OwesReport: true},
			{EffectiveOn: workday.Date{Year: 2018, Month: 7, Day: 1}, DisplayName: "乙", Kind: organ.Other, NoReportReason: "兵团"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Every kind of the contract is a kind of the rules, and each another one.
func TestKinds(t *testing.T) {
	want := map[directoryv1.Kind]organ.Kind{
		directoryv1.Kind_KIND_UNSPECIFIED:         0,
		directoryv1.Kind_KIND_GOVERNMENT:          organ.Government,
		directoryv1.Kind_KIND_DEPARTMENT:          organ.Department,
		directoryv1.Kind_KIND_SUBDISTRICT_OFFICE:  organ.SubdistrictOffice,
		directoryv1.Kind_KIND_VILLAGERS_COMMITTEE: organ.VillagersCommittee,
		directoryv1.Kind_KIND_OTHER:               organ.Other,
	}
	for number, name := range directoryv1.Kind_name {
		kind, known := want[directoryv1.Kind(number)]
		if !known {
			t.Errorf("%s is not in the table", name)
			continue
		}
		o := mirror.Organization(&directoryv1.Organization{Versions: []*directoryv1.OrganizationVersion{{Kind: directoryv1.Kind(number)}}})
		if got := o.Versions[0].Kind; got != kind {
			t.Errorf("%s is %v, want %v", name, got, kind)
		}
	}
}

func TestStands(t *testing.T) {
	tree := organ.NewTree()
	put := func(id, successor string, ended *date.Date, versions ...*directoryv1.OrganizationVersion) {
		o := &directoryv1.Organization{Name: "organizations/" + id, Versions: versions, EndedOn: ended}
		if successor != "" {
			o.Successors = []string{"organizations/" + successor}
		}
		tree.Put(mirror.Organization(o))
	}
	below := func(parent string, from *date.Date) *directoryv1.OrganizationVersion {
		return &directoryv1.OrganizationVersion{EffectiveOn: from, Parent: "organizations/" + parent}
	}
	put("6527", "", nil, &directoryv1.OrganizationVersion{EffectiveOn: on(2000, 1, 1)})
	put("652701", "652702", on(2019, 1, 1), below("6527", on(2000, 1, 1)))
	put("652702", "", nil, below("6527", on(2000, 1, 1)))
	put("652701201", "", nil, below("652701", on(2010, 1, 1)), below("652702", on(2018, 7, 1)))
	// Two that were never checked, each above the other.
	put("652703", "", nil, below("652704", on(2000, 1, 1)))
	put("652704", "", nil, below("652703", on(2000, 1, 1)))

	for _, c := range []struct {
		id, ancestor organ.ID
		on           *date.Date
		want         bool
	}{
		{"652701201", "652701201", on(2018, 1, 1), true},
		{"652701201", "652701", on(2018, 6, 30), true},
		{"652701201", "652701", on(2018, 7, 1), false},
		{"652701201", "652702", on(2018, 7, 1), true},
		{"652701201", "6527", on(2018, 7, 1), true},
		{"6527", "652701201", on(2018, 7, 1), false},
		{"652701201", "652701", on(2009, 12, 31), true}, // not begun
		{"652701", "6527", on(2019, 1, 1), true},        // ended
		{"652701", "652702", on(2019, 1, 1), false},     // not below its successor
		{"652799", "6527", on(2019, 1, 1), false},       // unknown
		{"652703", "6527", on(2019, 1, 1), false},       // a circle ends
		{"652703", "652704", on(2019, 1, 1), true},
	} {
		day := workday.Date{Year: int(c.on.GetYear()), Month: time.Month(c.on.GetMonth()), Day: int(c.on.GetDay())}
		if got := mirror.Stands(tree, c.id, c.ancestor, day); got != c.want {
			t.Errorf("%s below %s on %v: %v", c.id, c.ancestor, day, got)
		}
	}
}
