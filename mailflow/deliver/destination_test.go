package deliver

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func newDestinations(limit int) *destinations {
	return &destinations{limit: limit, wait: 30 * time.Second, hold: 50 * time.Second, clock: wallClock{}, gates: map[string]*gate{}}
}

func TestFewAtATimeToOneDomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDestinations(2)
		var mu sync.Mutex
		inside, peak := 0, 0
		count := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			inside += by
			peak = max(peak, inside)
		}
		var senders sync.WaitGroup
		begun := time.Now()
		for range 10 {
			senders.Go(func() {
				leave, err := d.enter(t.Context(), "ayto.example")
				if err != nil {
					t.Error(err)
					return
				}
				count(1)
				time.Sleep(5 * time.Second) // the bubble's clock
				count(-1)
				leave("")
			})
		}
		senders.Wait()
		if took := time.Since(begun); peak != 2 || took != 25*time.Second {
			t.Errorf("%d at once, all in %s", peak, took)
		}
	})
}

// A slow domain does not keep the workers from the others.
func TestSlowDomainMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDestinations(1)
		leave := must(d.enter(t.Context(), "slow.example"))(t)
		begun := time.Now()
		_, err := d.enter(t.Context(), "slow.example")
		if took := time.Since(begun); took != 30*time.Second || err == nil || asFailure(err).Permanent {
			t.Errorf("after %s: %v", took, err)
		}
		must(d.enter(t.Context(), "quick.example"))(t)("")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := d.enter(ctx, "slow.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		leave("")
		must(d.enter(t.Context(), "slow.example"))(t)("")
		must(d.enter(t.Context(), "quick.example"))(t)("")
		if d.gates["slow.example"] != nil {
			t.Error("who did not get in is still counted")
		}
	})
}

// A domain whose hosts do not answer is left alone for a while, also by the
// mails that wait already; others are not held for it.
func TestSilentDomainIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newInternet()
		n.addresses["ayto.example."], n.addresses["other.example."] = []string{"192.0.2.1"}, []string{"192.0.2.2"}
		mx := newMX(t, n.options())
		var senders sync.WaitGroup
		for range 6 {
			senders.Go(func() {
				got := outcome(mx.Send(t.Context(), envelope()))
				if !strings.HasPrefix(got, "temporary") || !strings.Contains(got, "connection refused") {
					t.Error(got)
				}
			})
		}
		senders.Wait()
		if dials := n.dials(); len(dials) > 2 {
			t.Errorf("dialled %v", dials)
		}
		n.scripts["192.0.2.1:25"] = takes
		time.Sleep(49 * time.Second) // the bubble's clock
		if got := outcome(mx.Send(t.Context(), envelope())); !strings.Contains(got, "ayto.example is left alone for a moment") {
			t.Error(got)
		}
		other := envelope()
		other.To = "ana@other.example"
		if got := outcome(mx.Send(t.Context(), other)); !strings.HasPrefix(got, "temporary no host can be spoken to") {
			t.Error(got)
		}
		time.Sleep(time.Second) // the bubble's clock
		if got := outcome(mx.Send(t.Context(), envelope())); !strings.HasPrefix(got, "delivered") {
			t.Error(got)
		}
		n.end(t)
	})
}

// A host that has spoken is there: its domain is not held.
func TestNotHeldForWords(t *testing.T) {
	for name, script := range map[string][]string{"greylisted": greylists, "unwelcome": blocks, "refused": refuses, "nobody can know": neverReplys} {
		synctest.Test(t, func(t *testing.T) {
			n := newInternet()
			n.record("ayto.example.", "10 speaks.", "20 silent.")
			n.addresses["speaks."], n.addresses["silent."] = []string{"192.0.2.1"}, []string{"192.0.2.2"}
			n.scripts["192.0.2.1:25"] = script
			mx := newMX(t, n.options())
			for range 2 {
				if got := outcome(mx.Send(t.Context(), envelope())); strings.Contains(got, "left alone") {
					t.Errorf("%s: %s", name, got)
				}
			}
			n.end(t)
		})
	}
}

func TestGatesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDestinations(1)
		for _, domain := range []string{"a.example", "b.example", "c.example"} {
			must(d.enter(t.Context(), domain))(t)("")
		}
		must(d.enter(t.Context(), "held.example"))(t)("connection refused")
		leave := must(d.enter(t.Context(), "busy.example"))(t)
		if len(d.gates) != 2 {
			t.Errorf("%d gates", len(d.gates))
		}
		time.Sleep(time.Minute) // the bubble's clock
		must(d.enter(t.Context(), "a.example"))(t)("")
		if d.gates["held.example"] != nil || d.gates["busy.example"] == nil || len(d.gates) != 2 {
			t.Errorf("gates %v", d.gates)
		}
		leave("")
	})
}
