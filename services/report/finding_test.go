package report_test

import (
	"fmt"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
)

// asked enters a request of an applicant's kind and answers it, if there is an outcome.
func (e *env) asked(organization string, kind requestv1.ApplicantKind, on, answered, outcome string) {
	e.t.Helper()
	clerk, requests := e.as(organization, access.Clerk), requestv1.NewRequestServiceClient(e.suite.Conn)
	q, err := requests.CreateInformationRequest(clerk, &requestv1.CreateInformationRequestRequest{Parent: organization, InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: kind, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_ONLINE, ReceivedOn: day(on),
	}})
	must(e.t, err)
	if outcome != "" {
		_, err = requests.ConcludeInformationRequest(clerk, &requestv1.ConcludeInformationRequestRequest{Name: q.GetName(), Outcome: outcome, AnsweredOn: day(answered), SearchRecord: "示例：查阅了档案"})
		must(e.t, err)
	}
}

const (
	person   = requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON
	business = requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS
)

// tabular is a request that fills in the form of 2021 with what no record feeds.
func tabular(period string, inForce int32) *reportv1.CompileReportRequest {
	in := &reportv1.CompileReportRequest{Parent: town, Period: period, Narratives: []*reportv1.Narrative{
		{Part: "overview", Markdown: "我镇推行政务公开。工作考核合格，社会评议良好，无责任追究情况。"},
		{Part: "problems", Markdown: "公开还不够及时。"},
		{Part: "other", Markdown: "无。"},
	}}
	for cell, v := range map[string]int32{
		"t2.normative_documents.made": 1, "t2.normative_documents.repealed": 0, "t2.normative_documents.in_force": inForce,
		"t2.licences.decisions": 12, "t2.punishments.decisions": 0, "t2.coercion.decisions": 0,
	} {
		in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: cell, Value: v, Source: "示例填报人", Reason: "业务台账"})
	}
	in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: "t2.charges.amount", Fen: 3_000_000_000_00})
	return in
}

// Two years join: what is carried over follows from the records and equals what last year's report carried forward; a
// figure in force that does not follow from last year's blocks, until it is explained, and again when it changes.
func TestTwoYearsOfForm2021(t *testing.T) {
	e := startOn(t, "2024-01-10")
	clerk := e.as(town, access.Clerk)
	e.asked(town, person, "2022-03-01", "2022-03-10", "granted")
	e.asked(town, business, "2022-12-20", "2023-01-12", "denied_third_party")
	e.asked(town, person, "2023-05-04", "2023-05-20", "unable_not_held")
	e.asked(town, person, "2023-12-28", "", "")

	draft, err := e.CompileReport(clerk, tabular("2022", 5))
	must(t, err)
	equal(t, "form", draft.GetForm(), "reportForms/2021")
	for cell, want := range map[string]int32{
		"t3.received.total": 2, "t3.carried_over.total": 0, "t3.granted.natural_person": 1, "t3.concluded.total": 1,
		"t3.carried_forward.business": 1, "t3.carried_forward.total": 1, "t4.reconsideration.total": 0, "t2.regulations.made": 0,
	} {
		equal(t, cell, value(draft, cell), want)
	}
	for _, f := range draft.GetFigures() {
		switch f.GetCell() {
		case "t2.charges.amount":
			equal(t, "fen", f.GetFen(), 3_000_000_000_00)
		case "t2.licences.decisions":
			equal(t, "who typed it in, and why", f.GetSource()+f.GetReason(), "示例填报人业务台账")
		}
	}
	name := town + "/reports/2022"
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: name})
	must(t, err)
	_, err = e.AcceptReport(e.as(city, access.Supervisor), &reportv1.AcceptReportRequest{Name: name})
	must(t, err)

	name = town + "/reports/2023"
	draft, err = e.CompileReport(clerk, tabular("2023", 7)) // 5 + 1 - 0 is 6
	must(t, err)
	for cell, want := range map[string]int32{
		"t3.received.total": 2, "t3.carried_over.business": 1, "t3.carried_over.total": 1, "t3.concluded.total": 2, "t3.carried_forward.natural_person": 1,
	} {
		equal(t, cell, value(draft, cell), want)
	}
	checked := func() string {
		out, err := e.CheckReport(clerk, &reportv1.CheckReportRequest{Name: name})
		must(t, err)
		text := fmt.Sprint(out.GetBlocking())
		for _, f := range out.GetFindings() {
			if f.GetSeverity() <= reportv1.Severity_SEVERITY_CROSS {
				text += " " + f.GetCheck() + " " + f.GetCell() + " " + f.GetExpected() + "/" + f.GetFound() + " " + strings.TrimPrefix(f.GetVerdict().GetKind().String(), "VERDICT_KIND_")
			}
		}
		return text
	}
	equal(t, "checked", checked(), "1 t2.in_force t2.normative_documents.in_force 6/7 UNSPECIFIED")
	const refused = `FailedPrecondition REPORT_CHECK_FAILED figures["t2.normative_documents.in_force"]=REPORT_CHECK_FAILED`
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: name})
	equal(t, "submitted with an error", refusal(err), refused)

	judge := &reportv1.JudgeFindingRequest{
		Name: name, Check: "t2.in_force", Cell: "t2.normative_documents.in_force", Kind: reportv1.VerdictKind_VERDICT_KIND_TO_FIX, Reason: "核对", JudgedBy: "示例审核人",
	}
	_, err = e.JudgeFinding(clerk, judge)
	must(t, err)
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: name})
	equal(t, "submitted with an error to fix", refusal(err), refused)
	judge.Kind, judge.Reason = reportv1.VerdictKind_VERDICT_KIND_EXPLAINED, "上年漏计1件"
	judgedReport, err := e.JudgeFinding(clerk, judge)
	must(t, err)
	equal(t, "verdicts", len(judgedReport.GetVerdicts()), 1)
	equal(t, "explained", checked(), "0 t2.in_force t2.normative_documents.in_force 6/7 EXPLAINED")

	_, err = e.CompileReport(clerk, tabular("2023", 7))
	must(t, err)
	equal(t, "compiled anew with the same figures", checked(), "0 t2.in_force t2.normative_documents.in_force 6/7 EXPLAINED")
	_, err = e.CompileReport(clerk, tabular("2023", 8))
	must(t, err)
	equal(t, "compiled anew with another figure", checked(), "1 t2.in_force t2.normative_documents.in_force 6/8 UNSPECIFIED")
	_, err = e.JudgeFinding(clerk, &reportv1.JudgeFindingRequest{Name: name, Check: "t3.balance", Kind: 1, Reason: "无", JudgedBy: "某"})
	equal(t, "a finding that there is not", refusal(err), "FailedPrecondition FINDING_NOT_FOUND check=FINDING_NOT_FOUND")
	_, err = e.CompileReport(clerk, tabular("2023", 6))
	must(t, err)
	equal(t, "put right", checked(), "0")
	_, err = e.SubmitReport(clerk, &reportv1.SubmitReportRequest{Name: name})
	must(t, err)
	_, err = e.JudgeFinding(clerk, judge)
	equal(t, "judged when it is submitted", refusal(err), "FailedPrecondition REPORT_ALREADY_SUBMITTED")
	_, err = e.CheckReport(e.as(second, access.Clerk), &reportv1.CheckReportRequest{Name: name})
	equal(t, "checked by somebody else", refusal(err), "NotFound NOT_FOUND")

	out, err := e.GetRollup(e.as(city, access.Supervisor), &reportv1.GetRollupRequest{Name: city + "/rollups/2023"})
	must(t, err)
	for cell, want := range map[string]string{"t3.carried_over.total": "SUBMITTED 0/1/0", "t3.carried_forward.total": "SUBMITTED 0/1/0", "t2.licences.decisions": "SUBMITTED 0"} {
		equal(t, cell, row(out, town, cell), want)
	}
	state, err := e.GetRollup(e.as("*", access.Auditor), &reportv1.GetRollupRequest{Name: "organizations/6527/rollups/2023"})
	must(t, err)
	equal(t, "carried over, two levels up", cells(state.GetTotals()["t3.carried_over.total"]), "0/1/0")
}

// What is carried forward follows the figures that an organisation without records types in. A quarter has a stock too.
func TestTypedFiguresBalance(t *testing.T) {
	e := startOn(t, "2024-01-10")
	e.asked(town, person, "2023-02-01", "2023-04-10", "granted")
	in := tabular("2023-q1", 1)
	in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: "t3.carried_over.business", Value: 3})
	draft, err := e.CompileReport(e.as(town, access.Clerk), in)
	must(t, err)
	for cell, want := range map[string]int32{
		"t3.carried_over.total": 3, "t3.received.total": 1, "t3.carried_forward.natural_person": 1, "t3.carried_forward.business": 3, "t3.carried_forward.total": 4,
	} {
		equal(t, cell, value(draft, cell), want)
	}
	in = tabular("2023-q2", 1)
	draft, err = e.CompileReport(e.as(town, access.Clerk), in)
	must(t, err)
	equal(t, "carried over into the second quarter", value(draft, "t3.carried_over.natural_person"), 1)
	equal(t, "carried forward from the second quarter", value(draft, "t3.carried_forward.total"), 0)

	in.TypedFigures = in.TypedFigures[:0]
	_, err = e.CompileReport(e.as(town, access.Clerk), in)
	must(t, err)
	_, err = e.SubmitReport(e.as(town, access.Clerk), &reportv1.SubmitReportRequest{Name: town + "/reports/2023-q2"})
	if got := refusal(err); !strings.HasPrefix(got, "FailedPrecondition CELL_UNFILLED") || strings.Count(got, "=CELL_UNFILLED") != 7 {
		t.Errorf("without what nobody filled in: %s", got)
	}
}

// Any report is checked without being stored.
func TestCheckFigures(t *testing.T) {
	e := start(t)
	report := func(period string, cells ...any) *reportv1.CheckedReport {
		m := &reportv1.CheckedReport{Period: period, OrganizationName: "示例镇人民政府", Published: true}
		for i := 0; i < len(cells); i += 2 {
			m.Figures = append(m.Figures, &reportv1.Figure{Cell: cells[i].(string), Value: int32(cells[i+1].(int))})
		}
		return m
	}
	check := func(in *reportv1.CheckFiguresRequest) string {
		out, err := e.CheckFigures(t.Context(), in)
		if err != nil {
			return refusal(err)
		}
		text := fmt.Sprint(out.GetBlocking())
		for _, f := range out.GetFindings() {
			if f.GetSeverity() <= reportv1.Severity_SEVERITY_CROSS {
				text += " " + f.GetCheck() + " " + f.GetCell()
			}
		}
		return text
	}
	in := &reportv1.CheckFiguresRequest{Report: report("2023", "t3.received.business", 2, "t3.received.total", 3, "t2.regulations.made", 1)}
	equal(t, "a total that differs", check(in), "2 who.regulations t2.regulations.made sum.row t3.received.total")
	in = &reportv1.CheckFiguresRequest{Report: report("2023", "t3.carried_over.business", 2), Previous: []*reportv1.CheckedReport{report("2022", "t3.carried_forward.business", 1)}}
	equal(t, "another figure than last year's", check(in), "1 t3.carried_over t3.carried_over.business")
	in = &reportv1.CheckFiguresRequest{Report: report("2023", "t2.licences.decisions", 2), Below: []*reportv1.CheckedReport{report("2023", "t2.licences.decisions", 3)}}
	equal(t, "less than the sum", check(in), "1 levels.sum t2.licences.decisions")
	in = &reportv1.CheckFiguresRequest{Report: report("2018-13")}
	equal(t, "no period", check(in), "InvalidArgument INVALID_FIELD report.period=PERIOD_MALFORMED")
	in = &reportv1.CheckFiguresRequest{Report: report("")}
	equal(t, "no form", check(in), "InvalidArgument INVALID_FIELD report.form=FORM_UNKNOWN")
	in = &reportv1.CheckFiguresRequest{Report: &reportv1.CheckedReport{Form: "reportForms/1999", Code: "x"}}
	equal(t, "no code", check(in), "InvalidArgument INVALID_FIELD report.code=BAD_FORMAT")
}

// The form says how its tables are printed.
func TestFormTables(t *testing.T) {
	e := start(t)
	f, err := e.GetReportForm(t.Context(), &reportv1.GetReportFormRequest{Name: "reportForms/2021"})
	must(t, err)
	table := f.GetParts()[2].GetTables()[0]
	row := table.GetRows()[4]
	equal(t, "row", row.GetId()+" "+row.GetHeadings()[0].GetZh()+row.GetHeadings()[1].GetZh()+row.GetLabel().GetZh(), "denied.state_secret 三、本年度办理结果（三）不予公开1.属于国家秘密")
	equal(t, "column", table.GetColumns()[1].GetHeadings()[0].GetZh(), "法人或其他组织")
	equal(t, "Table 4 in one line", f.GetParts()[3].GetTables()[0].GetTransposed(), true)
}
