package smtpd

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

func prefix(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
}

// A network may do its bound at once, and gets it back evenly within the hour.
func TestRatesDrain(t *testing.T) {
	now := time.Date(2017, 10, 9, 8, 0, 0, 0, time.UTC)
	r := newRates(Rates{Mails: 3})
	for _, step := range []struct {
		after time.Duration
		want  bool
	}{
		{0, true}, {0, true}, {0, true}, {0, false},
		{19 * time.Minute, false}, {time.Minute, true}, {0, false},
		{-time.Hour, false}, {2 * time.Hour, true}, {0, true}, {0, true}, {0, false},
	} {
		now = now.Add(step.after)
		room := r.room(prefix(1), mails, now)
		if room != step.want {
			t.Errorf("at %v: room %v", now, room)
		}
		if room {
			r.count(prefix(1), mails, 1, now)
		}
		if !r.room(prefix(2), mails, now) || !r.room(prefix(1), mailBytes, now) {
			t.Errorf("at %v another network, or another quantity, suffers", now)
		}
	}
}

// However many networks come, the memory is bounded; the busy are not forgotten.
func TestRatesForgetTheIdle(t *testing.T) {
	now := time.Date(2017, 10, 9, 8, 0, 0, 0, time.UTC)
	r := newRates(Rates{BadCommands: 2})
	r.count(prefix(0), badCommands, 2, now)
	r.count(prefix(1), badCommands, 2, now)
	for i := range maxNetworks - 1 {
		r.count(prefix(2+i), badCommands, 1, now)
		r.count(prefix(0), badCommands, 1, now)
	}
	if len(r.of) != maxNetworks || r.latest.Len() != maxNetworks {
		t.Errorf("%d networks kept, %d in order", len(r.of), r.latest.Len())
	}
	if r.room(prefix(0), badCommands, now) || !r.room(prefix(1), badCommands, now) {
		t.Error("the busy network is forgotten, or the idle one is not")
	}
}

// handClock is a clock that is set by hand.
type handClock struct{ passed atomic.Int64 } // since eight

func (c *handClock) Now() time.Time {
	return time.Date(2017, 10, 9, 8, 0, 0, 0, time.UTC).Add(time.Duration(c.passed.Load()))
}

func TestRates(t *testing.T) {
	const nobody = "RCPT TO:<nadie@dgt.example>"
	for _, test := range []struct {
		name  string
		rates Rates
		says  []string // after EHLO
		ends  string   // the reply to a new connection, of this network
	}{
		{"mails", Rates{Mails: 2}, []string{
			"MAIL FROM:<>", "250 *", "RSET", "250 *", "MAIL FROM:<>", "250 *", "RSET", "250 *", "MAIL FROM:<>", "450 4.7.1 too many mails *"}, "220 *"},
		{"bytes", Rates{Bytes: 6}, []string{
			"MAIL FROM:<>", "250 *", "RCPT TO:<soporte@dgt.example>", "250 *", "DATA", "354 *", "hola\r\n.", "250 *", "MAIL FROM:<>", "450 4.7.1 too many bytes *"}, "220 *"},
		{"recipients", Rates{RefusedRecipients: 2}, []string{
			"MAIL FROM:<>", "250 *", nobody, "550 *", "RCPT TO:<disco@dgt.example>", "451 *", nobody, "550 *", "", replyManyUnknown}, replyManyUnknown},
		{"bad commands", Rates{BadCommands: 2}, []string{
			"FOO", "500 *", "NOOP", "250 *", nobody, "502 *", "", replyManyBad}, replyManyBad},
		{"none", Rates{}, []string{"MAIL FROM:<>", "250 *", nobody, "550 *", "FOO", "500 *", "DATA", "502 *"}, "220 *"},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock := &handClock{}
			opt := Options{Rates: test.rates, Now: clock.Now}
			inBubbleWith(t, opt, &desk{}, func(t *testing.T, l *memory) { overdraw(t, l, clock, test.says, test.ends) })
		})
	}
}

// overdraw has a conversation that is too much, and shows for whom and for how
// long it was.
func overdraw(t *testing.T, l *memory, clock *handClock, says []string, ends string) {
	p := l.dial(t, from6)
	p.expect("220 *")
	p.say("EHLO cliente.example", "250 *")
	for i := 0; i < len(says); i += 2 {
		if says[i] != "" {
			p.send(says[i] + "\r\n")
		}
		p.expect(says[i+1])
	}
	_ = p.conn.Close()
	neighbour := l.dial(t, from6.Next()) // in the same /64
	neighbour.expect(ends)
	l.dial(t, from4).sendMail()
	_ = neighbour.conn.Close()
	clock.passed.Add(int64(time.Hour))
	l.dial(t, from6).sendMail()
}

// Trusted networks, and who brings others, are not counted.
func TestRatesExempt(t *testing.T) {
	trusted := netip.MustParseAddr("192.0.2.99")
	opt := withFront()
	opt.Rates = Rates{Mails: 1, RefusedRecipients: 1, BadCommands: 1, Bytes: 1}
	opt.Exempt = func(a netip.Addr) bool { return a == trusted }
	inBubbleWith(t, opt, &desk{}, func(t *testing.T, l *memory) {
		for _, addr := range []netip.Addr{trusted, front, {}} {
			p := l.dial(t, addr)
			p.sendMail()
			p.envelope("soporte@dgt.example")
			p.say("RCPT TO:<nadie@dgt.example>", "550 *", "FOO", "500 *", "NOOP", "250 *")
		}
	})
}
