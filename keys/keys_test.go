package keys

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	rings := make([]Ring, 8)
	var all sync.WaitGroup
	for i := range rings {
		all.Go(func() {
			ring, err := Open(path)
			if err != nil {
				t.Error(err)
			}
			rings[i] = ring
		})
	}
	all.Wait()
	for _, r := range rings {
		if !bytes.Equal(r.Desk("dgt"), rings[0].Desk("dgt")) {
			t.Fatal("two starts made two secrets")
		}
	}
	if bytes.Equal(rings[0].Desk("dgt"), rings[0].Desk("pnt")) {
		t.Error("two desks share a key")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	good := bytes.Repeat([]byte("a1"), secretLength)
	cases := map[string]struct {
		text []byte
		mode os.FileMode
	}{
		"readable by others": {good, 0o644},
		"empty":              {nil, 0o600},
		"short":              {good[:10], 0o600},
		"no hexadecimal":     {bytes.Repeat([]byte("zz"), secretLength), 0o600},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			if err := os.WriteFile(path, c.text, c.mode); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(path); err == nil {
				t.Error("taken")
			}
			if kept, _ := os.ReadFile(path); !bytes.Equal(kept, c.text) {
				t.Error("the file was replaced")
			}
		})
	}
}
