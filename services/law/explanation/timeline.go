package explanation

import (
	"gongkai/services/law"
	"gongkai/services/law/deadline"
)

// Say is what users read of a broken rule, which package law does not know.
type Say func(law.Violation) law.Label

// Timeline says how the time of a case is counted: the day by which it is to be answered, each stretch of time with
// what counted and what did not, the answers, what was not as the law has it, and by which of our readings it counts.
func Timeline(t deadline.Timeline, say Say) []law.Label {
	lines := []law.Label{due(t)}
	lines = append(lines, label("收到申请之日：%s，适用%s。%s", "Received on %s, governed by the %s.%s", dated(t.ReceivedOn), law.Citation{Act: t.Version}.Label(), placed(t.Reception.Citation)))
	said := map[deadline.Reading]bool{"": true}
	for i, s := range t.Segments {
		lines = append(lines, segment(i+1, s))
		if !said[s.Reading] {
			lines = append(lines, label("    本系统理解：%s", "    Our reading: %s", s.Reading.Label()))
		}
		said[s.Reading] = true
		lines = append(lines, gaps(s.LeftOut, s.Worked, "    ")...)
	}
	for _, l := range t.Limits {
		lines = append(lines, label("%s%s最迟：%s。%s", "%s%s by %s.%s", l.Step.Label(), party(l.Party), dated(l.On), placed(l.Citation)))
	}
	for _, a := range t.Answers {
		lines = append(lines, answered(a))
	}
	for _, m := range t.Marks {
		lines = append(lines, marked(m, say))
	}
	for _, r := range t.Readings {
		if said[r] {
			continue
		}
		lines = append(lines, label("本系统理解：%s", "Our reading: %s", r.Label()))
	}
	return append(lines, basis(t.Notices, t.Provisional)...)
}

// due is the result.
func due(t deadline.Timeline) law.Label {
	switch {
	case t.Due.IsZero() && t.State.Closed():
		return label("状态：%s。", "State: %s.", t.State.Label())
	case t.Due.IsZero() && t.State == deadline.Consulting && t.Remaining == 0:
		return label("答复期限尚不能确定（%s），期限已用尽，收到意见之日即应答复。", "The day by which to answer cannot be known yet (%s); no day is left, the answer is due on the day the opinion comes.", t.State.Label())
	case t.Due.IsZero() && t.Remaining == 0:
		return label("答复期限尚不能确定（%s），此后重新计算。", "The day by which to answer cannot be known yet (%s); the period then starts anew.", t.State.Label())
	case t.Due.IsZero():
		return label("答复期限尚不能确定（%s），届时尚余 %d 个工作日。", "The day by which to answer cannot be known yet (%s); %d working days will be left.", t.State.Label(), int(t.Remaining))
	case t.Assumed:
		return label("最迟答复日：%s（%s；按征求意见期满推定，对方可能提前答复）。", "To be answered by %s (%s; if who is asked takes all the time allowed).", dated(t.Due), t.State.Label())
	}
	return label("最迟答复日：%s（%s）。", "To be answered by %s (%s).", dated(t.Due), t.State.Label())
}

// segment is one stretch of time.
func segment(number int, s deadline.Segment) law.Label {
	count := law.Label{}
	if s.Kind.Counts() {
		count = label("，计 %d 日，累计 %d/%d", ", %d days count, %d of %d so far", int(s.Counted), int(s.Total), int(s.Of))
	}
	parties := law.Label{}
	for _, p := range s.Parties {
		parties = label("%s%s", "%s%s", parties, party(p))
	}
	return label("（%d）%s：%s%s%s%s。%s", "(%d) %s: %s%s%s%s.%s", number, span(s.From, s.To), s.Kind.Label(), parties, count, ended(s), placed(s.Citation))
}

// ended is what began and ended a stretch of time.
func ended(s deadline.Segment) law.Label {
	begun, ended := law.Label{}, law.Label{}
	if s.Begun != "" {
		begun = label("；起于：%s", "; begun by: %s", s.Begun.Label())
	}
	if s.Ended != "" {
		ended = label("；止于：%s", "; ended by: %s", s.Ended.Label())
	}
	return label("%s%s", "%s%s", begun, ended)
}

func answered(a deadline.Answer) law.Label {
	known := law.Label{Zh: "送达时间不明", En: "not shown to be known"}
	if !a.KnownOn.IsZero() {
		known = label("申请人知道之日：%s", "known on %s", dated(a.KnownOn))
	}
	verdict := law.Label{Zh: "按期答复", En: "in time"}
	if !a.InTime {
		verdict = label("逾期 %d 个工作日（%d 日）", "late by %d working days (%d days)", int(a.LateBy), int(a.LateByDays))
	}
	return label("答复之日：%s，%s；%s。%s", "Answered on %s, %s; %s.%s", dated(a.AnsweredOn), verdict, known, placed(a.Citation))
}

func marked(m deadline.Mark, say Say) law.Label {
	where := law.Label{}
	if m.Event >= 0 {
		where = label("（第 %d 个事件）", " (event %d)", m.Event+1)
	}
	return label("注意%s：%s——%s", "Note%s: %s — %s", where, say(law.Violation{Reason: m.Reason, Citation: m.Citation, Values: m.Values}), m.Effect.Label())
}

func party(name string) law.Label {
	if name == "" {
		return law.Label{}
	}
	return label("（%s）", " (%s)", name)
}

// placed is a place in the law as a sentence's end; empty for none.
func placed(c law.Citation) law.Label {
	if c.IsZero() {
		return law.Label{}
	}
	return label("（%s）", " (%s)", c.Label())
}
