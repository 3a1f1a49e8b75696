package workday

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Kind is the length of a period.
type Kind int

// The kinds of period. No period has the kind 0.
const (
	Year Kind = iota + 1
	Quarter
	Month
)

// String names the kind in English.
func (k Kind) String() string {
	switch k {
	case Year:
		return "year"
	case Quarter:
		return "quarter"
	case Month:
		return "month"
	}
	return "none"
}

// Period is what a report covers: a calendar year, quarter or month of the years 2000 to 2100.
// It is comparable; its zero value is no period.
type Period struct {
	year   int
	kind   Kind
	number int // 1 for a year, 1 to 4 for a quarter, 1 to 12 for a month
}

var periodForm = regexp.MustCompile(`^(20[0-9][0-9]|2100)(?:-(?:q([1-4])|(0[1-9]|1[0-2])))?$`)

// ParsePeriod reads a period of the form 2018, 2018-q2 or 2018-06.
func ParsePeriod(s string) (Period, error) {
	m := periodForm.FindStringSubmatch(s)
	if m == nil {
		return Period{}, fmt.Errorf("parse period %q: not of the form 2018, 2018-q2 or 2018-06, in the years 2000 to 2100", s)
	}
	p := Period{kind: Year, number: 1}
	p.year, _ = strconv.Atoi(m[1])
	if m[2] != "" {
		p.kind = Quarter
		p.number, _ = strconv.Atoi(m[2])
	}
	if m[3] != "" {
		p.kind = Month
		p.number, _ = strconv.Atoi(m[3])
	}
	return p, nil
}

// PeriodsOf returns the month, the quarter and the year that contain a date, in this order;
// nil for a date outside the years 2000 to 2100.
func PeriodsOf(d Date) []Period {
	if !d.Valid() || d.Year < 2000 || d.Year > 2100 {
		return nil
	}
	return []Period{
		{d.Year, Month, int(d.Month)},
		{d.Year, Quarter, (int(d.Month) + 2) / 3},
		{d.Year, Year, 1},
	}
}

// String writes the period as 2018, 2018-q2 or 2018-06; no period is the empty string.
func (p Period) String() string {
	switch p.kind {
	case Year:
		return fmt.Sprintf("%04d", p.year)
	case Quarter:
		return fmt.Sprintf("%04d-q%d", p.year, p.number)
	case Month:
		return fmt.Sprintf("%04d-%02d", p.year, p.number)
	}
	return ""
}

// IsZero tells whether this is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Kind is the length of the period; 0 for no period.
func (p Period) Kind() Kind { return p.kind }

// Year is the calendar year of the period; 0 for no period.
func (p Period) Year() int { return p.year }

// months is the number of months of the period.
func (p Period) months() int {
	switch p.kind {
	case Year:
		return 12
	case Quarter:
		return 3
	case Month:
		return 1
	}
	return 0
}

// First is the period's first day; no date for no period.
func (p Period) First() Date {
	if p.IsZero() {
		return Date{}
	}
	return Date{p.year, time.Month((p.number-1)*p.months() + 1), 1}
}

// Last is the period's last day; no date for no period.
func (p Period) Last() Date {
	if p.IsZero() {
		return Date{}
	}
	return civil(time.Date(p.year, p.First().Month+time.Month(p.months()), 0, 0, 0, 0, 0, time.UTC))
}

// Contains tells whether a date lies in the period.
func (p Period) Contains(d Date) bool {
	return !p.IsZero() && !d.Before(p.First()) && !d.After(p.Last())
}

// Months returns the period's months in order: twelve, three, or the month itself.
func (p Period) Months() []Period {
	months := make([]Period, p.months())
	for i := range months {
		months[i] = Period{p.year, Month, int(p.First().Month) + i}
	}
	return months
}
