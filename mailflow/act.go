package mailflow

import (
	"context"
	"fmt"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Act asks for an action on a ticket in the daemon's own name: the clock's or
// the operator's. It is the same door mail goes through.
func (r *Mailroom) Act(ctx context.Context, deskID string, number ticket.Number, request ticket.Request) (ticket.Decision, error) {
	d := r.site.Load().desk(deskID)
	if d == nil {
		return ticket.Decision{}, fmt.Errorf("there is no desk %q", deskID)
	}
	var decision ticket.Decision
	err := r.store.Update(ctx, func(tx store.Tx) (err error) {
		decision, err = r.act(tx, d, number, request)
		return err
	})
	if err == nil {
		r.wake()
	}
	return decision, err
}

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
	if request.Action == ticket.Open {
		if decision, err = r.decideNumbered(tx, d, request); err != nil {
			return decision, err
		}
	}
	if err := tx.Append(decision.Ticket, decision.Events); err != nil {
		return decision, fmt.Errorf("keeping %s: %w", decision.Ticket.Number, err)
	}
	return decision, r.enqueue(tx, d, decision)
}

// decideNumbered decides an opening again, now that it is known to be granted
// and takes a number.
func (r *Mailroom) decideNumbered(tx store.Tx, d *Desk, request ticket.Request) (ticket.Decision, error) {
	now := r.clock.Now()
	local := now.In(d.Policy.Zone)
	seq, err := tx.NextSequence(d.ID(), d.Policy.Numbers.Period(local))
	if err != nil {
		return ticket.Decision{}, fmt.Errorf("numbering a ticket: %w", err)
	}
	request.Number = d.Policy.Numbers.Number(local, seq)
	return ticket.Decide(ticket.Ticket{}, request, d.Policy, now)
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
