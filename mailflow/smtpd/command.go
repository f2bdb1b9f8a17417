package smtpd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// command is one command line, taken apart only as far as the guard must.
type command struct {
	verb  string // in upper case
	args  string
	last  bool // of BDAT
	begun bool // of DATA: it was answered with 354
}

func parseCommand(line string) command {
	verb, args, _ := strings.Cut(strings.TrimSpace(line), " ")
	return command{verb: strings.ToUpper(verb), args: strings.TrimSpace(args)}
}

// line is the command as go-smtp reads it: one spelling, whatever came.
func (c command) line() []byte {
	if c.args == "" {
		return []byte(c.verb + "\r\n")
	}
	return []byte(c.verb + " " + c.args + "\r\n")
}

// nextCommand waits for a command that is go-smtp's to answer, and returns its
// line, or nothing when the conversation has ended.
func (g *guard) nextCommand() []byte {
	for g.ended() == nil {
		g.command = command{}
		if reply := g.mustEnd(); reply != "" {
			g.hangUp(reply)
			return nil
		}
		line, err := g.readLine()
		if err != nil {
			g.lost(err)
			return nil
		}
		if pass := g.judge(line); pass != nil {
			return pass
		}
	}
	return nil
}

// mustEnd is the reply to end with rather than read another command.
func (g *guard) mustEnd() string {
	opt := &g.door.server.opt
	switch {
	case g.mistakes >= opt.ErrorBudget:
		return replyTooManyBad
	case time.Since(g.born) >= opt.Lifetime:
		return replyLifetime
	}
	return g.overdrawn()
}

// readLine waits for one line. The time is for the whole line: a peer that
// sends it byte by byte gains nothing.
func (g *guard) readLine() (string, error) {
	deadline := time.Now().Add(g.door.server.opt.IdleTimeout)
	if g.chunked && g.mailEnd.Before(deadline) {
		deadline = g.mailEnd
	}
	g.await(deadline)
	line, err := g.in.ReadSlice('\n')
	if g.awaited() {
		return "", errStopping
	}
	return string(line), err
}

// errStopping ends the wait for a command when the server is going down.
var errStopping = errors.New("server is stopping")

// lost ends a conversation for which no further command came.
func (g *guard) lost(err error) {
	switch {
	case errors.Is(err, errStopping):
		g.hangUp(replyStopping)
	case errors.Is(err, bufio.ErrBufferFull):
		g.hangUp(replyLineTooLong)
	case timedOut(err):
		g.hangUp(replyIdle)
	case g.chunked: // the peer is gone between two chunks, or at least has no more to say
		g.hangUp(replyChunkCut)
	default: // the peer is gone
		g.end(io.EOF)
	}
}

// judge answers a line itself, or returns what go-smtp shall read instead.
func (g *guard) judge(line string) []byte {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if strings.ContainsFunc(line, isControl) {
		return g.refuse(replyControls)
	}
	g.command = parseCommand(line)
	switch g.command.verb {
	case "BDAT":
		return g.judgeChunk()
	case "STARTTLS":
		return g.startTLS()
	case "XCLIENT":
		return g.introduce()
	case "HELP":
		return g.refuse(replyHelp)
	case "VRFY": // RFC 5321 section 3.5.3: 252 neither confirms nor denies
		return g.refuse(replyVerify)
	case "EXPN", "AUTH", "TURN", "ETRN":
		return g.refuse(replyNotOffered)
	case "HELO", "EHLO", "LHLO", "RSET":
		return g.judgeReset()
	case "MAIL":
		return g.judgeMail()
	case "RCPT":
		g.command.args = g.postmaster(g.command.args)
		return g.command.line()
	case "DATA", "NOOP", "QUIT":
		return g.command.line()
	}
	return g.refuse(replyUnknown)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// refuse answers a command that go-smtp shall not see.
func (g *guard) refuse(reply string) []byte {
	_ = g.answer(reply)
	return nil
}

// judgeReset stops a command that would give up a BDAT transfer: go-smtp could
// answer the next mail with the result of this one (hole 3).
func (g *guard) judgeReset() []byte {
	if g.chunked {
		g.hangUp(replyChunkAbort)
		return nil
	}
	return g.command.line()
}

// judgeMail asks for a greeting since the connection, or since TLS, began
// (RFC 5321 section 4.1.4, RFC 3207 section 4.2).
func (g *guard) judgeMail() []byte {
	if g.hello == "" {
		return g.refuse(replyNoHello)
	}
	return g.command.line()
}

// judgeChunk passes on only a BDAT line that go-smtp cannot read otherwise
// than we do: after any other it would be unclear where commands go on.
func (g *guard) judgeChunk() []byte {
	number, last, more := strings.Cut(g.command.args, " ")
	size, err := strconv.ParseUint(number, 10, 32)
	if err != nil || more && !strings.EqualFold(strings.TrimSpace(last), "LAST") {
		g.hangUp(replyBadChunk)
		return nil
	}
	if !g.beginChunk(int64(size)) {
		g.hangUp(replyChunkTooBig)
		return nil
	}
	g.command.last = more
	g.command.args = strconv.FormatUint(size, 10)
	if more {
		g.command.args += " LAST"
	}
	return g.command.line()
}

var barePostmaster = regexp.MustCompile(`(?i)^(TO:\s*<postmaster)>`)

// postmaster completes RCPT TO:<Postmaster>, the one address that needs no
// domain (RFC 5321 section 4.5.1) and go-smtp does not know.
func (g *guard) postmaster(args string) string {
	return barePostmaster.ReplaceAllString(args, "${1}@"+g.door.server.opt.Hostname+">")
}

// observe draws from go-smtp's reply what the guard must know, and returns
// what the peer shall read.
func (g *guard) observe(code int, reply []byte) []byte {
	switch g.command.verb {
	case "HELO", "EHLO", "LHLO":
		if code == 250 {
			return g.greeted(reply)
		}
	case "DATA":
		if code == 354 {
			g.beginText()
		} else if g.phase == inText { // go-smtp gave up in the middle
			g.end(io.EOF)
		}
	case "BDAT":
		g.observeChunk(code)
	}
	return reply
}

// observeChunk follows a BDAT transfer. If one is refused half-way, go-smtp
// has given it up while its goroutine may still run: hole 3 again.
func (g *guard) observeChunk(code int) {
	switch {
	case g.command.last || code == 250:
		g.chunked = !g.command.last
	case g.chunked:
		g.end(io.EOF)
	}
}

// greeted keeps the peer's name, and completes what go-smtp offers: with the
// size of a mail (RFC 1870), STARTTLS and XCLIENT, of which it knows nothing.
func (g *guard) greeted(reply []byte) []byte {
	g.hello = helloName(g.command.args)
	g.extended = g.command.verb != "HELO"
	opt := &g.door.server.opt
	size := fmt.Sprintf("250-SIZE %d\r\n", opt.MaxMessageBytes)
	if opt.TLS != nil && !g.isTLS() {
		size += "250-STARTTLS\r\n"
	}
	if g.isFront() {
		size += xclientOffer
	}
	return bytes.Replace(reply, []byte("250-SIZE\r\n"), []byte(size), 1)
}

// helloName is the name in the arguments of EHLO, as it is kept.
func helloName(args string) string {
	name, _, _ := strings.Cut(strings.ToValidUTF8(args, "?"), " ")
	return name[:min(len(name), 255)] // RFC 5321 section 4.5.3.1.2
}

// protocol is the "with" keyword: RFC 5321 section 4.4, RFC 3848, RFC 6531
// section 4.3.
func (g *guard) protocol(utf8 bool) string {
	var name strings.Builder
	if utf8 {
		name.WriteString("UTF8")
	}
	switch {
	case g.door.server.opt.LMTP:
		name.WriteString("LMTP")
	case g.extended && !utf8:
		name.WriteString("ESMTP")
	default:
		name.WriteString("SMTP")
	}
	if g.isTLS() && g.extended {
		name.WriteString("S")
	}
	return name.String()
}
