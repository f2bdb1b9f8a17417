package control

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
	"github.com/cauce-desk/cauce/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	morning = time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)
	quiet   = slog.New(slog.DiscardHandler)
)

const (
	first  ticket.Number = "I171009_000001" // of dgt, and of otra
	second ticket.Number = "I171009_000002" // of dgt
	third  ticket.Number = "X000003"        // of otra
)

// kept opens a store that holds three tickets' worth of everything.
func kept(t testing.TB) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(bolt.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	fill(t, s)
	return s
}

func fill(t testing.TB, s *bolt.Store) {
	t.Helper()
	raw, err := s.Stage(t.Context(), []byte("Subject: no funciona\r\n\r\nbuenos días\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx store.Tx) error {
		opened := []error{
			open(tx, "dgt", first, morning), open(tx, "otra", first, morning.Add(time.Minute)),
			open(tx, "dgt", second, morning.Add(time.Hour)), open(tx, "otra", third, morning.Add(2*time.Hour)),
			tx.Record(store.Entry{ID: "m1", At: morning, From: "ana@ayuntamiento.example", Outcome: store.OutcomeActed,
				Acts: []store.Act{{Desk: "dgt", Ticket: first, Action: ticket.Open, Event: 1}}}, raw),
			tx.Record(store.Entry{ID: "m2", At: morning.Add(time.Hour), Outcome: store.OutcomeRefused, Reason: "spf"}, store.Blob{}),
		}
		for i, status := range []store.NoticeStatus{store.NoticeQueued, store.NoticeFailed, store.NoticeSending, store.NoticeDelivered} {
			opened = append(opened, tx.Enqueue(notice(i, status)))
		}
		for _, err := range opened {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// notice makes the i-th notice; what is queued was tried and waits.
func notice(i int, status store.NoticeStatus) store.Notice {
	n := store.Notice{ID: fmt.Sprintf("n%d", i), Desk: "dgt", Kind: "open.requester", Ticket: first, Event: 1,
		To: "ana@ayuntamiento.example", Created: morning, Status: status, Attempt: 1, Next: morning.Add(time.Hour)}
	if status == store.NoticeFailed || status == store.NoticeDelivered {
		n.Settled = morning.Add(time.Minute)
	}
	return n
}

func open(tx store.Tx, desk string, number ticket.Number, at time.Time) error {
	policy := ticket.Policy{Desk: desk, Zone: time.UTC, Actions: ticket.Lines()}
	request := ticket.Request{Action: ticket.Open, Number: number, Actor: ticket.Person{Address: "ana@ayuntamiento.example"}, Subject: "no funciona"}
	d, err := ticket.Decide(ticket.Ticket{}, request, policy, at)
	if err != nil {
		return err
	}
	return tx.Append(d.Ticket, d.Events)
}

func update(t testing.TB, s Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// serve runs a daemon's end on ops in a folder of its own and returns a client
// of it and what stops it.
func serve(t testing.TB, ops Operations) (client *Client, dir string, stop func() error) {
	t.Helper()
	dir = t.TempDir()
	s, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	stop = run(t, s, ops)
	if client, err = Dial(dir); err != nil {
		t.Fatal(err)
	}
	return client, dir, stop
}

// run runs a server and returns what stops it and waits for it, which the end
// of the test does as well.
func run(t testing.TB, s *Server, ops Operations) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	var err error
	go func() {
		defer close(ended)
		err = s.Run(ctx, ops, quiet)
	}()
	stop = func() error {
		cancel()
		<-ended
		return err
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return stop
}
