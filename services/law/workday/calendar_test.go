package workday_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

func load(t testing.TB, text string) workday.Calendar {
	t.Helper()
	c, err := workday.Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Counts done by hand from the notice named.
func TestAdd(t *testing.T) {
	c := officialCalendar(t)
	for _, row := range []struct {
		from string
		n    workday.WorkingDays
		want string
		why  string
	}{
		{"2024-02-05", 0, "2024-02-05", "the day itself"},
		{"2024-02-05", 4, "2024-02-09", "国办发明电〔2023〕7号: the Eve is worked"},
		{"2024-02-05", 5, "2024-02-18", "a Sunday worked, after eight days off"},
		{"2024-02-05", 20, "2024-03-08", "6, 7, 8, 9, 18–23, 26–29 February, 1, 4–8 March"},
		{"2024-02-03", 1, "2024-02-04", "from a Saturday to a Sunday worked"},
		{"2024-02-10", 1, "2024-02-18", "from within the holiday"},
		{"2018-02-12", 10, "2018-03-02", "国办发明电〔2017〕12号: 13, 14, 22–24, 26–28 February, 1, 2 March"},
		{"2019-04-26", 3, "2019-04-30", "国办发明电〔2019〕3号: Sunday the 28th is worked"},
		{"2020-01-20", 10, "2020-02-11", "国办发明电〔2020〕1号: 21–23 January, 3–7, 10, 11 February"},
		{"2015-09-02", 1, "2015-09-06", "国发明电〔2015〕1号: 3 to 5 off, Sunday the 6th worked"},
		{"2011-12-30", 2, "2012-01-04", "国办发明电〔2011〕45号: 31 December worked, 1 to 3 January off"},
		{"2018-12-28", 2, "2019-01-02", "国办发明电〔2018〕15号: 29 December worked, 30 to 1 off"},
		{"2022-12-30", 1, "2023-01-03", "国办发明电〔2022〕16号: 31 December off"},
		{"2023-09-28", 3, "2023-10-09", "国办发明电〔2022〕16号: Saturday the 7th and Sunday the 8th worked"},
	} {
		got, trace, err := c.Add(date(t, row.from), row.n)
		if err != nil || got != date(t, row.want) || trace.Provisional {
			t.Errorf("%s + %d = %v, %v, provisional %v, want %s (%s)", row.from, row.n, got, err, trace.Provisional, row.want, row.why)
		}
	}
}

// What a trace says: the days that did not count with their causes, and the notices.
func TestAdd_Trace(t *testing.T) {
	_, trace, err := officialCalendar(t).Add(date(t, "2022-12-29"), 3)
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, d := range trace.Days {
		s := d.Date.String() + " " + d.Why.String()
		if d.Name.En != "" {
			s += ": " + d.Name.En
		}
		days = append(days, s)
	}
	want := "2022-12-30 weekday; 2022-12-31 day off: New Year's Day; 2023-01-01 day off: New Year's Day; 2023-01-02 day off: New Year's Day; 2023-01-03 weekday; 2023-01-04 weekday"
	if got := strings.Join(days, "; "); got != want {
		t.Errorf("days = %s\nwant   %s", got, want)
	}
	if len(trace.Notices) != 2 || trace.Notices[0].Number != "国办发明电〔2021〕11号" || trace.Notices[1].Number != "国办发明电〔2022〕16号" {
		t.Errorf("notices = %+v", trace.Notices)
	}
}

const year2020 = `notices:
  - number: 国办发明电〔2019〕16号
    date: 2019-11-21
    year: 2020
    holidays:
      - {zh: 元旦, en: New Year's Day, rest: [2020-01-01]}
      - {zh: 春节, en: Spring Festival, rest: [2020-01-24/2020-01-30], work: [2020-01-19, 2020-02-01]}
      - {zh: 清明节, en: Qingming Festival, rest: [2020-04-04/2020-04-06]}
      - {zh: 劳动节, en: Labour Day, rest: [2020-05-01/2020-05-05], work: [2020-04-26, 2020-05-09]}
      - {zh: 端午节, en: Dragon Boat Festival, rest: [2020-06-25/2020-06-27], work: [2020-06-28]}
      - {zh: 国庆节、中秋节, en: National Day and Mid-Autumn Festival, rest: [2020-10-01/2020-10-08], work: [2020-09-27, 2020-10-10]}
`

const prolonged2020 = `notices:
  - number: 国办发明电〔2020〕1号
    date: 2020-01-26
    year: 2020
    amends: 国办发明电〔2019〕16号
    holidays:
      - {zh: 春节, en: Spring Festival, rest: [2020-01-31/2020-02-02]}
`

// Spring Festival 2020, before it was prolonged and after.
func TestAmendment(t *testing.T) {
	before := load(t, year2020)
	after, err := before.With(strings.NewReader(prolonged2020))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		date          string
		before, after workday.Why
	}{
		{"2020-01-30", workday.Holiday, workday.Holiday},
		{"2020-01-31", workday.Weekday, workday.Holiday},
		{"2020-02-01", workday.Adjusted, workday.Holiday},
		{"2020-02-02", workday.Weekend, workday.Holiday},
		{"2020-02-03", workday.Weekday, workday.Weekday},
	} {
		was, now := is(t, before, date(t, row.date)), is(t, after, date(t, row.date))
		if was.Why != row.before || now.Why != row.after {
			t.Errorf("%s was %v, is %v, want %v, %v", row.date, was.Why, now.Why, row.before, row.after)
		}
		wantNotice := "国办发明电〔2019〕16号"
		if row.date == "2020-01-31" || row.date == "2020-02-01" || row.date == "2020-02-02" {
			wantNotice = "国办发明电〔2020〕1号"
		}
		if was.Notice.Number != "国办发明电〔2019〕16号" || now.Notice.Number != wantNotice {
			t.Errorf("%s rested on %s, rests on %s", row.date, was.Notice.Number, now.Notice.Number)
		}
	}
	for c, want := range map[*workday.Calendar]string{&before: "2020-02-07", &after: "2020-02-11"} {
		if got, _, err := c.Add(date(t, "2020-01-20"), 10); err != nil || got != date(t, want) {
			t.Errorf("2020-01-20 + 10 = %v, %v, want %s", got, err, want)
		}
	}
}

// An amendment can take a day off back: the weekday is worked again, by the amendment.
func TestAmendment_TakesBack(t *testing.T) {
	c, err := load(t, year2020).With(strings.NewReader(`notices:
  - {number: 甲, date: 2020-03-01, year: 2020, amends: 国办发明电〔2019〕16号, holidays: [{zh: 劳动节, en: Labour Day, rest: [2020-05-09], work: [2020-05-05]}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	if day := is(t, c, date(t, "2020-05-05")); !day.Working || day.Why != workday.Weekday || day.Notice.Number != "甲" {
		t.Errorf("the day taken back is %+v", day)
	}
	if day := is(t, c, date(t, "2020-05-09")); day.Working {
		t.Errorf("the day no longer worked is %+v", day)
	}
}

// 2027, by the Measures of 2024: the Eve and 2 May are holidays; nothing is moved or made up for.
func TestProvisional(t *testing.T) {
	c := officialCalendar(t)
	for _, row := range []struct {
		from string
		n    workday.WorkingDays
		want string
		why  string
	}{
		{"2027-02-04", 1, "2027-02-09", "the Eve, Friday 5 February, to 8 February, the third day of the year"},
		{"2027-04-02", 1, "2027-04-06", "Qingming is Monday the 5th"},
		{"2027-04-30", 1, "2027-05-03", "1 and 2 May are a weekend, and not made up for"},
		{"2027-06-08", 1, "2027-06-10", "Dragon Boat"},
		{"2027-09-14", 1, "2027-09-16", "Mid-Autumn"},
		{"2027-09-30", 1, "2027-10-04", "1 to 3 October"},
		{"2026-12-30", 2, "2027-01-04", "from a year with a notice into one without"},
		{"2026-12-24", 1, "2026-12-25", "the notice for 2027 may still reach into December"},
	} {
		got, trace, err := c.Add(date(t, row.from), row.n)
		if err != nil || got != date(t, row.want) || !trace.Provisional {
			t.Errorf("%s + %d = %v, %v, provisional %v, want %s (%s)", row.from, row.n, got, err, trace.Provisional, row.want, row.why)
		}
	}
	eve := is(t, c, date(t, "2027-02-05"))
	if eve.Why != workday.Statutory || eve.Name.En != "Spring Festival" || eve.Citation != (law.Citation{Act: law.Holidays2024, Article: "2"}) || !eve.Notice.IsZero() {
		t.Errorf("the Eve of 2027 = %+v", eve)
	}
	if workday.Caveat().Missing() {
		t.Error("the caveat lacks a language")
	}
}

const year2027 = `notices:
  - number: 示例〔2026〕1号
    date: 2026-11-05
    year: 2027
    holidays:
      - {zh: 元旦, en: New Year's Day, rest: [2027-01-01/2027-01-03], work: [2026-12-26]}
      - {zh: 春节, en: Spring Festival, rest: [2027-02-05/2027-02-12], work: [2027-02-14]}
      - {zh: 清明节, en: Qingming Festival, rest: [2027-04-03/2027-04-05]}
      - {zh: 劳动节, en: Labour Day, rest: [2027-05-01/2027-05-05]}
      - {zh: 端午节, en: Dragon Boat Festival, rest: [2027-06-09]}
      - {zh: 中秋节, en: Mid-Autumn Festival, rest: [2027-09-15]}
      - {zh: 国庆节, en: National Day, rest: [2027-10-01/2027-10-07]}
`

// An administrator's file makes a year no longer provisional, and the calendar it extends stays as it is.
func TestWith(t *testing.T) {
	c := officialCalendar(t)
	extended, err := c.With(strings.NewReader(year2027))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		date string
		why  workday.Why
	}{
		{"2026-12-26", workday.Adjusted}, {"2026-12-31", workday.Weekday}, {"2027-02-12", workday.Holiday}, {"2027-02-14", workday.Adjusted}, {"2027-05-05", workday.Holiday},
	} {
		if day := is(t, extended, date(t, row.date)); day.Why != row.why || day.Provisional {
			t.Errorf("extended: %+v, want %v", day, row.why)
		}
	}
	if day := is(t, c, date(t, "2027-02-12")); day.Why != workday.Weekday || !day.Provisional || len(c.Notices()) != 22 {
		t.Errorf("the calendar itself has changed: %+v", day)
	}
}

func TestNextWorkingDay(t *testing.T) {
	c := officialCalendar(t)
	for _, row := range []struct{ date, want string }{
		{"2024-02-09", "2024-02-09"}, // worked
		{"2024-02-10", "2024-02-18"}, // the holiday, then a Sunday worked
		{"2024-02-04", "2024-02-04"}, // a Sunday worked
		{"2024-03-30", "2024-04-01"}, // a Saturday
		{"2020-01-31", "2020-02-03"}, // the prolonged holiday
	} {
		got, trace, err := c.NextWorkingDay(date(t, row.date))
		if err != nil || got != date(t, row.want) || trace.Days[0].Date != date(t, row.date) {
			t.Errorf("next working day of %s = %v, %v, want %s", row.date, got, err, row.want)
		}
	}
}

func TestOutsideCalendar(t *testing.T) {
	c := officialCalendar(t)
	first, last := date(t, "2008-01-01"), date(t, "2100-12-31")
	_, none := c.Is(workday.Date{})
	_, before := c.Is(first.AddDays(-1))
	_, after := c.Is(last.AddDays(1))
	_, absent := c.Is(workday.Date{Year: 2018, Month: 2, Day: 29})
	_, _, runsOut := c.Add(last, 1)
	_, _, startsBefore := c.Add(first.AddDays(-1), 0)
	_, _, endsAfter := c.Between(first, last.AddDays(1))
	_, _, next := c.NextWorkingDay(first.AddDays(-1))
	_, empty := workday.Calendar{}.Is(first)
	for name, err := range map[string]error{
		"no date": none, "2007": before, "2101": after, "29 February 2018": absent, "add beyond": runsOut,
		"add from before": startsBefore, "between": endsAfter, "next": next, "the zero calendar": empty,
	} {
		if got := law.Reasons(err); len(got) != 1 || got[0] != workday.OutsideCalendar {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := c.Add(first, -1); len(law.Reasons(err)) != 1 || law.Reasons(err)[0] != workday.NegativeCount {
		t.Errorf("-1 days: %v", err)
	}
	var breach *law.Breach
	if !errors.As(before, &breach) || breach.Violations[0].Values["date"] != "2007-12-31" || breach.Violations[0].Values["last"] != "2100" {
		t.Errorf("2007: %v", before)
	}
}

// Add and Between agree, later starts never end earlier, and no period ends on a day of rest.
func TestCountProperties(t *testing.T) {
	c := officialCalendar(t)
	rapid.Check(t, func(t *rapid.T) {
		first := workday.Date{Year: 2008, Month: 1, Day: 1}
		a := first.AddDays(rapid.IntRange(0, 33_000).Draw(t, "day"))
		n := workday.WorkingDays(rapid.IntRange(0, 120).Draw(t, "n"))
		end, trace, err := c.Add(a, n)
		if err != nil {
			t.Fatal(err)
		}
		back, other, err := c.Between(a, end)
		if err != nil || back != n || len(other.Days) != len(trace.Days) || other.Provisional != trace.Provisional {
			t.Fatalf("%v + %d = %v, but between are %d, %v", a, n, end, back, err)
		}
		if minus, _, err := c.Between(end, a); err != nil || minus != -n {
			t.Fatalf("backwards %d, %v", minus, err)
		}
		if day, _ := c.Is(end); n > 0 && !day.Working {
			t.Fatalf("%v + %d ends on a day of rest, %+v", a, n, day)
		}
		if next, _, _ := c.NextWorkingDay(end); n > 0 && next != end {
			t.Fatalf("%v is moved to %v", end, next)
		}
		later, _, err := c.Add(a.AddDays(rapid.IntRange(0, 20).Draw(t, "later")), n)
		if err != nil || later.Before(end) {
			t.Fatalf("a later start ends earlier: %v, %v", later, end)
		}
		if longer, _, err := c.Add(a, n+1); err != nil || !longer.After(end) {
			t.Fatalf("a day more ends no later: %v, %v", longer, end)
		}
	})
}

// The calendar is read by many at once.
func TestConcurrent(t *testing.T) {
	c := officialCalendar(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, _, err := c.Add(workday.Date{Year: 2024, Month: 2, Day: 5}, 20); err != nil || got.String() != "2024-03-08" {
				t.Errorf("got %v, %v", got, err)
			}
			if _, err := c.With(strings.NewReader(year2027)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
