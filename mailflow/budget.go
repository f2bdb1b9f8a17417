package mailflow

import (
	"strings"
	"sync"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// budget bounds how often something is done for one address within a time. A
// robot that does not say it is one must not be answered for ever, nor a
// forged address flooded. It is kept in memory: a new start forgives.
type budget struct {
	span  time.Duration
	mu    sync.Mutex
	spent map[string][]time.Time // by folded address, oldest first
}

// maxSpenders bounds the memory. When it is full the counting starts again: the
// limits then hold less strictly, never more.
const maxSpenders = 20_000

func newBudget(span time.Duration) *budget {
	return &budget{span: span, spent: map[string][]time.Time{}}
}

// spend takes one from the address's budget, of which there are so many in the
// budget's span; false if nothing is left.
func (b *budget) spend(a ticket.Address, now time.Time, limit int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.spent) >= maxSpenders {
		clear(b.spent)
	}
	key := strings.ToLower(string(a))
	recent := b.spent[key]
	for len(recent) > 0 && now.Sub(recent[0]) >= b.span {
		recent = recent[1:]
	}
	if len(recent) >= limit {
		b.spent[key] = recent
		return false
	}
	b.spent[key] = append(recent, now)
	return true
}
