package deliver

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Options of a Courier. Queue, Composer and Transport must be given; the rest
// has defaults, used where the field is zero.
type Options struct {
	Queue     Queue
	Composer  Composer
	Transport Transport
	Clock     Clock // the machine's; says what is due and when to try again
	Workers   int   // mails in flight at once; 8

	Backoff []time.Duration // waits between attempts; 1m 5m 15m 30m 1h 2h 4h 4h …
	GiveUp  time.Duration   // from Job.Created to the last attempt; 108 h

	SendTimeout time.Duration // real time for composing and sending one mail; 20 min
	Grace       time.Duration // real time for mails in flight once Run must end; 30 s
	Logger      *slog.Logger  // none
}

// Courier empties the outbox.
type Courier struct {
	options  Options
	schedule schedule
	wake     chan struct{}
}

// New makes a Courier; Run sets it to work.
func New(o Options) (*Courier, error) {
	if o.Queue == nil || o.Composer == nil || o.Transport == nil {
		return nil, errors.New("courier needs a queue, a composer and a transport")
	}
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if len(o.Backoff) == 0 {
		o.Backoff = defaultBackoff()
	}
	o.Workers = orDefault(o.Workers, 8)
	o.GiveUp = orDefault(o.GiveUp, defaultGiveUp)
	o.SendTimeout = orDefault(o.SendTimeout, 20*time.Minute)
	o.Grace = orDefault(o.Grace, 30*time.Second)
	return &Courier{
		options:  o,
		schedule: schedule{backoff: o.Backoff, giveUp: o.GiveUp},
		wake:     make(chan struct{}, 1),
	}, nil
}

func orDefault[T int | time.Duration](value, byDefault T) T {
	if value <= 0 {
		return byDefault
	}
	return value
}

// Wake tells the courier that the outbox may hold something new. It never
// blocks and may be called at any time, also before Run.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx is done. Then it claims nothing more, waits for the mails
// in flight, at most for Options.Grace, records what came of them and returns
// nil once all its goroutines have ended. Mails cut off by the end of the grace
// are deferred. Run is called once at a time.
func (c *Courier) Run(ctx context.Context) error {
	round := c.begin(ctx)
	for ctx.Err() == nil {
		due := round.claim(ctx)
		select {
		case <-ctx.Done():
		case <-c.wake:
		case <-due:
		case <-round.done:
			round.busy--
		}
	}
	round.end()
	return nil
}

// round is one Run: what the scheduler knows. Only the scheduler's goroutine
// touches it; the workers report over done.
type round struct {
	*Courier
	flight context.Context // of the mails in flight: outlives Run's by the grace
	land   context.CancelFunc
	done   chan struct{}
	busy   int
	all    sync.WaitGroup
	due    <-chan struct{} // closed at dueAt
	dueAt  time.Time
}

func (c *Courier) begin(ctx context.Context) *round {
	flight, land := context.WithCancel(context.WithoutCancel(ctx))
	return &round{Courier: c, flight: flight, land: land, done: make(chan struct{}, c.options.Workers)}
}

// end waits for the workers. None of them blocks on done, which has room for
// all of them.
func (r *round) end() {
	grace := time.AfterFunc(r.options.Grace, r.land)
	r.all.Wait()
	grace.Stop()
	r.land()
}

// claimPause is the wait after the queue itself has failed.
const claimPause = 5 * time.Second

// claim starts what is due, as far as there are free workers, and returns a
// channel that is closed when there will be more. With all workers busy it is
// nil: then only a result makes a difference.
func (r *round) claim(ctx context.Context) <-chan struct{} {
	free := r.options.Workers - r.busy
	if free <= 0 {
		return nil
	}
	now := r.options.Clock.Now()
	jobs, next, err := r.options.Queue.Claim(ctx, now, free)
	if err != nil {
		r.logClaimFailed(ctx, err)
		return wallClock{}.Until(time.Now().Add(claimPause))
	}
	for _, job := range jobs {
		r.start(job)
	}
	if len(jobs) == 0 && !next.IsZero() && !next.After(now) {
		// Due, but not to be had: another node holds it, or the queue is wrong.
		return wallClock{}.Until(time.Now().Add(claimPause))
	}
	return r.until(next)
}

// until keeps the channel as long as the time is the same, so that many wakes
// do not leave as many timers behind.
func (r *round) until(next time.Time) <-chan struct{} {
	if next.IsZero() {
		return nil
	}
	if r.due == nil || !next.Equal(r.dueAt) {
		r.due, r.dueAt = r.options.Clock.Until(next), next
	}
	return r.due
}

func (r *round) start(job Job) {
	r.busy++
	r.all.Go(func() {
		r.settle(r.flight, r.attempt(r.flight, job))
		r.done <- struct{}{}
	})
}
