package report_test

import (
	"fmt"
	"strings"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/protobuf/proto"
)

const (
	prefecture = "organizations/6527"
	culture    = "organizations/652701-culture"
)

// inForce are the documents in force that each organisation of the area reports on 2023.
var inForce = map[string]int32{town: 1, second: 2, culture: 3, city: 4, prefecture: 5}

// area is an environment with a department of the city, and records of everyone in 2023.
func area(t *testing.T) *env {
	e := startOn(t, "2024-01-10")
	_, err := e.directory.CreateOrganization(e.as("*", access.Administrator), &directoryv1.CreateOrganizationRequest{OrganizationId: "652701-culture", Organization: &directoryv1.Organization{
		DisplayName: "博乐市文化局", Parent: city, Kind: directoryv1.Kind_KIND_DEPARTMENT, OwesReport: true, FoundedOn: day("1984-01-01"),
	}})
	must(t, err)
	for organization, n := range inForce {
		for range n {
			e.asked(organization, person, "2023-05-04", "2023-05-20", "granted")
		}
		e.asked(organization, business, "2023-12-28", "", "")
	}
	return e
}

// compileArea compiles an organisation's report on 2023 with a scope.
func (e *env) compileArea(organization string, scope reportv1.RollupScope) *reportv1.Report {
	e.t.Helper()
	in := tabular("2023", inForce[organization])
	in.Parent, in.Scope = organization, scope
	for _, f := range in.GetTypedFigures() {
		switch f.GetCell() {
		case "t2.normative_documents.made":
			f.Value = inForce[organization]
		case "t2.charges.amount":
			f.Fen = 1_000_000
		}
	}
	if organization == prefecture { // which may make regulations
		for _, cell := range []string{"made", "repealed", "in_force"} {
			in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: "t2.regulations." + cell})
		}
	}
	r, err := e.CompileReport(e.as(organization, access.Clerk), in)
	must(e.t, err)
	return r
}

// finish submits and accepts a report on 2023.
func (e *env) finish(organization string) {
	e.t.Helper()
	name := organization + "/reports/2023"
	_, err := e.SubmitReport(e.as(organization, access.Clerk), &reportv1.SubmitReportRequest{Name: name})
	must(e.t, err)
	_, err = e.AcceptReport(e.as("65", access.Supervisor), &reportv1.AcceptReportRequest{Name: name})
	must(e.t, err)
}

// correctTown publishes the town's report and corrects it by a request that came late.
func (e *env) correctTown() {
	e.t.Helper()
	clerk, name := e.as(town, access.Clerk), town+"/reports/2023"
	_, err := e.PublishReport(clerk, &reportv1.PublishReportRequest{Name: name})
	must(e.t, err)
	e.asked(town, person, "2023-06-01", "2023-06-10", "granted")
	_, err = e.CorrectReport(clerk, &reportv1.CorrectReportRequest{Name: name, Reason: "漏计", CorrectedBy: "示例更正人", TypedFigures: []*reportv1.Figure{
		{Cell: "t3.received.natural_person", Value: 2}, {Cell: "t3.granted.natural_person", Value: 2},
	}})
	must(e.t, err)
}

const (
	whole = reportv1.RollupScope_ROLLUP_SCOPE_AREA
	own   = reportv1.RollupScope_ROLLUP_SCOPE_OWN
	near  = reportv1.RollupScope_ROLLUP_SCOPE_WITH_DEPARTMENTS
)

// A city's report on its whole area is its own figures plus the accepted reports below it; roll-ups count each of them
// once, and both bases are equal at every level, whether a child's report is corrected before the city's or after.
func TestAreaReport(t *testing.T) {
	const cell = "t3.received.natural_person"
	for _, before := range []bool{true, false} {
		t.Run(fmt.Sprintf("corrected before the city's is %v", before), func(t *testing.T) {
			e := area(t)
			for _, child := range []string{town, second, culture} {
				e.compileArea(child, own)
				e.finish(child)
			}
			if before {
				e.correctTown()
			}
			draft := e.compileArea(city, whole)
			below := int32(1 + 2 + 3)
			if before {
				below++
			}
			equal(t, "the city's figure", value(draft, cell), 4+below)
			equal(t, "its own part", value(&reportv1.Report{Figures: draft.GetOwnFigures()}, cell), 4)
			equal(t, "those below", fmt.Sprint(draft.GetBelow().GetAccepted(), draft.GetBelow().GetMissing()), "3 0")
			e.finish(city)
			if !before {
				e.correctTown()
			}
			e.compileArea(prefecture, whole)
			e.finish(prefecture)

			for organization, want := range map[string]int32{town: 2, city: 11, prefecture: 16, "organizations/65": 16} {
				out, err := e.GetRollup(e.as("65", access.Supervisor), &reportv1.GetRollupRequest{Name: organization + "/rollups/2023"})
				must(t, err)
				equal(t, organization, cells(out.GetTotals()[cell]), fmt.Sprintf("%d/%d/%d", want, want, out.GetTotals()[cell].GetLate()))
				for id, total := range out.GetTotals() {
					equal(t, organization+" "+id, total.GetDifference(), 0)
				}
			}
			report, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: prefecture + "/reports/2023"})
			must(t, err)
			equal(t, "the prefecture's published figure", value(report, cell), 16)
			sum := int64(0)
			lineage, err := e.ListLineage(t.Context(), &reportv1.ListLineageRequest{Name: prefecture + "/rollups/2023", Cell: cell, Basis: reportv1.RollupBasis_ROLLUP_BASIS_SUBMITTED})
			must(t, err)
			for _, item := range lineage.GetItems() {
				sum += item.GetAmount()
			}
			equal(t, "what the reports sum to", sum, lineage.GetTotal())
		})
	}
}

// Whoever is missing is named, and not taken as zero: once it is there, the draft must be compiled anew. A correction of
// the city's report sums anew what was corrected below, and changes no roll-up.
func TestAreaReportFollows(t *testing.T) {
	e := area(t)
	const cell = "t3.received.natural_person"
	clerk, name := e.as(city, access.Clerk), city+"/reports/2023"
	found := func() (checks string) {
		out, err := e.CheckReport(clerk, &reportv1.CheckReportRequest{Name: name})
		must(t, err)
		for _, f := range out.GetFindings() {
			if strings.HasPrefix(f.GetCheck(), "levels.") && (f.GetCell() == "" || f.GetCell() == cell) {
				checks += f.GetCheck() + " " + f.GetExpected() + " " + f.GetFound() + "; "
			}
		}
		return checks
	}
	e.compileArea(town, own)
	e.finish(town)
	e.compileArea(culture, own)
	e.finish(culture)
	draft := e.compileArea(city, near)
	equal(t, "with its departments", fmt.Sprint(value(draft, cell), draft.GetBelow().GetAccepted(), draft.GetBelow().GetMissing()), "7 1 0")
	draft = e.compileArea(city, whole)
	equal(t, "the whole area", fmt.Sprint(value(draft, cell), draft.GetBelow()), fmt.Sprint(8, &reportv1.ReportsBelow{Accepted: 2, Missing: 1, MissingOrganizations: []string{second}}))
	equal(t, "what is found of a draft", found(), "levels.missing  乌图布拉格镇人民政府; ")

	e.compileArea(second, own)
	e.finish(second)
	_, err := e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: name})
	if !strings.Contains(refusal(err), "REPORT_CHECK_FAILED") {
		t.Errorf("submitted without the second: %s", refusal(err))
	}
	equal(t, "what is found then", found(), "levels.sum 10 8; ")
	draft = e.compileArea(city, reportv1.RollupScope_ROLLUP_SCOPE_UNSPECIFIED) // it keeps its scope
	equal(t, "compiled anew", value(draft, cell), 10)
	e.finish(city)
	_, err = e.PublishReport(clerk, &reportv1.PublishReportRequest{Name: name})
	must(t, err)

	e.correctTown()
	equal(t, "what is found after a correction below", found(), "levels.sum 11 10; ")
	before, err := e.GetRollup(clerk, &reportv1.GetRollupRequest{Name: prefecture + "/rollups/2023"})
	must(t, err)
	correction := &reportv1.CorrectReportRequest{Name: name, Reason: "下级更正", CorrectedBy: "示例更正人"}
	now, err := e.CorrectReport(clerk, correction)
	must(t, err)
	equal(t, "the city's correction", fmt.Sprint(now.GetVersion(), value(now, cell), found()), "2 11")
	after, err := e.GetRollup(clerk, &reportv1.GetRollupRequest{Name: prefecture + "/rollups/2023"})
	must(t, err)
	if !proto.Equal(before.GetTotals()[cell], after.GetTotals()[cell]) {
		t.Errorf("the prefecture's total went from %v to %v", before.GetTotals()[cell], after.GetTotals()[cell])
	}
	correction.TypedFigures = []*reportv1.Figure{{Cell: "t2.licences.decisions", Value: 20}} // its own, 12 until now
	now, err = e.CorrectReport(clerk, correction)
	must(t, err)
	equal(t, "its own part corrected", value(now, "t2.licences.decisions"), 12*3+20)

	open := e.compileArea("organizations/65", whole)
	equal(t, "missing in the region", fmt.Sprint(open.GetBelow().GetMissingOrganizations()), "["+prefecture+"]")
	shown, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: name, Version: 1}) // anybody
	must(t, err)
	equal(t, "the first version", value(shown, cell), 10)
}

// Amounts of an area may be larger than a count: a roll-up tells them in full, in its rows, sums and other times.
func TestLargeAmounts(t *testing.T) {
	e := startOn(t, "2024-01-10")
	const charged = 3_000_000_000_00 // of each, in fen
	for _, year := range []string{"2022", "2023"} {
		for _, organization := range []string{town, second} {
			in := tabular(year, map[string]int32{"2022": 1, "2023": 2}[year])
			in.Parent = organization
			r, err := e.CompileReport(e.as(organization, access.Clerk), in)
			must(t, err)
			_, err = e.SubmitReport(e.as(organization, access.Clerk), &reportv1.SubmitReportRequest{Name: r.GetName()})
			must(t, err)
			_, err = e.AcceptReport(e.as(city, access.Supervisor), &reportv1.AcceptReportRequest{Name: r.GetName()})
			must(t, err)
		}
	}
	out, err := e.GetRollup(e.as(city, access.Supervisor), &reportv1.GetRollupRequest{Name: city + "/rollups/2023", YearOnYear: true})
	must(t, err)
	const cell = "t2.charges.amount"
	for _, r := range out.GetRows() {
		if r.GetOrganization() == town {
			equal(t, "of a town", r.GetFigures()[cell].GetSubmittedFen(), charged)
		}
	}
	equal(t, "of all", out.GetTotals()[cell].GetSubmittedFen(), 2*charged)
	equal(t, "of all a year before", out.GetTotals()[cell].GetPreviousSubmittedFen(), 2*charged)
	equal(t, "a count", out.GetTotals()["t2.licences.decisions"].GetSubmittedFen(), 0)
}

// The first report on an area goes on from last year's reports on each organisation itself.
func TestAreaReportOverYears(t *testing.T) {
	e := startOn(t, "2024-01-10")
	compile := func(organization, year string, inForce int32, scope reportv1.RollupScope) string {
		in := tabular(year, inForce)
		in.Parent, in.Scope = organization, scope
		in.TypedFigures[len(in.TypedFigures)-1].Fen = 1_000_000
		r, err := e.CompileReport(e.as(organization, access.Clerk), in)
		must(t, err)
		return r.GetName()
	}
	accept := func(name, organization string) {
		_, err := e.SubmitReport(e.as(organization, access.Clerk), &reportv1.SubmitReportRequest{Name: name})
		must(t, err)
		_, err = e.AcceptReport(e.as("65", access.Supervisor), &reportv1.AcceptReportRequest{Name: name})
		must(t, err)
	}
	for organization, inForce := range map[string]int32{town: 5, second: 7, city: 9} {
		accept(compile(organization, "2022", inForce, own), organization)
	}
	accept(compile(town, "2023", 6, own), town)
	accept(compile(second, "2023", 8, own), second)
	found := func(inForce int32) string {
		name := compile(city, "2023", inForce, whole)
		out, err := e.CheckReport(e.as(city, access.Clerk), &reportv1.CheckReportRequest{Name: name})
		must(t, err)
		for _, f := range out.GetFindings() {
			if f.GetCheck() == "t2.in_force" {
				return f.GetExpected() + " " + f.GetFound()
			}
		}
		return ""
	}
	equal(t, "a document in force too many", found(11), "24 25")
	equal(t, "as many as follow", found(10), "")
}
