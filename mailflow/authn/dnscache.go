package authn

import (
	"sync"
	"time"
)

const (
	maxTTL         = time.Hour
	maxNegativeTTL = 5 * time.Minute
	maxKeptRecords = 64 // an answer with more is not kept
)

type cacheKey struct {
	name string
	kind uint16
}

type cacheEntry struct {
	answer answer
	until  time.Time
}

// cache keeps answers until they expire. It never holds more than max: a new
// one then takes the place of one that has expired, or of any.
type cache struct {
	mu      sync.Mutex
	max     int
	entries map[cacheKey]cacheEntry
}

func newCache(size int) cache {
	return cache{max: size, entries: map[cacheKey]cacheEntry{}}
}

func (c *cache) get(key cacheKey, now time.Time) (answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, ok := c.entries[key]
	if !ok || !now.Before(entry.until) {
		return answer{}, false
	}
	return entry.answer, true
}

func (c *cache) put(key cacheKey, a answer, now time.Time) {
	if a.ttl <= 0 || len(a.records) > maxKeptRecords {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.entries[key]; !there && len(c.entries) >= c.max {
		c.makeRoom(now)
	}
	c.entries[key] = cacheEntry{answer: a, until: now.Add(a.ttl)}
}

// makeRoom looks at a few entries only: it runs with the lock held.
func (c *cache) makeRoom(now time.Time) {
	looked := 0
	var victim cacheKey
	for key, entry := range c.entries {
		victim = key
		if looked++; looked > 16 || !now.Before(entry.until) {
			break
		}
	}
	delete(c.entries, victim)
}
