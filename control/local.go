package control

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Store is what Local needs of a store.Store.
type Store interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
	View(ctx context.Context, fn func(store.Tx) error) error
}

// Local answers from an open store. Only Store must be given.
type Local struct {
	Store Store
	// Desks are where a ticket's number is looked up. If it is found at none
	// of them, or this is nil, all tickets there are are gone through.
	Desks func() []string
	// Now is the time by which a notice is due; nil: time.Now.
	Now func() time.Time
	// Wake is called after notices were made due; nil where nothing delivers.
	Wake func()
	// AdvanceClock moves the test clock; nil where there is none.
	AdvanceClock func(time.Duration) (time.Time, error)
}

var _ Operations = Local{}

// Tickets implements Operations.
func (l Local) Tickets(ctx context.Context, desk string) (list []ticket.Ticket, err error) {
	err = l.Store.View(ctx, func(tx store.Tx) error {
		list, err = collect(ctx, tx.Tickets(desk), func(ticket.Ticket) bool { return true })
		return err
	})
	return list, err
}

// Ticket implements Operations.
func (l Local) Ticket(ctx context.Context, desk string, number ticket.Number) (t ticket.Ticket, events []ticket.Event, err error) {
	number = canonical(number)
	err = l.Store.View(ctx, func(tx store.Tx) error {
		if t, err = l.find(ctx, tx, desk, number); err != nil {
			return err
		}
		events, err = tx.Events(t.Desk, t.Number)
		return err
	})
	if err != nil {
		return ticket.Ticket{}, nil, missing(err, "ticket %s", number)
	}
	return t, events, nil
}

// canonical is a number as desks write it: see ticket.ParseNumberFormat.
func canonical(n ticket.Number) ticket.Number {
	return ticket.Number(strings.ToUpper(strings.TrimSpace(string(n))))
}

func (l Local) find(ctx context.Context, tx store.Tx, desk string, number ticket.Number) (ticket.Ticket, error) {
	if desk != "" {
		return tx.Ticket(desk, number)
	}
	var found []ticket.Ticket
	var err error
	if l.Desks != nil {
		found, err = lookUp(tx, l.Desks(), number)
	}
	if err == nil && len(found) == 0 {
		found, err = collect(ctx, tx.Tickets(""), func(t ticket.Ticket) bool { return t.Number == number })
	}
	switch {
	case err != nil:
		return ticket.Ticket{}, err
	case len(found) == 0:
		return ticket.Ticket{}, store.ErrNotFound
	case len(found) > 1:
		return ticket.Ticket{}, fmt.Errorf("ticket %s: more than one desk has it, say which: %s", number, strings.Join(desks(found), ", "))
	}
	return found[0], nil
}

// lookUp finds the tickets of a number at some desks.
func lookUp(tx store.Tx, desks []string, number ticket.Number) ([]ticket.Ticket, error) {
	var found []ticket.Ticket
	for _, desk := range desks {
		t, err := tx.Ticket(desk, number)
		switch {
		case err == nil:
			found = append(found, t)
		case !errors.Is(err, store.ErrNotFound):
			return nil, err
		}
	}
	return found, nil
}

func desks(tickets []ticket.Ticket) []string {
	var names []string
	for _, t := range tickets {
		names = append(names, t.Desk)
	}
	return slices.Sorted(slices.Values(names))
}

// Journal implements Operations.
func (l Local) Journal(ctx context.Context, f store.JournalFilter) (list []store.Entry, err error) {
	f.Ticket = canonical(f.Ticket)
	err = l.Store.View(ctx, func(tx store.Tx) error {
		list, err = collect(ctx, tx.Journal(f), func(store.Entry) bool { return true })
		return err
	})
	return list, err
}

// Mail implements Operations.
func (l Local) Mail(ctx context.Context, id string) (e store.Entry, raw []byte, err error) {
	err = l.Store.View(ctx, func(tx store.Tx) error {
		if e, err = tx.Entry(id); err != nil {
			return err
		}
		raw, err = tx.Raw(id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return store.Entry{}, nil, missing(err, "mail %s", id)
	}
	return e, raw, nil
}

// Queue implements Operations.
func (l Local) Queue(ctx context.Context, all bool) (list []store.Notice, err error) {
	err = l.Store.View(ctx, func(tx store.Tx) error {
		list, err = collect(ctx, tx.Notices(), func(n store.Notice) bool {
			return all || n.Status != store.NoticeDelivered
		})
		return err
	})
	return list, err
}

// Advance implements Operations.
func (l Local) Advance(_ context.Context, d time.Duration) (time.Time, error) {
	switch {
	case l.AdvanceClock == nil:
		return time.Time{}, ErrNoTestClock
	case d <= 0:
		return time.Time{}, fmt.Errorf("the test clock goes forward only, not by %s", d)
	}
	return l.AdvanceClock(d)
}

// missing says what was not found, where that is the fault, in the same words
// whatever the store adds to its own.
func missing(err error, what string, id any) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf(what+": %w", id, store.ErrNotFound)
	}
	return err
}

// collect takes from a sequence what is to be kept, until ctx is done.
func collect[T any](ctx context.Context, items iter.Seq2[T, error], keep func(T) bool) ([]T, error) {
	kept := []T{}
	for item, err := range items {
		switch {
		case err != nil:
			return nil, err
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case keep(item):
			kept = append(kept, item)
		}
	}
	return kept, nil
}
