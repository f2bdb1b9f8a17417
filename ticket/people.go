package ticket

import (
	"slices"
	"strings"
	"time"
)

// Absence is a stretch of time in which somebody stands in for another.
type Absence struct {
	Who, Substitute Address
	From, Until     time.Time // from From on, and before Until
}

// At is the policy as it is at a time: whoever is absent then is stood in for.
// The substitute may do what the absent may, and is told in their place.
func (p Policy) At(now time.Time) Policy {
	p.now, p.acting = now, map[Address][]Address{}
	for _, a := range p.Absences {
		if !now.Before(a.From) && now.Before(a.Until) {
			stand := key(a.Substitute)
			p.acting[stand] = append(p.acting[stand], a.Who)
		}
	}
	return p
}

// key is an address as maps hold it.
func key(a Address) Address { return Address(strings.ToLower(string(a))) }

// selves are an address and those it stands in for.
func (p Policy) selves(who Address) []Address {
	return append([]Address{who}, p.acting[key(who)]...)
}

// Roles lists what somebody is to a ticket, in order of rank. To the zero
// ticket, one not opened yet, everybody is a requester.
func (p Policy) Roles(t Ticket, who Address) []Role {
	var roles []Role
	selves := p.selves(who)
	for _, role := range Roles {
		holds := func(self Address) bool { return self != "" && p.is(t, self, role) }
		if role == RoleRequester && t.Number == "" || slices.ContainsFunc(selves, holds) {
			roles = append(roles, role)
		}
	}
	return roles
}

// is tells whether somebody has a role on a ticket.
func (p Policy) is(t Ticket, who Address, role Role) bool {
	switch role {
	case RoleRequester:
		return t.asks(who)
	case RoleAssignee:
		return t.Assignee.Equal(who)
	case RoleAgent:
		return has(p.queue(t).Agents, who) || t.Assignee.Equal(who) || has(p.involved(t), who) || t.Number == "" && p.works(who)
	case RoleLead:
		return p.queue(t).Lead.Equal(who) || t.Number == "" && p.leads(who)
	case RoleSuperior:
		return slices.ContainsFunc(p.called(t), func(level []Address) bool { return has(level, who) })
	case RoleWatcher:
		return has(t.Watchers, who)
	}
	return has(p.Members[role], who)
}

// called are the levels of superiors that an escalation reached.
func (p Policy) called(t Ticket) [][]Address {
	var levels [][]Address
	for level := 1; level <= t.Level; level++ {
		levels = append(levels, p.superiors(t, level))
	}
	return levels
}

// Staff tells whether somebody works at the desk, on whatever ticket.
func (p Policy) Staff(who Address) bool {
	return slices.ContainsFunc(p.selves(who), func(self Address) bool { return has(p.everybody(), self) })
}

// everybody lists who works at the desk.
func (p Policy) everybody() []Address {
	var all []Address
	for _, role := range DeskRoles {
		all = append(all, p.Members[role]...)
	}
	for _, q := range p.Queues {
		all = append(append(all, q.Agents...), q.Lead)
		all = append(all, slices.Concat(q.Superiors...)...)
	}
	for _, s := range p.Services {
		all = append(append(all, s.Responsible), slices.Concat(s.Superiors...)...)
	}
	return distinct(all)
}

// Member tells whether somebody has a role that holds on every ticket of the
// desk, or is the agent, the lead or a superior of any of its queues.
func (p Policy) Member(who Address, role Role) bool {
	return slices.ContainsFunc(p.selves(who), func(self Address) bool {
		return role == RoleLead && p.leads(self) || role == RoleAgent && p.works(self) ||
			role == RoleSuperior && p.watches(self) || has(p.Members[role], self)
	})
}

// works tells whether somebody is an agent of any queue.
func (p Policy) works(who Address) bool {
	return slices.ContainsFunc(p.Queues, func(q Queue) bool { return has(q.Agents, who) })
}

// serves tells whether tickets may be given to somebody: an agent or lead of
// any queue, or who is responsible for a service. Those who watch over the desk
// or run it are not.
func (p Policy) serves(who Address) bool {
	return slices.ContainsFunc(p.selves(who), func(self Address) bool {
		responsible := func(s Service) bool { return s.Responsible.Equal(self) }
		return self != "" && (p.works(self) || p.leads(self) || slices.ContainsFunc(p.Services, responsible))
	})
}

// watches tells whether somebody is a superior of any queue or service.
func (p Policy) watches(who Address) bool {
	above := func(levels [][]Address) bool { return has(slices.Concat(levels...), who) }
	return slices.ContainsFunc(p.Queues, func(q Queue) bool { return above(q.Superiors) }) ||
		slices.ContainsFunc(p.Services, func(s Service) bool { return above(s.Superiors) })
}

// Above tells whether somebody is on any level above a ticket's staff, called
// or not.
func (p Policy) Above(t Ticket, who Address) bool {
	var levels []Address
	for level := 1; len(p.superiors(t, level)) > 0; level++ {
		levels = append(levels, p.superiors(t, level)...)
	}
	return slices.ContainsFunc(p.selves(who), func(self Address) bool { return has(levels, self) })
}

// leads tells whether somebody is the lead of any queue.
func (p Policy) leads(who Address) bool {
	return slices.ContainsFunc(p.Queues, func(q Queue) bool { return q.Lead.Equal(who) })
}

// Participants lists everybody who has a part in a ticket, each once.
func (p Policy) Participants(t Ticket) []Address {
	queue := p.queue(t)
	all := append(append(t.requesters(), t.Assignee), queue.Agents...)
	all = append(append(all, queue.Lead), slices.Concat(p.called(t)...)...)
	for _, role := range DeskRoles {
		all = append(all, p.Members[role]...)
	}
	for substitute, absent := range p.acting {
		if slices.ContainsFunc(absent, func(a Address) bool { return has(all, a) }) {
			all = append(all, substitute)
		}
	}
	return distinct(all)
}

// Addressees are the people an audience stands for. Substitutes are told in
// the place of the absent; but what somebody did themselves is confirmed to them,
// absent or not.
func (p Policy) Addressees(t Ticket, to Audience, actor Address) []Address {
	if to == ToActor {
		return distinct([]Address{actor})
	}
	var out []Address
	for _, a := range p.addressees(t, to) {
		out = append(out, p.reached(a))
	}
	return distinct(out)
}

// reached is who gets somebody's mail.
func (p Policy) reached(a Address) Address {
	for substitute, absent := range p.acting {
		if has(absent, a) {
			return substitute
		}
	}
	return a
}

func (p Policy) addressees(t Ticket, to Audience) []Address {
	switch to {
	case ToRequester:
		return t.requesters()
	case ToLead:
		return []Address{p.queue(t).Lead}
	case ToWatchers:
		return t.Watchers
	case ToSuperior:
		return p.superiors(t, t.Called)
	case ToStaff:
		return p.inCharge(t)
	}
	return p.Members[Role(to)]
}

// involved are the members of the roles that were brought in: agents of the
// ticket from then on.
func (p Policy) involved(t Ticket) []Address {
	var all []Address
	for _, role := range t.Involved {
		all = append(all, p.Members[role]...)
	}
	return all
}

// requesters are a ticket's and those of tickets merged into it.
func (t Ticket) requesters() []Address {
	all := []Address{t.Requester.Address}
	for _, p := range t.Joined {
		all = append(all, p.Address)
	}
	return all
}

// inCharge are the people who look after a ticket now.
func (p Policy) inCharge(t Ticket) []Address {
	involved, queue := p.involved(t), p.queue(t)
	switch {
	case t.Assignee != "":
		return append(involved, t.Assignee)
	case len(queue.Agents) > 0:
		return append(involved, queue.Agents...)
	}
	return append(involved, queue.Lead)
}

func has(list []Address, who Address) bool { return slices.ContainsFunc(list, who.Equal) }

func distinct(list []Address) []Address {
	var out []Address
	for _, a := range list {
		if a != "" && !has(out, a) {
			out = append(out, a)
		}
	}
	return out
}
