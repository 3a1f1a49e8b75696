package deadline

import (
	"strconv"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// reconsiderationRules is what one version of the law sets for a reconsideration.
type reconsiderationRules struct {
	examineAt, askAt, correctAt, copyAt, simpleCopyAt, decideAt, simpleDecideAt, endAt, opinionAt law.Citation
	correctWithin                                                                                 int  // working days; 0: as the notice says
	replyUnit                                                                                     Unit // of the 10 days to reply
	deemed                                                                                        bool // accepted when the time for examining ends
	simple                                                                                        bool // it has a simple procedure
}

// reconsiderationOn is the version in force on a day.
//
// 2023 art. 88(2): its 3, 5, 7 and 10 days are working days. 2017 art. 40(2): its 5 and 7 days are, its 10 days are not.
func reconsiderationOn(applied workday.Date) reconsiderationRules {
	at := func(article string) law.Citation { return law.Citation{Act: law.Reconsideration2023, Article: article} }
	if law.Reconsideration2023.InForce().Covers(applied.String()) {
		return reconsiderationRules{
			at("30(1)"), at("31(1)"), at("31(2)"), at("48"), at("54(1)"), at("62(1)"), at("62(2)"), at("41 item 5"), at("76"),
			10, InWorkingDays, true, true,
		}
	}
	old := func(article string) law.Citation { return law.Citation{Act: law.Reconsideration2017, Article: article} }
	rules := func(article string) law.Citation {
		return law.Citation{Act: law.ReconsiderationRules, Article: article}
	}
	return reconsiderationRules{
		old("17(1)"), rules("29"), rules("29"), old("23(1)"), old("23(1)"), old("31(1)"), old("31(1)"), rules("42(2)"), rules("57(1)"),
		0, InCalendarDays, false, false,
	}
}

// longestReconsiderationExtension is in calendar days: 2023 art. 62(1), 2017 art. 31(1).
const longestReconsiderationExtension = 30

// Limits are the limits of a reconsideration, by the version in force when it was applied for: the organ's own, the
// applicant's and those of the reconsideration organ.
//
// 2023: examined within 5 working days, else accepted on the last of them (art. 30); correction asked for within 5,
// made within 10 (31); the organ gets a copy within 7, by the simple procedure 3, and replies with its evidence within 10
// or 5 of receiving it (48, 54); decided within 60 days of acceptance, up to 30 more, by the simple procedure 30 without
// more; turned ordinary, 60 from acceptance (62, 55). 2017: accepted when received (17(2)), 7 working days and 10 days to
// reply (23), 60 and up to 30 more to decide (31). Our reading ([ReadSuspension]): days of suspension are not counted.
// A suit: 15 days from receiving the decision, or from the last day of the time to decide (Litigation Law art. 45,
// Reconsideration Law of 2023 art. 34); period not told, from learning of it, at most a year from knowing the decision
// (Interpretation of 2018 art. 64(2); of 2000 art. 41(2), two years). An opinion letter is reported on within 60 days (2023 art. 76, Rules art. 57(1)).
//
// It returns a [*law.Breach] of [AppealBeginUnknown], [AppealDatesReversed], [DateInvalid], [TooManyEvents] or
// [ProcedureUnknown].
func (r Reconsideration) Limits(days workday.Calendar) (Limits, error) {
	at := law.Citation{Act: law.Reconsideration2023, Article: "62"}
	broken := law.Under(at)
	broken.If(r.AppliedOn.IsZero(), AppealBeginUnknown, "applied_on")
	broken.If(r.Procedure != "" && r.Procedure != Ordinary && r.Procedure != Simple, ProcedureUnknown, "procedure", "value", string(r.Procedure))
	broken.If(r.ExtendedDays < 0, AppealExtensionTooLong, "extended_days", "days", strconv.Itoa(r.ExtendedDays), "limit", strconv.Itoa(longestReconsiderationExtension))
	err := law.Join(broken.Err(),
		checkOrder(at, dated{"applied_on", r.AppliedOn}, dated{"correction_told_on", r.CorrectionToldOn}, dated{"corrected_on", r.CorrectedOn}, dated{"accepted_on", r.AcceptedOn}, dated{"copy_received_on", r.CopyReceivedOn}),
		checkOrder(at, dated{"applied_on", r.AppliedOn}, dated{"turned_ordinary_on", r.TurnedOrdinaryOn}, dated{"decision_known_on", r.DecisionKnownOn}, dated{"rights_known_on", r.RightsKnownOn}),
		checkOrder(at, dated{"applied_on", r.AppliedOn}, dated{"opinion_received_on", r.OpinionOn}),
		checkObstacles(at, r.Suspensions, "suspensions", true))
	if err != nil {
		return Limits{}, err
	}
	c, v := counter{days: days}, reconsiderationOn(r.AppliedOn)
	examined := c.add(ExamineApplication, latestOf(r.AppliedOn, r.CorrectedOn), 5, InWorkingDays, v.examineAt)
	c.add(AskForCorrection, r.AppliedOn, 5, InWorkingDays, v.askAt)
	if v.correctWithin > 0 {
		c.add(CorrectReconsideration, r.CorrectionToldOn, v.correctWithin, InWorkingDays, v.correctAt)
	}
	accepted := r.AcceptedOn
	if open := !r.CorrectionToldOn.IsZero() && r.CorrectedOn.IsZero(); accepted.IsZero() && !open {
		if accepted = latestOf(r.AppliedOn, r.CorrectedOn); v.deemed {
			accepted = examined
		}
	}
	simple := v.simple && r.Procedure == Simple && r.TurnedOrdinaryOn.IsZero()
	if quick := v.simple && r.Procedure == Simple; quick {
		c.add(SendCopy, accepted, 3, InWorkingDays, v.simpleCopyAt)
		c.add(ReplyToReconsideration, r.CopyReceivedOn, 5, InWorkingDays, v.simpleCopyAt)
	} else {
		c.add(SendCopy, accepted, 7, InWorkingDays, v.copyAt)
		c.add(ReplyToReconsideration, r.CopyReceivedOn, 10, v.replyUnit, v.copyAt)
	}
	c.decide(r, v, accepted, simple)
	c.add(ReportOnOpinion, r.OpinionOn, 60, InCalendarDays, v.opinionAt)
	return c.result()
}

// decide adds the limit to decide, and that of a suit afterwards.
func (c *counter) decide(r Reconsideration, v reconsiderationRules, accepted workday.Date, simple bool) {
	var end workday.Date
	if !accepted.IsZero() {
		l := Limit{Kind: DecideReconsidering, From: accepted, Citation: v.decideAt}
		term := 60
		switch extra := min(r.ExtendedDays, longestReconsiderationExtension); {
		case simple:
			term, l.Citation = 30, v.simpleDecideAt
		case r.ExtendedDays > extra:
			c.out.Marks = append(c.out.Marks, Mark{
				Reason: AppealExtensionTooLong, Effect: Shortened, Event: -1, Citation: v.decideAt,
				Values: map[string]string{"days": strconv.Itoa(r.ExtendedDays), "limit": strconv.Itoa(longestReconsiderationExtension)},
			})
			fallthrough
		default:
			term += extra
		}
		if len(r.Suspensions) > 0 {
			l.Reading = ReadSuspension
			c.readings.add(ReadSuspension)
		}
		end = c.suspended(l, term, InCalendarDays, r.Suspensions, EndSuspension, 60, v.endAt)
	}
	c.sueAfter(r, end)
}

// sueAfter adds the limit of a suit after a reconsideration that was to be decided by a day.
func (c *counter) sueAfter(r Reconsideration, decidedBy workday.Date) {
	at := law.Citation{Act: law.Litigation2017, Article: "45"}
	if law.Litigation1989.InForce().Covers(latestOf(r.DecisionKnownOn, decidedBy).String()) {
		at = law.Citation{Act: law.Litigation1989, Article: "38(2)"}
	}
	known := r.DecisionKnownOn
	switch {
	case known.IsZero():
		c.add(SueAfterReconsidering, decidedBy, 15, InCalendarDays, at)
	case r.RightsNotTold:
		untold := suitUntold(known, known, 2)
		l := Limit{Kind: SueAfterReconsidering, From: r.RightsKnownOn, Citation: untold.at}
		if !l.From.IsZero() {
			l.run(15, InCalendarDays, nil)
		}
		c.capped(l, []longest{untold})
	default:
		c.add(SueAfterReconsidering, known, 15, InCalendarDays, at)
	}
}

// suspended adds a limit that leaves out the days of suspension. While one goes on, there is no last day but that after
// which the matter ends, so many calendar days after it began, in the cases that the law names: of a reconsideration
// 2023 art. 41 item 5, Rules art. 42(2); of a suit Interpretation of 2018 art. 88(2).
func (c *counter) suspended(l Limit, term int, u Unit, suspensions []Obstacle, ends LimitKind, after int, endAt law.Citation) workday.Date {
	var over []Obstacle
	for _, s := range suspensions {
		if s.To.IsZero() {
			c.add(ends, s.From, after, InCalendarDays, endAt)
			return workday.Date{}
		}
		if s.To.After(s.From) {
			over = append(over, Obstacle{From: s.From, To: s.To.AddDays(-1)})
		}
	}
	l.run(term, u, over)
	return c.until(l)
}
