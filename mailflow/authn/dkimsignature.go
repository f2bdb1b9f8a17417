package authn

import (
	"slices"
	"strings"
	"time"
)

// dkimSignature is a signature as read from its field.
type dkimSignature struct {
	Signature
	raw         string
	tags        tagList
	signed      []string // names in h=, lower case
	relaxed     bool
	relaxedBody bool
}

// readSignature reads the field (RFC 6376 section 3.5). What it cannot be
// verified for is found by problem.
func readSignature(f field) *dkimSignature {
	s := &dkimSignature{raw: f.raw}
	tags, err := parseTags(f.value())
	if err != nil {
		s.fail(PermError, err.Error())
		return s
	}
	s.tags = tags
	s.Domain = asciiDomain(tags.packed("d"))
	s.Selector = asciiDomain(tags.packed("s"))
	s.Algorithm = strings.ToLower(tags.packed("a"))
	s.Identifier = tags.packed("i")
	if s.Identifier == "" {
		s.Identifier = "@" + s.Domain
	}
	b := tags.packed("b")
	s.Tag = b[:min(len(b), 8)]
	for _, name := range tags.list("h") {
		s.signed = append(s.signed, strings.ToLower(name))
	}
	return s
}

func (s *dkimSignature) fail(result Result, reason string) {
	s.Result, s.Reason = result, reason
}

// problem says what makes the signature useless before any key is asked for
// (RFC 6376 section 6.1.1); "" if nothing does.
func (s *dkimSignature) problem(now time.Time) string {
	for _, name := range []string{"v", "a", "b", "bh", "d", "h", "s"} {
		if !s.tags.has(name) {
			return "the tag " + name + " is missing"
		}
	}
	methods := s.tags.list("q")
	switch {
	case s.tags.text("v") != "1":
		return "unknown version"
	case s.Domain == "" || s.Selector == "":
		return "malformed domain or selector"
	case !s.ownIdentifier():
		return "i= is outside of d="
	case len(s.signed) > maxSigned:
		return "too many fields are signed"
	case !slices.Contains(s.signed, "from"):
		return "From is not signed"
	case s.Algorithm == "rsa-sha1":
		return "rsa-sha1 is no longer safe" // RFC 8301 section 3.1
	case s.Algorithm != "rsa-sha256" && s.Algorithm != "ed25519-sha256":
		return "unknown algorithm"
	case methods != nil && !slices.Contains(methods, "dns/txt"):
		return "unknown way to fetch the key"
	case !s.readCanonicalization():
		return "unknown canonicalization"
	}
	return s.timeProblem(now)
}

// ownIdentifier tells whether i= lies in d=. Domains have no case (RFC 6376
// section 6.1.1).
func (s *dkimSignature) ownIdentifier() bool {
	domain := asciiDomain(domainOf(s.Identifier))
	return strings.Contains(s.Identifier, "@") && (domain == s.Domain || isSubdomain(domain, s.Domain))
}

func (s *dkimSignature) readCanonicalization() bool {
	if !s.tags.has("c") {
		return true
	}
	header, body, _ := strings.Cut(strings.ToLower(s.tags.packed("c")), "/")
	if body == "" {
		body = "simple"
	}
	s.relaxed, s.relaxedBody = header == "relaxed", body == "relaxed"
	return (s.relaxed || header == "simple") && (s.relaxedBody || body == "simple")
}

func (s *dkimSignature) timeProblem(now time.Time) string {
	signed, err := s.tags.time("t")
	expires, err2 := s.tags.time("x")
	switch {
	case err != nil || err2 != nil:
		return "malformed time"
	case signed.After(now.Add(maxClockSkew)):
		return "signed in the future"
	case expires.IsZero():
		return ""
	case now.After(expires):
		return "the signature has expired"
	case !signed.IsZero() && !expires.After(signed):
		return "it expires before it was made"
	}
	return ""
}

func (s *dkimSignature) canonical(raw string) string {
	if s.relaxed {
		return relaxedField(raw)
	}
	return raw
}

// withoutB is the field with the value of b= taken out (RFC 6376 section 3.7).
func (s *dkimSignature) withoutB() string {
	start := strings.IndexByte(s.raw, ':') + 1
	b := s.tags["b"]
	return s.raw[:start+b.from] + s.raw[start+b.to:]
}
