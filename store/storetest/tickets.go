package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

var tickets = []test{
	{"a sequence counts from 1 for each desk and period", sequences},
	{"no number is given twice", sequencesAtOnce},
	{"a ticket and its events come back as they were appended", ticketKept},
	{"what was not appended is not found", ticketMissing},
	{"events that do not follow are refused", gaps},
	{"the same event appended twice at once is kept once", appendAtOnce},
	{"desks do not share tickets", desks},
	{"tickets are newest first", ticketOrder},
	{"subjects are remembered once, in order", subjects},
}

func sequences(b *box) {
	for _, one := range []struct {
		desk, period string
		want         uint64
	}{
		{desk, "2017-10-09", 1}, {desk, "2017-10-09", 2}, {desk, "2017-10-10", 1}, {"otra", "2017-10-09", 1},
		{desk, "", 1}, {desk, "", 2}, {desk, "2017-10-09", 3},
	} {
		b.update(func(tx store.Tx) error {
			n, err := tx.NextSequence(one.desk, one.period)
			b.same(fmt.Sprintf("sequence of %s in %q", one.desk, one.period), n, one.want)
			return err
		})
	}
	b.reopen()
	b.update(func(tx store.Tx) error {
		n, err := tx.NextSequence(desk, "2017-10-09")
		again, err2 := tx.NextSequence(desk, "2017-10-09")
		b.same("after opening again", []uint64{n, again}, []uint64{4, 5})
		return errors.Join(err, err2)
	})
}

func sequencesAtOnce(b *box) {
	const callers = 60
	var mu sync.Mutex
	given := map[uint64]bool{}
	together(callers, func(i int) {
		var n uint64
		err := b.Update(b.Context(), func(tx store.Tx) (err error) {
			n, err = tx.NextSequence(desk, "2017")
			if i%5 == 0 {
				return errRefused
			}
			return err
		})
		mu.Lock()
		defer mu.Unlock()
		if err == nil && given[n] {
			b.Errorf("%d was given twice", n)
		}
		given[n] = given[n] || err == nil
	})
}

// grown is a ticket with three events, the first with its opening.
func grown(n ticket.Number) (first, second ticket.Decision) {
	first = opening(desk, n, at(1))
	second = note(first.Ticket, "visto «ya»", at(2))
	third := note(second.Ticket, "hecho\nahora", at(3))
	second.Events = append(second.Events, third.Events...)
	second.Ticket = third.Ticket
	return first, second
}

func ticketKept(b *box) {
	first, second := grown("I171009_000049")
	for _, d := range []ticket.Decision{first, second} {
		b.update(func(tx store.Tx) error { return tx.Append(d.Ticket, d.Events) })
	}
	b.reopen()
	b.view(func(tx store.Tx) error {
		k, err := tx.Ticket(desk, "I171009_000049")
		b.same("ticket", k, second.Ticket)
		events, err2 := tx.Events(desk, "I171009_000049")
		b.same("events", events, append(first.Events, second.Events...))
		return errors.Join(err, err2, ticket.Verify(events))
	})
}

func ticketMissing(b *box) {
	first, _ := grown("I1")
	b.update(func(tx store.Tx) error { return tx.Append(first.Ticket, first.Events) })
	b.view(func(tx store.Tx) error {
		for _, name := range [][2]string{{desk, "I2"}, {desk, "I"}, {desk, "I10"}, {"otra", "I1"}, {desk, ""}} {
			_, err := tx.Ticket(name[0], ticket.Number(name[1]))
			b.missing(name[1], err)
			events, err := tx.Events(name[0], ticket.Number(name[1]))
			b.same("events", len(events), 0)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func gaps(b *box) {
	first, second := grown("I1")
	elsewhere := opening("otra", "I1", at(1))
	foreign := note(elsewhere.Ticket, "visto", at(2))
	otherwise := note(opening(desk, "I1", at(9)).Ticket, "visto", at(10))
	skipped := ticket.Decision{Ticket: second.Ticket, Events: second.Events[1:]}
	refuse := func(what string, d ticket.Decision) {
		b.refused(what, func(tx store.Tx) error { return tx.Append(d.Ticket, d.Events) })
	}
	refuse("an event before the first", second)
	b.update(func(tx store.Tx) error { return tx.Append(first.Ticket, first.Events) })
	refuse("the first again", first)
	refuse("an event left out", skipped)
	refuse("an event left out in between", ticket.Decision{Ticket: second.Ticket, Events: slices.Repeat(second.Events[:1], 2)})
	renamed := elsewhere.Ticket
	renamed.Desk, renamed.Number = desk, "I2"
	refuse("another ticket's first event", ticket.Decision{Ticket: renamed, Events: elsewhere.Events})
	refuse("another desk's event", ticket.Decision{Ticket: second.Ticket, Events: foreign.Events})
	refuse("the event of another history", otherwise)
	refuse("a ticket that is not as of the last event", ticket.Decision{Ticket: first.Ticket, Events: second.Events})
	refuse("no event", ticket.Decision{Ticket: first.Ticket})
	b.view(func(tx store.Tx) error {
		events, err := tx.Events(desk, "I1")
		b.same("events", events, first.Events)
		return err
	})
	b.update(func(tx store.Tx) error { return tx.Append(second.Ticket, second.Events) })
}

func appendAtOnce(b *box) {
	first, _ := grown("I1")
	b.update(func(tx store.Tx) error { return tx.Append(first.Ticket, first.Events) })
	var mu sync.Mutex
	succeeded := 0
	together(6, func(i int) {
		d := note(first.Ticket, fmt.Sprint(i), at(2+i))
		err := b.Update(b.Context(), func(tx store.Tx) error { return tx.Append(d.Ticket, d.Events) })
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			succeeded++
		}
	})
	b.same("succeeded", succeeded, 1)
	b.view(func(tx store.Tx) error {
		events, err := tx.Events(desk, "I1")
		b.same("events", len(events), 2)
		return err
	})
}

func desks(b *box) {
	for n, name := range []string{desk, "otra", "dg"} {
		d := opening(name, "I1", at(n))
		b.update(func(tx store.Tx) error {
			return errors.Join(tx.Append(d.Ticket, d.Events), tx.AddSubject(name, "I1", "of "+name))
		})
	}
	b.view(func(tx store.Tx) error {
		for n, name := range []string{desk, "otra", "dg"} {
			k, err := tx.Ticket(name, "I1")
			b.same("ticket", k, opening(name, "I1", at(n)).Ticket)
			list, err2 := collect(tx.Tickets(name), 0)
			b.same("tickets", list, []ticket.Ticket{k})
			known, err3 := tx.Subjects(name, "I1")
			b.same("subjects", known, []string{"of " + name})
			if err := errors.Join(err, err2, err3); err != nil {
				return err
			}
		}
		return nil
	})
}

func ticketOrder(b *box) {
	for _, one := range []struct {
		desk string
		n    int
	}{{desk, 3}, {"otra", 2}, {desk, 1}, {"otra", 5}, {desk, 4}} {
		d := opening(one.desk, ticket.Number(fmt.Sprintf("I%d", 10-one.n)), at(one.n))
		b.update(func(tx store.Tx) error { return tx.Append(d.Ticket, d.Events) })
	}
	for _, one := range []struct {
		desk string
		max  int
		want []int
	}{{"", 0, []int{5, 4, 3, 2, 1}}, {desk, 0, []int{4, 3, 1}}, {"otra", 0, []int{5, 2}}, {"", 2, []int{5, 4}}, {"ninguna", 0, []int{}}} {
		b.view(func(tx store.Tx) error {
			list, err := collect(tx.Tickets(one.desk), one.max)
			opened := []int{}
			for _, k := range list {
				opened = append(opened, int(k.Created.Sub(start).Seconds()))
			}
			b.same("tickets of "+one.desk, opened, one.want)
			return err
		})
	}
}

func subjects(b *box) {
	for _, s := range []string{"zeta", "alfa", "zeta", "beta", "alfa"} {
		b.update(func(tx store.Tx) error { return tx.AddSubject(desk, "I1", s) })
	}
	b.reopen()
	b.view(func(tx store.Tx) error {
		known, err := tx.Subjects(desk, "I1")
		b.same("subjects", known, []string{"zeta", "alfa", "beta"})
		none, err2 := tx.Subjects(desk, "I2")
		b.same("subjects of another ticket", len(none), 0)
		return errors.Join(err, err2)
	})
}
