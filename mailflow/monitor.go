package mailflow

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	var links []templates.Link
	err := f.each(tx, func(t ticket.Ticket, events []ticket.Event) bool {
		if !f.oversees(t) {
			return true
		}
		counts[t.State]++
		due, late := f.due(events)
		if !f.matches(t, late) || len(table.Rows) == shownAt {
			return true
		}
		table.Rows = append(table.Rows, []string{string(t.Number), f.stamp(t.Created), d.Words.State(t.State), t.Priority,
			f.summary(t), f.nameOf(t.Assignee), due})
		if len(links) < linkedAt && d.offersQuery(QueryShow) {
			links = append(links, d.queryLink(QueryShow, t.Number))
		}
		return true
	})
	return findings{tables: []templates.Table{f.count(counts), filledColumns(table)}, links: links}, err
}

// filledColumns is a table without the columns in which no row says anything.
func filledColumns(table templates.Table) templates.Table {
	kept := templates.Table{Rows: make([][]string, len(table.Rows))}
	for i, head := range table.Head {
		says := func(row []string) bool { return row[i] != "" }
		if len(table.Rows) > 0 && !slices.ContainsFunc(table.Rows, says) {
			continue
		}
		kept.Head = append(kept.Head, head)
		for n, row := range table.Rows {
			kept.Rows[n] = append(kept.Rows[n], row[i])
		}
	}
	return kept
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
	return slices.Contains(roles, ticket.RoleLead) || slices.Contains(roles, ticket.RoleAgent) || p.Above(t, f.notice.To)
}

// matches tells whether a ticket is among those that were asked for.
func (f *dossier) matches(t ticket.Ticket, late bool) bool {
	is := func(id string, names ...string) bool {
		want := f.asked(id)
		return want == "" || named(want, names...)
	}
	person := func() bool {
		want := f.asked("person")
		return want == "" || strings.Contains(ticket.Fold(f.nameOf(t.Assignee)+" "+string(t.Assignee)), want)
	}
	return is("state", f.desk.Words.State(t.State), string(t.State)) && is("priority", t.Priority) &&
		is("queue", f.policy().QueueName(t)) && person() && f.isAged(t) && (late || !f.wantsLate())
}

var digits = regexp.MustCompile(`\d{1,4}`)

// isAged tells whether a ticket was opened at least as many days ago as the
// query asks for.
func (f *dossier) isAged(t ticket.Ticket) bool {
	days, err := strconv.Atoi(digits.FindString(f.asked("age")))
	return err != nil || !t.Created.After(f.notice.Created.AddDate(0, 0, -days))
}

// wantsLate tells whether only what is late is asked for: anything is written
// into the blank but the last of the values it takes.
func (f *dossier) wantsLate() bool {
	blank, _ := f.desk.Words.Query(string(QueryMonitor)).Form.Field("late")
	clean, _ := ticket.Form{Fields: []ticket.Field{blank}}.Check(ticket.Values{blank.ID: f.asked("late")})
	last := len(blank.Options) - 1
	return f.asked("late") != "" && (last < 0 || clean[blank.ID] != blank.Options[last].Value)
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
