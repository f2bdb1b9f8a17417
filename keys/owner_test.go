package keys

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func ownerOf(t *testing.T, path string) [2]uint32 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	return [2]uint32{owner.Uid, owner.Gid}
}

// TestWhatRootMakesBelongsToTheDaemon says nothing where the tests do not run
// as root: then all files have one owner.
func TestWhatRootMakesBelongsToTheDaemon(t *testing.T) {
	dir := t.TempDir()
	if os.Geteuid() == 0 {
		if err := os.Chown(dir, 4711, 4712); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "keys")
	if _, err := Open(path); err != nil {
		t.Fatal(err)
	}
	made := ownerOf(t, path)
	mustRotate(t, path, noon, day)
	key := mustCreate(t, filepath.Join(dir, "dkim"), "dgt.example", "a", Ed25519)
	file := key.Path(filepath.Join(dir, "dkim"))
	for _, owner := range [][2]uint32{made, ownerOf(t, path), ownerOf(t, file), ownerOf(t, filepath.Dir(file)), ownerOf(t, filepath.Join(dir, "dkim"))} {
		if owner != ownerOf(t, dir) {
			t.Errorf("the folder is of %d, what is in it of %d", ownerOf(t, dir), owner)
		}
	}
}
