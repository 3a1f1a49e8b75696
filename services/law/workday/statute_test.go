package workday_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/6tail/lunar-go/calendar"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Every statutory holiday of every year, computed from the lunar calendar of another library by the version of the
// Measures in force.
func TestStatutory(t *testing.T) {
	c := load(t, year2020) // one notice only: all other years are computed
	for year := workday.FirstYear; year <= workday.LastYear; year++ {
		if year == 2020 {
			continue
		}
		want, act := statutory(year)
		got := make(map[workday.Date]bool)
		for d := (workday.Date{Year: year, Month: 1, Day: 1}); d.Year == year; d = d.AddDays(1) {
			day := is(t, c, d)
			if day.Why != workday.Statutory {
				continue
			}
			got[d] = true
			if day.Working || !day.Provisional || day.Name.Missing() || day.Citation != (law.Citation{Act: act, Article: "2"}) {
				t.Errorf("%v = %+v", d, day)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%d: %v, want %v", year, slices.SortedFunc(maps.Keys(got), workday.Date.Compare), slices.SortedFunc(maps.Keys(want), workday.Date.Compare))
		}
	}
}

func statutory(year int) (map[workday.Date]bool, law.Act) {
	days := make(map[workday.Date]bool)
	add := func(m time.Month, from, to int) {
		for d := from; d <= to; d++ {
			days[workday.Date{Year: year, Month: m, Day: d}] = true
		}
	}
	lunar := func(month, day int) workday.Date {
		s := calendar.NewLunarFromYmd(year, month, day).GetSolar()
		return workday.Date{Year: s.GetYear(), Month: time.Month(s.GetMonth()), Day: s.GetDay()}
	}
	add(time.January, 1, 1)
	add(time.May, 1, 1)
	add(time.October, 1, 3)
	days[lunar(5, 5)] = true
	days[lunar(8, 15)] = true
	qingming := calendar.NewLunarFromYmd(year, 6, 1).GetJieQiTable()["清明"]
	add(time.April, qingming.GetDay(), qingming.GetDay())
	spring := func(from, to int) { // days from the first of the lunar year
		for i := from; i <= to; i++ {
			days[lunar(1, 1).AddDays(i)] = true
		}
	}
	switch {
	case year <= 2013:
		spring(-1, 1)
		return days, law.Holidays2007
	case year <= 2024:
		spring(0, 2)
		return days, law.Holidays2013
	}
	spring(-1, 2)
	add(time.May, 2, 2)
	return days, law.Holidays2024
}

// Mid-Autumn falls on National Day: one day, both names.
func TestStatutory_BothNames(t *testing.T) {
	day := is(t, load(t, year2020), workday.Date{Year: 2009, Month: 10, Day: 3})
	if day.Name != (law.Label{Zh: "中秋节、国庆节", En: "Mid-Autumn Festival and National Day"}) {
		t.Errorf("3 October 2009 = %+v", day.Name)
	}
}
