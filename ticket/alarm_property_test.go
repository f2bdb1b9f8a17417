package ticket_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/ticket"
)

// step is what somebody asks for at a time, or a look of the daemon's.
type step struct {
	at      time.Time
	request ticket.Request // the zero Request is a look
}

// drawSteps gives what people ask for over weeks, with the daemon looking now
// and then, and not at all for long.
func drawSteps(t *rapid.T, actions ...ticket.Action) []step {
	now, err := time.Parse(minutes, rapid.SampledFrom(turns).Draw(t, "from"))
	if err != nil {
		t.Fatal(err)
	}
	steps := []step{{now, asked(ticket.Open, "")}}
	for range rapid.IntRange(1, 12).Draw(t, "steps") {
		now = now.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "minutes")) * time.Minute)
		next := step{at: now}
		if a := rapid.SampledFrom(actions).Draw(t, "action"); a != "" {
			next.request = asked(a, rapid.SampledFrom([]string{"Alta", "Media", "Baja"}).Draw(t, "priority"))
		}
		steps = append(steps, next)
	}
	return steps
}

// drawDaemon is newDaemon with clocks of any length, by any calendar.
func drawDaemon(t *rapid.T) *daemon {
	d := newDaemon()
	length := rapid.OneOf(rapid.Map(rapid.IntRange(1, 3*24*60), func(n int) ticket.Span { return mins(time.Duration(n)) }),
		rapid.Map(rapid.IntRange(1, 5), days))
	for i := range d.policy.Clocks {
		c := &d.policy.Clocks[i]
		c.Calendar = drawCalendar(t)
		c.Within = map[string]ticket.Span{"": length.Draw(t, "any"), "Alta": length.Draw(t, "alta")}
	}
	return d
}

func (d *daemon) walk(rt *rapid.T, steps []step) {
	for _, s := range steps {
		if s.request.Action != "" {
			d.act(s.request, s.at)
		} else if err := d.look(s.at); err != nil {
			rt.Fatal(err)
		}
	}
}

// TestEachAlarmOnce holds that an alarm is raised once, not before its time,
// with a daemon that looks when it pleases; that a look ends; and that after a
// long absence nothing that can still be done is left.
func TestEachAlarmOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawDaemon(rt)
		steps := drawSteps(rt, "", "", ticket.Assign, ticket.RequestInfo, ticket.ProvideInfo, ticket.Resolve, ticket.Reject, ticket.Classify, ticket.Comment)
		d.walk(rt, steps)
		later := steps[len(steps)-1].at.AddDate(1, 0, 0)
		d.walk(rt, []step{{at: later}})
		if a, ok := d.policy.NextAlarm(d.events, later.AddDate(9, 0, 0)); ok {
			rt.Fatalf("a year later there is %+v left", a)
		}
		d.holdOnce(rt)
		d.holdComplete(rt, later)
	})
}

// holdOnce holds that none came twice, early, or as a warning when late.
func (d *daemon) holdOnce(rt *rapid.T) {
	raised := map[string]bool{}
	for _, e := range d.events {
		a := e.Content.Alarm
		if a == nil {
			continue
		}
		key := fmt.Sprintf("run %d %s", a.Run, name(*a))
		switch {
		case raised[key]:
			rt.Fatalf("%s was raised again by event %d", key, e.Seq)
		case e.At.Before(a.At):
			rt.Fatalf("%s, due %v, was raised at %v", key, a.At, e.At)
		case a.Percent > 0 && !e.At.Before(a.Due), a.Percent == 0 && a.At.Before(a.Due):
			rt.Fatalf("%s of what is due %v was raised at %v", key, a.Due, e.At)
		}
		raised[key] = true
	}
}

// holdComplete holds that what ran out and runs still has called both levels.
func (d *daemon) holdComplete(rt *rapid.T, now time.Time) {
	for _, r := range d.policy.Runs(d.events) {
		if r.Clock != "work" || r.Standing || !r.Stopped.IsZero() || !r.Late(now) {
			continue
		}
		for level := 1; level <= 2; level++ {
			called := slices.ContainsFunc(d.events, func(e ticket.Event) bool {
				a := e.Content.Alarm
				return a != nil && a.Run == r.Event && a.Clock == r.Clock && a.Level == level
			})
			if !called {
				rt.Fatalf("level %d of %v was not called", level, r)
			}
		}
	}
}

// TestAskedLaterOnlyWarningsVanish holds that, with no event between, the next
// alarm stays what it is whenever it is asked for; a warning gives way to what
// is due after it.
func TestAskedLaterOnlyWarningsVanish(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawDaemon(rt)
		steps := drawSteps(rt, "", ticket.Assign, ticket.RequestInfo, ticket.ProvideInfo, ticket.Resolve, ticket.Classify)
		d.walk(rt, steps)
		now := steps[len(steps)-1].at
		before, had := d.policy.NextAlarm(d.events, now)
		for range 10 {
			now = now.Add(time.Duration(rapid.IntRange(1, 24*60).Draw(rt, "minutes")) * time.Minute)
			a, has := d.policy.NextAlarm(d.events, now)
			gaveWay := before.Percent > 0 && (!has || a.At.After(before.At)) && !now.Before(before.At)
			if (has != had || a != before) && !gaveWay {
				rt.Fatalf("at %v %+v became %+v", now, before, a)
			}
			before, had = a, has
		}
	})
}

// TestTheLateDaemonCallsWhoThePromptOneCalled holds that a daemon that was
// down all the time calls, for what runs still, the levels that one calls
// that never was, as due at the same times.
func TestTheLateDaemonCallsWhoThePromptOneCalled(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		late := drawDaemon(rt)
		late.policy.Clocks = late.policy.Clocks[:1]
		prompt := &daemon{policy: late.policy}
		steps := drawSteps(rt, ticket.Assign, ticket.RequestInfo, ticket.ProvideInfo, ticket.Resolve, ticket.Reject, ticket.Comment)
		end := steps[len(steps)-1].at.AddDate(1, 0, 0)
		late.walk(rt, append(steps, step{at: end}))
		for _, s := range append(steps, step{at: end}) {
			prompt.wake(rt, s.at)
			prompt.walk(rt, []step{s})
		}
		if l, p := late.levels(), prompt.levels(); !maps.Equal(l, p) {
			rt.Fatalf("the late one called %v, the prompt one %v", l, p)
		}
	})
}

// wake looks whenever the clocks say so, until a time.
func (d *daemon) wake(rt *rapid.T, until time.Time) {
	now := d.ticket.Updated
	for range 50 {
		a, ok := d.policy.NextAlarm(d.events, now)
		if !ok || !a.At.Before(until) {
			return
		}
		if now = a.At; now.Before(d.ticket.Updated) {
			now = d.ticket.Updated
		}
		if err := d.look(now); err != nil {
			rt.Fatal(err)
		}
	}
	rt.Fatalf("no end: %v", d.told)
}

// levels are those called for what runs still, with when they were due.
func (d *daemon) levels() map[string]bool {
	called := map[string]bool{}
	for _, r := range d.policy.Runs(d.events) {
		for _, e := range d.events {
			if a := e.Content.Alarm; a != nil && a.Run == r.Event && a.Level > 0 && r.Stopped.IsZero() {
				called[fmt.Sprintf("%d at %v", a.Level, a.At)] = true
			}
		}
	}
	return called
}
