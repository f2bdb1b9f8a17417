package deliver

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func defaultSchedule() schedule {
	return schedule{backoff: defaultBackoff(), giveUp: defaultGiveUp}
}

func TestFirstRetries(t *testing.T) {
	created := time.Date(2017, 10, 9, 10, 0, 0, 0, time.UTC)
	for attempt, wait := range map[int]time.Duration{
		1: time.Minute, 2: 5 * time.Minute, 3: 15 * time.Minute, 6: 2 * time.Hour, 7: 4 * time.Hour, 20: 4 * time.Hour,
	} {
		at, again := defaultSchedule().next(Job{ID: "a", Attempt: attempt, Created: created}, created)
		if got := at.Sub(created); !again || got < wait*9/10 || got > wait*11/10 {
			t.Errorf("after attempt %d: %s, want about %s", attempt, got, wait)
		}
	}
}

func TestLastAttempt(t *testing.T) {
	created := time.Date(2017, 10, 9, 10, 0, 0, 0, time.UTC)
	end := created.Add(defaultGiveUp)
	for _, test := range []struct {
		now   time.Time
		again bool
	}{
		{end.Add(-3 * time.Hour), true},
		{end.Add(-time.Second), true},
		{end, false},
		{end.Add(time.Hour), false},
	} {
		at, again := defaultSchedule().next(Job{ID: "a", Attempt: 30, Created: created}, test.now)
		if again != test.again || again && !at.Equal(end) {
			t.Errorf("at %s before the end: %s, %v", end.Sub(test.now), at, again)
		}
	}
}

// Whatever the schedule, the attempts of a job that never succeeds move
// forward, end, and the last one is at the end of its patience.
func TestScheduleEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(1, 1_000_000)
		s := schedule{giveUp: time.Duration(seconds.Draw(t, "give up")) * time.Second}
		for _, n := range rapid.SliceOfN(rapid.Int64Range(1000, 100_000), 1, 8).Draw(t, "backoff") {
			s.backoff = append(s.backoff, time.Duration(n)*time.Second)
		}
		created := time.Unix(seconds.Draw(t, "created"), 0)
		job, now := Job{ID: rapid.String().Draw(t, "id"), Created: created}, created
		for again := true; again; {
			job.Attempt++
			var at time.Time
			if at, again = s.next(job, now); !again {
				break
			}
			if twice, _ := s.next(job, now); !twice.Equal(at) {
				t.Fatalf("attempt %d: %s, then %s", job.Attempt, at, twice)
			}
			if !at.After(now) {
				t.Fatalf("attempt %d at %s, not after %s", job.Attempt, at, now)
			}
			now = at
		}
		if !now.Equal(created.Add(s.giveUp)) {
			t.Fatalf("last attempt at %s, want %s", now.Sub(created), s.giveUp)
		}
	})
}
