package dnsplan

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
)

// spf says which hosts send mail of a domain (RFC 7208).
func (s Site) spf(domain string) item {
	return item{
		Record{
			Name: domain, Type: "TXT", Value: s.spfText(), Purpose: "spf",
			Comment: "Which hosts send mail of " + domain + ". If others do too, add them to this one record: there must not be two." + s.spfRelay(),
		},
		func(ctx context.Context, l lookup) verdict { return s.checkSPF(ctx, l, domain, s.spfText()) },
	}
}

// hello is for mail without a sender, which is checked by the name in the
// greeting (RFC 7208 section 2.4).
func (s Site) hello() []item {
	isDomain := func(d Domain) bool { return d.Name == s.Hostname }
	if s.Relay != "" || slices.ContainsFunc(s.Domains, isDomain) {
		return nil
	}
	const text = "v=spf1 a -all"
	return []item{{
		Record{
			Name: s.Hostname, Type: "TXT", Value: text, Purpose: "spf",
			Comment: "Mail without a sender, as automatic answers are, is judged by the name of this host.",
		},
		func(ctx context.Context, l lookup) verdict { return s.checkSPF(ctx, l, s.Hostname, text) },
	}}
}

func (s Site) spfText() string {
	terms := []string{"v=spf1"}
	for _, address := range s.Addresses {
		terms = append(terms, addressTerm(address))
	}
	relay, err := netip.ParseAddr(s.Relay)
	switch {
	case len(s.Addresses) > 0:
	case err == nil && !relay.IsPrivate():
		terms = append(terms, addressTerm(relay))
	case err != nil && s.Relay != "":
		terms = append(terms, "a:"+s.Relay)
	default:
		terms = append(terms, "a:"+s.Hostname)
	}
	return strings.Join(append(terms, "-all"), " ")
}

func addressTerm(address netip.Addr) string {
	if address.Is4() {
		return "ip4:" + address.String()
	}
	return "ip6:" + address.String()
}

func (s Site) spfRelay() string {
	if s.Relay == "" || len(s.Addresses) > 0 {
		return ""
	}
	return " Mail leaves by " + s.Relay + ": ask its operator what to put here for it, or give with --ip the addresses it sends from."
}

func (s Site) checkSPF(ctx context.Context, l lookup, domain, want string) verdict {
	texts, err := l.txt(ctx, domain)
	if err != nil {
		return unknown(err)
	}
	found := spfRecords(texts)
	if len(found) == 0 {
		return missing(want)
	}
	if len(found) > 1 { // RFC 7208 section 4.5
		return wrong(found, "There are several SPF records, which counts as an error and not as all of them. Make one of them: "+want+" with what the others allow.")
	}
	if v := checkTooWide(ctx, l, domain, found); v.status != Right {
		return v
	}
	senders, err := s.senders(ctx, l)
	if err != nil {
		return unknown(err)
	}
	for _, sender := range senders {
		if v := checkSender(ctx, l, domain, found, sender); v.status != Right {
			return v
		}
	}
	return right(found, spfNotes(found[0], len(senders))...)
}

// spfRecords are the texts that are SPF records (RFC 7208 section 4.5).
func spfRecords(texts []string) []string {
	var list []string
	for _, text := range texts {
		version, _, _ := strings.Cut(text, " ")
		if strings.EqualFold(version, "v=spf1") {
			list = append(list, text)
		}
	}
	return list
}

// senders are the addresses that the desks' mail leaves from. Those of a relay
// are not known from here.
func (s Site) senders(ctx context.Context, l lookup) ([]netip.Addr, error) {
	if len(s.Addresses) > 0 || s.Relay != "" {
		return s.Addresses, nil
	}
	host, err := l.host(ctx, s.Hostname)
	return host.addresses, err
}

// nobodys are addresses that no mail can come from (RFC 1112 section 4,
// RFC 6666).
var nobodys = []netip.Addr{netip.MustParseAddr("240.0.0.1"), netip.MustParseAddr("100::1")}

// checkTooWide finds out whether a record lets everybody send, in whatever way.
func checkTooWide(ctx context.Context, l lookup, domain string, found []string) verdict {
	for _, nobody := range nobodys {
		if result, _ := l.spf(ctx, domain, nobody); result == spf.Pass {
			return wrong(found, "The record lets everybody send in the name of "+domain+" (+all, or as good as that). Put -all at its end, and before it only the hosts that send.")
		}
	}
	return right(found)
}

func checkSender(ctx context.Context, l lookup, domain string, found []string, sender netip.Addr) verdict {
	switch result, err := l.spf(ctx, domain, sender); result {
	case spf.Pass:
		return right(found)
	case spf.TempError:
		return unknown(err)
	case spf.PermError:
		return wrong(found, fmt.Sprintf("The record cannot be used: %v. Until it is mended, nobody's mail passes.", err))
	}
	return wrong(found, fmt.Sprintf("The record does not name us: mail from %s would not pass. Add %s before its end.", sender, addressTerm(sender)))
}

func spfNotes(text string, senders int) []string {
	var notes []string
	terms := strings.Fields(strings.ToLower(text))
	closed := func(term string) bool {
		return term == "-all" || term == "~all" || strings.HasPrefix(term, "redirect=")
	}
	if !slices.ContainsFunc(terms, closed) {
		notes = append(notes, "It says nothing of other hosts: end it with -all.")
	}
	if senders == 0 {
		notes = append(notes, "Which addresses the mail leaves from is not known here, so it was not checked that the record names them: give them with --ip.")
	}
	return notes
}

// spf evaluates the record of a domain for an address.
func (l lookup) spf(ctx context.Context, domain string, from netip.Addr) (spf.Result, error) {
	return spf.CheckHostWithSender(from.AsSlice(), domain, "postmaster@"+domain,
		spf.WithContext(ctx), spf.WithResolver(spfResolver{l}))
}

// spfResolver is a lookup as the evaluation wants it, which tells errors apart
// by the type *net.DNSError.
type spfResolver struct{ lookup }

func (r spfResolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	texts, err := r.txt(ctx, name)
	return texts, dnsError(name, len(texts), err)
}

func (r spfResolver) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	records, err := r.mx(ctx, name)
	var list []*net.MX
	for _, record := range records {
		list = append(list, &net.MX{Host: record.Mx, Pref: record.Preference})
	}
	return list, dnsError(name, len(list), err)
}

func (r spfResolver) LookupIPAddr(ctx context.Context, name string) ([]net.IPAddr, error) {
	host, err := r.host(ctx, name)
	var list []net.IPAddr
	for _, address := range host.addresses {
		list = append(list, net.IPAddr{IP: address.AsSlice()})
	}
	return list, dnsError(name, len(list), err)
}

func (r spfResolver) LookupAddr(ctx context.Context, text string) ([]string, error) {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return nil, dnsError(text, 0, nil)
	}
	names, err := r.reverse(ctx, address)
	return names, dnsError(text, len(names), err)
}

func dnsError(name string, answers int, err error) error {
	switch {
	case err != nil:
		return &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true}
	case answers == 0:
		return &net.DNSError{Err: "no such record", Name: name, IsNotFound: true}
	}
	return nil
}
