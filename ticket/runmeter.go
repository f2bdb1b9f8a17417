package ticket

import (
	"slices"
	"time"
)

// meter makes one clock's runs out of a ticket's events, taken one by one.
type meter struct {
	policy Policy
	clock  Clock
	runs   []Run

	running  bool // the last of them
	awaited  bool // what the clock starts with is done, and the news of it on its way
	priority string
	agreed   time.Time
	at       time.Time // of the latest event; time does not go back even where the machine's did
}

// take takes the next event. One that stops the clock and starts it does so in
// this order; only what it tells of the past comes before it. What sets the
// priority counts for the run it starts and not for the one it stops.
func (m *meter) take(e Event) {
	m.at = later(m.at, e.At).UTC()
	over, measured := e.State.Over(), m.running
	stops := over || e.isAny(m.clock.Stops) || e.Is() == Hear && m.ends() && m.listens()
	if stops {
		m.stop(e)
	}
	if m.returned(e) {
		m.stop(e)
		m.awaited = true
	}
	set(&m.priority, e.Content.Priority)
	set(&m.agreed, e.Content.Agreed)
	from, began := m.start(e)
	switch {
	case m.running || from.IsZero():
	case !stops, !over && !began:
		m.begin(e, from)
	case began && !measured:
		m.begin(e, from)
		m.stop(e)
	}
	m.follow(e)
}

// ends tells whether the clock ends the ticket of itself.
func (m *meter) ends() bool {
	for name, line := range m.policy.Actions {
		if line.To.Over() && (name == m.clock.Then || line.Is() == m.clock.Then) && slices.Contains(line.By, RoleClock) {
			return true
		}
	}
	return false
}

// listens tells whether an ordinary reply of the requester stops the clock: then
// what else they write does too.
func (m *meter) listens() bool {
	return slices.ContainsFunc(m.clock.Stops, func(a Action) bool {
		line := m.policy.Actions[a]
		return line.Reply && slices.Contains(line.By, RoleRequester)
	})
}

// returned tells whether the event is that the notice which started the run
// came back after all: what the clock waits for is news still.
func (m *meter) returned(e Event) bool {
	return m.running && e.Is() == Bounce && slices.ContainsFunc(m.clock.Starts, func(t Trigger) bool {
		return t.Delivered && tells(e.Content.Notice, t.Action)
	})
}

// start is when an event starts the clock, zero if it does not, and whether
// that is when the failure began.
func (m *meter) start(e Event) (from time.Time, began bool) {
	for _, t := range m.clock.Starts {
		is := e.isAny([]Action{t.Action})
		switch {
		case t.Began && is && !e.Content.Began.IsZero():
			return earlier(e.Content.Began, m.at).UTC(), true
		case t.Delivered && is:
			m.awaited = true
		case t.Delivered && m.awaited && e.Is() == Deliver && tells(e.Content.Notice, t.Action):
			return m.at, false
		case !t.Began && !t.Delivered && is:
			return m.at, false
		}
	}
	return time.Time{}, false
}

func (m *meter) begin(e Event, from time.Time) {
	m.runs = append(m.runs, Run{
		Ticket: e.Ticket, Clock: m.clock.Name, Event: e.Seq, Started: from,
		Priority: m.priority, calendar: m.clock.Calendar,
	})
	m.running = true
}

// stop ends the run, if there is one. News that come after it start none.
func (m *meter) stop(e Event) {
	m.awaited = false
	if !m.running {
		return
	}
	run := m.last()
	run.resume(m.at)
	run.Stopped, run.Dropped = m.at, !e.isAny(m.clock.Stops)
	m.running = false
}

// follow keeps up with what an event changes of the run.
func (m *meter) follow(e Event) {
	if !m.running {
		return
	}
	run := m.last()
	run.Priority = m.priority
	switch {
	case m.clock.AtAgreed:
		run.Due = m.agreed
	case !slices.Contains(m.clock.Paused, e.State):
		run.resume(m.at)
	case !run.Standing:
		run.Standing = true
		run.pauses = append(run.pauses, pause{from: m.at})
	}
}

func (m *meter) last() *Run { return &m.runs[len(m.runs)-1] }

// resume ends the pause, if it stands still.
func (r *Run) resume(at time.Time) {
	if r.Standing {
		r.Standing = false
		r.pauses[len(r.pauses)-1].until = at
	}
}

// isAny tells whether the event is one of these actions. An action of the
// desk's own is not meant by the name of its kind: a change of priority, a
// classification too, does not start what the first one started.
func (e Event) isAny(actions []Action) bool { return slices.Contains(actions, e.Action) }

// tells tells whether a kind of notice is the one to the requester of an action.
func tells(notice string, of Action) bool { return notice == NoticeKind(of, ToRequester) }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
