package main

import (
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// unit is a department, or a service with people of its own.
type unit struct {
	Name, Agents, Lead, Superiors string
}

// Units are the departments the desk's tickets are in.
func (g guide) Units() []unit {
	var list []unit
	for _, q := range g.Desk.Policy.Queues {
		if q.Name != "" {
			list = append(list, unit{Name: q.Name, Agents: g.people(q.Agents), Lead: g.person(q.Lead), Superiors: g.levels(g.above(q))})
		}
	}
	return list
}

// above are the levels over a queue: its own, or those of the service of its
// name.
func (g guide) above(q ticket.Queue) [][]ticket.Address {
	for _, s := range g.Desk.Policy.Services {
		if s.Queue == q.Name && len(s.Superiors) > 0 {
			return s.Superiors
		}
	}
	return q.Superiors
}

// service is what a ticket may be about.
type service struct {
	Name, Queue, Responsible, Priority string
	MaxFiles                           int
	MaxSize                            string
}

// Services are what tickets may be about where that says which department
// they are in.
func (g guide) Services() []service {
	var list []service
	for _, s := range g.Config.Services {
		row := service{Name: s.Name, Queue: s.Queue, Responsible: g.person(s.Responsible), Priority: s.Priority, MaxFiles: s.Attachments.Files}
		if s.Attachments.Size > 0 {
			row.MaxSize = s.Attachments.Size.String()
		}
		if row.Queue == "" {
			row.Queue = s.Name
		}
		list = append(list, row)
	}
	return list
}

// Capped tells whether any service bounds the files of a mail.
func (g guide) Capped() bool {
	for _, s := range g.Services() {
		if s.MaxFiles > 0 || s.MaxSize != "" {
			return true
		}
	}
	return false
}

// member is a role that holds on every ticket, with those who have it.
type member struct{ Role, People string }

// Members are the roles that hold on every ticket of the desk.
func (g guide) Members() []member {
	var list []member
	for _, role := range ticket.DeskRoles {
		if people := g.Desk.Policy.Members[role]; len(people) > 0 {
			list = append(list, member{g.say.Roles[role], g.people(people)})
		}
	}
	return list
}

// Of are the people of a role that holds on every ticket.
func (g guide) Of(role ticket.Role) string { return g.people(g.Desk.Policy.Members[role]) }

// People are some people, by name and address.
func (g guide) People(list []ticket.Address) string { return g.people(list) }

func (g guide) people(list []ticket.Address) string {
	var names []string
	for _, a := range list {
		names = append(names, g.person(a))
	}
	return strings.Join(names, "; ")
}

func (g guide) levels(levels [][]ticket.Address) string {
	var names []string
	for _, level := range levels {
		names = append(names, g.people(level))
	}
	return strings.Join(names, " → ")
}

// person is somebody by name and address.
func (g guide) person(a ticket.Address) string {
	for known, name := range g.Desk.Names {
		if a.Equal(known) {
			return name + " (" + string(a) + ")"
		}
	}
	return string(a)
}
