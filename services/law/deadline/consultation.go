package deadline

import "gongkai/services/law/workday"

// stop is a time of asking someone, which is not counted.
type stop struct {
	asked    EventKind
	party    string
	since    workday.Date // the letter was sent
	received workday.Date // it was received; no date if that is not known
	until    workday.Date // the opinion came, or its limit passed; no date while nobody knows
	answered bool
	void     bool // it stops nothing
}

// covers tells whether a day is left out for it.
//
// R2019 art. 33(3), R2007 art. 24(3): the time needed for asking is not counted. Our reading ([ReadStopDays]): the days
// after the letter was sent, to the day on which the opinion came or its limit passed. What is asked on the last day of
// the period is asked within it: an answer is in time up to the end of that time.
func (s *stop) covers(d workday.Date) bool {
	return !s.void && d.After(s.since) && (s.until.IsZero() || !d.After(s.until))
}

// answer is the event that ends it.
func (s *stop) answer() EventKind {
	switch s.asked {
	case ThirdPartyAsked:
		return ThirdPartyAnswered
	case CoProducerAsked:
		return CoProducerAnswered
	}
	return OtherOrganAnswered
}

// askedBy is the event that begins what another event of a consultation belongs to.
func askedBy(k EventKind) EventKind {
	switch k {
	case ThirdPartyReceived, ThirdPartyAnswered:
		return ThirdPartyAsked
	case CoProducerReceived, CoProducerAnswered:
		return CoProducerAsked
	}
	return OtherOrganAsked
}

// Consultation tells whether an event belongs to asking someone for an opinion.
func (k EventKind) Consultation() bool {
	switch k {
	case ThirdPartyAsked, ThirdPartyReceived, ThirdPartyAnswered, CoProducerAsked, CoProducerReceived, CoProducerAnswered, OtherOrganAsked, OtherOrganAnswered:
		return true
	}
	return false
}

// asked takes a letter that asks for an opinion: a third party (R2019 art. 32, R2007 art. 23), an organ that made the
// information too (R2019 art. 34) or another organ (R2019 art. 33(3)). R2007 stops for third parties only.
func (c *clock) asked(e *Event, h *happening) error {
	if s := c.open(e.Kind, e.Party); s != nil {
		c.mark(h, AskedAgain, NoEffect, c.citation(e.Kind), "date", h.on.String())
		return nil
	}
	s := stop{asked: e.Kind, party: e.Party, since: h.on}
	if s.void = c.moot(e, h); !s.void && !c.due.IsZero() && h.on.After(c.due) {
		s.void = true
		c.markStep(e, h, AfterDue, "due", c.due.String())
	}
	c.stops = append(c.stops, s)
	if !s.void {
		c.due = workday.Date{}
		c.read(ReadStopDays)
		c.happen(h.on, e.Kind)
	}
	return nil
}

// open is the unanswered letter to a party; nil if there is none.
func (c *clock) open(asked EventKind, party string) *stop {
	for i := range c.stops {
		if s := &c.stops[i]; s.asked == asked && s.party == party && !s.answered {
			return s
		}
	}
	return nil
}

// letterReceived takes the day on which a letter was received: the opinion's 15 working days run from it (R2019 arts.
// 32, 34). R2007 has no such limit.
func (c *clock) letterReceived(e *Event, h *happening) error {
	asked := askedBy(e.Kind)
	s := c.open(asked, e.Party)
	if s == nil || !s.received.IsZero() {
		return c.without(e, h, asked)
	}
	s.received = h.on
	within := c.v.thirdPartyWithin
	if asked == CoProducerAsked {
		within = c.v.coProducerWithin
	}
	if s.void {
		return nil
	}
	c.happen(h.on, e.Kind)
	if within == 0 {
		return nil
	}
	limit, err := c.nth(h.on, within)
	s.until = limit
	return err
}

// opinion takes an opinion. After its limit it changes nothing: the stop ended with the limit, silence was the answer
// (R2019 art. 32: the organ decides; art. 34: consent).
func (c *clock) opinion(e *Event, h *happening) error {
	asked := askedBy(e.Kind)
	s := c.open(asked, e.Party)
	if s == nil {
		return c.without(e, h, asked)
	}
	s.answered = true
	switch {
	case s.void:
	case !s.until.IsZero() && h.on.After(s.until):
		c.mark(h, OpinionLate, NoEffect, c.citation(e.Kind), "date", h.on.String(), "limit", s.until.String())
	default:
		s.until = h.on
		c.happen(h.on, e.Kind)
		if c.total == c.of() { // no day is left for it
			on, _, err := c.days.NextWorkingDay(h.on)
			s.until = on
			return err
		}
	}
	return nil
}

// settle ends a period of which no day was left when others were asked: with the last day of the time for asking.
func (c *clock) settle() {
	if !c.due.IsZero() || c.total < c.of() || c.waiting() {
		return
	}
	for i := range c.stops {
		if c.stops[i].covers(c.last.AddDays(1)) {
			return
		}
	}
	c.due = c.last
}

// stopUnknown tells whether a stop has no end that anybody knows, and marks the letters of which the receipt is
// missing where a limit would run from it.
func (c *clock) stopUnknown() bool {
	unknown := false
	for i := range c.stops {
		s := &c.stops[i]
		if s.void || !s.until.IsZero() || c.closed {
			continue
		}
		unknown = true
		limited := s.asked == ThirdPartyAsked && c.v.thirdPartyWithin > 0 || s.asked == CoProducerAsked
		if s.received.IsZero() && limited {
			c.t.Marks = append(c.t.Marks, Mark{
				Reason: ReceiptOfLetterUnknown, Effect: Unfinished, Event: -1, On: s.since, Citation: c.citation(s.asked),
				Values: map[string]string{"date": s.since.String()},
			})
		}
	}
	return unknown
}

// assumed tells whether a due date rests on the silence of someone who may still answer.
func (c *clock) assumed() bool {
	for i := range c.stops {
		if s := &c.stops[i]; !s.void && !s.answered && s.until.After(c.asOf()) {
			return true
		}
	}
	return false
}

// parties are who is asked on a day.
func (c *clock) parties(on workday.Date) []string {
	var names []string
	for i := range c.stops {
		if s := &c.stops[i]; s.covers(on) && s.party != "" {
			names = append(names, s.party)
		}
	}
	return names
}
