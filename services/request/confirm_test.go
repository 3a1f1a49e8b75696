package request_test

import (
	"fmt"
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
)

// filed enters what came online and is to be confirmed, or was by the system.
func (e *env) filed(submitted, bySystem string) (*requestT, error) {
	in := given("")
	in.Channel, in.PersonalData = requestv1.RequestChannel_REQUEST_CHANNEL_ONLINE, someone()
	in.Reception = &requestv1.Reception{Channel: requestv1.ReceptionChannel_RECEPTION_CHANNEL_ONLINE, SubmittedOn: day(submitted), SystemConfirmedOn: day(bySystem)}
	return e.CreateInformationRequest(e.desk(town), &createReq{Parent: town, InformationRequest: in})
}

// waiting are the filings to be confirmed, with their age.
func (e *env) waiting() string {
	e.t.Helper()
	page, err := e.ListDuties(e.desk(town), &requestv1.ListDutiesRequest{Parent: town, Kind: requestv1.DutyKind_DUTY_KIND_UNCONFIRMED})
	ok(e.t, err)
	var all []string
	for _, d := range page.GetDuties() {
		all = append(all, fmt.Sprintf("%s %s %d", d.GetInformationRequest().GetReceiptNumber()[10:], d.GetState(), d.GetWaitingDays()))
	}
	return strings.Join(all, ", ")
}

// A filing is received on the day both confirm it (R2019 art. 31 item 3): until then it is not counted, has no due date,
// and stands among the duties by its age. What the system confirmed counts from that day, until somebody confirms it.
func TestConfirmRequest(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-28")
	desk := e.desk(town)
	late, err := e.filed("2021-06-15", "")
	ok(t, err)
	early, err := e.filed("2021-06-10", "")
	ok(t, err)
	system, err := e.filed("2021-06-11", "2021-06-11")
	ok(t, err)
	if late.GetState() != requestv1.RequestState_REQUEST_STATE_UNCONFIRMED || late.GetReceivedOn() != nil || late.GetDueOn() != nil || e.measures(late.GetName()) != "" {
		t.Errorf("filed: %v, counts as %s", late, e.measures(late.GetName()))
	}
	// 20 working days after 11 June, with the Dragon Boat holiday of 14 June: 12 July.
	if system.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN || dayText(system.GetReceivedOn()) != "2021-06-11" || dayText(system.GetDueOn()) != "2021-07-12" {
		t.Errorf("confirmed by the system: %v", system)
	}
	if got := e.waiting(); got != "2021-00002 unconfirmed 18, 2021-00001 unconfirmed 13, 2021-00003 running 17" {
		t.Errorf("waiting: %s", got)
	}
	got, err := e.ConfirmRequest(desk, &requestv1.ConfirmRequestRequest{Name: late.GetName(), ConfirmedOn: day("2021-06-17")})
	ok(t, err)
	// 20 working days after 17 June: 15 July.
	if got.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN || dayText(got.GetReceivedOn()) != "2021-06-17" || dayText(got.GetDueOn()) != "2021-07-15" ||
		!strings.Contains(e.measures(got.GetName()), "requests.received.") {
		t.Errorf("confirmed: %v, counts as %s", got, e.measures(got.GetName()))
	}
	got, err = e.ConfirmRequest(desk, &requestv1.ConfirmRequestRequest{Name: system.GetName(), ConfirmedOn: day("2021-06-15")})
	ok(t, err)
	if dayText(got.GetReceivedOn()) != "2021-06-15" || dayText(got.GetDueOn()) != "2021-07-13" {
		t.Errorf("confirmed later: %v", got)
	}
	if got := e.waiting(); got != "2021-00002 unconfirmed 18" {
		t.Errorf("still waiting: %s", got)
	}
	similar, err := e.ListSimilarRequests(desk, &requestv1.ListSimilarRequestsRequest{Name: early.GetName()})
	ok(t, err)
	if len(similar.GetSimilarRequests()) != 2 {
		t.Errorf("%d like it", len(similar.GetSimilarRequests()))
	}
	list, err := e.ListInformationRequests(desk, &listReq{Parent: town})
	ok(t, err)
	if names := list.GetInformationRequests(); len(names) != 3 || names[0].GetName() != late.GetName() || names[2].GetName() != early.GetName() {
		t.Errorf("listed: %v", names)
	}
}

func TestConfirmRequest_Refused(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-28")
	desk := e.desk(town)
	q, err := e.filed("2021-06-15", "")
	ok(t, err)
	system, err := e.filed("2021-06-11", "2021-06-11")
	ok(t, err)
	_, err = e.AskForCorrection(desk, &requestv1.AskForCorrectionRequest{Name: system.GetName(), ToldOn: day("2021-06-15"), Until: day("2021-06-30"), What: "示例"})
	ok(t, err)
	create := func(change func(*requestT)) error {
		in := given("")
		change(in)
		_, err := e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: in})
		return err
	}
	confirm := func(name, on string) error {
		_, err := e.ConfirmRequest(desk, &requestv1.ConfirmRequestRequest{Name: name, ConfirmedOn: day(on)})
		return err
	}
	reception := func(c requestv1.ReceptionChannel, submitted string) func(*requestT) {
		return func(q *requestT) { q.Reception = &requestv1.Reception{Channel: c, SubmittedOn: day(submitted)} }
	}
	size := e.size()
	for what, c := range map[string]struct {
		err  error
		want string
	}{
		"handed in on no day":        {create(reception(requestv1.ReceptionChannel_RECEPTION_CHANNEL_IN_PERSON, "")), "FailedPrecondition RECEIPT_DATE_MISSING information_request.reception=RECEIPT_DATE_MISSING"},
		"posted, but not signed for": {create(reception(requestv1.ReceptionChannel_RECEPTION_CHANNEL_SIGNED_POST, "2021-06-15")), "FailedPrecondition RECEIPT_DATE_MISSING information_request.reception=RECEIPT_DATE_MISSING"},
		"online on no day":           {create(reception(requestv1.ReceptionChannel_RECEPTION_CHANNEL_ONLINE, "")), "FailedPrecondition RECEIPT_DATE_MISSING information_request.reception=RECEIPT_DATE_MISSING"},
		"filed in the future":        {create(reception(requestv1.ReceptionChannel_RECEPTION_CHANNEL_FAX, "2021-06-29")), "FailedPrecondition RECEIVED_IN_FUTURE information_request.reception=RECEIVED_IN_FUTURE"},
		"neither day nor reception":  {create(func(*requestT) {}), "InvalidArgument INVALID_FIELD information_request.received_on=REQUIRED"},
		"confirmed before":           {confirm(q.GetName(), "2021-06-14"), "FailedPrecondition RECEIPT_DATES_REVERSED confirmed_on=RECEIPT_DATES_REVERSED"},
		"confirmed in the future":    {confirm(q.GetName(), "2021-06-29"), "FailedPrecondition STEP_DATE_IN_FUTURE confirmed_on=STEP_DATE_IN_FUTURE"},
		"after a step":               {confirm(system.GetName(), "2021-06-16"), "FailedPrecondition EVENT_BEFORE_RECEIPT confirmed_on=EVENT_BEFORE_RECEIPT"},
		"nothing to confirm":         {confirm(e.received(town, "2021-06-15").GetName(), "2021-06-15"), "FailedPrecondition REQUEST_NOT_UNCONFIRMED"},
		"answered unconfirmed": {func() error {
			_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: "granted", AnsweredOn: day("2021-06-15")})
			return err
		}(), "FailedPrecondition REQUEST_NOT_OPEN"},
		"erased unconfirmed": {func() error {
			_, err := e.ErasePersonalData(e.as(town, access.Approver), &requestv1.ErasePersonalDataRequest{Name: q.GetName(), Reason: requestv1.ErasureReason_ERASURE_REASON_RETENTION_OVER})
			return err
		}(), "FailedPrecondition PERSONAL_DATA_IN_USE"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if e.size() != size+1 { // the one that was received
		t.Errorf("the log grew from %d to %d", size, e.size())
	}
}
