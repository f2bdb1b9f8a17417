package authn

import (
	"strings"
	"testing"
)

const dmarcZone = `
example. SOA ns.example. admin.example. 1 2 3 4 60
_dmarc.reject.example. TXT "v=DMARC1; p=reject; sp=quarantine; np=reject"
www.reject.example. A 192.0.2.1
_dmarc.strict.example. TXT "v=DMARC1; p=reject; adkim=s; aspf=S"
_dmarc.watch.example. TXT "v=DMARC1; p=none; rua=mailto:dmarc@watch.example"
_dmarc.trial.example. TXT "v=DMARC1; p=reject; t=y"
_dmarc.mild.example. TXT "v=DMARC1; p=quarantine; t=y"
_dmarc.two.example. TXT "v=DMARC1; p=reject"
_dmarc.two.example. TXT "v=DMARC1; p=none"
_dmarc.noise.example. TXT "v=spf1 -all"
_dmarc.noise.example. TXT "v=DMARC1; p=Reject; pct=bob; rf=x; foo=bar;; p=none"
_dmarc.bad.example. TXT "v=DMARC1; p=bob"
_dmarc.badsub.example. TXT "v=DMARC1; p=reject; sp=bob; rua=mailto:dmarc@badsub.example"
_dmarc.nop.example. TXT "v=DMARC1;"
_dmarc.wrong.example. TXT "v=dmarc1; p=reject"
_dmarc.area.reject.example. TXT "v=DMARC1; p=none; psd=n"
_dmarc.mail.old.example. TXT "v=DMARC1; p=reject"
_dmarc.mail.new.example. TXT "v=DMARC1; p=reject; t=n"
_dmarc.psd.example. TXT "v=DMARC1; p=reject; psd=y"
_dmarc.own.psd.example. TXT "v=DMARC1; p=none"
_dmarc.github.io. TXT "v=DMARC1; p=reject"
_dmarc.xn--caf-dma.example. TXT "v=DMARC1; p=reject"
_dmarc.m.deep.example. TXT "v=DMARC1; p=quarantine"
`

func TestDMARC(t *testing.T) {
	server, d := serveZone(t, dmarcZone)
	server.fails(nil, []string{"_dmarc.broken.example", "np.broken.example"})
	tests := []struct {
		from, spf, dkim string // domains; a word before "/" is another result than pass
		want            Result
		policy, then    Disposition
	}{
		{"reject.example", "reject.example", "", Pass, Reject, NoAction},
		{"reject.example", "", "reject.example", Pass, Reject, NoAction},
		{"reject.example", "bounces.reject.example", "", Pass, Reject, NoAction},
		{"Reject.Example.", "", "REJECT.example", Pass, Reject, NoAction},
		{"..reject.example.", "", "", Fail, Reject, Reject},
		{"reject.example", "", "", Fail, Reject, Reject},
		{"reject.example", "other.example", "other.example", Fail, Reject, Reject},
		{"reject.example", "fail/reject.example", "fail/reject.example", Fail, Reject, Reject},
		{"reject.example", "softfail/reject.example", "", Fail, Reject, Reject},
		{"reject.example", "temperror/reject.example", "", TempError, Reject, NoAction},
		{"reject.example", "temperror/other.example", "", Fail, Reject, Reject},
		{"reject.example", "temperror/reject.example", "reject.example", Pass, Reject, NoAction},
		{"www.reject.example", "", "", Fail, Quarantine, Quarantine},
		{"nowhere.reject.example", "", "", Fail, Reject, Reject},
		{"www.reject.example", "", "mail.reject.example", Pass, Quarantine, NoAction},
		{"notreject.example", "", "reject.example", None, "", NoAction},
		{"strict.example", "bounces.strict.example", "mail.strict.example", Fail, Reject, Reject},
		{"strict.example", "", "strict.example", Pass, Reject, NoAction},
		{"watch.example", "", "", Fail, NoAction, NoAction},
		{"trial.example", "", "", Fail, Reject, Quarantine},
		{"mild.example", "", "", Fail, Quarantine, NoAction},
		{"two.example", "", "", None, "", NoAction},
		{"noise.example", "", "", Fail, Reject, Reject},
		{"bad.example", "", "", None, "", NoAction},
		{"badsub.example", "", "", Fail, NoAction, NoAction},
		{"nop.example", "", "", Fail, NoAction, NoAction},
		{"wrong.example", "", "", None, "", NoAction},
		{"area.reject.example", "", "reject.example", Fail, NoAction, NoAction},
		{"x.area.reject.example", "", "y.area.reject.example", Pass, NoAction, NoAction},
		{"mail.old.example", "", "old.example", Pass, Reject, NoAction},
		{"mail.new.example", "", "new.example", Fail, Reject, Reject},
		{"one.psd.example", "", "two.psd.example", Fail, Reject, Reject},
		{"a.one.psd.example", "", "b.one.psd.example", Pass, Reject, NoAction},
		{"www.own.psd.example", "", "", Fail, NoAction, NoAction},
		{"me.github.io", "", "you.github.io", Fail, Reject, Reject},
		{"me.github.io", "", "www.me.github.io", Pass, Reject, NoAction},
		{"café.example", "", "xn--caf-dma.example", Pass, Reject, NoAction},
		{"a.b.c.d.e.f.g.h.m.deep.example", "", "", Fail, Quarantine, Quarantine},
		{"broken.example", "", "", TempError, "", NoAction},
		{"broken.example", "broken.example", "", Pass, "", NoAction},
		{"broken.example", "mail.broken.example", "", TempError, "", NoAction},
		{"nothing.test", "", "", None, "", NoAction},
		{"", "", "", PermError, "", NoAction},
		{"a..b", "", "", PermError, "", NoAction},
	}
	for _, tt := range tests {
		t.Run(tt.from+" "+tt.spf+" "+tt.dkim, func(t *testing.T) {
			got := CheckDMARC(t.Context(), d, tt.from, identity(tt.spf), identity(tt.dkim))
			if got.Result != tt.want || got.Policy != tt.policy || got.Disposition != tt.then {
				t.Errorf("got %+v, want %s, %q, then %s", got, tt.want, tt.policy, tt.then)
			}
		})
	}
}

func identity(s string) Identity {
	result, domain, ok := strings.Cut(s, "/")
	if !ok {
		return Identity{Pass, s}
	}
	return Identity{Result(result), domain}
}

// TestDMARCWalk counts the questions: eight, however long the name.
func TestDMARCWalk(t *testing.T) {
	server, d := serveZone(t, "example. A 192.0.2.1")
	CheckDMARC(t.Context(), d, strings.Repeat("a.", 100)+"example", Identity{}, Identity{})
	if got := server.questions(" TXT"); got != 8 {
		t.Errorf("asked %d questions: %q", got, server.asked)
	}
	for _, want := range []string{"_dmarc.a.a.a.a.a.a.example TXT", "_dmarc.a.example TXT", "_dmarc.example TXT"} {
		if server.questions(want) == 0 {
			t.Errorf("did not ask for %s", want)
		}
	}
}

func TestParseDMARC(t *testing.T) {
	tests := []struct {
		text string
		ok   bool
		want dmarcRecord
	}{
		{"v=DMARC1", true, dmarcRecord{policy: NoAction, psd: "u"}},
		{" V = DMARC1 ; P = REJECT ; SP=none", true, dmarcRecord{policy: Reject, subdomains: NoAction, psd: "u"}},
		{"v=DMARC1;p=reject;psd=x;t=maybe;adkim=?;aspf=", true, dmarcRecord{policy: Reject, psd: "u", modern: true}},
		{"v=DMARC1; p=reject; np=", true, dmarcRecord{policy: Reject, psd: "u", modern: true, broken: true}},
		{"v=DMARC1; p=; rua=mailto:a@b.example!10m", true, dmarcRecord{policy: NoAction, psd: "u", wantsReports: true}},
		{"v=DMARC1; p=; rua=nobody", true, dmarcRecord{policy: NoAction, psd: "u", broken: true}},
		{"v=DMARC1; p=quarantine; rua=x,https://b.example/", true, dmarcRecord{policy: Quarantine, psd: "u", wantsReports: true}},
		{"p=reject; v=DMARC1", false, dmarcRecord{}},
		{"v=DMARC1 p=reject", false, dmarcRecord{}},
		{"v=DMARC10; p=reject", false, dmarcRecord{}},
		{"", false, dmarcRecord{}},
	}
	for _, tt := range tests {
		if got, ok := parseDMARC(tt.text); ok != tt.ok || got != tt.want {
			t.Errorf("%q: got %+v, %t, want %+v", tt.text, got, ok, tt.want)
		}
	}
}

func FuzzParseDMARC(f *testing.F) {
	for _, line := range strings.Split(dmarcZone, "\n") {
		_, record, _ := strings.Cut(line, "TXT ")
		f.Add(strings.Trim(record, `"`))
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := parseDMARC(text)
		if !ok {
			return
		}
		if !strings.Contains(text, "DMARC1") || r.policy == "" || !strings.Contains("ynu", r.psd) {
			t.Errorf("%q: %+v", text, r)
		}
		if again, _ := parseDMARC(text + ";"); again != r {
			t.Errorf("%q: a last semicolon changes it", text)
		}
	})
}
