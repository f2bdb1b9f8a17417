package smtpd

import (
	"bufio"
	"bytes"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pires/go-proxyproto"
)

var (
	loopback = netip.MustParsePrefix("127.0.0.0/8")
	here     = &net.TCPAddr{IP: net.IPv4(203, 0, 113, 25), Port: 25}
	here6    = &net.TCPAddr{IP: net.ParseIP("2001:db8::25"), Port: 25}
)

// header is what a proxy sends first for a client.
func header(t *testing.T, version byte, client netip.Addr) string {
	t.Helper()
	destination := here
	if client.Is6() {
		destination = here6
	}
	source := net.TCPAddrFromAddrPort(netip.AddrPortFrom(client, 40000))
	text, err := proxyproto.HeaderProxyFromAddrs(version, source, destination).Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// connect dials a real socket and sends the first bytes.
func connect(t *testing.T, addr net.Addr, first string) *peer {
	t.Helper()
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p := newPeer(t, conn)
	p.send(first)
	return p
}

// sendMail plays a mail after the greeting.
func (p *peer) sendMail() {
	p.t.Helper()
	p.open("soporte@dgt.example")
	p.say("DATA", "354 *", "hola\r\n.", "250 2.0.0 *")
}

// The address a proxy gives is the client's, with and without TLS.
func TestProxyNamesClient(t *testing.T) {
	opt := withTLS(t)
	opt.Proxies = []netip.Prefix{loopback}
	h := &remotes{seen: make(chan netip.Addr, 1)}
	addr := listen(t, "tcp", "127.0.0.1:0", opt, h)
	for _, client := range []netip.Addr{from4, from6} {
		for _, version := range []byte{1, 2} {
			p := connect(t, addr, header(t, version, client))
			p.expect("220 *")
			p.say("EHLO cliente.example", "250 *")
			p.startTLS()
			p.say("EHLO cliente.example", "250 *")
			p.envelope("soporte@dgt.example")
			p.say("DATA", "354 *", "hola\r\n.", "250 2.0.0 *")
			if seen := <-h.seen; seen != client {
				t.Errorf("version %d: remote %v, want %v", version, seen, client)
			}
		}
	}
}

// What a proxy's own check sends without a client counts as the proxy's.
func TestProxyForItself(t *testing.T) {
	h := &remotes{seen: make(chan netip.Addr, 1)}
	addr := listen(t, "tcp", "127.0.0.1:0", Options{Proxies: []netip.Prefix{loopback}}, h)
	for _, own := range []string{"\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00", "PROXY UNKNOWN\r\n"} {
		connect(t, addr, own).sendMail()
		if seen := <-h.seen; seen != netip.MustParseAddr("127.0.0.1") {
			t.Errorf("%q: remote %v", own, seen)
		}
	}
}

// A proxy that does not name a client in one go, or names nobody, is let go.
func TestProxyWithoutClient(t *testing.T) {
	addr := listen(t, "tcp", "127.0.0.1:0", Options{Proxies: []netip.Prefix{loopback}}, &desk{})
	for _, first := range []string{
		"EHLO cliente.example\r\n",
		"PROXY TCP4 192.0.2.7 203.0.113.25 40000\r\n",
		"PROXY TCP4 0.0.0.0 203.0.113.25 40000 25\r\n",
		"PROXY TCP6 ff02::1 2001:db8::25 40000 25\r\n",
		"PROXY TCP4 192.0.2.7 203.0.113.25 40000 25 " + strings.Repeat("x", 100) + "\r\n",
		"\r\n\r\n\x00\r\nQUIT\n\x21\x31\x00\xd8" + strings.Repeat("s", 216), // a unix socket's client
	} {
		p := connect(t, addr, first)
		p.expect(replyNoProxy)
		p.expectEnd()
	}
}

// Only the configured proxies are believed; from others a header is nothing.
func TestProxyHeaderOfStranger(t *testing.T) {
	h := &remotes{seen: make(chan netip.Addr, 1)}
	opt := Options{Proxies: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}}
	addr := listen(t, "tcp", "127.0.0.1:0", opt, h)
	p := connect(t, addr, header(t, 1, from4))
	p.expect("220 *")
	p.expect("500 5.5.2 *")
	p.say("EHLO cliente.example", "250 *")
	p.envelope("soporte@dgt.example")
	p.say("DATA", "354 *", "hola\r\n.", "250 2.0.0 *")
	if seen := <-h.seen; seen != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("remote %v", seen)
	}
}

// A proxy that says nothing is waited for no longer than ProxyTimeout, and not
// at all when the server stops; meanwhile others are served.
func TestProxySilent(t *testing.T) {
	proxy := netip.MustParseAddr("198.51.100.1")
	opt := Options{Proxies: []netip.Prefix{netip.PrefixFrom(proxy, 32)}, ProxyTimeout: 3 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		l := newMemory()
		stop := serve(t, opt, &desk{}, l)
		began := time.Now()
		p := l.dial(t, proxy)
		l.dial(t, from4).expect("220 *")
		p.expect(replyNoProxy)
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("waited %v", waited)
		}
		p = l.dial(t, proxy)
		synctest.Wait()
		began = time.Now()
		stop()
		p.expect(replyStopping)
		if waited := time.Since(began); waited > 0 {
			t.Errorf("stopping took %v", waited)
		}
	})
}

// The limit per network is the client's, however many the proxy brings.
func TestProxyLimits(t *testing.T) {
	opt := Options{Proxies: []netip.Prefix{loopback}, MaxPerNetwork: 1}
	addr := listen(t, "tcp", "127.0.0.1:0", opt, &desk{})
	first := connect(t, addr, header(t, 2, from4))
	first.expect("220 *")
	p := connect(t, addr, header(t, 2, from4))
	p.expect(replyBusyNetwork)
	p.expectEnd()
	connect(t, addr, header(t, 2, from6)).expect("220 *")
	first.say("QUIT", "221 *")
	first.expectEnd()
}

// FuzzProxied reads any bytes as a header, and never takes for a client what is
// no address of one.
func FuzzProxied(f *testing.F) {
	f.Add([]byte("PROXY TCP4 192.0.2.7 203.0.113.25 40000 25\r\n"))
	f.Add([]byte("PROXY TCP6 ::ffff:192.0.2.7 2001:db8::25 40000 25\r\n"))
	f.Add([]byte("PROXY UNKNOWN\r\n"))
	f.Add([]byte("\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00"))
	f.Add([]byte("\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x07\xcb\x00\x71\x19\x9c\x40\x00\x19"))
	proxy := netip.MustParseAddr("198.51.100.1")
	f.Fuzz(func(t *testing.T, in []byte) {
		read, err := proxyproto.Read(bufio.NewReader(bytes.NewReader(in)))
		if err != nil {
			return
		}
		client, err := proxied(read, proxy)
		if err == nil && (!client.IsValid() || client.IsUnspecified() || client.Is4In6() || client.Zone() != "") {
			t.Errorf("client %v", client)
		}
	})
}
