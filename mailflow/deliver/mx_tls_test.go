package deliver

import (
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// oneHost is an internet where ayto.example has one MX.
func oneHost() *internet {
	n := newInternet()
	n.record("ayto.example.", "10 mx.ayto.example.")
	n.addresses["mx.ayto.example."] = []string{"192.0.2.1"}
	return n
}

func TestOpportunisticTLS(t *testing.T) {
	old := func(t *testing.T) *tls.Config {
		return &tls.Config{
			Certificates: []tls.Certificate{newCertificate(t)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11,
		}
	}
	for _, test := range []struct {
		name     string
		serve    func(t *testing.T, n *internet) *mailServer
		version  string
		verified bool
		dials    int
	}{
		{"valid certificate", func(t *testing.T, n *internet) *mailServer { return n.serve(t, "192.0.2.1:25", "mx.ayto.example") }, "TLS 1.3", true, 1},
		{"of another", func(t *testing.T, n *internet) *mailServer { return n.serve(t, "192.0.2.1:25", "mx.other.example") }, "TLS 1.3", false, 1},
		{"of nobody known", func(t *testing.T, n *internet) *mailServer {
			return n.serveTLS(t, "192.0.2.1:25", &tls.Config{Certificates: []tls.Certificate{newCertificate(t)}})
		}, "TLS 1.3", false, 1},
		{"no tls", func(t *testing.T, n *internet) *mailServer { return n.serve(t, "192.0.2.1:25") }, "", false, 1},
		{"tls too old", func(t *testing.T, n *internet) *mailServer { return n.serveTLS(t, "192.0.2.1:25", old(t)) }, "", false, 2},
		{"tls 1.2", func(t *testing.T, n *internet) *mailServer {
			return n.serveTLS(t, "192.0.2.1:25", &tls.Config{
				Certificates: []tls.Certificate{n.trusted(t).issue(t, "*.ayto.example")}, MaxVersion: tls.VersionTLS12,
			})
		}, "TLS 1.2", true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := oneHost()
			server := test.serve(t, n)
			receipt, err := newMX(t, n.options()).Send(t.Context(), envelope())
			if err != nil || receipt.TLS != test.version || receipt.Verified != test.verified || receipt.Policy != "" {
				t.Errorf("%+v, %v", receipt, err)
			}
			if got := server.all(); len(got) != 1 || got[0].tls != (test.version != "") || got[0].raw != testMail || got[0].hello != "desk.example" {
				t.Errorf("server has %+v", got)
			}
			if dials := n.dials(); len(dials) != test.dials {
				t.Errorf("dialled %v", dials)
			}
		})
	}
}

func TestMXRefusedByAServer(t *testing.T) {
	n := oneHost()
	n.record("ayto.example.", "20 mx2.ayto.example.")
	n.addresses["mx2.ayto.example."] = []string{"192.0.2.2"}
	first, second := n.serve(t, "192.0.2.1:25", "mx.ayto.example"), n.serve(t, "192.0.2.2:25")
	first.refusal = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
	second.refusal = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
	if got := outcome(newMX(t, n.options()).Send(t.Context(), envelope())); got != "permanent 550 5.1.1 no such person" {
		t.Error(got)
	}
	second.refusal = nil
	if got := outcome(newMX(t, n.options()).Send(t.Context(), envelope())); !strings.HasPrefix(got, "delivered mx2.ayto.example [192.0.2.2] 250 2.0.0") {
		t.Error(got)
	}
}

// An address that needs SMTPUTF8 goes to a host that has it, and the domain as
// A-labels.
func TestMXOfUnicodeAddress(t *testing.T) {
	n := newInternet()
	n.record("xn--logroo-0wa.example.", "10 mx.ayto.example.")
	n.addresses["mx.ayto.example."] = []string{"192.0.2.1"}
	server := n.serve(t, "192.0.2.1:25")
	e := envelope()
	e.To = "josé@logroño.example"
	if got := outcome(newMX(t, n.options()).Send(t.Context(), e)); !strings.HasPrefix(got, "delivered") {
		t.Fatal(got)
	}
	if got := server.all(); len(got) != 1 || got[0].to != "josé@xn--logroo-0wa.example" {
		t.Errorf("server has %+v", got)
	}
}

// Many mails to many domains on a few hosts, all at once.
func TestManyMailsByMX(t *testing.T) {
	n := newInternet()
	n.addresses["mx.ayto.example."] = []string{"192.0.2.1"}
	for i := range 10 {
		n.record(fmt.Sprintf("d%d.example.", i), "10 mx.ayto.example.")
	}
	server := n.serve(t, "192.0.2.1:25", "mx.ayto.example")
	mx := newMX(t, n.options())
	var senders sync.WaitGroup
	for i := range 60 {
		senders.Go(func() {
			e := envelope()
			e.To = fmt.Sprintf("ana%d@d%d.example", i, i%10)
			if _, err := mx.Send(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	if got := len(server.all()); got != 60 {
		t.Errorf("server has %d mails", got)
	}
}

// For trying things out: real addresses of this machine, and no dialling but
// the system's.
func TestMXOnThisMachine(t *testing.T) {
	n := newInternet()
	n.addresses["ayto.example."] = []string{"127.0.0.1"}
	server := serve(t)
	o := n.options()
	o.Dial, o.Loopback = nil, true
	_, port, _ := net.SplitHostPort(server.address)
	o.Port = must(strconv.Atoi(port))(t)
	if got := outcome(must(NewMX(o))(t).Send(t.Context(), envelope())); !strings.HasPrefix(got, "delivered ayto.example [127.0.0.1]") {
		t.Error(got)
	}
	o.Loopback = false
	if got := outcome(must(NewMX(o))(t).Send(t.Context(), envelope())); !strings.HasPrefix(got, "temporary no host of ayto.example has an address") {
		t.Error(got)
	}
}
