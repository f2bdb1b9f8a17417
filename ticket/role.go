package ticket

// Role is what somebody is to a ticket.
type Role string

// The roles. Requesters, assignees (whoever is in charge), agents (whoever works
// on the queue, the assignee too), leads and superiors are so to single tickets;
// validators, the help desk, the attention department, administrators and
// auditors to all of a desk. Watchers are told and never act. Clock, Main and
// Operator are the daemon's own: its deadlines and deliveries, the ticket that
// another follows, and whoever types commands on the machine it runs on.
const (
	RoleRequester     Role = "requester"
	RoleAssignee      Role = "assignee"
	RoleAgent         Role = "agent"
	RoleLead          Role = "lead"
	RoleSuperior      Role = "superior"
	RoleValidator     Role = "validator"
	RoleHelpDesk      Role = "help_desk"
	RoleAttention     Role = "attention"
	RoleAdministrator Role = "administrator"
	RoleAuditor       Role = "auditor"
	RoleWatcher       Role = "watcher"
	RoleClock         Role = "clock"
	RoleMain          Role = "main"
	RoleOperator      Role = "operator"
)

// Roles are those that people have, in order of rank on a ticket.
var Roles = []Role{
	RoleRequester, RoleAssignee, RoleAgent, RoleLead, RoleSuperior, RoleValidator, RoleHelpDesk, RoleAttention,
	RoleAdministrator, RoleAuditor, RoleWatcher,
}

// DeskRoles are the roles somebody has on every ticket of a desk.
var DeskRoles = []Role{RoleValidator, RoleHelpDesk, RoleAttention, RoleAdministrator, RoleAuditor}

// Audience is who a notice is for.
type Audience string

// The audiences. Staff is whoever is in charge: the assignee, or else the
// queue's agents, or else its lead; and whoever was brought in. Superior is
// the level that an escalation reached. Actor is the one who asked for the
// action, told that it is done unless another notice already tells them.
const (
	ToRequester     Audience = "requester"
	ToStaff         Audience = "staff"
	ToLead          Audience = "lead"
	ToSuperior      Audience = "superior"
	ToValidator     Audience = "validator"
	ToHelpDesk      Audience = "help_desk"
	ToAttention     Audience = "attention"
	ToAdministrator Audience = "administrator"
	ToWatchers      Audience = "watcher"
	ToActor         Audience = "actor"
)

// Audiences lists them all.
var Audiences = []Audience{
	ToRequester, ToStaff, ToLead, ToSuperior, ToValidator, ToHelpDesk, ToAttention, ToAdministrator, ToWatchers, ToActor,
}

// Theirs tells whether a notice speaks to somebody as the one who asks for
// help, or on that side of the desk, rather than as one who gives it.
func (a Audience) Theirs() bool { return a == ToRequester || a == ToWatchers }
