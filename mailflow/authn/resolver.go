package authn

import (
	"context"
	"errors"
	"net"
	"net/netip"
)

// Resolver asks the DNS. Its errors are *net.DNSError: IsNotFound for a name
// that does not exist, IsTemporary or IsTimeout for an answer that could not be
// had. A name that exists without such records is an empty answer and no error;
// a resolver that reports IsNotFound then, too, as *net.Resolver does, works,
// but the np tag of DMARC then strikes domains that exist.
type Resolver interface {
	// LookupTXT gives one string per record.
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	// LookupNetIP asks for the addresses of network "ip4", "ip6" or "ip".
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	// LookupAddr gives the names of an address.
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// maxLookups is what one of the checks of one mail may ask of the DNS. The
// limits of RFC 7208 section 4.6.4 allow some more, but only to a record made
// to be expensive.
const maxLookups = 60

var errTooManyLookups = errors.New("too many DNS lookups")

// counted is a resolver for one check. It answers so many questions and then
// fails for good, and its errors are always *net.DNSError.
type counted struct {
	Resolver
	left      int
	exhausted bool
}

func newCounted(r Resolver) *counted { return &counted{Resolver: r, left: maxLookups} }

// take uses up one question.
func (c *counted) take(name string) error {
	if c.left == 0 {
		c.exhausted = true
		return &net.DNSError{Err: errTooManyLookups.Error(), Name: name}
	}
	c.left--
	return nil
}

func (c *counted) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if err := c.take(name); err != nil {
		return nil, err
	}
	texts, err := c.Resolver.LookupTXT(ctx, name)
	return texts, plainDNSError(err)
}

func (c *counted) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	if err := c.take(name); err != nil {
		return nil, err
	}
	hosts, err := c.Resolver.LookupMX(ctx, name)
	return hosts, plainDNSError(err)
}

func (c *counted) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if err := c.take(host); err != nil {
		return nil, err
	}
	addresses, err := c.Resolver.LookupNetIP(ctx, network, host)
	return addresses, plainDNSError(err)
}

func (c *counted) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	if err := c.take(addr); err != nil {
		return nil, err
	}
	names, err := c.Resolver.LookupAddr(ctx, addr)
	return names, plainDNSError(err)
}

// plainDNSError makes any error a *net.DNSError that is not wrapped, because
// that is what the SPF library looks for. What is not known to be permanent is
// temporary.
func plainDNSError(err error) error {
	if err == nil {
		return nil
	}
	if dnsErr, ok := errors.AsType[*net.DNSError](err); ok {
		return dnsErr
	}
	return &net.DNSError{Err: err.Error(), IsTemporary: true}
}

func isNotFound(err error) bool {
	dnsErr, ok := errors.AsType[*net.DNSError](err)
	return ok && dnsErr.IsNotFound
}

func isTemporary(err error) bool {
	dnsErr, ok := errors.AsType[*net.DNSError](err)
	return !ok || dnsErr.Temporary()
}

// noResolver answers nothing, for a Judge without a resolver.
type noResolver struct{}

var errNoResolver = errors.New("no resolver is configured")

func (noResolver) LookupTXT(context.Context, string) ([]string, error)  { return nil, errNoResolver }
func (noResolver) LookupMX(context.Context, string) ([]*net.MX, error)  { return nil, errNoResolver }
func (noResolver) LookupAddr(context.Context, string) ([]string, error) { return nil, errNoResolver }
func (noResolver) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errNoResolver
}
