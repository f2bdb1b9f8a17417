package keys

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
)

// Algorithm is the key's kind.
func (k DKIM) Algorithm() Algorithm {
	if _, ok := k.Private.(*rsa.PrivateKey); ok {
		return RSA
	}
	return Ed25519
}

// Bits is the key's size.
func (k DKIM) Bits() int {
	if private, ok := k.Private.(*rsa.PrivateKey); ok {
		return private.N.BitLen()
	}
	return 8 * ed25519.PublicKeySize
}

// Name is the domain name under which the public half is published (RFC 6376
// section 3.6.2.1), without a dot at the end.
func (k DKIM) Name() string { return k.Selector + "._domainkey." + k.Domain }

// TXT is the record that is published there (RFC 6376 section 3.6.1), in one
// piece.
func (k DKIM) TXT() (string, error) {
	public := k.Private.Public()
	if raw, ok := public.(ed25519.PublicKey); ok { // as it is (RFC 8463 section 4.2)
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(raw), nil
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("public key of %s: %w", k.Name(), err)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), nil
}
