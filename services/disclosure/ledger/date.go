package ledger

import (
	"strconv"
	"strings"
	"time"

	"gongkai/services/law/workday"
)

// Serial numbers that are taken for days: 1930-01-01 to 2099-12-31. Any other number in a column of dates is a year,
// a month or a count, typed by mistake.
const (
	firstSerial = 10959
	lastSerial  = 73050
)

// epoch is day 0 of the serial numbers from 1900-03-01 on; the other one (date1904) begins 1,462 days later.
var epoch = workday.Date{Year: 1899, Month: time.December, Day: 30}

const days1904 = 1462

// dateOf reads a cell of a column of dates. The time of day, if there is one, is left out.
func dateOf(c cell, later int) (workday.Date, bool) {
	if c.kind == numeric {
		if n, err := strconv.ParseFloat(c.text, 64); err == nil && n >= firstSerial && n < lastSerial+1 {
			return epoch.AddDays(int(n) + later), true
		}
	}
	return parseDate(c.text)
}

// serialOf is the serial number of a day, or false if a day has none that is read back as the same day.
func serialOf(d workday.Date) (int, bool) {
	at := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	n := int(at.Sub(time.Date(epoch.Year, epoch.Month, epoch.Day, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	return n, n >= firstSerial && n <= lastSerial
}

// parseDate reads a date in one of the spellings that the package's doc names.
func parseDate(s string) (workday.Date, bool) {
	s = strings.TrimSpace(half(s))
	if strings.Contains(s, "年") {
		s = arabic(s)
	}
	year, rest := digits(s)
	if len(year) == 8 {
		return valid(year[:4], year[4:6], year[6:], rest)
	}
	rest, ok := separator(rest, "年")
	month, rest := digits(rest)
	rest, ok2 := separator(rest, "月")
	day, rest := digits(rest)
	if !ok || !ok2 || len(year) != 4 || len(month) > 2 || len(day) > 2 {
		return workday.Date{}, false
	}
	for _, end := range []string{"日", "号"} {
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, " "), end)
	}
	return valid(year, month, day, rest)
}

// digits are those that a text begins with, and what follows them.
func digits(s string) (found, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}

// separator takes off what stands between the parts of a date.
func separator(s, word string) (string, bool) {
	s = strings.TrimLeft(s, " ")
	for _, sign := range []string{word, "-", "/", ".", "。", "—", "–"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return strings.TrimLeft(rest, " "), true
		}
	}
	return s, false
}

// valid makes a date of its parts, if the calendar has it and what follows is a time.
func valid(year, month, day, rest string) (workday.Date, bool) {
	y, errYear := strconv.Atoi(year)
	m, errMonth := strconv.Atoi(month)
	d, errDay := strconv.Atoi(day)
	date := workday.Date{Year: y, Month: time.Month(m), Day: d}
	return date, errYear == nil && errMonth == nil && errDay == nil && date.Valid() && isTime(rest)
}

// isTime tells whether what follows a date is a time of day, or nothing.
func isTime(s string) bool {
	s = strings.TrimSpace(strings.TrimPrefix(s, "T"))
	for _, half := range []string{"上午", "下午"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, half))
	}
	if s == "" {
		return true
	}
	hour, rest := digits(s)
	return hour != "" && len(hour) <= 2 && rest != "" && strings.Trim(rest, "0123456789:.+Z时分秒 ") == ""
}

// arabic writes the Chinese numerals of a date as digits: 二〇一八年三月十五日.
func arabic(s string) string {
	const numerals = "〇一二三四五六七八九"
	s = strings.NewReplacer("○", "〇", "Ｏ", "〇", "O", "〇", "零", "〇", "元年", "一年").Replace(s)
	var out, run []rune
	flush := func() {
		out = append(out, []rune(decimal(string(run)))...)
		run = run[:0]
	}
	for _, r := range s {
		if r == '十' || strings.ContainsRune(numerals, r) {
			run = append(run, r)
			continue
		}
		flush()
		out = append(out, r)
	}
	flush()
	return string(out)
}

// decimal writes a run of numerals: 十五 as 15, 二十 as 20, 二〇一八 as 2018.
func decimal(run string) string {
	digit := func(s string) string {
		return strings.NewReplacer("〇", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9").Replace(s)
	}
	tens, ones, ok := strings.Cut(run, "十")
	if !ok {
		return digit(run)
	}
	if tens == "" {
		tens = "一"
	}
	if ones == "" {
		ones = "〇"
	}
	return digit(tens) + digit(ones)
}
