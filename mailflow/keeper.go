package mailflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Keep watches the desks' clocks until ctx is done: what is due on a ticket
// goes through the one door like what people ask for. It owns no goroutine but
// its caller's. An error of the store is tried again later; nothing due is
// forgotten, for what is not done stays due.
func (r *Mailroom) Keep(ctx context.Context) error {
	for ctx.Err() == nil {
		next, err := r.CatchUp(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.Error("what is due was not done", "error", err)
			next = r.clock.Now().Add(retryClocks)
		}
		if next.IsZero() {
			next = r.clock.Now().Add(idleClocks)
		}
		select {
		case <-ctx.Done():
		case <-r.clock.Until(next):
		case <-r.due:
		}
	}
	return nil
}

const (
	retryClocks = time.Minute
	idleClocks  = 24 * time.Hour
	dueAtOnce   = 64 // reminders read at a time
)

// CatchUp does all that is due by now and says when to look again; zero if
// nothing is to come. It may be called while Keep runs: what is due is done
// once.
func (r *Mailroom) CatchUp(ctx context.Context) (next time.Time, err error) {
	if r.stale.Swap(false) {
		if err := r.rewind(ctx); err != nil {
			r.stale.Store(true)
			return time.Time{}, fmt.Errorf("winding up the clocks: %w", err)
		}
	}
	for {
		var due []store.Reminder
		now := r.clock.Now()
		err := r.store.View(ctx, func(tx store.Tx) (err error) {
			due, next, err = tx.Reminders(now, dueAtOnce)
			return err
		})
		if err != nil || len(due) == 0 {
			return next, err
		}
		for _, reminder := range due {
			if err := r.answerReminder(ctx, reminder, now); err != nil {
				if err := r.putOff(ctx, reminder, now, err); err != nil {
					return next, err
				}
			}
		}
		r.wake()
	}
}

// putOff has what could not be done tried again later, so that it does not keep
// everything else from being done.
func (r *Mailroom) putOff(ctx context.Context, reminder store.Reminder, now time.Time, why error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.log.Error("what is due was not done, and is put off", "desk", reminder.Desk, "ticket", reminder.Ticket, "name", reminder.Name, "error", why)
	reminder.At = now.Add(retryClocks)
	return r.store.Update(ctx, func(tx store.Tx) error { return tx.Remind(reminder) })
}

// answerReminder does what one reminder is for, in a transaction of its own.
func (r *Mailroom) answerReminder(ctx context.Context, reminder store.Reminder, now time.Time) error {
	d := r.site.Load().desk(reminder.Desk)
	return r.store.Update(ctx, func(tx store.Tx) error {
		switch {
		case d == nil: // a desk that is gone; it winds up its clocks when it comes back
			return tx.Remind(store.Reminder{Desk: reminder.Desk, Ticket: reminder.Ticket, Name: reminder.Name})
		case reminder.Ticket == "":
			return r.sendDigest(tx, d, reminder, now)
		}
		return r.alarm(tx, d, reminder.Ticket, now)
	})
}

// maxAlarms bounds what is done on one ticket at one time.
const maxAlarms = 50

// alarm does what the clocks of a ticket ask for.
func (r *Mailroom) alarm(tx store.Tx, d *Desk, number ticket.Number, now time.Time) error {
	for range maxAlarms {
		events, err := tx.Events(d.ID(), number)
		if err != nil {
			return fmt.Errorf("events of %s: %w", number, err)
		}
		alarm, any := d.at(now).NextAlarm(events, now)
		if !any || alarm.At.After(now) {
			break
		}
		if err := r.sound(tx, d, number, alarm); err != nil {
			return err
		}
	}
	return r.remind(tx, d, number)
}

// sound does one alarm. One that the desk's rules refuse, such as an action of
// the clock that is not possible in the ticket's state, is noted as done.
func (r *Mailroom) sound(tx store.Tx, d *Desk, number ticket.Number, alarm ticket.Alarm) error {
	t, err := tx.Ticket(d.ID(), number)
	if err != nil {
		return fmt.Errorf("ticket %s: %w", number, err)
	}
	action, _ := d.Policy.Does(t, alarm)
	_, err = r.act(tx, d, number, ticket.Request{Action: action, Role: ticket.RoleClock, Alarm: &alarm})
	var refusal *ticket.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	r.log.Warn("a clock could not do what it is for", "ticket", number, "clock", alarm.Clock, "action", action, "error", err)
	_, err = r.act(tx, d, number, ticket.Request{Action: ticket.Lapse, Role: ticket.RoleClock, Alarm: &alarm, Text: refusal.Reason})
	return err
}

// remind sets when the clocks of a ticket must be looked at next. Whoever keeps
// them has to be told once that is kept: see update.
func (r *Mailroom) remind(tx store.Tx, d *Desk, number ticket.Number) error {
	if len(d.Policy.Clocks) == 0 { // perhaps there were some
		return tx.Remind(store.Reminder{Desk: d.ID(), Ticket: number})
	}
	events, err := tx.Events(d.ID(), number)
	if err != nil {
		return fmt.Errorf("events of %s: %w", number, err)
	}
	alarm, _ := d.Policy.NextAlarm(events, r.clock.Now())
	return tx.Remind(store.Reminder{Desk: d.ID(), Ticket: number, At: alarm.At})
}

// update is a transaction that may set clocks going; whoever keeps them looks
// again when it is kept, and not before.
func (r *Mailroom) update(ctx context.Context, fn func(store.Tx) error) error {
	err := r.store.Update(ctx, fn)
	r.poke()
	return err
}

// poke has whoever keeps the clocks look again.
func (r *Mailroom) poke() {
	select {
	case r.due <- struct{}{}:
	default:
	}
}

// rewind sets all reminders anew: the rules may have changed since.
func (r *Mailroom) rewind(ctx context.Context) error {
	for _, d := range r.site.Load().Desks {
		if err := r.rewindDesk(ctx, d); err != nil {
			return fmt.Errorf("desk %s: %w", d.ID(), err)
		}
	}
	return nil
}

func (r *Mailroom) rewindDesk(ctx context.Context, d *Desk) error {
	var lively []ticket.Number
	err := r.store.View(ctx, func(tx store.Tx) error {
		for t, err := range tx.Tickets(d.ID()) {
			if err != nil {
				return err
			}
			if !t.State.Over() {
				lively = append(lively, t.Number)
			}
		}
		return nil
	})
	for _, number := range lively {
		err = errors.Join(err, r.store.Update(ctx, func(tx store.Tx) error { return r.remind(tx, d, number) }))
	}
	return errors.Join(err, r.store.Update(ctx, func(tx store.Tx) error { return r.remindDigests(tx, d) }))
}
