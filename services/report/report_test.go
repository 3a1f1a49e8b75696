package report_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/protobuf/proto"
)

// A report's life, and what the leading group sees of it at each step, on both bases.
func TestLife(t *testing.T) {
	e := start(t)
	supervisor := e.as(city, access.Supervisor)
	records := e.publish(town, "other", "2018-01-10", "2018-06-30", "2018-12-31", "2017-12-31", "2019-01-01")
	e.publish(second, "other", "2018-05-01")
	e.publish(farm, "work_report", "2018-05-01")
	see := func(step, want string, diff string) {
		t.Helper()
		out := e.rollup(supervisor)
		equal(t, step, row(out, town, "disclosed.other"), want)
		equal(t, step+", differences", differences(out), diff)
	}
	const rest = ", 652701202 disclosed.total MISSING 1, 652701202 disclosed.other MISSING 1, " +
		"652701400 disclosed.total NOT_OWED 1, 652701400 disclosed.work_report NOT_OWED 1"
	of := func(cause string) string {
		return "652701201 disclosed.total " + cause + " 3, 652701201 disclosed.other " + cause + " 3" + rest
	}
	see("nothing yet", "MISSING 0/3/0", of("MISSING"))

	r := e.compile(town)
	equal(t, "compiled", value(r, "disclosed.other"), 3)
	equal(t, "etag", r.GetEtag(), "1")
	see("a draft", "MISSING 0/3/0", of("MISSING"))
	equal(t, "version", e.submit(town).GetVersion(), 1)
	see("submitted", "SUBMITTED 0/3/0", of("SUBMITTED"))
	e.giveBack(town, "数字不对")
	see("returned", "RETURNED 0/3/0", of("RETURNED"))
	e.compile(town)
	see("compiled anew", "RETURNED 0/3/0", of("RETURNED"))
	r = e.submit(town)
	equal(t, "version", r.GetVersion(), 2)
	equal(t, "reasons kept", r.GetReturnReasons()[0].GetText(), "数字不对")
	r = e.accept(town)
	equal(t, "sealed feeds", len(r.GetSeal().GetFeeds()), 2)
	see("accepted", "ACCEPTED 3/3/0", rest[2:])

	e.publish(town, "other", "2018-07-01")
	see("a late record", "ACCEPTED 3/4/1", "652701201 disclosed.total LATE 1, 652701201 disclosed.other LATE 1"+rest)
	_, err := e.disclosure.WithdrawDisclosure(e.as(town, access.Reviewer), &disclosurev1.WithdrawDisclosureRequest{Name: records[0], Reason: "有误"})
	must(t, err)
	_, err = e.disclosure.WithdrawDisclosure(e.as(town, access.Reviewer), &disclosurev1.WithdrawDisclosureRequest{Name: records[1], Reason: "有误"})
	must(t, err)
	see("and two withdrawn", "ACCEPTED 3/2/-1", "652701201 disclosed.total LATE -1, 652701201 disclosed.other LATE -1"+rest)

	out := e.rollup(supervisor)
	equal(t, "counts", [5]int32{out.GetOwed(), out.GetAccepted(), out.GetSubmitted(), out.GetReturned(), out.GetMissing()}, [5]int32{3, 1, 0, 0, 2})
	equal(t, "totals", cells(out.GetTotals()["disclosed.total"]), "3/4/-1")
	equal(t, "name", out.GetDisplayName(), "博乐市人民政府")
}

// A withdrawal before the acceptance is simply not counted.
func TestWithdrawnInAnOpenPeriod(t *testing.T) {
	e := start(t)
	records := e.publish(town, "other", "2018-01-10", "2018-06-30")
	_, err := e.disclosure.WithdrawDisclosure(e.as(town, access.Reviewer), &disclosurev1.WithdrawDisclosureRequest{Name: records[0], Reason: "有误"})
	must(t, err)
	equal(t, "compiled", value(e.compile(town), "disclosed.total"), 1)
}

// What comes between compiling and accepting is neither reported nor late: the report differs from the records.
func TestBetweenCompileAndAccept(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "2018-01-10")
	e.compile(town)
	e.submit(town)
	e.publish(town, "other", "2018-01-11")
	e.rollup(e.as(city, access.Supervisor)) // the fold is there
	e.accept(town)
	out := e.rollup(e.as(city, access.Supervisor))
	equal(t, "row", row(out, town, "disclosed.other"), "ACCEPTED 1/2/0")
	equal(t, "differences", differences(out), "652701201 disclosed.total REPORTED 1, 652701201 disclosed.other REPORTED 1")
}

// Each bad call is refused with its code, reason and field, and changes nothing.
func TestRefused(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "2018-01-10")
	clerk, supervisor := e.as(town, access.Clerk), e.as(city, access.Supervisor)
	e.compile(town)
	size := func() int64 {
		c, err := e.logs.GetCheckpoint(t.Context(), &logv1.GetCheckpointRequest{Name: "logs/report"})
		must(t, err)
		return c.GetSize()
	}
	before := size()
	const name = town + "/reports/2018"
	compile := func(ctx context.Context, change func(*reportv1.CompileReportRequest)) func() error {
		return func() error {
			in := compilation(town, "2018")
			change(in)
			_, err := e.CompileReport(ctx, in)
			return err
		}
	}
	submit := func(ctx context.Context, name, etag string) func() error {
		return func() error {
			_, err := e.SubmitReport(ctx, &reportv1.SubmitReportRequest{Name: name, Etag: etag})
			return err
		}
	}
	giveBack := func(ctx context.Context, reasons ...*reportv1.ReturnReason) func() error {
		return func() error {
			_, err := e.ReturnReport(ctx, &reportv1.ReturnReportRequest{Name: name, Reasons: reasons})
			return err
		}
	}
	rollup := func(name string) func() error {
		return func() error {
			_, err := e.GetRollup(supervisor, &reportv1.GetRollupRequest{Name: name})
			return err
		}
	}
	why := &reportv1.ReturnReason{Text: "a"}
	for _, c := range []struct {
		name string
		call func() error
		want string
	}{
		{"no token", compile(t.Context(), func(*reportv1.CompileReportRequest) {}), "Unauthenticated UNAUTHENTICATED"},
		{"another organisation's clerk", compile(e.as(second, access.Clerk), func(*reportv1.CompileReportRequest) {}), "PermissionDenied PERMISSION_DENIED"},
		{"a supervisor compiles", compile(supervisor, func(*reportv1.CompileReportRequest) {}), "PermissionDenied PERMISSION_DENIED"},
		{"no such period", compile(clerk, func(in *reportv1.CompileReportRequest) { in.Period = "2018-13" }), "InvalidArgument INVALID_FIELD period=PERIOD_MALFORMED"},
		{"a period without a form", compile(clerk, func(in *reportv1.CompileReportRequest) { in.Period = "2007" }), "FailedPrecondition NO_FORM_FOR_PERIOD period=NO_FORM_FOR_PERIOD"},
		{"a negative count", compile(clerk, func(in *reportv1.CompileReportRequest) {
			in.TypedFigures = []*reportv1.Figure{{Cell: "disclosed.other", Value: -1}}
		}), "InvalidArgument INVALID_FIELD typed_figures[0].value=NEGATIVE_FIGURE"},
		{"a cell that the form does not know", compile(clerk, func(in *reportv1.CompileReportRequest) {
			in.TypedFigures = []*reportv1.Figure{{Cell: "disclosed.nothing"}}
		}), "InvalidArgument INVALID_FIELD typed_figures[0].cell=UNKNOWN_CELL"},
		{"none, though there are records", compile(clerk, func(in *reportv1.CompileReportRequest) { in.StatedNone = []string{"disclosure"} }), "InvalidArgument INVALID_FIELD stated_none[0]=PART_CANNOT_BE_NONE"},
		{"a stale etag", compile(clerk, func(in *reportv1.CompileReportRequest) { in.Etag = "7" }), "Aborted STALE_ETAG etag=STALE_ETAG"},
		{"a text of 10 MiB", compile(clerk, func(in *reportv1.CompileReportRequest) { in.Narratives[0].Markdown = strings.Repeat("a", 10<<20) }), "InvalidArgument INVALID_FIELD narratives[0].markdown=TOO_LONG"},
		{"more text than a report may have", compile(clerk, func(in *reportv1.CompileReportRequest) {
			in.Narratives = nil
			for _, part := range []string{"overview", "disclosure", "requests", "fees", "appeals", "problems"} {
				in.Narratives = append(in.Narratives, &reportv1.Narrative{Part: part, Markdown: strings.Repeat("𠀀", 50000)})
			}
		}), "InvalidArgument TOO_LARGE"},
		{"submit what is not there", submit(clerk, town+"/reports/2017", ""), "NotFound NOT_FOUND"},
		{"submit with a stale etag", submit(clerk, name, "7"), "Aborted STALE_ETAG etag=STALE_ETAG"},
		{"return a draft", giveBack(supervisor, why), "FailedPrecondition REPORT_NOT_SUBMITTED"},
		{"return without a reason", giveBack(supervisor), "InvalidArgument INVALID_FIELD reasons=REQUIRED"},
		{"return with an empty reason", giveBack(supervisor, &reportv1.ReturnReason{}), "InvalidArgument INVALID_FIELD reasons[0].text=REQUIRED"},
		{"accept without the right", func() error {
			_, err := e.AcceptReport(clerk, &reportv1.AcceptReportRequest{Name: name})
			return err
		}, "PermissionDenied PERMISSION_DENIED"},
		{"accept a draft", func() error {
			_, err := e.AcceptReport(supervisor, &reportv1.AcceptReportRequest{Name: name})
			return err
		}, "FailedPrecondition REPORT_NOT_SUBMITTED"},
		{"a roll-up of nothing", rollup("organizations/659999/rollups/2018"), "NotFound NOT_FOUND"},
		{"a roll-up before there was a form", rollup(city + "/rollups/2001"), "FailedPrecondition NO_FORM_FOR_PERIOD period=NO_FORM_FOR_PERIOD"},
		{"a form that there is not", func() error {
			_, err := e.GetReportForm(t.Context(), &reportv1.GetReportFormRequest{Name: "reportForms/1900"})
			return err
		}, "NotFound NOT_FOUND"},
		{"a page of another list", func() error {
			_, err := e.ListReports(t.Context(), &reportv1.ListReportsRequest{Parent: town, PageToken: "AAAAAAAAAAAAAAAA"})
			return err
		}, "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN"},
	} {
		if got := refusal(c.call()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	equal(t, "entries", size(), before)

	e.submit(town)
	equal(t, "compile what is submitted", refusal(compile(clerk, func(*reportv1.CompileReportRequest) {})()), "FailedPrecondition REPORT_ALREADY_SUBMITTED")
	equal(t, "return about an unknown cell", refusal(giveBack(supervisor, &reportv1.ReturnReason{Cell: "x", Text: "a"})()), "InvalidArgument INVALID_FIELD reasons[0].cell=UNKNOWN_CELL")
	e.accept(town)
	equal(t, "compile what is accepted", refusal(compile(clerk, func(*reportv1.CompileReportRequest) {})()), "FailedPrecondition REPORT_ALREADY_ACCEPTED")
}

// A period that has not ended is not submitted, and a text that is missing is named, all at once.
func TestSubmit_TooEarlyAndIncomplete(t *testing.T) {
	e := start(t)
	clerk := e.as(town, access.Clerk)
	_, err := e.CompileReport(clerk, &reportv1.CompileReportRequest{Parent: town, Period: "2018"})
	must(t, err)
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: town + "/reports/2018"})
	equal(t, "incomplete", refusal(err), `FailedPrecondition NARRATIVE_MISSING narratives["overview"]=NARRATIVE_MISSING narratives["problems"]=NARRATIVE_MISSING`)
	e.today("2018-12-31")
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: town + "/reports/2018"})
	equal(t, "too early", refusal(err), "FailedPrecondition PERIOD_NOT_ENDED name=PERIOD_NOT_ENDED")
}

// A repeated call does nothing, and the same request_id with another body is refused.
func TestRepeated(t *testing.T) {
	e := start(t)
	clerk := e.as(town, access.Clerk)
	in := compilation(town, "2018")
	in.RequestId = "r-1"
	first, err := e.CompileReport(clerk, in)
	must(t, err)
	again, err := e.CompileReport(clerk, in)
	must(t, err)
	equal(t, "etag", again.GetEtag(), first.GetEtag())
	in.StatedNone = nil
	_, err = e.CompileReport(clerk, in)
	equal(t, "another body", refusal(err), "AlreadyExists REQUEST_ID_REUSED request_id=REQUEST_ID_REUSED")
}

// Who sees what: the public accepted figures only, a clerk its own reports, a supervisor and an auditor all of
// their subtree.
func TestVisibility(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "2018-01-10")
	e.publish(second, "other", "2018-01-10", "2018-01-11")
	e.compile(town)
	e.submit(town)
	e.giveBack(town, "数字不对")
	e.compile(town)
	e.submit(town)
	e.accept(town)
	e.compile(second)
	e.submit(second)
	for _, c := range []struct {
		name    string
		ctx     context.Context
		draft   bool // sees the second town's report
		rollup  bool // sees the whole roll-up
		reasons bool // sees why the first town's report was returned
	}{
		{"public", t.Context(), false, false, false},
		{"clerk of the second town", e.as(second, access.Clerk), true, false, false},
		{"clerk of the first town", e.as(town, access.Clerk), false, false, true},
		{"clerk of the city", e.as(city, access.Clerk), false, false, false},
		{"administrator", e.as(city, access.Administrator), false, false, false},
		{"supervisor of the city", e.as(city, access.Supervisor), true, true, true},
		{"auditor of the prefecture", e.as("6527", access.Auditor), true, true, true},
		{"supervisor of the town", e.as(town, access.Supervisor), false, false, true},
	} {
		_, err := e.GetReport(c.ctx, &reportv1.GetReportRequest{Name: second + "/reports/2018"})
		equal(t, c.name+", a report that waits", err == nil, c.draft)
		if err != nil {
			equal(t, c.name, refusal(err), "NotFound NOT_FOUND")
		}
		list, err := e.ListReports(c.ctx, &reportv1.ListReportsRequest{Parent: second})
		must(t, err)
		equal(t, c.name+", the list", len(list.GetReports()) == 1, c.draft)
		r, err := e.GetReport(c.ctx, &reportv1.GetReportRequest{Name: town + "/reports/2018"})
		must(t, err)
		equal(t, c.name+", an accepted report's reasons", len(r.GetReturnReasons()) > 0, c.reasons)

		out := e.rollup(c.ctx)
		equal(t, c.name+", accepted only", out.GetAcceptedOnly(), !c.rollup)
		if c.rollup {
			equal(t, c.name, row(out, town, "disclosed.other")+", "+row(out, second, "disclosed.other"), "ACCEPTED 1/1/0, SUBMITTED 0/2/0")
			equal(t, c.name+", rows", len(out.GetRows()), 4)
			continue
		}
		equal(t, c.name, row(out, town, "disclosed.other")+", "+row(out, second, "disclosed.other"), "ACCEPTED 1, none")
		equal(t, c.name+", what is not shown", len(out.GetDifferences())+int(out.GetMissing()+out.GetSubmitted()+out.GetReturned()), 0)
		equal(t, c.name+", counts", [2]int32{out.GetOwed(), out.GetAccepted()}, [2]int32{3, 1})
		if out.GetTotals()["disclosed.other"].Records != nil || len(out.GetRows()[0].GetReturnReasons()) > 0 {
			t.Errorf("%s sees %v", c.name, out)
		}
	}
}

// The log's public entry of an acceptance is the report as the public sees it.
func TestAcceptedEntry(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "2018-01-10")
	e.compile(town)
	e.submit(town)
	e.giveBack(town, "数字不对")
	e.compile(town)
	e.submit(town)
	e.accept(town)
	list, err := e.logs.ListEntries(t.Context(), &logv1.ListEntriesRequest{Parent: "logs/report", Decode: true})
	must(t, err)
	open := 0
	for _, entry := range list.GetEntries() {
		if entry.GetEntry() == nil {
			continue
		}
		open++
		var logged reportv1.Report
		must(t, entry.GetEntry().GetState().UnmarshalTo(&logged))
		public, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: town + "/reports/2018"})
		must(t, err)
		equal(t, "whether everyone sees accepted reports only", public.GetAcceptedOnly(), true)
		public.DueOn, public.DueByLaw, public.DaysLate = nil, nil, 0 // they depend on today, and stand in no log
		public.AcceptedOnly = false                                  // it depends on who asks
		if !proto.Equal(&logged, public) || len(logged.GetReturnReasons()) > 0 {
			t.Errorf("the entry says %v, the public sees %v", &logged, public)
		}
	}
	equal(t, "entries", len(list.GetEntries()), 6)
	equal(t, "open to everyone", open, 1)
}

// Reports are listed by period, page after page.
func TestListReports(t *testing.T) {
	e := start(t)
	clerk := e.as(town, access.Clerk)
	for _, p := range []string{"2018-12", "2018", "2018-q4", "2018-02", "2017", "2018-q1"} {
		_, err := e.CompileReport(clerk, compilation(town, p))
		must(t, err)
	}
	var got []string
	in := &reportv1.ListReportsRequest{Parent: town, PageSize: 2}
	for pages := 1; ; pages++ {
		out, err := e.ListReports(clerk, in)
		must(t, err)
		for _, r := range out.GetReports() {
			got = append(got, strings.TrimPrefix(r.GetName(), town+"/reports/"))
		}
		if in.PageToken = out.GetNextPageToken(); in.PageToken == "" {
			equal(t, "pages", pages, 3)
			break
		}
		if pages == 10 {
			t.Fatal("the list does not end")
		}
	}
	equal(t, "order", strings.Join(got, " "), "2017 2018 2018-q1 2018-q4 2018-02 2018-12")
	_, err := e.ListReports(clerk, &reportv1.ListReportsRequest{Parent: "organizations/65270"})
	equal(t, "no organisation's list", refusal(err), "InvalidArgument INVALID_FIELD parent=BAD_FORMAT")
}

func TestForms(t *testing.T) {
	e := start(t)
	list, err := e.ListReportForms(t.Context(), &reportv1.ListReportFormsRequest{})
	must(t, err)
	for _, f := range list.GetReportForms() {
		got, err := e.GetReportForm(t.Context(), &reportv1.GetReportFormRequest{Name: f.GetName()})
		must(t, err)
		if !proto.Equal(got, f) || len(f.GetParts()) == 0 {
			t.Errorf("%s is listed otherwise", f.GetName())
		}
	}
	equal(t, "the first", list.GetReportForms()[0].GetName(), "reportForms/2007")
}

// A record of a year before all forms does not stop the suite.
func TestOldRecord(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "1999-05-01", "2018-01-10")
	equal(t, "records", value(e.compile(town), "disclosed.total"), 1)
}

// Acceptance and publication at once: each record is in the report, late, or a difference of the report.
func TestAcceptRace(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "2018-01-10")
	e.compile(town)
	e.submit(town)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { e.publish(town, "other", "2018-02-10", "2018-02-11", "2018-02-12") })
	}
	all.Go(func() { e.accept(town) })
	all.Wait()
	out := e.rollup(e.as(city, access.Supervisor))
	for _, r := range out.GetRows() {
		if f := r.GetFigures()["disclosed.other"]; r.GetOrganization() == town && (f.GetSubmitted() != 1 || f.GetRecords() != 13 || f.GetLate() < 0 || f.GetLate() > 12) {
			t.Errorf("the town has %s", cells(f))
		}
	}
	var explained int32
	for _, d := range out.GetDifferences() {
		if d.GetCell() == "disclosed.other" {
			explained += d.GetDifference()
		}
	}
	equal(t, "explained", explained, 12)
}
