package templates

import "github.com/cauce-desk/cauce/ticket"

// The keys a catalogue must have, no more and no less. ticket.States gives
// those of states, ticket.Table those of actions.
var (
	wordKeys = []string{
		"to", "subject", "body", // before the address, the subject and the blanks of a link
		"optional",                   // marks a blank that may stay empty
		"fallback",                   // what to do when a link does not open
		"cut",                        // after words of which only the beginning is shown
		"cut_link",                   // beside a link that could not hold all values
		"nameless",                   // a file without a name
		"more",                       // the last of a list that goes on
		"required", "one_of", "free", // what a blank of a form takes
		"verified", "unverified", // whether a sender is who they say
	}
	reasonKeys = []string{
		ticket.ReasonUnknownAction, ticket.ReasonNotPermitted, ticket.ReasonBadToken, ticket.ReasonForeignToken,
		ticket.ReasonStaleToken, ticket.ReasonWrongState, ticket.ReasonNoToken, ticket.ReasonEmpty,
		ticket.ReasonProof, ticket.ReasonForm,
		ticket.ReasonOwnSolution, ticket.ReasonNoSuchPerson, other,
	}
	problemKeys = []string{"missing", "choice", "too_long", "address", "date_time", other}
	showKeys    = []string{
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
	}
	fieldKinds = []ticket.FieldKind{
		ticket.TextField, ticket.LongTextField, ticket.ChoiceField, ticket.AddressField, ticket.DateTimeField,
	}
)

// other is the reason or problem whose words stand in for those the catalogue
// does not know.
const other = "other"

// noticeKeys are all kinds of notice: those of the table of actions, then the
// answers to mails that change nothing.
func noticeKeys() []string {
	var kinds []string
	for _, line := range ticket.Table {
		for _, audience := range line.Tell {
			kinds = append(kinds, ticket.NoticeKind(line.Action, audience))
		}
	}
	return append(kinds, KindRefused, KindNotOpening, KindCorrection, KindHelp, KindClosedTicket, KindWrongSubject)
}

func actionKeys() []ticket.Action {
	var actions []ticket.Action
	for _, line := range ticket.Table {
		actions = append(actions, line.Action)
	}
	return actions
}
