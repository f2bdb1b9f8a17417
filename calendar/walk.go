package calendar

import (
	"iter"
	"time"
)

// reading is what the wall clock shows at an instant. While it lasts, the date
// stays and the clock runs with real time: until midnight, or until the zone
// changes its offset, whichever is first.
type reading struct {
	date  Date
	clock time.Duration // since 00:00, as the wall clock shows it
	until time.Time
}

// reading reads the wall clock at an instant given in the plan's zone.
func (p *plan) reading(local time.Time) reading {
	hour, minute, second := local.Clock()
	clock := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(second)*time.Second + time.Duration(local.Nanosecond())
	until := local.Add(day - clock)
	if change, known := nextChange(local); known {
		until = earlier(change, until)
	}
	return reading{dateOf(local), clock, until}
}

// open gives the stretches of counting time within [from, to), in order, each
// as its first instant and the instant it ends. Both bounds are in the plan's
// zone, and so is what it gives.
func (p *plan) open(from, to time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(start, end time.Time) bool) {
		for t := from; t.Before(to); {
			now := p.reading(t)
			end := earlier(now.until, to)
			for _, span := range p.spansOn(now.date) {
				opens, closes := t.Add(max(0, span.From-now.clock)), earlier(t.Add(span.To-now.clock), end)
				if opens.Before(closes) && !yield(opens, closes) {
					return
				}
			}
			t = now.until
		}
	}
}

// instant is the first instant at which the wall clock shows the date and the
// time of day, or, where the zone skips these, the end of the skip.
func (p *plan) instant(date Date, clock time.Duration) time.Time {
	wall := date.midnight().Add(clock)
	t := wall.Add(-26 * time.Hour).In(p.zone) // no zone is a day from UTC: this shows an earlier time
	for {
		_, offset := t.Zone()
		change, known := nextChange(t)
		shown := wall.Add(-time.Duration(offset) * time.Second).In(p.zone)
		if shown.Before(t) {
			shown = t
		}
		if !known || shown.Before(change) {
			return shown
		}
		t = change
	}
}

// nextChange is an instant after t up to which the offset of t's zone stays.
//
// QUIRK: for the zones that go on changing their clocks after 2037, ZoneBounds
// (Go 1.26) ends each leap year a day early: on its 31 December the end lies at
// or before t. No zone changes its clocks on that day, so none is known then.
func nextChange(t time.Time) (change time.Time, known bool) {
	_, change = t.ZoneBounds()
	return change, change.After(t)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
