package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// memoryQueue is an outbox that forgets.
type memoryQueue struct {
	mu       sync.Mutex
	jobs     map[string]Job
	due      map[string]time.Time // by retry or by lease
	attempts map[string][]time.Time
	outcomes []Outcome
	broken   int // so many calls fail from now on
}

const testLease = time.Hour

var errBroken = errors.New("disk full")

func newQueue() *memoryQueue {
	return &memoryQueue{jobs: map[string]Job{}, due: map[string]time.Time{}, attempts: map[string][]time.Time{}}
}

func (q *memoryQueue) add(ids ...string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range ids {
		q.jobs[id] = Job{ID: id, Created: time.Now()}
		q.due[id] = time.Now()
	}
}

func (q *memoryQueue) Claim(_ context.Context, now time.Time, n int) (jobs []Job, next time.Time, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fails() {
		return nil, next, errBroken
	}
	for _, id := range q.inOrder() {
		due := q.due[id]
		if due.After(now) || len(jobs) == n {
			next = due
			break
		}
		job := q.jobs[id]
		job.Attempt++
		q.jobs[id], q.due[id] = job, now.Add(testLease)
		q.attempts[id] = append(q.attempts[id], now)
		jobs = append(jobs, job)
	}
	for _, job := range jobs {
		if lease := q.due[job.ID]; next.IsZero() || lease.Before(next) {
			next = lease
		}
	}
	return jobs, next, nil
}

func (q *memoryQueue) inOrder() []string {
	var ids []string
	for id := range q.due {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(q.due[a].Compare(q.due[b]), cmp.Compare(a, b)) })
	return ids
}

func (q *memoryQueue) Settle(_ context.Context, o Outcome) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fails() {
		return errBroken
	}
	q.outcomes = append(q.outcomes, o)
	if o.Result == Deferred {
		q.due[o.Job.ID] = o.Retry
	} else {
		delete(q.due, o.Job.ID)
	}
	return nil
}

func (q *memoryQueue) fails() bool {
	q.broken--
	return q.broken >= 0
}

// results are those of the outcomes so far, by job.
func (q *memoryQueue) results(id string) (results []Result) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, o := range q.outcomes {
		if o.Job.ID == id {
			results = append(results, o.Result)
		}
	}
	return results
}

func (q *memoryQueue) last() Outcome {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.outcomes[len(q.outcomes)-1]
}

// world is both composer and transport: the address is the job's id, and send
// says what comes of it.
type world struct {
	compose func(Job) error
	send    func(ctx context.Context, to string) error

	mu            sync.Mutex
	sent          map[string]int
	flying, peak  int
	lastDelivered time.Time
}

func newWorld(send func(ctx context.Context, to string) error) *world {
	return &world{send: send, compose: func(Job) error { return nil }, sent: map[string]int{}}
}

func (w *world) Compose(_ context.Context, j Job) (Envelope, error) {
	return Envelope{To: j.ID}, w.compose(j)
}

func (w *world) Send(ctx context.Context, e Envelope) (Receipt, error) {
	w.count(1)
	defer w.count(-1)
	if err := w.send(ctx, e.To); err != nil {
		return Receipt{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[e.To]++
	w.lastDelivered = time.Now()
	return Receipt{Host: "relay.example", Reply: "250 ok"}, nil
}

func (w *world) delivered(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent[id]
}

func (w *world) total() (mails int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.sent {
		mails += n
	}
	return mails
}

func (w *world) count(by int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flying += by
	w.peak = max(w.peak, w.flying)
}

func taking(context.Context, string) error { return nil }

func refusing(f Failure) func(context.Context, string) error {
	return func(context.Context, string) error { return fmt.Errorf("relay: %w", &f) }
}

// slow takes a mail after d, unless cut off before.
func slow(d time.Duration) func(context.Context, string) error {
	return func(ctx context.Context, _ string) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
			return nil
		}
	}
}
