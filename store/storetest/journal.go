package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

var journal = []test{
	{"an entry comes back as it was recorded", entryKept},
	{"times keep their instant in whatever zone they were given", instants},
	{"what is not recorded is not found", entryMissing},
	{"a mail is seen under its dedupe key", seen},
	{"an entry without a dedupe key is never seen", unseen},
	{"an identifier or a dedupe key is recorded once", recordedOnce},
	{"the same mail many times at once is recorded once", dedupe},
	{"the journal is newest first", newestFirst},
	{"the journal is filtered", filtered},
	{"an iteration may be stopped", journalStopped},
	{"an iteration shows what was there when it began", writesMeanwhile},
}

func (b *box) record(entries ...store.Entry) {
	b.Helper()
	for _, e := range entries {
		b.update(func(tx store.Tx) error { return tx.Record(e, store.Blob{}) })
	}
}

func entryKept(b *box) {
	b.record(entry(1))
	b.reopen()
	b.view(func(tx store.Tx) error {
		e, err := tx.Entry(id(1))
		b.same("entry", e, entry(1))
		return err
	})
}

func instants(b *box) {
	e := entry(1)
	e.At = time.Date(2017, 10, 29, 2, 30, 0, 123456789, time.FixedZone("CEST", 7200))
	b.record(e)
	b.view(func(tx store.Tx) error {
		got, err := tx.Entry(id(1))
		if !got.At.Equal(e.At) {
			b.Errorf("%v came back as %v", e.At, got.At)
		}
		found, listErr := collect(tx.Journal(store.JournalFilter{Since: e.At.UTC(), Until: e.At.Add(1)}), 0)
		b.same("entries at that instant", len(found), 1)
		return errors.Join(err, listErr)
	})
}

func entryMissing(b *box) {
	b.view(func(tx store.Tx) error {
		_, err := tx.Entry(id(1))
		b.missing("entry", err)
		_, found, err := tx.Seen("key")
		b.same("seen", found, false)
		return err
	})
}

func seen(b *box) {
	b.record(entry(1), entry(2))
	b.view(func(tx store.Tx) error {
		e, found, err := tx.Seen("key-2")
		b.same("seen", found, true)
		b.same("entry", e, entry(2))
		return err
	})
}

func unseen(b *box) {
	for n := range 2 {
		e := entry(n)
		e.Key, e.Outcome = "", store.OutcomeRefused
		b.record(e)
	}
	b.view(func(tx store.Tx) error {
		_, found, err := tx.Seen("")
		b.same("seen", found, false)
		return err
	})
}

func recordedOnce(b *box) {
	b.record(entry(1))
	sameID, sameKey := entry(1), entry(2)
	sameID.Key, sameKey.Key = "another", entry(1).Key
	for what, e := range map[string]store.Entry{"same identifier": sameID, "same key": sameKey} {
		b.refused(what, func(tx store.Tx) error { return tx.Record(e, store.Blob{}) })
	}
	b.view(func(tx store.Tx) error {
		e, _, err := tx.Seen(entry(1).Key)
		b.same("entry", e, entry(1))
		return err
	})
}

// dedupe receives three mails five times each, all at once, as it must be
// done: look, and record what was not seen.
func dedupe(b *box) {
	var recorded atomic.Int32
	together(15, func(i int) {
		e := entry(i)
		e.Key = fmt.Sprintf("mail-%d", i%3)
		b.update(func(tx store.Tx) error {
			_, found, err := tx.Seen(e.Key)
			if found || err != nil {
				return err
			}
			recorded.Add(1)
			return tx.Record(e, store.Blob{})
		})
	})
	b.same("recorded", recorded.Load(), 3)
	b.view(func(tx store.Tx) error {
		entries, err := collect(tx.Journal(store.JournalFilter{}), 0)
		b.same("entries", len(entries), 3)
		return err
	})
}

// ids lists the identifiers of entries, for comparison.
func ids(entries []store.Entry) []string {
	list := []string{}
	for _, e := range entries {
		list = append(list, e.ID)
	}
	return list
}

func newestFirst(b *box) {
	for _, n := range []int{3, 1, 5, 2, 4} {
		b.record(entry(n))
	}
	b.view(func(tx store.Tx) error {
		entries, err := collect(tx.Journal(store.JournalFilter{}), 0)
		b.same("entries", ids(entries), []string{id(5), id(4), id(3), id(2), id(1)})
		return err
	})
}

// people are the senders of the entries that filtered looks through.
var people = []struct {
	from, header string
	tickets      []ticket.Number
}{
	{"luisa@empresa.example", "Luisa Peña <luisa@empresa.example>", []ticket.Number{"I1"}},
	{"", "Mailer <postmaster@empresa.example>", nil},
	{"bounce+7@lista.example", "ÁNGELES <angeles@dgt.example>", []ticket.Number{"I1", "I2", "I1"}},
	{"AGENTE1@DGT.example", "agente1@dgt.example", []ticket.Number{"I2"}},
	{"luisa@empresa.example", "Luisa", []ticket.Number{"I10"}},
}

func filtered(b *box) {
	for n, p := range people {
		e := entry(n)
		e.From, e.Header.From, e.Acts = p.from, p.header, nil
		for _, number := range p.tickets {
			e.Acts = append(e.Acts, store.Act{Desk: desk, Ticket: number, Action: ticket.Comment})
		}
		b.record(e)
	}
	for name, one := range map[string]struct {
		filter store.JournalFilter
		want   []int
	}{
		"all":                      {store.JournalFilter{}, []int{4, 3, 2, 1, 0}},
		"since, itself included":   {store.JournalFilter{Since: at(3)}, []int{4, 3}},
		"until, itself left out":   {store.JournalFilter{Until: at(2)}, []int{1, 0}},
		"since and until":          {store.JournalFilter{Since: at(1), Until: at(3)}, []int{2, 1}},
		"a ticket":                 {store.JournalFilter{Ticket: "I1"}, []int{2, 0}},
		"a ticket since":           {store.JournalFilter{Ticket: "I1", Since: at(1)}, []int{2}},
		"no such ticket":           {store.JournalFilter{Ticket: "I3"}, nil},
		"part of the envelope":     {store.JournalFilter{From: "bounce+7"}, []int{2}},
		"part of the header":       {store.JournalFilter{From: "postmaster@"}, []int{1}},
		"in another case":          {store.JournalFilter{From: "ángeles"}, []int{2}},
		"in capitals":              {store.JournalFilter{From: "LUISA"}, []int{4, 0}},
		"the latest":               {store.JournalFilter{Limit: 2}, []int{4, 3}},
		"the limit counts matches": {store.JournalFilter{From: "luisa", Limit: 2}, []int{4, 0}},
		"everything together":      {store.JournalFilter{Since: at(0), Until: at(4), Ticket: "I2", From: "dgt", Limit: 1}, []int{3}},
		"a limit beyond the end":   {store.JournalFilter{Limit: 9}, []int{4, 3, 2, 1, 0}},
	} {
		want := []string{}
		for _, n := range one.want {
			want = append(want, id(n))
		}
		b.view(func(tx store.Tx) error {
			entries, err := collect(tx.Journal(one.filter), 0)
			b.same(name, ids(entries), want)
			return err
		})
	}
}

func journalStopped(b *box) {
	b.record(entry(1), entry(2), entry(3))
	b.update(func(tx store.Tx) error {
		first, err := collect(tx.Journal(store.JournalFilter{}), 1)
		b.same("first", ids(first), []string{id(3)})
		again, err2 := collect(tx.Journal(store.JournalFilter{}), 2)
		b.same("again", ids(again), []string{id(3), id(2)})
		return errors.Join(err, err2, tx.Record(entry(4), store.Blob{}))
	})
}

func writesMeanwhile(b *box) {
	b.record(entry(10), entry(20))
	b.update(func(tx store.Tx) error {
		found := 0
		for e, err := range tx.Journal(store.JournalFilter{}) {
			if err != nil {
				return err
			}
			found++
			next := entry(found)
			if err := tx.Record(next, store.Blob{}); err != nil {
				return err
			}
			b.same("acts", len(e.Acts), 1)
		}
		b.same("entries seen", found, 2)
		return nil
	})
}
