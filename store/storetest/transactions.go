package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

var transactions = []test{
	{"an update is seen afterwards, also after opening again", kept},
	{"an error of fn undoes its writes and is returned as it is", undone},
	{"a failing update leaks nothing to those at the same time", undoneAmongOthers},
	{"a panic in fn is an error and undoes its writes", panics},
	{"a transaction sees its own writes", ownWrites},
	{"an update sees the writes of those before it", oneAfterAnother},
	{"fn runs once", once},
	{"a context done beforehand keeps fn from running", cancelledBefore},
	{"a context done during fn changes nothing", cancelledDuring},
	{"writing in a view fails", readOnly},
	{"a view does not change while others write", unchanging},
	{"an error of a view's fn is returned as it is", viewError},
	{"a transaction cannot be used after its function", afterwards},
	{"what a transaction returned stays valid", stays},
	{"a backup can be made while the store is in use", backup},
	{"nothing works after closing", closed},
	{"closing waits for the update under way", closeWaits},
}

// writeAll writes one of everything, numbered n.
func writeAll(tx store.Tx, n int) error {
	d := opening(desk, ticket.Number(fmt.Sprintf("I%06d", n)), at(n))
	raw := store.Blob{Hash: "", Size: 0}
	return errors.Join(
		tx.Record(entry(n), raw),
		tx.Append(d.Ticket, d.Events),
		tx.AddSubject(desk, d.Ticket.Number, "alta"),
		tx.Enqueue(notice(n)),
		tx.Remind(reminder(n)),
		tx.SaveCorrespondent(desk, correspondent(n)),
	)
}

// holds tells which of the things that writeAll writes are there.
func holds(tx store.Tx, n int) (found int, err error) {
	number := ticket.Number(fmt.Sprintf("I%06d", n))
	_, noTicket := tx.Ticket(desk, number)
	_, noEntry := tx.Entry(id(n))
	_, noNotice := tx.Notice(id(n))
	_, noReminder := tx.Reminder(desk, reminder(n).Ticket, reminder(n).Name)
	for _, lookup := range []error{noTicket, noEntry, noNotice, noReminder} {
		switch {
		case lookup == nil:
			found++
		case !errors.Is(lookup, store.ErrNotFound):
			err = lookup
		}
	}
	_, seen, seenErr := tx.Seen(entry(n).Key)
	events, eventsErr := tx.Events(desk, number)
	subjects, subjectsErr := tx.Subjects(desk, number)
	known, knownErr := tx.Correspondent(desk, correspondent(n).Address)
	for _, there := range []bool{seen, len(events) == 1, len(subjects) == 1, !known.Blank()} {
		if there {
			found++
		}
	}
	return found, errors.Join(err, seenErr, eventsErr, subjectsErr, knownErr)
}

// all is what holds returns if everything is there.
const all = 8

func (b *box) mustHold(tx store.Tx, n, want int) {
	b.Helper()
	if found, err := holds(tx, n); found != want || err != nil {
		b.Errorf("number %d: %d of %d things are there, want %d (%v)", n, found, all, want, err)
	}
}

func kept(b *box) {
	b.update(func(tx store.Tx) error { return writeAll(tx, 1) })
	see := func(tx store.Tx) error {
		b.mustHold(tx, 1, all)
		return nil
	}
	b.view(see)
	b.update(see)
	b.reopen()
	b.view(see)
}

var errRefused = errors.New("refused")

func undone(b *box) {
	err := b.Update(b.Context(), func(tx store.Tx) error {
		if err := writeAll(tx, 1); err != nil {
			b.Errorf("write: %v", err)
		}
		_, err := tx.NextSequence(desk, "2017")
		return errors.Join(errRefused, err)
	})
	if !errors.Is(err, errRefused) {
		b.Errorf("update returned %v, want what fn returned", err)
	}
	b.update(func(tx store.Tx) error {
		b.mustHold(tx, 1, 0)
		n, err := tx.NextSequence(desk, "2017")
		b.same("the sequence that was undone", n, 1)
		return err
	})
}

func undoneAmongOthers(b *box) {
	const callers = 48
	together(callers, func(i int) {
		err := b.Update(b.Context(), func(tx store.Tx) error {
			err := writeAll(tx, i)
			if i%3 == 0 {
				return errRefused
			}
			return err
		})
		if (i%3 == 0) != (err == errRefused) || i%3 != 0 && err != nil {
			b.Errorf("update %d: %v", i, err)
		}
	})
	b.view(func(tx store.Tx) error {
		for i := range callers {
			b.mustHold(tx, i, all*min(i%3, 1))
		}
		return nil
	})
}

func panics(b *box) {
	together(9, func(i int) {
		err := b.Update(b.Context(), func(tx store.Tx) error {
			err := writeAll(tx, i)
			if i%3 == 0 {
				panic("of a test") // a function given to Update may panic: the caller gets an error
			}
			return err
		})
		if (i%3 == 0) != (err != nil) {
			b.Errorf("update %d: %v", i, err)
		}
	})
	b.view(func(tx store.Tx) error {
		for i := range 9 {
			b.mustHold(tx, i, all*min(i%3, 1))
		}
		return nil
	})
}

func ownWrites(b *box) {
	b.update(func(tx store.Tx) error { return writeAll(tx, 1) })
	b.update(func(tx store.Tx) error {
		if err := writeAll(tx, 2); err != nil {
			return err
		}
		b.mustHold(tx, 2, all)
		entries, err1 := collect(tx.Journal(store.JournalFilter{}), 0)
		tickets, err2 := collect(tx.Tickets(desk), 0)
		notices, err3 := collect(tx.Notices(), 0)
		known, err4 := collect(tx.Correspondents(desk), 0)
		due, _, err5 := tx.Reminders(at(10), 10)
		b.same("numbers of what is listed", []int{len(entries), len(tickets), len(notices), len(known), len(due)}, []int{2, 2, 2, 2, 2})
		claimed, _, err6 := tx.Claim(at(10), 10, 1)
		b.same("claimed", len(claimed), 2)
		return errors.Join(err1, err2, err3, err4, err5, err6)
	})
}

func oneAfterAnother(b *box) {
	b.update(func(tx store.Tx) error { return tx.Enqueue(notice(1)) })
	const callers = 64
	together(callers, func(int) {
		b.update(func(tx store.Tx) error {
			n, err := tx.Notice(id(1))
			n.Attempt++
			return errors.Join(err, tx.SaveNotice(n))
		})
	})
	b.view(func(tx store.Tx) error {
		n, err := tx.Notice(id(1))
		b.same("attempts counted", n.Attempt, callers)
		return err
	})
}

func once(b *box) {
	var runs [40]atomic.Int32
	together(len(runs), func(i int) {
		_ = b.Update(b.Context(), func(tx store.Tx) error {
			runs[i].Add(1)
			if i%2 == 0 {
				return errRefused
			}
			return tx.Enqueue(notice(i))
		})
	})
	for i := range runs {
		b.same("runs", runs[i].Load(), 1)
	}
}

func cancelledBefore(b *box) {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	never := func(store.Tx) error {
		b.Error("fn ran")
		return nil
	}
	for range 50 { // it must not be left to chance
		_, stage := b.Stage(ctx, []byte("x"))
		for _, err := range []error{b.Update(ctx, never), b.View(ctx, never), stage, b.Backup(ctx, io.Discard)} {
			if !errors.Is(err, context.Canceled) {
				b.Errorf("%v, want context.Canceled", err)
			}
		}
	}
}

func cancelledDuring(b *box) {
	ctx, cancel := context.WithCancel(b.Context())
	err := b.Update(ctx, func(tx store.Tx) error {
		cancel()
		return writeAll(tx, 1)
	})
	if err != nil {
		b.Errorf("update: %v", err)
	}
	b.view(func(tx store.Tx) error {
		b.mustHold(tx, 1, all)
		return nil
	})
}

func readOnly(b *box) {
	b.update(func(tx store.Tx) error { return writeAll(tx, 1) })
	b.view(func(tx store.Tx) error {
		k, err := tx.Ticket(desk, "I000001")
		d := note(k, "x", at(2))
		_, sequence := tx.NextSequence(desk, "2017")
		_, _, claim := tx.Claim(at(9), 1, 1)
		for i, writing := range []error{
			tx.Record(entry(2), store.Blob{}), sequence, tx.Append(d.Ticket, d.Events), tx.AddSubject(desk, "I000001", "other"),
			tx.Enqueue(notice(2)), claim, tx.SaveNotice(notice(1)), tx.Remind(reminder(2)), tx.SaveCorrespondent(desk, correspondent(2)),
		} {
			if writing == nil {
				b.Errorf("write %d in a view succeeded", i)
			}
		}
		return err
	})
}

func unchanging(b *box) {
	b.update(func(tx store.Tx) error { return writeAll(tx, 1) })
	b.view(func(tx store.Tx) error {
		b.mustHold(tx, 1, all)
		together(8, func(i int) {
			b.update(func(tx store.Tx) error { return writeAll(tx, 2+i) })
		})
		b.mustHold(tx, 2, 0)
		entries, err := collect(tx.Journal(store.JournalFilter{}), 0)
		b.same("entries seen", len(entries), 1)
		return err
	})
}

func viewError(b *box) {
	if err := b.View(b.Context(), func(store.Tx) error { return errRefused }); err != errRefused {
		b.Errorf("view returned %v, want what fn returned", err)
	}
}

func afterwards(b *box) {
	var leaked []store.Tx
	leak := func(tx store.Tx) error {
		leaked = append(leaked, tx)
		return nil
	}
	b.update(leak)
	b.view(leak)
	for _, tx := range leaked {
		_, read := tx.Entry(id(1))
		_, list := collect(tx.Notices(), 0)
		_, _, due := tx.Reminders(at(1), 1)
		_, known := tx.Correspondent(desk, correspondent(1).Address)
		for _, err := range []error{read, list, due, known, tx.Enqueue(notice(1))} {
			if err == nil || errors.Is(err, store.ErrNotFound) {
				b.Errorf("a transaction that is over: %v", err)
			}
		}
	}
}

func stays(b *box) {
	small, large := bytesOf(1, 3000), bytesOf(2, 300_000)
	b.receive(1, small)
	b.receive(2, large)
	var raws [][]byte
	b.view(func(tx store.Tx) error {
		for n := 1; n <= 2; n++ {
			raw, err := tx.Raw(id(n))
			if err != nil {
				return err
			}
			raws = append(raws, raw)
		}
		return nil
	})
	for n := range 50 {
		b.receive(10+n, bytesOf(byte(n), 3000))
	}
	if !bytes.Equal(raws[0], small) || !bytes.Equal(raws[1], large) {
		b.Error("bytes changed after the transaction")
	}
	clear(raws[0]) // they are the caller's own
	b.mustRead(1, small)
}

func backup(b *box) {
	var size atomic.Int64
	together(8, func(i int) {
		if i > 0 {
			b.update(func(tx store.Tx) error { return writeAll(tx, i) })
			return
		}
		var copied bytes.Buffer
		if err := b.Backup(b.Context(), &copied); err != nil {
			b.Errorf("backup: %v", err)
		}
		size.Store(int64(copied.Len()))
	})
	if size.Load() == 0 {
		b.Error("the backup is empty")
	}
}

func closed(b *box) {
	if err := b.Close(); err != nil {
		b.Errorf("close: %v", err)
	}
	never := func(store.Tx) error {
		b.Error("fn ran")
		return nil
	}
	_, stage := b.Stage(b.Context(), []byte("x"))
	for i, err := range []error{b.Update(b.Context(), never), b.View(b.Context(), never), stage, b.Backup(b.Context(), io.Discard)} {
		if err == nil {
			b.Errorf("call %d on a closed store succeeded", i)
		}
	}
	b.Store = b.open(b.T, b.dir)
}

func closeWaits(b *box) {
	begun, closing := make(chan bool), make(chan error)
	go func() {
		<-begun
		closing <- b.Store.Close()
	}()
	b.update(func(tx store.Tx) error {
		close(begun)
		return writeAll(tx, 1)
	})
	if err := <-closing; err != nil {
		b.Errorf("close: %v", err)
	}
	b.Store = b.open(b.T, b.dir)
	b.view(func(tx store.Tx) error {
		b.mustHold(tx, 1, all)
		return nil
	})
}
