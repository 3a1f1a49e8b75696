package report_test

import (
	"fmt"
	"strings"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// What does not fit is listed for an area, the gravest first, with the reason in words: what does not go on from last
// year, after a merger from the sum of the predecessors'; records beside reports, also of whoever has no report; jumps.
func TestDiscrepancies(t *testing.T) {
	e := startOn(t, "2024-01-10")
	const third, merged = "organizations/652701203", "organizations/652701204"
	_, err := e.directory.CreateOrganization(e.as("*", access.Administrator), &directoryv1.CreateOrganizationRequest{OrganizationId: "652701203", Organization: &directoryv1.Organization{
		DisplayName: "示例镇人民政府", Parent: city, Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day("1984-01-01"),
	}})
	must(t, err)
	e.asked(town, business, "2022-12-20", "2023-01-12", "denied_third_party")
	e.asked(third, person, "2022-12-20", "2023-01-12", "granted")
	for range 2 {
		e.asked(second, person, "2023-05-01", "2023-05-10", "granted")
	}
	year := func(organization, period string, licences, carried int32) *reportv1.Report {
		t.Helper()
		in := tabular(period, 5)
		if period == "2023" {
			in = tabular(period, 6)
		}
		in.Parent = organization
		for _, f := range in.TypedFigures {
			if f.GetCell() == "t2.licences.decisions" {
				f.Value = licences
			}
		}
		if carried > 0 {
			in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: "t3.carried_over.business", Value: carried, Reason: "台账有误"})
		}
		r, err := e.CompileReport(e.as(organization, access.Clerk), in)
		must(t, err)
		return r
	}
	seal := func(r *reportv1.Report) {
		t.Helper()
		organization, _, _ := strings.Cut(r.GetName(), "/reports/")
		_, err := e.SubmitReport(e.as(organization, access.Clerk), &reportv1.SubmitReportRequest{Name: r.GetName()})
		must(t, err)
		_, err = e.AcceptReport(e.as(city, access.Supervisor), &reportv1.AcceptReportRequest{Name: r.GetName()})
		must(t, err)
	}
	seal(year(town, "2022", 12, 0))
	seal(year(third, "2022", 5, 0))
	year(town, "2023", 130, 3)
	seal(year(third, "2023", 5, 0))
	e.publish(third, "other", "2023-03-01") // which feeds no cell of the form
	e.asked(third, person, "2023-04-01", "2023-04-10", "granted")
	e.rollup(e.as(city, access.Supervisor)) // which waits until all is folded

	list := func(in *reportv1.ListDiscrepanciesRequest) string {
		t.Helper()
		in.Name = city + "/rollups/2023"
		var all []string
		for {
			out, err := e.ListDiscrepancies(e.as(city, access.Supervisor), in)
			must(t, err)
			for _, d := range out.GetDiscrepancies() {
				if strings.HasSuffix(d.GetCell(), ".total") || strings.HasPrefix(d.GetCell(), "t3.concluded") { // the same once more
					continue
				}
				all = append(all, fmt.Sprintf("%s %s %d/%d %s %v %s", strings.TrimPrefix(d.GetOrganization(), "organizations/"), d.GetCell(), d.GetExpected(), d.GetFound(),
					strings.TrimPrefix(d.GetCause().String(), "DIFFERENCE_CAUSE_"), d.GetFromRecords(), d.GetReason().GetZh()))
			}
			if in.PageToken = out.GetNextPageToken(); in.GetPageToken() == "" {
				return strings.Join(all, "\n")
			}
		}
	}
	over := &reportv1.ListDiscrepanciesRequest{Kinds: []reportv1.DiscrepancyKind{1}}
	equal(t, "over years", list(over), "652701201 t3.carried_over.business 1/3 UNSPECIFIED false 上年结转数应等于上一年度报告的结转下年数：应为 1，实为 3")
	jumps := &reportv1.ListDiscrepanciesRequest{Kinds: []reportv1.DiscrepancyKind{3}}
	equal(t, "jumps", list(jumps), "652701201 t2.licences.decisions 12/130 UNSPECIFIED false 由上期的 12 升至 130，为其 10.8 倍")
	bases := &reportv1.ListDiscrepanciesRequest{Kinds: []reportv1.DiscrepancyKind{2}, PageSize: 2}
	equal(t, "bases", list(bases), strings.Join([]string{
		"652701202 t3.granted.natural_person 2/0 MISSING true 未报送报告；按记录为 2",
		"652701202 t3.received.natural_person 2/0 MISSING true 未报送报告；按记录为 2",
		"652701201 t3.carried_over.business 1/0 MISSING false 未报送报告；按记录为 1",
		"652701201 t3.denied.third_party.business 1/0 MISSING false 未报送报告；按记录为 1",
		"652701203 t3.granted.natural_person 2/1 LATE false 报告接收之后记录又有变化（+1）",
		"652701203 t3.received.natural_person 1/0 LATE false 报告接收之后记录又有变化（+1）",
	}, "\n"))

	_, err = e.directory.CreateOrganization(e.as("*", access.Administrator), &directoryv1.CreateOrganizationRequest{OrganizationId: "652701204", Organization: &directoryv1.Organization{
		DisplayName: "示例新镇人民政府", Parent: city, Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day("2023-06-01"),
	}})
	must(t, err)
	for _, ended := range []string{town, third} {
		if ended == town { // a village cannot stay behind
			_, err = e.directory.AbolishOrganization(e.as("*", access.Administrator), &directoryv1.AbolishOrganizationRequest{Name: village, EndedOn: day("2023-06-01")})
			must(t, err)
		}
		_, err = e.directory.AbolishOrganization(e.as("*", access.Administrator), &directoryv1.AbolishOrganizationRequest{Name: ended, EndedOn: day("2023-06-01"), Successors: []string{merged}})
		must(t, err)
	}
	year(merged, "2023", 17, 5)
	if found := list(over); !strings.Contains(found, "t3.carried_over.business 1/5 UNSPECIFIED false 上年结转数应等于上一年度报告的结转下年数（合并前 2 个机关之和）：应为 1，实为 5") {
		t.Errorf("after a merger:\n%s", found)
	}

	_, err = e.ListDiscrepancies(e.as(town, access.Clerk), over)
	equal(t, "a clerk", refusal(err), "PermissionDenied PERMISSION_DENIED")
	over.Name = city + "/rollups/2007"
	_, err = e.ListDiscrepancies(e.as(city, access.Supervisor), over)
	equal(t, "no form", refusal(err), "FailedPrecondition NO_FORM_FOR_PERIOD period=NO_FORM_FOR_PERIOD")
}
