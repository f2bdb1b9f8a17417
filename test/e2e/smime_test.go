//go:build e2e

package e2e

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/ticket"
)

// TestSMIME has openssl sign openings under an authority the desk believes.
// Nothing else says who sends them: the DNS knows nobody. Such a mail is its
// author's; one that was changed, or signed by another, is kept, flagged, and
// confirmed with its number alone.
func TestSMIME(t *testing.T) {
	need(t, "openssl", "openssl")
	a := newAuthority(t)
	o := configuredOffice(t, `trusted: [192.0.2.0/24]
resolver: "`+serveZone(t)+`"
smime:
  roots: "`+a.path("root.pem")+`"
`)
	signed := a.sign(ana)
	for name, c := range map[string]struct {
		raw  []byte
		how  string
		hers bool
	}{
		"signed":            {raw: signed, how: "S/MIME signature of " + ana, hers: true},
		"signed, as a file": {raw: a.sign(ana, "-nodetach"), how: "S/MIME signature of " + ana, hers: true},
		"changed":           {raw: bytes.Replace(signed, []byte("EEFF"), []byte("eeff"), 1), how: "S/MIME signature invalid"},
		"of another":        {raw: a.sign(agent), how: "S/MIME signature that does not name the sender"},
		"not signed":        {raw: []byte(signedHead + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + openingBody)},
	} {
		client := &mailclient.Client{Server: o.Server}
		reply, err := client.Deliver(t.Context(), ana, intake, c.raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		number := reply[strings.LastIndexByte(reply, ' ')+1:]
		var history struct{ Events []ticket.Event }
		o.Ask(&history, "ticket history "+number)
		if got := history.Events[0].Assurance; got.Authenticated != c.hers || !strings.Contains(got.How, c.how) {
			t.Errorf("%s: the event says %+v", name, got)
		}
		if mail := o.letter(ana, "Confirmación de apertura de la incidencia "+number); strings.Contains(mail.Text, "oficina") != c.hers {
			t.Errorf("%s: the confirmation says\n%s", name, mail.Text)
		}
	}
}

// authority is one that certifies people, made by openssl.
type authority struct {
	t   *testing.T
	dir string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	a.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Autoridad de pruebas",
		"-keyout", a.path("root.key"), "-out", a.path("root.pem"))
	writeConfig(t, a.dir, "opening", "Content-Type: text/plain; charset=utf-8\n\n"+openingBody)
	return a
}

func (a *authority) path(name string) string { return filepath.Join(a.dir, name) }

// openssl runs one of its commands, and returns what it prints.
func (a *authority) openssl(args ...string) []byte {
	a.t.Helper()
	cmd := exec.CommandContext(a.t.Context(), "openssl", args...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		a.t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, complaints.Bytes())
	}
	return out
}

const signedHead = "From: Ana Pérez <" + ana + ">\r\nTo: <" + intake + ">\r\nSubject: " + opening + "\r\nMIME-Version: 1.0\r\n"

// sign is an opening from ana, signed with a new key of somebody.
func (a *authority) sign(who string, options ...string) []byte {
	a.t.Helper()
	key, request, cert := a.path("key"), a.path("request"), a.path("cert")
	writeConfig(a.t, a.dir, "extensions", "subjectAltName=email:"+who+"\nkeyUsage=digitalSignature\nextendedKeyUsage=emailProtection\n")
	a.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Persona", "-keyout", key, "-out", request)
	a.openssl("x509", "-req", "-in", request, "-CA", a.path("root.pem"), "-CAkey", a.path("root.key"), "-CAcreateserial",
		"-days", "1", "-extfile", a.path("extensions"), "-out", cert)
	body := a.openssl(append([]string{"cms", "-sign", "-md", "sha256", "-in", a.path("opening"), "-signer", cert, "-inkey", key}, options...)...)
	body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")) // it writes both
	_, body, _ = bytes.Cut(body, []byte("MIME-Version: 1.0\n"))
	return append([]byte(signedHead), bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n"))...)
}
