package bolt

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestBackup: a copy taken while mails come in opens as a store, has all that
// was kept before it was begun, and is whole beside the large mails.
func TestBackup(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	s := opened(t, Options{Dir: dir})
	var before []string
	for n := range 20 {
		before = append(before, fmt.Sprintf("before-%d", n))
		if err := keepMail(s, before[n]); err != nil {
			t.Fatal(err)
		}
	}
	var writers sync.WaitGroup
	for caller := range 4 {
		writers.Go(func() {
			for n := range 25 {
				if err := keepMail(s, fmt.Sprintf("%d-%d", caller, n)); err != nil {
					t.Errorf("keep: %v", err)
				}
			}
		})
	}
	if err := backupTo(t, s, filepath.Join(copied, databaseName)); err != nil {
		t.Fatal(err)
	}
	writers.Wait()
	if err := os.CopyFS(filepath.Join(copied, "mail"), os.DirFS(filepath.Join(dir, "mail"))); err != nil {
		t.Fatal(err)
	}
	mustKeep(t, copied, before)
}

func backupTo(t *testing.T, s *Store, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(s.Backup(t.Context(), file), file.Close())
}

// TestBackupFails: a backup that cannot be written is an error.
func TestBackupFails(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	reader, writer := io.Pipe()
	_ = reader.Close()
	if err := s.Backup(t.Context(), writer); err == nil {
		t.Error("a backup nobody took succeeded")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), io.Discard); !errors.Is(err, ErrClosed) {
		t.Errorf("a backup of a closed store: %v, want %v", err, ErrClosed)
	}
}
