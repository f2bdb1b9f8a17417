package authn

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// nameServer is a real DNS server on loopback, for a zone given as text.
type nameServer struct {
	address string
	zone    []dns.RR

	mu     sync.Mutex
	dead   []string // names that get no answer
	broken []string // names that get SERVFAIL
	asked  []string
}

// serveZone starts a name server, and a resolver that asks it.
func serveZone(t testing.TB, zone string) (*nameServer, *DNS) {
	t.Helper()
	s := &nameServer{zone: readZone(t, zone)}
	s.address = serveDNS(t, s.answer)
	return s, s.resolver(t)
}

func (s *nameServer) resolver(t testing.TB) *DNS {
	t.Helper()
	d, err := NewDNS(DNSOptions{Servers: []string{s.address}, Timeout: testTimeout})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readZone(t testing.TB, text string) []dns.RR {
	t.Helper()
	var zone []dns.RR
	parser := dns.NewZoneParser(strings.NewReader("$TTL 300\n"+text), ".", "")
	for r, ok := parser.Next(); ok; r, ok = parser.Next() {
		zone = append(zone, r)
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	return zone
}

// serveDNS answers over UDP and TCP on one port, until the test is over.
func serveDNS(t testing.TB, handler dns.HandlerFunc) string {
	t.Helper()
	packets, listener := listenTwice(t)
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: handler}, {Listener: listener, Handler: handler}} {
		started, done := make(chan struct{}), make(chan error, 1)
		server.NotifyStartedFunc = func() { close(started) }
		go func() { done <- server.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			if err := server.Shutdown(); err != nil {
				t.Error(err)
			}
			<-done
		})
	}
	return packets.LocalAddr().String()
}

// listenTwice finds a port that is free for both.
func listenTwice(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	var failure error
	for range 20 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		packets, err := net.ListenPacket("udp", listener.Addr().String())
		if err == nil {
			return packets, listener
		}
		failure = err
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal(failure)
	return nil, nil
}

// fails says which names get no answer, and which SERVFAIL.
func (s *nameServer) fails(dead, broken []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead, s.broken = dead, broken
}

func (s *nameServer) answer(w dns.ResponseWriter, q *dns.Msg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.ToLower(strings.TrimSuffix(q.Question[0].Name, "."))
	s.asked = append(s.asked, name+" "+dns.TypeToString[q.Question[0].Qtype])
	if slices.Contains(s.dead, name) {
		return
	}
	reply := new(dns.Msg).SetReply(q)
	if s.fill(reply, name, q.Question[0].Qtype); reply.Len() > 1200 && w.RemoteAddr().Network() == "udp" {
		reply.Answer, reply.Truncated = nil, true
	}
	if slices.Contains(s.broken, name) {
		reply.Answer, reply.Rcode = nil, dns.RcodeServerFailure
	}
	_ = w.WriteMsg(reply) // the other end may have gone
}

func (s *nameServer) fill(reply *dns.Msg, name string, kind uint16) {
	exists := false
	for _, r := range s.zone {
		owner := strings.ToLower(strings.TrimSuffix(r.Header().Name, "."))
		exists = exists || owner == name || strings.HasSuffix(owner, "."+name)
		if owner == name && (r.Header().Rrtype == kind || r.Header().Rrtype == dns.TypeCNAME) {
			reply.Answer = append(reply.Answer, r)
		}
		if r.Header().Rrtype == dns.TypeSOA && (owner == name || strings.HasSuffix(name, "."+owner)) {
			reply.Ns = []dns.RR{r}
		}
	}
	if !exists {
		reply.Rcode = dns.RcodeNameError
	}
}

// questions is how many were asked, of all names that end in suffix.
func (s *nameServer) questions(suffix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, asked := range s.asked {
		if strings.HasSuffix(asked, suffix) {
			count++
		}
	}
	return count
}

// theirResolver is a resolver as the other SPF reader wants it.
type theirResolver struct{ *DNS }

func (r theirResolver) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	found, err := r.LookupNetIP(ctx, "ip", host)
	var all []net.IPAddr
	for _, a := range found {
		all = append(all, net.IPAddr{IP: a.AsSlice()})
	}
	return all, err
}
