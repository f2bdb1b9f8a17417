package mailflow

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// act is the one door: the only code that changes a ticket. A refusal changes
// nothing and takes no number. What an action leads to elsewhere, on other
// tickets or in what the desk remembers, goes through it in the same
// transaction.
func (r *Mailroom) act(tx store.Tx, d *Desk, number ticket.Number, request ticket.Request) (ticket.Decision, error) {
	decision, err := r.decide(tx, d, number, request)
	if err != nil {
		return decision, err
	}
	if err := tx.Append(decision.Ticket, decision.Events); err != nil {
		return decision, fmt.Errorf("keeping %s: %w", decision.Ticket.Number, err)
	}
	if err := r.enqueue(tx, d, decision); err != nil {
		return decision, err
	}
	if err := r.remind(tx, d, decision.Ticket.Number); err != nil {
		return decision, err
	}
	if err := r.consequences(tx, d, decision); err != nil {
		// Whatever it is, it is no refusal of what was granted.
		return decision, fmt.Errorf("what %s of %s leads to: %v", request.Action, decision.Ticket.Number, err)
	}
	return decision, nil
}

// decide asks the domain, with all that it must know.
func (r *Mailroom) decide(tx store.Tx, d *Desk, number ticket.Number, request ticket.Request) (ticket.Decision, error) {
	var t ticket.Ticket
	var err error
	now := r.clock.Now()
	if number != "" {
		if t, err = tx.Ticket(d.ID(), number); err != nil {
			return ticket.Decision{}, fmt.Errorf("ticket %s: %w", number, err)
		}
	}
	if request.Main, err = d.main(tx, request); err != nil {
		return ticket.Decision{}, err
	}
	decision, err := ticket.Decide(t, request, d.Policy, now)
	if err != nil || !d.Policy.Actions[request.Action].Opens() {
		return decision, err
	}
	// Granted: now it takes a number.
	if request.Number, err = d.nextNumber(tx, request.Action, now); err != nil {
		return decision, err
	}
	return ticket.Decide(t, request, d.Policy, now)
}

// main is the ticket that a request's form names to follow or go on under.
func (d *Desk) main(tx store.Tx, request ticket.Request) (*ticket.Ticket, error) {
	field, named := d.form(request.Action).Setting(ticket.SetsMain)
	number, found := d.Policy.Numbers.Find(request.Read[field.ID])
	if !named || !found {
		return nil, nil
	}
	t, err := tx.Ticket(d.ID(), number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &t, err
}

// maxTaken bounds how many numbers in a row may be taken: those of a format
// the desk used before.
const maxTaken = 10_000

// nextNumber takes the next number that no ticket has. Each action that opens
// counts for itself.
func (d *Desk) nextNumber(tx store.Tx, opening ticket.Action, now time.Time) (ticket.Number, error) {
	local, format := now.In(d.Policy.Zone), d.Policy.NumbersOf(opening)
	sequence := format.Period(local)
	if opening != ticket.Open {
		sequence = string(opening) + " " + sequence
	}
	for range maxTaken {
		seq, err := tx.NextSequence(d.ID(), sequence)
		if err != nil {
			return "", fmt.Errorf("numbering a ticket: %w", err)
		}
		number := format.Number(local, seq)
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
		to, reached, err := reader(tx, d, decision, n)
		if err != nil {
			return err
		}
		if !reached || !r.confirms(d, event, n) {
			continue
		}
		notice := store.Notice{
			ID: r.ids.next(event.At), Desk: d.ID(), Kind: ticket.NoticeKind(n.Action, n.Audience),
			Ticket: event.Ticket, Event: n.Event, To: to, Created: event.At, Mail: event.Mail,
			Status: store.NoticeQueued, Next: event.At,
		}
		if err := tx.Enqueue(notice); err != nil {
			return fmt.Errorf("queueing notice %d of %s: %w", i+1, event.Ticket, err)
		}
	}
	return nil
}

// reader is who gets a notice: its addressee or, where no mail reaches somebody of
// the desk, whoever is above them; false if nobody needs to.
func reader(tx store.Tx, d *Desk, decision ticket.Decision, n ticket.Notice) (ticket.Address, bool, error) {
	reached, err := reachable(tx, d, n.To)
	if reached || err != nil || n.Audience.Theirs() || n.Audience == ticket.ToActor {
		return n.To, reached, err
	}
	p, t := d.at(decision.Events[0].At), decision.Ticket
	for _, audience := range above(p, t, n.To) {
		for _, to := range p.Addressees(t, audience, "") {
			told := slices.ContainsFunc(decision.Notices, func(other ticket.Notice) bool { return other.To.Equal(to) })
			if reached, err := reachable(tx, d, to); reached || err != nil {
				return to, reached && !told, err
			}
		}
	}
	return n.To, false, nil
}

// confirmsAnHour is how often somebody is told in an hour that what they wrote
// has been put down.
const confirmsAnHour = 20

// confirms tells whether a notice goes out. One that only confirms to its author
// a comment or a note, which change nothing, goes out so often: a robot that
// answers it as a person would gets no more to answer, and nothing is lost.
func (r *Mailroom) confirms(d *Desk, e ticket.Event, n ticket.Notice) bool {
	if !e.Actor.Address.Equal(n.To) || e.Is() != ticket.Comment && e.Is() != ticket.Record {
		return true
	}
	if r.answers.spend(ticket.Address("confirm "+d.ID()+" "+string(n.To)), e.At, confirmsAnHour) {
		return true
	}
	r.log.Warn("enough was confirmed to one person within an hour", "desk", d.ID(), "ticket", e.Ticket, "to", n.To)
	return false
}
