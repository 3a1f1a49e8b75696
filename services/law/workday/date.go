package workday

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a civil date in Asia/Shanghai. It is comparable; its zero value means no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// On returns the civil date in Asia/Shanghai of an instant.
func On(t time.Time) Date { return civil(t.In(shanghai)) }

func civil(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Parse reads a date of the form 2018-07-01, in the years 0001 to 9999. It refuses a day that the month does not have.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("parse date %q: not a day of the form 2018-07-01", s)
	}
	return civil(t), nil
}

// String writes the date as 2018-07-01; no date is the empty string.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 99 || d.Day < 0 || d.Day > 99 {
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	y, m := d.Year, int(d.Month)
	return string([]byte{
		digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-', digit(m / 10), digit(m), '-', digit(d.Day / 10), digit(d.Day),
	})
}

// MarshalText writes the date as [Date.String] does, so that it is a string in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Date.MarshalText] writes: a date as [Parse] does, or nothing for no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// IsZero tells whether this is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Valid tells whether the calendar has this day, in the years 1 to 9999. No date is not valid.
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && d.Month >= time.January && d.Month <= time.December && d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

// Compare is negative if d is before e, positive if after, 0 if they are the same day. No date is before every date.
func (d Date) Compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return cmp.Compare(d.Year, e.Year)
	case d.Month != e.Month:
		return cmp.Compare(d.Month, e.Month)
	}
	return cmp.Compare(d.Day, e.Day)
}

// Before tells whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After tells whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays returns the date n calendar days later, earlier if n is negative. No date stays no date.
func (d Date) AddDays(n int) Date {
	switch {
	case d.IsZero():
		return d
	case n >= 0 && n <= 31 && d.Valid():
		return d.later(n)
	}
	return civil(d.midnight().AddDate(0, 0, n))
}

// YearDay returns the number of the day in its year, from 1.
func (d Date) YearDay() int { return d.midnight().YearDay() }

// AddMonths returns the corresponding day n months later, or the month's last day where it has no such day
// (Civil Code art. 202). No date stays no date.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	first := civil(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	first.Day = min(d.Day, daysIn(first.Year, first.Month))
	return first
}

func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
