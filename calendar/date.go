package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar, without a zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2026-11-02".
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date; write one like 2026-11-02", text)
	}
	return dateOf(t), nil
}

// String writes the date as ParseDate reads it.
func (d Date) String() string { return d.midnight().Format(time.DateOnly) }

// MarshalText is String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is ParseDate.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Weekday is the day of the week the date falls on.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// AddDays is the date n days later, earlier if n is negative.
func (d Date) AddDays(n int) Date { return dateOf(d.midnight().AddDate(0, 0, n)) }

func (d Date) compare(e Date) int { return d.midnight().Compare(e.midnight()) }

// midnight holds a date in a time.Time: its midnight, as if it were in UTC.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// exists is false for a day its month does not have.
func (d Date) exists() bool { return d == dateOf(d.midnight()) }

// dateOf is the date t shows in its own zone.
func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}
