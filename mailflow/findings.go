package mailflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// findings are what answers a query.
type findings struct {
	tables []templates.Table
	links  []templates.Link
	chart  templates.Chart
	files  []compose.Attachment // the chart's picture among them
}

// consult finds what answers a query, as it was when it was asked. Other
// notices ask nothing.
func (f *dossier) consult(tx store.Tx) (findings, error) {
	switch Query(f.notice.Kind) {
	case QueryList:
		return f.findTheirs(tx)
	case QueryShow:
		return f.history(), nil
	case QueryMonitor:
		return f.findAll(tx)
	case QueryAttainment:
		return f.findAttainment(tx)
	case QueryJournal:
		return f.findMails(tx)
	}
	return findings{}, nil
}

// How many tickets a query looks at, and how many lines an answer has.
const (
	lookedAt = 20_000
	shownAt  = 200
	linkedAt = 10
)

// each calls fn with every ticket of the desk as it was when the query was
// asked, newest first, until fn has enough.
func (f *dossier) each(tx store.Tx, fn func(ticket.Ticket, []ticket.Event) bool) error {
	looked := 0
	for t, err := range tx.Tickets(f.notice.Desk) {
		if err != nil {
			return fmt.Errorf("tickets of %s: %w", f.notice.Desk, err)
		}
		if looked++; looked > lookedAt {
			return nil
		}
		events, err := tx.Events(t.Desk, t.Number)
		if err != nil {
			return fmt.Errorf("events of %s: %w", t.Number, err)
		}
		events = f.before(events)
		if len(events) > 0 && !fn(ticket.Replay(events), events) {
			return nil
		}
	}
	return nil
}

// before are the events until the notice was made.
func (f *dossier) before(events []ticket.Event) []ticket.Event {
	return slices.DeleteFunc(events, func(e ticket.Event) bool { return e.At.After(f.notice.Created) })
}

// asked is a value of the query's form, folded; "" if it was not given.
func (f *dossier) asked(id string) string {
	if f.notice.Answer == nil {
		return ""
	}
	return ticket.Fold(f.notice.Answer.Values[id])
}

// columns are the heads of a table.
func (d *Desk) columns(keys ...string) []string {
	heads := make([]string, len(keys))
	for i, key := range keys {
		heads[i] = d.Words.Column(key)
	}
	return heads
}

// findTheirs lists the tickets that somebody asked for or is in charge of.
func (f *dossier) findTheirs(tx store.Tx) (findings, error) {
	d, p, who := f.desk, f.policy(), f.notice.To
	table := templates.Table{Head: d.columns("number", "created", "state", "subject", "queue")}
	var out findings
	err := f.each(tx, func(t ticket.Ticket, _ []ticket.Event) bool {
		theirs := slices.Contains(p.Roles(t, who), ticket.RoleRequester) || t.Assignee.Equal(who)
		if !theirs || !f.matches(t, false) {
			return true
		}
		table.Rows = append(table.Rows, []string{string(t.Number), f.stamp(t.Created), d.Words.State(t.State), f.summary(t), p.QueueName(t)})
		if len(out.links) < linkedAt && d.offersQuery(QueryShow) {
			out.links = append(out.links, d.queryLink(QueryShow, t.Number))
		}
		return len(table.Rows) < shownAt
	})
	out.tables = append(out.tables, table)
	return out, err
}

func (d *Desk) offersQuery(q Query) bool {
	_, offered := d.query(q)
	return offered
}

// summary is what a ticket is about in one line: its first short text of the
// requester's own, or else the subject it was opened with.
func (f *dossier) summary(t ticket.Ticket) string {
	for _, field := range f.desk.form(ticket.Open).Fields {
		if value := t.Fields[field.ID]; value != "" && field.Kind == ticket.TextField && field.Sets == "" {
			return value
		}
	}
	return firstWords(t.Subject)
}

// firstWords cuts a text to what a cell of a table holds.
func firstWords(s string) string {
	const most = 60
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

// said are the kinds of action whose words the requester is told, or wrote.
var said = []ticket.Action{ticket.RequestInfo, ticket.ProvideInfo, ticket.Comment, ticket.Resolve, ticket.Reject, ticket.Close,
	ticket.Reopen, ticket.Cancel, ticket.Refuse}

// history tells what happened to a ticket and was said on it: to its requester
// what they were told of, to the staff everything.
func (f *dossier) history() findings {
	p, d := f.policy(), f.desk
	staff := slices.ContainsFunc(p.Roles(ticket.Replay(f.events), f.notice.To), func(r ticket.Role) bool {
		return r != ticket.RoleRequester && r != ticket.RoleWatcher
	})
	table := templates.Table{Head: d.columns("when", "what", "who", "state")}
	words := false
	for _, e := range f.events {
		if !staff && !slices.Contains(p.Told(e), ticket.ToRequester) {
			continue
		}
		row := []string{f.stamp(e.At), f.done(e), f.who(e), d.Words.State(e.State)}
		if text := f.words(e, staff); text != "" {
			row, words = append(row, text), true
		}
		table.Rows = append(table.Rows, row)
	}
	if words {
		table.Head = append(table.Head, d.columns("text")...)
	}
	return findings{tables: []templates.Table{table}}
}

// words are what was said in an event, as far as somebody may know it, and for
// the staff what it filled in besides.
func (f *dossier) words(e ticket.Event, staff bool) string {
	if !staff && !slices.Contains(said, e.Is()) {
		return ""
	}
	text := e.Content.Text
	if !staff || e.Is() == ticket.Open {
		return text
	}
	for _, field := range f.desk.form(e.Action).Fields {
		if value := e.Content.Fields[field.ID]; value != "" && value != e.Content.Text {
			text = strings.TrimSpace(text + " " + field.Label + ": " + value)
		}
	}
	return text
}

// who names the actor of an event.
func (f *dossier) who(e ticket.Event) string {
	if e.Actor.Address == "" {
		return f.desk.Name
	}
	if p := f.person(e.Actor.Address); p.Name != "" {
		return p.Name
	}
	return string(e.Actor.Address)
}
