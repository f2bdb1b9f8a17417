package smtpd

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/netip"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// listen opens a real socket and serves on it until the test ends.
func listen(t *testing.T, network, address string, opt Options, h Handler) net.Addr {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(serve(t, opt, h, l))
	return l.Addr()
}

// writePair puts a new certificate and its key where the server looks.
func writePair(t *testing.T, dir, name string) (certFile, keyFile string) {
	t.Helper()
	pair := selfSigned(t, name)
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		keyFile:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// send delivers a mail over TLS as the standard library's client does, and
// returns the name in the server's certificate.
func send(addr string) (name string, err error) {
	c, err := smtp.Dial(addr)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.StartTLS(&tls.Config{InsecureSkipVerify: true}); err != nil {
		return "", err
	}
	state, _ := c.TLSConnectionState()
	name = state.PeerCertificates[0].Subject.CommonName
	if err := errors.Join(c.Mail("ana@correo.example"), c.Rcpt("soporte@dgt.example")); err != nil {
		return name, err
	}
	w, err := c.Data()
	if err != nil {
		return name, err
	}
	_, err = w.Write([]byte("Subject: hola\r\n\r\n.hola\r\n"))
	return name, errors.Join(err, w.Close(), c.Quit())
}

// A certificate renewed on disk is used after Reload, with no restart; one
// that cannot be read changes nothing.
func TestCertificateReload(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := writePair(t, dir, "uno.example")
	certificate, err := NewCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{}
	addr := listen(t, "tcp", "127.0.0.1:0", Options{TLS: certificate.TLS()}, d).String()
	wantName(t, addr, "uno.example")
	writePair(t, dir, "dos.example")
	wantName(t, addr, "uno.example")
	if err := certificate.Reload(); err != nil {
		t.Fatal(err)
	}
	wantName(t, addr, "dos.example")
	if err := os.WriteFile(keyFile, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := certificate.Reload(); err == nil || !strings.Contains(err.Error(), keyFile) {
		t.Errorf("Reload of a broken key: %v, want an error that names %s", err, keyFile)
	}
	wantName(t, addr, "dos.example")
	if mails := d.taken(); len(mails) != 4 || !strings.HasPrefix(mails[0], "ESMTPS <ana@correo.example>") {
		t.Errorf("taken: %q", mails)
	}
}

func wantName(t *testing.T, addr, want string) {
	t.Helper()
	name, err := send(addr)
	if err != nil || name != want {
		t.Errorf("certificate of %q, error %v; want %q", name, err, want)
	}
}

func TestNewCertificateWithoutFiles(t *testing.T) {
	if _, err := NewCertificate("missing.pem", "missing.key"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("NewCertificate: %v, want a missing file", err)
	}
}

// remotes is a Handler that records where mails come from.
type remotes struct {
	desk
	seen chan netip.Addr
}

func (h *remotes) Deliver(ctx context.Context, env *Envelope) ([]string, error) {
	h.seen <- env.Remote
	return h.desk.Deliver(ctx, env)
}

// LMTP over a unix socket and over TCP, as a Postfix in front speaks it.
func TestLMTPSockets(t *testing.T) {
	for network, where := range map[string]struct {
		address string
		remote  netip.Addr
	}{
		"unix": {filepath.Join(t.TempDir(), "lmtp"), netip.Addr{}},
		"tcp":  {"127.0.0.1:0", netip.MustParseAddr("127.0.0.1")},
	} {
		t.Run(network, func(t *testing.T) {
			h := &remotes{seen: make(chan netip.Addr, 2)}
			addr := listen(t, network, where.address, Options{LMTP: true, MaxPerNetwork: 1}, h)
			conn, err := net.Dial(network, addr.String())
			if err != nil {
				t.Fatal(err)
			}
			p := newPeer(t, conn)
			p.expect("220 mx.cauce.example LMTP *")
			p.send("LHLO front.example\r\nMAIL FROM:<>\r\nRCPT TO:<uno@dgt.example>\r\nRCPT TO:<dos@dgt.example>\r\nDATA\r\n")
			for _, want := range []string{"250 *", "250 *", "250 *", "250 *", "354 *"} {
				p.expect(want)
			}
			p.send("hola\r\n.\r\n")
			p.expect("250 2.0.0 <uno@dgt.example> I171009_000001")
			p.expect("250 2.0.0 <dos@dgt.example> I171009_000002")
			if remote := <-h.seen; remote != where.remote {
				t.Errorf("remote %v, want %v", remote, where.remote)
			}
			p.say("QUIT", "221 *")
			p.expectEnd()
		})
	}
}

// What we say last is read even by a peer that is still talking: a socket
// closed with unread bytes would be reset, and reading from it an error.
func TestLastWordArrives(t *testing.T) {
	addr := listen(t, "tcp", "127.0.0.1:0", Options{ErrorBudget: 1}, &desk{})
	for range 20 {
		conn, err := net.Dial("tcp", addr.String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "FOO\r\n"+strings.Repeat("NOOP\r\n", 10_000)); err != nil {
			t.Fatal(err)
		}
		_ = conn.(*net.TCPConn).CloseWrite()
		replies, err := io.ReadAll(conn)
		if err != nil || !strings.HasSuffix(string(replies), replyTooManyBad+"\r\n") {
			t.Fatalf("read %q, %v", replies, err)
		}
		_ = conn.Close()
	}
}
