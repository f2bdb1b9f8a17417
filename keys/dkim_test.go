package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func mustCreate(t *testing.T, dir, domain, selector string, algorithm Algorithm) DKIM {
	t.Helper()
	key, err := CreateDKIM(dir, domain, selector, algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestDKIMKeysAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "dkim")
	made := []DKIM{
		mustCreate(t, dir, "DGT.example.", "cauce202611", RSA),
		mustCreate(t, dir, "dgt.example", "Cauce202611-ed25519", Ed25519),
		mustCreate(t, dir, "españa.example", "mail.2026", Ed25519),
	}
	if err := os.WriteFile(filepath.Join(dir, "dgt.example", "cauce202611.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	loaded, err := LoadDKIM(dir)
	if err != nil || len(loaded) != len(made) {
		t.Fatalf("%v, %v", loaded, err)
	}
	for i, name := range []string{
		"cauce202611._domainkey.dgt.example", "cauce202611-ed25519._domainkey.dgt.example", "mail.2026._domainkey.xn--espaa-rta.example",
	} {
		if loaded[i].Name() != name || record(t, loaded[i]) != record(t, made[i]) {
			t.Errorf("%s is %s", name, loaded[i].Name())
		}
		if info, err := os.Stat(made[i].Path(dir)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func record(t *testing.T, k DKIM) string {
	t.Helper()
	text, err := k.TXT()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDKIMRecord(t *testing.T) {
	dir := t.TempDir()
	long := mustCreate(t, dir, "dgt.example", "a", RSA)
	text, ok := strings.CutPrefix(record(t, long), "v=DKIM1; k=rsa; p=")
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !ok {
		t.Fatalf("%s: %v", text, err)
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil || !long.Private.Public().(*rsa.PublicKey).Equal(public) || long.Bits() != 2048 || long.Algorithm() != RSA {
		t.Errorf("%v, %d bits: %v", public, long.Bits(), err)
	}
	// RFC 8463 appendix A.2.
	seed, err := base64.StdEncoding.DecodeString("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
	if err != nil {
		t.Fatal(err)
	}
	short := DKIM{Domain: "football.example.com", Selector: "brisbane", Private: ed25519.NewKeyFromSeed(seed)}
	if got := record(t, short); got != "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" || short.Algorithm() != Ed25519 || short.Bits() != 256 {
		t.Errorf("%s, %d bits", got, short.Bits())
	}
}

// TestDKIMKeyIsNeverReplaced has many make the same key: one does, the others
// are told.
func TestDKIMKeyIsNeverReplaced(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	var lock sync.Mutex
	var made []DKIM
	for range 8 {
		all.Go(func() {
			key, err := CreateDKIM(dir, "dgt.example", "a", Ed25519)
			lock.Lock()
			defer lock.Unlock()
			if err == nil {
				made = append(made, key)
			} else if !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	loaded, err := LoadDKIM(dir)
	if err != nil || len(made) != 1 || len(loaded) != 1 || record(t, made[0]) != record(t, loaded[0]) {
		t.Errorf("%d made, %d loaded: %v", len(made), len(loaded), err)
	}
}

func TestBadNames(t *testing.T) {
	dir := t.TempDir()
	for _, c := range [][2]string{
		{"", "a"}, {"localhost", "a"}, {"../etc.example", "a"}, {"a/b.example", "a"}, {"a..example", "a"}, {"ana@dgt.example", "a"},
		{strings.Repeat("a.", 100) + "example", "a"}, {"dgt.example", ""}, {"dgt.example", "../a"}, {"dgt.example", "a_b"}, {"dgt.example", ".a"},
		{"dgt.example", strings.Repeat("a", 64)},
	} {
		if _, err := CreateDKIM(dir, c[0], c[1], Ed25519); err == nil {
			t.Errorf("%q", c)
		}
	}
	if _, err := CreateDKIM(dir, "dgt.example", "a", "dsa"); err == nil {
		t.Error("an algorithm nobody has")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("made all the same: %v", left)
	}
}

func TestNoDKIMFolder(t *testing.T) {
	if keys, err := LoadDKIM(filepath.Join(t.TempDir(), "dkim")); keys != nil || err != nil {
		t.Errorf("%v, %v", keys, err)
	}
}

// encoded is a private key as programs write it.
func encoded(t *testing.T, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestKeyFilesOfOthers(t *testing.T) {
	good, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(curve)
	another := encoded(t, "PRIVATE KEY", pkcs8, err)
	older := encoded(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(good), nil)
	for name, c := range map[string]struct {
		file, text string
		mode       os.FileMode
		fails      bool
	}{
		"an older program's": {"a.pem", older, 0o600, false},
		"no key file":        {"notes.md", "hola", 0o644, false},
		"another's draft":    {".keys-123", "", 0o600, false},
		"readable by others": {"a.pem", older, 0o640, true},
		"another curve":      {"a.pem", another, 0o600, true},
		"empty":              {"a.pem", "", 0o600, true},
		"cut off":            {"a.pem", older[:len(older)/2], 0o600, true},
		"no selector":        {"a b.pem", older, 0o600, true},
		"huge":               {"a.pem", older + strings.Repeat("\n", maxFile), 0o600, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "dgt.example"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "dgt.example", c.file), []byte(c.text), c.mode); err != nil {
				t.Fatal(err)
			}
			if keys, err := LoadDKIM(dir); (err != nil) != c.fails {
				t.Errorf("%v, %v", keys, err)
			}
		})
	}
}

func TestDefaultSelector(t *testing.T) {
	if a, b := DefaultSelector(RSA, noon), DefaultSelector(Ed25519, noon); a != "cauce202611" || b != "cauce202611-ed25519" {
		t.Errorf("%s, %s", a, b)
	}
}

func FuzzParsePEM(f *testing.F) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		private, err := parsePEM(text)
		if (private == nil) != (err != nil) {
			t.Errorf("%v, %v", private, err)
		}
	})
}
