package workday

import (
	"slices"
	"strconv"
	"time"

	"gongkai/services/law"
)

// Days is a number of calendar days (日).
type Days int

// DaysSince is the number of calendar days from another date to this one, negative if this one is earlier. Neither may
// be no date.
func (d Date) DaysSince(e Date) Days {
	return Days(d.midnight().Sub(e.midnight()) / (24 * time.Hour))
}

// WorkingDays is a number of working days (工作日).
type WorkingDays int

// Trace is how a count went.
type Trace struct {
	// Days are the days counted through, in order: from the day after the first to the last. The rest days among
	// them did not count.
	Days []Day
	// Notices are those that the days rest on, in the order met.
	Notices []Notice
	// Provisional tells that one of the days is; see [Caveat].
	Provisional bool
}

func (t *Trace) pass(d Day) {
	t.Days = append(t.Days, d)
	t.Provisional = t.Provisional || d.Provisional
	if !d.Notice.IsZero() && !slices.Contains(t.Notices, d.Notice) {
		t.Notices = append(t.Notices, d.Notice)
	}
}

// Add returns the n-th working day after a date. The date itself is day 0, whatever it is, and day 1 is the next
// working day: the day on which a period begins does not count (Civil Code art. 201).
// It returns a [*law.Breach] of [OutsideCalendar], or of [NegativeCount] if n is negative.
func (c Calendar) Add(d Date, n WorkingDays) (Date, Trace, error) {
	broken := law.Under(law.Citation{})
	broken.If(n < 0, NegativeCount, "", "days", strconv.Itoa(int(n)))
	if err := broken.Err(); err != nil {
		return Date{}, Trace{}, err
	}
	if _, err := c.Is(d); err != nil {
		return Date{}, Trace{}, err
	}
	var t Trace
	for n > 0 {
		d = d.AddDays(1)
		day, err := c.Is(d)
		if err != nil {
			return Date{}, Trace{}, err
		}
		t.pass(day)
		if day.Working {
			n--
		}
	}
	return d, t, nil
}

// Between returns the number of working days after a up to and including b, so that what [Calendar.Add] adds it
// counts. If b is before a, it is the number from b to a, negative.
// It returns a [*law.Breach] of [OutsideCalendar].
func (c Calendar) Between(a, b Date) (WorkingDays, Trace, error) {
	if b.Before(a) {
		n, t, err := c.Between(b, a)
		return -n, t, err
	}
	for _, d := range []Date{a, b} {
		if _, err := c.Is(d); err != nil {
			return 0, Trace{}, err
		}
	}
	var n WorkingDays
	var t Trace
	for d := a; d.Before(b); {
		d = d.AddDays(1)
		day := c.day(d)
		t.pass(day)
		if day.Working {
			n++
		}
	}
	return n, t, nil
}

// NextWorkingDay returns the date itself if it is a working day, else the first one after it: the last day of a
// period in calendar days, months or years whose end falls on a day of rest (Civil Code art. 203). The trace holds
// the date itself too.
// It returns a [*law.Breach] of [OutsideCalendar].
func (c Calendar) NextWorkingDay(d Date) (Date, Trace, error) {
	var t Trace
	for {
		day, err := c.Is(d)
		if err != nil {
			return Date{}, Trace{}, err
		}
		t.pass(day)
		if day.Working {
			return d, t, nil
		}
		d = d.AddDays(1)
	}
}
