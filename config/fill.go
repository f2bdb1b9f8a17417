package config

import (
	"slices"

	"github.com/cauce-desk/cauce/ticket"
)

// filled returns the desk with what it leaves to its other keys.
func (d Desk) filled() Desk {
	if d.Correspondence == "" {
		d.Correspondence = d.Intake
	}
	if d.SenderName == "" {
		d.SenderName = d.Name
	}
	d.Opening.Fields = d.complete(d.openingFields())
	if field, ok := setting(d.Opening.Fields, ticket.SetsService); ok {
		d.Opening.ServiceField = field.ID
	}
	d.Registering.Fields = d.complete(d.Registering.Fields)
	d.Actions = slices.Clone(d.listed())
	for i, a := range d.Actions {
		d.Actions[i].Fields = d.complete(a.Fields)
	}
	d.Queries = d.askings()
	return d
}

// openingFields are the fields of the opening; the one named as the service
// field says so itself.
func (d Desk) openingFields() []Field {
	fields := slices.Clone(d.Opening.Fields)
	for i := range fields {
		if fields[i].ID == d.Opening.ServiceField && fields[i].Sets == "" {
			fields[i].Sets = ticket.SetsService
		}
	}
	return fields
}

// complete gives fields that choose something of the desk its options.
func (d Desk) complete(fields []Field) []Field {
	fields = slices.Clone(fields)
	for i, f := range fields {
		if f.Kind == ticket.ChoiceField && len(f.Options) == 0 {
			fields[i].Options = d.choices(f.Sets)
		}
	}
	return fields
}

// choices are what there is at the desk of something a field may set.
func (d Desk) choices(what ticket.Attribute) []Option {
	var options []Option
	switch what {
	case ticket.SetsService:
		for _, s := range d.Services {
			options = append(options, Option{s.Name, s.Synonyms})
		}
	case ticket.SetsPriority:
		for _, p := range d.Priorities {
			options = append(options, Option{p.Name, p.Synonyms})
		}
	case ticket.SetsQueue:
		for _, q := range d.allQueues() {
			options = append(options, Option{q.Name, q.Synonyms})
		}
	}
	return options
}

// setting is the field that sets something.
func setting(fields []Field, what ticket.Attribute) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Sets == what })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

// listed are the actions of the desk: those it lists, or else the usual ones;
// and to be registered, where it registers people.
func (d Desk) listed() []Action {
	list := slices.Clip(d.Actions)
	if len(list) == 0 {
		for _, a := range ticket.Usual {
			list = append(list, Action{Action: a})
		}
	}
	if d.registers() && !slices.ContainsFunc(list, func(a Action) bool { return a.Action == ticket.Register }) {
		list = append(list, Action{Action: ticket.Register})
	}
	if d.registers() && len(d.Actions) == 0 {
		list = append(list, Action{Action: ticket.Approve}, Action{Action: ticket.Refuse})
	}
	return list
}

// registers tells whether people may ask the desk to be registered.
func (d Desk) registers() bool { return d.Registering.Subject != "" }

// askers are who may ask what, where the desk does not say.
var askers = map[Query][]ticket.Role{
	QueryList: ticket.Roles, QueryShow: ticket.Roles, QueryHelp: ticket.Roles,
	QueryMonitor:    {ticket.RoleLead, ticket.RoleHelpDesk, ticket.RoleAttention, ticket.RoleAdministrator, ticket.RoleAuditor},
	QueryAttainment: {ticket.RoleLead, ticket.RoleHelpDesk, ticket.RoleAttention, ticket.RoleAdministrator, ticket.RoleAuditor},
	QueryJournal:    {ticket.RoleAdministrator, ticket.RoleAuditor},
}

// askings are the queries the desk answers, each with who may ask.
func (d Desk) askings() []Asking {
	list := slices.Clone(d.Queries)
	if list == nil {
		for _, q := range []Query{QueryList, QueryShow, QueryHelp, QueryMonitor, QueryAttainment, QueryJournal} {
			list = append(list, Asking{Query: q})
		}
	}
	for i, a := range list {
		if len(a.By) == 0 {
			list[i].By = slices.Clone(askers[a.Query])
		}
	}
	return list
}

// allQueues are the desk's queues: those it lists, and one for each service
// that has its people itself.
func (d Desk) allQueues() []Queue {
	list := slices.Clip(d.Queues)
	for _, s := range d.Services {
		if s.Queue == "" {
			list = append(list, Queue{Name: s.Name, Synonyms: s.Synonyms, Agents: s.Agents, Lead: s.Lead})
		}
	}
	return list
}

// queueNames are the names of all of them.
func (d Desk) queueNames() []string {
	return names(d.allQueues(), func(q Queue) string { return q.Name })
}

// catches tells whether a ticket without a service has somebody to look after
// it: the one queue there is, or the help desk.
func (d Desk) catches() bool { return len(d.allQueues()) == 1 || len(d.HelpDesk) > 0 }
