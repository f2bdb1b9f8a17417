package main

import (
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
	"github.com/cauce-desk/cauce/ticket"
)

// The story the commands are asked about, told by somebody who would like to
// have the reader's terminal.
const (
	wipe    = "\x1b[2J"                // clears the screen
	title   = "\x1b]0;root@server\x07" // renames the window
	turned  = "\u202egnp.exe"          // turns the direction of writing
	csi     = "\u009b31m"              // colours, where C1 controls work
	overlay = "\r                    \r"

	hostileMail = "From: Ana" + wipe + " <ana@ayuntamiento.example>\r\nSubject: no funciona" + title +
		"\r\nX-Latin: a\xf1o\r\n\r\nbuenos d\xedas" + csi + "\r\n"

	ana   ticket.Address = "ana@ayuntamiento.example"
	agent ticket.Address = "agente1@dgt.example"
)

var (
	earlier   = time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)
	afternoon = time.Date(2017, 10, 9, 15, 0, 0, 0, time.UTC)
	later     = time.Date(2117, 10, 9, 8, 0, 0, 0, time.UTC)
)

// life is a ticket's events, one by one.
type life struct {
	t      testing.TB
	policy ticket.Policy
	ticket ticket.Ticket
	events []ticket.Event
	now    time.Time
}

func newLife(t testing.TB, at time.Time) *life {
	words := func(id string) ticket.Form {
		return ticket.Form{Name: id, Fields: []ticket.Field{{ID: id, Kind: ticket.LongTextField}}}
	}
	line := func(a ticket.Action) ticket.Transition { return ticket.Lines()[a] }
	return &life{t: t, now: at, policy: ticket.Policy{
		Desk: "dgt", Zone: time.UTC, Key: []byte(strings.Repeat("k", 32)),
		Queues:   []ticket.Queue{{Name: "EEFF", Agents: []ticket.Address{agent}}},
		Services: []ticket.Service{{Name: "EEFF", Queue: "EEFF"}},
		Actions: map[ticket.Action]ticket.Transition{
			ticket.Open: line(ticket.Open).WithForm(ticket.Form{Fields: []ticket.Field{
				{ID: "service", Sets: ticket.SetsService}, {ID: "description", Kind: ticket.LongTextField}}}),
			ticket.Start:   line(ticket.Start),
			ticket.Resolve: line(ticket.Resolve).WithForm(words("solution")),
		},
	}}
}

// then has something happen to the ticket, a minute later and with every proof.
func (l *life) then(r ticket.Request) *life {
	l.t.Helper()
	r.Assurance = ticket.Assurance{Authenticated: true, Strict: true, How: "dkim"}
	if r.Action != ticket.Open {
		r.Token = l.policy.Token(l.ticket, r.Action, r.Actor.Address)
	}
	d, err := ticket.Decide(l.ticket, r, l.policy, l.now)
	if err != nil {
		l.t.Fatal(err)
	}
	l.ticket, l.events, l.now = d.Ticket, append(l.events, d.Events...), l.now.Add(time.Minute)
	return l
}

func (l *life) open(number ticket.Number, subject string) *life {
	return l.then(ticket.Request{Action: ticket.Open, Number: number, Subject: subject, Mail: "m1",
		Actor: ticket.Person{Address: ana, Name: "Ana" + wipe + " López"},
		Read:  ticket.Values{"service": "EEFF", "description": "No arranca.\r\nState  closed" + overlay + "todo bien\r\n" + csi},
		Attachments: []ticket.Attachment{{Name: "captura" + turned, Type: "image/png", Size: 24_700},
			{Index: 1, Name: "log.txt", Type: "text/plain", Size: 12}},
	})
}

func (l *life) solve() *life {
	who := ticket.Person{Address: agent}
	l.then(ticket.Request{Action: ticket.Start, Actor: who})
	return l.then(ticket.Request{Action: ticket.Resolve, Actor: who, Mail: "m3",
		Read: ticket.Values{"solution": "Se ha reiniciado el servidor.\nPruebe otra vez."}})
}

// altered has somebody who holds the disk improve on what was said.
func (l *life) altered() *life {
	l.events[1].Content.Text = "ya estaba resuelto"
	return l
}

func (l *life) keep(tx store.Tx) error { return tx.Append(l.ticket, l.events) }

// fillStore makes a store in the folder that holds the story.
func fillStore(t *testing.T, dir string) {
	t.Helper()
	kept, err := bolt.Open(bolt.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	blob, err := kept.Stage(t.Context(), []byte(hostileMail))
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Update(t.Context(), func(tx store.Tx) error { return tell(t, tx, blob) }); err != nil {
		t.Fatal(err)
	}
}

func tell(t *testing.T, tx store.Tx, mail store.Blob) error {
	lives := []*life{
		newLife(t, earlier).open("I171009_000001", "no funciona"+title).solve(),
		newLife(t, earlier.Add(time.Hour)).open("I171009_000002", strings.Repeat("muy largo ", 10)),
		newLife(t, earlier.Add(2*time.Hour)).open("I171009_000003", "otra cosa").solve().altered(),
	}
	for _, l := range lives {
		if err := l.keep(tx); err != nil {
			return err
		}
	}
	if err := journal(tx, mail); err != nil {
		return err
	}
	return outbox(tx)
}

func journal(tx store.Tx, mail store.Blob) error {
	acted := store.Entry{
		ID: "m1", At: earlier, Remote: "192.0.2.7:4711", Hello: "mx" + wipe + ".ayuntamiento.example", Protocol: "ESMTP",
		From: string(ana), To: []string{"soportecau@dgt.example"}, Outcome: store.OutcomeActed, Assurance: "dkim",
		Header:  store.HeaderSummary{From: "Ana" + wipe + " <ana@ayuntamiento.example>", Subject: "no funciona" + title, MessageID: "<1@ayuntamiento.example>"},
		Replies: []string{"250 2.0.0 I171009_000001"},
		Acts:    []store.Act{{Desk: "dgt", Ticket: "I171009_000001", Action: ticket.Open, Event: 1}},
	}
	refused := store.Entry{
		ID: "m2", At: afternoon, Remote: "198.51.100.9:25", Hello: "spam.example", Protocol: "SMTP",
		To: []string{"soportecau@dgt.example", "otro" + csi + "@dgt.example"}, Outcome: store.OutcomeRefused,
		Reason: "spf: fail", Replies: []string{"550 5.7.23 no", "550 5.1.1 no"},
	}
	if err := tx.Record(acted, mail); err != nil {
		return err
	}
	return tx.Record(refused, store.Blob{})
}

func outbox(tx store.Tx) error {
	to := store.Notice{Desk: "dgt", Ticket: "I171009_000001", To: ana, Created: earlier, Next: earlier, Attempt: 1}
	waiting, failed, sent := to, to, to
	waiting.ID, waiting.Kind, waiting.Status, waiting.Next = "n0", "open.requester", store.NoticeQueued, later
	waiting.Said = "451 4.7.1 greylisted" + wipe
	failed.ID, failed.Kind, failed.Status, failed.Settled = "n1", "resolve.requester", store.NoticeFailed, afternoon
	failed.Said = "550 5.1.1 " + turned
	sent.ID, sent.Kind, sent.Status, sent.Settled = "n2", "start.requester", store.NoticeDelivered, afternoon
	for _, n := range []store.Notice{waiting, failed, sent} {
		if err := tx.Enqueue(n); err != nil {
			return err
		}
	}
	return nil
}
