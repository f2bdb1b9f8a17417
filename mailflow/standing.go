package mailflow

import (
	"fmt"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// What a desk holds against somebody, and for how long.
const (
	heldOff    = 30 * 24 * time.Hour // whoever sent spam
	maxGuesses = 5                   // wrong codes within guessSpan, after which no code of theirs is looked at
	guessSpan  = 24 * time.Hour
)

// standing is how an author stands with the desk: it forgets that mail did not
// reach them, for here is mail that is proven to be theirs; and it says whether they are held off.
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
	if proven, err := h.proven(); err != nil || !proven {
		return false, err
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
