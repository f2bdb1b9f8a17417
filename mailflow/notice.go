package mailflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/mailflow/deliver"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// Compose renders a notice: the same at every attempt, from the ticket as of
// its event. The subject becomes one that may be answered before the mail goes
// out. It implements deliver.Composer.
func (r *Mailroom) Compose(ctx context.Context, job deliver.Job) (deliver.Envelope, error) {
	site := r.site.Load()
	var f dossier
	err := r.store.View(ctx, func(tx store.Tx) (err error) {
		f, err = site.dossier(tx, job.ID)
		return err
	})
	if err != nil {
		return deliver.Envelope{}, err
	}
	mail, fault, err := f.mail()
	if err != nil {
		return deliver.Envelope{}, err
	}
	raw, err := mail.Bytes()
	if err != nil {
		return deliver.Envelope{}, &deliver.Failure{Permanent: true, Text: err.Error()}
	}
	if err := r.remember(ctx, f, mail, fault); err != nil {
		return deliver.Envelope{}, err
	}
	if site.Signer != nil {
		if raw, err = site.Signer.Sign(raw, f.desk.Correspondence.Domain()); err != nil {
			return deliver.Envelope{}, fmt.Errorf("signing %s: %w", f.notice.ID, err)
		}
	}
	return deliver.Envelope{ID: f.notice.ID, From: f.desk.returnPath(f.notice.ID), To: string(f.notice.To), Raw: raw}, nil
}

// remember keeps under which id and subject a notice goes out, and tells the
// administrators if its words were not those that were meant.
func (r *Mailroom) remember(ctx context.Context, f dossier, mail compose.Mail, fault error) error {
	return r.store.Update(ctx, func(tx store.Tx) error {
		if err := r.tellFault(tx, f, fault); err != nil {
			return err
		}
		n, err := tx.Notice(f.notice.ID)
		if err != nil {
			return fmt.Errorf("notice %s: %w", f.notice.ID, err)
		}
		n.MessageID, n.Subject = mail.MessageID, mail.Subject
		if err := tx.SaveNotice(n); err != nil || n.Ticket == "" {
			return err
		}
		for _, subject := range f.answerable(n.Subject) {
			if err := tx.AddSubject(n.Desk, n.Ticket, parser.CanonicalSubject(subject, f.desk.GatewayTags...).Key); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellFault tells the administrators of words that fail, of each kind of notice
// once an hour.
func (r *Mailroom) tellFault(tx store.Tx, f dossier, fault error) error {
	now := r.clock.Now()
	if fault == nil || !r.faults.spend(ticket.Address(f.desk.ID()+" "+f.notice.Kind), now, 1) {
		return nil
	}
	r.log.Error("words of the desk fail; the built-in ones went out", "desk", f.desk.ID(), "notice", f.notice.Kind, "error", fault)
	return r.tellAdministrators(tx, f.desk, templates.KindFault, store.Answer{Subject: fault.Error()})
}

// answerable are the subjects under which this mail may be answered: its own,
// and the one it offers to somebody who missed it.
func (f *dossier) answerable(own string) []string {
	missed := f.notice.Kind == templates.KindWrongSubject || f.notice.Kind == templates.KindRefused
	if subject, told := f.latestSubject(); told && missed {
		return []string{own, subject}
	}
	return []string{own}
}

// dossier is everything a notice is written from.
type dossier struct {
	site     *Site
	desk     *Desk
	notice   store.Notice
	entry    store.Entry // of the mail it answers or tells about; zero: none
	events   []ticket.Event
	raw      map[string][]byte // mails whose files travel with it, by journal entry
	others   []ticket.Ticket   // further open tickets of the addressee, for an answer that helps along
	found    findings          // what answers a query
	stranger bool              // only the registered open tickets at the desk, and the addressee is not
}

// dossier collects what a notice is written from.
func (s *Site) dossier(tx store.Tx, id string) (dossier, error) {
	n, err := tx.Notice(id)
	if err != nil {
		return dossier{}, fmt.Errorf("notice %s: %w", id, err)
	}
	f := dossier{site: s, desk: s.desk(n.Desk), notice: n, raw: map[string][]byte{}}
	if f.desk == nil {
		// Perhaps a slip in the configuration: it waits until it is mended
		// or its time is over.
		return f, fmt.Errorf("notice %s is of a desk %q that is not configured", id, n.Desk)
	}
	if f.entry, err = tx.Entry(n.Mail); err != nil && !errors.Is(err, store.ErrNotFound) {
		return f, fmt.Errorf("entry %s: %w", n.Mail, err)
	}
	if f.stranger, err = f.desk.stranger(tx, n.To); err != nil {
		return f, fmt.Errorf("looking up %s: %w", n.To, err)
	}
	if n.Ticket != "" {
		if err := f.openTicket(tx); err != nil {
			return f, err
		}
	}
	if n.Kind == templates.KindHelp {
		return f, f.openOthers(tx)
	}
	if n.Answer != nil && n.Answer.Mail != "" {
		return f, f.enclose(tx, n.Answer.Mail)
	}
	f.found, err = f.consult(tx)
	return f, err
}

// enclose has a whole mail go along, if it is kept.
func (f *dossier) enclose(tx store.Tx, entry string) error {
	raw, err := tx.Raw(entry)
	if errors.Is(err, store.ErrNotFound) || int64(len(raw)) > f.site.AttachmentBytes {
		return nil
	}
	f.found.files = append(f.found.files, compose.Attachment{Filename: "mail.eml", ContentType: "message/rfc822", Data: raw})
	return err
}

func (f *dossier) openTicket(tx store.Tx) error {
	events, err := tx.Events(f.notice.Desk, f.notice.Ticket)
	if err != nil {
		return fmt.Errorf("events of %s: %w", f.notice.Ticket, err)
	}
	f.events = events[:min(len(events), f.notice.Event)]
	left := f.room()
	for _, a := range f.attachments() {
		if left -= int64(a.Size); left < 0 {
			break // not even looked at: files names what does not fit
		}
		if _, read := f.raw[a.Mail]; read {
			continue
		}
		if f.raw[a.Mail], err = tx.Raw(a.Mail); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("mail %s: %w", a.Mail, err)
		}
	}
	return nil
}

// How many tickets an answer looks at and offers links to.
const (
	othersLookedAt = 2000
	othersOffered  = 5
)

// openOthers finds the newest open tickets the addressee has something to do
// on, as they stood when the notice was queued.
func (f *dossier) openOthers(tx store.Tx) error {
	looked := 0
	for t, err := range tx.Tickets(f.notice.Desk) {
		if err != nil {
			return fmt.Errorf("tickets of %s: %w", f.notice.Desk, err)
		}
		if looked++; looked > othersLookedAt || len(f.others) == othersOffered {
			break
		}
		if len(f.policy().Roles(t, f.notice.To)) == 0 {
			continue
		}
		if err := f.addOther(tx, t); err != nil {
			return err
		}
	}
	return nil
}

func (f *dossier) addOther(tx store.Tx, t ticket.Ticket) error {
	events, err := tx.Events(t.Desk, t.Number)
	if err != nil {
		return fmt.Errorf("events of %s: %w", t.Number, err)
	}
	for len(events) > 0 && events[len(events)-1].At.After(f.notice.Created) {
		events = events[:len(events)-1]
	}
	then := ticket.Replay(events)
	if len(f.policy().Next(then, f.notice.To)) > 0 {
		f.others = append(f.others, then)
	}
	return nil
}

// event is the one the notice tells about; the zero Event for an answer.
func (f *dossier) event() ticket.Event {
	if f.notice.Answer != nil || len(f.events) == 0 {
		return ticket.Event{}
	}
	return f.events[len(f.events)-1]
}

// carried are the events whose files travel with the notice: its own, but to
// whoever sent them; to somebody put in charge, all so far; and to the others
// of the desk, what they were not told of.
func (f *dossier) carried() []ticket.Event {
	e := f.event()
	events := []ticket.Event{e}
	toStaff := f.notice.Kind == ticket.NoticeKind(e.Action, ticket.ToStaff) ||
		e.Is() == ticket.Complete && f.notice.Kind != ticket.NoticeKind(e.Action, ticket.ToRequester) // nobody but its author saw it before
	switch {
	case f.toWatcher():
		return nil
	case f.handedOver(e):
		events = f.events
	case e.Actor.Address.Equal(f.notice.To) && !toStaff:
		return nil
	case f.toDesk():
		events = f.news()
	}
	return slices.DeleteFunc(slices.Clone(events), func(e ticket.Event) bool { return len(e.Content.Attachments) == 0 })
}

// toDesk tells whether the notice tells somebody of the desk of an event.
func (f *dossier) toDesk() bool {
	_, audience, changes := strings.Cut(f.notice.Kind, ".")
	return changes && f.notice.Answer == nil && !ticket.Audience(audience).Theirs()
}

// news are the notice's event and those since the addressee, as one of the
// desk, was last told of one by somebody else.
func (f *dossier) news() []ticket.Event {
	last := len(f.events) - 1
	for i := last - 1; i >= 0; i-- {
		as, told := f.toldAs(i)
		if told && !as.Theirs() && !f.events[i].Actor.Address.Equal(f.notice.To) {
			return f.othersOf(f.events[i+1:])
		}
	}
	return f.othersOf(f.events)
}

// othersOf are the events that the addressee did not make.
func (f *dossier) othersOf(events []ticket.Event) []ticket.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e ticket.Event) bool { return e.Actor.Address.Equal(f.notice.To) })
}

// toldAs is the audience as which the addressee was told of an event, false if
// they were not.
func (f *dossier) toldAs(i int) (ticket.Audience, bool) {
	p, e, then := f.policy(), f.events[i], ticket.Replay(f.events[:i+1])
	for _, audience := range p.Told(e) {
		if slices.ContainsFunc(p.Addressees(then, audience, e.Actor.Address), f.notice.To.Equal) {
			return audience, true
		}
	}
	return "", false
}

// handedOver tells whether the event gives the ticket to the addressee, who may
// not have seen what came with it.
func (f *dossier) handedOver(e ticket.Event) bool {
	var to []ticket.Audience
	switch e.Is() {
	case ticket.Assign, ticket.Transfer, ticket.Reopen, ticket.Complete:
		to = []ticket.Audience{ticket.ToStaff}
	case ticket.Return:
		to = []ticket.Audience{ticket.ToStaff, ticket.ToLead}
	case ticket.Escalate:
		to = []ticket.Audience{ticket.Audience(e.Content.Involves)}
	}
	return slices.ContainsFunc(to, func(a ticket.Audience) bool { return f.notice.Kind == ticket.NoticeKind(e.Action, a) })
}

// mail writes the notice. The fault is why it is in the built-in words where
// the desk has its own.
func (f *dossier) mail() (m compose.Mail, fault, err error) {
	cargo := f.freight()
	v := f.view(cargo)
	words, err := f.desk.Words.Render(v)
	if err != nil {
		return compose.Mail{}, nil, fmt.Errorf("rendering %s: %w", f.notice.Kind, err)
	}
	m = compose.Mail{
		From: compose.Address{Name: f.desk.SenderName, Address: string(f.desk.Correspondence)},
		To:   compose.Address{Name: v.To.Name, Address: string(f.notice.To)},
		Date: f.notice.Created.In(f.desk.Policy.Zone), Subject: words.Subject, Text: words.Text, HTML: words.HTML,
		MessageID: cmp.Or(f.notice.MessageID, f.desk.messageID(f.notice)), AutoSubmitted: "auto-generated", Language: f.desk.Language,
		Loop: f.desk.loop(), Attachments: append(cargo.files, f.found.files...),
	}
	f.thread(&m)
	return m, words.Fault, nil
}

// thread says which mail this one answers (RFC 3834 section 3.1.5) and under
// which root mail programs gather it.
func (f *dossier) thread(m *compose.Mail) {
	if f.notice.Ticket != "" {
		m.References = append(m.References, f.desk.threadRoot(f.notice.Ticket))
		m.InReplyTo = m.References[0]
	}
	if answered := f.entry.Header; f.notice.To.Equal(ticket.Address(answered.From)) && answered.MessageID != "" {
		m.AutoSubmitted = "auto-replied"
		m.InReplyTo = answered.MessageID
		m.References = append(m.References, answered.MessageID)
	}
}
