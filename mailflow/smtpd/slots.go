package smtpd

import (
	"net/netip"
	"sync"
)

// slots counts the connections held, in all and per network, so that one
// network's slow senders cannot hold every slot.
type slots struct {
	total, perNetwork int
	exempt            func(netip.Addr) bool

	mu        sync.Mutex
	held      int
	byNetwork map[netip.Prefix]int
}

func newSlots(total, perNetwork int, exempt func(netip.Addr) bool) *slots {
	return &slots{total: total, perNetwork: perNetwork, exempt: exempt, byNetwork: map[netip.Prefix]int{}}
}

// take holds a slot for addr until give is called, which must be once. If
// there is none, refusal is the reply that says why and give is nil.
func (s *slots) take(addr netip.Addr) (give func(), refusal string) {
	network, counted := s.network(addr)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.held >= s.total:
		return nil, replyBusy
	case counted && s.byNetwork[network] >= s.perNetwork:
		return nil, replyBusyNetwork
	}
	s.add(network, counted, 1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.add(network, counted, -1)
	}, ""
}

func (s *slots) add(network netip.Prefix, counted bool, n int) {
	s.held += n
	if !counted {
		return
	}
	s.byNetwork[network] += n
	if s.byNetwork[network] == 0 {
		delete(s.byNetwork, network)
	}
}

// network is what one sender is taken to own: an IPv4 address or an IPv6 /64.
func (s *slots) network(addr netip.Addr) (network netip.Prefix, counted bool) {
	if !addr.IsValid() || s.exempt(addr) {
		return netip.Prefix{}, false
	}
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	network, err := addr.Prefix(bits)
	return network, err == nil
}
