package mailflow

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// sought is what a mail asks a list of tickets to be narrowed to: what was read
// of the query's blanks and can be meant. Where nothing was filled in, some
// programs leave a signature behind the last blank.
func (d *Desk) sought(q Query, read ticket.Values) ticket.Values {
	if q != QueryList && q != QueryMonitor {
		return read
	}
	meant := ticket.Values{}
	for id, value := range read {
		if want := ticket.Fold(value); want != "" && d.means(id, want) {
			meant[id] = value
		}
	}
	return meant
}

// means tells whether a value can be meant in a blank of the queries about many
// tickets.
func (d *Desk) means(blank, want string) bool {
	switch blank {
	case "state":
		return slices.ContainsFunc(ticket.States, func(s ticket.State) bool { return named(want, d.Words.State(s), string(s)) })
	case "priority":
		return named(want, d.Priorities...)
	case "queue":
		return slices.ContainsFunc(d.Policy.Queues, func(q ticket.Queue) bool { return named(want, q.Name) })
	case "person":
		return slices.ContainsFunc(d.colleagues(), func(c string) bool { return strings.Contains(c, want) })
	case "late":
		field, _ := d.Words.Query(string(QueryMonitor)).Form.Field(blank)
		_, problems := ticket.Form{Fields: []ticket.Field{field}}.Check(ticket.Values{blank: want})
		return len(problems) == 0
	}
	return true
}

// named tells whether somebody means one of the names. People write the
// beginning of a name, or more than it: "terminadas".
func named(want string, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		name = ticket.Fold(name)
		return name != "" && (strings.HasPrefix(name, want) || strings.HasPrefix(want, name))
	})
}

// colleagues are the names and addresses of those who may be in charge of a
// ticket.
func (d *Desk) colleagues() []string {
	var list []string
	for a, name := range d.Names {
		list = append(list, ticket.Fold(name+" "+string(a)))
	}
	for _, q := range d.Policy.Queues {
		for _, a := range append(slices.Clone(q.Agents), q.Lead) {
			list = append(list, ticket.Fold(string(a)))
		}
	}
	for _, s := range d.Policy.Services {
		list = append(list, ticket.Fold(string(s.Responsible)))
	}
	return list
}
