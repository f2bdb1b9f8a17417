package authn

import (
	"context"
	"errors"
	"strings"
)

// DMARC is what the owner of the domain in From makes of the other results
// (RFC 9989).
type DMARC struct {
	Result Result
	Domain string // in From, in A-labels
	// Policy is what the record says of this domain, "" if there is none; and
	// Disposition what follows from it: NoAction unless the result is a fail.
	Policy      Disposition
	Disposition Disposition
	Publisher   string // the domain whose record it is
	// Aligned names the mechanism, "dkim" or "spf", whose pass speaks for the
	// domain in From; "" if none does. It is there without a record, too.
	Aligned       string
	AlignedDomain string // what the mechanism confirmed
	Reason        string
}

// Identity is a domain that SPF or DKIM has, or has not, confirmed.
type Identity struct {
	Result Result
	Domain string
}

// CheckDMARC evaluates the policy for mail from a domain, of which spf and dkim
// were found out.
func CheckDMARC(ctx context.Context, r Resolver, from string, spf Identity, dkim ...Identity) DMARC {
	domain := trimmedDomain(from)
	if domain == "" {
		return DMARC{Result: PermError, Disposition: NoAction, Reason: "From has no domain"}
	}
	e := dmarcEvaluation{
		walk: dmarcWalk{newCounted(r), map[string]*published{}},
		d:    DMARC{Domain: domain, Disposition: NoAction},
		spf:  spf, dkim: dkim,
	}
	e.run(ctx)
	return e.d
}

var errUnfinished = errors.New("a check of the domain could not be finished")

// trimmedDomain forgives dots around a domain, so that they hide no policy.
func trimmedDomain(s string) string { return asciiDomain(strings.Trim(s, ".")) }

type dmarcEvaluation struct {
	walk dmarcWalk
	d    DMARC
	spf  Identity
	dkim []Identity
	open error // why the result is not certain
}

func (e *dmarcEvaluation) run(ctx context.Context) {
	record, err := e.walk.policyRecord(ctx, e.d.Domain)
	switch {
	case err != nil:
		e.withoutPolicy(err)
	case record == nil || record.broken:
		e.withoutRecord()
	default:
		e.withRecord(ctx, record)
	}
}

// withoutPolicy is for when the record could not be had: what comes from the
// very domain is good under any record.
func (e *dmarcEvaluation) withoutPolicy(err error) {
	e.d.Result, e.d.Reason = TempError, err.Error()
	if e.align(func(domain string, _ bool) bool { return domain == e.d.Domain }) {
		e.d.Result = Pass
	}
}

// withoutRecord finds out whether the mail is from whom it says, though the
// owner of the domain has not asked anybody to.
func (e *dmarcEvaluation) withoutRecord() {
	e.d.Result, e.d.Reason = None, "no policy is published"
	organization := listedOrganization(e.d.Domain)
	known := e.align(func(domain string, _ bool) bool { return listedOrganization(domain) == organization })
	if !known && e.open != nil {
		e.d.Result, e.d.Reason = TempError, e.open.Error()
	}
}

func (e *dmarcEvaluation) withRecord(ctx context.Context, record *published) {
	e.d.Publisher = record.domain
	strict := map[bool]bool{true: record.strictDKIM, false: record.strictSPF}
	pass := e.align(func(domain string, dkim bool) bool {
		if strict[dkim] {
			return domain == e.d.Domain
		}
		same, err := e.walk.aligned(ctx, domain, e.d.Domain)
		if err != nil {
			e.open = err
		}
		return same
	})
	if err := e.policy(ctx, record); err != nil {
		e.open = err
	}
	switch {
	case pass:
		e.d.Result = Pass
	case e.open != nil:
		e.d.Result, e.d.Reason = TempError, e.open.Error()
	default:
		e.fail(record.testing)
	}
}

func (e *dmarcEvaluation) fail(testing bool) {
	e.d.Result, e.d.Reason = Fail, "neither SPF nor DKIM speaks for the domain in From"
	if e.d.Disposition = e.d.Policy; testing {
		e.d.Disposition = lowered(e.d.Policy)
	}
}

// align looks for a pass of a domain that is aligned. One whose check could
// not be finished leaves the result open (RFC 9989 section 5.3.6).
func (e *dmarcEvaluation) align(same func(domain string, dkim bool) bool) bool {
	for i, identity := range append(e.dkim[:len(e.dkim):len(e.dkim)], e.spf) {
		dkim := i < len(e.dkim)
		domain := trimmedDomain(identity.Domain)
		if domain == "" || identity.Result != Pass && identity.Result != TempError || !same(domain, dkim) {
			continue
		}
		if identity.Result == TempError {
			e.open = errUnfinished
			continue
		}
		e.d.Aligned, e.d.AlignedDomain = "spf", domain
		if dkim {
			e.d.Aligned = "dkim"
		}
		return true
	}
	return false
}

// policy finds what the record says of the domain. A domain exists unless the
// DNS says that there is no such name (RFC 8020 section 2).
func (e *dmarcEvaluation) policy(ctx context.Context, record *published) error {
	exists := true
	if record.missing != "" && record.domain != e.d.Domain {
		_, err := e.walk.dns.LookupNetIP(ctx, "ip4", e.d.Domain)
		if exists = !isNotFound(err); err != nil && exists {
			return err
		}
	}
	e.d.Policy = record.forDomain(record.domain == e.d.Domain, exists)
	return nil
}
