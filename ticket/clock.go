package ticket

import (
	"slices"
	"time"

	"github.com/cauce-desk/cauce/calendar"
)

// Clock measures a stretch of a ticket's life, and says when it is over time.
// It starts with an action and runs until one that stops it, or the ticket's
// end. While it runs it is not started again; once stopped it may be, by the
// very event that stopped it. See Runs and NextAlarm.
type Clock struct {
	Name     string // stable, ASCII
	Starts   []Trigger
	Stops    []Action
	Within   map[string]Span // by priority; "" is that of any other. None: it is measured, and never runs out
	AtAgreed bool            // it runs out at the ticket's agreed date; Within and Paused are not looked at
	Calendar calendar.Calendar
	Paused   []State // in which it stands still

	Warn     []int      // percentages of its length at which it warns, ascending, each under 100
	Warned   []Audience // whom
	Escalate []Span     // how long after it ran out each level of superiors is called; the first is usually zero
	Then     Action     // what the clock does when it runs out; "" nothing
}

// Trigger is what starts a clock. Actions are meant by name: those of the desk's
// own are others than the one they are a kind of.
type Trigger struct {
	Action    Action
	Delivered bool // not the action itself, but the arrival of the notice that tells the requester
	Began     bool // the time at which the failure is said to have begun, on the event that says it
}

// Span is a length of time as a calendar counts it: either working time, or
// days by the calendar (see calendar.Calendar.AddDays).
type Span struct {
	Time time.Duration
	Days int
}

// IsZero tells whether the span is none.
func (s Span) IsZero() bool { return s == Span{} }

// after is the instant at which the span has passed since another.
func (s Span) after(from time.Time, c calendar.Calendar) time.Time {
	if s.Days > 0 {
		from = c.AddDays(from, s.Days)
	}
	return c.Add(from, s.Time)
}

// within is the clock's length for a priority; zero is none.
func (c Clock) within(priority string) Span {
	if span, named := c.Within[priority]; named {
		return span
	}
	return c.Within[""]
}

// shortest is the shortest of the clock's lengths from an instant on.
func (c Clock) shortest(from time.Time) (shortest Span) {
	for _, span := range c.Within {
		sooner := span.after(from, c.Calendar).Before(shortest.after(from, c.Calendar))
		if !span.IsZero() && (shortest.IsZero() || sooner) {
			shortest = span
		}
	}
	return shortest
}

// lasts is how long a run lasts. One of a priority that the desk no longer has,
// and for which there is no length, lasts as long as the shortest: a deadline
// does not end because a name changed.
func (p Policy) lasts(r Run, c Clock) Span {
	span := c.within(r.Priority)
	if span.IsZero() && r.Priority != "" && len(p.Priorities) > 0 && !slices.Contains(p.Priorities, r.Priority) {
		return c.shortest(r.Started)
	}
	return span
}

// clock finds a clock by its name.
func (p Policy) clock(name string) (Clock, bool) {
	i := slices.IndexFunc(p.Clocks, func(c Clock) bool { return c.Name == name })
	if i < 0 {
		return Clock{}, false
	}
	return p.Clocks[i], true
}
