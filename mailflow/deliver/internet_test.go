package deliver

import (
	"bufio"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"
)

// internet is a small one: a DNS zone, and what answers at which address,
// which is a real server on a port of this machine or a scripted peer.
type internet struct {
	mx        map[string][]*net.MX
	addresses map[string][]string
	txt       map[string][]string
	broken    map[string]bool // questions the DNS has no answer to now: "mx ayto.example."

	empty bool // no such record is an empty answer, not an error

	authority *authority

	mu      sync.Mutex
	servers map[string]string   // "ip:port" to "127.0.0.1:port"
	scripts map[string][]string // "ip:port" to steps, as in a dialogue file
	dialled []string
	asked   []string
	peers   []*peer
	over    chan struct{}
}

func newInternet() *internet {
	return &internet{
		mx: map[string][]*net.MX{}, addresses: map[string][]string{}, txt: map[string][]string{}, broken: map[string]bool{},
		servers: map[string]string{}, scripts: map[string][]string{}, over: make(chan struct{}),
	}
}

// record adds "10 mx1.ayto.example." and the like.
func (n *internet) record(domain string, records ...string) {
	for _, record := range records {
		mx := &net.MX{}
		fmt.Sscan(record, &mx.Pref, &mx.Host)
		n.mx[domain] = append(n.mx[domain], mx)
	}
}

func (n *internet) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return n.mx[name], n.answer(ctx, "mx "+name, len(n.mx[name]))
}

func (n *internet) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return n.txt[name], n.answer(ctx, "txt "+name, len(n.txt[name]))
}

func (n *internet) LookupNetIP(ctx context.Context, _, host string) (found []netip.Addr, err error) {
	for _, address := range n.addresses[host] {
		found = append(found, netip.MustParseAddr(address))
	}
	return found, n.answer(ctx, "ip "+host, len(found))
}

func (n *internet) answer(ctx context.Context, question string, records int) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, question)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case n.broken[question]:
		return &net.DNSError{Err: "server misbehaving", Name: question, IsTemporary: true}
	case records == 0 && !n.empty:
		return &net.DNSError{Err: "no such host", Name: question, IsNotFound: true}
	}
	return nil
}

func (n *internet) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dialled = append(n.dialled, address)
	if server := n.servers[address]; server != "" {
		return (&net.Dialer{}).DialContext(ctx, network, server)
	}
	steps, found := n.scripts[address]
	if !found {
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	}
	client, server := net.Pipe()
	p := &peer{conn: server, lines: bufio.NewReader(server), mail: []byte(testMail), over: n.over, done: make(chan error, 1)}
	go p.run(steps)
	n.peers = append(n.peers, p)
	return client, nil
}

// end waits for the scripted peers and reports what they missed.
func (n *internet) end(t *testing.T) {
	t.Helper()
	close(n.over)
	for i, p := range n.peers {
		if err := <-p.done; err != nil {
			t.Errorf("peer %d: %v", i+1, err)
		}
	}
}

func (n *internet) dials() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string{}, n.dialled...)
}

// newMX is an MX on a machine with no address of its own.
func newMX(t *testing.T, o MXOptions) *MX {
	t.Helper()
	mx := must(NewMX(o))(t)
	mx.router.self.machine = func() ([]net.Addr, error) { return nil, nil }
	return mx
}

// options of an MX on this internet, which leaves equals in their order.
func (n *internet) options() MXOptions {
	o := MXOptions{Hello: "desk.example", Resolver: n, Dial: n.dial, Shuffle: func(int, func(i, j int)) {}}
	if n.authority != nil {
		o.Roots = n.authority.roots()
	}
	return o
}

// serve puts a mail server at an address, with a certificate for the names,
// or without TLS where there are none.
func (n *internet) serve(t *testing.T, address string, names ...string) *mailServer {
	t.Helper()
	var config *tls.Config
	if len(names) > 0 {
		config = &tls.Config{Certificates: []tls.Certificate{n.trusted(t).issue(t, names...)}}
	}
	return n.serveTLS(t, address, config)
}

func (n *internet) serveTLS(t *testing.T, address string, config *tls.Config) *mailServer {
	t.Helper()
	server := serveTLS(t, config)
	n.servers[address] = server.address
	return server
}

// trusted is the one authority that everybody on this internet trusts.
func (n *internet) trusted(t *testing.T) *authority {
	n.authority = cmp.Or(n.authority, newAuthority(t))
	return n.authority
}

// authority issues certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))(t)
	return &authority{certificate: must(x509.ParseCertificate(der))(t), key: key}
}

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

func (a *authority) issue(t *testing.T, names ...string) tls.Certificate {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der := must(x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key))(t)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// stillClock is moved by hand.
type stillClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *stillClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stillClock) Until(time.Time) <-chan struct{} { return nil }

func (c *stillClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
