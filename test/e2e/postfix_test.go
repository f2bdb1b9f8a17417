//go:build e2e

package e2e

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
)

// postfix is a Postfix of the test's own: queue, configuration, log and
// people's mailboxes are in its folder.
type postfix struct {
	t      *testing.T
	dir    string
	front  string // host:port for the world
	inside string // host:port for the organisation's machines
	lmtp   string // the socket where it expects cauce
}

// startPostfix starts one with further lines for main.cf, and stops it when the
// test ends.
func startPostfix(t *testing.T, settings ...string) *postfix {
	t.Helper()
	for _, name := range []string{"postfix", "postqueue", "postconf"} {
		need(t, name, "postfix")
	}
	p := &postfix{t: t, dir: t.TempDir(), front: freePort(t), inside: freePort(t)}
	p.lmtp = filepath.Join(p.dir, "lmtp")
	if err := p.install(settings); err != nil {
		t.Fatalf("Postfix needs root, and its own user: %v", err)
	}
	t.Cleanup(p.stop)
	p.command("postfix", "start")
	return p
}

// install writes the folder. Postfix's processes run as its own user, who must
// get through to it.
func (p *postfix) install(settings []string) error {
	owner, err := user.Lookup("postfix")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	for _, name := range []string{"queue", "etc", "data", "mailboxes"} {
		err = errors.Join(err, os.Mkdir(filepath.Join(p.dir, name), 0o755))
	}
	values := strings.NewReplacer("@DIR@", p.dir, "@UID@", owner.Uid, "@GID@", owner.Gid,
		"@FRONT@", portOf(p.front), "@INSIDE@", portOf(p.inside))
	return errors.Join(err, p.fill(values, settings),
		os.Chown(filepath.Join(p.dir, "data"), uid, 0), os.Chown(filepath.Join(p.dir, "mailboxes"), uid, gid),
		os.Chmod(p.dir, 0o755), os.Chmod(filepath.Dir(p.dir), 0o711))
}

// fill writes the configuration from testdata.
func (p *postfix) fill(values *strings.Replacer, settings []string) error {
	var all error
	for _, name := range []string{"main.cf", "master.cf", "transport", "mailboxes"} {
		text, err := os.ReadFile(filepath.Join("testdata", "postfix", name))
		if name == "main.cf" {
			text = append(text, strings.Join(settings, "\n")+"\n"...)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(p.dir, "etc", name), []byte(values.Replace(string(text))), 0o644)
		}
		all = errors.Join(all, err)
	}
	return all
}

// command runs one of Postfix's commands on this instance.
func (p *postfix) command(name string, args ...string) string {
	p.t.Helper()
	out, err := exec.Command(name, append([]string{"-c", filepath.Join(p.dir, "etc")}, args...)...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, p.log())
	}
	return string(out)
}

// flush makes it try again everything that waits.
func (p *postfix) flush() { p.command("postqueue", "-f") }

// waiting is how many mails are in the queue.
func (p *postfix) waiting() int { return strings.Count(p.command("postqueue", "-j"), "\n") }

// mailbox is what arrived for somebody.
func (p *postfix) mailbox(address string) []mailclient.Mail {
	name, _, _ := strings.Cut(address, "@")
	mails, err := mailclient.Maildir(filepath.Join(p.dir, "mailboxes", name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
	return mails
}

// log is what Postfix wrote; "" if that is nothing yet.
func (p *postfix) log() string {
	text, err := os.ReadFile(filepath.Join(p.dir, "data", "log"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Error(err)
	}
	return string(text)
}

// awaitLog waits for a line that holds all these pieces.
func (p *postfix) awaitLog(pieces ...string) {
	p.t.Helper()
	await(p.t, "Postfix to log "+strings.Join(pieces, " … "), func() (string, bool) {
		for line := range strings.Lines(p.log()) {
			if holdsAll(line, pieces) {
				return line, true
			}
		}
		return "", false
	})
}

func holdsAll(line string, pieces []string) bool {
	for _, piece := range pieces {
		if !strings.Contains(line, piece) {
			return false
		}
	}
	return true
}

func (p *postfix) stop() {
	if p.t.Failed() {
		p.t.Logf("what Postfix wrote:\n%s", p.log())
	}
	out, err := exec.Command("postfix", "-c", filepath.Join(p.dir, "etc"), "stop").CombinedOutput()
	if err != nil {
		p.t.Errorf("stopping Postfix: %v\n%s", err, out)
	}
}

// freePort finds a port nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}
