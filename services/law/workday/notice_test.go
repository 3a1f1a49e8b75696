package workday_test

import (
	"strings"
	"testing"

	"gongkai/services/law/workday"
)

// TestLoad_Refuses: what is wrong is refused, and the error says where.
func TestLoad_Refuses(t *testing.T) {
	spring := "{zh: 春节, en: Spring Festival, rest: [2027-02-05/2027-02-12], work: [2027-02-14]}"
	change := func(old, now string) string { return strings.Replace(year2027, old, now, 1) }
	added := func(line string) string { return year2027 + line }
	amend := func(date, amends, holiday string) string {
		return added("  - {number: 乙, date: " + date + ", year: 2027, amends: " + amends + ", holidays: [" + holiday + "]}\n")
	}
	const amended = "示例〔2026〕1号"
	for name, row := range map[string]struct{ text, want string }{
		"nothing":              {"", "no notices"},
		"no notices":           {"notices: []\n", "no notices"},
		"not YAML":             {"\t{", "read notices"},
		"two documents":        {year2027 + "---\n" + year2027, "more than one document"},
		"unknown key":          {change("year: 2027", "jahr: 2027"), `unknown field "jahr"`},
		"unknown inner key":    {change("work:", "off:"), `unknown field "off"`},
		"key twice":            {change("    year: 2027", "    year: 2027\n    year: 2028"), "year"},
		"alias":                {"a: &a 1\nnotices: *a\n", "anchors and aliases"},
		"too large":            {year2027 + "#" + strings.Repeat("x", 300<<10), "more than"},
		"no number":            {change(amended, `""`), "number is missing"},
		"number with a break":  {change(amended, `"1\n2"`), "number is missing, too long or not printable"},
		"no such date":         {change("2026-11-05", "2026-11-31"), "notice 1 (示例〔2026〕1号): date"},
		"date of another year": {change("2026-11-05", "2025-11-05"), "neither in the year 2027 nor in the one before"},
		"year out of range":    {change("year: 2027", "year: 2007"), "year 2007 is not one of 2008 to 2100"},
		"no holidays":          {added("  - {number: 乙, date: 2027-11-05, year: 2028, holidays: []}\n"), "notice 2 (乙): no holidays"},
		"name missing":         {change("en: Spring Festival", `en: ""`), "holiday 2 (春节): zh or en is missing"},
		"nothing off":          {change("rest: [2027-02-05/2027-02-12]", "rest: []"), "rest is missing"},
		"no such day":          {change("2027-02-14", "2027-02-30"), "holiday 2 (春节): work: parse date"},
		"span backwards":       {change("2027-02-05/2027-02-12", "2027-02-12/2027-02-05"), "does not end after it begins"},
		"span without an end":  {change("2027-02-05/2027-02-12", "2027-02-05/"), "holiday 2 (春节): rest: parse date"},
		"span too long":        {change("2027-02-05/2027-02-12", "2027-02-05/2027-03-12"), "more than 31 days"},
		"day of another year":  {change("2026-12-26", "2026-12-20"), "2026-12-20 is not in 2027 nor within 7 days of it"},
		"off and worked":       {change("work: [2027-02-14]", "work: [2027-02-06]"), "2027-02-06 is set already, by 示例〔2026〕1号"},
		"off twice":            {change(spring, spring+"\n      - "+strings.Replace(spring, "2027-02-14", "2027-02-20", 1)), "2027-02-05 is set already"},
		"weekday worked":       {change("2027-02-14", "2027-02-15"), "2027-02-15 is set to work, but is a Monday"},
		"statutory worked":     {change("2027-02-05/2027-02-12", "2027-02-06/2027-02-12"), "2027-02-05 (春节) is a statutory holiday, but left a working day"},
		"holiday forgotten":    {change("      - {zh: 端午节, en: Dragon Boat Festival, rest: [2027-06-09]}\n", ""), "2027-06-09 (端午节) is a statutory holiday"},
		"number twice":         {year2027 + strings.TrimPrefix(year2027, "notices:\n"), "is there twice"},
		"year twice":           {added("  - {number: 乙, date: 2026-12-05, year: 2027, holidays: [{zh: 甲, en: A, rest: [2027-07-01]}]}\n"), "arranges 2027, as does 示例〔2026〕1号"},
		"amends nothing known": {amend("2027-01-05", "丙", "{zh: 甲, en: A, rest: [2027-07-01]}"), "amends 丙, which is no earlier notice"},
		"amends a later one":   {amend("2026-11-05", amended, "{zh: 甲, en: A, rest: [2027-07-01]}"), "which is no earlier notice"},
		"amends another year":  {added("  - {number: 乙, date: 2027-11-06, year: 2028, amends: " + amended + ", holidays: [{zh: 甲, en: A, rest: [2028-07-01]}]}\n"), "is for 2028, but amends the notice for 2027"},
		"amends an amendment": {
			amend("2027-01-05", amended, "{zh: 甲, en: A, rest: [2027-07-01]}") + "  - {number: 丁, date: 2027-01-06, year: 2027, amends: 乙, holidays: [{zh: 甲, en: A, rest: [2027-07-02]}]}\n",
			"name the year's notice",
		},
		"amends to a working statutory day": {amend("2027-01-05", amended, "{zh: 春节, en: A, rest: [2027-07-01], work: [2027-02-05]}"), "2027-02-05 (春节) is a statutory holiday"},
		"two amendments of one day, one date": {
			amend("2027-01-05", amended, "{zh: 甲, en: A, rest: [2027-07-01]}") + "  - {number: 丁, date: 2027-01-05, year: 2027, amends: " + amended + ", holidays: [{zh: 甲, en: A, rest: [2027-07-01]}]}\n",
			"is set already",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := workday.Load(strings.NewReader(row.text))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error = %v\nwant     %s", err, row.want)
			}
		})
	}
	if _, err := workday.Load(strings.NewReader(year2027)); err != nil {
		t.Errorf("the file that the rows change: %v", err)
	}
}

// Every fault is named at once.
func TestLoad_AllFaults(t *testing.T) {
	text := strings.NewReplacer("2027-02-14", "2027-02-30", "rest: [2027-06-09]", "rest: []").Replace(year2027)
	_, err := workday.Load(strings.NewReader(text))
	if err == nil || !strings.Contains(err.Error(), "2027-02-30") || !strings.Contains(err.Error(), "holiday 5 (端午节): rest is missing") {
		t.Errorf("error = %v", err)
	}
}

// What the program has already cannot be arranged again by a file.
func TestWith_Refuses(t *testing.T) {
	_, err := officialCalendar(t).With(strings.NewReader(year2020))
	if err == nil || !strings.Contains(err.Error(), "国办发明电〔2019〕16号: is there twice") {
		t.Errorf("error = %v", err)
	}
}

// No file crashes the loader, and what it accepts is a calendar that answers.
func FuzzLoad(f *testing.F) {
	for _, s := range []string{year2020, year2020 + strings.TrimPrefix(prolonged2020, "notices:\n"), year2027, "notices: []", "notices: [{holidays: [{rest: [/]}]}]", "a: &a [*a]"} {
		f.Add(s)
	}
	start := workday.Date{Year: 2019, Month: 12, Day: 20}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := workday.Load(strings.NewReader(s))
		if err != nil {
			if len(c.Notices()) != 0 {
				t.Errorf("a calendar with an error: %v", err)
			}
			return
		}
		if len(c.Notices()) == 0 {
			t.Error("no notices, and no error")
		}
		end, _, err := c.Add(start, 60)
		if err != nil || !is(t, c, end).Working {
			t.Errorf("%v + 60 = %v, %v", start, end, err)
		}
	})
}
