package control

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/store"
)

// Retry implements Operations.
func (l Local) Retry(ctx context.Context, ids []string) (int, error) {
	now := l.now()
	put := func(tx store.Tx) (int, error) { return retryNamed(tx, ids, now) }
	if len(ids) == 0 {
		stuck, err := l.stuck(ctx, now)
		if err != nil {
			return 0, err
		}
		put = func(tx store.Tx) (int, error) { return retryStuck(tx, stuck, now) }
	}
	count := 0
	err := l.Store.Update(ctx, func(tx store.Tx) (err error) {
		count, err = put(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	if count > 0 && l.Wake != nil {
		l.Wake()
	}
	return count, nil
}

func (l Local) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// stuck lists the notices that failed or wait for another attempt. It looks in
// a View, so that going through a long outbox holds up no mail.
func (l Local) stuck(ctx context.Context, now time.Time) (ids []string, err error) {
	err = l.Store.View(ctx, func(tx store.Tx) error {
		notices, err := collect(ctx, tx.Notices(), func(n store.Notice) bool { return isStuck(n, now) })
		for _, n := range notices {
			ids = append(ids, n.ID)
		}
		return err
	})
	return ids, err
}

func isStuck(n store.Notice, now time.Time) bool {
	return n.Status == store.NoticeFailed || n.Status == store.NoticeQueued && n.Next.After(now)
}

// retryStuck makes those of the notices due that are stuck still.
func retryStuck(tx store.Tx, ids []string, now time.Time) (int, error) {
	count := 0
	for _, id := range ids {
		n, err := tx.Notice(id)
		if err != nil {
			return 0, missing(err, "notice %s", id)
		}
		if !isStuck(n, now) {
			continue
		}
		if err := makeDue(tx, n, now); err != nil {
			return 0, err
		}
		count++
	}
	return count, nil
}

// retryNamed makes the notices an operator names due.
func retryNamed(tx store.Tx, ids []string, now time.Time) (int, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, id := range ids {
		n, err := tx.Notice(id)
		switch {
		case err != nil:
			return 0, missing(err, "notice %s", id)
		case n.Status == store.NoticeSending:
			return 0, fmt.Errorf("notice %s: it is being sent", id)
		case n.Status == store.NoticeDelivered:
			return 0, fmt.Errorf("notice %s: it was delivered and is not sent again", id)
		}
		if err := makeDue(tx, n, now); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

func makeDue(tx store.Tx, n store.Notice, now time.Time) error {
	n.Status, n.Next, n.Settled = store.NoticeQueued, now, time.Time{}
	return tx.SaveNotice(n)
}
