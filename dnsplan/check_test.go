package dnsplan

import (
	"strings"
	"testing"
)

func mustCheck(t *testing.T, s Site, r Resolver) []Finding {
	t.Helper()
	findings, err := Check(t.Context(), s, r)
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

// TestPlanIsRight holds that whoever publishes what the plan says is told that
// all is right.
func TestPlanIsRight(t *testing.T) {
	unknown, helo := dgt(), dgt()
	unknown.Addresses = nil
	helo.Hostname = "dgt.example"
	zone := published(t, dgt())
	for name, c := range map[string]struct {
		site Site
		zone string
	}{
		"addresses given":     {dgt(), zone},
		"addresses not given": {unknown, zone},
		"host is the domain":  {helo, published(t, helo)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range mustCheck(t, c.site, serve(t, c.zone, "")) {
				if f.Status != Right {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// mistakes are made in the zone as it should be, each with what is said of it.
var mistakes = []struct {
	name    string
	line    string // the beginning of the lines that are taken out; "" for none
	instead string
	purpose string
	status  Status
	advice  string
}{
	{"no MX", "dgt.example. 3600 IN MX", "", "mx", Missing, "Publish: 10 cauce.dgt.example"},
	{"MX elsewhere", "dgt.example. 3600 IN MX", "dgt.example. IN MX 10 other.example.\nother.example. IN A 192.0.2.9", "mx", Wrong, "goes elsewhere"},
	{"another first", "", "dgt.example. IN MX 5 other.example.\nother.example. IN A 192.0.2.9", "mx", Wrong, "other.example first"},
	{"another second", "", "dgt.example. IN MX 50 other.example.\nother.example. IN A 192.0.2.9", "mx", Right, "hand it on"},
	{"MX to an alias", "dgt.example. 3600 IN MX", "dgt.example. IN MX 10 alias.example.\nalias.example. IN CNAME cauce.dgt.example.", "mx", Wrong, "alias (CNAME) of cauce.dgt.example"},
	{"MX without address", "cauce.dgt.example. 3600 IN A", "", "mx", Wrong, "has no address"},
	{"MX to no name", "dgt.example. 3600 IN MX", "dgt.example. IN MX 10 nowhere.example.", "mx", Wrong, "nowhere.example has no address"},
	{"null MX", "dgt.example. 3600 IN MX", "dgt.example. IN MX 0 .", "mx", Wrong, "null MX"},
	{"host is an alias", "cauce.dgt.example. 3600 IN", "cauce.dgt.example. IN CNAME vm.example.\nvm.example. IN A 192.0.2.7", "address", Wrong, "alias"},
	{"host is an alias of no name", "cauce.dgt.example. 3600 IN", "cauce.dgt.example. IN CNAME vm.example.", "address", Wrong, "alias"},
	{"no address", "cauce.dgt.example. 3600 IN A", "", "address", Missing, "Publish: 192.0.2.7"},
	{"another address", "cauce.dgt.example. 3600 IN A", "cauce.dgt.example. IN A 192.0.2.9", "address", Wrong, "leads elsewhere"},

	{"no SPF", "dgt.example. 3600 IN TXT", "", "spf", Missing, "Publish: v=spf1 ip4:192.0.2.7"},
	{"several SPF", "", `dgt.example. IN TXT "v=spf1 -all"`, "spf", Wrong, "several SPF"},
	{"another's text beside it", "", `dgt.example. IN TXT "v=spf10 +all" "google-site-verification=1"`, "spf", Right, ""},
	{"SPF of others", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 ip4:198.51.100.0/24 -all"`, "spf", Wrong, "Add ip4:192.0.2.7"},
	{"SPF without IPv6", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 ip4:192.0.2.0/24 -all"`, "spf", Wrong, "Add ip6:2001:db8::7"},
	{"SPF by MX", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 mx ~all"`, "spf", Right, ""},
	{"+all", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 +all"`, "spf", Wrong, "everybody"},
	{"all", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 mx all"`, "spf", Wrong, "everybody"},
	{"included +all", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 mx include:wide.example -all"` + "\n" + `wide.example. IN TXT "v=spf1 ip4:0.0.0.0/0"`, "spf", Wrong, "everybody"},
	{"SPF open", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 mx ?all"`, "spf", Right, "end it with -all"},
	{"SPF broken", "dgt.example. 3600 IN TXT", `dgt.example. IN TXT "v=spf1 ipv4:192.0.2.7 -all"`, "spf", Wrong, "cannot be used"},

	{"no key", "c1._domainkey", "", "dkim", Missing, "Publish: v=DKIM1; k=rsa; p=QUJD"},
	{"another key", "c1._domainkey", `c1._domainkey.dgt.example. IN TXT "v=DKIM1; p=QUJD"`, "dkim", Wrong, "not the one"},
	{"key revoked", "c1._domainkey", `c1._domainkey.dgt.example. IN TXT "v=DKIM1; p="`, "dkim", Wrong, "revoked"},
	{"several keys", "", `c1._domainkey.dgt.example. IN TXT "v=DKIM1; p=QUJD"`, "dkim", Wrong, "several"},
	{"another kind", "c1._domainkey", `c1._domainkey.dgt.example. IN TXT "v=DKIM1; k=ed25519; p=QUJD"`, "dkim", Wrong, "another kind"},
	{"for sha1 alone", "c1._domainkey", `c1._domainkey.dgt.example. IN TXT "h=sha1; p=` + strings.Repeat("QUJD", 50) + `" "` + strings.Repeat("QUJD", 50) + `"`, "dkim", Wrong, "keeps the key"},
	{"tried out", "c1._domainkey", `c1._domainkey.dgt.example. IN TXT "t=y:s; s=email; p= ` + strings.Repeat("QUJD", 50) + ` " "` + strings.Repeat("QUJD", 50) + `"`, "dkim", Right, "t=y"},
	{"no record at all", "c1._domainkey", `c1._domainkey.dgt.example. IN TXT "hola"`, "dkim", Wrong, "cannot be read"},
	{"by an alias", "c1._domainkey", `c1._domainkey.dgt.example. IN CNAME k.isp.example.` + "\n" + `k.isp.example. IN TXT "p=` + strings.Repeat("QUJD", 50) + `" "` + strings.Repeat("QUJD", 50) + `"`, "dkim", Right, ""},

	{"no DMARC", "_dmarc.dgt.example.", "", "dmarc", Missing, "p=none"},
	{"p=none", "", "", "dmarc", Right, "p=none only watches"},
	{"p=reject", "_dmarc.dgt.example.", `_dmarc.dgt.example. IN TXT "v=DMARC1; p=reject; rua=mailto:a@dgt.example"`, "dmarc", Right, ""},
	{"no reports", "_dmarc.dgt.example.", `_dmarc.dgt.example. IN TXT "v=DMARC1;p=reject"`, "dmarc", Right, "rua="},
	{"several DMARC", "", `_dmarc.dgt.example. IN TXT "v=DMARC1; p=reject"`, "dmarc", Wrong, "counts as none"},
	{"no policy", "_dmarc.dgt.example.", `_dmarc.dgt.example. IN TXT "v=DMARC1; rua=mailto:a@dgt.example"`, "dmarc", Wrong, "lacks a policy"},
	{"DMARC that is none", "_dmarc.dgt.example.", `_dmarc.dgt.example. IN TXT "v=DMARC1; p=none; p=reject"`, "dmarc", Wrong, "cannot be read"},

	{"no MTA-STS", "_mta-sts.dgt.example.", "", "mta-sts", Missing, "v=STSv1"},
	{"bad id", "_mta-sts.dgt.example.", `_mta-sts.dgt.example. IN TXT "v=STSv1; id=2026-11-22"`, "mta-sts", Wrong, "letters and digits"},
	{"no policy host", "mta-sts.dgt.example.", "", "mta-sts", Wrong, "has no address"},
	{"no TLS-RPT", "_smtp._tls.dgt.example.", "", "tls-rpt", Missing, "v=TLSRPTv1"},
	{"TLS-RPT to nobody", "_smtp._tls.dgt.example.", `_smtp._tls.dgt.example. IN TXT "v=TLSRPTv1; rua=ftp://a"`, "tls-rpt", Wrong, "rua=mailto:"},

	{"no PTR", "7.2.0.192.in-addr.arpa.", "", "ptr", Missing, "192.0.2.7 has no name"},
	{"another PTR", "7.2.0.192.in-addr.arpa.", "7.2.0.192.in-addr.arpa. IN PTR host7.isp.example.", "ptr", Wrong, "another name"},
	{"two PTR", "", "7.2.0.192.in-addr.arpa. IN PTR host7.isp.example.", "ptr", Right, "one is better"},
	{"PTR not confirmed", "cauce.dgt.example. 3600 IN A 192.0.2.7", "cauce.dgt.example. IN A 192.0.2.9", "ptr", Wrong, "does not lead back"},
}

func TestMistakes(t *testing.T) {
	whole := published(t, dgt())
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			zone := without(t, whole, c.line) + c.instead + "\n"
			got := worst(mustCheck(t, dgt(), serve(t, zone, "")), c.purpose)
			if got.Status != c.status || !strings.Contains(got.Advice, c.advice) || (c.advice == "" && got.Advice != "") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// without takes the lines that begin so out of a zone.
func without(t *testing.T, zone, start string) string {
	t.Helper()
	if start == "" {
		return zone
	}
	var kept strings.Builder
	for line := range strings.Lines(zone) {
		if !strings.HasPrefix(line, start) {
			kept.WriteString(line)
		}
	}
	if kept.Len() == len(zone) {
		t.Fatalf("no line %q", start)
	}
	return kept.String()
}

// worst is the finding of a purpose that is not right, or else one about which
// there is something to say.
func worst(findings []Finding, purpose string) Finding {
	var found Finding
	for _, f := range findings {
		worse := f.Status != Right || f.Advice != ""
		if f.Purpose == purpose && (found.Status == "" || found.Status == Right && worse) {
			found = f
		}
	}
	return found
}

func named(findings []Finding, name string) Finding {
	for _, f := range findings {
		if f.Name == name {
			return f
		}
	}
	return Finding{}
}

func TestDomainWithoutKeys(t *testing.T) {
	s := dgt()
	s.Keys = nil
	if f := worst(mustCheck(t, s, serve(t, published(t, s), "")), "dkim"); f.Status != Missing || !strings.Contains(f.Advice, "cauce keys dkim dgt.example") {
		t.Errorf("%+v", f)
	}
	s.Domains[0].Sends = false
	if f := worst(mustCheck(t, s, serve(t, published(t, s), "")), "dkim"); f.Status != "" {
		t.Errorf("nothing is sent from there: %+v", f)
	}
}

func TestPolicyOfTheDomainAbove(t *testing.T) {
	s := dgt()
	s.Domains[0].Name = "mesa.soporte.dgt.example"
	zone := `_dmarc.dgt.example. IN TXT "v=DMARC1; p=reject; sp=none; rua=mailto:a@dgt.example"` + "\n"
	f := worst(mustCheck(t, s, serve(t, zone, "")), "dmarc")
	if f.Status != Right || !strings.Contains(f.Advice, "_dmarc.dgt.example") || !strings.Contains(f.Advice, "only watches") {
		t.Errorf("%+v", f)
	}
}

func TestReportsToAnotherDomain(t *testing.T) {
	s := dgt()
	s.Reports = "informes@auditor.example"
	zone := published(t, s)
	const agreed = "dgt.example._report._dmarc.auditor.example"
	if f := named(mustCheck(t, s, serve(t, zone, "")), agreed); f.Status != Right {
		t.Errorf("%+v", f)
	}
	if f := named(mustCheck(t, s, serve(t, without(t, zone, agreed), "")), agreed); f.Status != Missing {
		t.Errorf("%+v", f)
	}
	s.Reports = "dmarc@soporte.dgt.example" // of the same organisation
	if strings.Contains(published(t, s), "_report") {
		t.Error("a domain need not agree with itself")
	}
}

func TestRelayed(t *testing.T) {
	s := dgt()
	s.Relay, s.Addresses = "smtp.isp.example", nil
	zone := published(t, s) + "smtp.isp.example. IN A 198.51.100.1\ncauce.dgt.example. IN A 192.0.2.7\n"
	for _, f := range mustCheck(t, s, serve(t, zone, "")) {
		if f.Status != Right || f.Purpose == "ptr" {
			t.Errorf("%+v", f)
		}
		if f.Purpose == "spf" && !strings.Contains(f.Advice, "--ip") {
			t.Errorf("it cannot be known whether the relay is named: %+v", f)
		}
	}
}

func TestSeveralMX(t *testing.T) {
	s := dgt()
	s.MX = []string{"cauce.dgt.example", "front.isp.example"}
	zone := published(t, s) + "front.isp.example. IN A 198.51.100.2\n"
	for _, f := range mustCheck(t, s, serve(t, zone, "")) {
		if f.Purpose == "mx" && (f.Status != Right || f.Advice != "") {
			t.Errorf("%+v", f)
		}
	}
	zone = without(t, zone, "dgt.example. 3600 IN MX 20")
	if f := worst(mustCheck(t, s, serve(t, zone, "")), "mx"); f.Status != Missing || f.Want != "20 front.isp.example" {
		t.Errorf("%+v", f)
	}
	if f := worst(mustCheck(t, s, serve(t, zone, "dgt.example")), "mx"); f.Status != Unknown {
		t.Errorf("%+v", f)
	}
}

// TestServerFails holds that what cannot be found out is never said to be
// missing.
func TestServerFails(t *testing.T) {
	zone := published(t, dgt())
	for name, purpose := range map[string]string{
		"dgt.example": "mx", "cauce.dgt.example": "address", "c1._domainkey.dgt.example": "dkim", "_dmarc.dgt.example": "dmarc",
		"_mta-sts.dgt.example": "mta-sts", "_smtp._tls.dgt.example": "tls-rpt", "7.2.0.192.in-addr.arpa": "ptr", "mta-sts.dgt.example": "mta-sts",
	} {
		if f := worst(mustCheck(t, dgt(), serve(t, zone, name)), purpose); f.Status != Unknown || !strings.Contains(f.Advice, "SERVFAIL") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	included := without(t, zone, "dgt.example. 3600 IN TXT") + `dgt.example. IN TXT "v=spf1 include:spf.example -all"` + "\n"
	if f := worst(mustCheck(t, dgt(), serve(t, included, "spf.example")), "spf"); f.Status != Unknown {
		t.Errorf("%+v", f)
	}
}

func TestLongAnswerComesByTCP(t *testing.T) {
	long := "long.example. IN TXT " + Quote(strings.Repeat("a", 4000))
	texts, err := lookup{serve(t, long, "")}.txt(t.Context(), "long.example")
	if err != nil || len(texts) != 1 || len(texts[0]) != 4000 {
		t.Errorf("%d texts: %v", len(texts), err)
	}
}

func TestNobodyAnswers(t *testing.T) {
	if _, err := (Server{"127.0.0.1:1"}).Query(t.Context(), "dgt.example", 1); err == nil {
		t.Error("an answer from nowhere")
	}
}
