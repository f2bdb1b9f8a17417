package templates

import "github.com/cauce-desk/cauce/ticket"

// The keys a whole catalogue must have. ticket.States gives those of states,
// ticket.Table those of actions, beside which a desk may have its own. Of
// notices it must have the answers and the general ones, and may have one for
// any action and audience.
var (
	wordKeys = []string{
		"to", "subject", "body", // before the address, the subject and the blanks of a link
		"optional",                                                                                      // marks a blank that may stay empty
		"fallback",                                                                                      // what to do when a link does not open
		"cut",                                                                                           // after words of which only the beginning is shown
		"cut_link",                                                                                      // beside a link that could not hold all values
		"nameless",                                                                                      // a file without a name
		"withheld",                                                                                      // beside a file that might do harm
		"more",                                                                                          // the last of a list that goes on
		"none",                                                                                          // in place of a table's rows where there are none
		"required", "one_of", "free", "takes_address", "takes_date_time", "takes_ticket", "takes_files", // what a blank of a form takes
		"verified", "unverified", // whether a sender is who they say
		"overdue", "standing", // of a clock
		"late",                     // of what a clock did after its time; how long comes behind it
		"days", "hours", "minutes", // behind a number
		"acted", "answered", "recorded", "refused", "repeated", // what became of a mail
	}
	reasonKeys = []string{
		ticket.ReasonUnknownAction, ticket.ReasonNotPermitted, ticket.ReasonBadToken, ticket.ReasonForeignToken,
		ticket.ReasonStaleToken, ticket.ReasonAlreadyDone, ticket.ReasonWrongState, ticket.ReasonNoToken, ticket.ReasonEmpty,
		ticket.ReasonProof, ticket.ReasonForm,
		ticket.ReasonOwnSolution, ticket.ReasonNoSuchPerson, ticket.ReasonNotRegistered, ticket.ReasonNoSuchTicket,
		ticket.ReasonFiles, ticket.ReasonLockedOut, other,
	}
	problemKeys = []string{"missing", "choice", "too_long", "address", "date_time", "files", "past", "future", "person", other}
	showKeys    = []string{
		"form",        // all fields of the event, its text among them
		"fields",      // the fields of the ticket
		"filled",      // the fields of the event
		"problems",    // what is wrong with a form
		"guide",       // what each blank of an opening takes
		"files",       // the attachments that travel with this mail
		"omitted",     // those that do not
		"attachments", // those that came with the event's mail
		"links",       // what this person may do next; no link is shown twice
		"opening",     // the link that opens a ticket
		"reply",       // a link with this mail's own subject
		"clocks",      // until when what is due
		"queries",     // links to the ticket whole and to the list of one's own
		"contact",     // what the desk knew of the requester
		"asked",       // what a query asked for
		"tables",      // those of an answer
		"chart",       // its picture, in the HTML part alone
	}
	columnKeys = []string{
		"number", "created", "state", "priority", "subject", "queue", "assignee", "due", "count", // of tickets
		"when", "what", "who", "text", // of a history
		"sender", "outcome", // of mails
		"clock", "met", "missed", "running", "percent", "median", "worst", // of what was met
	}
	queryKeys   = []string{"list", "show", "help", "monitor", "attainment", "journal"}
	answerKinds = []string{
		KindRefused, KindNotOpening, KindCorrection, KindHelp, KindClosedTicket, KindWrongSubject,
		KindList, KindShow, KindMonitor, KindAttainment, KindJournal, KindOverview, KindUnregistered, KindFault,
		KindUndeliverable, KindAttempt, KindForwarded, KindBreaker,
	}
	// generalNotices are those in which every chain ends.
	generalNotices = []string{
		ticket.NoticeKind(event, ticket.ToRequester), ticket.NoticeKind(event, ticket.ToStaff),
		ticket.NoticeKind(event, ticket.ToActor), ticket.NoticeKind(event, ticket.ToWatchers), KindIncomplete,
	}
)

// other is the reason or problem whose words stand in for those the catalogue
// does not know.
const other = "other"

// actionKeys are the actions of the table, in its order.
func actionKeys() []ticket.Action {
	var actions []ticket.Action
	for _, line := range ticket.Table {
		actions = append(actions, line.Action)
	}
	return actions
}
