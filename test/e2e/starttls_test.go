//go:build e2e

package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/test/e2e/process"
)

// TestSwaksStraight sends by SMTP with nothing in between.
func TestSwaksStraight(t *testing.T) {
	daemon := process.Start(t, process.Options{Program: program, Data: t.TempDir()})
	o := &office{Daemon: daemon, t: t}
	said := mustSwaks(t, openingBy(o.Server)...)
	if number := string(o.tickets()[0].Number); !strings.Contains(said, "250 2.0.0 "+number) {
		t.Errorf("the answer does not say %s:\n%s", number, said)
	}
	if got := o.tickets()[0].Fields["type"]; got != "Pérdida de Servicio" {
		t.Errorf("read %q", got)
	}
	if said, err := swaks(t, append(openingBy(o.Server), "--tls")...); err == nil {
		t.Errorf("STARTTLS without a certificate:\n%s", said)
	}
}

// TestSTARTTLS sends encrypted, and goes on when the certificate is renewed:
// with the new one, or, where that is broken, with the old.
func TestSTARTTLS(t *testing.T) {
	if said, _ := swaks(t, "--support"); !strings.Contains(said, "TLS supported") {
		t.Fatal("swaks cannot encrypt: apt-get install libnet-ssleay-perl")
	}
	cert := &certificate{t: t, dir: t.TempDir()}
	cert.renew(1)
	daemon := process.Start(t, process.Options{Program: program, Data: t.TempDir(),
		Env: []string{"CAUCE_TLS_CERTIFICATE=" + cert.file(), "CAUCE_TLS_KEY=" + cert.key()}})
	o := &office{Daemon: daemon, t: t}
	o.sendEncrypted(cert.file())

	old := filepath.Join(cert.dir, "old.pem")
	if err := os.Rename(cert.file(), old); err != nil {
		t.Fatal(err)
	}
	cert.renew(2)
	o.Hangup()
	o.Await(regexp.MustCompile(`configuration read again`))
	o.sendEncrypted(cert.file())
	if said, err := swaks(t, encrypted(o.Server, old)...); err == nil {
		t.Errorf("the old certificate is still shown:\n%s", said)
	}

	current := filepath.Join(cert.dir, "current.pem")
	if err := errors.Join(os.Rename(cert.file(), current), os.WriteFile(cert.file(), []byte("half a cert"), 0o600)); err != nil {
		t.Fatal(err)
	}
	o.Hangup()
	o.Await(regexp.MustCompile(`configuration refused`))
	o.sendEncrypted(current)
	if n := len(o.tickets()); n != 3 {
		t.Errorf("three mails made %d tickets", n)
	}
}

// encrypted are swaks's arguments to send only to a server that shows this
// certificate.
func encrypted(server, certificate string) []string {
	return append(openingBy(server), "--tls", "--tls-verify", "--tls-ca-path", certificate)
}

func (o *office) sendEncrypted(certificate string) {
	o.t.Helper()
	said := mustSwaks(o.t, encrypted(o.Server, certificate)...)
	if !strings.Contains(said, "~> QUIT") { // what goes encrypted is shown with a wave
		o.t.Errorf("the mail did not go encrypted:\n%s", said)
	}
}

// certificate is one for this machine that nobody else has signed.
type certificate struct {
	t   *testing.T
	dir string
}

func (c *certificate) file() string { return filepath.Join(c.dir, "certificate.pem") }
func (c *certificate) key() string  { return filepath.Join(c.dir, "key.pem") }

// renew writes a new certificate with a new key.
func (c *certificate) renew(serial int64) {
	c.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "cauce.dgt.example"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, DNSNames: []string{"cauce.dgt.example", "mail.ayuntamiento.example"},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		c.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(c.file(), "CERTIFICATE", signed)
	c.write(c.key(), "PRIVATE KEY", private)
}

func (c *certificate) write(path, kind string, content []byte) {
	c.t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
		c.t.Fatal(err)
	}
}
