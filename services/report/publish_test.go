package report_test

import (
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// A published report is corrected: both versions stay readable, the submitted totals follow, and a correction that
// breaks an identity is refused. What another system gave fills the report with its source.
func TestPublishAndCorrect(t *testing.T) {
	e := startOn(t, "2024-01-10")
	clerk, office := e.as(town, access.Clerk), e.as(city, access.Supervisor)
	portal := e.as(city, access.System)
	give := &reportv1.GiveFiguresRequest{Parent: town, Period: "2023", Source: "市行政审批平台", RequestId: "g-1", Figures: []*reportv1.Figure{
		{Cell: "t2.licences.decisions", Value: 30}, {Cell: "t2.charges.amount", Fen: 5_000_000_000},
	}}
	_, err := e.GiveFigures(portal, give)
	must(t, err)
	_, err = e.GiveFigures(portal, give) // repeated
	must(t, err)
	give.RequestId, give.Figures = "", []*reportv1.Figure{{Cell: "t2.licences.decisions", Value: 31}}
	all, err := e.GiveFigures(portal, give)
	must(t, err)
	equal(t, "figures given", len(all.GetFigures()), 2)
	for name, cell := range map[string]string{"CELL_FROM_RECORDS": "t3.received.business", "CELL_IS_SUM": "t3.received.total", "UNKNOWN_CELL": "t9"} {
		give.Figures[0].Cell = cell
		_, err := e.GiveFigures(portal, give)
		equal(t, cell, refusal(err), "InvalidArgument INVALID_FIELD figures[0].cell="+name)
	}
	_, err = e.GetGivenFigures(e.as(second, access.Clerk), &reportv1.GetGivenFiguresRequest{Name: town + "/figures/2023"})
	equal(t, "figures given, seen by somebody else", refusal(err), "PermissionDenied PERMISSION_DENIED")
	_, err = e.GetGivenFigures(clerk, &reportv1.GetGivenFiguresRequest{Name: town + "/figures/2022"})
	equal(t, "nothing given", refusal(err), "NotFound NOT_FOUND")

	in := tabular("2023", 1)
	in.TypedFigures = in.TypedFigures[:0]
	for _, f := range tabular("2023", 1).GetTypedFigures() {
		if f.GetCell() != "t2.licences.decisions" && f.GetCell() != "t2.charges.amount" {
			in.TypedFigures = append(in.TypedFigures, f)
		}
	}
	draft, err := e.CompileReport(clerk, in)
	must(t, err)
	for _, f := range draft.GetFigures() {
		if f.GetCell() == "t2.licences.decisions" {
			equal(t, "given figure", f.GetState().String()+f.GetSource(), "FIGURE_STATE_GIVEN市行政审批平台")
			equal(t, "given value", f.GetValue(), 31)
		}
	}
	name := town + "/reports/2023"
	publish := &reportv1.PublishReportRequest{Name: name, PublishedOn: day("2024-01-20")}
	correct := &reportv1.CorrectReportRequest{Name: name, Reason: "漏计", CorrectedBy: "示例更正人", TypedFigures: []*reportv1.Figure{
		{Cell: "t2.licences.decisions", Value: 33}, {Cell: "t3.received.business", Value: 2},
	}}
	_, err = e.PublishReport(clerk, publish)
	equal(t, "published as a draft", refusal(err), "FailedPrecondition REPORT_NOT_ACCEPTED published_on=PUBLISH_DATE_IN_FUTURE")
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: name})
	must(t, err)
	_, err = e.AcceptReport(office, &reportv1.AcceptReportRequest{Name: name})
	must(t, err)
	_, err = e.CorrectReport(clerk, correct)
	equal(t, "corrected before it is published", refusal(err), "FailedPrecondition REPORT_NOT_PUBLISHED")
	_, err = e.PublishReport(clerk, publish)
	equal(t, "published tomorrow", refusal(err), "FailedPrecondition PUBLISH_DATE_IN_FUTURE published_on=PUBLISH_DATE_IN_FUTURE")
	publish.PublishedOn = day("2024-01-10")
	_, err = e.PublishReport(clerk, publish)
	must(t, err)

	now, err := e.CorrectReport(clerk, correct)
	must(t, err)
	equal(t, "version", now.GetVersion(), 2)
	equal(t, "correction", now.GetCorrections()[0].GetReason()+now.GetCorrections()[0].GetCorrectedBy(), "漏计示例更正人")
	for cell, want := range map[string]int32{"t2.licences.decisions": 33, "t3.received.total": 2, "t3.carried_forward.business": 2, "t3.carried_forward.total": 2} {
		equal(t, cell, value(now, cell), want)
	}
	first, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: name, Version: 1}) // anybody
	must(t, err)
	equal(t, "the first version", value(first, "t2.licences.decisions"), 31)
	current, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: name})
	must(t, err)
	equal(t, "as everyone sees it", value(current, "t2.licences.decisions"), 33)
	_, err = e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: name, Version: 3})
	equal(t, "a version that there is not", refusal(err), "NotFound NOT_FOUND")

	correct.TypedFigures = []*reportv1.Figure{{Cell: "t3.concluded.total", Value: 1}}
	_, err = e.CorrectReport(clerk, correct)
	equal(t, "a sum corrected", refusal(err), "InvalidArgument INVALID_FIELD typed_figures[0].cell=CELL_IS_SUM")
	correct.TypedFigures = []*reportv1.Figure{{Cell: "t2.regulations.made", Value: 1}}
	_, err = e.CorrectReport(clerk, correct)
	equal(t, "a township's regulation", refusal(err), `FailedPrecondition REPORT_CHECK_FAILED figures["t2.regulations.made"]=REPORT_CHECK_FAILED`)
	_, err = e.CompileReport(clerk, in)
	equal(t, "compiled anew", refusal(err), "FailedPrecondition REPORT_ALREADY_ACCEPTED")

	out, err := e.GetRollup(office, &reportv1.GetRollupRequest{Name: city + "/rollups/2023"})
	must(t, err)
	equal(t, "rolled up", row(out, town, "t2.licences.decisions"), "ACCEPTED 33")
	equal(t, "in all", out.GetTotals()["t3.received.business"].GetSubmitted(), int32(2))
}

// A text that names cells tells their figures, as they are at each compilation and correction; of the statistics table of
// 2014 to 2018 those that records give. What names no cell is refused, and what has no figure cannot be submitted.
func TestNarrativeTemplates(t *testing.T) {
	e := start(t)
	clerk, office := e.as(town, access.Clerk), e.as(city, access.Supervisor)
	e.publish(town, "other", "2018-03-01", "2018-04-01")
	e.asked(town, person, "2018-05-02", "2018-05-20", "granted")
	in := &reportv1.CompileReportRequest{Parent: town, Period: "2018", StatedNone: []string{"fees", "appeals"}, Narratives: []*reportv1.Narrative{
		{Part: "overview", Markdown: "公开{{disclosed.total}}条，网上申请{{annex.requests.network}}件，专职{{annex.staff.full_time}}人。"}, {Part: "problems", Markdown: "问题"},
	}}
	overview := func(r *reportv1.Report) string { return r.GetNarratives()[0].GetMarkdown() }
	r, err := e.CompileReport(clerk, in)
	must(t, err)
	equal(t, "the text", overview(r), "公开2条，网上申请1件，专职{{annex.staff.full_time}}人。")
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: r.GetName()})
	equal(t, "a figure that nobody knows", refusal(err), `FailedPrecondition CELL_UNFILLED narratives["overview"]=CELL_UNFILLED`)
	in.Narratives = []*reportv1.Narrative{{Part: "overview", Markdown: "{{weather}}"}}
	_, err = e.CompileReport(clerk, in)
	equal(t, "no cell", refusal(err), "InvalidArgument INVALID_FIELD narratives[0].markdown=UNKNOWN_CELL")

	in.Narratives[0].Markdown = "公开{{disclosed.total}}条。"
	_, err = e.CompileReport(clerk, in)
	must(t, err)
	e.publish(town, "other", "2018-06-01")
	in.Narratives = nil
	r, err = e.CompileReport(clerk, in)
	must(t, err)
	equal(t, "compiled anew", overview(r)+r.GetNarrativeTemplates()[0].GetMarkdown(), "公开3条。公开{{disclosed.total}}条。")
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: r.GetName()})
	must(t, err)
	_, err = e.AcceptReport(office, &reportv1.AcceptReportRequest{Name: r.GetName()})
	must(t, err)
	_, err = e.PublishReport(clerk, &reportv1.PublishReportRequest{Name: r.GetName()})
	must(t, err)
	r, err = e.CorrectReport(clerk, &reportv1.CorrectReportRequest{Name: r.GetName(), Reason: "多计", CorrectedBy: "示例更正人", TypedFigures: []*reportv1.Figure{{Cell: "disclosed.other", Value: 2}}})
	must(t, err)
	equal(t, "corrected", overview(r), "公开2条。")
	shown, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: r.GetName()})
	must(t, err)
	equal(t, "as everyone sees it", overview(shown), "公开2条。")
	equal(t, "templates that everyone sees", len(shown.GetNarrativeTemplates()), 0)
}
