package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// maxFaults is how many faults Check reports; by then it is clear enough.
const maxFaults = 100

// Check reads the whole store and returns what is wrong with it, nil if
// nothing is: every ticket is the fold of its events and their chain of hashes
// is whole, every mail is there and unaltered, and all that helps to find
// things (lists, dedupe keys, due times) is complete and has nothing else in
// it. It reads everything, large mails too; the store may be in use meanwhile.
func (s *Store) Check(ctx context.Context) error {
	return s.View(ctx, func(t store.Tx) error {
		c := &checker{tx: t.(*tx), expected: map[bucket]int{}}
		return errors.Join(c.check(ctx), errors.Join(c.faults...))
	})
}

// checker collects faults, and counts the lines that other buckets must have
// for what it read.
type checker struct {
	*tx
	faults   []error
	expected map[bucket]int
}

func (c *checker) check(ctx context.Context) error {
	for _, step := range []func(context.Context) error{c.tickets, c.journal, c.outbox, c.reminders, c.correspondents, c.others, c.counts} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) fault(err error, what string, args ...any) {
	if err != nil && len(c.faults) < maxFaults {
		c.faults = append(c.faults, about(err, what, args...))
	}
}

// expect notes that a bucket must have this key, and looks whether it does.
func (c *checker) expect(b bucket, key []byte) {
	c.expected[b]++
	found, err := has(&c.keys, b, key)
	if err == nil && !found {
		err = errors.New("is missing")
	}
	c.fault(err, "%s: %q", b, key)
}

// each yields all of a bucket until the context is done.
func (c *checker) each(ctx context.Context, b bucket, err *error) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		for p, fault := range c.ascend(b, span{}) {
			if *err = errors.Join(fault, ctx.Err()); *err != nil || !yield(p) {
				return
			}
		}
	}
}

func (c *checker) tickets(ctx context.Context) (err error) {
	for p := range c.each(ctx, ticketsBucket, &err) {
		k, fault := decode[ticket.Ticket](p.value)
		if fault == nil {
			fault = c.ticket(k, p.key)
		}
		c.fault(fault, "ticket %q", p.key)
	}
	return err
}

func (c *checker) ticket(k ticket.Ticket, name []byte) error {
	if !bytes.Equal(name, key(k.Desk, string(k.Number))) {
		return errors.New("is kept under another's name")
	}
	c.expected[eventsBucket] += k.Events
	c.expect(openedBucket, openedKey(k.Desk, k))
	c.expect(openedBucket, openedKey("", k))
	events, err := c.Events(k.Desk, k.Number)
	if err != nil {
		return err
	}
	if err := ticket.Verify(events); err != nil {
		return err
	}
	return same(k, ticket.Replay(events))
}

// same compares what is kept of a ticket with the fold of its events.
func same(kept, replayed ticket.Ticket) error {
	a, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	b, err := json.Marshal(replayed)
	if err == nil && !bytes.Equal(a, b) {
		err = fmt.Errorf("is not what its events make of it:\n%s\n%s", a, b)
	}
	return err
}

func (c *checker) journal(ctx context.Context) (err error) {
	for p := range c.each(ctx, journalBucket, &err) {
		e, fault := decode[store.Entry](p.value)
		if fault == nil {
			fault = c.entry(e, p.key)
		}
		c.fault(fault, "entry %q", p.key)
	}
	return err
}

func (c *checker) entry(e store.Entry, name []byte) error {
	if e.ID != string(name) {
		return errors.New("is kept under another's name")
	}
	for _, scope := range scopes(e) {
		c.expect(listingBucket, listingKey(scope, e))
	}
	if e.Key != "" {
		c.expect(dedupeBucket, []byte(e.Key))
	}
	if err := c.mail(e); err != nil {
		return err
	}
	seen, found, err := c.Seen(e.Key)
	if err == nil && found && seen.ID != e.ID {
		err = fmt.Errorf("its dedupe key leads to %q", seen.ID)
	}
	return err
}

// mail checks that the entry's mail is there and is the one described.
func (c *checker) mail(e store.Entry) error {
	if e.Blob.Hash == "" {
		return nil
	}
	small, err := has(&c.keys, rawBucket, []byte(e.ID))
	if err != nil {
		return err
	}
	if small {
		c.expected[rawBucket]++
	} else {
		c.expect(filesBucket, key(e.Blob.Hash, e.ID))
	}
	raw, err := c.Raw(e.ID)
	if found := describe(raw); err == nil && (found.Hash != e.Blob.Hash || found.Size != e.Blob.Size) {
		err = errors.New("its mail is another")
	}
	return err
}

func (c *checker) outbox(ctx context.Context) (err error) {
	for p := range c.each(ctx, outboxBucket, &err) {
		n, fault := decode[store.Notice](p.value)
		if fault == nil && n.ID != string(p.key) {
			fault = errors.New("is kept under another's name")
		}
		if fault == nil && pending(n) {
			c.expect(dueBucket, dueKey(n))
		}
		c.fault(fault, "notice %q", p.key)
	}
	return err
}

func (c *checker) reminders(ctx context.Context) (err error) {
	for p := range c.each(ctx, remindersBucket, &err) {
		r, fault := decode[store.Reminder](p.value)
		if fault == nil && !bytes.Equal(p.key, ownerKey(r)) {
			fault = errors.New("is kept under another's name")
		}
		if fault == nil {
			c.expect(alarmsBucket, alarmKey(r))
		}
		c.fault(fault, "reminder %q", p.key)
	}
	return err
}

func (c *checker) correspondents(ctx context.Context) (err error) {
	for p := range c.each(ctx, correspondentsBucket, &err) {
		desk, _, _ := strings.Cut(string(p.key), separator)
		one, fault := decode[store.Correspondent](p.value)
		switch {
		case fault != nil:
		case !bytes.Equal(p.key, correspondentKey(desk, one.Address)):
			fault = errors.New("is kept under another's name")
		case one.Blank():
			fault = errors.New("says nothing")
		}
		c.fault(fault, "correspondent %q", p.key)
	}
	return err
}

// others checks what nothing else refers to: that it can be read.
func (c *checker) others(ctx context.Context) (err error) {
	for p := range c.each(ctx, sequencesBucket, &err) {
		_, fault := decode[uint64](p.value)
		c.fault(fault, "sequence %q", p.key)
	}
	if err != nil {
		return err
	}
	for p := range c.each(ctx, subjectsBucket, &err) {
		_, fault := decode[[]string](p.value)
		c.fault(fault, "subjects %q", p.key)
	}
	return err
}

// counts looks for lines that lead to nothing.
func (c *checker) counts(ctx context.Context) (err error) {
	for _, b := range []bucket{eventsBucket, openedBucket, listingBucket, dedupeBucket, rawBucket, filesBucket, dueBucket, alarmsBucket} {
		n := 0
		for range c.each(ctx, b, &err) {
			n++
		}
		if err != nil {
			return err
		}
		if n != c.expected[b] {
			c.fault(fmt.Errorf("has %d lines, not the %d expected", n, c.expected[b]), "%s", b)
		}
	}
	return nil
}
