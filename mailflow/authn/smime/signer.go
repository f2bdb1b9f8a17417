package smime

import (
	"bytes"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"time"
)

// Signed attributes (RFC 5652 section 11).
const (
	oidContentType   = "1.2.840.113549.1.9.3"
	oidMessageDigest = "1.2.840.113549.1.9.4"
	oidSigningTime   = "1.2.840.113549.1.9.5"
)

// clockSkew is how far a signer's clock may be ahead.
const clockSkew = 24 * time.Hour

// attribute is a signed attribute (RFC 5652 section 5.3).
type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// attributes are the signed attributes that are understood.
type attributes struct {
	digest []byte
	at     time.Time
	der    []byte // what was signed
}

// verify checks all signatures over a text, which may stand in several forms.
// The first that is not good decides; those who signed are named all the same.
func (c *container) verify(texts [][]byte, o Options) ([]Signer, error) {
	var signers []Signer
	var first error
	for _, info := range c.signers {
		signer, err := c.verifyOne(info, texts, o)
		if signer.Serial != "" {
			signers = append(signers, signer)
		}
		if first == nil {
			first = err
		}
	}
	return signers, first
}

func (c *container) verifyOne(info signerInfo, texts [][]byte, o Options) (Signer, error) {
	cert := c.signerCertificate(info.ID)
	if cert == nil {
		return Signer{}, NoCertificate
	}
	signer := describe(cert)
	signed, err := info.attributes()
	if err != nil {
		return signer, err
	}
	signer.At = signed.at
	if err := info.checkText(signed, texts); err != nil {
		return signer, err
	}
	if err := checkKey(cert.PublicKey); err != nil {
		return signer, err
	}
	if err := info.checkSignature(cert.PublicKey, signed.der); err != nil {
		return signer, err
	}
	if err := fresh(signed.at, o); err != nil {
		return signer, err
	}
	signer.Addresses, err = c.trust(cert, o)
	return signer, err
}

// signerCertificate finds the certificate a signature names, by issuer and
// serial number, or by the identifier of its key (RFC 5652 section 5.3).
func (c *container) signerCertificate(id asn1.RawValue) *x509.Certificate {
	if id.Class == asn1.ClassContextSpecific && id.Tag == 0 && !id.IsCompound {
		for _, cert := range c.certificates {
			if len(id.Bytes) > 0 && bytes.Equal(cert.SubjectKeyId, id.Bytes) {
				return cert
			}
		}
		return nil
	}
	var by struct{ Issuer, Serial asn1.RawValue }
	if unmarshal(id.FullBytes, &by, "") != nil {
		return nil
	}
	for _, cert := range c.certificates {
		serial, err := asn1.Marshal(cert.SerialNumber)
		if err == nil && bytes.Equal(serial, by.Serial.FullBytes) && bytes.Equal(cert.RawIssuer, by.Issuer.FullBytes) {
			return cert
		}
	}
	return nil
}

// attributes reads the signed attributes. They may be left out of the plainest
// signatures (RFC 5652 section 5.3), which are refused: they do not say when they
// were made, and the attributes of another signature could pass for their text.
func (s signerInfo) attributes() (attributes, error) {
	if len(s.Signed.FullBytes) == 0 {
		return attributes{}, NoAttributes
	}
	// They are signed as a SET, not under the tag they travel with: RFC 5652
	// section 5.4.
	a := attributes{der: bytes.Clone(s.Signed.FullBytes)}
	a.der[0] = tagSet
	var list []attribute
	if err := unmarshal(a.der, &list, "set"); err != nil {
		return a, err
	}
	one := map[string]asn1.RawValue{}
	for _, each := range list {
		oid := each.Type.String()
		if _, twice := one[oid]; twice || len(each.Values) == 0 {
			return a, fmt.Errorf("attribute %s: %w", oid, BadAttributes)
		}
		one[oid] = each.Values[0]
		if understood := oid == oidContentType || oid == oidMessageDigest || oid == oidSigningTime; understood && len(each.Values) != 1 {
			return a, fmt.Errorf("attribute %s has %d values: %w", oid, len(each.Values), BadAttributes)
		}
	}
	return a, a.read(one)
}

// read takes the values of the attributes. Content type and digest must be
// there (RFC 5652 section 5.3), and the type must be that of the content.
func (a *attributes) read(one map[string]asn1.RawValue) error {
	var kind asn1.ObjectIdentifier
	if unmarshal(one[oidContentType].FullBytes, &kind, "") != nil || !kind.Equal(oidData) {
		return fmt.Errorf("content type %v: %w", kind, BadAttributes)
	}
	if unmarshal(one[oidMessageDigest].FullBytes, &a.digest, "") != nil {
		return fmt.Errorf("digest: %w", BadAttributes)
	}
	if at, said := one[oidSigningTime]; said && unmarshal(at.FullBytes, &a.at, "") != nil {
		return fmt.Errorf("signing time: %w", BadAttributes)
	}
	return nil
}

// checkText compares the digest of the text with the signed one.
func (s signerInfo) checkText(signed attributes, texts [][]byte) error {
	digest, err := digestOf(s.Digest.Algorithm.String())
	if err != nil {
		return err
	}
	for _, text := range texts {
		if subtle.ConstantTimeCompare(sum(digest, text), signed.digest) == 1 {
			return nil
		}
	}
	return Altered
}

// fresh says whether a mail was signed at a time at which it may have been. One
// that does not say when has the zero time, which is too long ago.
func fresh(at time.Time, o Options) error {
	switch {
	case o.MaxAge == 0:
		return nil
	case at.Before(o.Now.Add(-o.MaxAge)) || at.After(o.Now.Add(clockSkew)):
		return fmt.Errorf("signed at %v: %w", at, Stale)
	}
	return nil
}
