package deadline_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// An act known on 4 March 2024: 60 days end in the Labour Day holiday, on 6 May, the first working day after it.
func TestAppeal_Limits(t *testing.T) {
	days := calendar(t)
	act := &deadline.Act{On: on(t, "2024-03-01"), KnownOn: on(t, "2024-03-04")}
	applied := func(day string) *deadline.Reconsideration {
		return &deadline.Reconsideration{AppliedOn: on(t, day), AcceptedOn: on(t, day), DecisionKnownOn: on(t, "2024-06-03")}
	}
	for _, row := range []struct {
		what        string
		appeal      deadline.Appeal
		limit       deadline.LimitKind
		want, marks string
	}{
		{"in time, on the last day", deadline.Appeal{Act: act, Reconsideration: applied("2024-05-06")}, deadline.SueAfterReconsidering, "2024-06-18", ""},
		{"a day late", deadline.Appeal{Act: act, Reconsideration: applied("2024-05-07")}, deadline.ApplyReconsideration, "2024-05-06", "APPEAL_AFTER_LIMIT 2024-05-07"},
		{"sued directly, on the last day", deadline.Appeal{Act: act, Litigation: &deadline.Litigation{FiledOn: on(t, "2024-09-04")}}, deadline.FileSuit, "2024-09-04", ""},
		{"sued directly, a day late", deadline.Appeal{Act: act, Litigation: &deadline.Litigation{FiledOn: on(t, "2024-09-05")}}, deadline.Docket, "2024-09-12", "APPEAL_AFTER_LIMIT 2024-09-05"},
		{"after reconsideration six months do not help", deadline.Appeal{Act: act, Reconsideration: applied("2024-04-01"), Litigation: &deadline.Litigation{FiledOn: on(t, "2024-06-19")}}, deadline.SueAfterReconsidering, "2024-06-18", "APPEAL_AFTER_LIMIT 2024-06-19"},
		{"a suit alone", deadline.Appeal{Litigation: &deadline.Litigation{FiledOn: on(t, "2024-09-05")}}, deadline.Docket, "2024-09-12", ""},
	} {
		got, err := row.appeal.Limits(days)
		found, ok := got.Find(row.limit)
		var marks []string
		for _, m := range got.Marks {
			marks = append(marks, string(m.Reason)+" "+m.On.String())
		}
		if err != nil || !ok || found.Until.String() != row.want || strings.Join(marks, ", ") != row.marks {
			t.Errorf("%s: %s until %s, %v, %v; want %s, %s", row.what, found.Kind, found.Until, marks, err, row.want, row.marks)
		}
		if _, direct := got.Find(deadline.FileSuit); direct && row.appeal.Reconsideration != nil {
			t.Errorf("%s: a direct suit's limit beside a reconsideration", row.what)
		}
		for i, l := range got.Limits {
			if l.Term == 0 || l.Unit == "" || l.Who != l.Kind.Keeper() || l.Who.Label().Missing() || i > 0 && l.From.Before(got.Limits[i-1].From) {
				t.Errorf("%s: %+v", row.what, l)
			}
		}
	}
}

// Each part says which of its fields is wrong, all parts at once.
func TestAppeal_Refused(t *testing.T) {
	bad := workday.Date{Year: 2024, Month: 2, Day: 30}
	_, err := deadline.Appeal{
		Act:             &deadline.Act{On: on(t, "2024-03-02"), KnownOn: on(t, "2024-03-01")},
		Reconsideration: &deadline.Reconsideration{AppliedOn: bad},
		Litigation:      &deadline.Litigation{},
	}.Limits(calendar(t))
	var breach *law.Breach
	if !errors.As(err, &breach) {
		t.Fatal(err)
	}
	var fields []string
	for _, v := range breach.Violations {
		if !slices.Contains(fields, v.Field) {
			fields = append(fields, v.Field)
		}
	}
	if got := strings.Join(fields, " "); got != "act.known_on reconsideration.applied_on litigation.filed_on" {
		t.Errorf("fields %s", got)
	}
	if _, err := (deadline.Appeal{}).Limits(calendar(t)); len(law.Reasons(err)) != 1 || law.Reasons(err)[0] != deadline.AppealBeginUnknown {
		t.Errorf("nothing at all: %v", err)
	}
}
