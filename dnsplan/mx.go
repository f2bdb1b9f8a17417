package dnsplan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// mx is where mail to a domain is brought (RFC 5321 section 5.1).
func (s Site) mx(domain string) []item {
	var items []item
	for n, name := range s.MX {
		record := Record{
			Name: domain, Type: "MX", Value: fmt.Sprintf("%d %s", 10*(n+1), name), Purpose: "mx",
			Comment: "Mail to " + domain + " is brought to " + name + ".",
		}
		check := func(ctx context.Context, l lookup) verdict { return s.checkMX(ctx, l, domain) }
		if n > 0 {
			check = func(ctx context.Context, l lookup) verdict { return s.checkFurtherMX(ctx, l, domain, n) }
		}
		items = append(items, item{record, check})
	}
	return items
}

// checkFurtherMX wants a host beside the first to be there at all; the rest is
// said of the first.
func (s Site) checkFurtherMX(ctx context.Context, l lookup, domain string, n int) verdict {
	published, err := l.mx(ctx, domain)
	if err != nil {
		return unknown(err)
	}
	for _, r := range published {
		if r.Mx == s.MX[n] {
			return right([]string{fmt.Sprintf("%d %s", r.Preference, r.Mx)})
		}
	}
	return missing(fmt.Sprintf("%d %s", 10*(n+1), s.MX[n]))
}

func (s Site) checkMX(ctx context.Context, l lookup, domain string) verdict {
	published, err := l.mx(ctx, domain)
	if err != nil {
		return unknown(err)
	}
	if len(published) == 0 {
		return missing("10 "+s.MX[0], "Without it, mail goes to the address of "+domain+" itself, if it has one.")
	}
	var found, strangers []string
	for _, r := range published {
		found = append(found, fmt.Sprintf("%d %s", r.Preference, r.Mx))
		if !slices.Contains(s.MX, r.Mx) {
			strangers = append(strangers, r.Mx)
		}
		if v := checkExchanger(ctx, l, domain, r.Mx); v.status != Right {
			v.found = found
			return v
		}
	}
	return s.judgeMX(published, found, strangers)
}

// judgeMX wants mail to come to us, before any other.
func (s Site) judgeMX(published []*dns.MX, found, strangers []string) verdict {
	best := slices.MinFunc(published, func(a, b *dns.MX) int { return int(a.Preference) - int(b.Preference) })
	switch {
	case len(strangers) == len(published):
		return wrong(found, fmt.Sprintf("The mail goes elsewhere. Publish: 10 %s. If that other host is yours and hands the mail on to this one, say so with --mx.", s.MX[0]))
	case slices.Contains(strangers, best.Mx):
		return wrong(found, fmt.Sprintf("The mail goes to %s first. Give %s the lowest number, or say with --mx that the other host hands the mail on.", best.Mx, s.MX[0]))
	case len(strangers) > 0:
		return right(found, "When this host does not answer, mail goes to "+strings.Join(strangers, " and ")+": it must hand it on to this one.")
	}
	return right(found)
}

// checkExchanger checks a host that an MX record names.
func checkExchanger(ctx context.Context, l lookup, domain, name string) verdict {
	if name == "" { // RFC 7505
		return wrong(nil, domain+" declares that it takes no mail (a null MX). Take that record off.")
	}
	host, err := l.host(ctx, name)
	switch {
	case err != nil:
		return unknown(err)
	case host.alias != "": // RFC 5321 section 5.1, RFC 2181 section 10.3
		return wrong(nil, fmt.Sprintf("%s is an alias (CNAME) of %s, which an MX record must not name: some servers bring no mail there. Name a host that has an address.", name, host.alias))
	case len(host.addresses) == 0:
		return wrong(nil, name+" has no address: no mail can be brought there. Publish its A or AAAA record.")
	}
	return right(nil)
}
