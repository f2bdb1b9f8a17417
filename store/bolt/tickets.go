package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// NextSequence implements store.Tx.
func (t *tx) NextSequence(desk, period string) (uint64, error) {
	n, err := t.nextSequence(desk, period)
	return n, about(err, "sequence of %s in %q", desk, period)
}

func (t *tx) nextSequence(desk, period string) (uint64, error) {
	if err := checkParts(desk); err != nil {
		return 0, err
	}
	last, err := load[uint64](&t.keys, sequencesBucket, key(desk, period))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	return last + 1, keep(&t.keys, sequencesBucket, key(desk, period), last+1)
}

// Ticket implements store.Tx.
func (t *tx) Ticket(desk string, n ticket.Number) (ticket.Ticket, error) {
	kept, err := load[ticket.Ticket](&t.keys, ticketsBucket, key(desk, string(n)))
	return kept, about(err, "ticket %q of %s", n, desk)
}

// Events implements store.Tx.
func (t *tx) Events(desk string, n ticket.Number) ([]ticket.Event, error) {
	var events []ticket.Event
	for p, err := range t.ascend(eventsBucket, under(prefix(desk, string(n)))) {
		if err != nil {
			return nil, about(err, "events of ticket %q of %s", n, desk)
		}
		e, err := decode[ticket.Event](p.value)
		if err != nil {
			return nil, about(err, "events of ticket %q of %s", n, desk)
		}
		events = append(events, e)
	}
	return events, nil
}

// Append implements store.Tx.
func (t *tx) Append(after ticket.Ticket, events []ticket.Event) error {
	return about(t.append(after, events), "append to ticket %q of %s", after.Number, after.Desk)
}

func (t *tx) append(after ticket.Ticket, events []ticket.Event) error {
	name := []string{after.Desk, string(after.Number)}
	if err := checkParts(name...); err != nil {
		return err
	}
	kept, err := load[ticket.Ticket](&t.keys, ticketsBucket, key(name...))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := follows(kept, after, events); err != nil {
		return err
	}
	if err := t.keepEvents(events); err != nil {
		return err
	}
	if kept.Events == 0 {
		if err := t.open(after); err != nil {
			return err
		}
	}
	return keep(&t.keys, ticketsBucket, key(name...), after)
}

// follows checks that the events are those after the kept ticket's, all of
// them this ticket's own, and that they end where the new state of it does.
func follows(kept, after ticket.Ticket, events []ticket.Event) error {
	if len(events) == 0 {
		return errors.New("there is no event")
	}
	seq, head := kept.Events, kept.Head
	for _, e := range events {
		if e.Desk != after.Desk || e.Ticket != after.Number {
			return fmt.Errorf("event %d is of ticket %q of %s", e.Seq, e.Ticket, e.Desk)
		}
		if e.Seq != seq+1 || e.Prev != head {
			return fmt.Errorf("event %d does not follow event %d", e.Seq, seq)
		}
		seq, head = e.Seq, e.Hash
	}
	if after.Events != seq || after.Head != head {
		return fmt.Errorf("the ticket is as of event %d, the last is %d", after.Events, seq)
	}
	return nil
}

func (t *tx) keepEvents(events []ticket.Event) error {
	for _, e := range events {
		seq := binary.BigEndian.AppendUint32(nil, uint32(e.Seq))
		if err := keep(&t.keys, eventsBucket, key(e.Desk, string(e.Ticket), string(seq)), e); err != nil {
			return err
		}
	}
	return nil
}

// open lists a new ticket by its time, under its desk and under no desk's
// name, which is the list of all.
func (t *tx) open(k ticket.Ticket) error {
	for _, scope := range []string{k.Desk, ""} {
		if err := t.put(openedBucket, openedKey(scope, k), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

func openedKey(scope string, k ticket.Ticket) []byte {
	return key(scope, instant(k.Created), k.Desk, string(k.Number))
}

// Tickets implements store.Tx.
func (t *tx) Tickets(desk string) iter.Seq2[ticket.Ticket, error] {
	return func(yield func(ticket.Ticket, error) bool) {
		for p, err := range t.descend(openedBucket, under(prefix(desk))) {
			k, err := t.openedTicket(p, err)
			if !yield(k, err) || err != nil {
				return
			}
		}
	}
}

// openedTicket is the ticket a line of the list by time points to.
func (t *tx) openedTicket(line pair, err error) (ticket.Ticket, error) {
	if err != nil {
		return ticket.Ticket{}, err
	}
	desk, number, _ := strings.Cut(afterInstant(line.key, 1), separator)
	return t.Ticket(desk, ticket.Number(number))
}

// AddSubject implements store.Tx.
func (t *tx) AddSubject(desk string, n ticket.Number, subject string) error {
	subjects, err := t.Subjects(desk, n)
	if err == nil {
		err = checkParts(desk, string(n))
	}
	if err != nil || slices.Contains(subjects, subject) {
		return about(err, "subject of ticket %q of %s", n, desk)
	}
	return keep(&t.keys, subjectsBucket, key(desk, string(n)), append(subjects, subject))
}

// Subjects implements store.Tx.
func (t *tx) Subjects(desk string, n ticket.Number) ([]string, error) {
	subjects, err := load[[]string](&t.keys, subjectsBucket, key(desk, string(n)))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return subjects, about(err, "subjects of ticket %q of %s", n, desk)
}
