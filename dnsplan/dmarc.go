package dnsplan

import (
	"context"
	"slices"
	"strings"
)

// dmarc says what becomes of mail that only pretends to be of a domain
// (RFC 9989, which replaced RFC 7489).
func (s Site) dmarc(domain string) item {
	text := "v=DMARC1; p=none; rua=mailto:" + s.reports(domain)
	return item{
		Record{
			Name: "_dmarc." + domain, Type: "TXT", Value: text, Purpose: "dmarc",
			Comment: "What others do with mail that only pretends to be of " + domain + ". Begin with p=none, which changes nothing, and read the reports for some weeks; once they show that all true mail passes, make it p=quarantine and then p=reject.",
		},
		func(ctx context.Context, l lookup) verdict { return checkDMARC(ctx, l, domain, text) },
	}
}

// reportsAbroad is how another domain agrees to get reports on this one
// (RFC 7489 section 7.1, now in RFC 9990).
func (s Site) reportsAbroad(domain string) []item {
	_, abroad, _ := strings.Cut(s.reports(domain), "@")
	abroad = strings.ToLower(abroad)
	if abroad == domain || strings.HasSuffix(abroad, "."+domain) || strings.HasSuffix(domain, "."+abroad) {
		return nil
	}
	name := domain + "._report._dmarc." + abroad
	return []item{{
		Record{
			Name: name, Type: "TXT", Value: "v=DMARC1", Purpose: "dmarc",
			Comment: "With it, " + abroad + " agrees to get the reports on " + domain + ".",
		},
		func(ctx context.Context, l lookup) verdict {
			texts, err := l.txt(ctx, name)
			found := withVersion(texts, "v=DMARC1")
			switch {
			case err != nil:
				return unknown(err)
			case len(found) == 0:
				return missing("v=DMARC1", "Without it no reports are sent there.")
			}
			return right(found)
		},
	}}
}

func checkDMARC(ctx context.Context, l lookup, domain, want string) verdict {
	found, at, err := policyFor(ctx, l, domain)
	switch {
	case err != nil:
		return unknown(err)
	case len(found) == 0:
		return missing(want, "Without it anybody's mail in this name is taken, and large receivers take less of ours.")
	case len(found) > 1:
		return wrong(found, "There are several DMARC records at _dmarc."+at+", which counts as none. Leave one.")
	}
	published, err := tags(found[0])
	if err != nil {
		return wrong(found, "The record cannot be read: "+err.Error()+". Publish: "+want)
	}
	policy := published["p"]
	var notes []string
	if at != domain {
		notes = append(notes, "It is that of _dmarc."+at+", which holds for "+domain+" too.")
		if sub := published["sp"]; sub != "" {
			policy = sub
		}
	}
	return judgePolicy(found, strings.ToLower(policy), published["rua"] != "", notes)
}

func judgePolicy(found []string, policy string, reported bool, notes []string) verdict {
	if !slices.Contains([]string{"none", "quarantine", "reject"}, policy) {
		return wrong(found, "The record lacks a policy (p=none, p=quarantine or p=reject).")
	}
	if policy == "none" {
		notes = append(notes, "p=none only watches: once the reports show that all true mail passes, make it p=quarantine and then p=reject.")
	}
	if !reported {
		notes = append(notes, "Without rua= nobody tells you what fails.")
	}
	return right(found, notes...)
}

// maxWalk is how many names are asked (RFC 9989 section 4.10).
const maxWalk = 8

// policyFor finds the records that hold for a domain: its own, or those of the
// nearest domain above it that has any. A top-level domain alone is not asked.
func policyFor(ctx context.Context, l lookup, domain string) (found []string, at string, err error) {
	at = domain
	for range maxWalk {
		texts, err := l.txt(ctx, "_dmarc."+at)
		if found = withVersion(texts, "v=DMARC1"); err != nil || len(found) > 0 {
			return found, at, err
		}
		_, above, _ := strings.Cut(at, ".")
		if !strings.Contains(above, ".") {
			break
		}
		at = above
	}
	return nil, domain, nil
}
