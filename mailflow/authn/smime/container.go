package smime

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// Bounds of what is in a container.
const (
	maxSigners      = 8
	maxCertificates = 32
	maxCertificate  = 32 << 10 // bytes
)

// What a container may hold (RFC 5652 sections 4 and 5).
var (
	oidData   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSigned = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
)

// contentInfo is what a container is, and its content (RFC 5652 section 3).
type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,optional,tag:0"`
}

// signedData is the content of a signed container (RFC 5652 section 5.1).
type signedData struct {
	Version      int
	Digests      []asn1.RawValue `asn1:"set"`
	Content      contentInfo
	Certificates asn1.RawValue   `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue   `asn1:"optional,tag:1"`
	Signers      []asn1.RawValue `asn1:"set"`
}

// signerInfo is one signature (RFC 5652 section 5.3). Its unsigned attributes,
// such as time stamps and countersignatures, are not looked at.
type signerInfo struct {
	Version   int
	ID        asn1.RawValue
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

// container is a signed container that was read; nothing in it was checked.
type container struct {
	content      []byte // nil if the signed text is elsewhere
	certificates []*x509.Certificate
	signers      []signerInfo
}

// readContainer reads a signed container in BER.
func readContainer(ber []byte) (*container, error) {
	der, err := normalise(ber)
	if err != nil {
		return nil, err
	}
	var outer contentInfo
	if err := unmarshal(der, &outer, ""); err != nil {
		return nil, err
	}
	if !outer.Type.Equal(oidSigned) {
		return nil, NotSigned
	}
	var data signedData
	if err := unmarshal(outer.Content.Bytes, &data, ""); err != nil {
		return nil, err
	}
	return data.open()
}

func (d signedData) open() (*container, error) {
	var c container
	var err error
	if c.signers, err = d.signerInfos(); err != nil {
		return nil, err
	}
	if c.content, err = d.text(); err != nil {
		return nil, err
	}
	c.certificates, err = certificates(d.Certificates.Bytes)
	return &c, err
}

func (d signedData) signerInfos() ([]signerInfo, error) {
	switch n := len(d.Signers); {
	case n == 0:
		return nil, NoSigner
	case n > maxSigners:
		return nil, fmt.Errorf("%d signers: %w", n, TooLarge)
	}
	infos := make([]signerInfo, len(d.Signers))
	for i, raw := range d.Signers {
		if err := unmarshal(raw.FullBytes, &infos[i], ""); err != nil {
			return nil, err
		}
	}
	return infos, nil
}

// text is the content that was signed, if it is in the container. S/MIME signs
// plain data (RFC 8551 section 2.4.1).
func (d signedData) text() ([]byte, error) {
	if !d.Content.Type.Equal(oidData) {
		return nil, fmt.Errorf("content of type %v: %w", d.Content.Type, NotMail)
	}
	if len(d.Content.Content.FullBytes) == 0 {
		return nil, nil
	}
	var octets asn1.RawValue
	if err := unmarshal(d.Content.Content.Bytes, &octets, ""); err != nil {
		return nil, err
	}
	if octets.FullBytes[0] != tagOctets {
		return nil, fmt.Errorf("content is no string: %w", Malformed)
	}
	return append([]byte{}, octets.Bytes...), nil
}

// certificates reads the certificates of a container (RFC 5652 section 10.2.2).
// What is of another kind, or cannot be read, is left out: the signer's may be
// among the others.
func certificates(raw []byte) ([]*x509.Certificate, error) {
	var list []*x509.Certificate
	for n := 0; len(raw) > 0; n++ {
		if n == maxCertificates {
			return nil, fmt.Errorf("more than %d certificates: %w", n, TooLarge)
		}
		var one asn1.RawValue
		rest, err := asn1.Unmarshal(raw, &one)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", Malformed, err)
		}
		raw = rest
		if len(one.FullBytes) > maxCertificate {
			return nil, fmt.Errorf("certificate of %d bytes: %w", len(one.FullBytes), TooLarge)
		}
		if c, err := x509.ParseCertificate(one.FullBytes); err == nil {
			list = append(list, c)
		}
	}
	return list, nil
}

// unmarshal reads DER that must be one value and no more.
func unmarshal(der []byte, into any, params string) error {
	rest, err := asn1.UnmarshalWithParams(der, into, params)
	if err != nil {
		return fmt.Errorf("%w: %w", Malformed, err)
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes too many: %w", len(rest), Malformed)
	}
	return nil
}
