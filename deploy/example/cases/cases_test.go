package cases_test

import (
	"io/fs"
	"strings"
	"testing"

	"gongkai/deploy/example/cases"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// dues are the days by which the examples are to be answered, counted by hand from the notice for 2024; where it is
// empty the applicant has to act, the case is closed without one, or who is asked has no limit yet.
func dues() map[string]string {
	return map[string]string{
		"received": "2024-03-08", "receipt": "2024-03-08", "answered": "2024-03-08", "withdrawn": "2024-03-08", "concluded_unprocessed": "2024-03-08",
		"correction_asked": "", "corrected": "2024-03-19", "correction_abandoned": "",
		"third_party_asked": "", "third_party_received": "2024-04-02", "third_party_answered": "2024-03-22",
		"co_producer_asked": "", "co_producer_received": "2024-04-01", "co_producer_answered": "2024-03-18",
		"other_organ_asked": "", "other_organ_answered": "2024-03-15",
		"extended": "2024-04-08", "delayed": "2024-05-31",
		"fee_notice_sent": "", "fee_notice_received": "", "fee_paid": "2024-04-10", "payment_abandoned": "",
		"new_answer_ordered": "2024-06-25",
	}
}

// Each example is a case that ends with its step and whose time is counted as it should be.
func TestExamples(t *testing.T) {
	days, err := workday.Official()
	must(t, err)
	steps, want := cases.Steps(), dues()
	files, err := fs.Glob(cases.Files, "*.json")
	must(t, err)
	if len(files) != len(steps) || len(want) != len(steps) {
		t.Errorf("%d examples and %d dates of %d steps", len(files), len(want), len(steps))
	}
	for i, step := range steps {
		text, err := cases.Files.ReadFile(step + ".json")
		must(t, err)
		c, err := cases.Decode(text)
		must(t, err)
		timeline, err := deadline.Of(c, days)
		if err != nil || timeline.Due.String() != want[step] {
			t.Errorf("%s: due on %q, %v; want %q", step, timeline.Due, err, want[step])
		}
		if i >= 2 && string(c.Events[len(c.Events)-1].Kind) != step {
			t.Errorf("%s does not end with its step", step)
		}
	}
}

// The examples of appeals are appeals.
func TestAppeals(t *testing.T) {
	days, err := workday.Official()
	must(t, err)
	for _, name := range cases.Appeals() {
		text, err := cases.Files.ReadFile("appeals/" + name + ".json")
		must(t, err)
		a, err := cases.DecodeAppeal(text)
		must(t, err)
		if l, err := a.Limits(days); err != nil || len(l.Limits) < 2 || len(l.Marks) != 0 {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
}

// A fault is named with its field.
func TestDecode_Refused(t *testing.T) {
	for text, want := range map[string]string{
		`{"events": [{}, {"delivery": {"chanel": 1}}]}`: `"events[1].delivery.chanel": there is no such field, there are channel, sent_on, signed_on`,
		`{"received_on": 20240205}`:                     "received_on: a date is text",
		`{"received_on": "2023-02-29"}`:                 `received_on: "2023-02-29" is not a day`,
		`{"events": {}}`:                                "events: a list",
		`{"receipt": []}`:                               "receipt: an object",
		`{"events": [{"good_reason": "yes"}]}`:          "events[0].good_reason: true or false",
		`{"events": [{"days": 1.5}]}`:                   "events[0].days: a whole number",
		`{"events": [{"days": 1e400}]}`:                 "events[0].days: a whole number",
		`{"events": [{"kind": 3}]}`:                     "events[0].kind: text",
		`[]`:                                            "the case (案情): an object",
		"{\n  \"events\": [}":                           "read JSON, line 2 column 14: ",
		`{} {}`:                                         "read JSON, line 1 column 5: something follows",
		``:                                              "read JSON, line 1 column 1: ",
	} {
		if _, err := cases.Decode([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// FuzzDecode holds any text to being refused, or being a case that is counted or refused.
func FuzzDecode(f *testing.F) {
	for _, step := range cases.Steps() {
		text, err := cases.Files.ReadFile(step + ".json")
		must(f, err)
		f.Add(text)
	}
	for _, name := range cases.Appeals() {
		text, err := cases.Files.ReadFile("appeals/" + name + ".json")
		must(f, err)
		f.Add(text)
	}
	f.Add([]byte(`{"events":[{"kind":"answered","delivery":{"channel":"courier"}}]} {}`))
	days, err := workday.Official()
	must(f, err)
	f.Fuzz(func(t *testing.T, text []byte) {
		if a, err := cases.DecodeAppeal(text); err == nil {
			_, _ = a.Limits(days)
		}
		c, err := cases.Decode(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		_, _ = deadline.Of(c, days) // it panics if it does not hold
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
