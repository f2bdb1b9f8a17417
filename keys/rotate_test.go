package keys

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const day = 24 * time.Hour

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// keyFile writes a key file of one line, as the first versions made it.
func keyFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte(strings.Repeat("a1", secretLength)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustRotate(t *testing.T, path string, now time.Time, overlap time.Duration) Ring {
	t.Helper()
	ring, err := Rotate(path, now, overlap)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestDeskKeysStayWhatTheyWere(t *testing.T) {
	ring, err := Open(keyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	// By openssl: printf desk:dgt | openssl dgst -sha256 -mac HMAC -macopt hexkey:a1a1…
	const want = "fc528590af3bb3f8309e49d86c47cb573aa20b91916cc8d0c9fee8fedcefa381"
	if got := hex.EncodeToString(ring.Desk("dgt")); got != want {
		t.Errorf("%s: every link in people's mailboxes is worthless", got)
	}
	if ring.Earlier("dgt", noon) != nil || ring.Lapses() != nil {
		t.Error("there was nothing before")
	}
}

func TestRotation(t *testing.T) {
	path := keyFile(t)
	first, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	second := mustRotate(t, path, noon, 90*day)
	third := mustRotate(t, path, noon.Add(30*day), 90*day)
	ring, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ring.Desk("dgt"), third.Desk("dgt")) || bytes.Equal(third.Desk("dgt"), second.Desk("dgt")) {
		t.Error("the newest is not in force")
	}
	for days, want := range map[int][]Ring{30: {second, first}, 89: {second, first}, 90: {second}, 119: {second}, 120: nil} {
		got := ring.Earlier("dgt", noon.Add(time.Duration(days)*day))
		if len(got) != len(want) {
			t.Errorf("after %d days: %d", days, len(got))
			continue
		}
		for i := range want {
			if !bytes.Equal(got[i], want[i].Desk("dgt")) {
				t.Errorf("after %d days: number %d is another", days, i)
			}
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left lying about: %v", left)
	}
}

func TestOverlapEndsWhatCameBefore(t *testing.T) {
	path := keyFile(t)
	mustRotate(t, path, noon, 90*day)
	if ring := mustRotate(t, path, noon, 7*day); len(ring.Earlier("dgt", noon.Add(6*day))) != 2 || ring.Earlier("dgt", noon.Add(7*day)) != nil {
		t.Errorf("%v", ring.Lapses())
	}
	if ring := mustRotate(t, path, noon, 0); ring.Lapses() != nil {
		t.Errorf("after a theft %v are still honoured", ring.Lapses())
	}
}

func TestLapsedSecretsLeaveTheFile(t *testing.T) {
	path := keyFile(t)
	mustRotate(t, path, noon, day)
	if ring := mustRotate(t, path, noon.Add(day), day); len(ring.Lapses()) != 1 {
		t.Errorf("%v", ring.Lapses())
	}
}

func TestRotationRefused(t *testing.T) {
	path := keyFile(t)
	for _, overlap := range []time.Duration{-1, maxOverlap + 1} {
		if _, err := Rotate(path, noon, overlap); err == nil {
			t.Errorf("an overlap of %v", overlap)
		}
	}
	if _, err := Rotate(path+"2", noon, day); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for range maxEarlier {
		mustRotate(t, path, noon, day)
	}
	full, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Rotate(path, noon, day); err == nil {
		t.Error("one too many")
	}
	if kept, _ := os.ReadFile(path); !bytes.Equal(kept, full) {
		t.Error("a rotation that was refused changed the file")
	}
}

// TestRotationsAtOnce has many rotate and read at the same time: no secret
// that was in force is lost, and nobody ever reads half a file.
func TestRotationsAtOnce(t *testing.T) {
	path := keyFile(t)
	var done atomic.Int32
	var all sync.WaitGroup
	for range maxEarlier {
		all.Go(func() {
			switch _, err := Rotate(path, noon, day); {
			case err == nil:
				done.Add(1)
			case !errors.Is(err, ErrRotating):
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, err := Open(path); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	ring, err := Open(path)
	if err != nil || done.Load() == 0 || len(ring.Lapses()) != int(done.Load()) {
		t.Errorf("%d rotations left %d earlier secrets: %v", done.Load(), len(ring.Lapses()), err)
	}
}

func TestBadLinesAreRefused(t *testing.T) {
	secret := strings.Repeat("a1", secretLength)
	for name, text := range map[string]string{
		"no date":       secret + "\n" + secret + "\n",
		"a wrong date":  secret + "\n" + secret + " until tomorrow\n",
		"a short one":   secret + "\na1 until 2027-02-20T10:00:00Z\n",
		"an empty line": secret + "\n\n" + secret + " until 2027-02-20T10:00:00Z\n",
		"a dated first": secret + " until 2027-02-20T10:00:00Z\n",
		"too many":      secret + "\n" + strings.Repeat(secret+" until 2027-02-20T10:00:00Z\n", maxEarlier+1),
	} {
		if _, err := parse([]byte(text)); err == nil || strings.Contains(err.Error(), "a1a1") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	secret := strings.Repeat("a1", secretLength)
	f.Add([]byte(secret))
	f.Add([]byte(secret + "\r\n" + secret + " until 2027-02-20T10:00:00Z\r\n"))
	f.Add([]byte(secret + "\n" + secret + " until 2027-02-20T10:00:00+14:00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ring, err := parse(text)
		if err != nil {
			return
		}
		again, err := parse(ring.bytes())
		if err != nil || !bytes.Equal(again.bytes(), ring.bytes()) {
			t.Errorf("%q became %q: %v", text, ring.bytes(), err)
		}
	})
}
