//go:build crash

package crash

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
	"github.com/cauce-desk/cauce/test/e2e/process"
	"github.com/cauce-desk/cauce/ticket"
)

// settle sends what is left, lets the daemon finish its work, stops it, and
// accounts for every letter.
func settle(t *testing.T, daemon *process.Daemon, letters []*letter) {
	t.Helper()
	post(t.Context(), t, daemon.Server, unanswered(letters))
	if left := unanswered(letters); len(left) > 0 {
		t.Fatalf("%d letters are not taken by a daemon nobody disturbs", len(left))
	}
	awaitEmptyOutbox(t, daemon)
	var tickets []ticket.Ticket
	daemon.Ask(&tickets, "ticket list")
	if err := daemon.Stop(); err != nil {
		t.Errorf("the daemon did not end well: %v", err)
	}
	checkTickets(t, letters, tickets)
	checkConfirmations(t, letters, daemon.Data)
	checkStore(t, letters, daemon.Data)
}

// awaitEmptyOutbox waits until all mail is out.
func awaitEmptyOutbox(t *testing.T, daemon *process.Daemon) {
	t.Helper()
	late := time.After(2 * time.Minute)
	for {
		var waiting []store.Notice
		if daemon.Ask(&waiting, "queue list"); len(waiting) == 0 {
			return
		}
		select {
		case <-late:
			t.Fatalf("%d mails do not go out, such as %+v", len(waiting), waiting[0])
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// checkTickets checks that every letter has one ticket, the one it was told.
func checkTickets(t *testing.T, letters []*letter, tickets []ticket.Ticket) {
	numbers := map[ticket.Address][]ticket.Number{}
	for _, k := range tickets {
		numbers[k.Requester.Address] = append(numbers[k.Requester.Address], k.Number)
	}
	for _, l := range letters {
		if got := numbers[l.from]; len(got) != 1 || got[0] != l.number {
			t.Errorf("%s was answered %s after %d tries and has the tickets %v", l.from, l.number, l.tries, got)
		}
	}
	if len(tickets) != len(letters) {
		t.Errorf("%d letters made %d tickets", len(letters), len(tickets))
	}
}

// told is how many mails an opening leads to: to the requester, the agent and
// the lead.
const told = 3

// checkConfirmations checks that everybody was told of everything once. A crash
// between sending a mail and noting it makes the same mail go out twice: same
// Message-ID, which mailboxes recognise. It is counted, not forbidden.
func checkConfirmations(t *testing.T, letters []*letter, data string) {
	mails, err := mailclient.Maildir(filepath.Join(data, "outgoing"))
	if err != nil {
		t.Fatal(err)
	}
	copies := map[string]map[string]int{} // addressee → Message-ID → how often
	twice := 0
	for _, m := range mails {
		if copies[m.For] == nil {
			copies[m.For] = map[string]int{}
		}
		if copies[m.For][m.MessageID]++; copies[m.For][m.MessageID] > 1 {
			twice++
		}
	}
	for _, l := range letters {
		if n := len(copies[string(l.from)]); n != 1 {
			t.Errorf("%s was confirmed %d times", l.from, n)
		}
	}
	if distinct := len(mails) - twice; distinct != told*len(letters) {
		t.Errorf("%d different mails went out for %d letters", distinct, len(letters))
	}
	t.Logf("%d mails went out, %d of them for a second time under the same Message-ID", len(mails), twice)
}

// checkStore checks that the store is whole, and that the journal accounts for
// every letter: acted on once, and each further time recognised.
func checkStore(t *testing.T, letters []*letter, data string) {
	kept, err := bolt.Open(bolt.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if err := kept.Check(t.Context()); err != nil {
		t.Errorf("the store is not whole: %v", err)
	}
	outcomes, entries := journal(t, kept)
	for _, l := range letters {
		got := outcomes[string(l.from)]
		if got[store.OutcomeActed] != 1 || got[store.OutcomeActed]+got[store.OutcomeRepeated] > l.tries || len(got) > 2 {
			t.Errorf("%s was sent %d times and is in the journal as %v", l.from, l.tries, got)
		}
	}
	t.Logf("the journal has %d entries for %d letters", entries, len(letters))
}

// journal counts the outcomes of the mails from each address.
func journal(t *testing.T, kept store.Store) (outcomes map[string]map[store.Outcome]int, entries int) {
	outcomes = map[string]map[store.Outcome]int{}
	err := kept.View(t.Context(), func(tx store.Tx) error {
		for e, err := range tx.Journal(store.JournalFilter{}) {
			if err != nil {
				return err
			}
			if outcomes[e.Header.From] == nil {
				outcomes[e.Header.From] = map[store.Outcome]int{}
			}
			outcomes[e.Header.From][e.Outcome]++
			entries++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return outcomes, entries
}
