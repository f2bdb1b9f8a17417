package ticket

import "slices"

var (
	open    = []State{StateNew, StateAssigned, StateInProgress, StateWaiting, StateResolved}
	lively  = append(slices.Clip(open), StateReporting, StateReported)
	working = []State{StateNew, StateAssigned, StateInProgress}
	held    = append(slices.Clip(working), StateWaiting)
	all     = append(slices.Clip(lively), StateClosed, StateCancelled)
	staff   = []Role{RoleAgent, RoleLead}
	front   = []Role{RoleHelpDesk, RoleLead}
)

// Table holds every action. The order is that in which links are offered where
// a desk does not give its own. People act on what they were sent a link for;
// the clock acts where it is named.
var Table = []Transition{
	{Action: Open, To: StateNew, By: []Role{RoleRequester}, Demand: DemandAny,
		Tell: []Audience{ToRequester, ToStaff, ToLead}},
	{Action: Register, To: StateRequested, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToAdministrator}},
	{Action: Approve, From: []State{StateRequested}, To: StateApproved, By: []Role{RoleAdministrator}, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Refuse, From: []State{StateRequested}, To: StateRefused, By: []Role{RoleAdministrator}, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Classify, From: working, By: []Role{RoleHelpDesk, RoleAgent, RoleLead}, Demand: DemandBoth,
		Tell: []Audience{ToActor}},
	{Action: Acknowledge, From: []State{StateNew, StateAssigned}, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToHelpDesk, ToActor}},
	{Action: Assign, From: working, To: StateAssigned, By: []Role{RoleLead, RoleHelpDesk}, Demand: DemandBoth,
		Tell: []Audience{ToStaff, ToRequester, ToActor}},
	{Action: Start, From: []State{StateNew, StateAssigned}, To: StateInProgress, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Schedule, From: held, By: []Role{RoleAgent, RoleLead, RoleHelpDesk}, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: RequestInfo, From: working, To: StateWaiting, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor, ToStaff}},
	{Action: Resolve, From: held, To: StateResolved, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor, ToStaff}},
	{Action: Transfer, From: held, To: StateAssigned, By: []Role{RoleLead, RoleHelpDesk}, Demand: DemandBoth,
		Tell: []Audience{ToStaff, ToLead, ToRequester, ToActor}},
	{Action: Return, From: held, To: StateAssigned, By: []Role{RoleAgent}, Demand: DemandBoth,
		Tell: []Audience{ToLead, ToActor}},
	{Action: Escalate, From: lively, By: []Role{RoleLead, RoleHelpDesk, RoleClock}, Demand: DemandBoth,
		Tell: []Audience{ToSuperior, ToStaff, ToActor}},
	{Action: Validate, From: []State{StateResolved}, To: StateClosed, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}},
	{Action: Reject, From: []State{StateResolved}, To: StateInProgress, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff, ToLead}},
	{Action: Report, From: []State{StateReporting}, To: StateReported, By: staff, Demand: DemandBoth,
		Tell: []Audience{ToHelpDesk, ToActor}},
	{Action: ReturnReport, From: []State{StateReported}, To: StateReporting, By: []Role{RoleHelpDesk}, Demand: DemandBoth,
		Tell: []Audience{ToStaff, ToActor}},
	{Action: Close, From: lively, To: StateClosed, By: []Role{RoleLead, RoleHelpDesk, RoleClock}, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToStaff, ToActor}},
	{Action: Reopen, From: []State{StateClosed}, To: StateAssigned, By: []Role{RoleLead}, Demand: DemandBoth,
		Tell: []Audience{ToStaff, ToRequester, ToActor}},
	{Action: Cancel, From: open, To: StateCancelled, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}},
	{Action: Attach, From: held, By: front, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Merge, From: held, To: StateCancelled, By: front, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToActor}},
	{Action: Discard, From: working, To: StateCancelled, By: []Role{RoleAgent, RoleLead, RoleHelpDesk}, Demand: DemandBoth,
		Tell: []Audience{ToActor}},
	{Action: Complete, From: []State{StateWaiting}, To: StateNew, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff, ToLead}, Reply: true, Link: true},
	{Action: ProvideInfo, From: []State{StateWaiting}, To: StateInProgress, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}, Reply: true},
	{Action: Comment, From: open, By: []Role{RoleRequester}, Demand: DemandEither,
		Tell: []Audience{ToRequester, ToStaff}, Reply: true},
	{Action: Record, From: append(slices.Clip(lively), StateClosed), By: []Role{RoleAgent, RoleLead, RoleClock}, Demand: DemandEither,
		Tell: []Audience{ToActor}, Reply: true},
	{Action: Follow, From: lively, By: []Role{RoleMain}, Demand: DemandBoth,
		Tell: []Audience{ToStaff}},
	{Action: Release, From: lively, By: []Role{RoleMain}, Demand: DemandBoth,
		Tell: []Audience{ToRequester, ToStaff}},
	{Action: Warn, From: lively, By: []Role{RoleClock}, Demand: DemandBoth},
	{Action: Lapse, From: all, By: []Role{RoleClock}, Demand: DemandBoth},
	{Action: Deliver, From: all, By: []Role{RoleClock}, Demand: DemandBoth},
	{Action: Bounce, From: all, By: []Role{RoleClock}, Demand: DemandBoth},
	{Action: Hear, From: all, By: []Role{RoleClock}, Demand: DemandBoth},
}

// Usual are the actions of a desk that does not choose.
var Usual = []Action{Open, Assign, Start, RequestInfo, Resolve, Validate, Reject, ProvideInfo, Comment, Record}

// own are the lines every desk has, for they are the daemon's.
var own = []Action{Follow, Release, Warn, Lapse, Deliver, Bounce, Hear}

// Lines is a desk's own table of the usual actions, for it to change.
func Lines() map[Action]Transition {
	return LinesOf(Usual...)
}

// LinesOf is a table of these actions and the daemon's own.
func LinesOf(actions ...Action) map[Action]Transition {
	lines := map[Action]Transition{}
	for _, line := range Table {
		if slices.Contains(actions, line.Action) || slices.Contains(own, line.Action) {
			lines[line.Action] = line
		}
	}
	return lines
}
