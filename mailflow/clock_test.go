package mailflow_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cauce-desk/cauce/mailflow"
)

var morning = time.Date(2017, 10, 9, 10, 23, 58, 0, time.FixedZone("", 2*60*60))

func TestTestClockMovesOnlyByHand(t *testing.T) {
	clock := mailflow.NewTestClock(morning)
	if now := clock.Now(); !now.Equal(morning) || now.Location() != time.UTC {
		t.Errorf("it stands at %v, not at %v in UTC", now, morning)
	}
	if at := clock.Advance(-time.Hour); !at.Equal(morning) {
		t.Errorf("time went back to %v", at)
	}
	if at := clock.Advance(time.Minute); !at.Equal(morning.Add(time.Minute)) || !clock.Now().Equal(at) {
		t.Errorf("a minute later it is %v, and now %v", at, clock.Now())
	}
}

func TestTestClockWakesWhoWaits(t *testing.T) {
	clock := mailflow.NewTestClock(morning)
	soon, late := clock.Until(morning.Add(time.Minute)), clock.Until(morning.Add(time.Hour))
	for _, past := range []time.Time{morning, morning.Add(-time.Second)} {
		if !reached(clock.Until(past)) {
			t.Errorf("%v is not reached", past)
		}
	}
	clock.Advance(time.Minute - 1)
	if reached(soon) {
		t.Error("reached before its time")
	}
	clock.Advance(1)
	if !reached(soon) || reached(late) {
		t.Error("at its time the one must be reached and the other not")
	}
	clock.Advance(24 * time.Hour)
	if !reached(late) {
		t.Error("passed, but not reached")
	}
}

func TestTestClockIsForSeveral(t *testing.T) {
	clock := mailflow.NewTestClock(morning)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { clock.Advance(time.Second) })
		all.Go(func() { <-clock.Until(morning.Add(8 * time.Second)) })
	}
	all.Wait()
	if at := clock.Now(); !at.Equal(morning.Add(8 * time.Second)) {
		t.Errorf("eight seconds later it is %v", at)
	}
}

func reached(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestSystemClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var clock mailflow.SystemClock
		if clock.Now().Location() != time.UTC {
			t.Error("not in UTC")
		}
		began := time.Now()
		<-clock.Until(began.Add(time.Hour))
		if waited := time.Since(began); waited != time.Hour {
			t.Errorf("waited %v for an hour", waited)
		}
		<-clock.Until(began)
		if waited := time.Since(began); waited != time.Hour {
			t.Errorf("waited %v for the past", waited-time.Hour)
		}
	})
}
