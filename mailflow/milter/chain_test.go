package milter

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	protocol "github.com/emersion/go-milter"
)

// about is a mail that makes the filters do something.
func about(does string) Mail {
	return Mail{
		ID: "01J", Remote: netip.MustParseAddr("192.0.2.7"), Hello: "correo.example", From: "ana@correo.example",
		To:  []string{"uno@dgt.example", "dos@dgt.example"},
		Raw: []byte("Received: from a\r\n\tby b\r\nSubject: " + does + "\r\nX-Spam: no\r\n\r\nhola\r\n"),
	}
}

func chain(t *testing.T, milters ...Milter) *Chain {
	t.Helper()
	c, err := New(Options{Hostname: "mx.cauce.example", Milters: milters})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		does string
		want Verdict
	}{
		{"", Verdict{}},
		{"end accept", Verdict{}},
		{"field accept", Verdict{}},
		{"end reject", Verdict{Decision: Reject, Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "refused by a mail filter"}},
		{"field tempfail", Verdict{Decision: TempFail, Code: 451, Enhanced: [3]int{4, 7, 1}, Text: "put off by a mail filter, try again later"}},
		{"header discard", Verdict{Decision: Discard}},
		{"body 554 5.7.0 a virus: Eicar", Verdict{Decision: Reject, Code: 554, Enhanced: [3]int{5, 7, 0}, Text: "a virus: Eicar"}},
		{"end 451 4.7.1 not yet", Verdict{Decision: TempFail, Code: 451, Enhanced: [3]int{4, 7, 1}, Text: "not yet"}},
		{"end 550 no\x1b code", Verdict{Decision: Reject, Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "no code"}},
		{"end 550 4.7.1 of another class", Verdict{Decision: Reject, Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "4.7.1 of another class"}},
		{"end quarantine", Verdict{Decision: Quarantine, Reason: "looks odd"}},
		{"end mark", Verdict{Add: []Field{{"X-Spam", "yes"}, {"X-Score", "7 of 10"}}}},
		{"end change", Verdict{Drop: []string{"X-Spam", "Subject"}, Add: []Field{{"Subject", "[SPAM] mira"}}}},
	} {
		_, address := serveFilter(t, 0)
		v, err := chain(t, Milter{Address: address}).Check(t.Context(), about(test.does))
		if test.want.Decision != Accept {
			test.want.By = address
		}
		if err != nil || !reflect.DeepEqual(v, test.want) {
			t.Errorf("%q: %+v, %v; want %+v", test.does, v, err, test.want)
		}
	}
}

// A milter is told the envelope, the header as it came and the body, less what
// it asks to be spared.
func TestWhatIsTold(t *testing.T) {
	mail := about("")
	mail.Raw = append(mail.Raw, strings.Repeat("x", 200_000)...)
	all := []string{
		"connect [192.0.2.7] tcp4 192.0.2.7 j=mx.cauce.example",
		"helo correo.example",
		"from <ana@correo.example> i=01J",
		"to <uno@dgt.example> uno@dgt.example",
		"to <dos@dgt.example> dos@dgt.example",
		"field Received|from a\n\tby b",
		"field Subject|",
		"field X-Spam|no",
		"body of 200006",
	}
	for _, test := range []struct {
		skip protocol.OptProtocol
		want []string
	}{
		{0, all},
		{protocol.OptNoConnect | protocol.OptNoHelo | protocol.OptNoHeaders | protocol.OptNoEOH, append(all[2:5:5], all[8])},
		{protocol.OptNoMailFrom | protocol.OptNoRcptTo | protocol.OptNoBody, append(append(all[:2:2], all[5:8]...), "body of 0")},
	} {
		s, address := serveFilter(t, test.skip)
		_, err := chain(t, Milter{Address: address}).Check(t.Context(), mail)
		if told := s.taken(); err != nil || told != strings.Join(test.want, "\n") {
			t.Errorf("skipping %b: %v, told\n%s\nwant\n%s", test.skip, err, told, strings.Join(test.want, "\n"))
		}
	}
}

func TestConnectByFamily(t *testing.T) {
	s, address := serveFilter(t, 0)
	for _, test := range []struct {
		remote netip.Addr
		want   string
	}{
		{netip.MustParseAddr("2001:db8::7"), "connect [IPv6:2001:db8::7] tcp6 2001:db8::7 j="},
		{netip.Addr{}, "connect localhost unknown <nil> j="},
	} {
		mail := about("")
		mail.Remote, mail.Hello = test.remote, ""
		_, err := chain(t, Milter{Address: address}).Check(t.Context(), mail)
		if told := s.taken(); err != nil || !strings.HasPrefix(told, test.want) || strings.Contains(told, "helo") {
			t.Errorf("%v: %v, told %s", test.remote, err, told)
		}
	}
}

// A recipient refused is the mail refused, and NUL ends no string.
func TestRecipientRefused(t *testing.T) {
	_, address := serveFilter(t, 0)
	mail := about("")
	mail.To = []string{"uno@dgt.example", "nadie@dgt.example\x00x"}
	v, err := chain(t, Milter{Address: address}).Check(t.Context(), mail)
	if err != nil || v.Decision != Reject || v.Code != 550 || v.Enhanced != [3]int{5, 1, 1} {
		t.Errorf("%+v, %v", v, err)
	}
}

// The first milter marks the mail; the second sees its marks, and has the last
// word.
func TestSeveralMilters(t *testing.T) {
	first, a := serveFilter(t, 0)
	second, b := serveFilter(t, 0)
	c := chain(t, Milter{Address: a}, Milter{Address: b})
	v, err := c.Check(t.Context(), about("end mark"))
	want := []Field{{"X-Spam", "yes"}, {"X-Score", "7 of 10"}, {"X-Spam", "yes"}, {"X-Score", "7 of 10"}}
	if err != nil || !reflect.DeepEqual(v.Add, want) {
		t.Errorf("%+v, %v", v, err)
	}
	if told := second.taken(); !strings.Contains(told, "field X-Spam|no\nfield X-Spam|yes\nfield X-Score|7 of 10\n") {
		t.Errorf("the second was told\n%s", told)
	}
	first.taken()
	if v, err = c.Check(t.Context(), about("end reject")); err != nil || v.Decision != Reject || v.By != a || second.taken() != "" {
		t.Errorf("%+v, %v; or the second was asked", v, err)
	}
	if v, err = c.Check(t.Context(), about("end quarantine")); err != nil || v.Decision != Quarantine || v.By != a || second.taken() == "" {
		t.Errorf("%+v, %v; or the second was not asked", v, err)
	}
	if v, err = c.Check(t.Context(), about("end change")); err != nil || len(v.Add) != 1 || len(v.Drop) != 2 { // the second knows it by another subject
		t.Errorf("%+v, %v", v, err)
	}
}

func TestNoMilters(t *testing.T) {
	v, err := chain(t).Check(t.Context(), about("end reject"))
	if err != nil || !reflect.DeepEqual(v, Verdict{}) {
		t.Errorf("%+v, %v", v, err)
	}
}

// Nobody can make a milter fail by the size of a header.
func TestHeaderTooLarge(t *testing.T) {
	s, address := serveFilter(t, 0)
	c := chain(t, Milter{Address: address, OnError: OnErrorAccept})
	mail := about("")
	for _, raw := range []string{strings.Repeat("a:\n", 5001), "a: " + strings.Repeat("x", 1<<20)} {
		mail.Raw = []byte(raw)
		if v, err := c.Check(t.Context(), mail); err != nil || v.Decision != Reject || v.Code != 554 || s.taken() != "" {
			t.Errorf("%+v, %v", v, err)
		}
	}
	mail.Raw = []byte("a: " + strings.Repeat("x", 1<<19) + "\r\nSubject: end reject\r\n\r\n")
	if v, err := c.Check(t.Context(), mail); err != nil || v.Decision != Reject || v.Code != 550 {
		t.Errorf("%+v, %v", v, err)
	}
}

// broken is a milter that does what it should not, on a real socket.
func broken(t *testing.T, does func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			does(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return "inet:" + l.Addr().String()
}

// silent reads and says nothing until the other end is closed.
func silent(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

func TestDeadMilters(t *testing.T) {
	_, vanishes := serveFilter(t, 0)
	for name, address := range map[string]string{
		"nobody there":   "unix:" + filepath.Join(t.TempDir(), "none"),
		"refused":        "inet:127.0.0.1:1",
		"silent":         broken(t, silent),
		"hangs up":       broken(t, func(net.Conn) {}),
		"another tongue": broken(t, func(c net.Conn) { _, _ = io.WriteString(c, "220 mx.cauce.example ESMTP\r\n") }),
		"old": broken(t, func(c net.Conn) {
			_, _ = c.Write([]byte("\x00\x00\x00\x0dO\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"))
		}),
		"end vanish":   vanishes,
		"end babble":   vanishes,
		"end 250 fine": vanishes,
		"end 999":      vanishes,
	} {
		t.Run(name, func(t *testing.T) {
			m := Milter{Address: address, Timeout: 300 * time.Millisecond}
			v, err := chain(t, m).Check(t.Context(), about(name))
			if err == nil || !strings.Contains(err.Error(), address) || v.Decision != TempFail || v.Code != 451 || v.By != address {
				t.Errorf("%+v, %v", v, err)
			}
			m.OnError = OnErrorAccept
			if v, err = chain(t, m).Check(t.Context(), about(name)); err == nil || v.Decision != Accept {
				t.Errorf("to be accepted: %+v, %v", v, err)
			}
			_, living := serveFilter(t, 0)
			if v, err = chain(t, m, Milter{Address: living}).Check(t.Context(), about("end reject")); v.Decision != Reject {
				t.Errorf("the next is not asked: %+v, %v", v, err)
			}
		})
	}
}

// When the caller's time is over the mail comes again, whatever OnError says.
func TestCallerGivesUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	c := chain(t, Milter{Address: broken(t, silent), OnError: OnErrorAccept})
	v, err := c.Check(ctx, about(""))
	if v.Decision != TempFail || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestNew(t *testing.T) {
	for address, want := range map[string]target{
		"unix:/run/rspamd/milter.sock": {"unix", "/run/rspamd/milter.sock"},
		"local:/run/x":                 {"unix", "/run/x"},
		"inet:localhost:11332":         {"tcp", "localhost:11332"},
		"inet6:[::1]:11332":            {"tcp", "[::1]:11332"},
	} {
		if got, err := parseAddress(address); err != nil || got != want {
			t.Errorf("%s is %v, %v", address, got, err)
		}
	}
	for _, m := range []Milter{
		{}, {Address: "/run/x"}, {Address: "unix:run/x"}, {Address: "inet:11332@localhost"}, {Address: "inet:localhost"}, {Address: "inet::1"},
		{Address: "unix:/run/x", OnError: "ignore"},
	} {
		if _, err := New(Options{Milters: []Milter{m}}); err == nil || !strings.Contains(err.Error(), `"`+m.Address+`"`) {
			t.Errorf("%+v: %v", m, err)
		}
	}
}
