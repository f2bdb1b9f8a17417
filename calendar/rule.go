package calendar

import "time"

// Rule says on which days of a year a holiday falls; ParseRule and Country make
// it. Name and Source are for people: what the day is called, and the law.
type Rule struct {
	Name, Source string

	kind    kind
	month   time.Month   // of a fixed or nth rule
	day     int          // of a fixed rule
	nth     int          // 1 to 4; 5 is the last
	weekday time.Weekday // of an nth rule
	offset  int          // days after Easter Sunday

	every       int // years, counted from the first; 0 is every year
	first, last int // the years in which the rule holds; 0 is no bound
	moves       []move
	length      int // days closed; 0 is one
}

type kind int

const (
	none   kind = iota
	fixed       // a day of a month
	nth         // a weekday of a month: the first, the last …
	easter      // days before or after Easter Sunday
)

// lastOfMonth is the nth that counts from the end.
const lastOfMonth = 5

// move says on which day a holiday is kept: on the next weekday to, or back on
// the previous one; on the day itself if it falls on such a weekday.
type move struct {
	from time.Weekday // moved only if it falls on this one; everyDay is any
	back bool
	to   time.Weekday
}

const everyDay time.Weekday = -1

// In gives the days that the rule closes for a year, in order: none if it does
// not hold that year or the year has no such date (29 February). They may lie
// in the year before or after, where a holiday is moved or is several days
// long. Easter is that of the Gregorian calendar, used since 1583.
func (r Rule) In(year int) []Date {
	if r.kind == none || r.first != 0 && year < r.first || r.last != 0 && year > r.last {
		return nil
	}
	if r.every != 0 && (year-r.first)%r.every != 0 {
		return nil
	}
	date := r.falls(year)
	if !date.exists() {
		return nil
	}
	date = r.keep(date)
	days := []Date{date}
	for len(days) < r.length {
		days = append(days, date.AddDays(len(days)))
	}
	return days
}

// falls is the date by itself, before any move.
func (r Rule) falls(year int) Date {
	switch r.kind {
	case nth:
		return nthWeekday(year, r.month, r.nth, r.weekday)
	case easter:
		return Easter(year).AddDays(r.offset)
	}
	return Date{year, r.month, r.day}
}

// keep is the day on which a holiday that falls on date is kept. Of several
// moves the first that applies is made, and no other.
func (r Rule) keep(date Date) Date {
	for _, m := range r.moves {
		if m.from != everyDay && m.from != date.Weekday() {
			continue
		}
		if m.back {
			return date.AddDays(-daysTo(m.to, date.Weekday()))
		}
		return date.AddDays(daysTo(date.Weekday(), m.to))
	}
	return date
}

// daysTo counts the days from one weekday forward to another: 0 to 6.
func daysTo(from, to time.Weekday) int { return (int(to) - int(from) + 7) % 7 }

func nthWeekday(year int, month time.Month, n int, weekday time.Weekday) Date {
	if n == lastOfMonth {
		end := Date{year, month + 1, 1}.AddDays(-1)
		return end.AddDays(-daysTo(weekday, end.Weekday()))
	}
	start := Date{year, month, 1}
	return start.AddDays(daysTo(start.Weekday(), weekday) + 7*(n-1))
}

// Easter is Easter Sunday of the Gregorian calendar, in any year from 1583 on:
// the Sunday after the full moon of the church's tables.
func Easter(year int) Date {
	golden, century := year%19, year/100
	drift := century - century/4 - (8*century+13)/25 // of the calendar against sun and moon
	moon := (drift + 19*golden + 15) % 30            // the full moon, in days after 21 March
	if moon == 29 || moon == 28 && golden > 10 {
		moon-- // the tables have no full moon after 18 April, nor one date twice in 19 years
	}
	weekday := (year + year/4 - century + century/4 + moon + 2) % 7
	return Date{year, time.March, 21}.AddDays(moon + 7 - weekday)
}
