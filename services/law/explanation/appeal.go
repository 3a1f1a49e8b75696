package explanation

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/appeal"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Appeal is where to turn to over an answer.
type Appeal struct {
	On       workday.Date  `json:"on"` // the day of the answer, or the last one of the period that had none
	Organ    appeal.Organ  `json:"organ"`
	Bodies   []appeal.Body `json:"bodies"` // of several the applicant chooses
	Citation law.Citation  `json:"citation"`
	// Outcome is what the answer was; may be empty. First tells what then comes first, and where that stands.
	Outcome       string       `json:"outcome,omitempty"`
	First         appeal.First `json:"first,omitempty"`
	FirstCitation law.Citation `json:"first_citation,omitzero"`
}

// AppealOver is where to turn to over an organ's answer of a day; the outcome may be empty. Errors: those of
// [appeal.Bodies] and [appeal.ComesFirst], together.
func AppealOver(o appeal.Organ, on workday.Date, outcome string) (Appeal, error) {
	a := Appeal{On: on, Organ: o, Outcome: outcome}
	var bodies, first error
	a.Bodies, a.Citation, bodies = appeal.Bodies(o, on)
	if outcome != "" && !slices.Contains(law.Reasons(bodies), appeal.LawUnknown) { // which would be told twice
		a.First, a.FirstCitation, first = appeal.ComesFirst(outcome, on)
	}
	return a, law.Join(bodies, first)
}

// Explanation says it for the end of an answer.
func (a Appeal) Explanation() []law.Label {
	var bodies []law.Label
	for _, b := range a.Bodies {
		bodies = append(bodies, b.Label())
	}
	lines := []law.Label{label("行政复议机关：%s。%s", "Reconsideration is heard by %s.%s", joined(bodies, "或者", " or "), placed(a.Citation))}
	if a.First != "" {
		name := law.Label{Zh: "逾期不答复", En: "No answer in time"}
		if a.Outcome != appeal.NoAnswer {
			name = ground.LabelOf(a.Outcome)
		}
		lines = append(lines, label("%s：%s。%s", "%s: %s.%s", name, a.First.Label(), placed(a.FirstCitation)))
	}
	lines = append(lines, label("适用 %s 施行的法律（本系统理解：以行政行为作出之日为准；逾期不答复的，以答复期限届满之日为准）。",
		"By the law in force on %s (our reading: that of the day of the act, over no answer that of the last day of the period).", a.On.String()))
	if law.R2019.InForce().Covers(a.On.String()) {
		lines = append(lines, label("也可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报。%s",
			"A complaint is open too, to the organ one level up or to the competent department.%s", placed(law.Citation{Act: law.R2019, Article: "51"})))
	}
	return lines
}
