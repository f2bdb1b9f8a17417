package ticket_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// turns are days near which time is odd: the clocks are moved, or it is Easter.
var turns = []string{"2022-04-01 08:00", "2022-10-28 08:00", "2026-03-27 08:00", "2026-03-31 08:00", "2026-10-23 08:00", "2026-12-23 08:00"}

func drawCalendar(t *rapid.T) calendar.Calendar {
	switch rapid.IntRange(0, 4).Draw(t, "calendar") {
	case 0:
		return always(t, madrid)
	case 1:
		return always(t, mexico)
	case 2:
		return office(t, mexico, "mx", "09:00-18:00", "2026-04-02", "2026-04-03")
	case 3:
		return office(t, bogota, "co", "08:00-12:00 14:00-18:00")
	}
	return office(t, madrid, "es", "00:00-03:30 09:00-14:00 16:00-18:30", "2026-04-02", "2026-10-26")
}

// drawHistory gives the events of a ticket that goes to and fro over weeks,
// each on its minute.
func drawHistory(t *rapid.T) (events []ticket.Event) {
	steps := []ticket.Event{
		{Action: ticket.Assign, State: ticket.StateAssigned}, {Action: ticket.Assign, State: ticket.StateWaiting},
		{Action: ticket.RequestInfo, State: ticket.StateWaiting}, {Action: ticket.ProvideInfo, State: ticket.StateInProgress},
		{Action: ticket.Comment, State: ticket.StateInProgress}, {Action: ticket.Resolve, State: ticket.StateResolved},
		{Action: ticket.Cancel, State: ticket.StateCancelled},
	}
	turn := rapid.SampledFrom(turns).Draw(t, "from")
	now, err := time.Parse(minutes, turn)
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(1, 8).Draw(t, "steps") {
		now = now.Add(time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, "minutes")) * time.Minute)
		e := rapid.SampledFrom(steps).Draw(t, "step")
		e.Seq, e.Ticket, e.At = len(events)+1, "X1", now
		e.Content.Priority = rapid.SampledFrom([]string{"", "", "Alta", "Media", "Baja"}).Draw(t, "priority")
		events = append(events, e)
	}
	return events
}

func drawPolicy(t *rapid.T) ticket.Policy {
	length := rapid.Map(rapid.IntRange(1, 4*24*60), func(n int) ticket.Span { return ticket.Span{Time: time.Duration(n) * time.Minute} })
	return ticket.Policy{Clocks: []ticket.Clock{{
		Name: "work", Calendar: drawCalendar(t), Starts: on(ticket.Assign), Stops: []ticket.Action{ticket.Resolve},
		Paused: []ticket.State{ticket.StateWaiting},
		Within: map[string]ticket.Span{"": length.Draw(t, "any"), "Alta": length.Draw(t, "alta"), "Media": length.Draw(t, "media")},
	}}}
}

// model tells a clock minute by minute: it runs out when as many minutes as it
// has passed with the calendar open, the ticket not waiting.
type model struct {
	clock  ticket.Clock
	events []ticket.Event
}

// due is when the run that an event began runs out, the zero time if it stands
// still for good before.
func (m model) due(seq int, stopped time.Time) time.Time {
	left := m.length(seq, stopped)
	next := seq - 1
	waiting := false
	for minute := m.events[next].At; ; minute = minute.Add(time.Minute) {
		for ; next < len(m.events) && !m.events[next].At.After(minute); next++ {
			waiting = m.events[next].State == ticket.StateWaiting
		}
		if !stopped.IsZero() && !minute.Before(stopped) {
			waiting = false
		}
		switch {
		case left == 0:
			return minute
		case waiting && next == len(m.events):
			return time.Time{}
		case !waiting && m.clock.Calendar.Open(minute):
			if left -= time.Minute; left == 0 {
				return minute.Add(time.Minute)
			}
		}
	}
}

// length is that of the priority at the last event before the run stopped.
func (m model) length(seq int, stopped time.Time) time.Duration {
	priority := ""
	for _, e := range m.events {
		if e.Seq > seq && (e.Action == ticket.Resolve || e.State.Over()) {
			break
		}
		if e.Content.Priority != "" {
			priority = e.Content.Priority
		}
	}
	if span, named := m.clock.Within[priority]; named {
		return span.Time
	}
	return m.clock.Within[""].Time
}

// TestDueAsCountedByTheMinute holds that no minute counts in a closed span or
// while the ticket waits, that every other does, and that days of 23 and 25
// hours have these.
func TestDueAsCountedByTheMinute(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, events := drawPolicy(rt), drawHistory(rt)
		m := model{p.Clocks[0], events}
		for _, r := range p.Runs(events) {
			if want := m.due(r.Event, r.Stopped); !r.Due.Equal(want) {
				rt.Fatalf("%v is due %v, counted by the minute %v", r, r.Due, want)
			}
			if r.Length != m.length(r.Event, r.Stopped) {
				rt.Fatalf("%v has the length %v", r, r.Length)
			}
			if !r.Due.IsZero() && r.Stopped.IsZero() && !r.Standing && r.Spent(r.Due) != r.Length {
				rt.Fatalf("%v has spent %v when due", r, r.Spent(r.Due))
			}
		}
	})
}

// TestSameHistorySameRuns holds that runs depend on the events alone: asked
// again, of events read back, or with one more that says nothing of them.
func TestSameHistorySameRuns(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, events := drawPolicy(rt), drawHistory(rt)
		p.Clocks[0].Within["Baja"] = days(rapid.IntRange(1, 5).Draw(rt, "days"))
		before := slices.Clone(events)
		runs := p.Runs(events)
		if !reflect.DeepEqual(runs, p.Runs(events)) || !reflect.DeepEqual(events, before) {
			rt.Fatal("asked again it says something else")
		}
		last := events[len(events)-1]
		word := ticket.Event{Seq: last.Seq + 1, Ticket: last.Ticket, Action: ticket.Record, State: last.State, At: last.At.AddDate(0, 0, 3)}
		if with := p.Runs(append(events, word)); !reflect.DeepEqual(runs, with) {
			rt.Fatalf("with a record more %v became %v", runs, with)
		}
	})
}

// TestRunsAreWell holds what is true of all runs, with lengths in days too.
func TestRunsAreWell(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, events := drawPolicy(rt), drawHistory(rt)
		p.Clocks[0].Within[""] = days(rapid.IntRange(1, 9).Draw(rt, "days"))
		runs := p.Runs(events)
		for i, r := range runs {
			open := r.Stopped.IsZero()
			switch {
			case open && i < len(runs)-1, i > 0 && r.Started.Before(runs[i-1].Stopped):
				rt.Fatalf("%v runs beside another", r)
			case !open && (r.Standing || r.Due.IsZero()), !r.Due.IsZero() && r.Due.Before(r.Started):
				rt.Fatalf("%v cannot be", r)
			case open && r.Standing == (events[len(events)-1].State != ticket.StateWaiting):
				rt.Fatalf("%v with the ticket %s", r, events[len(events)-1].State)
			}
		}
		holdOutOfPauses(rt, runs, events)
	})
}

// holdOutOfPauses holds that nothing runs out while it stands still.
func holdOutOfPauses(rt *rapid.T, runs []ticket.Run, events []ticket.Event) {
	for i, e := range events[:len(events)-1] {
		until := events[i+1].At
		for _, r := range runs {
			within := !e.At.Before(r.Started) && (r.Stopped.IsZero() || !until.After(r.Stopped))
			if e.State == ticket.StateWaiting && within && e.At.Before(r.Due) && r.Due.Before(until) {
				rt.Fatalf("%v runs out while waiting from %v until %v", r, e.At, until)
			}
		}
	}
}
