package directory_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const township = "organizations/652701201"

func TestCreate(t *testing.T) {
	e := start(t)
	e.city()
	from := e.size()
	in := government("652701202", "652701", "小营盘镇人民政府")
	made, err := e.CreateOrganization(e.as(access.Administrator, "652701"), in)
	must(t, err)
	version := &directoryv1.OrganizationVersion{
		EffectiveOn: on(2008, 5, 1), Parent: "organizations/652701", DisplayName: "小营盘镇人民政府",
		Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true,
	}
	want := &directoryv1.Organization{
		Name: "organizations/652701202", Code: "652701202", Level: directoryv1.Level_LEVEL_TOWNSHIP,
		DisplayName: "小营盘镇人民政府", Parent: "organizations/652701", Kind: directoryv1.Kind_KIND_GOVERNMENT,
		OwesReport: true, FoundedOn: on(2008, 5, 1), Versions: []*directoryv1.OrganizationVersion{version},
		Etag: "1", CreateTime: timestamppb.New(noon), UpdateTime: timestamppb.New(noon),
	}
	same(t, made, want)
	got, err := e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: want.GetName()})
	must(t, err)
	same(t, got, want)

	entries := e.entries(from)
	if len(entries) != 1 {
		t.Fatalf("%d entries, want 1", len(entries))
	}
	var state directoryv1.Organization
	must(t, entries[0].GetState().UnmarshalTo(&state))
	same(t, state.GetVersions()[0], version)
	entries[0].State, entries[0].ContentSha256 = nil, nil
	same(t, entries[0], &logv1.Entry{
		Kind: "organization.created", Resource: want.GetName(), Revision: 1, HappenedOn: on(2008, 5, 1),
		RecordedAt: timestamppb.New(noon), Actor: "account-1", Authority: "administrator@organizations/652701",
	})
}

func TestCreateRefuses(t *testing.T) {
	e := start(t)
	e.city()
	with := func(in *directoryv1.CreateOrganizationRequest, f func(*directoryv1.Organization)) *directoryv1.CreateOrganizationRequest {
		f(in.GetOrganization())
		return in
	}
	for name, c := range map[string]struct {
		in     *directoryv1.CreateOrganizationRequest
		code   codes.Code
		reason string
		fields []string
	}{
		"taken":          {government("652701201", "652701", "x"), codes.AlreadyExists, "ALREADY_EXISTS", nil},
		"no such parent": {government("652703201", "652703", "x"), codes.FailedPrecondition, "PARENT_UNKNOWN", []string{"organization.parent"}},
		"parent of the same level": {
			government("652701203", "652701201", "x"), codes.FailedPrecondition, "PARENT_LEVEL_NOT_HIGHER", []string{"organization.parent"},
		},
		"itself": {
			government("652703", "652703", "x"), codes.FailedPrecondition, "PARENT_LEVEL_NOT_HIGHER",
			[]string{"organization.parent", "organization.parent"},
		},
		"no province at the top":   {government("6528", "", "x"), codes.FailedPrecondition, "ROOT_NOT_PROVINCE", []string{"organization.parent"}},
		"three digits":             {government("652", "65", "x"), codes.FailedPrecondition, "ORGANIZATION_ID_MALFORMED", []string{"organization_id"}},
		"letters":                  {government("65x", "65", "x"), codes.InvalidArgument, "INVALID_FIELD", []string{"organization_id"}},
		"department of a township": {government("652701201-edu", "652701201", "x"), codes.FailedPrecondition, "ORGANIZATION_ID_MALFORMED", []string{"organization_id"}},
		"kind": {
			with(government("652701001", "652701", "x"), func(o *directoryv1.Organization) { o.Kind = directoryv1.Kind_KIND_VILLAGERS_COMMITTEE }),
			codes.FailedPrecondition, "KIND_DOES_NOT_FIT_LEVEL",
			[]string{"organization.kind"},
		},
		"no reason for no report, no name": {
			with(government("652701001", "652701", ""), func(o *directoryv1.Organization) { o.OwesReport = false }),
			codes.FailedPrecondition, "DISPLAY_NAME_MISSING",
			[]string{"organization.display_name", "organization.no_report_reason"},
		},
		"before its parent": {
			with(government("652701001", "652701", "x"), func(o *directoryv1.Organization) { o.FoundedOn = on(2008, 4, 30) }),
			codes.FailedPrecondition, "PARENT_DOES_NOT_EXIST_THEN",
			[]string{"organization.parent"},
		},
		"tomorrow": {
			with(government("652701001", "652701", "x"), func(o *directoryv1.Organization) { o.FoundedOn = on(2019, 3, 2) }),
			codes.FailedPrecondition, "ORGANIZATION_DATE_IN_FUTURE",
			[]string{"organization.founded_on"},
		},
		"no day of the calendar": {
			with(government("652701001", "652701", "x"), func(o *directoryv1.Organization) { o.FoundedOn = on(2018, 2, 29) }),
			codes.InvalidArgument, "INVALID_FIELD",
			[]string{"organization.founded_on"},
		},
		"a name too long": {
			government("652701001", "652701", strings.Repeat("长", 101)), codes.InvalidArgument, "INVALID_FIELD", []string{"organization.display_name"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := e.size()
			_, err := e.CreateOrganization(e.root(), c.in)
			refused(t, err, c.code, c.reason, c.fields...)
			if e.size() != before {
				t.Error("something was stored")
			}
		})
	}
	_, err := e.CreateOrganization(e.as(access.Administrator, "652701"), government("652703201", "652703", "x"))
	refused(t, err, codes.NotFound, "NOT_FOUND")
}

func TestBatch(t *testing.T) {
	e := start(t)
	e.city()
	bole := e.as(access.Administrator, "652701")
	before := e.size()
	made, err := e.BatchCreateOrganizations(bole, batch(
		government("652701100", "652701", "小营盘镇人民政府"),
		village("652701100001", "652701100", "甲村民委员会"),
		village("652701201001", "652701201", "乙村民委员会"),
	))
	must(t, err)
	if got := names(made.GetOrganizations()); !slices.Equal(got, []string{"652701100", "652701100001", "652701201001"}) {
		t.Errorf("made %v", got)
	}
	for _, entry := range e.entries(before) {
		if entry.GetAuthority() != "administrator@organizations/652701" {
			t.Errorf("%s: authority %q", entry.GetResource(), entry.GetAuthority())
		}
	}

	before = e.size()
	stranger := government("652702001", "652702", "别处街道办事处")
	below := village("652702001001", "652702001", "别处村民委员会")
	for name, c := range map[string]struct {
		in     *directoryv1.BatchCreateOrganizationsRequest
		code   codes.Code
		reason string
		fields []string
	}{
		"outside":           {batch(government("652701101", "652701", "x"), stranger), codes.PermissionDenied, "PERMISSION_DENIED", nil},
		"below the outside": {batch(stranger, below), codes.PermissionDenied, "PERMISSION_DENIED", nil},
		"a province":        {batch(government("66", "", "x")), codes.PermissionDenied, "PERMISSION_DENIED", nil},
		"claimed to be inside": {
			batch(government("652702", "652701", "x"), stranger), codes.AlreadyExists, "ALREADY_EXISTS", nil,
		},
		"twice": {
			batch(government("652701101", "652701", "x"), government("652701101", "652701", "x")), codes.AlreadyExists, "ALREADY_EXISTS", nil,
		},
		"parent last": {
			batch(village("652701101001", "652701101", "x"), government("652701101", "652701", "x")),
			codes.FailedPrecondition, "PARENT_UNKNOWN",
			[]string{"requests[0].organization.parent"},
		},
		"one of three, named, and not those below it": {
			batch(government("652701101", "652701", "x"), government("652701102", "652701", ""), village("652701102001", "652701102", "x")),
			codes.FailedPrecondition, "DISPLAY_NAME_MISSING",
			[]string{"requests[1].organization.display_name"},
		},
		"before its parent in the batch": {
			batch(
				func() *directoryv1.CreateOrganizationRequest {
					in := government("652701101", "652701", "x")
					in.Organization.FoundedOn = on(2018, 7, 1)
					return in
				}(), village("652701101001", "652701101", "x"),
			), codes.FailedPrecondition, "PARENT_DOES_NOT_EXIST_THEN", []string{"requests[1].organization.parent"},
		},
		"none": {batch(), codes.InvalidArgument, "INVALID_FIELD", []string{"requests"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := e.BatchCreateOrganizations(bole, c.in)
			refused(t, err, c.code, c.reason, c.fields...)
		})
	}
	if e.size() != before {
		t.Error("a refused batch stored something")
	}
}

func TestBatchNamesFewViolations(t *testing.T) {
	e := start(t)
	e.city()
	var in directoryv1.BatchCreateOrganizationsRequest
	var fields []string
	for i := range 200 {
		in.Requests = append(in.Requests, government(fmt.Sprintf("652701%03d", i), "652701", ""))
		if i < 20 {
			fields = append(fields, fmt.Sprintf("requests[%d].organization.display_name", i))
		}
	}
	_, err := e.BatchCreateOrganizations(e.root(), &in)
	refused(t, err, codes.FailedPrecondition, "DISPLAY_NAME_MISSING", fields...)
}

func TestAccess(t *testing.T) {
	e := start(t)
	e.city()
	in := government("652701202", "652701", "x")
	_, err := e.CreateOrganization(t.Context(), in)
	refused(t, err, codes.Unauthenticated, "UNAUTHENTICATED")
	_, err = e.BatchCreateOrganizations(t.Context(), batch(in))
	refused(t, err, codes.Unauthenticated, "UNAUTHENTICATED")
	for _, ctx := range []context.Context{
		e.as(access.Administrator, "652702"), e.as(access.Administrator, "652701201"), e.as(access.Supervisor, "652701"), e.as(access.Clerk, "652701"),
	} {
		_, err = e.CreateOrganization(ctx, in)
		refused(t, err, codes.PermissionDenied, "PERMISSION_DENIED")
		_, err = e.BatchCreateOrganizations(ctx, batch(in))
		refused(t, err, codes.PermissionDenied, "PERMISSION_DENIED")
	}
	_, err = e.AbolishOrganization(e.as(access.Administrator, "652702"), &directoryv1.AbolishOrganizationRequest{Name: township, EndedOn: on(2018, 1, 1)})
	refused(t, err, codes.PermissionDenied, "PERMISSION_DENIED")
}

func TestMoveNeedsEveryParentTouched(t *testing.T) {
	e := start(t)
	e.city()
	move := &directoryv1.ReviseOrganizationRequest{Name: township, Version: under("652702", on(2018, 7, 1))}
	_, err := e.ReviseOrganization(e.as(access.Administrator, "652701"), move)
	refused(t, err, codes.PermissionDenied, "PERMISSION_DENIED")
	rename := under("652701", on(2018, 1, 1))
	rename.DisplayName = "贝林哈日莫墩镇人民政府"
	_, err = e.ReviseOrganization(e.as(access.Administrator, "652701201"), &directoryv1.ReviseOrganizationRequest{Name: township, Version: rename})
	must(t, err)
	_, err = e.ReviseOrganization(e.as(access.Administrator, "6527"), move)
	must(t, err)

	// Its new city administers it now, but not the time before.
	newCity := e.as(access.Administrator, "652702")
	back := &directoryv1.CorrectOrganizationRequest{Name: township, EffectiveOn: on(2018, 7, 1), Reason: "录入有误"}
	_, err = e.CorrectOrganization(newCity, back)
	refused(t, err, codes.PermissionDenied, "PERMISSION_DENIED")
	earlier := proto.CloneOf(back)
	earlier.Version = under("652702", on(2018, 6, 1))
	_, err = e.CorrectOrganization(newCity, earlier)
	refused(t, err, codes.PermissionDenied, "PERMISSION_DENIED")
	named := proto.CloneOf(back)
	named.Version = under("652702", on(2018, 7, 1))
	named.Version.DisplayName = "贝林哈日莫墩镇人民政府"
	_, err = e.CorrectOrganization(newCity, named)
	must(t, err)
}

// The township moved on 2018-07-01; that was recorded later, with a wrong date, and corrected twice.
func TestMoveAndItsCorrection(t *testing.T) {
	e := start(t)
	e.city()
	from := e.size()
	ctx := e.as(access.Administrator, "6527")
	at := func(want string, days ...*date.Date) {
		t.Helper()
		for _, day := range days {
			o, err := e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: township, AsOf: day})
			must(t, err)
			if o.GetParent() != "organizations/"+want {
				t.Errorf("below %s on %v, want %s", o.GetParent(), day, want)
			}
			for _, city := range []string{"652701", "652702"} {
				l, err := e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{Under: "organizations/" + city, AsOf: day})
				must(t, err)
				if got := slices.Contains(names(l.GetOrganizations()), "652701201"); got != (city == want) {
					t.Errorf("listed below %s on %v: %v", city, day, got)
				}
			}
		}
	}
	o, err := e.ReviseOrganization(ctx, &directoryv1.ReviseOrganizationRequest{Name: township, Version: under("652702", on(2018, 1, 7)), Etag: "1"})
	must(t, err)
	at("652701", on(2018, 1, 6))
	at("652702", on(2018, 1, 7), nil)
	if len(o.GetVersions()) != 2 || o.GetEtag() != "2" || o.GetParent() != "organizations/652702" {
		t.Errorf("revised: %v", o)
	}

	o, err = e.CorrectOrganization(ctx, &directoryv1.CorrectOrganizationRequest{
		Name: township, EffectiveOn: on(2018, 1, 7), Version: under("652702", on(2018, 7, 1)), Reason: "日期录入有误", Etag: "2",
	})
	must(t, err)
	at("652701", on(2018, 1, 7), on(2018, 6, 30))
	at("652702", on(2018, 7, 1), nil)
	if len(o.GetVersions()) != 2 || o.GetEtag() != "3" {
		t.Errorf("corrected: %v", o)
	}

	o, err = e.CorrectOrganization(ctx, &directoryv1.CorrectOrganizationRequest{Name: township, EffectiveOn: on(2018, 7, 1), Reason: "未曾划转"})
	must(t, err)
	at("652701", on(2008, 5, 1), on(2018, 7, 1), nil)
	if len(o.GetVersions()) != 1 || o.GetEtag() != "4" {
		t.Errorf("taken out: %v", o)
	}

	var kinds []string
	for i, entry := range e.entries(from) {
		kinds = append(kinds, entry.GetKind()+" "+dayOf(entry.GetHappenedOn()))
		if entry.GetRevision() != int64(i+2) || entry.GetResource() != township {
			t.Errorf("entry of revision %d of %s", entry.GetRevision(), entry.GetResource())
		}
	}
	want := []string{"organization.revised 2018-1-7", "organization.corrected 2018-7-1", "organization.corrected 2018-7-1"}
	if !slices.Equal(kinds, want) {
		t.Errorf("log %v, want %v", kinds, want)
	}
}

func dayOf(d *date.Date) string {
	return fmt.Sprintf("%d-%d-%d", d.GetYear(), d.GetMonth(), d.GetDay())
}

func same(t testing.TB, got, want proto.Message) {
	t.Helper()
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
