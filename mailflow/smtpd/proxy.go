package smtpd

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/pires/go-proxyproto"
)

// introduced reads the header of the PROXY protocol, version 1 or 2, in which a
// proxy of Options.Proxies must say whose connection it brings. Whether there
// is one is not guessed: without it the connection ends. Everybody else's is a
// command like any other, and not known. The reply is the reason to end, if any.
func (g *guard) introduced() (refusal string) {
	g.await(time.Now().Add(g.door.server.opt.ProxyTimeout))
	header, err := proxyproto.Read(g.in)
	if g.awaited() {
		return replyStopping
	}
	client := g.remote
	if err == nil {
		client, err = proxied(header, g.remote)
	}
	if err != nil {
		g.door.server.log.notIntroduced(g.remote, err)
		return replyNoProxy
	}
	return g.adopt(client)
}

var errNoClient = errors.New("no TCP client")

// proxied is the client that a header names. A connection that is the proxy's
// own ("LOCAL", or "UNKNOWN" in version 1), such as a check of our health, is
// the proxy's; one of a client without an address of the internet is refused.
func proxied(header *proxyproto.Header, proxy netip.Addr) (netip.Addr, error) {
	if header.Command.IsLocal() {
		return proxy, nil
	}
	source, ok := header.SourceAddr.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, fmt.Errorf("source %v: %w", header.SourceAddr, errNoClient)
	}
	addr := source.AddrPort().Addr().Unmap().WithZone("")
	if !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() {
		return netip.Addr{}, fmt.Errorf("source %v: %w", addr, errNoClient)
	}
	return addr, nil
}
