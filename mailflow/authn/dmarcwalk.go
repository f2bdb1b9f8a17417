package authn

import (
	"context"
	"strings"
)

// published is a record and the domain it was found at.
type published struct {
	domain string
	dmarcRecord
}

// dmarcWalk looks for records up the tree of names (RFC 9989 section 4.10),
// and asks for none twice.
type dmarcWalk struct {
	dns   *counted
	known map[string]*published // nil: there is none
}

// maxWalkLabels is how many labels the second name of a walk may have, so that
// no walk takes more than eight questions.
const maxWalkLabels = 7

// walk gives the records at a domain and above it, in that order. It stops at
// one that says whether it is of a public suffix.
func (w *dmarcWalk) walk(ctx context.Context, domain string) ([]published, error) {
	var found []published
	for name := domain; name != ""; name = above(name) {
		record, err := w.fetch(ctx, name)
		if err != nil {
			return nil, err
		}
		if record == nil {
			continue
		}
		found = append(found, *record)
		if record.psd != "u" {
			break
		}
	}
	return withoutSuffix(found), nil
}

func above(name string) string {
	name = parentOf(name)
	for strings.Count(name, ".") >= maxWalkLabels {
		name = parentOf(name)
	}
	return name
}

// withoutSuffix leaves out the record of a public suffix that does not say it
// is one, if there are others: it would make all its customers one
// organization.
func withoutSuffix(found []published) []published {
	last := len(found) - 1
	if last > 0 && found[last].psd == "u" && isPublicSuffix(found[last].domain) {
		return found[:last]
	}
	return found
}

// fetch gets the one record at a name. Two are none.
func (w *dmarcWalk) fetch(ctx context.Context, domain string) (*published, error) {
	if record, ok := w.known[domain]; ok {
		return record, nil
	}
	texts, err := w.dns.LookupTXT(ctx, "_dmarc."+domain)
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	var record *published
	for _, text := range texts {
		r, ok := parseDMARC(text)
		if ok && record != nil {
			record = nil
			break
		}
		if ok {
			record = &published{domain, r}
		}
	}
	w.known[domain] = record
	return record, nil
}

// organization is the organizational domain of a domain (RFC 9989 section
// 4.10.2), and whether any record on the way is younger than RFC 7489.
func (w *dmarcWalk) organization(ctx context.Context, domain string) (string, bool, error) {
	found, err := w.walk(ctx, domain)
	if err != nil {
		return "", false, err
	}
	modern := false
	for _, p := range found {
		modern = modern || p.modern
	}
	return organizationOf(domain, found), modern, nil
}

func organizationOf(domain string, found []published) string {
	if len(found) == 0 {
		return listedOrganization(domain)
	}
	last := found[len(found)-1]
	switch {
	case last.psd == "n":
		return last.domain
	case last.psd == "y" && last.domain != domain:
		return below(last.domain, domain)
	case last.psd == "u" && isPublicSuffix(last.domain):
		return listedOrganization(domain)
	}
	return last.domain
}

// below is the domain one label below another, on the way to a third.
func below(suffix, domain string) string {
	label := strings.TrimSuffix(domain, "."+suffix)
	return label[strings.LastIndexByte(label, '.')+1:] + "." + suffix
}

// policyRecord is the record that applies to mail from a domain (RFC 9989
// section 4.10.1): its own, its organization's, or its public suffix's; nil if
// there is none.
func (w *dmarcWalk) policyRecord(ctx context.Context, domain string) (*published, error) {
	own, err := w.fetch(ctx, domain)
	if own != nil || err != nil {
		return own, err
	}
	found, err := w.walk(ctx, domain)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	organization := organizationOf(domain, found)
	for _, p := range found {
		if p.domain == organization {
			return &p, nil
		}
	}
	return &found[len(found)-1], nil
}

// aligned tells whether two domains are of one organization. Where nothing on
// the way to either says more than RFC 7489 section 3.2 knew, being one by the
// public suffix list is enough, for that is what the owner was told.
func (w *dmarcWalk) aligned(ctx context.Context, a, b string) (bool, error) {
	if a == b {
		return true, nil
	}
	if !related(a, b) {
		return false, nil
	}
	ours, modern, err := w.organization(ctx, a)
	if err != nil {
		return false, err
	}
	theirs, modern2, err := w.organization(ctx, b)
	if err != nil {
		return false, err
	}
	if ours == theirs {
		return true, nil
	}
	return !modern && !modern2 && listedOrganization(a) == listedOrganization(b), nil
}

// related tells whether two domains have their last two labels in common.
// Without that no walk makes them one organization.
func related(a, b string) bool {
	return lastTwo(a) == lastTwo(b)
}

func lastTwo(domain string) string {
	for strings.Count(domain, ".") > 1 {
		domain = parentOf(domain)
	}
	return domain
}
