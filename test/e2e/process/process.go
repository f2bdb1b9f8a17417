// Package process runs cauce as its users do: as a program of its own, which a
// test builds, starts, asks, and stops or kills. What the daemon wrote is shown
// when the test fails, and no daemon outlives its test.
package process

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Build makes the program in the folder and returns its path. The test runs
// two folders below the root of the module.
func Build(dir string) (string, error) {
	path := dir + "/cauce"
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/cauce").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building cauce: %w\n%s", err, out)
	}
	return path, nil
}

// Options are what a daemon runs on.
type Options struct {
	Program string
	Data    string
	Flags   []string // of "cauce serve", beside --data and --listen
	Env     []string // over the configuration, such as "CAUCE_LMTP=unix:/path"
}

// Daemon is a cauce that was started. Its methods are for one goroutine.
type Daemon struct {
	Server string // host:port, where it speaks SMTP
	Options

	t     testing.TB
	cmd   *exec.Cmd
	log   *Transcript
	ended chan struct{} // closed when it has ended, and fate is known
	fate  error
}

// startTimeout and stopTimeout are more than a daemon needs: the second is
// above the grace it gives to mails in hand.
const (
	startTimeout = 30 * time.Second
	stopTimeout  = 40 * time.Second
)

var smtpAt = regexp.MustCompile(`(?m)^  SMTP at (\S+)\n`)

// Start runs a daemon on a free port of this machine, and returns when it
// takes connections.
func Start(t testing.TB, o Options) *Daemon {
	t.Helper()
	flags := append([]string{"serve", "--data", o.Data, "--listen", "127.0.0.1:0"}, o.Flags...)
	d := &Daemon{Options: o, t: t, cmd: exec.Command(o.Program, flags...), log: NewTranscript(), ended: make(chan struct{})}
	d.cmd.Env = append(os.Environ(), o.Env...)
	d.cmd.Stdout, d.cmd.Stderr = d.log, d.log
	// It must not outlive a test that is cut off.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	t.Cleanup(d.cleanUp)
	if err := d.cmd.Start(); err != nil {
		close(d.ended)
		t.Fatal(err)
	}
	go func() {
		d.fate = d.cmd.Wait()
		close(d.ended)
	}()
	d.Server = d.Await(smtpAt)[1]
	return d
}

// Await waits until the daemon writes a text, or has written it, and returns
// the match with its groups.
func (d *Daemon) Await(text *regexp.Regexp) []string {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), startTimeout)
	defer cancel()
	match := d.log.Await(ctx, text, d.ended)
	if match == nil {
		d.t.Fatalf("the daemon did not write %q", text)
	}
	return match
}

// Hangup asks the daemon to read its configuration again.
func (d *Daemon) Hangup() { d.signal(syscall.SIGHUP) }

// Stop ends the daemon as an operator does. The error says that it did not end
// well, or not in time.
func (d *Daemon) Stop() error {
	d.signal(syscall.SIGTERM)
	select {
	case <-d.ended:
		return d.fate
	case <-time.After(stopTimeout):
		d.Kill()
		return errors.New("the daemon did not end in time and was killed")
	}
}

// Kill ends the daemon as a power cut would, and waits until it is gone.
func (d *Daemon) Kill() {
	d.signal(syscall.SIGKILL)
	<-d.ended
}

// Again starts a daemon on the same data.
func (d *Daemon) Again() *Daemon {
	d.t.Helper()
	return Start(d.t, d.Options)
}

func (d *Daemon) signal(s syscall.Signal) {
	if err := d.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.t.Errorf("signal %v: %v", s, err)
	}
}

func (d *Daemon) cleanUp() {
	select {
	case <-d.ended:
	default:
		if err := d.Stop(); err != nil {
			d.t.Errorf("stopping the daemon: %v", err)
		}
	}
	if d.t.Failed() {
		d.t.Logf("what the daemon wrote:\n%s", d.log.Tail())
	}
}

// Ask runs a command on the daemon's data, such as "ticket list", and puts
// what it prints as JSON into answer.
func (d *Daemon) Ask(answer any, command string) {
	d.t.Helper()
	args := append(strings.Fields(command), "--json", "--data", d.Data)
	cmd := exec.CommandContext(d.t.Context(), d.Program, args...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, answer)
	}
	if err != nil {
		d.t.Fatalf("cauce %s: %v\n%s%s", command, err, complaints.String(), out)
	}
}
