package authn

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// spfRecord is a record that has been read whole: a mistake anywhere in it is
// a permanent error, whatever stands before it (RFC 7208 section 4.6).
type spfRecord struct {
	terms    []spfTerm
	redirect string // a domain-spec, "" if there is none
	exp      string
}

// spfTerm is one directive.
type spfTerm struct {
	result       Result // on a match
	mechanism    string
	domain       string       // a domain-spec, "" for the current domain
	network      netip.Prefix // of ip4 and ip6
	bits4, bits6 int          // of a and mx
}

var errSPFSyntax = errors.New("bad syntax")

var qualifiers = map[byte]Result{'+': Pass, '-': Fail, '~': SoftFail, '?': Neutral}

// isSPFRecord tells whether a TXT record is meant for SPF (RFC 7208 section 4.5).
func isSPFRecord(text string) bool {
	const version = "v=spf1"
	return len(text) >= len(version) && strings.EqualFold(text[:len(version)], version) &&
		(len(text) == len(version) || text[len(version)] == ' ')
}

// parseSPF reads a record (RFC 7208 section 12). The length of a record is
// bounded by the DNS.
func parseSPF(text string) (spfRecord, error) {
	var r spfRecord
	for _, term := range strings.Split(text, " ")[1:] {
		if term == "" {
			continue
		}
		if err := r.add(term); err != nil {
			return spfRecord{}, fmt.Errorf("%q: %w", term, err)
		}
	}
	return r, nil
}

var modifierName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*=`)

func (r *spfRecord) add(term string) error {
	if name := modifierName.FindString(term); name != "" {
		return r.addModifier(strings.ToLower(name), term[len(name):])
	}
	t := spfTerm{result: Pass, bits4: 32, bits6: 128}
	if result, ok := qualifiers[term[0]]; ok {
		t.result, term = result, term[1:]
	}
	if err := t.parse(term); err != nil {
		return err
	}
	r.terms = append(r.terms, t)
	return nil
}

// addModifier reads name=value. redirect and exp may stand once each (RFC 7208
// section 6), others may be anything that is a macro-string.
func (r *spfRecord) addModifier(name, value string) error {
	var place *string
	switch name {
	case "redirect=":
		place = &r.redirect
	case "exp=":
		place = &r.exp
	default:
		_, err := expandMacros(value, anyMacro, visible)
		return err
	}
	if *place != "" || !isDomainSpec(value) {
		return errSPFSyntax
	}
	*place = value
	return nil
}

func (t *spfTerm) parse(term string) error {
	end := strings.IndexAny(term, ":/")
	if end < 0 {
		end = len(term)
	}
	t.mechanism = strings.ToLower(term[:end])
	argument := term[end:]
	switch t.mechanism {
	case "all":
		return errorUnless(argument == "")
	case "include", "exists":
		return t.parseDomain(argument)
	case "ptr":
		if argument == "" {
			return nil
		}
		return t.parseDomain(argument)
	case "a", "mx":
		return t.parseDomainAndBits(argument)
	case "ip4", "ip6":
		return t.parseNetwork(argument)
	}
	return errSPFSyntax
}

func errorUnless(right bool) error {
	if right {
		return nil
	}
	return errSPFSyntax
}

func (t *spfTerm) parseDomain(argument string) error {
	domain, colon := strings.CutPrefix(argument, ":")
	t.domain = domain
	return errorUnless(colon && isDomainSpec(domain))
}

var dualBits = regexp.MustCompile(`^(.*?)(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?$`)

// parseDomainAndBits reads [":" domain] ["/" bits] ["//" bits] (RFC 7208
// section 5.6). A domain may hold "/", but does not end in it and digits.
func (t *spfTerm) parseDomainAndBits(argument string) error {
	groups := dualBits.FindStringSubmatch(argument)
	if groups == nil {
		return errSPFSyntax
	}
	if groups[2] != "" {
		t.bits4, _ = strconv.Atoi(groups[2])
	}
	if groups[3] != "" {
		t.bits6, _ = strconv.Atoi(groups[3])
	}
	if t.bits4 > 32 || t.bits6 > 128 {
		return errSPFSyntax
	}
	if groups[1] == "" {
		return nil
	}
	return t.parseDomain(groups[1])
}

func (t *spfTerm) parseNetwork(argument string) error {
	text, colon := strings.CutPrefix(argument, ":")
	address, bits, slash := strings.Cut(text, "/")
	ip, err := netip.ParseAddr(address)
	if !colon || err != nil || ip.Zone() != "" || ip.Is4() != (t.mechanism == "ip4") {
		return errSPFSyntax
	}
	length := ip.BitLen()
	if slash {
		n, err := strconv.ParseUint(bits, 10, 8)
		if err != nil || int(n) > length || len(bits) > 1 && bits[0] == '0' {
			return errSPFSyntax
		}
		length = int(n)
	}
	t.network = netip.PrefixFrom(ip, length)
	return nil
}

// isDomainSpec tells whether s is macros and text ending in a macro or in "."
// and a top-level label (RFC 7208 section 7.1).
func isDomainSpec(s string) bool {
	if _, err := expandMacros(s, anyMacro, visible); err != nil || s == "" {
		return false
	}
	if endsInMacro.MatchString(s) {
		return true
	}
	s = strings.TrimSuffix(s, ".")
	dot := strings.LastIndexByte(s, '.')
	return dot >= 0 && topLabel.MatchString(s[dot+1:]) && !allDigits.MatchString(s[dot+1:])
}

var (
	endsInMacro = regexp.MustCompile(`%(\{[^}]*\}|[%_-])$`)
	topLabel    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)
	allDigits   = regexp.MustCompile(`^[0-9]+$`)
)

// anyMacro is for reading a macro-string before there are values. The letters
// c, r and t are for explanations only (RFC 7208 section 7.2).
func anyMacro(letter byte) (string, error) {
	if strings.IndexByte("slodiphv", letter) < 0 {
		return "", errMacro
	}
	return "", nil
}
