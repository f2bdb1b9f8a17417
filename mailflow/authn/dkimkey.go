package authn

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
)

// dkimKey is a public key and what its owner says of its use.
type dkimKey struct {
	public  crypto.PublicKey // *rsa.PublicKey or ed25519.PublicKey
	bits    int
	testing bool // t=y
	exact   bool // t=s: no subdomains in i=
}

const (
	// A key record longer than this is not read: its key would take longer to
	// use than a mail is worth. RSA of 8,192 bits fits.
	maxKeyRecord = 2 << 10
	minRSABits   = 1024 // RFC 8301 section 3.2
)

// fetchKey looks up the key of a selector (RFC 6376 section 3.6.2). Its errors
// are those of the resolver, or say what is wrong with the record.
func fetchKey(ctx context.Context, r Resolver, selector, domain string) (dkimKey, error) {
	texts, err := r.LookupTXT(ctx, selector+"._domainkey."+domain)
	switch {
	case err != nil && !isNotFound(err):
		return dkimKey{}, err
	case len(texts) == 0:
		return dkimKey{}, keyError("there is no key record")
	case len(texts) > 1:
		return dkimKey{}, keyError("there is more than one key record")
	case len(texts[0]) > maxKeyRecord:
		return dkimKey{}, keyError("the key record is too long")
	}
	return parseKey(texts[0])
}

// keyError is what makes a key record useless for good.
type keyError string

func (e keyError) Error() string { return string(e) }

// parseKey reads a key record (RFC 6376 section 3.6.1).
func parseKey(text string) (dkimKey, error) {
	tags, err := parseTags(text)
	if err != nil {
		return dkimKey{}, keyError("malformed key record")
	}
	if v := tags.text("v"); tags.has("v") && v != "DKIM1" {
		return dkimKey{}, keyError("unknown version of key record")
	}
	if h := tags.list("h"); h != nil && !slices.Contains(h, "sha256") {
		return dkimKey{}, keyError("the key is not for sha256")
	}
	if s := tags.list("s"); s != nil && !slices.Contains(s, "*") && !slices.Contains(s, "email") {
		return dkimKey{}, keyError("the key is not for mail")
	}
	flags := tags.list("t")
	key := dkimKey{testing: slices.Contains(flags, "y"), exact: slices.Contains(flags, "s")}
	if tags.has("p") && tags.packed("p") == "" {
		return key, keyError("the key is revoked")
	}
	return key, key.decode(tags.text("k"), tags.packed("p"))
}

func (k *dkimKey) decode(kind, encoded string) error {
	der, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(der) == 0 {
		return keyError("malformed key")
	}
	switch strings.ToLower(kind) {
	case "", "rsa":
		return k.decodeRSA(der)
	case "ed25519": // RFC 8463 section 4.2
		if len(der) != ed25519.PublicKeySize {
			return keyError("malformed key")
		}
		k.public, k.bits = ed25519.PublicKey(der), 256
		return nil
	}
	return keyError("unknown kind of key")
}

// decodeRSA takes both forms that are in use; erratum 3017 to RFC 6376 section
// 3.6.1 tells how they came about.
func (k *dkimKey) decodeRSA(der []byte) error {
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		public, err = x509.ParsePKCS1PublicKey(der)
	}
	key, ok := public.(*rsa.PublicKey)
	if err != nil || !ok {
		return keyError("malformed key")
	}
	if k.bits = key.N.BitLen(); k.bits < minRSABits {
		return keyError("the key is too short")
	}
	k.public = key
	return nil
}

var errBadSignature = errors.New("the signature did not verify")

// verify checks a signature over a SHA-256 hash.
func (k dkimKey) verify(algorithm string, hashed, signature []byte) error {
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		if algorithm != "rsa" {
			return keyError("the key is of another kind than the signature")
		}
		if rsa.VerifyPKCS1v15(public, crypto.SHA256, hashed, signature) != nil {
			return errBadSignature
		}
	case ed25519.PublicKey:
		if algorithm != "ed25519" {
			return keyError("the key is of another kind than the signature")
		}
		if !ed25519.Verify(public, hashed, signature) { // RFC 8463 section 3
			return errBadSignature
		}
	}
	return nil
}
