package report_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/genproto/googleapis/type/date"
)

// A leading group sets dates earlier than the law's, by kind of organ. They hold below it; the earliest of several
// holds; none is later than the law's; reports, roll-up and the list of who owes one go by them.
func TestDueDates(t *testing.T) {
	e := startOn(t, "2022-02-12")
	office := func() context.Context { return e.as(city, access.Supervisor) }
	set := func(name string, dates ...*reportv1.DueDateSetting) error {
		_, err := e.SetDueDates(e.as("*", access.Supervisor), &reportv1.SetDueDatesRequest{Name: name, Dates: dates, SetBy: "示例负责人", Reason: "政务公开领导小组通知（示例）"})
		return err
	}
	to := func(kind reportv1.ReporterKind, on string) *reportv1.DueDateSetting {
		s := &reportv1.DueDateSetting{Kind: kind}
		if on != "" {
			s.DueOn = day(on)
		}
		return s
	}
	const (
		townships   = reportv1.ReporterKind_REPORTER_KIND_TOWNSHIP
		governments = reportv1.ReporterKind_REPORTER_KIND_GOVERNMENT
		departments = reportv1.ReporterKind_REPORTER_KIND_DEPARTMENT
	)
	owed := func(in *reportv1.ListOwedReportsRequest) string {
		t.Helper()
		in.Name = city + "/rollups/2021"
		var all []string
		for {
			out, err := e.ListOwedReports(office(), in)
			must(t, err)
			for _, o := range out.GetOwedReports() {
				all = append(all, fmt.Sprintf("%s %s %s/%s %s +%d", strings.TrimPrefix(o.GetOrganization(), "organizations/"),
					strings.TrimPrefix(o.GetStatus().String(), "ROLLUP_STATUS_"), written(o.GetDueOn()), written(o.GetDueByLaw()), o.GetDueSetBy(), o.GetDaysLate()))
			}
			if in.PageToken = out.GetNextPageToken(); in.GetPageToken() == "" {
				return strings.Join(all, "; ")
			}
		}
	}
	equal(t, "by law", owed(&reportv1.ListOwedReportsRequest{}), "652701 MISSING 2022-3-31/2022-3-31  +0; 652701201 MISSING 2022-1-31/2022-1-31  +12; 652701202 MISSING 2022-1-31/2022-1-31  +12")

	must(t, set(city+"/dueDates/2021", to(governments, "2022-02-10"), to(townships, "2022-02-01")))
	must(t, set(city+"/dueDates/2021", to(townships, "2022-02-20")))
	equal(t, "set", owed(&reportv1.ListOwedReportsRequest{}), "652701 MISSING 2022-2-10/2022-3-31 "+city+" +2; 652701201 MISSING 2022-2-20/2022-1-31 "+city+" +0; 652701202 MISSING 2022-2-20/2022-1-31 "+city+" +0")
	must(t, set("organizations/65/dueDates/2021", to(townships, "2022-02-11"), to(governments, "2022-02-28")))
	must(t, set(town+"/dueDates/2021", to(townships, "2022-01-26")))
	equal(t, "the earliest, a page each", owed(&reportv1.ListOwedReportsRequest{PageSize: 1}),
		"652701 MISSING 2022-2-10/2022-3-31 "+city+" +2; 652701201 MISSING 2022-1-26/2022-1-31 "+town+" +17; 652701202 MISSING 2022-2-11/2022-1-31 organizations/65 +1")

	in := tabular("2021", 1)
	draft, err := e.CompileReport(e.as(town, access.Clerk), in)
	must(t, err)
	equal(t, "report", written(draft.GetDueOn())+" "+written(draft.GetDueByLaw())+" "+draft.GetDueSetBy()+fmt.Sprint(" ", draft.GetDaysLate()), "2022-1-26 2022-1-31 "+town+" 17")
	_, err = e.SubmitReport(e.as(town, access.Clerk), &reportv1.SubmitReportRequest{Name: draft.GetName()})
	must(t, err)
	e.today("2022-03-01")
	late := &reportv1.ListOwedReportsRequest{Late: true, Statuses: []reportv1.RollupStatus{reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED}}
	equal(t, "late and submitted", owed(late), "652701201 SUBMITTED 2022-1-26/2022-1-31 "+town+" +17")
	out, err := e.GetRollup(office(), &reportv1.GetRollupRequest{Name: city + "/rollups/2021"})
	must(t, err)
	equal(t, "late of the roll-up", out.GetLate(), 3)
	public, err := e.GetRollup(t.Context(), &reportv1.GetRollupRequest{Name: city + "/rollups/2021"})
	must(t, err)
	equal(t, "late for the public", public.GetLate(), 0)

	all, err := e.GetDueDates(t.Context(), &reportv1.GetDueDatesRequest{Name: city + "/dueDates/2021"})
	must(t, err)
	equal(t, "kept", fmt.Sprint(len(all.GetDates()), all.GetEtag(), all.GetDates()[0].GetSetBy(), all.GetDates()[0].GetSetTime() != nil), "22示例负责人true")
	must(t, set(city+"/dueDates/2021", to(governments, "")))
	equal(t, "no longer set, but above", strings.Split(owed(&reportv1.ListOwedReportsRequest{}), ";")[0], "652701 MISSING 2022-2-28/2022-3-31 organizations/65 +1")

	again := to(townships, "2022-01-20")
	for want, err := range map[string]error{
		"FailedPrecondition REPORT_DUE_AFTER_LAW dates[0].due_on=REPORT_DUE_AFTER_LAW":                     set(city+"/dueDates/2021", to(departments, "2022-02-01")),
		"FailedPrecondition REPORT_DUE_AFTER_LAW dates[1].due_on=REPORT_DUE_AFTER_LAW":                     set(city+"/dueDates/2021", to(departments, "2022-01-30"), to(townships, "2022-04-01")),
		"FailedPrecondition REPORT_DUE_BEFORE_PERIOD_ENDED dates[0].due_on=REPORT_DUE_BEFORE_PERIOD_ENDED": set(city+"/dueDates/2021", to(departments, "2021-12-31")),
		"InvalidArgument INVALID_FIELD dates[1].kind=NOT_UNIQUE":                                           set(city+"/dueDates/2021", again, again),
		"NotFound NOT_FOUND": set("organizations/659999/dueDates/2021", again),
	} {
		equal(t, "refused", refusal(err), want)
	}
	_, err = e.SetDueDates(office(), &reportv1.SetDueDatesRequest{Name: city + "/dueDates/2021", Dates: []*reportv1.DueDateSetting{again}, SetBy: "示例", Etag: "1"})
	equal(t, "old etag", refusal(err), "Aborted STALE_ETAG etag=STALE_ETAG")
	_, err = e.SetDueDates(e.as(town, access.Clerk), &reportv1.SetDueDatesRequest{Name: town + "/dueDates/2021", Dates: []*reportv1.DueDateSetting{again}, SetBy: "示例"})
	equal(t, "a clerk", refusal(err), "PermissionDenied PERMISSION_DENIED")
	_, err = e.ListOwedReports(e.as(town, access.Clerk), &reportv1.ListOwedReportsRequest{Name: city + "/rollups/2021"})
	equal(t, "a clerk asks who is late", refusal(err), "PermissionDenied PERMISSION_DENIED")
	_, err = e.GetDueDates(t.Context(), &reportv1.GetDueDatesRequest{Name: city + "/dueDates/2020"})
	equal(t, "none set", refusal(err), "NotFound NOT_FOUND")
}

func written(d *date.Date) string {
	return fmt.Sprintf("%d-%d-%d", d.GetYear(), d.GetMonth(), d.GetDay())
}

// Of an organisation that was entered a moment ago dates can be set, figures given and roll-ups read.
func TestJustEntered(t *testing.T) {
	e := startOn(t, "2024-01-10")
	root := e.as("*", access.Administrator)
	for i := range 20 {
		id := fmt.Sprintf("6527%02d", 10+i)
		name := "organizations/" + id
		_, err := e.directory.CreateOrganization(root, &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: &directoryv1.Organization{
			DisplayName: "示例市人民政府", Parent: "organizations/6527", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day("2000-01-01"),
		}})
		must(t, err)
		if i%2 == 0 {
			_, err = e.SetDueDates(e.as(name, access.Supervisor), &reportv1.SetDueDatesRequest{Name: name + "/dueDates/2023", SetBy: "示例", Dates: []*reportv1.DueDateSetting{
				{Kind: reportv1.ReporterKind_REPORTER_KIND_DEPARTMENT, DueOn: day("2024-01-26")},
			}})
		} else {
			_, err = e.GiveFigures(e.as(name, access.System), &reportv1.GiveFiguresRequest{Parent: name, Period: "2023", Source: "示例平台", Figures: []*reportv1.Figure{{Cell: "t2.licences.decisions", Value: 3}}})
		}
		must(t, err)
	}
	for i := range 20 {
		id := fmt.Sprintf("6527%02d", 50+i)
		_, err := e.directory.CreateOrganization(root, &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: &directoryv1.Organization{
			DisplayName: "示例市人民政府", Parent: "organizations/6527", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day("2000-01-01"),
		}})
		must(t, err)
		_, err = e.GetRollup(t.Context(), &reportv1.GetRollupRequest{Name: "organizations/" + id + "/rollups/2023"})
		must(t, err)
	}
	_, err := e.SetDueDates(e.as("*", access.Supervisor), &reportv1.SetDueDatesRequest{Name: "organizations/652798/dueDates/2023", SetBy: "示例", Dates: []*reportv1.DueDateSetting{
		{Kind: reportv1.ReporterKind_REPORTER_KIND_DEPARTMENT, DueOn: day("2024-01-26")},
	}})
	equal(t, "nobody", refusal(err), "NotFound NOT_FOUND")
}
