package calendar

import "time"

// Horizon is how far ahead of an instant a calendar looks: a hundred years of
// 365.25 days.
const Horizon = 36_525 * day

// Calendar says when time counts. The zero value counts always (24×7) and
// shows times in UTC. Calendars are values: copy them, share them between
// goroutines.
type Calendar struct{ plan *plan }

var always = &plan{zone: time.UTC, always: true}

func (c Calendar) look() *plan {
	if c.plan == nil {
		return always
	}
	return c.plan
}

// Zone is the zone whose wall clock the calendar reads.
func (c Calendar) Zone() *time.Location { return c.look().zone }

// Open reports whether the instant t counts.
func (c Calendar) Open(t time.Time) bool {
	p := c.look()
	now := p.reading(t.In(p.zone))
	for _, span := range p.spansOn(now.date) {
		if span.From <= now.clock && now.clock < span.To {
			return true
		}
	}
	return false
}

// Next is t if it is open, else the next opening after it.
func (c Calendar) Next(t time.Time) time.Time {
	p := c.look()
	t = t.In(p.zone)
	for start := range p.open(t, t.Add(Horizon)) {
		return start
	}
	return t.Add(Horizon)
}

// Between is the time that counts from one instant to the other, to the
// nanosecond; negative if to is before from. Of more than Horizon only the
// first Horizon is counted.
func (c Calendar) Between(from, to time.Time) time.Duration {
	p := c.look()
	from, to = from.In(p.zone), to.In(p.zone)
	if to.Before(from) {
		return -c.Between(to, from)
	}
	var total time.Duration
	for start, end := range p.open(from, earlier(to, from.Add(Horizon))) {
		total += end.Sub(start)
	}
	return total
}

// Add is the first instant at which d of counting time has passed since from:
// Between(from, Add(from, d)) == d. It is never an opening: what runs out with
// the last span of a day ends with that span. For d of zero or less it is from
// itself. It is never later than Horizon after from; a d that does not fit in
// it gives that far instant.
func (c Calendar) Add(from time.Time, d time.Duration) time.Time {
	p := c.look()
	from = from.In(p.zone)
	if d <= 0 {
		return from
	}
	for start, end := range p.open(from, from.Add(Horizon)) {
		length := end.Sub(start)
		if d <= length {
			return start.Add(d)
		}
		d -= length
	}
	return from.Add(Horizon)
}

// AddDays is n working days later, by the local clock: from Next(from), so that
// what arrives on a closed day or after hours counts from the next opening, to
// the same time of day on the n-th day after it that has any span. Friday at
// 17:00 and three days, Monday to Friday, is Wednesday at 17:00; Saturday and
// three days is Thursday at the hour the office opens. A calendar that counts
// always counts every day of the year.
//
// A day with shorter spans is a day still: the time of day is kept even where
// it is after hours. A time of day that the date skips becomes the end of the
// skip; of one that comes twice it is the first. For n of zero or less the
// answer is Next(from); it is never later than Horizon after from.
func (c Calendar) AddDays(from time.Time, n int) time.Time {
	p := c.look()
	limit := from.In(p.zone).Add(Horizon)
	from = c.Next(from)
	if n <= 0 {
		return from
	}
	start, last := p.reading(from), dateOf(limit)
	for date := start.date.AddDays(1); date.compare(last) < 0; date = date.AddDays(1) {
		if len(p.spansOn(date)) == 0 {
			continue
		}
		if n--; n == 0 {
			return p.instant(date, start.clock)
		}
	}
	return limit
}
