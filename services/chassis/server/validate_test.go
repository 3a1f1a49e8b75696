package server_test

import (
	"strings"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

func localized(err error) string {
	for _, d := range status.Convert(err).Details() {
		if m, ok := d.(*errdetails.LocalizedMessage); ok {
			return m.GetMessage()
		}
	}
	return ""
}

// Every date of a request must be a day of the calendar, at whatever depth, and is named by its path.
func TestDates(t *testing.T) {
	e := start(t)
	ctx := e.as(access.Administrator, access.Everywhere)
	for _, c := range []struct {
		y, m, d int32
		ok      bool
	}{
		{2018, 7, 1, true},
		{2020, 2, 29, true},
		{9999, 12, 31, true},
		{1, 1, 1, true},
		{2019, 2, 29, false},
		{2018, 13, 1, false},
		{2018, 4, 31, false},
		{2018, 0, 1, false},
		{2018, 7, 0, false},
		{0, 7, 1, false},
		{0, 0, 0, false},
		{10000, 1, 1, false},
		{2018, -1, 1, false},
		{2018, 1 << 30, 1 << 30, false},
	} {
		in := correction(town)
		in.EffectiveOn = day(c.y, c.m, c.d)
		want := "OK"
		if !c.ok {
			want = "InvalidArgument INVALID_FIELD effective_on=BAD_DATE"
		}
		if _, err := e.CorrectOrganization(ctx, in); refusal(err) != want {
			t.Errorf("%d-%d-%d: %s", c.y, c.m, c.d, refusal(err))
		}
	}
	in := correction(town)
	in.EffectiveOn = day(2018, 2, 30)
	in.Version = &directoryv1.OrganizationVersion{DisplayName: "a", Kind: directoryv1.Kind_KIND_GOVERNMENT, EffectiveOn: day(2018, 2, 31)}
	if _, err := e.CorrectOrganization(ctx, in); refusal(err) != "InvalidArgument INVALID_FIELD effective_on=BAD_DATE version.effective_on=BAD_DATE" {
		t.Error(refusal(err))
	}
	good := &directoryv1.Organization{DisplayName: "a", Kind: directoryv1.Kind_KIND_GOVERNMENT, FoundedOn: day(2008, 5, 1)}
	bad := &directoryv1.Organization{DisplayName: "a", Kind: directoryv1.Kind_KIND_GOVERNMENT, FoundedOn: day(2008, 5, 32)}
	_, err := e.BatchCreateOrganizations(ctx, &directoryv1.BatchCreateOrganizationsRequest{Requests: []*directoryv1.CreateOrganizationRequest{
		{OrganizationId: "65", Organization: good}, {OrganizationId: "6527", Organization: bad},
	}})
	if refusal(err) != "InvalidArgument INVALID_FIELD requests[1].organization.founded_on=BAD_DATE" {
		t.Error(refusal(err))
	}
	_, err = e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: town, AsOf: day(2019, 2, 29)})
	if refusal(err) != "InvalidArgument INVALID_FIELD as_of=BAD_DATE" {
		t.Error(refusal(err))
	}
}

// Every rule in the protos has a reason of its own, all violations come at once, and limits are told.
func TestValidation(t *testing.T) {
	e := start(t)
	ctx := e.as(access.Administrator, access.Everywhere)
	long := strings.Repeat("贝", 101)
	version := &directoryv1.OrganizationVersion{DisplayName: long, Kind: 99, EffectiveOn: day(2018, 7, 1), Parent: "x"}
	in := &directoryv1.CorrectOrganizationRequest{Name: "x", Version: version}
	_, err := e.CorrectOrganization(ctx, in)
	want := "InvalidArgument INVALID_FIELD effective_on=REQUIRED name=BAD_FORMAT reason=REQUIRED " +
		"version.display_name=TOO_LONG version.kind=NOT_IN_LIST version.parent=BAD_FORMAT"
	if got := refusal(err); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	in = correction(town)
	in.Version = &directoryv1.OrganizationVersion{DisplayName: long, Kind: directoryv1.Kind_KIND_GOVERNMENT, EffectiveOn: day(2018, 7, 1)}
	if _, err = e.CorrectOrganization(ctx, in); localized(err) != "名称：超过长度上限100字；请缩短。" {
		t.Errorf("%q", localized(err))
	}
	_, err = e.BatchCreateOrganizations(ctx, &directoryv1.BatchCreateOrganizationsRequest{})
	if got := refusal(err); got != "InvalidArgument INVALID_FIELD requests=REQUIRED" {
		t.Error(got)
	}
	_, err = e.logs.ListEntries(t.Context(), &logv1.ListEntriesRequest{Parent: "logs/x", PageSize: -1})
	if got := refusal(err); got != "InvalidArgument INVALID_FIELD page_size=OUT_OF_BOUNDS" {
		t.Error(got)
	}
	// Also what a stream is asked for.
	stream, err := e.logs.WatchEntries(t.Context(), &logv1.WatchEntriesRequest{Parent: "logs/X", Start: -1, Root: make([]byte, 33)})
	must(t, err)
	if _, err = stream.Recv(); refusal(err) != "InvalidArgument INVALID_FIELD parent=BAD_FORMAT root=TOO_LONG start=OUT_OF_BOUNDS" {
		t.Error(refusal(err))
	}
}

// A text of 10 MiB is refused by its field; a message larger than the server takes, as such.
func TestSize(t *testing.T) {
	e := start(t)
	ctx := e.as(access.Administrator, access.Everywhere)
	in := correction(town)
	in.Reason = strings.Repeat("a", 10<<20)
	if _, err := e.CorrectOrganization(ctx, in); refusal(err) != "InvalidArgument INVALID_FIELD reason=TOO_LONG" {
		t.Error(refusal(err))
	}
	in.Reason = strings.Repeat("a", 17<<20)
	if _, err := e.CorrectOrganization(ctx, in); refusal(err) != "ResourceExhausted TOO_LARGE" {
		t.Error(refusal(err))
	}
	in.Reason = strings.Repeat("a", 33<<20) // gRPC does not read it
	if _, err := e.CorrectOrganization(ctx, in); !strings.HasPrefix(refusal(err), "ResourceExhausted") {
		t.Error(refusal(err))
	}
	_, err := e.CorrectOrganization(ctx, correction(town))
	must(t, err)
}
