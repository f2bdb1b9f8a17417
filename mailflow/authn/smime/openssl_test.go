package smime

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// whenFixtures is a time at which the certificates in testdata are valid.
var whenFixtures = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func fixtureOptions(t testing.TB) Options {
	t.Helper()
	roots, err := LoadRoots([]string{"testdata/root.pem"})
	if err != nil {
		t.Fatal(err)
	}
	return Options{Roots: roots, Now: whenFixtures}
}

// TestOpenSSL judges the mails in testdata, which another program signed.
func TestOpenSSL(t *testing.T) {
	tests := []struct{ file, want string }{
		{"01-detached.eml", "valid ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"02-opaque.eml", "valid ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"03-stream.eml", "valid ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"04-key-identifier.eml", "valid ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"05-pss.eml", "valid ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"06-two-signers.eml", "valid Luis Mora [luis.mora@dgt.example] ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"07-card-without-address.eml", "valid PEREZ SOTO, EVA (FIRMA) []"},
		{"08-sha1.eml", "invalid weak_digest ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"09-no-attributes.eml", "unsupported no_attributes ANA GIL - 00000000T [ana.gil@dgt.example]"},
		{"10-no-intermediate.eml", "invalid untrusted Luis Mora [luis.mora@dgt.example]"},
		{"11-encrypted.eml", "none encrypted"},
		{"12-signed-twice.eml", "valid Luis Mora [luis.mora@dgt.example]"},
		{"13-subject-signed.eml", "valid subject ANA GIL - 00000000T [ana.gil@dgt.example]"},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			raw := fixture(t, test.file)
			forms := map[string][]byte{"as written": raw}
			forms["LF"] = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
			forms["CRLF"] = bytes.ReplaceAll(forms["LF"], []byte("\n"), []byte("\r\n"))
			for form, mail := range forms {
				if got := inWords(Verify(mail, fixtureOptions(t))); got != test.want {
					t.Errorf("%s: %s, not %s", form, got, test.want)
				}
			}
		})
	}
}

// inWords is a result in one line.
func inWords(r Result) string {
	text := string(r.State)
	if r.Reason != "" {
		text += " " + string(r.Reason)
	}
	if r.SubjectSigned {
		text += " subject"
	}
	for _, s := range r.Signers {
		text += fmt.Sprintf(" %s %v", s.Name, s.Addresses)
	}
	return text
}
