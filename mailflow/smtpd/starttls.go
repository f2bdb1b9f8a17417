package smtpd

import (
	"crypto/tls"
	"io"
	"time"
)

// handshakeTimeout is for a whole TLS handshake.
const handshakeTimeout = time.Minute

func (g *guard) isTLS() bool {
	_, on := g.stream.(*tls.Conn)
	return on
}

// startTLS puts TLS under the conversation (RFC 3207) and returns a RSET for
// go-smtp, whose reply nobody reads: what was said before does not count any
// more, and a new EHLO is needed (section 4.2). Anything that came with the
// command in the clear, where others could have put it, ends the connection.
func (g *guard) startTLS() []byte {
	switch {
	case g.door.server.opt.TLS == nil:
		return g.refuse(replyNotOffered)
	case g.isTLS():
		return g.refuse(replyTLSTwice)
	case g.command.args != "":
		return g.refuse(replyTLSArgument)
	case g.chunked:
		return g.judgeReset()
	case g.in.Buffered() > 0:
		return g.refuse(replyTLSInjected)
	}
	if g.answer(replyTLSReady) != nil || !g.handshake() {
		return nil
	}
	g.hello, g.extended = "", false
	g.silent = true
	return command{verb: "RSET"}.line()
}

// handshake is final if it fails: the conversation does not go on in clear.
func (g *guard) handshake() bool {
	_ = g.Conn.SetDeadline(time.Now().Add(handshakeTimeout))
	stream := tls.Server(g.Conn, g.door.server.opt.TLS)
	if err := stream.Handshake(); err != nil {
		g.door.server.log.tlsFailed(g.remote, err)
		g.end(io.EOF)
		return false
	}
	g.stream = stream
	g.in.Reset(stream)
	return true
}
