package config_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/cauce-desk/cauce/config"
)

// A certificate is looked for beside the file that names it, and loading
// leaves nothing behind.
func TestCertificateBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	writeCertificate(t, dir)
	text := append(preset(t), "tls: {certificate: certificate.pem, key: key.pem}\n"...)
	file := filepath.Join(dir, "desk.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	c, err := config.Load([]string{file}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	if c.TLS.Certificate != filepath.Join(dir, "certificate.pem") || c.TLS.Key != filepath.Join(dir, "key.pem") {
		t.Errorf("got %+v", c.TLS)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("loading left %v behind, %v", left, err)
	}
}

func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"cauce.dgt.example"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(dir, "certificate.pem"), "CERTIFICATE", certificate)
	writePEM(t, filepath.Join(dir, "key.pem"), "PRIVATE KEY", private)
}

func writePEM(t *testing.T, file, kind string, block []byte) {
	t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: block}), 0o600); err != nil {
		t.Fatal(err)
	}
}
