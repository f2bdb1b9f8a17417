package deliver

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// realZone is what the DNS server of TestRealDNS knows; "SERVFAIL" and
// "NXDOMAIN" are answers of their own.
var realZone = map[string][]string{
	"MX ayto.example.":     {"ayto.example. 60 IN MX 20 mx2.ayto.example.", "ayto.example. 60 IN MX 10 mx1.ayto.example."},
	"A mx1.ayto.example.":  {"mx1.ayto.example. 60 IN A 192.0.2.1"},
	"A mx2.ayto.example.":  {"mx2.ayto.example. 60 IN A 192.0.2.2"},
	"A plain.example.":     {"plain.example. 60 IN A 192.0.2.3"},
	"MX null.example.":     {"null.example. 60 IN MX 0 ."},
	"MX sick.example.":     {"SERVFAIL"},
	"MX half.example.":     {"half.example. 60 IN MX 10 mx.half.example."},
	"A mx.half.example.":   {"SERVFAIL"},
	"MX gone.example.":     {"NXDOMAIN"},
	"A gone.example.":      {"NXDOMAIN"},
	"MX alias.example.":    {"alias.example. 60 IN CNAME ayto.example.", "ayto.example. 60 IN MX 10 mx1.ayto.example."},
	"MX six.example.":      {"six.example. 60 IN MX 10 mx.six.example."},
	"AAAA mx.six.example.": {"mx.six.example. 60 IN AAAA 2001:db8::6"},
	"TXT _mta-sts.ayto.example.": {
		`_mta-sts.ayto.example. 60 IN TXT "v=STSv1; " "id=7;"`,
	},
	"TXT _mta-sts.sick.example.": {"SERVFAIL"},
}

// The resolver of the standard library and a real DNS server say what the
// router understands.
func TestRealDNS(t *testing.T) {
	resolver := serveZone(t)
	r := newInternet().newRouter()
	r.resolver = resolver
	for domain, want := range map[string]string{
		"ayto.example":  "mx1.ayto.example 192.0.2.1, mx2.ayto.example 192.0.2.2",
		"alias.example": "mx1.ayto.example 192.0.2.1",
		"plain.example": "plain.example 192.0.2.3",
		"six.example":   "mx.six.example 2001:db8::6",
		"null.example":  "permanent 5.1.10",
		"sick.example":  "temporary mx of sick.example",
		"half.example":  "temporary address of mx.half.example",
		"gone.example":  "permanent 5.1.2",
		"empty.example": "permanent 5.1.2",
	} {
		if got := words(r.route(t.Context(), domain)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", domain, got, want)
		}
	}
	s := &policies{resolver: resolver}
	if id, err := s.id(t.Context(), "ayto.example"); id != "7" || err != nil {
		t.Errorf("id %q, %v", id, err)
	}
	if id, err := s.id(t.Context(), "plain.example"); id != "" || err != nil {
		t.Errorf("id %q, %v", id, err)
	}
	if id, err := s.id(t.Context(), "sick.example"); id != "" || err == nil {
		t.Errorf("id %q, %v", id, err)
	}
}

// serveZone starts a DNS server and returns a resolver that asks no other.
func serveZone(t *testing.T) *net.Resolver {
	t.Helper()
	socket := must(net.ListenPacket("udp", "127.0.0.1:0"))(t)
	server := &dns.Server{PacketConn: socket, Handler: dns.HandlerFunc(answerFromZone)}
	ended := make(chan error, 1)
	go func() { ended <- server.ActivateAndServe() }()
	t.Cleanup(func() {
		socket.Close()
		<-ended
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

func answerFromZone(w dns.ResponseWriter, query *dns.Msg) {
	reply := new(dns.Msg).SetReply(query)
	reply.RecursionAvailable = true
	question := query.Question[0]
	for _, record := range realZone[dns.TypeToString[question.Qtype]+" "+question.Name] {
		switch record {
		case "SERVFAIL", "NXDOMAIN":
			reply.Rcode = dns.StringToRcode[record]
		default:
			rr, err := dns.NewRR(record)
			if err != nil {
				reply.Rcode = dns.RcodeFormatError
			}
			reply.Answer = append(reply.Answer, rr)
		}
	}
	w.WriteMsg(reply)
}
