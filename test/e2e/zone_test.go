//go:build e2e

package e2e

import (
	"net"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// serveZone runs a DNS server that knows some records, written as in a zone
// file, and says of everything else that it does not exist. It listens at port
// 53 of an address of this machine's own, as programs that are told nothing but
// an address ask there.
func serveZone(t *testing.T, records ...string) (server string) {
	t.Helper()
	var zone []dns.RR
	for _, line := range records {
		record, err := dns.NewRR(line)
		if err != nil {
			t.Fatal(err)
		}
		zone = append(zone, record)
	}
	conn, listener := listenForDNS(t)
	answer := func(w dns.ResponseWriter, ask *dns.Msg) {
		_ = w.WriteMsg(answerFrom(zone, ask)) // who does not get it asks again
	}
	for _, s := range []*dns.Server{{PacketConn: conn}, {Listener: listener}} {
		s.Handler = dns.HandlerFunc(answer)
		started, ended := make(chan struct{}), make(chan struct{})
		s.NotifyStartedFunc = func() { close(started) }
		go func() {
			defer close(ended)
			_ = s.ActivateAndServe() // until it is shut down
		}()
		<-started
		t.Cleanup(func() {
			_ = s.Shutdown()
			<-ended
		})
	}
	return conn.LocalAddr().String()
}

// listenForDNS finds an address whose port 53 is free.
func listenForDNS(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	var failure error
	for _, last := range []string{"1", "2", "3", "4", "5"} {
		address := "127.53.53." + last + ":53"
		conn, err := net.ListenPacket("udp", address)
		if err != nil {
			failure = err
			continue
		}
		listener, err := net.Listen("tcp", address)
		if err == nil {
			return conn, listener
		}
		_ = conn.Close()
		failure = err
	}
	t.Fatalf("no port 53 for a DNS server (it needs root): %v", failure)
	return nil, nil
}

func answerFrom(zone []dns.RR, ask *dns.Msg) *dns.Msg {
	answer := new(dns.Msg)
	answer.SetReply(ask)
	answer.Rcode = dns.RcodeNameError
	for _, record := range zone {
		name := record.Header().Name
		if dns.IsSubDomain(ask.Question[0].Name, name) {
			answer.Rcode = dns.RcodeSuccess // the name is there
		}
		if strings.EqualFold(name, ask.Question[0].Name) && record.Header().Rrtype == ask.Question[0].Qtype {
			answer.Answer = append(answer.Answer, record)
		}
	}
	return answer
}
