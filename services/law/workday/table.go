package workday

import (
	"iter"
	"strconv"
	"time"

	"gongkai/services/law"
)

// table is a calendar laid out day by day, from the first day of [FirstYear] on, so that counting neither looks
// anything up nor allocates.
type table struct {
	kinds []Day    // what days can be, each without its date
	of    []uint16 // by day, its place in kinds
	// worked are, by day, the working days from the first day of the table up to and including it.
	worked []int32
}

// lay lays the calendar out. Days that nothing sets are weekdays and weekends; the others are computed each.
func (c Calendar) lay() *table {
	t := &table{}
	known := make(map[Day]uint16)
	place := func(d Day) uint16 {
		d.Date = Date{}
		i, ok := known[d]
		if !ok {
			i = uint16(len(t.kinds))
			known[d], t.kinds = i, append(t.kinds, d)
		}
		return i
	}
	for year := FirstYear; year <= LastYear; year++ {
		var plain [2][2]uint16 // weekday and weekend, early and late in the year
		late := Date{year, time.December, 31}
		for i, d := range []Date{{year, time.January, 1}, late} {
			day := Day{Notice: c.years[year], Provisional: c.isProvisional(d), Why: Weekday, Working: true}
			plain[0][i] = place(day)
			day.Why, day.Working = Weekend, false
			plain[1][i] = place(day)
		}
		for d := (Date{year, time.January, 1}); d.Year == year; d = d.next() {
			kind, end := 0, 0
			if w := (len(t.of) + int(time.Tuesday)) % 7; w == int(time.Saturday) || w == int(time.Sunday) { // 2008-01-01 was a Tuesday
				kind = 1
			}
			if d.Month == time.December && d.Day > late.Day-reach {
				end = 1
			}
			t.of = append(t.of, plain[kind][end])
		}
	}
	override := func(d Date) {
		if d.Year >= FirstYear && d.Year <= LastYear {
			t.of[d.ordinal()] = place(c.compute(d))
		}
	}
	for d := range c.statutory {
		override(d)
	}
	for d := range c.set {
		override(d)
	}
	t.worked = make([]int32, len(t.of))
	var n int32
	for i, k := range t.of {
		if t.kinds[k].Working {
			n++
		}
		t.worked[i] = n
	}
	return t
}

// ordinal is the place in a [table] of a date that it covers. Of its years only 2100 ends a leap cycle, and is the last.
func (d Date) ordinal() int {
	before := [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}
	years := d.Year - FirstYear
	n := years*365 + (years+3)/4 + before[d.Month-1] + d.Day - 1
	if d.Month > time.February && daysIn(d.Year, time.February) == 29 {
		n++
	}
	return n
}

// later returns the date n days later, n being small and not negative.
func (d Date) later(n int) Date {
	d.Day += n
	for d.Day > daysIn(d.Year, d.Month) {
		d.Day -= daysIn(d.Year, d.Month)
		if d.Month++; d.Month > time.December {
			d.Year, d.Month = d.Year+1, time.January
		}
	}
	return d
}

// next is the next day of a valid date.
func (d Date) next() Date {
	switch {
	case d.Day < daysIn(d.Year, d.Month):
		return Date{d.Year, d.Month, d.Day + 1}
	case d.Month < time.December:
		return Date{d.Year, d.Month + 1, 1}
	}
	return Date{d.Year + 1, time.January, 1}
}

// daysIn is how many days a month has.
func daysIn(year int, m time.Month) int {
	switch m {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func (c Calendar) covers(d Date) bool {
	return c.table != nil && d.Valid() && d.Year >= FirstYear && d.Year <= LastYear
}

// check returns a [*law.Breach] of [OutsideCalendar] for a date that the calendar does not cover.
func (c Calendar) check(d Date) error {
	if c.covers(d) {
		return nil
	}
	broken := law.Under(law.Citation{})
	broken.If(true, OutsideCalendar, "", "date", d.String(), "first", strconv.Itoa(FirstYear), "last", strconv.Itoa(LastYear))
	return broken.Err()
}

// Working tells whether a date is a working day; false for one that the calendar does not cover. It does not allocate.
func (c Calendar) Working(d Date) bool {
	return c.covers(d) && c.table.kinds[c.table.of[d.ordinal()]].Working
}

// After is the n-th working day after a date, as [Calendar.Add] counts it, without a trace. It does not allocate.
func (c Calendar) After(d Date, n WorkingDays) (Date, error) {
	if n < 0 || !c.covers(d) {
		_, _, err := c.Add(d, n)
		return Date{}, err
	}
	t := c.table
	first := d.ordinal()
	// Among the next r days are at most r working days: so many can be skipped at once, again and again.
	i, want := first, t.worked[first]+int32(min(n, WorkingDays(len(t.of))))
	for i < len(t.of) && t.worked[i] < want {
		i += int(want - t.worked[i])
	}
	if i >= len(t.of) {
		return Date{}, c.check(Date{LastYear + 1, time.January, 1})
	}
	return d.later(i - first), nil
}

// Count is the number of working days after a up to and including b, as [Calendar.Between] counts it, without a
// trace. It does not allocate.
func (c Calendar) Count(a, b Date) (WorkingDays, error) {
	if !c.covers(a) || !c.covers(b) {
		_, _, err := c.Between(a, b)
		return 0, err
	}
	return WorkingDays(c.table.worked[b.ordinal()] - c.table.worked[a.ordinal()]), nil
}

// Basis is what a day rests on, as [Calendar.Is] tells it, and nothing else of the day.
func (c Calendar) Basis(d Date) (n Notice, provisional bool, err error) {
	if !c.covers(d) {
		return Notice{}, false, c.check(d)
	}
	kind := &c.table.kinds[c.table.of[d.ordinal()]]
	return kind.Notice, kind.Provisional, nil
}

// Run is a run of days, one after the other, of which the calendar knows the same.
type Run struct {
	Day      // the first of them
	To  Date // the last
}

// Unusual goes through those days from a date to another, both included, that are not weekdays: days of rest, and
// weekend days that are worked, in their runs. Those that the calendar does not cover are left out. It does not allocate.
func (c Calendar) Unusual(from, to Date) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		if c.table == nil || to.Before(from) || !from.Valid() || !to.Valid() {
			return
		}
		if from.Year < FirstYear {
			from = Date{FirstYear, time.January, 1}
		}
		if to.Year > LastYear {
			to = Date{LastYear, time.December, 31}
		}
		if to.Before(from) {
			return
		}
		t := c.table
		for d, i, end := from, from.ordinal(), to.ordinal(); i <= end; {
			n := 1
			for i+n <= end && t.of[i+n] == t.of[i] {
				n++
			}
			if kind := &t.kinds[t.of[i]]; kind.Why != Weekday {
				run := Run{Day: *kind, To: d.later(n - 1)}
				if run.Date = d; !yield(run) {
					return
				}
			}
			d, i = d.later(n), i+n
		}
	}
}
