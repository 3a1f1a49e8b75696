package deadline

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Limits are the limits of a suit, by the version of the Litigation Law in force when it was filed: the organ's defence,
// both sides' appeal, and the court's own.
//
// Since 2015-05-01: docketed within 7 days (art. 51(2)); the copy goes out within 5 days, the organ answers with its
// evidence within 15 (67(1)); judgment within 6 months (81), by the simple procedure 45 days (83); appeal within 15 days
// of a judgment, 10 of a ruling (85); second instance 3 months (88). The Law of 1989: 7 days (42), 5 and 10 (43), 3 months
// (57), 15 and 10 (58), 2 months (60). Extensions that a higher court grants are not known here.
//
// Interpretation of 2018 art. 50, of 2000 art. 64: days of suspension (中止诉讼) do not count for the judgment, of the
// instance in which they lie. Our reading ([ReadSuitSuspended]): they move no other limit. Art. 88(2), of 2000 art. 52(2):
// after 90 days the suit may end.
//
// It returns a [*law.Breach] of [AppealBeginUnknown], [AppealDatesReversed], [DateInvalid], [TooManyEvents] or
// [ProcedureUnknown].
func (l Litigation) Limits(days workday.Calendar) (Limits, error) {
	at := func(article string) law.Citation { return law.Citation{Act: law.Litigation2017, Article: article} }
	broken := law.Under(at("51"))
	broken.If(l.FiledOn.IsZero(), AppealBeginUnknown, "filed_on")
	broken.If(l.Procedure != "" && l.Procedure != Ordinary && l.Procedure != Simple, ProcedureUnknown, "procedure", "value", string(l.Procedure))
	err := law.Join(broken.Err(),
		checkOrder(at("51"), dated{"filed_on", l.FiledOn}, dated{"docketed_on", l.DocketedOn}, dated{"copy_received_on", l.CopyReceivedOn}),
		checkOrder(at("85"), dated{"filed_on", l.FiledOn}, dated{"judgment_served_on", l.JudgmentServedOn}),
		checkOrder(at("85"), dated{"filed_on", l.FiledOn}, dated{"ruling_served_on", l.RulingServedOn}),
		checkOrder(at("88"), dated{"filed_on", l.FiledOn}, dated{"appeal_received_on", l.AppealReceivedOn}),
		checkObstacles(at("101"), l.Suspensions, "suspensions", true))
	if err != nil {
		return Limits{}, err
	}
	c := counter{days: days}
	if len(l.Suspensions) > 0 {
		c.readings.add(ReadSuitSuspended)
	}
	if law.Litigation1989.InForce().Covers(l.FiledOn.String()) {
		at = func(article string) law.Citation { return law.Citation{Act: law.Litigation1989, Article: article} }
		c.add(Docket, l.FiledOn, 7, InCalendarDays, at("42"))
		c.add(ServeCopy, l.DocketedOn, 5, InCalendarDays, at("43(1)"))
		c.add(DefendSuit, l.CopyReceivedOn, 10, InCalendarDays, at("43(1)"))
		c.instance(FirstInstance, l, 3, InMonths, at("57"))
		c.add(AppealJudgment, l.JudgmentServedOn, 15, InCalendarDays, at("58"))
		c.add(AppealRuling, l.RulingServedOn, 10, InCalendarDays, at("58"))
		c.instance(SecondInstance, l, 2, InMonths, at("60"))
		return c.result()
	}
	c.add(Docket, l.FiledOn, 7, InCalendarDays, at("51(2)"))
	c.add(ServeCopy, l.DocketedOn, 5, InCalendarDays, at("67(1)"))
	c.add(DefendSuit, l.CopyReceivedOn, 15, InCalendarDays, at("67(1)"))
	if l.Procedure == Simple {
		c.instance(FirstInstance, l, 45, InCalendarDays, at("83"))
	} else {
		c.instance(FirstInstance, l, 6, InMonths, at("81"))
	}
	c.add(AppealJudgment, l.JudgmentServedOn, 15, InCalendarDays, at("85"))
	c.add(AppealRuling, l.RulingServedOn, 10, InCalendarDays, at("85"))
	c.instance(SecondInstance, l, 3, InMonths, at("88"))
	return c.result()
}

// instance adds the limit of an instance, without the days of suspension that lie in it: before the appeal was received
// in the first, after it in the second.
func (c *counter) instance(k LimitKind, l Litigation, term int, u Unit, at law.Citation) {
	from, second := l.DocketedOn, k == SecondInstance
	if second {
		from = l.AppealReceivedOn
	}
	if from.IsZero() || c.err != nil {
		return
	}
	if _, err := c.days.Is(from); err != nil {
		c.err = err
		return
	}
	var within []Obstacle
	for _, s := range l.Suspensions {
		if later := !l.AppealReceivedOn.IsZero() && !s.From.Before(l.AppealReceivedOn); later == second {
			within = append(within, s)
		}
	}
	leftOut, endAt := law.Citation{Act: law.LitigationInterpretation2018, Article: "50"}, law.Citation{Act: law.LitigationInterpretation2018, Article: "88(2)"}
	if !law.LitigationInterpretation2018.InForce().Covers(l.FiledOn.String()) {
		leftOut, endAt = law.Citation{Act: law.LitigationInterpretation2000, Article: "64"}, law.Citation{Act: law.LitigationInterpretation2000, Article: "52(2)"}
	}
	c.suspended(Limit{Kind: k, From: from, Citation: at, LostAt: leftOut}, term, u, within, EndSuit, 90, endAt)
}
