package deadline

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// ordered takes a reconsideration decision or a judgment that orders a new answer (责令重新答复), or an answer where
// none was given.
//
// Reconsideration Law of 2023 arts. 64(1), 66, of 2017 art. 28(1); Litigation Law arts. 70, 72: within the term that it
// sets. Implementation Rules art. 49: none set, the period of the Regulation runs again. Our reading ([ReadNewTerm]):
// the day on which the decision reached the organ, or the judgment came into force, is day 0; a term that was set is
// neither extended nor stopped.
func (c *clock) ordered(e *Event, h *happening) error {
	if due := c.effectiveDue(); !c.closed && (due.IsZero() || h.on.Before(due)) {
		broken := law.Under(law.Citation{Act: law.ReconsiderationRules, Article: "49"})
		broken.If(true, NoOrderYet, field(h)+".on", "date", h.on.String())
		return broken.Err()
	}
	c.quashed, c.quashedAt = said{}, sameForbiddenAt(h.on, e.ByCourt)
	if c.closed && c.state == IsAnswered && !e.Procedural {
		c.quashed = c.said
	}
	c.closed, c.closedOn, c.state = false, workday.Date{}, Running
	c.total, c.base, c.extension, c.extended = 0, c.v.reply, 0, false
	c.due, c.delayed, c.start, c.split = workday.Date{}, workday.Date{}, h.on, true
	c.correction, c.payment, c.corrections, c.feeNotices = wait{}, wait{}, 0, 0
	c.stops, c.restarted = nil, ReadNewTerm
	c.fixed = !e.Until.IsZero() || e.Days > 0
	c.termAt = orderedAt(h.on, e.ByCourt)
	c.read(ReadNewTerm)
	c.happen(h.on, e.Kind)
	if !c.fixed {
		return nil
	}
	c.base = 0
	var err error
	switch {
	case !e.Until.IsZero():
		c.due = e.Until
	case e.Unit == InCalendarDays:
		c.due, _, err = c.days.NextWorkingDay(h.on.AddDays(e.Days))
	default:
		c.base = workday.WorkingDays(e.Days)
		c.due, err = c.days.After(h.on, c.base)
	}
	return err
}

// orderedAt is where the order of a day stands.
func orderedAt(on workday.Date, byCourt bool) law.Citation {
	day := on.String()
	switch {
	case byCourt && law.Litigation2017.InForce().Covers(day):
		return law.Citation{Act: law.Litigation2017, Article: "70"}
	case byCourt:
		return law.Citation{Act: law.Litigation1989, Article: "54"}
	case law.Reconsideration2023.InForce().Covers(day):
		return law.Citation{Act: law.Reconsideration2023, Article: "64(1)"}
	}
	return law.Citation{Act: law.Reconsideration2017, Article: "28(1)"}
}

// sameForbiddenAt is where the order of a day forbids to give the same answer again.
func sameForbiddenAt(on workday.Date, byCourt bool) law.Citation {
	at := orderedAt(on, byCourt)
	switch at.Act {
	case law.Litigation2017:
		at.Article = "71"
	case law.Litigation1989:
		at.Article = "55"
	case law.Reconsideration2023:
		at.Article = "64(2)"
	default:
		at.Article = "28(2)"
	}
	return at
}
