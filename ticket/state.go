package ticket

// State is where a ticket stands. Desks give the states names of their own.
type State string

// The canonical states.
const (
	StateNew        State = "new"
	StateAssigned   State = "assigned"
	StateInProgress State = "in_progress"
	StateWaiting    State = "waiting"   // for the requester
	StateResolved   State = "resolved"  // for validation
	StateReporting  State = "reporting" // validated; its report is still due
	StateReported   State = "reported"  // its report is there, to be looked at
	StateClosed     State = "closed"
	StateCancelled  State = "cancelled"

	// The states of an application to be registered, which is kept as a
	// ticket: no other action is possible in them.
	StateRequested State = "requested"
	StateApproved  State = "approved"
	StateRefused   State = "refused"
)

// States lists the states in the order of a ticket's life.
var States = []State{
	StateNew, StateAssigned, StateInProgress, StateWaiting, StateResolved, StateReporting, StateReported,
	StateClosed, StateCancelled, StateRequested, StateApproved, StateRefused,
}

// Over tells whether nothing is due any more in a state: what is done then is
// the exception.
func (s State) Over() bool {
	switch s {
	case StateClosed, StateCancelled, StateApproved, StateRefused:
		return true
	}
	return false
}
