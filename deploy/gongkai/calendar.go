package main

import (
	"fmt"
	"os"

	"gongkai/services/law/workday"
)

// readCalendar is the calendar by the notices that come with the program and those of an administrator's file; an empty
// name is none.
func readCalendar(file string) (workday.Calendar, error) {
	calendar, err := workday.Official()
	if err != nil || file == "" {
		return calendar, err
	}
	f, err := os.Open(file)
	if err != nil {
		return calendar, fmt.Errorf("read holidays: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written to it
	if calendar, err = calendar.With(f); err != nil {
		return calendar, fmt.Errorf("read holidays in %s: %w", file, err)
	}
	return calendar, nil
}
