package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// checkClocks checks the desk's calendars and clocks.
func (f *file) checkClocks(d Desk, at string) {
	zone, err := d.zone()
	for i, c := range d.Calendars {
		place := element(child(at, "calendars"), i)
		f.distinct(child(place, "exceptions"), "date", len(c.Exceptions), func(i int) []string { return []string{c.Exceptions[i].Date.String()} })
		if err != nil || f.spoilt(place) {
			continue
		}
		if _, wrong := c.calendar(zone); wrong != nil {
			f.add(place, "%s", strings.ReplaceAll(wrong.Error(), "\n", "; "))
		}
	}
	f.distinct(child(at, "calendars"), "name", len(d.Calendars), func(i int) []string { return []string{d.Calendars[i].Name} })
	for i, c := range d.Clocks {
		f.checkClock(d, c, element(child(at, "clocks"), i))
	}
	f.distinct(child(at, "clocks"), "name", len(d.Clocks), func(i int) []string { return []string{d.Clocks[i].Name} })
}

// spoilt tells whether something of what stands at a path, or under it, could
// not be read.
func (r *reporter) spoilt(path string) bool {
	for at := range r.failed {
		if at == path || strings.HasPrefix(at, path+".") {
			return true
		}
	}
	return r.unread(path)
}

func (f *file) checkClock(d Desk, c Clock, at string) {
	if c.Name != "" && !fieldID.MatchString(c.Name) {
		f.add(child(at, "name"), "%q: only lower-case letters, digits and _, beginning with a letter", c.Name)
	}
	f.checkName("calendar", c.Calendar, names(d.Calendars, func(c Calendar) string { return c.Name }), child(at, "calendar"))
	for i, start := range c.Starts {
		f.checkStart(d, start, element(child(at, "starts"), i))
	}
	for i, stop := range c.Stops {
		f.checkName("action", string(stop), d.actionKinds(), element(child(at, "stops"), i))
	}
	f.checkLength(d, c, at)
	f.checkWarnings(d, c, at)
	f.checkEnd(d, c, at)
}

// actionNames are the names of the desk's actions.
func (d Desk) actionNames() []string {
	return names(d.listed(), func(a Action) string { return string(a.Action) })
}

// actionKinds are the names of the desk's actions and of what they are: a clock
// may mean all of a kind.
func (d Desk) actionKinds() []string {
	kinds := d.actionNames()
	for _, a := range d.Actions {
		if kind := string(a.Is()); !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// action finds an action of the desk, as a line of its table.
func (d Desk) action(name ticket.Action) (ticket.Transition, bool) {
	list := d.listed()
	i := slices.IndexFunc(list, func(a Action) bool { return a.Action == name })
	if i < 0 {
		return ticket.Transition{}, false
	}
	return list[i].line(), true
}

func (f *file) checkStart(d Desk, start Start, at string) {
	trigger := start.Trigger()
	f.checkName("action", string(trigger.Action), d.actionKinds(), at)
	if trigger.Began && !d.setAnywhere(ticket.SetsBegan) {
		f.add(at, "no field sets began: it could never start")
	}
	if line, ok := d.action(trigger.Action); ok && trigger.Delivered && !slices.Contains(line.Tell, ticket.ToRequester) {
		f.add(at, "%s tells the requester nothing: no notice could be delivered", trigger.Action)
	}
}

// checkLength checks how long a clock runs.
func (f *file) checkLength(d Desk, c Clock, at string) {
	for i, length := range c.Within {
		place := element(child(at, "within"), i)
		f.checkName("priority", length.Priority, d.priorityNames(), child(place, "priority"))
		first := slices.IndexFunc(c.Within, func(l Length) bool { return l.Priority == length.Priority })
		if first < i {
			f.add(place, "is for the same tickets as %s", element(child(at, "within"), first))
		}
	}
	_, schedules := d.action(ticket.Schedule)
	switch {
	case c.AtAgreed && len(c.Within) > 0:
		f.add(child(at, "within"), "at_agreed says when it runs out: a length means nothing beside it")
	case c.AtAgreed && !schedules && !d.setAnywhere(ticket.SetsDue):
		f.add(child(at, "at_agreed"), "no date is ever agreed: schedule is not among the actions, nor does a field set due")
	case !c.AtAgreed && len(c.Within) == 0 && (len(c.Warn) > 0 || len(c.Escalate) > 0 || c.Then != ""):
		f.add(child(at, "within"), "missing: how long it runs; or else at_agreed")
	}
}

func (f *file) checkWarnings(d Desk, c Clock, at string) {
	for i, percent := range c.Warn {
		switch {
		case percent < 1 || percent > 99:
			f.add(element(child(at, "warn"), i), "%d is out of bounds: from 1 to 99", percent)
		case i > 0 && percent <= c.Warn[i-1]:
			f.add(element(child(at, "warn"), i), "%d is not above %d: the smallest comes first", percent, c.Warn[i-1])
		}
	}
	if len(c.Warn) > 0 && len(c.Warned) == 0 {
		f.add(child(at, "warned"), "missing: who is warned")
	}
	for i, audience := range c.Warned {
		f.checkRole(d, ticket.Role(audience), element(child(at, "warned"), i))
	}
}

// checkEnd checks what a clock does when it has run out.
func (f *file) checkEnd(d Desk, c Clock, at string) {
	for i, span := range c.Escalate {
		if i > 0 && (span.Days < c.Escalate[i-1].Days || span.Days == c.Escalate[i-1].Days && span.Time < c.Escalate[i-1].Time) {
			f.add(element(child(at, "escalate"), i), "comes before the level below it")
		}
	}
	if line, ok := d.action(ticket.Escalate); len(c.Escalate) > 0 && (!ok || line.Involves != "") {
		f.add(child(at, "escalate"), "the action escalate, to call superiors with, is not among the desk's")
	}
	if unheard := d.unheard(); len(c.Escalate) > 0 && unheard != "" {
		f.add(child(at, "escalate"), "%s has neither superiors nor a lead: there is nobody to call", unheard)
	}
	f.checkName("action", string(c.Then), d.actionNames(), child(at, "then"))
	if line, ok := d.action(c.Then); ok && !slices.Contains(line.By, ticket.RoleClock) {
		f.add(child(at, "then"), "the clock may not take %s: its by must have clock", c.Then)
	}
}

// unheard is a service or queue whose tickets have nobody above them, "" if
// there is none.
func (d Desk) unheard() string {
	queues := d.allQueues()
	above := func(q Queue) bool { return len(q.Superiors) > 0 || q.Lead != "" }
	served := map[string]bool{}
	for _, s := range d.Services {
		name := cmp.Or(s.Queue, s.Name)
		served[name] = true
		i := slices.IndexFunc(queues, func(q Queue) bool { return q.Name == name })
		if len(s.Superiors) == 0 && i >= 0 && !above(queues[i]) {
			return fmt.Sprintf("service %q", s.Name)
		}
	}
	for _, q := range queues {
		if !served[q.Name] && !above(q) {
			return fmt.Sprintf("queue %q", q.Name)
		}
	}
	return ""
}
