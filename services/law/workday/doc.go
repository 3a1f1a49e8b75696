// Package workday holds the civil dates, periods and working days in which the law counts.
//
// A legal date is a civil date in Asia/Shanghai, never an instant: [Date]. A report covers a [Period]: a year, a
// quarter or a month. Nothing here reads a clock; today is an argument.
//
// Asia/Shanghai is taken as UTC+08:00, which it has been without a break since 1991. So no time zone database is needed.
//
// # Working days
//
// A [Calendar] knows which days are worked. Each autumn the General Office of the State Council arranges the
// holidays of the next year by a notice: days off, and weekend days that are worked instead (调休上班). The notices
// for 2008 to 2026 are data of this package, in notices.yaml; an administrator adds the next one by a file of the
// same form. Notices are amended now and then (in 2015, 2019 and 2020), so every answer says which it rests on.
//
// A year without a notice is computed from the statutory holidays of the Measures on Holidays for National Festivals
// and Memorial Days (全国年节及纪念日放假办法) art. 2, and every result that used it is provisional. Days off in lieu of
// a statutory holiday on a weekend (art. 6) are not computed either: the law grants them, but a notice places them.
// The lunar festivals come from lunar.txt, which a test holds to a library that computes them.
//
// Local holidays (art. 4: those of the nationalities of an area) are not known to the calendar.
package workday
