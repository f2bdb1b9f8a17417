package ticket

import "slices"

// Action is something that can happen to a ticket. The vocabulary is fixed;
// a desk chooses which of it to use and under what names. It may use one
// several times, each under a name of its own (page_up, page_down, both
// records): these are Actions too, each of the Kind of one below.
type Action string

// The actions.
const (
	Open         Action = "open"          // a requester reports something
	Complete     Action = "complete"      // what the opening lacked is sent after
	Acknowledge  Action = "acknowledge"   // somebody confirms to know of it
	Classify     Action = "classify"      // priority, kind, category … are set
	Assign       Action = "assign"        // somebody is put in charge
	Start        Action = "start"         // somebody takes it up
	Record       Action = "record"        // a note, a diagnosis, a task done
	RequestInfo  Action = "request_info"  // the requester is asked something
	ProvideInfo  Action = "provide_info"  // the requester answers it
	Comment      Action = "comment"       // the requester says something unasked
	Schedule     Action = "schedule"      // a date is agreed
	Transfer     Action = "transfer"      // it goes to another person or queue
	Return       Action = "return"        // it goes back to the lead
	Escalate     Action = "escalate"      // the next level is called
	Resolve      Action = "resolve"       // staff reports a solution
	Validate     Action = "validate"      // the solution is accepted
	Reject       Action = "reject"        // the solution is not accepted
	Report       Action = "report"        // what was done is reported after validation
	ReturnReport Action = "return_report" // that report is sent back as incomplete
	Close        Action = "close"         // it ends
	Reopen       Action = "reopen"        // it begins again
	Cancel       Action = "cancel"        // its requester wants it no more
	Merge        Action = "merge"         // it goes on under another number
	Attach       Action = "attach"        // it follows another, its main ticket
	Discard      Action = "discard"       // it was no ticket but spam: nobody is told

	Register Action = "register" // somebody asks to be registered
	Approve  Action = "approve"  // and is
	Refuse   Action = "refuse"   // or is not

	Follow  Action = "follow"  // another ticket follows this one, or is merged into it
	Warn    Action = "warn"    // a clock is about to run out
	Release Action = "release" // the ticket it follows ended without a solution: it goes on by itself
	Lapse   Action = "lapse"   // a clock ran out, and what it was to do is not possible
	Deliver Action = "deliver" // a notice that a clock waits for arrived
	Bounce  Action = "bounce"  // one that was thought to have arrived came back
	Hear    Action = "hear"    // who asks wrote, and it led to nothing else
)

// Transition is one line of a table of actions: of Table, from which every
// desk starts, or of a desk's own, where it says otherwise.
type Transition struct {
	Action Action
	Kind   Action     // what it is, where a desk has several of a kind; "": what it is called
	From   []State    // empty: there is no ticket yet
	To     State      // empty: the state stays
	By     []Role     // who may
	Demand Demand     // the proof demanded
	Tell   []Audience // who gets a notice, in this order
	Form   Form       // the blanks of the mail that asks for it

	// Reply marks what an ordinary reply on a ticket's subject means; the
	// first such line a person may take in the present state is taken.
	// Everything else is asked for by a link and is offered as one.
	Reply bool
	// Link marks a reply that is offered as a link too.
	Link bool
	// Involves brings a role in: its members are agents of the ticket from
	// then on.
	Involves Role
	// Queues are the departments whose tickets the action is for; empty: all.
	Queues []string
	// Once marks what is done once and not asked for again, until the ticket
	// has been in a state in which it is not possible.
	Once bool
}

// Is is the action of the common table that the line is.
func (t Transition) Is() Action {
	if t.Kind != "" {
		return t.Kind
	}
	return t.Action
}

// Offered tells whether the action has a link.
func (t Transition) Offered() bool { return !t.Opens() && (!t.Reply || t.Link) }

// Opens tells whether the line makes a ticket.
func (t Transition) Opens() bool { return len(t.From) == 0 }

// WithForm is the line with the blanks of the mail that asks for it.
func (t Transition) WithForm(f Form) Transition {
	t.Form = f
	return t
}

// Transition returns the action's line of the table.
func (a Action) Transition() (Transition, bool) {
	i := slices.IndexFunc(Table, func(t Transition) bool { return t.Action == a })
	if i < 0 {
		return Transition{}, false
	}
	return Table[i], true
}

// NoticeKind names the notice that tells an audience of an action, such as
// "open.requester".
func NoticeKind(a Action, to Audience) string { return string(a) + "." + string(to) }
