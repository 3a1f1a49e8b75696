package deadline

import (
	"strconv"

	"gongkai/services/law/workday"
)

// extend takes an extension (延期).
//
// R2019 art. 33(2), R2007 art. 24(2): agreed by the head of the disclosure office, the applicant told, up to 20 (15)
// working days. Our readings: told no later than the last day of the period ([ReadExtensionTold]); once, and kept when
// the period starts anew ([ReadExtensionOnce]). An extension that was not agreed, was told late or is a second one
// moves nothing; one that is too long holds for the longest time allowed.
func (c *clock) extend(e *Event, h *happening) error {
	at := c.v.replyAt
	switch {
	case c.fixed:
		c.markStep(e, h, TermFixed)
		c.read(ReadNewTerm)
	case c.extended:
		c.mark(h, ExtensionAgain, NoEffect, at, "date", h.on.String())
		c.read(ReadExtensionOnce)
	case !c.due.IsZero() && h.on.After(c.due):
		c.mark(h, ExtensionLate, NoEffect, at, "date", h.on.String(), "due", c.due.String())
		c.read(ReadExtensionTold)
	case e.AgreedBy == "":
		c.mark(h, ExtensionNotAgreed, NoEffect, at, "date", h.on.String())
	default:
		c.extension = min(workday.WorkingDays(e.Days), c.v.extension)
		if e.Days > int(c.v.extension) {
			c.mark(h, ExtensionTooLong, Shortened, at, "days", strconv.Itoa(e.Days), "limit", strconv.Itoa(int(c.v.extension)))
		}
		c.extended = true
		c.due = workday.Date{}
		c.read(ReadExtensionTold)
		c.happen(h.on, e.Kind)
	}
	return nil
}
