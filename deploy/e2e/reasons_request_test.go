package e2e_test

import (
	"context"
	"testing"
	"time"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/law"
	requestrules "gongkai/services/request"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

type infoRequest = requestv1.InformationRequest

// asked enters a request as root, with personal data or without.
func (e *env) asked(on *date.Date, data *requestv1.PersonalData, kind requestv1.RequestKind) *infoRequest {
	e.t.Helper()
	return do[*infoRequest](e, e.root(), &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &infoRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: on, PersonalData: data, Kind: kind,
	}})
}

// steps are the reasons of what happens to requests, and of appeals, on 20 March 2022.
func steps(t *testing.T) []provocation {
	const broken = codes.FailedPrecondition
	e := run(t, t.TempDir(), func() time.Time { return time.Date(2022, time.March, 20, 4, 0, 0, 0, time.UTC) })
	t.Cleanup(e.verify)
	e.enter()
	root, june := e.root(), day(2021, 6, 1)
	someone := func(number string) *requestv1.PersonalData {
		return &requestv1.PersonalData{DocumentNumber: number, Description: "示例"}
	}
	const record = requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION
	open, other, done := e.asked(june, someone("1"), 0).GetName(), e.asked(june, someone("2"), 0).GetName(), e.asked(june, nil, 0).GetName()
	old, correction, split := e.asked(day(2018, 6, 1), nil, 0).GetName(), e.asked(june, nil, record).GetName(), e.asked(june, someone("3"), 0).GetName()
	do[*infoRequest](e, root, &requestv1.ConcludeInformationRequestRequest{Name: done, Outcome: "granted", AnsweredOn: day(2021, 6, 3)})
	do[*requestv1.SplitRequestResponse](e, root, &requestv1.SplitRequestRequest{Name: split, Descriptions: []string{"示例一", "示例二"}})
	billed, crowded := e.asked(june, nil, 0).GetName(), e.asked(june, nil, 0).GetName()
	do[*infoRequest](e, root, &requestv1.IssueFeeNoticeRequest{Name: billed, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 100, SentOn: day(2021, 6, 3), ReceivedOn: day(2021, 6, 3)})
	for range 200 {
		do[*infoRequest](e, root, &requestv1.UrgeRequestRequest{Name: crowded, HappenedOn: june})
	}
	urge := func(name string, on *date.Date) proto.Message {
		return &requestv1.UrgeRequestRequest{Name: name, HappenedOn: on}
	}
	conclude := func(outcome, article string, withheld ...string) proto.Message {
		return &requestv1.ConcludeInformationRequestRequest{Name: open, Outcome: outcome, Article: article, Withheld: withheld, AnsweredOn: day(2021, 6, 3)}
	}
	appeal := func(kind requestv1.AppealKind, of string, change func(*requestv1.Appeal)) *requestv1.CreateAppealRequest {
		a := &requestv1.Appeal{Kind: kind, InformationRequest: of, Subject: requestv1.AppealSubject_APPEAL_SUBJECT_ANSWER, AcceptedOn: day(2021, 7, 1)}
		if change != nil {
			change(a)
		}
		return &requestv1.CreateAppealRequest{Parent: nameOf(townA), Appeal: a}
	}
	const reconsideration, suit, after = requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION, requestv1.AppealKind_APPEAL_KIND_LITIGATION_DIRECT, requestv1.AppealKind_APPEAL_KIND_LITIGATION_AFTER_RECONSIDERATION
	running := do[*requestv1.Appeal](e, root, appeal(reconsideration, done, nil)).GetName()
	over := do[*requestv1.Appeal](e, root, appeal(suit, open, nil)).GetName()
	const upheld = requestv1.AppealResult_APPEAL_RESULT_UPHELD
	do[*requestv1.Appeal](e, root, &requestv1.ConcludeAppealRequest{Name: over, Result: upheld, DecidedOn: day(2021, 8, 1)})
	before := e.asked(day(2018, 6, 1), someone("4"), 0).GetName()
	letter := func(of, kind string) proto.Message {
		return &requestv1.WriteLetterRequest{Name: of, Letter: kind, Organ: "示例镇人民政府", Format: requestv1.LetterFormat_LETTER_FORMAT_TEXT}
	}
	whole := e.asked(june, &requestv1.PersonalData{Description: "2018年土地征收批文；补偿方案；听证会记录"}, 0).GetName()
	released := e.asked(june, &requestv1.PersonalData{Contact: "13900001234"}, 0).GetName()
	do[*infoRequest](e, root, &requestv1.ConcludeInformationRequestRequest{Name: released, Outcome: "granted", AnsweredOn: day(2021, 6, 3)})
	rows := []struct {
		reason string
		in     proto.Message
	}{
		{"LETTER_UNKNOWN", letter(open, "lost")},
		{"LETTER_VALUE_MISSING", letter(open, "granted")},
		{"LETTER_NONE_BEFORE", letter(before, "fee")},
		{"REQUEST_NOT_OPEN", &requestv1.WithdrawRequestRequest{Name: split, WithdrawnOn: day(2021, 6, 3)}},
		{"REQUEST_NOT_CONCLUDED", &requestv1.DeliverAnswerRequest{Name: open, Delivery: &requestv1.Delivery{Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_POSTED, SentOn: day(2021, 6, 3)}}},
		{"ITEMS_DO_NOT_COVER", &requestv1.SplitRequestRequest{Name: whole, Descriptions: []string{"2018年土地征收批文", "补偿方案"}}},
		{"STEPS_TOO_MANY", urge(crowded, june)},
		{"STEP_UNFIT_FOR_KIND", &requestv1.ExtendReplyPeriodRequest{Name: correction, Days: 10, ToldOn: day(2021, 6, 3)}},
		{"STEP_DATE_IN_FUTURE", urge(open, day(2022, 3, 21))},
		{"STEP_BEFORE_RECEIPT", urge(open, day(2021, 5, 31))},
		{"REQUEST_NOT_HANDED_ON", &requestv1.SendBackRequestRequest{Name: open, Reason: "示例"}},
		{"NOTHING_TO_ABANDON", &requestv1.CloseAbandonedRequestRequest{Name: open}},
		{"PARTY_UNKNOWN", &requestv1.RecordOpinionRequest{Name: open, Party: 1, AnsweredOn: day(2021, 6, 3)}},
		{"OPINION_WITHOUT_DATE", &requestv1.RecordOpinionRequest{Name: open, Party: 1}},
		{"FEE_NOT_CHARGED", &requestv1.IssueFeeNoticeRequest{Name: old, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 100}},
		{"FEE_NOTHING_DUE", &requestv1.IssueFeeNoticeRequest{Name: open, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 30}},
		{"FEE_PAYMENT_DIFFERS", &requestv1.RecordPaymentRequest{Name: billed, PaidOn: day(2021, 6, 4), AmountFen: 1}},
		{"GROUND_NOT_OF_OUTCOME", conclude("denied_process", "14")},
		{"WITHHELD_NOT_DENIED", conclude("partial", "", "granted")},
		{"WITHHELD_WITHOUT_PARTIAL", conclude("granted", "", "denied_process")},
		{"DUPLICATE_OF_ITSELF", &requestv1.LinkDuplicateRequest{Name: open, Of: open}},
		{"DUPLICATE_DIFFERS", &requestv1.LinkDuplicateRequest{Name: open, Of: other}},
		{"SPLIT_UNDER_WAY", &requestv1.SplitRequestRequest{Name: billed, Descriptions: []string{"示例一", "示例二"}}},
		{"APPEAL_CONCLUDED", &requestv1.ConcludeAppealRequest{Name: over, Result: upheld}},
		{"APPEAL_DATES_REVERSED", &requestv1.ConcludeAppealRequest{Name: running, Result: upheld, DecidedOn: day(2021, 6, 30)}},
		{"APPEAL_RUNS_ALREADY", appeal(suit, done, nil)},
		{"APPEAL_WITHOUT_RECONSIDERATION", appeal(after, open, nil)},
		{"APPEAL_ORDER_UNFIT", &requestv1.ConcludeAppealRequest{Name: running, Result: upheld, OrdersNewAnswer: true}},
		{"APPEAL_STATE_UNFIT", &requestv1.MoveAppealRequest{Name: running, State: requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE}},
		{"APPEAL_WITHOUT_REQUEST", appeal(suit, "", nil)},
		{"REQUEST_NOT_UNCONFIRMED", &requestv1.ConfirmRequestRequest{Name: open, ConfirmedOn: june}},
		{"FEE_AMOUNT_DIFFERS", &requestv1.IssueFeeNoticeRequest{Name: open, Schedule: requestv1.FeeSchedule_FEE_SCHEDULE_PAGE, Count: 100, AmountFen: 1}},
		{"ANSWER_NOT_RELEASED", &requestv1.PublishAnswerRequest{Name: open, Title: "示例", Category: "other"}},
		{"PERSONAL_DATA_IN_DRAFT", &requestv1.PublishAnswerRequest{Name: released, Title: "示例：139 0000 1234", Category: "other"}},
		{"SEARCH_RECORD_MISSING", conclude("unable_not_held", "36 item 4")},
		{"EARLIER_NOT_ANSWERED", &requestv1.ConcludeInformationRequestRequest{Name: open, Outcome: "not_processed_repeated", EarlierRequest: other, AnsweredOn: day(2021, 6, 3)}},
		{"APPEAL_RESULT_DIFFERS", &requestv1.ConcludeAppealRequest{Name: running, Result: upheld, Ending: requestv1.AppealEnding_APPEAL_ENDING_MEDIATED}},
	}
	var all []provocation
	for _, r := range rows {
		all = append(all, provocation{r.reason, broken, e.calling(root, r.in), ""})
	}
	alone := &law.Breach{Violations: []law.Violation{{Reason: requestrules.NoDisclosureCall}}}
	nothing := &law.Breach{Violations: []law.Violation{{Reason: requestrules.RepeatedWithoutEarlier}}}
	all = append(all, provocation{"REPEATED_WITHOUT_EARLIER", broken, failing(t, func(context.Context) error { return nothing }), "it is a mark of the timeline"})
	return append(all, provocation{"DISCLOSURE_NOT_CONNECTED", broken, failing(t, func(context.Context) error { return alone }), "this suite runs the disclosure service"})
}
