package deliver

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// self is how we are known to others, so that we do not send mail to ourselves.
type self struct {
	names     []string // in lower case, without a final dot
	addresses []netip.Addr
	loopback  bool // this machine's addresses are as good as any

	machine func() ([]net.Addr, error) // has these addresses now
}

// all returns what tells whether an address is ours: one we were told of, or
// one that this machine has now.
func (s self) all() (func(netip.Addr) bool, error) {
	own := slices.Clone(s.addresses)
	if !s.loopback {
		found, err := s.machine()
		if err != nil {
			return nil, fmt.Errorf("addresses of this machine: %w", err)
		}
		for _, address := range found {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil && !prefix.Addr().IsLoopback() {
				own = append(own, prefix.Addr().Unmap())
			}
		}
	}
	return func(address netip.Addr) bool { return slices.Contains(own, address) }, nil
}

// mustNotDial: what no host that others are to reach can have. A resolver that
// blocks a domain answers so, too.
func (s self) mustNotDial(address netip.Addr) bool {
	switch {
	case !address.IsValid(), address.IsUnspecified(), address.IsMulticast(), address.Zone() != "":
		return true
	case address == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return true
	}
	return !s.loopback && (address.IsLoopback() || address.IsLinkLocalUnicast())
}
