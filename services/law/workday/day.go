package workday

import (
	"fmt"

	"gongkai/services/law"
)

// Notice is a notice of the State Council (国务院) or its General Office (国务院办公厅) on the holidays of a year.
// It is comparable; its zero value is no notice.
type Notice struct {
	Number string `json:"number"`           // as 国办发明电〔2017〕12号
	Date   Date   `json:"date"`             // the date at its foot
	Year   int    `json:"year"`             // the year it arranges
	Amends string `json:"amends,omitempty"` // the number of the year's notice, if this one changes it or adds to it
}

// IsZero tells whether this is no notice.
func (n Notice) IsZero() bool { return n == Notice{} }

// Why is the cause for which a day is a working day or a day of rest.
type Why int

// The causes.
const (
	Weekday   Why = iota + 1 // Monday to Friday, and no holiday: a working day
	Weekend                  // Saturday or Sunday: a day of rest
	Holiday                  // a day off by a notice
	Adjusted                 // a weekend day that a notice makes a working day (调休上班)
	Statutory                // a day off by the Measures on Holidays, of a year without a notice
)

// Label is the cause in both languages.
func (w Why) Label() law.Label {
	switch w {
	case Weekday:
		return law.Label{Zh: "工作日", En: "weekday"}
	case Weekend:
		return law.Label{Zh: "周末", En: "weekend"}
	case Holiday:
		return law.Label{Zh: "放假", En: "day off"}
	case Adjusted:
		return law.Label{Zh: "调休上班", En: "adjusted working day"}
	case Statutory:
		return law.Label{Zh: "法定节假日", En: "statutory holiday"}
	}
	return law.Label{}
}

// String is the English name of the cause.
func (w Why) String() string { return w.Label().En }

// causes are the names of the causes in JSON.
func causes() [6]string {
	return [...]string{Weekday: "weekday", Weekend: "weekend", Holiday: "holiday", Adjusted: "adjusted", Statutory: "statutory"}
}

// MarshalText writes the cause as weekday, weekend, holiday, adjusted or statutory, so that it is a string in JSON.
func (w Why) MarshalText() ([]byte, error) {
	names := causes()
	if w < Weekday || int(w) >= len(names) {
		return nil, fmt.Errorf("write cause %d: there is none of this number", int(w))
	}
	return []byte(names[w]), nil
}

// UnmarshalText reads what [Why.MarshalText] writes.
func (w *Why) UnmarshalText(text []byte) error {
	for i, name := range causes() {
		if i > 0 && name == string(text) {
			*w = Why(i)
			return nil
		}
	}
	return fmt.Errorf("read cause %q: there is none of this name", text)
}

// Day is what the calendar knows of a day.
type Day struct {
	Date    Date
	Working bool
	Why     Why
	// Name is the holiday's name, of a holiday and of a day worked for one; else empty.
	Name law.Label
	// Notice is the notice that sets the day, else the one that arranges its year and leaves it as it is; zero in
	// a year without one.
	Notice Notice
	// Citation is the article that makes the day a statutory holiday; zero for a day of another cause.
	Citation law.Citation
	// Provisional tells that a notice still to come may decide otherwise; see [Caveat].
	Provisional bool
}

// Caveat says, for users, what a provisional result cannot know.
func Caveat() law.Label {
	return law.Label{
		Zh: "暂定：相关年度尚无放假通知，只按周末和法定节假日推算；补假、连休和调休上班待通知公布后才能确定。",
		En: "Provisional: the year has no notice yet, so only weekends and statutory holidays are counted; days off in lieu, joined days and adjusted working days are known once the notice is published.",
	}
}
