package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// daemon keeps a ticket of a desk with two levels of superiors: it does what
// people ask for, and what the clocks ask for when it looks at them.
type daemon struct {
	policy ticket.Policy
	ticket ticket.Ticket
	events []ticket.Event
	told   []string // the alarms as done: "11:15 work 75%", with the times of their events
}

// newDaemon has clocks from assign to resolve, and for the requester from the
// solution on, around the clock.
func newDaemon() *daemon {
	p := ticket.Policy{
		Desk: "desk", Actions: map[ticket.Action]ticket.Transition{},
		Queues: []ticket.Queue{{Name: "all", Lead: "lead@desk.example", Agents: []ticket.Address{"agent@desk.example"}, Superiors: [][]ticket.Address{{"one@desk.example"}, {"two@desk.example"}}}},
		Clocks: []ticket.Clock{
			{Name: "work", Starts: on(ticket.Assign, ticket.Reject), Stops: []ticket.Action{ticket.Resolve}, Paused: []ticket.State{ticket.StateWaiting},
				Within: map[string]ticket.Span{"": hours(4), "Alta": hours(1)}, Warn: []int{50, 75}, Warned: []ticket.Audience{ticket.ToLead},
				Escalate: []ticket.Span{{}, mins(30), hours(1)}},
			{Name: "requester", Starts: on(ticket.Resolve), Stops: []ticket.Action{ticket.Validate, ticket.Reject},
				Within: map[string]ticket.Span{"": hours(72)}, Then: ticket.Close},
		},
	}
	for _, line := range ticket.Table {
		p.Actions[line.Action] = line
	}
	give := func(a ticket.Action, field ticket.Field) {
		p.Actions[a] = p.Actions[a].WithForm(ticket.Form{Fields: []ticket.Field{field}})
	}
	give(ticket.Open, ticket.Field{ID: "queue", Kind: ticket.TextField, Sets: ticket.SetsQueue})
	give(ticket.Assign, ticket.Field{ID: "agent", Kind: ticket.AddressField})
	give(ticket.Classify, ticket.Field{ID: "priority", Kind: ticket.TextField, Sets: ticket.SetsPriority})
	return &daemon{policy: p}
}

// act does what somebody asks for, as the operator would; false if it cannot
// be done now.
func (d *daemon) act(r ticket.Request, now time.Time) bool {
	if r.Role == "" {
		r.Role = ticket.RoleOperator
	}
	decision, err := ticket.Decide(d.ticket, r, d.policy, now)
	if err != nil {
		return false
	}
	d.ticket, d.events = decision.Ticket, append(d.events, decision.Events...)
	return true
}

// look does all that the clocks ask for by now. It gives up, and says so, when
// they ask for what is refused or without end.
func (d *daemon) look(now time.Time) error {
	for range 50 {
		a, ok := d.policy.NextAlarm(d.events, now)
		if !ok || a.At.After(now) {
			return nil
		}
		action, _ := d.policy.Does(d.ticket, a)
		if !d.act(ticket.Request{Action: action, Role: ticket.RoleClock, Alarm: &a}, now) {
			return fmt.Errorf("%s for %+v is refused", action, a)
		}
		d.told = append(d.told, now.UTC().Format("15:04 ")+name(a))
	}
	return fmt.Errorf("no end: %v", d.told)
}

func name(a ticket.Alarm) string {
	switch {
	case a.Percent > 0:
		return fmt.Sprintf("%s %d%%", a.Clock, a.Percent)
	case a.Level > 0:
		return fmt.Sprintf("%s level %d", a.Clock, a.Level)
	}
	return fmt.Sprintf("%s %s", a.Clock, a.Then)
}

// play plays lines like "11:15 resolve" of one day; "look" is the daemon's.
// classify sets a priority: "11:15 classify Alta".
func (d *daemon) play(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		words := append(strings.Fields(line), "")
		now := at(t, time.UTC, "2026-05-04 "+words[0])
		if words[1] == "look" {
			if err := d.look(now); err != nil {
				t.Fatal(err)
			}
		} else if !d.act(asked(ticket.Action(words[1]), words[2]), now) {
			t.Fatalf("%s is refused", line)
		}
	}
}

// asked is a request with all that the desk's forms ask for.
func asked(a ticket.Action, priority string) ticket.Request {
	return ticket.Request{Action: a, Number: "X1", Text: "words",
		Read: ticket.Values{"queue": "all", "agent": "agent@desk.example", "priority": priority}}
}

func TestAlarms(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"each in its time", []string{"10:00 start", "11:59 look", "12:00 look", "12:01 look", "13:00 look", "13:59 look", "14:00 look", "14:30 look", "15:00 look", "20:00 look"},
			[]string{"12:00 work 50%", "13:00 work 75%", "14:00 work level 1", "14:30 work level 2"}},
		{"of two warnings missed the later is given", []string{"13:30 look"}, []string{"13:30 work 75%"}},
		{"of warning and breach missed the breach is told", []string{"14:10 look"}, []string{"14:10 work level 1"}},
		{"every level missed is called", []string{"20:00 look"}, []string{"20:00 work level 1", "20:00 work level 2"}},
		{"a later priority runs out at once", []string{"12:00 look", "12:10 classify Alta", "12:10 look"},
			[]string{"12:00 work 50%", "12:10 work level 1", "12:10 work level 2"}},
		{"none is given again where the priority moves it", []string{"10:00 classify Alta", "11:00 look", "11:10 classify Baja", "12:05 look", "13:05 look", "14:00 look", "14:30 look"},
			[]string{"11:00 work level 1", "14:30 work level 2"}},
		{"standing still it says nothing", []string{"11:00 request_info", "20:00 look"}, nil},
		{"and goes on where it stood", []string{"11:00 request_info", "15:00 provide_info", "15:59 look", "16:00 look", "18:00 look"},
			[]string{"16:00 work 50%", "18:00 work level 1"}},
		{"what ran out before is told while it waits, the rest when it goes on", []string{"14:10 request_info", "15:00 look", "16:00 provide_info", "16:19 look", "16:20 look"},
			[]string{"15:00 work level 1", "16:20 work level 2"}},
		{"a run that is over is quiet", []string{"13:59 resolve", "20:00 look"}, nil},
		{"another run has alarms of its own", []string{"14:00 look", "14:10 resolve", "14:20 reject", "18:20 look"},
			[]string{"14:00 work level 1", "18:20 work level 1"}},
		{"one called by hand is called by the clock too", []string{"10:00 escalate", "10:01 escalate", "14:00 look", "14:30 look"},
			[]string{"14:00 work level 1", "14:30 work level 2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDaemon()
			d.play(t, append([]string{"10:00 open", "10:00 assign"}, tt.lines...)...)
			if !slices.Equal(d.told, tt.want) {
				t.Errorf("got %q, want %q", d.told, tt.want)
			}
		})
	}
}

// TestClosesByItself holds that a clock acts once when it runs out, late if it
// must be, and tells the audiences of the action.
func TestClosesByItself(t *testing.T) {
	d := newDaemon()
	d.play(t, "10:00 open", "10:00 assign", "11:00 resolve")
	due := at(t, time.UTC, "2026-05-07 11:00")
	if a, ok := d.policy.NextAlarm(d.events, due.AddDate(0, 0, -2)); !ok || !a.At.Equal(due) || a.Then != ticket.Close {
		t.Fatalf("next is %+v, %v", a, ok)
	}
	for range 2 {
		if err := d.look(due.AddDate(0, 1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	last := d.events[len(d.events)-1]
	if len(d.told) != 1 || d.ticket.State != ticket.StateClosed || last.Role != ticket.RoleClock || !last.Content.Alarm.At.Equal(due) {
		t.Errorf("it did %q, and last %+v", d.told, last)
	}
}

// TestLevelsComeBeforeTheAct holds the order of what is due at one instant.
func TestLevelsComeBeforeTheAct(t *testing.T) {
	d := newDaemon()
	d.policy.Clocks[0].Then = ticket.Close
	d.play(t, "10:00 open", "10:00 assign", "20:00 look")
	if want := []string{"20:00 work level 1", "20:00 work close"}; !slices.Equal(d.told, want) {
		t.Errorf("got %q, want %q", d.told, want)
	}
}

// TestWhatCannotBeDoneBlocksNothing holds that alarms the desk's table does
// not let the clock raise are passed over.
func TestWhatCannotBeDoneBlocksNothing(t *testing.T) {
	d := newDaemon()
	delete(d.policy.Actions, ticket.Warn)
	d.policy.Queues[0].Superiors[0] = nil
	d.policy.Clocks[0].Then = ticket.Validate // not the clock's, and not in this state
	d.play(t, "10:00 open", "10:00 assign", "12:00 look", "20:00 look")
	if want := []string{"20:00 work level 2"}; !slices.Equal(d.told, want) {
		t.Errorf("got %q, want %q", d.told, want)
	}
	if a, ok := d.policy.NextAlarm(d.events, d.ticket.Updated); ok {
		t.Errorf("there is %+v left", a)
	}
}

// TestEscalatesByTheDesksName holds that levels are called by the desk's own
// action of that kind, and not by one that brings in a role.
func TestEscalatesByTheDesksName(t *testing.T) {
	d := newDaemon()
	line := d.policy.Actions[ticket.Escalate]
	delete(d.policy.Actions, ticket.Escalate)
	line.Kind, line.Action, line.Involves = ticket.Escalate, "call_attention", ticket.RoleAttention
	d.policy.Actions[line.Action] = line
	line.Action, line.Involves = "page", ""
	d.policy.Actions[line.Action] = line
	d.policy.Order = []ticket.Action{"call_attention", "page"}
	d.play(t, "10:00 open", "10:00 assign", "14:00 look")
	if last := d.events[len(d.events)-1]; last.Action != "page" || last.Content.Level != 1 || d.ticket.Level != 1 {
		t.Errorf("last is %s of level %d", last.Action, last.Content.Level)
	}
}

// TestWarnsTowardsAnAgreedDate holds that a percentage of the way to a date is
// counted in working time.
func TestWarnsTowardsAnAgreedDate(t *testing.T) {
	p := cartagena(t)
	p.Actions = ticket.Lines()
	events := history(t, bogota, "2026-05-04 08:00 classify new priority=Baja agreed=2026-05-05T18:00")
	a, ok := p.NextAlarm(events, events[0].At)
	if want := at(t, bogota, "2026-05-04 18:00"); !ok || !a.At.Equal(want) || a.Percent != 50 || a.Run != 1 {
		t.Errorf("next is %+v, want half of the way at %v", a, want)
	}
}
