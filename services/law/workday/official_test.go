package workday_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"gongkai/services/law/workday"
)

// table is what the notices say in the end, a line a holiday: its days off, then the weekend days worked for it.
// It was read from the texts of the notices, not from the data file. Two lines are changed by a later notice:
// 2019 劳动节 stands under the later one, and 2020-02-01 is not worked any more.
const table = `
国办发明电〔2007〕52号
元旦: 2007-12-30/2008-01-01 + 2007-12-29
春节: 2008-02-06/2008-02-12 + 2008-02-02 2008-02-03
清明节: 2008-04-04/2008-04-06
劳动节: 2008-05-01/2008-05-03 + 2008-05-04
端午节: 2008-06-07/2008-06-09
中秋节: 2008-09-13/2008-09-15
国庆节: 2008-09-29/2008-10-05 + 2008-09-27 2008-09-28
国办发明电〔2008〕42号
元旦: 2009-01-01/2009-01-03 + 2009-01-04
春节: 2009-01-25/2009-01-31 + 2009-01-24 2009-02-01
清明节: 2009-04-04/2009-04-06
劳动节: 2009-05-01/2009-05-03
端午节: 2009-05-28/2009-05-30 + 2009-05-31
国庆节、中秋节: 2009-10-01/2009-10-08 + 2009-09-27 2009-10-10
国办发明电〔2009〕27号
元旦: 2010-01-01/2010-01-03
春节: 2010-02-13/2010-02-19 + 2010-02-20 2010-02-21
清明节: 2010-04-03/2010-04-05
劳动节: 2010-05-01/2010-05-03
端午节: 2010-06-14/2010-06-16 + 2010-06-12 2010-06-13
中秋节: 2010-09-22/2010-09-24 + 2010-09-19 2010-09-25
国庆节: 2010-10-01/2010-10-07 + 2010-09-26 2010-10-09
国办发明电〔2010〕40号
元旦: 2011-01-01/2011-01-03
春节: 2011-02-02/2011-02-08 + 2011-01-30 2011-02-12
清明节: 2011-04-03/2011-04-05 + 2011-04-02
劳动节: 2011-04-30/2011-05-02
端午节: 2011-06-04/2011-06-06
中秋节: 2011-09-10/2011-09-12
国庆节: 2011-10-01/2011-10-07 + 2011-10-08 2011-10-09
国办发明电〔2011〕45号
元旦: 2012-01-01/2012-01-03 + 2011-12-31
春节: 2012-01-22/2012-01-28 + 2012-01-21 2012-01-29
清明节: 2012-04-02/2012-04-04 + 2012-03-31 2012-04-01
劳动节: 2012-04-29/2012-05-01 + 2012-04-28
端午节: 2012-06-22/2012-06-24
中秋节、国庆节: 2012-09-30/2012-10-07 + 2012-09-29
国办发明电〔2012〕33号
元旦: 2013-01-01/2013-01-03 + 2013-01-05 2013-01-06
春节: 2013-02-09/2013-02-15 + 2013-02-16 2013-02-17
清明节: 2013-04-04/2013-04-06 + 2013-04-07
劳动节: 2013-04-29/2013-05-01 + 2013-04-27 2013-04-28
端午节: 2013-06-10/2013-06-12 + 2013-06-08 2013-06-09
中秋节: 2013-09-19/2013-09-21 + 2013-09-22
国庆节: 2013-10-01/2013-10-07 + 2013-09-29 2013-10-12
国办发明电〔2013〕28号
元旦: 2014-01-01
春节: 2014-01-31/2014-02-06 + 2014-01-26 2014-02-08
清明节: 2014-04-05 2014-04-07
劳动节: 2014-05-01/2014-05-03 + 2014-05-04
端午节: 2014-06-02
中秋节: 2014-09-08
国庆节: 2014-10-01/2014-10-07 + 2014-09-28 2014-10-11
国办发明电〔2014〕28号
元旦: 2015-01-01/2015-01-03 + 2015-01-04
春节: 2015-02-18/2015-02-24 + 2015-02-15 2015-02-28
清明节: 2015-04-05 2015-04-06
劳动节: 2015-05-01
端午节: 2015-06-20 2015-06-22
中秋节: 2015-09-27
国庆节: 2015-10-01/2015-10-07 + 2015-10-10
国发明电〔2015〕1号
中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日: 2015-09-03/2015-09-05 + 2015-09-06
国办发明电〔2015〕18号
元旦: 2016-01-01
春节: 2016-02-07/2016-02-13 + 2016-02-06 2016-02-14
清明节: 2016-04-04
劳动节: 2016-05-01 2016-05-02
端午节: 2016-06-09/2016-06-11 + 2016-06-12
中秋节: 2016-09-15/2016-09-17 + 2016-09-18
国庆节: 2016-10-01/2016-10-07 + 2016-10-08 2016-10-09
国办发明电〔2016〕17号
元旦: 2017-01-01 2017-01-02
春节: 2017-01-27/2017-02-02 + 2017-01-22 2017-02-04
清明节: 2017-04-02/2017-04-04 + 2017-04-01
劳动节: 2017-05-01
端午节: 2017-05-28/2017-05-30 + 2017-05-27
中秋节、国庆节: 2017-10-01/2017-10-08 + 2017-09-30
国办发明电〔2017〕12号
元旦: 2018-01-01
春节: 2018-02-15/2018-02-21 + 2018-02-11 2018-02-24
清明节: 2018-04-05/2018-04-07 + 2018-04-08
劳动节: 2018-04-29/2018-05-01 + 2018-04-28
端午节: 2018-06-18
中秋节: 2018-09-24
国庆节: 2018-10-01/2018-10-07 + 2018-09-29 2018-09-30
国办发明电〔2018〕15号
元旦: 2018-12-30/2019-01-01 + 2018-12-29
春节: 2019-02-04/2019-02-10 + 2019-02-02 2019-02-03
清明节: 2019-04-05
端午节: 2019-06-07
中秋节: 2019-09-13
国庆节: 2019-10-01/2019-10-07 + 2019-09-29 2019-10-12
国办发明电〔2019〕3号
劳动节: 2019-05-01/2019-05-04 + 2019-04-28 2019-05-05
国办发明电〔2019〕16号
元旦: 2020-01-01
春节: 2020-01-24/2020-01-30 + 2020-01-19
清明节: 2020-04-04/2020-04-06
劳动节: 2020-05-01/2020-05-05 + 2020-04-26 2020-05-09
端午节: 2020-06-25/2020-06-27 + 2020-06-28
国庆节、中秋节: 2020-10-01/2020-10-08 + 2020-09-27 2020-10-10
国办发明电〔2020〕1号
春节: 2020-01-31/2020-02-02
国办发明电〔2020〕27号
元旦: 2021-01-01/2021-01-03
春节: 2021-02-11/2021-02-17 + 2021-02-07 2021-02-20
清明节: 2021-04-03/2021-04-05
劳动节: 2021-05-01/2021-05-05 + 2021-04-25 2021-05-08
端午节: 2021-06-12/2021-06-14
中秋节: 2021-09-19/2021-09-21 + 2021-09-18
国庆节: 2021-10-01/2021-10-07 + 2021-09-26 2021-10-09
国办发明电〔2021〕11号
元旦: 2022-01-01/2022-01-03
春节: 2022-01-31/2022-02-06 + 2022-01-29 2022-01-30
清明节: 2022-04-03/2022-04-05 + 2022-04-02
劳动节: 2022-04-30/2022-05-04 + 2022-04-24 2022-05-07
端午节: 2022-06-03/2022-06-05
中秋节: 2022-09-10/2022-09-12
国庆节: 2022-10-01/2022-10-07 + 2022-10-08 2022-10-09
国办发明电〔2022〕16号
元旦: 2022-12-31/2023-01-02
春节: 2023-01-21/2023-01-27 + 2023-01-28 2023-01-29
清明节: 2023-04-05
劳动节: 2023-04-29/2023-05-03 + 2023-04-23 2023-05-06
端午节: 2023-06-22/2023-06-24 + 2023-06-25
中秋节、国庆节: 2023-09-29/2023-10-06 + 2023-10-07 2023-10-08
国办发明电〔2023〕7号
元旦: 2024-01-01
春节: 2024-02-10/2024-02-17 + 2024-02-04 2024-02-18
清明节: 2024-04-04/2024-04-06 + 2024-04-07
劳动节: 2024-05-01/2024-05-05 + 2024-04-28 2024-05-11
端午节: 2024-06-10
中秋节: 2024-09-15/2024-09-17 + 2024-09-14
国庆节: 2024-10-01/2024-10-07 + 2024-09-29 2024-10-12
国办发明电〔2024〕12号
元旦: 2025-01-01
春节: 2025-01-28/2025-02-04 + 2025-01-26 2025-02-08
清明节: 2025-04-04/2025-04-06
劳动节: 2025-05-01/2025-05-05 + 2025-04-27
端午节: 2025-05-31/2025-06-02
国庆节、中秋节: 2025-10-01/2025-10-08 + 2025-09-28 2025-10-11
国办发明电〔2025〕7号
元旦: 2026-01-01/2026-01-03 + 2026-01-04
春节: 2026-02-15/2026-02-23 + 2026-02-14 2026-02-28
清明节: 2026-04-04/2026-04-06
劳动节: 2026-05-01/2026-05-05 + 2026-05-09
端午节: 2026-06-19/2026-06-21
中秋节: 2026-09-25/2026-09-27
国庆节: 2026-10-01/2026-10-07 + 2026-09-20 2026-10-10
`

// stated is what a notice says of one day.
type stated struct {
	number, name string
	worked       bool
}

// readTable is the table by day. It refuses a day that stands there twice.
func readTable(t *testing.T) map[workday.Date]stated {
	t.Helper()
	days := make(map[workday.Date]stated)
	set := func(d workday.Date, s stated) {
		if other, ok := days[d]; ok {
			t.Fatalf("%v is in the table twice: %v, %v", d, other, s)
		}
		days[d] = s
	}
	number := ""
	for line := range strings.Lines(strings.TrimSpace(table)) {
		name, rest, isHoliday := strings.Cut(strings.TrimSpace(line), ": ")
		if !isHoliday {
			number = name
			continue
		}
		off, worked, _ := strings.Cut(rest, " + ")
		for _, span := range strings.Fields(off) {
			from, to, ranged := strings.Cut(span, "/")
			if !ranged {
				to = from
			}
			for d := date(t, from); !d.After(date(t, to)); d = d.AddDays(1) {
				set(d, stated{number, name, false})
			}
		}
		for _, s := range strings.Fields(worked) {
			set(date(t, s), stated{number, name, true})
		}
	}
	return days
}

// TestOfficial holds the calendar to the notices on every day of 2008 to 2026, in both directions: what a notice
// sets is set, by this notice and for this holiday, and nothing else is.
func TestOfficial(t *testing.T) {
	c, want := officialCalendar(t), readTable(t)
	if len(want) != 645 { // 521 days off, 124 worked
		t.Errorf("%d days in the table", len(want))
	}
	for d := date(t, "2008-01-01"); d.Year <= 2026; d = d.AddDays(1) {
		day, s := is(t, c, d), want[d]
		why := workday.Weekday
		switch {
		case s.worked:
			why = workday.Adjusted
		case s.name != "":
			why = workday.Holiday
		case isWeekend(d):
			why = workday.Weekend
		}
		working := why == workday.Weekday || why == workday.Adjusted
		if day.Date != d || day.Working != working || day.Why != why || day.Name.Zh != s.name || (s.number != "" && day.Notice.Number != s.number) {
			t.Errorf("%v = %+v, want %v by %+v", d, day, why, s)
		}
		if day.Notice.IsZero() || (s.number == "" && (day.Notice.Year != d.Year || day.Notice.Amends != "")) {
			t.Errorf("%v rests on %+v", d, day.Notice)
		}
		if late := d.Year == 2026 && d.Month == 12 && d.Day >= 25; day.Provisional != late {
			t.Errorf("%v provisional = %v", d, day.Provisional)
		}
	}
}

// The Measures on Holidays grant 11 days a year, 13 from 2025 on, and one on a weekend is made up for (art. 6). So a
// year's working days are its weekdays less these, whatever is moved. What differs is named.
func TestYears(t *testing.T) {
	c := officialCalendar(t)
	differs := map[int]workday.WorkingDays{
		2011: 1, 2012: -1, // 2011-12-31 is worked for 2 January 2012
		2015: -1, // 3 September, for the 70th anniversary
		2020: -2, // 31 January, and 1 February is not worked
	}
	for year := 2008; year <= 2026; year++ {
		first, last := workday.Date{Year: year, Month: 1, Day: 1}, workday.Date{Year: year, Month: 12, Day: 31}
		want := differs[year] - 11
		if year >= 2025 {
			want -= 2
		}
		for d := first; !d.After(last); d = d.AddDays(1) {
			if !isWeekend(d) {
				want++
			}
		}
		var got workday.WorkingDays
		for d := first; !d.After(last); d = d.AddDays(1) {
			if is(t, c, d).Working {
				got++
			}
		}
		if got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
	}
}

// Each notice has a number of its own, and each year of 2008 to 2026 one notice that arranges it; three amend.
func TestOfficial_Notices(t *testing.T) {
	years, amended := make(map[int]string), make(map[int]string)
	for _, n := range officialCalendar(t).Notices() {
		if n.Amends != "" {
			amended[n.Year] = n.Number
			continue
		}
		years[n.Year] = n.Number
	}
	if len(years) != 19 || years[2008] == "" || years[2026] == "" {
		t.Errorf("years arranged: %v", years)
	}
	want := map[int]string{2015: "国发明电〔2015〕1号", 2019: "国办发明电〔2019〕3号", 2020: "国办发明电〔2020〕1号"}
	if !maps.Equal(amended, want) {
		t.Errorf("amended = %v", amended)
	}
}

func officialCalendar(t testing.TB) workday.Calendar {
	t.Helper()
	c, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func is(t testing.TB, c workday.Calendar, d workday.Date) workday.Day {
	t.Helper()
	day, err := c.Is(d)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func isWeekend(d workday.Date) bool {
	w := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
	return w == time.Saturday || w == time.Sunday
}
