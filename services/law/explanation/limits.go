package explanation

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
)

// Limits says the limits of an appeal, by who has to keep them: the last day, how long the period is, from when it runs
// and what of it did not count.
func Limits(l deadline.Limits, say Say) []law.Label {
	var lines []law.Label
	said := map[deadline.Reading]bool{"": true}
	for _, who := range []deadline.Keeper{
		deadline.Applicant, deadline.EitherParty, deadline.AnsweringOrgan, deadline.ReconsiderationBody, deadline.Court,
	} {
		for _, one := range l.Limits {
			if one.Who != who {
				continue
			}
			lines = append(lines, limit(one))
			if !said[one.Reading] {
				lines = append(lines, label("    本系统理解：%s", "    Our reading: %s", one.Reading.Label()))
			}
			said[one.Reading] = true
			lines = append(lines, gaps(one.LeftOut, one.Worked, "    ")...)
		}
	}
	if len(lines) == 0 {
		lines = append(lines, law.Label{Zh: "尚无期限起算。", En: "No period has begun yet."})
	}
	for _, m := range l.Marks {
		lines = append(lines, marked(m, say))
	}
	for _, r := range l.Readings {
		if !said[r] {
			lines = append(lines, label("本系统理解：%s", "Our reading: %s", r.Label()))
		}
	}
	return append(lines, limitsBasis(l)...)
}

// limit is one of them.
func limit(l deadline.Limit) law.Label {
	term := label("%d 日", "%d days", l.Term)
	switch {
	case l.Unit == deadline.InWorkingDays:
		term = label("%d 个工作日", "%d working days", l.Term)
	case l.Unit == deadline.InMonths && l.Term == 12:
		term = law.Label{Zh: "1 年", En: "a year"}
	case l.Unit == deadline.InMonths && l.Term%12 == 0:
		term = label("%d 年", "%d years", l.Term/12)
	case l.Unit == deadline.InMonths:
		term = label("%d 个月", "%d months", l.Term)
	}
	if l.Capped {
		term = label("最长 %s", "at most %s", term)
	}
	more := law.Label{}
	if l.Lost > 0 {
		more = label("，扣除 %d 日%s", ", %d days left out%s", int(l.Lost), placed(l.LostAt))
	}
	if !l.Moved.IsZero() {
		more = label("%s；期满日 %s 为休息日，顺延", "%s; its end, %s, is a day of rest and moves on", more, l.Moved.String())
	}
	return label("%s%s：最迟 %s（自 %s 起 %s，当日不计%s）。%s", "%s: %s by %s (%[5]s from %[4]s, not counting that day%[6]s).%[7]s",
		l.Who.Label(), l.Kind.Label(), dated(l.Until), l.From.String(), term, more, placed(l.Citation))
}

// limitsBasis are the lines of what the limits rest on, each notice once.
func limitsBasis(l deadline.Limits) []law.Label {
	var lines []law.Label
	provisional := false
	for _, one := range l.Limits {
		provisional = provisional || one.Provisional
		for _, line := range basis(one.Notices, false) {
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return append(lines, basis(nil, provisional)...)
}
