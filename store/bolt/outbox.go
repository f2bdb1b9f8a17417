package bolt

import (
	"iter"
	"time"

	"github.com/cauce-desk/cauce/store"
)

// Enqueue implements store.Tx.
func (t *tx) Enqueue(n store.Notice) error {
	if err := checkParts(n.ID); err != nil {
		return about(err, "enqueue notice")
	}
	if err := t.absent(outboxBucket, []byte(n.ID)); err != nil {
		return about(err, "enqueue notice")
	}
	return about(t.keepNotice(n), "enqueue notice %q", n.ID)
}

// Notice implements store.Tx.
func (t *tx) Notice(id string) (store.Notice, error) {
	n, err := load[store.Notice](&t.keys, outboxBucket, []byte(id))
	return n, about(err, "notice %q", id)
}

// SaveNotice implements store.Tx.
func (t *tx) SaveNotice(n store.Notice) error {
	kept, err := t.Notice(n.ID)
	if err != nil {
		return err
	}
	if err := t.remove(dueBucket, dueKey(kept)); err != nil {
		return err
	}
	return about(t.keepNotice(n), "save notice %q", n.ID)
}

// keepNotice keeps a notice and, unless it is settled, when it is due.
func (t *tx) keepNotice(n store.Notice) error {
	if pending(n) {
		if err := t.put(dueBucket, dueKey(n), []byte{}); err != nil {
			return err
		}
	}
	return keep(&t.keys, outboxBucket, []byte(n.ID), n)
}

func pending(n store.Notice) bool {
	return n.Status == store.NoticeQueued || n.Status == store.NoticeSending
}

func dueKey(n store.Notice) []byte { return key(instant(n.Next), n.ID) }

// Claim implements store.Tx.
func (t *tx) Claim(now time.Time, max int, lease time.Duration) ([]store.Notice, time.Time, error) {
	due, err := t.due(now, max)
	if err != nil {
		return nil, time.Time{}, about(err, "claim notices")
	}
	for i := range due {
		due[i].Attempt++
		due[i].Status = store.NoticeSending
		due[i].Next = now.Add(lease)
		if err := t.SaveNotice(due[i]); err != nil {
			return nil, time.Time{}, about(err, "claim notices")
		}
	}
	next, err := t.nextDue(now)
	return due, next, about(err, "claim notices")
}

// due lists up to max notices due by now, oldest due first.
func (t *tx) due(now time.Time, max int) ([]store.Notice, error) {
	var list []store.Notice
	by := span{to: []byte(instant(now.Add(1)))}
	for p, err := range t.ascend(dueBucket, by) {
		if err != nil {
			return nil, err
		}
		if len(list) >= max {
			break
		}
		n, err := t.Notice(afterInstant(p.key, 0))
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

// nextDue is the earliest time at which a notice is due; zero if none is. One
// with no time at all is due now.
func (t *tx) nextDue(now time.Time) (time.Time, error) {
	for p, err := range t.ascend(dueBucket, span{}) {
		if err != nil {
			return time.Time{}, err
		}
		n, err := t.Notice(afterInstant(p.key, 0))
		if n.Next.IsZero() {
			return now, err
		}
		return n.Next, err
	}
	return time.Time{}, nil
}

// Notices implements store.Tx.
func (t *tx) Notices() iter.Seq2[store.Notice, error] {
	return func(yield func(store.Notice, error) bool) {
		for p, err := range t.descend(outboxBucket, span{}) {
			var n store.Notice
			if err == nil {
				n, err = decode[store.Notice](p.value)
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}
