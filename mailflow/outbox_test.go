package mailflow

import (
	"slices"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/mailflow/deliver"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
	"github.com/cauce-desk/cauce/ticket"
)

// A clock moved by hand leaps over any lease; the mail being sent meanwhile
// must not be sent again for that. After a crash it must.
func TestClaimOutlivesALeapOfTheClock(t *testing.T) {
	kept, err := bolt.Open(bolt.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	r := newTestRoom(t, kept)
	notice := toAna
	notice.Status, notice.Next = store.NoticeQueued, r.clock.Now()
	if err := kept.Update(t.Context(), func(tx store.Tx) error { return tx.Enqueue(notice) }); err != nil {
		t.Fatal(err)
	}
	claim := func(later time.Duration, want int) {
		t.Helper()
		jobs, _, err := r.Claim(t.Context(), r.clock.Now().Add(later), 5)
		if err != nil || len(jobs) != want {
			t.Errorf("after %s: claimed %v, %v", later, jobs, err)
		}
	}
	claim(-time.Second, 0)
	claim(0, 1)
	claim(0, 0)
	claim(365*24*time.Hour, 0)
	if err := r.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	claim(0, 1)
}

// A mail that will never arrive is settled, whether or not the desk keeps
// records: an outcome that cannot be settled would be tried for ever.
func TestFailedDeliveryIsSettled(t *testing.T) {
	for _, records := range []bool{true, false} {
		kept, err := bolt.Open(bolt.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer kept.Close()
		r := newTestRoom(t, kept)
		d := r.site.Load().Desks[0]
		if !records {
			delete(d.Policy.Actions, ticket.Record)
		}
		n := openAndClaim(t, r, d)
		outcome := deliver.Outcome{Job: deliver.Job{ID: n.ID, Attempt: 1}, Result: deliver.Failed, At: r.clock.Now(),
			Failure: deliver.Failure{Permanent: true, Code: 550, Text: "no such user"}}
		for range 2 { // the second changes nothing
			if err := r.Settle(t.Context(), outcome); err != nil {
				t.Fatalf("records %v: %v", records, err)
			}
		}
		checkFailed(t, kept, n, records)
	}
}

// openAndClaim opens a ticket and claims its first notice.
func openAndClaim(t *testing.T, r *Mailroom, d *Desk) store.Notice {
	t.Helper()
	var claimed []store.Notice
	err := r.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := r.act(tx, d, "", ticket.Request{Action: ticket.Open, Actor: ticket.Person{Address: ana},
			Read: ticket.Values{"service": "EEFF", "description": "No va"}})
		if err != nil {
			return err
		}
		claimed, _, err = tx.Claim(r.clock.Now(), 1, time.Hour)
		return err
	})
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	return claimed[0]
}

func checkFailed(t *testing.T, kept store.Store, n store.Notice, records bool) {
	t.Helper()
	err := kept.View(t.Context(), func(tx store.Tx) error {
		settled, err := tx.Notice(n.ID)
		if err != nil || settled.Status != store.NoticeFailed || settled.Said != "550 no such user" {
			t.Errorf("notice %+v, %v", settled, err)
		}
		events, err := tx.Events(n.Desk, n.Ticket)
		recorded := slices.ContainsFunc(events, func(e ticket.Event) bool { return e.Action == ticket.Record })
		if recorded != records || len(events) > 2 {
			t.Errorf("records %v: %d events, recorded %v", records, len(events), recorded)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A number that a ticket has already, from a format the desk had before, is
// passed over.
func TestTakenNumbersArePassedOver(t *testing.T) {
	kept, err := bolt.Open(bolt.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	r := newTestRoom(t, kept)
	d := r.site.Load().Desks[0]
	first := openAndClaim(t, r, d)
	formats := map[string]ticket.Number{"I{yy}{mm}{dd}_{seq:6}": "I171009_000002", "I171009_{seq:6}": "I171009_000003"}
	for _, pattern := range []string{"I{yy}{mm}{dd}_{seq:6}", "I171009_{seq:6}"} {
		if d.Policy.Numbers, err = ticket.ParseNumberFormat(pattern); err != nil {
			t.Fatal(err)
		}
		err := kept.Update(t.Context(), func(tx store.Tx) error {
			decision, err := r.act(tx, d, "", ticket.Request{Action: ticket.Open, Actor: ticket.Person{Address: ana},
				Read: ticket.Values{"service": "EEFF", "description": "No va"}})
			if got := decision.Ticket.Number; got != formats[pattern] {
				t.Errorf("%s after %s: %s", pattern, first.Ticket, got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
