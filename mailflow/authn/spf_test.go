package authn

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	spflib "blitiri.com.ar/go/spf"
)

// spfZone has one domain per case; the mails come from 192.0.2.9.
const spfZone = `
ip.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"
soft.example. TXT "v=spf1 ~all"
neutral.example. TXT "v=spf1 ?all"
empty.example. TXT "v=spf1"
upper.example. TXT "V=SPF1 IP4:192.0.2.9 -ALL"
other.example. TXT "v=spf10 -all"
two.example. TXT "v=spf1 -all"
two.example. TXT "v=spf1 +all"
late.example. TXT "v=spf1 ip4:192.0.2.9 -all moo"
eightbit.example. TXT "v=spf1 ip4:192.0.2.9 a:caf\195\169.example -all"
a.example. TXT "v=spf1 a -all"
a.example. A 192.0.2.9
net.example. TXT "v=spf1 a:a.example/24//64 -all"
mx.example. TXT "v=spf1 mx -all"
mx.example. MX 10 a.example.
slash.example. TXT "v=spf1 exists:%{l}/x.example -all"
juana/x.example. A 127.0.0.2
ptr.example. TXT "v=spf1 ptr -all"
9.2.0.192.in-addr.arpa. PTR mail.ptr.example.
9.2.0.192.in-addr.arpa. PTR liar.example.
mail.ptr.example. A 192.0.2.9
include.example. TXT "v=spf1 include:ip.example -all"
includes.none.example. TXT "v=spf1 include:nobody.example -all"
redirect.example. TXT "v=spf1 redirect=refuse.example"
refuse.example. TXT "v=spf1 -all exp=why.refuse.example"
why.refuse.example. TXT "%{c} may not send as %{S}, says %{d}."
loop.example. TXT "v=spf1 include:loop.example -all"
void.example. TXT "v=spf1 a:v1.example a:v2.example a:v3.example +all"
unknown.example. TXT "v=spf1 moo.cow-far_out=man:dog/cat ip4:192.0.2.9 -all"
macro.example. TXT "v=spf1 exists:%{ir}.%{v}.%{l1r-}.%{d2}.test.example -all"
9.2.0.192.in-addr.x.macro.example.test.example. A 127.0.0.2
badmacro.example. TXT "v=spf1 exists:%{x}.example -all"
badexp.example. TXT "v=spf1 -all exp=nothing.example"
xn--caf-dma.example. TXT "v=spf1 ip4:192.0.2.9 -all"
slow.example. TXT "v=spf1 a:dead.example -all"
manymx.example. TXT "v=spf1 mx -all"
`

func TestSPF(t *testing.T) {
	zone := spfZone
	for i := range 11 {
		zone += fmt.Sprintf("manymx.example. MX 10 m%d.example.\n", i)
	}
	server, d := serveZone(t, zone)
	server.fails([]string{"dead.example"}, []string{"broken.example"})
	tests := []struct {
		ip, helo, from string
		want           Result
		domain         string
	}{
		{"", "", "juana@ip.example", Pass, "ip.example"},
		{"198.51.100.1", "", "juana@ip.example", Fail, "ip.example"},
		{"::ffff:192.0.2.9", "", "juana@ip.example", Pass, "ip.example"},
		{"2001:db8::1", "", "juana@ip.example", Fail, "ip.example"},
		{"", "ip.example", "", Pass, "ip.example"},
		{"", "[192.0.2.9]", "", None, ""},
		{"", "localhost", "", None, ""},
		{"", "a..b.example", "", None, ""},
		{"", strings.Repeat("a", 64) + ".example", "", None, ""},
		{"", "", "juana@IP.Example.", Pass, "ip.example"},
		{"", "", "@ip.example", Pass, "ip.example"},
		{"", "", `"juana@elsewhere.example"@ip.example`, Pass, "ip.example"},
		{"", "", "juana@café.example", Pass, "xn--caf-dma.example"},
		{"", "", "juana@soft.example", SoftFail, "soft.example"},
		{"", "", "juana@neutral.example", Neutral, "neutral.example"},
		{"", "", "juana@empty.example", Neutral, "empty.example"},
		{"", "", "juana@upper.example", Pass, "upper.example"},
		{"", "", "juana@other.example", None, "other.example"},
		{"", "", "juana@nobody.example", None, "nobody.example"},
		{"", "", "juana@two.example", PermError, "two.example"},
		{"", "", "juana@late.example", PermError, "late.example"},
		{"", "", "juana@eightbit.example", PermError, "eightbit.example"},
		{"", "", "juana@a.example", Pass, "a.example"},
		{"192.0.2.77", "", "juana@net.example", Pass, "net.example"},
		{"", "", "juana@mx.example", Pass, "mx.example"},
		{"", "", "juana@manymx.example", PermError, "manymx.example"},
		{"", "", "juana@slash.example", Pass, "slash.example"},
		{"", "", "juana@ptr.example", Pass, "ptr.example"},
		{"", "", "juana@include.example", Pass, "include.example"},
		{"", "", "juana@includes.none.example", PermError, "includes.none.example"},
		{"", "", "juana@redirect.example", Fail, "redirect.example"},
		{"", "", "juana@loop.example", PermError, "loop.example"},
		{"", "", "juana@void.example", PermError, "void.example"},
		{"", "", "juana@unknown.example", Pass, "unknown.example"},
		{"", "", "x-juana@macro.example", Pass, "macro.example"},
		{"", "", "juana@badmacro.example", PermError, "badmacro.example"},
		{"", "", "juana@badexp.example", Fail, "badexp.example"},
		{"", "", "juana@broken.example", TempError, "broken.example"},
		{"", "", "juana@slow.example", TempError, "slow.example"},
	}
	for _, tt := range tests {
		t.Run(tt.ip+" "+tt.helo+" "+tt.from, func(t *testing.T) {
			if tt.ip == "" {
				tt.ip = "192.0.2.9"
			}
			got := CheckSPF(t.Context(), d, netip.MustParseAddr(tt.ip), tt.helo, tt.from)
			if got.Result != tt.want || got.Domain != tt.domain {
				t.Errorf("got %+v, want %s for %q", got, tt.want, tt.domain)
			}
		})
	}
}

func TestSPFExplanation(t *testing.T) {
	_, d := serveZone(t, spfZone)
	got := CheckSPF(t.Context(), d, netip.MustParseAddr("192.0.2.9"), "h\r\nX: y", "juana+ñ@redirect.example")
	if want := "192.0.2.9 may not send as juana%2B%C3%B1%40redirect.example, says refuse.example."; got.Explanation != want {
		t.Errorf("got %q, want %q", got.Explanation, want)
	}
}

// TestSPFWithoutAddress is what a local socket gives.
func TestSPFWithoutAddress(t *testing.T) {
	_, d := serveZone(t, spfZone)
	if got := CheckSPF(t.Context(), d, netip.Addr{}, "", "juana@ip.example"); got.Result != None {
		t.Errorf("got %+v", got)
	}
}

// TestSPFIsBounded asks for a record made to be expensive: ten MX terms with
// ten hosts each. The answer is an error for good, so the mail does not come
// again and again.
func TestSPFIsBounded(t *testing.T) {
	zone := `greedy.example. TXT "v=spf1` + strings.Repeat(" mx:%{d}", 10) + ` -all"` + "\n"
	for i := range 10 {
		zone += fmt.Sprintf("greedy.example. 0 MX 10 m%d.example.\nm%d.example. 0 A 198.51.100.%d\n", i, i, i)
	}
	server, d := serveZone(t, zone)
	got := CheckSPF(t.Context(), d, netip.MustParseAddr("192.0.2.9"), "", "juana@greedy.example")
	if got.Result != PermError || server.questions("") > maxLookups {
		t.Errorf("got %+v after %d questions", got, server.questions(""))
	}
}

// TestSPFAsOthersDo compares with another reader of records, on records that
// both read alike: that one does not look for mistakes after a match.
func TestSPFAsOthersDo(t *testing.T) {
	terms := []string{"ip4:192.0.2.0/28", "?ip4:192.0.2.9", "-a:a.example/24", "~mx:mx.example", "include:ip.example",
		"include:soft.example", "exists:a.example", "ptr:ptr.example", "~all", "-all", "redirect=ip.example", "a:nobody.example"}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	zone := spfZone
	const count = 60
	for i := range count {
		record := "v=spf1"
		for range random.IntN(4) {
			record += " " + terms[random.IntN(len(terms))]
		}
		if strings.Count(record, "redirect") > 1 {
			record = "v=spf1 -all"
		}
		zone += fmt.Sprintf("r%d.example. TXT \"%s\"\n", i, record)
	}
	_, d := serveZone(t, zone)
	for i := range count {
		ip := netip.AddrFrom4([4]byte{192, 0, 2, byte(random.IntN(30))})
		from := fmt.Sprintf("juana@r%d.example", i)
		got := CheckSPF(t.Context(), d, ip, "", from)
		want, _ := spflib.CheckHostWithSender(ip.AsSlice(), "", from, spflib.WithResolver(theirResolver{d}), spflib.WithContext(t.Context()))
		if string(got.Result) != string(want) {
			t.Errorf("seed %d, %s from %s: got %+v, want %s", seed, from, ip, got, want)
		}
	}
}

func FuzzSPFRecord(f *testing.F) {
	for _, line := range strings.Split(spfZone, "\n") {
		_, record, _ := strings.Cut(line, "TXT ")
		f.Add(strings.Trim(record, `"`))
	}
	f.Fuzz(func(t *testing.T, text string) {
		record, err := parseSPF(text)
		if err != nil {
			return
		}
		for _, term := range record.terms {
			if term.bits4 > 32 || term.bits6 > 128 || term.bits4 < 0 || term.bits6 < 0 {
				t.Errorf("%q: %+v", text, term)
			}
		}
	})
}
