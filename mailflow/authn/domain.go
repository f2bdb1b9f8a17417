package authn

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// lookupProfile maps names as for a lookup, but lets underscores and whatever
// else the DNS allows in a label be.
var lookupProfile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// asciiDomain is a domain as the DNS knows it: A-labels (RFC 5890 section
// 2.3.2.1), lower case, no final dot; "" if it is no name of the DNS.
func asciiDomain(domain string) string {
	domain = strings.TrimSuffix(domain, ".")
	if !isASCII(domain) {
		converted, err := lookupProfile.ToASCII(domain)
		if err != nil {
			return ""
		}
		domain = converted
	}
	domain = strings.ToLower(domain)
	if !validName(domain) {
		return ""
	}
	return domain
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// validName tells whether a name fits into the DNS (RFC 1035 section 2.3.4).
func validName(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return true
}

// listedOrganization is the organizational domain by the public suffix list
// (RFC 7489 section 3.2); a public suffix is its own.
func listedOrganization(domain string) string {
	organization, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return organization
}

func isPublicSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// parentOf is the domain without its first label, "" for a top-level one.
func parentOf(domain string) string {
	_, parent, _ := strings.Cut(domain, ".")
	return parent
}

func isSubdomain(name, domain string) bool {
	return strings.HasSuffix(name, "."+domain)
}

// domainOf is what follows the last "@" of an address. A quoted local part may
// hold others.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
