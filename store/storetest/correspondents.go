package storetest

import (
	"errors"
	"fmt"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

var correspondents = []test{
	{"a correspondent comes back as it was saved", correspondentKept},
	{"of an address nobody saved nothing is known", correspondentUnknown},
	{"saving replaces what was known", correspondentReplaced},
	{"addresses are the same however their letters are cased", correspondentCase},
	{"each thing known is enough to be remembered", correspondentFields},
	{"what says nothing is forgotten, also if it was never known", correspondentForgotten},
	{"desks do not share correspondents", correspondentDesks},
	{"correspondents come in the order of their addresses", correspondentOrder},
	{"what is saved shows in its own transaction", correspondentWithin},
	{"a correspondent without a desk or an address is refused", correspondentNameless},
}

// correspondent is the n-th, with something in every field.
func correspondent(n int) store.Correspondent {
	return store.Correspondent{
		Address: ticket.Address(fmt.Sprintf("persona%02d@empresa.example", n)), Registered: "A171009_000003",
		Undeliverable: at(n), Reason: "5.1.1 no such user", HeldOff: at(n + 1), Guesses: n, GuessedAt: at(n + 2),
	}
}

// known checks what a desk remembers of an address.
func (b *box) known(desk string, a ticket.Address, want store.Correspondent) {
	b.Helper()
	b.view(func(tx store.Tx) error {
		c, err := tx.Correspondent(desk, a)
		b.same("correspondent", c, want)
		return err
	})
}

// correspondents checks all that a desk remembers.
func (b *box) correspondents(desk string, want ...store.Correspondent) {
	b.Helper()
	b.view(func(tx store.Tx) error {
		list, err := collect(tx.Correspondents(desk), 0)
		b.same("correspondents", list, append([]store.Correspondent{}, want...))
		return err
	})
}

func save(tx store.Tx, desk string, list ...store.Correspondent) error {
	for _, c := range list {
		if err := tx.SaveCorrespondent(desk, c); err != nil {
			return err
		}
	}
	return nil
}

func (b *box) save(desk string, list ...store.Correspondent) {
	b.Helper()
	b.update(func(tx store.Tx) error { return save(tx, desk, list...) })
}

func correspondentKept(b *box) {
	one := correspondent(1)
	b.save(desk, one)
	b.known(desk, one.Address, one)
	b.reopen()
	b.known(desk, one.Address, one)
	b.correspondents(desk, one)
}

func correspondentUnknown(b *box) {
	b.save(desk, correspondent(1))
	for _, a := range []ticket.Address{"persona0@empresa.example", "persona01@empresa.exampl", "Otra@empresa.example", ""} {
		b.known(desk, a, store.Correspondent{Address: a})
	}
	b.known("", correspondent(1).Address, store.Correspondent{Address: correspondent(1).Address})
}

func correspondentReplaced(b *box) {
	less := store.Correspondent{Address: correspondent(1).Address, Guesses: 1, GuessedAt: at(9)}
	b.save(desk, correspondent(1), less)
	b.known(desk, less.Address, less)
	b.reopen()
	b.correspondents(desk, less)
}

func correspondentCase(b *box) {
	spellings := []ticket.Address{"peña@empresa.example", "PEÑA@Empresa.Example", "Peña@empresa.example"}
	for _, spelt := range spellings {
		c := correspondent(1)
		c.Address = spelt
		b.save(desk, c)
		for _, a := range spellings {
			b.known(desk, a, c)
		}
		b.correspondents(desk, c)
	}
	b.save(desk, store.Correspondent{Address: spellings[1]})
	b.correspondents(desk)
}

func correspondentFields(b *box) {
	for _, c := range []store.Correspondent{
		{Registered: "A1"}, {Undeliverable: at(1)}, {Reason: "5.1.1"}, {HeldOff: at(1)}, {Guesses: 1}, {GuessedAt: at(1)},
	} {
		c.Address = "ana@empresa.example"
		b.save(desk, c)
		b.correspondents(desk, c)
	}
}

func correspondentForgotten(b *box) {
	blank := store.Correspondent{Address: correspondent(1).Address}
	b.save(desk, blank)
	b.correspondents(desk)
	b.save(desk, correspondent(1), correspondent(2))
	b.save(desk, blank)
	b.known(desk, blank.Address, blank)
	b.reopen()
	b.correspondents(desk, correspondent(2))
}

func correspondentDesks(b *box) {
	desks := []string{desk, "otra", "dg"}
	for n, name := range desks {
		c := correspondent(9)
		c.Guesses = n
		b.save(name, c)
	}
	for n, name := range desks {
		c := correspondent(9)
		c.Guesses = n
		b.known(name, c.Address, c)
		b.correspondents(name, c)
	}
	b.correspondents("")
	b.correspondents("ninguna")
}

func correspondentOrder(b *box) {
	capital := correspondent(2)
	capital.Address = "PERSONA02@empresa.example"
	b.save(desk, correspondent(3), correspondent(1), capital, correspondent(4))
	b.correspondents(desk, correspondent(1), capital, correspondent(3), correspondent(4))
	b.view(func(tx store.Tx) error {
		first, err := collect(tx.Correspondents(desk), 1)
		b.same("the first alone", first, []store.Correspondent{correspondent(1)})
		return err
	})
}

func correspondentWithin(b *box) {
	b.save(desk, correspondent(1), correspondent(3))
	b.update(func(tx store.Tx) error {
		err1 := save(tx, desk, correspondent(2), store.Correspondent{Address: correspondent(3).Address})
		c, err2 := tx.Correspondent(desk, correspondent(2).Address)
		b.same("saved just now", c, correspondent(2))
		list, err3 := collect(tx.Correspondents(desk), 0)
		b.same("correspondents", list, []store.Correspondent{correspondent(1), correspondent(2)})
		return errors.Join(err1, err2, err3)
	})
}

func correspondentNameless(b *box) {
	b.refused("no desk", func(tx store.Tx) error { return tx.SaveCorrespondent("", correspondent(1)) })
	b.refused("no address", func(tx store.Tx) error {
		return tx.SaveCorrespondent(desk, store.Correspondent{Guesses: 1})
	})
	b.refused("no address and nothing known", func(tx store.Tx) error {
		return tx.SaveCorrespondent(desk, store.Correspondent{})
	})
}
