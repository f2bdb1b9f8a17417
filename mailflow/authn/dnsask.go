package authn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// answer is what a server said: records, or that there is no such name, or
// where to ask on, or none of these.
type answer struct {
	records []dns.RR
	missing bool
	alias   string
	ttl     time.Duration // 0: not to be kept
}

// ask asks each server in turn, each as often as tries says. Whatever is no
// clear answer is temporary (RFC 7208 section 4.4, RFC 6376 section 6.1.2).
func (d *DNS) ask(ctx context.Context, name string, kind uint16) (answer, error) {
	attempt := d.timeout / time.Duration(tries*len(d.servers))
	failure := &net.DNSError{Err: "no answer", Name: name, IsTemporary: true}
	for n := range tries * len(d.servers) {
		server := d.servers[n%len(d.servers)]
		reply, err := exchange(ctx, server, name, kind, attempt)
		if err == nil && (reply.Rcode == dns.RcodeSuccess || reply.Rcode == dns.RcodeNameError) {
			return read(reply, name, kind), nil
		}
		failure = failed(name, server, reply, err)
		if ctx.Err() != nil {
			break
		}
	}
	return answer{}, failure
}

func failed(name, server string, reply *dns.Msg, err error) *net.DNSError {
	failure := &net.DNSError{Name: name, Server: server, IsTemporary: true}
	if err == nil {
		failure.Err = "server said " + dns.RcodeToString[reply.Rcode]
		return failure
	}
	failure.Err = err.Error()
	timeout, ok := errors.AsType[net.Error](err)
	failure.IsTimeout = ok && timeout.Timeout()
	return failure
}

// exchange asks one server once: with EDNS, without it if the server does not
// understand that (RFC 6891 section 7), over TCP if the answer was cut.
func exchange(ctx context.Context, server, name string, kind uint16, timeout time.Duration) (*dns.Msg, error) {
	question := new(dns.Msg)
	question.SetQuestion(presentation(name), kind)
	question.SetEdns0(udpSize, false)
	reply, err := send(ctx, "udp", server, question, timeout)
	if err == nil && (reply.Rcode == dns.RcodeFormatError || reply.Rcode == dns.RcodeNotImplemented) {
		question.Extra = nil
		reply, err = send(ctx, "udp", server, question, timeout)
	}
	if reply != nil && reply.Truncated {
		reply, err = send(ctx, "tcp", server, question, timeout)
	}
	return reply, err
}

// presentation writes a name as the library wants it.
func presentation(name string) string { return dns.Fqdn(strings.ReplaceAll(name, `\`, `\\`)) }

func send(ctx context.Context, network, server string, question *dns.Msg, timeout time.Duration) (*dns.Msg, error) {
	client := &dns.Client{Net: network, Timeout: timeout}
	reply, _, err := client.ExchangeContext(ctx, question, server)
	if reply != nil && !answers(reply, question) {
		return nil, fmt.Errorf("server %s answered another question", server)
	}
	return reply, err
}

// answers tells whether the reply is to the question: a guess at the number of
// a question alone is easily made (RFC 5452 section 9.1).
func answers(reply, question *dns.Msg) bool {
	if !reply.Response || len(reply.Question) != 1 {
		return false
	}
	asked, said := question.Question[0], reply.Question[0]
	return asked.Qtype == said.Qtype && asked.Qclass == said.Qclass && sameName(asked.Name, said.Name)
}

// sameName compares names as the library writes them: what it escapes in one
// it need not escape in the other.
func sameName(a, b string) bool { return strings.EqualFold(unescaped(a), unescaped(b)) }

// read takes from a reply what answers the question, following the aliases in
// it.
func read(reply *dns.Msg, name string, kind uint16) answer {
	got := answer{ttl: maxTTL}
	at := presentation(name)
	for range maxAliases {
		if got.collect(reply.Answer, at, kind); len(got.records) > 0 {
			return got
		}
		next := got.aliasOf(reply.Answer, at)
		if next == "" {
			break
		}
		at, got.alias = next, strings.ToLower(strings.TrimSuffix(next, "."))
	}
	got.missing = reply.Rcode == dns.RcodeNameError
	if got.missing || got.alias == "" {
		got.ttl = negativeTTL(reply)
	}
	return got
}

func (a *answer) collect(section []dns.RR, name string, kind uint16) {
	for _, r := range section {
		h := r.Header()
		if h.Rrtype == kind && h.Class == dns.ClassINET && sameName(h.Name, name) {
			a.records = append(a.records, r)
			a.lives(h.Ttl)
		}
	}
}

func (a *answer) aliasOf(section []dns.RR, name string) string {
	for _, r := range section {
		if c, ok := r.(*dns.CNAME); ok && sameName(c.Hdr.Name, name) {
			a.lives(c.Hdr.Ttl)
			return c.Target
		}
	}
	return ""
}

func (a *answer) lives(seconds uint32) {
	a.ttl = min(a.ttl, time.Duration(seconds)*time.Second)
}

// negativeTTL says how long a "no" may be kept (RFC 2308 section 5): not at
// all without a SOA record.
func negativeTTL(reply *dns.Msg) time.Duration {
	for _, r := range reply.Ns {
		if soa, ok := r.(*dns.SOA); ok {
			return min(maxNegativeTTL, time.Duration(min(soa.Hdr.Ttl, soa.Minttl))*time.Second)
		}
	}
	return 0
}
