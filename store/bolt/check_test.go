package bolt

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

var when = time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)

// openingOf opens a ticket.
func openingOf(n ticket.Number) ticket.Decision {
	policy := ticket.Policy{Desk: "dgt", Actions: ticket.Lines()}
	d, err := ticket.Decide(ticket.Ticket{}, ticket.Request{
		Action: ticket.Open, Number: n, Role: ticket.RoleOperator, Subject: "No funciona",
	}, policy, when)
	if err != nil {
		panic(err) // of a request without anything to refuse: cannot happen
	}
	return d
}

// receive keeps what comes of a mail that opens a ticket.
func receive(tx store.Tx, id string, blob store.Blob) error {
	if _, seen, err := tx.Seen("key of " + id); seen || err != nil {
		return errors.Join(err, errors.New("seen"))
	}
	d := openingOf(ticket.Number("I" + id))
	return errors.Join(
		count(tx),
		tx.Append(d.Ticket, d.Events),
		tx.AddSubject("dgt", d.Ticket.Number, "alta"),
		tx.Record(store.Entry{ID: id, Key: "key of " + id, At: when, Acts: []store.Act{{Desk: "dgt", Ticket: d.Ticket.Number}}}, blob),
		tx.Enqueue(store.Notice{ID: id + "-1", Status: store.NoticeQueued, Next: when}),
		tx.Enqueue(store.Notice{ID: id + "-2", Status: store.NoticeQueued, Next: when}),
	)
}

// remember keeps what a desk remembers beside its tickets.
func remember(tx store.Tx, id string) error {
	return errors.Join(
		tx.Remind(store.Reminder{Desk: "dgt", Ticket: ticket.Number("I" + id), At: when}),
		tx.SaveCorrespondent("dgt", store.Correspondent{Address: ticket.Address(id + "@empresa.example"), Guesses: 1}),
	)
}

// fill keeps something of every kind: a ticket, and a mail that is large.
func fill(t *testing.T, s *Store) {
	t.Helper()
	small, big := stage(t, s, []byte("small")), stage(t, s, large)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(receive(tx, "1", small), remember(tx, "1"), tx.Record(store.Entry{ID: "2", Key: "b", At: when}, big))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// replace puts other text into a bucket's first value.
func replace(b bucket, from, to string) func(*bbolt.Tx) error {
	return func(bolt *bbolt.Tx) error {
		key, value := bolt.Bucket([]byte(b)).Cursor().First()
		changed := strings.Replace(string(value), from, to, 1)
		if changed == string(value) {
			return errors.New("nothing to replace")
		}
		return bolt.Bucket([]byte(b)).Put(append([]byte{}, key...), []byte(changed))
	}
}

func drop(b bucket) func(*bbolt.Tx) error {
	return func(bolt *bbolt.Tx) error {
		cursor := bolt.Bucket([]byte(b)).Cursor()
		_, _ = cursor.First()
		return cursor.Delete()
	}
}

func add(b bucket, key, value string) func(*bbolt.Tx) error {
	return func(bolt *bbolt.Tx) error { return bolt.Bucket([]byte(b)).Put([]byte(key), []byte(value)) }
}

// TestCheck damages a store behind its back in every way Check is to find.
func TestCheck(t *testing.T) {
	for name, one := range map[string]struct {
		damage func(*bbolt.Tx) error
		want   string
	}{
		"nothing":                {func(*bbolt.Tx) error { return nil }, ""},
		"an altered event":       {replace(eventsBucket, "No funciona", "Funciona"), "altered"},
		"an altered ticket":      {replace(ticketsBucket, `"state":"new"`, `"state":"closed"`), "not what its events make of it"},
		"a renamed ticket":       {replace(ticketsBucket, `"number":"I1"`, `"number":"I2"`), "another's name"},
		"an event lost":          {drop(eventsBucket), "not what its events make of it"},
		"a ticket lost":          {drop(ticketsBucket), "events: has 1 lines"},
		"an event of no ticket":  {add(eventsBucket, "dgt\x00I9\x00\x00\x00\x00\x01", "\x01{}"), "events: has 2 lines"},
		"a ticket not listed":    {drop(openedBucket), "opened"},
		"an altered mail":        {replace(rawBucket, "small", "smell"), "its mail is another"},
		"a mail lost":            {drop(rawBucket), "files"},
		"a large mail not noted": {drop(filesBucket), "files"},
		"an entry not listed":    {drop(listingBucket), "listing"},
		"an entry lost":          {drop(journalBucket), "has"},
		"a renamed entry":        {replace(journalBucket, `"id":"1"`, `"id":"9"`), "another's name"},
		"a dedupe key lost":      {drop(dedupeBucket), "dedupe"},
		"a dedupe key astray":    {add(dedupeBucket, "key of 1", "\x01\"2\""), "leads to"},
		"a dedupe key too many":  {add(dedupeBucket, "c", "\x01\"2\""), "dedupe: has 3 lines"},
		"a notice never due":     {drop(dueBucket), "due"},
		"a notice lost":          {drop(outboxBucket), "due: has 2 lines"},
		"a renamed notice":       {replace(outboxBucket, `"id":"1-1"`, `"id":"9"`), "another's name"},
		"an unreadable sequence": {add(sequencesBucket, "dgt\x00", "\x01many"), "sequence"},
		"unreadable subjects":    {add(subjectsBucket, "dgt\x00I1", "\x01{"), "subjects"},
		"a reminder never due":   {drop(alarmsBucket), "alarms"},
		"a reminder at another time": {
			replace(remindersBucket, `"at":"2017`, `"at":"2018`), "is missing",
		},
		"a reminder lost":         {drop(remindersBucket), "alarms: has 1 lines"},
		"a renamed reminder":      {replace(remindersBucket, `"ticket":"I1"`, `"ticket":"I2"`), "another's name"},
		"an unreadable reminder":  {add(remindersBucket, "dgt\x00\x00digest", "\x01{"), "reminder"},
		"a renamed correspondent": {replace(correspondentsBucket, "1@", "2@"), "another's name"},
		"an unreadable correspondent": {
			add(correspondentsBucket, "dgt\x00X", "\x01{"), "correspondent",
		},
		"a correspondent that says nothing": {
			add(correspondentsBucket, "dgt\x00X", "\x01"+`{"address":"x"}`), "says nothing",
		},
		"a value of a new kind": {add(journalBucket, "9", "\x02{}"), "schema"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := opened(t, Options{Dir: dir})
			fill(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			edit(t, dir, one.damage)
			err := opened(t, Options{Dir: dir}).Check(t.Context())
			if (err == nil) != (one.want == "") || err != nil && !strings.Contains(err.Error(), one.want) {
				t.Errorf("check: %v, want %q", err, one.want)
			}
		})
	}
}

func TestCheckCanBeStopped(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	fill(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("check: %v, want %v", err, context.Canceled)
	}
}
