package mailflow

import (
	"sync"
	"time"
)

// Clock tells the time and waits for it.
type Clock interface {
	Now() time.Time
	// Until returns a channel that is closed when the clock reaches t.
	Until(t time.Time) <-chan struct{}
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is the present time in UTC.
func (SystemClock) Now() time.Time { return time.Now().UTC() }

// Until closes the channel at t, at once if t has passed.
func (SystemClock) Until(t time.Time) <-chan struct{} {
	reached := make(chan struct{})
	time.AfterFunc(time.Until(t), func() { close(reached) })
	return reached
}

// TestClock stands still until it is moved: for tests, demonstrations and
// training. It may be used concurrently.
type TestClock struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[chan struct{}]time.Time
}

// NewTestClock returns a clock that stands at the given time.
func NewTestClock(at time.Time) *TestClock {
	return &TestClock{now: at.UTC(), waiting: map[chan struct{}]time.Time{}}
}

// Now is where the clock stands.
func (c *TestClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Until closes the channel when Advance reaches t, at once if t has passed.
func (c *TestClock) Until(t time.Time) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	reached := make(chan struct{})
	if t.After(c.now) {
		c.waiting[reached] = t
	} else {
		close(reached)
	}
	return reached
}

// Advance moves the clock forward and returns where it stands then. Time never
// goes back: a negative duration moves nothing.
func (c *TestClock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(d, 0))
	for reached, t := range c.waiting {
		if !t.After(c.now) {
			close(reached)
			delete(c.waiting, reached)
		}
	}
	return c.now
}
