package mailflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/mailflow/deliver"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// DefaultLease is how long a notice belongs to the courier that claimed it. It
// is longer than any attempt takes; a notice whose courier died is tried again
// after it.
const DefaultLease = 20 * time.Minute

// Claim implements deliver.Queue. Where nothing is due it writes nothing.
func (r *Mailroom) Claim(ctx context.Context, now time.Time, n int) (jobs []deliver.Job, next time.Time, err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		_, next, err = tx.Claim(now, 0, r.lease)
		return err
	})
	if err != nil || next.IsZero() || next.After(now) {
		return nil, next, err
	}
	var claimed []store.Notice
	err = r.store.Update(ctx, func(tx store.Tx) (err error) {
		claimed, next, err = tx.Claim(now, n, r.lease)
		return err
	})
	for _, c := range claimed {
		jobs = append(jobs, deliver.Job{ID: c.ID, Attempt: c.Attempt, Created: c.Created})
	}
	return jobs, next, err
}

// Settle implements deliver.Queue. A mail that will never arrive is recorded
// on its ticket, through the same door as everything else.
func (r *Mailroom) Settle(ctx context.Context, o deliver.Outcome) error {
	return r.update(ctx, func(tx store.Tx) error {
		n, err := tx.Notice(o.Job.ID)
		if err != nil {
			return fmt.Errorf("notice %s: %w", o.Job.ID, err)
		}
		if n.Status != store.NoticeSending || n.Attempt != o.Job.Attempt {
			return nil // settled before
		}
		if err := tx.SaveNotice(settled(n, o)); err != nil {
			return err
		}
		switch o.Result {
		case deliver.Delivered:
			return r.recordArrival(tx, n)
		case deliver.Failed:
			return r.recordFailure(tx, n, o.Failure)
		}
		return nil
	})
}

// settled is the notice after an attempt.
func settled(n store.Notice, o deliver.Outcome) store.Notice {
	switch o.Result {
	case deliver.Delivered:
		n.Status, n.Next, n.Settled = store.NoticeDelivered, o.At, o.At
		n.Remote, n.Said = o.Receipt.Host, o.Receipt.Reply
	case deliver.Deferred:
		n.Status, n.Next, n.Said = store.NoticeQueued, o.Retry, o.Failure.Error()
	case deliver.Failed:
		n.Status, n.Next, n.Settled, n.Said = store.NoticeFailed, o.At, o.At, o.Failure.Error()
	}
	return n
}

// recordArrival notes on the ticket that a notice arrived, if one of the
// desk's clocks waits for that.
func (r *Mailroom) recordArrival(tx store.Tx, n store.Notice) error {
	d := r.site.Load().desk(n.Desk)
	if _, awaited := d.awaited(n); !awaited {
		return nil
	}
	_, err := r.act(tx, d, n.Ticket, ticket.Request{Action: ticket.Deliver, Role: ticket.RoleClock, Notice: n.Kind})
	return r.unrecorded(n, err)
}

// awaited is the action that a notice tells the requester of, if one of the
// desk's clocks waits for its arrival.
func (d *Desk) awaited(n store.Notice) (ticket.Action, bool) {
	action, audience, _ := strings.Cut(n.Kind, ".")
	a := ticket.Action(action)
	return a, d != nil && n.Ticket != "" && audience == string(ticket.ToRequester) && d.Policy.Awaits(a)
}

// recordReturn notes on the ticket that a notice which seemed to have arrived,
// and for which one of the desk's clocks waited, came back, unless it is old
// news: the same was done again since.
func (r *Mailroom) recordReturn(tx store.Tx, d *Desk, n store.Notice) error {
	action, awaited := d.awaited(n)
	if !awaited || n.Status != store.NoticeDelivered {
		return nil
	}
	events, err := tx.Events(d.ID(), n.Ticket)
	if err != nil {
		return fmt.Errorf("events of %s: %w", n.Ticket, err)
	}
	again := func(e ticket.Event) bool { return e.Action == action }
	if slices.ContainsFunc(events[min(len(events), n.Event):], again) {
		return nil
	}
	_, err = r.act(tx, d, n.Ticket, ticket.Request{Action: ticket.Bounce, Role: ticket.RoleClock, Notice: n.Kind})
	return r.unrecorded(n, err)
}

// recordFailure does what a refusal in the dialogue asks for: the same as a
// bounce.
func (r *Mailroom) recordFailure(tx store.Tx, n store.Notice, failure deliver.Failure) error {
	d := r.site.Load().desk(n.Desk)
	if d == nil {
		return nil
	}
	if strings.HasPrefix(failure.Enhanced, "5.") {
		return r.came(tx, d, n, failure.Enhanced, "failed", failure.Error())
	}
	return r.noteFailure(tx, d, n, failure.Error())
}

// unrecorded lets go what a ticket does not take: the outbox still says it, and
// the mail must not be tried for ever because the desk keeps no records.
func (r *Mailroom) unrecorded(n store.Notice, err error) error {
	var refusal *ticket.Refusal
	if errors.As(err, &refusal) || errors.Is(err, store.ErrNotFound) {
		r.log.Warn("what became of a notice is not on its ticket", "ticket", n.Ticket, "notice", n.ID, "error", err)
		return nil
	}
	return err
}

// Recover puts notices that were being sent when the daemon died back into the
// queue. It is for the start of a daemon that has the store to itself.
func (r *Mailroom) Recover(ctx context.Context) error {
	return r.store.Update(ctx, func(tx store.Tx) error {
		for n, err := range tx.Notices() {
			if err != nil {
				return fmt.Errorf("reading the outbox: %w", err)
			}
			if n.Status != store.NoticeSending {
				continue
			}
			n.Status, n.Next = store.NoticeQueued, r.clock.Now()
			if err := tx.SaveNotice(n); err != nil {
				return fmt.Errorf("putting notice %s back: %w", n.ID, err)
			}
		}
		return nil
	})
}
