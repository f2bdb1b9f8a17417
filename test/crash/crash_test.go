//go:build crash

package crash

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/test/e2e/process"
)

const (
	rounds   = 8
	perRound = 40 // new letters in each
	longest  = 900 * time.Millisecond
)

// TestKilledUnderLoad kills the daemon at random moments.
func TestKilledUnderLoad(t *testing.T) {
	r := dice(t)
	daemon := process.Start(t, process.Options{Program: program, Data: t.TempDir()})
	var letters []*letter
	for round := range rounds {
		letters = append(letters, write(t, r, len(letters), perRound)...)
		disturbed(t, r, daemon.Server, load(r, letters), daemon.Kill)
		t.Logf("round %d: %d of %d letters have no answer", round, len(unanswered(letters)), len(letters))
		daemon = daemon.Again()
	}
	settle(t, daemon, letters)
}

// TestStoppedUnderLoad stops the daemon as an operator does, in the midst of
// work: what it took is kept, and it ends in time and well.
func TestStoppedUnderLoad(t *testing.T) {
	r := dice(t)
	daemon := process.Start(t, process.Options{Program: program, Data: t.TempDir()})
	letters := write(t, r, 0, 2*perRound)
	disturbed(t, r, daemon.Server, letters, func() {
		if err := daemon.Stop(); err != nil {
			t.Errorf("the daemon did not end well: %v", err)
		}
	})
	t.Logf("%d of %d letters have no answer", len(unanswered(letters)), len(letters))
	settle(t, daemon.Again(), letters)
}

// disturbed sends letters and does something to the daemon meanwhile.
func disturbed(t *testing.T, r *rand.Rand, server string, letters []*letter, disturb func()) {
	ctx, stop := context.WithCancel(t.Context())
	moment := time.After(time.Duration(r.Int64N(int64(longest))))
	done := make(chan struct{})
	go func() {
		defer close(done)
		post(ctx, t, server, letters)
	}()
	<-moment
	disturb()
	stop()
	<-done
}

// load is what to send next: all that has no answer, and some that has one, as
// if the answer had been lost on the way (RFC 1047).
func load(r *rand.Rand, letters []*letter) []*letter {
	chosen := unanswered(letters)
	for _, l := range letters {
		if l.number != "" && r.IntN(10) == 0 {
			chosen = append(chosen, l)
		}
	}
	r.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	return chosen
}
