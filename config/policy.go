package config

import (
	"fmt"
	"time"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// minKey is the fewest bytes of a desk's secret key.
const minKey = 32

// Policy makes of a desk what ticket.Decide needs. key is the desk's secret,
// of 32 bytes at least. forms are the forms of the actions in the words of the
// desk's language; an action whose blanks the desk lists itself, or that is
// its own, does not need one, and open never does. The error says what is
// missing; a desk that Load returned can fail only by its key or for want of a
// form.
func (d Desk) Policy(key ticket.Key, forms map[ticket.Action]ticket.Form) (ticket.Policy, error) {
	if len(key) < minKey {
		return ticket.Policy{}, fmt.Errorf("desk %s: a key of %d bytes, %d at least", d.ID, len(key), minKey)
	}
	p := ticket.Policy{
		Desk: d.ID, Key: key, Queues: d.queues(), Services: d.services(), Members: d.members(),
		Priorities: d.priorityNames(), RegisteredOnly: d.Opening.RegisteredOnly, AcceptIncomplete: d.Opening.AcceptIncomplete, WatchCopied: d.Opening.WatchCopied,
	}
	for _, step := range []func(*ticket.Policy) error{d.setPlace, d.setClocks} {
		if err := step(&p); err != nil {
			return ticket.Policy{}, fmt.Errorf("desk %s: %w", d.ID, err)
		}
	}
	if err := d.setActions(&p, forms); err != nil {
		return ticket.Policy{}, fmt.Errorf("desk %s: %w", d.ID, err)
	}
	return p, nil
}

// setPlace sets what depends on where the desk is, and its numbers.
func (d Desk) setPlace(p *ticket.Policy) (err error) {
	if p.Zone, err = d.zone(); err != nil {
		return err
	}
	if p.Numbers, err = ticket.ParseNumberFormat(d.Number); err != nil {
		return err
	}
	if d.registers() {
		p.Applications, err = ticket.ParseNumberFormat(d.Registering.Number)
	}
	p.Absences = d.absences(p.Zone)
	return err
}

// setClocks sets the desk's clocks, each with its calendar.
func (d Desk) setClocks(p *ticket.Policy) error {
	always, err := calendar.New(calendar.Options{Zone: p.Zone, Always: true})
	calendars := map[string]calendar.Calendar{"": always}
	for _, c := range d.Calendars {
		if err == nil {
			calendars[c.Name], err = c.calendar(p.Zone)
		}
	}
	if err != nil {
		return err
	}
	for _, c := range d.Clocks {
		p.Clocks = append(p.Clocks, c.clock(calendars[c.Calendar]))
	}
	return nil
}

// calendar is the calendar as package calendar has it.
func (c Calendar) calendar(zone *time.Location) (calendar.Calendar, error) {
	o := calendar.Options{Zone: zone, Always: c.Always, Holidays: c.Holidays}
	if len(c.Week) > 0 {
		o.Week = map[time.Weekday][]calendar.Span{}
	}
	for _, h := range c.Week {
		for _, days := range h.Days {
			for _, day := range days.Weekdays() {
				o.Week[day] = append(o.Week[day], h.Hours...)
			}
		}
	}
	if c.Country != "" {
		national, err := calendar.Country(string(c.Country))
		if err != nil {
			return calendar.Calendar{}, err
		}
		o.Holidays = append(national, c.Holidays...)
	}
	if len(c.Exceptions) > 0 {
		o.Exceptions = map[calendar.Date][]calendar.Span{}
	}
	for _, e := range c.Exceptions {
		o.Exceptions[e.Date] = e.Hours
	}
	return calendar.New(o)
}

// clock is the clock as package ticket has it.
func (c Clock) clock(by calendar.Calendar) ticket.Clock {
	clock := ticket.Clock{
		Name: c.Name, Stops: c.Stops, AtAgreed: c.AtAgreed, Calendar: by, Paused: c.Paused,
		Warn: c.Warn, Warned: c.Warned, Escalate: c.Escalate, Then: c.Then, Within: map[string]ticket.Span{},
	}
	for _, start := range c.Starts {
		clock.Starts = append(clock.Starts, start.Trigger())
	}
	for _, length := range c.Within {
		clock.Within[length.Priority] = length.Time
	}
	return clock
}

// ClockLabels are the names of the desk's clocks as mails show them.
func (d Desk) ClockLabels() map[string]string {
	labels := map[string]string{}
	for _, c := range d.Clocks {
		labels[c.Name] = c.Label
	}
	return labels
}
