package e2e_test

import (
	"testing"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/protobuf/proto"
)

// Over REST: a filing waits to be confirmed, and is received on that day; a fee notice of another amount is refused; an
// appeal that came late is taken and marked, and its limits stand among the duties.
func TestRequestsOverREST(t *testing.T) {
	t.Parallel()
	e := run(t, t.TempDir(), func() time.Time { return time.Date(2021, time.October, 8, 4, 0, 0, 0, time.UTC) })
	t.Cleanup(e.verify)
	e.enter()
	root := e.root()
	q := over[*infoRequest](e, root, &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &infoRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_ONLINE,
		Reception: &requestv1.Reception{Channel: requestv1.ReceptionChannel_RECEPTION_CHANNEL_ONLINE, SubmittedOn: day(2021, 6, 1)},
	}})
	waiting := &requestv1.ListDutiesRequest{Parent: nameOf(townA), Kind: requestv1.DutyKind_DUTY_KIND_UNCONFIRMED}
	// 1 June to 8 October: 29 + 31 + 31 + 30 + 8 days.
	if d := over[*requestv1.ListDutiesResponse](e, root, waiting).GetDuties(); len(d) != 1 || d[0].GetWaitingDays() != 129 || q.GetState() != requestv1.RequestState_REQUEST_STATE_UNCONFIRMED {
		t.Errorf("waiting: %v", d)
	}
	q = over[*infoRequest](e, root, &requestv1.ConfirmRequestRequest{Name: q.GetName(), ConfirmedOn: day(2021, 6, 3), RequestId: "confirm"})
	again := over[*infoRequest](e, root, &requestv1.ConfirmRequestRequest{Name: q.GetName(), ConfirmedOn: day(2021, 6, 3), RequestId: "confirm"})
	// 20 working days after 3 June, with the Dragon Boat holiday of 14 June: 2 July.
	if !proto.Equal(q, again) || !proto.Equal(q.GetReceivedOn(), day(2021, 6, 3)) || !proto.Equal(q.GetDueOn(), day(2021, 7, 2)) {
		t.Errorf("confirmed: %v", q)
	}
	if d := over[*requestv1.ListDutiesResponse](e, root, waiting).GetDuties(); len(d) != 0 {
		t.Errorf("still waiting: %v", d)
	}
	over[*infoRequest](e, root, &requestv1.ConcludeInformationRequestRequest{Name: q.GetName(), Outcome: "denied_process", Delivery: &requestv1.Delivery{
		Channel: requestv1.DeliveryChannel_DELIVERY_CHANNEL_POSTED, SentOn: day(2021, 6, 10), SignedOn: day(2021, 6, 15),
	}})
	a := over[*requestv1.Appeal](e, root, &requestv1.CreateAppealRequest{Parent: nameOf(townA), Appeal: &requestv1.Appeal{
		Kind: requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION, InformationRequest: q.GetName(), Appellant: requestv1.Appellant_APPELLANT_APPLICANT,
		Subject: requestv1.AppealSubject_APPEAL_SUBJECT_ANSWER, AppliedOn: day(2021, 8, 17), AcceptedOn: day(2021, 8, 20), CopyReceivedOn: day(2021, 9, 24),
	}})
	// Law of 2017 art. 9: 60 days from 15 June end on 14 August, a Saturday: the 16th.
	if m := a.GetMarks(); len(m) != 1 || m[0].GetReason() != "APPEAL_AFTER_LIMIT" || !proto.Equal(a.GetLimits()[0].GetUntil(), day(2021, 8, 16)) {
		t.Errorf("late: %v", a)
	}
	// Art. 23: ten calendar days from 24 September end on 4 October, in the holiday: 8 October, today.
	d := over[*requestv1.ListDutiesResponse](e, root, &requestv1.ListDutiesRequest{Parent: nameOf(townA)}).GetDuties()
	if len(d) != 1 || d[0].GetKind() != requestv1.DutyKind_DUTY_KIND_TODAY || d[0].GetLimit().GetParty() != requestv1.AppealParty_APPEAL_PARTY_ORGAN {
		t.Errorf("duties: %v", d)
	}
	a = over[*requestv1.Appeal](e, root, &requestv1.MoveAppealRequest{Name: a.GetName(), State: requestv1.AppealState_APPEAL_STATE_SUSPENDED, RepliedOn: day(2021, 10, 8)})
	a = over[*requestv1.Appeal](e, root, &requestv1.ConcludeAppealRequest{
		Name: a.GetName(), Result: requestv1.AppealResult_APPEAL_RESULT_OTHER, Ending: requestv1.AppealEnding_APPEAL_ENDING_ENDED, Etag: a.GetEtag(),
	})
	if a.GetState() != requestv1.AppealState_APPEAL_STATE_CONCLUDED || a.GetArticle() != "42" || len(a.GetMoves()) != 1 {
		t.Errorf("ended: %v", a)
	}
}

// Over REST and over gRPC, one call makes a draft of what was released to one: once for a request, linked both ways, and
// published like any other. Nobody outside learns of the request.
func TestPublishAnswer(t *testing.T) {
	t.Parallel()
	e := run(t, t.TempDir(), func() time.Time { return time.Date(2021, time.October, 8, 4, 0, 0, 0, time.UTC) })
	t.Cleanup(e.verify)
	e.enter()
	clerk := e.token(access.Clerk, townA)
	answered := func() *infoRequest {
		q := do[*infoRequest](e, clerk, &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &infoRequest{
			ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_LETTER, ReceivedOn: day(2021, 6, 1),
			PersonalData: &requestv1.PersonalData{ApplicantName: "示例申请人", Contact: "13900001234", Description: "示例村土地征收批文"},
		}})
		return do[*infoRequest](e, clerk, &requestv1.ConcludeInformationRequestRequest{Name: q.GetName(), Outcome: "granted", AnsweredOn: day(2021, 6, 10)})
	}
	for over, publish := range map[string]func(*requestv1.PublishAnswerRequest) *infoRequest{
		"REST": func(in *requestv1.PublishAnswerRequest) *infoRequest { return over[*infoRequest](e, clerk, in) },
		"gRPC": func(in *requestv1.PublishAnswerRequest) *infoRequest { return do[*infoRequest](e, clerk, in) },
	} {
		q := answered()
		in := &requestv1.PublishAnswerRequest{Name: q.GetName(), Title: "示例村土地征收批文", Content: "全文", Category: "other", FormedOn: day(2021, 1, 4), Etag: q.GetEtag()}
		done := publish(in)
		d := do[*disclosurev1.Disclosure](e, clerk, &disclosurev1.GetDisclosureRequest{Name: done.GetDisclosure()})
		if d.GetSourceRequest() != q.GetName() || d.GetState() != disclosurev1.State_STATE_DRAFT || d.GetTitle() != in.GetTitle() || !proto.Equal(d.GetFormedOn(), in.GetFormedOn()) {
			t.Errorf("over %s: the draft is %v", over, d)
		}
		in.Title = "示例：另一标题"
		if again := publish(in); !proto.Equal(again, done) {
			t.Errorf("over %s: again: %v", over, again)
		}
		do[*disclosurev1.Disclosure](e, e.root(), &disclosurev1.PublishDisclosureRequest{Name: d.GetName(), PublishedOn: day(2021, 6, 15)})
		if seen := do[*disclosurev1.Disclosure](e, "", &disclosurev1.GetDisclosureRequest{Name: d.GetName()}); seen.GetSourceRequest() != "" || seen.GetTitle() != d.GetTitle() {
			t.Errorf("over %s: everybody sees %v", over, seen)
		}
	}
	list := do[*disclosurev1.ListDisclosuresResponse](e, "", &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA)}).GetDisclosures()
	if len(list) != 2 || list[0].GetSourceRequest() != "" || list[1].GetSourceRequest() != "" {
		t.Errorf("everybody's list: %v", list)
	}
	// A call that broke off after the draft was made is finished by the next one.
	q := answered()
	d := do[*disclosurev1.Disclosure](e, clerk, &disclosurev1.CreateDisclosureRequest{Parent: nameOf(townA), Disclosure: &disclosurev1.Disclosure{
		Title: "示例", Category: "other", SourceRequest: q.GetName(),
	}})
	done := do[*infoRequest](e, clerk, &requestv1.PublishAnswerRequest{Name: q.GetName(), Title: "示例", Category: "other"})
	if done.GetDisclosure() != d.GetName() {
		t.Errorf("broken off: %v", done)
	}
}
