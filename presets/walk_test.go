package presets_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// walker takes tickets of one desk through its procedure, by the links that the
// desk's people are offered.
type walker struct {
	*testing.T
	policy ticket.Policy
	links  map[string]ticket.Action
	states map[ticket.State]string
	known  map[ticket.Address]ticket.Values
	now    time.Time
	ticket ticket.Ticket
	events []ticket.Event
}

// walk loads a desk out of all five, at nine o'clock of a Tuesday.
func walk(t *testing.T, id string) *walker {
	t.Helper()
	c, err := config.Load([]string{"all.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	d := c.Desks[slices.IndexFunc(c.Desks, func(d config.Desk) bool { return d.ID == id })]
	words, err := templates.Load(d.Language, templates.Inline(id, d.Wording()))
	if err != nil {
		t.Fatal(d.Fault("wording", err))
	}
	forms, links := map[ticket.Action]ticket.Form{}, map[string]ticket.Action{}
	for _, line := range ticket.Table {
		forms[line.Action] = words.Action(line.Action).Form
	}
	policy, err := d.Policy(bytes.Repeat([]byte{7}, 32), forms)
	if err != nil {
		t.Fatal(err)
	}
	for a, line := range policy.Actions {
		links[words.Action(line.Is()).Link] = a
	}
	for a, name := range d.Links() {
		links[name] = a
	}
	now := time.Date(2026, time.March, 10, 9, 0, 0, 0, policy.Zone)
	return &walker{T: t, policy: policy, links: links, states: d.StateNames(), known: d.Contacts(), now: now}
}

// step is one mail: who asks by which link for what, and what comes of it. A
// link "" is an ordinary reply.
type step struct {
	by     ticket.Address
	link   string
	fields ticket.Values
	state  string // the desk's name of it, after
	told   string // the addressees, in order
}

// take does the steps of a ticket's life.
func (w *walker) take(steps ...step) {
	w.Helper()
	for _, s := range steps {
		decision, err := w.decide(s)
		if err != nil {
			w.Fatalf("%s: %q: %v", s.by, s.link, err)
		}
		if got := w.states[w.ticket.State]; got != s.state {
			w.Errorf("%s: %q leads to %q (%s), want %q", s.by, s.link, got, w.ticket.State, s.state)
		}
		if got := told(decision); got != s.told {
			w.Errorf("%s: %q tells %q, want %q", s.by, s.link, got, s.told)
		}
	}
}

func (w *walker) decide(s step) (ticket.Decision, error) {
	r := ticket.Request{
		Action: w.links[s.link], Actor: ticket.Person{Address: s.by}, Read: s.fields,
		Assurance: ticket.Assurance{Authenticated: true, Strict: true}, Contact: w.known[s.by],
	}
	switch {
	case w.ticket.Number == "" && s.link == "":
		r.Action, r.Number = ticket.Open, w.policy.Numbers.Number(w.now, 1)
	case w.ticket.Number == "":
		r.Number = w.policy.Applications.Number(w.now, 1)
	case s.link == "":
		r.Action, _ = w.policy.ReplyMeans(w.ticket, s.by)
		r.Text = "Una respuesta."
	case slices.Contains(w.policy.Next(w.ticket, s.by), r.Action):
		r.Text = "Unas palabras."
		r.Token = w.policy.Token(w.ticket, r.Action, s.by)
	default:
		return ticket.Decision{}, errors.New("not offered")
	}
	return w.asked(r)
}

func (w *walker) asked(r ticket.Request) (ticket.Decision, error) {
	decision, err := ticket.Decide(w.ticket, r, w.policy, w.now)
	if err == nil {
		w.ticket, w.events = decision.Ticket, append(w.events, decision.Events...)
	}
	return decision, err
}

func told(d ticket.Decision) string {
	var list []string
	for _, n := range d.Notices {
		list = append(list, string(n.To))
	}
	return strings.Join(list, " ")
}

// refused checks that nobody of these is offered a link now.
func (w *walker) refused(link string, people ...ticket.Address) {
	w.Helper()
	for _, who := range people {
		if slices.Contains(w.policy.Next(w.ticket, who), w.links[link]) {
			w.Errorf("%s is offered %q in state %s", who, link, w.ticket.State)
		}
	}
}

// wait lets time pass, and checks what the clocks do meanwhile.
func (w *walker) wait(d time.Duration, want ...string) {
	w.Helper()
	until := w.now.Add(d)
	var got []string
	for range 20 {
		alarm, any := w.policy.NextAlarm(w.events, w.now)
		if !any || alarm.At.After(until) {
			break
		}
		if alarm.At.After(w.now) {
			w.now = alarm.At
		}
		action, _ := w.policy.Does(w.ticket, alarm)
		decision, err := w.asked(ticket.Request{Action: action, Role: ticket.RoleClock, Alarm: &alarm})
		if err != nil {
			w.Fatalf("%+v: %v", alarm, err)
		}
		got = append(got, fmt.Sprintf("%s %s %d%%: %s", alarm.Clock, action, alarm.Percent, told(decision)))
	}
	if !slices.Equal(got, want) {
		w.Errorf("the clocks did\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	w.now = until
}

// arrive has the notice of the latest event reach the requester.
func (w *walker) arrive() {
	w.Helper()
	latest := w.events[len(w.events)-1].Action
	_, err := w.asked(ticket.Request{Action: ticket.Deliver, Role: ticket.RoleClock, Notice: ticket.NoticeKind(latest, ticket.ToRequester)})
	if err != nil {
		w.Fatal(err)
	}
}
