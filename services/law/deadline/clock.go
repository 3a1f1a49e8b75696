package deadline

import (
	"cmp"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// clock counts the time of a case. Events are taken in the order of their days; each moves what holds from the day
// after it on. Between two events advance lays the days into segments.
type clock struct {
	in       Case
	days     workday.Calendar
	v        version
	fees     law.Citation // where a fee moves the dates; zero where none does
	t        Timeline
	happened []happening
	readings readings

	// The period that runs: how many working days have counted, and how many there are.
	total, base, extension workday.WorkingDays
	extended               bool         // an extension was told
	fixed                  bool         // the term was set by a decision or judgment
	termAt                 law.Citation // where a new answer is ordered
	start                  workday.Date // the day on which the handling began: receipt, or the order of a new answer
	due                    workday.Date // the day on which the period ran out; no date while it has not
	delayed                workday.Date // a later date that was told, by delayedBy
	delayedBy              happening

	said, quashed said         // the last answer, and the one that an order quashed for what it says
	quashedAt     law.Citation // where it is forbidden to say the same again

	correction, payment wait
	corrections         int     // notices that had effect
	restarted           Reading // by which the period that runs started anew
	feeNotices          int
	stops               []stop

	closed   bool
	closedOn workday.Date
	state    State

	last     workday.Date // the last day that lies in a segment
	cause    EventKind    // what happened on the day causeOn
	causeOn  workday.Date
	split    bool   // the next day begins a segment
	asking   uint32 // who is asked on the last day
	gaps     []Gap  // the days left out of all segments
	worked   []Gap
	gapFrom  int // where the last segment's begin
	workFrom int
}

// said is what an answer of a day says.
type said struct {
	on               workday.Date
	outcome, article string
}

// happening is an event on its day.
type happening struct {
	on    workday.Date
	index int // in Case.Events
}

// wait is a time in which the applicant has to do something.
type wait struct {
	open  bool
	void  int          // notices without effect, whose answer has none either
	since workday.Date // the notice
	until workday.Date // the last day; no date if none is known
	late  bool         // what came, came too late
}

// Of counts the time of a case: the governing version, the due date, the segments that lead to it, and what was not
// as the law has it.
//
// What cannot have happened is an error, a [*law.Breach] that names every fault: unknown words, dates that no calendar
// has, what happened before receipt or after AsOf, what lacks the step before it. What happened, but not as the law has
// it, is a [Mark], and counts as far as the law lets it.
func Of(in Case, days workday.Calendar) (Timeline, error) {
	c := clock{in: in, days: days, t: Timeline{State: Running}}
	if err := c.receive(); err != nil {
		return Timeline{}, err
	}
	if n := len(in.Events); n > 0 && n <= MaxEvents {
		c.happened = make([]happening, n)
		for i := range c.happened {
			c.happened[i].index = i
		}
	}
	if err := c.check(); err != nil {
		return Timeline{}, err
	}
	slices.SortFunc(c.happened, c.order)
	c.t.Segments = make([]Segment, 0, 2+len(in.Events))
	c.gaps = make([]Gap, 0, 12)
	for i := range c.happened {
		h := &c.happened[i]
		if err := c.advance(h.on); err != nil {
			return Timeline{}, err
		}
		if err := c.take(&in.Events[h.index], h); err != nil {
			return Timeline{}, err
		}
	}
	if err := c.finish(); err != nil {
		return Timeline{}, err
	}
	return c.t, nil
}

// order is by day, those of one day by kind, then by all else that tells two events apart.
func (c *clock) order(a, b happening) int {
	if n := a.on.Compare(b.on); n != 0 {
		return n
	}
	x, y := &c.in.Events[a.index], &c.in.Events[b.index]
	return cmp.Or(cmp.Compare(x.Kind.place(), y.Kind.place()), cmp.Compare(x.Party, y.Party), x.Until.Compare(y.Until),
		cmp.Compare(x.Days, y.Days), cmp.Compare(x.AgreedBy, y.AgreedBy), cmp.Compare(x.Unit, y.Unit),
		x.Delivery.SignedOn.Compare(y.Delivery.SignedOn), cmp.Compare(a.index, b.index))
}

// receive finds the day of receipt and the version that governs.
func (c *clock) receive() error {
	c.t.ReceivedOn = c.in.ReceivedOn
	c.t.Reception = Reception{On: c.in.ReceivedOn}
	if c.in.Receipt != (Receipt{}) {
		r, err := Receive(c.in.Receipt)
		if err != nil {
			return err
		}
		broken := law.Under(r.Citation)
		broken.If(!c.in.ReceivedOn.IsZero() && c.in.ReceivedOn != r.On, ReceiptDatesDiffer, "received_on", "date", c.in.ReceivedOn.String(), "received_on", r.On.String())
		if err := broken.Err(); err != nil {
			return err
		}
		c.t.ReceivedOn, c.t.Reception = r.On, r
		c.read(r.Reading)
		c.confirmedLate(r)
	}
	on := c.t.ReceivedOn
	var known bool
	if c.v, known = governing(on); !known || !on.Valid() {
		broken := law.Under(law.Citation{Act: law.R2007})
		broken.If(!on.Valid(), DateInvalid, "received_on", "date", on.String())
		broken.If(on.Valid(), ReceivedBeforeRegulation, "received_on", "date", on.String())
		return broken.Err()
	}
	if _, err := c.days.Is(on); err != nil {
		return err
	}
	c.t.Version, c.fees = c.v.act, feesAt(on)
	c.base, c.last, c.start = c.v.reply, on, on
	return nil
}

// confirmedLate marks ordinary post that was not confirmed with the applicant on the day it came (R2019 art. 31 item 2).
func (c *clock) confirmedLate(r Reception) {
	in := c.in.Receipt
	if in.Channel == OrdinaryPost && r.On == in.ConfirmedOn && !in.ArrivedOn.IsZero() && in.ArrivedOn.Before(in.ConfirmedOn) && r.Reading == "" {
		c.t.Marks = append(c.t.Marks, Mark{
			Reason: NotConfirmedThatDay, Effect: Stands, Event: -1, On: r.On, Citation: r.Citation,
			Values: map[string]string{"date": r.On.String(), "arrived_on": in.ArrivedOn.String()},
		})
	}
}

// take takes one event, on whose day the clock stands.
func (c *clock) take(e *Event, h *happening) error {
	if c.closed && e.Kind != NewAnswerOrdered {
		return c.afterClose(e, h)
	}
	switch e.Kind {
	case CorrectionAsked:
		return c.correctionAsked(e, h)
	case Corrected:
		return c.corrected(e, h)
	case ThirdPartyAsked, CoProducerAsked, OtherOrganAsked:
		return c.asked(e, h)
	case ThirdPartyReceived, CoProducerReceived:
		return c.letterReceived(e, h)
	case ThirdPartyAnswered, CoProducerAnswered, OtherOrganAnswered:
		return c.opinion(e, h)
	case Extended:
		return c.extend(e, h)
	case Delayed:
		return c.delay(e, h)
	case FeeNoticeSent:
		return c.feeNotice(e, h)
	case FeeNoticeReceived:
		return c.feeNoticeReceived(e, h)
	case FeePaid:
		return c.paid(e, h)
	case Answered:
		return c.answered(e, h)
	case CorrectionAbandoned:
		return c.abandoned(&c.correction, CorrectionAsked, e, h)
	case PaymentAbandoned:
		return c.abandoned(&c.payment, FeeNoticeSent, e, h)
	case Withdrawn:
		c.close(h.on, IsWithdrawn, e.Kind)
	case ConcludedUnprocessed:
		c.close(h.on, IsConcluded, e.Kind)
	case NewAnswerOrdered:
		return c.ordered(e, h)
	}
	return nil
}

// afterClose takes what comes when the case is closed: an opinion or a receipt that was under way moves nothing; all
// else cannot be.
func (c *clock) afterClose(e *Event, h *happening) error {
	switch e.Kind {
	case ThirdPartyReceived, ThirdPartyAnswered, CoProducerReceived, CoProducerAnswered, OtherOrganAnswered, FeeNoticeReceived:
		return nil
	}
	return c.refuse(e, h, EventAfterClose, "closed_on", c.closedOn.String())
}

// refuse is the error of an event that cannot be.
func (c *clock) refuse(e *Event, h *happening, r law.Reason, more ...string) error {
	l := e.Kind.Label()
	broken := law.Under(c.citation(e.Kind))
	broken.If(true, r, field(h)+".on", append([]string{"event", string(e.Kind), "event_zh", l.Zh, "event_en", l.En, "date", h.on.String()}, more...)...)
	return broken.Err()
}

// without is the error of an event that lacks the one before it.
func (c *clock) without(e *Event, h *happening, first EventKind) error {
	l := first.Label()
	return c.refuse(e, h, EventWithoutFirst, "first", string(first), "first_zh", l.Zh, "first_en", l.En)
}

// close ends the case, and all that others were asked.
func (c *clock) close(on workday.Date, s State, k EventKind) {
	c.closed, c.closedOn, c.state = true, on, s
	c.happen(on, k)
	for i := range c.stops {
		if s := &c.stops[i]; s.until.IsZero() || s.until.After(on) {
			s.until = on
		}
	}
	waiting := c.waiting()
	c.correction, c.payment = wait{}, wait{}
	if waiting || !c.due.IsZero() {
		return
	}
	// Nothing stops the period any more. What the calendar does not reach, has no due date.
	if due, err := c.days.After(on, c.of()-c.total); err == nil {
		c.due = due
	}
}

// waiting tells whether the applicant has to do something first.
func (c *clock) waiting() bool { return c.correction.open || c.payment.open }

// of is how many working days the period has.
func (c *clock) of() workday.WorkingDays { return c.base + c.extension }

// effectiveDue is the last day on which an answer is in time; no date while none is fixed.
func (c *clock) effectiveDue() workday.Date {
	if c.due.IsZero() {
		return c.due
	}
	return latestOf(c.due, c.delayed)
}

// ranOut tells whether the period was over before a day.
func (c *clock) ranOut(on workday.Date) bool {
	due := c.effectiveDue()
	return !due.IsZero() && on.After(due)
}

// read notes a reading by which it counts.
func (c *clock) read(r Reading) { c.readings.add(r) }

// mark notes what is not as the law has it.
func (c *clock) mark(h *happening, r law.Reason, e Effect, at law.Citation, kv ...string) {
	values := make(map[string]string, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		values[kv[i]] = kv[i+1]
	}
	c.t.Marks = append(c.t.Marks, Mark{Reason: r, Effect: e, Event: h.index, On: h.on, Citation: at, Values: values})
}

// markStep notes it of an event whose name the text says.
func (c *clock) markStep(e *Event, h *happening, r law.Reason, more ...string) {
	l := e.Kind.Label()
	c.mark(h, r, NoEffect, c.citation(e.Kind), append([]string{"event", string(e.Kind), "event_zh", l.Zh, "event_en", l.En, "date", h.on.String()}, more...)...)
}

// happen notes what happened on the day on which the clock stands, for the segments that end and begin there.
func (c *clock) happen(on workday.Date, k EventKind) { c.causeOn, c.cause = on, k }
