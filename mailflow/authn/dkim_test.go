package authn

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

const letter = "From: Juana <juana@ayuntamiento.example>\r\n" +
	"To: cau@desk.example\r\n" +
	"Subject:  Avería   en\r\n\t la  impresora \r\n" +
	"Date: Wed, 4 Mar 2026 05:06:07 +0000\r\n" +
	"\r\n" +
	"  No imprime. \t \r\n\tNi  siquiera\ten color.\r\n\r\n \r\n\r\n"

// TestDKIM verifies what another program has signed, in all forms, and finds
// out when it was changed.
func TestDKIM(t *testing.T) {
	_, d := serveZone(t, txt("rsa._domainkey.ayuntamiento.example", keyRecord(rsaKey(), "v=DKIM1; "))+
		txt("ed._domainkey.ayuntamiento.example", keyRecord(edwardsKey(), "v=DKIM1; ")))
	keys := map[string]crypto.Signer{"rsa": rsaKey(), "ed": edwardsKey()}
	bodies := map[string]string{
		"usual": letter, "no body": letter[:strings.Index(letter, "\r\n\r\n")+4], "no final line end": letter + "fin",
		"white lines only": strings.Replace(letter, "\r\n\r\n", "\r\n\r\n\r\n \r\n", 1), "long": letter + strings.Repeat("línea  larga \t\r\n", 5000),
	}
	for selector, key := range keys {
		for _, form := range []string{"simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"} {
			for name, body := range bodies {
				header, content, _ := strings.Cut(form, "/")
				mail := signedByLibrary(t, body, dkim.SignOptions{Domain: "ayuntamiento.example", Selector: selector, Signer: key,
					HeaderCanonicalization: dkim.Canonicalization(header), BodyCanonicalization: dkim.Canonicalization(content)})
				t.Run(selector+" "+form+" "+name, func(t *testing.T) { checkSigned(t, d, mail) })
			}
		}
	}
}

func checkSigned(t *testing.T, d *DNS, mail []byte) {
	t.Helper()
	results := map[Result][]byte{
		Pass: mail,
		Fail: append(bytes.Clone(mail), "x"...),
		None: mail[bytes.Index(mail, []byte("From:")):],
	}
	for want, mail := range results {
		if got := CheckDKIM(t.Context(), d, mail, "", time.Now()); CombinedResult(got) != want {
			t.Errorf("want %s, got %+v", want, got)
		}
	}
	if got := CheckDKIM(t.Context(), d, bytes.ReplaceAll(mail, []byte("\r\n"), []byte("\n")), "", time.Now()); CombinedResult(got) != Pass {
		t.Errorf("with bare line feeds: %+v", got)
	}
	changed := bytes.Replace(mail, []byte("juana@"), []byte("jefa@"), 1)
	if got := CheckDKIM(t.Context(), d, changed, "", time.Now()); CombinedResult(got) != Fail {
		t.Errorf("with another From: %+v", got)
	}
}

// TestDKIMTags is about what stands in a signature.
func TestDKIMTags(t *testing.T) {
	_, d := serveZone(t, txt("s1._domainkey.ayuntamiento.example", keyRecord(rsaKey(), "")))
	unix := func(d time.Duration) string { return fmt.Sprint(signedAt.Add(d).Unix()) }
	tests := []struct {
		name string
		tags map[string]string
		want Result
	}{
		{"plain", nil, Pass},
		{"i= in other case", map[string]string{"i": "Juana@AYUNTAMIENTO.Example"}, Pass},
		{"i= of a subdomain", map[string]string{"i": "@x.ayuntamiento.example"}, Pass},
		{"i= that only ends alike", map[string]string{"i": "@otroayuntamiento.example"}, PermError},
		{"d= in other case", map[string]string{"d": "Ayuntamiento.EXAMPLE"}, Pass},
		{"From not signed", map[string]string{"h": "to:subject"}, PermError},
		{"fields that are not there", map[string]string{"h": "from:from:reply-to:subject"}, Pass},
		{"only a part of the body", map[string]string{"l": "10"}, Fail},
		{"version", map[string]string{"v": "2"}, PermError},
		{"no version", map[string]string{"v": ""}, PermError},
		{"no body hash", map[string]string{"bh": ""}, PermError},
		{"bad body hash", map[string]string{"bh": "AAAA"}, Fail},
		{"body hash not base64", map[string]string{"bh": "*"}, PermError},
		{"sha1", map[string]string{"a": "rsa-sha1"}, PermError},
		{"algorithm of another key", map[string]string{"a": "ed25519-sha256"}, PermError},
		{"unknown algorithm", map[string]string{"a": "rsa-md5"}, PermError},
		{"unknown form", map[string]string{"c": "loose/loose"}, PermError},
		{"other ways to get the key", map[string]string{"q": "http/get:dns/txt"}, Pass},
		{"no way to get the key", map[string]string{"q": "http/get"}, PermError},
		{"unknown tag", map[string]string{"zz": "any = thing"}, Pass},
		{"signed a minute ahead", map[string]string{"t": unix(time.Minute)}, Pass},
		{"signed tomorrow", map[string]string{"t": unix(24 * time.Hour)}, PermError},
		{"malformed time", map[string]string{"t": "yesterday"}, PermError},
		{"negative time", map[string]string{"t": "-1"}, PermError},
		{"not yet expired", map[string]string{"t": unix(0), "x": unix(time.Hour)}, Pass},
		{"expired", map[string]string{"x": unix(-time.Hour)}, PermError},
		{"expires before it was made", map[string]string{"t": unix(2 * time.Minute), "x": unix(time.Minute)}, PermError},
		{"no such key", map[string]string{"s": "nokey"}, PermError},
		{"selector that is no name", map[string]string{"s": "a..b"}, PermError},
		{"no domain", map[string]string{"d": " ", "i": ""}, PermError},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := CheckDKIM(t.Context(), d, forge(t, letter, tt.tags), "", signedAt)
			if len(got) != 1 || got[0].Result != tt.want {
				t.Errorf("got %+v, want %s", got, tt.want)
			}
		})
	}
}

// TestDKIMKeys is about what stands in a key record.
func TestDKIMKeys(t *testing.T) {
	good := keyRecord(rsaKey(), "")
	short := mustKey(rsa.GenerateKey(rand.Reader, 1024))
	tests := []struct {
		name, record string
		tags         map[string]string
		want         Result
		testing      bool
	}{
		{"plain", good, nil, Pass, false},
		{"all tags", "v=DKIM1; g=*; h=sha1:sha256; k=rsa; n=nota; s=email; t=x; " + good, nil, Pass, false},
		{"test mode", "t=y:x; " + good, nil, Pass, true},
		{"no subdomains", "t=s; " + good, nil, Pass, false},
		{"no subdomains, but one", "t=s; " + good, map[string]string{"i": "@x.ayuntamiento.example"}, PermError, false},
		{"no subdomains, other case", "t=s; " + good, map[string]string{"i": "@Ayuntamiento.example"}, Pass, false},
		{"revoked", "v=DKIM1; p=", nil, PermError, false},
		{"no key in it", "v=DKIM1", nil, PermError, false},
		{"for another hash", "h=sha1; " + good, nil, PermError, false},
		{"for another service", "s=tlsrpt; " + good, nil, PermError, false},
		{"other version", "v=DKIM2; " + good, nil, PermError, false},
		{"unknown kind", "k=ec; " + good, nil, PermError, false},
		{"another key", keyRecord(short, ""), nil, Fail, false},
		{"edwards for rsa", keyRecord(edwardsKey(), ""), nil, PermError, false},
		{"tag twice", good + "; t=y; t=s", nil, PermError, false},
		{"not base64", "p=***", nil, PermError, false},
		{"enormous", good + "; n=" + strings.Repeat("x", maxKeyRecord), nil, PermError, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, d := serveZone(t, txt("s1._domainkey.ayuntamiento.example", tt.record))
			got := CheckDKIM(t.Context(), d, forge(t, letter, tt.tags), "", signedAt)
			if len(got) != 1 || got[0].Result != tt.want || got[0].Testing != tt.testing {
				t.Errorf("got %+v, want %s", got, tt.want)
			}
		})
	}
}

// shortKey is an RSA key of 768 bits: too short, and Go no longer makes such.
const shortKey = "p=MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMgrPVvJqOPGbLpfMlFmvTQM0bOwpSJMYLRqbwh4vG4XhLSqWIhzXkyq2IDWfEqOf" +
	"ZFLRUNX0f0dM8qDWB5cWlAzUZp6eDlYEbPx6gQvDMFRIz5fA7RZbG2+OGJ4wVdX0QIDAQAB"

func TestDKIMKeyStrength(t *testing.T) {
	if _, err := parseKey(shortKey); err != keyError("the key is too short") {
		t.Errorf("got %v", err)
	}
}

// TestDKIMKeyMissing tells what comes again from what does not.
func TestDKIMKeyMissing(t *testing.T) {
	record := keyRecord(rsaKey(), "")
	server, d := serveZone(t, txt("twice._domainkey.ayuntamiento.example", record)+txt("twice._domainkey.ayuntamiento.example", record+";n=x"))
	server.fails([]string{"dead._domainkey.ayuntamiento.example"}, []string{"broken._domainkey.ayuntamiento.example"})
	for selector, want := range map[string]Result{"twice": PermError, "missing": PermError, "broken": TempError, "dead": TempError} {
		got := CheckDKIM(t.Context(), d, forge(t, letter, map[string]string{"s": selector}), "", signedAt)
		if got[0].Result != want {
			t.Errorf("%s: got %+v, want %s", selector, got, want)
		}
	}
}

// attack is a mail that made a library work for seconds, or for ever.
type attack struct {
	name, mail string
	want       Result
}

func attacks(t testing.TB) []attack {
	header, body, _ := strings.Cut(letter, "\r\n\r\n")
	body = "\r\n\r\n" + body
	good := string(forge(t, letter, nil))
	other := strings.ReplaceAll(good[:strings.Index(good, "From:")], "d=ayuntamiento.example", "d=otro.example")
	return []attack{
		{"20,000 signatures", strings.Repeat("DKIM-Signature: v=1\r\n", 20000) + letter, PermError},
		{"800 signatures before the good one", strings.Repeat(other, 800) + good, Pass},
		{"a field folded over 1 MB", header + "\r\nX: " + strings.Repeat("a\r\n ", 256<<10) + body, PermError},
		{"a field folded over 256 KB", string(forge(t, header+"\r\nX: "+strings.Repeat("a\r\n ", 64<<10)+body, nil)), Pass},
		{"20,000 fields", header + strings.Repeat("\r\na: ", 20000) + body, PermError},
		{"1,900 fields, 900 signed", string(forge(t, header+strings.Repeat("\r\na: x", 1900)+body,
			map[string]string{"h": "from" + strings.Repeat(":a", 900)})), Pass},
		{"20,000 names", string(forge(t, letter, map[string]string{"h": "from" + strings.Repeat(":b", 20000)})), PermError},
		{"a million empty lines", string(forge(t, letter+strings.Repeat("\r\n", 1<<20)+"x", nil)), Pass},
	}
}

func TestDKIMAttacks(t *testing.T) {
	server, d := serveZone(t, txt("s1._domainkey.ayuntamiento.example", keyRecord(rsaKey(), "")))
	for _, a := range attacks(t) {
		t.Run(a.name, func(t *testing.T) {
			before := server.questions("")
			got := CheckDKIM(t.Context(), d, []byte(a.mail), "ayuntamiento.example", signedAt)
			if CombinedResult(got) != a.want || len(got) > maxSignatures {
				t.Errorf("want %s, got %+v", a.want, got)
			}
			if asked := server.questions("") - before; asked > maxSignatures {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

// BenchmarkDKIMAttacks says what they cost.
func BenchmarkDKIMAttacks(b *testing.B) {
	_, d := serveZone(b, txt("s1._domainkey.ayuntamiento.example", keyRecord(rsaKey(), "")))
	for _, a := range attacks(b) {
		b.Run(a.name, func(b *testing.B) {
			for b.Loop() {
				CheckDKIM(b.Context(), d, []byte(a.mail), "ayuntamiento.example", signedAt)
			}
		})
	}
}

// TestBodyHash has the lone carriage returns that a library took for line ends.
func TestBodyHash(t *testing.T) {
	tests := []struct{ body, same string }{
		{"a \rb\r\n", "a \rb"},
		{"a\r\r\n", "a\r"},
		{"a\n", "a"},
		{"a\r\n\r\n\r\n", "a"},
		{"a \t b \r\n", "a b"},
		{" \r\n\t\r\n", ""},
	}
	for _, tt := range tests {
		want := bodyHash([]byte(tt.same), true)
		if !bytes.Equal(bodyHash([]byte(tt.body), true), want) {
			t.Errorf("%q is not taken for %q", tt.body, tt.same)
		}
	}
	if bytes.Equal(bodyHash([]byte("a\rb"), true), bodyHash([]byte("a\r\nb"), true)) {
		t.Error("a lone carriage return ends a line")
	}
}

func FuzzDKIM(f *testing.F) {
	f.Add([]byte(letter))
	f.Add([]byte("DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=; b=\r\n" + letter))
	f.Add([]byte("\r\n\r\n"))
	f.Add([]byte(" a: b\n\n"))
	f.Fuzz(func(t *testing.T, mail []byte) {
		for _, s := range CheckDKIM(t.Context(), noResolver{}, mail, "a.example", signedAt) {
			if s.Result == Pass || s.Result == "" {
				t.Errorf("%q gives %+v", mail, s)
			}
		}
	})
}
