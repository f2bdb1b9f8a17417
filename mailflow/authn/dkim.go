package authn

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"
)

// Signature is what became of one DKIM signature (RFC 6376).
type Signature struct {
	Result     Result
	Domain     string // d=, in A-labels; "" if it has none
	Selector   string
	Identifier string // i=, or "@" and the domain
	Algorithm  string
	Testing    bool   // the key is for testing: the signature counts for nothing
	Reason     string // why it did not pass
	Tag        string // the first characters of b=, to tell signatures apart
}

// counts tells whether the signature vouches for its domain. One by a key in
// test mode is like none (RFC 6376 section 3.6.1, t=y).
func (s Signature) counts() bool { return s.Result == Pass && !s.Testing }

const (
	maxSignatures = 5               // of a mail, that are verified
	maxClockSkew  = 5 * time.Minute // that t= may lie ahead
	maxSigned     = 1000            // names in h=
)

// CheckDKIM verifies the signatures of a mail, five at most: first those of
// the preferred domain and of its relatives, if it is not "". The rest is not
// reported. now is the time by which they expire.
func CheckDKIM(ctx context.Context, r Resolver, raw []byte, preferred string, now time.Time) []Signature {
	fields, body, err := splitHeader(raw)
	if err != nil {
		return []Signature{{Result: PermError, Reason: err.Error()}}
	}
	c := dkimCheck{dns: newCounted(r), body: body, fields: map[string][]string{}, now: now}
	var signatures []*dkimSignature
	for _, f := range fields {
		c.fields[f.name] = append(c.fields[f.name], f.raw)
		if f.name == "dkim-signature" {
			signatures = append(signatures, readSignature(f))
		}
	}
	first(signatures, asciiDomain(preferred))
	var results []Signature
	for _, s := range signatures[:min(len(signatures), maxSignatures)] {
		c.verify(ctx, s)
		results = append(results, s.Signature)
	}
	return results
}

// first moves the signatures that could speak for a domain to the front.
func first(signatures []*dkimSignature, domain string) {
	rank := func(s *dkimSignature) int {
		switch {
		case domain == "" || s.Domain == "":
			return 2
		case s.Domain == domain:
			return 0
		case listedOrganization(s.Domain) == listedOrganization(domain):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(signatures, func(a, b *dkimSignature) int { return rank(a) - rank(b) })
}

// CombinedResult is the best that the signatures of a mail came to.
func CombinedResult(signatures []Signature) Result {
	for _, best := range []Result{Pass, TempError, Fail, Policy, Neutral, PermError} {
		if slices.ContainsFunc(signatures, func(s Signature) bool { return s.Result == best }) {
			return best
		}
	}
	return None
}

// dkimCheck verifies the signatures of one mail.
type dkimCheck struct {
	dns    *counted
	fields map[string][]string // by name, in order
	body   []byte
	hashes map[bool][]byte // of the body, by whether in relaxed form
	now    time.Time
}

// verify does what RFC 6376 section 6.1 says, in its order.
func (c *dkimCheck) verify(ctx context.Context, s *dkimSignature) {
	if s.Result != "" {
		return
	}
	if problem := s.problem(c.now); problem != "" {
		s.fail(PermError, problem)
		return
	}
	if s.tags.has("l") {
		s.fail(Fail, "only part of the body is signed")
		return
	}
	key, err := fetchKey(ctx, c.dns, s.Selector, s.Domain)
	s.Testing = key.testing
	switch {
	case err != nil:
		s.fail(keyResult(err), err.Error())
	case key.exact && asciiDomain(domainOf(s.Identifier)) != s.Domain:
		s.fail(PermError, "the key is not for subdomains")
	default:
		c.compare(s, key)
	}
}

// keyResult says what it means that there is no key.
func keyResult(err error) Result {
	if _, bad := errors.AsType[keyError](err); bad || !isTemporary(err) {
		return PermError
	}
	return TempError
}

// compare checks the two hashes.
func (c *dkimCheck) compare(s *dkimSignature, key dkimKey) {
	stated, err := base64.StdEncoding.DecodeString(s.tags.packed("bh"))
	signature, err2 := base64.StdEncoding.DecodeString(s.tags.packed("b"))
	if err != nil || err2 != nil {
		s.fail(PermError, "malformed base64")
		return
	}
	if subtle.ConstantTimeCompare(stated, c.bodyHash(s.relaxedBody)) != 1 {
		s.fail(Fail, "the body has been changed")
		return
	}
	algorithm, _, _ := strings.Cut(s.Algorithm, "-")
	switch err := key.verify(algorithm, c.headerHash(s), signature); err {
	case nil:
		s.Result = Pass
	case errBadSignature:
		s.fail(Fail, err.Error())
	default:
		s.fail(PermError, err.Error())
	}
}

func (c *dkimCheck) bodyHash(relaxed bool) []byte {
	if c.hashes == nil {
		c.hashes = map[bool][]byte{}
	}
	if c.hashes[relaxed] == nil {
		c.hashes[relaxed] = bodyHash(c.body, relaxed)
	}
	return c.hashes[relaxed]
}

// headerHash is the hash of the signed fields (RFC 6376 section 3.7), of
// fields with one name from the last to the first (section 5.4.2).
func (c *dkimCheck) headerHash(s *dkimSignature) []byte {
	h := sha256.New()
	taken := map[string]int{}
	for _, name := range s.signed {
		all := c.fields[name]
		if taken[name]++; taken[name] <= len(all) {
			h.Write([]byte(s.canonical(all[len(all)-taken[name]])))
		}
	}
	h.Write([]byte(strings.TrimSuffix(s.canonical(s.withoutB()), "\r\n")))
	return h.Sum(nil)
}
