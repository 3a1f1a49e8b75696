package explanation

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Day is what the calendar knows of a day; see [workday.Day].
type Day struct {
	Date        workday.Date   `json:"date"`
	Working     bool           `json:"working"`
	Why         workday.Why    `json:"why"`
	Name        law.Label      `json:"name,omitzero"`
	Notice      workday.Notice `json:"notice,omitzero"`
	Citation    law.Citation   `json:"citation,omitzero"`
	Provisional bool           `json:"provisional,omitempty"`
}

// DayOn looks a day up. Errors: those of [workday.Calendar.Is].
func DayOn(on workday.Date, days workday.Calendar) (Day, error) {
	d, err := days.Is(on)
	return Day(d), err
}

// Explanation says what the day is, and why.
func (d Day) Explanation() []law.Label {
	is := law.Label{Zh: "休息日", En: "a day of rest"}
	if d.Working {
		is = law.Label{Zh: "工作日", En: "a working day"}
	}
	lines := []law.Label{label("%s是%s：%s。", "%s is %s: %s.", dated(d.Date), is, cause(d.Why, d.Name))}
	if !d.Citation.IsZero() {
		lines = append(lines, label("依据：%s。", "By the %s.", d.Citation.Label()))
	}
	var notices []workday.Notice
	if !d.Notice.IsZero() {
		notices = append(notices, d.Notice)
	}
	return append(lines, basis(notices, d.Provisional)...)
}
