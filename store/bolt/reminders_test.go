package bolt

import (
	"testing"
	"time"

	"github.com/cauce-desk/cauce/store"
)

// TestRemindWritesNothing: what would change nothing makes no commit, and may
// be said in a transaction that only reads.
func TestRemindWritesNothing(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	fill(t, s)
	for name, r := range map[string]store.Reminder{
		"the same":        {Desk: "dgt", Ticket: "I1", At: when},
		"in another zone": {Desk: "dgt", Ticket: "I1", At: when.In(time.FixedZone("CDT", -5*60*60))},
		"removing none":   {Desk: "dgt", Name: "digest"},
	} {
		err := s.Update(t.Context(), func(in store.Tx) error {
			err := in.Remind(r)
			if n := len(in.(*tx).writes); n != 0 {
				t.Errorf("%s: wrote to %d buckets", name, n)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.View(t.Context(), func(tx store.Tx) error { return tx.Remind(r) }); err != nil {
			t.Errorf("%s, in a view: %v", name, err)
		}
	}
}

// TestRemindOddZone: a zone whose offset has seconds, which JSON cannot write,
// does not shift a reminder.
func TestRemindOddZone(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	odd := when.In(time.FixedZone("LMT", -(14*60 + 44)))
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Remind(store.Reminder{Desk: "dgt", Name: "digest", At: odd})
	})
	if err != nil {
		t.Fatal(err)
	}
	var due []store.Reminder
	err = s.View(t.Context(), func(tx store.Tx) (err error) {
		due, _, err = tx.Reminders(when, 1)
		return err
	})
	if err != nil || len(due) != 1 || !due[0].At.Equal(when) {
		t.Errorf("due %v (%v), want one at %v", due, err, when)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRemindUnwritable: a time JSON cannot write is refused and leaves no
// trace in the transaction.
func TestRemindUnwritable(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	fill(t, s)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		late := store.Reminder{Desk: "dgt", Ticket: "I1", At: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}
		if err := tx.Remind(late); err == nil {
			t.Error("a time of year 10000 was kept")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := remembered(s, "1"); err != nil {
		t.Error(err)
	}
}
