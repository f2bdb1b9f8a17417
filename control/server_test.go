package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

func TestOnlyTheOwnerMayOpenTheSocket(t *testing.T) {
	_, dir, stop := serve(t, Local{})
	info, err := os.Stat(filepath.Join(dir, socketName))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("the socket has mode %v", info.Mode())
	}
	if _, err := os.Stat(filepath.Join(dir, privateName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder it was made in is left: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("the daemon left %v", left)
	}
}

func TestNoDaemon(t *testing.T) {
	dir := t.TempDir()
	leaveBehind(t, dir)
	for _, dir := range []string{dir, t.TempDir(), filepath.Join(t.TempDir(), "missing"), t.TempDir() + strings.Repeat("/long", 30)} {
		if _, err := Dial(dir); !errors.Is(err, ErrNoDaemon) {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

// leaveBehind leaves what a daemon that was killed does.
func leaveBehind(t *testing.T, dir string) {
	t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, socketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	if err := errors.Join(listener.Close(), os.Mkdir(filepath.Join(dir, privateName), 0o700)); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAKilledDaemonLeftIsReplaced(t *testing.T) {
	dir := t.TempDir()
	leaveBehind(t, dir)
	s, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	run(t, s, Local{})
	if _, err := Dial(dir); err != nil {
		t.Error(err)
	}
}

func TestSocketOfAnotherDaemonIsLeft(t *testing.T) {
	_, dir, stop := serve(t, Local{})
	if err := os.Rename(filepath.Join(dir, socketName), filepath.Join(dir, "old")); err != nil {
		t.Fatal(err)
	}
	s, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	run(t, s, Local{})
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := Dial(dir); err != nil {
		t.Error(err)
	}
}

func TestPathLongerThanAnAddress(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("largo", 20), "datos")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	run(t, s, Local{Store: kept(t)})
	client, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := client.Tickets(t.Context(), "dgt"); len(list) != 2 || err != nil {
		t.Errorf("%d tickets, %v", len(list), err)
	}
}

func TestUnfitFolders(t *testing.T) {
	open := t.TempDir()
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	leaveBehind(t, open)
	file := t.TempDir()
	if err := os.WriteFile(filepath.Join(file, socketName), []byte("datos"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, busy, _ := serve(t, Local{})
	for dir, want := range map[string]string{
		open:                                  "chmod o-w",
		file:                                  "is no socket",
		busy:                                  "another daemon listens there",
		filepath.Join(t.TempDir(), "missing"): "no such file",
	} {
		err := Serve(t.Context(), dir, Local{}, quiet)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
	if err := os.Chmod(busy, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(busy); err == nil || !strings.Contains(err.Error(), "chmod o-w") {
		t.Errorf("dial in a folder open to everybody: %v", err)
	}
}

// slow is asked for tickets and takes its time.
type slow struct {
	Local
	begun, answer chan struct{}
	over          *atomic.Bool
}

func (s slow) Tickets(ctx context.Context, _ string) ([]ticket.Ticket, error) {
	defer s.over.Store(true)
	s.begun <- struct{}{}
	select {
	case <-s.answer:
		return []ticket.Ticket{{Number: first}}, nil
	case <-ctx.Done():
		for range 1000 { // and does not hurry to end
			runtime.Gosched()
		}
		return nil, context.Cause(ctx)
	}
}

// TestStopping stops a daemon while it is answering: the answer is given, or
// broken off when it takes too long, and in neither case does Run return
// before.
func TestStopping(t *testing.T) {
	for _, finishes := range []bool{true, false} {
		t.Run(fmt.Sprintf("finishes=%t", finishes), func(t *testing.T) {
			dir := t.TempDir()
			s, err := Listen(dir)
			if err != nil {
				t.Fatal(err)
			}
			if !finishes {
				s.grace = time.Millisecond
			}
			ops := slow{begun: make(chan struct{}), answer: make(chan struct{}), over: new(atomic.Bool)}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- s.Run(ctx, ops, quiet) }()
			given := make(chan error, 1)
			go func() { given <- onlyFirst(Dial(dir)) }()
			<-ops.begun
			stop()
			if finishes {
				close(ops.answer)
			}
			if err := <-given; (err == nil) != finishes {
				t.Errorf("the answer under way: %v", err)
			}
			if err := <-ended; err != nil || !ops.over.Load() {
				t.Errorf("run ended, the answer being over %t: %v", ops.over.Load(), err)
			}
			if _, err := Dial(dir); !errors.Is(err, ErrNoDaemon) {
				t.Errorf("after the end: %v", err)
			}
		})
	}
}

func onlyFirst(client *Client, err error) error {
	if err != nil {
		return err
	}
	list, err := client.Tickets(context.Background(), "")
	if err == nil && (len(list) != 1 || list[0].Number != first) {
		return fmt.Errorf("answered %v", list)
	}
	return err
}

func TestRunWithNothingLeftToDo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Serve(ctx, t.TempDir(), Local{}, quiet); err != nil {
		t.Error(err)
	}
}

func TestBounds(t *testing.T) {
	client, _, _ := serve(t, Local{Store: kept(t)})
	long := make([]string, maxQuestion/10)
	for i := range long {
		long[i] = "0123456789"
	}
	if _, err := client.Retry(t.Context(), long); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a question too long: %v", err)
	}
	var answer []string
	err := decode(strings.NewReader(`["0123456789"]`), &answer, 8)
	if err == nil || !strings.Contains(err.Error(), "longer than 8 bytes") {
		t.Errorf("an answer too long: %v", err)
	}
}

func TestAnotherVersion(t *testing.T) {
	client, _, _ := serve(t, Local{Store: kept(t)})
	_, err := ask[int](t.Context(), client, "rename", "x")
	if err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("a question the daemon does not know: %v", err)
	}
	_, err = ask[int](t.Context(), client, opRetry, "not a list")
	if err == nil || !strings.Contains(err.Error(), "not understood") {
		t.Errorf("a question of another kind: %v", err)
	}
}

func TestChangesAreLogged(t *testing.T) {
	var lines bytes.Buffer
	dir := t.TempDir()
	s, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, Local{Store: kept(t)}, slog.New(slog.NewTextHandler(&lines, nil))) }()
	client, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, queueErr := client.Queue(ctx, true)
	_, retryErr := client.Retry(ctx, nil)
	cancel()
	if err := errors.Join(queueErr, retryErr, <-ended); err != nil {
		t.Fatal(err)
	}
	if got := lines.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "operation=retry") {
		t.Errorf("logged:\n%s", got)
	}
}
