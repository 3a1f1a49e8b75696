package deadline

import (
	"cmp"
	"slices"
	"strconv"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// counter counts the limits of a matter.
type counter struct {
	days     workday.Calendar
	out      Limits
	readings readings
	err      error
}

// add adds a limit of n units after a day, if that day is known, and returns its last day. A period in calendar days or
// months that ends on a day of rest ends on the first day after the rest; the day that begins it is not counted.
//
// Civil Code arts. 201 to 203; Reconsideration Law of 2023 art. 88(1), of 2017 art. 40(1) (by the Civil Procedure Law);
// Interpretation of 2018 art. 48.
func (c *counter) add(k LimitKind, from workday.Date, n int, u Unit, at law.Citation) workday.Date {
	if from.IsZero() || c.err != nil {
		return workday.Date{}
	}
	if _, err := c.days.Is(from); err != nil {
		c.err = err
		return workday.Date{}
	}
	if u != InWorkingDays {
		l := Limit{Kind: k, From: from, Citation: at}
		l.run(n, u, nil)
		return c.until(l)
	}
	on, trace, err := c.days.Add(from, workday.WorkingDays(n))
	if err != nil {
		c.err = err
		return workday.Date{}
	}
	l := Limit{Kind: k, Who: k.Keeper(), Term: n, Unit: u, From: from, Until: on, Citation: at, Provisional: trace.Provisional, Notices: trace.Notices}
	for i := range trace.Days {
		d := &trace.Days[i]
		switch day := (Gap{From: d.Date, To: d.Date, Why: d.Why, Name: d.Name}); {
		case !d.Working:
			l.LeftOut = lengthen(l.LeftOut, 0, day)
		case d.Why == workday.Adjusted:
			l.Worked = lengthen(l.Worked, 0, day)
		}
	}
	c.out.Limits = append(c.out.Limits, l)
	return on
}

// run sets the last day of a period in calendar days or months that runs from l.From, but for the times of it lost.
func (l *Limit) run(n int, u Unit, obstacles []Obstacle) {
	l.Term, l.Unit = n, u
	end := l.From.AddDays(n)
	if u == InMonths {
		end = l.From.AddMonths(n)
	}
	l.Until = lost(l.From, end, obstacles)
	if l.Lost = l.Until.DaysSince(end); l.Lost == 0 {
		l.LostAt = law.Citation{}
	}
}

// until adds a limit whose end may have to move to a working day.
func (c *counter) until(l Limit) workday.Date {
	if c.err != nil {
		return workday.Date{}
	}
	on, trace, err := c.days.NextWorkingDay(l.Until)
	if err != nil {
		c.err = err
		return workday.Date{}
	}
	if on != l.Until {
		l.Moved = l.Until
	}
	l.Who = l.Kind.Keeper()
	l.Until, l.Provisional, l.Notices = on, trace.Provisional, trace.Notices
	c.out.Limits = append(c.out.Limits, l)
	return on
}

// result is what was counted, in the order in which the limits begin.
func (c *counter) result() (Limits, error) {
	if c.err != nil {
		return Limits{}, c.err
	}
	slices.SortStableFunc(c.out.Limits, func(a, b Limit) int { return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until)) })
	c.out.Readings = c.readings.list()
	return c.out, nil
}

// lost moves the last day of a period by the days of it that were lost, each once.
func lost(from, until workday.Date, obstacles []Obstacle) workday.Date {
	sorted := slices.SortedFunc(slices.Values(obstacles), func(a, b Obstacle) int { return a.From.Compare(b.From) })
	done := from
	for _, o := range sorted {
		first := latestOf(o.From, done.AddDays(1))
		if first.After(until) || o.To.Before(first) {
			continue
		}
		until = until.AddDays(int(o.To.DaysSince(first)) + 1)
		done = o.To
	}
	return until
}

// maxObstacles is how many times lost, or suspensions, a matter may have.
const maxObstacles = 50

// checkOrder refuses dates that are no days, or before the step that comes first; dates that are not known are left out.
func checkOrder(at law.Citation, dates ...dated) error {
	broken := law.Under(at)
	var last workday.Date
	for _, d := range dates {
		if d.on.IsZero() {
			continue
		}
		broken.If(!d.on.Valid(), DateInvalid, d.field, "date", d.on.String())
		broken.If(d.on.Valid() && d.on.Before(last), AppealDatesReversed, d.field, "date", d.on.String(), "before", last.String())
		last = latestOf(last, d.on)
	}
	return broken.Err()
}

type dated struct {
	field string
	on    workday.Date
}

// checkObstacles refuses times lost that end before they begin. Open tells that one may go on.
func checkObstacles(at law.Citation, obstacles []Obstacle, field string, open bool) error {
	broken := law.Under(at)
	broken.If(len(obstacles) > maxObstacles, TooManyEvents, field, "count", strconv.Itoa(len(obstacles)), "limit", strconv.Itoa(maxObstacles))
	for _, o := range obstacles {
		broken.If(!o.From.Valid(), DateInvalid, field, "date", o.From.String())
		goesOn := open && o.To.IsZero()
		broken.If(!goesOn && !o.To.Valid(), DateInvalid, field, "date", o.To.String())
		broken.If(!goesOn && o.To.Valid() && o.To.Before(o.From), AppealDatesReversed, field, "date", o.To.String(), "before", o.From.String())
	}
	return broken.Err()
}
