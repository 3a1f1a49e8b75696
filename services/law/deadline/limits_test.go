package deadline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"pgregory.net/rapid"
)

// said are limits as "kind until article", those that moved or are capped with a sign.
func said(l deadline.Limits) string {
	var all []string
	for _, one := range l.Limits {
		s := fmt.Sprintf("%s %s %s", one.Kind, one.Until, one.Citation.Article)
		if !one.Moved.IsZero() {
			s += " moved"
		}
		if one.Capped {
			s += " capped"
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

func opt(t testing.TB, s string) workday.Date {
	t.Helper()
	if s == "" {
		return workday.Date{}
	}
	return on(t, s)
}

// Each line was counted on a calendar by hand; the weekday or holiday of an end that moves is said.
func TestAppealLimits(t *testing.T) {
	days := calendar(t)
	for _, row := range []struct {
		what, on, known string
		rights          string // "-": not told and not known
		noAnswer        bool
		record          bool
		want            string
	}{
		{"known on a Monday", "2024-03-01", "2024-03-04", "", false, false, "apply_reconsideration 2024-05-06 20(1) moved, file_suit 2024-09-04 46(1)"},            // 3 May, in the Labour Day holiday
		{"Law of 2017", "2023-12-29", "2023-12-29", "", false, false, "apply_reconsideration 2024-02-27 9(1), file_suit 2024-07-01 46(1) moved"},                   // 29 June is a Saturday
		{"first day of the Law of 2023", "2024-01-01", "2024-01-02", "", false, false, "apply_reconsideration 2024-03-04 20(1) moved, file_suit 2024-07-02 46(1)"}, // 2 March is a Saturday
		{"end in National Day", "2024-08-01", "2024-08-05", "", false, false, "apply_reconsideration 2024-10-08 20(1) moved, file_suit 2025-02-05 46(1)"},          // 4 October; 5 February is worked again
		{"end of a short month", "2023-08-30", "2023-08-31", "", false, false, "apply_reconsideration 2023-10-30 9(1), file_suit 2024-02-29 46(1)"},
		{"rights known later", "2024-03-01", "2024-03-04", "2024-06-03", false, false, "apply_reconsideration 2024-08-02 20(3), file_suit 2024-12-03 64(1)"},
		{"rights known after nearly a year", "2024-03-01", "2024-03-04", "2025-02-10", false, false, "apply_reconsideration 2025-03-04 20(3) capped, file_suit 2025-03-04 64(1) capped"},
		{"rights never told", "2024-03-01", "2024-03-04", "-", false, false, "apply_reconsideration 2025-03-04 20(3) capped, file_suit 2025-03-04 64(1) capped"},
		{"rights never told, Law of 2017", "2020-03-02", "2020-03-02", "-", false, false, "file_suit 2021-03-02 64(1) capped"},
		{"rights known later, Law of 2017", "2020-03-02", "2020-03-02", "2021-02-01", false, false, "file_suit 2021-03-02 64(1) capped, apply_reconsideration 2021-04-02 15(1) item 5"},
		{"not known", "2024-03-01", "", "", false, false, "apply_reconsideration 2029-03-01 21 capped, file_suit 2029-03-01 46(2) capped"},
		{"known after four years and ten months", "2024-03-01", "2029-01-15", "", false, false, "apply_reconsideration 2029-03-01 21 capped, file_suit 2029-03-01 46(2) capped"},
		{"no answer", "2024-03-29", "", "", true, false, "apply_reconsideration 2024-05-28 16(1) item 1, file_suit 2024-09-29 66"},
		{"no answer, 2016", "2016-03-29", "", "", true, false, "apply_reconsideration 2016-05-30 16(1) item 1 moved, file_suit 2016-09-29 46(1)"}, // 28 May is a Saturday
		{"a record not corrected", "2024-03-01", "", "", true, true, "apply_reconsideration 2024-07-01 16(1) item 2 moved, file_suit 2024-11-01 66"},
		{"Law of 1989", "2015-01-05", "2015-01-05", "", false, false, "apply_reconsideration 2015-03-06 9(1), file_suit 2015-04-07 39 moved"}, // 5 April is Qingming
		{"open on 1 May 2015", "2015-02-02", "2015-02-02", "", false, false, "apply_reconsideration 2015-04-03 9(1), file_suit 2015-08-03 46(1) moved"},
		{"first day of the law of 2015", "2015-05-01", "2015-05-04", "", false, false, "apply_reconsideration 2015-07-03 9(1), file_suit 2015-11-04 46(1)"},
		{"rights not told, 2016", "2016-03-01", "2016-03-01", "2018-01-15", false, false, "file_suit 2018-03-01 41(1) capped, apply_reconsideration 2018-03-16 15(1) item 5"},
	} {
		a := deadline.Act{On: on(t, row.on), KnownOn: opt(t, row.known), NoAnswer: row.noAnswer, RecordCorrection: row.record, RightsNotTold: row.rights != ""}
		if row.rights != "-" {
			a.RightsKnownOn = opt(t, row.rights)
		}
		got, err := deadline.AppealLimits(a, days)
		if err != nil {
			t.Errorf("%s: %v", row.what, err)
		}
		want := strings.Split(row.want, ", ")
		have := strings.Split(said(got), ", ")
		slices.Sort(want)
		slices.Sort(have)
		if !slices.Equal(have, want) {
			t.Errorf("%s: %s, want %s", row.what, said(got), row.want)
		}
		for _, l := range got.Limits {
			if !l.Citation.Valid() || l.Kind.Label().Missing() || !days.Working(l.Until) && !l.Provisional {
				t.Errorf("%s: %+v", row.what, l)
			}
		}
	}
}

// Over real estate twenty years take the place of five; a later end than theirs is cut, an earlier one is not.
func TestAppealLimits_RealEstate(t *testing.T) {
	days := calendar(t)
	for want, a := range map[string]deadline.Act{
		"apply_reconsideration 2044-03-01 21 capped, file_suit 2044-03-01 46(2) capped": {On: on(t, "2024-03-01")},
		"file_suit 2034-06-01 42 capped":                                                {On: on(t, "2014-06-01")}, // no such bar in the law of 2017
		"apply_reconsideration 2030-03-18 20(1), file_suit 2030-07-17 46(1)":            {On: on(t, "2024-03-01"), KnownOn: on(t, "2030-01-17")},
	} {
		a.RealEstate = true
		if got, err := deadline.AppealLimits(a, days); err != nil || said(got) != want {
			t.Errorf("%s, %v; want %s", said(got), err, want)
		}
	}
}

func TestAppealLimits_TimeLost(t *testing.T) {
	days := calendar(t)
	a := deadline.Act{On: on(t, "2024-03-01"), KnownOn: on(t, "2024-03-04")}
	lose := func(spans ...string) {
		a.Obstacles = nil
		for _, s := range spans {
			from, to, _ := strings.Cut(s, "/")
			a.Obstacles = append(a.Obstacles, deadline.Obstacle{From: on(t, from), To: on(t, to)})
		}
	}
	for want, spans := range map[string][]string{
		"2024-05-13": {"2024-03-10/2024-03-19"},                          // ten days after 3 May
		"2024-05-17": {"2024-03-15/2024-03-23", "2024-03-10/2024-03-19"}, // overlapping: fourteen
		"2024-05-06": {"2024-05-04/2024-05-20"},                          // after the end: nothing
		"2024-05-08": {"2024-03-01/2024-03-09"},                          // from before: the five days of the period
		"2024-05-14": {"2024-05-02/2024-05-06", "2024-05-08/2024-05-13"}, // the second falls into what the first added: 3 + 5 = 8 May, then 6
	} {
		lose(spans...)
		got, err := deadline.AppealLimits(a, days)
		limit, ok := got.Find(deadline.ApplyReconsideration)
		if err != nil || !ok || limit.Until.String() != want {
			t.Errorf("%v lost: %+v, %v, want %s", spans, limit, err, want)
		}
	}
	if _, late := (deadline.Limits{}).MarkIfLate(deadline.FileSuit, on(t, "2024-03-01")); late {
		t.Error("late without a limit")
	}
}

func TestReconsiderationLimits(t *testing.T) {
	days := calendar(t)
	span := func(from, to string) []deadline.Obstacle {
		return []deadline.Obstacle{{From: opt(t, from), To: opt(t, to)}}
	}
	for _, row := range []struct {
		what string
		r    deadline.Reconsideration
		want []string
	}{
		{"2023, ordinary", deadline.Reconsideration{AppliedOn: on(t, "2024-02-05"), AcceptedOn: on(t, "2024-02-06"), CopyReceivedOn: on(t, "2024-02-08"), DecisionKnownOn: on(t, "2024-04-01")}, []string{
			"examine_application 2024-02-18 30(1)", // 6, 7, 8, 9, then the worked Sunday after the holiday
			"ask_for_correction 2024-02-18 31(1)",
			"send_copy 2024-02-21 48",                     // 7, 8, 9, 18, 19, 20, 21
			"reply_to_reconsideration 2024-02-28 48",      // 9, 18, 19 to 23, 26, 27, 28
			"decide_reconsidering 2024-04-07 62(1) moved", // 6 April, in the Qingming holiday
			"sue_after_reconsidering 2024-04-16 45",
		}},
		{"2023, silent: accepted on the last day of examining", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01")}, []string{
			"examine_application 2024-03-08 30(1)", "ask_for_correction 2024-03-08 31(1)", "send_copy 2024-03-19 48",
			"decide_reconsidering 2024-05-07 62(1)", "sue_after_reconsidering 2024-05-22 45",
		}},
		{"2023, simple", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01"), AcceptedOn: on(t, "2024-03-04"), Procedure: deadline.Simple, CopyReceivedOn: on(t, "2024-03-06"), ExtendedDays: 10}, []string{
			"examine_application 2024-03-08 30(1)", "ask_for_correction 2024-03-08 31(1)", "send_copy 2024-03-07 54(1)",
			"reply_to_reconsideration 2024-03-13 54(1)", "decide_reconsidering 2024-04-03 62(2)", "sue_after_reconsidering 2024-04-18 45",
		}},
		{"2023, turned ordinary", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01"), AcceptedOn: on(t, "2024-03-04"), Procedure: deadline.Simple, TurnedOrdinaryOn: on(t, "2024-03-20")}, []string{
			"examine_application 2024-03-08 30(1)", "ask_for_correction 2024-03-08 31(1)", "send_copy 2024-03-07 54(1)",
			"decide_reconsidering 2024-05-06 62(1) moved", "sue_after_reconsidering 2024-05-21 45",
		}},
		{"2023, corrected, extended, suspended", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01"), CorrectionToldOn: on(t, "2024-03-05"), CorrectedOn: on(t, "2024-03-11"), AcceptedOn: on(t, "2024-03-12"), ExtendedDays: 30, Suspensions: span("2024-04-01", "2024-04-16")}, []string{
			"examine_application 2024-03-18 30(1)", "ask_for_correction 2024-03-08 31(1)", "correct_reconsideration 2024-03-19 31(2)", "send_copy 2024-03-21 48",
			"decide_reconsidering 2024-06-25 62(1)", // 12 March + 90 is 10 June, + 15
			"sue_after_reconsidering 2024-07-10 45",
		}},
		{"2023, suspended still", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01"), AcceptedOn: on(t, "2024-03-04"), Suspensions: span("2024-04-01", "")}, []string{
			"examine_application 2024-03-08 30(1)", "ask_for_correction 2024-03-08 31(1)", "send_copy 2024-03-13 48", "end_suspension 2024-05-31 41 item 5",
		}},
		{"2023, decision that does not tell the period to sue", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01"), AcceptedOn: on(t, "2024-03-04"), DecisionKnownOn: on(t, "2024-04-08"), RightsNotTold: true}, []string{
			"examine_application 2024-03-08 30(1)", "ask_for_correction 2024-03-08 31(1)", "send_copy 2024-03-13 48", "decide_reconsidering 2024-05-06 62(1) moved",
			"sue_after_reconsidering 2025-04-08 64(2) capped",
		}},
		{"2023, the period to sue known later", deadline.Reconsideration{AppliedOn: on(t, "2024-03-01"), AcceptedOn: on(t, "2024-03-04"), DecisionKnownOn: on(t, "2024-04-08"), RightsNotTold: true, RightsKnownOn: on(t, "2024-09-02")}, []string{
			"examine_application 2024-03-08 30(1)", "ask_for_correction 2024-03-08 31(1)", "send_copy 2024-03-13 48", "decide_reconsidering 2024-05-06 62(1) moved",
			"sue_after_reconsidering 2024-09-18 64(2) moved", // 17 September is Mid-Autumn
		}},
		// 湖北省高级人民法院，2015年裁定：2011年12月的复议决定未告知诉权，最长两年，2014年12月起诉已逾期。
		{"2017, before 2018: two years", deadline.Reconsideration{AppliedOn: on(t, "2011-10-17"), AcceptedOn: on(t, "2011-10-17"), DecisionKnownOn: on(t, "2011-12-19"), RightsNotTold: true, RightsKnownOn: on(t, "2014-11-20")}, []string{
			"ask_for_correction 2011-10-24 29", "examine_application 2011-10-24 17(1)", "send_copy 2011-10-26 23(1)", "decide_reconsidering 2011-12-16 31(1)",
			"sue_after_reconsidering 2013-12-19 41(2) capped",
		}},
		{"2017: accepted when received; ten days to reply are calendar days", deadline.Reconsideration{AppliedOn: on(t, "2023-09-25"), CopyReceivedOn: on(t, "2023-09-27"), OpinionOn: on(t, "2023-10-09")}, []string{
			"ask_for_correction 2023-10-08 29", "examine_application 2023-10-08 17(1)", // 26 to 28, then the worked 7 and 8 October
			"send_copy 2023-10-10 23(1)", "reply_to_reconsideration 2023-10-07 23(1)", // a worked Saturday
			"decide_reconsidering 2023-11-24 31(1)", "sue_after_reconsidering 2023-12-11 45 moved", "report_on_opinion 2023-12-08 57(1)",
		}},
	} {
		got, err := row.r.Limits(days)
		have := strings.Split(said(got), ", ")
		slices.Sort(have)
		slices.Sort(row.want)
		if err != nil || !slices.Equal(have, row.want) {
			t.Errorf("%s: %v\n got %s\nwant %s", row.what, err, strings.Join(have, ", "), strings.Join(row.want, ", "))
		}
	}
}

func TestLitigationLimits(t *testing.T) {
	days := calendar(t)
	spans := func(texts ...string) []deadline.Obstacle {
		var all []deadline.Obstacle
		for _, s := range texts {
			from, to, _ := strings.Cut(s, "/")
			all = append(all, deadline.Obstacle{From: on(t, from), To: opt(t, to)})
		}
		return all
	}
	for _, row := range []struct {
		what string
		l    deadline.Litigation
		want []string
	}{
		{"ordinary", deadline.Litigation{FiledOn: on(t, "2024-03-01"), DocketedOn: on(t, "2024-03-08"), CopyReceivedOn: on(t, "2024-03-12"), JudgmentServedOn: on(t, "2024-09-06"), AppealReceivedOn: on(t, "2024-09-20")}, []string{
			"docket 2024-03-08 51(2)", "serve_copy 2024-03-13 67(1)", "defend_suit 2024-03-27 67(1)", "first_instance 2024-09-09 81 moved", // 8 September is a Sunday
			"appeal_judgment 2024-09-23 85 moved", // 21 September is a Saturday
			"second_instance 2024-12-20 88",
		}},
		{"simple, with a ruling", deadline.Litigation{FiledOn: on(t, "2024-03-01"), DocketedOn: on(t, "2024-03-04"), Procedure: deadline.Simple, RulingServedOn: on(t, "2024-04-08")}, []string{
			"docket 2024-03-08 51(2)", "serve_copy 2024-03-11 67(1) moved", "first_instance 2024-04-18 83", "appeal_ruling 2024-04-18 85",
		}},
		{"suspended and resumed", deadline.Litigation{FiledOn: on(t, "2024-03-01"), DocketedOn: on(t, "2024-03-08"), CopyReceivedOn: on(t, "2024-03-12"), Suspensions: spans("2024-04-01/2024-05-31")}, []string{
			"docket 2024-03-08 51(2)", "serve_copy 2024-03-13 67(1)", "defend_suit 2024-03-27 67(1)", "first_instance 2024-11-07 81", // 8 September and 60 days
		}},
		{"suspended still", deadline.Litigation{FiledOn: on(t, "2024-03-01"), DocketedOn: on(t, "2024-03-08"), Suspensions: spans("2024-04-01/")}, []string{
			"docket 2024-03-08 51(2)", "serve_copy 2024-03-13 67(1)", "end_suit 2024-07-01 88(2) moved", // 30 June is a Sunday
		}},
		{"simple, suspended over the due date", deadline.Litigation{FiledOn: on(t, "2024-03-01"), DocketedOn: on(t, "2024-03-04"), Procedure: deadline.Simple, Suspensions: spans("2024-04-15/2024-04-25")}, []string{
			"docket 2024-03-08 51(2)", "serve_copy 2024-03-11 67(1) moved", "first_instance 2024-04-28 83", // a worked Sunday
		}},
		{"suspended in either instance", deadline.Litigation{FiledOn: on(t, "2024-03-01"), DocketedOn: on(t, "2024-03-08"), JudgmentServedOn: on(t, "2024-07-01"), AppealReceivedOn: on(t, "2024-07-10"), Suspensions: spans("2024-04-01/2024-04-11", "2024-08-01/2024-08-21")}, []string{
			"docket 2024-03-08 51(2)", "serve_copy 2024-03-13 67(1)", "first_instance 2024-09-18 81", // 8 September and 10
			"appeal_judgment 2024-07-16 85", "second_instance 2024-10-30 88", // 10 October and 20
		}},
		{"suspended before the Interpretation of 2018", deadline.Litigation{FiledOn: on(t, "2017-03-01"), DocketedOn: on(t, "2017-03-06"), Suspensions: spans("2017-04-05/")}, []string{
			"docket 2017-03-08 51(2)", "serve_copy 2017-03-13 67(1) moved", "end_suit 2017-07-04 52(2)",
		}},
		{"Law of 1989", deadline.Litigation{FiledOn: on(t, "2015-04-30"), DocketedOn: on(t, "2015-05-04"), CopyReceivedOn: on(t, "2015-05-06")}, []string{
			"docket 2015-05-07 42", "serve_copy 2015-05-11 43(1) moved", "defend_suit 2015-05-18 43(1) moved", "first_instance 2015-08-04 57",
		}},
		{"first day of the amended law", deadline.Litigation{FiledOn: on(t, "2015-05-01")}, []string{"docket 2015-05-08 51(2)"}},
	} {
		got, err := row.l.Limits(days)
		have := strings.Split(said(got), ", ")
		slices.Sort(have)
		slices.Sort(row.want)
		if err != nil || !slices.Equal(have, row.want) {
			t.Errorf("%s: %v\n got %s\nwant %s", row.what, err, strings.Join(have, ", "), strings.Join(row.want, ", "))
		}
	}
}

// Whatever a court suspends, no limit ends earlier for it, and each ends on a working day or is provisional; the days left
// out of both instances are no more than those suspended.
func TestLitigationLimits_SuspensionNeverShortens(t *testing.T) {
	days := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		first := workday.Date{Year: 2015, Month: 5, Day: 1}
		l := deadline.Litigation{FiledOn: first.AddDays(rapid.IntRange(0, 3500).Draw(t, "filed"))}
		l.DocketedOn = l.FiledOn.AddDays(rapid.IntRange(0, 10).Draw(t, "docketed"))
		if rapid.Bool().Draw(t, "appealed") {
			l.AppealReceivedOn = l.DocketedOn.AddDays(rapid.IntRange(20, 200).Draw(t, "appeal"))
		}
		plain, err := l.Limits(days)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for range rapid.IntRange(1, 4).Draw(t, "suspensions") {
			from := l.DocketedOn.AddDays(rapid.IntRange(0, 300).Draw(t, "from"))
			n := rapid.IntRange(0, 80).Draw(t, "days")
			total += n
			l.Suspensions = append(l.Suspensions, deadline.Obstacle{From: from, To: from.AddDays(n)})
		}
		got, err := l.Limits(days)
		if err != nil || len(got.Limits) != len(plain.Limits) {
			t.Fatalf("%+v, %v", got, err)
		}
		left := 0
		for _, before := range plain.Limits {
			after, ok := got.Find(before.Kind)
			left += int(after.Lost)
			if !ok || after.Until.Before(before.Until) || !days.Working(after.Until) {
				t.Fatalf("%s until %s, was %s", before.Kind, after.Until, before.Until)
			}
		}
		if left > total {
			t.Fatalf("%d days left out of %d", left, total)
		}
	})
}

func TestLimits_Refused(t *testing.T) {
	days := calendar(t)
	_, noBegin := deadline.AppealLimits(deadline.Act{}, days)
	_, reversed := deadline.AppealLimits(deadline.Act{On: on(t, "2024-03-02"), KnownOn: on(t, "2024-03-01")}, days)
	_, noDay := deadline.AppealLimits(deadline.Act{On: workday.Date{Year: 2024, Month: 2, Day: 30}}, days)
	_, many := deadline.AppealLimits(deadline.Act{On: on(t, "2024-03-02"), Obstacles: make([]deadline.Obstacle, 51)}, days)
	_, procedure := deadline.Reconsideration{AppliedOn: on(t, "2024-03-02"), Procedure: "quick"}.Limits(days)
	_, untold := deadline.Reconsideration{AppliedOn: on(t, "2024-03-02"), DecisionKnownOn: on(t, "2024-04-08"), RightsKnownOn: on(t, "2024-04-07")}.Limits(days)
	_, backwards := deadline.Litigation{FiledOn: on(t, "2024-03-02"), Suspensions: []deadline.Obstacle{{From: on(t, "2024-04-02"), To: on(t, "2024-04-01")}}}.Limits(days)
	for _, err := range []error{untold, backwards} {
		if got := law.Reasons(err); len(got) != 1 || got[0] != deadline.AppealDatesReversed {
			t.Errorf("dates reversed: %v", err)
		}
	}
	_, order := deadline.Litigation{FiledOn: on(t, "2024-03-02"), DocketedOn: on(t, "2024-03-01")}.Limits(days)
	_, beyond := deadline.Litigation{FiledOn: on(t, "2100-12-30")}.Limits(days)
	for want, err := range map[law.Reason]error{
		deadline.AppealBeginUnknown: noBegin, deadline.AppealDatesReversed: reversed, deadline.DateInvalid: noDay, deadline.TooManyEvents: many,
		deadline.ProcedureUnknown: procedure, workday.OutsideCalendar: beyond,
	} {
		if got := law.Reasons(err); len(got) == 0 || got[0] != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if got := law.Reasons(order); len(got) != 1 || got[0] != deadline.AppealDatesReversed {
		t.Errorf("docketed before filed: %v", order)
	}
}
