package templates

import (
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// values are what the blanks of a catalogue's lines can hold, all of it plain
// and clean text. In a brief mail what comes from the mail is empty.
type values struct {
	Terms map[string]string

	Number  ticket.Number
	State   string // its name at this desk
	Created string // time stamp of the opening
	At      string // time stamp of the event

	Subject  string // of the opening
	Service  string
	Question string // the latest request for information
	Solution string // the latest
	Text     string // the words of the event

	Requester, Assignee, Actor, To person

	Identity string // whether the event's actor is proven to be who they say
	Action   string // name of what the answered mail asked for
	Reason   string // why it was refused
	Wrong    string // subject of the answered mail
	Brief    bool

	Desk, Intake, Correspondence string
}

// person is somebody as the mails name them.
type person struct{ Name, Address string }

// String is the name, or the address where there is none.
func (p person) String() string {
	if p.Name == "" {
		return p.Address
	}
	return p.Name
}

// Full is the name and the address.
func (p person) Full() string {
	if p.Name == "" || p.Address == "" {
		return p.String()
	}
	return p.Name + " (" + p.Address + ")"
}

const (
	maxName = 80  // runes of a person's name
	maxLine = 400 // runes of one line of a person's words
)

func (s *Set) values(v View) values {
	d := values{
		Terms: s.terms, Number: v.Ticket.Number, State: s.stateOf(v.Ticket), Brief: v.Brief,
		Created: stamp(v.Ticket.Created, v.Desk.Zone), At: stamp(v.Event.At, v.Desk.Zone),
		Requester: v.person(v.Ticket.Requester), Actor: v.person(v.Event.Actor), To: v.person(v.To),
		Assignee: v.person(ticket.Person{Address: v.Ticket.Assignee}), Identity: s.identity(v.Event),
		Desk: cleanLine(v.Desk.Name, maxLine), Intake: v.Desk.Intake, Correspondence: v.Desk.Correspondence,
	}
	if !v.Brief {
		d.Subject, d.Service = cleanLine(v.Ticket.Subject, maxLine), cleanLine(v.Ticket.Service, maxName)
		d.Question, d.Solution, d.Text = cleanText(v.Ticket.Question), cleanText(v.Ticket.Solution), cleanText(v.Event.Content.Text)
	}
	return s.answer(d, v.Answer)
}

// answer adds what is known of the mail that is answered. The words of the
// reason may hold the other values.
func (s *Set) answer(d values, a *Answer) values {
	if a == nil {
		return d
	}
	if a.Action != "" {
		d.Action = s.Action(a.Action).Link
	}
	if !d.Brief {
		d.Wrong = cleanLine(a.Subject, maxLine)
	}
	if a.Reason != "" {
		reason, ok := s.words.Reasons[a.Reason]
		if !ok {
			reason = s.words.Reasons[other]
		}
		d.Reason, _ = reason.fill(d) // Load made sure that this cannot fail
	}
	return d
}

func (s *Set) stateOf(t ticket.Ticket) string {
	if t.State == "" {
		return ""
	}
	return s.State(t.State)
}

// identity says whether an event's actor gave a proof; nothing for no event.
func (s *Set) identity(e ticket.Event) string {
	switch {
	case e.Action == "":
		return ""
	case e.Assurance.Authenticated || e.Assurance.Possession:
		return s.word("verified")
	}
	return s.word("unverified")
}

// person names somebody: as the caller knows them, or else as their mail did.
// In a brief mail nobody has a name, for it may come from the mail.
func (v View) person(p ticket.Person) person {
	named := person{Address: cleanLine(string(p.Address), maxLine)}
	if v.Brief {
		return named
	}
	if v.Name != nil && p.Address != "" {
		named.Name = cleanLine(v.Name(p.Address), maxName)
	}
	if named.Name == "" {
		named.Name = cleanLine(p.Name, maxName)
	}
	return named
}

// stamp is Stamp, but nothing for no time.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return Stamp(t, zone)
}
