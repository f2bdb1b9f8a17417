package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// asked is what one operation answered, as JSON: what a person gets to see.
func asked(answer any, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	b, err := json.Marshal(answer)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(b)
}

func tickets(ops Operations, desk string) (any, error) {
	list, err := ops.Tickets(context.Background(), desk)
	names := []string{}
	for _, t := range list {
		names = append(names, fmt.Sprintf("%s/%s", t.Desk, t.Number))
	}
	return names, err
}

func oneTicket(ops Operations, desk string, number ticket.Number) (any, error) {
	t, events, err := ops.Ticket(context.Background(), desk, number)
	if err == nil {
		err = ticket.Verify(events)
	}
	return fmt.Sprintf("%s/%s %d event", t.Desk, t.Number, len(events)), err
}

func journal(ops Operations, f store.JournalFilter) (any, error) {
	list, err := ops.Journal(context.Background(), f)
	ids := []string{}
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids, err
}

func mail(ops Operations, id string) (any, error) {
	e, raw, err := ops.Mail(context.Background(), id)
	return fmt.Sprintf("%s %s %q nil=%t", e.ID, e.Outcome, raw, raw == nil), err
}

func queue(ops Operations, all bool) (any, error) {
	list, err := ops.Queue(context.Background(), all)
	ids := []string{}
	for _, n := range list {
		ids = append(ids, n.ID+" "+string(n.Status))
	}
	return ids, err
}

// questions are asked of the store directly and over the socket: the answers
// are the same.
var questions = []struct {
	name string
	ask  func(Operations) (any, error)
	want string
}{
	{"all tickets", func(o Operations) (any, error) { return tickets(o, "") },
		`["otra/X000003","dgt/I171009_000002","otra/I171009_000001","dgt/I171009_000001"]`},
	{"a desk's tickets", func(o Operations) (any, error) { return tickets(o, "dgt") },
		`["dgt/I171009_000002","dgt/I171009_000001"]`},
	{"no such desk", func(o Operations) (any, error) { return tickets(o, "nadie") }, `[]`},
	{"ticket by number", func(o Operations) (any, error) { return oneTicket(o, "", second) }, `"dgt/I171009_000002 1 event"`},
	{"number as typed", func(o Operations) (any, error) { return oneTicket(o, "", " i171009_000002 ") }, `"dgt/I171009_000002 1 event"`},
	{"ticket of a desk not named to Local", func(o Operations) (any, error) { return oneTicket(o, "", third) }, `"otra/X000003 1 event"`},
	{"ticket by desk", func(o Operations) (any, error) { return oneTicket(o, "otra", first) }, `"otra/I171009_000001 1 event"`},
	{"ticket of another desk", func(o Operations) (any, error) { return oneTicket(o, "otra", second) },
		`error: ticket I171009_000002: not found`},
	{"wrong number", func(o Operations) (any, error) { return oneTicket(o, "", "I171009_000099") },
		`error: ticket I171009_000099: not found`},
	{"journal", func(o Operations) (any, error) { return journal(o, store.JournalFilter{}) }, `["m2","m1"]`},
	{"journal of a ticket", func(o Operations) (any, error) { return journal(o, store.JournalFilter{Ticket: "i171009_000001"}) }, `["m1"]`},
	{"journal since", func(o Operations) (any, error) {
		return journal(o, store.JournalFilter{Since: morning.Add(time.Minute)})
	}, `["m2"]`},
	{"journal limited", func(o Operations) (any, error) { return journal(o, store.JournalFilter{Limit: 1}) }, `["m2"]`},
	{"mail", func(o Operations) (any, error) { return mail(o, "m1") },
		`"m1 acted \"Subject: no funciona\\r\\n\\r\\nbuenos días\\r\\n\" nil=false"`},
	{"mail not kept", func(o Operations) (any, error) { return mail(o, "m2") }, `"m2 refused \"\" nil=true"`},
	{"wrong mail", func(o Operations) (any, error) { return mail(o, "m9") }, `error: mail m9: not found`},
	{"queue", func(o Operations) (any, error) { return queue(o, false) }, `["n2 sending","n1 failed","n0 queued"]`},
	{"queue, all", func(o Operations) (any, error) { return queue(o, true) },
		`["n3 delivered","n2 sending","n1 failed","n0 queued"]`},
	{"no test clock", func(o Operations) (any, error) { return o.Advance(context.Background(), time.Hour) },
		"error: " + ErrNoTestClock.Error()},
}

func TestQuestions(t *testing.T) {
	local := Local{Store: kept(t), Desks: func() []string { return []string{"dgt"} }}
	client, _, _ := serve(t, local)
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			for _, ops := range []Operations{local, client} {
				if got := asked(q.ask(ops)); got != q.want {
					t.Errorf("%T:\n got %s\nwant %s", ops, got, q.want)
				}
			}
		})
	}
}

func TestNumberOfTwoDesks(t *testing.T) {
	s := kept(t)
	for _, desks := range [][]string{nil, {"otra", "dgt"}} {
		_, err := oneTicket(Local{Store: s, Desks: func() []string { return desks }}, "", first)
		if err == nil || !strings.HasSuffix(err.Error(), "say which: dgt, otra") {
			t.Errorf("desks %v: %v", desks, err)
		}
	}
}

func TestKnownErrorsCrossTheSocket(t *testing.T) {
	client, _, _ := serve(t, Local{Store: kept(t)})
	if _, _, err := client.Ticket(t.Context(), "", "I171009_000099"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("wrong number: %v", err)
	}
	if _, err := client.Advance(t.Context(), time.Hour); !errors.Is(err, ErrNoTestClock) {
		t.Errorf("no clock: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Tickets(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAdvance(t *testing.T) {
	now := morning
	client, _, _ := serve(t, Local{Store: kept(t), AdvanceClock: func(d time.Duration) (time.Time, error) {
		now = now.Add(d)
		return now, nil
	}})
	got, err := client.Advance(t.Context(), 90*time.Minute)
	if err != nil || !got.Equal(morning.Add(90*time.Minute)) {
		t.Errorf("it is %v, %v", got, err)
	}
	for _, d := range []time.Duration{0, -time.Hour} {
		if _, err := client.Advance(t.Context(), d); err == nil || !now.Equal(got) {
			t.Errorf("advance %s: %v, and it is %v", d, err, now)
		}
	}
}

func TestRetry(t *testing.T) {
	tests := []struct {
		name  string
		ids   []string
		count int
		err   string
		due   []string // of the four notices, those to be taken by the next claim
	}{
		{"all that are stuck", nil, 2, "", []string{"n0", "n1"}},
		{"one", []string{"n1"}, 1, "", []string{"n1"}},
		{"one twice", []string{"n1", "n1"}, 1, "", []string{"n1"}},
		{"delivered", []string{"n0", "n3"}, 0, "notice n3: it was delivered and is not sent again", nil},
		{"under way", []string{"n0", "n2"}, 0, "notice n2: it is being sent", nil},
		{"unknown", []string{"n0", "nada"}, 0, "notice nada: not found", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, woken := kept(t), 0
			client, _, _ := serve(t, Local{Store: s, Now: func() time.Time { return morning }, Wake: func() { woken++ }})
			count, err := client.Retry(t.Context(), test.ids)
			if count != test.count || message(err) != test.err {
				t.Errorf("retried %d, error %q; want %d, %q", count, message(err), test.count, test.err)
			}
			if (woken == 1) != (test.count > 0) {
				t.Errorf("delivery was woken %d times", woken)
			}
			if due := claim(t, s); strings.Join(due, " ") != strings.Join(test.due, " ") {
				t.Errorf("due are %v, want %v", due, test.due)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// claim lists the notices that delivery finds due, and checks they are whole.
func claim(t *testing.T, s Store) (ids []string) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		claimed, _, err := tx.Claim(morning, 10, time.Minute)
		for _, n := range claimed {
			ids = append(ids, n.ID)
			if !n.Settled.IsZero() || n.Attempt != 2 || n.To == "" {
				t.Errorf("claimed %+v", n)
			}
		}
		return err
	})
	return ids
}

// TestConcurrentUse has many ask at once, among them several who put the same
// notices back: each is counted once.
func TestConcurrentUse(t *testing.T) {
	client, dir, _ := serve(t, Local{Store: kept(t), Desks: func() []string { return []string{"dgt", "otra"} }, Now: func() time.Time { return morning }})
	var all sync.WaitGroup
	counts := make(chan int, 8)
	for range cap(counts) {
		all.Go(func() {
			count, err := client.Retry(t.Context(), nil)
			if err != nil {
				t.Errorf("retry: %v", err)
			}
			counts <- count
		})
		all.Go(func() {
			mine, err := Dial(dir)
			if err != nil {
				t.Errorf("dial: %v", err)
				return
			}
			for _, q := range questions[:5] {
				if got := asked(q.ask(mine)); got != q.want {
					t.Errorf("%s: %s", q.name, got)
				}
			}
		})
	}
	all.Wait()
	close(counts)
	total := 0
	for count := range counts {
		total += count
	}
	if total != 2 {
		t.Errorf("two notices were put back %d times", total)
	}
}
