package smtpd

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

const (
	// commandLimit bounds a command line. RFC 5321 section 4.5.3.1.4 asks for
	// 512 bytes and what extensions add.
	commandLimit = 4096
	// writeTimeout is for a peer that does not read our replies.
	writeTimeout = time.Minute
)

// phase is what the next bytes of the peer are.
type phase int

const (
	inCommands phase = iota
	inText           // a mail's text, up to CR LF . CR LF
	inChunk          // chunkLeft bytes of a BDAT chunk
	afterText        // the end was handed over: a reply is due
)

// guard is the net.Conn that go-smtp reads and writes: see the package
// comment. Its methods are called by the connection's goroutine, or by the one
// go-smtp waits for meanwhile; only drain and cut may be called by others.
type guard struct {
	net.Conn // the peer's socket: deadlines are set on it
	door     *door
	remote   netip.Addr // whose connection it is: see adopt
	origin   netip.Addr // who connected, by the proxy's word if there is one
	proxied  bool       // a header of the PROXY protocol must come first
	arrived  bool
	session  *session // nil before the first EHLO
	give     func()   // returns the slot; nil if there was none to take
	turnAway string   // a reply to send instead of the greeting
	born     time.Time
	closing  sync.Once

	stream net.Conn // what is read and written: the socket, or TLS on it
	in     *bufio.Reader
	reply  []byte // what go-smtp has written of a reply so far

	phase     phase
	pending   []byte  // a command line go-smtp has not read all of
	command   command // the one go-smtp is busy with
	replied   bool    // go-smtp has answered since the end of a text
	silent    bool    // its reply is not for the peer
	mistakes  int     // replies of 400 and above
	text      endOfMail
	chunkLeft int64
	chunked   bool      // a mail has begun by BDAT and lacks its last chunk
	mailEnd   time.Time // when receiving the mail must be done
	mailLeft  int64     // bytes it may still take on the wire
	hello     string
	extended  bool         // it said EHLO, or LHLO
	client    introduction // what a front said
	listing   *listing     // nil: the blocklists have not been asked about remote

	mu       sync.Mutex // for what more than one goroutine touches
	over     error      // what every further read returns: see end
	awaiting bool       // a command is being waited for
	draining bool
}

func newGuard(d *door, conn net.Conn, remote netip.Addr, give func()) *guard {
	return &guard{
		Conn:   conn,
		door:   d,
		remote: remote,
		give:   give,
		born:   time.Now(),
		stream: conn,
		in:     bufio.NewReaderSize(conn, commandLimit),
	}
}

// Read gives go-smtp the rest of one command line, or some of the mail it
// asked for, and never both.
func (g *guard) Read(p []byte) (int, error) {
	if err := g.ended(); err != nil {
		return 0, err
	}
	if len(g.pending) == 0 && g.phase == afterText {
		g.checkEnd()
	}
	if len(g.pending) == 0 && g.phase == inCommands {
		g.pending = g.nextCommand()
	}
	switch {
	case len(g.pending) > 0:
		n := copy(p, g.pending)
		g.pending = g.pending[n:]
		return n, nil
	case g.phase == inText:
		return g.readText(p)
	case g.phase == inChunk:
		return g.readChunk(p)
	}
	return 0, g.ended()
}

// end makes err the result of all further reads (hole 1). While it is an error
// about a mail it becomes the reply; then, and for the end of a conversation,
// it is io.EOF, on which go-smtp closes without a word. When go-smtp gives up
// a mail by LMTP it reads in one goroutine while it answers in another.
func (g *guard) end(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = err
}

func (g *guard) ended() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.over
}

// Write takes a reply of go-smtp, which comes line by line, and sends it when
// it is whole.
func (g *guard) Write(p []byte) (int, error) {
	g.reply = append(g.reply, p...)
	if !wholeReply(g.reply) {
		return len(p), nil
	}
	reply := g.reply
	g.reply = nil
	return len(p), g.relay(reply)
}

// wholeReply looks for the space that marks the last line of a reply (RFC 5321
// section 4.2.1).
func wholeReply(reply []byte) bool {
	if !bytes.HasSuffix(reply, []byte("\n")) {
		return false
	}
	last := reply[bytes.LastIndexByte(reply[:len(reply)-1], '\n')+1:]
	return len(last) > 3 && last[3] == ' '
}

func (g *guard) relay(reply []byte) error {
	if !g.arrived {
		g.arrive()
	}
	switch {
	case g.silent:
		g.silent = false
		return nil
	case g.turnAway != "":
		return g.answer(g.turnAway)
	}
	g.replied = true
	reply = g.observe(replyCode(string(reply)), reply)
	if g.ended() != nil {
		g.end(io.EOF)
	}
	return g.send(reply)
}

// answer sends a reply of our own.
func (g *guard) answer(reply string) error { return g.send([]byte(reply + "\r\n")) }

// send writes a whole reply. After a 421 nothing more is read: go-smtp alone
// would go on.
func (g *guard) send(reply []byte) error {
	code := replyCode(string(reply))
	if code >= 400 && code != 452 { // too many recipients is no mistake: RFC 5321 section 4.5.3.1.10
		g.mistakes++
	}
	g.judgeReply(code)
	if code == 421 {
		g.end(io.EOF)
	}
	_ = g.Conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	_, err := g.stream.Write(reply)
	if err != nil {
		g.end(io.EOF)
		g.door.server.log.replyLost(g.remote, string(bytes.TrimSpace(reply)), err)
	}
	g.report(reply)
	return err
}

// hangUp sends a last reply. It ends a BDAT transfer too.
func (g *guard) hangUp(reply string) {
	if g.chunked {
		g.command = command{verb: "BDAT"}
	}
	g.door.server.log.hungUp(g.remote, reply)
	_ = g.answer(reply)
	g.end(io.EOF)
}

// fail ends the reading of a mail; err becomes its reply.
func (g *guard) fail(err error) (int, error) {
	g.door.server.log.mailCut(g.remote, err)
	g.end(err)
	return 0, err
}

// Close ends the connection; go-smtp calls it at least once.
func (g *guard) Close() error {
	var err error
	g.closing.Do(func() {
		if g.ended() != nil && g.give != nil {
			g.linger()
		}
		g.end(io.EOF) // go-smtp goes on reading after QUIT
		err = g.stream.Close()
		g.door.remove(g)
		if g.give != nil {
			g.give()
		}
		g.door.server.log.closed(g.remote, time.Since(g.born))
	})
	return err
}

// linger reads on for a moment after our last word: closing a socket with
// unread bytes resets it, and the peer could lose the reply that says why.
func (g *guard) linger() {
	if secure, ok := g.stream.(*tls.Conn); ok {
		_ = secure.CloseWrite()
	}
	half, ok := g.Conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	_ = g.Conn.SetReadDeadline(time.Now().Add(time.Second))
	_, _ = io.CopyN(io.Discard, g.Conn, 1<<20)
}

// await sets the time for the next command, which is now if we are going down.
func (g *guard) await(deadline time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.awaiting = true
	if g.draining {
		deadline = time.Now()
	}
	_ = g.Conn.SetReadDeadline(deadline)
}

// awaited says whether the wait was ended by drain.
func (g *guard) awaited() (draining bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.awaiting = false
	return g.draining
}

// drain lets a mail being received or handled end, and then the connection.
func (g *guard) drain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.draining = true
	if g.awaiting {
		_ = g.Conn.SetReadDeadline(time.Now())
	}
}

// cut closes the socket under whatever is going on.
func (g *guard) cut() { _ = g.Conn.Close() }

func timedOut(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
