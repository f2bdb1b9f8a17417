package ticket

import (
	"cmp"
	"slices"
	"time"
)

// Outcome is how a run of a clock went.
type Outcome string

// The outcomes.
const (
	OutcomeRunning  Outcome = "running"  // it can be met still
	OutcomeMet      Outcome = "met"      // it stopped in time
	OutcomeMissed   Outcome = "missed"   // it ran out, whether it has stopped since or not
	OutcomeMeasured Outcome = "measured" // it stopped, and had no length to be held to
	OutcomeDropped  Outcome = "dropped"  // the ticket got over in time without what the clock waited for: withdrawn, spam
)

// Outcome is how the run went as far as is known at a time.
func (r Run) Outcome(at time.Time) Outcome {
	switch {
	case r.Late(at):
		return OutcomeMissed
	case !r.ended(at):
		return OutcomeRunning
	case r.Dropped:
		return OutcomeDropped
	case r.Due.IsZero():
		return OutcomeMeasured
	}
	return OutcomeMet
}

// Attainment is how a desk kept one of its clocks for one priority over a
// period.
type Attainment struct {
	Clock    string
	Priority string
	Met      int
	Missed   int
	Running  int // of the missed, those that had not stopped at the period's end
	Measured int // without a length to be held to
	Dropped  int

	// Counting time of all but the dropped, as of the period's end: what half
	// of them took at most, what nine in ten did, and the longest.
	Median, Ninth, Worst time.Duration
}

// Percent is how many of a hundred were met, of those that were met or missed;
// false if there were none.
func (a Attainment) Percent() (met float64, some bool) {
	all := a.Met + a.Missed
	if all == 0 {
		return 0, false
	}
	return 100 * float64(a.Met) / float64(all), true
}

// Attain says how the desk kept its clocks over a period, from its first
// instant and before its last, as far as is known now; runs are those of all
// tickets (see Runs). There is one line for each clock and priority with a run
// in the period, the clocks in the policy's order, the priorities in that
// given, others after them by name.
//
// A run belongs to the period in which its outcome became certain: what was
// missed to that in which it ran out, all else to that in which it stopped. So
// each run is counted once, whichever way time is cut into periods, and a
// period that is past keeps its figures whenever it is asked for, unless a
// ticket with a run still open is given another priority.
func (p Policy) Attain(runs []Run, priorities []string, from, until, now time.Time) []Attainment {
	until = earlier(until, now)
	groups := map[Attainment][]Run{} // keys have only clock and priority
	for _, r := range runs {
		if decided := r.decided(until); !decided.IsZero() && !decided.Before(from) && decided.Before(until) {
			g := Attainment{Clock: r.Clock, Priority: r.Priority}
			groups[g] = append(groups[g], r)
		}
	}
	var lines []Attainment
	for line, group := range groups {
		lines = append(lines, line.sum(group, until))
	}
	slices.SortFunc(lines, func(a, b Attainment) int { return p.compare(a, b, priorities) })
	return lines
}

// decided is when the run's outcome became certain, zero if it was not yet.
func (r Run) decided(at time.Time) time.Time {
	switch r.Outcome(at) {
	case OutcomeRunning:
		return time.Time{}
	case OutcomeMissed:
		return r.Due
	}
	return r.Stopped
}

// sum counts the runs of a line.
func (a Attainment) sum(runs []Run, until time.Time) Attainment {
	var times []time.Duration
	for _, r := range runs {
		outcome := r.Outcome(until)
		a.count(outcome, r.ended(until))
		if outcome != OutcomeDropped {
			times = append(times, r.Spent(until))
		}
	}
	slices.Sort(times)
	a.Median, a.Ninth, a.Worst = share(times, 50), share(times, 90), share(times, 100)
	return a
}

func (a *Attainment) count(outcome Outcome, ended bool) {
	switch outcome {
	case OutcomeMet:
		a.Met++
	case OutcomeMissed:
		a.Missed++
	case OutcomeMeasured:
		a.Measured++
	case OutcomeDropped:
		a.Dropped++
	}
	if !ended {
		a.Running++
	}
}

// share is the least of the sorted times that so many of a hundred do not
// exceed; zero of none.
func share(times []time.Duration, percent int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[(len(times)*percent+99)/100-1]
}

// compare orders lines by clock and priority.
func (p Policy) compare(a, b Attainment, priorities []string) int {
	clock := func(a Attainment) int {
		return slices.IndexFunc(p.Clocks, func(c Clock) bool { return c.Name == a.Clock })
	}
	priority := func(a Attainment) uint { return uint(slices.Index(priorities, a.Priority)) } // -1 is last
	return cmp.Or(cmp.Compare(clock(a), clock(b)), cmp.Compare(priority(a), priority(b)), cmp.Compare(a.Priority, b.Priority))
}
