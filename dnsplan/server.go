package dnsplan

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// Server is a DNS server that resolves for us. It may be asked by many at
// once.
type Server struct {
	Address string // ip:port
}

// SystemServer is the first server the machine is set up to ask.
func SystemServer() (Server, error) { return serverIn("/etc/resolv.conf") }

func serverIn(path string) (Server, error) {
	system, err := dns.ClientConfigFromFile(path)
	if err != nil {
		return Server{}, fmt.Errorf("finding the system's DNS server: %w", err)
	}
	for _, address := range system.Servers {
		if _, err := netip.ParseAddr(address); err == nil {
			return Server{net.JoinHostPort(address, system.Port)}, nil
		}
	}
	return Server{}, fmt.Errorf("%s names no DNS server", path)
}

const (
	answerTime = 3 * time.Second
	attempts   = 2
	// udpSize is what fits in one packet nearly everywhere.
	udpSize = 1232
)

// Query asks for the records of one kind under a name: by UDP, by TCP if the
// answer is too long for that (RFC 7766 section 5), and once more if no answer
// came in 3 seconds.
func (s Server) Query(ctx context.Context, name string, kind uint16) ([]dns.RR, error) {
	question := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	question.SetEdns0(udpSize, false)
	var failed error
	for range attempts {
		answer, err := s.exchange(ctx, question)
		switch {
		case err != nil:
			failed = err
		case answer.Rcode == dns.RcodeSuccess, answer.Rcode == dns.RcodeNameError: // an alias may lead to no name
			return answer.Answer, nil
		default:
			failed = errors.New(dns.RcodeToString[answer.Rcode])
		}
	}
	return nil, fmt.Errorf("%s %s at %s: %w", name, dns.TypeToString[kind], s.Address, failed)
}

func (s Server) exchange(ctx context.Context, question *dns.Msg) (*dns.Msg, error) {
	udp := &dns.Client{Timeout: answerTime, UDPSize: udpSize}
	answer, _, err := udp.ExchangeContext(ctx, question, s.Address)
	if err == nil && answer.Truncated {
		tcp := &dns.Client{Net: "tcp", Timeout: answerTime}
		answer, _, err = tcp.ExchangeContext(ctx, question, s.Address)
	}
	return answer, err
}
