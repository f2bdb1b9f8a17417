package compose

import (
	"cmp"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Key is a private key for DKIM and where its public half is published:
// Selector._domainkey.Domain.
type Key struct {
	Domain, Selector string
	Private          crypto.Signer // RSA of at least 1,024 bits, or Ed25519
}

// Signer signs outgoing mail (RFC 6376). It may be used by many at once. A nil
// Signer has no keys.
type Signer struct{ keys map[string][]Key } // by domain

// NewSigner makes a signer. The error wraps ErrInvalid: a domain or selector
// that is none, one given twice, or a key that DKIM has no use for.
func NewSigner(keys []Key) (*Signer, error) {
	s := &Signer{keys: map[string][]Key{}}
	for _, k := range keys {
		domain, err := asciiDomain(k.Domain)
		if err != nil || strings.HasPrefix(domain, "[") {
			return nil, invalid("signing domain", k.Domain)
		}
		k.Domain, k.Selector = strings.ToLower(domain), strings.ToLower(k.Selector)
		if err := s.check(k); err != nil {
			return nil, err
		}
		s.keys[k.Domain] = append(s.keys[k.Domain], k)
	}
	for _, of := range s.keys {
		slices.SortStableFunc(of, rsaFirst)
	}
	return s, nil
}

// minBits is what a signer may use at least (RFC 8301 section 3.2).
const minBits = 1024

func (s *Signer) check(k Key) error {
	isTwin := func(other Key) bool { return other.Selector == k.Selector }
	switch private := k.Private.(type) {
	case *rsa.PrivateKey:
		if private.N.BitLen() < minBits {
			return invalid("signing key", fmt.Sprintf("%s: only %d bits", k.name(), private.N.BitLen()))
		}
	case ed25519.PrivateKey:
	default:
		return invalid("signing key", fmt.Sprintf("%s: a %T", k.name(), private))
	}
	if !hostName.MatchString(k.Selector) || slices.ContainsFunc(s.keys[k.Domain], isTwin) {
		return invalid("selector", k.name())
	}
	return nil
}

func (k Key) name() string { return k.Selector + "._domainkey." + k.Domain }

// rsaFirst puts the signature that every verifier understands before the one
// that few do: some look at the first alone. The newest selector, if it is
// named by its date, comes first among its kind.
func rsaFirst(a, b Key) int {
	rank := func(k Key) int {
		if _, ok := k.Private.(ed25519.PrivateKey); ok {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Selector, a.Selector))
}

// Sign returns the mail with a DKIM-Signature above it for each key of the
// domain, which is that of From. The keys of a parent domain are not its keys.
// A domain without keys, and a nil Signer, give the mail back as it is. The
// same mail and keys give the same bytes. The error wraps ErrInvalid: the mail
// has no header, no From, or line ends other than CRLF, which a server on the
// way would mend and so break the signature.
func (s *Signer) Sign(raw []byte, domain string) ([]byte, error) {
	if ascii, err := asciiDomain(domain); err == nil {
		domain = ascii
	}
	if s == nil || len(s.keys[strings.ToLower(domain)]) == 0 {
		return raw, nil
	}
	m, err := readSigned(raw)
	if err != nil {
		return nil, err
	}
	var out []byte
	for _, k := range s.keys[strings.ToLower(domain)] {
		signature, err := m.sign(k)
		if err != nil {
			return nil, fmt.Errorf("signing with %s: %w", k.name(), err)
		}
		out = append(out, signature...)
	}
	return append(out, raw...), nil
}

const signatureField = "DKIM-Signature"

// sign writes one DKIM-Signature field (RFC 6376 section 3.5). There is no l=:
// it would let others add to the body.
func (m *signed) sign(k Key) ([]byte, error) {
	tags := []string{"v=1;", "a=" + algorithm(k) + ";", "c=relaxed/relaxed;", "d=" + k.Domain + ";", "s=" + k.Selector + ";"}
	if !m.date.IsZero() {
		tags = append(tags, "t="+strconv.FormatInt(m.date.Unix(), 10)+";")
	}
	tags = append(tags, m.fieldList()...)
	tags = append(tags, "bh="+m.bodyHash+";")
	var bare header
	bare.put(signatureField, append(tags, "b=")...)
	// The field itself is hashed last, without its signature and its line end
	// (RFC 6376 section 3.7).
	hash := sha256.Sum256([]byte(m.hashed + strings.TrimSuffix(relaxField(bare.String()), "\r\n")))
	signature, err := k.sign(hash[:])
	if err != nil {
		return nil, err
	}
	var whole header
	whole.put(signatureField, append(tags, broken("b="+base64.StdEncoding.EncodeToString(signature))...)...)
	return whole.Bytes(), nil
}

func algorithm(k Key) string {
	if _, ok := k.Private.(ed25519.PrivateKey); ok {
		return "ed25519-sha256"
	}
	return "rsa-sha256"
}

// sign signs a SHA-256 hash, deterministically: PKCS #1 v1.5 has no randomness,
// and Ed25519 signs the hash as its message (RFC 8463 section 3).
func (k Key) sign(hash []byte) ([]byte, error) {
	if private, ok := k.Private.(ed25519.PrivateKey); ok {
		return ed25519.Sign(private, hash), nil
	}
	return k.Private.Sign(nil, hash, crypto.SHA256)
}

// broken cuts a value that has no spaces into tokens that fill a line each.
// White space within h= and b= means nothing (RFC 6376 section 3.5).
func broken(value string) []string {
	var tokens []string
	for line := range slices.Chunk([]byte(value), lineWidth-1) {
		tokens = append(tokens, string(line))
	}
	return tokens
}
