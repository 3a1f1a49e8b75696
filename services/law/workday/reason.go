package workday

import "gongkai/services/law"

// Reasons for which a day or a count is refused. Values as said.
const (
	OutsideCalendar law.Reason = "DATE_OUTSIDE_CALENDAR" // date, first, last (years)
	NegativeCount   law.Reason = "WORKING_DAYS_NEGATIVE" // days
)
