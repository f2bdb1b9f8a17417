package bolt

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cauce-desk/cauce/store"
)

const (
	// A group is committed at the latest when it has so many members or has
	// so much to write: the first of them is waiting.
	maxMembers = 1000
	maxWrites  = 16 << 20

	// A timer is not exact to less than this, so shorter waits are spent
	// letting others run.
	timerGrain = time.Millisecond
)

// A committer lets concurrent updates share commits. One goroutine, run, owns
// the write transaction: it takes in callers one after the other, each of
// which runs its function itself while all others wait, and then commits what
// they wrote, once for all.
//
// To have more of them in a group it lingers before committing: until as many
// have come as were there around the last commit, and no longer than a quarter
// of what that commit took, counted from its end. Who comes alone, or after a
// pause, is never made to wait.
type committer struct {
	begin    func() (*group, error)
	requests chan *member // unbuffered: who has sent is being served
	callers  atomic.Int64 // how many are inside do

	shut    sync.Once
	closing chan struct{} // closed by close

	last lastCommit // run's own
}

// lastCommit is what run remembers of it.
type lastCommit struct {
	ended   time.Time
	took    time.Duration
	callers int // waiting for it or for the next
}

func newCommitter(begin func() (*group, error)) *committer {
	return &committer{begin: begin, requests: make(chan *member), closing: make(chan struct{})}
}

// do runs fn in a write transaction, in the goroutine of the caller, and
// returns when what it wrote is on disk. See store.Store for the contract.
func (c *committer) do(ctx context.Context, fn func(store.Tx) error) error {
	c.callers.Add(1)
	defer c.callers.Add(-1)
	if c.closed() {
		return ErrClosed
	}
	m := newMember()
	select {
	case c.requests <- m:
		return m.take(ctx, fn)
	case <-ctx.Done():
		return notBegun(ctx)
	case <-c.closing:
		return ErrClosed
	}
}

func (c *committer) closed() bool {
	select {
	case <-c.closing:
		return true
	default:
		return false
	}
}

// close lets run end when the group it serves is committed.
func (c *committer) close() { c.shut.Do(func() { close(c.closing) }) }

// run serves callers until close is called.
func (c *committer) run() {
	for {
		select {
		case m := <-c.requests:
			c.serve(m)
		case <-c.closing:
			return
		}
	}
}

// serve makes and commits a group.
func (c *committer) serve(first *member) {
	g, err := c.begin()
	if err != nil {
		first.refuse(fmt.Errorf("begin: %w", err))
		return
	}
	for m := first; m != nil; m = c.next(g) {
		g.admit(m)
	}
	c.finish(g)
}

// next is another member for the group; nil when it is to be committed.
func (c *committer) next(g *group) *member {
	if g.full() {
		return nil
	}
	select {
	case m := <-c.requests:
		return m
	default:
	}
	if len(g.members) >= c.last.callers {
		return nil
	}
	return c.linger(c.last.ended.Add(c.last.took / 4))
}

// linger waits for another member until the deadline.
func (c *committer) linger(deadline time.Time) *member {
	for left := time.Until(deadline); left > 0; left = time.Until(deadline) {
		if left >= timerGrain {
			return c.sleep(left)
		}
		runtime.Gosched()
		select {
		case m := <-c.requests:
			return m
		default:
		}
	}
	return nil
}

func (c *committer) sleep(d time.Duration) *member {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case m := <-c.requests:
		return m
	case <-timer.C:
	case <-c.closing:
	}
	return nil
}

// finish commits the group and tells its members.
func (c *committer) finish(g *group) {
	start := time.Now()
	err := g.end()
	if g.written > 0 {
		c.last = lastCommit{ended: time.Now(), took: time.Since(start), callers: int(c.callers.Load())}
	}
	for _, m := range g.members {
		m.done <- err
	}
}
