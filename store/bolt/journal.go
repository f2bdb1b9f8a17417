package bolt

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/store"
)

// Seen implements store.Tx.
func (t *tx) Seen(dedupe string) (store.Entry, bool, error) {
	id, err := load[string](&t.keys, dedupeBucket, []byte(dedupe))
	if errors.Is(err, store.ErrNotFound) {
		return store.Entry{}, false, nil
	}
	if err != nil {
		return store.Entry{}, false, about(err, "dedupe key %q", dedupe)
	}
	e, err := t.Entry(id)
	return e, err == nil, err
}

// Record implements store.Tx.
func (t *tx) Record(e store.Entry, raw store.Blob) error {
	e.Blob = store.Blob{Hash: raw.Hash, Size: raw.Size}
	if err := t.record(e, raw); err != nil {
		return about(err, "record entry %q", e.ID)
	}
	return nil
}

func (t *tx) record(e store.Entry, raw store.Blob) error {
	if err := checkParts(e.ID); err != nil {
		return err
	}
	if err := t.absent(journalBucket, []byte(e.ID)); err != nil {
		return err
	}
	if err := t.remember(e); err != nil {
		return err
	}
	if err := t.keepRaw(e.ID, raw); err != nil {
		return err
	}
	if err := t.list(e); err != nil {
		return err
	}
	return keep(&t.keys, journalBucket, []byte(e.ID), e)
}

// absent fails if there is such a key.
func (t *tx) absent(b bucket, key []byte) error {
	kept, err := has(&t.keys, b, key)
	if err == nil && kept {
		return about(errKept, "%q", key)
	}
	return err
}

var errKept = errors.New("is kept already")

// remember keeps the entry's dedupe key, if it has one.
func (t *tx) remember(e store.Entry) error {
	if e.Key == "" {
		return nil
	}
	if err := t.absent(dedupeBucket, []byte(e.Key)); err != nil {
		return err
	}
	return keep(&t.keys, dedupeBucket, []byte(e.Key), e.ID)
}

// keepRaw keeps a small mail, or notes who refers to a large one.
func (t *tx) keepRaw(id string, raw store.Blob) error {
	switch {
	case raw.Hash == "":
		return nil
	case raw.Inline != nil || raw.Size == 0:
		return t.put(rawBucket, []byte(id), append([]byte{}, raw.Inline...))
	}
	if err := t.mails.check(raw); err != nil {
		return err
	}
	return t.put(filesBucket, key(raw.Hash, id), []byte{})
}

// list adds the entry to the lists it can be found by: that of all entries,
// which stands under no ticket's name, and those of the tickets it acted on.
func (t *tx) list(e store.Entry) error {
	for _, scope := range scopes(e) {
		if strings.Contains(scope, separator) {
			return checkParts(scope)
		}
		if err := t.put(listingBucket, listingKey(scope, e), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

// scopes are the names under which an entry is listed, each once.
func scopes(e store.Entry) []string {
	list := []string{""}
	for _, act := range e.Acts {
		list = append(list, string(act.Ticket))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func listingKey(scope string, e store.Entry) []byte { return key(scope, instant(e.At), e.ID) }

// Entry implements store.Tx.
func (t *tx) Entry(id string) (store.Entry, error) {
	e, err := load[store.Entry](&t.keys, journalBucket, []byte(id))
	return e, about(err, "entry %q", id)
}

// Raw implements store.Tx.
func (t *tx) Raw(id string) ([]byte, error) {
	e, err := t.Entry(id)
	if err != nil {
		return nil, err
	}
	if e.Blob.Hash == "" {
		return nil, about(store.ErrNotFound, "mail of entry %q", id)
	}
	inline, found, err := t.get(rawBucket, []byte(id))
	if err != nil {
		return nil, err
	}
	if found {
		return append([]byte{}, inline...), nil
	}
	raw, err := t.mails.get(e.Blob)
	return raw, about(err, "mail of entry %q", id)
}

// Journal implements store.Tx.
func (t *tx) Journal(f store.JournalFilter) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		found := 0
		for p, err := range t.descend(listingBucket, listed(f)) {
			e, err := t.listedEntry(p, err)
			if err == nil && !sentBy(e, f.From) {
				continue
			}
			found++
			if !yield(e, err) || err != nil || found == f.Limit {
				return
			}
		}
	}
}

// listed is the part of the listing that holds what the filter asks for, but
// for the sender.
func listed(f store.JournalFilter) span {
	scope := prefix(string(f.Ticket))
	s := under(scope)
	if !f.Since.IsZero() {
		s.from = append(bytes.Clone(scope), instant(f.Since)...)
	}
	if !f.Until.IsZero() {
		s.to = append(bytes.Clone(scope), instant(f.Until)...)
	}
	return s
}

// listedEntry is the entry a line of the listing points to.
func (t *tx) listedEntry(line pair, err error) (store.Entry, error) {
	if err != nil {
		return store.Entry{}, err
	}
	return t.Entry(afterInstant(line.key, 1))
}

// sentBy tells whether an entry's sender, in its header or its envelope, has
// the text in it. Case does not matter.
func sentBy(e store.Entry, part string) bool {
	part = strings.ToLower(part)
	return strings.Contains(strings.ToLower(e.Header.From), part) || strings.Contains(strings.ToLower(e.From), part)
}
