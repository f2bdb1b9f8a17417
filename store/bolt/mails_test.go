package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cauce-desk/cauce/store"
)

var large = bytes.Repeat([]byte("Una línea del mensaje.\r\n"), 10_000)

// letter is a large mail like no other.
func letter(name string) []byte { return append([]byte(name), large...) }

func stage(t *testing.T, s *Store, raw []byte) store.Blob {
	t.Helper()
	blob, err := s.Stage(t.Context(), raw)
	if err != nil {
		t.Fatalf("stage: %v", err)
	}
	return blob
}

func record(t *testing.T, s *Store, id string, blob store.Blob) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Record(store.Entry{ID: id, Key: "key of " + id}, blob)
	})
	if err != nil {
		t.Errorf("record: %v", err)
	}
}

func read(s *Store, id string) (raw []byte, err error) {
	err = s.View(context.Background(), func(tx store.Tx) (err error) {
		raw, err = tx.Raw(id)
		return err
	})
	return raw, err
}

// fileOf is the path of a staged mail's file.
func fileOf(t *testing.T, dir string, blob store.Blob) string {
	t.Helper()
	path := filepath.Join(dir, "mail", blob.Hash[:2], blob.Hash[2:4], blob.Hash)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestWhereMailsAre(t *testing.T) {
	for name, one := range map[string]struct {
		inline, size int
		file         bool
	}{
		"small":         {0, 64 << 10, false},
		"large":         {0, 64<<10 + 1, true},
		"to the limit":  {100, 100, false},
		"over it":       {100, 101, true},
		"all in files":  {-1, 1, true},
		"even an empty": {-1, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := opened(t, Options{Dir: dir, InlineBytes: one.inline})
			raw := bytes.Repeat([]byte("x"), one.size)
			blob := stage(t, s, raw)
			record(t, s, "1", blob)
			if (blob.Inline == nil) != one.file {
				t.Errorf("in the database: %v", blob.Inline != nil)
			}
			if one.file {
				fileOf(t, dir, blob)
			}
			if got, err := read(s, "1"); err != nil || !bytes.Equal(got, raw) {
				t.Errorf("%d bytes came back (%v), want %d", len(got), err, len(raw))
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDamagedFile: a mail that is missing, cut or altered is an error, not
// another mail and not one that never was.
func TestDamagedFile(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"missing": os.Remove,
		"cut":     func(path string) error { return os.Truncate(path, 10) },
		"altered": func(path string) error { return os.WriteFile(path, letter("zz"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := opened(t, Options{Dir: dir})
			blob := stage(t, s, letter("1"))
			record(t, s, "1", blob)
			if err := damage(fileOf(t, dir, blob)); err != nil {
				t.Fatal(err)
			}
			if raw, err := read(s, "1"); err == nil || errors.Is(err, store.ErrNotFound) {
				t.Errorf("%d bytes came back (%v)", len(raw), err)
			}
			if err := s.Check(t.Context()); err == nil {
				t.Error("check finds nothing wrong")
			}
		})
	}
}

func TestStageWithoutRoom(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Dir: dir})
	if err := os.RemoveAll(filepath.Join(dir, "mail", "tmp")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stage(t.Context(), large); err == nil {
		t.Error("a mail was staged that could not be written")
	}
	if _, err := s.Stage(t.Context(), []byte("small")); err != nil {
		t.Errorf("a small mail: %v", err)
	}
}

// age makes a file look as if it had been staged so long ago.
func age(t *testing.T, path string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
}

// oldStore makes a store in a folder as of long ago.
func oldStore(t *testing.T, dir string) *Store {
	t.Helper()
	longAgo := func() time.Time { return time.Now().Add(-30 * 24 * time.Hour) }
	return opened(t, Options{Dir: dir, Now: longAgo})
}

// swept closes the store, opens it again and waits for the sweep to be done.
func swept(t *testing.T, s *Store, dir string) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = opened(t, Options{Dir: dir})
	if _, err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSweep(t *testing.T) {
	const day = 24 * time.Hour
	for name, one := range map[string]struct {
		age      time.Duration
		recorded bool
		stays    bool
	}{
		"just staged":                {0, false, true},
		"staged some hours ago":      {day - time.Minute, false, true},
		"staged long ago":            {day + time.Minute, false, false},
		"recorded long ago":          {20 * day, true, true},
		"of a lost store's database": {40 * day, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := oldStore(t, dir)
			blob := stage(t, s, large)
			if one.recorded {
				record(t, s, "1", blob)
			}
			path := fileOf(t, dir, blob)
			age(t, path, one.age)
			s = swept(t, s, dir)
			if there(path) != one.stays {
				t.Errorf("the file is there: %v, want %v", there(path), one.stays)
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestUnfinished: what was being written when the process ended is cleared
// away when the store is opened, whatever its age.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	s := oldStore(t, dir)
	path, err := s.mails.write(large)
	if err != nil {
		t.Fatal(err)
	}
	s = swept(t, s, dir)
	if there(path) {
		t.Error("a file half written is still there")
	}
	record(t, s, "1", stage(t, s, large))
}

// TestStagedAgain: a mail that was staged long ago and now comes again is not
// removed between its staging and its recording.
func TestStagedAgain(t *testing.T) {
	dir := t.TempDir()
	s := oldStore(t, dir)
	s.now = time.Now
	for i := range 30 {
		name := fmt.Sprint(i)
		age(t, fileOf(t, dir, stage(t, s, letter(name))), 48*time.Hour)
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := s.sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
		record(t, s, name, stage(t, s, letter(name)))
		both.Wait()
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRemovesOnlyUnclaimed: the last look before a file is removed is at the
// file as it is then.
func TestRemovesOnlyUnclaimed(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Dir: dir})
	path := fileOf(t, dir, stage(t, s, large))
	if removed, err := s.removeUnclaimed(path); removed || err != nil {
		t.Errorf("a mail staged just now was removed: %v (%v)", removed, err)
	}
}

// TestHashes: what is not a hash is no name of a file.
func TestHashes(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	for _, hash := range []string{"x", "../../cauce.db", strings.Repeat("A", 64), strings.Repeat("../", 22)} {
		if path, err := s.mails.path(hash); err == nil {
			t.Errorf("%q is %s", hash, path)
		}
	}
}

// TestSweepsInTime: a store that stays open sweeps too.
func TestSweepsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := opened(t, Options{Dir: dir})
		time.Sleep(time.Minute)
		orphan, kept := stage(t, s, letter("orphan")), stage(t, s, letter("kept"))
		record(t, s, "1", kept)
		paths := []string{fileOf(t, dir, orphan), fileOf(t, dir, kept)}
		for _, path := range paths {
			age(t, path, 0) // on the clock of the bubble
		}
		time.Sleep(unclaimedFor)
		if !there(paths[0]) {
			t.Error("removed before its time")
		}
		time.Sleep(sweepEvery)
		if there(paths[0]) || !there(paths[1]) {
			t.Errorf("the orphan is there: %v, the recorded: %v", there(paths[0]), there(paths[1]))
		}
	})
}
