package dnsplan

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

var update = flag.Bool("update", false, "write testdata anew")

// TestZone shows whole plans; a change in the files is a change of what people
// are told to publish.
func TestZone(t *testing.T) {
	relayed := dgt()
	relayed.Relay, relayed.Addresses, relayed.STARTTLS = "smtp.isp.example", nil, false
	relayed.MX, relayed.Reports, relayed.Keys = []string{"mx1.isp.example", "mx2.isp.example"}, "informes@auditor.example", nil
	unknown := dgt()
	unknown.Addresses = nil
	unknown.Domains = append(unknown.Domains, Domain{"Entrada.España.example", false})
	for name, s := range map[string]Site{"known.zone": dgt(), "relayed.zone": relayed, "unknown.zone": unknown} {
		t.Run(name, func(t *testing.T) {
			plan, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, []byte(plan.Zone()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if plan.Zone() != string(want) {
				t.Errorf("differs from %s (go test -update writes it):\n%s", path, plan.Zone())
			}
			parseZone(t, plan.Zone())
		})
	}
}

func TestSPFSuggested(t *testing.T) {
	for relay, want := range map[string]string{
		"": "a:mail.dgt.example", "localhost": "a:mail.dgt.example", "127.0.0.1": "a:mail.dgt.example", "::1": "a:mail.dgt.example",
		"smtp.isp.example": "a:smtp.isp.example", "198.51.100.1": "ip4:198.51.100.1", "2001:db8::1": "ip6:2001:db8::1",
		"10.0.0.1": "a:mail.dgt.example",
	} {
		s, err := Site{Hostname: "mail.dgt.example", Relay: relay}.normal()
		if err != nil {
			t.Fatal(err)
		}
		if got := s.spfText(); got != "v=spf1 "+want+" -all" {
			t.Errorf("%s: %s", relay, got)
		}
	}
}

func TestNamesRefused(t *testing.T) {
	for _, name := range []string{"", "mail", "a..example", "a b.example", "-.example", strings.Repeat("a", 64) + ".example", "a.example\n"} {
		for _, s := range []Site{
			{Hostname: name},
			{Hostname: "mail.dgt.example", MX: []string{name}},
			{Hostname: "mail.dgt.example", Domains: []Domain{{Name: name}}},
		} {
			if _, err := New(s); err == nil {
				t.Errorf("taken: %+v", s)
			}
			if _, err := Check(t.Context(), s, nil); err == nil {
				t.Errorf("checked: %+v", s)
			}
		}
	}
}

// FuzzQuote holds that a zone file's reader gets what was written, in strings
// that fit.
func FuzzQuote(f *testing.F) {
	f.Add("v=DKIM1; k=rsa; p=" + strings.Repeat("A", 600))
	f.Add(`"a" \ ñ` + "\x00\r\n;")
	f.Fuzz(func(t *testing.T, text string) {
		record, err := dns.NewRR("a.example. 3600 IN TXT " + Quote(text))
		if err != nil {
			t.Fatal(err)
		}
		parts := record.(*dns.TXT).Txt
		if got := unescaped(strings.Join(parts, "")); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
		for _, part := range parts {
			if len(unescaped(part)) > stringLength {
				t.Errorf("%d octets", len(part))
			}
		}
	})
}

func FuzzTags(f *testing.F) {
	for _, seed := range []string{"v=DKIM1; k=rsa; p=QUJD", "v=STSv1; id=1;", "a=b;a=c", ";;", "=", "p = a=b "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, err := tags(text)
		for name, value := range found {
			if err != nil || name == "" || strings.Contains(name+value, ";") || strings.TrimSpace(name+value) != name+value {
				t.Errorf("%q=%q of %q", name, value, text)
			}
		}
	})
}

func TestSystemServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "resolv.conf")
	for text, want := range map[string]string{
		"nameserver 192.0.2.53\nnameserver 192.0.2.54\n": "192.0.2.53:53", "nameserver 2001:db8::53\n": "[2001:db8::53]:53", "search example\n": "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := serverIn(path); got.Address != want || (err == nil) != (want != "") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if _, err := serverIn(path + "2"); err == nil {
		t.Error("no file")
	}
}

func TestAddressesWithoutAPlan(t *testing.T) {
	s := dgt()
	s.Relay = "smtp.isp.example"
	plan, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range plan.Records {
		if r.Purpose == "ptr" || r.Purpose == "address" && r.Value != "" {
			t.Errorf("the relay's addresses are not ours to name: %+v", r)
		}
	}
	if s.Addresses[0] != netip.MustParseAddr("192.0.2.7") {
		t.Error("the site was changed")
	}
}
