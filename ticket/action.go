package ticket

import "slices"

// Action is something that can happen to a ticket. The vocabulary is fixed;
// a desk chooses which of it to use and under what names.
type Action string

// The actions.
const (
	Open        Action = "open"         // a requester reports something
	Assign      Action = "assign"       // somebody is put in charge
	Start       Action = "start"        // somebody takes it up
	Record      Action = "record"       // a note for the staff, nobody else told
	RequestInfo Action = "request_info" // the requester is asked something
	ProvideInfo Action = "provide_info" // the requester answers it
	Comment     Action = "comment"      // the requester says something unasked
	Resolve     Action = "resolve"      // staff reports a solution
	Validate    Action = "validate"     // the solution is accepted
	Reject      Action = "reject"       // the solution is not accepted
)

// State is where a ticket stands. Desks give the states names of their own.
type State string

// The canonical states.
const (
	StateNew        State = "new"
	StateAssigned   State = "assigned"
	StateInProgress State = "in_progress"
	StateWaiting    State = "waiting"  // for the requester
	StateResolved   State = "resolved" // for validation
	StateClosed     State = "closed"
)

// States lists the states in the order of a ticket's life.
var States = []State{StateNew, StateAssigned, StateInProgress, StateWaiting, StateResolved, StateClosed}

// Role is what somebody is to a ticket.
type Role string

// The roles. Clock and Operator are the daemon's own: its deadlines and
// deliveries, and whoever types commands on the machine it runs on.
const (
	RoleRequester     Role = "requester"
	RoleAgent         Role = "agent"
	RoleLead          Role = "lead"
	RoleAdministrator Role = "administrator"
	RoleClock         Role = "clock"
	RoleOperator      Role = "operator"
)

// Audience is who a notice is for.
type Audience string

// The audiences. Staff is whoever is in charge: the assignee, or else the
// service's agents, or else its lead. Actor is the one who asked for the
// action, told that it is done unless another notice already tells them.
const (
	ToRequester Audience = "requester"
	ToStaff     Audience = "staff"
	ToLead      Audience = "lead"
	ToActor     Audience = "actor"
)

// Transition is one line of a table of actions: of Table, from which every
// desk starts, or of a desk's own, where it says otherwise.
type Transition struct {
	Action Action
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
}

var (
	open    = []State{StateNew, StateAssigned, StateInProgress, StateWaiting, StateResolved}
	working = []State{StateNew, StateAssigned, StateInProgress}
	staff   = []Role{RoleAgent, RoleLead}
)

// Table holds every action. The order is that in which links are offered.
var Table = []Transition{
	{Action: Open, To: StateNew, By: []Role{RoleRequester}, Demand: DemandAny,
		Tell: []Audience{ToRequester, ToStaff, ToLead}},
	{Action: Assign, From: working, To: StateAssigned, By: []Role{RoleLead}, Demand: DemandBoth,
		Tell: []Audience{ToStaff, ToRequester, ToActor}},
	{Action: Start, From: []State{StateNew, StateAssigned}, To: StateInProgress, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: RequestInfo, From: working, To: StateWaiting, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Resolve, From: append(working[:3:3], StateWaiting), To: StateResolved, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Validate, From: []State{StateResolved}, To: StateClosed, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}},
	{Action: Reject, From: []State{StateResolved}, To: StateInProgress, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff, ToLead}},
	{Action: ProvideInfo, From: []State{StateWaiting}, To: StateInProgress, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}, Reply: true},
	{Action: Comment, From: open, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}, Reply: true},
	{Action: Record, From: append(open[:5:5], StateClosed), By: []Role{RoleAgent, RoleLead, RoleClock}, Demand: DemandEither,
		Tell: []Audience{ToActor}, Reply: true},
}

// Lines is the whole of Table as a desk's own table, for a desk to change.
func Lines() map[Action]Transition {
	lines := map[Action]Transition{}
	for _, line := range Table {
		lines[line.Action] = line
	}
	return lines
}

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
