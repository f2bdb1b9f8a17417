package mailflow

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// warning is what a desk's administrators are told of a mail that is refused,
// though everything else it led to is undone.
type warning struct {
	desk *Desk
	kind string
	body store.Answer
}

// warn has the administrators told once the mail is refused.
func (h *hearing) warn(kind string, body store.Answer) {
	h.mail.warnings = append(h.mail.warnings, warning{desk: h.desk, kind: kind, body: body})
}

// tellWarnings tells them all.
func (r *Mailroom) tellWarnings(tx store.Tx, warnings []warning) error {
	var failed error
	for _, w := range warnings {
		failed = errors.Join(failed, r.tellAdministrators(tx, w.desk, w.kind, w.body))
	}
	if failed != nil {
		return fmt.Errorf("warning of a refused mail: %w", failed)
	}
	return nil
}

// attemptsAnHour bounds how many different people the administrators are told of.
const attemptsAnHour = 20

// attempt tells the administrators that somebody tried what is not theirs.
func (h *hearing) attempt(reason string) error {
	if !h.notable() {
		return nil
	}
	return h.room.tellAdministrators(h.tx, h.desk, templates.KindAttempt, h.attempted(reason))
}

// suspect warns the administrators of who wrote in somebody's name about a ticket
// in which that person has a part. The stranger hears what is said about any
// other, and in the same time: the line in the journal is kept with the warning.
func (h *hearing) suspect(reason string) {
	if h.named != "" && h.notable() {
		h.warn(templates.KindAttempt, h.attempted(reason))
	}
}

// notable tells whether the administrators are told of one more attempt: of each
// person once an hour.
func (h *hearing) notable() bool {
	who, desk := ticket.Address("attempt "+h.desk.ID()+" "+string(h.author())), ticket.Address("attempts "+h.desk.ID())
	return h.room.alarms.spend(who, h.mail.at, 1) && h.room.alarms.spend(desk, h.mail.at, attemptsAnHour)
}

func (h *hearing) attempted(reason string) store.Answer {
	return store.Answer{Action: h.order.Action, Reason: reason, Subject: string(h.author()) + " - " + h.desk.scrub(h.mail.message.Subject)}
}

// forwardsAnHour bounds what the administrators get of the role mailboxes, and
// what they hear of mails that filters held.
const forwardsAnHour = 30

// hold keeps a mail that a filter held, and tells the administrators of it.
func (h *hearing) hold(reason string) (string, error) {
	if !h.room.alarms.spend(ticket.Address("held "+h.desk.ID()), h.mail.at, forwardsAnHour) {
		return h.record(reason), nil
	}
	err := h.room.tellAdministrators(h.tx, h.desk, templates.KindForwarded, store.Answer{Subject: h.desk.scrub(reason)})
	return h.record(reason), err
}

// forward hands a mail to a role mailbox on to the administrators: RFC 5321
// section 4.5.1 wants a person to read it.
func (h *hearing) forward(reason string) (string, error) {
	if !h.forwarded(reason) || !h.room.alarms.spend(ticket.Address("forward "+h.desk.ID()), h.mail.at, forwardsAnHour) {
		return h.record(reason), nil
	}
	subject := strings.TrimSpace(string(h.mail.verdict.Author.Address) + " - " + h.mail.message.Subject)
	err := h.room.tellAdministrators(h.tx, h.desk, templates.KindForwarded, store.Answer{Subject: h.desk.scrub(subject), Mail: h.entry.ID})
	return h.record(reason), err
}

// forwarded tells whether a mail to a role mailbox is a person's, or a complaint
// (RFC 5965). Anything else a machine sent, our own mail first of all, could go
// round between two desks for ever.
func (h *hearing) forwarded(reason string) bool {
	m := h.mail.message
	return m.Kind == parser.FeedbackReport || !m.Machine() && h.mail.envelope.From != "" && reason != ownMail
}
