package report_test

import (
	"fmt"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// A roll-up tells each figure beside that of the year before and for the year so far, on both bases, and sums the area,
// the organisation with its departments, or the organisation alone.
func TestRollupComparisons(t *testing.T) {
	e := startOn(t, "2024-01-10")
	root := e.as("*", access.Administrator)
	for _, o := range []struct {
		id   string
		kind directoryv1.Kind
	}{{"652701-education", directoryv1.Kind_KIND_DEPARTMENT}, {"652701203", directoryv1.Kind_KIND_GOVERNMENT}} {
		_, err := e.directory.CreateOrganization(root, &directoryv1.CreateOrganizationRequest{OrganizationId: o.id, Organization: &directoryv1.Organization{
			DisplayName: "示例机关", Parent: city, Kind: o.kind, OwesReport: true, FoundedOn: day("1984-01-01"),
		}})
		must(t, err)
	}
	const education, third = city + "-education", "organizations/652701203"
	e.asked(town, person, "2022-03-01", "2022-03-10", "granted")
	e.asked(third, person, "2022-05-01", "", "")
	e.asked(education, business, "2022-06-01", "2022-06-10", "granted")
	e.asked(town, person, "2023-02-01", "2023-02-10", "granted")
	e.asked(town, person, "2023-03-20", "2023-04-10", "granted")
	e.asked(town, person, "2023-05-01", "", "")
	e.asked(education, business, "2023-07-01", "2023-07-10", "granted")
	_, err := e.directory.AbolishOrganization(root, &directoryv1.AbolishOrganizationRequest{Name: third, EndedOn: day("2022-12-31"), Successors: []string{second}})
	must(t, err)
	seal := func(period string, inForce int32) {
		in := tabular(period, inForce)
		r, err := e.CompileReport(e.as(town, access.Clerk), in)
		must(t, err)
		_, err = e.SubmitReport(e.as(town, access.Clerk), &reportv1.SubmitReportRequest{Name: r.GetName()})
		must(t, err)
		_, err = e.AcceptReport(e.as(city, access.Supervisor), &reportv1.AcceptReportRequest{Name: r.GetName()})
		must(t, err)
	}
	seal("2022", 5)
	seal("2023-q1", 5)
	seal("2023-q2", 6)

	get := func(in *reportv1.GetRollupRequest) *reportv1.Rollup {
		t.Helper()
		in.Name = city + "/rollups/" + in.GetName()
		out, err := e.GetRollup(e.as(city, access.Supervisor), in)
		must(t, err)
		return out
	}
	figure := func(out *reportv1.Rollup, organization, cell string) string {
		f := out.GetTotals()[cell]
		if organization != "" {
			f = nil
			for _, r := range out.GetRows() {
				if r.GetOrganization() == organization {
					f = r.GetFigures()[cell]
				}
			}
		}
		n := func(v *int32) string {
			if v == nil {
				return "-"
			}
			return fmt.Sprint(*v)
		}
		return fmt.Sprintf("%d/%s before %s/%s to date %s/%s", f.GetSubmitted(), n(f.Records), n(f.PreviousSubmitted), n(f.PreviousRecords), n(f.ToDateSubmitted), n(f.ToDateRecords))
	}
	out := get(&reportv1.GetRollupRequest{Name: "2023", YearOnYear: true, YearToDate: true})
	equal(t, "the period before", out.GetPreviousPeriod()+" "+out.GetScope().String(), "2022 ROLLUP_SCOPE_AREA")
	for organization, want := range map[string]string{"": "0/4 before 1/3 to date -/-", town: "0/3 before 1/1 to date -/-", second: "0/0 before 0/1 to date -/-", education: "0/1 before 0/1 to date -/-"} {
		equal(t, "received: "+organization, figure(out, organization, "t3.received.total"), want)
	}
	equal(t, "not recorded", figure(out, town, "t2.licences.decisions"), "0/- before 12/- to date -/-")

	out = get(&reportv1.GetRollupRequest{Name: "2023-q2", YearToDate: true})
	for cell, want := range map[string]string{
		"t3.received.total":               "1/1 before -/- to date 3/3",
		"t3.granted.natural_person":       "1/1 before -/- to date 2/2",
		"t3.carried_over.natural_person":  "1/1 before -/- to date 0/0",
		"t3.carried_forward.total":        "1/1 before -/- to date 1/1",
		"t2.licences.decisions":           "12/- before -/- to date 24/-",
		"t2.normative_documents.in_force": "6/- before -/- to date 6/-",
		"t4.reconsideration.pending":      "0/0 before -/- to date 0/0",
	} {
		equal(t, cell, figure(out, town, cell), want)
	}
	for scope, want := range map[reportv1.RollupScope]string{1: "0/0", 2: "0/1", 3: "0/4"} {
		out = get(&reportv1.GetRollupRequest{Name: "2023", Scope: scope, YearOnYear: true})
		equal(t, scope.String(), figure(out, "", "t3.received.total")[:3], want)
	}
	public, err := e.GetRollup(t.Context(), &reportv1.GetRollupRequest{Name: city + "/rollups/2023", YearOnYear: true, YearToDate: true})
	must(t, err)
	equal(t, "for the public", figure(public, "", "t3.received.total"), "0/- before 1/- to date -/-")
	out = get(&reportv1.GetRollupRequest{Name: "2019", YearOnYear: true})
	equal(t, "another form before", figure(out, town, "t2.licences.decisions"), "0/- before -/- to date -/-")
	first := get(&reportv1.GetRollupRequest{Name: "2008", YearOnYear: true})
	equal(t, "no form before", first.GetPreviousPeriod(), "")
}
