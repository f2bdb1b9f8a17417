package deliver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What a host of TestMX does: the steps of a dialogue file.
var (
	hello = []string{"S: 220 mx ESMTP", "C: EHLO desk.example", "S: 250 mx"}
	mail  = slices.Concat(hello, []string{"C: MAIL FROM:<b+7@desk.example>", "S: 250 ok", "C: RCPT TO:<ana@ayto.example>"})
	data  = slices.Concat(mail, []string{"S: 250 ok", "C: DATA", "S: 354 go ahead", "mail"})
	bye   = []string{"C: QUIT", "S: 221 bye"}

	takes       = slices.Concat(data, []string{"S: 250 taken"}, bye)
	refuses     = slices.Concat(mail, []string{"S: 550 5.1.1 no such person"}, bye)
	greylists   = slices.Concat(mail, []string{"S: 451 4.7.1 later"}, bye)
	isFull      = slices.Concat(data, []string{"S: 452 4.3.1 disk full"}, bye)
	isBusy      = []string{"S: 421 4.3.2 busy", "close"}
	leaves      = slices.Concat(mail, []string{"S: 421 4.3.2 going down", "close"})
	blocks      = slices.Concat([]string{"S: 554 5.7.1 we do not like you"}, bye)
	isMute      = []string{"silence"}
	neverReplys = slices.Concat(data, []string{"close"})
	stalls      = slices.Concat(data, []string{"silence"})
)

func TestMX(t *testing.T) {
	const one, two, three = "192.0.2.1:25", "192.0.2.2:25", "[2001:db8::2]:25"
	type hosts map[string][]string
	for _, test := range []struct {
		name  string
		hosts hosts // by address; nobody answers at the others
		want  string
		dials string // the hosts reached, in order
	}{
		{"the first takes it", hosts{one: takes}, "delivered mx1.ayto.example [192.0.2.1] 250 taken", one},
		{"refused connection", hosts{two: takes}, "delivered mx2.ayto.example [192.0.2.2] 250", one + " " + three + " " + two},
		{"ipv6", hosts{three: takes}, "delivered mx2.ayto.example [2001:db8::2] 250", one + " " + three},
		{"busy", hosts{one: isBusy, three: takes}, "delivered mx2", one + " " + three},
		{"busy at one address", hosts{three: isBusy, two: takes}, "delivered mx2.ayto.example [192.0.2.2]", one + " " + three + " " + two},
		{"leaves in the middle", hosts{one: leaves, three: takes}, "delivered mx2", one + " " + three},
		{"mute", hosts{one: isMute, three: isMute, two: takes}, "delivered mx2", one + " " + three + " " + two},
		{"unwelcome", hosts{one: blocks, three: takes}, "delivered mx2", one + " " + three},
		{"later", hosts{one: greylists, three: takes}, "delivered mx2", one + " " + three},
		{"full", hosts{one: isFull, three: takes}, "delivered mx2", one + " " + three},
		{"a refusal is final", hosts{one: refuses, three: takes}, "permanent 550 5.1.1 no such person", one},
		{"a refusal after another's 4xx", hosts{one: greylists, three: refuses}, "permanent 550 5.1.1 no such person", one + " " + three},
		{"what a host says of the mail, its other addresses would", hosts{one: blocks, three: greylists, two: takes},
			"temporary 554 5.7.1", one + " " + three},
		{"nobody wants it now", hosts{one: blocks, three: isFull}, "temporary 554 5.7.1 we do not like you", one + " " + three},
		{"nobody answers", nil, "temporary no host can be spoken to: mx1.ayto.example [192.0.2.1]: dial", one + " " + three + " " + two},
		{"nobody can know", hosts{one: neverReplys, three: takes}, "temporary mx1.ayto.example [192.0.2.1]: mail data: no answer to the end", one},
		{"nobody can know, later", hosts{one: stalls, three: takes}, "temporary mx1.ayto.example [192.0.2.1]: mail data: no answer to the end", one},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newInternet()
				n.record("ayto.example.", "20 mx2.ayto.example.", "10 mx1.ayto.example.")
				n.addresses["mx1.ayto.example."] = []string{"192.0.2.1"}
				n.addresses["mx2.ayto.example."] = []string{"192.0.2.2", "2001:db8::2"}
				n.scripts = test.hosts
				got := outcome(newMX(t, n.options()).Send(t.Context(), envelope()))
				if !strings.HasPrefix(got, test.want) {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
				if dials := strings.Join(n.dials(), " "); dials != test.dials {
					t.Errorf("dialled %s, want %s", dials, test.dials)
				}
				n.end(t)
			})
		})
	}
}

// outcome says in words what came of sending.
func outcome(receipt Receipt, err error) string {
	if err == nil {
		return strings.TrimRight(strings.Join([]string{"delivered", receipt.Host, receipt.Reply}, " "), " ")
	}
	return words(nil, err)
}

// A host that keeps us waiting at every step costs no more than the time for
// one mail, and is not held for silence.
func TestMXTakesNoLongerThanItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newInternet()
		n.addresses["ayto.example."] = []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}
		for i := 1; i <= 4; i++ {
			n.scripts[fmt.Sprintf("192.0.2.%d:25", i)] = isMute
		}
		options := n.options()
		options.Timeout = 12 * time.Minute
		begun := time.Now()
		_, err := newMX(t, options).Send(t.Context(), envelope())
		if took := time.Since(begun); took != options.Timeout || !errors.Is(err, context.DeadlineExceeded) || asFailure(err).Permanent {
			t.Errorf("after %s: %v", took, err)
		}
		n.end(t)
	})
}

func TestMXOfBadAddresses(t *testing.T) {
	n := newInternet()
	mx := newMX(t, n.options())
	for _, to := range []string{"ana", "ana@", "ana\r\n@ayto.example", "ana@a b.example"} {
		if got := outcome(mx.Send(t.Context(), Envelope{To: to})); !strings.HasPrefix(got, "permanent 5.1.3") {
			t.Errorf("%q: %s", to, got)
		}
	}
	if len(n.asked) > 0 {
		t.Errorf("asked %v", n.asked)
	}
}

// The domain is looked up as A-labels and in lower case, and what is looked up
// is never relative.
func TestMXOfUnicodeDomain(t *testing.T) {
	n := newInternet()
	n.record("xn--logroo-0wa.example.", "0 .")
	got := outcome(newMX(t, n.options()).Send(t.Context(), Envelope{To: "ana@LOGROÑO.example"}))
	if !strings.HasPrefix(got, "permanent 5.1.10") || !slices.Equal(n.asked, []string{"mx xn--logroo-0wa.example."}) {
		t.Errorf("%s, asked %v", got, n.asked)
	}
}

func TestMXOptionsRefused(t *testing.T) {
	n := newInternet()
	for name, change := range map[string]func(*MXOptions){
		"no resolver":        func(o *MXOptions) { o.Resolver = nil },
		"no hello":           func(o *MXOptions) { o.Hello = "" },
		"hello of two lines": func(o *MXOptions) { o.Hello = "a\r\nMAIL" },
		"port":               func(o *MXOptions) { o.Port = 65536 },
		"folder in a file":   func(o *MXOptions) { o.PolicyFolder = "mx.go/policies" },
	} {
		o := n.options()
		change(&o)
		if _, err := NewMX(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Without being told, an MX knows the addresses of the machine it is on, and
// its own names in any case.
func TestMXKnowsItself(t *testing.T) {
	mx := must(NewMX(MXOptions{Hello: "Desk.Example", Names: []string{"MX.desk.example."}, Resolver: net.DefaultResolver}))(t)
	if got := mx.router.self.names; !slices.Equal(got, []string{"desk.example", "mx.desk.example"}) {
		t.Errorf("names %v", got)
	}
	isOurs := must(mx.router.self.all())(t)
	for _, address := range must(net.InterfaceAddrs())(t) {
		ip := netip.MustParsePrefix(address.String()).Addr()
		if !ip.IsLoopback() && !isOurs(ip) {
			t.Errorf("%s is not ours", ip)
		}
	}
}
