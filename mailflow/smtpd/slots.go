package smtpd

import (
	"net/netip"
	"sync"
)

// slots counts the connections held, in all and per network, so that one
// network's slow senders cannot hold every slot.
type slots struct {
	total, perNetwork int
	stranger          func(netip.Addr) bool

	mu        sync.Mutex
	held      int
	byNetwork map[netip.Prefix]int
}

func newSlots(total, perNetwork int, stranger func(netip.Addr) bool) *slots {
	return &slots{total: total, perNetwork: perNetwork, stranger: stranger, byNetwork: map[netip.Prefix]int{}}
}

// take holds a slot for addr until give is called, which must be once. If
// there is none, refusal is the reply that says why and give is nil.
func (s *slots) take(addr netip.Addr) (give func(), refusal string) {
	own, counted := network(addr)
	counted = counted && s.stranger(addr)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.held >= s.total:
		return nil, replyBusy
	case counted && s.byNetwork[own] >= s.perNetwork:
		return nil, replyBusyNetwork
	}
	s.add(own, counted, 1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.add(own, counted, -1)
	}, ""
}

func (s *slots) add(own netip.Prefix, counted bool, n int) {
	s.held += n
	if !counted {
		return
	}
	s.byNetwork[own] += n
	if s.byNetwork[own] == 0 {
		delete(s.byNetwork, own)
	}
}
