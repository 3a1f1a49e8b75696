package workday

import (
	"cmp"
	_ "embed" // for notices.yaml
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Calendar tells working days from days of rest in the years [FirstYear] to [LastYear]. It is made by [Official] or
// [Load], never changes, and is safe for concurrent use. Its zero value knows no day.
//
// A working day is a day from Monday to Friday that is no holiday, or a weekend day that a notice makes one.
type Calendar struct {
	notices   []arranged // by date
	set       map[Date]setting
	years     map[int]Notice // the notice that arranges the year
	statutory map[Date]statute
	table     *table // the same, day by day
}

//go:embed notices.yaml
var official string

// Official returns the calendar by the State Council's notices that are part of the program: those for 2008 to
// 2026, with their amendments.
func Official() (Calendar, error) { return Load(strings.NewReader(official)) }

// Load returns the calendar by the notices of a data file alone. The file is YAML; spans include both days:
//
//	notices:
//	  - number: 国办发明电〔2019〕16号
//	    date: 2019-11-21
//	    year: 2020
//	    holidays:
//	      - {zh: 春节, en: Spring Festival, rest: [2020-01-24/2020-01-30], work: [2020-01-19, 2020-02-01]}
//	  - number: 国办发明电〔2020〕1号
//	    date: 2020-01-26
//	    year: 2020
//	    amends: 国办发明电〔2019〕16号
//	    holidays:
//	      - {zh: 春节, en: Spring Festival, rest: [2020-01-31/2020-02-02]}
//
// A notice that amends another one sets days again or adds some; the later one holds. Nothing else may set a day
// twice. A weekday can be set to work only where an amendment takes back a day off. A year's notice has to leave
// every statutory holiday a day of rest.
// The error names every fault, with notice and day; keys that are not of the form are refused.
func Load(r io.Reader) (Calendar, error) { return Calendar{}.With(r) }

// With returns a calendar that follows the notices of a data file as well; the form is that of [Load].
// The calendar itself stays as it is.
func (c Calendar) With(r io.Reader) (Calendar, error) {
	more, err := read(r)
	if err != nil {
		return Calendar{}, err
	}
	next := Calendar{
		notices: slices.Concat(c.notices, more),
		set:     make(map[Date]setting), years: make(map[int]Notice),
		statutory: c.statutory,
	}
	if next.statutory == nil {
		if next.statutory, err = statutes(); err != nil {
			return Calendar{}, err
		}
	}
	slices.SortStableFunc(next.notices, func(a, b arranged) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Number, b.Number))
	})
	if err := next.arrange(); err != nil {
		return Calendar{}, fmt.Errorf("read notices: %w", err)
	}
	next.table = next.lay()
	return next, nil
}

// arrange applies the notices in the order of their dates.
func (c *Calendar) arrange() error {
	var faults []error
	known := make(map[string]Notice)
	for _, n := range c.notices {
		if err := c.admit(n.Notice, known); err != nil {
			faults = append(faults, fmt.Errorf("notice %s: %w", n.Number, err))
			continue
		}
		for _, s := range n.days {
			if err := c.apply(s); err != nil {
				faults = append(faults, fmt.Errorf("notice %s: %w", n.Number, err))
			}
		}
	}
	for _, d := range slices.SortedFunc(maps.Keys(c.statutory), Date.Compare) {
		// Art. 2 of the Measures on Holidays: a notice places days off around these, it does not take them away.
		if n, ok := c.years[d.Year]; ok && c.compute(d).Working {
			faults = append(faults, fmt.Errorf("notice %s: %s (%s) is a statutory holiday, but left a working day", n.Number, d, c.statutory[d].name.Zh))
		}
	}
	return errors.Join(faults...)
}

// admit adds a notice to those known, if it has its place among them.
func (c *Calendar) admit(n Notice, known map[string]Notice) error {
	if _, ok := known[n.Number]; ok {
		return errors.New("is there twice")
	}
	known[n.Number] = n
	if n.Amends == "" {
		if other, ok := c.years[n.Year]; ok {
			return fmt.Errorf("arranges %d, as does %s; an amendment names the notice that it amends", n.Year, other.Number)
		}
		c.years[n.Year] = n
		return nil
	}
	base, ok := known[n.Amends]
	switch {
	case !ok || !base.Date.Before(n.Date):
		return fmt.Errorf("amends %s, which is no earlier notice", n.Amends)
	case base.Amends != "":
		return fmt.Errorf("amends %s, itself an amendment; name the year's notice, %s", n.Amends, base.Amends)
	case base.Year != n.Year:
		return fmt.Errorf("is for %d, but amends the notice for %d", n.Year, base.Year)
	}
	return nil
}

// apply sets one day.
func (c *Calendar) apply(s setting) error {
	old, again := c.set[s.date]
	if again && (s.notice.Amends == "" || old.notice.Year != s.notice.Year || !old.notice.Date.Before(s.notice.Date)) {
		return fmt.Errorf("%s is set already, by %s", s.date, old.notice.Number)
	}
	if s.working && !isWeekend(s.date) && (!again || old.working) {
		return fmt.Errorf("%s is set to work, but is a %s", s.date, s.date.midnight().Weekday())
	}
	c.set[s.date] = s
	return nil
}

// Notices returns the notices that the calendar follows, by date.
func (c Calendar) Notices() []Notice {
	all := make([]Notice, len(c.notices))
	for i, n := range c.notices {
		all[i] = n.Notice
	}
	return all
}

// Is tells what a day is. It returns a [*law.Breach] of [OutsideCalendar] for a date that the calendar does not
// cover.
func (c Calendar) Is(d Date) (Day, error) {
	if err := c.check(d); err != nil {
		return Day{}, err
	}
	return c.day(d), nil
}

// day tells what a day that the calendar covers is.
func (c Calendar) day(d Date) Day {
	day := c.table.kinds[c.table.of[d.ordinal()]]
	day.Date = d
	return day
}

// compute finds what a day is from notices and statutes.
func (c Calendar) compute(d Date) Day {
	day := Day{Date: d, Notice: c.years[d.Year], Provisional: c.isProvisional(d)}
	holiday, isStatutory := c.statutory[d]
	switch s, isSet := c.set[d]; {
	case isSet:
		day.Working, day.Name, day.Notice, day.Why = s.working, s.name, s.notice, Holiday
		if s.working {
			day.Why = Adjusted
		}
		if s.working && !isWeekend(d) { // a day off that an amendment took back
			day.Why = Weekday
		}
	case isStatutory && day.Notice.IsZero():
		day.Why, day.Name, day.Citation = Statutory, holiday.name, holiday.citation
	case isWeekend(d):
		day.Why = Weekend
	default:
		day.Working, day.Why = true, Weekday
	}
	return day
}

// isProvisional tells whether a notice that is not there yet may set the day: that of its year, or in the last days
// of December that of the next year.
func (c Calendar) isProvisional(d Date) bool {
	if _, ok := c.years[d.Year]; !ok {
		return true
	}
	_, ok := c.years[d.Year+1]
	return !ok && d.Month == time.December && d.Day > 31-reach
}

func isWeekend(d Date) bool {
	w := d.midnight().Weekday()
	return w == time.Saturday || w == time.Sunday
}
