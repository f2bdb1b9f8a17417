package dnsplan

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// world is a DNS server that knows what a zone file says.
type world struct {
	records map[string][]dns.RR // by name, in lower case
	failing string              // a name that gets no answer but SERVFAIL
}

func parseZone(t *testing.T, zone string) []dns.RR {
	t.Helper()
	parser := dns.NewZoneParser(strings.NewReader(zone), ".", "zone")
	var list []dns.RR
	for record, ok := parser.Next(); ok; record, ok = parser.Next() {
		list = append(list, record)
	}
	if err := parser.Err(); err != nil {
		t.Fatalf("%v\n%s", err, zone)
	}
	return list
}

// serve answers on loopback, by UDP and by TCP, until the test ends.
func serve(t *testing.T, zone, failing string) Server {
	t.Helper()
	w := &world{records: map[string][]dns.RR{}, failing: dns.Fqdn(failing)}
	for _, record := range parseZone(t, zone) {
		name := strings.ToLower(record.Header().Name)
		w.records[name] = append(w.records[name], record)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", tcp.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []*dns.Server{{Listener: tcp, Handler: w}, {PacketConn: udp, Handler: w}} {
		ended := make(chan error, 1)
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		go func() { ended <- server.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			_ = server.Shutdown()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
	return Server{tcp.Addr().String()}
}

func (w *world) ServeDNS(out dns.ResponseWriter, question *dns.Msg) {
	answer := new(dns.Msg).SetReply(question)
	asked := question.Question[0]
	if strings.EqualFold(asked.Name, w.failing) {
		answer.Rcode = dns.RcodeServerFailure
	} else if answer.Answer = w.find(asked.Name, asked.Qtype); w.records[strings.ToLower(asked.Name)] == nil {
		answer.Rcode = dns.RcodeNameError
	}
	if _, byUDP := out.RemoteAddr().(*net.UDPAddr); byUDP {
		answer.Truncate(int(question.IsEdns0().UDPSize()))
	}
	_ = out.WriteMsg(answer)
}

// find follows aliases, as a resolver does.
func (w *world) find(name string, kind uint16) []dns.RR {
	var found []dns.RR
	for _, record := range w.records[strings.ToLower(name)] {
		switch alias, isAlias := record.(*dns.CNAME); {
		case isAlias:
			found = append(append(found, record), w.find(alias.Target, kind)...)
		case record.Header().Rrtype == kind:
			found = append(found, record)
		}
	}
	return found
}

// dgt is a site of one domain with everything known.
func dgt() Site {
	return Site{
		Hostname:  "cauce.DGT.example",
		Domains:   []Domain{{"dgt.example", true}},
		Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")},
		STARTTLS:  true,
		Keys: []Key{
			{"dgt.example", "c1._domainkey.dgt.example", "v=DKIM1; k=rsa; p=" + strings.Repeat("QUJD", 100)},
			{"pnt.example", "c1._domainkey.pnt.example", "v=DKIM1; k=rsa; p=QUJD"},
		},
	}
}

// published is the zone of a site as it should be.
func published(t *testing.T, s Site) string {
	t.Helper()
	plan, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Zone() + "mta-sts.dgt.example. 3600 IN A 192.0.2.80\n"
}
