package deadline

import (
	"slices"
	"time"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// advance lays the days up to and including one into segments, by what holds since the last event.
func (c *clock) advance(to workday.Date) error {
	if !to.After(c.last) {
		return nil
	}
	if _, _, err := c.days.Basis(to); err != nil {
		return err
	}
	for c.last.Before(to) {
		c.settle()
		if err := c.lay(to); err != nil {
			return err
		}
	}
	return nil
}

// run lays days until the period is over.
func (c *clock) run() error {
	end := workday.Date{Year: workday.LastYear, Month: time.December, Day: 31}
	for c.settle(); c.due.IsZero() || c.last.Before(c.effectiveDue()); c.settle() {
		to := end
		if due := c.effectiveDue(); !due.IsZero() {
			to = due
		}
		if c.last == end || to.After(end) { // the calendar does not reach it
			_, _, err := c.days.Basis(end.AddDays(1))
			return err
		}
		if err := c.lay(to); err != nil {
			return err
		}
	}
	return nil
}

// lay lays the days after the last one, up to a day or as long as the same holds.
func (c *clock) lay(to workday.Date) error {
	from := c.last.AddDays(1)
	kind, asking := c.kindOn(from)
	if n := len(c.t.Segments); n == 0 || c.split || c.t.Segments[n-1].Kind != kind || asking != c.asking {
		c.begin(kind, from)
		c.asking = asking
	}
	s := &c.t.Segments[len(c.t.Segments)-1]
	to = c.end(kind, to)
	if kind.Counts() {
		if err := c.count(s, from, to); err != nil {
			return err
		}
	}
	s.To, c.last = to, to
	return nil
}

// end is the last day, up to one, on which the same holds as on the next.
func (c *clock) end(kind SegmentKind, to workday.Date) workday.Date {
	until := func(d workday.Date) {
		if d.After(c.last) && d.Before(to) {
			to = d
		}
	}
	switch kind {
	case LetterSegment, ConsultationSegment:
		for i := range c.stops {
			if s := &c.stops[i]; !s.void {
				until(s.until)
			}
		}
	case DelaySegment:
		until(c.delayed)
	case TermSegment:
		until(c.due)
	case ReplySegment:
		c.whenCounted(c.base, until)
	case ExtensionSegment:
		c.whenCounted(c.of(), until)
	}
	return to
}

// whenCounted gives the day on which so many working days will have counted; none if the calendar does not reach it.
func (c *clock) whenCounted(n workday.WorkingDays, until func(workday.Date)) {
	if on, err := c.days.After(c.last, n-c.total); err == nil {
		until(on)
	}
}

// count counts the working days of a segment from a day to another.
func (c *clock) count(s *Segment, from, to workday.Date) error {
	n, err := c.days.Count(c.last, to)
	if err != nil {
		return err
	}
	s.Counted += n
	c.total += n
	s.Total = c.total
	// All weekdays of a year rest on the same notice: the first and the last show which.
	if err := c.noteOn(from); err != nil {
		return err
	}
	for run := range c.days.Unusual(from, to) {
		c.note(run.Notice, run.Provisional)
		if gap := (Gap{From: run.Date, To: run.To, Why: run.Why, Name: run.Name}); run.Working {
			c.worked = lengthen(c.worked, c.workFrom, gap)
		} else {
			c.gaps = lengthen(c.gaps, c.gapFrom, gap)
		}
	}
	s.LeftOut = c.gaps[c.gapFrom:len(c.gaps):len(c.gaps)]
	s.Worked = c.worked[c.workFrom:len(c.worked):len(c.worked)]
	if err := c.noteOn(to); err != nil {
		return err
	}
	if c.total == c.of() && c.due.IsZero() {
		c.due = to
	}
	return nil
}

// lengthen adds a run of days to those from a place on.
func lengthen(gaps []Gap, from int, run Gap) []Gap {
	if n := len(gaps); n > from {
		g := &gaps[n-1]
		if g.Why == run.Why && g.Name == run.Name && g.To.AddDays(1) == run.From {
			g.To = run.To
			return gaps
		}
	}
	return append(gaps, run)
}

// noteOn notes what a date rests on.
func (c *clock) noteOn(d workday.Date) error {
	n, provisional, err := c.days.Basis(d)
	if err == nil {
		c.note(n, provisional)
	}
	return err
}

// note notes what a day rests on.
func (c *clock) note(n workday.Notice, provisional bool) {
	c.t.Provisional = c.t.Provisional || provisional
	if last := len(c.t.Notices) - 1; last >= 0 && c.t.Notices[last] == n || n.IsZero() || slices.Contains(c.t.Notices, n) {
		return
	}
	c.t.Notices = append(c.t.Notices, n)
}

// kindOn tells what the next day is, and who is asked on it.
func (c *clock) kindOn(d workday.Date) (kind SegmentKind, asking uint32) {
	over := !c.due.IsZero() && d.After(c.due)
	switch {
	case over && !d.After(c.delayed):
		return DelaySegment, 0
	case c.closed && (over || c.due.IsZero()):
		return ClosedSegment, 0
	case c.correction.open:
		return CorrectionSegment, 0
	case c.payment.open:
		return PaymentSegment, 0
	case over:
		return OverdueSegment, 0
	case c.fixed:
		return TermSegment, 0
	}
	kind = LetterSegment
	for i := range c.stops {
		if s := &c.stops[i]; s.covers(d) {
			asking = asking*31 + uint32(i) + 1
			if !s.received.IsZero() && d.After(s.received) {
				kind = ConsultationSegment
			}
		}
	}
	switch {
	case asking != 0:
		return kind, asking
	case c.total < c.base:
		return ReplySegment, 0
	}
	return ExtensionSegment, 0
}

// begin begins a segment on a day.
func (c *clock) begin(kind SegmentKind, on workday.Date) {
	n := len(c.t.Segments)
	c.t.Segments = append(c.t.Segments, Segment{})
	s := &c.t.Segments[n]
	s.Kind, s.From, s.Citation = kind, on, c.v.replyAt
	if c.causeOn.AddDays(1) == on {
		s.Begun = c.cause
		if n > 0 {
			c.t.Segments[n-1].Ended = c.cause
		}
	}
	switch kind {
	case ReplySegment:
		s.Of, s.Reading = c.base, c.restarted
	case ExtensionSegment:
		s.Of = c.of()
	case TermSegment:
		s.Of, s.Citation, s.Reading = c.base, c.termAt, ReadNewTerm
	case LetterSegment, ConsultationSegment:
		s.Citation, s.Reading = c.v.stopAt, ReadStopDays
		s.Parties = c.parties(on)
	case CorrectionSegment:
		s.Citation = c.v.correctionAt
	case PaymentSegment:
		s.Citation = c.fees
	case DelaySegment:
		s.Citation = c.v.delayAt
	case ClosedSegment:
		s.Citation = law.Citation{}
	}
	c.split, c.gapFrom, c.workFrom = false, len(c.gaps), len(c.worked)
}

// finish lays what is left: up to the due date, or as far as anybody can know.
func (c *clock) finish() error {
	var err error
	unknown := c.waiting() || c.stopUnknown()
	switch {
	case c.closed:
		c.t.State = c.state
		if due := c.effectiveDue(); !due.IsZero() {
			err = c.advance(due)
		}
	case unknown:
		err = c.goOn()
	default:
		c.t.Assumed = c.assumed()
		c.t.State = c.stateOn(c.asOf())
		if err = c.run(); err == nil {
			err = c.overdue()
		}
	}
	if err != nil {
		return err
	}
	if !unknown || c.closed {
		c.t.Due = c.effectiveDue()
		c.delayChecked()
	}
	c.limits()
	if c.v.act == law.R2007 && since(law.R2019, c.last) {
		c.read(ReadVersionByReceipt)
	}
	c.t.Readings = c.readings.list()
	return nil
}

// asOf is the day on which the question is asked, the last event's if none is given.
func (c *clock) asOf() workday.Date { return latestOf(c.in.AsOf, c.last) }

// overdue lays the days after the due date up to the day asked about.
func (c *clock) overdue() error {
	due := c.effectiveDue()
	if c.in.AsOf.IsZero() || !c.in.AsOf.After(due) {
		return nil
	}
	c.t.State = Overdue
	c.t.Marks = append(c.t.Marks, Mark{
		Reason: NotAnswered, Effect: Unfinished, Event: -1, On: c.in.AsOf, Citation: c.v.replyAt,
		Values: map[string]string{"due": due.String(), "today": c.in.AsOf.String()},
	})
	return c.advance(c.in.AsOf)
}

// goOn lays a segment of which nobody knows the end.
func (c *clock) goOn() error {
	c.t.State = c.waitState()
	if !c.waiting() {
		c.t.Remaining = c.of() - c.total
	}
	if !c.in.AsOf.IsZero() {
		return c.advance(c.in.AsOf)
	}
	next := c.last.AddDays(1)
	kind, asking := c.kindOn(next)
	if n := len(c.t.Segments); n == 0 || c.split || c.t.Segments[n-1].Kind != kind || asking != c.asking {
		c.begin(kind, next)
	}
	c.t.Segments[len(c.t.Segments)-1].To = workday.Date{}
	return nil
}

// waitState is the state of a case whose period stands still.
func (c *clock) waitState() State {
	passed := func(w wait) bool {
		return w.open && (w.late || !w.until.IsZero() && c.asOf().After(w.until))
	}
	switch {
	case passed(c.correction):
		return CorrectionOverdue
	case passed(c.payment):
		return PaymentOverdue
	case c.correction.open:
		return AwaitingCorrection
	case c.payment.open:
		return AwaitingPayment
	}
	return Consulting
}

// stateOn is the state of a case whose period runs or is stopped.
func (c *clock) stateOn(on workday.Date) State {
	next := on
	if next == c.last {
		next = next.AddDays(1) // what happened that day holds from the next on
	}
	for i := range c.stops {
		if c.stops[i].covers(next) {
			return Consulting
		}
	}
	return Running
}

// limits lists what others are still to do.
func (c *clock) limits() {
	add := func(k EventKind, party string, on workday.Date) {
		if !on.IsZero() {
			c.t.Limits = append(c.t.Limits, StepLimit{Step: k, Party: party, On: on, Citation: c.citation(k)})
		}
	}
	if c.closed {
		return
	}
	if c.correction.open {
		add(Corrected, "", c.correction.until)
	}
	if c.payment.open {
		add(FeePaid, "", c.payment.until)
	}
	for i := range c.stops {
		if s := &c.stops[i]; !s.answered && !s.void {
			add(s.answer(), s.party, s.until)
		}
	}
}
