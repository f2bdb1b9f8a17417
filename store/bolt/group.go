package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"github.com/cauce-desk/cauce/store"
)

// A group is the updates that share a commit. Each sees what those before it
// wrote; what one writes reaches the database only if its function succeeds.
type group struct {
	bolt     *bbolt.Tx
	mails    *mailFiles
	commit   func() error
	rollback func() error

	members []*member
	written int   // bytes
	broken  error // set when a member's writes could only partly be made
}

// admit lets a member run its function and takes in what it wrote.
func (g *group) admit(m *member) {
	t := &tx{keys: keys{bolt: g.bolt, writes: changes{}}, mails: g.mails}
	m.turn <- t
	succeeded := <-m.ran
	t.over = true
	g.members = append(g.members, m)
	if !succeeded {
		return
	}
	size, err := t.writes.apply(g.bolt)
	g.written += size
	g.broken = errors.Join(g.broken, err)
}

func (g *group) full() bool {
	return g.broken != nil || len(g.members) >= maxMembers || g.written >= maxWrites
}

// end commits what the members wrote, if they wrote anything.
func (g *group) end() error {
	if g.broken == nil && g.written > 0 {
		return g.commit()
	}
	return errors.Join(g.broken, g.rollback())
}

// A member is one call of Update. Its channels hold one value, so that
// neither side can hold up the other.
type member struct {
	turn chan *tx   // its transaction; closed if none could be begun
	ran  chan bool  // whether its function succeeded
	done chan error // how the commit went
}

func newMember() *member {
	return &member{turn: make(chan *tx, 1), ran: make(chan bool, 1), done: make(chan error, 1)}
}

// refuse tells the member that there is no transaction for it.
func (m *member) refuse(err error) {
	m.done <- err
	close(m.turn)
}

// take waits for the member's turn, runs fn and waits for the commit. It does
// so also when fn failed: what fn saw may have been written by another member
// and counts only once it is on disk.
func (m *member) take(ctx context.Context, fn func(store.Tx) error) error {
	var failed error
	if t, ok := <-m.turn; ok {
		failed = m.call(ctx, t, fn)
	}
	if err := <-m.done; err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return failed
}

// call runs fn. However fn ends, also by ending its goroutine, the committer
// learns of it.
func (m *member) call(ctx context.Context, t *tx, fn func(store.Tx) error) (err error) {
	succeeded := false
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: an update panicked: %v\n%s", p, debug.Stack())
		}
		m.ran <- succeeded
	}()
	if ctx.Err() != nil {
		return notBegun(ctx)
	}
	err = fn(t)
	succeeded = err == nil
	return err
}
