package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// model is the contract in the plainest words: maps, and sorting whenever
// something is asked for. What a store does is compared with it.
type model struct {
	entries   map[string]store.Entry
	raws      map[string][]byte // by entry
	sequences map[[2]string]uint64
	tickets   map[name]ticket.Ticket
	events    map[name][]ticket.Event
	subjects  map[name][]string
	notices   map[string]store.Notice
	reminders map[owner]time.Time
	known     map[mailbox]store.Correspondent
}

type name struct {
	desk   string
	number ticket.Number
}

type owner struct {
	name
	task string
}

type mailbox struct{ desk, address string }

var _ store.Tx = (*model)(nil)

func newModel() *model {
	return &model{
		entries: map[string]store.Entry{}, raws: map[string][]byte{}, sequences: map[[2]string]uint64{},
		tickets: map[name]ticket.Ticket{}, events: map[name][]ticket.Event{}, subjects: map[name][]string{},
		notices: map[string]store.Notice{}, reminders: map[owner]time.Time{}, known: map[mailbox]store.Correspondent{},
	}
}

// clone is what a transaction writes to; it becomes the model on commit.
func (m *model) clone() *model {
	return &model{
		entries: maps.Clone(m.entries), raws: maps.Clone(m.raws), sequences: maps.Clone(m.sequences),
		tickets: maps.Clone(m.tickets), events: maps.Clone(m.events), subjects: maps.Clone(m.subjects),
		notices: maps.Clone(m.notices), reminders: maps.Clone(m.reminders), known: maps.Clone(m.known),
	}
}

var errModel = errors.New("refused by the model")

// find returns the value of a key, or store.ErrNotFound.
func find[K comparable, V any](m map[K]V, key K) (V, error) {
	v, ok := m[key]
	if !ok {
		return v, store.ErrNotFound
	}
	return v, nil
}

func (m *model) Seen(key string) (store.Entry, bool, error) {
	for _, e := range m.entries {
		if key != "" && e.Key == key {
			return e, true, nil
		}
	}
	return store.Entry{}, false, nil
}

func (m *model) Record(e store.Entry, raw store.Blob) error {
	_, seen, _ := m.Seen(e.Key)
	if _, kept := m.entries[e.ID]; kept || seen {
		return errModel
	}
	e.Blob = store.Blob{Hash: raw.Hash, Size: raw.Size}
	m.entries[e.ID] = e
	if raw.Hash != "" {
		m.raws[e.ID] = raw.Inline
	}
	return nil
}

func (m *model) Entry(id string) (store.Entry, error) { return find(m.entries, id) }

func (m *model) Raw(id string) ([]byte, error) {
	raw, err := find(m.raws, id)
	return bytes.Clone(raw), err
}

func (m *model) Journal(f store.JournalFilter) iter.Seq2[store.Entry, error] {
	found := slices.DeleteFunc(slices.Collect(maps.Values(m.entries)), func(e store.Entry) bool {
		return !f.Since.IsZero() && e.At.Before(f.Since) || !f.Until.IsZero() && !e.At.Before(f.Until) ||
			f.Ticket != "" && !slices.ContainsFunc(e.Acts, func(a store.Act) bool { return a.Ticket == f.Ticket }) ||
			!contains(e.From, f.From) && !contains(e.Header.From, f.From)
	})
	slices.SortFunc(found, func(a, b store.Entry) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID))
	})
	if f.Limit > 0 && len(found) > f.Limit {
		found = found[:f.Limit]
	}
	return yieldAll(found)
}

func contains(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func yieldAll[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range list {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func (m *model) NextSequence(desk, period string) (uint64, error) {
	m.sequences[[2]string{desk, period}]++
	return m.sequences[[2]string{desk, period}], nil
}

func (m *model) Ticket(desk string, n ticket.Number) (ticket.Ticket, error) {
	return find(m.tickets, name{desk, n})
}

func (m *model) Events(desk string, n ticket.Number) ([]ticket.Event, error) {
	return m.events[name{desk, n}], nil
}

func (m *model) Append(t ticket.Ticket, events []ticket.Event) error {
	at := name{t.Desk, t.Number}
	after := append(slices.Clone(m.events[at]), events...)
	if len(events) == 0 || ticket.Verify(after) != nil || ticket.Replay(after).Head != t.Head {
		return errModel
	}
	m.tickets[at], m.events[at] = t, after
	return nil
}

func (m *model) Tickets(desk string) iter.Seq2[ticket.Ticket, error] {
	found := slices.DeleteFunc(slices.Collect(maps.Values(m.tickets)), func(t ticket.Ticket) bool {
		return desk != "" && t.Desk != desk
	})
	slices.SortFunc(found, func(a, b ticket.Ticket) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(b.Desk, a.Desk), strings.Compare(string(b.Number), string(a.Number)))
	})
	return yieldAll(found)
}

func (m *model) AddSubject(desk string, n ticket.Number, key string) error {
	at := name{desk, n}
	if !slices.Contains(m.subjects[at], key) {
		m.subjects[at] = append(slices.Clip(m.subjects[at]), key)
	}
	return nil
}

func (m *model) Subjects(desk string, n ticket.Number) ([]string, error) {
	return m.subjects[name{desk, n}], nil
}

func (m *model) Enqueue(n store.Notice) error {
	if _, kept := m.notices[n.ID]; kept {
		return errModel
	}
	m.notices[n.ID] = n
	return nil
}

// queue is what is queued or being sent, by when it is due.
func (m *model) queue() []store.Notice {
	found := slices.DeleteFunc(slices.Collect(maps.Values(m.notices)), func(n store.Notice) bool {
		return n.Status != store.NoticeQueued && n.Status != store.NoticeSending
	})
	slices.SortFunc(found, func(a, b store.Notice) int {
		return cmp.Or(a.Next.Compare(b.Next), strings.Compare(a.ID, b.ID))
	})
	return found
}

func (m *model) Claim(now time.Time, max int, lease time.Duration) (claimed []store.Notice, next time.Time, err error) {
	for _, n := range m.queue() {
		if !n.Next.After(now) && len(claimed) < max {
			n.Attempt, n.Status, n.Next = n.Attempt+1, store.NoticeSending, now.Add(lease)
			m.notices[n.ID] = n
			claimed = append(claimed, n)
		}
	}
	if queue := m.queue(); len(queue) > 0 {
		next = queue[0].Next
	}
	return claimed, next, nil
}

func (m *model) Notice(id string) (store.Notice, error) { return find(m.notices, id) }

func (m *model) SaveNotice(n store.Notice) error {
	if _, err := m.Notice(n.ID); err != nil {
		return err
	}
	m.notices[n.ID] = n
	return nil
}

func (m *model) Notices() iter.Seq2[store.Notice, error] {
	found := slices.Collect(maps.Values(m.notices))
	slices.SortFunc(found, func(a, b store.Notice) int { return strings.Compare(b.ID, a.ID) })
	return yieldAll(found)
}

func (m *model) Remind(r store.Reminder) error {
	if r.Desk == "" || r.Ticket == "" && r.Name == "" {
		return errModel
	}
	m.reminders[owner{name{r.Desk, r.Ticket}, r.Name}] = r.At
	return nil
}

func (m *model) Reminder(desk string, n ticket.Number, task string) (store.Reminder, error) {
	at := m.reminders[owner{name{desk, n}, task}]
	if at.IsZero() {
		return store.Reminder{}, store.ErrNotFound
	}
	return store.Reminder{Desk: desk, Ticket: n, Name: task, At: at}, nil
}

// alarms are all reminders, by when they are due.
func (m *model) alarms() []store.Reminder {
	var found []store.Reminder
	for o := range m.reminders {
		if r, err := m.Reminder(o.desk, o.number, o.task); err == nil {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b store.Reminder) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Desk, b.Desk),
			strings.Compare(string(a.Ticket), string(b.Ticket)), strings.Compare(a.Name, b.Name))
	})
	return found
}

func (m *model) Reminders(until time.Time, max int) (due []store.Reminder, next time.Time, err error) {
	all := m.alarms()
	for len(due) < min(max, len(all)) && !all[len(due)].At.After(until) {
		due = all[:len(due)+1]
	}
	if len(due) < len(all) {
		next = all[len(due)].At
	}
	return due, next, nil
}

func (m *model) Correspondent(desk string, a ticket.Address) (store.Correspondent, error) {
	c, known := m.known[mailboxOf(desk, a)]
	if !known {
		c.Address = a
	}
	return c, nil
}

// mailboxOf makes one of all spellings of an address, of those in histories.
func mailboxOf(desk string, a ticket.Address) mailbox {
	return mailbox{desk, strings.ToLower(string(a))}
}

func (m *model) SaveCorrespondent(desk string, c store.Correspondent) error {
	if desk == "" || c.Address == "" {
		return errModel
	}
	if m.known[mailboxOf(desk, c.Address)] = c; c.Blank() {
		delete(m.known, mailboxOf(desk, c.Address))
	}
	return nil
}

func (m *model) Correspondents(desk string) iter.Seq2[store.Correspondent, error] {
	var found []store.Correspondent
	for of, c := range m.known {
		if of.desk == desk {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b store.Correspondent) int {
		return strings.Compare(mailboxOf(desk, a.Address).address, mailboxOf(desk, b.Address).address)
	})
	return yieldAll(found)
}
