package ticket

import (
	"maps"
	"slices"
)

// Replay is the ticket after all its events: their fold. It is the zero
// Ticket for none.
func Replay(events []Event) Ticket {
	var t Ticket
	for _, e := range events {
		t = Apply(t, e)
	}
	return t
}

// Apply is the ticket after one more event. It changes nothing it is given.
func Apply(t Ticket, e Event) Ticket {
	if t.Number == "" {
		t = Ticket{
			Number: e.Ticket, Desk: e.Desk, Requester: e.Actor, Created: e.At,
			Subject: e.Content.Subject, Service: e.Content.Service, Fields: maps.Clone(e.Content.Fields),
		}
	}
	if e.State != t.State || !e.quiet() {
		t.Path = append(slices.Clip(t.Path), Stay{Event: e.Seq, Action: e.Action, State: e.State})
	}
	t.State, t.Updated, t.Events, t.Head = e.State, e.At, e.Seq, e.Hash
	return applyWords(applyContent(t, e), e)
}

// quiet tells whether an event uses up no link: a reply, and what the daemon
// notes. An action of the desk's own is asked for by its link, whatever its kind.
func (e Event) quiet() bool {
	line, _ := e.Action.Transition()
	return line.Reply || slices.Contains(own, e.Action)
}

// applyContent keeps what the event sets of the ticket.
func applyContent(t Ticket, e Event) Ticket {
	c := e.Content
	set(&t.Assignee, c.Assignee)
	set(&t.Queue, c.Queue)
	set(&t.Priority, c.Priority)
	set(&t.Main, c.Main)
	if c.Requester != nil {
		t.Requester = *c.Requester
	}
	if c.Contact != nil {
		t.Contact = maps.Clone(c.Contact)
	}
	if !c.Agreed.IsZero() {
		t.Due = c.Agreed
	}
	if !c.Began.IsZero() {
		t.Began = c.Began
	}
	if c.Level > 0 {
		t.Called, t.Level = c.Level, max(t.Level, c.Level)
	}
	t.Watchers = append(slices.Clip(t.Watchers), c.Watchers...)
	return applyOthers(t, e)
}

// set replaces a value if there is another.
func set[T comparable](value *T, other T) {
	var none T
	if other != none {
		*value = other
	}
}

// applyOthers keeps who and which tickets an event ties to this one.
func applyOthers(t Ticket, e Event) Ticket {
	c := e.Content
	if c.Involves != "" && !slices.Contains(t.Involved, c.Involves) {
		t.Involved = append(slices.Clip(t.Involved), c.Involves)
	}
	if c.Follower != "" && !slices.Contains(t.Followers, c.Follower) {
		t.Followers = append(slices.Clip(t.Followers), c.Follower)
	}
	switch e.Is() {
	case Merge:
		t.Merged = c.Main
	case Release:
		t.Main = ""
	}
	for _, person := range c.Joins {
		if !t.asks(person.Address) {
			t.Joined = append(slices.Clip(t.Joined), person)
		}
	}
	return t
}

// asks tells whether somebody is the requester of a ticket, or of one that was
// merged into it.
func (t Ticket) asks(who Address) bool {
	return t.Requester.Address.Equal(who) ||
		slices.ContainsFunc(t.Joined, func(p Person) bool { return p.Address.Equal(who) })
}

// applyWords keeps what the action's own words change in the ticket.
func applyWords(t Ticket, e Event) Ticket {
	switch e.Is() {
	case Open, Complete, Register:
		t.Missing = slices.Clone(e.Content.Missing)
		t.Fields = joined(t.Fields, e.Content.Fields)
		set(&t.Service, e.Content.Service)
	case Classify, Schedule, Transfer:
		t.Fields = joined(t.Fields, e.Content.Fields)
	case RequestInfo:
		t.Question = e.Content.Text
		t.Assignee = firstAddress(t.Assignee, e.Actor.Address)
	case Resolve:
		t.Solution, t.Resolver = e.Content.Text, e.Actor.Address
		t.Assignee = firstAddress(t.Assignee, e.Actor.Address)
	}
	if e.Is() == Transfer && e.Content.Assignee == "" {
		t.Assignee = "" // it went to a queue
	}
	return t
}

// joined are values with others over them.
func joined(values, over Values) Values {
	if len(over) == 0 {
		return values
	}
	all := maps.Clone(values)
	if all == nil {
		all = Values{}
	}
	maps.Copy(all, over)
	return all
}

func firstAddress(addresses ...Address) Address {
	for _, a := range addresses {
		if a != "" {
			return a
		}
	}
	return ""
}
