package config

import "github.com/cauce-desk/cauce/ticket"

// Opening is the form of the mail that opens a ticket.
type Opening struct {
	Subject string `yaml:"subject" need:"yes" max:"200" eg:"Nueva incidencia" doc:"The subject such a mail must have. Case, accents, spacing and the prefixes of replies do not matter."`

	Fields []Field `yaml:"fields" need:"yes" doc:"The blanks of the mail, in order."`

	ServiceField string `yaml:"service_field" eg:"service" doc:"The id of the field that says which service a ticket is about: a short way of writing sets: service there. It must be a choice, and required unless the desk has one queue or a help_desk; its options are the services unless it lists them itself."`

	AnySubject bool `yaml:"any_subject" eg:"true" doc:"Whether any mail that is nothing else opens a ticket, under its own subject. The subject above is then only what links use."`

	AcceptIncomplete bool `yaml:"accept_incomplete" eg:"true" doc:"Whether a mail that lacks a blank, or has a wrong value in one, opens a ticket all the same: it waits, and the sender is asked to complete it. The desk needs the action complete for it, and one queue or a help_desk."`

	RegisteredOnly bool `yaml:"registered_only" eg:"true" doc:"Whether only registered people may open tickets. Everybody else is told how to register."`

	WatchCopied bool `yaml:"watch_copied" eg:"true" doc:"Whether those the mail is copied to (Cc) are told of the ticket too, where an action tells watchers. They never act."`
}

// Registration is the form of the mail that asks to be registered.
type Registration struct {
	Subject string `yaml:"subject" need:"yes" max:"200" eg:"Solicitar alta" doc:"The subject such a mail must have."`

	Number string `yaml:"number" need:"yes" eg:"ALTA{seq:5}" doc:"How the numbers of applications look, written as the desk's number, which it must differ from. {seq} is required."`

	Fields []Field `yaml:"fields" doc:"The blanks of the mail, in order. A field of kind address is the address to register; without one it is the sender's. Without this list, the language's: account, email, organisation and phone."`
}

// Field is one labelled blank of a mail.
type Field struct {
	ID string `yaml:"id" need:"yes" max:"32" eg:"service" doc:"Short name under which the value is kept: lower-case letters, digits and _, starting with a letter."`

	Label string `yaml:"label" need:"yes" max:"60" eg:"Servicio" doc:"What stands before the value in the mail, without the colon."`

	Synonyms []string `yaml:"synonyms" eg:"[Aplicación]" doc:"Other labels people write. Case and accents never matter."`

	Kind ticket.FieldKind `yaml:"kind" doc:"text: one line. long_text: many lines. choice: one of the options. address: a mail address. date_time: as 31/12/2026 09:30, in the desk's time zone. person: a mail address, perhaps with a name. ticket: a ticket's number. files: the files that come with the mail, so that required asks for one."`

	Options []Option `yaml:"options" doc:"For kind: choice, the values there are. A field that sets the service, the queue or the priority has those of the desk unless it lists them itself."`

	Required bool `yaml:"required" eg:"true" doc:"Whether a mail without it is sent back."`

	Default string `yaml:"default" max:"200" eg:"Nivel 1" doc:"The value where the mail gives none."`

	Sets ticket.Attribute `yaml:"sets" eg:"priority" doc:"What of the ticket the value sets, beyond being kept. service, queue, priority: a choice. assignee: who is put in charge, an address or person. requester: on whose behalf it is opened, likewise. name: what the requester is called, a text. due: the agreed date; began: when the failure began, each a date_time. main: the ticket it is attached to or merged with. Where an action needs one of these and no field sets it, its first field of that kind does."`

	MaxLength int `yaml:"max_length" min:"0" max:"100000" eg:"2000" doc:"The most characters; 0 means 200 for one line and 20,000 for many."`
}

// Option is one value of a choice.
type Option struct {
	Value    string   `yaml:"value" short:"yes" need:"yes" max:"200" eg:"Pérdida de servicio" doc:"The value, as mails show it."`
	Synonyms []string `yaml:"synonyms" eg:"[Caída]" doc:"Other ways people write it. Case, accents and spaces never matter."`
}
