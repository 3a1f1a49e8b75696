package appeal

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// What an appeal that was lodged is marked with, and until when it could be: each limit counted by hand.
func TestLodged(t *testing.T) {
	day := func(s string) (d workday.Date) {
		if s != "" {
			if _, err := fmt.Sscanf(s, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
				t.Fatal(err)
			}
		}
		return d
	}
	days, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	known := deadline.Act{On: day("2025-06-10"), KnownOn: day("2025-06-12")}
	silent := deadline.Act{On: day("2025-06-10"), NoAnswer: true}
	reviewed := deadline.Reconsideration{AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03"), DecisionKnownOn: day("2025-08-20")}
	undecided := deadline.Reconsideration{AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03")}
	for what, c := range map[string]struct {
		in    Lodged
		until string // of the appellant; none
		want  string
	}{
		// 2023 art. 20(1): 60 days from 12 June end on 11 August, a Monday.
		"on the last day":     {Lodged{Way: ByReconsideration, Act: known, AppliedOn: day("2025-08-11"), AcceptedOn: day("2025-08-13")}, "2025-08-11", ""},
		"a day late":          {Lodged{Way: ByReconsideration, Act: known, AppliedOn: day("2025-08-12"), AcceptedOn: day("2025-08-13")}, "2025-08-11", "APPEAL_AFTER_LIMIT no_effect"},
		"accepted after it":   {Lodged{Way: ByReconsideration, Act: known, AcceptedOn: day("2025-08-12")}, "2025-08-11", "APPEAL_DAY_UNKNOWN unfinished"},
		"accepted before it":  {Lodged{Way: ByReconsideration, Act: known, AcceptedOn: day("2025-08-11")}, "2025-08-11", ""},
		"of no known act":     {Lodged{Way: ByReconsideration, AcceptedOn: day("2025-08-11")}, "", ""},
		"of no answer at all": {Lodged{Way: ByReconsideration, OfAnswer: true, AcceptedOn: day("2025-08-11")}, "", "APPEAL_WITHOUT_ANSWER unfinished"},
		// Litigation Law art. 46(1): six months from 12 June end on 12 December, a Friday.
		"sued on the last day": {Lodged{Way: BySuit, Act: known, Outcome: "not_held", AppliedOn: day("2025-12-12"), AcceptedOn: day("2025-12-15")}, "2025-12-12", ""},
		"sued a day late":      {Lodged{Way: BySuit, Act: known, Outcome: "granted", AppliedOn: day("2025-12-13"), AcceptedOn: day("2025-12-15")}, "2025-12-12", "APPEAL_AFTER_LIMIT no_effect"},
		// 2023 art. 23(1) item 4 with 法释〔2025〕8号, from 1 June 2025.
		"sued over a secret":        {Lodged{Way: BySuit, Act: known, Outcome: "denied_state_secret", AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-02")}, "2025-12-12", "RECONSIDERATION_COMES_FIRST unfinished"},
		"sued over part":            {Lodged{Way: BySuit, Act: known, Outcome: "partial", AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-02")}, "2025-12-12", "RECONSIDERATION_RECOMMENDED stands"},
		"a third party sues":        {Lodged{Way: BySuit, Act: known, AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-02")}, "2025-12-12", ""},
		"sued over silence":         {Lodged{Way: BySuit, Act: silent, Outcome: NoAnswer, AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-02")}, "2025-12-10", "RECONSIDERATION_RECOMMENDED stands"},
		"before the period was out": {Lodged{Way: ByReconsideration, Act: silent, AppliedOn: day("2025-06-10"), AcceptedOn: day("2025-06-11")}, "2025-08-11", "APPEAL_BEFORE_PERIOD_ENDED unfinished"},
		"the day after it":          {Lodged{Way: ByReconsideration, Act: silent, AppliedOn: day("2025-06-11"), AcceptedOn: day("2025-06-11")}, "2025-08-11", ""},
		// Litigation Law art. 45: 15 days from receiving the decision of 20 August end on 4 September.
		"sued after it":            {Lodged{Way: BySuitAfterReviewing, Act: known, Reconsideration: reviewed, AppliedOn: day("2025-09-04"), AcceptedOn: day("2025-09-05")}, "2025-09-04", ""},
		"sued after it a day late": {Lodged{Way: BySuitAfterReviewing, Act: known, Reconsideration: reviewed, AppliedOn: day("2025-09-05"), AcceptedOn: day("2025-09-05")}, "2025-09-04", "APPEAL_AFTER_LIMIT no_effect"},
		// Art. 62(1): 60 days from 3 July end on 1 September; none decided, 15 days from then end on 16 September.
		"sued after none was decided": {Lodged{Way: BySuitAfterReviewing, Act: known, Reconsideration: undecided, AppliedOn: day("2025-09-16"), AcceptedOn: day("2025-09-17")}, "2025-09-16", ""},
		// Art. 48: 10 working days from 7 July end on 21 July.
		"replied in time": {
			Lodged{Way: ByReconsideration, Act: known, AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03"), RepliedOn: day("2025-07-21"), Reconsideration: deadline.Reconsideration{AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03"), CopyReceivedOn: day("2025-07-07")}},
			"2025-08-11", "",
		},
		"replied late": {
			Lodged{Way: ByReconsideration, Act: known, AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03"), RepliedOn: day("2025-07-22"), Reconsideration: deadline.Reconsideration{AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03"), CopyReceivedOn: day("2025-07-07")}},
			"2025-08-11", "APPEAL_REPLY_LATE stands",
		},
		// Litigation Law art. 67: 15 days from 7 July end on 22 July.
		"defended late": {
			Lodged{Way: BySuit, Act: known, Outcome: "granted", AppliedOn: day("2025-07-01"), AcceptedOn: day("2025-07-03"), RepliedOn: day("2025-07-23"), Suit: deadline.Litigation{FiledOn: day("2025-07-01"), DocketedOn: day("2025-07-03"), CopyReceivedOn: day("2025-07-07")}},
			"2025-12-12", "APPEAL_REPLY_LATE stands",
		},
	} {
		if in := &c.in; in.Way == ByReconsideration && in.Reconsideration.AppliedOn.IsZero() {
			in.Reconsideration.AppliedOn = in.AcceptedOn
		} else if in.Way != ByReconsideration && in.Suit.FiledOn.IsZero() {
			in.Suit.FiledOn = in.AcceptedOn
		}
		got, err := c.in.Limits(days)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		var marks []string
		for _, m := range got.Marks {
			if m.Citation.IsZero() {
				t.Errorf("%s: %s without its article", what, m.Reason)
			}
			marks = append(marks, string(m.Reason)+" "+string(m.Effect))
		}
		until := ""
		if l, ok := got.Find(c.in.limit()); ok {
			until = l.Until.String()
		}
		if until != c.until || strings.Join(marks, ", ") != c.want {
			t.Errorf("%s: until %s, %q; want %s, %q", what, until, marks, c.until, c.want)
		}
	}
}
