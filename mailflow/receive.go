package mailflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Recipient says whether mail for an address is taken: a desk's own, the role
// mailboxes of its domains, and the return paths of our own mail. Everything
// else is refused; we relay for nobody.
func (r *Mailroom) Recipient(_ context.Context, _, to string) error {
	address, err := ticket.ParseAddress(to)
	if err != nil {
		return &smtpd.Refused{Code: 501, Enhanced: [3]int{5, 1, 3}, Text: "bad address syntax"}
	}
	if r.site.Load().deskFor(address) == nil {
		return noSuchAddress
	}
	return nil
}

var noSuchAddress = &smtpd.Refused{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such address here"}

// incoming is a mail in hand.
type incoming struct {
	envelope *smtpd.Envelope
	message  *parser.Message
	verdict  authn.Verdict
	blob     store.Blob
	content  string // hash of the bytes without trace fields
	held     string // why nobody acts on it, where a filter says so
	warnings []warning
	at       time.Time
}

// part is what of a mail is one desk's.
type part struct {
	desk   *Desk
	author ticket.Person    // as the desk knows them
	at     []ticket.Address // the desk's addresses at which the mail arrived
	place  []int            // their places in the envelope
	key    string           // by which the mail is known when it comes again
	order  Order

	claim   claim // of a Message-ID of ours that the mail answers
	replies bool  // whether it does
}

// Deliver acts on a mail: everything it leads to at every desk it is for is
// kept together, or nothing is. The replies are in the order of the envelope's
// recipients. A *smtpd.Refused error is a matter of policy; any other means
// that nothing was kept and the mail should come again.
func (r *Mailroom) Deliver(ctx context.Context, env *smtpd.Envelope) ([]string, error) {
	site := r.site.Load()
	var refused *smtpd.Refused
	mail, err := r.examine(ctx, site, env)
	if errors.As(err, &refused) {
		return nil, r.journalRefusal(ctx, mail, refused)
	}
	if err != nil {
		return nil, err
	}
	parts, err := site.split(mail)
	if err != nil {
		return nil, err
	}
	var replies []string
	err = r.update(ctx, func(tx store.Tx) error {
		replies, err = r.settle(tx, site, mail, parts)
		return err
	})
	if errors.As(err, &refused) {
		return nil, r.journalRefusal(ctx, mail, refused)
	}
	if err != nil {
		return nil, fmt.Errorf("keeping a mail from %s: %w", env.From, err)
	}
	r.wake()
	return replies, nil
}

// split sorts the recipients by desk and reads the mail for each, before the
// transaction begins.
func (s *Site) split(mail *incoming) ([]part, error) {
	var parts []part
	for place, to := range mail.envelope.To {
		address, _ := ticket.ParseAddress(to)
		d := s.deskFor(address)
		if d == nil { // gone with a reload since RCPT
			return nil, noSuchAddress
		}
		i := slices.IndexFunc(parts, func(p part) bool { return p.desk == d })
		if i < 0 {
			parts, i = append(parts, part{desk: d}), len(parts)
		}
		parts[i].at = append(parts[i].at, address)
		parts[i].place = append(parts[i].place, place)
	}
	for i := range parts {
		parts[i].prepare(mail)
	}
	return parts, nil
}

// prepare does what needs no transaction.
func (p *part) prepare(mail *incoming) {
	p.key = dedupeKey(mail, *p)
	p.author = mail.verdict.Author
	p.author.Address = p.desk.known(p.author.Address)
	p.order = p.desk.Read(mail.message, p.at)
	p.claim, p.replies = p.desk.claimOf(mail.message, p.author.Address)
}

// deskFor is the desk that takes mail for an address; nil if none does. The
// role mailboxes of our own host name are the first desk's.
func (s *Site) deskFor(a ticket.Address) *Desk {
	for _, d := range s.Desks {
		if d.owns(a) || d.isReturnPath(a) {
			return d
		}
	}
	for _, d := range s.Desks {
		if d.isRoleAddress(a) || a.IsRole() && strings.EqualFold(a.Domain(), s.Hostname) {
			return d
		}
	}
	return nil
}

// settle does, in one transaction, everything the mail leads to.
func (r *Mailroom) settle(tx store.Tx, site *Site, mail *incoming, parts []part) ([]string, error) {
	replies := make([]string, len(mail.envelope.To))
	for _, p := range parts {
		said, err := r.settlePart(tx, site, mail, p)
		if err != nil {
			return nil, err
		}
		for _, place := range p.place {
			replies[place] = said
		}
	}
	return replies, nil
}

// settlePart does what the mail leads to at one desk. A mail that came before
// gets the answer it got then (RFC 1047: the answer may have been lost).
func (r *Mailroom) settlePart(tx store.Tx, site *Site, mail *incoming, p part) (string, error) {
	entry := r.entry(mail, p)
	first, seen, err := tx.Seen(p.key)
	if err != nil {
		return "", fmt.Errorf("asking whether a mail came before: %w", err)
	}
	if seen {
		entry.Outcome, entry.Reason, entry.Replies, entry.Acts = store.OutcomeRepeated, first.ID, first.Replies, first.Acts
		return strings.Join(first.Replies, ", "), tx.Record(entry, store.Blob{})
	}
	entry.Key = p.key
	h := hearing{room: r, tx: tx, site: site, part: p, mail: mail, entry: &entry}
	said, err := h.hear()
	if err != nil {
		return "", err
	}
	entry.Replies = []string{said}
	return said, tx.Record(entry, mail.blob)
}

func (r *Mailroom) entry(mail *incoming, p part) store.Entry {
	env, m := mail.envelope, mail.message
	e := store.Entry{
		ID: r.ids.next(mail.at), At: mail.at, Remote: env.Remote.String(), Hello: env.Hello, Protocol: env.Protocol,
		From: env.From, Assurance: mail.verdict.How,
		Header: store.HeaderSummary{From: string(mail.verdict.Author.Address), Subject: m.Subject, MessageID: m.MessageID},
	}
	for _, a := range p.at {
		e.To = append(e.To, string(a))
	}
	return e
}

// journalRefusal keeps a line about a mail that policy refused, without its
// content, and with it tells whom it is a warning to.
func (r *Mailroom) journalRefusal(ctx context.Context, mail *incoming, refused *smtpd.Refused) error {
	entry := r.entry(mail, part{})
	entry.To = mail.envelope.To
	entry.Outcome, entry.Reason = store.OutcomeRefused, refused.Text
	entry.Replies = []string{fmt.Sprintf("%d %s", refused.Code, refused.Text)}
	r.keepRefusal(ctx, entry, mail.warnings...)
	if len(mail.warnings) > 0 {
		r.wake()
	}
	return refused
}

// refusalTimeout bounds the keeping of a line for which nobody waits.
const refusalTimeout = 5 * time.Second

// Refused keeps a line about a recipient or a mail that the server refused for
// good without asking Deliver. What was refused for now comes again.
func (r *Mailroom) Refused(f smtpd.Refusal) {
	if !strings.HasPrefix(f.Reply, "5") {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), refusalTimeout)
	defer cancel()
	now := r.clock.Now()
	r.keepRefusal(ctx, store.Entry{
		ID: r.ids.next(now), At: now, Remote: f.Remote.String(), Hello: f.Hello, Protocol: f.Protocol, From: f.From, To: f.To,
		Outcome: store.OutcomeRefused, Reason: f.Reply, Replies: []string{f.Reply},
	})
}

// keepRefusal writes a line, and the warnings; the refusal stands even if that
// fails.
func (r *Mailroom) keepRefusal(ctx context.Context, entry store.Entry, warnings ...warning) {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		return errors.Join(r.tellWarnings(tx, warnings), tx.Record(entry, store.Blob{}))
	})
	if err != nil {
		r.log.Error("a refused mail is not in the journal", "from", entry.From, "error", err)
	}
}
