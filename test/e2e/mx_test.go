//go:build e2e

package e2e

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/deliver"
)

// TestMX brings mail straight to the Postfix that the DNS names for the
// addressee's domain: encrypted, with a certificate that is what it says or
// not, and in clear where Postfix has none.
func TestMX(t *testing.T) {
	cert := &certificate{t: t, dir: t.TempDir()}
	cert.renew(1)
	root, err := os.ReadFile(cert.file())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	encrypted := startPostfix(t, "smtpd_tls_security_level = may", "smtpd_tls_cert_file = "+cert.file(), "smtpd_tls_key_file = "+cert.key())
	for name, c := range map[string]struct {
		postfix  *postfix
		roots    *x509.CertPool
		tls      string
		verified bool
	}{
		"certificate of a known root":   {postfix: encrypted, roots: roots, tls: "TLS 1.3", verified: true},
		"certificate of somebody":       {postfix: encrypted, tls: "TLS 1.3"},
		"a server without certificates": {postfix: startPostfix(t)},
	} {
		t.Run(name, func(t *testing.T) {
			receipt, err := sendByMX(t, c.postfix, c.roots, ana)
			if err != nil || receipt.TLS != c.tls || receipt.Verified != c.verified || !strings.HasPrefix(receipt.Host, "mail.ayuntamiento.example [127.0.0.1]") {
				t.Errorf("%+v, %v", receipt, err)
			}
			checkReceived(t, c.postfix, c.tls != "")
		})
	}
	checkRefusals(t, encrypted)
}

// checkReceived checks in the mail that arrived how Postfix says it came.
func checkReceived(t *testing.T, p *postfix, encrypted bool) {
	t.Helper()
	mail := await(t, "the mail", func() (mailclient.Mail, bool) {
		box := p.mailbox(ana)
		if len(box) == 0 {
			return mailclient.Mail{}, false
		}
		return box[len(box)-1], true
	})
	if came := mail.Header("Received")[0]; strings.Contains(came, "with ESMTPS") != encrypted || !strings.Contains(came, "from cauce.dgt.example") {
		t.Errorf("encrypted %v: Received: %s", encrypted, came)
	}
}

// checkRefusals checks what is said of nobody, of a domain that takes no mail,
// and of one that is not there.
func checkRefusals(t *testing.T, p *postfix) {
	t.Helper()
	for to, enhanced := range map[string]string{
		"nadie@ayuntamiento.example": "5.1.1", "x@nunca.example": "5.1.10", "x@ninguno.example": "5.1.2",
	} {
		_, err := sendByMX(t, p, nil, to)
		var failure *deliver.Failure
		if !errors.As(err, &failure) || !failure.Permanent || failure.Enhanced != enhanced {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// sendByMX sends a mail by the MX records of a zone in which Postfix is the
// second host of ayuntamiento.example; nobody listens at the first.
func sendByMX(t *testing.T, p *postfix, roots *x509.CertPool, to string) (deliver.Receipt, error) {
	t.Helper()
	port, _ := strconv.Atoi(portOf(p.inside))
	mx, err := deliver.NewMX(deliver.MXOptions{
		Hello: "cauce.dgt.example", Port: port, Loopback: true, Roots: roots, Resolver: asking(serveZone(t,
			"ayuntamiento.example. MX 10 averiado.ayuntamiento.example.", "averiado.ayuntamiento.example. A 127.53.53.99",
			"ayuntamiento.example. MX 20 mail.ayuntamiento.example.", "mail.ayuntamiento.example. A 127.0.0.1",
			"nunca.example. MX 0 .")),
	})
	if err != nil {
		t.Fatal(err)
	}
	return mx.Send(t.Context(), deliver.Envelope{ID: "01J", From: desk, To: to, Raw: letterOf("hola")})
}

// asking is a resolver that asks one server.
func asking(server string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}
