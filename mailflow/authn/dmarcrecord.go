package authn

import (
	"net/url"
	"strings"
)

// dmarcRecord is a DMARC policy record (RFC 9989 section 4.7).
type dmarcRecord struct {
	policy       Disposition
	subdomains   Disposition // sp; "" if not said
	missing      Disposition // np; "" if not said
	psd          string      // "y", "n", or "u"
	strictDKIM   bool
	strictSPF    bool
	testing      bool // t=y
	wantsReports bool // rua has a place to send them
	broken       bool // p, sp or np has a value it cannot have
	modern       bool // it uses tags that RFC 7489 does not know
}

// parseDMARC reads a record; false if the text is none. Tags it does not know
// are passed over, and what it cannot read counts as not said.
func parseDMARC(text string) (dmarcRecord, bool) {
	tags := strings.Split(text, ";")
	name, version, _ := strings.Cut(tags[0], "=")
	if !strings.EqualFold(strings.Trim(name, " \t"), "v") || strings.Trim(version, " \t") != "DMARC1" {
		return dmarcRecord{}, false
	}
	r := dmarcRecord{psd: "u"}
	seen := map[string]bool{}
	for _, t := range tags[1:] {
		name, value, _ := strings.Cut(t, "=")
		name = strings.ToLower(strings.Trim(name, fws))
		if !seen[name] {
			r.set(name, strings.Trim(value, fws))
		}
		seen[name] = true
	}
	r.settle()
	return r, true
}

func (r *dmarcRecord) set(name, value string) {
	word := strings.ToLower(value)
	switch name {
	case "p":
		r.policy = r.disposition(word)
	case "sp":
		r.subdomains = r.disposition(word)
	case "np":
		r.missing, r.modern = r.disposition(word), true
	case "psd":
		r.modern = true
		if word == "y" || word == "n" {
			r.psd = word
		}
	case "t":
		r.testing, r.modern = word == "y", true
	case "adkim":
		r.strictDKIM = word == "s"
	case "aspf":
		r.strictSPF = word == "s"
	case "rua":
		r.wantsReports = hasURI(value)
	}
}

func (r *dmarcRecord) disposition(word string) Disposition {
	switch d := Disposition(word); d {
	case NoAction, Quarantine, Reject:
		return d
	}
	r.broken = true
	return ""
}

// settle applies the rule for policies that cannot be read: none, if the owner
// at least wants reports; otherwise the record is no use (RFC 9989 section
// 4.10.1). A policy not stated at all is none.
func (r *dmarcRecord) settle() {
	if r.broken && r.wantsReports {
		r.broken, r.policy, r.subdomains, r.missing = false, NoAction, "", ""
	}
	if r.policy == "" {
		r.policy = NoAction
	}
}

// hasURI tells whether a list of report addresses has one that is a URI. A
// size limit after "!" is of the time of RFC 7489 section 6.2.
func hasURI(list string) bool {
	for item := range strings.SplitSeq(list, ",") {
		address, _, _ := strings.Cut(strings.Trim(item, fws), "!")
		if u, err := url.Parse(address); err == nil && u.Scheme != "" && len(u.Opaque)+len(u.Host)+len(u.Path) > 0 {
			return true
		}
	}
	return false
}

// forDomain is the policy for a domain: the one that published the record, or
// one below it that exists, or one that does not.
func (r dmarcRecord) forDomain(publisher, exists bool) Disposition {
	switch {
	case publisher:
		return r.policy
	case !exists && r.missing != "":
		return r.missing
	case r.subdomains != "":
		return r.subdomains
	}
	return r.policy
}

// lowered is what a policy means in test mode (RFC 9989 section 4.7, t=y).
func lowered(d Disposition) Disposition {
	if d == Reject {
		return Quarantine
	}
	return NoAction
}
