package mailflow

import (
	"slices"

	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// links are what the addressee may do next. Watchers are only told.
func (f *dossier) links(t ticket.Ticket) []templates.Link {
	if f.toWatcher() {
		return nil
	}
	if f.notice.Ticket != "" {
		return f.ticketLinks(t)
	}
	if len(f.found.links) > 0 {
		return f.found.links
	}
	links := f.openingLinks()
	for _, other := range f.others {
		for _, link := range f.offers(other) {
			link.Name += " " + string(other.Number) // or it could be any ticket's
			links = append(links, link)
		}
	}
	if f.notice.Kind == templates.KindHelp || f.notice.Kind == templates.KindOverview {
		links = append(links, f.queryLinks()...)
	}
	return links
}

// toWatcher tells whether the notice goes to somebody as a watcher.
func (f *dossier) toWatcher() bool {
	return f.notice.Answer == nil && f.notice.Kind == ticket.NoticeKind(f.event().Action, ticket.ToWatchers)
}

// ticketLinks are what may be done with the notice's ticket, with a reply first
// where somebody missed one.
func (f *dossier) ticketLinks(t ticket.Ticket) []templates.Link {
	links := f.offers(t)
	if f.wantsReply() || len(links) == 0 && f.notice.Kind == templates.KindRefused {
		links = append(f.replyLink(t), links...)
	}
	if t.State == ticket.StateRefused && f.stranger && slices.Contains(f.policy().Roles(t, f.notice.To), ticket.RoleRequester) {
		links = append(links, f.desk.registrationLink(t.Fields))
	}
	return links
}

// openingLinks are what opens a ticket and, where the desk registers people,
// what asks for that, with what was understood of a try already filled in.
func (f *dossier) openingLinks() []templates.Link {
	var understood ticket.Values
	var tried ticket.Action
	if a := f.notice.Answer; a != nil {
		understood, tried = a.Values, a.Action
	}
	var links []templates.Link
	told := f.notice.Kind == templates.KindUnregistered // they were a stranger then, and may be registered since
	stranger := told || f.stranger
	if tried != ticket.Register && !stranger && f.policy().MayOpen(f.notice.To) {
		links = append(links, f.desk.openingLink(understood))
	}
	if f.desk.Registration != "" && (tried == ticket.Register || told || stranger && !f.policy().Staff(f.notice.To)) {
		if tried != ticket.Register {
			understood = nil
		}
		links = append(links, f.desk.registrationLink(understood))
	}
	return links
}

// wantsReply tells whether the notice answers an attempt to write about the
// ticket that missed: by its subject, or by saying nothing.
func (f *dossier) wantsReply() bool {
	a := f.notice.Answer
	return f.notice.Kind == templates.KindWrongSubject || a != nil && f.desk.Policy.Actions[a.Action].Reply
}

// offers are the links to what the addressee may do with a ticket now.
func (f *dossier) offers(t ticket.Ticket) []templates.Link {
	var links []templates.Link
	p, d, who := f.policy(), f.desk, f.notice.To
	for _, a := range p.Next(t, who) {
		links = append(links, templates.Link{
			Name: d.link(a), Address: string(d.Correspondence), Form: d.form(a), Values: f.understood(t, a),
			Subject: d.link(a) + " " + string(t.Number) + " " + p.Token(t, a, who),
			Hint:    d.words(a).Hint,
		})
	}
	return links
}

// understood is what stands in a link's blanks already: what was understood of
// the try that the notice answers; of a completion what is known, and of a
// report that is sent again what it said before; but nobody else's words.
func (f *dossier) understood(t ticket.Ticket, a ticket.Action) ticket.Values {
	tried := f.notice.Answer
	if tried != nil && tried.Action == a && t.Number == f.notice.Ticket && len(tried.Values) > 0 {
		return tried.Values
	}
	switch f.desk.Policy.Actions[a].Is() {
	case ticket.Complete:
		return t.Fields
	case ticket.Report:
		return f.latest(a).Content.Fields
	}
	return nil
}

// latest is the latest event of an action on the notice's ticket.
func (f *dossier) latest(a ticket.Action) ticket.Event {
	for _, e := range slices.Backward(f.events) {
		if e.Action == a {
			return e
		}
	}
	return ticket.Event{}
}

// openingLink opens a ticket, with what was understood already filled in.
func (d *Desk) openingLink(understood ticket.Values) templates.Link {
	return templates.Link{Name: d.link(ticket.Open), Address: string(d.Intake), Subject: d.OpeningSubject,
		Form: d.form(ticket.Open), Values: understood, Hint: d.words(ticket.Open).Hint}
}

// registrationLink asks to be registered.
func (d *Desk) registrationLink(understood ticket.Values) templates.Link {
	return templates.Link{Name: d.link(ticket.Register), Address: string(d.Intake), Subject: d.Registration,
		Form: d.form(ticket.Register), Values: understood, Hint: d.words(ticket.Register).Hint}
}

// queryLinks are what the addressee may ask, on an answer that helps along.
func (f *dossier) queryLinks() []templates.Link {
	var links []templates.Link
	for _, q := range f.desk.asks(f.policy(), f.notice.To) {
		if q != QueryShow {
			links = append(links, f.desk.queryLink(q, ""))
		}
	}
	return links
}

// ticketQueries are the links by which the addressee sees the notice's ticket
// whole and the list of their own. Words show them where they choose to; a
// refusal has them where there is nothing left to do but to look.
func (f *dossier) ticketQueries() []templates.Link {
	lively := !ticket.Replay(f.events).State.Over()
	if f.notice.Ticket == "" || f.toWatcher() || f.notice.Kind == templates.KindRefused && lively {
		return nil
	}
	var links []templates.Link
	asks := f.desk.asks(f.policy(), f.notice.To)
	if slices.Contains(asks, QueryShow) && f.notice.Kind != QueryShow.kind() {
		links = append(links, f.desk.queryLink(QueryShow, f.notice.Ticket))
	}
	if slices.Contains(asks, QueryList) {
		links = append(links, f.desk.queryLink(QueryList, ""))
	}
	return links
}

// queryLink asks a query; of one ticket, if it is about one.
func (d *Desk) queryLink(q Query, n ticket.Number) templates.Link {
	words := d.Words.Query(string(q))
	subject := d.queryName(q)
	if n != "" {
		subject += " " + string(n)
	}
	return templates.Link{Name: subject, Address: string(d.Correspondence), Subject: subject, Form: d.choosable(words.Form), Hint: words.Hint}
}

// choosable are the blanks of a query but for those in which the desk gives no
// choice: it has no priorities, or one department.
func (d *Desk) choosable(form ticket.Form) ticket.Form {
	form.Fields = slices.DeleteFunc(slices.Clone(form.Fields), func(f ticket.Field) bool {
		return f.ID == "priority" && len(d.Priorities) == 0 || f.ID == "queue" && len(d.Policy.Queues) < 2
	})
	return form
}

// replyLink is a mail on the subject under which the addressee may write about
// a ticket now; none where a link of its own does the same.
func (f *dossier) replyLink(t ticket.Ticket) []templates.Link {
	action, open := f.policy().ReplyMeans(t, f.notice.To)
	subject, told := f.latestSubject()
	if !open || !told || slices.Contains(f.policy().Next(t, f.notice.To), action) {
		return nil
	}
	return []templates.Link{{Name: f.desk.link(action), Address: string(f.desk.Correspondence), Subject: subject,
		Hint: f.desk.words(action).Hint}}
}

// latestSubject is that of the latest notice the addressee got on the ticket.
func (f *dossier) latestSubject() (string, bool) {
	for i, e := range slices.Backward(f.events) {
		if audience, told := f.toldAs(i); told {
			v := f.desk.blankView(ticket.NoticeKind(e.Action, audience))
			v.To, v.Ticket, v.Event, v.Done = f.person(f.notice.To), ticket.Replay(f.events[:i+1]), e, f.done(e)
			subject, err := f.desk.Words.Subject(v)
			return subject, err == nil
		}
	}
	return "", false
}
