package request

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// maxSteps is how many steps a request may have, those between offices included.
const maxSteps = 200

// Reasons for which a step is refused, beside those of package deadline, with the values that their texts name.
const (
	NotOpen      law.Reason = "REQUEST_NOT_OPEN"      // state_zh, state_en
	NotConcluded law.Reason = "REQUEST_NOT_CONCLUDED" //
	StepsTooMany law.Reason = "STEPS_TOO_MANY"        // limit
	StepUnfit    law.Reason = "STEP_UNFIT_FOR_KIND"   // event, event_zh, event_en
	StepInFuture law.Reason = "STEP_DATE_IN_FUTURE"   // date, today
	StepTooEarly law.Reason = "STEP_BEFORE_RECEIPT"   // date, received_on
	NotHandedOn  law.Reason = "REQUEST_NOT_HANDED_ON" //
	NotOverdue   law.Reason = "NOTHING_TO_ABANDON"    //
	PartyUnknown law.Reason = "PARTY_UNKNOWN"         // party
	NoDateGiven  law.Reason = "OPINION_WITHOUT_DATE"  //
)

// verb is the call of a method that takes a step.
type verb interface {
	server.Mutation
	GetName() string
	GetEtag() string
}

// call is a step that is being taken, within a transaction.
type call struct {
	*record
	tx    kv.Tx
	at    server.Stamp
	today workday.Date
	on    workday.Date // the day given, or today
	field string       // in which it was given
}

// take runs one method that takes a step: it loads the request, applies the step, and saves what became of it.
func (s *Server) take(ctx context.Context, in verb, kind, field string, given *date.Date, apply func(*call) error) (*requestv1.InformationRequest, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := s.stamp(ctx)
	c := call{at: at, today: workday.On(at.At), on: civil(given), field: field}
	if c.on.IsZero() {
		c.on = c.today
	}
	e := newEvent(kind, c.on, at)
	return server.Write(ctx, s.db, at, in, s.reload, func(tx kv.Tx) (*requestv1.InformationRequest, error) {
		r, err := load(tx, n)
		if err != nil {
			return nil, err
		}
		q := r.request()
		if err := server.MatchEtag(q, q.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		c := c
		c.record, c.tx = r, tx
		if err := apply(&c); err != nil {
			return nil, err
		}
		q.UpdateTime = timestamppb.New(at.At)
		return s.saved(tx, r, e)
	})
}

// checkOpen is what holds for a step on the way to an answer: the request is open.
func checkOpen(q *requestv1.InformationRequest) error {
	if q.GetState() == requestv1.RequestState_REQUEST_STATE_CONCLUDED {
		return alreadyConcluded(q)
	}
	broken := law.Under(law.Citation{})
	label := stateLabel(q.GetState())
	broken.If(q.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN, NotOpen, "", "state_zh", label.Zh, "state_en", label.En)
	broken.If(len(q.GetSteps()) >= maxSteps, StepsTooMany, "", "limit", strconv.Itoa(maxSteps))
	return broken.Err()
}

// stateLabel is what a state is called.
func stateLabel(s requestv1.RequestState) law.Label {
	switch s {
	case requestv1.RequestState_REQUEST_STATE_CONCLUDED:
		return law.Label{Zh: "已办结", En: "concluded"}
	case requestv1.RequestState_REQUEST_STATE_LINKED:
		return law.Label{Zh: "已并案办理", En: "handled with another request"}
	case requestv1.RequestState_REQUEST_STATE_UNCONFIRMED:
		return law.Label{Zh: "待与申请人确认", En: "not confirmed with its applicant yet"}
	case requestv1.RequestState_REQUEST_STATE_SPLIT:
		return law.Label{Zh: "已拆分", En: "split into items"}
	}
	return law.Label{Zh: "办理中", En: "open"}
}

// add appends a step, and refuses one that the law does not know, or that moves nothing since it was taken too late or
// twice. What happened all the same, as a letter to a third party after the due date, is let in; the timeline tells.
func (s *Server) add(c *call, step *requestv1.Step, note string) (deadline.Timeline, error) {
	q := c.request()
	step.HappenedOn, step.RecordTime, step.Account = toProto(c.on), timestamppb.New(c.at.At), c.at.Actor
	if q.GetKind() == requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION {
		return deadline.Timeline{}, c.addUncounted(step)
	}
	q.Steps = append(q.Steps, step)
	in, places := caseOf(q, c.today)
	t, err := deadline.Of(in, s.days)
	if err != nil {
		return t, c.refield(err)
	}
	var refused law.Breach
	for _, m := range t.Marks {
		if m.Event >= 0 && places[m.Event] == len(q.GetSteps())-1 && inVain(m) {
			refused.Violations = append(refused.Violations, law.Violation{Reason: m.Reason, Field: c.field, Citation: m.Citation, Values: m.Values})
		}
	}
	if len(refused.Violations) > 0 {
		return t, &refused
	}
	return t, s.note(c, len(q.GetSteps())-1, note)
}

// addUncounted appends a step of a request to correct a record, which has no period (R2019 art. 41).
func (c *call) addUncounted(step *requestv1.Step) error {
	q := c.request()
	kind := eventKind(step.GetKind())
	broken := law.Under(governing(civil(q.GetReceivedOn()), "41", "25"))
	counted := kind != deadline.Answered && kind != deadline.Withdrawn && kind != ""
	label := kind.Label()
	broken.If(counted, StepUnfit, "", "event", string(kind), "event_zh", label.Zh, "event_en", label.En)
	if err := law.Join(broken.Err(), c.checkDay()); err != nil {
		return err
	}
	q.Steps = append(q.Steps, step)
	return nil
}

// checkDay is what holds for the day of every step.
func (c *call) checkDay() error {
	received := civil(c.request().GetReceivedOn())
	broken := law.Under(law.Citation{})
	broken.If(c.on.After(c.today), StepInFuture, c.field, "date", c.on.String(), "today", c.today.String())
	broken.If(c.on.Before(received), StepTooEarly, c.field, "date", c.on.String(), "received_on", received.String())
	return broken.Err()
}

// inVain tells whether a step that is marked so is refused: it would move nothing, and is a mistake of whoever takes it.
func inVain(m deadline.Mark) bool {
	switch m.Reason {
	case deadline.NoLawfulService:
		return m.Effect == deadline.NoEffect // by a private courier, and not signed for: there is no answer
	case deadline.ExtensionAgain, deadline.ExtensionLate, deadline.ExtensionNotAgreed, deadline.ExtensionTooLong, deadline.CorrectionNoticeAgain,
		deadline.FeeNoticeAgain, deadline.AskedAgain, deadline.DelayNotLater, deadline.NotInVersion, deadline.AbandonedTooEarly, deadline.TermFixed:
		return true
	}
	return false
}

// violations are those of the breach that err is or wraps, to be changed; none if there is none.
func violations(err error) []law.Violation {
	var breach *law.Breach
	if !errors.As(err, &breach) {
		return nil
	}
	return slices.Clone(breach.Violations)
}

// refield names the fields of the call in a breach that package deadline tells of the last event.
func (c *call) refield(err error) error {
	told := law.Breach{Violations: violations(err)}
	if told.Violations == nil {
		return err
	}
	for i, v := range told.Violations {
		switch {
		case strings.HasSuffix(v.Field, ".on"), v.Field == "receipt.confirmed_on":
			told.Violations[i].Field = c.field
		case strings.HasSuffix(v.Field, ".days"), strings.HasSuffix(v.Field, ".until"):
			_, told.Violations[i].Field, _ = strings.Cut(v.Field, ".")
		case strings.Contains(v.Field, ".delivery"):
			_, told.Violations[i].Field, _ = strings.Cut(v.Field, ".")
		default:
			told.Violations[i].Field = ""
		}
	}
	return &told
}

// note seals the text of a step, if it has one.
func (s *Server) note(c *call, place int, text string) error {
	if text == "" {
		return nil
	}
	return s.sealText(c, noteField(place), text)
}

func noteField(place int) string { return fmt.Sprintf("steps.%d.note", place) }

// notePlace is the inverse of [noteField].
func notePlace(field string) (place int, ok bool) {
	rest, isStep := strings.CutPrefix(field, "steps.")
	number, isNote := strings.CutSuffix(rest, ".note")
	if !isStep || !isNote {
		return 0, false
	}
	place, err := strconv.Atoi(number)
	return place, err == nil && place >= 0
}

// eventKind is what package deadline calls a step; empty if it moves no date.
func eventKind(k requestv1.StepKind) deadline.EventKind {
	kind := deadline.EventKind(value(k.String(), "STEP_KIND_"))
	switch kind {
	case "signed_for", "handed_on", "sent_back", "urged", "redated", "confirmed", "cost_fee":
		return ""
	}
	return kind
}

// caseOf is a request as package deadline sees it; places are those of its events among the steps. A request of the
// first release has an answer, but no step.
func caseOf(q *requestv1.InformationRequest, asOf workday.Date) (in deadline.Case, places []int) {
	in = deadline.Case{ReceivedOn: civil(q.GetReceivedOn()), AsOf: asOf}
	if r := q.GetReception(); r != nil {
		in.Receipt = receptionOf(r)
	}
	for i, step := range q.GetSteps() {
		if kind := eventKind(step.GetKind()); kind != "" {
			in.Events, places = append(in.Events, eventOf(kind, step)), append(places, i)
		}
	}
	if len(in.Events) == 0 && q.GetAnsweredOn() != nil {
		in.Events, places = []deadline.Event{{Kind: deadline.Answered, On: civil(q.GetAnsweredOn())}}, []int{-1}
	}
	return in, places
}

func eventOf(kind deadline.EventKind, step *requestv1.Step) deadline.Event {
	e := deadline.Event{
		Kind: kind, On: civil(step.GetHappenedOn()), Until: civil(step.GetUntil()), Days: int(step.GetDays()), Delivery: deliveryOf(step.GetDelivery()),
		GoodReason: step.GetFlag() && kind == deadline.Corrected, ByCourt: step.GetFlag() && kind == deadline.NewAnswerOrdered,
		Procedural: step.GetProcedural(), Outcome: step.GetOutcome(), Article: strings.Join(slices.Concat(step.GetGrounds(), step.GetWithheld()), " "),
	}
	if step.GetParty() > 0 {
		e.Party = strconv.Itoa(int(step.GetParty()))
	}
	if kind == deadline.Extended {
		e.AgreedBy = step.GetAccount()
	}
	if step.GetUnit() != requestv1.TermUnit_TERM_UNIT_UNSPECIFIED {
		e.Unit = deadline.Unit(value(step.GetUnit().String(), "TERM_UNIT_"))
	}
	return e
}

func deliveryOf(d *requestv1.Delivery) deadline.Delivery {
	if d == nil {
		return deadline.Delivery{}
	}
	return deadline.Delivery{
		Channel: deadline.DeliveryChannel(value(d.GetChannel().String(), "DELIVERY_CHANNEL_")), SentOn: civil(d.GetSentOn()), SignedOn: civil(d.GetSignedOn()),
	}
}
