//go:build e2e

package e2e

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/cauce-desk/cauce/store"
)

// TestPostfixKeepsMailWhileWeAreAway sends while the daemon is down: Postfix
// has the mail until the daemon is back.
func TestPostfixKeepsMailWhileWeAreAway(t *testing.T) {
	o, p := besidePostfix(t)
	p.leaveWaiting(o)
	o.Daemon = o.Again()
	p.flush()
	o.letter(ana, "Confirmación de apertura")
	p.awaitEmpty()
	if n := len(o.tickets()); n != 1 {
		t.Errorf("there are %d tickets", n)
	}
}

// TestSameQueueFileTwice has Postfix deliver one queue file two times, as it
// does after a crash between our 250 and its noting it (RFC 1047).
func TestSameQueueFileTwice(t *testing.T) {
	o, p := besidePostfix(t)
	queued := p.leaveWaiting(o)
	twin := p.duplicate(queued)
	o.Daemon = o.Again()
	p.flush()
	o.letter(ana, "Confirmación de apertura")
	p.awaitEmpty()

	p.requeue(twin)
	p.flush()
	number := string(o.tickets()[0].Number)
	await(t, "the second delivery", func() (int, bool) {
		n := strings.Count(p.log(), "> "+number+")")
		return n, n == 2
	})
	p.awaitEmpty()
	if tickets, mails := len(o.tickets()), len(o.outbox()); tickets != 1 || mails != 3 {
		t.Errorf("there are %d tickets and %d mails about it", tickets, mails)
	}
	var journal []store.Entry // newest first
	o.Ask(&journal, "mail list")
	if len(journal) != 2 || journal[0].Outcome != store.OutcomeRepeated || journal[0].Reason != journal[1].ID {
		t.Errorf("the journal does not say that the mail came again: %+v", journal)
	}
}

// TestAnswersByRecipient is one mail for both addresses of the desk, and one
// that does not exist: LMTP answers each. Opening an incident is for the intake
// address; its copy to the other is kept and makes no second one.
func TestAnswersByRecipient(t *testing.T) {
	o, p := besidePostfix(t)
	both := openingBy(p.inside)
	said := mustSwaks(t, append(both[2:], "--protocol", "LMTP", "--socket", p.lmtp, "--to", intake+",nadie@dgt.example,"+desk)...)
	number := string(o.tickets()[0].Number)
	for _, answer := range []string{"<" + intake + "> " + number, "<" + desk + "> recorded ", "550 5.1.1 no such address here"} {
		if strings.Count(said, answer) != 1 {
			t.Errorf("LMTP does not answer %q:\n%s", answer, said)
		}
	}
	mustSwaks(t, append(both, "--to", intake+","+desk)...)
	p.awaitLog("to=<"+intake+">", "status=sent (250 2.0.0 <"+intake+"> I")
	p.awaitLog("to=<"+desk+">", "status=sent (250 2.0.0 <"+desk+"> recorded ")
	if n := len(o.tickets()); n != 2 {
		t.Errorf("two mails made %d tickets", n)
	}
}

// leaveWaiting stops the daemon, sends an opening, and returns its queue file
// once Postfix has tried in vain.
func (p *postfix) leaveWaiting(o *office) string {
	p.t.Helper()
	if err := o.Stop(); err != nil {
		p.t.Fatal(err)
	}
	mustSwaks(p.t, openingBy(p.inside)...)
	p.awaitLog("to=<"+intake+">", "status=deferred")
	return await(p.t, "the queue file", func() (path string, found bool) {
		err := filepath.WalkDir(filepath.Join(p.dir, "queue", "deferred"), func(at string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				path = at
			}
			return err
		})
		return path, path != "" && err == nil
	})
}

// duplicate puts a copy of a queue file aside, with its owner, mode and times.
func (p *postfix) duplicate(path string) string {
	p.t.Helper()
	twin := filepath.Join(p.dir, "data", filepath.Base(path))
	content, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		p.t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	if err := errors.Join(os.WriteFile(twin, content, 0o600), os.Chmod(twin, info.Mode()),
		os.Chown(twin, int(owner.Uid), int(owner.Gid)), os.Chtimes(twin, info.ModTime(), info.ModTime())); err != nil {
		p.t.Fatal(err)
	}
	return twin
}

// requeue puts a queue file among those that just came in.
func (p *postfix) requeue(path string) {
	p.t.Helper()
	if err := os.Rename(path, filepath.Join(p.dir, "queue", "incoming", filepath.Base(path))); err != nil {
		p.t.Fatal(err)
	}
}

// awaitEmpty waits until Postfix has nothing left to do.
func (p *postfix) awaitEmpty() {
	p.t.Helper()
	await(p.t, "Postfix's queue to be empty", func() (int, bool) {
		n := p.waiting()
		return n, n == 0
	})
}
