package mailflow

import (
	"cmp"
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
		return h.ask(ticket.Ticket{}, h.order.Action)
	case OrderNotOpen:
		return step{answer: &answer{kind: templates.KindNotOpening, body: store.Answer{Values: h.order.Values}}}, nil
	case OrderCommand, OrderWrite:
		return h.resolveOn(h.order.Number)
	case OrderQuery:
		return h.resolveQuery()
	case OrderUnknown:
		switch {
		case h.replies && h.claim.ticket != "":
			return h.resolveOn(h.claim.ticket)
		case h.order.Action != "":
			return h.ask(ticket.Ticket{}, h.order.Action)
		}
		return help, nil
	}
	return step{}, nil
}

var help = step{answer: &answer{kind: templates.KindHelp}}

// find looks up a ticket in which the author has a part; false if there is
// none: to anybody else it does not exist.
func (h *hearing) find(n ticket.Number) (ticket.Ticket, bool, error) {
	t, err := h.tx.Ticket(h.desk.ID(), n)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return t, false, fmt.Errorf("looking up %s: %w", n, err)
	}
	return t, err == nil && len(h.policy().Roles(t, h.author())) > 0, nil
}

// policy is the desk's as of the mail's arrival.
func (h *hearing) policy() ticket.Policy { return h.desk.at(h.mail.at) }

// resolveOn looks at the ticket a mail names.
func (h *hearing) resolveOn(n ticket.Number) (step, error) {
	t, theirs, err := h.find(n)
	if err == nil && !theirs && h.order.Token != "" {
		err = h.guessed(ticket.ReasonForeignToken)
	}
	if err != nil || !theirs {
		return help, err
	}
	h.ticket, h.named = t, n
	if h.order.Kind == OrderCommand {
		return h.ask(t, h.order.Action)
	}
	return h.resolveReply(t)
}

// resolveReply finds out what a reply on a ticket's subject means now. One on
// a ticket that was merged is about the one it goes on under.
func (h *hearing) resolveReply(t ticket.Ticket) (step, error) {
	sent, err := h.tx.Subjects(h.desk.ID(), t.Number)
	if err != nil {
		return step{}, fmt.Errorf("subjects of %s: %w", t.Number, err)
	}
	exact := slices.Contains(sent, h.order.Subject.Key)
	if t, err = h.goesOn(t); err != nil {
		return step{}, err
	}
	h.ticket = t
	action, open := h.policy().ReplyMeans(t, h.author())
	switch {
	case !open && !t.State.Over():
		return step{ticket: t, answer: &answer{kind: templates.KindRefused, number: t.Number, body: store.Answer{Reason: ticket.ReasonNotPermitted}}}, nil
	case !open:
		return step{ticket: t, answer: &answer{kind: templates.KindClosedTicket, number: t.Number}}, nil
	case !exact:
		return step{ticket: t, answer: &answer{kind: templates.KindWrongSubject, number: t.Number}}, nil
	}
	return h.ask(t, action)
}

// maxHops bounds how often in a row a ticket may have been merged.
const maxHops = 10

// goesOn is the ticket under which another goes on: itself where it was not
// merged.
func (h *hearing) goesOn(t ticket.Ticket) (ticket.Ticket, error) {
	for range maxHops {
		if t.Merged == "" {
			break
		}
		main, err := h.tx.Ticket(h.desk.ID(), t.Merged)
		if err != nil {
			return t, fmt.Errorf("looking up %s: %w", t.Merged, err)
		}
		t = main
	}
	return t, nil
}

// ask is the request the author of the mail makes.
func (h *hearing) ask(t ticket.Ticket, a ticket.Action) (step, error) {
	m, v, o := h.mail.message, h.mail.verdict, h.order
	line := h.desk.Policy.Actions[a]
	request := ticket.Request{
		Action: a, Actor: h.part.author, Token: o.Token, Subject: o.Subject.Text, Mail: h.entry.ID, MessageID: m.MessageID,
		Assurance: ticket.Assurance{Authenticated: v.Authenticated, Strict: v.Strict, How: v.How},
		Text:      o.Text, Read: o.Values, Attachments: attachments(m),
	}
	if line.Reply && o.Kind != OrderCommand {
		request.Read = h.readReply(line.Form, o.Text)
	}
	// A reply to our own mail proves possession, good for what replies do.
	if line.Reply && h.replies && h.claim.ticket == h.named {
		request.Assurance = request.Assurance.With("reply to our mail")
		request.Assurance.Possession = true
	}
	if !line.Opens() {
		return step{ticket: t, request: &request}, nil
	}
	var err error
	if request.Assurance.Meets(ticket.DemandEither) && h.desk.Policy.WatchCopied {
		request.Copied = h.copied()
	}
	request.Contact, err = h.desk.contact(h.tx, h.author())
	request.Actor.Name = cmp.Or(request.Actor.Name, h.desk.nameIn(request.Contact))
	return step{request: &request}, err
}

// readReply reads the blanks that a reply fills in; none where the action has
// no form.
func (h *hearing) readReply(form ticket.Form, text string) ticket.Values {
	if len(form.Fields) == 0 {
		return nil
	}
	return parser.FormIn(text, form)
}

// How many people an opening makes watchers, and how many the openings of one
// author do in an hour: none of them asked for our mail.
const (
	maxCopied    = 5
	copiedAnHour = 20
)

// copied are whom the mail was copied to: neither the desk's addresses nor its
// author.
func (h *hearing) copied() []ticket.Address {
	var list []ticket.Address
	for _, cc := range h.mail.message.Cc {
		a, err := ticket.ParseAddress(cc.Address)
		if err != nil || h.site.ours(a) || h.author().Equal(a) || slices.ContainsFunc(list, a.Equal) {
			continue
		}
		if len(list) == maxCopied || !h.mayCopy() {
			h.room.log.Warn("not all in copy are told of a ticket", "desk", h.desk.ID(), "mail", h.entry.ID, "told", len(list))
			break
		}
		list = append(list, a)
	}
	return list
}

// mayCopy tells whether the author may bring in one person more now.
func (h *hearing) mayCopy() bool {
	if h.mail.verdict.Strict && h.policy().Staff(h.author()) {
		return true
	}
	return h.room.answers.spend(ticket.Address("copied "+h.desk.ID()+" "+string(h.author())), h.mail.at, copiedAnHour)
}

// attachments lists the files of a mail; the bytes stay in it.
func attachments(m *parser.Message) []ticket.Attachment {
	var list []ticket.Attachment
	for i, a := range m.Attachments {
		list = append(list, ticket.Attachment{Index: i, Name: a.Filename, Type: a.ContentType, Size: len(a.Data)})
	}
	return list
}
