package dnsplan

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// Site is what a plan is made for. Names may be in any case and in any
// letters.
type Site struct {
	Hostname  string
	Domains   []Domain
	Addresses []netip.Addr // public ones, that the desks' mail leaves from; none: not known
	Relay     string       // the host that takes outgoing mail; "" or this machine itself: mail leaves from here
	MX        []string     // hosts that take the domains' mail; none: Hostname
	Reports   string       // the mail address that reports go to; "": postmaster of each domain
	STARTTLS  bool         // whether it is offered to those who bring mail
	Keys      []Key        // that mail is signed with; those of other domains do not matter
}

// Domain is one that the desks have addresses in.
type Domain struct {
	Name  string
	Sends bool // whether a desk writes from it
}

// Key is a DKIM key of a domain, written as in the DNS: the name its public
// half is published under, and the record.
type Key struct{ Domain, Name, TXT string }

// normal is the site with every name in lower case, by its A-labels, without a
// dot at the end.
func (s Site) normal() (Site, error) {
	var err error
	if s.Hostname, err = hostname(s.Hostname); err != nil {
		return s, fmt.Errorf("hostname: %w", err)
	}
	if len(s.MX) == 0 {
		s.MX = []string{s.Hostname}
	}
	s.MX = slices.Clone(s.MX)
	for i, name := range s.MX {
		if s.MX[i], err = hostname(name); err != nil {
			return s, fmt.Errorf("MX host: %w", err)
		}
	}
	s.Domains = slices.Clone(s.Domains)
	for i, d := range s.Domains {
		if s.Domains[i].Name, err = hostname(d.Name); err != nil {
			return s, fmt.Errorf("domain: %w", err)
		}
	}
	if isLocal(s.Relay) {
		s.Relay = ""
	}
	return s, nil
}

// names is laxer than RFC 1123 section 2.1 by the underscore, which is seen in
// the wild. Two labels are the least that can be published.
var names = regexp.MustCompile(`^[0-9a-z_]([0-9a-z_-]{0,62})(\.[0-9a-z_]([0-9a-z_-]{0,62}))+$`)

func hostname(name string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSuffix(name, ".")))
	if err != nil || len(ascii) > 253 || !names.MatchString(ascii) {
		return "", fmt.Errorf("%q is no name that the DNS could hold", name)
	}
	return ascii, nil
}

// isLocal tells whether a host is this machine.
func isLocal(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// own are the addresses of this host, as far as they are known: those of a
// relay are another's.
func (s Site) own() []netip.Addr {
	if s.Relay != "" {
		return nil
	}
	return s.Addresses
}

// takesMail tells whether mail is brought to this host itself.
func (s Site) takesMail() bool { return slices.Contains(s.MX, s.Hostname) }

// reports is where reports on a domain go.
func (s Site) reports(domain string) string {
	if s.Reports != "" {
		return s.Reports
	}
	return "postmaster@" + domain
}
