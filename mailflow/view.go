package mailflow

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// view is what the templates get to see of a notice.
func (f *dossier) view(cargo freight) templates.View {
	e := f.event()
	v := f.desk.blankView(f.notice.Kind)
	v.To = f.person(f.notice.To)
	v.Ticket, v.Event, v.Form = ticket.Replay(f.events), e, f.form(e)
	v.Done, v.Labels, v.Queue = f.done(e), f.desk.labels(), f.policy().QueueName(v.Ticket)
	v.Reached, v.Charged = f.names(f.called(v.Ticket, e)), f.names(f.policy().Addressees(v.Ticket, ticket.ToStaff, ""))
	v.Clocks = f.clocks()
	if a := e.Content.Alarm; a != nil {
		v.Alarmed = f.desk.ClockLabels[a.Clock]
	}
	v.Tables, v.Chart = f.found.tables, f.found.chart
	v.Files, v.Omitted, v.Withheld = cargo.names, cargo.omitted, cargo.withheld
	v.Brief = f.notice.Kind == ticket.NoticeKind(ticket.Open, ticket.ToRequester) && !e.Assurance.Meets(ticket.DemandEither) ||
		f.toWatcher() && f.outsider()
	v.Name = func(a ticket.Address) string { return f.person(a).Name }
	v.Answer = f.answer()
	f.viewLimits(&v)
	v.Links, v.Queries = f.links(v.Ticket), f.ticketQueries()
	return v
}

// outsider tells whether the addressee neither works at the desk nor has an
// address like its own or that of who opened the ticket: such a person may never
// have heard of either, and gets no words of anybody's.
func (f *dossier) outsider() bool {
	like := func(a ticket.Address) bool { return strings.EqualFold(a.Domain(), f.notice.To.Domain()) }
	opener := f.events[0].Actor.Address
	return !f.policy().Staff(f.notice.To) && !like(f.desk.Correspondence) && !like(f.desk.Intake) && !like(opener)
}

// viewLimits says what the addressee may not do: open a ticket, or go on writing
// about this one.
func (f *dossier) viewLimits(v *templates.View) {
	p, about := f.policy(), f.notice.Ticket != ""
	if about {
		_, heard := p.ReplyMeans(v.Ticket, f.notice.To)
		v.Final = !heard
	}
	if p.MayOpen(f.notice.To) && !f.stranger {
		return
	}
	v.OpeningSubject = ""
	if !about || f.notice.Kind == templates.KindClosedTicket {
		v.Openers = f.openers()
	}
}

// openers are the people who open tickets on others' behalf.
func (f *dossier) openers() []ticket.Person {
	var people []ticket.Person
	for _, role := range f.desk.Policy.Actions[ticket.Open].By {
		for _, a := range f.desk.Policy.Members[role] {
			people = append(people, f.person(a))
		}
	}
	return people
}

// form is what an event's fields are named by: its action's, and of what
// another ticket says those of the desk's tickets.
func (f *dossier) form(e ticket.Event) ticket.Form {
	if e.Is() == ticket.Follow {
		return f.desk.labels()
	}
	return f.desk.form(e.Action)
}

// policy is the desk's as of the notice's making.
func (f *dossier) policy() ticket.Policy { return f.desk.at(f.notice.Created) }

// done is the name of what happened.
func (f *dossier) done(e ticket.Event) string {
	if e.Action == "" {
		return ""
	}
	return f.desk.link(e.Action)
}

// called are whom an escalation brought in: a role, or a level of superiors.
func (f *dossier) called(t ticket.Ticket, e ticket.Event) []ticket.Address {
	switch role := e.Content.Involves; {
	case e.Is() != ticket.Escalate:
		return nil
	case role != "":
		return f.policy().Addressees(t, ticket.Audience(role), "")
	}
	return f.policy().Addressees(t, ticket.ToSuperior, "")
}

// names are people's, or else their addresses, in one line.
func (f *dossier) names(list []ticket.Address) string {
	var names []string
	for _, a := range list {
		names = append(names, f.nameOf(a))
	}
	return strings.Join(names, ", ")
}

// labels are the fields that a ticket's values may come from: those of its
// opening, and of what adds to them.
func (d *Desk) labels() ticket.Form {
	all := ticket.Form{Name: "labels"}
	for _, kind := range []ticket.Action{ticket.Open, ticket.Register, ticket.Classify, ticket.Schedule, ticket.Transfer} {
		for _, a := range d.Policy.Kinds(kind) {
			for _, field := range d.form(a).Fields {
				if _, there := all.Field(field.ID); !there {
					all.Fields = append(all.Fields, field)
				}
			}
		}
	}
	return all
}

// clocks are those that run on the ticket.
func (f *dossier) clocks() []templates.Clock {
	var list []templates.Clock
	for _, run := range f.policy().Runs(f.events) {
		if run.Stopped.IsZero() && (run.Standing || !run.Due.IsZero()) {
			list = append(list, templates.Clock{Name: run.Clock, Label: f.desk.ClockLabels[run.Clock], Due: run.Due,
				Late: run.Late(f.notice.Created), Standing: run.Standing})
		}
	}
	return list
}

// blankView is a view with nothing but the desk in it.
func (d *Desk) blankView(kind string) templates.View {
	return templates.View{
		Kind: kind,
		Desk: templates.Desk{Name: d.Name, Signature: d.Signature, Intake: string(d.Intake),
			Correspondence: string(d.Correspondence), Zone: d.Policy.Zone},
		Opening: d.form(ticket.Open), OpeningSubject: d.OpeningSubject, OpeningLink: d.link(ticket.Open),
	}
}

// person is somebody with the name the configuration, or else the ticket, or
// else their own mail on it, gives them.
func (f *dossier) person(a ticket.Address) ticket.Person {
	for known, name := range f.desk.Names {
		if a.Equal(known) {
			return ticket.Person{Address: a, Name: name}
		}
	}
	for _, e := range slices.Backward(f.events) {
		people := e.Content.Joins
		if e.Content.Requester != nil {
			people = append([]ticket.Person{*e.Content.Requester}, people...)
		}
		for _, p := range people {
			if a.Equal(p.Address) && p.Name != "" {
				return ticket.Person{Address: a, Name: p.Name}
			}
		}
	}
	for _, e := range f.events {
		if a.Equal(e.Actor.Address) && e.Actor.Name != "" {
			return ticket.Person{Address: a, Name: e.Actor.Name}
		}
	}
	return ticket.Person{Address: a}
}

func (f *dossier) answer() *templates.Answer {
	a := f.notice.Answer
	if a == nil {
		return nil
	}
	form := f.desk.form(a.Action)
	if a.Action == "" {
		form = f.desk.Words.Query(f.notice.Kind).Form
	}
	asked := ""
	if a.Action != "" {
		asked = f.desk.link(a.Action)
	}
	out := &templates.Answer{Action: a.Action, Asked: asked, Reason: a.Reason, Problems: a.Problems, Values: a.Values, Subject: a.Subject, Form: form}
	if a.Reason == ticket.ReasonFiles {
		out.MaxFiles, out.MaxBytes = f.policy().Caps(ticket.Replay(f.events), a.Values)
		out.SentFiles, out.SentBytes = a.Files, a.Bytes
	}
	return out
}
