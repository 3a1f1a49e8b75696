package main

import (
	"errors"

	"gongkai/services/law/explanation"
	"gongkai/services/law/workday"
)

// calcWorkdayCommand counts working days after a date or between two, or looks a day up.
type calcWorkdayCommand struct {
	counting
	Date workday.Date `arg:"" optional:"" help:"A day to look up, as 2024-02-18. (查询某日)"`
	From workday.Date `env:"-" placeholder:"DATE" help:"Day 0, from which it is counted. (起算日)"`
	Days *int         `env:"-" xor:"end" placeholder:"N" help:"Count so many working days after it. (工作日天数)"`
	To   workday.Date `env:"-" xor:"end" placeholder:"DATE" help:"Count the working days up to and including this day. (截止日)"`
}

// Help shows the form of a file of holidays.
func (calcWorkdayCommand) Help() string {
	return `A file for --holidays holds notices as the State Council publishes them; spans include both days:

    notices:
      - number: 国办发明电〔2026〕0号
        date: 2026-11-01
        year: 2027
        holidays:
          - {zh: 元旦, en: New Year's Day, rest: [2027-01-01/2027-01-03]}
          - {zh: 春节, en: Spring Festival, rest: [2027-02-05/2027-02-11], work: [2027-02-14]}
          - ...

A year's notice names every statutory holiday; one that changes it has a line "amends:" with its number.`
}

// Run prints the count, or what the day is.
func (c *calcWorkdayCommand) Run(s streams) error {
	days, err := c.calendar()
	if err != nil {
		return err
	}
	counts := c.Days != nil || !c.To.IsZero()
	switch {
	case c.Date.IsZero() == c.From.IsZero():
		return errors.New("give either a day to look up or --from DATE (请给出日期，或 --from 起算日)")
	case c.From.IsZero() && counts:
		return errors.New("--days and --to need --from DATE (请用 --from 给出起算日)")
	case !counts:
		if c.Date.IsZero() {
			c.Date = c.From
		}
		day, err := explanation.DayOn(c.Date, days)
		if err != nil {
			return c.refused(err)
		}
		return c.print(s, day, day.Explanation())
	}
	count, err := c.count(days)
	if err != nil {
		return c.refused(err)
	}
	return c.print(s, count, count.Explanation())
}

func (c *calcWorkdayCommand) count(days workday.Calendar) (explanation.Count, error) {
	if c.Days != nil {
		return explanation.CountAfter(c.From, workday.WorkingDays(*c.Days), days)
	}
	return explanation.CountBetween(c.From, c.To, days)
}
