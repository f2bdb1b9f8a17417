//go:build e2e

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/mailflow/milter"
)

// The two texts by which filters are tried out: every one of its kind takes
// them for a virus, or for spam. They are in pieces for the sake of scanners
// that read this file.
const (
	eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`
	gtube = `XJS*C4JDBQADN1.NSBN3*2IDNEN*` + `GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X`
)

// TestClamAVMilter asks a real clamav-milter, which knows one virus.
func TestClamAVMilter(t *testing.T) {
	c := startClamAV(t, "Reject")
	clean := c.check("hola")
	if clean.Decision != milter.Accept || !hasField(clean, "X-Virus-Status", "Clean") {
		t.Errorf("a clean mail: %+v", clean)
	}
	big := c.check(strings.Repeat("hola, mundo\r\n", 1<<18))
	if big.Decision != milter.Accept || !hasField(big, "X-Virus-Status", "Clean") {
		t.Errorf("a clean mail of 3 MB: %+v", big)
	}
	for name, raw := range map[string][]byte{
		"text":                          letterOf(eicar),
		"attachment":                    letterWith(eicar),
		"attachment, with a bad header": bytes.Replace(letterWith(eicar), []byte("MIME-Version"), []byte("ruido\r\nMIME-Version"), 1),
	} {
		v := c.checkRaw(raw)
		if v.Decision != milter.Reject || v.Code != 550 || !strings.Contains(v.Text, "virus: Eicar") || v.By != c.address {
			t.Errorf("a virus as %s: %+v", name, v)
		}
	}
}

// TestClamAVMilterQuarantine has one that does not refuse.
func TestClamAVMilterQuarantine(t *testing.T) {
	c := startClamAV(t, "Quarantine")
	v := c.check(eicar)
	if v.Decision != milter.Quarantine || v.Reason == "" || !hasField(v, "X-Virus-Status", "Infected (Eicar-Test-Signature.UNOFFICIAL)") {
		t.Errorf("a virus: %+v", v)
	}
}

// TestClamAVDies takes first the scanner away from the milter, which knows what
// to say then, and then the milter.
func TestClamAVDies(t *testing.T) {
	c := startClamAV(t, "Reject")
	c.clamd.kill()
	if v := c.check("hola"); v.Decision != milter.TempFail || v.Code != 451 {
		t.Errorf("without clamd: %+v", v)
	}
	c.milter.kill()
	for onError, want := range map[milter.OnError]milter.Decision{"": milter.TempFail, milter.OnErrorAccept: milter.Accept} {
		chain := newChain(t, milter.Milter{Address: c.address, OnError: onError})
		v, err := chain.Check(t.Context(), mailOf(letterOf(eicar)))
		if err == nil || v.Decision != want {
			t.Errorf("without a milter, on error %q: %+v, %v", onError, v, err)
		}
	}
}

// TestRspamd asks a real rspamd, which has a milter protocol of its own making
// and no rule but the one for gtube.
func TestRspamd(t *testing.T) {
	need(t, "rspamd", "rspamd")
	dir := t.TempDir()
	writeConfig(t, dir, "rspamd.conf", `
options { pidfile = "@DIR@/pid"; tempdir = "@DIR@"; hs_cache_dir = "@DIR@"; filters = ""; dns { nameserver = ["127.0.0.1:1"]; } }
logging { type = "console"; level = "notice"; }
worker "rspamd_proxy" {
  bind_socket = "@DIR@/milter mode=0600";
  milter = yes;
  upstream "local" { default = yes; self_scan = yes; }
  count = 1;
}
`)
	startFilter(t, filepath.Join(dir, "milter"), "rspamd", "--no-fork", "--insecure", "--config", filepath.Join(dir, "rspamd.conf"))
	a := &asker{t: t, address: "unix:" + filepath.Join(dir, "milter")}
	if v := a.check("hola"); v.Decision != milter.Accept {
		t.Errorf("a mail like any other: %+v", v)
	}
	if v := a.check(gtube); v.Decision != milter.Reject || v.Code != 554 || v.Enhanced != [3]int{5, 7, 1} || v.Text != "Gtube pattern" {
		t.Errorf("spam: %+v", v)
	}
}

// asker asks one milter, which must answer.
type asker struct {
	t       *testing.T
	address string
}

func (a *asker) check(body string) milter.Verdict {
	a.t.Helper()
	return a.checkRaw(letterOf(body))
}

func (a *asker) checkRaw(raw []byte) milter.Verdict {
	a.t.Helper()
	v, err := newChain(a.t, milter.Milter{Address: a.address, Timeout: patience}).Check(a.t.Context(), mailOf(raw))
	if err != nil {
		a.t.Error(err)
	}
	return v
}

func newChain(t *testing.T, m milter.Milter) *milter.Chain {
	t.Helper()
	chain, err := milter.New(milter.Options{Hostname: "mx.dgt.example", Milters: []milter.Milter{m}})
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

// letterOf is a mail from ana.
func letterOf(text string) []byte { return []byte(letterHead + "\r\n" + text + "\r\n") }

// letterWith is one with a file.
func letterWith(file string) []byte {
	return []byte(letterHead + "Content-Type: multipart/mixed; boundary=borde\r\n\r\n--borde\r\n\r\nhola\r\n--borde\r\n" +
		"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=factura.com\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(file)) + "\r\n--borde--\r\n")
}

const letterHead = "From: <" + ana + ">\r\nTo: <" + intake + ">\r\nSubject: Prueba\r\nDate: Mon, 09 Oct 2017 08:23:58 +0200\r\n" +
	"Message-ID: <1@ayuntamiento.example>\r\nMIME-Version: 1.0\r\n"

func mailOf(raw []byte) milter.Mail {
	return milter.Mail{ID: "01J", Remote: netip.MustParseAddr("192.0.2.7"), Hello: "correo.ayuntamiento.example", From: ana, To: []string{intake}, Raw: raw}
}

func hasField(v milter.Verdict, name, value string) bool {
	for _, f := range v.Add {
		if f.Name == name && f.Value == value {
			return true
		}
	}
	return false
}

// clamAV is a ClamAV of the test's own: clamd and its milter, with sockets,
// configuration and signatures in one folder.
type clamAV struct {
	asker
	clamd, milter *filterProcess
}

// startClamAV starts both, and stops them when the test ends.
func startClamAV(t *testing.T, onInfected string) *clamAV {
	t.Helper()
	need(t, "clamd", "clamav-daemon")
	need(t, "clamav-milter", "clamav-milter")
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "signatures"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeConfig(t, dir, "signatures/eicar.ndb", "Eicar-Test-Signature:0:*:"+hex.EncodeToString([]byte(eicar))+"\n")
	writeConfig(t, dir, "clamd.conf", `
DatabaseDirectory @DIR@/signatures
LocalSocket @DIR@/clamd
TemporaryDirectory @DIR@
Foreground yes
`)
	writeConfig(t, dir, "milter.conf", `
MilterSocket unix:@DIR@/milter
ClamdSocket unix:@DIR@/clamd
TemporaryDirectory @DIR@
OnInfected `+onInfected+`
OnFail Defer
RejectMsg virus: %v
AddHeader Replace
Foreground yes
`)
	path := filepath.Join(dir, "milter")
	c := &clamAV{asker: asker{t: t, address: "unix:" + path}}
	c.clamd = startFilter(t, filepath.Join(dir, "clamd"), "clamd", "--config-file", filepath.Join(dir, "clamd.conf"))
	c.milter = startFilter(t, path, "clamav-milter", "--config-file", filepath.Join(dir, "milter.conf"))
	return c
}

// writeConfig writes a file, with the folder's name for @DIR@.
func writeConfig(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(text, "@DIR@", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// filterProcess is a running program that listens on a unix socket.
type filterProcess struct {
	cmd   *exec.Cmd
	said  bytes.Buffer
	ended chan struct{}
}

// startFilter starts a program and waits until it listens.
func startFilter(t *testing.T, socket, name string, args ...string) *filterProcess {
	t.Helper()
	p := &filterProcess{cmd: exec.Command(name, args...), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // it ends when it is killed
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("what %s wrote:\n%s", name, p.said.Bytes())
		}
	})
	await(t, name+" to listen", func() (net.Conn, bool) {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			_ = conn.Close()
		}
		return conn, err == nil || p.isOver()
	})
	if p.isOver() {
		t.Fatalf("%s does not run", name)
	}
	return p
}

func (p *filterProcess) isOver() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill returns when it is no more.
func (p *filterProcess) kill() {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = p.cmd.Process.Kill()
	}
	<-p.ended
}
