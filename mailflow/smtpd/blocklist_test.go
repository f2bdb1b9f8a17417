package smtpd

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// zone is a Resolver with the answers of some blocklists, by name.
type zone struct {
	answers map[string][]string
	mu      sync.Mutex
	asked   []string
}

var errServerDown = &net.DNSError{Err: "server misbehaving", IsTemporary: true}

func (z *zone) LookupHost(ctx context.Context, host string) ([]string, error) {
	z.mu.Lock()
	z.asked = append(z.asked, host)
	z.mu.Unlock()
	switch {
	case strings.Contains(host, ".caida."):
		return nil, errServerDown
	case strings.Contains(host, ".lenta."):
		<-ctx.Done()
		return nil, ctx.Err()
	case z.answers[host] == nil:
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	return z.answers[host], nil
}

func TestBlocklists(t *testing.T) {
	const (
		v4 = "7.2.0.192.lista.example."
		v6 = "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.lista.example."
	)
	trusted := func(a netip.Addr) bool { return a == from4 }
	for _, test := range []struct {
		name    string
		addr    netip.Addr
		answers map[string][]string
		exempt  func(netip.Addr) bool
		lists   string
		want    string
		takes   time.Duration
	}{
		{"not listed", from4, nil, nil, "lista.example", "250 *", 0},
		{"listed", from4, map[string][]string{v4: {"127.0.0.2"}}, nil, "lista.example", "550 5.7.1 192.0.2.7 is listed by lista.example; *", 0},
		{"listed, IPv6", from6, map[string][]string{v6: {"127.0.0.10"}}, nil, "lista.example.", "550 5.7.1 2001:db8:1:2::7 is listed by *", 0},
		{"refused by the list", from4, map[string][]string{v4: {"127.255.255.254"}}, nil, "lista.example", "250 *", 0},
		{"both", from4, map[string][]string{v4: {"127.255.255.254", "127.0.0.4"}}, nil, "lista.example", "550 *", 0},
		{"answers everything", from4, map[string][]string{v4: {"203.0.113.1", "::1", "x"}}, nil, "lista.example", "250 *", 0},
		{"trusted", from4, map[string][]string{v4: {"127.0.0.2"}}, trusted, "lista.example", "250 *", 0},
		{"unix socket", netip.Addr{}, nil, nil, "lista.example", "250 *", 0},
		{"down", from4, nil, nil, "caida.example", "250 *", 0},
		{"slow", from4, nil, nil, "lenta.example", "250 *", 5 * time.Second},
		{"slow, and another that lists", from4, map[string][]string{v4: {"127.0.0.2"}}, nil, "lenta.example lista.example", "550 *", 5 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			z := &zone{answers: test.answers}
			opt := Options{Blocklists: strings.Fields(test.lists), Resolver: z, Exempt: test.exempt}
			inBubble(t, opt, func(t *testing.T, _ *desk, l *memory) {
				began := time.Now()
				p := l.dial(t, test.addr)
				p.expect("220 *")
				p.say("EHLO cliente.example", "250 *", "MAIL FROM:<ana@correo.example>", "250 *")
				p.say("RCPT TO:<Postmaster>", "250 *", "RCPT TO:<postMASTER@dgt.example>", "250 *")
				p.say("RCPT TO:<uno@dgt.example>", test.want, "RCPT TO:<dos@dgt.example>", test.want)
				if took := time.Since(began); took != test.takes {
					t.Errorf("took %v, want %v", took, test.takes)
				}
			})
			want := len(opt.Blocklists)
			if test.name == "trusted" || test.name == "unix socket" {
				want = 0
			}
			if len(z.asked) != want {
				t.Errorf("asked %q", z.asked)
			}
		})
	}
}

// Each client a front brings is looked up by itself.
func TestBlocklistsForEachClient(t *testing.T) {
	opt := withFront()
	opt.Blocklists = []string{"lista.example"}
	opt.Resolver = &zone{answers: map[string][]string{"7.2.0.192.lista.example.": {"127.0.0.2"}}}
	inBubble(t, opt, func(t *testing.T, _ *desk, l *memory) {
		p := l.dial(t, front)
		p.open("soporte@dgt.example")
		for addr, want := range map[string]string{"192.0.2.7": "550 5.7.1 *", "192.0.2.8": "250 *"} {
			p.say("RSET", "250 *", "XCLIENT ADDR="+addr+" HELO=a", "220 *", "MAIL FROM:<>", "250 *", "RCPT TO:<uno@dgt.example>", want)
		}
	})
}

// A list asked by real DNS: what is not there is not listed, and a server that
// fails lists nobody.
func TestBlocklistByDNS(t *testing.T) {
	server := blocklistServer(t)
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server)
	}}
	l := newMemory()
	t.Cleanup(serve(t, Options{Blocklists: []string{"lista.example"}, Resolver: resolver}, &desk{}, l))
	for addr, want := range map[string]string{
		"192.0.2.7": "550 5.7.1 192.0.2.7 is listed by lista.example; *",
		"192.0.2.8": "250 *",
		"192.0.2.9": "250 *",
	} {
		p := l.dial(t, netip.MustParseAddr(addr))
		p.expect("220 *")
		p.say("EHLO cliente.example", "250 *", "MAIL FROM:<>", "250 *", "RCPT TO:<uno@dgt.example>", want)
		_ = p.conn.Close()
	}
}

// blocklistServer lists 192.0.2.7, does not know 192.0.2.8, and fails for all
// else.
func blocklistServer(t *testing.T) (addr string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(answerBlocklist)}
	ended := make(chan error, 1)
	go func() { ended <- server.ActivateAndServe() }()
	t.Cleanup(func() {
		_ = conn.Close()
		<-ended
	})
	return conn.LocalAddr().String()
}

func answerBlocklist(w dns.ResponseWriter, query *dns.Msg) {
	reply := new(dns.Msg).SetReply(query)
	switch question := query.Question[0]; {
	case strings.HasPrefix(question.Name, "8.2.0.192."):
		reply.Rcode = dns.RcodeNameError
	case !strings.HasPrefix(question.Name, "7.2.0.192."):
		reply.Rcode = dns.RcodeServerFailure
	case question.Qtype == dns.TypeA:
		record := dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}
		reply.Answer = []dns.RR{&dns.A{Hdr: record, A: net.IPv4(127, 0, 0, 2)}}
	}
	_ = w.WriteMsg(reply)
}
