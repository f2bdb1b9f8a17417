package mailflow

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

var (
	unvouched = ticket.Request{Action: ticket.Open}
	vouched   = ticket.Assurance{Authenticated: true}
	adminDGT  = map[ticket.Role][]ticket.Address{ticket.RoleAdministrator: {"admin@dgt.example"}}
)

// newHearing is a mail of somebody before the first desk of a room.
func newHearing(r *Mailroom, tx store.Tx, who ticket.Address, now time.Time) *hearing {
	site := r.site.Load()
	return &hearing{room: r, tx: tx, site: site, part: part{desk: site.Desks[0], author: ticket.Person{Address: who}},
		mail: &incoming{at: now, envelope: &smtpd.Envelope{From: string(who)}, message: &parser.Message{Kind: parser.Person}}, entry: &store.Entry{ID: "x"}}
}

// What strangers open in somebody's name does not shut that person out.
func TestForgedOpeningsCostTheirVictimNothing(t *testing.T) {
	room := newTestRoom(t, nil)
	now := room.clock.Now()
	for range 2 * openingsADay {
		newHearing(room, nil, ana, now).affords(unvouched)
		now = now.Add(10 * time.Minute)
	}
	proven := unvouched
	proven.Assurance = vouched
	for i := range openingsADay + 1 {
		if got := newHearing(room, nil, ana, now).affords(proven); got != (i < openingsADay) {
			t.Fatalf("opening %d of her own: %v", i, got)
		}
	}
}

// In however many names it is opened, no more confirmations go out; the
// administrators hear of it once.
func TestForgedOpeningsAreBoundedInAll(t *testing.T) {
	room := newTestRoom(t, nil)
	now, warned := room.clock.Now(), 0
	for i := range unprovenInAll + 50 {
		h := newHearing(room, nil, ticket.Address(fmt.Sprintf("u%d@x.example", i)), now)
		if got := h.affords(unvouched); got != (i < unprovenInAll) {
			t.Fatalf("opening %d: %v", i, got)
		}
		for _, w := range h.mail.warnings {
			if warned++; w.kind != templates.KindBreaker {
				t.Errorf("warned of %s", w.kind)
			}
		}
	}
	if warned != 1 {
		t.Errorf("warned %d times", warned)
	}
	if !newHearing(room, nil, eva, now.Add(61*time.Minute)).affords(unvouched) {
		t.Error("it stays shut")
	}
}

// unkept is a transaction that has one ticket and keeps nothing.
type unkept struct {
	outboxOnly
	ticket ticket.Ticket
}

func (u *unkept) Ticket(string, ticket.Number) (ticket.Ticket, error) { return u.ticket, nil }

// What strangers ask for in somebody's name is refused however often, and leaves
// that person's own budget alone.
func TestForgedOrdersAreNotCounted(t *testing.T) {
	room := newTestRoom(t, nil)
	tx := &unkept{ticket: ticket.Ticket{Number: toAna.Ticket, Desk: "dgt", State: ticket.StateResolved, Requester: ticket.Person{Address: ana}}}
	forged := step{ticket: tx.ticket, request: &ticket.Request{Action: ticket.Validate, Actor: ticket.Person{Address: ana}}}
	for i := range actsAnHour + 5 {
		h := newHearing(room, tx, ana, room.clock.Now())
		_, err := h.perform(forged)
		var refused *smtpd.Refused
		if !errors.As(err, &refused) || refused.Code != 550 {
			t.Fatalf("order %d: %v", i, err)
		}
	}
	if !room.acts.spend(ana, room.clock.Now(), 1) {
		t.Error("it was spent from her budget")
	}
}

// Where a desk asks for no proof, a ticket takes so many changes nobody vouches
// for, and its people may go on.
func TestUnprovenChangesAreBounded(t *testing.T) {
	room := newTestRoom(t, nil)
	request := ticket.Request{Action: ticket.Comment}
	for i := range actsAnHour + 5 {
		if got := newHearing(room, nil, ana, room.clock.Now()).bears(request, toAna.Ticket); got != (i < actsAnHour) {
			t.Fatalf("change %d: %v", i, got)
		}
	}
	request.Assurance = vouched
	if !newHearing(room, nil, ana, room.clock.Now()).bears(request, toAna.Ticket) {
		t.Error("she is shut out")
	}
}

// Who writes in somebody's name about a ticket of theirs is told of, of each
// person once; a number that is not theirs is nothing to tell of.
func TestForgedOrdersAreToldOf(t *testing.T) {
	room := newTestRoom(t, nil)
	for i, named := range []ticket.Number{"", toAna.Ticket, toAna.Ticket} {
		h := newHearing(room, nil, ana, room.clock.Now())
		h.named = named
		_, err := h.answer(answer{kind: templates.KindRefused})
		var refused *smtpd.Refused
		if !errors.As(err, &refused) || len(h.mail.warnings) != []int{0, 1, 0}[i] {
			t.Errorf("%d: %v, %d warnings", i, err, len(h.mail.warnings))
		}
	}
}

// Of however many mails a filter holds, the administrators hear so often.
func TestHeldMailsAreBounded(t *testing.T) {
	tx, room := &outboxOnly{}, newTestRoom(t, nil)
	room.site.Load().Desks[0].Policy.Members = adminDGT
	for range 3 * forwardsAnHour {
		h := newHearing(room, tx, eva, room.clock.Now())
		h.mail.held = "held by the filter rspamd: spam"
		if said, aside, err := h.aside(); said != "recorded x" || !aside || err != nil || h.entry.Outcome != store.OutcomeRecorded {
			t.Fatal(said, aside, err, h.entry.Outcome)
		}
	}
	if len(tx.queued) != forwardsAnHour {
		t.Errorf("%d mails", len(tx.queued))
	}
}

// A role mailbox forwards what persons write and complaints, and nothing that
// could go round.
func TestRoleMailboxesForwardPersons(t *testing.T) {
	tx, room := &outboxOnly{}, newTestRoom(t, nil)
	room.site.Load().Desks[0].Policy.Members = adminDGT
	for name, c := range map[string]struct {
		from ticket.Address
		kind parser.Kind
		want int
	}{
		"a person":      {eva, parser.Person, 1},
		"a complaint":   {"", parser.FeedbackReport, 1},
		"a machine":     {eva, parser.AutoReply, 0},
		"no sender":     {"", parser.Person, 0},
		"the desk mail": {"soporte@dgt.example", parser.Person, 0},
	} {
		tx.queued = nil
		h := newHearing(room, tx, c.from, room.clock.Now())
		h.at, h.mail.message.Kind, h.mail.verdict = []ticket.Address{"postmaster@dgt.example"}, c.kind, authn.Verdict{Author: h.part.author}
		if _, aside, err := h.aside(); !aside || err != nil || len(tx.queued) != c.want {
			t.Errorf("%s: %d mails, %v", name, len(tx.queued), err)
		}
	}
}

// An error of the store is no bounce that is put down to nothing.
func TestBounceIsNotLost(t *testing.T) {
	broken := errors.New("disk")
	h := newHearing(newTestRoom(t, nil), &brokenOutbox{err: broken}, eva, time.Unix(0, 0))
	if _, err := h.bounce(toAna.ID); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	h.tx = &brokenOutbox{err: store.ErrNotFound}
	if said, err := h.bounce(toAna.ID); said == "" || err != nil {
		t.Errorf("said %q, error %v", said, err)
	}
}

// What comes to a return path is a machine's, whatever its header says.
func TestReturnPathsAreNoRoleMailboxes(t *testing.T) {
	h := newHearing(newTestRoom(t, nil), &brokenOutbox{err: store.ErrNotFound}, eva, time.Unix(0, 0))
	h.at = []ticket.Address{ticket.Address(h.desk.returnPath(toAna.ID))}
	if _, aside, err := h.aside(); !aside || err != nil || h.entry.Reason != pathMail {
		t.Errorf("recorded %q, error %v", h.entry.Reason, err)
	}
}

// brokenOutbox is a transaction that cannot read notices.
type brokenOutbox struct {
	store.Tx
	err error
}

func (b *brokenOutbox) Notice(string) (store.Notice, error) { return store.Notice{}, b.err }
