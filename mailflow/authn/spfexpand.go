package authn

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// target expands a domain-spec. Names that are too long lose labels on the
// left (RFC 7208 section 7.3); what is no name then is one that does not exist.
func (c *spfCheck) target(ctx context.Context, spec, domain string) (string, error) {
	name, err := expandMacros(spec, c.values(ctx, domain), visible)
	if err != nil {
		return "", permanent("%q: %v", spec, err)
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for len(name) > 253 {
		name = parentOf(name)
	}
	return name, nil
}

// values gives what the macro letters stand for in the record of a domain.
func (c *spfCheck) values(ctx context.Context, domain string) macroValue {
	return func(letter byte) (string, error) {
		switch letter {
		case 's':
			return c.local + "@" + c.senderDomain, nil
		case 'l':
			return c.local, nil
		case 'o':
			return c.senderDomain, nil
		case 'd':
			return domain, nil
		case 'i':
			return dotted(c.ip), nil
		case 'p':
			return c.peerName(ctx, domain), nil
		case 'v':
			return map[bool]string{true: "in-addr", false: "ip6"}[c.ip.Is4()], nil
		case 'h':
			return c.helo, nil
		}
		return "", errMacro
	}
}

// dotted writes an IPv6 address as its 32 digits with dots between.
func dotted(ip netip.Addr) string {
	if ip.Is4() {
		return ip.String()
	}
	digits := strings.ToUpper(fmt.Sprintf("%x", ip.AsSlice()))
	return strings.Join(strings.Split(digits, ""), ".")
}

// peerName is a confirmed name of the peer: the domain itself if possible, or
// one below it, or any.
func (c *spfCheck) peerName(ctx context.Context, domain string) string {
	c.findNames(ctx, false) // its error would be for counting only
	best, rank := "unknown", 0
	for _, name := range c.names {
		switch {
		case name == domain:
			return name
		case rank < 2 && isSubdomain(name, domain):
			best, rank = name, 2
		case rank < 1:
			best, rank = name, 1
		}
	}
	return best
}

// explain fetches the words of a domain about a fail. Whatever goes wrong, the
// domain has then not said anything (RFC 7208 section 6.2).
func (c *spfCheck) explain(ctx context.Context, spec, domain string) string {
	name, err := c.target(ctx, spec, domain)
	if err != nil {
		return ""
	}
	texts, err := c.dns.LookupTXT(ctx, name)
	if err != nil || len(texts) != 1 {
		return ""
	}
	inRecord := c.values(ctx, domain)
	explanation, err := expandMacros(texts[0], func(letter byte) (string, error) {
		switch letter {
		case 'c':
			return c.ip.String(), nil
		case 'r':
			return "unknown", nil
		case 't':
			return strconv.FormatInt(c.at.Unix(), 10), nil
		}
		return inRecord(letter)
	}, visibleOrSpace)
	if err != nil {
		return ""
	}
	return printable(explanation)
}

// printable leaves of a text what is printing ASCII: a HELO name may hold
// anything, and a macro puts it into an explanation.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, s)
}
