// Package store says what cauce keeps and how it is asked for, in the words of
// the domain. Implementations: store/bolt (embedded). They all pass
// store/storetest.
//
// One Update is one decision: the dedupe key, the journal entry, the raw mail,
// the ticket, its events, the notices and reminders that follow and what is
// remembered of the sender are kept together or not at all. When Update
// returns nil they are on disk. An error from the function given to Update
// undoes its writes and is returned as it is, as soon as what the function saw
// is on disk; any other error is a failure of the store and always temporary
// for the mail at hand.
package store

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// ErrNotFound is returned for a ticket, entry, mail, notice or reminder that
// is not kept.
var ErrNotFound = errors.New("not found")

// Store keeps everything a desk must not forget.
type Store interface {
	// Update runs fn in a transaction that writes. Concurrent calls share
	// one commit; fn sees the writes of those before it. fn must not block,
	// must not call the Store, and runs at most once: not at all if ctx is
	// done beforehand; a ctx done later changes nothing. A panic in fn
	// undoes its writes and is returned as an error.
	Update(ctx context.Context, fn func(Tx) error) error
	// View runs fn on an unchanging picture of the store. Writing in it
	// fails. fn may be called concurrently with anything.
	View(ctx context.Context, fn func(Tx) error) error
	// Stage makes a mail's bytes ready to be kept by Tx.Record: large ones
	// are on disk when it returns. What is staged and never recorded is
	// removed in time.
	Stage(ctx context.Context, raw []byte) (Blob, error)
	// Backup writes a consistent copy of the database to w while the store
	// is in use. Large mails are files beside it and are not in the copy.
	Backup(ctx context.Context, w io.Writer) error
	// Close waits for the transactions under way. Afterwards everything fails.
	Close() error
}

// Blob is a mail's bytes, staged.
type Blob struct {
	Hash   string `json:"hash"` // SHA-256, lower-case hexadecimal
	Size   int64  `json:"size"`
	Inline []byte `json:"-"` // the bytes of a small mail, kept in the database
}

// Tx is a transaction. It is valid only inside the function it is given to.
type Tx interface {
	// Seen returns the entry under which a mail with this key was recorded.
	Seen(key string) (Entry, bool, error)
	// Record keeps a journal entry and, if it has one, its mail's bytes,
	// and remembers its dedupe key if it has one. The entry's Blob is taken
	// from raw, the zero Blob for no mail. It fails if the ID or the key is
	// kept already.
	Record(e Entry, raw Blob) error
	// Entry returns one journal entry: ErrNotFound if there is none.
	Entry(id string) (Entry, error)
	// Raw returns the mail of an entry: ErrNotFound if it has none.
	Raw(id string) ([]byte, error)
	// Journal yields entries, newest first. It shows, like every list of
	// a transaction, what was there when the iteration began.
	Journal(f JournalFilter) iter.Seq2[Entry, error]

	// NextSequence returns 1 and counts up, separately for each pair.
	NextSequence(desk, period string) (uint64, error)
	// Ticket returns a desk's ticket: ErrNotFound if there is none.
	Ticket(desk string, n ticket.Number) (ticket.Ticket, error)
	// Events returns a ticket's events in order; none is no error.
	Events(desk string, n ticket.Number) ([]ticket.Event, error)
	// Append keeps new events and the ticket as it is after them. It fails
	// if there is none or the first is not the one that follows those kept.
	Append(t ticket.Ticket, events []ticket.Event) error
	// Tickets yields a desk's tickets, newest first; all desks' if "".
	Tickets(desk string) iter.Seq2[ticket.Ticket, error]

	// AddSubject remembers the canonical form of a subject we send on a
	// ticket; adding it again changes nothing.
	AddSubject(desk string, n ticket.Number, key string) error
	// Subjects returns what AddSubject remembered, in that order.
	Subjects(desk string, n ticket.Number) ([]string, error)

	// Enqueue adds a notice to the outbox, due at its Next, at once if that
	// is zero. It fails if the ID is kept already.
	Enqueue(n Notice) error
	// Claim takes up to max queued notices due by now, oldest due first:
	// each gets Attempt+1, Status NoticeSending and Next now+lease, after
	// which it may be claimed again. next is the earliest Next of what is
	// queued or being sent after that, zero if nothing is.
	Claim(now time.Time, max int, lease time.Duration) (claimed []Notice, next time.Time, err error)
	// Notice returns one notice, sent or not: ErrNotFound if there is none.
	Notice(id string) (Notice, error)
	// SaveNotice replaces a notice of the same ID: ErrNotFound if there is
	// none.
	SaveNotice(n Notice) error
	// Notices yields the outbox, newest first.
	Notices() iter.Seq2[Notice, error]

	// Remind sets the reminder of its owner in place of the one there was;
	// the zero At removes it. What would change nothing writes nothing. It
	// fails without an owner.
	Remind(r Reminder) error
	// Reminder returns an owner's reminder: ErrNotFound if there is none.
	Reminder(desk string, n ticket.Number, name string) (Reminder, error)
	// Reminders returns up to max reminders of all desks whose At is not
	// after until: oldest first, those of one time by desk, ticket and name.
	// They stay until Remind changes them. next is the At of the first that
	// was not returned, due or not, zero if all were.
	Reminders(until time.Time, max int) (due []Reminder, next time.Time, err error)

	// Correspondent returns what a desk remembers of an address, however
	// its letters are cased; if nothing, one with this address alone.
	Correspondent(desk string, a ticket.Address) (Correspondent, error)
	// SaveCorrespondent replaces what the desk remembers of the address and
	// how it is spelt; what is Blank is forgotten. It fails without a desk
	// or an address.
	SaveCorrespondent(desk string, c Correspondent) error
	// Correspondents yields all a desk remembers something of, by address.
	Correspondents(desk string) iter.Seq2[Correspondent, error]
}

// Entry is a line of the journal: a mail that came, and what became of it.
type Entry struct {
	ID        string        `json:"id"` // sorts by time
	At        time.Time     `json:"at"`
	Key       string        `json:"key,omitempty"` // dedupe key; empty for what was refused
	Remote    string        `json:"remote"`
	Hello     string        `json:"hello"`
	Protocol  string        `json:"protocol"`
	From      string        `json:"from"` // envelope; "" for <>
	To        []string      `json:"to"`
	Header    HeaderSummary `json:"header"`
	Blob      Blob          `json:"blob,omitzero"`
	Outcome   Outcome       `json:"outcome"`
	Reason    string        `json:"reason,omitempty"` // why nothing came of it, or why it was refused
	Assurance string        `json:"assurance,omitempty"`
	Replies   []string      `json:"replies"` // what the peer was told, per recipient
	Acts      []Act         `json:"acts,omitempty"`
}

// HeaderSummary is what a list of mails shows of a mail's header.
type HeaderSummary struct {
	From      string `json:"from"`
	Subject   string `json:"subject"`
	MessageID string `json:"message_id"`
}

// Act is an action a mail led to.
type Act struct {
	Desk   string        `json:"desk"`
	Ticket ticket.Number `json:"ticket"`
	Action ticket.Action `json:"action"`
	Event  int           `json:"event"`
}

// Outcome is what became of a mail.
type Outcome string

// The outcomes.
const (
	OutcomeActed    Outcome = "acted"    // it changed a ticket
	OutcomeAnswered Outcome = "answered" // it changed nothing; its sender was told why
	OutcomeRecorded Outcome = "recorded" // it changed nothing and must not be answered
	OutcomeRefused  Outcome = "refused"  // it was refused in the dialogue
	OutcomeRepeated Outcome = "repeated" // it came before; Reason is the entry of the first time
)

// JournalFilter narrows Journal; zero fields match everything.
type JournalFilter struct {
	Since, Until time.Time // At from Since on, and before Until
	Ticket       ticket.Number
	From         string // header or envelope sender, case folded, part of it
	Limit        int    // 0: no limit
}

// NoticeStatus is where a notice stands in the outbox.
type NoticeStatus string

// The stages of a notice.
const (
	NoticeQueued    NoticeStatus = "queued"
	NoticeSending   NoticeStatus = "sending"
	NoticeDelivered NoticeStatus = "delivered"
	NoticeFailed    NoticeStatus = "failed"
)

// Notice is a mail to be sent, as an intent: it is rendered from the ticket as
// of its event when it goes out.
type Notice struct {
	ID        string         `json:"id"` // sorts by time
	Desk      string         `json:"desk"`
	Kind      string         `json:"kind"`
	Ticket    ticket.Number  `json:"ticket,omitempty"`
	Event     int            `json:"event,omitempty"`
	To        ticket.Address `json:"to"`
	Created   time.Time      `json:"created"`
	Mail      string         `json:"mail,omitempty"` // journal entry of the mail it answers
	Answer    *Answer        `json:"answer,omitempty"`
	Status    NoticeStatus   `json:"status"`
	Attempt   int            `json:"attempt"`
	Next      time.Time      `json:"next"`
	Settled   time.Time      `json:"settled,omitzero"`
	MessageID string         `json:"message_id,omitempty"`
	Subject   string         `json:"subject,omitempty"`
	Bare      bool           `json:"bare,omitempty"`    // goes without files, for with them it was refused
	Bounced   bool           `json:"bounced,omitempty"` // it came back, and what that asks for is done
	Remote    string         `json:"remote,omitempty"`  // who took or refused it
	Said      string         `json:"said,omitempty"`    // in which words
}

// Answer is what a notice that answers a mail without changing a ticket must
// know beyond its kind.
type Answer struct {
	Action   ticket.Action    `json:"action,omitempty"` // what was asked for
	Reason   string           `json:"reason,omitempty"`
	Problems []ticket.Problem `json:"problems,omitempty"`
	Values   ticket.Values    `json:"values,omitempty"`  // what was understood, for a prefilled link
	Files    int              `json:"files,omitempty"`   // of the mail it answers, where they are the reason
	Bytes    int64            `json:"bytes,omitempty"`   // how large they were together
	Subject  string           `json:"subject,omitempty"` // of the mail it answers
	Mail     string           `json:"mail,omitempty"`    // journal entry of a mail that goes with it
}
