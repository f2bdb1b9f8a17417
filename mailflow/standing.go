package mailflow

import (
	"fmt"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// What a desk holds against somebody, and for how long.
const (
	heldOff    = 30 * 24 * time.Hour // whoever sent spam
	maxGuesses = 5                   // wrong codes within guessSpan, after which no code of theirs is looked at
	guessSpan  = 24 * time.Hour
)

// standing is how an author stands with the desk: it forgets that mail did not
// reach them, for here is mail of theirs; and it says whether they are held off.
func (h *hearing) standing() (off bool, err error) {
	if h.author() == "" {
		return false, nil
	}
	c, err := h.tx.Correspondent(h.desk.ID(), h.author())
	if err != nil {
		return false, fmt.Errorf("correspondent %s: %w", h.author(), err)
	}
	if h.mail.at.Before(c.HeldOff) {
		if proven, err := h.proven(); err != nil || !proven || !c.HeldUnproven {
			return true, err
		}
	}
	if c.Undeliverable.IsZero() || h.mail.message.Machine() {
		return false, nil
	}
	c.Undeliverable, c.Reason = time.Time{}, ""
	return false, h.tx.SaveCorrespondent(h.desk.ID(), c)
}

// proven tells whether the mail is its author's beyond doubt: their domain
// vouches for it, or it holds what was sent to nobody else.
func (h *hearing) proven() (bool, error) {
	if h.mail.verdict.Authenticated || h.replies {
		return true, nil
	}
	t, theirs, err := h.find(h.order.Number)
	return theirs && h.policy().Holds(t, h.order.Action, h.author(), h.order.Token), err
}

// holdOff keeps the mail of whoever sent a discarded ticket out for a while.
// Where nobody vouched for the one it came from, it may have been forged: what
// is proven to be theirs is still heard.
func (r *Mailroom) holdOff(tx store.Tx, d *Desk, t ticket.Ticket) error {
	who, now := t.Requester.Address, r.clock.Now()
	if d.Policy.Staff(who) {
		return nil
	}
	events, err := tx.Events(d.ID(), t.Number)
	if err != nil || len(events) == 0 {
		return fmt.Errorf("events of %s: %w", t.Number, err)
	}
	c, err := tx.Correspondent(d.ID(), who)
	if err != nil {
		return fmt.Errorf("correspondent %s: %w", who, err)
	}
	unproven := !events[0].Assurance.Meets(ticket.DemandEither)
	c.HeldUnproven = unproven && (c.HeldUnproven || !now.Before(c.HeldOff))
	c.HeldOff = now.Add(heldOff)
	return tx.SaveCorrespondent(d.ID(), c)
}

// lockedOut tells whether the author guessed too often.
func (h *hearing) lockedOut() (bool, error) {
	c, err := h.tx.Correspondent(h.desk.ID(), h.author())
	return c.Guesses >= maxGuesses && h.mail.at.Sub(c.GuessedAt) < guessSpan, err
}

// guessed counts a wrong or foreign code of somebody who is who they say, and
// tells the administrators of it, of each person once an hour. Who is not
// proven counts for nothing: it would lock out whom they pretend to be.
func (h *hearing) guessed(reason string) error {
	if !h.mail.verdict.Authenticated || reason != ticket.ReasonBadToken && reason != ticket.ReasonForeignToken {
		return nil
	}
	c, err := h.tx.Correspondent(h.desk.ID(), h.author())
	if err != nil {
		return fmt.Errorf("correspondent %s: %w", h.author(), err)
	}
	if h.mail.at.Sub(c.GuessedAt) >= guessSpan {
		c.Guesses = 0
	}
	c.Guesses, c.GuessedAt = c.Guesses+1, h.mail.at
	if err := h.tx.SaveCorrespondent(h.desk.ID(), c); err != nil {
		return err
	}
	return h.attempt(reason)
}

// attemptsAnHour bounds how many different people the administrators are told of.
const attemptsAnHour = 20

// attempt tells the administrators that somebody tried what is not theirs.
func (h *hearing) attempt(reason string) error {
	who, desk := ticket.Address("attempt "+h.desk.ID()+" "+string(h.author())), ticket.Address("attempts "+h.desk.ID())
	if !h.room.alarms.spend(who, h.mail.at, 1) || !h.room.alarms.spend(desk, h.mail.at, attemptsAnHour) {
		return nil
	}
	return h.room.tellAdministrators(h.tx, h.desk, templates.KindAttempt,
		store.Answer{Action: h.order.Action, Reason: reason, Subject: string(h.author()) + " - " + h.desk.scrub(h.mail.message.Subject)})
}

// forwardsAnHour bounds what the administrators get of the role mailboxes.
const forwardsAnHour = 30

// forward hands a mail to a role mailbox on to the administrators: RFC 5321
// section 4.5.1 wants a person to read it.
func (h *hearing) forward(reason string) (string, error) {
	if h.mail.envelope.From == "" && h.mail.message.Kind != parser.FeedbackReport ||
		!h.room.alarms.spend(ticket.Address("forward "+h.desk.ID()), h.mail.at, forwardsAnHour) {
		return h.record(reason), nil
	}
	subject := strings.TrimSpace(string(h.mail.verdict.Author.Address) + " - " + h.mail.message.Subject)
	err := h.room.tellAdministrators(h.tx, h.desk, templates.KindForwarded, store.Answer{Subject: h.desk.scrub(subject), Mail: h.entry.ID})
	return h.record(reason), err
}

// tooMuch is said to who writes more about tickets than a person does.
var tooMuch = &smtpd.Refused{Code: 450, Enhanced: [3]int{4, 7, 1}, Text: "too many mails of this sender; try again later"}

// actsAnHour is how often one person may change tickets in an hour: a robot
// that does not say it is one must not go round in circles with us.
const actsAnHour = 120
