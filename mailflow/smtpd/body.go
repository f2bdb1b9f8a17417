package smtpd

import "time"

// endOfText ends a mail sent by DATA, and nothing else does: no bare CR or LF
// takes the place of CR LF, or one server's text would be another's commands
// (RFC 5321 section 4.1.1.4).
const endOfText = "\r\n.\r\n"

// endOfMail looks for endOfText. go-smtp looks as well, and undoes the dot
// stuffing; but what comes after the end must not be handed over with it.
// Every end go-smtp sees is seen here too; the reverse fails in hole 2.
type endOfMail struct{ matched int }

// atStart is the beginning of the text, which is the beginning of a line.
func (e *endOfMail) atStart() { e.matched = 2 }

// scan returns the length of what belongs to the mail, the end included.
func (e *endOfMail) scan(block []byte) (n int, ended bool) {
	for i, c := range block {
		switch {
		case c == endOfText[e.matched]:
			e.matched++
		case c == '\r':
			e.matched = 1
		default:
			e.matched = 0
		}
		if e.matched == len(endOfText) {
			return i + 1, true
		}
	}
	return len(block), false
}

// beginText is called when go-smtp has answered DATA with 354.
func (g *guard) beginText() {
	g.phase = inText
	g.command.begun = true
	g.text.atStart()
	g.beginMail()
}

// beginChunk is called before go-smtp reads a BDAT line (RFC 3030): whatever
// it answers, it reads size bytes after it. It is false if that is too much.
func (g *guard) beginChunk(size int64) bool {
	if !g.chunked {
		g.beginMail()
	}
	if size > g.mailLeft {
		return false
	}
	if size > 0 {
		g.phase, g.chunkLeft = inChunk, size
	}
	return true
}

// beginMail sets the bounds of one mail. A mail that is too big is read and
// refused, so that the peer sees why, but not without end.
func (g *guard) beginMail() {
	opt := &g.door.server.opt
	g.mailEnd = time.Now().Add(opt.DataTimeout)
	g.mailLeft = 2*opt.MaxMessageBytes + 64<<10
}

func (g *guard) readText(p []byte) (int, error) {
	block, err := g.peekMail(len(p))
	if err != nil {
		return g.fail(err)
	}
	n, ended := g.text.scan(block)
	copy(p, block[:n])
	g.take(n)
	if ended {
		g.phase, g.replied = afterText, false
	}
	return n, nil
}

// checkEnd runs when go-smtp reads on after the end of a text: for the next
// command if it has answered, otherwise because it missed the end (hole 2).
func (g *guard) checkEnd() {
	g.phase = inCommands
	if !g.replied {
		_, _ = g.fail(errEndMissed)
	}
}

func (g *guard) readChunk(p []byte) (int, error) {
	block, err := g.peekMail(int(min(int64(len(p)), g.chunkLeft)))
	if err != nil {
		return g.fail(err)
	}
	n := copy(p, block)
	g.take(n)
	g.chunkLeft -= int64(n)
	if g.chunkLeft == 0 {
		g.phase = inCommands
	}
	return n, nil
}

// peekMail waits for bytes of a mail and returns up to n of those there are. A
// peer that goes away is an error like any other: of a plain io.EOF go-smtp
// makes the good end of a chunk (hole 4).
func (g *guard) peekMail(n int) ([]byte, error) {
	deadline := time.Now().Add(g.door.server.opt.IdleTimeout)
	if g.mailEnd.Before(deadline) {
		deadline = g.mailEnd
	}
	_ = g.Conn.SetReadDeadline(deadline)
	if g.mailLeft <= 0 {
		return nil, errTooBig
	}
	if _, err := g.in.Peek(1); err != nil {
		return nil, errMailCut
	}
	return g.in.Peek(min(n, g.in.Buffered()))
}

func (g *guard) take(n int) {
	_, _ = g.in.Discard(n)
	g.mailLeft -= int64(n)
}
