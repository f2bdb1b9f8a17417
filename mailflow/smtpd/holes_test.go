package smtpd

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// order is a mail that an attacker hides in the text of another.
const order = "MAIL FROM:<jefatura@banco.example>\r\nRCPT TO:<soporte@dgt.example>\r\nDATA\r\norden\r\n.\r\n"

// inBubble runs a test with a server, and fails it if a mail is left taken.
func inBubble(t *testing.T, opt Options, test func(t *testing.T, d *desk, l *memory)) {
	d := &desk{}
	inBubbleWith(t, opt, d, func(t *testing.T, l *memory) { test(t, d, l) })
	if mails := d.taken(); len(mails) > 0 {
		t.Errorf("mails taken: %q", mails)
	}
}

// inBubbleWith runs a test with a server that asks h.
func inBubbleWith(t *testing.T, opt Options, h Handler, test func(t *testing.T, l *memory)) {
	synctest.Test(t, func(t *testing.T) {
		l := newMemory()
		stop := serve(t, opt, h, l)
		test(t, l)
		stop()
	})
}

func withTLS(t *testing.T) Options {
	return Options{TLS: &tls.Config{Certificates: []tls.Certificate{selfSigned(t, host)}}}
}

// Hole 1: a mail stops coming; when the server has given up, the rest comes,
// and it looks like commands.
func TestLateTextIsNoCommand(t *testing.T) {
	for _, secure := range []bool{false, true} {
		for _, start := range []string{"DATA\r\nSubject: x\r\n\r\nhola\r\n", "BDAT 5000\r\nhola\r\n", "BDAT 5000 LAST\r\nhola\r\n"} {
			t.Run(fmt.Sprintf("tls %v, %.9s", secure, start), func(t *testing.T) {
				inBubble(t, withTLS(t), func(t *testing.T, _ *desk, l *memory) { lateText(t, l, secure, start) })
			})
		}
	}
}

func lateText(t *testing.T, l *memory, secure bool, start string) {
	p := l.dial(t, from4)
	p.open("soporte@dgt.example")
	if secure {
		p.startTLS()
		p.say("EHLO cliente.example", "250 *")
		p.envelope("soporte@dgt.example")
	}
	p.send(start)
	if strings.HasPrefix(start, "DATA") {
		p.expect("354 *")
	}
	time.Sleep(5 * time.Minute) // the bubble's clock
	p.expect("451 4.4.2 the rest of the mail did not come in time")
	p.send("texto\r\n.\r\n" + order)
	p.expectEnd()
}

// Hole 1 again, by senders that are never idle but never done.
func TestMailHasAnEnd(t *testing.T) {
	for _, test := range []struct{ start, drip, want string }{
		{"DATA\r\n", "RSET\r\n", "451 4.4.2 *"},
		{"BDAT 5000 LAST\r\n", "RSET\r\n", "451 4.4.2 *"},
		{"", "BDAT 6\r\nRSET\r\n", "421 4.4.2 *"},
	} {
		inBubble(t, Options{DataTimeout: 10 * time.Minute}, func(t *testing.T, _ *desk, l *memory) {
			began := time.Now()
			p := l.dial(t, from4)
			p.open("soporte@dgt.example")
			p.send(test.start)
			for range 10 {
				p.send(test.drip)
				time.Sleep(time.Minute) // the bubble's clock
			}
			p.expectLast(test.want)
			if waited := time.Since(began); waited != 10*time.Minute {
				t.Errorf("%q: ended after %v", test.start, waited)
			}
		})
	}
}

// Hole 2: go-smtp misses the end of these mails. The answer comes at once, and
// nothing behind the end is read.
func TestMissedEndIsTemporary(t *testing.T) {
	for _, text := range []string{
		"hola\r\r\n.\r\n",
		"\r\r\n.\r\n",
		"hola\r\n.\r\r\n.\r\n",
		"hola\r\r\n.\r\n.\r\n",
	} {
		for _, lmtp := range []bool{false, true} {
			inBubble(t, Options{LMTP: lmtp}, func(t *testing.T, _ *desk, l *memory) { missedEnd(t, l, lmtp, text) })
		}
	}
}

func missedEnd(t *testing.T, l *memory, lmtp bool, text string) {
	began := time.Now()
	p := l.dial(t, from4)
	p.expect("220 *")
	if lmtp {
		p.say("LHLO cliente.example", "250 *")
	} else {
		p.say("EHLO cliente.example", "250 *")
	}
	p.envelope("soporte@dgt.example")
	p.say("DATA", "354 *")
	p.send(text + order)
	p.expect("451 4.6.0 *")
	p.expectEnd()
	if waited := time.Since(began); waited > 0 {
		t.Errorf("%q: answered after %v, want at once", text, waited)
	}
}

// Hole 3: a BDAT transfer is given up in one of many ways and a second mail
// follows. The second may be cut off with the connection; it must never get
// the first one's result, and the first must never be taken.
func TestAbortedChunksAnswerForNothing(t *testing.T) {
	aborts := []string{"RSET\r\n", "EHLO otra.example\r\n", "HELO otra.example\r\n", "STARTTLS\r\n", "BDAT 2000 LAST\r\n" + strings.Repeat("x", 2000), "BDAT 99999 LAST\r\n"}
	opt := withTLS(t)
	opt.MaxMessageBytes = 1000
	inBubble(t, opt, func(t *testing.T, d *desk, l *memory) {
		for round := range 200 {
			abort := aborts[round%len(aborts)]
			p := l.dial(t, from4)
			p.open("soporte@dgt.example")
			p.send("BDAT 3\r\nuno" + abort + "MAIL FROM:<b@correo.example>\r\nRCPT TO:<segundo@dgt.example>\r\nBDAT 3 LAST\r\ndos")
			checkSecond(t, abort[:4], p, d)
			_ = p.conn.Close()
		}
	})
}

// checkSecond counts the replies that say a mail is kept.
func checkSecond(t *testing.T, abort string, p *peer, d *desk) {
	t.Helper()
	kept, last := 0, ""
	for reply := range p.replies {
		last = reply
		if strings.Contains(reply, "I171009") {
			kept++
		}
	}
	synctest.Wait()
	mails := d.taken()
	if kept != len(mails) || strings.Contains(strings.Join(mails, ""), "uno") {
		t.Fatalf("%s: %d mails answered as kept, but taken are %q", abort, kept, mails)
	}
	if code := replyCode(last); code != 421 && code != 552 {
		t.Fatalf("%s: conversation ended with %q", abort, last)
	}
}

// Hole 4: the peer vanishes inside a mail.
func TestShortenedMailIsNotTaken(t *testing.T) {
	for _, start := range []string{"DATA\r\nhola\r\n", "DATA\r\nhola\r\n.\r", "BDAT 100 LAST\r\nhola", "BDAT 4\r\nholaBDAT 4 LAST\r\n", "BDAT 4\r\nhola", "BDAT 0\r\n"} {
		inBubble(t, Options{}, func(t *testing.T, _ *desk, l *memory) {
			p := l.dial(t, from4)
			p.open("soporte@dgt.example")
			p.send(start)
			synctest.Wait()
			_ = p.conn.Close()
		})
	}
}

// TestSmuggling sends what some servers take for the end of a mail. Only
// CR LF . CR LF is: everything before it is one mail.
func TestSmuggling(t *testing.T) {
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\n.\r", "\r\n\x00.\r\n", "\r\n.\x00\r\n"} {
		t.Run(fmt.Sprintf("%q", end), func(t *testing.T) {
			inBubble(t, Options{}, func(t *testing.T, d *desk, l *memory) { smuggle(t, d, l, end) })
		})
	}
}

func smuggle(t *testing.T, d *desk, l *memory, end string) {
	p := l.dial(t, from4)
	p.open("soporte@dgt.example")
	p.say("DATA", "354 *")
	p.send("hola" + end + strings.TrimSuffix(order, "\r\n.\r\n"))
	p.say("\r\n.", "250 2.0.0 I171009_000001")
	mails := d.taken()
	if len(mails) != 1 || !strings.Contains(mails[0], "<ana@correo.example>") || !strings.Contains(mails[0], "orden") {
		t.Errorf("taken: %q", mails)
	}
	p.say("QUIT", "221 *")
	p.expectEnd()
}

// A mail far over the limit is not read for ever: go-smtp would.
func TestFloodIsCut(t *testing.T) {
	for _, start := range []string{"DATA", "BDAT 100000 LAST"} {
		inBubble(t, Options{MaxMessageBytes: 1000}, func(t *testing.T, _ *desk, l *memory) {
			began := time.Now()
			p := l.dial(t, from4)
			p.open("soporte@dgt.example")
			p.send(start + "\r\n")
			for range 200 {
				p.send(strings.Repeat("x", 998) + "\r\n")
			}
			p.expectLast("552 5.3.4 *")
			if waited := time.Since(began); waited > 0 {
				t.Errorf("%s: cut after %v, want at once", start, waited)
			}
		})
	}
}
