package bolt

import (
	"errors"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Remind implements store.Tx.
func (t *tx) Remind(r store.Reminder) error {
	return about(t.remind(r), "remind %s of ticket %q, task %q", r.Desk, r.Ticket, r.Name)
}

func (t *tx) remind(r store.Reminder) error {
	if err := checkOwner(r); err != nil {
		return err
	}
	kept, err := load[store.Reminder](&t.keys, remindersBucket, ownerKey(r))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if r.At.Equal(kept.At) { // no reminder is one at no time
		return nil
	}
	if err := t.keepReminder(r); err != nil || kept.At.IsZero() {
		return err
	}
	return t.remove(alarmsBucket, alarmKey(kept))
}

// keepReminder keeps a reminder and lists it by its time; one at no time is
// taken out. The time is kept in UTC: JSON has no seconds in a zone's offset,
// and the value must tell the same time as the list.
func (t *tx) keepReminder(r store.Reminder) error {
	if r.At.IsZero() {
		return t.remove(remindersBucket, ownerKey(r))
	}
	r.At = r.At.UTC()
	if err := keep(&t.keys, remindersBucket, ownerKey(r), r); err != nil {
		return err
	}
	return t.put(alarmsBucket, alarmKey(r), []byte{})
}

// checkOwner refuses a reminder without a desk, or of neither a ticket nor a
// task, or of such whose names cannot be part of a key.
func checkOwner(r store.Reminder) error {
	switch {
	case r.Name == "":
		return checkParts(r.Desk, string(r.Ticket))
	case r.Ticket == "":
		return checkParts(r.Desk, r.Name)
	}
	return checkParts(r.Desk, string(r.Ticket), r.Name)
}

func ownerKey(r store.Reminder) []byte { return key(r.Desk, string(r.Ticket), r.Name) }

func alarmKey(r store.Reminder) []byte { return key(instant(r.At), string(ownerKey(r))) }

// Reminder implements store.Tx.
func (t *tx) Reminder(desk string, n ticket.Number, name string) (store.Reminder, error) {
	r, err := load[store.Reminder](&t.keys, remindersBucket, key(desk, string(n), name))
	return r, about(err, "reminder of %s, ticket %q, task %q", desk, n, name)
}

// Reminders implements store.Tx.
func (t *tx) Reminders(until time.Time, max int) (due []store.Reminder, next time.Time, err error) {
	for p, err := range t.ascend(alarmsBucket, span{}) {
		r, err := t.alarm(p, err)
		if err != nil {
			return nil, time.Time{}, about(err, "reminders")
		}
		if len(due) >= max || r.At.After(until) {
			return due, r.At, nil
		}
		due = append(due, r)
	}
	return due, time.Time{}, nil
}

// alarm is the reminder a line of the list by time points to.
func (t *tx) alarm(line pair, err error) (store.Reminder, error) {
	if err != nil {
		return store.Reminder{}, err
	}
	owner := afterInstant(line.key, 0)
	r, err := load[store.Reminder](&t.keys, remindersBucket, []byte(owner))
	return r, about(err, "%q", owner)
}
