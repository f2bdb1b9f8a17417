package storetest

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// history does the same random things to a store and to the model and
// compares what they answer. On failure rapid prints the seed and the
// shortest history it finds that fails.
func history(t *testing.T, open func(*testing.T, string) store.Store) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "history")
		if err != nil {
			t.Fatal(err)
		}
		h := &comparison{T: r, store: open(t, dir), model: newModel()}
		defer func() { _ = h.store.Close() }()
		for range rapid.IntRange(1, 16).Draw(r, "updates") {
			if rapid.IntRange(0, 9).Draw(r, "reopen") == 0 {
				h.reopen(func() store.Store { return open(t, dir) })
			}
			h.update()
			h.compare()
		}
	})
}

// comparison is a store beside its model.
type comparison struct {
	*rapid.T
	store  store.Store
	model  *model
	second int // on the clock of the history
}

// step does something to a transaction and returns what there was to see.
type step func(store.Tx) (seen any, err error)

func (h *comparison) reopen(open func() store.Store) {
	if err := h.store.Close(); err != nil {
		h.Fatal(err)
	}
	h.store = open()
}

// update does some steps in one transaction, which then fails or does not.
func (h *comparison) update() {
	h.second++
	steps := make([]step, rapid.IntRange(1, 6).Draw(h.T, "steps"))
	for i := range steps {
		steps[i] = h.step()
	}
	fail := rapid.IntRange(0, 4).Draw(h.T, "fail") == 0
	changed := h.model.clone()
	err := h.store.Update(h.Context(), func(tx store.Tx) error {
		for i, do := range steps {
			if got, want := answer(do(tx)), answer(do(changed)); got != want {
				return fmt.Errorf("step %d:\n got %s\nwant %s", i, got, want)
			}
		}
		if fail {
			return errRefused
		}
		return nil
	})
	switch {
	case fail && errors.Is(err, errRefused):
	case !fail && err == nil:
		h.model = changed
	default:
		h.Fatalf("update: %v", err)
	}
}

// answer puts what a step saw into words. Of errors it says only what the
// contract does.
func answer(seen any, err error) string {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "not found"
	case err != nil:
		return "refused"
	}
	return text(seen)
}

// step draws a step. The numbers are few, so that steps meet.
func (h *comparison) step() step {
	n := rapid.IntRange(0, 7).Draw(h.T, "n")
	number := ticket.Number(fmt.Sprintf("I%d", n))
	of := rapid.SampledFrom([]string{desk, "otra"}).Draw(h.T, "desk")
	switch rapid.SampledFrom([]string{
		"record", "ticket", "claim", "notice", "sequence", "subject", "remind", "due", "correspondent", "journal",
	}).Draw(h.T, "step") {
	case "record":
		return h.recordStep(n, number)
	case "ticket":
		return h.ticketStep(of, number)
	case "claim":
		return h.claimStep(n)
	case "notice":
		return h.noticeStep(n)
	case "sequence":
		return func(tx store.Tx) (any, error) { return tx.NextSequence(of, string(number)) }
	case "subject":
		return func(tx store.Tx) (any, error) { return nil, tx.AddSubject(of, number, fmt.Sprint("subject ", n%3)) }
	case "remind":
		return h.remindStep(of, n, number)
	case "due":
		return h.dueStep(n)
	case "correspondent":
		return h.correspondentStep(of, n)
	}
	f := h.filter(n, number)
	return func(tx store.Tx) (any, error) { return collect(tx.Journal(f), 0) }
}

// recordStep records a mail. The model gets it whole, the store as staged.
func (h *comparison) recordStep(n int, number ticket.Number) step {
	e := entry(n)
	e.At, e.Acts[0].Ticket = at(h.second), number
	e.Key = rapid.SampledFrom([]string{"", "a", "b", "c", e.Key}).Draw(h.T, "key")
	raw := bytesOf(byte(n), rapid.SampledFrom([]int{0, 10, 70_000}).Draw(h.T, "size"))
	staged, err := h.store.Stage(h.Context(), raw)
	if err != nil {
		h.Fatalf("stage: %v", err)
	}
	return func(tx store.Tx) (any, error) {
		blob := staged
		if _, simple := tx.(*model); simple {
			blob.Inline = raw
		}
		return nil, tx.Record(e, blob)
	}
}

// ticketStep opens a ticket, or adds to it an event that may be stale.
func (h *comparison) ticketStep(of string, number ticket.Number) step {
	now, stale := at(h.second), rapid.IntRange(0, 5).Draw(h.T, "stale") == 0
	return func(tx store.Tx) (any, error) {
		kept, err := tx.Ticket(of, number)
		d := opening(of, number, now)
		if err == nil && !stale {
			d = note(kept, "more", now)
		}
		return kept, tx.Append(d.Ticket, d.Events)
	}
}

func (h *comparison) claimStep(n int) step {
	now := at(rapid.IntRange(0, 200).Draw(h.T, "now"))
	return func(tx store.Tx) (any, error) {
		claimed, next, err := tx.Claim(now, n, minute)
		return []any{append([]store.Notice{}, claimed...), next.Unix()}, err
	}
}

// noticeStep enqueues a notice, or settles or queues one again.
func (h *comparison) noticeStep(n int) step {
	kept := notice(n)
	kept.Next = at(rapid.IntRange(0, 200).Draw(h.T, "next"))
	if rapid.Bool().Draw(h.T, "enqueue") {
		return func(tx store.Tx) (any, error) { return nil, tx.Enqueue(kept) }
	}
	kept.Status = rapid.SampledFrom([]store.NoticeStatus{
		store.NoticeQueued, store.NoticeSending, store.NoticeDelivered, store.NoticeFailed,
	}).Draw(h.T, "status")
	return func(tx store.Tx) (any, error) { return nil, tx.SaveNotice(kept) }
}

// remindStep sets, moves or removes a reminder, of an owner or of none.
func (h *comparison) remindStep(of string, n int, number ticket.Number) step {
	r := store.Reminder{
		Desk: of, Ticket: rapid.SampledFrom([]ticket.Number{"", number}).Draw(h.T, "ticket"),
		Name: rapid.SampledFrom([]string{"", "digest", "warning"}).Draw(h.T, "name"),
	}
	if n > 0 {
		r.At = at(rapid.IntRange(0, 5).Draw(h.T, "at"))
	}
	return func(tx store.Tx) (any, error) {
		kept, err := tx.Reminder(r.Desk, r.Ticket, r.Name)
		return []any{kept, errors.Is(err, store.ErrNotFound)}, tx.Remind(r)
	}
}

func (h *comparison) dueStep(n int) step {
	until := at(rapid.IntRange(-1, 6).Draw(h.T, "until"))
	return func(tx store.Tx) (any, error) {
		due, next, err := tx.Reminders(until, n)
		return []any{append([]store.Reminder{}, due...), next.Unix()}, err
	}
}

// correspondentStep looks an address up and adds to what is known of it, or
// forgets it.
func (h *comparison) correspondentStep(of string, n int) step {
	a := rapid.SampledFrom([]ticket.Address{"ana@a.example", "ANA@a.example", "ana@b.example", "eva@a.example"}).Draw(h.T, "address")
	return func(tx store.Tx) (any, error) {
		c, err := tx.Correspondent(of, a)
		seen := c
		c.Address = a
		if c.Guesses++; n == 0 {
			c = store.Correspondent{Address: a}
		}
		return seen, errors.Join(err, tx.SaveCorrespondent(of, c))
	}
}

// filter draws a journal filter.
func (h *comparison) filter(n int, number ticket.Number) store.JournalFilter {
	f := store.JournalFilter{Limit: n % 3}
	if rapid.Bool().Draw(h.T, "by ticket") {
		f.Ticket = number
	}
	if rapid.Bool().Draw(h.T, "by time") {
		f.Since = at(rapid.IntRange(0, h.second).Draw(h.T, "since"))
		f.Until = at(rapid.IntRange(0, h.second).Draw(h.T, "until"))
	}
	return f
}

// compare compares everything there is to see, and has the store check itself.
func (h *comparison) compare() {
	if err := check(h.store); err != nil {
		h.Fatalf("check: %v", err)
	}
	var got, want string
	err := h.store.View(h.Context(), func(tx store.Tx) (err error) {
		if got, err = picture(tx); err == nil {
			want, err = picture(h.model)
		}
		return err
	})
	if err != nil || got != want {
		h.Fatalf("%v\n got %s\nwant %s", err, got, want)
	}
}

// picture is everything a transaction shows.
func picture(tx store.Tx) (string, error) {
	entries, err1 := collect(tx.Journal(store.JournalFilter{}), 0)
	tickets, err2 := collect(tx.Tickets(""), 0)
	notices, err3 := collect(tx.Notices(), 0)
	due, next, err4 := tx.Reminders(at(1000), 1000)
	known, err5 := collect(tx.Correspondents(desk), 0)
	others, err6 := collect(tx.Correspondents("otra"), 0)
	shown := []any{entries, tickets, notices, append([]store.Reminder{}, due...), next.Unix(), known, others}
	errs := []error{err1, err2, err3, err4, err5, err6}
	for _, e := range entries {
		raw, err := tx.Raw(e.ID)
		shown = append(shown, len(raw), errors.Is(err, store.ErrNotFound))
	}
	for _, t := range tickets {
		events, err1 := tx.Events(t.Desk, t.Number)
		subjects, err2 := tx.Subjects(t.Desk, t.Number)
		shown = append(shown, events, append([]string{}, subjects...))
		errs = append(errs, err1, err2)
	}
	return text(shown), errors.Join(errs...)
}
