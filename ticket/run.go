package ticket

import (
	"cmp"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/calendar"
)

// Run is one stretch that a clock measured, or is measuring. Times are UTC.
type Run struct {
	Ticket   Number
	Clock    string
	Event    int       // Seq of the event that began it
	Priority string    // the ticket's, at its last event before the run stopped
	Started  time.Time // where the clock starts when the failure began, this is before the event
	Stopped  time.Time // zero: it runs
	Dropped  bool      // it ended without what the clock waited for
	Standing bool      // it stands still now

	// Due is when it runs out, or ran out. It is zero where the clock has no
	// length for the priority, where no date is agreed yet, and as long as the
	// run stands still without having run out before.
	Due time.Time
	// Length is the counting time from start to due, without pauses.
	Length time.Duration

	calendar calendar.Calendar
	pauses   []pause
}

// pause is a stretch in which a run stood still. Without an end it lasts.
type pause struct{ from, until time.Time }

// Runs are all the runs of the policy's clocks on a ticket with these events,
// in the order in which they started. They depend on nothing else: the same
// events give the same runs whenever it is asked.
func (p Policy) Runs(events []Event) []Run {
	var runs []Run
	for _, c := range p.Clocks {
		m := meter{policy: p, clock: c}
		for _, e := range events {
			m.take(e)
		}
		runs = append(runs, m.runs...)
	}
	slices.SortStableFunc(runs, func(a, b Run) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Event, b.Event))
	})
	for i := range runs {
		clock, _ := p.clock(runs[i].Clock)
		runs[i].measure(clock, p.lasts(runs[i], clock))
	}
	return runs
}

// Closing tells whether a clock that ends the ticket of itself runs, or is about
// to, and the desk lets the requester's replies stop it: whatever else they write
// must hold it, by a Hear if by nothing else.
func (p Policy) Closing(events []Event) bool {
	return slices.ContainsFunc(p.Clocks, func(c Clock) bool {
		m := meter{policy: p, clock: c}
		for _, e := range events {
			m.take(e)
		}
		return m.ends() && m.listens() && (m.running || m.awaited)
	})
}

// Late tells whether the run had run out by a time, or before it stopped. What
// stops at the very instant at which it is due is in time.
func (r Run) Late(now time.Time) bool {
	return !r.Due.IsZero() && r.end(now).After(r.Due)
}

// end is the time up to which the run went on, as of another.
func (r Run) end(at time.Time) time.Time {
	if r.ended(at) {
		return r.Stopped
	}
	return at
}

// ended tells whether it had stopped by a time.
func (r Run) ended(at time.Time) bool { return !r.Stopped.IsZero() && !r.Stopped.After(at) }

// Spent is the counting time that the run had lasted by a time, without its
// pauses.
func (r Run) Spent(at time.Time) time.Duration {
	end := r.end(at)
	if end.Before(r.Started) {
		return 0
	}
	spent := r.calendar.Between(r.Started, end)
	for _, p := range r.pauses {
		until := p.until
		if until.IsZero() || until.After(end) {
			until = end
		}
		if p.from.Before(until) {
			spent -= r.calendar.Between(p.from, until)
		}
	}
	return spent
}

// measure sets when a run that lasts so long is due and what depends on it. Due
// holds the agreed date before, if there is one.
func (r *Run) measure(c Clock, span Span) {
	unpaused := r.Due
	switch {
	case c.AtAgreed && !r.Due.After(r.Started): // none, or that of an earlier run
		r.Due = time.Time{}
		return
	case !c.AtAgreed && span.IsZero():
		return
	case !c.AtAgreed:
		unpaused = span.after(r.Started, r.calendar)
		r.Due = r.reach(r.Started, span)
	}
	r.Length = r.calendar.Between(r.Started, unpaused)
}

// reach is the instant at which the run has gone on for a span since an
// instant at which it did not stand still: each pause on the way adds the
// counting time it took. It is zero if the run stands still before it gets
// there, and never lies within a pause.
func (r Run) reach(from time.Time, span Span) time.Time {
	at := span.after(from, r.calendar)
	for _, p := range r.pauses {
		switch {
		case p.from.Before(from):
			continue
		case !p.from.Before(at):
			return at.UTC()
		case p.until.IsZero():
			return time.Time{}
		}
		at = later(r.calendar.Add(at, r.calendar.Between(p.from, p.until)), p.until)
	}
	return at.UTC()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
