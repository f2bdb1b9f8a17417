package templates

import (
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// The kinds of notice that answer a mail without changing a ticket. All other
// kinds are named by ticket.NoticeKind.
const (
	KindRefused      = "refused"       // Answer says why; Links do it right
	KindNotOpening   = "not_opening"   // a mail to the intake address that opens nothing
	KindCorrection   = "correction"    // an opening whose form is missing or wrong
	KindHelp         = "help"          // a mail that is no known subject
	KindClosedTicket = "closed_ticket" // correspondence on a closed ticket
	KindWrongSubject = "wrong_subject" // nearly the subject of a ticket
)

// View is everything a mail is made of. Nothing else comes into it: the same
// View always gives the same mail.
type View struct {
	Kind string // ticket.NoticeKind of a line of ticket.Table, or one of the kinds above
	Desk Desk
	To   ticket.Person

	Ticket ticket.Ticket // zero: the mail is about none
	Event  ticket.Event  // zero: nothing happened
	Form   ticket.Form   // labels of the event's fields

	Opening        ticket.Form // of the desk: labels of the ticket's fields, and the blanks of a new opening
	OpeningSubject string      // of the desk; empty: no opening is offered

	Answer *Answer
	Links  []Link // what this person may do next, in order

	Files   []string // attachments that travel with this mail
	Omitted []string // those that do not

	// Brief leaves out every word of the mail that is answered: an opening
	// nobody vouches for is confirmed with its number alone.
	Brief bool

	// Name is the name of somebody, "" if unknown. It may be nil.
	Name func(ticket.Address) string
}

// Desk is what every mail says of the desk that sends it.
type Desk struct {
	Name           string
	Signature      string // one or more lines under every mail
	Intake         string // the address that opens tickets
	Correspondence string // the address everything else goes to
	Zone           *time.Location
}

// Answer is what a notice that changes no ticket knows of the mail it answers.
type Answer struct {
	Action   ticket.Action    // what was asked for; empty if that is unknown
	Reason   string           // one of ticket's Reason constants
	Problems []ticket.Problem // with the form
	Values   ticket.Values    // what was understood of the form and may be repeated
	Subject  string           // of the mail
	Form     ticket.Form      // the labels of Problems and Values
}

// Rendered is a mail in words. Lines of Text end in "\n".
type Rendered struct {
	Subject string // one line, without control characters
	Text    string
	HTML    string // at most 60,000 octets: longer words of people are cut in both parts
}
