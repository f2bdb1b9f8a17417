package bolt

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// victimOf names the folder in which this process is to keep mails until it
// is killed, instead of running tests.
const victimOf = "CAUCE_TEST_VICTIM_OF"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimOf); dir != "" {
		fmt.Fprintln(os.Stderr, victim(dir))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// victim keeps mails for ever and prints the identifier of each that is kept.
func victim(dir string) error {
	s, err := Open(Options{Dir: dir})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for caller := range 6 {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), caller, n)
				if err := keepMail(s, id); err != nil {
					failed <- err
				}
				fmt.Println(id)
			}
		}()
	}
	return <-failed
}

// mailOf is the mail kept under an identifier, every fourth a large one.
func mailOf(id string) []byte {
	if strings.HasSuffix(id, "3") {
		return letter(id)
	}
	return []byte("Un mensaje: " + id)
}

func keepMail(s *Store, id string) error {
	ctx := context.Background()
	blob, err := s.Stage(ctx, mailOf(id))
	if err != nil {
		return err
	}
	return s.Update(ctx, func(tx store.Tx) error { return writeMail(tx, id, blob) })
}

func writeMail(tx store.Tx, id string, blob store.Blob) error {
	return errors.Join(
		tx.Record(store.Entry{ID: id, Key: id}, blob),
		tx.Enqueue(store.Notice{ID: id, Status: store.NoticeQueued}),
		remember(tx, id),
	)
}

// remembered fails if not all that remember keeps is there.
func remembered(s *Store, id string) error {
	return s.View(context.Background(), func(tx store.Tx) error {
		r, err := tx.Reminder("dgt", ticket.Number("I"+id), "")
		c, err2 := tx.Correspondent("dgt", ticket.Address(id+"@empresa.example"))
		if !r.At.Equal(when) || c.Guesses != 1 {
			return errors.Join(err, err2, fmt.Errorf("found %v and %v", r, c))
		}
		return errors.Join(err, err2)
	})
}

// mustKeep opens the store in a folder and checks that it is whole and has
// the mails of these identifiers.
func mustKeep(t *testing.T, dir string, ids []string) {
	t.Helper()
	s := opened(t, Options{Dir: dir})
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	for _, id := range ids {
		if got, err := read(s, id); err != nil || !bytes.Equal(got, mailOf(id)) {
			t.Errorf("mail %s is lost: %v", id, err)
		}
		if err := remembered(s, id); err != nil {
			t.Errorf("what mail %s led to is lost: %v", id, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustBeSound(t, dir)
}

// mustBeSound checks the pages of a closed database.
func mustBeSound(t *testing.T, dir string) {
	t.Helper()
	db := raw(t, dir)
	bolt, err := db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	for err := range bolt.Check() {
		t.Errorf("pages: %v", err)
	}
	if err := errors.Join(bolt.Rollback(), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestKilled kills a process that keeps mails, several times over on the same
// folder. What it said was kept must be.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	var kept []string
	for round := range 4 {
		kept = append(kept, killed(t, dir, 50+100*round)...)
		mustKeep(t, dir, kept)
	}
}

// killed starts a victim, kills it when it has kept so many mails, and
// returns what it said it kept.
func killed(t *testing.T, dir string, after int) (kept []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimOf+"="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if kept = append(kept, lines.Text()); len(kept) == after {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait() // says that it was killed
	if len(kept) < after {
		t.Errorf("it ended by itself after %d mails", len(kept))
	}
	return kept
}

// images are copies of a store's folder as a crash would leave it, taken right
// before and after a commit, each with the mails that must be in it.
type images struct {
	t       *testing.T
	dir     string
	staging sync.RWMutex // held while files are copied
	mu      sync.Mutex
	acked   []string // of what Update said is kept
	taken   []image
}

type image struct {
	dir  string
	must []string
}

func (i *images) take(label string) {
	i.staging.Lock()
	defer i.staging.Unlock()
	i.mu.Lock()
	must := append([]string{}, i.acked...)
	i.mu.Unlock()
	dir := filepath.Join(i.t.TempDir(), label)
	if err := os.CopyFS(dir, os.DirFS(i.dir)); err != nil {
		i.t.Errorf("copy: %v", err)
	}
	i.taken = append(i.taken, image{dir, must})
}

// TestImages: whenever the machine stops, what is on disk opens, is whole, and
// has all that was acknowledged.
func TestImages(t *testing.T) {
	i := &images{t: t, dir: t.TempDir()}
	s := opened(t, Options{Dir: i.dir})
	begin := s.committer.begin
	s.committer.begin = func() (*group, error) {
		g, err := begin()
		if err == nil {
			commit := g.commit
			g.commit = func() error {
				i.take("before")
				err := commit()
				i.take("after")
				return err
			}
		}
		return g, err
	}
	i.run(s, 3, 4)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, one := range i.taken {
		mustKeep(t, one.dir, one.must)
	}
}

// run keeps mails, some at once.
func (i *images) run(s *Store, callers, times int) {
	var done sync.WaitGroup
	for caller := range callers {
		done.Go(func() {
			for n := range times {
				i.keep(s, fmt.Sprintf("%d-%d", caller, n))
			}
		})
	}
	done.Wait()
}

func (i *images) keep(s *Store, id string) {
	i.staging.RLock()
	blob, err := s.Stage(i.t.Context(), mailOf(id))
	i.staging.RUnlock()
	err = errors.Join(err, s.Update(i.t.Context(), func(tx store.Tx) error { return writeMail(tx, id, blob) }))
	if err != nil {
		i.t.Errorf("keep %s: %v", id, err)
	}
	i.mu.Lock()
	i.acked = append(i.acked, id)
	i.mu.Unlock()
}

// TestFullDisk: a commit for which there is no room fails, as many as were in
// it, and the store goes on when there is room again.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Dir: dir, InlineBytes: 8 << 20, MaxSize: 24 << 20})
	var kept []string
	var failed error
	for n := 0; failed == nil && n < 20; n++ {
		id := fmt.Sprintf("%d-0", n)
		blob := stage(t, s, bytes.Repeat([]byte(id), 1<<20))
		failed = s.Update(t.Context(), func(tx store.Tx) error {
			return tx.Record(store.Entry{ID: "big " + id}, blob)
		})
		if err := keepMail(s, id); failed == nil && err != nil {
			t.Errorf("keep %s: %v", id, err)
		}
		kept = append(kept, id)
	}
	if failed == nil {
		t.Error("there was always room")
	}
	if err := keepMail(s, "small"); err != nil {
		t.Errorf("a small mail after a large one failed: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustKeep(t, dir, append(kept[:len(kept)-1], "small"))
}
