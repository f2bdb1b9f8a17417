package mailflow

import (
	"fmt"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// findAll lists the tickets somebody looks over: a lead those of the queues
// they lead, everybody else who may ask all of them. The blanks of the query
// narrow the list; how many there are of each state is counted before that.
func (f *dossier) findAll(tx store.Tx) (findings, error) {
	d := f.desk
	counts := map[ticket.State]int{}
	table := templates.Table{Head: d.columns("number", "created", "state", "priority", "subject", "assignee", "due")}
	err := f.each(tx, func(t ticket.Ticket, events []ticket.Event) bool {
		if !f.oversees(t) {
			return true
		}
		counts[t.State]++
		if due, late := f.due(events); f.matches(t, late) && len(table.Rows) < shownAt {
			table.Rows = append(table.Rows, []string{string(t.Number), f.stamp(t.Created), d.Words.State(t.State), t.Priority,
				f.summary(t), f.nameOf(t.Assignee), due})
		}
		return true
	})
	return findings{tables: []templates.Table{f.count(counts), table}}, err
}

// oversees tells whether the addressee looks over a ticket.
func (f *dossier) oversees(t ticket.Ticket) bool {
	p := f.policy()
	for _, role := range []ticket.Role{ticket.RoleHelpDesk, ticket.RoleAttention, ticket.RoleAdministrator, ticket.RoleAuditor, ticket.RoleValidator} {
		if p.Member(f.notice.To, role) {
			return true
		}
	}
	roles := p.Roles(t, f.notice.To)
	return slices.Contains(roles, ticket.RoleLead) || slices.Contains(roles, ticket.RoleAgent)
}

// matches tells whether a ticket is among those that were asked for.
func (f *dossier) matches(t ticket.Ticket, late bool) bool {
	is := func(id string, names ...string) bool {
		want := f.asked(id)
		return want == "" || slices.ContainsFunc(names, func(name string) bool { return ticket.Fold(name) == want })
	}
	return is("state", f.desk.Words.State(t.State), string(t.State)) && is("priority", t.Priority) &&
		is("queue", f.policy().QueueName(t)) && is("person", string(t.Assignee), f.nameOf(t.Assignee)) &&
		(f.asked("late") == "" || late)
}

// nameOf is somebody's name, or else address.
func (f *dossier) nameOf(a ticket.Address) string {
	if p := f.person(a); p.Name != "" {
		return p.Name
	}
	return string(a)
}

// due is when the next clock of a ticket runs out, and whether one did.
func (f *dossier) due(events []ticket.Event) (text string, late bool) {
	var next time.Time
	for _, run := range f.policy().Runs(events) {
		if run.Stopped.IsZero() && !run.Due.IsZero() && (next.IsZero() || run.Due.Before(next)) {
			next, late = run.Due, run.Late(f.notice.Created)
		}
	}
	if next.IsZero() {
		return "", false
	}
	if late {
		return f.stamp(next) + " ⚠", true
	}
	return f.stamp(next), false
}

// count is how many tickets there are of each state that a desk can be in.
// States that the desk gives one name are one.
func (f *dossier) count(counts map[ticket.State]int) templates.Table {
	var names []string
	total := map[string]int{}
	for _, state := range ticket.States {
		if counts[state] == 0 && !f.desk.Policy.Reaches(state) {
			continue
		}
		name := f.desk.Words.State(state)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		total[name] += counts[state]
	}
	table := templates.Table{Head: f.desk.columns("state", "count")}
	for _, name := range names {
		table.Rows = append(table.Rows, []string{name, fmt.Sprint(total[name])})
	}
	return table
}

// stamp is a time in the desk's zone, as short as a table wants it.
func (f *dossier) stamp(t time.Time) string {
	return t.In(f.desk.Policy.Zone).Format("02/01/2006 15:04")
}
