package smtpd

import (
	"crypto/tls"
	"fmt"
	"sync/atomic"
)

// CertReloader is a certificate that can be renewed while connections come in.
// It is made by NewCertificate; its methods may be called concurrently.
type CertReloader struct {
	certFile, keyFile string
	current           atomic.Pointer[tls.Certificate]
}

// NewCertificate reads a certificate chain and its key, both PEM. The error
// says which pair cannot be read or does not match.
func NewCertificate(certFile, keyFile string) (*CertReloader, error) {
	c := &CertReloader{certFile: certFile, keyFile: keyFile}
	if err := c.Reload(); err != nil {
		return nil, err
	}
	return c, nil
}

// Reload reads the files again: new handshakes use what they hold now. On an
// error the certificate in use stays.
func (c *CertReloader) Reload() error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	c.current.Store(&pair)
	return nil
}

// GetCertificate is for tls.Config.GetCertificate.
func (c *CertReloader) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return c.current.Load(), nil
}

// TLS is a configuration for Options.TLS: this certificate, and TLS 1.2 or
// later (RFC 8996).
func (c *CertReloader) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.GetCertificate}
}
