package deadline

// feeNotice takes a fee notice (收费通知). Measures on Information Processing Fees, for requests received since
// 2021-01-01: sent within the reply period; the due date falls away until the applicant has paid. One a request.
func (c *clock) feeNotice(e *Event, h *happening) error {
	switch {
	case c.moot(e, h):
		c.payment.void++
	case c.feeNotices > 0:
		c.mark(h, FeeNoticeAgain, NoEffect, c.fees, "date", h.on.String())
		c.payment.void++
	default:
		c.feeNotices++
		c.await(&c.payment, e, h)
	}
	return nil
}

// feeNoticeReceived takes the day on which the applicant received the notice, day 0 of 20 working days to pay.
func (c *clock) feeNoticeReceived(e *Event, h *happening) error {
	switch w := &c.payment; {
	case w.open && w.until.IsZero():
		limit, err := c.nth(h.on, paymentWithin)
		w.until = limit
		return err
	case w.open || w.void == 0:
		return c.without(e, h, FeeNoticeSent)
	}
	return nil
}

// paid takes the payment: the reply period starts anew on the day after. Paid after the limit, the request is taken as
// abandoned, and nothing moves.
func (c *clock) paid(e *Event, h *happening) error {
	switch w := &c.payment; {
	case !w.open && w.void > 0:
		w.void--
		return nil
	case !w.open:
		return c.without(e, h, FeeNoticeSent)
	case !w.until.IsZero() && h.on.After(w.until):
		c.mark(h, PaidLate, NoEffect, c.fees, "date", h.on.String(), "limit", w.until.String())
		w.late = true
		return nil
	}
	c.restart(&c.payment, e, h)
	return nil
}
