package smime

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

const (
	maxName      = 300 // bytes of a name that is shown
	maxAddresses = 20  // of one certificate

	oidEmailAddress = "1.2.840.113549.1.9.1" // RFC 2985 section 5.2.1
)

// describe says whose certificate it is, as it says itself.
func describe(cert *x509.Certificate) Signer {
	return Signer{
		Name:      shown(cert.Subject.CommonName),
		Issuer:    shown(cert.Issuer.String()),
		Serial:    fmt.Sprintf("%x", cert.SerialNumber),
		Addresses: addresses(cert, true),
	}
}

func shown(name string) string {
	name = ticket.Clean(name)
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	return name
}

// addresses are the mail addresses of a certificate (RFC 8550 section 3): those
// of the subject's alternative names, and the subject's own, where older
// authorities write it.
func addresses(cert *x509.Certificate, subject bool) []ticket.Address {
	found := slices.Clone(cert.EmailAddresses)
	for _, name := range cert.Subject.Names {
		if value, ok := name.Value.(string); ok && subject && name.Type.String() == oidEmailAddress {
			found = append(found, value)
		}
	}
	var list []ticket.Address
	for _, one := range found {
		a, err := ticket.ParseAddress(one)
		known := slices.ContainsFunc(list, a.Equal)
		if err == nil && !known && ascii(one) && len(list) < maxAddresses {
			list = append(list, a)
		}
	}
	return list
}

// trust checks that a certificate may sign mail and comes from a root, and gives
// the addresses it vouches for.
func (c *container) trust(cert *x509.Certificate, o Options) ([]ticket.Address, error) {
	claimed := addresses(cert, true)
	if err := checkUsage(cert); err != nil {
		return claimed, err
	}
	if o.Roots == nil {
		return claimed, NoRoots
	}
	now := o.Now
	if now.IsZero() {
		now = time.Unix(0, 0) // to the library, zero is today
	}
	chains, err := cert.Verify(x509.VerifyOptions{
		Roots: o.Roots, Intermediates: c.intermediates(cert), CurrentTime: now,
		// RFC 8550 section 4.4.4; a certificate that names no purpose is for all.
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	})
	if err != nil {
		return claimed, chainReason(err, cert, now)
	}
	return addresses(cert, !slices.ContainsFunc(chains, constrained)), nil
}

// checkUsage says whether a certificate is a person's, and its key for signing:
// RFC 8550 section 4.4.2 takes either bit, and a missing extension for both.
// Citizens' cards sign with a key that is for nonRepudiation alone.
func checkUsage(cert *x509.Certificate) error {
	const signing = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	switch {
	case cert.IsCA:
		return Authority
	case cert.KeyUsage != 0 && cert.KeyUsage&signing == 0:
		return WrongUsage
	}
	return nil
}

// intermediates are the other certificates of the container whose keys could be
// believed. The library refuses those signed with MD5 or SHA-1 and bounds how
// many signatures it checks for one chain.
func (c *container) intermediates(leaf *x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, cert := range c.certificates {
		if cert != leaf && cert.IsCA && checkKey(cert.PublicKey) == nil {
			pool.AddCert(cert)
		}
	}
	return pool
}

// constrained says whether an authority in a chain may vouch for some addresses
// only. The library holds it to that in the alternative names, not in the
// subject, which RFC 5280 section 4.2.1.10 wants checked as well.
func constrained(chain []*x509.Certificate) bool {
	return slices.ContainsFunc(chain[1:], func(c *x509.Certificate) bool {
		return len(c.PermittedEmailAddresses)+len(c.ExcludedEmailAddresses) > 0
	})
}

// chainReason says in our words why a chain is not believed.
func chainReason(err error, cert *x509.Certificate, now time.Time) error {
	var invalid x509.CertificateInvalidError
	reason := Untrusted
	switch {
	case now.Before(cert.NotBefore):
		reason = NotYetValid
	case now.After(cert.NotAfter):
		reason = Expired
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		reason = WrongUsage
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		reason = Expired
	}
	return fmt.Errorf("%w: %w", reason, err)
}
