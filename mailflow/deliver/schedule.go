package deliver

import (
	"fmt"
	"hash/fnv"
	"time"
)

// schedule says when a mail that was not taken is tried again.
type schedule struct {
	backoff []time.Duration // after the first attempt, the second …; the last one repeats
	giveUp  time.Duration   // counted from Job.Created
}

// defaultBackoff begins with what ends by itself soon (a restart, a greylist)
// and goes on as RFC 5321 section 4.5.4.1 advises.
func defaultBackoff() []time.Duration {
	return []time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour,
	}
}

// defaultGiveUp lies within the 4 to 5 days of RFC 5321 section 4.5.4.1: a
// server that broke on a Friday evening is back.
const defaultGiveUp = 4*24*time.Hour + 12*time.Hour

// next returns when a job whose attempt has ended at now is tried again, and
// false if that was the last time. The last attempt falls exactly on the end
// of the job's patience; none comes less than the first backoff before it.
func (s schedule) next(job Job, now time.Time) (time.Time, bool) {
	end := job.Created.Add(s.giveUp)
	if !now.Before(end) {
		return time.Time{}, false
	}
	wait := s.backoff[min(max(job.Attempt, 1), len(s.backoff))-1]
	at := now.Add(jitter(wait, job))
	if at.Add(s.backoff[0]).After(end) {
		return end, true
	}
	return at, true
}

// jitter moves a wait by up to a tenth either way, so that mails deferred
// together do not come back together. The job and its attempt decide how far:
// the same ones always as far.
func jitter(wait time.Duration, job Job) time.Duration {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s %d", job.ID, job.Attempt)
	const steps = 2001
	parts := int64(h.Sum32()%steps) - steps/2
	return wait + time.Duration(int64(wait)/(10*(steps/2))*parts)
}
