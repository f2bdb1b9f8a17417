package authn

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testTimeout is how long a question without an answer takes.
const testTimeout = time.Second

func TestLookupTXT(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	server, d := serveZone(t, `
ayuntamiento.example. TXT "one " "record"
ayuntamiento.example. TXT "quote \" backslash \\ byte \233"
alias.example. CNAME ayuntamiento.example.
loop.example. CNAME loop.example.
empty.example. A 192.0.2.1
large.example. TXT `+strings.Repeat(`"`+long+`" `, 10)+`
`)
	server.fails([]string{"dead.example"}, []string{"broken.example"})
	tests := []struct {
		name string
		want []string
		err  string // "not found", "temporary", "timeout", "permanent"
	}{
		{"ayuntamiento.example", []string{"one record", "quote \" backslash \\ byte \xe9"}, ""},
		{"AYUNTAMIENTO.example.", []string{"one record", "quote \" backslash \\ byte \xe9"}, ""},
		{"alias.example", []string{"one record", "quote \" backslash \\ byte \xe9"}, ""},
		{"large.example", []string{strings.Repeat(long, 10)}, ""}, // over TCP
		{"empty.example", nil, ""},
		{"nobody.example", nil, "not found"},
		{"two..dots.example", nil, "not found"},
		{strings.Repeat("a", 64) + ".example", nil, "not found"},
		{"broken.example", nil, "temporary"},
		{"dead.example", nil, "timeout"},
		{"loop.example", nil, "permanent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := d.LookupTXT(t.Context(), tt.name)
			slices.Sort(got)
			if !slices.Equal(got, tt.want) || errorKind(err) != tt.err {
				t.Errorf("got %q and %v, want %q and %q", got, err, tt.want, tt.err)
			}
		})
	}
}

// errorKind names an error; only one that is a *net.DNSError itself has a name.
func errorKind(err error) string {
	dnsErr, ok := err.(*net.DNSError)
	switch {
	case err == nil:
		return ""
	case !ok:
		return "wrapped"
	case dnsErr.IsNotFound:
		return "not found"
	case dnsErr.IsTimeout:
		return "timeout"
	case dnsErr.Temporary():
		return "temporary"
	}
	return "permanent"
}

func TestLookupOthers(t *testing.T) {
	_, d := serveZone(t, `
ayuntamiento.example. MX 10 mx.ayuntamiento.example.
mx.ayuntamiento.example. A 192.0.2.1
mx.ayuntamiento.example. AAAA 2001:db8::1
1.2.0.192.in-addr.arpa. PTR mx.ayuntamiento.example.
`)
	ctx := t.Context()
	if hosts, err := d.LookupMX(ctx, "ayuntamiento.example"); err != nil || len(hosts) != 1 || hosts[0].Host != "mx.ayuntamiento.example." || hosts[0].Pref != 10 {
		t.Errorf("MX: %v, %v", hosts, err)
	}
	if names, err := d.LookupAddr(ctx, "192.0.2.1"); err != nil || !slices.Equal(names, []string{"mx.ayuntamiento.example."}) {
		t.Errorf("PTR: %v, %v", names, err)
	}
	for network, want := range map[string]string{"ip4": "[192.0.2.1]", "ip6": "[2001:db8::1]", "ip": "[192.0.2.1 2001:db8::1]"} {
		if got, err := d.LookupNetIP(ctx, network, "mx.ayuntamiento.example"); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v", network, got, err)
		}
	}
}

func TestCacheOfResolver(t *testing.T) {
	server, d := serveZone(t, `
example. SOA ns.example. admin.example. 1 2 3 4 60
kept.example. 60 TXT "kept"
fleeting.example. 0 TXT "not kept"
`)
	for range 3 {
		for _, name := range []string{"kept.example", "fleeting.example", "missing.example"} {
			_, _ = d.LookupTXT(t.Context(), name)
		}
	}
	for name, want := range map[string]int{"kept.example TXT": 1, "fleeting.example TXT": 3, "missing.example TXT": 1} {
		if got := server.questions(name); got != want {
			t.Errorf("%s was asked for %d times, want %d", name, got, want)
		}
	}
}

func TestCache(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := newCache(10)
	c.put(cacheKey{"a", 1}, answer{ttl: time.Minute}, now)
	if _, ok := c.get(cacheKey{"a", 1}, now.Add(59*time.Second)); !ok {
		t.Error("forgotten before its time")
	}
	if _, ok := c.get(cacheKey{"a", 1}, now.Add(time.Minute)); ok {
		t.Error("kept for longer than allowed")
	}
	for i := range 1000 {
		c.put(cacheKey{fmt.Sprint(i), 1}, answer{ttl: time.Minute}, now)
	}
	if len(c.entries) > 10 {
		t.Errorf("holds %d entries", len(c.entries))
	}
	c.put(cacheKey{"b", 1}, answer{ttl: time.Minute, records: make([]dns.RR, maxKeptRecords+1)}, now)
	if _, ok := c.get(cacheKey{"b", 1}, now); ok {
		t.Error("kept an enormous answer")
	}
}

func TestSecondServer(t *testing.T) {
	good, _ := serveZone(t, `ayuntamiento.example. TXT "here"`)
	bad := serveDNS(t, func(w dns.ResponseWriter, q *dns.Msg) {
		_ = w.WriteMsg(new(dns.Msg).SetRcode(q, dns.RcodeRefused))
	})
	d, err := NewDNS(DNSOptions{Servers: []string{bad, good.address}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.LookupTXT(t.Context(), "ayuntamiento.example"); err != nil || len(got) != 1 {
		t.Errorf("%q, %v", got, err)
	}
}

// TestServers asks servers that do not behave.
func TestServers(t *testing.T) {
	record := readZone(t, `ayuntamiento.example. TXT "here"`)[0]
	tests := []struct {
		name   string
		answer dns.HandlerFunc
		want   string
	}{
		{"knows no EDNS", func(w dns.ResponseWriter, q *dns.Msg) {
			reply := new(dns.Msg).SetReply(q)
			reply.Answer = []dns.RR{record}
			if q.IsEdns0() != nil {
				reply.Answer, reply.Rcode = nil, dns.RcodeFormatError
			}
			_ = w.WriteMsg(reply)
		}, ""},
		{"answers another question", func(w dns.ResponseWriter, q *dns.Msg) {
			reply := new(dns.Msg).SetReply(q)
			reply.Question[0].Name = "elsewhere.example."
			reply.Answer = []dns.RR{record}
			_ = w.WriteMsg(reply)
		}, "temporary"},
		{"adds what was not asked for", func(w dns.ResponseWriter, q *dns.Msg) {
			reply := new(dns.Msg).SetReply(q)
			other := dns.Copy(record)
			other.Header().Name = "other.example."
			reply.Answer = []dns.RR{record, other}
			_ = w.WriteMsg(reply)
		}, ""},
		{"echoes the question", func(w dns.ResponseWriter, q *dns.Msg) { _ = w.WriteMsg(q) }, "temporary"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := NewDNS(DNSOptions{Servers: []string{serveDNS(t, tt.answer)}, Timeout: testTimeout})
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.LookupTXT(t.Context(), "ayuntamiento.example")
			if errorKind(err) != tt.want || tt.want == "" && !slices.Equal(got, []string{"here"}) {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestNewDNS(t *testing.T) {
	for server, want := range map[string]string{
		"192.0.2.1": "192.0.2.1:53", "192.0.2.1:5353": "192.0.2.1:5353",
		"2001:db8::1": "[2001:db8::1]:53", "[2001:db8::1]": "[2001:db8::1]:53", "[2001:db8::1]:54": "[2001:db8::1]:54",
	} {
		d, err := NewDNS(DNSOptions{Servers: []string{server}})
		if err != nil || d.servers[0] != want {
			t.Errorf("%s: %v, %v, want %s", server, d.servers, err, want)
		}
	}
}

// TestCounted makes sure that a check can be neither made to ask for ever nor
// misled by a resolver that wraps its errors.
func TestCounted(t *testing.T) {
	c := newCounted(noResolver{})
	for range maxLookups {
		if _, err := c.LookupTXT(t.Context(), "a.example"); errorKind(err) != "temporary" {
			t.Fatal(err)
		}
	}
	if _, err := c.LookupNetIP(t.Context(), "ip4", "a.example"); errorKind(err) != "permanent" || !c.exhausted {
		t.Error(err)
	}
	wrapped := fmt.Errorf("asking: %w", &net.DNSError{IsNotFound: true})
	if errorKind(plainDNSError(wrapped)) != "not found" || errorKind(plainDNSError(errors.New("other"))) != "temporary" {
		t.Error("errors were not made plain")
	}
}

var localhost = netip.MustParseAddr("127.0.0.1")
