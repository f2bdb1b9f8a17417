package config

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// checkStaff checks who looks after tickets.
func (f *file) checkStaff(d Desk, at string) {
	for i, q := range d.Queues {
		if len(q.Agents) == 0 && q.Lead == "" {
			f.add(element(child(at, "queues"), i), "queue %q has neither agents nor a lead: nobody would get its tickets", q.Name)
		}
	}
	for i, s := range d.Services {
		f.checkService(d, s, element(child(at, "services"), i))
	}
	f.distinct(child(at, "queues"), "name", len(d.Queues), func(i int) []string {
		return spellings(d.Queues[i].Name, d.Queues[i].Synonyms)
	})
	f.distinct(child(at, "services"), "name", len(d.Services), func(i int) []string {
		return spellings(d.Services[i].Name, d.Services[i].Synonyms)
	})
	f.distinct(child(at, "priorities"), "name", len(d.Priorities), func(i int) []string {
		return spellings(d.Priorities[i].Name, d.Priorities[i].Synonyms)
	})
	f.checkCare(d, at)
}

// checkCare checks that every ticket has somebody to look after it.
func (f *file) checkCare(d Desk, at string) {
	switch sets := d.setAnywhere(ticket.SetsService); {
	case len(d.Services) > 0 && !sets && len(d.Opening.Fields) > 0:
		f.add(child(at, "services"), "no field sets the service (service_field, or sets: service): no ticket would ever be about one of these")
	case len(d.Services)+len(d.Queues)+len(d.HelpDesk) == 0:
		f.add(child(at, "services"), "missing: %s; or else queues or a help_desk", gist("What tickets are about, each with the people who look after it."))
	case !sets && !d.catches() && len(d.Services) == 0:
		f.add(child(at, "queues"), "several queues and no service that says which a ticket goes to: the desk needs services or a help_desk")
	}
}

// setAnywhere tells whether a field of the opening, or of an action that lists
// its fields, sets something.
func (d Desk) setAnywhere(what ticket.Attribute) bool {
	_, sets := setting(d.openingFields(), what)
	for _, a := range d.Actions {
		if _, ok := setting(a.Fields, what); ok {
			sets = true
		}
	}
	return sets || what == ticket.SetsService && d.Opening.ServiceField != ""
}

func (f *file) checkService(d Desk, s Service, at string) {
	own := len(s.Agents) > 0 || s.Lead != ""
	queues := names(d.Queues, func(q Queue) string { return q.Name })
	switch {
	case s.Queue != "" && own:
		f.add(child(at, "queue"), "service %q is in a queue, so its agents and lead are the queue's: they cannot stand here", s.Name)
	case s.Queue == "" && !own:
		f.add(at, "service %q has neither agents nor a lead: nobody would get its tickets", s.Name)
	case s.Queue == "" && slices.Contains(queues, s.Name):
		f.add(at, "service %q is called like a queue; say queue: if it is in that one", s.Name)
	}
	f.checkName("queue", s.Queue, queues, child(at, "queue"))
	f.checkName("priority", s.Priority, d.priorityNames(), child(at, "priority"))
}

func (d Desk) priorityNames() []string {
	return names(d.Priorities, func(p Priority) string { return p.Name })
}

// checkPeople checks what is known of people.
func (f *file) checkPeople(d Desk, at string) {
	people := child(at, "people")
	f.distinct(people, "address", len(d.People), func(i int) []string {
		return append([]string{string(d.People[i].Address)}, names(d.People[i].Aliases, func(a ticket.Address) string { return string(a) })...)
	})
	aliases := d.Aliases()
	d.eachAddress(at, func(a ticket.Address, path string) {
		if person, alias := aliases[lower(a)]; alias && !strings.HasPrefix(path, people) {
			f.add(path, "%s is an alias: the desk knows this person as %s", a, person)
		}
	})
	for i, p := range d.People {
		f.checkAbsences(d, p, child(element(people, i), "absences"))
	}
}

func (f *file) checkAbsences(d Desk, p Person, at string) {
	for i, a := range p.Absences {
		place := element(at, i)
		if !a.whole() {
			continue // said already
		}
		switch {
		case ordinal(a.Until) < ordinal(a.From):
			f.add(child(place, "until"), "%v is before %v", a.Until, a.From)
		case a.Substitute.Equal(p.Address):
			f.add(child(place, "substitute"), "%s cannot stand in for themselves", a.Substitute)
		case !d.knows(a.Substitute):
			f.add(child(place, "substitute"), "%s is nobody whom the desk names elsewhere%s", a.Substitute, suggestion(string(a.Substitute), d.addresses()))
		}
		for j, b := range p.Absences[:i] {
			if a.meets(b) {
				f.add(place, "is at the same time as %s", element(at, j))
			}
		}
		f.checkSubstitute(d, a, child(place, "substitute"))
	}
}

// checkSubstitute checks that who stands in is there.
func (f *file) checkSubstitute(d Desk, a Absence, at string) {
	for _, p := range d.People {
		if !p.Address.Equal(a.Substitute) {
			continue
		}
		if i := slices.IndexFunc(p.Absences, a.meets); i >= 0 {
			f.add(at, "%s is absent then too, from %v to %v", a.Substitute, p.Absences[i].From, p.Absences[i].Until)
		}
	}
}

// whole tells whether all of an absence is there.
func (a Absence) whole() bool {
	return a.From != calendar.Date{} && a.Until != calendar.Date{} && a.Substitute != ""
}

// meets tells whether two absences have a day in common.
func (a Absence) meets(b Absence) bool {
	return b.whole() && ordinal(a.From) <= ordinal(b.Until) && ordinal(b.From) <= ordinal(a.Until)
}

// ordinal puts dates in order.
func ordinal(d calendar.Date) int { return (d.Year*12+int(d.Month))*31 + d.Day }

// knows tells whether the desk names somebody, beyond their standing in.
func (d Desk) knows(a ticket.Address) bool {
	return slices.ContainsFunc(d.addresses(), func(known string) bool { return a.Equal(ticket.Address(known)) })
}

// addresses lists everybody the desk names.
func (d Desk) addresses() []string {
	var list []string
	d.eachAddress("", func(a ticket.Address, _ string) { list = append(list, string(a)) })
	return list
}
