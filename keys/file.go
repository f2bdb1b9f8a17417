package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// maxFile is far above what any file of keys holds.
const maxFile = 64 << 10

// readPrivate reads a file that nobody but its owner may read.
func readPrivate(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key file %s: others can read it (mode %04o); make it 0600", path, info.Mode().Perm())
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("key file %s: larger than %d bytes", path, maxFile)
	}
	return text, err
}

// writeNew writes a file that must not be there yet; if it is, the error is an
// fs.ErrExist.
func writeNew(path string, text []byte) error {
	// A link, unlike a rename, never replaces what another made meanwhile.
	return place(path, text, os.Link)
}

// replace writes a file in the place of the one that is there.
func replace(path string, text []byte) error { return place(path, text, os.Rename) }

// place writes a file beside its place and puts it there once it is on the
// disk.
func place(path string, text []byte, put func(from, to string) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(text)
	if err = errors.Join(err, inherit(file.Name()), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := put(file.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// makeFolder makes a folder that only its owner may enter, and those above it
// that are missing.
func makeFolder(path string) error {
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeFolder(filepath.Dir(path)); err != nil {
			return err
		}
		err = os.Mkdir(path, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return errors.Join(err, inherit(path), syncDir(filepath.Dir(path)))
}

// inherit gives what root made to the owner of the folder it is in: an
// operator's command must not leave files that the daemon cannot read.
func inherit(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
