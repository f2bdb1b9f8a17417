package templates

import (
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// The kinds of notice that answer a mail without changing a ticket. All other
// kinds are named by ticket.NoticeKind.
const (
	KindRefused       = "refused"       // Answer says why; Links do it right
	KindNotOpening    = "not_opening"   // a mail to the intake address that opens nothing
	KindCorrection    = "correction"    // an opening whose form is missing or wrong
	KindHelp          = "help"          // a mail that is no known subject
	KindClosedTicket  = "closed_ticket" // correspondence on a closed ticket
	KindWrongSubject  = "wrong_subject" // nearly the subject of a ticket
	KindUnregistered  = "unregistered"  // an opening by somebody the desk does not know; Links say how to register
	KindUndeliverable = "undeliverable" // to the staff: Answer.Subject says whom no mail reaches, and why
	KindAttempt       = "attempt"       // to administrators: somebody tried what is not theirs
	KindForwarded     = "forwarded"     // to administrators: a mail to a role mailbox, or one that a filter held
	KindBreaker       = "breaker"       // to administrators: too many answers; no more go out for now
	KindFault         = "fault"         // to administrators: Answer.Subject says which words failed

	// The answers to what somebody asked for.
	KindList       = "list"       // their tickets: Tables
	KindShow       = "show"       // one ticket: Tables hold its history
	KindMonitor    = "monitor"    // the desk's tickets: Tables
	KindAttainment = "attainment" // how the clocks were met: Tables, Chart
	KindJournal    = "journal"    // the mails that came: Tables
	KindOverview   = "overview"   // help: all that this person may ask for, as Links
)

// KindIncomplete is the kind under whose name a catalogue holds the words that
// confirm an opening which lacks something. Views are of the opening's own
// kind, such as "open.requester".
const KindIncomplete = "incomplete.requester"

// View is everything a mail is made of. Nothing else comes into it: the same
// View always gives the same mail.
type View struct {
	Kind string // ticket.NoticeKind of an action, known or the desk's own, and an audience; or one of the kinds above
	Desk Desk
	To   ticket.Person

	Ticket ticket.Ticket // zero: the mail is about none
	Event  ticket.Event  // zero: nothing happened
	Form   ticket.Form   // labels of the event's fields
	Done   string        // the desk's name of the event's action; "": the catalogue's, or that of its kind

	Labels  ticket.Form // of the ticket's fields, opening and classification; without fields: Opening's
	Queue   string      // the department that looks after the ticket
	Reached string      // whom an escalation called, by name
	Charged string      // who is in charge of the ticket, by name: all who could be, where nobody is yet
	Clocks  []Clock     // that run on the ticket, in order
	Alarmed string      // what the desk calls the clock of the event's alarm; "" for the locale's name
	Tables  []Table     // of an answer
	Chart   Chart       // of an answer; zero: none

	Opening        ticket.Form // of the desk: labels of the ticket's fields, and the blanks of a new opening
	OpeningSubject string      // of the desk; empty: no opening is offered
	OpeningLink    string      // what the desk calls the link that opens; "": the catalogue's name

	Answer *Answer
	Links  []Link // what this person may do next, in order

	// Openers are those who open tickets here, on others' behalf, where this
	// person may not.
	Openers []ticket.Person
	// Final says that no reply of this person on the ticket is taken any more.
	Final bool

	// Queries are the links by which this person sees the ticket whole and
	// the list of theirs; words show them where they choose to.
	Queries []Link

	Files    []string // attachments that travel with this mail
	Omitted  []string // those that do not
	Withheld []string // nor do these, because they might do harm

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
	Asked    string           // the desk's name of it; "": the catalogue's
	Reason   string           // one of ticket's Reason constants
	Problems []ticket.Problem // with the form
	Values   ticket.Values    // what was understood of the form and may be repeated
	Subject  string           // of the mail
	Form     ticket.Form      // the labels of Problems and Values

	// What of files a mail may carry, where that is the reason; 0 is no bound.
	MaxFiles int
	MaxBytes int64
	// What came of them; 0 is not known.
	SentFiles int
	SentBytes int64
}

// Clock is until when something is due.
type Clock struct {
	Name     string // the clock's own, by which the event's alarm names it
	Label    string // what is due, in words; "": the catalogue's words for Name
	Due      time.Time
	Late     bool // Due is past
	Standing bool // it stands still: Due moves
}

// Table is rows of cells under a head, each a line of plain text. A row with
// fewer cells than the head ends in empty ones; what is more is left out. Of
// very long tables only the beginning is shown.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	Note  string // under it
}

// Chart is a picture that travels with the mail under a Content-ID (RFC 2392,
// without the angle brackets). Only the HTML part shows it; Alt says in words
// what it shows.
type Chart struct {
	CID   string
	Alt   string
	Width int // CSS pixels at which it is shown; 0 is as wide as there is room
}

// Rendered is a mail in words. Lines of Text end in "\n".
type Rendered struct {
	Subject string // one line, without control characters
	Text    string
	HTML    string // at most 60,000 octets: longer words of people are cut in both parts

	// Fault is why the mail is not in the words that were meant for it but
	// in the built-in ones: an administrator's failed. Nil if all is well.
	Fault error
}
