package deadline_test

import (
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// Received on Friday 2024-03-01 the answer is due on 29 March: no holiday lies between, so the twenty days are four weeks.
// Of R2007, received on Monday 2018-05-07, the fifteen end on Monday 28 May. The table was counted by hand; 4 and 5 April
// 2024 (Qingming) are off, Sunday 7 April is worked; 1 to 3 May are off, Sunday 28 April is worked.
func TestSteps(t *testing.T) {
	days := calendar(t)
	for _, row := range []struct{ what, received, events, due, state, marks string }{
		{"plain", "2024-03-01", "", "2024-03-29", "running", ""},
		{"overdue", "2024-03-01", "as_of@2024-04-01", "2024-03-29", "overdue", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"last day", "2024-03-01", "as_of@2024-03-29", "2024-03-29", "running", ""},
		{"answered on the last day", "2024-03-01", "answered@2024-03-29", "2024-03-29", "answered", ""},
		{"answered a day late", "2024-03-01", "answered@2024-04-01", "2024-03-29", "answered", "ANSWERED_LATE:stands"},
		{"posted in time, signed for later", "2024-03-01", "answered,by=posted,sent=2024-03-29,signed=2024-04-02", "2024-03-29", "answered", ""},
		{"sent in time, handed over late", "2024-03-01", "answered,by=handed_over,sent=2024-03-29,signed=2024-04-01", "2024-03-29", "answered", "ANSWERED_LATE:stands"},
		{"by courier, signed for", "2024-03-01", "answered,by=courier,sent=2024-03-28,signed=2024-03-29", "2024-03-29", "answered", "ANSWER_BY_COURIER:stands"},
		{"by courier, never signed for", "2024-03-01", "answered,by=courier,sent=2024-03-28 as_of@2024-04-01", "2024-03-29", "overdue", "ANSWER_BY_COURIER:no_effect NOT_ANSWERED_IN_TIME:unfinished"},

		{"R2007, last day", "2019-05-14", "", "2019-06-04", "running", ""},                                      // 15 to 17, four weeks less: 12 more days to 4 June
		{"first day of R2007, a holiday", "2008-05-01", "", "2008-05-22", "running", ""},                        // Sunday the 4th is worked, then 5 to 9, 12 to 16, 19 to 22
		{"post signed for on a Saturday before a worked Sunday", "2024-02-03", "", "2024-03-06", "running", ""}, // 4 February is worked
		{"confirmed in Spring Festival", "2024-02-11", "", "2024-03-14", "running", ""},                         // the 18th is day 1
		{"R2007, confirmed on a worked Sunday", "2018-02-11", "", "2018-03-08", "running", ""},                  // 12 to 14, 22 to 24, 26 February to 8 March
		{"Spring Festival of 2020, prolonged", "2020-01-20", "", "2020-02-25", "running", ""},                   // 21 to 23 January, then from 3 February
		{"Mid-Autumn and National Day of 2021", "2021-09-18", "", "2021-10-22", "running", ""},                  // 22 to 24, 26 to 30 September, 8, 9, 11 to 15, 18 to 22 October
		{"no fee notice for a request of 2020", "2020-12-31", "fee_notice_sent@2021-01-05", "2021-01-29", "running", "STEP_NOT_IN_VERSION:no_effect"},
		{"extended, then corrected: forty days", "2024-03-01", "extended@2024-03-29,days=20,agreed_by=head correction_asked@2024-04-02,until=2024-04-20 corrected@2024-04-10", "2024-06-06", "running", "CORRECTION_NOTICE_LATE:stands"},
		{"the same again after an order", "2024-03-01", "answered@2024-03-20,outcome=denied_process,article=16(2) new_answer_ordered@2024-06-03 answered@2024-06-20,outcome=denied_process,article=16(2)", "2024-07-02", "answered", "SAME_ANSWER_AGAIN:stands"},
		{"the same on another ground", "2024-03-01", "answered@2024-03-20,outcome=denied_security,article=14 new_answer_ordered@2024-06-03 answered@2024-06-20,outcome=denied_security,article=15", "2024-07-02", "answered", ""},
		{"the same, ground not said", "2024-03-01", "answered@2024-03-20,outcome=denied_process new_answer_ordered@2024-06-03 answered@2024-06-20,outcome=denied_process,article=16(2)", "2024-07-02", "answered", "SAME_ANSWER_AGAIN:stands"},
		{"another outcome", "2024-03-01", "answered@2024-03-20,outcome=denied_process new_answer_ordered@2024-06-03 answered@2024-06-20,outcome=granted", "2024-07-02", "answered", ""},
		{"the same, quashed for its procedure", "2024-03-01", "answered@2024-03-20,outcome=denied_process new_answer_ordered@2024-06-03,procedural answered@2024-06-20,outcome=denied_process", "2024-07-02", "answered", ""},
		{"ordered over no answer", "2024-03-01", "new_answer_ordered@2024-06-03 answered@2024-06-20,outcome=denied_process", "2024-07-02", "answered", ""},
		{"outcomes not said", "2024-03-01", "answered@2024-03-20 new_answer_ordered@2024-06-03 answered@2024-06-20", "2024-07-02", "answered", ""},
		{"other, then the first again", "2024-03-01", "answered@2024-03-20,outcome=denied_process new_answer_ordered@2024-06-03 answered@2024-06-20,outcome=granted new_answer_ordered@2024-09-02,by_court answered@2024-09-10,outcome=denied_process", "2024-09-30", "answered", ""}, // what was quashed last was another; 14 and 29 September are worked
		{"ordered within thirty calendar days", "2024-03-01", "answered@2024-03-20 new_answer_ordered@2024-06-03,days=30,unit=calendar_days", "2024-07-03", "running", ""},
		{"R2007, ordered without a term in 2019", "2018-03-01", "answered@2018-03-20 new_answer_ordered@2019-06-03", "2019-06-25", "running", ""}, // fifteen days after 3 June, Dragon Boat left out
		{"R2019, first day, Dragon Boat on 7 June", "2019-05-15", "", "2019-06-13", "running", ""},

		{"extension", "2024-03-01", "extended@2024-03-29,days=20,agreed_by=head", "2024-04-28", "running", ""},
		{"extension of five days", "2024-03-01", "extended@2024-03-20,days=5,agreed_by=head", "2024-04-08", "running", ""},
		{"extension told late", "2024-03-01", "extended@2024-04-01,days=20,agreed_by=head", "2024-03-29", "running", "EXTENSION_AFTER_DUE:no_effect"},
		{"second extension", "2024-03-01", "extended@2024-03-20,days=5,agreed_by=head extended@2024-03-21,days=5,agreed_by=head", "2024-04-08", "running", "EXTENSION_AGAIN:no_effect"},
		{"nobody agreed", "2024-03-01", "extended@2024-03-20,days=5", "2024-03-29", "running", "EXTENSION_NOT_AGREED:no_effect"},
		{"too long", "2024-03-01", "extended@2024-03-20,days=30,agreed_by=head", "2024-04-28", "running", "EXTENSION_TOO_LONG:shortened"},
		{"R2007: fifteen more", "2018-05-07", "extended@2018-05-28,days=15,agreed_by=head", "2018-06-19", "running", ""}, // 18 June is Dragon Boat

		{"correction on the seventh day", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 corrected@2024-03-15", "2024-04-15", "running", ""},
		{"correction on the eighth day", "2024-03-01", "correction_asked@2024-03-13,until=2024-03-26 corrected@2024-03-15", "2024-04-15", "running", "CORRECTION_NOTICE_LATE:stands"},
		{"correction without a period", "2024-03-01", "correction_asked@2024-03-12", "", "awaiting_correction", "CORRECTION_WITHOUT_PERIOD:stands"},
		{"correction awaited", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 as_of@2024-03-26", "", "awaiting_correction", ""},
		{"not corrected", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 as_of@2024-03-27", "", "correction_overdue", ""},
		{"corrected late", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 corrected@2024-03-27", "", "correction_overdue", "CORRECTION_AFTER_LIMIT:no_effect"},
		{"corrected late for a good reason", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 corrected@2024-03-27,good_reason", "2024-04-25", "running", ""},
		{"abandoned", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 correction_abandoned@2024-03-27", "", "abandoned", ""},
		{"abandoned too early", "2024-03-01", "correction_asked@2024-03-12,until=2024-03-26 correction_abandoned@2024-03-26", "", "awaiting_correction", "ABANDONED_BEFORE_LIMIT:no_effect"},
		{"correction asked after the due date", "2024-03-01", "correction_asked@2024-04-01,until=2024-04-10 corrected@2024-04-09", "2024-03-29", "running", "STEP_AFTER_DUE:no_effect"},
		{"R2007: corrected after the period set", "2018-05-07", "correction_asked@2018-05-10,until=2018-05-15 corrected@2018-05-23", "2018-06-13", "running", ""},
		{"R2007: asked twice", "2018-05-07", "correction_asked@2018-05-10,until=2018-05-15 correction_asked@2018-05-17,until=2018-05-25 as_of@2018-05-24", "", "awaiting_correction", ""},
		{"R2007: no time for the notice", "2018-05-07", "correction_asked@2018-05-21 corrected@2018-05-23", "2018-06-13", "running", ""},

		// Asked on the 5th day (8 March); 11 to 20 March (8 days) are left out; 15 days from 21 March end on 11 April.
		{"third party answered", "2024-03-01", "third_party_asked@2024-03-08 third_party_received@2024-03-12 third_party_answered@2024-03-20", "2024-04-11", "running", ""},
		// The letter came on 12 March: the fifteen days end on 2 April; 15 days from 3 April (3, 7, 8 to 12, 15 to 19, 22 to 24) end on 24 April.
		{"third party silent", "2024-03-01", "third_party_asked@2024-03-08 third_party_received@2024-03-12", "2024-04-24", "consulting", ""},
		{"third party late", "2024-03-01", "third_party_asked@2024-03-08 third_party_received@2024-03-12 third_party_answered@2024-04-03", "2024-04-24", "running", "OPINION_AFTER_LIMIT:no_effect"},
		{"receipt of the letter unknown", "2024-03-01", "third_party_asked@2024-03-08", "", "consulting", "LETTER_RECEIPT_UNKNOWN:unfinished"},
		{"R2007: no limit", "2018-05-07", "third_party_asked@2018-05-09 third_party_received@2018-05-10", "", "consulting", ""},
		{"R2007: until the opinion", "2018-05-07", "third_party_asked@2018-05-09 third_party_received@2018-05-10 third_party_answered@2018-07-02", "2018-07-19", "running", ""},
		{"co-producer", "2024-03-01", "co_producer_asked@2024-03-08 co_producer_received@2024-03-12 co_producer_answered@2024-03-20", "2024-04-11", "running", ""},
		{"co-producer under R2007", "2018-05-07", "co_producer_asked@2018-05-09", "2018-05-28", "running", "STEP_NOT_IN_VERSION:no_effect"},
		{"another organ", "2024-03-01", "other_organ_asked@2024-03-08 other_organ_answered@2024-03-20", "2024-04-11", "running", ""},
		{"two stops overlap", "2024-03-01", "third_party_asked@2024-03-08,party=A third_party_asked@2024-03-11,party=B third_party_answered@2024-03-20,party=A third_party_answered@2024-03-15,party=B", "2024-04-11", "running", ""},
		{"asked on the last day", "2024-03-01", "third_party_asked@2024-03-29 third_party_answered@2024-04-10", "2024-04-10", "running", ""},
		// Received on 5 February the twentieth day is 8 March: what is asked on it is asked in time, and no day is left afterwards.
		{"no day left: until the opinion", "2024-02-05", "third_party_asked@2024-03-08 third_party_received@2024-03-11 third_party_answered@2024-03-12", "2024-03-12", "running", ""},
		{"no day left: answered on the day of the opinion", "2024-02-05", "third_party_asked@2024-03-08 third_party_received@2024-03-11 third_party_answered@2024-03-12 answered@2024-03-12", "2024-03-12", "answered", ""},
		{"no day left: answered a day after", "2024-02-05", "third_party_asked@2024-03-08 third_party_received@2024-03-11 third_party_answered@2024-03-12 answered@2024-03-13", "2024-03-12", "answered", "ANSWERED_LATE:stands"},
		{"no day left: silence", "2024-02-05", "third_party_asked@2024-03-08 third_party_received@2024-03-11", "2024-04-01", "consulting", ""},
		{"no day left: an opinion on a Saturday", "2024-02-05", "co_producer_asked@2024-03-08 co_producer_received@2024-03-11 co_producer_answered@2024-03-16", "2024-03-18", "consulting", ""},
		{"no day left: the later of two", "2024-02-05", "third_party_asked@2024-03-08,party=a third_party_answered@2024-03-12,party=a other_organ_asked@2024-03-08,party=b other_organ_answered@2024-03-14,party=b", "2024-03-14", "running", ""},
		{"no day left: extended while asking", "2024-02-05", "other_organ_asked@2024-03-08 extended@2024-03-11,days=5,agreed_by=head other_organ_answered@2024-03-12", "2024-03-19", "running", ""},
		{"no day left: nobody knows until when", "2024-02-05", "other_organ_asked@2024-03-08", "", "consulting", ""},
		{"asked a day after the last", "2024-02-05", "third_party_asked@2024-03-11 third_party_received@2024-03-11", "2024-03-08", "running", "STEP_AFTER_DUE:no_effect"},
		{"asked after the due date", "2024-03-01", "third_party_asked@2024-04-01 third_party_answered@2024-04-10", "2024-03-29", "running", "STEP_AFTER_DUE:no_effect"},

		{"later date", "2024-03-01", "delayed@2024-03-29,until=2024-06-28", "2024-06-28", "running", ""},
		{"later date told late", "2024-03-01", "delayed@2024-04-01,until=2024-06-28", "2024-03-29", "running", "STEP_AFTER_DUE:no_effect"},
		{"later date under R2007", "2018-05-07", "delayed@2018-05-10,until=2018-06-28", "2018-05-28", "running", "STEP_NOT_IN_VERSION:no_effect"},

		{"fee paid", "2024-03-01", "fee_notice_sent@2024-03-08 fee_notice_received@2024-03-11 fee_paid@2024-03-15", "2024-04-15", "running", ""},
		{"fee paid on the twentieth day", "2024-03-01", "fee_notice_sent@2024-03-08 fee_notice_received@2024-03-11 fee_paid@2024-04-09", "2024-05-09", "running", ""},
		{"fee paid a day later", "2024-03-01", "fee_notice_sent@2024-03-08 fee_notice_received@2024-03-11 fee_paid@2024-04-10", "", "payment_overdue", "FEE_PAID_AFTER_LIMIT:no_effect"},
		{"fee notice after the due date", "2024-03-01", "fee_notice_sent@2024-04-01", "2024-03-29", "running", "STEP_AFTER_DUE:no_effect"},
		{"fee notice before 2021", "2020-12-31", "fee_notice_sent@2021-01-05", "2021-01-29", "running", "STEP_NOT_IN_VERSION:no_effect"},
		{"fee not paid", "2024-03-01", "fee_notice_sent@2024-03-08 fee_notice_received@2024-03-11 payment_abandoned@2024-04-10", "", "abandoned", ""},

		{"withdrawn", "2024-03-01", "withdrawn@2024-03-08", "2024-03-29", "withdrawn", ""},
		{"new answer, no term", "2024-03-01", "answered@2024-03-28 new_answer_ordered@2024-06-03", "2024-07-02", "running", ""}, // 10 June is Dragon Boat
		{"new answer within 10 working days", "2024-03-01", "answered@2024-03-28 new_answer_ordered@2024-06-03,days=10", "2024-06-18", "running", ""},
		{"new answer within 60 days", "2024-03-01", "answered@2024-03-28 new_answer_ordered@2024-06-03,days=60,unit=calendar_days", "2024-08-02", "running", ""},
		{"the term is not moved", "2024-03-01", "answered@2024-03-28 new_answer_ordered@2024-06-03,days=10 extended@2024-06-04,days=5,agreed_by=head", "2024-06-18", "running", "TERM_NOT_MOVED:no_effect"},
	} {
		tl, err := deadline.Of(parse(t, row.received, row.events), days)
		if err != nil || tl.Due.String() != row.due || string(tl.State) != row.state || marks(tl) != row.marks {
			t.Errorf("%s: due %q, %s, marks %q, %v; want %q, %s, %q", row.what, tl.Due, tl.State, marks(tl), err, row.due, row.state, row.marks)
		}
		if err == nil {
			sound(t, days, tl)
		}
	}
}

// The days of receipt, by each set of rules.
func TestReceive(t *testing.T) {
	for _, row := range []struct {
		channel                           deadline.ReceiptChannel
		submitted, arrived, confirmed, by string
		want, article                     string
		reading                           deadline.Reading
	}{
		{deadline.InPerson, "2024-03-02", "", "", "", "2024-03-02", "31 item 1", ""}, // a Saturday: the day it was handed in all the same
		{deadline.SignedPost, "2024-03-01", "2024-03-05", "", "", "2024-03-05", "31 item 2", ""},
		{deadline.OrdinaryPost, "2024-03-01", "2024-03-05", "2024-03-06", "", "2024-03-06", "31 item 2", ""},
		{deadline.MisdirectedPost, "2024-03-01", "2024-03-05", "2024-03-08", "", "2024-03-05", "31 item 2", ""},
		{deadline.Online, "2024-03-01", "", "2024-03-04", "2024-03-01", "2024-03-04", "31 item 3", ""},
		{deadline.Online, "2024-03-01", "", "", "2024-03-01", "2024-03-01", "31 item 3", deadline.ReadOnlineSystem},
		{deadline.Fax, "", "2024-03-01", "2024-03-04", "", "2024-03-04", "31 item 3", ""},
		{deadline.Mailbox, "", "2019-05-14", "2019-05-16", "", "2019-05-14", "", ""}, // the last day of R2007: the mail system decides
		{deadline.Mailbox, "", "2019-05-15", "2019-05-16", "", "2019-05-16", "31 item 3", ""},
		{deadline.MisdirectedPost, "", "2018-03-05", "2018-03-08", "", "2018-03-08", "", ""},
		{deadline.Fax, "", "2015-11-17", "2015-11-20", "", "2015-11-17", "24(2)", deadline.ReadBeforeReceiptReply},
		{deadline.Fax, "", "2015-11-18", "2015-11-20", "", "2015-11-20", "", ""},
	} {
		got, err := deadline.Receive(deadline.Receipt{Channel: row.channel, SubmittedOn: opt(t, row.submitted), ArrivedOn: opt(t, row.arrived), ConfirmedOn: opt(t, row.confirmed), SystemConfirmedOn: opt(t, row.by)})
		if err != nil || got.On.String() != row.want || got.Citation.Article != row.article || got.Reading != row.reading || !got.Citation.Act.InForce().Covers(row.want) {
			t.Errorf("%+v: %+v, %v", row, got, err)
		}
	}
}

// Words have labels and places of their own; the days of acts are those of package law.
func TestWords(t *testing.T) {
	for i, r := range deadline.Readings() {
		if r.Label().Missing() || r.Label().Zh == string(r) {
			t.Errorf("reading %d, %s, has no label", i, r)
		}
	}
	labels := map[string]bool{}
	for _, k := range deadline.EventKinds() {
		if labels[k.Label().Zh] || k.Label().Zh == string(k) {
			t.Errorf("event %s: %s", k, k.Label().Zh)
		}
		labels[k.Label().Zh] = true
	}
	days := calendar(t)
	for _, act := range []law.Act{law.R2007, law.R2019} {
		from := on(t, act.InForce().From)
		if tl, err := deadline.Of(deadline.Case{ReceivedOn: from}, days); err != nil || tl.Version != act {
			t.Errorf("received on %s: %s, %v", from, tl.Version, err)
		}
		if tl, _ := deadline.Of(deadline.Case{ReceivedOn: from.AddDays(-1)}, days); tl.Version == act {
			t.Errorf("received the day before %s: %s", from, tl.Version)
		}
	}
	if on(t, law.Fees2020.InForce().From) != (workday.Date{Year: 2021, Month: 1, Day: 1}) || on(t, law.Reply2016.InForce().From) != (workday.Date{Year: 2016, Month: 12, Day: 7}) {
		t.Error("the fee measures or the reply of 2016 have another first day")
	}
	if strings.Join([]string{string(deadline.ReceiptChannels()[0]), string(deadline.DeliveryChannels()[0])}, " ") != "in_person handed_over" {
		t.Error("channels")
	}
}
