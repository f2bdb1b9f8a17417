package authn

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// DNS is a Resolver that asks name servers over UDP, over TCP where an answer
// is too long for that, and keeps what they say for as long as it may be kept.
// It may be used by many at once.
type DNS struct {
	servers []string
	timeout time.Duration
	cache   cache
}

// DNSOptions say whom a DNS asks.
type DNSOptions struct {
	Servers []string      // "address" or "address:port"; those of the system if empty
	Timeout time.Duration // for one question with all its retries; 5 seconds if 0
	Entries int           // how many answers are kept; 4,096 if 0
}

const (
	systemServers  = "/etc/resolv.conf"
	defaultTimeout = 5 * time.Second
	defaultEntries = 4096
	tries          = 2 // of each server, for one question
	maxAliases     = 8 // CNAMEs followed
	udpSize        = 1232
)

// NewDNS makes a resolver. It reads the system's list of servers if none is
// given, and asks nobody yet.
func NewDNS(o DNSOptions) (*DNS, error) {
	if len(o.Servers) == 0 {
		system, err := dns.ClientConfigFromFile(systemServers)
		if err != nil {
			return nil, fmt.Errorf("reading the system's name servers: %w", err)
		}
		for _, server := range system.Servers {
			o.Servers = append(o.Servers, net.JoinHostPort(server, system.Port))
		}
	}
	d := &DNS{timeout: cmp.Or(o.Timeout, defaultTimeout), cache: newCache(cmp.Or(o.Entries, defaultEntries))}
	for _, server := range o.Servers {
		d.servers = append(d.servers, withPort(server))
	}
	if len(d.servers) == 0 {
		return nil, errors.New("no name server is known")
	}
	return d, nil
}

func withPort(server string) string {
	if _, _, err := net.SplitHostPort(server); err == nil {
		return server
	}
	return net.JoinHostPort(strings.Trim(server, "[]"), "53")
}

// LookupTXT implements Resolver. The strings of one record are joined (RFC 7208
// section 3.3, RFC 6376 section 3.6.2.2).
func (d *DNS) LookupTXT(ctx context.Context, name string) ([]string, error) {
	records, err := d.lookup(ctx, name, dns.TypeTXT)
	var texts []string
	for _, r := range records {
		if txt, ok := r.(*dns.TXT); ok {
			texts = append(texts, unescaped(strings.Join(txt.Txt, "")))
		}
	}
	return texts, err
}

// LookupMX implements Resolver.
func (d *DNS) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	records, err := d.lookup(ctx, name, dns.TypeMX)
	var hosts []*net.MX
	for _, r := range records {
		if mx, ok := r.(*dns.MX); ok {
			hosts = append(hosts, &net.MX{Host: mx.Mx, Pref: mx.Preference})
		}
	}
	return hosts, err
}

// LookupAddr implements Resolver.
func (d *DNS) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	reverse, err := dns.ReverseAddr(addr)
	if err != nil {
		return nil, notFound(addr)
	}
	records, err := d.lookup(ctx, reverse, dns.TypePTR)
	var names []string
	for _, r := range records {
		if ptr, ok := r.(*dns.PTR); ok {
			names = append(names, ptr.Ptr)
		}
	}
	return names, err
}

// LookupNetIP implements Resolver. For "ip" both kinds are asked for, and an
// error is one only if it leaves nothing to answer with.
func (d *DNS) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	switch network {
	case "ip4":
		return d.addresses(ctx, host, dns.TypeA)
	case "ip6":
		return d.addresses(ctx, host, dns.TypeAAAA)
	}
	four, err4 := d.addresses(ctx, host, dns.TypeA)
	six, err6 := d.addresses(ctx, host, dns.TypeAAAA)
	if found := append(four, six...); len(found) > 0 {
		return found, nil
	}
	if isNotFound(err4) {
		return nil, err6
	}
	return nil, err4
}

func (d *DNS) addresses(ctx context.Context, host string, kind uint16) ([]netip.Addr, error) {
	records, err := d.lookup(ctx, host, kind)
	var found []netip.Addr
	for _, r := range records {
		var ip net.IP
		switch r := r.(type) {
		case *dns.A:
			ip = r.A
		case *dns.AAAA:
			ip = r.AAAA
		}
		if a, ok := netip.AddrFromSlice(ip); ok {
			found = append(found, a)
		}
	}
	return found, err
}

// lookup answers a question, through as many aliases as it takes.
func (d *DNS) lookup(ctx context.Context, name string, kind uint16) ([]dns.RR, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	target := strings.ToLower(strings.TrimSuffix(name, "."))
	for range maxAliases {
		got, err := d.known(ctx, target, kind)
		if err != nil {
			return nil, err
		}
		switch {
		case len(got.records) > 0:
			return got.records, nil
		case got.missing:
			return nil, notFound(name)
		case got.alias == "":
			return nil, nil
		}
		target = got.alias
	}
	return nil, &net.DNSError{Err: "too many aliases", Name: name}
}

// known is the answer from the cache, or from a server.
func (d *DNS) known(ctx context.Context, name string, kind uint16) (answer, error) {
	if !validName(name) {
		return answer{}, notFound(name)
	}
	key := cacheKey{name, kind}
	if got, ok := d.cache.get(key, time.Now()); ok {
		return got, nil
	}
	got, err := d.ask(ctx, name, kind)
	if err == nil {
		d.cache.put(key, got, time.Now())
	}
	return got, err
}

func notFound(name string) error {
	return &net.DNSError{Err: "no such name", Name: name, IsNotFound: true}
}

// unescaped turns \" and \065 back into the bytes that were sent.
func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if i+3 < len(s) && isDigit(s[i+1]) && isDigit(s[i+2]) && isDigit(s[i+3]) {
			b.WriteByte((s[i+1]-'0')*100 + (s[i+2]-'0')*10 + s[i+3] - '0')
			i += 3
			continue
		}
		i++
		b.WriteByte(s[i])
	}
	return b.String()
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
