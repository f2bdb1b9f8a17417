package storetest

import (
	"bytes"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

const desk = "dgt"

// start is when everything in the tests begins.
var start = time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)

func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

// id makes identifiers that sort by their number.
func id(n int) string { return fmt.Sprintf("01BW%022d", n) }

// entry is the n-th mail, with something in every field.
func entry(n int) store.Entry {
	return store.Entry{
		ID: id(n), At: at(n), Key: fmt.Sprintf("key-%d", n),
		Remote: "192.0.2.7", Hello: "mx.empresa.example", Protocol: "ESMTPS",
		From: "luisa@empresa.example", To: []string{"soportecau@dgt.example"},
		Header: store.HeaderSummary{
			From: "Luisa Peña <luisa@empresa.example>", Subject: "Alta de incidencia", MessageID: fmt.Sprintf("<%d@empresa.example>", n),
		},
		Outcome: store.OutcomeActed, Reason: "none", Assurance: "trusted network", Replies: []string{"250 2.0.0 I171009_000049"},
		Acts: []store.Act{{Desk: desk, Ticket: "I171009_000049", Action: ticket.Comment, Event: n + 1}},
	}
}

// notice is the n-th notice, due n seconds after the start.
func notice(n int) store.Notice {
	return store.Notice{
		ID: id(n), Desk: desk, Kind: "open.requester", Ticket: "I171009_000049", Event: 1, To: "luisa@empresa.example",
		Created: start, Mail: id(0), Status: store.NoticeQueued, Next: at(n),
		Answer: &store.Answer{
			Action: ticket.Open, Reason: ticket.ReasonForm, Subject: "Alta",
			Problems: []ticket.Problem{{Field: "telefono", Reason: "missing"}}, Values: ticket.Values{"servicio": "EEFF"},
		},
	}
}

// policy lets the operator do everything.
func policy(desk string) ticket.Policy {
	return ticket.Policy{Desk: desk, Actions: ticket.Lines()}
}

// decide makes the events of an operator's request.
func decide(t ticket.Ticket, desk string, r ticket.Request, now time.Time) ticket.Decision {
	r.Role = ticket.RoleOperator
	r.Actor = ticket.Person{Address: "luisa@empresa.example", Name: "Luisa Peña"}
	d, err := ticket.Decide(t, r, policy(desk), now)
	if err != nil {
		panic(err) // of a request without anything to refuse: cannot happen
	}
	return d
}

// opening opens a ticket.
func opening(desk string, n ticket.Number, now time.Time) ticket.Decision {
	return decide(ticket.Ticket{}, desk, ticket.Request{Action: ticket.Open, Number: n, Subject: "Alta", Text: "no funciona"}, now)
}

// note adds an event to a ticket.
func note(t ticket.Ticket, text string, now time.Time) ticket.Decision {
	return decide(t, t.Desk, ticket.Request{Action: ticket.Record, Text: text}, now)
}

// collect takes up to max items out of an iteration, all if max is 0.
func collect[T any](all iter.Seq2[T, error], max int) ([]T, error) {
	list := []T{}
	for item, err := range all {
		if err != nil {
			return list, err
		}
		if list = append(list, item); len(list) == max {
			break
		}
	}
	return list, nil
}

// together calls fn n times at once, with 0 to n-1, and waits.
func together(n int, fn func(i int)) {
	var gate, done sync.WaitGroup
	gate.Add(1)
	for i := range n {
		done.Go(func() {
			gate.Wait()
			fn(i)
		})
	}
	gate.Done()
	done.Wait()
}

// bytesOf makes n bytes that look different for every seed.
func bytesOf(seed byte, n int) []byte {
	return bytes.Repeat([]byte{'a' + seed%26, '\r', '\n', seed}, n/4+1)[:n]
}
