package mailflow

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// machine does what a machine's mail leads to: what came of a notice of ours is
// put down to it; anything else is noted on the ticket it belongs to. It changes
// no state, stops no clock and is never answered (RFC 3834 section 2).
func (h *hearing) machine(reason string) (string, error) {
	id, ours := h.returned()
	if h.mail.message.Kind == parser.Bounce && ours {
		return h.bounce(id)
	}
	about, err := h.about(id)
	if err != nil {
		return "", err
	}
	if about != "" {
		text := strings.TrimSpace(reason + ": " + h.mail.message.Subject + "\n" + h.mail.message.ReplyText)
		if err := h.note(about, text); err != nil {
			return "", err
		}
	}
	return h.record(reason), nil
}

// about is the ticket that a machine's mail belongs to: that of the notice it
// answers, or to whose return path it came (RFC 3834 section 4); "" for none.
func (h *hearing) about(notice string) (ticket.Number, error) {
	if h.replies || notice == "" {
		return h.claim.ticket, nil
	}
	n, err := h.tx.Notice(notice)
	if errors.Is(err, store.ErrNotFound) || err == nil && n.Desk != h.desk.ID() {
		return "", nil
	}
	return n.Ticket, err
}

// returned is the notice whose return path the mail came to: a bounce counts
// only there, where nobody else can send one.
func (h *hearing) returned() (notice string, ours bool) {
	for _, a := range h.at {
		if id, ok := h.desk.noticeOf(a); ok {
			return id, true
		}
	}
	return "", false
}

// maxNote is how much of a machine's words goes on a ticket, in runes.
const maxNote = 2000

// note puts words on a ticket, as the daemon's own.
func (h *hearing) note(n ticket.Number, text string) error {
	if runes := []rune(text); len(runes) > maxNote {
		text = string(runes[:maxNote]) + "…"
	}
	_, err := h.room.act(h.tx, h.desk, n, ticket.Request{
		Action: ticket.Record, Role: ticket.RoleClock, Text: h.desk.scrub(text), Mail: h.entry.ID, MessageID: h.mail.message.MessageID})
	return h.room.unrecorded(store.Notice{ID: h.entry.ID, Ticket: n}, err)
}

// bounce does what the bounce of a notice asks for: once, however often servers
// repeat it.
func (h *hearing) bounce(id string) (string, error) {
	n, err := h.tx.Notice(id)
	if errors.Is(err, store.ErrNotFound) {
		return h.record("bounce of a notice that is not kept"), nil
	}
	if err != nil {
		return "", fmt.Errorf("notice %s: %w", id, err)
	}
	b := h.mail.message.Bounce
	if b == nil || len(b.Recipients) == 0 {
		return h.record("bounce"), nil
	}
	to := b.Recipients[0] // a notice has one addressee
	said := strings.TrimSpace(to.Status + " " + diagnosticType.ReplaceAllString(to.Diagnostic, ""))
	return h.record("bounce " + said), h.room.came(h.tx, h.desk, n, to.Status, to.Action, said)
}

// diagnosticType is the kind of a diagnostic code: RFC 3464 section 2.3.6.
var diagnosticType = regexp.MustCompile(`^[A-Za-z0-9-]+;\s*`)

// noSuchAddressee are the codes that speak of the addressee; the others of their
// class are about the sender (RFC 3463 section 3.2, RFC 7505 section 4.1).
var noSuchAddressee = []string{"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10"}

// came puts down to a notice that it did not arrive. 5.1.x (RFC 3463 section
// 3.2) says that there is no such addressee: nothing more is sent there until
// something comes from there, and somebody is told. Any other 5.x.x may be for
// what the mail held: it is sent again without files. 4.x.x only counts.
func (r *Mailroom) came(tx store.Tx, d *Desk, n store.Notice, status, action, said string) error {
	said = d.scrub(said) // a server may repeat what it refused
	if n.Bounced || strings.HasPrefix(status, "4.") || action == "delayed" {
		return nil
	}
	if err := r.recordReturn(tx, d, n); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(status, "5.1.") && !slices.Contains(noSuchAddressee, status):
		return r.noteFailure(tx, d, n, said) // about us: see dns --check
	case !strings.HasPrefix(status, "5.1."):
		return r.sendBare(tx, d, n, said)
	}
	n.Bounced = true
	if err := tx.SaveNotice(n); err != nil {
		return fmt.Errorf("notice %s: %w", n.ID, err)
	}
	c, err := tx.Correspondent(d.ID(), n.To)
	if err != nil {
		return fmt.Errorf("correspondent %s: %w", n.To, err)
	}
	known := !c.Undeliverable.IsZero()
	c.Undeliverable, c.Reason = r.clock.Now(), said
	if err := tx.SaveCorrespondent(d.ID(), c); err != nil || known {
		return err
	}
	return r.tellUndeliverable(tx, d, n, said)
}

// sendBare sends a notice again, without files, and notes it on its ticket.
func (r *Mailroom) sendBare(tx store.Tx, d *Desk, n store.Notice, said string) error {
	n.Bounced = true
	if err := tx.SaveNotice(n); err != nil {
		return fmt.Errorf("notice %s: %w", n.ID, err)
	}
	if err := r.noteFailure(tx, d, n, said); err != nil || n.Bare {
		return err
	}
	if carries, err := carriesFiles(tx, n); err != nil || !carries {
		return err
	}
	again := n
	again.ID, again.Bare, again.Bounced = r.ids.next(r.clock.Now()), true, false
	again.Status, again.Attempt, again.Next, again.MessageID = store.NoticeQueued, 0, r.clock.Now(), ""
	return tx.Enqueue(again)
}

// carriesFiles tells whether files may have gone with a notice: any that came
// with the ticket until then.
func carriesFiles(tx store.Tx, n store.Notice) (bool, error) {
	if n.Ticket == "" {
		return false, nil
	}
	events, err := tx.Events(n.Desk, n.Ticket)
	return slices.ContainsFunc(events[:min(len(events), n.Event)], func(e ticket.Event) bool { return len(e.Content.Attachments) > 0 }), err
}

// noteFailure puts on a ticket what became of a notice about it.
func (r *Mailroom) noteFailure(tx store.Tx, d *Desk, n store.Notice, said string) error {
	if n.Ticket == "" {
		return nil
	}
	_, err := r.act(tx, d, n.Ticket, ticket.Request{
		Action: ticket.Record, Role: ticket.RoleClock, Text: fmt.Sprintf("%s → %s: %s", n.Kind, n.To, said)})
	return r.unrecorded(n, err)
}

// tellUndeliverable tells of an addressee whom no mail reaches: who is in charge
// of the ticket; of one of these the lead; of the lead, or where there is no
// ticket or nobody else to reach, the administrators.
func (r *Mailroom) tellUndeliverable(tx store.Tx, d *Desk, n store.Notice, said string) error {
	if err := r.noteFailure(tx, d, n, said); err != nil {
		return err
	}
	var t ticket.Ticket
	if n.Ticket != "" {
		var err error
		if t, err = tx.Ticket(d.ID(), n.Ticket); err != nil {
			return fmt.Errorf("ticket %s: %w", n.Ticket, err)
		}
	}
	p := d.at(r.clock.Now())
	for _, audience := range above(p, t, n.To) {
		told, err := r.tellOf(tx, d, p.Addressees(t, audience, ""), n, t, said)
		if told || err != nil {
			return err
		}
	}
	r.log.Error("nobody can be told that mail does not arrive", "desk", d.ID(), "to", n.To, "reason", said)
	return nil
}

// above are whom to tell that somebody is not reached, in the order in which
// they are asked for.
func above(p ticket.Policy, t ticket.Ticket, who ticket.Address) []ticket.Audience {
	chain := []ticket.Audience{ticket.ToStaff, ticket.ToLead, ticket.ToAdministrator}
	switch is := func(a ticket.Audience) bool { return slices.ContainsFunc(p.Addressees(t, a, ""), who.Equal) }; {
	case t.Number == "" || is(ticket.ToLead) || is(ticket.ToAdministrator):
		return chain[2:]
	case is(ticket.ToStaff):
		return chain[1:]
	}
	return chain
}

// tellOf tells those of a list that can be reached; false if none can.
func (r *Mailroom) tellOf(tx store.Tx, d *Desk, list []ticket.Address, n store.Notice, t ticket.Ticket, said string) (told bool, err error) {
	for _, to := range list {
		reached, err := reachable(tx, d, to)
		if err != nil {
			return told, err
		}
		if to.Equal(n.To) || !reached {
			continue
		}
		told = true
		if err := r.tell(tx, d, templates.KindUndeliverable, to, n.Ticket, t.Events, store.Answer{Subject: string(n.To) + " - " + said}); err != nil {
			return told, err
		}
	}
	return told, nil
}

// reachable tells whether mail gets to somebody, as far as is known.
func reachable(tx store.Tx, d *Desk, who ticket.Address) (bool, error) {
	c, err := tx.Correspondent(d.ID(), who)
	if err != nil {
		return false, fmt.Errorf("correspondent %s: %w", who, err)
	}
	return c.Undeliverable.IsZero(), nil
}

// tell queues a notice that answers no mail.
func (r *Mailroom) tell(tx store.Tx, d *Desk, kind string, to ticket.Address, about ticket.Number, event int, body store.Answer) error {
	now := r.clock.Now()
	err := tx.Enqueue(store.Notice{ID: r.ids.next(now), Desk: d.ID(), Kind: kind, Ticket: about, Event: event, To: to, Created: now,
		Answer: &body, Status: store.NoticeQueued, Next: now})
	if err != nil {
		return fmt.Errorf("telling %s of %s: %w", to, kind, err)
	}
	return nil
}

// tellAdministrators tells all of them that can be reached.
func (r *Mailroom) tellAdministrators(tx store.Tx, d *Desk, kind string, body store.Answer) error {
	for _, to := range d.Policy.Members[ticket.RoleAdministrator] {
		if reached, err := reachable(tx, d, to); err != nil {
			return err
		} else if !reached {
			continue
		}
		if err := r.tell(tx, d, kind, to, "", 0, body); err != nil {
			return err
		}
	}
	return nil
}
