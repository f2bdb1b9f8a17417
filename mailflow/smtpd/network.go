package smtpd

import (
	"net/netip"
	"slices"
)

// network is what one sender is taken to own: an IPv4 address or an IPv6 /64.
// It is not ok for the zero Addr.
func network(addr netip.Addr) (own netip.Prefix, ok bool) {
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	own, err := addr.Prefix(bits)
	return own, err == nil && addr.IsValid()
}

func within(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// stranger says whether the bounds per network hold for a peer. They do not for
// a unix socket, for what Options.Exempt names, nor for what stands in front of
// us and brings other people's connections.
func (o *Options) stranger(addr netip.Addr) bool {
	return addr.IsValid() && !o.Exempt(addr) && !within(o.Proxies, addr) && !within(o.Fronts, addr)
}

// arrive is called before the greeting: it learns who the peer is, and decides
// whether to talk to them at all.
func (g *guard) arrive() {
	g.arrived = true
	if g.turnAway == "" && g.proxied {
		g.turnAway = g.introduced()
	}
	if g.turnAway == "" {
		g.turnAway = g.overdrawn()
	}
	g.origin = g.remote
}

// adopt makes addr the one whose connection this is: for limits, for the
// session, and for what is recorded. The reply is the reason to end it, if any.
func (g *guard) adopt(addr netip.Addr) (refusal string) {
	g.door.server.log.adopted(g.remote, addr)
	g.give()
	g.remote, g.listing = addr, nil
	g.give, refusal = g.door.server.slots.take(addr)
	return refusal
}
