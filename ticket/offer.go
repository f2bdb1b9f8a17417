package ticket

import "slices"

// Next lists the actions somebody may ask for now by a link, in the desk's
// order: what every mail to them offers.
func (p Policy) Next(t Ticket, who Address) []Action {
	var next []Action
	for _, a := range p.ordered() {
		if p.Actions[a].Offered() && p.may(t, a, who) {
			next = append(next, a)
		}
	}
	return next
}

// MayOpen tells whether somebody may open tickets, on whoever's behalf.
func (p Policy) MayOpen(who Address) bool {
	_, permitted := p.roleFor(Ticket{}, Open, who)
	return permitted
}

// ReplyMeans says what an ordinary reply of somebody on a ticket's subject
// asks for in its present state; false if they may not reply now.
func (p Policy) ReplyMeans(t Ticket, who Address) (Action, bool) {
	for _, base := range Table {
		if p.Actions[base.Action].Reply && p.may(t, base.Action, who) {
			return base.Action, true
		}
	}
	return "", false
}

// ordered are the desk's actions in the order in which they are offered.
func (p Policy) ordered() []Action {
	order := slices.Clone(p.Order)
	for _, base := range Table {
		if _, used := p.Actions[base.Action]; used && !slices.Contains(order, base.Action) {
			order = append(order, base.Action)
		}
	}
	return order
}

// Kinds are the desk's actions of a kind, in order.
func (p Policy) Kinds(kind Action) []Action {
	return slices.DeleteFunc(p.ordered(), func(a Action) bool { return p.Actions[a].Is() != kind })
}

// may tells whether somebody could ask for an action now.
func (p Policy) may(t Ticket, a Action, who Address) bool {
	_, permitted := p.roleFor(t, a, who)
	return permitted && p.allows(t, a) && p.fits(t, a) && !p.barred(t, a, who)
}

// fits tells whether somebody's asking for an action makes sense on a ticket,
// beyond its state: only an opening that lacks something is completed; there
// must be superiors to escalate to; and a ticket that follows another is
// solved and judged with it.
func (p Policy) fits(t Ticket, a Action) bool {
	if line := p.Actions[a]; line.Once && p.done(t, a) || len(line.Queues) > 0 && !slices.Contains(line.Queues, p.QueueName(t)) {
		return false
	}
	incomplete := len(t.Missing) > 0
	switch kind := p.Actions[a].Is(); kind {
	case Complete:
		return incomplete
	case ProvideInfo:
		return !incomplete
	case Escalate:
		return p.Actions[a].Involves != "" || len(p.superiors(t, p.nextLevel(t))) > 0
	case Attach, Merge:
		return t.Main == "" && len(t.Followers) == 0
	default:
		return t.Main == "" || !slices.Contains(Shared, kind)
	}
}

// done tells whether an action was taken in the stretch in which it is possible
// now.
func (p Policy) done(t Ticket, a Action) bool {
	for _, stay := range slices.Backward(t.Path) {
		if !slices.Contains(p.Actions[a].From, stay.State) {
			return false
		}
		if stay.Action == a {
			return true
		}
	}
	return false
}

// Shared are the actions that befall a ticket with the one it follows.
var Shared = []Action{Start, Schedule, Resolve, Validate, Reject, Report, ReturnReport, Close, Reopen}

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
	return p.Actions[a].Is() == Validate && slices.ContainsFunc(p.selves(who), t.Resolver.Equal)
}
