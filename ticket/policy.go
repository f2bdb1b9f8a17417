package ticket

import (
	"slices"
	"time"
)

// Policy is everything about a desk that Decide needs: its rules as data.
// Desks differ in their policies and in nothing else.
type Policy struct {
	Desk    string
	Zone    *time.Location
	Numbers NumberFormat
	// Applications numbers the applications to be registered; the zero one
	// where the desk registers nobody.
	Applications NumberFormat
	Key          Key
	Earlier      []Key // whose tokens are still honoured

	Actions map[Action]Transition // the desk's own table: the actions it uses
	Order   []Action              // in which they are offered; those left out come last, in Table's order

	Queues   []Queue
	Services []Service
	// Priorities are those the desk has, highest first; none: any.
	Priorities []string
	Members    map[Role][]Address // of the roles that hold on every ticket
	Absences   []Absence
	Clocks     []Clock

	// RegisteredOnly refuses openings of whoever the desk does not know.
	RegisteredOnly bool
	// AcceptIncomplete opens a ticket also where the form lacks something;
	// it waits for its completion.
	AcceptIncomplete bool
	// WatchCopied makes whoever an opening is copied to a watcher.
	WatchCopied bool

	// As of a time, by At.
	now    time.Time
	acting map[Address][]Address // who somebody stands in for
}

// Queue is a department: the people who look after some services.
type Queue struct {
	Name      string
	Agents    []Address
	Lead      Address
	Superiors [][]Address // the levels above, lowest first
}

// Service is something tickets are about: a help topic.
type Service struct {
	Name        string // the value of the field that sets the service
	Queue       string // who looks after it
	Responsible Address
	Priority    string // where nothing else says so
	Superiors   [][]Address
	MaxFiles    int   // files of one mail; 0 is no bound of its own
	MaxBytes    int64 // of all of them; 0 likewise
}

// allows tells whether an action may be taken in the ticket's state.
func (p Policy) allows(t Ticket, a Action) bool {
	return slices.Contains(p.Actions[a].From, t.State)
}

// Stage identifies the stretch of a ticket's life during which an action has
// been possible and was not taken: the Seq of the event that began it, 0 if
// the action is not possible now. Tokens are bound to it. So a link works
// once; it is worth nothing when the ticket comes back to the same state by a
// way round; and the links of an earlier mail still work as long as what they
// ask for stayed possible.
func (p Policy) Stage(t Ticket, a Action) int {
	stage := 0
	for _, stay := range slices.Backward(t.Path) {
		if !slices.Contains(p.Actions[a].From, stay.State) {
			break
		}
		stage = stay.Event
		if stay.Action == a {
			break
		}
	}
	return stage
}

// Awaits tells whether a clock waits for the arrival of the notice that tells
// the requester of an action.
func (p Policy) Awaits(a Action) bool {
	return slices.ContainsFunc(p.Clocks, func(c Clock) bool {
		return slices.ContainsFunc(c.Starts, func(t Trigger) bool {
			return t.Delivered && t.Action == a
		})
	})
}

// Reaches tells whether any of the desk's actions leads to a state.
func (p Policy) Reaches(s State) bool {
	for _, line := range p.Actions {
		if line.To == s || s == StateAssigned && line.Is() == Open && len(p.Kinds(Assign)) > 0 {
			return true
		}
	}
	return false
}

// FindNumber returns the first number of a ticket or application in a text.
func (p Policy) FindNumber(text string) (Number, bool) {
	if n, found := p.Numbers.Find(text); found || p.Applications.find == nil {
		return n, found
	}
	return p.Applications.Find(text)
}

// NumbersOf is the format of the numbers that an action which opens gives.
func (p Policy) NumbersOf(a Action) NumberFormat {
	if p.Actions[a].Is() == Register {
		return p.Applications
	}
	return p.Numbers
}

// Enrols is whom an application registers when it is approved: the address it
// names, or else who sent it.
func (p Policy) Enrols(application Ticket) Address {
	for _, a := range p.Kinds(Register) {
		named := addressIn(application.Fields[p.Actions[a].Form.first(AddressField)])
		if named != "" {
			return named
		}
	}
	return application.Requester.Address
}

// service finds a service by its name.
func (p Policy) service(name string) Service {
	i := slices.IndexFunc(p.Services, func(s Service) bool { return s.Name == name })
	if i < 0 {
		return Service{}
	}
	return p.Services[i]
}

// Caps are how many files a mail on a ticket, or one that opens it with these
// values, may carry, and how many bytes together; 0 is no bound.
func (p Policy) Caps(t Ticket, opening Values) (files int, bytes int64) {
	name := t.Service
	if field, sets := p.Actions[Open].Form.Setting(SetsService); sets && t.Number == "" {
		name = opening[field.ID]
	}
	s := p.service(name)
	return s.MaxFiles, s.MaxBytes
}

// queue is the department that looks after a ticket. One that the desk no
// longer has, or none at all, is the administrators' to look after: tickets
// must not be orphans.
func (p Policy) queue(t Ticket) Queue {
	name := t.Queue
	if name == "" {
		name = p.service(t.Service).Queue
	}
	if i := slices.IndexFunc(p.Queues, func(q Queue) bool { return q.Name == name }); i >= 0 {
		return p.Queues[i]
	}
	return Queue{Name: name, Agents: p.Members[RoleAdministrator]}
}

// QueueName is the name of the department that looks after a ticket.
func (p Policy) QueueName(t Ticket) string { return p.queue(t).Name }

// nextLevel is the level of superiors that an escalation by hand calls: the one
// above the highest called so far, or that one again where it is the last, for
// it may be wanted at any point.
func (p Policy) nextLevel(t Ticket) int {
	if len(p.superiors(t, t.Level+1)) > 0 {
		return t.Level + 1
	}
	return t.Level
}

// superiors are those of a level above the ticket's staff, counted from 1. A
// desk that names none has the lead as the first.
func (p Policy) superiors(t Ticket, level int) []Address {
	levels := p.service(t.Service).Superiors
	queue := p.queue(t)
	if len(levels) == 0 {
		levels = queue.Superiors
	}
	if len(levels) == 0 && queue.Lead != "" {
		levels = [][]Address{{queue.Lead}}
	}
	if level < 1 || level > len(levels) {
		return nil
	}
	return levels[level-1]
}
