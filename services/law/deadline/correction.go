package deadline

import "gongkai/services/law/workday"

// correctionAsked takes a notice to correct (补正).
//
// R2019 art. 30: one notice, within 7 working days of receipt, naming a reasonable period; the reply period runs from
// the day on which the correction is received. Our reading ([ReadLateCorrection]): a late notice is a breach that is
// recorded, but the period starts anew all the same; a second one, or one after the period ran out, moves nothing.
// R2007 art. 21 item 4: no time for it, no period, and not once only: of several notices the last one's period is told.
func (c *clock) correctionAsked(e *Event, h *happening) error {
	if c.moot(e, h) {
		c.correction.void++
		return nil
	}
	switch once := c.v.correctionWithin > 0; {
	case once && (c.correction.open || c.corrections > 0):
		c.mark(h, CorrectionNoticeAgain, NoEffect, c.v.correctionAt, "date", h.on.String())
		c.correction.void++
		return nil
	case c.correction.open:
		c.correction.until = e.Until
		return nil
	}
	if c.v.correctionWithin > 0 {
		limit, err := c.nth(c.start, c.v.correctionWithin)
		if err != nil {
			return err
		}
		if h.on.After(limit) {
			c.mark(h, CorrectionNoticeLate, Stands, c.v.correctionAt, "date", h.on.String(), "limit", limit.String())
			c.read(ReadLateCorrection)
		}
		if e.Until.IsZero() {
			c.mark(h, CorrectionWithoutLimit, Stands, c.v.correctionAt, "date", h.on.String())
		}
	}
	c.corrections++
	c.await(&c.correction, e, h)
	c.correction.until = e.Until
	return nil
}

// corrected takes the correction. The period starts anew, the day of receiving it is day 0: R2019 art. 30; under R2007
// our reading ([ReadRestart2007]). After the period set, and without a good reason, the request is taken as abandoned
// (R2019 art. 30): the correction moves nothing. R2007 does not have that: a late correction is one all the same.
func (c *clock) corrected(e *Event, h *happening) error {
	switch w := &c.correction; {
	case !w.open && w.void > 0:
		w.void--
		return nil
	case !w.open:
		return c.without(e, h, CorrectionAsked)
	case c.v.correctionWithin > 0 && !w.until.IsZero() && h.on.After(w.until) && !e.GoodReason:
		c.mark(h, CorrectionLate, NoEffect, c.v.correctionAt, "date", h.on.String(), "limit", w.until.String())
		w.late = true
		return nil
	}
	if c.v.correctionWithin == 0 {
		c.restarted = ReadRestart2007
		c.read(ReadRestart2007)
	}
	c.restart(&c.correction, e, h)
	return nil
}

// abandoned closes a case in which the applicant did not correct (R2019 art. 30) or pay (fee measures) in time.
func (c *clock) abandoned(w *wait, first EventKind, e *Event, h *happening) error {
	if !w.open {
		return c.without(e, h, first)
	}
	if !w.until.IsZero() && !h.on.After(w.until) {
		c.mark(h, AbandonedTooEarly, NoEffect, c.citation(e.Kind), "date", h.on.String(), "limit", w.until.String())
		return nil
	}
	c.close(h.on, IsAbandoned, e.Kind)
	return nil
}

// await lets the applicant do something first: no date is due until then.
func (c *clock) await(w *wait, e *Event, h *happening) {
	w.open, w.since, w.until, w.late = true, h.on, workday.Date{}, false
	c.due = workday.Date{}
	c.happen(h.on, e.Kind)
}

// restart ends such a time and lets the reply period start anew on the day after.
func (c *clock) restart(w *wait, e *Event, h *happening) {
	w.open = false
	c.total, c.due, c.split = 0, workday.Date{}, true
	c.happen(h.on, e.Kind)
	if c.extended {
		c.read(ReadExtensionOnce)
	}
}

// moot tells, and marks, that a step moves nothing: the version does not know it, the term was set by a decision or
// judgment, or the period was over.
func (c *clock) moot(e *Event, h *happening) bool {
	switch {
	case c.citation(e.Kind).IsZero():
		c.markStep(e, h, NotInVersion, "received_on", c.t.ReceivedOn.String())
	case c.fixed:
		c.markStep(e, h, TermFixed)
		c.read(ReadNewTerm)
	case c.ranOut(h.on):
		c.markStep(e, h, AfterDue, "due", c.effectiveDue().String())
	default:
		return false
	}
	return true
}

// nth is the n-th working day after a date; whose notices it rests on is noted.
func (c *clock) nth(from workday.Date, n workday.WorkingDays) (workday.Date, error) {
	on, err := c.days.After(from, n)
	if err != nil {
		return workday.Date{}, err
	}
	if err := c.noteOn(from.AddDays(1)); err != nil {
		return workday.Date{}, err
	}
	return on, c.noteOn(on)
}
