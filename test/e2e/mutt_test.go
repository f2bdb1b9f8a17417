//go:build e2e

package e2e

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/test/e2e/process"
	"github.com/cauce-desk/cauce/ticket"
)

// TestMuttFollowsLinks has mutt make the mails: the agent fills in the
// solution's blank in an editor, the requester changes nothing and sends.
func TestMuttFollowsLinks(t *testing.T) {
	need(t, "mutt", "mutt")
	o := quietOffice(t)
	number := o.open(ana)
	mutt{office: o, from: agent}.edit(o.letter(agent, "Nueva incidencia"), "Resolver")
	solution := o.letter(ana, "Validación solución")
	if !strings.Contains(solution.Text, "Se ha reiniciado el nodo.") {
		t.Errorf("the solution is not in the mail:\n%s", solution.Text)
	}
	mutt{office: o, from: ana}.send(solution, "Validar Petición")
	o.ticket(number, ticket.StateClosed)
}

// mutt is the mail program of somebody.
type mutt struct {
	*office
	from string
}

// send clicks a link where no terminal is: mutt sends at once.
func (m mutt) send(mail mailclient.Mail, link string) {
	m.t.Helper()
	cmd := m.command(m.t.Context(), "mutt", m.arguments(mail, link)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatalf("mutt: %v\n%s", err, out)
	}
}

var composeMenu = regexp.MustCompile(`Mutt: Compose`)

// edit clicks a link in a terminal: mutt opens the editor, shows the mail it is
// about to send, and sends it when told to.
func (m mutt) edit(mail mailclient.Mail, link string) {
	m.t.Helper()
	need(m.t, "script", "bsdutils")
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	cmd := m.command(ctx, "script", "-qefc", "exec mutt "+quoted(m.arguments(mail, link)), os.DevNull)
	keys, err := cmd.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	screen, ended := process.NewTranscript(), make(chan struct{})
	cmd.Stdout, cmd.Stderr = screen, screen
	var fate error
	go func() {
		defer close(ended)
		fate = cmd.Run()
	}()
	if screen.Await(ctx, composeMenu, ended) != nil {
		_, _ = io.WriteString(keys, "y") // it fails only if mutt has ended, and its fate says so
	}
	<-ended
	if fate != nil {
		m.t.Fatalf("mutt: %v\n%q", fate, screen.Tail())
	}
}

func (m mutt) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	home := m.t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "Mail"), 0o700); err != nil { // which mutt would ask about
		m.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "HOME="+home, "TERM=xterm", "LC_ALL=C.UTF-8", "EMAIL="+m.from)
	return cmd
}

func (m mutt) arguments(mail mailclient.Mail, link string) []string {
	l, ok := mail.Link(link)
	if !ok {
		m.t.Fatalf("%q has no link %q", mail.Subject, link)
	}
	muttrc, err := filepath.Abs("testdata/muttrc")
	if err != nil {
		m.t.Fatal(err)
	}
	return []string{"-n", "-F", muttrc, "-e", "set smtp_url=smtp://" + m.Server + "/", l.URL}
}

// quoted puts arguments into a line for a shell.
func quoted(args []string) string {
	var line strings.Builder
	for _, arg := range args {
		line.WriteString("'" + strings.ReplaceAll(arg, "'", `'\''`) + "' ")
	}
	return line.String()
}
