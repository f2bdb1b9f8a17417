package bolt

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cauce-desk/cauce/store"
)

// disk is a store on a disk whose commits take their time, on the clock of a
// synctest bubble, and fail when told to.
type disk struct {
	*Store
	commits atomic.Int32
	fail    atomic.Pointer[error]
}

const commitTime = 40 * time.Millisecond

func newDisk(t *testing.T) *disk {
	d := &disk{Store: opened(t, Options{Dir: t.TempDir()})}
	begin := d.committer.begin
	d.committer.begin = func() (*group, error) {
		g, err := begin()
		if err == nil {
			commit := g.commit
			g.commit = func() error { return d.commit(g, commit) }
		}
		return g, err
	}
	return d
}

func (d *disk) commit(g *group, commit func() error) error {
	d.commits.Add(1)
	time.Sleep(commitTime)
	if fail := d.fail.Load(); fail != nil {
		return errors.Join(*fail, g.rollback())
	}
	return commit()
}

// count counts up in one sequence, which every update of these tests does.
func count(tx store.Tx) error {
	_, err := tx.NextSequence("dgt", "")
	return err
}

// counted is how often it was done.
func counted(t *testing.T, s *Store) (n uint64) {
	t.Helper()
	err := s.Update(context.Background(), func(tx store.Tx) (err error) {
		n, err = tx.NextSequence("dgt", "")
		return err
	})
	if err != nil {
		t.Errorf("update: %v", err)
	}
	return n - 1
}

// callers call Update so many times each, thinking for a while in between,
// and return how long all that took.
func (d *disk) callers(t *testing.T, callers, times int, think time.Duration) time.Duration {
	t.Helper()
	start := time.Now()
	var done sync.WaitGroup
	for range callers {
		done.Go(func() {
			for range times {
				if err := d.Update(t.Context(), count); err != nil {
					t.Errorf("update: %v", err)
				}
				time.Sleep(think)
			}
		})
	}
	done.Wait()
	return time.Since(start)
}

func TestPace(t *testing.T) {
	for name, one := range map[string]struct {
		callers, times int
		think          time.Duration
		commits        int32
		took           time.Duration
	}{
		"one caller never waits":                      {1, 20, 0, 20, 20 * commitTime},
		"nor does one that thinks":                    {1, 20, time.Millisecond, 20, 20 * (commitTime + time.Millisecond)},
		"many share commits":                          {8, 10, time.Millisecond, 11, 11*commitTime + 10*time.Millisecond + commitTime/4},
		"the slow are not waited for beyond a fourth": {8, 10, 11 * time.Millisecond, 20, 20 * commitTime * 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDisk(t)
				took := d.callers(t, one.callers, one.times, one.think)
				if commits := d.commits.Load(); commits > one.commits {
					t.Errorf("%d commits, want no more than %d", commits, one.commits)
				}
				if took > one.took {
					t.Errorf("took %v, want no more than %v", took, one.took)
				}
				if n := counted(t, d.Store); n != uint64(one.callers*one.times) {
					t.Errorf("%d updates are kept of %d", n, one.callers*one.times)
				}
			})
		})
	}
}

// TestPauseForgets: who comes after a pause is not made to wait for those who
// were there before it.
func TestPauseForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		d.callers(t, 8, 3, 0)
		time.Sleep(time.Second)
		if took := d.callers(t, 1, 1, 0); took != commitTime {
			t.Errorf("a lone update took %v, want %v", took, commitTime)
		}
	})
}

// TestLingerEnds: those who were there and do not come back are waited for no
// longer than a quarter of the last commit, and only once.
func TestLingerEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		letGo, second := d.hold(t), make(chan error, 1)
		go func() { second <- d.Update(t.Context(), count) }()
		synctest.Wait()
		if err := errors.Join(letGo(), <-second); err != nil { // in one commit
			t.Error(err)
		}
		if took, want := d.callers(t, 1, 3, 0), 3*commitTime+commitTime/4; took != want {
			t.Errorf("three updates took %v, want %v", took, want)
		}
	})
}

// TestNothingToCommit: updates that only look, or fail, cost no commit.
func TestNothingToCommit(t *testing.T) {
	d := newDisk(t)
	look := func(tx store.Tx) error {
		_, _, err := tx.Seen("key")
		return err
	}
	if err := d.Update(t.Context(), look); err != nil {
		t.Errorf("update: %v", err)
	}
	refused := errors.New("refused")
	if err := d.Update(t.Context(), func(tx store.Tx) error { return errors.Join(count(tx), refused) }); !errors.Is(err, refused) {
		t.Errorf("update: %v, want %v", err, refused)
	}
	if n := d.commits.Load(); n != 0 {
		t.Errorf("%d commits, want none", n)
	}
}

// TestCommitFails: a commit that fails fails all who are in it, also those
// whose function failed: it may have seen what is not kept.
func TestCommitFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		full := errors.New("no space left on device")
		d.fail.Store(&full)
		letGo := d.hold(t)
		var done sync.WaitGroup
		for i := range 9 {
			done.Go(func() {
				err := d.Update(t.Context(), func(tx store.Tx) error {
					if err := count(tx); i%3 > 0 {
						return err
					}
					return errors.New("of fn")
				})
				if !errors.Is(err, full) {
					t.Errorf("update %d: %v, want %v", i, err, full)
				}
			})
		}
		synctest.Wait() // until all are waiting for the first
		if err := letGo(); !errors.Is(err, full) {
			t.Errorf("the first update: %v, want %v", err, full)
		}
		done.Wait()
		d.fail.Store(nil)
		if n := counted(t, d.Store); n != 0 {
			t.Errorf("%d updates are kept", n)
		}
	})
}

func TestBeginFails(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	broken := errors.New("broken")
	begin := s.committer.begin
	s.committer.begin = func() (*group, error) { return nil, broken }
	if err := s.Update(t.Context(), count); !errors.Is(err, broken) {
		t.Errorf("update: %v, want %v", err, broken)
	}
	s.committer.begin = begin
	if n := counted(t, s); n != 0 {
		t.Errorf("%d updates are kept", n)
	}
}

// hold runs an update whose fn waits until it is let go.
func (d *disk) hold(t *testing.T) (letGo func() error) {
	gate, result := make(chan bool), make(chan error, 1)
	go func() {
		result <- d.Update(t.Context(), func(tx store.Tx) error {
			<-gate
			return count(tx)
		})
	}()
	synctest.Wait()
	return func() error {
		close(gate)
		return <-result
	}
}

func TestCancelledInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		letGo := d.hold(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := d.Update(ctx, func(store.Tx) error {
			t.Error("fn ran")
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("update: %v, want %v", err, context.DeadlineExceeded)
		}
		if err := letGo(); err != nil {
			t.Errorf("the update before it: %v", err)
		}
	})
}

func TestCloseLetsFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		letGo := d.hold(t)
		queued, closed := make(chan error, 1), make(chan error, 1)
		go func() { queued <- d.Update(t.Context(), count) }()
		synctest.Wait()
		go func() { closed <- d.Close() }()
		synctest.Wait()
		if err := <-queued; !errors.Is(err, ErrClosed) {
			t.Errorf("a queued update: %v, want %v", err, ErrClosed)
		}
		if len(closed) > 0 {
			t.Error("closed while an update was under way")
		}
		if err := letGo(); err != nil {
			t.Errorf("the update under way: %v", err)
		}
		if err := <-closed; err != nil {
			t.Errorf("close: %v", err)
		}
		if err := d.Update(t.Context(), count); !errors.Is(err, ErrClosed) {
			t.Errorf("an update afterwards: %v, want %v", err, ErrClosed)
		}
	})
}

func TestCloseWaitsForViews(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	closed := make(chan error, 1)
	err := s.View(t.Context(), func(tx store.Tx) error {
		go func() { closed <- s.Close() }()
		for !s.committer.closed() {
			runtime.Gosched()
		}
		_, _, err := tx.Seen("key")
		if len(closed) > 0 {
			t.Error("closed while a view was under way")
		}
		return err
	})
	if err = errors.Join(err, <-closed); err != nil {
		t.Error(err)
	}
}

// TestGoroutineEnds: a function that ends its goroutine does not take the
// store with it.
func TestGoroutineEnds(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	ended := make(chan bool)
	go func() {
		defer close(ended)
		_ = s.Update(context.Background(), func(tx store.Tx) error {
			_ = count(tx)
			runtime.Goexit()
			return nil
		})
	}()
	<-ended
	if n := counted(t, s); n != 0 {
		t.Errorf("%d updates are kept", n)
	}
}

func TestPanicSaysWhere(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	err := s.Update(t.Context(), func(store.Tx) error { panic("of a test") })
	if err == nil || !strings.Contains(err.Error(), "of a test") || !strings.Contains(err.Error(), "committer_test.go") {
		t.Errorf("%v does not say what and where", err)
	}
}

// TestGroupsAreBounded: a group is committed when it has much to write, even
// if more are waiting.
func TestGroupsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		raw := make([]byte, maxWrites/4)
		letGo := d.hold(t)
		var done sync.WaitGroup
		for i := range 8 {
			done.Go(func() {
				err := d.Update(t.Context(), func(tx store.Tx) error {
					return tx.Record(store.Entry{ID: string(rune('a' + i))}, store.Blob{Hash: "x", Inline: raw})
				})
				if err != nil {
					t.Errorf("update: %v", err)
				}
			})
		}
		synctest.Wait()
		if err := letGo(); err != nil {
			t.Error(err)
		}
		done.Wait()
		if n := d.commits.Load(); n != 2 {
			t.Errorf("%d commits, want 2", n)
		}
	})
}
