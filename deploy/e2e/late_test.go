package e2e_test

import (
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

const report2018 = "/reports/2018"

// accept accepts an organisation's submitted report of 2018.
func (e *env) accept(organization string) *reportv1.Report {
	e.t.Helper()
	return do[*reportv1.Report](e, e.token(access.Supervisor, "6527"), &reportv1.AcceptReportRequest{Name: nameOf(organization) + report2018})
}

func (e *env) withdraw(d *disclosurev1.Disclosure) {
	e.t.Helper()
	do[*disclosurev1.Disclosure](e, e.root(), &disclosurev1.WithdrawDisclosureRequest{Name: d.GetName(), Reason: "示例：内容有误"})
}

// redate corrects the day of a publication.
func (e *env) redate(d *disclosurev1.Disclosure, on *date.Date) {
	e.t.Helper()
	do[*disclosurev1.Disclosure](e, e.root(), &disclosurev1.UpdateDisclosureRequest{Disclosure: &disclosurev1.Disclosure{Name: d.GetName(), PublishedOn: on}})
}

// inRollup checks an organisation's cell in its city's roll-up, and what explains its difference.
func (e *env) inRollup(t *testing.T, step, organization, period, id string, want cell, causes map[reportv1.DifferenceCause]int32) {
	t.Helper()
	rollup := e.rollup(e.token(access.Supervisor, "6527"), organization[:6], period)
	if got := cellOf(e.rowOf(rollup, organization).GetFigures()[id]); got != want {
		t.Errorf("%s: %s of %s in %s is %v, want %v", step, id, organization, period, got, want)
	}
	found := map[reportv1.DifferenceCause]int32{}
	for _, d := range rollup.GetDifferences() {
		if d.GetOrganization() == nameOf(organization) && d.GetCell() == id {
			found[d.GetCause()] += d.GetDifference()
		}
	}
	for cause, n := range causes {
		if found[cause] != n {
			t.Errorf("%s: %v explains %d, want %d", step, cause, found[cause], n)
		}
	}
	if len(found) != len(causes) {
		t.Errorf("%s: the difference is explained by %v, want %v", step, found, causes)
	}
}

// Causes of a difference, in short.
const (
	missing  = reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING
	waiting  = reportv1.DifferenceCause_DIFFERENCE_CAUSE_SUBMITTED
	returned = reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED
	late     = reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE
	reported = reportv1.DifferenceCause_DIFFERENCE_CAUSE_REPORTED
)

type explained = map[reportv1.DifferenceCause]int32

func figure(r *reportv1.Report, id string) (int32, reportv1.FigureState) {
	for _, f := range r.GetFigures() {
		if f.GetCell() == id {
			return f.GetValue(), f.GetState()
		}
	}
	return -1, reportv1.FigureState_FIGURE_STATE_UNSPECIFIED
}

// TestOpenPeriod changes records while the period's report is not accepted: each change shows in the records and
// in the next compilation.
func TestOpenPeriod(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	first := e.publish(townA, "other", day(2018, 5, 4))
	second := e.publish(townA, "work_update", day(2018, 12, 31))
	compiled := func(step string, wantOther, wantTotal int32) {
		t.Helper()
		r := e.compile(townA, "requests", "fees", "appeals")
		other, _ := figure(r, others)
		if all, state := figure(r, total); other != wantOther || all != wantTotal || state != reportv1.FigureState_FIGURE_STATE_DERIVED {
			t.Errorf("%s: compiled are %d others of %d (%v), want %d of %d", step, other, all, state, wantOther, wantTotal)
		}
		e.inRollup(t, step, townA, "2018", total, cell{records: wantTotal}, explained{missing: wantTotal})
	}
	compiled("published", 1, 2)
	e.withdraw(first)
	compiled("withdrawn", 0, 1)
	e.redate(second, day(2017, 12, 31))
	e.inRollup(t, "re-dated into 2017", townA, "2017", total, cell{records: 1}, explained{missing: 1})
	e.inRollup(t, "re-dated into 2017", townA, "2018", total, cell{}, explained{})
	e.redate(second, day(2018, 1, 1))
	e.inRollup(t, "re-dated back", townA, "2017", total, cell{}, explained{})
	e.inRollup(t, "re-dated back", townA, "2018-01", total, cell{records: 1}, explained{missing: 1})
	e.inRollup(t, "re-dated back", townA, "2018-q4", total, cell{}, explained{})
	compiled("re-dated back", 0, 1)
	second.Category, second.Etag = "other", ""
	do[*disclosurev1.Disclosure](e, e.root(), &disclosurev1.UpdateDisclosureRequest{
		Disclosure: second, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"category"}},
	})
	compiled("re-categorised", 1, 1)
}

// TestAfterAcceptance changes records after the seal: the report stands, the changes are shown beside it.
func TestAfterAcceptance(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	var records []*disclosurev1.Disclosure
	for month := range 4 {
		records = append(records, e.publish(townA, "other", day(2018, month+1, 2)))
	}
	e.settle()
	e.submitted(townA)
	e.inRollup(t, "submitted", townA, "2018", total, cell{records: 4}, explained{waiting: 4})
	accepted := e.accept(townA)
	e.inRollup(t, "accepted", townA, "2018", total, cell{4, 4, 0}, explained{})

	e.withdraw(records[0])
	e.inRollup(t, "withdrawn", townA, "2018", total, cell{4, 3, -1}, explained{late: -1})
	e.redate(records[1], day(2017, 12, 29))
	e.inRollup(t, "re-dated out of the year", townA, "2018", total, cell{4, 2, -2}, explained{late: -2})
	e.inRollup(t, "re-dated out of the year", townA, "2017", total, cell{records: 1}, explained{missing: 1})
	e.publish(townA, "other", day(2018, 7, 1))
	e.inRollup(t, "published", townA, "2018", total, cell{4, 3, -1}, explained{late: -1})
	e.publish(townA, "work_report", day(2018, 7, 1))
	e.inRollup(t, "published another", townA, "2018", total, cell{4, 4, 0}, explained{})
	e.inRollup(t, "published another", townA, "2018", others, cell{4, 3, -1}, explained{late: -1})
	e.redate(records[2], day(2018, 9, 9))
	e.inRollup(t, "re-dated within the year", townA, "2018", others, cell{4, 3, -1}, explained{late: -1})
	e.inRollup(t, "in a period that nobody sealed", townA, "2018-q3", total, cell{records: 3}, explained{missing: 3})

	accepted.AcceptedOnly = true // as everyone gets it
	if now := do[*reportv1.Report](e, "", &reportv1.GetReportRequest{Name: nameOf(townA) + report2018}); !proto.Equal(now, accepted) {
		t.Errorf("the accepted report has changed:\n%v\n%v", accepted, now)
	}
}

// TestRequestCounts takes requests to their outcomes and finds them in the form.
func TestRequestCounts(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	clerk := e.token(access.Clerk, townA)
	receive := func(kind requestv1.ApplicantKind, on *date.Date) string {
		t.Helper()
		return do[*requestv1.InformationRequest](e, clerk, &requestv1.CreateInformationRequestRequest{
			Parent: nameOf(townA), InformationRequest: &requestv1.InformationRequest{
				ApplicantKind: kind, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_LETTER, ReceivedOn: on,
			},
		}).GetName()
	}
	conclude := func(name, outcome string, on *date.Date) {
		t.Helper()
		got := do[*requestv1.InformationRequest](e, clerk, &requestv1.ConcludeInformationRequestRequest{Name: name, Outcome: outcome, AnsweredOn: on})
		if got.GetState() != requestv1.RequestState_REQUEST_STATE_CONCLUDED || got.GetOutcome() != outcome {
			t.Errorf("%s is %v, %s", name, got.GetState(), got.GetOutcome())
		}
	}
	person, business := requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS
	conclude(receive(person, day(2018, 3, 1)), "granted", day(2018, 3, 20))
	conclude(receive(business, day(2018, 3, 1)), "granted", day(2018, 3, 1))
	conclude(receive(business, day(2018, 4, 1)), "denied_privacy", day(2018, 4, 20))
	conclude(receive(person, day(2018, 12, 28)), "partial", day(2019, 1, 4)) // received in the year, answered after it
	conclude(receive(person, day(2017, 12, 28)), "unclear", day(2018, 1, 4))
	receive(person, day(2018, 6, 6)) // stays open

	r := e.compile(townA, "fees", "appeals")
	for id, want := range map[string]int32{
		"requests.received": 5, "requests.concluded": 4, "requests.granted": 2, "requests.partial": 0,
		"requests.denied": 1, "requests.denied.privacy": 1, "requests.denied.security": 0, "requests.unclear": 1,
	} {
		if got, state := figure(r, id); got != want || state != reportv1.FigureState_FIGURE_STATE_DERIVED {
			t.Errorf("%s is %d (%v), want %d", id, got, state, want)
		}
	}
	_, err := e.rpc(e.tcp, clerk, "", &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018", StatedNone: []string{"requests"}})
	bad{
		code: codes.FailedPrecondition, reason: "STATED_NONE_NOT_ZERO", field: "stated_none[0] STATED_NONE_NOT_ZERO", rule: "STATED_NONE_NOT_ZERO ",
	}.check(t, "stated as none", err, "zh-CN")
	e.inRollup(t, "requests", townA, "2018", "requests.received", cell{records: 5}, explained{missing: 5})
	e.inRollup(t, "requests", townA, "2018-q2", "requests.concluded", cell{records: 1}, explained{missing: 1})
}

// TestTypedFigure types a figure in: it counts as reported, and the difference to the records says so.
func TestTypedFigure(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	clerk := e.token(access.Clerk, townA)
	e.publish(townA, "other", day(2018, 5, 4))
	in := &reportv1.CompileReportRequest{
		Parent: nameOf(townA), Period: "2018", StatedNone: []string{"requests", "appeals"},
		TypedFigures: []*reportv1.Figure{{Cell: "disclosed.work_report", Value: 7}, {Cell: "fees.charged", Value: 12345}},
		Narratives:   []*reportv1.Narrative{{Part: "overview", Markdown: "示例。"}, {Part: "problems", Markdown: "示例。"}},
	}
	r := do[*reportv1.Report](e, clerk, in)
	for id, want := range map[string]*reportv1.Figure{
		"disclosed.work_report": {Value: 7, State: reportv1.FigureState_FIGURE_STATE_TYPED},
		"fees.charged":          {Value: 12345, State: reportv1.FigureState_FIGURE_STATE_TYPED},
		others:                  {Value: 1, State: reportv1.FigureState_FIGURE_STATE_DERIVED},
		total:                   {Value: 8, State: reportv1.FigureState_FIGURE_STATE_DERIVED},
	} {
		if got, state := figure(r, id); got != want.Value || state != want.State {
			t.Errorf("%s is %d (%v), want %d (%v)", id, got, state, want.Value, want.State)
		}
	}
	do[*reportv1.Report](e, clerk, &reportv1.SubmitReportRequest{Name: r.GetName()})
	e.accept(townA)
	e.inRollup(t, "typed", townA, "2018", "disclosed.work_report", cell{submitted: 7}, explained{reported: -7})
	e.inRollup(t, "typed", townA, "2018", total, cell{submitted: 8, records: 1}, explained{reported: -7})
	e.inRollup(t, "typed", townA, "2018", "fees.charged", cell{submitted: 12345}, explained{reported: -12345})

	for _, c := range []struct {
		figure *reportv1.Figure
		field  string
	}{
		{&reportv1.Figure{Cell: "disclosed.work_report", Value: -7}, "typed_figures[0].value NEGATIVE_FIGURE"},
		{&reportv1.Figure{Cell: total, Value: 7}, "typed_figures[0].cell CELL_IS_SUM"},
		{&reportv1.Figure{Cell: "disclosed.weather", Value: 7}, "typed_figures[0].cell UNKNOWN_CELL"},
	} {
		_, err := e.rpc(e.tcp, e.token(access.Clerk, townC), "", &reportv1.CompileReportRequest{Parent: nameOf(townC), Period: "2018", TypedFigures: []*reportv1.Figure{c.figure}})
		bad{code: codes.InvalidArgument, reason: "INVALID_FIELD", field: c.field}.check(t, c.field, err, "zh-CN")
	}
}

// life is one report on its way.
type life struct {
	*env
	t                 *testing.T
	name              string
	clerk, supervisor string
}

// refused checks that a step is refused, with nothing stored.
func (l life) refused(step string, in proto.Message, code codes.Code, reason string) {
	l.t.Helper()
	before, token := l.sizes(), l.clerk
	switch in.(type) {
	case *reportv1.ReturnReportRequest, *reportv1.AcceptReportRequest:
		token = l.supervisor
	}
	_, err := l.rpc(l.tcp, token, "", in)
	if got := details(status.Convert(err)).info.GetReason(); status.Code(err) != code || got != reason {
		l.t.Errorf("%s: %v %s, want %v %s", step, err, got, code, reason)
	}
	l.unchanged(l.t, before)
}

// stands checks where the report stands, in the roll-up too, and whether the public sees it.
func (l life) stands(step string, state reportv1.ReportState, version int32, row reportv1.RollupStatus, reasons int) {
	l.t.Helper()
	r := do[*reportv1.Report](l.env, l.clerk, &reportv1.GetReportRequest{Name: l.name})
	got := l.rowOf(l.rollup(l.supervisor, cityA, "2018"), townA)
	if r.GetState() != state || r.GetVersion() != version || got.GetStatus() != row || got.GetVersion() != version || len(got.GetReturnReasons()) != reasons {
		l.t.Errorf("%s: %v version %d, in the roll-up %v version %d with %d reasons; want %v version %d, %v, %d",
			step, r.GetState(), r.GetVersion(), got.GetStatus(), got.GetVersion(), len(got.GetReturnReasons()), state, version, row, reasons)
	}
	_, err := l.rpc(l.tcp, "", "", &reportv1.GetReportRequest{Name: l.name})
	if public := err == nil; public != (state == reportv1.ReportState_REPORT_STATE_ACCEPTED) {
		l.t.Errorf("%s: the public sees it: %v", step, public)
	}
}

// TestReportLife takes a report through all of its states, and refuses every step that is not next.
func TestReportLife(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	l := life{env: e, t: t, name: nameOf(townA) + report2018, clerk: e.token(access.Clerk, townA), supervisor: e.token(access.Supervisor, cityA)}
	compile := &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018"}
	submit := &reportv1.SubmitReportRequest{Name: l.name}
	back := &reportv1.ReturnReportRequest{Name: l.name, Reasons: []*reportv1.ReturnReason{{Cell: others, Text: "示例：请核对"}}}
	accept := &reportv1.AcceptReportRequest{Name: l.name}

	l.refused("submit nothing", submit, codes.NotFound, "NOT_FOUND")
	l.refused("accept nothing", accept, codes.NotFound, "NOT_FOUND")
	e.compile(townA, "requests", "fees", "appeals")
	l.stands("draft", reportv1.ReportState_REPORT_STATE_DRAFT, 0, reportv1.RollupStatus_ROLLUP_STATUS_MISSING, 0)
	l.refused("accept a draft", accept, codes.FailedPrecondition, "REPORT_NOT_SUBMITTED")
	l.refused("return a draft", back, codes.FailedPrecondition, "REPORT_NOT_SUBMITTED")
	do[*reportv1.Report](e, l.clerk, submit)
	l.stands("submitted", reportv1.ReportState_REPORT_STATE_SUBMITTED, 1, reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED, 0)
	l.refused("submit twice", submit, codes.FailedPrecondition, "REPORT_NOT_A_DRAFT")
	l.refused("compile what waits", compile, codes.FailedPrecondition, "REPORT_ALREADY_SUBMITTED")
	do[*reportv1.Report](e, l.supervisor, back)
	l.stands("returned", reportv1.ReportState_REPORT_STATE_RETURNED, 1, reportv1.RollupStatus_ROLLUP_STATUS_RETURNED, 1)
	l.refused("accept what was returned", accept, codes.FailedPrecondition, "REPORT_NOT_SUBMITTED")
	l.refused("submit without compiling", submit, codes.FailedPrecondition, "REPORT_NOT_A_DRAFT")
	e.publish(townA, "other", day(2018, 3, 3))
	e.inRollup(t, "returned", townA, "2018", total, cell{records: 1}, explained{returned: 1})
	e.compile(townA, "requests", "fees", "appeals")
	l.stands("compiled again", reportv1.ReportState_REPORT_STATE_DRAFT, 1, reportv1.RollupStatus_ROLLUP_STATUS_RETURNED, 1)
	do[*reportv1.Report](e, l.clerk, submit)
	l.stands("submitted again", reportv1.ReportState_REPORT_STATE_SUBMITTED, 2, reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED, 1)
	do[*reportv1.Report](e, l.supervisor, accept)
	l.stands("accepted", reportv1.ReportState_REPORT_STATE_ACCEPTED, 2, reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, 1)
	l.refused("accept twice", accept, codes.FailedPrecondition, "REPORT_NOT_SUBMITTED")
	l.refused("return what is accepted", back, codes.FailedPrecondition, "REPORT_NOT_SUBMITTED")
	l.refused("compile what is accepted", compile, codes.FailedPrecondition, "REPORT_ALREADY_ACCEPTED")
	e.inRollup(t, "accepted", townA, "2018", total, cell{1, 1, 0}, explained{})
}

// TestIncompleteReport submits what is not complete, or not over: every broken rule is named.
func TestIncompleteReport(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	clerk := e.token(access.Clerk, townA)
	none := []string{"requests", "fees", "appeals"}
	r := do[*reportv1.Report](e, clerk, &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018", StatedNone: none})
	before := e.sizes()
	_, err := e.rpc(e.tcp, clerk, "", &reportv1.SubmitReportRequest{Name: r.GetName()})
	if d := details(status.Convert(err)); status.Code(err) != codes.FailedPrecondition || d.info.GetReason() != "NARRATIVE_MISSING" || len(d.rules) != 2 {
		t.Errorf("submit without the texts of two parts: %v, %q", err, d.rules)
	}
	e.unchanged(t, before)
}
