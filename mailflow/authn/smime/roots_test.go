package smime

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoadRoots(t *testing.T) {
	w := newWorld(t)
	certificate := func(c *x509.Certificate) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}))
	folder := t.TempDir()
	tests := []struct{ name, content, want string }{
		{"one", certificate(w.root.cert), ""},
		{"two with words", "Raíz:\n" + certificate(w.root.cert) + "otra\r\n" + certificate(w.sub.cert), ""},
		{"der", string(w.root.cert.Raw), ""},
		{"empty", "", "no certificate found"},
		{"text", "hola", "no certificate found"},
		{"person", certificate(w.root.cert) + certificate(w.ana.cert), `certificate 2, of "CN=Ana Gil", is not an authority's`},
		{"key", certificate(w.root.cert) + key, "a PRIVATE KEY stands among the certificates"},
		{"broken", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate 1: x509: "},
		{"large", strings.Repeat("x", maxRootFile+1), "more than 4194304 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(folder, test.name)
			if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			pool, err := LoadRoots([]string{file})
			if test.want == "" {
				if err != nil || !trusts(pool, w) {
					t.Errorf("not believed: %v", err)
				}
				return
			}
			if err == nil || pool != nil || !strings.Contains(err.Error(), file+": "+test.want) {
				t.Errorf("error %v", err)
			}
		})
	}
	if _, err := LoadRoots([]string{filepath.Join(folder, "none")}); err == nil || strings.Count(err.Error(), folder) != 1 {
		t.Errorf("a missing file: %v", err)
	}
	if pool, err := LoadRoots(nil); pool != nil || err != nil {
		t.Errorf("no files: %v", err)
	}
}

// trusts tells whether Ana is believed.
func trusts(roots *x509.CertPool, w world) bool {
	_, err := (&container{certificates: []*x509.Certificate{w.sub.cert}}).trust(w.ana.cert, Options{Roots: roots, Now: now})
	return err == nil
}
