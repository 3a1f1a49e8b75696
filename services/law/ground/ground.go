// Package ground holds the outcomes that a request for information can end in, and their grounds.
//
// The version of the Regulation in force on the day on which a request was received governs the whole request
// (our reading: neither version has a transition rule). Under R2019 the outcomes are the rows of the third table of the
// annual report; under R2007 they are those that its arts. 21 to 23 and 2, 8, 14 know.
//
// Our readings: what is already public counts as granted under R2019; a withdrawn request counts as other;
// other_fee_overdue exists from 2021-01-01 on, since before that day the Regulation of 2019 had no fee to be paid.
package ground

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Outcome is what a request can end in.
type Outcome struct {
	ID    string // stable; one segment of a measure's name, as denied_state_secret
	Label law.Label
	// Grounds are the places in the law that the outcome rests on. Empty, it rests on none of its own.
	Grounds []law.Citation
}

// row is an outcome of one version of the Regulation.
type row struct {
	id, zh, en string
	grounds    []law.Citation
	from       workday.Date // the first day of receipt for which it exists, if later than the version's
}

// version is the outcomes of one version of the Regulation.
type version struct {
	from workday.Date // the first day of receipt that it governs
	rows func() []row
}

// versions are dated, the newest first.
func versions() []version {
	return []version{
		{workday.Date{Year: 2019, Month: 5, Day: 15}, rows2019},
		{workday.Date{Year: 2008, Month: 5, Day: 1}, rows2007},
	}
}

// On returns the outcomes of a request that was received on a date, in the order of the report; nil for a date before
// 2008-05-01, on which the Regulation came into force.
func On(received workday.Date) []Outcome {
	for _, v := range versions() {
		if !received.Before(v.from) {
			return outcomes(v.rows(), received)
		}
	}
	return nil
}

func outcomes(rows []row, received workday.Date) []Outcome {
	var found []Outcome
	for _, r := range rows {
		if received.Before(r.from) {
			continue
		}
		// Of acts that followed each other, as the two forms, the one in force is the ground.
		grounds := slices.DeleteFunc(r.grounds, func(c law.Citation) bool { return !c.Act.InForce().Covers(received.String()) })
		found = append(found, Outcome{ID: r.id, Label: law.Label{Zh: r.zh, En: r.en}, Grounds: grounds})
	}
	return found
}

// Reasons of [Get], with the values that their texts name.
const (
	Unknown    law.Reason = "UNKNOWN_OUTCOME"      // outcome
	NotInForce law.Reason = "OUTCOME_NOT_IN_FORCE" // outcome, outcome_zh, outcome_en, received_on
)

// Get returns one outcome of a request that was received on a date, or a [*law.Breach]: [Unknown] if no version of the
// Regulation has it, [NotInForce] if another version than the one that governs the request has it.
func Get(id string, received workday.Date) (Outcome, error) {
	for _, o := range On(received) {
		if o.ID == id {
			return o, nil
		}
	}
	label := LabelOf(id)
	broken := law.Under(governing(received))
	broken.If(label == law.Label{}, Unknown, "outcome", "outcome", id)
	broken.If(label != law.Label{}, NotInForce, "outcome", "outcome", id, "outcome_zh", label.Zh, "outcome_en", label.En,
		"received_on", received.String())
	return Outcome{}, broken.Err()
}

// LabelOf is what any version of the Regulation calls an outcome, the newest first; empty for one that none has.
func LabelOf(id string) law.Label {
	for _, v := range versions() {
		for _, r := range v.rows() {
			if r.id == id {
				return law.Label{Zh: r.zh, En: r.en}
			}
		}
	}
	return law.Label{}
}

// governing is the version of the Regulation that governs a request; nothing before the first.
func governing(received workday.Date) law.Citation {
	for _, act := range []law.Act{law.R2007, law.R2019} {
		if act.InForce().Covers(received.String()) {
			return law.Citation{Act: act}
		}
	}
	return law.Citation{}
}
