package ticket

// The reasons for which a request is refused. Templates put them into words.
const (
	ReasonUnknownAction = "unknown_action" // the desk does not use it
	ReasonNotPermitted  = "not_permitted"  // not this person's to do
	ReasonNotRegistered = "not_registered" // the desk is for those it knows
	ReasonBadToken      = "bad_token"      // the link's code is not one of ours
	ReasonForeignToken  = "foreign_token"  // the link was sent to somebody else
	ReasonStaleToken    = "stale_token"    // the link was for an earlier stage
	ReasonAlreadyDone   = "already_done"   // somebody did it, and once is enough
	ReasonWrongState    = "wrong_state"    // not possible as the ticket stands
	ReasonNoToken       = "no_token"       // orders come from our links, never typed by hand alone
	ReasonEmpty         = "empty"          // a reply without words and without files
	ReasonProof         = "proof"          // the identity of the sender is not proven enough
	ReasonForm          = "form"           // blanks are missing or wrong; see Problems
	ReasonOwnSolution   = "own_solution"   // who resolved it does not validate it
	ReasonNoSuchPerson  = "no_such_person" // nobody of that address works on the service
	ReasonNoSuchTicket  = "no_such_ticket" // no ticket of that number that could be meant
	ReasonLockedOut     = "locked_out"     // too many wrong codes of this person
	ReasonFiles         = "files"          // too many files, or too large ones, for the service
)
