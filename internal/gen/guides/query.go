package main

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// query is one the desk answers, as a row of a table tells it.
type query struct {
	Subject string
	What    string
	Who     string
	Fields  []string // labels
}

// Queries are those everybody may ask, or with a role "" all of them.
func (g guide) Queries(role ticket.Role) []query {
	var list []query
	for _, o := range g.Desk.Queries {
		if role == "" || slices.Contains(o.By, role) {
			list = append(list, g.query(o))
		}
	}
	return list
}

func (g guide) query(o mailflow.QueryOptions) query {
	words := g.Desk.Words.Query(string(o.Query))
	q := query{Subject: words.Link, What: g.say.Queries[o.Query], Who: g.say.Words["everybody"]}
	if o.Link != "" {
		q.Subject = o.Link
	}
	if o.Query == mailflow.QueryShow {
		q.Subject += " " + string(g.Number())
	}
	if len(o.By) > 0 && !slices.Contains(o.By, ticket.RoleRequester) {
		held := slices.DeleteFunc(slices.Clone(o.By), func(r ticket.Role) bool { return !g.held(r) })
		q.Who = strings.Join(named(g.say.Roles, held), ", ")
	}
	for _, f := range words.Form.Fields {
		q.Fields = append(q.Fields, f.Label)
	}
	return q
}

// notice is a mail that the requester gets.
type notice struct{ After, Subject string }

// Notices are the mails the requester gets, with the very subjects they have
// on the first ticket of the examples.
func (g guide) Notices() ([]notice, error) {
	var list []notice
	for _, a := range g.Desk.Policy.Order {
		line := g.Desk.Policy.Actions[a]
		if !slices.Contains(line.Tell, ticket.ToRequester) {
			continue
		}
		subject, err := g.Desk.Words.Subject(g.view(line))
		if err != nil {
			return nil, err
		}
		list = append(list, notice{After: g.Link(a), Subject: subject})
	}
	return list, nil
}

// view is what the words of a notice to the requester are about.
func (g guide) view(line ticket.Transition) templates.View {
	d := g.Desk
	t := ticket.Ticket{Desk: d.ID(), Number: g.Number(), State: line.To, Subject: d.OpeningSubject, Created: day, Priority: g.first(ticket.SetsPriority), Service: g.first(ticket.SetsService)}
	if registers(line.Is()) {
		t.Number = d.Policy.Applications.Number(day.In(d.Policy.Zone), 1)
	}
	return templates.View{
		Kind: ticket.NoticeKind(line.Action, ticket.ToRequester), Done: g.Link(line.Action), Ticket: t,
		Event:   ticket.Event{Action: line.Action, Kind: line.Kind, State: line.To, At: day, Ticket: t.Number},
		Opening: d.Policy.Actions[ticket.Open].Form, OpeningSubject: d.OpeningSubject,
		Desk: templates.Desk{Name: d.Name, Intake: string(d.Intake), Correspondence: string(d.Correspondence), Zone: d.Policy.Zone},
	}
}

func registers(kind ticket.Action) bool {
	return kind == ticket.Register || kind == ticket.Approve || kind == ticket.Refuse
}

// first is the first value that some form of the desk offers of an attribute.
func (g guide) first(what ticket.Attribute) string {
	for _, a := range g.Desk.Policy.Order {
		if f, sets := g.Desk.Policy.Actions[a].Form.Setting(what); sets && len(f.Options) > 0 {
			return f.Options[0].Value
		}
	}
	return ""
}

// digest is an answer that goes out unasked.
type digest struct{ Subject, When, People string }

// Digests are the desk's, each by the name of its query.
func (g guide) Digests() []digest {
	var list []digest
	for _, d := range g.Config.Digests {
		when := g.say.Words["every_day"]
		if d.Every == config.EveryWeek {
			when = g.say.Days[string(d.Weekday)]
		}
		q := g.query(mailflow.QueryOptions{Query: mailflow.Query(d.Query), Link: g.linkOf(d.Query)})
		list = append(list, digest{q.Subject, when + ", " + string(d.At), g.people(d.To)})
	}
	return list
}

// linkOf is the desk's own name of a query, "" if it gives none.
func (g guide) linkOf(q config.Query) string {
	for _, o := range g.Config.Queries {
		if o.Query == q {
			return o.Link
		}
	}
	return ""
}
