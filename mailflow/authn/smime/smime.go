// Package smime says whether the S/MIME signature of a mail is good, and whose
// it is. It reads detached and opaque signatures (RFC 8551 sections 3.5.2 and
// 3.5.3), and only one that is the outermost layer of the mail: what a list or a
// forger put around a signed mail, or beside it, was signed by nobody.
//
// A good signature proves who wrote the signed part. It does not prove:
//   - that the mail's own header is the signer's, unless the signed part holds a
//     copy of it: a signed mail can be sent again under another subject, to
//     another desk. Result.SubjectSigned and Options.MaxAge are there for that;
//   - that the certificate was not revoked: neither CRL nor OCSP is asked. An
//     operator withdraws a person by the person's role in the desk, and an
//     authority by its root.
//
// Supported are RSA (PKCS #1 v1.5 and PSS) of 2048 to 8192 bits, ECDSA on P-256,
// P-384 and P-521, and Ed25519, with SHA-256, SHA-384 or SHA-512. Not supported
// are DSA, Ed448, SHA-3, keys that are of RSA-PSS alone, addresses in a
// SmtpUTF8Mailbox, signatures without signed attributes, and attributes that
// bind a certificate (ESS).
//
// All of it was written by a stranger. Containers come in BER, which nests
// without end; they are made DER first, by a reader that does not call itself
// and has bounds. Whatever goes wrong gives an invalid Result, never an error,
// and never a panic: the mail is to be kept and flagged.
package smime

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// State is what a signature is worth.
type State string

// The states. None is a mail without a signature around all of it, encrypted
// mail too. Unsupported is a signature nothing can be said of; like an invalid
// one it proves nothing.
const (
	None        State = "none"
	Valid       State = "valid"
	Invalid     State = "invalid"
	Unsupported State = "unsupported"
)

// Options say how to judge a signature.
type Options struct {
	// Roots are the authorities whose certificates are believed. nil is none:
	// then no signature is better than Unsupported.
	Roots *x509.CertPool
	// Now is when the mail came: certificates must be valid then. At the zero
	// time none is.
	Now time.Time
	// MaxAge is how long before Now a mail may have been signed, by the
	// signer's own clock, and a day is allowed for how wrong that is. With it a
	// signature that does not say when it was made is refused. 0 is for ever.
	MaxAge time.Duration
	// Message is the mail as parser.Parse read it, to spare a second reading.
	// It must be of the very bytes given to Verify. nil to read it here.
	Message *parser.Message
}

// Result is what was found.
type Result struct {
	State  State
	Reason Reason // why; "" when valid, and when there is no signature at all
	// Signers are those who signed, in the order of the container. Unless the
	// state is Valid, this is only what the mail says of them, and may be empty.
	Signers []Signer
	// SubjectSigned says that the signed part holds the mail's subject, too.
	SubjectSigned bool
}

// Signer is one who signed, by the certificate.
type Signer struct {
	Name      string           // the subject's common name; those of the FNMT and of identity cards hold the person's tax number
	Addresses []ticket.Address // may be empty: many certificates of citizens hold none
	Issuer    string           // the issuer's distinguished name, cut to 300 bytes
	Serial    string           // of the certificate, in hexadecimal
	At        time.Time        // when the signer says to have signed; zero if nothing is said
}

// Names tells whether the signature is valid and the address is one of a
// signer's, without regard to case. A valid signature by somebody else names
// nobody of interest: it may be shown, and authenticates nothing.
func (r Result) Names(address ticket.Address) bool {
	return r.State == Valid && slices.ContainsFunc(r.Signers, func(s Signer) bool { return s.has(address) })
}

func (s Signer) has(address ticket.Address) bool {
	return slices.ContainsFunc(s.Addresses, func(a ticket.Address) bool {
		return ascii(string(address)) && a.Equal(address)
	})
}

// ascii keeps letters out that are equal to ASCII ones only when case is
// folded, such as the Kelvin sign.
func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// Verify checks the signature of a mail, given as it came. Several signers must
// all be good. It takes time in proportion to the mail, and some milliseconds
// for each certificate.
func Verify(raw []byte, o Options) (result Result) {
	defer func() {
		if recover() != nil { // of the parsers of certificates; no mail is worth a daemon
			result = Result{State: Invalid, Reason: Failed}
		}
	}()
	m := o.Message
	if m == nil {
		m = parser.Parse(raw)
	}
	found, err := find(raw, m)
	if err != nil || found == nil {
		return verdict(Result{}, err)
	}
	result, err = found.check(m, o)
	return verdict(result, err)
}

// check verifies the signatures of a layer and compares what they cover with
// the rest of the mail.
func (l *layer) check(m *parser.Message, o Options) (Result, error) {
	c, err := readContainer(l.container)
	if err != nil {
		return Result{}, err
	}
	texts, err := l.signedTexts(c)
	if err != nil {
		return Result{}, err
	}
	signers, err := c.verify(texts, o)
	if err != nil {
		return Result{Signers: signers}, err
	}
	subject, err := compareHeaders(texts[0], m)
	return Result{Signers: signers, State: Valid, SubjectSigned: subject}, err
}
