package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"

	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// The later years: reports on the form of 2021.
const (
	EarlierPeriod = "2022"
	LaterPeriod   = "2023"
)

// inForce is the cell in which the first version of the later report breaks an identity.
const inForce = "t2.normative_documents.in_force"

// Later takes the township on to two years of the form of 2021: requests of which one is open at the turn of the year,
// and reports of which the second, in its first version, breaks an identity (现行有效件数). The check names it, the
// clerk explains it and submits; the leading group's office returns it for that; put right, it is accepted. It returns
// the accepted report. Over data that hold it already nothing is entered.
func Later(ctx context.Context, o Options) (*reportv1.Report, error) {
	if o.BaseURL == "" || o.Tokens == nil {
		return nil, errors.New("a run needs the gateway's address and tokens")
	}
	r := &run{client: newClient(o), Options: o, tokens: map[string]string{}}
	defer r.close()
	clerk, err := r.token(Clerk, TownshipID)
	if err != nil {
		return nil, err
	}
	report := &reportv1.Report{}
	_, err = r.get(ctx, laterPath(LaterPeriod), clerk, report)
	switch {
	case err != nil && !isStatus(err, http.StatusNotFound):
		return nil, err
	case report.GetState() == reportv1.ReportState_REPORT_STATE_ACCEPTED:
		return report, nil
	}
	office, err := r.token(Supervisor, CityID)
	if err != nil {
		return nil, err
	}
	for i, q := range laterRequests() {
		if err := r.askLater(ctx, clerk, i, q); err != nil {
			return nil, err
		}
	}
	for _, step := range laterSteps() {
		token := clerk
		if step.office {
			token = office
		}
		if err := r.post(ctx, step.path, token, step.in, report); err != nil {
			return nil, err
		}
	}
	return report, nil
}

// laterRequest is a request of the later years.
type laterRequest struct {
	kind               requestv1.ApplicantKind
	received, answered *date.Date
	outcome            string // empty: still open
}

func laterRequests() []laterRequest {
	const person, business = requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS
	on := func(year, month, day int32) *date.Date { return &date.Date{Year: year, Month: month, Day: day} }
	return []laterRequest{
		{person, on(2022, 3, 1), on(2022, 3, 10), "granted"},
		{business, storyReceived(), on(2023, 1, 12), "denied_third_party"}, // open at the turn of the year
		{person, on(2023, 5, 4), on(2023, 5, 19), "unable_not_held"},
		{person, on(2023, 9, 6), on(2023, 9, 8), "partial"},
		{person, on(2023, 12, 28), nil, ""},
	}
}

// askLater enters a request and answers it. The request of the story is asked for with personal data, made up, and a
// third party is asked for its opinion.
func (r *run) askLater(ctx context.Context, clerk string, i int, q laterRequest) error {
	what := fmt.Sprintf("later-%02d", i+1)
	entered := &requestv1.InformationRequest{}
	in := &requestv1.InformationRequest{ApplicantKind: q.kind, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_ONLINE, ReceivedOn: q.received}
	conclusion := &requestv1.ConcludeInformationRequestRequest{Outcome: q.outcome, AnsweredOn: q.answered, RequestId: requestID(TownshipID, what, "conclude")}
	if q.outcome == "unable_not_held" {
		conclusion.SearchRecord = "检索了本机关档案系统和文件目录，没有所申请公开的信息。"
	}
	isStory := proto.Equal(q.received, storyReceived())
	if isStory {
		in.PersonalData = storyApplicant()
		conclusion.Reasons = storyReasons
	}
	path := "/v1/organizations/" + TownshipID + "/informationRequests"
	if err := r.create(ctx, path, clerk, requestID(TownshipID, what, "create"), in, entered); err != nil || q.outcome == "" {
		return err
	}
	path = "/v1/" + entered.GetName()
	if isStory {
		if err := r.consult(ctx, path, clerk, what); err != nil {
			return err
		}
	}
	return r.post(ctx, path+":conclude", clerk, conclusion, nil)
}

// laterStep is a call in the life of the later reports.
type laterStep struct {
	office bool // the leading group's office calls, not the clerk
	path   string
	in     proto.Message
}

func laterSteps() []laterStep {
	id := func(period, verb string) string { return requestID(TownshipID, "report-"+period, verb) }
	submit := func(version string) *reportv1.SubmitReportRequest {
		return &reportv1.SubmitReportRequest{RequestId: id(LaterPeriod, "submit"+version)}
	}
	compile := "/v1/organizations/" + TownshipID + "/reports:compile"
	first, second := laterPath(EarlierPeriod), laterPath(LaterPeriod)
	return []laterStep{
		{false, compile, laterCompilation(EarlierPeriod, 5, id(EarlierPeriod, "compile"))},
		{false, first + ":submit", &reportv1.SubmitReportRequest{RequestId: id(EarlierPeriod, "submit")}},
		{true, first + ":accept", &reportv1.AcceptReportRequest{RequestId: id(EarlierPeriod, "accept")}},
		{false, compile, laterCompilation(LaterPeriod, 7, id(LaterPeriod, "compile"))},
		{false, second + ":judge", &reportv1.JudgeFindingRequest{
			Check: "t2.in_force", Cell: inForce, Kind: reportv1.VerdictKind_VERDICT_KIND_EXPLAINED, Reason: "按台账填报", JudgedBy: "示例填报人", RequestId: id(LaterPeriod, "judge"),
		}},
		{false, second + ":submit", submit("")},
		{true, second + ":return", &reportv1.ReturnReportRequest{
			Reasons:   []*reportv1.ReturnReason{{Cell: inForce, Text: "上年现行有效5件，本年制发1件、废止0件，应为6件，报表为7件。"}},
			RequestId: id(LaterPeriod, "return"),
		}},
		{false, compile, laterCompilation(LaterPeriod, 6, id(LaterPeriod, "compile-2"))},
		{false, second + ":submit", submit("-2")},
		{true, second + ":accept", &reportv1.AcceptReportRequest{RequestId: id(LaterPeriod, "accept")}},
	}
}

// laterCompilation types in what no record feeds.
func laterCompilation(period string, documents int32, requestID string) *reportv1.CompileReportRequest {
	in := &reportv1.CompileReportRequest{Period: period, RequestId: requestID, Narratives: []*reportv1.Narrative{
		{Part: "overview", Markdown: "我乡推进政务公开。工作考核合格，社会评议良好，无责任追究情况。"},
		{Part: "problems", Markdown: "公开还不够及时，下一年改进。"},
		{Part: "other", Markdown: "无。"},
	}}
	for _, f := range []struct {
		cell  string
		value int32
	}{
		{"t2.normative_documents.made", 1},
		{"t2.normative_documents.repealed", 0},
		{inForce, documents},
		{"t2.licences.decisions", 37},
		{"t2.punishments.decisions", 2},
		{"t2.coercion.decisions", 0},
		{"t2.charges.amount", 0},
	} {
		in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: f.cell, Value: f.value, Source: "示例填报人", Reason: "业务台账"})
	}
	return in
}

func laterPath(period string) string { return "/v1/organizations/" + TownshipID + "/reports/" + period }

// WriteLater writes what became of the later report; lang is zh or en, and empty means zh.
func WriteLater(w io.Writer, report *reportv1.Report, lang string) error {
	figures := make(map[string]int32)
	for _, f := range report.GetFigures() {
		figures[f.GetCell()] = f.GetValue()
	}
	var reasons []string
	for _, reason := range report.GetReturnReasons() {
		reasons = append(reasons, reason.GetText())
	}
	const zh = "%s年（2021年格式）：新收申请 %d，上年结转 %d，办结 %d，结转下年 %d；勾稽关系 %s 不符，第1版被退回：%s 改正后第 %d 版已接收。\n"
	const en = "%s (form of 2021): %d requests received, %d carried over, %d handled, %d carried forward; version 1 broke the identity %s and was returned: %s Put right, version %d was accepted.\n"
	text := zh
	if lang == "en" {
		text = en
	}
	_, err := fmt.Fprintf(w, text, LaterPeriod, figures["t3.received.total"], figures["t3.carried_over.total"], figures["t3.concluded.total"],
		figures["t3.carried_forward.total"], "t2.in_force", strings.Join(reasons, ""), report.GetVersion())
	return err
}
