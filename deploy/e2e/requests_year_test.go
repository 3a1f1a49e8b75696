package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
)

// over calls a method over REST and fails the test unless it succeeds.
func over[M proto.Message](e *env, token string, in proto.Message) M {
	e.t.Helper()
	out, _, err := e.rest(token, "", in)
	if err != nil {
		e.t.Fatalf("%T: %v", in, err)
	}
	return out.(M)
}

// desk is a township's office that plays a year over REST.
type desk struct {
	*env
	clerk, head string
}

func (d *desk) received(kind requestv1.ApplicantKind, on *date.Date) string {
	d.t.Helper()
	return over[*infoRequest](d.env, d.clerk, &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &infoRequest{
		ApplicantKind: kind, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_LETTER, ReceivedOn: on,
		Reception:    &requestv1.Reception{Channel: requestv1.ReceptionChannel_RECEPTION_CHANNEL_SIGNED_POST, ArrivedOn: on},
		PersonalData: &requestv1.PersonalData{ApplicantName: "示例申请人", DocumentNumber: fmt.Sprint("示例", on), Description: "示例信息"},
	}}).GetName()
}

func (d *desk) does(in proto.Message) *infoRequest {
	d.t.Helper()
	return over[*infoRequest](d.env, d.clerk, in)
}

func (d *desk) agrees(in proto.Message) *infoRequest {
	d.t.Helper()
	return over[*infoRequest](d.env, d.head, in)
}

func (d *desk) answers(name, outcome string, on *date.Date) *infoRequest {
	d.t.Helper()
	return d.does(&requestv1.ConcludeInformationRequestRequest{Name: name, Outcome: outcome, Reasons: "示例理由", Delivery: &requestv1.Delivery{
		Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_POSTED, SentOn: on,
	}})
}

// due checks the due date of a timeline as of a day, and whether the answer, if there is one, was in time.
func (d *desk) due(name string, asOf, want *date.Date, state string, inTime bool) {
	d.t.Helper()
	got := over[*requestv1.Timeline](d.env, d.clerk, &requestv1.GetTimelineRequest{Name: name, AsOf: asOf})
	if !proto.Equal(got.GetDueOn(), want) || got.GetState() != state || got.GetInTime() != inTime || len(got.GetMarks()) > 0 {
		d.t.Errorf("due on %v, want %v; %s, in time %v, marks %v", got.GetDueOn(), want, got.GetState(), got.GetInTime(), got.GetMarks())
	}
}

func (d *desk) appeals(kind requestv1.AppealKind, of string, on *date.Date) string {
	d.t.Helper()
	return over[*requestv1.Appeal](d.env, d.clerk, &requestv1.CreateAppealRequest{Parent: nameOf(townA), Appeal: &requestv1.Appeal{
		Kind: kind, InformationRequest: of, Appellant: requestv1.Appellant_APPELLANT_APPLICANT, Subject: requestv1.AppealSubject_APPEAL_SUBJECT_ANSWER,
		Body: "示例市人民政府", AcceptedOn: on,
	}}).GetName()
}

const (
	naturalPerson = requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON
	business      = requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS
	institute     = requestv1.ApplicantKind_APPLICANT_KIND_RESEARCH_INSTITUTE
	welfare       = requestv1.ApplicantKind_APPLICANT_KIND_PUBLIC_WELFARE
	lawyers       = requestv1.ApplicantKind_APPLICANT_KIND_LEGAL_SERVICE
	another       = requestv1.ApplicantKind_APPLICANT_KIND_OTHER_ORGANIZATION
)

// TestRequestsYear plays twelve requests over REST to the tables of the report: every date was counted by hand on the
// holiday notices of 2018 and 2021, every figure is the sum of what is played.
func TestRequestsYear(t *testing.T) {
	t.Parallel()
	e := run(t, t.TempDir(), func() time.Time { return time.Date(2022, time.January, 15, 4, 0, 0, 0, time.UTC) })
	t.Cleanup(e.verify)
	e.enter()
	d := &desk{e, e.token(access.Clerk, townA), e.token(access.Approver, townA)}
	d.granted()
	d.thirdParty()
	d.extended()
	d.corrected()
	d.unpaid()
	d.short()
	d.appealed()
	d.oldLaw()
	d.figures("2021", map[string]int32{
		"t3.received.natural_person": 5, "t3.received.business": 2, "t3.received.research_institute": 1, "t3.received.public_welfare": 1,
		"t3.received.legal_service": 1, "t3.received.other_organization": 1, "t3.received.total": 11, "t3.carried_over.total": 0,
		"t3.granted.natural_person": 1, "t3.granted.research_institute": 1, "t3.partial.natural_person": 1,
		"t3.denied.third_party.business": 1, "t3.denied.process.natural_person": 1, "t3.denied.internal_affairs.business": 1,
		"t3.unable.not_held.public_welfare": 1, "t3.not_processed.petition.natural_person": 1,
		"t3.other.correction_overdue.natural_person": 1, "t3.other.fee_overdue.legal_service": 1, "t3.concluded.total": 10,
		"t3.granted.total": 2, "t3.partial.total": 1, "t3.denied.third_party.total": 1, "t3.denied.process.total": 1, "t3.denied.internal_affairs.total": 1,
		"t3.unable.not_held.total": 1, "t3.not_processed.petition.total": 1, "t3.other.correction_overdue.total": 1, "t3.other.fee_overdue.total": 1,
		"t3.concluded.natural_person": 5, "t3.concluded.business": 2, "t3.concluded.research_institute": 1, "t3.concluded.public_welfare": 1,
		"t3.concluded.legal_service": 1, "t3.concluded.other_organization": 0,
		"t3.carried_forward.other_organization": 1, "t3.carried_forward.total": 1,
		"t4.reconsideration.upheld": 1, "t4.reconsideration.corrected": 1, "t4.reconsideration.pending": 0, "t4.reconsideration.total": 2,
		"t4.litigation.direct.pending": 1, "t4.litigation.direct.total": 1, "t4.litigation.after_reconsideration.total": 0,
	})
	d.figures("2018", map[string]int32{"requests.received": 1, "requests.denied.business_secret": 1, "requests.denied": 1, "requests.concluded": 1, "appeals.reconsideration": 0})
}

// figures compares a report's cells: those not listed are zero, but for what no request feeds.
func (d *desk) figures(period string, want map[string]int32) {
	d.t.Helper()
	r := over[*reportv1.Report](d.env, d.clerk, &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: period})
	got := map[string]int32{}
	for _, f := range r.GetFigures() {
		got[f.GetCell()] = int32(f.GetValue())
	}
	for cell, n := range want {
		if found, ok := got[cell]; !ok || found != n {
			d.t.Errorf("%s, %s: %d (%v), want %d", period, cell, found, ok, n)
		}
	}
	for cell, n := range got {
		if _, listed := want[cell]; !listed && n != 0 && !strings.HasPrefix(cell, "t2.") {
			d.t.Errorf("%s, %s: %d, which nothing played", period, cell, n)
		}
	}
}

// 1: granted within the period. 20 working days after 1 March 2021 end on the 29th.
func (d *desk) granted() {
	name := d.received(naturalPerson, day(2021, 3, 1))
	d.due(name, day(2021, 3, 1), day(2021, 3, 29), "running", false)
	d.answers(name, "granted", day(2021, 3, 10))
	d.due(name, nil, day(2021, 3, 29), "answered", true)
}

// 2: a third party refuses with good reason. Without the question it would be due on 29 April, after Qingming (3 to 5
// April) and with the worked Sunday, the 25th. The letter went out on the 8th, the opinion came on the 16th: six working
// days do not count, and after Labour Day (1 to 5 May) with the worked Saturday, the 8th, it is due on 11 May.
func (d *desk) thirdParty() {
	name := d.received(business, day(2021, 4, 1))
	d.due(name, day(2021, 4, 1), day(2021, 4, 29), "running", false)
	d.does(&requestv1.ConsultOnRequestRequest{Name: name, Consulted: requestv1.Consulted_CONSULTED_THIRD_PARTY, SentOn: day(2021, 4, 8), Party: "示例公司"})
	d.does(&requestv1.RecordOpinionRequest{
		Name: name, Party: 1, ReceivedOn: day(2021, 4, 9), AnsweredOn: day(2021, 4, 16), Opinion: requestv1.Opinion_OPINION_REFUSES_WITH_REASON, Reasons: "示例：商业秘密",
	})
	d.due(name, day(2021, 4, 16), day(2021, 5, 11), "running", false)
	d.answers(name, "denied_third_party", day(2021, 5, 10))
	d.due(name, nil, day(2021, 5, 11), "answered", true)
}

// 3: extended by 20 working days on the last but one, answered in part on the last of these. The Dragon Boat holiday is
// 12 to 14 June.
func (d *desk) extended() {
	name := d.received(naturalPerson, day(2021, 5, 10))
	d.due(name, day(2021, 5, 10), day(2021, 6, 7), "running", false)
	d.agrees(&requestv1.ExtendReplyPeriodRequest{Name: name, Days: 20, ToldOn: day(2021, 6, 4)})
	d.due(name, day(2021, 6, 4), day(2021, 7, 6), "running", false)
	q := d.does(&requestv1.ConcludeInformationRequestRequest{
		Name: name, Outcome: "partial", Withheld: []string{"denied_internal_affairs"}, Article: "37", Reasons: "示例理由", AnsweredOn: day(2021, 7, 6),
	})
	if len(q.GetGrounds()) != 1 {
		d.t.Errorf("grounds %v", q.GetGrounds())
	}
	d.due(name, nil, day(2021, 7, 6), "answered", true)
}

// 4: corrected in time, and granted; the period starts anew on 11 June. 5: never corrected.
func (d *desk) corrected() {
	name := d.received(institute, day(2021, 6, 1))
	d.does(&requestv1.AskForCorrectionRequest{Name: name, ToldOn: day(2021, 6, 8), Until: day(2021, 6, 30), What: "示例：请说明年度"})
	d.due(name, day(2021, 6, 10), nil, "awaiting_correction", false)
	d.does(&requestv1.CorrectRequestRequest{Name: name, CorrectedOn: day(2021, 6, 11), Description: "示例：2018年的批文"})
	d.due(name, day(2021, 6, 11), day(2021, 7, 12), "running", false)
	d.answers(name, "granted", day(2021, 6, 25))

	name = d.received(naturalPerson, day(2021, 6, 3))
	d.does(&requestv1.AskForCorrectionRequest{Name: name, ToldOn: day(2021, 6, 9), Until: day(2021, 6, 23), What: "示例"})
	d.due(name, day(2021, 6, 23), nil, "awaiting_correction", false)
	d.due(name, day(2021, 6, 24), nil, "correction_overdue", false)
	if q := d.does(&requestv1.CloseAbandonedRequestRequest{Name: name, ClosedOn: day(2021, 6, 24)}); q.GetOutcome() != "other_correction_overdue" {
		d.t.Errorf("closed as %s", q.GetOutcome())
	}
	d.due(name, nil, nil, "abandoned", false)
}

// 6: a fee of 100 pages, 700 yuan, is not paid within 20 working days of 6 July, which end on 3 August.
func (d *desk) unpaid() {
	name := d.received(lawyers, day(2021, 7, 1))
	q := d.agrees(&requestv1.IssueFeeNoticeRequest{
		Name: name, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 100, SentOn: day(2021, 7, 5), ReceivedOn: day(2021, 7, 6),
	})
	if fen := q.GetSteps()[0].GetAmountFen(); fen != 70_000 {
		d.t.Errorf("%d fen", fen)
	}
	d.due(name, day(2021, 8, 3), nil, "awaiting_payment", false)
	d.due(name, day(2021, 8, 4), nil, "payment_overdue", false)
	if _, code, _ := d.rest(d.clerk, "", &requestv1.CloseAbandonedRequestRequest{Name: name, ClosedOn: day(2021, 8, 3)}); code != 400 {
		d.t.Errorf("closed on the last day to pay: %d", code)
	}
	if q := d.does(&requestv1.CloseAbandonedRequestRequest{Name: name, ClosedOn: day(2021, 8, 4)}); q.GetOutcome() != "other_fee_overdue" {
		d.t.Errorf("closed as %s", q.GetOutcome())
	}
}

// 7: not held, after a search; 20 working days after 2 August end on the 30th. 8: a petition, over which a suit is pending
// at the year's end; those after 10 August end on 7 September. 11: a co-producer is being asked then; four days have
// counted, 16 are left.
func (d *desk) short() {
	name := d.received(welfare, day(2021, 8, 2))
	d.due(name, day(2021, 8, 2), day(2021, 8, 30), "running", false)
	d.does(&requestv1.ConcludeInformationRequestRequest{
		Name: name, Outcome: "unable_not_held", Article: "36 item 4", SearchRecord: "示例：查阅了2015年至2020年的档案", AnsweredOn: day(2021, 8, 20),
	})
	name = d.received(naturalPerson, day(2021, 8, 10))
	d.due(name, day(2021, 8, 10), day(2021, 9, 7), "running", false)
	d.answers(name, "not_processed_petition", day(2021, 8, 12))
	d.appeals(requestv1.AppealKind_APPEAL_KIND_LITIGATION_DIRECT, name, day(2021, 12, 1))
	name = d.received(another, day(2021, 12, 20))
	d.does(&requestv1.ConsultOnRequestRequest{Name: name, Consulted: requestv1.Consulted_CONSULTED_CO_PRODUCER, SentOn: day(2021, 12, 24), Party: "示例局"})
	open := over[*requestv1.Timeline](d.env, d.clerk, &requestv1.GetTimelineRequest{Name: name, AsOf: day(2021, 12, 31)})
	if open.GetDueOn() != nil || open.GetState() != "consulting" || open.GetRemaining() != 16 || len(open.GetMarks()) != 1 || open.GetMarks()[0].GetReason() != "LETTER_RECEIPT_UNKNOWN" {
		d.t.Errorf("asked still: %v", open)
	}
	duties := over[*requestv1.ListDutiesResponse](d.env, d.clerk, &requestv1.ListDutiesRequest{Parent: nameOf(townA)}).GetDuties()
	// The pending suit comes first: docketed on 1 December, it is decided within six months.
	if len(duties) != 2 || duties[1].GetInformationRequest().GetName() != name || duties[1].GetKind() != requestv1.DutyKind_DUTY_KIND_STOPPED ||
		duties[0].GetLimit().GetKind() != "first_instance" || !proto.Equal(duties[0].GetOn(), day(2022, 6, 1)) || duties[0].GetAppeal() == nil {
		d.t.Errorf("duties %v", duties)
	}
	if code, ics := d.send(request{http.MethodGet, "/v1/" + nameOf(townA) + "/duties:calendar", nil}, d.clerk, ""); code != http.StatusOK || !strings.HasPrefix(string(ics), "BEGIN:VCALENDAR\r\n") {
		d.t.Errorf("calendar: %d %s", code, ics)
	}
	if code, _ := d.send(request{http.MethodGet, "/v1/" + nameOf(townA) + "/duties:calendar", nil}, "", ""); code != http.StatusUnauthorized {
		d.t.Errorf("calendar for the public: %d", code)
	}
}

// 9: a denial that a reconsideration upholds; due on 27 September, after the worked Saturday, the 18th, Mid-Autumn (19 to
// 21) and the worked Sunday, the 26th. 10: due on 9 October, a worked Saturday after National Day (1 to 7); one that it
// corrects, ordering a new answer within 15 working days of
// 8 November, which end on the 29th. The new answer does not count again.
func (d *desk) appealed() {
	const reconsideration = requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION
	name := d.received(naturalPerson, day(2021, 8, 30))
	d.due(name, day(2021, 8, 30), day(2021, 9, 27), "running", false)
	d.answers(name, "denied_process", day(2021, 9, 10))
	over[*requestv1.Appeal](d.env, d.clerk, &requestv1.ConcludeAppealRequest{
		Name: d.appeals(reconsideration, name, day(2021, 10, 8)), Result: requestv1.AppealResult_APPEAL_RESULT_UPHELD, DecidedOn: day(2021, 12, 3), Article: "28(1)",
	})
	name = d.received(business, day(2021, 9, 6))
	d.due(name, day(2021, 9, 6), day(2021, 10, 9), "running", false)
	d.answers(name, "denied_internal_affairs", day(2021, 9, 24))
	over[*requestv1.Appeal](d.env, d.clerk, &requestv1.ConcludeAppealRequest{
		Name: d.appeals(reconsideration, name, day(2021, 10, 11)), Result: requestv1.AppealResult_APPEAL_RESULT_CORRECTED, DecidedOn: day(2021, 11, 8),
		OrdersNewAnswer: true, Days: 15,
	})
	d.due(name, day(2021, 11, 8), day(2021, 11, 29), "running", true)
	d.answers(name, "granted", day(2021, 11, 25))
	d.due(name, nil, day(2021, 11, 29), "answered", true)
}

// 12: one of 2018, under the Regulation of 2007: 15 working days after 1 June, without the Dragon Boat holiday of 16 to
// 18 June, end on the 25th.
func (d *desk) oldLaw() {
	name := d.received(business, day(2018, 6, 1))
	d.due(name, day(2018, 6, 1), day(2018, 6, 25), "running", false)
	q := d.answers(name, "denied_business_secret", day(2018, 6, 20))
	if len(q.GetGrounds()) != 2 {
		d.t.Errorf("grounds %v", q.GetGrounds())
	}
	d.due(name, nil, day(2018, 6, 25), "answered", true)
}
