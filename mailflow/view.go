package mailflow

import (
	"slices"

	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// view is what the templates get to see of a notice.
func (f *dossier) view(names, omitted []string) templates.View {
	e := f.event()
	v := f.desk.blankView(f.notice.Kind)
	v.To = f.person(f.notice.To)
	v.Ticket, v.Event, v.Form = ticket.Replay(f.events), e, f.desk.form(e.Action)
	v.Files, v.Omitted = names, omitted
	v.Brief = f.notice.Kind == ticket.NoticeKind(ticket.Open, ticket.ToRequester) && !e.Assurance.Meets(ticket.DemandEither)
	v.Name = func(a ticket.Address) string { return f.person(a).Name }
	v.Answer = f.answer()
	v.Links = f.links(v.Ticket)
	return v
}

// blankView is a view with nothing but the desk in it.
func (d *Desk) blankView(kind string) templates.View {
	return templates.View{
		Kind: kind,
		Desk: templates.Desk{Name: d.Name, Signature: d.Signature, Intake: string(d.Intake),
			Correspondence: string(d.Correspondence), Zone: d.Policy.Zone},
		Opening: d.form(ticket.Open), OpeningSubject: d.OpeningSubject,
	}
}

// person is somebody with the name the configuration, or else their own mail
// on this ticket, gives them.
func (f *dossier) person(a ticket.Address) ticket.Person {
	for known, name := range f.desk.Names {
		if a.Equal(known) {
			return ticket.Person{Address: a, Name: name}
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
	return &templates.Answer{Action: a.Action, Reason: a.Reason, Problems: a.Problems, Values: a.Values, Subject: a.Subject, Form: f.desk.form(a.Action)}
}

// links are what the addressee may do next.
func (f *dossier) links(t ticket.Ticket) []templates.Link {
	to := f.notice.To
	if f.notice.Ticket != "" {
		links := f.desk.offers(t, to)
		if f.wantsReply() || len(links) == 0 && f.notice.Kind == templates.KindRefused {
			links = append(f.replyLink(t), links...)
		}
		return links
	}
	var understood ticket.Values
	if f.notice.Answer != nil {
		understood = f.notice.Answer.Values
	}
	links := []templates.Link{f.desk.openingLink(understood)}
	for _, other := range f.others {
		links = append(links, f.desk.offers(other, to)...)
	}
	return links
}

// wantsReply tells whether the notice answers an attempt to write about the
// ticket that missed: by its subject, or by saying nothing.
func (f *dossier) wantsReply() bool {
	a := f.notice.Answer
	return f.notice.Kind == templates.KindWrongSubject || a != nil && f.desk.Policy.Actions[a.Action].Reply
}

// offers are the links to what somebody may do with a ticket now.
func (d *Desk) offers(t ticket.Ticket, who ticket.Address) []templates.Link {
	var links []templates.Link
	for _, a := range d.Policy.Next(t, who) {
		links = append(links, templates.Link{
			Name: d.link(a), Address: string(d.Correspondence), Form: d.form(a),
			Subject: d.link(a) + " " + string(t.Number) + " " + d.Policy.Token(t, a, who),
			Hint:    d.Words.Action(a).Hint,
		})
	}
	return links
}

// openingLink opens a ticket, with what was understood already filled in.
func (d *Desk) openingLink(understood ticket.Values) templates.Link {
	words := d.Words.Action(ticket.Open)
	return templates.Link{Name: d.link(ticket.Open), Address: string(d.Intake), Subject: d.OpeningSubject,
		Form: d.form(ticket.Open), Values: understood, Hint: words.Hint}
}

// replyLink is a mail on the subject under which somebody may write about a
// ticket now.
func (f *dossier) replyLink(t ticket.Ticket) []templates.Link {
	action, open := f.desk.Policy.ReplyMeans(t, f.notice.To)
	subject, told := f.latestSubject()
	if !open || !told {
		return nil
	}
	return []templates.Link{{Name: f.desk.link(action), Address: string(f.desk.Correspondence), Subject: subject,
		Hint: f.desk.Words.Action(action).Hint}}
}

// latestSubject is that of the latest notice the addressee got on the ticket.
func (f *dossier) latestSubject() (string, bool) {
	for i, e := range slices.Backward(f.events) {
		then := ticket.Replay(f.events[:i+1])
		for _, audience := range f.desk.Policy.Actions[e.Action].Tell {
			if !slices.ContainsFunc(f.desk.Policy.Addressees(then, audience, e.Actor.Address), f.notice.To.Equal) {
				continue
			}
			v := f.desk.blankView(ticket.NoticeKind(e.Action, audience))
			v.To, v.Ticket, v.Event = f.person(f.notice.To), then, e
			subject, err := f.desk.Words.Subject(v)
			return subject, err == nil
		}
	}
	return "", false
}
