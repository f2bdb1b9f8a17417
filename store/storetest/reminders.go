package storetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/cauce-desk/cauce/store"
)

var reminders = []test{
	{"a reminder comes back as it was set", reminderKept},
	{"what was not set is not found", reminderMissing},
	{"an owner has one reminder, the last that was set", reminderMoved},
	{"no time removes a reminder, also one that is not there", reminderRemoved},
	{"setting the same again changes nothing", reminderRepeated},
	{"tickets, tasks and desks do not share reminders", reminderOwners},
	{"what is due comes oldest first, however often it is asked for", remindersDue},
	{"no more come than are asked for, and next says when the others are", remindersMax},
	{"what is set, moved or removed shows in its own transaction", remindersWithin},
	{"a reminder without an owner is refused", reminderOwnerless},
}

// reminder is the reminder of the n-th task, due n seconds after the start.
func reminder(n int) store.Reminder {
	return store.Reminder{Desk: desk, Ticket: "I171009_000049", Name: fmt.Sprintf("task %02d", n), At: at(n)}
}

func remind(tx store.Tx, list ...store.Reminder) error {
	for _, r := range list {
		if err := tx.Remind(r); err != nil {
			return err
		}
	}
	return nil
}

func (b *box) remind(list ...store.Reminder) {
	b.Helper()
	b.update(func(tx store.Tx) error { return remind(tx, list...) })
}

// due checks what is due by a second, and next: seconds after the start, or
// none.
func (b *box) due(tx store.Tx, until, max int, want []store.Reminder, next int) {
	b.Helper()
	found, then, err := tx.Reminders(at(until), max)
	if err != nil {
		b.Errorf("reminders: %v", err)
	}
	b.same(fmt.Sprintf("%d due by second %d", max, until), append([]store.Reminder{}, found...), append([]store.Reminder{}, want...))
	if next == none && !then.IsZero() || next != none && !then.Equal(at(next)) {
		b.Errorf("next is %v, want %d seconds after %v", then, next, start)
	}
}

// remembers checks everything there is to be reminded of.
func (b *box) remembers(want ...store.Reminder) {
	b.Helper()
	b.view(func(tx store.Tx) error {
		b.due(tx, 1000, 1000, want, none)
		for _, w := range want {
			r, err := tx.Reminder(w.Desk, w.Ticket, w.Name)
			if err != nil {
				return err
			}
			b.same("reminder", r, w)
		}
		return nil
	})
}

func reminderKept(b *box) {
	b.remind(reminder(1))
	b.remembers(reminder(1))
	b.reopen()
	b.remembers(reminder(1))
}

func reminderMissing(b *box) {
	b.remembers()
	b.remind(reminder(1))
	b.view(func(tx store.Tx) error {
		for _, r := range []store.Reminder{
			{Desk: "otra", Ticket: "I171009_000049", Name: "task 01"}, {Desk: desk, Ticket: "I171009_000049"},
			{Desk: desk, Ticket: "I171009_000049", Name: "task 0"}, {Desk: desk, Ticket: "I171009_00004", Name: "task 01"},
			{Desk: desk, Name: "task 01"}, {},
		} {
			_, err := tx.Reminder(r.Desk, r.Ticket, r.Name)
			b.missing(text(r), err)
		}
		return nil
	})
}

func reminderMoved(b *box) {
	moved := reminder(1)
	for _, second := range []int{1, 30, 2} {
		moved.At = at(second)
		b.remind(moved)
		b.remembers(moved)
	}
	b.reopen()
	b.remembers(moved)
}

func reminderRemoved(b *box) {
	gone := reminder(1)
	gone.At = time.Time{}
	b.remind(gone)
	b.remembers()
	b.remind(reminder(1), reminder(2))
	b.remind(gone)
	b.remembers(reminder(2))
	b.reopen()
	b.remembers(reminder(2))
	b.view(func(tx store.Tx) error {
		_, err := tx.Reminder(gone.Desk, gone.Ticket, gone.Name)
		b.missing("a removed reminder", err)
		return nil
	})
	b.remind(reminder(1))
	b.remembers(reminder(1), reminder(2))
}

func reminderRepeated(b *box) {
	elsewhere := reminder(1)
	elsewhere.At = elsewhere.At.In(time.FixedZone("CDT", -5*60*60))
	b.remind(reminder(1), reminder(1))
	b.remind(reminder(1))
	b.remind(elsewhere)
	b.remembers(reminder(1))
}

func reminderOwners(b *box) {
	all := []store.Reminder{
		{Desk: desk, Name: "I1", At: at(1)},
		{Desk: desk, Ticket: "I1", At: at(1)},
		{Desk: desk, Ticket: "I1", Name: "I1", At: at(1)},
		{Desk: desk, Ticket: "I10", At: at(1)},
		{Desk: "otra", Name: "I1", At: at(1)},
		{Desk: "otra", Ticket: "I1", At: at(1)},
	}
	b.remind(all...)
	b.remembers(all...)
	gone := all[1]
	gone.At = time.Time{}
	b.remind(gone)
	b.remembers(append(all[:1:1], all[2:]...)...)
}

func remindersDue(b *box) {
	b.remind(reminder(30), reminder(10), reminder(40), reminder(20))
	for range 2 {
		b.view(func(tx store.Tx) error {
			b.due(tx, 9, 10, nil, 10)
			b.due(tx, 30, 10, []store.Reminder{reminder(10), reminder(20), reminder(30)}, 40)
			b.due(tx, 40, 10, []store.Reminder{reminder(10), reminder(20), reminder(30), reminder(40)}, none)
			return nil
		})
		b.reopen()
	}
	b.view(func(tx store.Tx) error {
		early, next, err := tx.Reminders(at(10).Add(-1), 10)
		b.same("due a moment too early", len(early), 0)
		b.same("next", next, at(10))
		return err
	})
}

func remindersMax(b *box) {
	b.view(func(tx store.Tx) error {
		b.due(tx, 100, 0, nil, none)
		return nil
	})
	b.remind(reminder(1), reminder(2), reminder(3))
	b.view(func(tx store.Tx) error {
		b.due(tx, 100, 0, nil, 1)
		b.due(tx, 100, 2, []store.Reminder{reminder(1), reminder(2)}, 3)
		b.due(tx, 100, 3, []store.Reminder{reminder(1), reminder(2), reminder(3)}, none)
		return nil
	})
}

func remindersWithin(b *box) {
	b.remind(reminder(1), reminder(2), reminder(3))
	moved, gone := reminder(1), reminder(2)
	moved.At, gone.At = at(50), time.Time{}
	b.update(func(tx store.Tx) error {
		err := remind(tx, moved, gone, reminder(4))
		b.due(tx, 4, 10, []store.Reminder{reminder(3), reminder(4)}, 50)
		_, lost := tx.Reminder(gone.Desk, gone.Ticket, gone.Name)
		b.missing("a removed reminder", lost)
		r, err2 := tx.Reminder(moved.Desk, moved.Ticket, moved.Name)
		b.same("moved", r, moved)
		return errors.Join(err, err2)
	})
	b.remembers(reminder(3), reminder(4), moved)
}

func reminderOwnerless(b *box) {
	for what, r := range map[string]store.Reminder{
		"no desk":           {Ticket: "I1", Name: "digest", At: at(1)},
		"no ticket or task": {Desk: desk, At: at(1)},
		"no time either":    {Desk: desk},
	} {
		b.refused(what, func(tx store.Tx) error { return tx.Remind(r) })
	}
	b.remembers()
}
