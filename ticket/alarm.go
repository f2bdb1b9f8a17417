package ticket

import (
	"slices"
	"time"
)

// Alarm is one thing a clock does once: warn at a percentage, call a level of
// superiors, or act. Exactly one of Percent, Level and Then is set. An event
// that holds an alarm says that it was done, whatever the event's action: so
// what is refused for good can be put on record by a Warn that holds it.
type Alarm struct {
	Clock   string    `json:"clock"`
	Run     int       `json:"run"` // Seq of the event that started the clock
	Percent int       `json:"percent,omitempty"`
	Level   int       `json:"level,omitempty"` // from 1
	Then    Action    `json:"then,omitempty"`
	At      time.Time `json:"at"`  // when it was due
	Due     time.Time `json:"due"` // when the clock runs out
}

// NextAlarm is what the ticket's clocks do next; false if nothing as things
// stand. If its time has come by now, it is to be done now: ask the desk for
// the action that Does names, and then ask here again. If not, there is
// nothing to do until then or the ticket's next event.
//
// Every alarm is given until an event holds it, however late that is, in the
// order in which they were due. But a warning that is no news any more is left
// out: one whose clock ran out, or reached a later warning. So is what cannot
// be done: a level that the ticket has no superiors for, and what the desk's
// table does not let the clock do in the ticket's state.
func (p Policy) NextAlarm(events []Event, now time.Time) (Alarm, bool) {
	var next Alarm
	found := false
	t := Replay(events)
	done := alarmsIn(events)
	for _, run := range p.Runs(events) {
		for _, a := range p.alarms(run, now) {
			sooner := !found || a.At.Before(next.At)
			if _, can := p.Does(t, a); can && sooner && !a.doneBy(done) {
				next, found = a, true
			}
		}
	}
	return next, found
}

// Does is the desk's action that an alarm leads to, false if the ticket's
// state or the desk's table does not let the clock take it, or there is nobody
// on the level to be called. A ticket that follows another gives none: that
// one's clocks speak for both, and it shares what they do.
func (p Policy) Does(t Ticket, a Alarm) (Action, bool) {
	kind := a.kind()
	if t.Main != "" {
		return "", false
	}
	if kind == Escalate && a.Then == "" && len(p.superiors(t, a.Level)) == 0 {
		return "", false
	}
	for _, name := range append([]Action{kind}, p.ordered()...) {
		line, used := p.Actions[name]
		is := used && (name == kind || line.Is() == kind) && line.Involves == ""
		if is && slices.Contains(line.By, RoleClock) && p.allows(t, name) {
			return name, true
		}
	}
	return "", false
}

// kind is what an alarm does, as the common table calls it.
func (a Alarm) kind() Action {
	switch {
	case a.Then != "":
		return a.Then
	case a.Level > 0:
		return Escalate
	}
	return Warn
}

// alarms are those of a run that are or may yet become news, by kind: of two
// at the same instant the first comes first.
func (p Policy) alarms(r Run, now time.Time) []Alarm {
	c, known := p.clock(r.Clock)
	if !known || !r.Stopped.IsZero() || r.Due.IsZero() {
		return nil
	}
	alarms := r.warnings(c, now)
	add := func(a Alarm) {
		if !a.At.IsZero() {
			a.Clock, a.Run, a.Due = r.Clock, r.Event, r.Due
			alarms = append(alarms, a)
		}
	}
	for i, span := range c.Escalate {
		add(Alarm{Level: i + 1, At: r.reach(r.Due, span)})
	}
	if c.Then != "" {
		add(Alarm{Then: c.Then, At: r.Due})
	}
	return alarms
}

// warnings are the latest that has come and those to come; none once the run
// has run out.
func (r Run) warnings(c Clock, now time.Time) []Alarm {
	var news []Alarm
	if !now.Before(r.Due) {
		return nil
	}
	for _, percent := range c.Warn {
		part := r.Length/100*time.Duration(percent) + r.Length%100*time.Duration(percent)/100
		at := r.reach(r.Started, Span{Time: part})
		if !at.After(now) {
			news = nil
		}
		news = append(news, Alarm{Clock: r.Clock, Run: r.Event, Percent: percent, At: at, Due: r.Due})
	}
	return news
}

// alarmsIn are those that events say were done.
func alarmsIn(events []Event) []Alarm {
	var done []Alarm
	for _, e := range events {
		if e.Content.Alarm != nil {
			done = append(done, *e.Content.Alarm)
		}
	}
	return done
}

// doneBy tells whether an alarm is among those done, or told by a graver one.
func (a Alarm) doneBy(done []Alarm) bool {
	return slices.ContainsFunc(done, func(d Alarm) bool {
		switch {
		case d.Clock != a.Clock || d.Run != a.Run:
			return false
		case a.Percent > 0:
			return d.Percent >= a.Percent || d.Percent == 0
		}
		return d.Level == a.Level && d.Then == a.Then
	})
}
