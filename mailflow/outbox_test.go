package mailflow

import (
	"testing"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
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
