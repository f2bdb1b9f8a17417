package ticket

import (
	"slices"
	"time"
)

// Policy is everything about a desk that Decide needs: its rules as data.
// Desks differ in their policies and in nothing else.
type Policy struct {
	Desk           string
	Zone           *time.Location
	Numbers        NumberFormat
	Key            Key
	Actions        map[Action]Transition // the desk's own table: the actions it uses
	ServiceField   string                // which field of the opening form names the service
	Services       []Service
	Administrators []Address
}

// Service is something tickets are about, with the people who look after it.
type Service struct {
	Name   string // the value of the service field
	Agents []Address
	Lead   Address
}

// allows tells whether an action may be taken in the ticket's state.
func (p Policy) allows(t Ticket, a Action) bool {
	return slices.Contains(p.Actions[a].From, t.State)
}

// Stage identifies the stretch of a ticket's life during which an action has
// been possible and was not taken: the Seq of the event that began it, 0 if
// the action is not possible now. Tokens are bound to it. So a link works
// once; it is worth nothing when the ticket comes back to the same state by a
// way round; and the links of an earlier mail still work as long as what they
// ask for stayed possible.
func (p Policy) Stage(t Ticket, a Action) int {
	stage := 0
	for _, stay := range slices.Backward(t.Path) {
		if !slices.Contains(p.Actions[a].From, stay.State) {
			break
		}
		stage = stay.Event
		if stay.Action == a {
			break
		}
	}
	return stage
}

// service finds the service a ticket is about. One that the desk no longer
// has is the administrators' to look after: its tickets must not be orphans.
func (p Policy) service(name string) Service {
	for _, s := range p.Services {
		if s.Name == name {
			return s
		}
	}
	return Service{Name: name, Agents: p.Administrators}
}

// Roles lists what somebody is to a ticket, in the table's order of rank. To
// the zero ticket, one not opened yet, everybody is a requester.
func (p Policy) Roles(t Ticket, who Address) []Role {
	var roles []Role
	add := func(is bool, r Role) {
		if is {
			roles = append(roles, r)
		}
	}
	service := p.service(t.Service)
	add(t.Number == "" || t.Requester.Address.Equal(who), RoleRequester)
	add(has(service.Agents, who) || t.Assignee.Equal(who), RoleAgent)
	add(service.Lead.Equal(who), RoleLead)
	add(has(p.Administrators, who), RoleAdministrator)
	return roles
}

// Staff tells whether somebody works at the desk, on whatever ticket.
func (p Policy) Staff(who Address) bool {
	return has(p.Administrators, who) || slices.ContainsFunc(p.Services, func(s Service) bool {
		return has(s.Agents, who) || s.Lead.Equal(who)
	})
}

// Participants lists everybody who has a part in a ticket, each once.
func (p Policy) Participants(t Ticket) []Address {
	service := p.service(t.Service)
	all := append([]Address{t.Requester.Address, t.Assignee}, service.Agents...)
	return distinct(append(all, service.Lead))
}

// Addressees are the people an audience stands for.
func (p Policy) Addressees(t Ticket, to Audience, actor Address) []Address {
	service := p.service(t.Service)
	switch to {
	case ToRequester:
		return []Address{t.Requester.Address}
	case ToLead:
		return distinct([]Address{service.Lead})
	case ToActor:
		return distinct([]Address{actor})
	}
	switch {
	case t.Assignee != "":
		return []Address{t.Assignee}
	case len(service.Agents) > 0:
		return distinct(service.Agents)
	}
	return distinct([]Address{service.Lead})
}

// Next lists the actions somebody may ask for now by a link, in the table's
// order: what every mail to them offers.
func (p Policy) Next(t Ticket, who Address) []Action {
	return p.possible(t, who, false)
}

// ReplyMeans says what an ordinary reply of somebody on a ticket's subject
// asks for in its present state; false if they may not reply now.
func (p Policy) ReplyMeans(t Ticket, who Address) (Action, bool) {
	possible := p.possible(t, who, true)
	if len(possible) == 0 {
		return "", false
	}
	return possible[0], true
}

func (p Policy) possible(t Ticket, who Address, reply bool) []Action {
	var actions []Action
	for _, base := range Table {
		line := p.Actions[base.Action]
		_, permitted := p.roleFor(t, line.Action, who)
		if line.Reply == reply && p.allows(t, line.Action) && permitted && !p.barred(t, line.Action, who) {
			actions = append(actions, line.Action)
		}
	}
	return actions
}

// roleFor is the first of the roles that may take the action which somebody
// has on the ticket.
func (p Policy) roleFor(t Ticket, a Action, who Address) (Role, bool) {
	roles := p.Roles(t, who)
	for _, role := range p.Actions[a].By {
		if slices.Contains(roles, role) {
			return role, true
		}
	}
	return "", false
}

// barred holds the one rule no desk can lift: who resolved a ticket does not
// judge the solution.
func (p Policy) barred(t Ticket, a Action, who Address) bool {
	return a == Validate && t.Resolver.Equal(who)
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
