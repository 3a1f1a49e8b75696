package explanation

import (
	"fmt"
	"strings"
	"time"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// Count is a count of working days.
type Count struct {
	From         workday.Date        `json:"from"` // day 0, which is not counted
	To           workday.Date        `json:"to"`   // the last day, which is
	WorkingDays  workday.WorkingDays `json:"working_days"`
	CalendarDays workday.Days        `json:"calendar_days"`
	// LeftOut are the days of rest in between, Worked the weekend days that a notice makes working days.
	LeftOut     []deadline.Gap   `json:"left_out,omitempty"`
	Worked      []deadline.Gap   `json:"worked,omitempty"`
	Notices     []workday.Notice `json:"notices,omitempty"`
	Provisional bool             `json:"provisional,omitempty"`
}

// CountAfter is the count to the n-th working day after a date. Errors: those of [workday.Calendar.Add].
func CountAfter(from workday.Date, n workday.WorkingDays, days workday.Calendar) (Count, error) {
	to, t, err := days.Add(from, n)
	if err != nil {
		return Count{}, err
	}
	return counted(from, to, n, t), nil
}

// CountBetween is the count from a date to another. Errors: those of [workday.Calendar.Between].
func CountBetween(from, to workday.Date, days workday.Calendar) (Count, error) {
	n, t, err := days.Between(from, to)
	if err != nil {
		return Count{}, err
	}
	return counted(from, to, n, t), nil
}

func counted(from, to workday.Date, n workday.WorkingDays, t workday.Trace) Count {
	c := Count{From: from, To: to, WorkingDays: n, CalendarDays: to.DaysSince(from), Notices: t.Notices, Provisional: t.Provisional}
	for _, d := range t.Days {
		switch {
		case !d.Working:
			c.LeftOut = extended(c.LeftOut, d)
		case d.Why == workday.Adjusted:
			c.Worked = extended(c.Worked, d)
		}
	}
	return c
}

// extended puts a day into the last run, if it goes on there, else into one of its own.
func extended(runs []deadline.Gap, d workday.Day) []deadline.Gap {
	if i := len(runs) - 1; i >= 0 && runs[i].To.AddDays(1) == d.Date && runs[i].Why == d.Why && runs[i].Name == d.Name {
		runs[i].To = d.Date
		return runs
	}
	return append(runs, deadline.Gap{From: d.Date, To: d.Date, Why: d.Why, Name: d.Name})
}

// Explanation says how the count comes about.
func (c Count) Explanation() []law.Label {
	lines := []law.Label{
		label("自%[1]s起第 %[2]d 个工作日：%[3]s。", "The working day number %[2]d after %[1]s is %[3]s.", dated(c.From), int(c.WorkingDays), dated(c.To)),
	}
	if c.To.Before(c.From) {
		lines[0] = label("%[3]s在%[1]s之前 %[2]d 个工作日。", "%[3]s is %[2]d working days before %[1]s.", dated(c.From), -int(c.WorkingDays), dated(c.To))
	}
	lines = append(lines, label("起算当日不计入，自次日起计算；共 %d 个自然日，其中工作日 %d 个（《民法典》第二百零一条）。",
		"The first day does not count, the next one is day 1; of %d days %d are working days (Civil Code art. 201).", abs(int(c.CalendarDays)), abs(int(c.WorkingDays))))
	lines = append(lines, gaps(c.LeftOut, c.Worked, "")...)
	return append(lines, basis(c.Notices, c.Provisional)...)
}

// gaps are the lines of the days that did not count, and of the weekend days that did.
func gaps(leftOut, worked []deadline.Gap, indent string) []law.Label {
	var lines []law.Label
	for _, part := range []struct {
		runs []deadline.Gap
		head law.Label
	}{
		{leftOut, law.Label{Zh: "不计入：", En: "Not counted: "}},
		{worked, law.Label{Zh: "周末计入：", En: "A weekend, but counted: "}},
	} {
		for _, g := range part.runs {
			lines = append(lines, label(indent+"%s%s，%s", indent+"%s%s, %s", part.head, span(g.From, g.To), cause(g.Why, g.Name)))
		}
	}
	return lines
}

// basis are the lines of what a count rests on.
func basis(notices []workday.Notice, provisional bool) []law.Label {
	var lines []law.Label
	for _, n := range notices {
		amends := law.Label{}
		if n.Amends != "" {
			amends = label("，调整%s", ", which changes %s", n.Amends)
		}
		lines = append(lines, label("依据：%[2]d年节假日安排，%[1]s（%[3]s）%[4]s", "By the notice on the holidays of %[2]d, %[1]s (%[3]s)%[4]s", n.Number, n.Year, n.Date.String(), amends))
	}
	if provisional {
		lines = append(lines, workday.Caveat())
	}
	return lines
}

// cause is why a day is what it is, with the holiday's name.
func cause(why workday.Why, name law.Label) law.Label {
	if name.Missing() {
		return why.Label()
	}
	return label("%s（%s）", "%s (%s)", why.Label(), name)
}

// span is a stretch of days, both included.
func span(from, to workday.Date) law.Label {
	switch {
	case to.IsZero():
		return label("%s 起", "from %s on", from.String())
	case from == to:
		return dated(from)
	}
	return label("%s 至 %s", "%s to %s", from.String(), to.String())
}

// dated is a date with its weekday.
func dated(d workday.Date) law.Label {
	zh := [...]string{"日", "一", "二", "三", "四", "五", "六"}
	w := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
	return label("%s（星期%s）", "%s (%s)", d.String(), law.Label{Zh: zh[w], En: w.String()})
}

// label fills one line in both languages. An argument that is a label is taken in the language of the line.
func label(zh, en string, args ...any) law.Label {
	own := func(pick func(law.Label) string) []any {
		filled := make([]any, len(args))
		for i, a := range args {
			if l, ok := a.(law.Label); ok {
				a = pick(l)
			}
			filled[i] = a
		}
		return filled
	}
	return law.Label{
		Zh: fmt.Sprintf(zh, own(func(l law.Label) string { return l.Zh })...),
		En: fmt.Sprintf(en, own(func(l law.Label) string { return l.En })...),
	}
}

// joined puts labels behind each other.
func joined(labels []law.Label, zh, en string) law.Label {
	var both [2][]string
	for _, l := range labels {
		both[0], both[1] = append(both[0], l.Zh), append(both[1], l.En)
	}
	return law.Label{Zh: strings.Join(both[0], zh), En: strings.Join(both[1], en)}
}

func abs(n int) int { return max(n, -n) }
