package report_test

import (
	"fmt"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
)

// What organisations left open that were merged is carried over by the one that took over, also what is concluded of it
// later, and through a chain of mergers. One that reports on the period itself is left out.
func TestPredecessors(t *testing.T) {
	e := startOn(t, "2025-01-10")
	root := e.as("*", access.Administrator)
	found := func(id, on string) string {
		_, err := e.directory.CreateOrganization(root, &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: &directoryv1.Organization{
			DisplayName: "示例镇人民政府", Parent: city, Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day(on),
		}})
		must(t, err)
		return "organizations/" + id
	}
	end := func(name, on, successor string) {
		_, err := e.directory.AbolishOrganization(root, &directoryv1.AbolishOrganizationRequest{Name: name, EndedOn: day(on), Successors: []string{successor}})
		must(t, err)
	}
	one, two := found("652701205", "2000-01-01"), found("652701206", "2000-01-01")
	e.asked(one, person, "2021-12-10", "", "")
	e.asked(one, person, "2022-02-01", "2022-02-10", "granted")
	e.asked(two, business, "2021-12-20", "2023-02-01", "granted")
	merged := found("652701207", "2022-06-01")
	e.asked(merged, person, "2022-07-01", "", "")
	end(one, "2022-06-01", merged)
	end(two, "2022-06-01", merged)
	last := found("652701208", "2023-06-01")
	end(merged, "2023-06-01", last)

	clerk := e.as("*", access.Clerk)
	figures := func(organization, period string) string {
		r, err := e.CompileReport(clerk, &reportv1.CompileReportRequest{Parent: organization, Period: period})
		must(t, err)
		text := ""
		for _, row := range []string{"carried_over", "received", "concluded", "carried_forward"} {
			text += fmt.Sprintf("%d/%d ", value(r, "t3."+row+".natural_person"), value(r, "t3."+row+".business"))
		}
		return text
	}
	// Natural persons and businesses: carried over, received, concluded, carried forward.
	equal(t, "the year of the merger", figures(merged, "2022"), "1/1 2/0 1/0 2/1 ")
	equal(t, "the year of the next one", figures(last, "2023"), "2/1 0/0 0/1 2/0 ")
	equal(t, "the year after", figures(last, "2024"), "2/0 0/0 0/0 2/0 ")
}

// A report is checked against the organisation's own records: each request that ended unpaid had a fee notice.
func TestRecords(t *testing.T) {
	e := startOn(t, "2024-01-10")
	e.asked(town, person, "2023-03-01", "2023-04-10", "other_fee_overdue")
	r, err := e.CompileReport(e.as(town, access.Clerk), tabular("2023", 1))
	must(t, err)
	out, err := e.CheckReport(e.as(town, access.Clerk), &reportv1.CheckReportRequest{Name: r.GetName()})
	must(t, err)
	told := map[string]string{}
	for _, f := range out.GetFindings() {
		told[f.GetCheck()] = f.GetExpected() + " " + f.GetFound()
	}
	if told["records.fee_notices"] != "≤ 0 1" {
		t.Errorf("found %v", told)
	}
}

// That all answers were given on one day is found, and cases that were handled anew and counted as new, both by the
// organisation's own records.
func TestRecordsOfAnswers(t *testing.T) {
	e := startOn(t, "2024-01-10")
	requests := requestv1.NewRequestServiceClient(e.suite.Conn)
	for range 5 {
		e.asked(town, person, "2023-12-10", "2023-12-29", "granted")
	}
	check := func(in *reportv1.CompileReportRequest) map[string]string {
		clerk := e.as(in.GetParent(), access.Clerk)
		r, err := e.CompileReport(clerk, in)
		must(t, err)
		out, err := e.CheckReport(clerk, &reportv1.CheckReportRequest{Name: r.GetName()})
		must(t, err)
		told := map[string]string{}
		for _, f := range out.GetFindings() {
			told[f.GetCheck()] = f.GetExpected() + " " + f.GetFound()
		}
		return told
	}
	in := tabular("2023", 1)
	equal(t, "all answers on one day", check(in)["soft.one_day"], " 2023-12-29")

	list, err := requests.ListInformationRequests(e.as(town, access.Clerk), &requestv1.ListInformationRequestsRequest{Parent: town})
	must(t, err)
	_, err = requests.HandleAnew(e.as(town, access.Clerk), &requestv1.HandleAnewRequest{Name: list.GetInformationRequests()[0].GetName(), OrderedOn: day("2023-12-30"), Days: 15})
	must(t, err)
	e.asked(town, person, "2023-12-11", "2023-12-28", "granted")
	in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: "t3.received.natural_person", Value: 7}, &reportv1.Figure{Cell: "t3.granted.natural_person", Value: 7})
	told := check(in)
	equal(t, "a case that was handled anew, counted as new", told["cross.handled_anew"], "6 7")
	equal(t, "answers on two days", told["soft.one_day"], "")
}
