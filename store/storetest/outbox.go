package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cauce-desk/cauce/store"
)

var outbox = []test{
	{"a notice comes back as it was enqueued", noticeKept},
	{"what was not enqueued is not found", noticeMissing},
	{"an identifier is enqueued once", enqueuedOnce},
	{"claiming takes what is due, oldest first", claimDue},
	{"claiming takes no more than it is asked for", claimMax},
	{"what is claimed is claimed again after its lease, not before", lease},
	{"what is settled is never claimed and stays", settled},
	{"what is queued again is claimed at its new time", retried},
	{"what is not due makes no claim, and next says when it will be", notDue},
	{"what has no time is due at once", atOnce},
	{"two never claim the same", claimAtOnce},
	{"notices are newest first", noticeOrder},
}

func (b *box) enqueue(numbers ...int) {
	b.Helper()
	b.update(func(tx store.Tx) error {
		for _, n := range numbers {
			if err := tx.Enqueue(notice(n)); err != nil {
				return err
			}
		}
		return nil
	})
}

// claim claims and checks what is claimed, and next: seconds after the start,
// or none.
func (b *box) claim(now time.Time, max int, want []int, next int) []store.Notice {
	b.Helper()
	var claimed []store.Notice
	b.update(func(tx store.Tx) (err error) {
		var then time.Time
		claimed, then, err = tx.Claim(now, max, minute)
		found, wanted := []string{}, []string{}
		for _, n := range claimed {
			found = append(found, n.ID)
		}
		for _, n := range want {
			wanted = append(wanted, id(n))
		}
		b.same(fmt.Sprintf("claimed at %v", now), found, wanted)
		if next == none && !then.IsZero() || next != none && !then.Equal(at(next)) {
			b.Errorf("next is %v, want %d seconds after %v", then, next, start)
		}
		return err
	})
	return claimed
}

const (
	minute = time.Minute
	none   = -1
)

func noticeKept(b *box) {
	b.enqueue(1)
	b.reopen()
	b.view(func(tx store.Tx) error {
		n, err := tx.Notice(id(1))
		b.same("notice", n, notice(1))
		return err
	})
}

func noticeMissing(b *box) {
	b.update(func(tx store.Tx) error {
		_, err := tx.Notice(id(1))
		b.missing("notice", err)
		b.missing("saving it", tx.SaveNotice(notice(1)))
		return nil
	})
	b.claim(at(100), 10, nil, none)
}

func enqueuedOnce(b *box) {
	b.enqueue(1)
	b.refused("the same notice again", func(tx store.Tx) error { return tx.Enqueue(notice(1)) })
}

func claimDue(b *box) {
	b.enqueue(30, 10, 20, 40)
	for i, n := range b.claim(at(30), 10, []int{10, 20, 30}, 40) {
		want := notice(10 * (i + 1))
		want.Attempt, want.Status, want.Next = 1, store.NoticeSending, at(30+60)
		b.same("claimed notice", n, want)
		b.view(func(tx store.Tx) error {
			kept, err := tx.Notice(n.ID)
			b.same("kept notice", kept, want)
			return err
		})
	}
}

func claimMax(b *box) {
	b.enqueue(1, 2, 3)
	b.claim(at(10), 0, nil, 1)
	b.claim(at(10), 2, []int{1, 2}, 3)
	b.claim(at(10), 2, []int{3}, 70)
	b.claim(at(10), 2, nil, 70)
}

func lease(b *box) {
	b.enqueue(1)
	b.claim(at(1), 1, []int{1}, 61)
	b.claim(at(61).Add(-1), 1, nil, 61)
	b.reopen()
	again := b.claim(at(61), 1, []int{1}, 121)
	b.same("attempts", again[0].Attempt, 2)
}

// settle saves a notice with another status.
func (b *box) settle(n int, status store.NoticeStatus, next time.Time) {
	b.Helper()
	b.update(func(tx store.Tx) error {
		kept, err := tx.Notice(id(n))
		kept.Status, kept.Next, kept.Settled, kept.Said = status, next, at(500), "250 2.0.0 Ok"
		return errors.Join(err, tx.SaveNotice(kept))
	})
}

func settled(b *box) {
	b.enqueue(1, 2, 3)
	b.claim(at(1), 1, []int{1}, 2)
	b.settle(1, store.NoticeDelivered, at(61))
	b.settle(2, store.NoticeFailed, at(2))
	b.claim(at(200), 10, []int{3}, 260)
	b.reopen()
	b.view(func(tx store.Tx) error {
		n, err := tx.Notice(id(1))
		b.same("status", n.Status, store.NoticeDelivered)
		b.same("said", n.Said, "250 2.0.0 Ok")
		return err
	})
}

func retried(b *box) {
	b.enqueue(1)
	b.claim(at(1), 1, []int{1}, 61)
	b.settle(1, store.NoticeQueued, at(300))
	b.claim(at(200), 1, nil, 300)
	b.claim(at(300), 1, []int{1}, 360)
	b.settle(1, store.NoticeFailed, at(360))
	b.claim(at(900), 1, nil, none)
	b.settle(1, store.NoticeQueued, at(5)) // by the operator
	b.claim(at(900), 1, []int{1}, 960)
}

func notDue(b *box) {
	b.claim(at(1), 5, nil, none)
	b.enqueue(7, 5)
	b.claim(at(5).Add(-1), 5, nil, 5)
}

func atOnce(b *box) {
	n := notice(1)
	n.Next = time.Time{}
	b.update(func(tx store.Tx) error { return tx.Enqueue(n) })
	b.claim(at(7), 0, nil, 7)
	b.claim(at(7), 1, []int{1}, 67)
}

func claimAtOnce(b *box) {
	for n := range 20 {
		b.enqueue(n)
	}
	var mu sync.Mutex
	taken := map[string]int{}
	together(8, func(int) {
		var claimed []store.Notice
		b.update(func(tx store.Tx) (err error) {
			claimed, _, err = tx.Claim(at(100), 3, minute)
			return err
		})
		mu.Lock()
		defer mu.Unlock()
		for _, n := range claimed {
			taken[n.ID]++
		}
	})
	b.same("taken", len(taken), 20)
	for name, times := range taken {
		b.same("times "+name+" was taken", times, 1)
	}
}

func noticeOrder(b *box) {
	b.enqueue(3, 1, 2)
	b.settle(2, store.NoticeDelivered, at(2))
	for max, want := range [][]string{{id(3), id(2), id(1)}, {id(3)}, {id(3), id(2)}} {
		b.view(func(tx store.Tx) error {
			list, err := collect(tx.Notices(), max)
			found := []string{}
			for _, n := range list {
				found = append(found, n.ID)
			}
			b.same("notices", found, want)
			return err
		})
	}
}
