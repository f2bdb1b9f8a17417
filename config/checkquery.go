package config

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// checkQueries checks what may be asked, and what is answered unasked.
func (f *file) checkQueries(d Desk, at string) {
	for i, a := range d.Queries {
		for j, role := range a.By {
			place := element(child(element(child(at, "queries"), i), "by"), j)
			f.checkRole(d, role, place)
			switch role {
			case ticket.RoleClock:
				f.add(place, "a clock asks nothing")
			case ticket.RoleAssignee, ticket.RoleWatcher:
				f.add(place, "%s is what somebody is to one ticket: nobody asks the desk as that", role)
			}
		}
	}
	f.distinct(child(at, "queries"), "query", len(d.Queries), func(i int) []string { return []string{string(d.Queries[i].Query)} })
	for i, g := range d.Digests {
		f.checkDigest(d, g, element(child(at, "digests"), i))
	}
}

func (f *file) checkDigest(d Desk, g Digest, at string) {
	switch {
	case g.Query == QueryShow || g.Query == QueryHelp:
		f.add(child(at, "query"), "%s is an answer to somebody who asks: it is one of list, monitor, attainment, journal", g.Query)
	case g.Every == EveryWeek && g.Weekday == "":
		f.add(child(at, "weekday"), "missing: for every: week, on which day")
	case g.Every == EveryDay && g.Weekday != "":
		f.add(child(at, "weekday"), "is for every: week")
	}
	for i, to := range g.To {
		f.checkReader(d, g.Query, to, element(child(at, "to"), i))
	}
}

// checkReader checks that who gets a digest is somebody, and may ask for it
// where the query may be asked at all.
func (f *file) checkReader(d Desk, q Query, to ticket.Address, at string) {
	if to == "" || to.Equal(d.Intake) || to.Equal(d.Correspondence) { // of these elsewhere
		return
	}
	if !d.names(to) {
		f.add(at, "%s is nobody whom the desk names elsewhere", to)
		return
	}
	for _, asking := range d.askings() {
		may := func(role ticket.Role) bool { return d.has(role, to) }
		if asking.Query == q && !slices.ContainsFunc(asking.By, may) {
			f.add(at, "%s may not ask %s, which is for %s", to, q, strings.Join(words(asking.By...), ", "))
		}
	}
}

// names tells whether the desk names somebody other than to send them digests.
func (d Desk) names(a ticket.Address) bool {
	d.Digests = nil
	return d.knows(a)
}

// has tells whether somebody has a role at the desk, on one queue or on all.
func (d Desk) has(role ticket.Role, who ticket.Address) bool {
	list := d.members()[role]
	for _, q := range d.allQueues() {
		switch role {
		case ticket.RoleAgent:
			list = append(slices.Clip(list), q.Agents...)
		case ticket.RoleLead:
			list = append(slices.Clip(list), q.Lead)
		case ticket.RoleSuperior:
			list = append(slices.Clip(list), q.Superiors...)
		}
	}
	for _, s := range d.Services {
		if role == ticket.RoleSuperior {
			list = append(slices.Clip(list), s.Superiors...)
		}
	}
	return role == ticket.RoleRequester || slices.ContainsFunc(list, who.Equal)
}
