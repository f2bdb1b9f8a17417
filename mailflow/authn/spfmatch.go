package authn

import (
	"context"
	"net/netip"
	"slices"
	"strings"
)

// match tells whether a mechanism matches (RFC 7208 section 5).
func (c *spfCheck) match(ctx context.Context, t spfTerm, domain string) (bool, error) {
	switch t.mechanism {
	case "all":
		return true, nil
	case "ip4", "ip6":
		return t.network.Contains(c.ip), nil
	}
	if err := c.countLookup(); err != nil {
		return false, err
	}
	target := domain
	if t.domain != "" {
		var err error
		if target, err = c.target(ctx, t.domain, domain); err != nil {
			return false, err
		}
	}
	switch t.mechanism {
	case "include":
		return c.included(ctx, target)
	case "exists":
		return c.exists(ctx, target)
	case "a":
		return c.matchA(ctx, t, target)
	case "mx":
		return c.matchMX(ctx, t, target)
	}
	return c.matchPTR(ctx, target)
}

// included asks another domain; what it knows nothing of is an error of the
// domain that refers to it (RFC 7208 section 5.2).
func (c *spfCheck) included(ctx context.Context, target string) (bool, error) {
	o := c.check(ctx, target)
	switch o.result {
	case Pass:
		return true, nil
	case TempError:
		return false, &spfError{TempError, o.reason}
	case PermError, None:
		return false, permanent("include: %s", o.reason)
	}
	return false, nil
}

// exists asks for IPv4 addresses, whatever the peer's is (RFC 7208 section 5.7).
func (c *spfCheck) exists(ctx context.Context, target string) (bool, error) {
	found, err := c.dns.LookupNetIP(ctx, "ip4", target)
	return len(found) > 0, c.void(len(found), err)
}

func (c *spfCheck) matchA(ctx context.Context, t spfTerm, target string) (bool, error) {
	found, err := c.dns.LookupNetIP(ctx, c.network(), target)
	if err := c.void(len(found), err); err != nil {
		return false, err
	}
	return t.holds(c.ip, found), nil
}

func (c *spfCheck) matchMX(ctx context.Context, t spfTerm, target string) (bool, error) {
	hosts, err := c.dns.LookupMX(ctx, target)
	if err := c.void(len(hosts), err); err != nil {
		return false, err
	}
	if len(hosts) > spfMaxNames {
		return false, permanent("%s has more than %d MX records", target, spfMaxNames)
	}
	for _, host := range hosts {
		found, err := c.dns.LookupNetIP(ctx, c.network(), host.Host)
		if err != nil && !isNotFound(err) {
			return false, temporary(err)
		}
		if t.holds(c.ip, found) {
			return true, nil
		}
	}
	return false, nil
}

// network is the kind of addresses that can match the peer's.
func (c *spfCheck) network() string {
	if c.ip.Is4() {
		return "ip4"
	}
	return "ip6"
}

// holds tells whether the peer is in the network of one of the addresses.
func (t spfTerm) holds(ip netip.Addr, found []netip.Addr) bool {
	bits := t.bits6
	if ip.Is4() {
		bits = t.bits4
	}
	return slices.ContainsFunc(found, func(a netip.Addr) bool {
		return a.BitLen() == ip.BitLen() && netip.PrefixFrom(a, bits).Contains(ip)
	})
}

// matchPTR tells whether a confirmed name of the peer lies within a domain
// (RFC 7208 section 5.5).
func (c *spfCheck) matchPTR(ctx context.Context, target string) (bool, error) {
	if err := c.findNames(ctx, true); err != nil {
		return false, err
	}
	return slices.ContainsFunc(c.names, func(name string) bool {
		return name == target || isSubdomain(name, target)
	}), nil
}

// findNames looks up the names of the peer and keeps those that lead back to
// it. An error leaves it without names, as the owner of the address is not the
// owner of the record.
func (c *spfCheck) findNames(ctx context.Context, counting bool) error {
	if c.namesKnown {
		return nil
	}
	c.namesKnown = true
	names, err := c.dns.LookupAddr(ctx, c.ip.String())
	if err != nil && !isNotFound(err) {
		return nil
	}
	if counting {
		if err := c.void(len(names), nil); err != nil {
			return err
		}
	}
	for _, name := range names[:min(len(names), spfMaxNames)] {
		found, err := c.dns.LookupNetIP(ctx, c.network(), name)
		if err == nil && slices.Contains(found, c.ip) {
			c.names = append(c.names, strings.ToLower(strings.TrimSuffix(name, ".")))
		}
	}
	return nil
}
