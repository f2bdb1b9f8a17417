package config

import "github.com/cauce-desk/cauce/ticket"

// Desk is one service desk: its addresses, its words, its people and its
// rules. After loading, what may be left out is filled in: Correspondence,
// SenderName, Actions and the options of the service field.
type Desk struct {
	ID string `yaml:"id" need:"yes" max:"32" eg:"desk" doc:"Short name under which the desk's tickets are kept: lower-case letters, digits and -, starting with a letter. Never change it once there are tickets."`

	Name string `yaml:"name" need:"yes" max:"100" eg:"Mesa de ayuda" doc:"The desk's name, as its mails show it."`

	Language string `yaml:"language" need:"yes" doc:"Language of the desk's mails: one that is built in (es), or one whose words are in the words folder."`

	TimeZone string `yaml:"time_zone" need:"yes" eg:"Europe/Madrid" doc:"Time zone of the desk, by its IANA name, such as Europe/Madrid: dates in mails and ticket numbers are local."`

	Intake ticket.Address `yaml:"intake" need:"yes" eg:"abrir@desk.example" doc:"Address that opens tickets."`

	Correspondence ticket.Address `yaml:"correspondence" eg:"mesa@desk.example" doc:"Address that the desk writes from and that takes everything but openings. Without it, the intake address does both."`

	SenderName string `yaml:"sender_name" max:"100" eg:"Mesa de ayuda" doc:"Name beside the correspondence address in the desk's mails. Without it, the desk's name."`

	Signature string `yaml:"signature" max:"2000" lines:"many" eg:"Mesa de ayuda" doc:"Lines at the end of the desk's mails."`

	Number string `yaml:"number" need:"yes" eg:"T{yy}{mm}{dd}_{seq:6}" doc:"How ticket numbers look: capital letters, digits, - and _ with {yyyy}, {yy}, {mm}, {dd} for the local day and {seq:6} for a sequence of at least 6 digits, which starts again with every day, month or year, whichever is the smallest shown."`

	Opening Opening `yaml:"opening" doc:"The mail that opens a ticket."`

	Services []Service `yaml:"services" need:"yes" doc:"What tickets are about, each with the people who look after it."`

	Administrators []ticket.Address `yaml:"administrators" need:"yes" eg:"[admin@desk.example]" doc:"Who is told of what needs a person's eye, and may ask for everything the desk keeps."`

	People []Person `yaml:"people" doc:"Names of the staff, for mails that mention them. Who is not here is shown by address."`

	Actions []Action `yaml:"actions" doc:"The actions the desk uses, with what it does its own way. Without this list: all of them, as the language and the table of actions (docs/states.md) have them."`

	Words string `yaml:"words" eg:"words/desk" doc:"Folder with words and layouts that go over the language's own, names of states among them. Relative to the folder of this file."`

	GatewayTags []string `yaml:"gateway_tags" eg:"[\"[EXTERNO]\", \"***SPAM***\"]" doc:"Tags which mail servers on the way put before subjects, beyond those known to all desks: they are taken off before subjects are compared."`

	origin *reporter // of the file the desk stands in
	path   string    // where it stands there
}

// Opening is the form of the mail that opens a ticket.
type Opening struct {
	Subject string `yaml:"subject" need:"yes" max:"200" eg:"Nueva incidencia" doc:"The subject such a mail must have. Case, accents, spacing and the prefixes of replies do not matter."`

	Fields []Field `yaml:"fields" need:"yes" doc:"The blanks of the mail, in order."`

	ServiceField string `yaml:"service_field" need:"yes" eg:"service" doc:"The id of the field that says which service a ticket is about. It must be a required choice; its options are the services unless it lists them itself."`
}

// Field is one labelled blank of a mail.
type Field struct {
	ID string `yaml:"id" need:"yes" max:"32" eg:"service" doc:"Short name under which the value is kept: lower-case letters, digits and _, starting with a letter."`

	Label string `yaml:"label" need:"yes" max:"60" eg:"Servicio" doc:"What stands before the value in the mail, without the colon."`

	Synonyms []string `yaml:"synonyms" eg:"[Aplicación]" doc:"Other labels people write. Case and accents never matter."`

	Kind ticket.FieldKind `yaml:"kind" doc:"text: one line. long_text: many lines. choice: one of the options. address: a mail address. date_time: as 31/12/2026 09:30, in the desk's time zone."`

	Options []Option `yaml:"options" doc:"For kind: choice, the values there are."`

	Required bool `yaml:"required" eg:"true" doc:"Whether a mail without it is sent back."`

	MaxLength int `yaml:"max_length" min:"0" max:"100000" eg:"2000" doc:"The most characters; 0 means 200 for one line and 20,000 for many."`
}

// Option is one value of a choice.
type Option struct {
	Value    string   `yaml:"value" short:"yes" need:"yes" max:"200" eg:"Pérdida de servicio" doc:"The value, as mails show it."`
	Synonyms []string `yaml:"synonyms" eg:"[Caída]" doc:"Other ways people write it. Case, accents and spaces never matter."`
}

// Service is something tickets are about. It has agents, a lead or both.
type Service struct {
	Name string `yaml:"name" need:"yes" max:"100" eg:"EEFF" doc:"The service's name, as the opening mail gives it."`

	Synonyms []string `yaml:"synonyms" eg:"[Entidades financieras]" doc:"Other ways people write it."`

	Agents []ticket.Address `yaml:"agents" eg:"[agente@desk.example]" doc:"Who works on its tickets."`

	Lead ticket.Address `yaml:"lead" eg:"jefatura@desk.example" doc:"Who assigns them, and is told of rejections."`
}

// Person gives a name to an address.
type Person struct {
	Address ticket.Address `yaml:"address" need:"yes" eg:"agente@desk.example" doc:"The person's address."`
	Name    string         `yaml:"name" need:"yes" max:"100" eg:"Ana Agente" doc:"The name shown."`
}

// Action is what a desk does its own way about an action.
type Action struct {
	Action ticket.Action `yaml:"action" short:"yes" need:"yes" eg:"validate" doc:"Which action this is about."`

	Link string `yaml:"link" max:"60" eg:"Validar Petición" doc:"The name of its link in mails, and the beginning of the subject that asks for it. Without it, the language's."`

	By []ticket.Role `yaml:"by" eg:"[requester]" doc:"Who may take it. Without it, as the table of actions says."`

	Proof ticket.Demand `yaml:"proof" eg:"either" doc:"How sure one must be of who asks for it. any: no proof. authenticated: the sender's domain or network vouches for the address. possession: the mail carries what only the addressee of one of our mails can know. either, both: of these two. Without it, as the table of actions says."`

	Fields []Field `yaml:"fields" doc:"The blanks of its mail, all of them, in place of the language's own. The blanks of open are those of opening."`
}
