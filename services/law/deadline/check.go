package deadline

import (
	"strconv"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// check tells what is wrong with a case in itself, all of it at once: dates that the calendar does not have, unknown
// kinds, what happened before receipt or after the day asked about. It fills in the dates of answers.
func (c *clock) check() error {
	on, today := c.t.ReceivedOn, c.in.AsOf
	if len(c.in.Events) > MaxEvents || !today.IsZero() && (!today.Valid() || on.After(today)) {
		broken := law.Under(law.Citation{})
		broken.If(!today.IsZero() && !today.Valid(), DateInvalid, "as_of", "date", today.String())
		broken.If(!today.IsZero() && on.After(today), ReceivedInFuture, "received_on", "date", on.String(), "today", today.String())
		broken.If(len(c.in.Events) > MaxEvents, TooManyEvents, "events", "count", strconv.Itoa(len(c.in.Events)), "limit", strconv.Itoa(MaxEvents))
		return broken.Err()
	}
	var errs []error
	for i := range c.in.Events {
		e := &c.in.Events[i]
		if c.happened[i].on = e.On; e.Kind == Answered && e.Delivery != (Delivery{}) {
			d, err := serve(e.Delivery, e.On, "")
			if err != nil {
				_, err = serve(e.Delivery, e.On, field(&c.happened[i])+".delivery")
				errs = append(errs, err)
				continue
			}
			if c.happened[i].on = d.AnsweredOn; d.AnsweredOn.IsZero() { // by courier, and not signed for
				c.happened[i].on = e.Delivery.SentOn
			}
		}
		if !c.sound(e, c.happened[i].on) {
			errs = append(errs, c.checkEvent(i, e))
		}
	}
	return law.Join(errs...)
}

// sound tells whether nothing is wrong with an event in itself; [clock.checkEvent] says what is.
func (c *clock) sound(e *Event, on workday.Date) bool {
	today := c.in.AsOf
	if e.Kind.place() < 0 || !on.Valid() || on.Before(c.t.ReceivedOn) || !today.IsZero() && on.After(today) ||
		!e.Until.IsZero() && (!e.Until.Valid() || !e.Until.After(on)) {
		return false
	}
	switch e.Kind {
	case Extended:
		return e.Days >= 1
	case Delayed:
		return !e.Until.IsZero()
	case NewAnswerOrdered:
		return e.Days >= 0 && e.Days <= longestTerm && (e.Unit == "" || e.Unit == InWorkingDays || e.Unit == InCalendarDays)
	}
	return true
}

func (c *clock) checkEvent(i int, e *Event) error {
	field := "events[" + strconv.Itoa(i) + "]"
	broken := law.Under(c.citation(e.Kind))
	broken.If(e.Kind.place() < 0, EventUnknown, field+".kind", "value", string(e.Kind))
	if err := broken.Err(); err != nil {
		return err
	}
	d, today := c.happened[i].on, c.in.AsOf
	label := e.Kind.Label()
	said := func(more ...string) []string {
		return append([]string{"event", string(e.Kind), "event_zh", label.Zh, "event_en", label.En, "date", d.String()}, more...)
	}
	broken.If(!d.Valid(), DateInvalid, field+".on", "date", d.String())
	if err := broken.Err(); err != nil {
		return err
	}
	broken.If(d.Before(c.t.ReceivedOn), EventBeforeReceipt, field+".on", said("received_on", c.t.ReceivedOn.String())...)
	broken.If(!today.IsZero() && d.After(today), EventInFuture, field+".on", said("today", today.String())...)
	broken.If(!e.Until.IsZero() && !e.Until.Valid(), DateInvalid, field+".until", "date", e.Until.String())
	broken.If(e.Until.Valid() && !e.Until.After(d), LimitNotAfterEvent, field+".until", "date", d.String(), "until", e.Until.String())
	broken.If(e.Kind == Extended && e.Days < 1, EventDaysInvalid, field+".days", said("days", strconv.Itoa(e.Days), "limit", strconv.Itoa(int(c.v.extension)))...)
	broken.If(e.Kind == Delayed && e.Until.IsZero(), LimitNotAfterEvent, field+".until", "date", d.String(), "until", "")
	if e.Kind == NewAnswerOrdered {
		broken.If(e.Days < 0 || e.Days > longestTerm, EventDaysInvalid, field+".days", said("days", strconv.Itoa(e.Days), "limit", strconv.Itoa(longestTerm))...)
		broken.If(e.Unit != "" && e.Unit != InWorkingDays && e.Unit != InCalendarDays, UnitUnknown, field+".unit", "value", string(e.Unit))
	}
	return broken.Err()
}

// longestTerm bounds the days of a term that a decision or judgment sets.
const longestTerm = 366

// citation is where the governing version has a step; zero where it does not know it.
func (c *clock) citation(k EventKind) law.Citation {
	switch k {
	case CorrectionAsked, Corrected, CorrectionAbandoned:
		return c.v.correctionAt
	case ThirdPartyAsked, ThirdPartyReceived, ThirdPartyAnswered:
		return c.v.thirdPartyAt
	case CoProducerAsked, CoProducerReceived, CoProducerAnswered:
		return c.v.coProducerAt
	case OtherOrganAsked, OtherOrganAnswered:
		return c.v.otherOrganAt
	case Delayed:
		return c.v.delayAt
	case FeeNoticeSent, FeeNoticeReceived, FeePaid, PaymentAbandoned:
		return c.fees
	}
	return c.v.replyAt
}

// latestOf is the later of two dates.
func latestOf(d, e workday.Date) workday.Date {
	if d.Before(e) {
		return e
	}
	return d
}

// field is the path of an event in the case.
func field(h *happening) string { return "events[" + strconv.Itoa(h.index) + "]" }
