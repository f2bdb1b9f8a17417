package smtpd

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// host is what the server calls itself in tests.
const host = "mx.cauce.example"

// memory is a net.Listener without a network: connections are net.Pipe, so
// that time in them is that of a synctest bubble.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newMemory() *memory { return &memory{make(chan net.Conn), make(chan struct{})} }

func (m *memory) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	select {
	case <-m.closed:
	default:
		close(m.closed)
	}
	return nil
}

func (m *memory) Addr() net.Addr { return &net.UnixAddr{} }

// from gives a connection an address.
type from struct {
	net.Conn
	addr netip.Addr
}

func (f from) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(f.addr, 40000))
}

// peer is the other side of a conversation. Replies are read as they come, so
// writing never waits for reading.
type peer struct {
	t       *testing.T
	conn    net.Conn
	replies chan string
	rising  atomic.Bool // to TLS: what follows the next 220 is not ours to read
}

// dial connects a peer with the given address and reads nothing yet.
func (m *memory) dial(t *testing.T, addr netip.Addr) *peer {
	client, server := net.Pipe()
	m.conns <- from{server, addr}
	return newPeer(t, client)
}

func newPeer(t *testing.T, conn net.Conn) *peer {
	p := &peer{t: t, conn: conn}
	p.listen()
	return p
}

func (p *peer) listen() {
	replies := make(chan string, 1000)
	p.replies = replies
	go func() {
		defer close(replies)
		lines := bufio.NewReader(p.conn)
		for {
			reply, err := readReply(lines)
			if err != nil {
				return
			}
			replies <- reply
			if p.rising.Load() && strings.HasPrefix(reply, "220") {
				return
			}
		}
	}()
}

// readReply reads one reply; its lines are joined with "\n".
func readReply(r *bufio.Reader) (string, error) {
	var lines []string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		line = strings.TrimSuffix(line, "\r\n")
		lines = append(lines, line)
		if len(line) < 4 || line[3] == ' ' {
			return strings.Join(lines, "\n"), nil
		}
	}
}

// send writes raw bytes. The server may have hung up: what it says counts.
func (p *peer) send(text string) { _, _ = io.WriteString(p.conn, text) }

// expect reads a reply and compares it; see matches.
func (p *peer) expect(want string) {
	p.t.Helper()
	reply, open := <-p.replies
	if !open {
		p.t.Fatalf("connection ended, want reply %q", want)
	}
	if !matches(reply, want) {
		p.t.Fatalf("reply %q, want %q", reply, want)
	}
}

// matches compares a reply with what is wanted, in which a final * stands for
// any rest. A single line is compared with the last of a reply.
func matches(reply, want string) bool {
	if !strings.Contains(want, "\n") {
		reply = reply[strings.LastIndexByte(reply, '\n')+1:]
	}
	if start, ok := strings.CutSuffix(want, "*"); ok {
		return strings.HasPrefix(reply, start)
	}
	return reply == want
}

// say sends each line and expects the reply that follows it.
func (p *peer) say(linesAndReplies ...string) {
	p.t.Helper()
	for i := 0; i < len(linesAndReplies); i += 2 {
		p.send(linesAndReplies[i] + "\r\n")
		p.expect(linesAndReplies[i+1])
	}
}

// expectLast reads to the end of the connection and compares the last reply.
func (p *peer) expectLast(want string) {
	p.t.Helper()
	last := ""
	for reply := range p.replies {
		last = reply
	}
	if !matches(last, want) {
		p.t.Errorf("last reply %q, want %q", last, want)
	}
}

// expectEnd reads the end of the connection.
func (p *peer) expectEnd() {
	p.t.Helper()
	if reply, open := <-p.replies; open {
		p.t.Fatalf("reply %q, want the end of the connection", reply)
	}
}

// startTLS asks for TLS and goes on over it.
func (p *peer) startTLS() {
	p.t.Helper()
	p.rising.Store(true)
	p.say("STARTTLS", "220 *")
	p.expectEnd()
	p.rising.Store(false)
	stream := tls.Client(p.conn, &tls.Config{InsecureSkipVerify: true})
	if err := stream.Handshake(); err != nil {
		p.t.Fatal(err)
	}
	p.conn = stream
	p.listen()
}

// open greets the server and gives sender and recipient.
func (p *peer) open(to string) {
	p.t.Helper()
	p.expect("220 *")
	p.say("EHLO cliente.example", "250 *")
	p.envelope(to)
}

func (p *peer) envelope(to string) {
	p.t.Helper()
	p.say("MAIL FROM:<ana@correo.example>", "250 *", "RCPT TO:<"+to+">", "250 *")
}

// serve runs a server on l until the returned function is called, which waits
// for its end.
func serve(t *testing.T, opt Options, d Handler, l net.Listener) (stop func()) {
	opt.Hostname = host
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if opt.TempDir == "" {
		opt.TempDir = t.TempDir()
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- New(opt, d).Serve(ctx, l) }()
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
}

// selfSigned makes a certificate for the given name.
func selfSigned(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
