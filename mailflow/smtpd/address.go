package smtpd

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-smtp"
)

// pathLimit bounds an address. RFC 5321 section 4.5.3.1.3 says 256; forwarders
// that write the old address into the local part exceed it.
const pathLimit = 320

// canonical checks an address as go-smtp gives it, that is without the quotes
// of a quoted local part, and writes it so that it cannot be read otherwise:
// "a@b"@c.example arrives as a@b@c.example and is quoted again. The domain
// begins after the last @ and is in lower case.
func canonical(address string, international bool, invalid *smtp.SMTPError) (string, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || len(address) > pathLimit || !utf8.ValidString(address) {
		return "", invalid
	}
	local, domain := address[:at], strings.ToLower(address[at+1:])
	if !international && strings.ContainsFunc(address, notASCII) {
		return "", errNotASCII
	}
	if !isDomain(domain) && !isLiteral(domain) {
		return "", invalid
	}
	return quoted(local) + "@" + domain, nil
}

func notASCII(r rune) bool { return r > 0x7e }

// quoted puts quotes around a local part that needs them (RFC 5321 section
// 4.1.2). Dots may stand anywhere: some providers gave out such addresses.
func quoted(local string) string {
	if !strings.ContainsFunc(local, notAtom) {
		return local
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
}

func notAtom(r rune) bool { return r <= ' ' || strings.ContainsRune(`()<>[]:;@\,"`, r) }

// isDomain accepts what is looked up in DNS, underscores included: some
// senders' hosts have them.
func isDomain(domain string) bool {
	if len(domain) > 255 {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notLabel) {
			return false
		}
	}
	return true
}

func notLabel(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_'
	return !letter && r < 0x80
}

// isLiteral accepts an address literal (RFC 5321 section 4.1.3).
func isLiteral(domain string) bool {
	inner, ok := strings.CutPrefix(domain, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	_, err := netip.ParseAddr(strings.TrimPrefix(inner, "ipv6:"))
	return ok && closed && err == nil
}
