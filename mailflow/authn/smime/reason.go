package smime

import "errors"

// Reason says in one stable word why a signature is not valid. It is an error,
// to be passed up with what went wrong.
type Reason string

func (r Reason) Error() string { return string(r) }

// Reasons why there is no signature to judge.
const (
	Encrypted Reason = "encrypted"       // nobody can see whether it is signed
	NotSigned Reason = "not_signed"      // a container of something else
	NoSigner  Reason = "no_signer"       // a container of certificates alone
	Inner     Reason = "inner_signature" // a part deeper in the mail is signed; not the mail
)

// Reasons of invalid signatures.
const (
	Malformed     Reason = "malformed"      // the container cannot be read
	TooLarge      Reason = "too_large"      // it has more of something than is looked at
	BadStructure  Reason = "bad_structure"  // not one signed part and one signature, or encoded as a whole
	NotMail       Reason = "not_a_mail"     // what is signed is a document, no part of a mail
	NoCertificate Reason = "no_certificate" // the signer's is not in the container
	Altered       Reason = "altered"        // the text is not the one that was signed
	BadSignature  Reason = "bad_signature"  // the key of the certificate did not make it
	BadAttributes Reason = "bad_attributes" // the signed attributes are not what they must be
	WeakDigest    Reason = "weak_digest"    // MD5, SHA-1
	WeakKey       Reason = "weak_key"       // RSA below 2048 bits
	Authority     Reason = "ca_certificate" // signed by an authority, not by a person
	WrongUsage    Reason = "wrong_usage"    // the certificate is not for signing mail
	Expired       Reason = "expired"        // a certificate was no longer valid when the mail came
	NotYetValid   Reason = "not_yet_valid"  // or was not valid yet
	Untrusted     Reason = "untrusted"      // no way from the certificate to a root
	HeadersDiffer Reason = "headers_differ" // the header within says another sender or subject
	Stale         Reason = "stale"          // signed too long ago, in the future, or at no time
	Failed        Reason = "failed"         // reading it went wrong on our side
)

// Reasons of signatures that are not supported.
const (
	UnknownAlgorithm Reason = "unknown_algorithm"
	NoAttributes     Reason = "no_attributes" // nothing is signed but the bare text
	NoRoots          Reason = "no_roots"      // no authority is configured
)

// state is the state that goes with a reason.
func (r Reason) state() State {
	switch r {
	case "", Encrypted, NotSigned, NoSigner, Inner:
		return None
	case UnknownAlgorithm, NoAttributes, NoRoots:
		return Unsupported
	}
	return Invalid
}

// verdict completes a result with what went wrong, if anything did.
func verdict(r Result, err error) Result {
	if err == nil && r.State == Valid {
		return r
	}
	if err != nil && !errors.As(err, &r.Reason) {
		r.Reason = Malformed
	}
	r.State, r.SubjectSigned = r.Reason.state(), false
	return r
}
