package dnsplan

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// addresses are the A and AAAA records of the host. One that others bring mail
// to and take mail from needs none.
func (s Site) addresses() []item {
	record := Record{Name: s.Hostname, Type: "A", Purpose: "address", Comment: "The public addresses of this host, as A and AAAA records."}
	if s.Relay != "" && !s.takesMail() {
		return nil
	}
	if s.Relay == "" {
		record.Comment += " With --ip they stand here."
	}
	if len(s.own()) == 0 {
		return []item{{record, func(ctx context.Context, l lookup) verdict { return s.checkAddress(ctx, l, netip.Addr{}) }}}
	}
	var items []item
	for _, address := range s.own() {
		record.Type, record.Value, record.Comment = "AAAA", address.String(), "A public address of this host."
		if address.Is4() {
			record.Type = "A"
		}
		items = append(items, item{record, func(ctx context.Context, l lookup) verdict { return s.checkAddress(ctx, l, address) }})
	}
	return items
}

// checkAddress wants the host to have an address: the one given, or any.
func (s Site) checkAddress(ctx context.Context, l lookup, want netip.Addr) verdict {
	host, err := l.host(ctx, s.Hostname)
	found := host.texts()
	switch {
	case err != nil:
		return unknown(err)
	case host.alias != "":
		// RFC 2181 section 10.3: what MX and PTR name must not be an alias.
		return wrong([]string{"CNAME " + host.alias}, "The host name is an alias (CNAME). Give it A and AAAA records of its own.")
	case want.IsValid() && !slices.Contains(host.addresses, want) && len(found) > 0:
		return wrong(found, "The name leads elsewhere. Add a record with "+want.String()+", and take off those that are not this host's.")
	case len(found) == 0 && want.IsValid():
		return missing(want.String())
	case len(found) == 0:
		return missing("", "Publish an A record with the public address of this host (and an AAAA record if it has IPv6).")
	}
	return right(found)
}

// reverse are the PTR records. Large receivers take no mail from an address
// whose name does not lead back to it.
func (s Site) reverse() []item {
	record := Record{Type: "PTR", Purpose: "ptr", Name: s.Hostname}
	if s.Relay != "" {
		return nil // the relay's addresses are for its operator to name
	}
	if len(s.own()) == 0 {
		record.Comment = "The reverse name (PTR) of this host's public addresses must be " + s.Hostname + ". Whoever gave you the address sets it. With --ip the records stand here."
		return []item{{record, s.checkAllReverse}}
	}
	var items []item
	for _, address := range s.own() {
		name, err := dns.ReverseAddr(address.String())
		if err != nil {
			continue // a valid address has a reverse name
		}
		record.Name, record.Value = strings.TrimSuffix(name, "."), s.Hostname
		record.Comment = "The reverse name of " + address.String() + ". Whoever gave you the address sets it."
		items = append(items, item{record, func(ctx context.Context, l lookup) verdict { return s.checkReverse(ctx, l, address) }})
	}
	return items
}

// checkAllReverse checks every address that the host name leads to.
func (s Site) checkAllReverse(ctx context.Context, l lookup) verdict {
	host, err := l.host(ctx, s.Hostname)
	if err != nil {
		return unknown(err)
	}
	if len(host.addresses) == 0 {
		return missing("", "The host name has no address, so there is nothing to name.")
	}
	var all verdict
	for _, address := range host.addresses {
		v := s.checkReverse(ctx, l, address)
		if v.status != Right {
			return v
		}
		all = right(append(all.found, v.found...))
	}
	return all
}

// checkReverse wants the name of an address to be the host's, and the host's
// name to lead back to it.
func (s Site) checkReverse(ctx context.Context, l lookup, address netip.Addr) verdict {
	found, err := l.reverse(ctx, address)
	if err != nil {
		return unknown(err)
	}
	if len(found) == 0 {
		return missing("", fmt.Sprintf("%s has no name. Ask whoever gave you the address to set its reverse name (PTR) to %s.", address, s.Hostname))
	}
	if !slices.Contains(found, s.Hostname) {
		return wrong(found, fmt.Sprintf("%s has another name than this host. Ask whoever gave you the address to set its reverse name (PTR) to %s, or set hostname in the configuration to the name it has.", address, s.Hostname))
	}
	host, err := l.host(ctx, s.Hostname)
	if err != nil {
		return unknown(err)
	}
	if !slices.Contains(host.addresses, address) {
		return wrong(found, fmt.Sprintf("%s is named %s, but that name does not lead back to it: publish its address record.", address, s.Hostname))
	}
	if len(found) > 1 {
		return right(found, "The address has several names; one is better.")
	}
	return right(found)
}
