package smtpd

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// Resolver looks up addresses in DNS, as *net.Resolver does. A name that does
// not exist is a *net.DNSError with IsNotFound; any other error is temporary.
type Resolver interface {
	LookupHost(ctx context.Context, host string) (addrs []string, err error)
}

// listing is what blocklists say of a peer: the first zone, in the order of
// Options.Blocklists, that lists it; "" if none does.
type listing struct{ zone string }

// listed refuses mail from a peer on a blocklist. It asks once per peer and
// connection, at the first recipient; postmaster can always be written to.
func (s *session) listed(to string) error {
	local, _, _ := strings.Cut(to, "@")
	if !s.door.server.opt.stranger(s.peer.remote) || strings.EqualFold(local, "postmaster") {
		return nil
	}
	if s.peer.listing == nil {
		s.peer.listing = s.askBlocklists()
	}
	if zone := s.peer.listing.zone; zone != "" {
		text := fmt.Sprintf("%s is listed by %s; if that is wrong, write to postmaster", s.peer.remote, zone)
		return &Refused{Code: 550, Enhanced: [3]int{5, 7, 1}, Text: text}
	}
	return nil
}

// askBlocklists asks all zones at once.
func (s *session) askBlocklists() *listing {
	opt := &s.door.server.opt
	ctx, cancel := context.WithTimeout(s.door.handling, opt.BlocklistTimeout)
	defer cancel()
	lists := make([]bool, len(opt.Blocklists))
	var asked sync.WaitGroup
	for i, zone := range opt.Blocklists {
		asked.Go(func() { lists[i] = s.askBlocklist(ctx, zone) })
	}
	asked.Wait()
	if i := slices.Index(lists, true); i >= 0 {
		return &listing{zone: opt.Blocklists[i]}
	}
	return &listing{}
}

// askBlocklist takes no answer, for whatever reason, for "not listed".
func (s *session) askBlocklist(ctx context.Context, zone string) bool {
	answers, err := s.door.server.opt.Resolver.LookupHost(ctx, blocklistName(s.peer.remote, zone))
	if unknown, ok := errors.AsType[*net.DNSError](err); err != nil && (!ok || !unknown.IsNotFound) {
		s.door.server.log.blocklistSilent(zone, err)
	}
	return err == nil && slices.ContainsFunc(answers, lists)
}

// blocklistName is the name under which a zone lists an address: its octets, or
// the digits of IPv6, backwards (RFC 5782 sections 2.1 and 2.4).
func blocklistName(addr netip.Addr, zone string) string {
	var labels []string
	if addr.Is4() {
		labels = strings.Split(addr.String(), ".")
	} else {
		labels = strings.Split(hex.EncodeToString(addr.AsSlice()), "")
	}
	slices.Reverse(labels)
	return strings.Join(labels, ".") + "." + strings.TrimSuffix(zone, ".") + "."
}

var (
	listedAs   = netip.MustParsePrefix("127.0.0.0/8")      // RFC 5782 section 2.1
	listErrors = netip.MustParsePrefix("127.255.255.0/24") // how lists say that they do not answer us
)

// lists says whether an answer means "listed". Anything else comes from a list
// that does not answer us, or from a resolver or a domain's new owner who
// answers everything.
func lists(answer string) bool {
	addr, err := netip.ParseAddr(answer)
	return err == nil && listedAs.Contains(addr) && !listErrors.Contains(addr)
}
