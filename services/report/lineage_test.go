package report_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// Whatever happened, what a figure sums adds up to it, on both bases, at each level, over all pages: requests open over
// years, withdrawals, corrected and late figures, an organisation that moves, and what those left open that were merged.
func TestLineageSums(t *testing.T) {
	e := startOn(t, "2024-01-10")
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	date := func(year int) string {
		return fmt.Sprintf("%d-%02d-%02d", year, 1+random.IntN(12), 1+random.IntN(28))
	}
	act := func() {
		who, year := pick(town, second, farm, village, city), 2021+random.IntN(3)
		switch random.IntN(3) {
		case 0:
			made := e.publish(who, pick("other", "work_report"), date(year))
			if random.IntN(3) == 0 {
				_, err := e.disclosure.WithdrawDisclosure(e.as(who, access.Reviewer), &disclosurev1.WithdrawDisclosureRequest{Name: made[0], Reason: "示例"})
				must(t, err)
			}
		case 1:
			e.asked(who, person, date(year), "", "")
		case 2:
			e.asked(who, business, fmt.Sprintf("%d-12-0%d", year-1, 1+random.IntN(9)), fmt.Sprintf("%d-01-0%d", year, 1+random.IntN(9)), pick("granted", "denied_state_secret", "unable_not_held"))
		}
	}
	seal := func(organization, period string) {
		in := tabular(period, 5)
		in.Parent = organization
		r, err := e.CompileReport(e.as(organization, access.Clerk), in)
		must(t, err)
		_, err = e.SubmitReport(e.as(organization, access.Clerk), &reportv1.SubmitReportRequest{Name: r.GetName()})
		must(t, err)
		_, err = e.AcceptReport(e.as("65", access.Supervisor), &reportv1.AcceptReportRequest{Name: r.GetName()})
		must(t, err)
	}
	for range 25 {
		act()
	}
	seal(town, "2022")
	seal(city, "2022")
	_, err := e.directory.CreateOrganization(e.as("*", access.Administrator), &directoryv1.CreateOrganizationRequest{OrganizationId: "652702", Organization: &directoryv1.Organization{
		DisplayName: "示例市人民政府", Parent: "organizations/6527", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day("1984-01-01"),
	}})
	must(t, err)
	_, err = e.directory.ReviseOrganization(e.as("*", access.Administrator), &directoryv1.ReviseOrganizationRequest{Name: second, Version: &directoryv1.OrganizationVersion{
		EffectiveOn: day("2023-03-01"), DisplayName: "乌图布拉格镇人民政府", Parent: "organizations/652702", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true,
	}})
	must(t, err)
	e.merge(farm)
	for range 15 {
		act()
	}
	seal(second, "2023") // which waits until all is folded

	auditor := e.as("*", access.Auditor)
	lineage := func(in *reportv1.ListLineageRequest) (sum, total int64) {
		for {
			out, err := e.ListLineage(auditor, in)
			must(t, err)
			for _, item := range out.GetItems() {
				sum += item.GetAmount()
			}
			if in.PageToken = out.GetNextPageToken(); in.GetPageToken() == "" {
				return sum, out.GetTotal()
			}
		}
	}
	nonzero := 0
	for _, name := range []string{city + "/rollups/2022", city + "/rollups/2023", "organizations/6527/rollups/2023", city + "/rollups/2023-q2", farm + "/rollups/2023", town + "/rollups/2022"} {
		out, err := e.GetRollup(auditor, &reportv1.GetRollupRequest{Name: name})
		must(t, err)
		for cell, f := range out.GetTotals() {
			for basis, want := range map[reportv1.RollupBasis]int32{reportv1.RollupBasis_ROLLUP_BASIS_SUBMITTED: f.GetSubmitted(), reportv1.RollupBasis_ROLLUP_BASIS_RECORDS: f.GetRecords()} {
				if want == 0 && random.IntN(20) > 0 || f.Records == nil && cell != "t2.normative_documents.in_force" {
					continue
				}
				in := &reportv1.ListLineageRequest{Name: name, Cell: cell, Basis: basis, PageSize: int32(1 + random.IntN(9))}
				if sum, total := lineage(in); sum != int64(want) || total != int64(want) {
					t.Errorf("%s %s %s: items sum to %d, the total is %d, the roll-up says %d", name, cell, basis, sum, total, want)
				}
				if want != 0 {
					nonzero++
				}
			}
		}
	}
	if nonzero < 50 {
		t.Errorf("only %d figures were not zero", nonzero)
	}
}

// merge lets an organisation take over another in June 2022, which took over a third in January; both have requests that
// are open then, and some that were answered later.
func (e *env) merge(successor string) {
	e.t.Helper()
	root := e.as("*", access.Administrator)
	const last, first = "organizations/652701205", "organizations/652701206"
	for _, name := range []string{last, first} {
		_, err := e.directory.CreateOrganization(root, &directoryv1.CreateOrganizationRequest{OrganizationId: strings.TrimPrefix(name, "organizations/"), Organization: &directoryv1.Organization{
			DisplayName: "示例镇人民政府", Parent: city, Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day("2000-01-01"),
		}})
		must(e.t, err)
		e.publish(name, "other", "2021-05-01")
		e.asked(name, person, "2021-12-10", "", "")
		e.asked(name, business, "2021-12-20", "2023-02-01", "granted")
	}
	e.asked(last, person, "2022-02-01", "2022-02-10", "granted")
	e.asked(last, business, "2022-05-30", "", "")
	for _, end := range []struct{ name, on, successor string }{{first, "2022-01-15", last}, {last, "2022-06-01", successor}} {
		_, err := e.directory.AbolishOrganization(root, &directoryv1.AbolishOrganizationRequest{Name: end.name, EndedOn: day(end.on), Successors: []string{end.successor}})
		must(e.t, err)
	}
}

// A lineage names the entry, the record and what happened, or the report and its version; the records basis is not for
// everyone; a bad cell or token is refused.
func TestLineage(t *testing.T) {
	e := start(t)
	records := e.publish(town, "other", "2018-01-10", "2018-02-10")
	_, err := e.disclosure.WithdrawDisclosure(e.as(town, access.Reviewer), &disclosurev1.WithdrawDisclosureRequest{Name: records[0], Reason: "有误"})
	must(t, err)
	e.compile(town)
	e.submit(town)
	e.accept(town)
	in := &reportv1.ListLineageRequest{Name: city + "/rollups/2018", Cell: "disclosed.other", Basis: reportv1.RollupBasis_ROLLUP_BASIS_RECORDS}
	out, err := e.ListLineage(e.as(city, access.Supervisor), in)
	must(t, err)
	var all []string
	for _, i := range out.GetItems() {
		all = append(all, fmt.Sprint(i.GetEntry(), " ", i.GetKind(), " ", i.GetAmount(), " ", i.GetResource() == records[0], " ", i.GetDisplayName(), " ", written(i.GetDate())))
	}
	equal(t, "records", strings.Join(all, "; "), "logs/disclosure/entries/1 disclosure.published 1 true 贝林哈日莫墩乡人民政府 2018-1-10; "+
		"logs/disclosure/entries/3 disclosure.published 1 false 贝林哈日莫墩乡人民政府 2018-2-10; logs/disclosure/entries/4 disclosure.withdrawn -1 true 贝林哈日莫墩乡人民政府 2018-1-10")
	_, err = e.ListLineage(e.as(city, access.Clerk), in)
	equal(t, "a clerk of the city", refusal(err), "PermissionDenied PERMISSION_DENIED")
	in.Name, in.Own = town+"/rollups/2018", true
	_, err = e.ListLineage(e.as(town, access.Clerk), in)
	must(t, err)
	in.Own = false
	_, err = e.ListLineage(e.as(town, access.Clerk), in)
	equal(t, "a clerk about those below", refusal(err), "PermissionDenied PERMISSION_DENIED")

	in = &reportv1.ListLineageRequest{Name: city + "/rollups/2018", Cell: "disclosed.other", Basis: reportv1.RollupBasis_ROLLUP_BASIS_SUBMITTED}
	out, err = e.ListLineage(t.Context(), in)
	must(t, err)
	equal(t, "reports", fmt.Sprint(len(out.GetItems()), out.GetItems()[0].GetResource(), out.GetItems()[0].GetVersion(), out.GetItems()[0].GetAmount(), out.GetTotal()), "1"+town+"/reports/20181 1 1")
	in.Cell = "disclosed.weather"
	_, err = e.ListLineage(t.Context(), in)
	equal(t, "no such cell", refusal(err), "InvalidArgument INVALID_FIELD cell=UNKNOWN_CELL")
	in.Cell, in.PageToken = "disclosed.other", "eHh4"
	_, err = e.ListLineage(t.Context(), in)
	equal(t, "no token", refusal(err), "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN")
	in.PageToken, in.Name = "", "organizations/659999/rollups/2018"
	_, err = e.ListLineage(t.Context(), in)
	equal(t, "nobody", refusal(err), "NotFound NOT_FOUND")
}
