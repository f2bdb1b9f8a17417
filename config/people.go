package config

import (
	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// Queue is a department. It has agents, a lead or both.
type Queue struct {
	Name string `yaml:"name" need:"yes" max:"100" eg:"Servicios electrónicos" doc:"The department's name."`

	Synonyms []string `yaml:"synonyms" eg:"[DSE]" doc:"Other ways people write it."`

	Agents []ticket.Address `yaml:"agents" eg:"[agente@desk.example]" doc:"Who works on its tickets."`

	Lead ticket.Address `yaml:"lead" eg:"jefatura@desk.example" doc:"Who assigns them, and is told of rejections."`

	Superiors []ticket.Address `yaml:"superiors" eg:"[direccion@desk.example]" doc:"Whom an escalation calls, one address a level, the lowest first. Without it, the lead."`
}

// Service is something tickets are about. It is in a queue, or has agents, a
// lead or both of its own.
type Service struct {
	Name string `yaml:"name" need:"yes" max:"100" eg:"Acceso remoto" doc:"The service's name, as the opening mail gives it."`

	Synonyms []string `yaml:"synonyms" eg:"[Entidades financieras]" doc:"Other ways people write it."`

	Queue string `yaml:"queue" max:"100" eg:"Servicios electrónicos" doc:"The queue that looks after its tickets, in place of agents and a lead of its own. Without it the service is a queue of the same name."`

	Agents []ticket.Address `yaml:"agents" eg:"[agente@desk.example]" doc:"Who works on its tickets."`

	Lead ticket.Address `yaml:"lead" eg:"jefatura@desk.example" doc:"Who assigns them, and is told of rejections."`

	Responsible ticket.Address `yaml:"responsible" eg:"responsable@desk.example" doc:"Who is put in charge of its tickets when they are opened."`

	Priority string `yaml:"priority" max:"100" eg:"Media" doc:"The priority of its tickets until somebody sets another."`

	Superiors []ticket.Address `yaml:"superiors" eg:"[direccion@desk.example]" doc:"Whom an escalation of its tickets calls, one address a level, the lowest first. Without it, those of its queue."`

	Attachments Attachments `yaml:"attachments" doc:"What of files may come with one mail on its tickets; more is refused, saying why."`
}

// Attachments bounds the files of one mail; 0 is no bound but that of mails.
type Attachments struct {
	Files int  `yaml:"files" min:"0" max:"1000" eg:"5" doc:"How many. 0 is no bound of its own."`
	Size  Size `yaml:"size" min:"0 B" max:"256 MiB" eg:"10 MiB" doc:"How much, all together. 0 B is no bound of its own; limits.message_size bounds every mail."`
}

// Person is what is known of somebody.
type Person struct {
	Address ticket.Address `yaml:"address" need:"yes" eg:"agente@desk.example" doc:"The person's address, by which the other keys of the desk name them."`

	Name string `yaml:"name" need:"yes" max:"100" eg:"Ana Agente" doc:"The name shown."`

	Aliases []ticket.Address `yaml:"aliases" eg:"[ana@desk.example]" doc:"Other addresses of the same person: mail from one counts as from the first."`

	Organisation string `yaml:"organisation" max:"200" eg:"Ayuntamiento" doc:"Where they work, for tickets they open."`

	Phone string `yaml:"phone" max:"60" eg:"\"+34 600 000 000\"" doc:"Their telephone, for tickets they open."`

	Registered bool `yaml:"registered" eg:"true" doc:"Whether they may open tickets where opening.registered_only asks for it, without having asked to be registered. Their name, address, organisation and phone are then as if they stood in the blanks account, email, organisation and phone of registration."`

	Absences []Absence `yaml:"absences" doc:"When somebody stands in for them: gets their mail and may do what they may. One person's may not overlap, and the substitute may not be absent meanwhile."`
}

// Absence is some days in which somebody stands in for another.
type Absence struct {
	From calendar.Date `yaml:"from" need:"yes" eg:"2026-08-03" doc:"The first day, in the desk's time zone."`

	Until calendar.Date `yaml:"until" need:"yes" eg:"2026-08-21" doc:"The last day."`

	Substitute ticket.Address `yaml:"substitute" need:"yes" eg:"jefatura@desk.example" doc:"Who stands in: somebody the desk names elsewhere, too."`
}
