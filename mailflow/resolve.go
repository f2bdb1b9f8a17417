package mailflow

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// step is what an order comes to once the ticket is looked at: a request on a
// ticket, an answer that changes nothing, or neither when the mail is only to
// be kept.
type step struct {
	ticket  ticket.Ticket // zero: none
	request *ticket.Request
	answer  *answer
}

// answer is what is said to the author of a mail that changes nothing.
type answer struct {
	kind   string        // of the notice
	number ticket.Number // the ticket it is about, if the author may know of it
	body   store.Answer
}

// resolve turns the order into a step.
func (h *hearing) resolve() (step, error) {
	switch h.order.Kind {
	case OrderOpen:
		return h.ask(ticket.Ticket{}, ticket.Open), nil
	case OrderNotOpen:
		return step{answer: &answer{kind: templates.KindNotOpening, body: store.Answer{Values: h.order.Values}}}, nil
	case OrderCommand, OrderWrite:
		return h.resolveOn(h.order.Number)
	case OrderUnknown:
		if h.replies {
			return h.resolveOn(h.claim.ticket)
		}
		return help, nil
	}
	return step{}, nil
}

var help = step{answer: &answer{kind: templates.KindHelp}}

// resolveOn looks at the ticket a mail names. To somebody who has no part in
// it, it does not exist.
func (h *hearing) resolveOn(n ticket.Number) (step, error) {
	t, err := h.tx.Ticket(h.desk.ID(), n)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return step{}, fmt.Errorf("looking up %s: %w", n, err)
	}
	if err != nil || len(h.desk.Policy.Roles(t, h.author())) == 0 {
		return help, nil
	}
	h.ticket = t
	if h.order.Kind == OrderCommand {
		return h.ask(t, h.order.Action), nil
	}
	return h.resolveReply(t)
}

// resolveReply finds out what a reply on a ticket's subject means now.
func (h *hearing) resolveReply(t ticket.Ticket) (step, error) {
	sent, err := h.tx.Subjects(h.desk.ID(), t.Number)
	if err != nil {
		return step{}, fmt.Errorf("subjects of %s: %w", t.Number, err)
	}
	action, open := h.desk.Policy.ReplyMeans(t, h.author())
	switch {
	case !open && t.State != ticket.StateClosed:
		return step{ticket: t, answer: &answer{kind: templates.KindRefused, number: t.Number, body: store.Answer{Reason: ticket.ReasonNotPermitted}}}, nil
	case !open:
		return step{ticket: t, answer: &answer{kind: templates.KindClosedTicket, number: t.Number}}, nil
	case !slices.Contains(sent, h.order.Subject.Key):
		return step{ticket: t, answer: &answer{kind: templates.KindWrongSubject, number: t.Number}}, nil
	}
	return h.ask(t, action), nil
}

// ask is the request the author of the mail makes.
func (h *hearing) ask(t ticket.Ticket, a ticket.Action) step {
	m, v, o := h.mail.message, h.mail.verdict, h.order
	request := ticket.Request{
		Action: a, Actor: v.Author, Token: o.Token, Subject: o.Subject.Text, Mail: h.entry.ID, MessageID: m.MessageID,
		Assurance: ticket.Assurance{Authenticated: v.Authenticated, How: v.How},
		Text:      o.Text, Read: o.Values, Attachments: attachments(m),
	}
	// A reply to our own mail proves possession, good for what replies do.
	if h.desk.Policy.Actions[a].Reply && h.replies && h.claim.ticket == t.Number {
		request.Assurance = request.Assurance.With("reply to our mail")
		request.Assurance.Possession = true
	}
	return step{ticket: t, request: &request}
}

// attachments lists the files of a mail; the bytes stay in it.
func attachments(m *parser.Message) []ticket.Attachment {
	var list []ticket.Attachment
	for i, a := range m.Attachments {
		list = append(list, ticket.Attachment{Index: i, Name: a.Filename, Type: a.ContentType, Size: len(a.Data)})
	}
	return list
}
