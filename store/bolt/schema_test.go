package bolt

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/cauce-desk/cauce/store"
)

// raw opens a database behind the store's back.
func raw(t *testing.T, dir string) *bbolt.DB {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, databaseName), 0o600, &bbolt.Options{Timeout: time.Second, NoFreelistSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// edit changes a closed database behind the store's back.
func edit(t *testing.T, dir string, fn func(*bbolt.Tx) error) {
	t.Helper()
	db := raw(t, dir)
	if err := errors.Join(db.Update(fn), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOpenAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "to", "be", "made")
	s := opened(t, Options{Dir: dir})
	if version, err := schema(s.db); version != len(migrations) || err != nil {
		t.Errorf("a new store has schema %d (%v), want %d", version, err, len(migrations))
	}
	made := s.created
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s = opened(t, Options{Dir: dir}); !s.created.Equal(made) {
		t.Errorf("made %v, and %v when opened again", made, s.created)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	first := opened(t, Options{Dir: dir})
	if _, err := Open(Options{Dir: dir, Timeout: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("open while in use: %v, want %v", err, ErrLocked)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	opened(t, Options{Dir: dir})
}

func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	if err := opened(t, Options{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, func(bolt *bbolt.Tx) error {
		return note(bolt.Bucket([]byte(metaBucket)), schemaKey, len(migrations)+1)
	})
	before, err := os.ReadFile(filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: dir}); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("open: %v, want %v", err, ErrNewerSchema)
	}
	after, err := os.ReadFile(filepath.Join(dir, databaseName))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the database was touched (%v)", err)
	}
}

// TestOlderSchema: a store of before reminders and correspondents opens with
// all it had, whole, and remembers from then on.
func TestOlderSchema(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Dir: dir})
	blob := stage(t, s, []byte("small"))
	err := s.Update(t.Context(), func(tx store.Tx) error { return receive(tx, "1", blob) })
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, asOfSchema1)
	for range 2 {
		s = opened(t, Options{Dir: dir})
		if got, err := read(s, "1"); err != nil || string(got) != "small" {
			t.Errorf("its mail: %q %v", got, err)
		}
		err = s.Update(t.Context(), func(tx store.Tx) error { return remember(tx, "1") })
		if err := errors.Join(err, remembered(s, "1"), s.Check(t.Context()), s.Close()); err != nil {
			t.Error(err)
		}
	}
}

// asOfSchema1 makes a database one that has been through the first migration
// alone.
func asOfSchema1(bolt *bbolt.Tx) error {
	return errors.Join(
		bolt.DeleteBucket([]byte(remindersBucket)),
		bolt.DeleteBucket([]byte(alarmsBucket)),
		bolt.DeleteBucket([]byte(correspondentsBucket)),
		note(bolt.Bucket([]byte(metaBucket)), schemaKey, 1),
	)
}

func TestNotAStore(t *testing.T) {
	garbage, foreign, folder := t.TempDir(), t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(garbage, databaseName), bytes.Repeat([]byte("garbage "), 9000), 0o600); err != nil {
		t.Fatal(err)
	}
	edit(t, foreign, func(bolt *bbolt.Tx) error {
		_, err := bolt.CreateBucket([]byte("widgets"))
		return err
	})
	if err := os.Mkdir(filepath.Join(folder, databaseName), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"garbage": garbage, "another program's": foreign, "a folder": folder} {
		if s, err := Open(Options{Dir: dir}); err == nil {
			t.Errorf("%s was opened as a store", name)
			_ = s.Close()
		}
	}
}

// TestMigrations: each is done once, in order, and one that fails is taken up
// again the next time.
func TestMigrations(t *testing.T) {
	db := raw(t, t.TempDir())
	var done []int
	broken := errors.New("broken")
	does := func(n int, err error) migration {
		return func(bolt *bbolt.Tx) error {
			done = append(done, n)
			_, createErr := bolt.CreateBucket([]byte{byte('0' + n)})
			return errors.Join(createErr, err)
		}
	}
	now := time.Date(2017, 10, 9, 8, 0, 0, 0, time.UTC)
	if err := migrate(db, []migration{does(1, nil), does(2, broken), does(3, nil)}, now); !errors.Is(err, broken) {
		t.Errorf("migrate: %v, want %v", err, broken)
	}
	for range 2 {
		if err := migrate(db, []migration{does(1, nil), does(2, nil), does(3, nil)}, now.Add(time.Hour)); err != nil {
			t.Errorf("migrate: %v", err)
		}
	}
	if want := []int{1, 2, 2, 3}; !slices.Equal(done, want) {
		t.Errorf("did %v, want %v", done, want)
	}
	if at, err := created(db); err != nil || !at.Equal(now) {
		t.Errorf("made %v (%v), want %v", at, err, now)
	}
}

// TestNewerValue: a value this version does not know is an error and not
// something that is not there.
func TestNewerValue(t *testing.T) {
	dir := t.TempDir()
	if err := opened(t, Options{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, func(bolt *bbolt.Tx) error {
		return bolt.Bucket([]byte(journalBucket)).Put([]byte("id"), []byte("\x02{}"))
	})
	err := opened(t, Options{Dir: dir}).View(t.Context(), func(tx store.Tx) error {
		_, err := tx.Entry("id")
		return err
	})
	if err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("a value of a newer schema: %v", err)
	}
}
