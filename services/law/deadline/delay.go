package deadline

// delay takes a later date for a request that is one of too many, though for a good reason (R2019 art. 35). Our reading
// ([ReadDelayTold]): told no later than the last day of the period. R2007 has no such date.
func (c *clock) delay(e *Event, h *happening) error {
	if c.moot(e, h) {
		return nil
	}
	c.read(ReadDelayTold)
	if e.Until.After(c.delayed) {
		c.delayed, c.delayedBy = e.Until, *h
	}
	c.happen(h.on, e.Kind)
	return nil
}

// delayChecked marks a date that is not later than the period's end.
func (c *clock) delayChecked() {
	if !c.delayed.IsZero() && !c.due.IsZero() && !c.delayed.After(c.due) {
		c.mark(&c.delayedBy, DelayNotLater, NoEffect, c.v.delayAt, "until", c.delayed.String(), "due", c.due.String())
	}
}
