package deliver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// start runs a courier in the bubble; stop ends it and waits for it.
func start(t *testing.T, q *memoryQueue, w *world, change func(*Options)) (c *Courier, stop func()) {
	t.Helper()
	options := Options{Queue: q, Composer: w, Transport: w}
	if change != nil {
		change(&options)
	}
	c = must(New(options))(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- c.Run(ctx) }()
	return c, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	}
}

// pass lets time go by until all is quiet.
func pass(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

func TestWakeSendsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(taking)
		c, stop := start(t, q, w, nil)
		defer stop()
		pass(time.Hour)
		q.add("ana@ayto.example")
		added := time.Now()
		c.Wake()
		c.Wake()
		synctest.Wait()
		if w.delivered("ana@ayto.example") != 1 || !w.lastDelivered.Equal(added) {
			t.Errorf("sent %d, %s after the wake", w.total(), w.lastDelivered.Sub(added))
		}
		if got := q.last(); got.Result != Delivered || got.Receipt.Reply != "250 ok" || got.Job.Attempt != 1 {
			t.Errorf("outcome %+v", got)
		}
	})
}

func TestWhatWaitedIsSentOnStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(taking)
		q.add("one", "two")
		_, stop := start(t, q, w, nil)
		synctest.Wait()
		stop()
		if w.total() != 2 {
			t.Errorf("sent %d", w.total())
		}
	})
}

func TestTriedUntilTheEndOfPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(refusing(Failure{Code: 451, Enhanced: "4.7.1", Text: "later"}))
		q.add("ana")
		created := time.Now()
		_, stop := start(t, q, w, nil)
		pass(7 * 24 * time.Hour)
		stop()
		attempts := q.attempts["ana"]
		if first, last := attempts[0], attempts[len(attempts)-1]; !first.Equal(created) || last.Sub(created) != defaultGiveUp {
			t.Errorf("first after %s, last after %s", first.Sub(created), last.Sub(created))
		}
		if second := attempts[1].Sub(created); second < 54*time.Second || second > 66*time.Second {
			t.Errorf("second attempt after %s", second)
		}
		if n := len(attempts); n < 28 || n > 36 {
			t.Errorf("%d attempts", n)
		}
		got := q.last()
		if got.Result != Failed || got.Failure != (Failure{Code: 451, Enhanced: "4.7.1", Text: "later"}) || got.Job.Attempt != len(attempts) {
			t.Errorf("outcome %+v", got)
		}
	})
}

func TestRefusedForGood(t *testing.T) {
	refusal := Failure{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "no such person"}
	for name, w := range map[string]*world{
		"by the relay":    newWorld(refusing(refusal)),
		"by the composer": {compose: func(Job) error { return &refusal }, send: taking, sent: map[string]int{}},
	} {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue()
			q.add("ana")
			_, stop := start(t, q, w, nil)
			pass(7 * 24 * time.Hour)
			stop()
			if got := q.results("ana"); !slices.Equal(got, []Result{Failed}) || q.last().Failure != refusal || w.total() > 0 {
				t.Errorf("%s: %v, sent %d", name, got, w.total())
			}
		})
	}
}

func TestSecondAttemptDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(taking)
		w.compose = func(j Job) error {
			if j.Attempt == 1 {
				return errors.New("no such template")
			}
			return nil
		}
		q.add("ana")
		_, stop := start(t, q, w, nil)
		pass(2 * time.Minute)
		stop()
		if got := q.results("ana"); !slices.Equal(got, []Result{Deferred, Delivered}) {
			t.Errorf("results %v", got)
		}
	})
}

func TestNoMoreThanItsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(slow(time.Second))
		for i := range 100 {
			q.add(fmt.Sprint(i))
		}
		begun := time.Now()
		_, stop := start(t, q, w, func(o *Options) { o.Workers = 5 })
		pass(time.Minute)
		stop()
		if w.peak != 5 || w.total() != 100 || w.lastDelivered.Sub(begun) != 20*time.Second {
			t.Errorf("%d at once, %d sent in %s", w.peak, w.total(), w.lastDelivered.Sub(begun))
		}
	})
}

func TestMailsInFlightLand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(slow(20*time.Second))
		q.add("ana")
		c, stop := start(t, q, w, nil)
		pass(time.Second)
		begun := time.Now()
		go func() {
			time.Sleep(time.Second) // the bubble's clock
			q.add("late")
			c.Wake()
		}()
		stop()
		if took := time.Since(begun); took != 19*time.Second {
			t.Errorf("stopped after %s", took)
		}
		if w.delivered("ana") != 1 || q.last().Result != Delivered || len(q.attempts["late"]) != 0 {
			t.Errorf("sent %d, late tried %d times", w.total(), len(q.attempts["late"]))
		}
	})
}

func TestMailsCutOffAreDeferred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(slow(time.Hour))
		q.add("ana")
		_, stop := start(t, q, w, func(o *Options) { o.Grace = 10 * time.Second })
		synctest.Wait()
		begun := time.Now()
		stop()
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("stopped after %s", took)
		}
		if got := q.results("ana"); !slices.Equal(got, []Result{Deferred}) {
			t.Errorf("results %v", got)
		}
	})
}

func TestSendTakesNoLongerThanItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(slow(48*time.Hour))
		q.add("ana")
		_, stop := start(t, q, w, func(o *Options) { o.SendTimeout = 5 * time.Minute })
		pass(5 * time.Minute)
		if got := q.results("ana"); !slices.Equal(got, []Result{Deferred}) {
			t.Errorf("results %v", got)
		}
		stop()
	})
}

func TestBrokenQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(taking)
		q.add("ana")
		q.broken = 3
		_, stop := start(t, q, w, nil)
		pass(time.Minute)
		stop()
		if w.delivered("ana") != 1 {
			t.Errorf("sent %d", w.total())
		}
	})
}

// A delivered mail whose outcome cannot be recorded is not sent again as long
// as the process lives.
func TestOutcomeIsRecordedInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		w := newWorld(func(context.Context, string) error {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.broken = 10
			return nil
		})
		q.add("ana")
		_, stop := start(t, q, w, nil)
		pass(30 * time.Minute)
		stop()
		if got := q.results("ana"); !slices.Equal(got, []Result{Delivered}) || w.delivered("ana") != 1 {
			t.Errorf("results %v, sent %d", got, w.total())
		}
	})
}

// A process that dies after Claim leaves a lease; the next one takes over.
func TestLeftByADeadProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, w := newQueue(), newWorld(taking)
		q.add("ana")
		if _, _, err := q.Claim(t.Context(), time.Now(), 1); err != nil {
			t.Fatal(err)
		}
		_, stop := start(t, q, w, nil)
		pass(testLease - time.Second)
		if w.total() > 0 {
			t.Errorf("sent %d under another's lease", w.total())
		}
		pass(time.Second)
		stop()
		if w.delivered("ana") != 1 || q.last().Job.Attempt != 2 {
			t.Errorf("sent %d, attempt %d", w.total(), q.last().Job.Attempt)
		}
	})
}

func TestCourierNeedsItsParts(t *testing.T) {
	w := newWorld(taking)
	for _, o := range []Options{{}, {Queue: newQueue(), Composer: w}, {Queue: newQueue(), Transport: w}, {Composer: w, Transport: w}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v: taken", o)
		}
	}
}
