package deadline_test

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"

	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

//go:embed testdata/holidays.txt
var holidays string

func calendar(t testing.TB) workday.Calendar {
	t.Helper()
	c, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func on(t testing.TB, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// parse reads a case as it is written in tables: events as kind@date,name=value, separated by spaces.
func parse(t testing.TB, received, events string) deadline.Case {
	t.Helper()
	c := deadline.Case{}
	if received != "" {
		c.ReceivedOn = on(t, received)
	}
	for text := range strings.FieldsSeq(events) {
		parts := strings.Split(text, ",")
		kind, day, dated := strings.Cut(parts[0], "@")
		if kind == "as_of" {
			c.AsOf = on(t, day)
			continue
		}
		e := deadline.Event{Kind: deadline.EventKind(kind)}
		if dated {
			e.On = on(t, day)
		}
		for _, part := range parts[1:] {
			name, value, _ := strings.Cut(part, "=")
			set(t, &e, name, value)
		}
		c.Events = append(c.Events, e)
	}
	return c
}

func set(t testing.TB, e *deadline.Event, name, value string) {
	t.Helper()
	switch name {
	case "until":
		e.Until = on(t, value)
	case "days":
		n, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		e.Days = n
	case "unit":
		e.Unit = deadline.Unit(value)
	case "party":
		e.Party = value
	case "agreed_by":
		e.AgreedBy = value
	case "good_reason":
		e.GoodReason = true
	case "by_court":
		e.ByCourt = true
	case "procedural":
		e.Procedural = true
	case "outcome":
		e.Outcome = value
	case "article":
		e.Article = value
	case "by":
		e.Delivery.Channel = deadline.DeliveryChannel(value)
	case "sent":
		e.Delivery.SentOn = on(t, value)
	case "signed":
		e.Delivery.SignedOn = on(t, value)
	default:
		t.Fatalf("no field %q", name)
	}
}

// marks are the reasons of a timeline's marks, with their effects.
func marks(tl deadline.Timeline) string {
	var all []string
	for _, m := range tl.Marks {
		all = append(all, string(m.Reason)+":"+string(m.Effect))
	}
	return strings.Join(all, " ")
}

// 230 cases: each holiday of 2008 to 2026, received on its eve, in it and before it, on worked weekends, and each step
// laid over the two long ones.
func TestHolidays(t *testing.T) {
	days := calendar(t)
	n := 0
	for line := range strings.Lines(holidays) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		fields := strings.Split(strings.TrimSpace(line), "|")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		tl, err := deadline.Of(parse(t, fields[0], fields[1]), days)
		if err != nil || tl.Due.String() != fields[2] || tl.Provisional != strings.HasPrefix(tl.Due.String(), "2027") {
			t.Errorf("%s: due %s, %v, provisional %v", line, tl.Due, err, tl.Provisional)
		}
		if got := marks(tl); got != "" {
			t.Errorf("%s: marks %s", line, got)
		}
	}
	if n < 230 {
		t.Errorf("%d cases", n)
	}
}
