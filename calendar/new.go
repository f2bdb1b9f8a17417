package calendar

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Options say when a calendar's time counts. Either Always is set, or Week has
// at least one span; Holidays and Exceptions belong to a Week.
type Options struct {
	Zone       *time.Location          // whose wall clock is read; nil is UTC
	Always     bool                    // 24×7: every instant and every day counts
	Week       map[time.Weekday][]Span // a weekday left out is closed
	Holidays   []Rule                  // closed, whatever the weekday; from 1970 to 2199
	Exceptions map[Date][]Span         // one-off days: these spans, even on a holiday; none closes
}

// plan is a calendar's Options, checked and laid out for looking up.
type plan struct {
	zone       *time.Location
	always     bool
	week       [7][]Span
	holidays   table
	exceptions map[Date][]Span
}

// New makes a calendar. It keeps nothing of the options it was given. All that
// is wrong with them is in the error, one line each: spans that overlap, cross
// midnight or end at 23:59; a week without a span; holidays that close a whole
// year; a rule that was not made by ParseRule or Country; a date that does not
// exist; time.Local, which is another zone on another machine.
func New(o Options) (Calendar, error) {
	p := &plan{zone: o.Zone, always: o.Always, exceptions: map[Date][]Span{}}
	if p.zone == nil {
		p.zone = time.UTC
	}
	err := errors.Join(o.checkZone(), o.checkAlways(), p.setWeek(o.Week), p.setHolidays(o.Holidays), p.setExceptions(o.Exceptions))
	if err == nil && !o.Always {
		err = p.checkOpens()
	}
	if err != nil {
		return Calendar{}, err
	}
	return Calendar{p}, nil
}

func (o Options) checkZone() error {
	if o.Zone == time.Local {
		return errors.New("the machine's own zone is no zone for a calendar; name one, like Europe/Madrid")
	}
	return nil
}

func (o Options) checkAlways() error {
	if o.Always && len(o.Week)+len(o.Holidays)+len(o.Exceptions) > 0 {
		return errors.New("a calendar that counts always has no week, holidays or exceptions; for all days but holidays write a week of 00:00-24:00")
	}
	return nil
}

func (p *plan) setWeek(week map[time.Weekday][]Span) error {
	var errs []error
	for _, weekday := range slices.Sorted(maps.Keys(week)) {
		spans, err := arrange(week[weekday])
		if weekday < time.Sunday || weekday > time.Saturday {
			err = errors.New("no such day of the week")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%v: %w", weekday, err))
			continue
		}
		p.week[weekday] = spans
	}
	return errors.Join(errs...)
}

func (p *plan) setHolidays(rules []Rule) error {
	for i, rule := range rules {
		if rule.kind == none {
			return fmt.Errorf("holiday %d (%q) has no rule", i+1, rule.Name)
		}
		p.holidays.close(rule)
	}
	return nil
}

func (p *plan) setExceptions(days map[Date][]Span) error {
	var errs []error
	for _, date := range slices.SortedFunc(maps.Keys(days), Date.compare) {
		spans, err := arrange(days[date])
		if !date.exists() {
			err = errors.New("there is no such date")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("exception %d-%02d-%02d: %w", date.Year, date.Month, date.Day, err))
			continue
		}
		p.exceptions[date] = spans
	}
	return errors.Join(errs...)
}

// checkOpens makes sure that every year opens on some day by its week and
// holidays alone, so that looking for the next opening always ends.
func (p *plan) checkOpens() error {
	if !slices.ContainsFunc(p.week[:], func(spans []Span) bool { return len(spans) > 0 }) {
		return errors.New("the week has no span: no time would ever count")
	}
	for year := firstYear; year <= lastYear; year++ {
		if !p.opensIn(year) {
			return fmt.Errorf("the holidays close every working day of %d", year)
		}
	}
	return nil
}

func (p *plan) opensIn(year int) bool {
	for date := (Date{year, time.January, 1}); date.Year == year; date = date.AddDays(1) {
		if len(p.week[date.Weekday()]) > 0 && !p.holidays.closed(date) {
			return true
		}
	}
	return false
}

// spansOn are the spans of a date, in order.
func (p *plan) spansOn(date Date) []Span {
	if p.always {
		return wholeDay
	}
	if spans, special := p.exceptions[date]; special {
		return spans
	}
	if p.holidays.closed(date) {
		return nil
	}
	return p.week[date.Weekday()]
}
