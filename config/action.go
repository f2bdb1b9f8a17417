package config

import "github.com/cauce-desk/cauce/ticket"

// Action is an action the desk uses, with what it does its own way about it.
type Action struct {
	Action ticket.Action `yaml:"action" short:"yes" need:"yes" max:"32" eg:"validate" doc:"Which action this is about: one of those that kind may be. With kind, the name of an action of the desk's own: lower-case letters, digits and _, starting with a letter. Never change it once it was taken."`

	Kind Kind `yaml:"kind" eg:"record" doc:"What an action of the desk's own does. It begins with what the table of actions (docs/states.md) says of that, and has a link and just the fields it lists; it is never what an ordinary reply means."`

	Link string `yaml:"link" max:"60" eg:"Dar el visto bueno" doc:"The name of its link in mails, and the beginning of the subject that asks for it. Without it, the language's. What is asked for by an ordinary reply (complete, provide_info, comment, record) has a link too where this names one."`

	By []ticket.Role `yaml:"by" eg:"[requester]" doc:"Who may take it. Without it, as the table of actions says. agent: everybody in the agents of the queue, whoever is in charge; assignee: only who is in charge. clock: the action may be what a clock does when it has run out; where the table says so it always may."`

	Proof ticket.Demand `yaml:"proof" eg:"either" doc:"How sure one must be of who asks for it. any: no proof. authenticated: the sender's domain or network vouches for the address. possession: the mail carries what only the addressee of one of our mails can know. either, both: of these two. Without it, as the table of actions says; but of what requesters do there and others here, both, and of an opening authenticated."`

	From []ticket.State `yaml:"from" eg:"[assigned, in_progress]" doc:"The states in which it may be taken. Without it, as the table of actions says."`

	To ticket.State `yaml:"to" eg:"in_progress" doc:"The state it leads to. Without it, as the table of actions says."`

	Queues []string `yaml:"queues" max:"100" eg:"[Sistemas]" doc:"For which departments' tickets it is, by the names of queues or of services that have their own people. Without it, for all."`

	Tell []ticket.Audience `yaml:"tell" eg:"[requester, staff]" doc:"Who is told of it. staff: whoever is in charge, or else the queue's agents, or else its lead. superior: the level an escalation reached. watcher: who was copied. actor: who asked for it. Without it, as the table of actions says; [] is nobody."`

	Reply bool `yaml:"reply" eg:"true" doc:"Only of acknowledge: whether an ordinary reply of whoever may take it means it, as long as it is possible; what they write is kept with it. It has a link all the same."`

	Once bool `yaml:"once" eg:"true" doc:"Whether it is done once: not offered again until the ticket has been in a state in which it is not possible."`

	Involves ticket.Role `yaml:"involves" eg:"attention" doc:"A role that it brings in: those who have it are staff of the ticket from then on. An escalation that brings in a role calls no superiors. One of validator, help_desk, attention, administrator, auditor."`

	Fields []Field `yaml:"fields" doc:"The blanks of its mail, all of them, in place of the language's own. The blanks of open are those of opening, the blanks of register those of registration."`
}

// Is is the action of the common table that it is.
func (a Action) Is() ticket.Action {
	if a.Kind != "" {
		return ticket.Action(a.Kind)
	}
	return a.Action
}

// Asking is a query that the desk answers. After loading, By is who may ask.
type Asking struct {
	Query Query `yaml:"query" short:"yes" need:"yes" eg:"list" doc:"What is asked. list: the tickets one has a part in. show: one ticket, by its number. help: what one may do. monitor: the tickets of one's queues, by state. attainment: how the clocks of a period were met. journal: the mails of a day, a ticket or a sender."`

	Link string `yaml:"link" max:"60" eg:"Mis tickets" doc:"The name of its link, and the subject that asks for it. Without it, the language's."`

	By []ticket.Role `yaml:"by" eg:"[lead, auditor]" doc:"Who may ask. Without it: of list, show and help everybody; of monitor and attainment leads, help desk, attention, administrators and auditors; of journal administrators and auditors."`
}

// Digest is a query answered regularly.
type Digest struct {
	Query Query `yaml:"query" need:"yes" eg:"attainment" doc:"What is answered: list, monitor, attainment or journal."`

	Every Period `yaml:"every" need:"yes" eg:"week" doc:"How often."`

	Weekday Weekday `yaml:"weekday" eg:"mon" doc:"For every: week, on which day. One of mon, tue, wed, thu, fri, sat, sun."`

	At TimeOfDay `yaml:"at" need:"yes" eg:"\"08:00\"" doc:"At what time, in the desk's time zone."`

	To []ticket.Address `yaml:"to" need:"yes" eg:"[jefatura@desk.example]" doc:"Who gets it: people whom the desk names elsewhere, and who may ask that query. Each is answered as if they had asked."`
}
