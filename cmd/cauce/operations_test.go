package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
)

var update = flag.Bool("update", false, "write the golden files anew")

// commands are run on the same data folder, each on a copy of its own, with a
// daemon and without. What they print stands in testdata/operations.
var commands = []struct{ name, line string }{
	{"ticket-list", "ticket list"},
	{"ticket-list-state", "ticket list --state resolved --desk dgt"},
	{"ticket-list-wrong-state", "ticket list --state abierto"},
	{"ticket-list-json", "ticket list --state new --json"},
	{"ticket-show", "ticket show i171009_000001"},
	{"ticket-show-json", "ticket show I171009_000001 --json"},
	{"ticket-show-missing", "ticket show I171009_000099"},
	{"ticket-show-desk", "ticket show I171009_000001 --desk otra"},
	{"ticket-history", "ticket history I171009_000001"},
	{"ticket-history-json", "ticket history I171009_000002 --json"},
	{"ticket-history-altered", "ticket history I171009_000003"},
	{"mail-list", "mail list"},
	{"mail-list-filtered", "mail list --ticket I171009_000001 --from ANA --since 2017-10-08 --limit 1"},
	{"mail-list-wrong-since", "mail list --since ayer"},
	{"mail-list-json", "mail list --json --limit 1"},
	{"mail-show", "mail show m1"},
	{"mail-show-refused", "mail show m2"},
	{"mail-show-json", "mail show m1 --json"},
	{"mail-show-missing", "mail show m9"},
	{"mail-show-raw-refused", "mail show m2 --raw"},
	{"mail-show-raw-json", "mail show m1 --raw --json"},
	{"queue-list", "queue list"},
	{"queue-list-all", "queue list --all"},
	{"queue-list-json", "queue list --json"},
	{"queue-retry", "queue retry"},
	{"queue-retry-json", "queue retry n1 --json"},
	{"queue-retry-missing", "queue retry nada"},
	{"clock-advance", "clock advance 3d12h"},
	{"clock-advance-wrong", "clock advance mañana"},
}

func TestCommands(t *testing.T) {
	template := t.TempDir()
	fillStore(t, template)
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			alone, asking := copyOf(t, template), copyOf(t, template)
			got := "$ cauce " + c.line + "\n" + runCommand(alone, c.line)
			compare(t, filepath.Join("testdata", "operations", c.name+".txt"), got)
			startDaemon(t, asking)
			if again := "$ cauce " + c.line + "\n" + runCommand(asking, c.line); again != got {
				t.Errorf("the daemon answers otherwise:\n%s", again)
			}
			if i := strings.IndexFunc(got, unprintable); i >= 0 {
				t.Errorf("something unprintable reached the terminal: %q", got[i:min(len(got), i+20)])
			}
		})
	}
}

func unprintable(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	twin := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(twin, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return twin
}

// runCommand returns what a command prints, and its error as the last line.
func runCommand(dir, line string) string {
	open := operationsIn(func(*cobra.Command) (string, error) { return dir, nil })
	root := &cobra.Command{Use: "cauce", SilenceErrors: true}
	root.AddCommand(newTicketCommand(open), newMailCommand(open), newQueueCommand(open), newClockCommand(open))
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(strings.Fields(line))
	if err := root.Execute(); err != nil {
		out.WriteString("error: " + err.Error() + "\n")
	}
	return out.String()
}

var (
	hash  = regexp.MustCompile(`[0-9a-f]{64}`)
	clock = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d`)
)

// compare compares with a golden file. Times are UTC there, wherever the
// machine is, and hashes left out: they change with every new thing an event
// records.
func compare(t *testing.T, file, got string) {
	t.Helper()
	got = hash.ReplaceAllString(got, "<SHA-256>")
	got = clock.ReplaceAllStringFunc(got, inUTC)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant, from %s,\n%s", got, file, want)
	}
}

func inUTC(local string) string {
	const layout = "2006-01-02 15:04:05-07:00"
	at, err := time.Parse(layout, local)
	if err != nil {
		return err.Error()
	}
	return at.UTC().Format(layout)
}

// startDaemon runs what of the daemon the commands talk to.
func startDaemon(t *testing.T, dir string) {
	t.Helper()
	kept, err := bolt.Open(bolt.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	server, err := control.Listen(dir)
	if err != nil {
		t.Fatal(errors.Join(err, kept.Close()))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Run(ctx, control.Local{Store: kept, Desks: func() []string { return []string{"dgt"} }}, slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, kept.Close()); err != nil {
			t.Error(err)
		}
	})
}

func TestMailShowRawIsByteForByte(t *testing.T) {
	dir := t.TempDir()
	fillStore(t, dir)
	if got := runCommand(dir, "mail show m1 --raw"); got != hostileMail {
		t.Errorf("got %q", got)
	}
}

func TestVerifyFindsWhatIsMissing(t *testing.T) {
	whole := newLife(t, earlier).open("I171009_000001", "no funciona").solve()
	for kept, intact := range []bool{false, false, false, true} {
		if err := verify(whole.ticket, whole.events[:kept]); (err == nil) != intact {
			t.Errorf("with %d of 3 events: %v", kept, err)
		}
	}
}

func TestFoldersWithoutAStore(t *testing.T) {
	empty := t.TempDir()
	for _, dir := range []string{empty, filepath.Join(empty, "missing")} {
		want := "error: nothing is kept in " + dir + ", and no daemon runs on it\n"
		if got := runCommand(dir, "ticket list"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if left, _ := os.ReadDir(empty); len(left) != 0 {
		t.Errorf("the command made %v", left)
	}
}

func TestStoreInUseByADaemonThatDoesNotAnswer(t *testing.T) {
	dir := t.TempDir()
	kept, err := bolt.Open(bolt.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if got := runCommand(dir, "queue list"); !strings.Contains(got, "in use by another process, which does not answer") {
		t.Errorf("got %q", got)
	}
}

func TestFolderUnknown(t *testing.T) {
	unknown := errors.New("no such configuration")
	open := operationsIn(func(*cobra.Command) (string, error) { return "", unknown })
	if _, _, err := open(&cobra.Command{}); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
}

// TestRetryAlone puts a mail back with no daemon there: the next one sends it.
func TestRetryAlone(t *testing.T) {
	dir := t.TempDir()
	fillStore(t, dir)
	runCommand(dir, "queue retry n1")
	ops, done, err := openOperations(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	notices, err := ops.Queue(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notices {
		if n.ID == "n1" && (n.Status != store.NoticeQueued || n.Next.After(time.Now()) || n.Next.Before(afternoon)) {
			t.Errorf("after retry: %+v", n)
		}
	}
}
