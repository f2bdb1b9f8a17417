package templates

import (
	"slices"
	"strings"
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
	Label    string // of the blank in which Text was written; "": in none

	Requester, Assignee, Actor, To person

	Applies  bool            // it is no ticket but an application to be registered
	Openers  string          // who opens tickets here, where the addressee may not
	Final    bool            // a reply of the addressee is not taken any more
	Copied   bool            // the addressee only gets copies, as a watcher of the ticket
	Over     bool            // nothing is due any more
	Offers   map[string]bool // whether the mail has a link to an action: {{index .Offers `validate`}}
	Audience string          // of the notice, such as "requester"; "" for an answer
	Done     string          // the name of what happened
	Queue    string          // the department
	Priority string
	Agreed   string            // time stamp of the agreed date
	Began    string            // time stamp of when the failure is said to have begun
	Level    int               // of superiors called last
	Reached  string            // who that is
	Charged  string            // who is in charge, or could be
	Main     ticket.Number     // the ticket that this one follows or goes on under
	Follower ticket.Number     // the ticket that follows this one from now on, or that goes on under it
	Contact  map[string]string // what the desk knew of the requester: {{index .Contact "phone"}}
	Fields   map[string]string // the ticket's fields by their ids: {{index .Fields "summary"}}

	// What of a clock the event is, where it is.
	Clock    string // what was due
	Percent  int    // of its time that has passed, of a warning
	Deadline string // time stamp of when it runs out
	Overdue  bool   // it had run out
	LateBy   string // in words, how much later than it should the daemon noticed

	Identity string // whether the event's actor is proven to be who they say
	Action   string // name of what the answered mail asked for
	Reason   string // why it was refused
	Wrong    string // subject of the answered mail
	Brief    bool

	// What of the files of the answered mail, where they are the reason.
	MaxFiles  int    // how many a mail may carry; 0: no bound
	MaxSize   string // how large they may be together; "": no bound
	SentFiles int    // how many came; 0: not known
	SentSize  string // how large they were together; "": not known
	TooMany   bool   // more came than MaxFiles
	TooLarge  bool   // they were larger than MaxSize

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

// values gathers what a view can say. The words for a reason may fail, being
// filled with the other values.
func (s *Set) values(v View) (values, error) {
	d := values{
		Terms: s.terms, Number: v.Ticket.Number, State: s.stateOf(v.Ticket), Brief: v.Brief,
		Created: stamp(v.Ticket.Created, v.Desk.Zone), At: stamp(v.Event.At, v.Desk.Zone),
		Requester: v.person(v.Ticket.Requester), Actor: v.actor(), To: v.person(v.To),
		Assignee: v.person(ticket.Person{Address: v.Ticket.Assignee}), Identity: s.identity(v.Event),
		Desk: cleanLine(v.Desk.Name, maxLine), Intake: v.Desk.Intake, Correspondence: v.Desk.Correspondence,
		Done: s.done(v), Level: v.Ticket.Called, Main: v.Ticket.Main, Follower: v.follower(), Over: v.Ticket.State.Over(), Applies: application(v.Ticket), Offers: map[string]bool{},
	}
	for _, link := range v.Links {
		d.Offers[link.Form.Name] = true
	}
	d.Openers, d.Final, d.Copied = v.openers(), v.Final, v.copied()
	if _, audience, changes := strings.Cut(v.Kind, "."); changes {
		d.Audience = audience
	}
	if !v.Brief {
		d = s.said(d, v)
	}
	return s.answer(s.alarm(d, v), v.Answer)
}

// follower is the number that an event ties to the ticket's.
func (v View) follower() ticket.Number {
	if c := v.Event.Content; c.Joins == nil || c.Follower != "" {
		return c.Follower
	}
	return ticket.Number(v.Event.Content.Text)
}

// written is the blank of the event's form in which its text was written; none
// if the text was written freely.
func (v View) written() ticket.Field {
	text := v.Event.Content.Text
	for _, field := range v.Form.Fields {
		if text != "" && v.Event.Content.Fields[field.ID] == text {
			return field
		}
	}
	return ticket.Field{}
}

// copied tells whether the addressee is told of the ticket as a watcher.
func (v View) copied() bool { return slices.ContainsFunc(v.Ticket.Watchers, v.To.Address.Equal) }

// openers are their names and addresses, in one line.
func (v View) openers() string {
	var names []string
	for _, p := range v.Openers {
		names = append(names, v.person(p).Full())
	}
	return strings.Join(names, ", ")
}

// said adds what comes from people's mails, or could.
func (s *Set) said(d values, v View) values {
	d.Subject, d.Service = cleanLine(v.Ticket.Subject, maxLine), cleanLine(v.Ticket.Service, maxName)
	d.Question, d.Solution, d.Text = cleanText(v.Ticket.Question), cleanText(v.Ticket.Solution), cleanText(v.Event.Content.Text)
	d.Label = cleanLine(v.written().Label, maxName)
	d.Queue, d.Reached, d.Charged = cleanLine(v.Queue, maxName), cleanLine(v.Reached, maxLine), cleanLine(v.Charged, maxLine)
	d.Priority = cleanLine(s.Priority(v.Ticket.Priority), maxName)
	d.Agreed, d.Began = stamp(v.Ticket.Due, v.Desk.Zone), stamp(v.Ticket.Began, v.Desk.Zone)
	d.Contact = map[string]string{}
	for id, value := range v.Ticket.Contact {
		d.Contact[id] = cleanLine(value, maxLine)
	}
	d.Fields = map[string]string{}
	for id, value := range v.Ticket.Fields {
		d.Fields[id] = cleanText(value)
	}
	return d
}

// done is the name of what happened.
func (s *Set) done(v View) string {
	action := v.Event.Action
	if action == "" {
		return ""
	}
	if _, known := s.words.Actions[action]; !known {
		action = v.Event.Is()
	}
	return cleanLine(firstOf(v.Done, s.Action(action).Link), maxName)
}

// answer adds what is known of the mail that is answered. The words of the
// reason may hold the other values.
func (s *Set) answer(d values, a *Answer) (values, error) {
	if a == nil {
		return d, nil
	}
	if a.Action != "" {
		d.Action = cleanLine(firstOf(a.Asked, s.Action(a.Action).Link), maxName)
	}
	if !d.Brief {
		d.Wrong = cleanLine(a.Subject, maxLine)
	}
	if a.Reason == "" {
		return d, nil
	}
	d = d.files(a)
	reason, ok := s.words.Reasons[a.Reason]
	if !ok {
		reason = s.words.Reasons[other]
	}
	var err error
	d.Reason, err = reason.fill(d)
	return d, err
}

func (s *Set) stateOf(t ticket.Ticket) string {
	if t.State == "" {
		return ""
	}
	return s.State(t.State)
}

// identity says whether an event's actor gave a proof; nothing for no event and
// for what the daemon did itself.
func (s *Set) identity(e ticket.Event) string {
	switch {
	case e.Action == "", e.Role == ticket.RoleClock, e.Role == ticket.RoleMain, e.Role == ticket.RoleOperator:
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

// actor is who did what the notice tells: what the daemon does itself it does
// in the desk's name.
func (v View) actor() person {
	if v.Event.Action != "" && v.Event.Actor.Address == "" && v.Event.Actor.Name == "" {
		return person{Name: cleanLine(v.Desk.Name, maxName)}
	}
	return v.person(v.Event.Actor)
}

// application tells whether a ticket is somebody's application to be
// registered.
func application(t ticket.Ticket) bool {
	switch t.State {
	case ticket.StateRequested, ticket.StateApproved, ticket.StateRefused:
		return true
	}
	return false
}

// stamp is Stamp, but nothing for no time.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return Stamp(t, zone)
}
