package appeal

import (
	"slices"
	"strings"

	"gongkai/services/law"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// First tells whether reconsideration has to come before a suit.
type First string

// What comes first.
const (
	Required    First = "required"    // reconsideration first
	Recommended First = "recommended" // the law leaves it open: a warning, no bar
	Choice      First = "choice"      // the applicant chooses
)

// Label is the rule in a sentence; an unknown one is its own name.
func (f First) Label() law.Label {
	switch f {
	case Required:
		return law.Label{Zh: "应当先申请行政复议，对复议决定不服的再提起行政诉讼", En: "reconsideration has to come first; a suit is open against its decision"}
	case Recommended:
		return law.Label{Zh: "法律规定不明确，建议先申请行政复议", En: "the law leaves it open; reconsideration first is recommended"}
	case Choice:
		return law.Label{Zh: "可以申请行政复议，也可以直接提起行政诉讼", En: "reconsideration or a suit, as the applicant chooses"}
	}
	return law.Label{Zh: string(f), En: string(f)}
}

// NoAnswer is what stands for an outcome where none was given in time.
const NoAnswer = "no_answer"

// underDenial are the outcomes that rest on R2019 arts. 14 to 16.
func underDenial() []string {
	return []string{
		"denied_state_secret", "denied_other_law", "denied_security", "denied_third_party", "denied_internal_affairs",
		"denied_process", "denied_enforcement_file",
	}
}

// ComesFirst tells whether reconsideration has to come before a suit over an outcome, or [NoAnswer], of a day, and where
// that stands.
//
// 2023 art. 23(1) item 4, from 2024-01-01: where an organ does not disclose. 法释〔2025〕8号 art. 1, from 2025-06-01: that
// means refusals under R2019 arts. 14 to 16. Our readings: between the two whatever was not granted, and after it a
// matter of an administrative query, the refused part of a partial answer, and a refusal under R2007, is open: a warning.
// Over no answer art. 23(1) item 3 stands against 法释〔2025〕8号 art. 2(2): open too.
// It returns a [*law.Breach] of [ground.Unknown], or of [LawUnknown].
func ComesFirst(outcome string, on workday.Date) (First, law.Citation, error) {
	broken := law.Under(law.Citation{})
	broken.If(!on.Valid() || !law.Reconsideration2017.InForce().Covers(on.String()) && !law.Reconsideration2023.InForce().Covers(on.String()),
		LawUnknown, "on", "date", on.String())
	broken.If(outcome != NoAnswer && !known(outcome), ground.Unknown, "outcome", "outcome", outcome)
	if err := broken.Err(); err != nil {
		return "", law.Citation{}, err
	}
	withheld := law.Citation{Act: law.Reconsideration2023, Article: "23(1) item 4"}
	granted := outcome == "granted" || outcome == "already_public"
	switch {
	case !law.Reconsideration2023.InForce().Covers(on.String()):
		return Choice, open(on), nil
	case outcome == NoAnswer:
		return Recommended, law.Citation{Act: law.Reconsideration2023, Article: "23(1) item 3"}, nil
	case granted:
		return Choice, open(on), nil
	case !law.DisclosureInterpretation2025.InForce().Covers(on.String()):
		return Recommended, withheld, nil
	case slices.Contains(underDenial(), outcome):
		return Required, withheld, nil
	case outcome == "partial" || strings.HasPrefix(outcome, "denied_"):
		return Recommended, withheld, nil
	}
	return Choice, law.Citation{Act: law.DisclosureInterpretation2025, Article: "1"}, nil
}

// open is where the Regulation opens both ways.
func open(on workday.Date) law.Citation {
	if law.R2019.InForce().Covers(on.String()) {
		return law.Citation{Act: law.R2019, Article: "51"}
	}
	return law.Citation{Act: law.R2007, Article: "33(2)"}
}

// known tells whether either Regulation has an outcome.
func known(outcome string) bool {
	return ground.LabelOf(outcome) != law.Label{}
}
