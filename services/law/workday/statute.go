package workday

import (
	_ "embed" // for lunar.txt
	"fmt"
	"strings"
	"time"

	"gongkai/services/law"
)

// The years that the calendar covers. The Measures on Holidays have had their seven holidays since 2008.
const (
	FirstYear = 2008
	LastYear  = 2100
)

//go:embed lunar.txt
var lunar string

// festivals are the days of one year that do not have a fixed date.
type festivals struct{ newYear, qingming, dragonBoat, midAutumn Date }

// statute is a statutory holiday.
type statute struct {
	name     law.Label
	citation law.Citation
}

// measures is the version of the Measures on Holidays (全国年节及纪念日放假办法) in force in a year. Each came into force
// on a 1 January.
func measures(year int) law.Act {
	newYear := Date{year, time.January, 1}.String()
	for _, act := range []law.Act{law.Holidays2007, law.Holidays2013} {
		if act.InForce().Covers(newYear) {
			return act
		}
	}
	return law.Holidays2024
}

// holidays are the statutory holidays of one year by art. 2 of the Measures, in the order of the article.
func (f festivals) holidays(year int, act law.Act) []named {
	on := func(m time.Month, day int) Date { return Date{year, m, day} }
	// 2007: 除夕 to 初二; 2013: 初一 to 初三; 2024: 除夕 to 初三.
	spring := span{f.newYear.AddDays(-1), f.newYear.AddDays(2)}
	labour := span{on(time.May, 1), on(time.May, 1)}
	switch act {
	case law.Holidays2007:
		spring.last = f.newYear.AddDays(1)
	case law.Holidays2013:
		spring.first = f.newYear
	default:
		labour.last = on(time.May, 2)
	}
	return []named{
		{span{on(time.January, 1), on(time.January, 1)}, law.Label{Zh: "元旦", En: "New Year's Day"}},
		{spring, law.Label{Zh: "春节", En: "Spring Festival"}},
		{span{f.qingming, f.qingming}, law.Label{Zh: "清明节", En: "Qingming Festival"}},
		{labour, law.Label{Zh: "劳动节", En: "Labour Day"}},
		{span{f.dragonBoat, f.dragonBoat}, law.Label{Zh: "端午节", En: "Dragon Boat Festival"}},
		{span{f.midAutumn, f.midAutumn}, law.Label{Zh: "中秋节", En: "Mid-Autumn Festival"}},
		{span{on(time.October, 1), on(time.October, 3)}, law.Label{Zh: "国庆节", En: "National Day"}},
	}
}

// named is a span of days with the holiday that it belongs to.
type named struct {
	span
	name law.Label
}

// span is a time from a day to a day, both included.
type span struct{ first, last Date }

// each calls f for every day of the span.
func (s span) each(f func(Date)) {
	for d := s.first; !d.After(s.last); d = d.AddDays(1) {
		f(d)
	}
}

// statutes are the statutory holidays of all years that the calendar covers.
func statutes() (map[Date]statute, error) {
	found := make(map[Date]statute)
	for line := range strings.Lines(lunar) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		year, f, err := readFestivals(line)
		if err != nil {
			return nil, fmt.Errorf("read lunar festivals: %w", err)
		}
		act := measures(year)
		for _, h := range f.holidays(year, act) {
			h.each(func(d Date) {
				name := h.name
				if same, ok := found[d]; ok { // Mid-Autumn on one of the days of National Day
					name = law.Label{Zh: same.name.Zh + "、" + name.Zh, En: same.name.En + " and " + name.En}
				}
				found[d] = statute{name, law.Citation{Act: act, Article: "2"}}
			})
		}
	}
	return found, nil
}

func readFestivals(line string) (int, festivals, error) {
	fields := strings.Fields(line)
	if len(fields) != 5 {
		return 0, festivals{}, fmt.Errorf("line %q: not of five fields", line)
	}
	var dates [4]Date
	for i, field := range fields[1:] {
		d, err := Parse(fields[0] + "-" + field)
		if err != nil {
			return 0, festivals{}, err
		}
		dates[i] = d
	}
	return dates[0].Year, festivals{dates[0], dates[1], dates[2], dates[3]}, nil
}
