package authn

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/parser"
)

// town is the DNS of a town hall whose server is 192.0.2.9, of a bank that
// nobody may write for, and of some others.
func town() string {
	return txt("s1._domainkey.ayuntamiento.example", keyRecord(rsaKey(), "")) +
		txt("s1._domainkey.mail.ayuntamiento.example", keyRecord(rsaKey(), "")) +
		txt("test._domainkey.ayuntamiento.example", keyRecord(rsaKey(), "t=y; ")) +
		txt("s1._domainkey.otro.example", keyRecord(rsaKey(), "")) + `
ayuntamiento.example. TXT "v=spf1 ip4:192.0.2.9 -all"
_dmarc.ayuntamiento.example. TXT "v=DMARC1; p=quarantine"
banco.example. TXT "v=spf1 ~all"
_dmarc.banco.example. TXT "v=DMARC1; p=reject"
soft.example. TXT "v=spf1 ~all"
hard.example. TXT "v=spf1 -all"
pueblo.example. TXT "v=spf1 ip4:192.0.2.9 ~all"
www.pueblo.example. TXT "v=spf1 ip4:192.0.2.9 ~all"
otro.example. TXT "v=spf1 ip4:192.0.2.9 -all"
servidor.pueblo.example. TXT "v=spf1 ip4:192.0.2.9 -all"
`
}

func mailFrom(author string) string {
	return strings.Replace(letter, "Juana <juana@ayuntamiento.example>", author, 1)
}

func TestExamine(t *testing.T) {
	server, d := serveZone(t, town())
	server.fails(nil, []string{"broken.example", "_dmarc.broken.example", "broken._domainkey.ayuntamiento.example"})
	judge := Judge{Resolver: d, AuthservID: "desk.example", Now: func() time.Time { return signedAt },
		Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	signed := func(mail string, tags map[string]string) string { return string(forge(t, mail, tags)) }
	other := map[string]string{"d": "otro.example"}
	two := letter[:strings.Index(letter, "To:")] + letter
	tests := []struct {
		name, mail string
		origin     Origin // from 192.0.2.9, or else 198.51.100.1 for "elsewhere" in Hello
		want       string // how, or ""
		strict     bool
		then       Disposition
		temporary  bool
	}{
		{"SPF", letter, Origin{MailFrom: "x@ayuntamiento.example"}, "spf of ayuntamiento.example", false, NoAction, false},
		{"DKIM", signed(letter, nil), Origin{Hello: "elsewhere", MailFrom: "x@soft.example"}, "dkim of ayuntamiento.example", true, NoAction, false},
		{"DKIM of a subdomain", signed(letter, map[string]string{"d": "mail.ayuntamiento.example"}), Origin{MailFrom: "x@soft.example"},
			"dkim of mail.ayuntamiento.example", false, NoAction, false},
		{"DKIM by a test key", signed(letter, map[string]string{"s": "test"}), Origin{MailFrom: "x@soft.example"}, "", false, Quarantine, false},
		{"DKIM of another", signed(letter, other), Origin{MailFrom: "x@otro.example"}, "", false, Quarantine, false},
		{"DKIM makes good a hard fail of SPF", signed(letter, nil), Origin{MailFrom: "x@hard.example"}, "dkim of ayuntamiento.example", true, NoAction, false},
		{"hard fail of SPF", mailFrom("x@hard.example"), Origin{MailFrom: "x@hard.example"}, "", false, Reject, false},
		{"hard fail of SPF, signed by another", signed(mailFrom("x@hard.example"), other), Origin{MailFrom: "x@hard.example"}, "", false, Reject, false},
		{"policy reject", mailFrom("x@banco.example"), Origin{MailFrom: "x@otro.example"}, "", false, Reject, false},
		{"policy quarantine", letter, Origin{MailFrom: "x@otro.example"}, "", false, Quarantine, false},
		{"no policy", mailFrom("x@pueblo.example"), Origin{MailFrom: "x@pueblo.example"}, "spf of pueblo.example", false, NoAction, false},
		{"no policy, relative", mailFrom("x@pueblo.example"), Origin{MailFrom: "x@www.pueblo.example"}, "spf of www.pueblo.example", false, NoAction, false},
		{"no policy, stranger", mailFrom("x@pueblo.example"), Origin{MailFrom: "x@otro.example"}, "", false, NoAction, false},
		{"null sender", mailFrom("x@pueblo.example"), Origin{Hello: "servidor.pueblo.example"}, "spf of servidor.pueblo.example", false, NoAction, false},
		{"trusted network", mailFrom("x@banco.example"), Origin{Address: netip.MustParseAddr("10.1.2.3")}, "trusted network", true, NoAction, false},
		{"two From fields", signed(two, nil), Origin{MailFrom: "x@ayuntamiento.example"}, "", false, NoAction, false},
		{"two authors", mailFrom("a@ayuntamiento.example, b@ayuntamiento.example"), Origin{MailFrom: "x@ayuntamiento.example"}, "", false, NoAction, false},
		{"DNS is down", mailFrom("x@broken.example"), Origin{MailFrom: "x@broken.example"}, "", false, NoAction, true},
		{"key cannot be had", signed(letter, map[string]string{"s": "broken"}), Origin{MailFrom: "x@otro.example"}, "", false, NoAction, true},
		{"key cannot be had, and is not needed", signed(letter, map[string]string{"s": "broken"}), Origin{MailFrom: "x@ayuntamiento.example"},
			"spf of ayuntamiento.example", false, NoAction, false},
		{"SPF cannot be had, policy reject", mailFrom("x@banco.example"), Origin{MailFrom: "x@broken.example"}, "", false, Reject, false},
		{"relay on a local socket", signed(letter, nil), Origin{Front: true, MailFrom: "x@hard.example"}, "dkim of ayuntamiento.example", true, NoAction, false},
		{"relay, policy reject", mailFrom("x@banco.example"), Origin{Front: true, MailFrom: "x@hard.example"}, "", false, Quarantine, false},
		{"no header end", "From: x@pueblo.example", Origin{MailFrom: "x@pueblo.example"}, "spf of pueblo.example", false, NoAction, false},
		{"header too large", mailFrom("x@pueblo.example\r\nX: " + strings.Repeat("x", maxHeaderBytes)), Origin{MailFrom: "x@pueblo.example"}, "", false, NoAction, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			origin := tt.origin
			if !origin.Address.IsValid() && !origin.Front {
				origin.Address = netip.MustParseAddr(map[bool]string{true: "198.51.100.1", false: "192.0.2.9"}[origin.Hello == "elsewhere"])
			}
			got, err := judge.Examine(t.Context(), origin, []byte(tt.mail), parser.Parse([]byte(tt.mail)))
			if (err != nil) != tt.temporary || got.Authenticated != (tt.want != "") || got.Strict != tt.strict || got.Disposition != tt.then {
				t.Errorf("got %+v, %v", got, err)
			}
			if tt.want != "" && got.How != tt.want {
				t.Errorf("by %q, want %q", got.How, tt.want)
			}
		})
	}
}

func TestExamineWritesResults(t *testing.T) {
	_, d := serveZone(t, town())
	judge := Judge{Resolver: d, AuthservID: "desk.example", Now: func() time.Time { return signedAt }}
	origin := Origin{Address: netip.MustParseAddr("192.0.2.9"), Hello: "x\r\nBcc: y@z.example", MailFrom: "x@ayuntamiento.example"}
	mail := forge(t, letter, map[string]string{"s": "test"})
	v, err := judge.Examine(t.Context(), origin, mail, parser.Parse(mail))
	if err != nil {
		t.Fatal(err)
	}
	if v.SPF.Result != Pass || v.DMARC.Result != Pass || len(v.DKIM) != 1 || !v.DKIM[0].Testing {
		t.Errorf("got %+v", v)
	}
	a, err := ParseAuthResults(v.Results)
	if err != nil || a.ServID != "desk.example" || len(a.Results) != 3 {
		t.Fatalf("got %q", v.Results)
	}
	for i, want := range []struct {
		method   string
		result   Result
		property string
		value    string
	}{
		{"spf", Pass, "smtp.mailfrom", "x@ayuntamiento.example"},
		{"dkim", Policy, "header.d", "ayuntamiento.example"},
		{"dmarc", Pass, "header.from", "ayuntamiento.example"},
	} {
		r := a.Results[i]
		if r.Method != want.method || r.Result != want.result || r.Property(want.property) != want.value {
			t.Errorf("got %+v, want %+v", r, want)
		}
	}
}

// TestFronts is about a server that is believed for what it writes, not for
// where it is: it is in a trusted network by mistake, too.
func TestFronts(t *testing.T) {
	networks := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	judge := Judge{Trusted: networks, Fronts: []Front{{Networks: networks, AuthservID: "mx.ayuntamiento.example"}}}
	const ours, other, received = "Authentication-Results: mx.ayuntamiento.example; ", "Authentication-Results: mx.otro.example; ", "Received: by mx\r\n"
	const dmarcPass = "dmarc=pass header.from=ayuntamiento.example\r\n"
	tests := []struct {
		name, fields string
		known        bool
		strict       bool
		then         Disposition
	}{
		{"says nothing", "", false, false, NoAction},
		{"DMARC", ours + dmarcPass, true, false, NoAction},
		{"DMARC in capitals", strings.ToUpper(ours+dmarcPass[:len(dmarcPass)-2]) + "\r\n", true, false, NoAction},
		{"DMARC of another domain", ours + "dmarc=pass header.from=otro.example\r\n", false, false, NoAction},
		{"DKIM", ours + "dkim=pass header.d=ayuntamiento.example\r\n", true, true, NoAction},
		{"DKIM by its identifier", ours + "dkim=pass header.i=@ayuntamiento.example\r\n", true, true, NoAction},
		{"DKIM of a subdomain", ours + "dkim=pass header.d=mail.ayuntamiento.example\r\n", true, false, NoAction},
		{"DKIM of another", ours + "dkim=pass header.d=otro.example\r\n", false, false, NoAction},
		{"SPF", ours + "spf=pass smtp.mailfrom=x@ayuntamiento.example\r\n", true, false, NoAction},
		{"SPF fails", ours + "spf=fail smtp.mailfrom=x@ayuntamiento.example\r\n", false, false, NoAction},
		{"DMARC fails", ours + "dkim=pass header.d=ayuntamiento.example; dmarc=fail header.from=ayuntamiento.example\r\n", false, false, Quarantine},
		{"DMARC fails and passes", ours + "dmarc=fail\r\n" + ours + dmarcPass, false, false, Quarantine},
		{"two fields", ours + "dmarc=none\r\n" + "X: y\r\n" + ours + "dkim=pass header.d=ayuntamiento.example\r\n", true, true, NoAction},
		{"below its own trace", received + ours + dmarcPass, true, false, NoAction},
		{"another server's", other + dmarcPass, false, false, NoAction},
		{"below another server's", other + "none\r\n" + ours + dmarcPass, false, false, NoAction},
		{"forged, below a trace field", ours + "none\r\n" + received + ours + dmarcPass, false, false, NoAction},
		{"in a quoted string", ours + `spf=fail reason="; dmarc=pass header.from=ayuntamiento.example"` + "\r\n", false, false, NoAction},
		{"in a comment", ours + "spf=fail (; dkim=pass header.d=ayuntamiento.example)\r\n", false, false, NoAction},
		{"cannot be read", ours + "spf==pass; " + dmarcPass, false, false, NoAction},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mail := []byte(tt.fields + letter)
			got, err := judge.Examine(t.Context(), Origin{Address: netip.MustParseAddr("::ffff:10.1.2.3")}, mail, parser.Parse(mail))
			if err != nil || got.Authenticated != tt.known || got.Strict != tt.strict || got.Disposition != tt.then {
				t.Errorf("got %+v, %v", got, err)
			}
			elsewhere := Origin{Address: netip.MustParseAddr("192.0.2.9")}
			if got, _ := judge.Examine(t.Context(), elsewhere, mail, parser.Parse(mail)); got.Authenticated {
				t.Errorf("believed from elsewhere: %+v", got)
			}
		})
	}
}

// panicking is a resolver with a bug.
type panicking struct{ noResolver }

func (panicking) LookupTXT(context.Context, string) ([]string, error) { panic("a bug") }

func TestExaminePanics(t *testing.T) {
	v, err := Judge{Resolver: panicking{}}.Examine(t.Context(), Origin{Address: localhost, MailFrom: "x@ayuntamiento.example"}, []byte(letter), parser.Parse([]byte(letter)))
	if err == nil || v.Authenticated {
		t.Errorf("got %+v, %v", v, err)
	}
}

// TestExamineTimeout has a DNS that never answers: all checks together take no
// longer than they may.
func TestExamineTimeout(t *testing.T) {
	server, d := serveZone(t, "")
	server.fails([]string{"ayuntamiento.example", "_dmarc.ayuntamiento.example", "_dmarc.example", "s1._domainkey.ayuntamiento.example"}, nil)
	mail := forge(t, letter, nil)
	start := time.Now()
	_, err := Judge{Resolver: d, Timeout: 100 * time.Millisecond}.Examine(t.Context(), Origin{Address: localhost, MailFrom: "x@ayuntamiento.example"}, mail, parser.Parse(mail))
	if took := time.Since(start); err == nil || took > 2*time.Second {
		t.Errorf("%v after %v", err, took)
	}
}

func TestJudge(t *testing.T) {
	networks := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	m := parser.Parse([]byte(letter))
	inside := Origin{Address: netip.MustParseAddr("10.1.2.3")}
	if v := (Judge{Trusted: networks}).Judge(inside, m); !v.Authenticated || v.Author.Address != "juana@ayuntamiento.example" {
		t.Errorf("got %+v", v)
	}
	for name, v := range map[string]Verdict{
		"relay":     Judge{Trusted: networks}.Judge(Origin{Address: inside.Address, Front: true}, m),
		"front":     Judge{Trusted: networks, Fronts: []Front{{Networks: networks}}}.Judge(inside, m),
		"elsewhere": Judge{Trusted: networks}.Judge(Origin{Address: localhost}, m),
		"socket":    Judge{Trusted: networks}.Judge(Origin{}, m),
	} {
		if v.Authenticated {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
