package config

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// checkActions checks the list of actions, if the desk has one.
func (f *file) checkActions(d Desk, at string) {
	for i, a := range d.Actions {
		f.checkAction(d, a, element(at, i))
	}
	has := func(name ticket.Action) bool {
		return slices.ContainsFunc(d.Actions, func(a Action) bool { return a.Action == name })
	}
	if len(d.Actions) > 0 && !has(ticket.Open) {
		f.add(at, "open is not among them: no ticket could be opened")
	}
	for _, answer := range []ticket.Action{ticket.Approve, ticket.Refuse} {
		if d.registers() && len(d.Actions) > 0 && !has(answer) {
			f.add(at, "%s is not among them: nobody could answer who asks to be registered", answer)
		}
	}
	f.distinct(at, "action", len(d.Actions), func(i int) []string { return []string{string(d.Actions[i].Action)} })
	f.checkLinks(d, parent(at))
}

// checkLinks checks that no two links have the same name, for it is the order.
func (f *file) checkLinks(d Desk, at string) {
	n := len(d.Actions)
	place := func(i int) string {
		if i < n {
			return element(child(at, "actions"), i)
		}
		return element(child(at, "queries"), i-n)
	}
	f.distinctAmong("link", n+len(d.Queries), place, func(i int) []string {
		if i < n {
			return []string{d.Actions[i].Link}
		}
		return []string{d.Queries[i-n].Link}
	})
}

func (f *file) checkAction(d Desk, a Action, at string) {
	f.checkActionName(d, a, at)
	f.checkActionForm(d, a, child(at, "fields"))
	f.checkStates(a, at)
	if a.By != nil && len(a.By) == 0 {
		f.add(child(at, "by"), "nobody could take it: leave the action out of the list instead")
	}
	for i, role := range a.By {
		f.checkRole(d, role, element(child(at, "by"), i))
	}
	for i, audience := range a.Tell {
		f.checkRole(d, ticket.Role(audience), element(child(at, "tell"), i))
	}
	for i, queue := range a.Queues {
		f.checkName("queue", queue, d.queueNames(), element(child(at, "queues"), i))
	}
	if a.Involves != "" && !slices.Contains(ticket.DeskRoles, a.Involves) {
		f.add(child(at, "involves"), "%s is nobody to bring in: it is one of %s", a.Involves, strings.Join(words(ticket.DeskRoles...), ", "))
	}
	f.checkRole(d, a.Involves, child(at, "involves"))
	if a.Reply && a.Is() != ticket.Acknowledge {
		f.add(child(at, "reply"), "a reply can be made to mean acknowledge alone, for it says all by coming; %s has its link", a.Action)
	}
}

// checkActionName checks that an action is one of the table, or one of the
// desk's own that is called otherwise.
func (f *file) checkActionName(d Desk, a Action, at string) {
	name, known := string(a.Action), words(actions()...)
	_, taken := a.Action.Transition()
	switch {
	case name == "" || f.unread(child(at, "kind")): // said already
	case a.Kind == "" && !taken && !slices.Contains(known, name):
		f.add(child(at, "action"), "unknown action %q: it is one of %s%s; one of the desk's own needs kind too, which says what it does, as kind: record",
			name, strings.Join(known, ", "), suggestion(name, known))
	case a.Kind == "":
		f.checkName("action", name, known, child(at, "action"))
	case taken:
		f.add(child(at, "action"), "%s is an action of every desk: an action of the desk's own (kind) needs another name", name)
	case !fieldID.MatchString(name):
		f.add(child(at, "action"), "%q: only lower-case letters, digits and _, beginning with a letter", name)
	}
	if a.Kind != "" && slices.Contains(single, a.Is()) {
		f.add(child(at, "kind"), "a desk has but one %s: it cannot be the kind of another", a.Kind)
	}
	if a.Is() == ticket.Register && !d.registers() {
		f.add(at, "register needs the form of registration")
	}
}

// single are the actions of which a desk has no more than one.
var single = []ticket.Action{ticket.Open, ticket.Complete, ticket.Register, ticket.Approve, ticket.Refuse}

// checkActionForm checks the blanks of an action's mail.
func (f *file) checkActionForm(d Desk, a Action, at string) {
	f.checkFields(d, a.Fields, at)
	need, bound := needs[a.Is()]
	form := d.form(Action{Action: a.Action, Kind: a.Kind, Fields: d.complete(a.Fields)}, nil)
	form.Fields = slices.DeleteFunc(form.Fields, func(field ticket.Field) bool { return !field.Required && need.or == "" })
	switch {
	case a.Is() == ticket.Open && len(a.Fields) > 0:
		f.add(at, "the blanks of open are those of opening")
	case a.Is() == ticket.Register && len(a.Fields) > 0:
		f.add(at, "the blanks of register are those of registration")
	case a.Action == ticket.Classify && len(a.Fields) == 0 && len(d.Priorities) == 0:
		f.add(at, "missing: the desk has no priorities, so it must say what is classified")
	case len(a.Fields) == 0 && a.Kind == "": // the language's
	case bound && !need.met(form.Fields):
		f.add(at, "%s needs a required %s", a.Action, need)
	}
}

// checkStates checks from where to where an action leads. The states of a
// registration are for its actions alone.
func (f *file) checkStates(a Action, at string) {
	opens := a.Is() == ticket.Open || a.Is() == ticket.Register
	registers := slices.Contains([]ticket.Action{ticket.Register, ticket.Approve, ticket.Refuse}, a.Is())
	foreign := func(s ticket.State) bool {
		return (s == ticket.StateRequested || s == ticket.StateApproved || s == ticket.StateRefused) != registers
	}
	switch {
	case opens && len(a.From) > 0:
		f.add(child(at, "from"), "%s begins a ticket: there is no state before it", a.Action)
	case a.From != nil && len(a.From) == 0:
		f.add(child(at, "from"), "it could never be taken: leave the action out of the list instead")
	}
	for i, s := range a.From {
		if foreign(s) {
			f.add(element(child(at, "from"), i), "%s is never in the state %s", a.Action, s)
		}
	}
	if a.To != "" && foreign(a.To) {
		f.add(child(at, "to"), "%s cannot lead to the state %s", a.Action, a.To)
	}
}

// rolesOf says under which key the people of a role stand.
var rolesOf = map[ticket.Role]string{
	ticket.RoleValidator: "validators", ticket.RoleHelpDesk: "help_desk", ticket.RoleAttention: "attention", ticket.RoleAuditor: "auditors",
}

// checkRole checks that a role that is named has somebody.
func (f *file) checkRole(d Desk, role ticket.Role, at string) {
	if key, bound := rolesOf[role]; bound && len(d.members()[role]) == 0 {
		f.add(at, "the desk names nobody as %s (%s)", role, key)
	}
}
