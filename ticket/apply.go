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
	if e.Action == Open {
		t = Ticket{
			Number: e.Ticket, Desk: e.Desk, Requester: e.Actor, Created: e.At,
			Subject: e.Content.Subject, Service: e.Content.Service, Fields: maps.Clone(e.Content.Fields),
		}
	}
	if line, _ := e.Action.Transition(); e.State != t.State || !line.Reply {
		t.Path = append(slices.Clip(t.Path), Stay{Event: e.Seq, Action: e.Action, State: e.State})
	}
	t.State, t.Updated, t.Events, t.Head = e.State, e.At, e.Seq, e.Hash
	return applyContent(t, e)
}

// applyContent keeps what the action's own words change in the ticket.
func applyContent(t Ticket, e Event) Ticket {
	switch e.Action {
	case Assign, Start:
		t.Assignee = e.Content.Assignee
	case RequestInfo:
		t.Question = e.Content.Text
		t.Assignee = firstAddress(t.Assignee, e.Actor.Address)
	case Resolve:
		t.Solution, t.Resolver = e.Content.Text, e.Actor.Address
		t.Assignee = firstAddress(t.Assignee, e.Actor.Address)
	}
	return t
}

func firstAddress(addresses ...Address) Address {
	for _, a := range addresses {
		if a != "" {
			return a
		}
	}
	return ""
}
