package deadline

import (
	"fmt"
	"strconv"
	"time"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Reporter is who makes an annual report. The zero Reporter is nobody.
type Reporter int

// The reporters that the law tells apart.
const (
	Department Reporter = iota + 1 // a department of a people's government at county level or above, for itself
	Government                     // the competent department of such a government, for the government
	Township                       // a township's government or a sub-district office
)

// Label is the reporter's name; empty for nobody.
func (r Reporter) Label() law.Label {
	switch r {
	case Department:
		return law.Label{Zh: "县级以上人民政府部门", En: "department at county level or above"}
	case Government:
		return law.Label{Zh: "县级以上人民政府", En: "government at county level or above"}
	case Township:
		return law.Label{Zh: "乡镇人民政府(街道办事处)", En: "township government or sub-district office"}
	}
	return law.Label{}
}

// String is the English name of the reporter.
func (r Reporter) String() string { return r.Label().En }

// Due is the date by which a report has to be published, for a department under R2019 submitted as well.
type Due struct {
	On    workday.Date // the last day on which it is in time
	ByLaw workday.Date // the date without what a leading group set
	// Citation is the place in the law. Reading tells that it does not name this reporter: the date is our reading.
	Citation law.Citation
	Reading  bool
}

// reportRule is the date that a version of the Regulation sets in the year after the one reported on.
type reportRule struct {
	citation law.Citation
	month    time.Month
	day      int
	reading  bool
}

// reportRules is the table of the dates, by the version in force on the day after the year reported on.
func reportRules() map[law.Act]map[Reporter]reportRule {
	// R2007 art. 31: administrative organs of all levels publish theirs by 31 March.
	all := reportRule{law.Citation{Act: law.R2007, Article: "31"}, time.March, 31, false}
	// R2019 art. 49(1): departments submit theirs to the competent department and publish them by 31 January.
	// R2019 art. 49(2): the competent department publishes the government's by 31 March.
	// Our reading: a township, which the article does not name, has its report ready when the departments have.
	january := reportRule{law.Citation{Act: law.R2019, Article: "49(1)"}, time.January, 31, false}
	march := reportRule{law.Citation{Act: law.R2019, Article: "49(2)"}, time.March, 31, false}
	township := january
	township.reading = true
	return map[law.Act]map[Reporter]reportRule{
		law.R2007: {Department: all, Government: all, Township: all},
		law.R2019: {Department: january, Government: march, Township: township},
	}
}

// firstReport is the first year reported on: R2007 came into force in 2008.
const firstReport = 2008

// ReportDue is the date by which the report of a year is due. Set is an earlier date that a leading group has set for
// this kind of reporter; no date where it has not. A township, which no article dates, may also be set a later one,
// up to that of the government's report.
//
// Dates of the law are fixed: "by 31 January" includes the day (our reading of 前), and it does not move where it is
// a day of rest, because it is no period that is counted (Civil Code art. 203 moves the end of periods only).
//
// It returns a [*law.Breach] of [PeriodNotYear], [YearBeforeRegulation], [SetAfterLaw] or [SetWithinPeriod].
func ReportDue(r Reporter, p workday.Period, set workday.Date) (Due, error) {
	broken := law.Under(law.Citation{Act: law.R2019, Article: "49"})
	broken.If(p.Kind() != workday.Year, PeriodNotYear, "period", "period", p.String())
	broken.If(p.Kind() == workday.Year && p.Year() < firstReport, YearBeforeRegulation, "period", "period", p.String(), "first", strconv.Itoa(firstReport))
	if err := broken.Err(); err != nil {
		return Due{}, err
	}
	next := p.Last().AddDays(1)
	for act, rules := range reportRules() {
		if !act.InForce().Covers(next.String()) {
			continue
		}
		rule, ok := rules[r]
		if !ok {
			break
		}
		due := Due{On: rule.in(next.Year), ByLaw: rule.in(next.Year), Citation: rule.citation, Reading: rule.reading}
		limit := due.ByLaw
		if rule.reading {
			limit = rules[Government].in(next.Year)
		}
		return due.set(set, p.Last(), limit)
	}
	return Due{}, fmt.Errorf("find the due date of the report for %s: no rule for reporter %d", p, r)
}

// in is the date of the rule in a year.
func (r reportRule) in(year int) workday.Date {
	return workday.Date{Year: year, Month: r.month, Day: r.day}
}

// set makes another date hold, if it lies after the last day of the period and not after the limit.
func (d Due) set(on, last, limit workday.Date) (Due, error) {
	if on.IsZero() {
		return d, nil
	}
	broken := law.Under(d.Citation)
	broken.If(on.After(limit), SetAfterLaw, "due", "date", on.String(), "due", limit.String())
	broken.If(!on.After(last), SetWithinPeriod, "due", "date", on.String(), "last", last.String())
	if err := broken.Err(); err != nil {
		return Due{}, err
	}
	d.On = on
	return d, nil
}

// DaysLate is the number of calendar days by which something done on a date is late; 0 up to and on the due date.
func DaysLate(d Due, on workday.Date) workday.Days { return max(0, on.DaysSince(d.On)) }
