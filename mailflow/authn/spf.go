package authn

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// SPF is what a check of the sending address came to (RFC 7208).
type SPF struct {
	Result Result
	// Domain is the one that was checked: that of the reverse path, or of HELO
	// where the reverse path is empty. "" if it is no domain.
	Domain string
	// Explanation is what the domain says about a fail, in its own words:
	// printable ASCII, but a stranger's text. "" if it says nothing.
	Explanation string
	// Reason says in our words how it came to the result.
	Reason string
}

// CheckSPF checks whether the address may send mail with this reverse path
// ("" for <>) and HELO name. It takes as long as ctx lets it.
func CheckSPF(ctx context.Context, r Resolver, ip netip.Addr, helo, mailFrom string) SPF {
	c := newSPFCheck(r, ip.Unmap().WithZone(""), helo, mailFrom)
	domain := spfDomain(c.senderDomain)
	if domain == "" {
		return SPF{Result: None, Reason: fmt.Sprintf("%q is not a domain", c.senderDomain)}
	}
	if !ip.IsValid() {
		return SPF{Result: None, Domain: domain, Reason: "the peer has no address"}
	}
	c.senderDomain = domain
	o := c.check(ctx, domain)
	s := SPF{Result: o.result, Domain: domain, Reason: o.reason}
	if c.dns.exhausted {
		s.Result, s.Reason = PermError, errTooManyLookups.Error()
	}
	if s.Result == Fail && o.record.exp != "" {
		s.Explanation = c.explain(ctx, o.record.exp, o.domain)
	}
	return s
}

// spfDomain is the domain to check, "" if it cannot be one: too long, with
// empty labels, an address literal, or a single label (RFC 7208 section 4.3).
func spfDomain(s string) string {
	s = asciiDomain(s)
	if !strings.Contains(s, ".") || strings.HasPrefix(s, "[") {
		return ""
	}
	return s
}

// spfCheck is one check_host() with all that it calls (RFC 7208 section 4).
type spfCheck struct {
	dns                 *counted
	ip                  netip.Addr
	helo                string
	local, senderDomain string
	lookups, voids      int
	names               []string // of ip, confirmed, once asked for
	namesKnown          bool
	at                  time.Time
}

// The limits of RFC 7208 section 4.6.4.
const (
	spfMaxLookups = 10
	spfMaxVoids   = 2
	spfMaxNames   = 10 // of an MX or PTR answer
)

func newSPFCheck(r Resolver, ip netip.Addr, helo, mailFrom string) *spfCheck {
	c := &spfCheck{dns: newCounted(r), ip: ip, helo: helo, local: "postmaster", senderDomain: helo, at: time.Now()}
	if mailFrom == "" {
		return c // RFC 7208 section 2.4
	}
	c.senderDomain = domainOf(mailFrom)
	if local := strings.TrimSuffix(mailFrom[:len(mailFrom)-len(c.senderDomain)], "@"); local != "" {
		c.local = local // RFC 7208 section 4.3
	}
	return c
}

// outcome is a result, and where it comes from.
type outcome struct {
	result Result
	reason string
	record spfRecord
	domain string
}

// spfError ends a check with a result other than a match.
type spfError struct {
	result Result
	reason string
}

func (e *spfError) Error() string { return e.reason }

func permanent(format string, args ...any) error {
	return &spfError{PermError, fmt.Sprintf(format, args...)}
}

func temporary(err error) error { return &spfError{TempError, err.Error()} }

// check is check_host() for a domain.
func (c *spfCheck) check(ctx context.Context, domain string) outcome {
	o, err := c.evaluate(ctx, domain)
	if err == nil {
		return o
	}
	if e, ok := errors.AsType[*spfError](err); ok {
		return outcome{result: e.result, reason: e.reason}
	}
	return outcome{result: TempError, reason: err.Error()}
}

func (c *spfCheck) evaluate(ctx context.Context, domain string) (outcome, error) {
	record, err := c.record(ctx, domain)
	if err != nil {
		return outcome{}, err
	}
	for _, t := range record.terms {
		match, err := c.match(ctx, t, domain)
		if err != nil {
			return outcome{}, err
		}
		if match {
			return outcome{t.result, "matched " + t.mechanism + " of " + domain, record, domain}, nil
		}
	}
	if record.redirect != "" {
		return c.redirected(ctx, record.redirect, domain)
	}
	return outcome{Neutral, "nothing matched in the record of " + domain, record, domain}, nil
}

// record fetches and reads the one record of a domain.
func (c *spfCheck) record(ctx context.Context, domain string) (spfRecord, error) {
	texts, err := c.dns.LookupTXT(ctx, domain)
	if err != nil && !isNotFound(err) {
		return spfRecord{}, temporary(err)
	}
	var found []string
	for _, text := range texts {
		if isSPFRecord(text) {
			found = append(found, text)
		}
	}
	switch len(found) {
	case 0:
		return spfRecord{}, &spfError{None, domain + " has no SPF record"}
	case 1:
		record, err := parseSPF(found[0])
		if err != nil {
			return spfRecord{}, permanent("record of %s: %v", domain, err)
		}
		return record, nil
	}
	return spfRecord{}, permanent("%s has %d SPF records", domain, len(found))
}

// redirected is the result of another domain in place of this one (RFC 7208
// section 6.1).
func (c *spfCheck) redirected(ctx context.Context, spec, domain string) (outcome, error) {
	target, err := c.target(ctx, spec, domain)
	if err != nil {
		return outcome{}, err
	}
	if err := c.countLookup(); err != nil {
		return outcome{}, err
	}
	o := c.check(ctx, target)
	if o.result == None {
		return outcome{}, permanent("redirect: %s", o.reason)
	}
	return o, nil
}

func (c *spfCheck) countLookup() error {
	if c.lookups++; c.lookups > spfMaxLookups {
		return permanent("more than %d terms ask the DNS", spfMaxLookups)
	}
	return nil
}

// void counts an answer without records, and turns an error into one of SPF's.
// It is to be asked after each lookup of a term.
func (c *spfCheck) void(count int, err error) error {
	if err != nil && !isNotFound(err) {
		return temporary(err)
	}
	if count > 0 {
		return nil
	}
	if c.voids++; c.voids > spfMaxVoids {
		return permanent("more than %d lookups found nothing", spfMaxVoids)
	}
	return nil
}
