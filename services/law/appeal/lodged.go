package appeal

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Way is how an appeal goes: a group of Table 4 of the annual report.
type Way string

// The ways.
const (
	ByReconsideration    Way = "reconsideration"                  // 行政复议
	BySuit               Way = "litigation_direct"                // 未经复议直接起诉
	BySuitAfterReviewing Way = "litigation_after_reconsideration" // 复议后起诉
)

// Reasons of the marks of an appeal that was lodged, beside those of package deadline, with the values that their texts name.
const (
	DayUnknown        law.Reason = "APPEAL_DAY_UNKNOWN"         // date, until
	BeforePeriodEnded law.Reason = "APPEAL_BEFORE_PERIOD_ENDED" // date, due
	WithoutAnswer     law.Reason = "APPEAL_WITHOUT_ANSWER"
	MustComeFirst     law.Reason = "RECONSIDERATION_COMES_FIRST" // outcome_zh, outcome_en
	ShouldComeFirst   law.Reason = "RECONSIDERATION_RECOMMENDED" // outcome_zh, outcome_en
	ReplyLate         law.Reason = "APPEAL_REPLY_LATE"           // date, until
)

// Lodged is an appeal that was accepted or docketed, as its limits see it.
type Lodged struct {
	Way Way
	// Act is what it is about; an act of no day is an answer that was never given, or is not known.
	Act deadline.Act
	// OfAnswer tells that it is about an answer, which therefore must have been given.
	OfAnswer bool
	// Outcome is that of the answer, or [NoAnswer]; empty if it is not the applicant who appeals, or it is about a
	// proactive disclosure.
	Outcome string
	// AppliedOn is the day on which it was applied for, or filed; no date if that is not known.
	AppliedOn  workday.Date
	AcceptedOn workday.Date
	// Reconsideration is how a reconsideration went: that of this appeal, or the one before a suit.
	Reconsideration deadline.Reconsideration
	// Suit is how a suit went.
	Suit deadline.Litigation
	// RepliedOn is the day on which the organ replied, or defended itself; no date if it has not.
	RepliedOn workday.Date
}

// limit is that of the appellant.
func (l Lodged) limit() deadline.LimitKind {
	switch l.Way {
	case BySuit:
		return deadline.FileSuit
	case BySuitAfterReviewing:
		return deadline.SueAfterReconsidering
	}
	return deadline.ApplyReconsideration
}

// Limits are the limits that the appellant, the organ and the body have in an appeal, and the marks of what was not as
// the law has it. An appeal past its limit is marked: whether it is taken is for the body appealed to (2023 art. 30;
// Interpretation of 2018 art. 69). So is a suit before which a reconsideration has to come (art. 23(1)): what a court
// has docketed is a case all the same, which it will dismiss (our reading).
//
// Errors: those of [deadline.AppealLimits], [deadline.Reconsideration.Limits] and [deadline.Litigation.Limits].
func (l Lodged) Limits(days workday.Calendar) (deadline.Limits, error) {
	out, err := l.appellants(days)
	if err != nil {
		return deadline.Limits{}, err
	}
	var own deadline.Limits
	reply := deadline.ReplyToReconsideration
	if l.Way == ByReconsideration {
		own, err = l.Reconsideration.Limits(days)
	} else {
		own, err = l.Suit.Limits(days)
		reply = deadline.DefendSuit
	}
	if err != nil {
		return deadline.Limits{}, err
	}
	out.Limits, out.Marks = append(out.Limits, own.Limits...), append(out.Marks, own.Marks...)
	for _, r := range own.Readings {
		if !slices.Contains(out.Readings, r) {
			out.Readings = append(out.Readings, r)
		}
	}
	if limit, ok := own.Find(reply); ok && l.RepliedOn.After(limit.Until) {
		out.Marks = append(out.Marks, mark(ReplyLate, deadline.Stands, l.RepliedOn, limit.Citation, "date", l.RepliedOn.String(), "until", limit.Until.String()))
	}
	return out, nil
}

// appellants are the limit by which the appellant had to come, and the marks of how it came.
func (l Lodged) appellants(days workday.Calendar) (out deadline.Limits, err error) {
	kind := l.limit()
	known := deadline.Limits{}
	switch {
	case l.Way == BySuitAfterReviewing:
		if !l.Reconsideration.AppliedOn.IsZero() {
			known, err = l.Reconsideration.Limits(days)
		}
	case l.Act.On.IsZero():
		if l.OfAnswer {
			out.Marks = append(out.Marks, mark(WithoutAnswer, deadline.Unfinished, l.AcceptedOn, law.Citation{Act: law.R2019, Article: "51"}))
		}
	default:
		known, err = deadline.AppealLimits(l.Act, days)
	}
	if err != nil {
		return deadline.Limits{}, err
	}
	if limit, ok := known.Find(kind); ok {
		out.Limits, out.Readings = append(out.Limits, limit), known.Readings
		late, isLate := known.MarkIfLate(kind, l.AppliedOn)
		switch {
		case isLate:
			out.Marks = append(out.Marks, late)
		case l.AppliedOn.IsZero() && l.AcceptedOn.After(limit.Until):
			out.Marks = append(out.Marks, mark(DayUnknown, deadline.Unfinished, l.AcceptedOn, limit.Citation, "date", l.AcceptedOn.String(), "until", limit.Until.String()))
		}
	}
	return out, l.order(&out)
}

// order marks what came too early, or before what should have come first.
func (l Lodged) order(out *deadline.Limits) error {
	came := l.AppliedOn
	if came.IsZero() {
		came = l.AcceptedOn
	}
	if l.Act.NoAnswer && !l.Act.RecordCorrection && !l.Act.On.IsZero() && !came.After(l.Act.On) {
		at := law.Citation{Act: law.ReconsiderationRules, Article: "16(1)"}
		if l.Way == BySuit {
			at = law.Citation{Act: law.LitigationInterpretation2018, Article: "66"}
		}
		out.Marks = append(out.Marks, mark(BeforePeriodEnded, deadline.Unfinished, came, at, "date", came.String(), "due", l.Act.On.String()))
	}
	if l.Way != BySuit || l.Outcome == "" || l.Act.On.IsZero() {
		return nil
	}
	first, at, err := ComesFirst(l.Outcome, l.Act.On)
	if err != nil {
		return err
	}
	reason, effect := MustComeFirst, deadline.Unfinished
	switch first {
	case Choice:
		return nil
	case Recommended:
		reason, effect = ShouldComeFirst, deadline.Stands
	}
	name := law.Label{Zh: "逾期不答复", En: "no answer in time"}
	if l.Outcome != NoAnswer {
		name = ground.LabelOf(l.Outcome)
	}
	out.Marks = append(out.Marks, mark(reason, effect, came, at, "outcome_zh", name.Zh, "outcome_en", name.En))
	return nil
}

func mark(r law.Reason, e deadline.Effect, on workday.Date, at law.Citation, kv ...string) deadline.Mark {
	m := deadline.Mark{Reason: r, Effect: e, Event: -1, On: on, Citation: at, Values: make(map[string]string, len(kv)/2)}
	for i := 0; i+1 < len(kv); i += 2 {
		m.Values[kv[i]] = kv[i+1]
	}
	return m
}
