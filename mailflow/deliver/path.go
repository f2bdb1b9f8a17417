package deliver

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// path is an address as MAIL and RCPT take it, with its angle brackets, and
// whether it needs SMTPUTF8 (RFC 6531 section 3.3): only a local part does, as
// a domain has A-labels.
// The domain is in lower case, an address literal in its brackets.
type path struct {
	text, domain string
	utf8         bool
}

// nullPath is the sender of mails that must not be answered.
var nullPath = path{text: "<>"}

const maxPath = 256 // RFC 5321 section 4.5.3.1.3

// newPath writes an address so that it can be nothing but an address: a local
// part that is no dot-atom goes between quotes (RFC 5321 section 4.1.2). What
// cannot be written is permanently refused with the given status (RFC 3463).
func newPath(address, status string) (path, error) {
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:max(at, 0)], address[at+1:]
	quotedLocal, ok := quoteLocal(local)
	ascii, valid := asciiDomain(domain)
	p := path{text: "<" + quotedLocal + "@" + ascii + ">", domain: strings.ToLower(ascii), utf8: !isASCII(local)}
	if !ok || !valid || len(p.text) > maxPath {
		return path{}, &Failure{Permanent: true, Enhanced: status, Text: oneLine("not an address: " + address)}
	}
	return p, nil
}

// The characters beyond ASCII are those of RFC 6531 section 3.3.
var dotString = regexp.MustCompile("^[0-9A-Za-z!#$%&'*+/=?^_`{|}~\u0080-\U0010FFFF-]+(\\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~\u0080-\U0010FFFF-]+)*$")

func quoteLocal(local string) (string, bool) {
	if local == "" || !utf8.ValidString(local) || strings.ContainsFunc(local, isDangerous) {
		return "", false
	}
	if dotString.MatchString(local) {
		return local, true
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`, true
}

// isDangerous: angle brackets are allowed between quotes, but a relay that reads
// them carelessly takes the rest for parameters, and no real mailbox has any.
func isDangerous(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || r == '<' || r == '>'
}

// hostName is laxer than RFC 1123 by the underscore, which is seen in the wild.
var hostName = regexp.MustCompile(`^[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?(\.[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?)*$`)

func asciiDomain(domain string) (string, bool) {
	if literal, ok := strings.CutPrefix(domain, "["); ok {
		return domain, isLiteral(literal)
	}
	ascii := domain
	if !isASCII(domain) && utf8.ValidString(domain) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", false
		}
	}
	return ascii, hostName.MatchString(ascii)
}

// isLiteral is RFC 5321 section 4.1.3, of which no more is in use than
// [192.0.2.1] and [IPv6:2001:db8::1].
func isLiteral(literal string) bool {
	ip, closed := strings.CutSuffix(literal, "]")
	six, isSix := strings.CutPrefix(ip, "IPv6:")
	addr, err := netip.ParseAddr(six)
	return err == nil && closed && addr.Is6() == isSix && addr.Zone() == ""
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
