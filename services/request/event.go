package request

import (
	"strings"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Kinds of entries.
const (
	received  = "request.received"
	concluded = "request.concluded"

	personalRead   = "request.personal_data_read"
	personalErased = "request.personal_data_erased"
)

// event is what a change adds to the log. It is drawn before the transaction.
type event struct {
	kind string
	on   workday.Date // when it happened
	at   server.Stamp
	salt eventlog.Salt
	// reason is why it was done, a value of a closed list; empty where none is asked for.
	reason string
}

func newEvent(kind string, on workday.Date, at server.Stamp) event {
	return event{kind: kind, on: on, at: at, salt: eventlog.NewSalt()}
}

// entry is the event's entry, with the facts before and after it. It holds no hash of the record, since that would
// give away personal data to whoever tries texts out.
func (e event) entry(r *record) *logv1.Entry {
	entry := e.plain(r.request().GetName(), r.stored.GetRevision())
	entry.Before, entry.After = r.facts, facts(r.organization, r.stored)
	return entry
}

// plain is the entry of an event that changes no facts.
func (e event) plain(resource string, revision int64) *logv1.Entry {
	return &logv1.Entry{
		Kind:       e.kind,
		Resource:   resource,
		Revision:   revision,
		HappenedOn: toProto(e.on),
		RecordedAt: timestamppb.New(e.at.At),
		Actor:      e.at.Actor,
		Authority:  e.at.Authority,
		Reason:     e.reason,
	}
}

// facts are what a request counts as, flows that a report's stocks follow from: received on the day of its receipt and,
// once it is answered, concluded with its outcome on the day of the answer, both in the column of its applicant's kind.
// A new answer after an appeal is not counted again, nor is what was linked to another request or split into items, nor
// a request to correct a record, nor what waits to be confirmed. Since the second release also the channel, whether it was
// in time, and fees; since the third also the day of the answer, and orders to answer anew.
func facts(organization string, stored *storev1.StoredInformationRequest) []*logv1.Fact {
	q := stored.GetInformationRequest()
	gone := q.GetState() == requestv1.RequestState_REQUEST_STATE_LINKED || q.GetState() == requestv1.RequestState_REQUEST_STATE_SPLIT
	unconfirmed := q.GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED
	if unconfirmed || q.GetKind() == requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION || gone && q.GetCountedOn() == nil {
		return nil // what was answered once, and linked after an appeal, stays counted
	}
	var all []*logv1.Fact
	add := func(on *date.Date, measure string, n int64) {
		all = append(all, &logv1.Fact{Organization: "organizations/" + organization, Date: on, Measure: measure, Value: n})
	}
	column := "." + applicant(q.GetApplicantKind())
	add(q.GetReceivedOn(), "requests.received"+column, 1)
	outcome, on := q.GetCountedOutcome(), q.GetCountedOn()
	if on == nil && q.GetState() == requestv1.RequestState_REQUEST_STATE_CONCLUDED { // of the first release
		outcome, on = q.GetOutcome(), q.GetAnsweredOn()
	}
	if on != nil {
		add(on, "requests.concluded."+outcome+column, 1)
	}
	if stored.GetFacts() == 0 {
		return all
	}
	add(q.GetReceivedOn(), "requests.channel."+value(q.GetChannel().String(), "REQUEST_CHANNEL_"), 1)
	if on != nil && stored.GetClosed() != "" {
		add(on, "requests.closed."+stored.GetClosed(), 1)
	}
	for _, step := range q.GetSteps() {
		switch step.GetKind() {
		case requestv1.StepKind_STEP_KIND_FEE_NOTICE_SENT:
			add(step.GetHappenedOn(), "fees.notices", 1)
			add(step.GetHappenedOn(), "fees.billed", step.GetAmountFen())
		case requestv1.StepKind_STEP_KIND_FEE_PAID:
			add(step.GetHappenedOn(), "fees.paid", step.GetAmountFen())
		case requestv1.StepKind_STEP_KIND_COST_FEE:
			if step.GetAmountFen() > 0 {
				add(step.GetHappenedOn(), "fees.charged", step.GetAmountFen())
			}
			if step.GetWaivedFen() > 0 {
				add(step.GetHappenedOn(), "fees.waived", step.GetWaivedFen())
			}
		}
	}
	if stored.GetFacts() == 1 {
		return all
	}
	if on != nil {
		// As sums these tell whether all answers were given on one day: only then the number of answers times the sum of
		// the squares is the square of the sum.
		day := int64(civil(on).YearDay())
		add(on, "requests.answer_days", day)
		add(on, "requests.answer_days_squared", day*day)
	}
	for _, step := range ordersAnew(q) {
		add(step.GetHappenedOn(), "requests.handled_anew", 1)
	}
	return all
}

// ordersAnew are the orders that opened a concluded request again.
func ordersAnew(q *requestv1.InformationRequest) (orders []*requestv1.Step) {
	concluded := false
	for _, step := range q.GetSteps() {
		switch step.GetKind() {
		case requestv1.StepKind_STEP_KIND_ANSWERED, requestv1.StepKind_STEP_KIND_WITHDRAWN,
			requestv1.StepKind_STEP_KIND_CORRECTION_ABANDONED, requestv1.StepKind_STEP_KIND_PAYMENT_ABANDONED:
			concluded = true
		case requestv1.StepKind_STEP_KIND_NEW_ANSWER_ORDERED:
			if concluded {
				orders = append(orders, step)
			}
			concluded = false
		}
	}
	return orders
}

// applicant is the last segment of a measure's name: natural_person, business, research_institute, public_welfare,
// legal_service or other_organization.
func applicant(kind requestv1.ApplicantKind) string {
	return strings.ToLower(strings.TrimPrefix(kind.String(), "APPLICANT_KIND_"))
}

func civil(d *date.Date) workday.Date {
	if d == nil {
		return workday.Date{}
	}
	return workday.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
}

func toProto(d workday.Date) *date.Date {
	if d.IsZero() {
		return nil
	}
	return &date.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
}
