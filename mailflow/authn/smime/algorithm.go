package smime

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // SHA-256
	_ "crypto/sha512" // SHA-384 and SHA-512
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// Sizes of RSA keys: below the first they can be broken (RFC 8551 section 4.3),
// and beyond the second checking them is work a stranger could give us.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

// digests are the digest algorithms of CMS (RFC 5754 section 2). 0 is one that
// can be forged.
var digests = map[string]crypto.Hash{
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
	"1.2.840.113549.2.2":     0, // MD2
	"1.2.840.113549.2.5":     0, // MD5
	"1.3.14.3.2.26":          0, // SHA-1
}

// method is a way to sign. digest is "" where the signature's algorithm does
// not say which digest, and the signer's digest algorithm does.
type method struct {
	digest string
	check  func(key crypto.PublicKey, digest crypto.Hash, text, signature []byte) bool
}

// methods are the signature algorithms of CMS (RFC 5754 section 3 and
// RFC 8419 section 2). RSA-PSS is not here, because it has parameters.
var methods = map[string]method{
	"1.2.840.113549.1.1.1":  {"", pkcs1},
	"1.2.840.113549.1.1.11": {"2.16.840.1.101.3.4.2.1", pkcs1},
	"1.2.840.113549.1.1.12": {"2.16.840.1.101.3.4.2.2", pkcs1},
	"1.2.840.113549.1.1.13": {"2.16.840.1.101.3.4.2.3", pkcs1},
	"1.2.840.113549.1.1.4":  {"1.2.840.113549.2.5", pkcs1},
	"1.2.840.113549.1.1.5":  {"1.3.14.3.2.26", pkcs1},
	"1.2.840.10045.4.1":     {"1.3.14.3.2.26", curve},
	"1.2.840.10045.4.3.2":   {"2.16.840.1.101.3.4.2.1", curve},
	"1.2.840.10045.4.3.3":   {"2.16.840.1.101.3.4.2.2", curve},
	"1.2.840.10045.4.3.4":   {"2.16.840.1.101.3.4.2.3", curve},
	"1.3.101.112":           {"2.16.840.1.101.3.4.2.3", edwards},
}

const oidPSS = "1.2.840.113549.1.1.10"

// digestOf says which digest an algorithm is.
func digestOf(oid string) (crypto.Hash, error) {
	digest, known := digests[oid]
	switch {
	case !known:
		return 0, fmt.Errorf("digest %s: %w", oid, UnknownAlgorithm)
	case digest == 0:
		return 0, fmt.Errorf("digest %s: %w", oid, WeakDigest)
	}
	return digest, nil
}

// sum is the digest of a text.
func sum(digest crypto.Hash, text []byte) []byte {
	h := digest.New()
	h.Write(text)
	return h.Sum(nil)
}

// checkSignature checks the signature over a text.
func (s signerInfo) checkSignature(key crypto.PublicKey, text []byte) error {
	m, err := s.method()
	if err != nil {
		return err
	}
	digest, err := digestOf(m.digest)
	if err != nil {
		return err
	}
	if !m.check(key, digest, text, s.Signature) {
		return BadSignature
	}
	return nil
}

func (s signerInfo) method() (method, error) {
	oid := s.Algorithm.Algorithm.String()
	if oid == oidPSS {
		return pss(s.Algorithm.Parameters)
	}
	m, known := methods[oid]
	if !known {
		return m, fmt.Errorf("signature %s: %w", oid, UnknownAlgorithm)
	}
	if m.digest == "" {
		m.digest = s.Digest.Algorithm.String()
	}
	return m, nil
}

func pkcs1(key crypto.PublicKey, digest crypto.Hash, text, signature []byte) bool {
	k, ok := key.(*rsa.PublicKey)
	return ok && rsa.VerifyPKCS1v15(k, digest, sum(digest, text), signature) == nil
}

func curve(key crypto.PublicKey, digest crypto.Hash, text, signature []byte) bool {
	k, ok := key.(*ecdsa.PublicKey)
	return ok && ecdsa.VerifyASN1(k, sum(digest, text), signature)
}

// edwards takes the text itself, not its digest (RFC 8419 section 3.1).
func edwards(key crypto.PublicKey, _ crypto.Hash, text, signature []byte) bool {
	k, ok := key.(ed25519.PublicKey)
	return ok && ed25519.Verify(k, text, signature)
}

// pssParameters are those of RSA-PSS (RFC 4055 section 3.1). What is left out
// of them is SHA-1.
type pssParameters struct {
	Digest  pkix.AlgorithmIdentifier `asn1:"optional,explicit,tag:0"`
	Mask    pkix.AlgorithmIdentifier `asn1:"optional,explicit,tag:1"`
	Salt    int                      `asn1:"optional,explicit,tag:2,default:20"`
	Trailer int                      `asn1:"optional,explicit,tag:3,default:1"`
}

const oidMGF1 = "1.2.840.113549.1.1.8"

// pss reads the parameters of RSA-PSS. The two digests must be the same, which
// RFC 4055 section 3.1 recommends and everybody does; there must be salt.
func pss(parameters asn1.RawValue) (method, error) {
	var p pssParameters
	if err := unmarshal(parameters.FullBytes, &p, ""); err != nil {
		return method{}, err
	}
	if len(p.Digest.Algorithm) == 0 || len(p.Mask.Algorithm) == 0 {
		return method{}, fmt.Errorf("RSA-PSS with SHA-1: %w", WeakDigest)
	}
	var masked pkix.AlgorithmIdentifier
	if err := unmarshal(p.Mask.Parameters.FullBytes, &masked, ""); err != nil {
		return method{}, err
	}
	if p.Mask.Algorithm.String() != oidMGF1 || !masked.Algorithm.Equal(p.Digest.Algorithm) || p.Trailer != 1 || p.Salt < 1 {
		return method{}, fmt.Errorf("RSA-PSS with unusual parameters: %w", UnknownAlgorithm)
	}
	check := func(key crypto.PublicKey, digest crypto.Hash, text, signature []byte) bool {
		k, ok := key.(*rsa.PublicKey)
		return ok && rsa.VerifyPSS(k, digest, sum(digest, text), signature, &rsa.PSSOptions{SaltLength: p.Salt}) == nil
	}
	return method{p.Digest.Algorithm.String(), check}, nil
}

// checkKey says whether a key is of a kind and size that is believed.
func checkKey(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch bits := k.N.BitLen(); {
		case bits < minRSABits:
			return WeakKey
		case bits <= maxRSABits:
			return nil
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521() {
			return nil
		}
	case ed25519.PublicKey:
		return nil
	}
	return UnknownAlgorithm
}
