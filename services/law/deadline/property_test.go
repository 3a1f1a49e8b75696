package deadline_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// drawn is any sequence of events, sound or not.
func drawn(t *rapid.T) deadline.Case {
	first := workday.Date{Year: 2008, Month: 5, Day: 1}
	c := deadline.Case{ReceivedOn: first.AddDays(rapid.IntRange(0, 6600).Draw(t, "received"))}
	for range rapid.IntRange(0, 9).Draw(t, "events") {
		e := deadline.Event{
			Kind:  rapid.SampledFrom(deadline.EventKinds()).Draw(t, "kind"),
			On:    c.ReceivedOn.AddDays(rapid.IntRange(0, 60).Draw(t, "on")),
			Party: rapid.SampledFrom([]string{"", "A"}).Draw(t, "party"),
			Days:  rapid.IntRange(0, 25).Draw(t, "days"), AgreedBy: "head", GoodReason: rapid.Bool().Draw(t, "reason"),
		}
		if rapid.Bool().Draw(t, "limited") {
			e.Until = e.On.AddDays(rapid.IntRange(1, 40).Draw(t, "until"))
		}
		c.Events = append(c.Events, e)
	}
	if rapid.Bool().Draw(t, "asked about a day") {
		c.AsOf = c.ReceivedOn.AddDays(rapid.IntRange(60, 120).Draw(t, "as of"))
	}
	return c
}

// sound holds what every timeline keeps.
func sound(t interface {
	Fatalf(string, ...any)
}, days workday.Calendar, tl deadline.Timeline,
) {
	next := tl.ReceivedOn.AddDays(1)
	for i, s := range tl.Segments {
		open := s.To.IsZero()
		if s.From != next || open && i != len(tl.Segments)-1 || !open && s.To.Before(s.From) {
			t.Fatalf("segment %d from %s to %s, want it from %s: %+v", i, s.From, s.To, next, tl)
		}
		if open {
			break
		}
		next = s.To.AddDays(1)
		counted, err := days.Count(s.From.AddDays(-1), s.To)
		if err != nil || s.Kind.Counts() && s.Counted != counted || !s.Kind.Counts() && s.Counted+workday.WorkingDays(len(s.LeftOut)) != 0 {
			t.Fatalf("segment %d counts %d, want %d: %+v", i, s.Counted, counted, s)
		}
		for _, g := range s.LeftOut {
			for d := g.From; !d.After(g.To); d = d.AddDays(1) {
				if days.Working(d) || d.Before(s.From) || d.After(s.To) {
					t.Fatalf("segment %d leaves out %s", i, d)
				}
			}
		}
		if s.Kind.Counts() && s.Of > 0 && s.Total > s.Of {
			t.Fatalf("segment %d has %d of %d", i, s.Total, s.Of)
		}
	}
	if !tl.Due.IsZero() && tl.Due.After(tl.ReceivedOn) && !tl.Due.Before(next) {
		t.Fatalf("due on %s, laid up to the day before %s", tl.Due, next)
	}
	for _, m := range tl.Marks {
		if m.Reason == "" || m.Effect == "" || m.Effect.Label().Zh == string(m.Effect) {
			t.Fatalf("mark %+v", m)
		}
	}
	if tl.State.Label().Zh == string(tl.State) {
		t.Fatalf("state %q", tl.State)
	}
}

// Any sequence of events is either refused by a breach, or has segments without gaps and overlaps whose counted days are
// the working days.
func TestOf_Sound(t *testing.T) {
	days := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		tl, err := deadline.Of(drawn(t), days)
		if err != nil {
			if law.Reasons(err) == nil {
				t.Fatalf("no breach: %v", err)
			}
			return
		}
		sound(t, days, tl)
	})
}

// The order in which events are listed changes nothing, so neither does that of independent ones of a day.
func TestOf_Order(t *testing.T) {
	days := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		other := c
		other.Events = rapid.Permutation(c.Events).Draw(t, "order")
		a, errA := deadline.Of(c, days)
		b, errB := deadline.Of(other, days)
		for i := range a.Marks {
			a.Marks[i].Event = 0
		}
		for i := range b.Marks {
			b.Marks[i].Event = 0
		}
		if (errA == nil) != (errB == nil) || !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v, %v\n%+v, %v", a, errA, b, errB)
		}
	})
}

// What stops the period never moves the due date back; without a due date it is open how far it moves.
func TestOf_StopsNeverShorten(t *testing.T) {
	days := calendar(t)
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		before, err := deadline.Of(c, days)
		if err != nil || before.Due.IsZero() {
			return
		}
		from := c.ReceivedOn.AddDays(rapid.IntRange(0, 30).Draw(t, "stop from"))
		to := from.AddDays(rapid.IntRange(0, 20).Draw(t, "stop to"))
		stop := rapid.IntRange(0, 3).Draw(t, "stop")
		for _, e := range c.Events { // a second notice would take the answer to the first
			if stop == 2 && e.Kind == deadline.FeeNoticeSent || stop == 3 && e.Kind == deadline.CorrectionAsked {
				return
			}
		}
		switch stop {
		case 0:
			c.Events = append(c.Events, deadline.Event{Kind: deadline.ThirdPartyAsked, On: from, Party: "new"}, deadline.Event{Kind: deadline.ThirdPartyAnswered, On: to, Party: "new"})
		case 1:
			c.Events = append(c.Events, deadline.Event{Kind: deadline.CoProducerAsked, On: from, Party: "new"}, deadline.Event{Kind: deadline.CoProducerReceived, On: to, Party: "new"})
		case 2:
			c.Events = append(c.Events, deadline.Event{Kind: deadline.FeeNoticeSent, On: from}, deadline.Event{Kind: deadline.FeePaid, On: to})
		case 3:
			c.Events = append(c.Events, deadline.Event{Kind: deadline.CorrectionAsked, On: from, Until: to.AddDays(1)}, deadline.Event{Kind: deadline.Corrected, On: to})
		}
		after, err := deadline.Of(c, days)
		if err != nil || len(before.Answers) > 0 { // an answer ends every stop
			return
		}
		if !after.Due.IsZero() && after.Due.Before(before.Due) {
			t.Fatalf("due %s, with a stop %s: %+v", before.Due, after.Due, c)
		}
		if after.Due != before.Due {
			moved++
		}
	})
	if moved == 0 {
		t.Error("no stop moved a date")
	}
}

// FuzzOf reads a case in JSON, as the calculator does.
func FuzzOf(f *testing.F) {
	days := calendar(f)
	for _, text := range []string{
		`{"received_on":"2024-02-05","as_of":"2024-04-01"}`,
		`{"receipt":{"channel":"online","submitted_on":"2024-02-05","system_confirmed_on":"2024-02-05"},"events":[{"kind":"correction_asked","on":"2024-02-06","until":"2024-02-20"},{"kind":"corrected","on":"2024-02-19"}]}`,
		`{"received_on":"2019-05-14","events":[{"kind":"third_party_asked","on":"2019-05-15","party":"A"},{"kind":"third_party_answered","on":"2019-06-10","party":"A"},{"kind":"extended","on":"2019-06-20","days":15,"agreed_by":"head"}]}`,
		`{"received_on":"2024-02-05","events":[{"kind":"answered","delivery":{"channel":"posted","sent_on":"2024-03-12","signed_on":"2024-03-15"}},{"kind":"new_answer_ordered","on":"2024-06-03","days":15,"unit":"calendar_days"}]}`,
		`{"received_on":"2024-02-05","events":[{"kind":"fee_notice_sent","on":"2024-02-06"},{"kind":"delayed","on":"2024-02-07","until":"2024-09-02"}]}`,
		`{"received_on":"2100-12-20"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var c deadline.Case
		if json.Unmarshal(text, &c) != nil {
			return
		}
		tl, err := deadline.Of(c, days)
		if err != nil {
			if law.Reasons(err) == nil {
				t.Fatalf("no breach: %v", err)
			}
			return
		}
		sound(t, days, tl)
		if _, err := json.Marshal(tl); err != nil {
			t.Fatal(err)
		}
	})
}
