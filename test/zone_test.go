package test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/miekg/dns"
)

// zone is the DNS as the daemon sees it: a server on loopback that knows what a
// scenario published, and says of everything else that it does not exist.
type zone struct {
	server  *dns.Server
	address netip.AddrPort
	mu      sync.Mutex
	records []dns.RR
}

func openZone() (*zone, error) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	z := &zone{address: conn.LocalAddr().(*net.UDPAddr).AddrPort()}
	started := make(chan struct{})
	z.server = &dns.Server{PacketConn: conn, Handler: z, NotifyStartedFunc: func() { close(started) }}
	go func() { _ = z.server.ActivateAndServe() }() // ends with close
	<-started
	return z, nil
}

func (z *zone) close() error { return z.server.Shutdown() }

// publish adds a record in the form of a zone file.
func (z *zone) publish(line string) error {
	record, err := dns.NewRR(line)
	if err != nil || record == nil {
		return fmt.Errorf("%q is no record: %v", line, err)
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	z.records = append(z.records, record)
	return nil
}

// ServeDNS implements dns.Handler.
func (z *zone) ServeDNS(w dns.ResponseWriter, ask *dns.Msg) {
	z.mu.Lock()
	defer z.mu.Unlock()
	answer := new(dns.Msg)
	answer.SetReply(ask)
	answer.Rcode = dns.RcodeNameError
	for _, record := range z.records {
		name := record.Header().Name
		if strings.EqualFold(name, ask.Question[0].Name) || dns.IsSubDomain(ask.Question[0].Name, name) {
			answer.Rcode = dns.RcodeSuccess // the name is there
		}
		if strings.EqualFold(name, ask.Question[0].Name) && record.Header().Rrtype == ask.Question[0].Qtype {
			answer.Answer = append(answer.Answer, record)
		}
	}
	_ = w.WriteMsg(answer) // who does not get it asks again
}

// zone RECORD publishes a record: 'ayto.example. TXT "v=spf1 ip4:127.0.0.1 -all"'.
func (s *scene) zone(c call) error { return s.office.zone.publish(strings.Join(c.words, " ")) }
