package smtpd

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// front is a peer that may introduce others.
var front = netip.MustParseAddr("198.51.100.1")

func withFront() Options {
	return Options{Fronts: []netip.Prefix{netip.PrefixFrom(front, 32)}, MaxPerNetwork: 1}
}

// envelopes is a Handler that keeps what is said about who sends.
type envelopes struct {
	desk
	last string
}

func (h *envelopes) Deliver(ctx context.Context, env *Envelope) ([]string, error) {
	h.last = fmt.Sprintf("%v %s %s", env.Remote, env.Hello, env.Protocol)
	return h.desk.Deliver(ctx, env)
}

func TestXClient(t *testing.T) {
	for _, test := range []struct {
		name, says string // after EHLO, all at once
		want       string // of the mail that follows
	}{
		{"none", "", "198.51.100.1 frente.example ESMTP"},
		{"all", "XCLIENT NAME=mail.correo.example ADDR=192.0.2.7 PROTO=SMTP HELO=correo.example\r\n", "192.0.2.7 correo.example SMTP"},
		{"in two", "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.7\r\nXCLIENT PROTO=ESMTP HELO=correo.example\r\n", "192.0.2.7 correo.example ESMTP"},
		{"IPv6", "XCLIENT addr=IPv6:2001:db8:1:2::7 helo=correo.example\r\n", "2001:db8:1:2::7 correo.example SMTP"},
		{"mapped", "XCLIENT ADDR=IPV6:::ffff:192.0.2.7 HELO=correo.example PROTO=[TEMPUNAVAIL]\r\n", "192.0.2.7 correo.example SMTP"},
		{"xtext", "XCLIENT HELO=a+2Bb+2b+3D ADDR=192.0.2.7\r\n", "192.0.2.7 a+b+= SMTP"},
		{"no more known", "XCLIENT ADDR=192.0.2.7 HELO=uno.example\r\nXCLIENT HELO=[UNAVAILABLE]\r\nHELO dos.example\r\n", "192.0.2.7 dos.example SMTP"},
		{"greeting of the client", "XCLIENT ADDR=192.0.2.7 HELO=uno.example\r\nEHLO dos.example\r\n", "192.0.2.7 dos.example ESMTP"},
		{"one after another", "XCLIENT ADDR=192.0.2.7 HELO=uno.example\r\nXCLIENT ADDR=192.0.2.8 HELO=dos.example\r\n", "192.0.2.8 dos.example SMTP"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &envelopes{}
			inBubbleWith(t, withFront(), h, func(t *testing.T, l *memory) {
				p := l.dial(t, front)
				p.expect("220 *")
				p.say("EHLO frente.example", "250 *")
				p.send(test.says)
				for line := range strings.Lines(test.says) {
					p.expect(map[bool]string{true: "220 mx.cauce.example service ready", false: "250 *"}[line[0] == 'X'])
				}
				p.envelope("soporte@dgt.example")
				p.say("DATA", "354 *", "hola\r\n.", "250 2.0.0 *")
				if h.last != test.want {
					t.Errorf("the mail is of %q, want %q", h.last, test.want)
				}
			})
		})
	}
}

func TestXClientRefused(t *testing.T) {
	inBubble(t, withFront(), func(t *testing.T, _ *desk, l *memory) {
		p := l.dial(t, front)
		p.expect("220 *")
		for _, args := range []string{
			"", " ADDR", " ADDR=", " ADDR=[UNAVAILABLE]", " ADDR=localhost", " ADDR=0.0.0.0", " ADDR=fe80::1%25eth0", " ADDR=192.0.2.7 PORT=25",
			" PROTO=HTTP", " HELO=a+0D+0Ab", " HELO=a+2", " HELO=a+zz", " HELO=+C3+B1", " =x",
		} {
			p.say("XCLIENT"+args, replyBadClient)
		}
	})
	inBubble(t, withFront(), func(t *testing.T, _ *desk, l *memory) {
		p := l.dial(t, front)
		p.open("soporte@dgt.example")
		p.say("XCLIENT ADDR=192.0.2.7", replyMailOpen, "RSET", "250 *", "XCLIENT ADDR=192.0.2.7", "220 *")
		p.say("MAIL FROM:<>", replyNoHello, "EHLO correo.example", "250 *")
	})
}

// Nobody else is offered XCLIENT, nor believed, and the client of a front is
// still not one when it is introduced.
func TestXClientOfStranger(t *testing.T) {
	inBubble(t, withFront(), func(t *testing.T, d *desk, l *memory) {
		for addr, offered := range map[netip.Addr]bool{front: true, from4: false} {
			p := l.dial(t, addr)
			p.expect("220 *")
			p.send("EHLO a.example\r\n")
			if reply := <-p.replies; strings.Contains(reply, "\n250-XCLIENT NAME ADDR PROTO HELO\n") != offered {
				t.Errorf("%v is offered %q", addr, reply)
			}
			if !offered {
				p.say("XCLIENT ADDR=192.0.2.8", "500 5.5.2 *")
			}
			_ = p.conn.Close()
		}
	})
}

// A client by XCLIENT has the limits of a peer that connects.
func TestXClientLimits(t *testing.T) {
	opt := withFront()
	opt.Rates.BadCommands = 1
	inBubble(t, opt, func(t *testing.T, _ *desk, l *memory) {
		direct := l.dial(t, from4)
		direct.expect("220 *")
		p := l.dial(t, front)
		p.expect("220 *")
		p.say("XCLIENT ADDR=192.0.2.7", replyBusyNetwork)
		p.expectEnd()
		p = l.dial(t, front)
		p.expect("220 *")
		p.say("XCLIENT ADDR=192.0.2.8", "220 *", "FOO", "500 *")
		p.expect(replyManyBad)
		p.expectEnd()
		p = l.dial(t, front)
		p.expect("220 *")
		p.say("XCLIENT ADDR=192.0.2.8", replyManyBad)
		p.expectEnd()
	})
}

// FuzzIntroduction reads any arguments of XCLIENT: what is taken can be kept.
func FuzzIntroduction(f *testing.F) {
	f.Add("NAME=mail.correo.example ADDR=192.0.2.7 PROTO=SMTP HELO=correo.example")
	f.Add("ADDR=IPV6:2001:db8::1 HELO=a+2Bb")
	f.Add("ADDR=::ffff:0.0.0.0%a HELO=[UNAVAILABLE]")
	f.Fuzz(func(t *testing.T, args string) {
		said, err := parseIntroduction(args, introduction{})
		if err != nil {
			return
		}
		if strings.ContainsFunc(said.hello, notPrintable) || len(said.hello) > 255 || said.addr.Zone() != "" || said.addr.Is4In6() {
			t.Errorf("%q is read as %+v", args, said)
		}
	})
}
