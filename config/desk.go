package config

import "github.com/cauce-desk/cauce/ticket"

// Desk is one service desk: its addresses, its words, its people and its
// rules. After loading, what may be left out is filled in: Correspondence,
// SenderName, Actions, Queries, and the options of fields that set something
// of which the desk has a list.
type Desk struct {
	ID string `yaml:"id" need:"yes" max:"32" eg:"desk" doc:"Short name under which the desk's tickets are kept: lower-case letters, digits and -, starting with a letter. Never change it once there are tickets."`

	Name string `yaml:"name" need:"yes" max:"100" eg:"Mesa de ayuda" doc:"The desk's name, as its mails show it."`

	Language string `yaml:"language" need:"yes" doc:"Language of the desk's mails: one that is built in (es, en), or one whose words are in the words folder."`

	TimeZone string `yaml:"time_zone" need:"yes" eg:"Europe/Madrid" doc:"Time zone of the desk, by its IANA name, such as Europe/Madrid: dates in mails, ticket numbers, calendars and absences are local."`

	Intake ticket.Address `yaml:"intake" need:"yes" eg:"abrir@desk.example" doc:"Address that opens tickets."`

	Correspondence ticket.Address `yaml:"correspondence" eg:"mesa@desk.example" doc:"Address that the desk writes from and that takes everything but openings. Without it, the intake address does both."`

	SenderName string `yaml:"sender_name" max:"100" eg:"Mesa de ayuda" doc:"Name beside the correspondence address in the desk's mails. Without it, the desk's name."`

	Signature string `yaml:"signature" max:"2000" lines:"many" eg:"Mesa de ayuda" doc:"Lines at the end of the desk's mails."`

	Number string `yaml:"number" need:"yes" eg:"T{yy}{mm}{dd}_{seq:6}" doc:"How ticket numbers look: capital letters, digits, - and _ with {yyyy}, {yy}, {mm}, {dd} for the local day and {seq:6} for a sequence of at least 6 digits, which starts again with every day, month or year, whichever is the smallest shown."`

	Opening Opening `yaml:"opening" doc:"The mail that opens a ticket."`

	Registering Registration `yaml:"registration" optional:"yes" doc:"The mail by which people ask to be registered. With it the desk has the action register; approve and refuse, which answer it, must be among its actions. Without it nobody can ask."`

	Queues []Queue `yaml:"queues" doc:"Departments: the people who look after tickets. A desk with exactly one has all its tickets there; with several, a ticket's service says which."`

	Services []Service `yaml:"services" doc:"What tickets are about, each with the people who look after it or the queue they are in. A desk with queues or a help_desk may do without."`

	Priorities []Priority `yaml:"priorities" doc:"Priorities (severities) of tickets, highest first. The lengths of clocks may depend on them."`

	Administrators []ticket.Address `yaml:"administrators" need:"yes" eg:"[admin@desk.example]" doc:"Who is told of what needs a person's eye, approves registrations, and may ask for everything the desk keeps."`

	Validators []ticket.Address `yaml:"validators" eg:"[calidad@desk.example]" doc:"Who judges solutions, on every ticket, where the actions say: role validator."`

	HelpDesk []ticket.Address `yaml:"help_desk" eg:"[mesa1@desk.example]" doc:"Who receives and directs all tickets: role help_desk. It looks after those that are in no queue."`

	Attention []ticket.Address `yaml:"attention" eg:"[atencion@desk.example]" doc:"The department that can be brought in on any ticket: role attention."`

	Auditors []ticket.Address `yaml:"auditors" eg:"[auditoria@desk.example]" doc:"Who may ask for everything and change nothing: role auditor."`

	People []Person `yaml:"people" doc:"What is known of people beyond an address: their names, for mails that mention them, their other addresses, their absences. Who is not here is shown by address."`

	Actions []Action `yaml:"actions" doc:"The actions the desk uses, with what it does its own way, in the order in which mails offer them. Without this list: open, assign, start, request_info, resolve, validate, reject, provide_info, comment and record, as the language and the table of actions (docs/states.md) have them."`

	States States `yaml:"states" doc:"The desk's names of states, for those it names itself."`

	Calendars []Calendar `yaml:"calendars" doc:"When time counts, for the clocks. All in the desk's time zone."`

	Clocks []Clock `yaml:"clocks" doc:"Deadlines: each runs from an action to another, warns before it runs out, and calls superiors or acts when it has."`

	Queries []Asking `yaml:"queries" doc:"What may be asked of the desk by mail. Without this list: list, show and help by everybody who has a part in the desk; monitor and attainment by leads, help desk, attention, administrators and auditors; journal by administrators and auditors."`

	Digests []Digest `yaml:"digests" doc:"Answers that go out regularly, unasked."`

	Words string `yaml:"words" eg:"words/desk" doc:"Folder with words and layouts that go over the language's own, names of states among them. Relative to the folder of this file."`

	OwnWords Wording `yaml:"wording" eg:"{terms: {ticket: caso}}" doc:"Words that go over the language's own and those of the words folder, written as in a file of such a folder."`

	GatewayTags []string `yaml:"gateway_tags" eg:"[\"[EXTERNO]\", \"***SPAM***\"]" doc:"Tags which mail servers on the way put before subjects, beyond those known to all desks: they are taken off before subjects are compared."`

	origin *reporter // of the file the desk stands in
	path   string    // where it stands there
}

// Wording is a part of a catalogue of words as the file has it: YAML, with
// what aliases stand for in their place.
type Wording string

// Priority is how urgent a ticket is.
type Priority struct {
	Name     string   `yaml:"name" short:"yes" need:"yes" max:"100" eg:"Alta" doc:"Its name, as mails show it."`
	Synonyms []string `yaml:"synonyms" eg:"[Urgente]" doc:"Other ways people write it. Case, accents and spaces never matter."`
}

// States are a desk's names of states; "" is the language's.
type States struct {
	New        string `yaml:"new" max:"60" eg:"Abierta" doc:"Opened, with nobody in charge yet."`
	Assigned   string `yaml:"assigned" max:"60" eg:"Asignada" doc:"Somebody is in charge."`
	InProgress string `yaml:"in_progress" max:"60" eg:"En curso" doc:"Somebody works on it."`
	Waiting    string `yaml:"waiting" max:"60" eg:"Pendiente de información" doc:"The requester was asked something, or has to complete the opening."`
	Resolved   string `yaml:"resolved" max:"60" eg:"Pendiente de validación" doc:"A solution is there, to be validated."`
	Reporting  string `yaml:"reporting" max:"60" eg:"Pendiente de informe" doc:"Validated; its report is still due."`
	Reported   string `yaml:"reported" max:"60" eg:"Informada" doc:"Its report is there, to be looked at."`
	Closed     string `yaml:"closed" max:"60" eg:"Cerrada" doc:"Over."`
	Cancelled  string `yaml:"cancelled" max:"60" eg:"Anulada" doc:"Over without a solution: not wanted any more, merged with another, or no ticket at all."`
	Requested  string `yaml:"requested" max:"60" eg:"Solicitada" doc:"Of a registration: asked for."`
	Approved   string `yaml:"approved" max:"60" eg:"Aprobada" doc:"Of a registration: granted."`
	Refused    string `yaml:"refused" max:"60" eg:"Rechazada" doc:"Of a registration: not granted."`
}
