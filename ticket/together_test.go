package ticket

import (
	"slices"
	"testing"
	"time"
)

func TestMergedAndAttached(t *testing.T) {
	d := wide(t)
	d.open()
	main := d.ticket
	main.Number, main.Requester = "I171009_000002", Person{Address: luis}
	ask := func(a Action, to *Ticket) Request {
		r := d.request(helper, a, Values{"main": "i171009_000002"})
		r.Main = to
		return r
	}
	d.refused(ask(Attach, nil), ReasonNoSuchTicket)
	self := d.ticket
	d.refused(ask(Attach, &self), ReasonNoSuchTicket)
	over := main
	over.State = StateClosed
	d.refused(ask(Attach, &over), ReasonNoSuchTicket)
	if _, err := d.try(ask(Attach, &main)); err != nil {
		t.Fatal(err)
	}
	if d.ticket.Main != main.Number || slices.Contains(d.policy.Next(d.ticket, agent1), Resolve) {
		t.Errorf("a ticket that follows %s can be solved by itself", d.ticket.Main)
	}
	decision, err := d.try(Request{Action: Resolve, Role: RoleMain, Actor: Person{Address: agent1}, Read: Values{"solution": "Hecho"}, Text: "Hecho"})
	if err != nil {
		t.Fatal(err)
	}
	d.tells(decision, "requester "+string(ana))
	if d.ticket.State != StateResolved || d.ticket.Solution != "Hecho" || d.ticket.Resolver != agent1 {
		t.Errorf("%s, %q by %s", d.ticket.State, d.ticket.Solution, d.ticket.Resolver)
	}
}

// Where it was left behind does not matter to what it shares; and its own
// clocks are silent.
func TestWhatFollowsIsCarriedAlong(t *testing.T) {
	d := wide(t)
	d.open()
	line := d.policy.Actions[Resolve]
	line.From = []State{StateInProgress}
	d.policy.Actions[Resolve] = line
	d.policy.Clocks = []Clock{{Name: "all", Starts: []Trigger{{Action: Open}}, Within: map[string]Span{"": {Time: time.Hour}}, Then: Close}}
	late := d.events[0].At.Add(2 * time.Hour)
	if _, any := d.policy.NextAlarm(d.events, late); !any {
		t.Fatal("the clock is silent")
	}
	main := d.ticket
	main.Number = "I171009_000002"
	tied := d.request(helper, Attach, Values{"main": string(main.Number)})
	tied.Main = &main
	if _, err := d.try(tied); err != nil {
		t.Fatal(err)
	}
	if a, any := d.policy.NextAlarm(d.events, late); any {
		t.Errorf("%+v", a)
	}
	if _, err := d.try(Request{Action: Resolve, Role: RoleMain, Actor: Person{Address: agent1}, Text: "Hecho"}); err != nil {
		t.Fatal(err)
	}
	d.stands(StateResolved, agent1)
}

func TestWhoseTicketWasMergedIsARequesterOfTheOther(t *testing.T) {
	d := wide(t)
	d.open()
	merged := Ticket{Number: "I171009_000002", Requester: Person{Address: luis}, Merged: d.ticket.Number}
	if _, err := d.try(Request{Action: Follow, Role: RoleMain, Follower: &merged}); err != nil {
		t.Fatal(err)
	}
	d.tells(d.do(agent1, Resolve, Values{"solution": "Hecho"}), "requester "+string(ana), "requester "+string(luis), "actor "+string(agent1))
	d.do(luis, Validate, nil)
	d.stands(StateClosed, agent1)
}

// TestWhatIsMergedTwice checks that who asked first is a requester of where it
// goes on in the end.
func TestWhatIsMergedTwice(t *testing.T) {
	first := Ticket{Number: "1", Requester: Person{Address: luis}}
	var c Content
	c.follow(&Ticket{Number: "2", Requester: Person{Address: other}, Joined: []Person{first.Requester}, Merged: "3"})
	third := Apply(Ticket{Number: "3", Requester: Person{Address: titular}}, Event{Seq: 2, Action: Follow, Content: c})
	if got := third.requesters(); !slices.Equal(got, []Address{titular, other, luis}) {
		t.Errorf("requesters %v", got)
	}
}

// TestFilesOfOtherTickets checks that a file brought along from another ticket
// is known by the mail it came with.
func TestFilesOfOtherTickets(t *testing.T) {
	e := Event{Mail: "m2", Content: Content{Attachments: []Attachment{{Name: "a"}, {Name: "b", Mail: "m1"}}}}
	if files := e.Files(); files[0].Mail != "m2" || files[1].Mail != "m1" || e.Content.Attachments[0].Mail != "" {
		t.Errorf("files %+v of %+v", files, e.Content.Attachments)
	}
}
