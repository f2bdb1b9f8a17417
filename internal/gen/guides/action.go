package main

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// order is an action as a row of a table tells it.
type order struct {
	Link   string
	What   string // what it is for
	Who    string // may take it
	From   string // the names of the states
	To     string
	Fields string
	Told   string
}

// Orders are the actions asked for by a link: all of the desk's, or those of
// a role.
func (g guide) Orders(role ticket.Role) []order {
	return g.orders(func(line ticket.Transition) bool {
		return line.Offered() && (role == "" || slices.Contains(line.By, role))
	})
}

// Replies are what an ordinary reply may mean, for all or for a role: the
// first that is possible, in the order of the table of actions.
func (g guide) Replies(role ticket.Role) []order {
	var list []order
	for _, base := range ticket.Table {
		line, used := g.line(base.Action)
		if used && line.Reply && (role == "" || slices.Contains(line.By, role)) {
			list = append(list, g.order(line))
		}
	}
	return list
}

func (g guide) orders(are func(ticket.Transition) bool) []order {
	var list []order
	for _, a := range g.Desk.Policy.Order {
		if line := g.Desk.Policy.Actions[a]; are(line) {
			list = append(list, g.order(line))
		}
	}
	return list
}

func (g guide) order(line ticket.Transition) order {
	return order{
		Link: g.Link(line.Action), What: g.say.Actions[line.Is()], Who: g.who(line), From: g.names(line.From), To: g.to(line),
		Fields: g.blanks(line.Form), Told: g.told(line),
	}
}

// who are the roles that may take an action; the clock only where one does.
func (g guide) who(line ticket.Transition) string {
	roles := slices.DeleteFunc(slices.Clone(line.By), func(r ticket.Role) bool {
		return r == ticket.RoleClock && !g.clocked(line) || r != ticket.RoleClock && !g.held(r)
	})
	return strings.Join(named(g.say.Roles, roles), ", ")
}

// held tells whether there is anybody at the desk who may have a role.
func (g guide) held(r ticket.Role) bool {
	p := g.Desk.Policy
	switch {
	case slices.Contains(ticket.DeskRoles, r):
		return len(p.Members[r]) > 0
	case r == ticket.RoleLead:
		return slices.ContainsFunc(p.Queues, func(q ticket.Queue) bool { return q.Lead != "" })
	}
	return true
}

// clocked tells whether a clock of the desk takes an action.
func (g guide) clocked(line ticket.Transition) bool {
	return slices.ContainsFunc(g.Desk.Policy.Clocks, func(c ticket.Clock) bool {
		return c.Then == line.Action || len(c.Escalate) > 0 && line.Is() == ticket.Escalate && line.Involves == ""
	})
}

// names are the desk's names of states it reaches, each once.
func (g guide) names(states []ticket.State) string {
	var list []string
	for _, s := range states {
		if name := g.Desk.Words.State(s); g.reaches(s) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return strings.Join(list, ", ")
}

func (g guide) reaches(s ticket.State) bool { return g.Desk.Policy.Reaches(s) }

// to is the state an action leads to.
func (g guide) to(line ticket.Transition) string {
	name := g.Desk.Words.State(line.To)
	if line.To == "" || name == g.names(line.From) {
		return g.say.Words["stays"]
	}
	return name
}

func (g guide) told(line ticket.Transition) string {
	list := named(g.say.Audiences, line.Tell)
	if line.Involves != "" {
		list = append(list, g.say.Roles[line.Involves])
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 0 {
		return g.say.Words["nobody"]
	}
	return strings.Join(list, ", ")
}

// state is a state of the desk.
type state struct{ Name, Means string }

// States are those the desk reaches, in the order of a ticket's life.
func (g guide) States() []state {
	var list []state
	for _, s := range ticket.States {
		name := g.Desk.Words.State(s)
		i := slices.IndexFunc(list, func(other state) bool { return other.Name == name })
		switch {
		case !g.reaches(s):
		case i >= 0:
			list[i].Means += " " + g.say.States[s]
		default:
			list = append(list, state{Name: name, Means: g.say.States[s]})
		}
	}
	return list
}

// Over are the names of the states in which nothing is due any more.
func (g guide) Over() string {
	return g.names([]ticket.State{ticket.StateClosed, ticket.StateCancelled})
}
