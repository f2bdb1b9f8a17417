package bolt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/cauce-desk/cauce/store"
)

// mailFiles are the large mails: one file each, named by its SHA-256, so that
// the same mail is there once and a file, once there, never changes.
type mailFiles struct {
	dir string

	// durable holds the folders known to be on disk.
	durable sync.Map
	// removing is held by the sweeper while it looks at and removes a file,
	// and shared by those who put files in place.
	removing sync.RWMutex
}

// describe is what there is to know of a mail's bytes.
func describe(raw []byte) store.Blob {
	sum := sha256.Sum256(raw)
	return store.Blob{Hash: hex.EncodeToString(sum[:]), Size: int64(len(raw))}
}

// openMailFiles makes the folder ready and clears away what was being written
// when the process before this one ended. The caller holds the database, so
// that nobody else can be writing there.
func openMailFiles(dir string) (*mailFiles, error) {
	f := &mailFiles{dir: dir}
	if err := os.RemoveAll(f.unfinished()); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.unfinished(), 0o700); err != nil {
		return nil, err
	}
	return f, syncDir(dir)
}

func (f *mailFiles) unfinished() string { return filepath.Join(f.dir, "tmp") }

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// path is where the mail of a hash is.
func (f *mailFiles) path(hash string) (string, error) {
	if !hashForm.MatchString(hash) {
		return "", fmt.Errorf("%q is not the hash of a mail", hash)
	}
	return filepath.Join(f.dir, hash[:2], hash[2:4], hash), nil
}

// put writes a mail and returns when it is on disk under its name. The same
// mail may be put many times, also at once.
func (f *mailFiles) put(hash string, raw []byte) error {
	path, err := f.path(hash)
	if err != nil {
		return err
	}
	temporary, err := f.write(raw)
	if err != nil {
		return err
	}
	f.removing.RLock()
	defer f.removing.RUnlock()
	if err := f.place(temporary, path); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// write writes a mail to a temporary file and onto the disk.
func (f *mailFiles) write(raw []byte) (path string, err error) {
	file, err := os.CreateTemp(f.unfinished(), "mail-")
	if err != nil {
		return "", err
	}
	_, err = file.Write(raw)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// place gives a file its name and makes that last.
func (f *mailFiles) place(temporary, path string) error {
	second := filepath.Dir(path)
	if err := f.folder(filepath.Dir(second)); err != nil {
		return err
	}
	if err := f.folder(second); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncDir(second)
}

// folder makes a folder and makes that last.
func (f *mailFiles) folder(path string) error {
	if _, known := f.durable.Load(path); known {
		return nil
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return err
	}
	f.durable.Store(path, true)
	return nil
}

// check fails if a mail is not there in its full size.
func (f *mailFiles) check(b store.Blob) error {
	path, err := f.path(b.Hash)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() != b.Size {
		return fmt.Errorf("%s has %d bytes, not %d", path, info.Size(), b.Size)
	}
	return err
}

// get reads a mail and makes sure that it is the one that was put.
func (f *mailFiles) get(b store.Blob) ([]byte, error) {
	path, err := f.path(b.Hash)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if describe(raw).Hash != b.Hash {
		return nil, fmt.Errorf("%s was altered", path)
	}
	return raw, nil
}

// syncDir makes what a folder lists last.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
