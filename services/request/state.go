package request

import (
	"slices"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/law"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Reasons of this service's own rules, with the values that their texts name.
const (
	ReceivedInFuture         law.Reason = "RECEIVED_IN_FUTURE"         // date, today
	ReceivedBeforeRegulation law.Reason = "RECEIVED_BEFORE_REGULATION" // date
	OrganizationNotOnDate    law.Reason = "ORGANIZATION_NOT_ON_DATE"   // organization, date
	AlreadyConcluded         law.Reason = "ALREADY_CONCLUDED"          // answered_on, outcome, outcome_zh, outcome_en
	AnsweredInFuture         law.Reason = "ANSWERED_IN_FUTURE"         // date, today
	AnsweredBeforeReceived   law.Reason = "ANSWERED_BEFORE_RECEIVED"   // date, received_on
)

// setting is what a rule needs to know beside the request itself.
type setting struct {
	organization string
	exists       bool // on the day of receipt
	today        workday.Date
}

// checkReceived is what holds for every request that is entered. The fields of a breach are those of the call.
//
// R2019 art. 31, R2007 art. 20: a request has a day of receipt, which has come. Our readings: the organ existed on it,
// and there is no request before the Regulation was in force, on 2008-05-01.
func checkReceived(r *requestv1.InformationRequest, in setting) error {
	field, on := "information_request.received_on", placedOn(r)
	if r.GetReceivedOn() == nil {
		field = "information_request.reception"
	}
	governed := governing(on, "31", "20")
	broken := law.Under(governed)
	broken.If(on.After(in.today), ReceivedInFuture, field, "date", on.String(), "today", in.today.String())
	broken.Under(law.Citation{Act: law.R2007}).If(governed.IsZero(), ReceivedBeforeRegulation, field, "date", on.String())
	broken.Under(law.Citation{}).If(!in.exists, OrganizationNotOnDate, field,
		"organization", "organizations/"+in.organization, "date", on.String())
	return broken.Err()
}

// conclude ends a request with an outcome.
//
// R2019 art. 36, R2007 art. 21: a request is answered once, with one of the outcomes that the version in force on the
// day of receipt knows, not before it was received, and on a day that has come.
func conclude(r *requestv1.InformationRequest, outcome string, on, today workday.Date) error {
	received := civil(r.GetReceivedOn())
	broken := law.Under(governing(received, "36", "21"))
	if r.GetState() == requestv1.RequestState_REQUEST_STATE_CONCLUDED {
		return alreadyConcluded(r)
	}
	broken.If(on.After(today), AnsweredInFuture, "answered_on", "date", on.String(), "today", today.String())
	broken.If(on.Before(received), AnsweredBeforeReceived, "answered_on", "date", on.String(), "received_on", received.String())
	_, unknown := ground.Get(outcome, received)
	if err := law.Join(broken.Err(), unknown); err != nil {
		return err
	}
	r.State, r.Outcome, r.AnsweredOn = requestv1.RequestState_REQUEST_STATE_CONCLUDED, outcome, toProto(on)
	return nil
}

// alreadyConcluded tells how a request has ended.
func alreadyConcluded(r *requestv1.InformationRequest) error {
	received := civil(r.GetReceivedOn())
	was, _ := ground.Get(r.GetOutcome(), received) // it was accepted then
	broken := law.Under(governing(received, "36", "21"))
	broken.If(true, AlreadyConcluded, "", "answered_on", civil(r.GetAnsweredOn()).String(), "outcome", r.GetOutcome(),
		"outcome_zh", was.Label.Zh, "outcome_en", was.Label.En)
	return broken.Err()
}

// governing is the place in the version of the Regulation that governs a request received on a day; nothing before
// the first.
func governing(received workday.Date, in2019, in2007 string) law.Citation {
	versions := []law.Citation{{Act: law.R2019, Article: in2019}, {Act: law.R2007, Article: in2007}}
	i := slices.IndexFunc(versions, func(c law.Citation) bool { return c.Act.InForce().Covers(received.String()) })
	if i < 0 {
		return law.Citation{}
	}
	return versions[i]
}
