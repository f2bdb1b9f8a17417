package smtpd

import (
	"context"
	"net"
	"net/netip"
	"sync"

	"github.com/emersion/go-smtp"
)

// door is one listener being served: the net.Listener and the Backend that
// go-smtp sees. It knows every guard it let in and every mail being handled.
type door struct {
	net.Listener
	server   *Server
	handling context.Context // for the Handler; ends when the grace is over

	mu      sync.Mutex
	guards  map[*guard]struct{}
	closing bool // no new mail
	shut    bool // no new call of the Handler
	calls   sync.WaitGroup
}

func newDoor(s *Server, l net.Listener, handling context.Context) *door {
	return &door{Listener: l, server: s, handling: handling, guards: map[*guard]struct{}{}}
}

// Accept waits for the next peer. One for whom there is no slot is let in
// all the same, only to read a 421 instead of the greeting, in its own
// goroutine.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	remote := peerAddr(conn)
	fromProxy := within(d.server.opt.Proxies, remote)
	give, refusal := d.server.slots.take(remote)
	g := newGuard(d, conn, remote, give)
	g.proxied = fromProxy
	if !d.add(g) {
		refusal = replyStopping
	}
	g.turnAway = refusal
	d.server.log.connected(remote, refusal)
	return g, nil
}

// NewSession implements smtp.Backend; go-smtp calls it at the first EHLO.
func (d *door) NewSession(c *smtp.Conn) (smtp.Session, error) {
	peer := c.Conn().(*guard)
	peer.session = &session{door: d, peer: peer}
	return peer.session, nil
}

func (d *door) add(g *guard) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.guards[g] = struct{}{}
	return !d.closing
}

func (d *door) remove(g *guard) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.guards, g)
}

// drain tells every guard to take no new mail.
func (d *door) drain() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closing = true
	for g := range d.guards {
		g.drain()
	}
}

// cut closes every connection, whatever it is doing.
func (d *door) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for g := range d.guards {
		g.cut()
	}
}

// enter announces a mail being handled; it is false once the door is shut.
// go-smtp does not wait for the goroutine of a BDAT transfer, so we do.
func (d *door) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return false
	}
	d.calls.Add(1)
	return true
}

func (d *door) leave() { d.calls.Done() }

// wait shuts the door and returns when nothing is being handled any more.
func (d *door) wait() {
	d.mu.Lock()
	d.shut = true
	d.mu.Unlock()
	d.calls.Wait()
}

// peerAddr is the zero Addr for anything but an IP connection.
func peerAddr(c net.Conn) netip.Addr {
	if tcp, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
