package dnsplan

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// Resolver answers one question. It returns the records of the answer, aliases
// on the way among them; none where there are none or no such name. The error
// says that this could not be found out.
type Resolver interface {
	Query(ctx context.Context, name string, kind uint16) ([]dns.RR, error)
}

// lookup asks in terms of mail. Names come back in lower case, without a dot
// at the end.
type lookup struct{ Resolver }

func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// txt returns the texts of a name, each in one piece.
func (l lookup) txt(ctx context.Context, name string) ([]string, error) {
	answer, err := l.Query(ctx, name, dns.TypeTXT)
	var texts []string
	for _, record := range answer {
		if txt, ok := record.(*dns.TXT); ok {
			texts = append(texts, unescaped(strings.Join(txt.Txt, "")))
		}
	}
	return texts, err
}

// unescaped undoes how the library writes octets that are special in a zone
// file: \" and \012.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		if i+3 < len(text) {
			if octet, err := strconv.ParseUint(text[i+1:i+4], 10, 8); err == nil {
				b.WriteByte(byte(octet))
				i += 3
				continue
			}
		}
		i++
		b.WriteByte(text[i])
	}
	return b.String()
}

func (l lookup) mx(ctx context.Context, name string) ([]*dns.MX, error) {
	answer, err := l.Query(ctx, name, dns.TypeMX)
	var records []*dns.MX
	for _, record := range answer {
		if mx, ok := record.(*dns.MX); ok {
			records = append(records, &dns.MX{Preference: mx.Preference, Mx: plain(mx.Mx)})
		}
	}
	return records, err
}

// reverse returns the names of an address.
func (l lookup) reverse(ctx context.Context, address netip.Addr) ([]string, error) {
	name, err := dns.ReverseAddr(address.String())
	if err != nil {
		return nil, err
	}
	answer, err := l.Query(ctx, name, dns.TypePTR)
	var names []string
	for _, record := range answer {
		if ptr, ok := record.(*dns.PTR); ok {
			names = append(names, plain(ptr.Ptr))
		}
	}
	return names, err
}

// host is what a host name leads to.
type host struct {
	alias     string // the name it stands for, if it is an alias
	addresses []netip.Addr
}

func (l lookup) host(ctx context.Context, name string) (host, error) {
	four, err4 := l.Query(ctx, name, dns.TypeA)
	six, err6 := l.Query(ctx, name, dns.TypeAAAA)
	var h host
	for _, record := range slices.Concat(four, six) {
		switch record := record.(type) {
		case *dns.CNAME:
			if plain(record.Hdr.Name) == plain(name) {
				h.alias = plain(record.Target)
			}
		case *dns.A:
			h.add(record.A)
		case *dns.AAAA:
			h.add(record.AAAA)
		}
	}
	return h, cmp.Or(err4, err6)
}

func (h *host) add(ip []byte) {
	if address, ok := netip.AddrFromSlice(ip); ok {
		h.addresses = append(h.addresses, address.Unmap())
	}
}

func (h host) texts() []string {
	var list []string
	for _, address := range h.addresses {
		list = append(list, address.String())
	}
	return list
}
