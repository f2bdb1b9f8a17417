package mailflow

import (
	"errors"
	"fmt"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// act is the one door: the only code that changes a ticket. A refusal changes
// nothing and takes no number.
func (r *Mailroom) act(tx store.Tx, d *Desk, number ticket.Number, request ticket.Request) (ticket.Decision, error) {
	var t ticket.Ticket
	var err error
	now := r.clock.Now()
	if number != "" {
		if t, err = tx.Ticket(d.ID(), number); err != nil {
			return ticket.Decision{}, fmt.Errorf("ticket %s: %w", number, err)
		}
	}
	decision, err := ticket.Decide(t, request, d.Policy, now)
	if err != nil {
		return decision, err
	}
	if request.Action == ticket.Open { // granted: now it takes a number
		if request.Number, err = d.nextNumber(tx, now); err != nil {
			return decision, err
		}
		if decision, err = ticket.Decide(t, request, d.Policy, now); err != nil {
			return decision, err
		}
	}
	if err := tx.Append(decision.Ticket, decision.Events); err != nil {
		return decision, fmt.Errorf("keeping %s: %w", decision.Ticket.Number, err)
	}
	return decision, r.enqueue(tx, d, decision)
}

// maxTaken bounds how many numbers in a row may be taken: those of a format
// the desk used before.
const maxTaken = 10_000

// nextNumber takes the next number that no ticket has.
func (d *Desk) nextNumber(tx store.Tx, now time.Time) (ticket.Number, error) {
	local := now.In(d.Policy.Zone)
	for range maxTaken {
		seq, err := tx.NextSequence(d.ID(), d.Policy.Numbers.Period(local))
		if err != nil {
			return "", fmt.Errorf("numbering a ticket: %w", err)
		}
		number := d.Policy.Numbers.Number(local, seq)
		if _, err := tx.Ticket(d.ID(), number); errors.Is(err, store.ErrNotFound) {
			return number, nil
		} else if err != nil {
			return "", fmt.Errorf("numbering a ticket: %w", err)
		}
	}
	return "", fmt.Errorf("desk %s: %d numbers in a row are taken", d.ID(), maxTaken)
}

func (r *Mailroom) enqueue(tx store.Tx, d *Desk, decision ticket.Decision) error {
	for i, n := range decision.Notices {
		event := decision.Events[0]
		notice := store.Notice{
			ID: r.ids.next(event.At), Desk: d.ID(), Kind: ticket.NoticeKind(n.Action, n.Audience),
			Ticket: event.Ticket, Event: n.Event, To: n.To, Created: event.At, Mail: event.Mail,
			Status: store.NoticeQueued, Next: event.At,
		}
		if err := tx.Enqueue(notice); err != nil {
			return fmt.Errorf("queueing notice %d of %s: %w", i+1, event.Ticket, err)
		}
	}
	return nil
}
