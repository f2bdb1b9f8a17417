package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Resolver asks the DNS. Names come with their final dot, so that no search
// list is applied to them. An error that is a *net.DNSError with IsNotFound
// means that there is no such name or no such record, and so does an empty
// answer without one; any other error that the answer could not be had.
// *net.Resolver is one.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

func notFound(err error) bool {
	var answer *net.DNSError
	return errors.As(err, &answer) && answer.IsNotFound
}

// exchange is a host that takes mail for a domain.
type exchange struct {
	name       string // in lower case, without its final dot
	preference uint16 // the lowest first
	addresses  []netip.Addr
}

// router finds the hosts that take mail for a domain, as RFC 5321 section 5.1
// has it.
type router struct {
	resolver Resolver
	shuffle  func(n int, swap func(i, j int))
	self     self
}

// maxHosts are tried for one mail. What a stranger puts into his zone must not
// keep us busy for long.
const maxHosts = 5

// route returns the hosts in the order they are to be tried, each with at least
// one address that may be dialled.
func (r *router) route(ctx context.Context, domain string) ([]exchange, error) {
	own, err := r.self.all()
	if err != nil {
		return nil, err
	}
	exchanges, err := r.exchanges(ctx, domain)
	if err != nil {
		return nil, err
	}
	near := before(exchanges, func(x exchange) bool { return slices.Contains(r.self.names, x.name) })
	near = near[:min(len(near), maxHosts)]
	missing := r.locate(ctx, near)
	near = before(near, func(x exchange) bool { return slices.ContainsFunc(x.addresses, own) })
	if len(near) == 0 {
		return nil, &Failure{Permanent: true, Enhanced: "5.4.6", Text: "mail for " + domain + " would come back to us"}
	}
	return r.dialable(domain, near, missing)
}

// exchanges are those of the MX records, in order. A domain that has none is
// its own only one.
func (r *router) exchanges(ctx context.Context, domain string) ([]exchange, error) {
	if literal, ok := strings.CutPrefix(domain, "["); ok {
		return []exchange{{name: strings.TrimPrefix(strings.TrimSuffix(literal, "]"), "ipv6:")}}, nil
	}
	records, err := r.resolver.LookupMX(ctx, domain+".")
	switch {
	case len(records) == 0 && (err == nil || notFound(err)):
		return []exchange{{name: domain}}, nil
	case len(records) == 0:
		return nil, fmt.Errorf("mx of %s: %w", domain, err)
	case len(records) == 1 && records[0].Host == ".": // RFC 7505 section 3
		return nil, &Failure{Permanent: true, Enhanced: "5.1.10", Text: domain + " takes no mail"}
	}
	found := inOrder(records, r.shuffle)
	if len(found) == 0 {
		return nil, &Failure{Text: "no mx record of " + domain + " names a host"}
	}
	return found, nil
}

// inOrder sorts by preference, equals by chance. A host named twice counts
// once, what is no host name not at all.
func inOrder(records []*net.MX, shuffle func(int, func(i, j int))) []exchange {
	var found []exchange
	for _, record := range records {
		name := strings.ToLower(strings.TrimSuffix(record.Host, "."))
		if hostName.MatchString(name) {
			found = append(found, exchange{name: name, preference: record.Pref})
		}
	}
	shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	slices.SortStableFunc(found, func(a, b exchange) int { return cmp.Compare(a.preference, b.preference) })
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(x exchange) bool {
		again := seen[x.name]
		seen[x.name] = true
		return again
	})
}

// before are the exchanges that are nearer to the mailbox than we are: to give
// mail to the others would send it round and round (RFC 5321 section 5.1).
func before(exchanges []exchange, isUs func(exchange) bool) []exchange {
	us := slices.IndexFunc(exchanges, isUs)
	if us < 0 {
		return exchanges
	}
	limit := exchanges[us].preference
	return exchanges[:slices.IndexFunc(exchanges, func(x exchange) bool { return x.preference == limit })]
}

// locate looks the addresses up and returns what went wrong.
func (r *router) locate(ctx context.Context, exchanges []exchange) error {
	var missing []error
	for i := range exchanges {
		x := &exchanges[i]
		if literal, err := netip.ParseAddr(x.name); err == nil {
			x.addresses = []netip.Addr{literal}
			continue
		}
		found, err := r.resolver.LookupNetIP(ctx, "ip", x.name+".")
		if err == nil && len(found) == 0 {
			err = &net.DNSError{Err: "no such host", Name: x.name, IsNotFound: true}
		}
		if err != nil {
			missing = append(missing, fmt.Errorf("address of %s: %w", x.name, err))
			continue
		}
		x.addresses = alternating(found)
	}
	return errors.Join(missing...)
}

// alternating puts IPv6 first, IPv4 second, and so on, so that a network that
// lacks one of them does not cost all the tries.
func alternating(found []netip.Addr) (mixed []netip.Addr) {
	var six, four []netip.Addr
	for _, address := range found {
		if address = address.Unmap(); address.Is4() {
			four = append(four, address)
		} else {
			six = append(six, address)
		}
	}
	for i := range max(len(six), len(four)) {
		mixed = append(mixed, six[min(i, len(six)):min(i+1, len(six))]...)
		mixed = append(mixed, four[min(i, len(four)):min(i+1, len(four))]...)
	}
	return mixed
}

// maxAddresses are tried of one host.
const maxAddresses = 4

// dialable leaves out what must not be dialled. A domain that the DNS says is
// neither MX nor host does not exist; all else may be mended.
func (r *router) dialable(domain string, exchanges []exchange, missing error) ([]exchange, error) {
	var left []exchange
	for _, x := range exchanges {
		x.addresses = slices.DeleteFunc(x.addresses, r.self.mustNotDial)
		if x.addresses = x.addresses[:min(len(x.addresses), maxAddresses)]; len(x.addresses) > 0 {
			left = append(left, x)
		}
	}
	switch implicit := len(exchanges) == 1 && exchanges[0].name == domain; {
	case len(left) > 0:
		return left, nil
	case implicit && notFound(missing):
		return nil, &Failure{Permanent: true, Enhanced: "5.1.2", Text: "no such mail domain: " + domain}
	case missing != nil:
		return nil, missing
	}
	return nil, &Failure{Text: "no host of " + domain + " has an address that may be dialled"}
}
