package mailflow

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// hearing is one mail before one desk, inside the transaction in which
// everything it leads to is kept.
type hearing struct {
	room  *Mailroom
	tx    store.Tx
	site  *Site
	mail  *incoming
	part               // what of the mail is this desk's
	entry *store.Entry // the journal's line about it, filled in on the way

	named  ticket.Number // the one the author named and has a part in
	ticket ticket.Ticket // that ticket, or the one under which it goes on
}

// author is who wrote the mail, by the address the desk knows.
func (h *hearing) author() ticket.Address { return h.part.author.Address }

// hear does what the mail asks and returns the words of the 250.
func (h *hearing) hear() (string, error) {
	off, err := h.standing()
	if err != nil {
		return "", err
	}
	if off {
		return h.record("its sender is held off"), nil
	}
	if said, heard, err := h.aside(); heard || err != nil {
		return said, err
	}
	s, err := h.resolve()
	switch {
	case err != nil:
		return "", err
	case s.request != nil:
		return h.perform(s)
	case s.answer != nil:
		return h.answer(*s.answer)
	}
	return h.record(string(h.order.Kind)), nil
}

// aside takes the mail that nobody acts on; false for a person's.
func (h *hearing) aside() (said string, aside bool, err error) {
	switch reason := h.unanswerable(); {
	case h.mail.held != "":
		said, err = h.hold(reason)
	case h.toRole() && reason != "":
		said, err = h.forward(reason)
	case reason != "":
		said, err = h.machine(reason)
	default:
		return "", false, nil
	}
	return said, true, err
}

// Why some mail is kept and nothing else.
const (
	ownMail  = "our own mail"
	roleMail = "to a role address"
	pathMail = "to a return path"
)

// toRole tells whether the mail came to nothing but role mailboxes.
func (h *hearing) toRole() bool {
	return !slices.ContainsFunc(h.at, func(a ticket.Address) bool { return h.desk.owns(a) || h.desk.isReturnPath(a) })
}

// unanswerable says why a mail is kept and neither acted on nor answered; ""
// for a person's.
func (h *hearing) unanswerable() string {
	switch {
	case h.mail.held != "":
		return h.mail.held
	case h.mail.message.Machine():
		return string(h.mail.message.Kind)
	case h.mail.envelope.From == "":
		return "null sender" // RFC 3834 section 2: never answered
	case h.author() == "":
		return "no single author"
	case h.site.ours(h.mail.verdict.Author.Address) || slices.Contains(h.mail.message.Header("X-Loop"), h.desk.loop()):
		return ownMail
	case slices.ContainsFunc(h.at, h.desk.owns):
		return ""
	case h.toRole():
		return roleMail
	}
	return pathMail
}

// perform asks for the action; a refusal becomes an answer.
func (h *hearing) perform(s step) (string, error) {
	if !h.affords(*s.request) {
		return "", tooManyOpenings
	}
	if h.proves(*s.request) && !h.policy().Staff(h.author()) && !h.room.acts.spend(h.author(), h.mail.at, actsAnHour) {
		return "", tooMuch
	}
	if locked, err := h.lockedOut(); err != nil || locked && s.request.Token != "" {
		return h.locked(s, err)
	}
	decision, err := h.room.act(h.tx, h.desk, s.ticket.Number, *s.request)
	var refusal *ticket.Refusal
	if errors.As(err, &refusal) {
		if err := h.guessed(refusal.Reason); err != nil {
			return "", err
		}
		return h.answer(refused(s, refusal))
	}
	if err != nil {
		return "", err
	}
	event := decision.Events[0]
	if !h.bears(*s.request, event.Ticket) {
		return "", tooMuch
	}
	h.entry.Outcome = store.OutcomeActed
	h.entry.Assurance = event.Assurance.How
	h.entry.Acts = []store.Act{{Desk: h.desk.ID(), Ticket: event.Ticket, Action: event.Action, Event: event.Seq}}
	return string(event.Ticket), nil
}

// locked answers who guessed codes too often: no code of theirs is looked at.
func (h *hearing) locked(s step, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return h.answer(refused(s, &ticket.Refusal{Reason: ticket.ReasonLockedOut}))
}

// refused puts a refusal into an answer. An opening that lacks something is
// corrected; who is not registered is told how to be; everything else is
// explained.
func refused(s step, refusal *ticket.Refusal) answer {
	kind := templates.KindRefused
	switch {
	case refusal.Reason == ticket.ReasonNotRegistered:
		kind = templates.KindUnregistered
	case s.ticket.Number == "" && len(refusal.Problems) > 0:
		kind = templates.KindCorrection
	}
	return answer{kind: kind, number: s.ticket.Number, body: store.Answer{
		Action: s.request.Action, Reason: refusal.Reason, Problems: refusal.Problems, Values: refusal.Values,
		Files: refusal.Files, Bytes: refusal.Bytes,
	}}
}

// record keeps the mail and says nothing to its author.
func (h *hearing) record(reason string) string {
	h.entry.Outcome, h.entry.Reason = store.OutcomeRecorded, reason
	return "recorded " + h.entry.ID
}

// answer tells the author why nothing changed. Who is not proven to be the
// author hears it in the dialogue, where a forged sender is not hit.
func (h *hearing) answer(a answer) (string, error) {
	reason := strings.TrimSpace(a.kind + " " + a.body.Reason)
	if !h.mail.verdict.Authenticated && !h.possessed() {
		h.suspect(cmp.Or(a.body.Reason, ticket.ReasonProof))
		return "", &smtpd.Refused{Code: 550, Enhanced: [3]int{5, 7, 1}, Text: dialogueText(a)}
	}
	if err := h.heard(); err != nil {
		return "", err
	}
	if h.mail.message.SuppressReply {
		return h.record(reason + ", and its sender wants no automatic answer"), nil
	}
	if !slices.ContainsFunc(h.desk.addresses(), func(own ticket.Address) bool { return h.desk.addressed(h.mail.message, own) }) {
		return h.record(reason + ", and it was not written to us"), nil
	}
	if !h.answerable(a) {
		return h.record(reason + ", and enough was said of that already"), nil
	}
	if !h.looksUp() && !h.room.answers.spend(h.author(), h.mail.at, cmp.Or(h.site.Limits.AnswersPerHour, answersAnHour)) {
		return h.record(reason + ", and its sender got too many answers within an hour"), nil
	}
	a.body.Subject = h.desk.scrub(h.mail.message.Subject)
	h.entry.Outcome, h.entry.Reason = store.OutcomeAnswered, reason
	return "recorded " + h.entry.ID, h.tx.Enqueue(store.Notice{
		ID: h.room.ids.next(h.mail.at), Desk: h.desk.ID(), Kind: a.kind, Ticket: a.number, Event: h.ticket.Events, To: h.author(),
		Created: h.mail.at, Mail: h.entry.ID, Answer: &a.body, Status: store.NoticeQueued, Next: h.mail.at,
	})
}

// heard notes on the ticket that its requester wrote, where nothing else comes
// of the mail and a clock would end the ticket for want of one.
func (h *hearing) heard() error {
	if h.named == "" || !slices.Contains(h.policy().Roles(h.ticket, h.author()), ticket.RoleRequester) {
		return nil
	}
	events, err := h.tx.Events(h.desk.ID(), h.ticket.Number)
	if err != nil {
		return fmt.Errorf("events of %s: %w", h.ticket.Number, err)
	}
	if !h.policy().Closing(events) {
		return nil
	}
	_, err = h.room.act(h.tx, h.desk, h.ticket.Number, ticket.Request{
		Action: ticket.Hear, Role: ticket.RoleClock, Mail: h.entry.ID, MessageID: h.mail.message.MessageID})
	return h.room.unrecorded(store.Notice{ID: h.entry.ID, Ticket: h.ticket.Number}, err)
}

// How often the same is said to one person in an hour, how often anything is said
// on one ticket, and in all.
const (
	sameAnHour   = 8
	ticketAnHour = 60
	allAnHour    = 2000
)

// answerable tells whether the budgets allow one more answer. When there are too
// many in all, the administrators are told, once.
func (h *hearing) answerable(a answer) bool {
	now, desk := h.mail.at, h.desk.ID()
	same := ticket.Address(a.kind + " " + a.body.Reason + " " + string(a.number) + " " + string(h.author()))
	if !h.looksUp() && !h.room.answers.spend(same, now, sameAnHour) ||
		a.number != "" && !h.room.answers.spend(ticket.Address("ticket "+desk+" "+string(a.number)), now, ticketAnHour) {
		return false
	}
	if h.room.answers.spend(ticket.Address("all "+desk), now, allAnHour) {
		return true
	}
	if h.room.alarms.spend(ticket.Address("breaker "+desk), now, 1) {
		if err := h.room.tellAdministrators(h.tx, h.desk, templates.KindBreaker, store.Answer{}); err != nil {
			h.room.log.Error("too many answers, and the administrators are not told", "desk", desk, "error", err)
		}
	}
	return false
}

// looksUp tells whether somebody who works at the desk asks for something by its
// exact name, which no program does by itself: they may as often as they need.
func (h *hearing) looksUp() bool {
	return h.order.Kind == OrderQuery && h.mail.verdict.Strict && h.policy().Staff(h.author())
}

// possessed tells whether the mail holds what only an addressee of our mail
// can know, whatever it asks for.
func (h *hearing) possessed() bool {
	return h.replies || h.desk.Policy.Holds(h.ticket, h.order.Action, h.author(), h.order.Token)
}

// dialogueText says in the SMTP dialogue, for the postmaster's log and the
// bounce that the author's own server writes, what an answer would have said.
// It says nothing about any ticket.
func dialogueText(a answer) string {
	if a.kind != templates.KindCorrection {
		return "sender not authenticated; not accepted for this address"
	}
	var wrong []string
	for _, p := range a.body.Problems {
		wrong = append(wrong, p.Field+" "+p.Reason)
	}
	return "form incomplete: " + strings.Join(wrong, ", ")
}
