package explanation

import (
	"gongkai/services/law"
	"gongkai/services/law/fee"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Grounds are the outcomes that a request received on a day can end in.
type Grounds struct {
	On         workday.Date `json:"on"`
	Regulation law.Citation `json:"regulation"` // which governs it
	Outcomes   []Outcome    `json:"outcomes"`
}

// Outcome is what a request can end in; see [ground.Outcome].
type Outcome struct {
	ID      string         `json:"id"`
	Label   law.Label      `json:"label"`
	Grounds []law.Citation `json:"grounds"`
}

// GroundsOn are the grounds for a request received on a day. It returns a [*law.Breach] of [fee.BeforeRegulation] for a
// day before there was a Regulation.
func GroundsOn(on workday.Date) (Grounds, error) {
	g := Grounds{On: on}
	for _, act := range []law.Act{law.R2007, law.R2019} {
		if act.InForce().Covers(on.String()) {
			g.Regulation = law.Citation{Act: act}
		}
	}
	for _, o := range ground.On(on) {
		g.Outcomes = append(g.Outcomes, Outcome{o.ID, o.Label, o.Grounds})
	}
	broken := law.Under(law.Citation{Act: law.R2007})
	broken.If(len(g.Outcomes) == 0, fee.BeforeRegulation, "on", "date", on.String())
	return g, broken.Err()
}

// Explanation lists the outcomes with what each rests on.
func (g Grounds) Explanation() []law.Label {
	lines := []law.Label{label("%s 收到的申请适用%s（本系统理解：收到之日施行的条例适用于全过程）。",
		"A request received on %s is governed by the %s (our reading: the Regulation in force on the day of receipt governs all of it).", g.On.String(), g.Regulation.Label())}
	for _, o := range g.Outcomes {
		lines = append(lines, label("%s [%s]：%s", "%s [%s]: %s", o.Label, o.ID, o.places()))
	}
	return lines
}

func (o Outcome) places() law.Label {
	if len(o.Grounds) == 0 {
		return law.Label{Zh: "无专门条款", En: "no article of its own"}
	}
	var places []law.Label
	for _, c := range o.Grounds {
		places = append(places, c.Label())
	}
	return joined(places, "、", "; ")
}
