package compose

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// mailbox writes a name and an address (RFC 5322 section 3.4).
func mailbox(a Address) ([]string, error) {
	spec, err := addrSpec(a.Address)
	if err != nil {
		return nil, err
	}
	if name := phrase(a.Name); len(name) > 0 {
		return append(name, angled(spec)), nil
	}
	return []string{spec}, nil
}

// recipient is mailbox for the one we write to, whose local part may hold
// characters that only SMTPUTF8 carries. The header stays 7-bit: it shows such
// an address as the name of an empty group (RFC 6857 section 3.1.8), the
// envelope has the address itself.
func recipient(a Address) ([]string, error) {
	local, domain := split(a.Address)
	if isASCII(local) {
		return mailbox(a)
	}
	if _, err := asciiDomain(domain); err != nil || clean(local) != local {
		return nil, invalid("address", a.Address)
	}
	words := strings.Fields(clean(firstRunes(a.Name, maxName)) + " " + a.Address)
	return append(encodedWords(words), ":;"), nil
}

// maxAddress is RFC 5321 section 4.5.3.1.3 less the angle brackets.
const maxAddress = 254

var dotAtom = regexp.MustCompile("^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(\\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*$")

// addrSpec is RFC 5322 section 3.4.1: a local part that is no dot-atom goes
// between quotes, a domain with other letters goes out as its A-labels.
func addrSpec(address string) (string, error) {
	local, domain := split(address)
	ascii, err := asciiDomain(domain)
	if err != nil || local == "" || strings.Map(printable, local) != local {
		return "", invalid("address", address)
	}
	if !dotAtom.MatchString(local) {
		local = quoted(local)
	}
	if len(local)+1+len(ascii) > maxAddress {
		return "", invalid("address", address)
	}
	return local + "@" + ascii, nil
}

func split(address string) (local, domain string) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", ""
	}
	return address[:at], address[at+1:]
}

// hostName is laxer than RFC 1123 by the underscore, which is seen in the wild.
var hostName = regexp.MustCompile(`^[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?(\.[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?)*$`)

func asciiDomain(domain string) (string, error) {
	if literal, ok := strings.CutPrefix(domain, "["); ok {
		return domain, checkLiteral(literal)
	}
	ascii := domain
	if !isASCII(domain) && utf8.ValidString(domain) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", fmt.Errorf("domain: %w", err)
		}
	}
	if !hostName.MatchString(ascii) {
		return "", invalid("domain", domain)
	}
	return ascii, nil
}

// checkLiteral is RFC 5321 section 4.1.3, of which no more is in use than
// [192.0.2.1] and [IPv6:2001:db8::1].
func checkLiteral(literal string) error {
	ip, closed := strings.CutSuffix(literal, "]")
	six, isSix := strings.CutPrefix(ip, "IPv6:")
	addr, err := netip.ParseAddr(six)
	if err != nil || !closed || addr.Is6() != isSix || addr.Zone() != "" {
		return invalid("domain", "["+literal)
	}
	return nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f })
}
