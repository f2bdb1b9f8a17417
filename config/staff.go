package config

import (
	"strings"
	"time"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// members are the people of the roles that hold on every ticket.
func (d Desk) members() map[ticket.Role][]ticket.Address {
	return map[ticket.Role][]ticket.Address{
		ticket.RoleAdministrator: d.Administrators, ticket.RoleValidator: d.Validators, ticket.RoleHelpDesk: d.HelpDesk,
		ticket.RoleAttention: d.Attention, ticket.RoleAuditor: d.Auditors,
	}
}

// services are what tickets are about. A desk with one queue has its tickets
// there also where nothing says what they are about: the nameless service.
func (d Desk) services() []ticket.Service {
	var out []ticket.Service
	for _, s := range d.Services {
		service := ticket.Service{
			Name: s.Name, Queue: s.Queue, Responsible: s.Responsible, Priority: s.Priority, Superiors: levels(s.Superiors),
			MaxFiles: s.Attachments.Files, MaxBytes: int64(s.Attachments.Size),
		}
		if service.Queue == "" {
			service.Queue = s.Name
		}
		out = append(out, service)
	}
	if all := d.allQueues(); len(all) == 1 {
		out = append(out, ticket.Service{Queue: all[0].Name})
	}
	return out
}

// queues are the departments. Tickets that are in none, where there can be
// such, are the help desk's: the nameless queue.
func (d Desk) queues() []ticket.Queue {
	var out []ticket.Queue
	for _, q := range d.allQueues() {
		out = append(out, ticket.Queue{Name: q.Name, Agents: q.Agents, Lead: q.Lead, Superiors: levels(q.Superiors)})
	}
	if len(out) != 1 && len(d.HelpDesk) > 0 && d.strays() {
		out = append(out, ticket.Queue{Agents: d.HelpDesk})
	}
	return out
}

// strays tells whether a ticket may be opened without a service.
func (d Desk) strays() bool {
	field, asked := setting(d.openingFields(), ticket.SetsService)
	return !asked || !field.Required || d.Opening.AcceptIncomplete
}

// levels makes a level of each address.
func levels(superiors []ticket.Address) [][]ticket.Address {
	var out [][]ticket.Address
	for _, a := range superiors {
		out = append(out, []ticket.Address{a})
	}
	return out
}

// absences are those of all people, from midnight to midnight.
func (d Desk) absences(zone *time.Location) []ticket.Absence {
	var out []ticket.Absence
	for _, p := range d.People {
		for _, a := range p.Absences {
			out = append(out, ticket.Absence{
				Who: p.Address, Substitute: a.Substitute, From: midnight(a.From, zone), Until: midnight(a.Until.AddDays(1), zone),
			})
		}
	}
	return out
}

func midnight(d calendar.Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// Aliases are the other addresses of people, each with the address by which
// the desk knows them; both in lower case.
func (d Desk) Aliases() map[ticket.Address]ticket.Address {
	aliases := map[ticket.Address]ticket.Address{}
	for _, p := range d.People {
		for _, a := range p.Aliases {
			aliases[lower(a)] = lower(p.Address)
		}
	}
	return aliases
}

func lower(a ticket.Address) ticket.Address { return ticket.Address(strings.ToLower(string(a))) }

// Contacts are what is known of the people that the file registers, by their
// addresses in lower case, under the ids that the blanks of a registration
// have in the built-in languages.
func (d Desk) Contacts() map[ticket.Address]ticket.Values {
	contacts := map[ticket.Address]ticket.Values{}
	for _, p := range d.People {
		if p.Registered {
			contacts[lower(p.Address)] = p.contact()
		}
	}
	return contacts
}

func (p Person) contact() ticket.Values {
	values := ticket.Values{"account": p.Name, "email": string(p.Address)}
	if p.Organisation != "" {
		values["organisation"] = p.Organisation
	}
	if p.Phone != "" {
		values["phone"] = p.Phone
	}
	return values
}
