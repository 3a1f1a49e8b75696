package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/law"
	"gongkai/services/law/appeal"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// deadlines are the reasons of a case's periods, each with a case that gives it: as an error, or as a mark.
func deadlines(e *env) []provocation {
	t := e.t
	days, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	const asked = `{"kind":"correction_asked","on":"2024-03-05","until":"2024-03-20"}`
	const third = `{"kind":"third_party_asked","on":"2024-03-05"},{"kind":"third_party_received","on":"2024-03-06"}`
	const fee = `{"kind":"fee_notice_sent","on":"2024-03-05"},{"kind":"fee_notice_received","on":"2024-03-06"}`
	const answered = `{"kind":"answered","on":"2024-03-06"}`
	extended := func(on string, n int) string {
		return fmt.Sprintf(`{"kind":"extended","on":%q,"days":%d,"agreed_by":"head"}`, on, n)
	}
	event := func(kind string) string { return fmt.Sprintf(`{"kind":%q,"on":"2024-03-05"}`, kind) }
	var rows []provocation
	for _, r := range []struct{ reason, received, events string }{
		{"RECEIPT_CHANNEL_UNKNOWN", `"receipt":{"channel":"pigeon"}`, ""},
		{"RECEIPT_DATE_MISSING", `"receipt":{"channel":"fax","arrived_on":"2024-03-01"}`, ""},
		{"RECEIPT_DATES_REVERSED", `"receipt":{"channel":"fax","arrived_on":"2024-03-02","confirmed_on":"2024-03-01"}`, ""},
		{"RECEIPT_DATES_DIFFER", `"received_on":"2024-03-02","receipt":{"channel":"in_person","submitted_on":"2024-03-01"}`, ""},
		{"CASE_DATE_INVALID", "", ""},
		{"TOO_MANY_EVENTS", "", strings.Repeat(event("fee_paid")+",", deadline.MaxEvents) + event("fee_paid")},
		{"EVENT_UNKNOWN", "", event("danced")},
		{"EVENT_BEFORE_RECEIPT", "", `{"kind":"withdrawn","on":"2024-02-29"}`},
		{"EVENT_IN_FUTURE", `"received_on":"2024-03-01","as_of":"2024-03-04"`, event("withdrawn")},
		{"EVENT_WITHOUT_FIRST", "", event("corrected")},
		{"EVENT_AFTER_CLOSE", "", answered + `,{"kind":"withdrawn","on":"2024-03-07"}`},
		{"EVENT_DAYS_INVALID", "", extended("2024-03-05", 0)},
		{"LIMIT_NOT_AFTER_EVENT", "", `{"kind":"correction_asked","on":"2024-03-05","until":"2024-03-05"}`},
		{"TERM_UNIT_UNKNOWN", "", answered + `,{"kind":"new_answer_ordered","on":"2024-05-06","days":5,"unit":"weeks"}`},
		{"DELIVERY_CHANNEL_UNKNOWN", "", `{"kind":"answered","delivery":{"channel":"pigeon","sent_on":"2024-03-05"}}`},
		{"DELIVERY_DATE_MISSING", "", `{"kind":"answered","delivery":{"channel":"handed_over","sent_on":"2024-03-05"}}`},
		{"DELIVERY_DATES_REVERSED", "", `{"kind":"answered","delivery":{"channel":"posted","sent_on":"2024-03-05","signed_on":"2024-03-04"}}`},
		{"ANSWER_DATES_DIFFER", "", `{"kind":"answered","on":"2024-03-06","delivery":{"channel":"posted","sent_on":"2024-03-05"}}`},
		{"NEW_ANSWER_BEFORE_ANSWER", "", event("new_answer_ordered")},
		{"CORRECTION_NOTICE_LATE", "", `{"kind":"correction_asked","on":"2024-03-13","until":"2024-03-20"}`},
		{"CORRECTION_NOTICE_AGAIN", "", asked + "," + asked},
		{"CORRECTION_WITHOUT_PERIOD", "", event("correction_asked")},
		{"CORRECTION_AFTER_LIMIT", "", asked + `,{"kind":"corrected","on":"2024-03-21"}`},
		{"ABANDONED_BEFORE_LIMIT", "", asked + `,{"kind":"correction_abandoned","on":"2024-03-20"}`},
		{"STEP_AFTER_DUE", "", `{"kind":"third_party_asked","on":"2024-04-01"}`},
		{"EXTENSION_AFTER_DUE", "", extended("2024-04-01", 5)},
		{"EXTENSION_AGAIN", "", extended("2024-03-05", 5) + "," + extended("2024-03-06", 5)},
		{"EXTENSION_NOT_AGREED", "", `{"kind":"extended","on":"2024-03-05","days":5}`},
		{"EXTENSION_TOO_LONG", "", extended("2024-03-05", 21)},
		{"LATER_DATE_NOT_LATER", "", `{"kind":"delayed","on":"2024-03-05","until":"2024-03-29"}`},
		{"STEP_NOT_IN_VERSION", `"received_on":"2019-05-14"`, `{"kind":"other_organ_asked","on":"2019-05-15"}`},
		{"FEE_NOTICE_AGAIN", "", fee + `,{"kind":"fee_notice_sent","on":"2024-03-07"}`},
		{"FEE_PAID_AFTER_LIMIT", "", fee + `,{"kind":"fee_paid","on":"2024-04-08"}`},
		{"OPINION_AFTER_LIMIT", "", third + `,{"kind":"third_party_answered","on":"2024-03-28"}`},
		{"ASKED_AGAIN_WHILE_OPEN", "", third + `,{"kind":"third_party_asked","on":"2024-03-07"}`},
		{"LETTER_RECEIPT_UNKNOWN", "", event("third_party_asked")},
		{"ANSWER_BY_COURIER", "", `{"kind":"answered","delivery":{"channel":"courier","sent_on":"2024-03-05"}}`},
		{"ANSWERED_LATE", "", `{"kind":"answered","on":"2024-04-01"}`},
		{"NOT_ANSWERED_IN_TIME", `"received_on":"2024-03-01","as_of":"2024-04-01"`, ""},
		{"TERM_NOT_MOVED", "", answered + `,{"kind":"new_answer_ordered","on":"2024-05-06","days":5},` + extended("2024-05-07", 5)},
		{"SAME_ANSWER_AGAIN", "", `{"kind":"answered","on":"2024-03-20","outcome":"denied_process"},{"kind":"new_answer_ordered","on":"2024-05-06"},{"kind":"answered","on":"2024-05-20","outcome":"denied_process"}`},
		{"RECEIPT_NOT_CONFIRMED_SAME_DAY", `"receipt":{"channel":"ordinary_post","arrived_on":"2024-03-01","confirmed_on":"2024-03-04"}`, ""},
	} {
		received := r.received
		if received == "" {
			received = `"received_on":"2024-03-01"`
		}
		var c deadline.Case
		if err := json.Unmarshal([]byte("{"+received+`,"events":[`+r.events+"]}"), &c); err != nil {
			t.Fatalf("%s: %v", r.reason, err)
		}
		if r.reason == "CASE_DATE_INVALID" { // JSON reads no such date
			c.ReceivedOn = workday.Date{Year: 2024, Month: 2, Day: 30}
		}
		timeline, err := deadline.Of(c, days)
		if err != nil && r.reason != "CASE_DATE_INVALID" { // the calculator refuses it
			in := &calculatorv1.Case{}
			e.check(protojson.Unmarshal([]byte("{"+received+`,"events":[`+r.events+"]}"), in))
			rows = append(rows, provocation{reason: r.reason, code: codes.FailedPrecondition, by: e.calling("", &calculatorv1.ComputeTimelineRequest{Case: in})})
			continue
		}
		for _, m := range timeline.Marks {
			if string(m.Reason) == r.reason {
				err = &law.Breach{Violations: []law.Violation{{Reason: m.Reason, Citation: m.Citation, Values: m.Values}}}
			}
		}
		if err == nil {
			t.Errorf("the rule does not give %s", r.reason)
			continue
		}
		rows = append(rows, provocation{r.reason, codes.FailedPrecondition, failing(t, func(context.Context) error { return err }), "the rule gives it to whoever asks it"})
	}
	day := func(m, d int) workday.Date { return workday.Date{Year: 2024, Month: time.Month(m), Day: d} }
	applied := deadline.Reconsideration{AppliedOn: day(3, 1)}
	tooLong := applied
	tooLong.ExtendedDays = 31
	marked := func(l deadline.Limits, err error) error {
		if mark, late := l.MarkIfLate(deadline.ApplyReconsideration, day(6, 3)); late {
			l.Marks = append(l.Marks, mark)
		}
		return deadline.Timeline{Marks: l.Marks}.Breach(-1)
	}
	known, silent := deadline.Act{On: day(3, 1), KnownOn: day(3, 1)}, deadline.Act{On: day(3, 1), NoAnswer: true}
	later := deadline.Act{On: workday.Date{Year: 2025, Month: 7, Day: 1}, KnownOn: workday.Date{Year: 2025, Month: 7, Day: 1}}
	lodged := func(l appeal.Lodged) error {
		if l.Reconsideration.AppliedOn.IsZero() {
			l.Reconsideration.AppliedOn, l.Suit.FiledOn = day(3, 1), day(3, 1)
		}
		limits, err := l.Limits(days)
		var b law.Breach
		for _, m := range limits.Marks {
			b.Violations = append(b.Violations, law.Violation{Reason: m.Reason, Citation: m.Citation, Values: m.Values})
		}
		if err != nil || len(b.Violations) == 0 {
			return err
		}
		return &b
	}
	for reason, a := range map[string]*calculatorv1.Appeal{
		"LIMIT_DATES_REVERSED": {Act: &calculatorv1.AppealedAct{On: "2024-03-02", KnownOn: "2024-03-01"}},
		"APPEAL_BEGIN_UNKNOWN": {Act: &calculatorv1.AppealedAct{}},
		"PROCEDURE_UNKNOWN":    {Litigation: &calculatorv1.Litigation{FiledOn: "2024-03-01", Procedure: "quick"}},
	} {
		rows = append(rows, provocation{reason: reason, code: codes.FailedPrecondition, by: e.calling("", &calculatorv1.ComputeAppealLimitsRequest{Appeal: a})})
	}
	_, unknownResult := appeal.OfSuit("danced")
	for _, r := range []struct {
		reason string
		err    error
	}{
		{"APPEAL_EXTENSION_TOO_LONG", marked(tooLong.Limits(days))},
		{"APPEAL_AFTER_LIMIT", marked(deadline.AppealLimits(deadline.Act{On: day(3, 1), KnownOn: day(3, 1)}, days))},
		{"APPEAL_DAY_UNKNOWN", lodged(appeal.Lodged{Way: appeal.ByReconsideration, Act: known, AcceptedOn: day(12, 2)})},
		{"APPEAL_BEFORE_PERIOD_ENDED", lodged(appeal.Lodged{Way: appeal.ByReconsideration, Act: silent, AppliedOn: day(3, 1)})},
		{"APPEAL_WITHOUT_ANSWER", lodged(appeal.Lodged{Way: appeal.ByReconsideration, OfAnswer: true, AppliedOn: day(3, 1)})},
		{"RECONSIDERATION_COMES_FIRST", lodged(appeal.Lodged{Way: appeal.BySuit, Act: later, Outcome: "denied_process", AppliedOn: workday.Date{Year: 2025, Month: 7, Day: 2}})},
		{"RECONSIDERATION_RECOMMENDED", lodged(appeal.Lodged{Way: appeal.BySuit, Act: known, Outcome: "partial", AppliedOn: day(3, 5)})},
		{"APPEAL_REPLY_LATE", lodged(appeal.Lodged{Way: appeal.ByReconsideration, AppliedOn: day(3, 1), RepliedOn: day(5, 1), Reconsideration: deadline.Reconsideration{AppliedOn: day(3, 1), CopyReceivedOn: day(3, 4)}})},
		{"APPEAL_RESULT_UNKNOWN", unknownResult},
	} {
		if r.err == nil {
			t.Errorf("the rule does not give %s", r.reason)
			continue
		}
		rows = append(rows, provocation{r.reason, codes.FailedPrecondition, failing(t, func(context.Context) error { return r.err }), "the rule gives it to whoever asks it"})
	}
	return rows
}
