package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/keys"
)

// cauce runs the program on a data folder.
func cauce(t *testing.T, dir, line string) (out string, err error) {
	t.Helper()
	var b bytes.Buffer
	err = run(t.Context(), append(strings.Fields(line), "--data", dir), &b, &b)
	return b.String(), err
}

func mustCauce(t *testing.T, dir, line string) string {
	t.Helper()
	out, err := cauce(t, dir, line)
	if err != nil {
		t.Fatalf("cauce %s:\n%s", line, out)
	}
	return out
}

func mustUnmarshal(t *testing.T, text string, value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), value); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
}

// withSecret is a data folder as after the first start.
func withSecret(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := keys.Open(filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestKeysRotate(t *testing.T) {
	dir := withSecret(t)
	before, err := os.ReadFile(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	if out := mustCauce(t, dir, "keys rotate"); !strings.Contains(out, "work until") || !strings.Contains(out, "SIGHUP") {
		t.Error(out)
	}
	after, err := os.ReadFile(filepath.Join(dir, "keys"))
	if err != nil || !bytes.Contains(after, bytes.TrimSpace(before)) || bytes.HasPrefix(after, bytes.TrimSpace(before)) {
		t.Errorf("%s became %s: %v", before, after, err)
	}
	var shown struct {
		File    string   `json:"file"`
		Earlier []string `json:"earlier_until"`
	}
	if mustUnmarshal(t, mustCauce(t, dir, "keys rotate --overlap 2d12h --json"), &shown); len(shown.Earlier) != 2 {
		t.Errorf("%+v", shown)
	}
	if out := mustCauce(t, dir, "keys rotate --overlap 0"); !strings.Contains(out, "do not work any more") {
		t.Error(out)
	}
	for _, line := range []string{"keys rotate --overlap never", "keys rotate --overlap -1h", "keys rotate --overlap 36500d"} {
		if out, err := cauce(t, dir, line); err == nil {
			t.Errorf("%s: %s", line, out)
		}
	}
	if out, err := cauce(t, t.TempDir(), "keys rotate"); err == nil {
		t.Errorf("where there is no secret: %s", out)
	}
}

func TestKeysDKIM(t *testing.T) {
	dir := withSecret(t)
	out := mustCauce(t, dir, "keys dkim DGT.example")
	record := regexp.MustCompile(`(?m)^cauce\d{6}\._domainkey\.dgt\.example\. 3600 IN TXT "v=DKIM1; k=rsa; p=[^"]{1,237}" "[^"]{1,255}"$`)
	if !record.MatchString(out) {
		t.Error(out)
	}
	if out, err := cauce(t, dir, "keys dkim dgt.example"); err == nil || !strings.Contains(out, "never overwritten") {
		t.Error(out)
	}
	var shown shownDKIM
	mustUnmarshal(t, mustCauce(t, dir, "keys dkim dgt.example --selector second --algorithm ed25519 --json"), &shown)
	if shown.Name != "second._domainkey.dgt.example" || shown.Algorithm != keys.Ed25519 || shown.File != filepath.Join(dir, "dkim", "dgt.example", "second.pem") {
		t.Errorf("%+v", shown)
	}
	for _, line := range []string{"keys dkim", "keys dkim localhost", "keys dkim dgt.example --algorithm dsa", "keys dkim dgt.example --selector ../a"} {
		if out, err := cauce(t, dir, line); err == nil {
			t.Errorf("%s: %s", line, out)
		}
	}
}

func TestKeysList(t *testing.T) {
	dir := withSecret(t)
	mustCauce(t, dir, "keys rotate")
	mustCauce(t, dir, "keys dkim dgt.example --selector a --algorithm ed25519")
	out := mustCauce(t, dir, "keys list")
	for _, want := range []string{"in force", "until 2", "a._domainkey.dgt.example", "ed25519, 256 bits"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	listed := mustCauce(t, dir, "keys list --json")
	if hash.MatchString(out + listed) {
		t.Errorf("a secret is shown:\n%s%s", out, listed)
	}
	var shown struct{ DKIM []shownDKIM }
	if mustUnmarshal(t, listed, &shown); len(shown.DKIM) != 1 || shown.DKIM[0].Selector != "a" {
		t.Errorf("%+v", shown)
	}
	if err := os.Chmod(filepath.Join(dir, "dkim", "dgt.example", "a.pem"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"keys list", "dns"} {
		if out, err := cauce(t, dir, line); err == nil || !strings.Contains(out, "others can read it") {
			t.Errorf("%s: %s", line, out)
		}
	}
}
