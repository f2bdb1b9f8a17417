package smtpd

import (
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnectionLimits(t *testing.T) {
	front := netip.MustParseAddr("198.51.100.1")
	opt := Options{MaxConnections: 6, MaxPerNetwork: 2, Exempt: func(a netip.Addr) bool { return a == front }}
	inBubble(t, opt, func(t *testing.T, _ *desk, l *memory) {
		first := l.dial(t, from4)
		first.expect("220 *")
		for _, step := range []struct{ addr, want string }{
			{"::ffff:192.0.2.7", "220 *"}, // the same IPv4 address, mapped
			{"192.0.2.7", "421 4.7.0 *"},
			{"2001:db8:1:2::7", "220 *"},
			{"2001:db8:1:2:ffff::1", "220 *"},
			{"2001:db8:1:2::8", "421 4.7.0 *"},
			{"198.51.100.1", "220 *"},
			{"198.51.100.1", "220 *"},
			{"2001:db8:1:3::7", "421 4.3.2 *"},
		} {
			p := l.dial(t, netip.MustParseAddr(step.addr))
			p.expect(step.want)
			if step.want[0] == '4' {
				p.expectEnd()
			}
		}
		first.say("QUIT", "221 *")
		synctest.Wait()
		l.dial(t, from4).expect("220 *")
	})
}

// A front may hold more connections than one network, and every connection
// returns its slot however it ends.
func TestSlotsAreReturned(t *testing.T) {
	inBubble(t, Options{MaxConnections: 1}, func(t *testing.T, d *desk, l *memory) {
		for _, end := range []string{"QUIT\r\n", "", "NOOP\x00\r\n", "BDAT x\r\n", "DATA\r\nhola\r\n", "BDAT 9\r\nhola"} {
			p := l.dial(t, from6)
			p.open("soporte@dgt.example")
			p.send(end)
			synctest.Wait()
			_ = p.conn.Close()
			synctest.Wait()
		}
		l.dial(t, from6).expect("220 *")
	})
}

// The peer is gone when its mail has been handled: the mail is kept all the
// same (RFC 1047) and the server goes on.
func TestPeerGoneBeforeReply(t *testing.T) {
	for _, chunk := range []bool{false, true} {
		inBubble(t, Options{}, func(t *testing.T, d *desk, l *memory) {
			p := l.dial(t, from4)
			p.open("soporte@dgt.example")
			if chunk {
				p.send("BDAT 4 LAST\r\nhola")
			} else {
				p.say("DATA", "354 *")
				p.send("hola\r\n.\r\n")
			}
			_ = p.conn.Close()
			synctest.Wait()
			if mails := d.taken(); len(mails) != 1 {
				t.Errorf("chunk %v: taken %q", chunk, mails)
			}
			l.dial(t, from4).expect("220 *")
		})
	}
}

// A peer that does not read what we say does not hold its slot for long.
func TestSilentListenerIsDropped(t *testing.T) {
	inBubble(t, Options{MaxConnections: 1}, func(t *testing.T, _ *desk, l *memory) {
		_, server := net.Pipe()
		l.conns <- server
		time.Sleep(writeTimeout) // the bubble's clock
		synctest.Wait()
		l.dial(t, from4).expect("220 *")
	})
}
