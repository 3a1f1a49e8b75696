package deadline

import (
	"strconv"
	"strings"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// AppealLimits are the applicant's limits against an answer, or none in time: to apply for reconsideration, and to sue
// directly. Over no answer both run. A limit that nothing has begun yet is left out.
//
// Reconsideration Law of 2023 art. 20(1): 60 days from knowing the act; 20(3): where right, body or period were not
// told, from learning of these, at most a year from knowing the act's content; art. 21: never more than five years after
// the act, over real estate twenty. Of 2017 art. 9(1): 60 days from knowing, rights told later from then (Implementation Rules art. 15(1) item
// 5), without such caps. Rules art. 16(1): over no answer from the end of the reply period; where there is no period,
// from the sixtieth day after receipt.
//
// Litigation Law art. 46(1): six months from knowing; Interpretation of 2018 art. 64(1): period not told, six months
// from learning of it, at most a year from knowing the content; art. 65 and Law art. 46(2): content unknown, five
// years after the act, over real estate twenty; art. 66: over no answer six months from the end of the reply period, art. 47(1) of the Law:
// two months where there is none. Before 2015-05-01: three months (Law of 1989 art. 39); before 2018-02-08 at most two
// years (Interpretation of 2000 art. 41(1)). Time lost without fault does not count: Reconsideration Law of 2023 art. 20(2),
// of 2017 art. 9(2); Litigation Law art. 48(1), of 1989 art. 40.
//
// Our readings: the law in force on the day of the act ([ReadVersionByAct]); a suit whose limit was still open on
// 2015-05-01 has the new one ([ReadSuit2015]).
//
// It returns a [*law.Breach] of [AppealBeginUnknown], [AppealDatesReversed], [DateInvalid] or [TooManyEvents].
func AppealLimits(a Act, days workday.Calendar) (Limits, error) {
	at := law.Citation{Act: law.Reconsideration2023, Article: "20"}
	broken := law.Under(at)
	broken.If(a.On.IsZero(), AppealBeginUnknown, "on")
	err := law.Join(broken.Err(), checkOrder(at, dated{"on", a.On}, dated{"known_on", a.KnownOn}, dated{"rights_known_on", a.RightsKnownOn}),
		checkObstacles(at, a.Obstacles, "obstacles", false))
	if err != nil {
		return Limits{}, err
	}
	c := counter{days: days}
	c.readings.add(ReadVersionByAct)
	c.reconsider(a)
	c.sue(a)
	return c.result()
}

// reconsider adds the limit to apply for reconsideration.
func (c *counter) reconsider(a Act) {
	now := law.Reconsideration2023.InForce().Covers(a.On.String())
	at := func(article string) law.Citation {
		if now {
			return law.Citation{Act: law.Reconsideration2023, Article: article}
		}
		return law.Citation{Act: law.Reconsideration2017, Article: strings.Replace(article, "20", "9", 1)}
	}
	rules := func(article string) law.Citation {
		return law.Citation{Act: law.ReconsiderationRules, Article: article}
	}
	l := Limit{Kind: ApplyReconsideration, From: a.KnownOn, Citation: at("20(1)"), LostAt: at("20(2)")}
	var caps []longest
	if now {
		caps = append(caps, longest{a.On, a.mostMonths(), at("21")})
		if a.RightsNotTold && !a.KnownOn.IsZero() {
			caps = append(caps, longest{a.KnownOn, 12, at("20(3)")})
		}
	}
	switch {
	case a.NoAnswer && a.RecordCorrection:
		l.From, l.Citation, caps = a.On.AddDays(60), rules("16(1) item 2"), nil
	case a.NoAnswer:
		l.From, l.Citation, caps = a.On, rules("16(1) item 1"), nil
		if now {
			c.readings.add(ReadNoAnswerBoth)
			l.Reading = ReadNoAnswerBoth
		}
	case a.RightsNotTold:
		l.From, l.Citation = a.RightsKnownOn, at("20(3)")
		if !now {
			l.Citation = rules("15(1) item 5")
		}
	}
	if !l.From.IsZero() {
		l.run(60, InCalendarDays, a.Obstacles)
	}
	c.capped(l, caps)
}

// mostMonths is the longest time after an act in which it can be appealed, in months: Reconsideration Law of 2023 art.
// 21, Litigation Law art. 46(2), Interpretation of 2000 art. 42.
func (a Act) mostMonths() int {
	if a.RealEstate {
		return 20 * 12
	}
	return 5 * 12
}

// longest is the longest time that a limit may take, in months from a day.
type longest struct {
	from   workday.Date
	months int
	at     law.Citation
}

// capped adds a limit that ends no later than the caps; one that nothing has begun ends with them.
func (c *counter) capped(l Limit, caps []longest) {
	for _, most := range caps {
		if end := most.from.AddMonths(most.months); l.Until.IsZero() || end.Before(l.Until) {
			l.From, l.Until, l.Lost, l.LostAt, l.Capped = most.from, end, 0, law.Citation{}, true
			l.Term, l.Unit, l.Citation = most.months, InMonths, most.at
		}
	}
	if !l.Until.IsZero() {
		c.until(l)
	}
}

// sue adds the limit to sue directly.
func (c *counter) sue(a Act) {
	at := func(act law.Act, article string) law.Citation { return law.Citation{Act: act, Article: article} }
	l := Limit{Kind: FileSuit, From: a.KnownOn, Citation: at(law.Litigation2017, "46(1)")}
	n, old := 6, law.Litigation1989.InForce().Covers(a.On.String())
	interpreted := law.LitigationInterpretation2018.InForce().Covers(a.On.String())
	bar := at(law.Litigation2017, "46(2)")
	l.LostAt = at(law.Litigation2017, "48(1)")
	if old {
		bar, l.LostAt = at(law.LitigationInterpretation2000, "42"), at(law.Litigation1989, "40")
	}
	caps := []longest{{a.On, a.mostMonths(), bar}}
	switch {
	case a.NoAnswer:
		l.From, caps = a.On, nil
		if a.RecordCorrection {
			l.From = a.On.AddMonths(2)
		}
		if interpreted {
			l.Citation = at(law.LitigationInterpretation2018, "66")
		}
	case a.RightsNotTold:
		l.From = a.RightsKnownOn
		untold := suitUntold(a.On, a.KnownOn, 1)
		if l.Citation = untold.at; !a.KnownOn.IsZero() {
			caps = append(caps, untold)
		}
	case a.KnownOn.IsZero():
		l.Citation = bar
	}
	if old && !l.From.IsZero() {
		began := workday.Date{Year: 2015, Month: 5, Day: 1}
		if end := lost(l.From, l.From.AddMonths(3), a.Obstacles); end.Before(began) {
			n = 3
			if !a.RightsNotTold {
				l.Citation = at(law.Litigation1989, "39")
			}
		} else {
			l.Reading = ReadSuit2015
			c.readings.add(ReadSuit2015)
		}
	}
	if !l.From.IsZero() {
		l.run(n, InMonths, a.Obstacles)
	}
	c.capped(l, caps)
}

// suitUntold is the longest time to sue where the period to sue was not told, from knowing the content of an act
// (paragraph 1) or a reconsideration decision (2) of a day: Interpretation of 2018 art. 64, a year; before 2018-02-08
// Interpretation of 2000 art. 41, two.
func suitUntold(on, known workday.Date, paragraph int) longest {
	at := func(act law.Act, article string) law.Citation {
		return law.Citation{Act: act, Article: article + "(" + strconv.Itoa(paragraph) + ")"}
	}
	if law.LitigationInterpretation2018.InForce().Covers(on.String()) {
		return longest{known, 12, at(law.LitigationInterpretation2018, "64")}
	}
	return longest{known, 24, at(law.LitigationInterpretation2000, "41")}
}

// MarkIfLate marks an appeal that was made after its limit: it is for the body appealed to whether to take it. No
// limit, or one that was kept, gives no mark.
func (l Limits) MarkIfLate(k LimitKind, on workday.Date) (Mark, bool) {
	limit, ok := l.Find(k)
	if !ok || !on.After(limit.Until) {
		return Mark{}, false
	}
	return Mark{
		Reason: AppealAfterLimit, Effect: NoEffect, Event: -1, On: on, Citation: limit.Citation,
		Values: map[string]string{"date": on.String(), "until": limit.Until.String()},
	}, true
}
