package authn

import (
	"net/netip"
	"slices"

	"github.com/cauce-desk/cauce/ticket"
)

// Front is a mail server of ours that takes mail from the internet, checks it
// and hands it on.
type Front struct {
	Networks   []netip.Prefix // where it connects from
	AuthservID string         // its name in Authentication-Results
}

// front finds the front that an address belongs to.
func (j Judge) front(a netip.Addr) (Front, bool) {
	i := slices.IndexFunc(j.Fronts, func(f Front) bool { return within(f.Networks, a) })
	if i < 0 {
		return Front{}, false
	}
	return j.Fronts[i], true
}

// byFront makes a verdict of what a front says in its fields.
func (v *Verdict) byFront(f Front, fields []field) {
	said := frontResults(f, fields)
	v.How = "nothing said by " + f.AuthservID
	if len(said) == 0 {
		return
	}
	from := asciiDomain(v.Author.Address.Domain())
	v.readFront(said, from)
	v.Strict = slices.ContainsFunc(v.DKIM, func(s Signature) bool { return s.counts() && s.Domain == from })
	v.Authenticated = v.DMARC.Result != Fail && v.DMARC.Aligned != ""
	if v.How = f.AuthservID + " says no"; v.Authenticated {
		v.How = f.AuthservID + " says " + v.DMARC.Aligned
	}
	if v.DMARC.Result == Fail {
		v.Disposition = Quarantine
	}
	v.Strict = v.Strict && v.Authenticated
}

// frontResults are the results in the fields that the front put on top. A
// front is to take out those that claim to be its own (RFC 8601 section 5);
// what lies below a trace field that came with the mail, or below the results
// of another server, is not believed even so.
func frontResults(f Front, fields []field) []MethodResult {
	var all []MethodResult
	begun := false
	for _, field := range fields {
		if field.name == "received" && begun {
			break
		}
		if field.name != authResultsName {
			continue
		}
		results, err := ParseAuthResults(field.value())
		if err != nil || !sameServID(results.ServID, f.AuthservID) {
			break
		}
		begun = true
		all = append(all, results.Results...)
	}
	return all
}

// readFront fills in what the front says of each method.
func (v *Verdict) readFront(said []MethodResult, from string) {
	v.DMARC = DMARC{Result: None, Domain: from, Disposition: NoAction}
	for _, r := range said {
		switch r.Method {
		case "spf":
			v.SPF = SPF{Result: r.Result, Domain: asciiDomain(domainOf(r.Property("smtp.mailfrom")))}
		case "dkim":
			v.DKIM = append(v.DKIM, frontSignature(r))
		case "dmarc":
			v.frontDMARC(r, from)
		}
	}
	organization := listedOrganization(from)
	for _, s := range v.DKIM {
		if v.DMARC.Aligned == "" && s.counts() && s.Domain != "" && listedOrganization(s.Domain) == organization {
			v.DMARC.Aligned = "dkim"
		}
	}
	if v.DMARC.Aligned == "" && v.SPF.Result == Pass && v.SPF.Domain != "" && listedOrganization(v.SPF.Domain) == organization {
		v.DMARC.Aligned = "spf"
	}
}

// frontDMARC takes a pass only for the domain in From, and a fail for good.
func (v *Verdict) frontDMARC(r MethodResult, from string) {
	domain := asciiDomain(domainOf(r.Property("header.from")))
	switch {
	case r.Result == Fail:
		v.DMARC.Result, v.DMARC.Aligned = Fail, ""
	case r.Result == Pass && domain == from && v.DMARC.Result == None:
		v.DMARC.Result, v.DMARC.Aligned = Pass, "dmarc"
	}
}

func frontSignature(r MethodResult) Signature {
	domain := asciiDomain(r.Property("header.d"))
	if domain == "" {
		domain = asciiDomain(domainOf(r.Property("header.i")))
	}
	return Signature{Result: r.Result, Domain: domain, Selector: r.Property("header.s"), Identifier: r.Property("header.i")}
}

// authorDomain is the domain in From, "" if there is not exactly one mailbox.
func authorDomain(p ticket.Person) string { return asciiDomain(p.Address.Domain()) }
