package dnsplan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// policy is the MTA-STS policy of a domain (RFC 8461 section 3.2). Lines end in
// CRLF.
func (s Site) policy(domain string) Policy {
	lines := []string{"version: STSv1", "mode: testing"}
	for _, host := range s.MX {
		lines = append(lines, "mx: "+host)
	}
	lines = append(lines, "max_age: 604800")
	return Policy{
		Domain: domain,
		URL:    "https://mta-sts." + domain + "/.well-known/mta-sts.txt",
		Text:   strings.Join(lines, "\r\n") + "\r\n",
	}
}

// mtaSTS says that mail to a domain must come encrypted (RFC 8461 section 3.1).
// The id is taken from the policy, so that it changes with it.
func (s Site) mtaSTS(domain string) item {
	hash := sha256.Sum256([]byte(s.policy(domain).Text))
	text := "v=STSv1; id=" + hex.EncodeToString(hash[:8]) + ";"
	more := ""
	if !s.STARTTLS && s.takesMail() {
		more = " This daemon offers no encryption yet (tls.certificate in its configuration): wait with this until it does."
	}
	return item{
		Record{
			Name: "_mta-sts." + domain, Type: "TXT", Value: text, Purpose: "mta-sts",
			Comment: "Mail to " + domain + " must come encrypted, to a host with a valid certificate. It needs the file below on a web server. Begin with mode: testing; when the reports show no failures, make it mode: enforce and change the id here." + more,
		},
		func(ctx context.Context, l lookup) verdict { return checkSTS(ctx, l, domain, text) },
	}
}

// stsID is RFC 8461 section 3.1.
var stsID = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)

func checkSTS(ctx context.Context, l lookup, domain, want string) verdict {
	texts, err := l.txt(ctx, "_mta-sts."+domain)
	if err != nil {
		return unknown(err)
	}
	found := withVersion(texts, "v=STSv1")
	if len(found) == 0 {
		return missing(want, "It needs the policy file too: \"cauce dns\" shows it.")
	}
	published, err := tags(found[0])
	if err != nil || len(found) > 1 || !stsID.MatchString(published["id"]) {
		return wrong(found, "There must be one such record, with an id of letters and digits. Publish: "+want)
	}
	host, err := l.host(ctx, "mta-sts."+domain)
	if err != nil {
		return unknown(err)
	}
	if len(host.addresses) == 0 {
		return wrong(found, "mta-sts."+domain+", which must serve the policy file, has no address. Publish one, or take this record off.")
	}
	return right(found, "Whether the policy file is there was not checked.")
}

// tlsReports asks for reports of failed encryption (RFC 8460 section 3).
func (s Site) tlsReports(domain string) item {
	text := "v=TLSRPTv1; rua=mailto:" + s.reports(domain)
	return item{
		Record{
			Name: "_smtp._tls." + domain, Type: "TXT", Value: text, Purpose: "tls-rpt",
			Comment: "Where others report that mail to " + domain + " could not be brought encrypted.",
		},
		func(ctx context.Context, l lookup) verdict { return checkTLSReports(ctx, l, domain, text) },
	}
}

func checkTLSReports(ctx context.Context, l lookup, domain, want string) verdict {
	texts, err := l.txt(ctx, "_smtp._tls."+domain)
	if err != nil {
		return unknown(err)
	}
	found := withVersion(texts, "v=TLSRPTv1")
	if len(found) == 0 {
		return missing(want)
	}
	published, err := tags(found[0])
	to := published["rua"]
	if err != nil || len(found) > 1 || !strings.HasPrefix(to, "mailto:") && !strings.HasPrefix(to, "https:") {
		return wrong(found, "There must be one such record, with rua=mailto: or rua=https:. Publish: "+want)
	}
	return right(found)
}
