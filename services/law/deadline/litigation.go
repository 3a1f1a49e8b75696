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
// It returns a [*law.Breach] of [AppealBeginUnknown], [AppealDatesReversed], [DateInvalid] or [ProcedureUnknown].
func (l Litigation) Limits(days workday.Calendar) (Limits, error) {
	at := func(article string) law.Citation { return law.Citation{Act: law.Litigation2017, Article: article} }
	broken := law.Under(at("51"))
	broken.If(l.FiledOn.IsZero(), AppealBeginUnknown, "filed_on")
	broken.If(l.Procedure != "" && l.Procedure != Ordinary && l.Procedure != Simple, ProcedureUnknown, "procedure", "value", string(l.Procedure))
	err := law.Join(broken.Err(),
		checkOrder(at("51"), dated{"filed_on", l.FiledOn}, dated{"docketed_on", l.DocketedOn}, dated{"copy_received_on", l.CopyReceivedOn}),
		checkOrder(at("85"), dated{"filed_on", l.FiledOn}, dated{"judgment_served_on", l.JudgmentServedOn}),
		checkOrder(at("85"), dated{"filed_on", l.FiledOn}, dated{"ruling_served_on", l.RulingServedOn}),
		checkOrder(at("88"), dated{"filed_on", l.FiledOn}, dated{"appeal_received_on", l.AppealReceivedOn}))
	if err != nil {
		return Limits{}, err
	}
	c := counter{days: days}
	if law.Litigation1989.InForce().Covers(l.FiledOn.String()) {
		at = func(article string) law.Citation { return law.Citation{Act: law.Litigation1989, Article: article} }
		c.add(Docket, l.FiledOn, 7, InCalendarDays, at("42"))
		c.add(ServeCopy, l.DocketedOn, 5, InCalendarDays, at("43(1)"))
		c.add(DefendSuit, l.CopyReceivedOn, 10, InCalendarDays, at("43(1)"))
		c.add(FirstInstance, l.DocketedOn, 3, InMonths, at("57"))
		c.add(AppealJudgment, l.JudgmentServedOn, 15, InCalendarDays, at("58"))
		c.add(AppealRuling, l.RulingServedOn, 10, InCalendarDays, at("58"))
		c.add(SecondInstance, l.AppealReceivedOn, 2, InMonths, at("60"))
		return c.result()
	}
	c.add(Docket, l.FiledOn, 7, InCalendarDays, at("51(2)"))
	c.add(ServeCopy, l.DocketedOn, 5, InCalendarDays, at("67(1)"))
	c.add(DefendSuit, l.CopyReceivedOn, 15, InCalendarDays, at("67(1)"))
	if l.Procedure == Simple {
		c.add(FirstInstance, l.DocketedOn, 45, InCalendarDays, at("83"))
	} else {
		c.add(FirstInstance, l.DocketedOn, 6, InMonths, at("81"))
	}
	c.add(AppealJudgment, l.JudgmentServedOn, 15, InCalendarDays, at("85"))
	c.add(AppealRuling, l.RulingServedOn, 10, InCalendarDays, at("85"))
	c.add(SecondInstance, l.AppealReceivedOn, 3, InMonths, at("88"))
	return c.result()
}
