package compose

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"pgregory.net/rapid"
)

// zone holds keys and publishes their public halves.
type zone struct {
	keys    []Key
	records map[string]string
}

func newZone(t *testing.T, names ...string) *zone {
	t.Helper()
	z := &zone{records: map[string]string{}}
	for _, name := range names {
		selector, domain, _ := strings.Cut(name, "._domainkey.")
		key := Key{Domain: domain, Selector: selector}
		if strings.HasPrefix(selector, "ed") {
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			key.Private = private
			z.records[name] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
		} else {
			private := rsaKey(t, 2048)
			key.Private = private
			public, err := x509.MarshalPKIXPublicKey(private.Public())
			if err != nil {
				t.Fatal(err)
			}
			z.records[name] = "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public)
		}
		z.keys = append(z.keys, key)
	}
	return z
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func (z *zone) signer(t *testing.T) *Signer {
	t.Helper()
	s, err := NewSigner(z.keys)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// verify has an independent verifier look at a mail.
func (z *zone) verify(t reader, raw []byte) []*dkim.Verification {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if record := z.records[name]; record != "" {
			return []string{record}, nil
		}
		return nil, fmt.Errorf("no record %s", name)
	}})
	if err != nil {
		t.Fatalf("verifying: %v\n%s", err, raw)
	}
	return found
}

func (z *zone) passes(t reader, raw []byte) bool {
	t.Helper()
	found := z.verify(t, raw)
	for _, v := range found {
		if v.Err != nil {
			return false
		}
	}
	return len(found) > 0
}

func mustSign(t reader, s *Signer, m Mail, domain string) []byte {
	t.Helper()
	raw, err := m.Bytes()
	if err != nil {
		t.Fatalf("compose: %v", err)
	}
	whole, err := s.Sign(raw, domain)
	if err != nil {
		t.Fatalf("sign: %v", err)
	}
	return whole
}

func TestSigned(t *testing.T) {
	z := newZone(t, "ed1._domainkey.dgt.example", "cauce202610._domainkey.dgt.example", "cauce202611._domainkey.dgt.example",
		"other._domainkey.pnt.example")
	raw := mustSign(t, z.signer(t), fullMail(), "DGT.example")
	found := z.verify(t, raw)
	if len(found) != 3 {
		t.Fatalf("%d signatures\n%s", len(found), raw)
	}
	for _, v := range found {
		if v.Err != nil || v.Domain != "dgt.example" || !v.Time.Equal(fullMail().Date) {
			t.Errorf("%+v", v)
		}
	}
	inOrder := regexp.MustCompile(`(?s)s=cauce202611;.* s=cauce202610;.* s=ed1;`)
	if !inOrder.Match(raw) {
		t.Errorf("in another order:\n%s", raw)
	}
	if again := mustSign(t, z.signer(t), fullMail(), "dgt.example"); !bytes.Equal(again, raw) {
		t.Error("the same mail gave other bytes")
	}
	if bytes.Contains(raw, []byte(" l=")) {
		t.Error("the length of the body is stated")
	}
}

func TestChangedOnTheWay(t *testing.T) {
	z := newZone(t, "a._domainkey.dgt.example")
	raw := string(mustSign(t, z.signer(t), plainMail(), "dgt.example"))
	replace := func(old, new string) string {
		if !strings.Contains(raw, old) {
			t.Fatalf("no %q in\n%s", old, raw)
		}
		return strings.Replace(raw, old, new, 1)
	}
	for name, c := range map[string]struct {
		mail   string
		passes bool
	}{
		"as sent":             {raw, true},
		"a trace field":       {"Received: from a by b; Mon, 09 Oct 2017 10:24:00 +0200\r\n" + raw, true},
		"a list's own field":  {"List-Id: <ayto.example>\r\n" + raw, true},
		"empty lines at end":  {raw + "\r\n\r\n", true},
		"space at line's end": {strings.TrimSuffix(raw, "\r\n") + " \r\n", true},
		"folded otherwise":    {replace("MIME-Version: 1.0", "MIME-Version:\r\n\t 1.0"), true},
		"another subject":     {replace("Subject: ", "Subject: Re: "), false},
		"another addressee":   {replace("ana@ayto.example", "eva@ayto.example"), false},
		"a second From":       {"From: jefe@dgt.example\r\n" + raw, false},
		"a Reply-To":          {"Reply-To: eva@mal.example\r\n" + raw, false},
		"a Cc":                {"Cc: eva@mal.example\r\n" + raw, false},
		"a second type":       {"Content-Type: text/html\r\n" + raw, false},
		"a reference":         {"In-Reply-To: <otro@mal.example>\r\n" + raw, false},
		"no person's words":   {"Auto-Submitted: auto-replied\r\n" + raw, false},
		"another body":        {raw + "Y algo =\r\nm=C3=A1s.\r\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			if z.passes(t, []byte(c.mail)) != c.passes {
				t.Errorf("passes: %v\n%s", !c.passes, c.mail)
			}
		})
	}
}

func TestOnlyTheDomainsOwnKeysSign(t *testing.T) {
	s := newZone(t, "ed._domainkey.dgt.example").signer(t)
	raw, err := plainMail().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var none *Signer
	for domain, signer := range map[string]*Signer{"sub.dgt.example": s, "example": s, "pnt.example": s, "": s, "[192.0.2.1]": s, "dgt.example": none} {
		if got, err := signer.Sign(raw, domain); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%q: %v\n%s", domain, err, got)
		}
	}
}

func TestSignedInOtherLetters(t *testing.T) {
	z := newZone(t, "ed._domainkey.xn--espaa-rta.example")
	m := plainMail()
	m.From.Address = "mesa@España.example"
	if raw := mustSign(t, z.signer(t), m, "España.example"); !z.passes(t, raw) {
		t.Errorf("%s", raw)
	}
}

func TestWhatCannotBeSigned(t *testing.T) {
	s := newZone(t, "ed._domainkey.dgt.example").signer(t)
	for name, raw := range map[string]string{
		"empty": "", "no header": "\r\nHola\r\n", "no body": "From: a@dgt.example\r\n", "no From": "To: a@b.example\r\n\r\nHola\r\n",
		"bare LF": "From: a@dgt.example\r\n\r\nHola\nadiós\r\n", "bare CR": "From: a@dgt.example\r\n\r\nHola\radiós\r\n",
	} {
		if _, err := s.Sign([]byte(raw), "dgt.example"); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysRefused(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	twin := Key{"dgt.example", "a", private}
	for name, keys := range map[string][]Key{
		"no domain":     {{"", "a", private}},
		"an address":    {{"[192.0.2.1]", "a", private}},
		"bad selector":  {{"dgt.example", "a;b", private}},
		"no key":        {{"dgt.example", "a", nil}},
		"another curve": {{"dgt.example", "a", curve}},
		"twice":         {twin, {"DGT.example", "A", private}},
	} {
		if _, err := NewSigner(keys); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewSigner([]Key{twin, {"pnt.example", "a", private}}); err != nil {
		t.Error(err)
	}
}

// TestRelaxed holds the examples of RFC 6376 section 3.4.5 and the body hash
// of RFC 8463 appendix A.3.
func TestRelaxed(t *testing.T) {
	fields := splitFields("A: X\r\nB : Y\t\r\n\tZ  \r\n")
	if len(fields) != 2 || relaxField(fields[0]) != "a:X\r\n" || relaxField(fields[1]) != "b:Y Z\r\n" {
		t.Errorf("%q", fields)
	}
	if got, want := hashBody([]byte(" C \r\nD \t E\r\n\r\n\r\n")), hashBody([]byte(" C\r\nD E\r\n")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	const footballs = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
	if got := hashBody([]byte(footballs)); got != "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=" {
		t.Error(got)
	}
	if got := hashBody([]byte("\r\n\r\n")); got != "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" { // of nothing
		t.Error(got)
	}
}

func TestWhateverPeopleWriteIsSigned(t *testing.T) {
	z := newZone(t, "ed._domainkey.dgt.example")
	s := z.signer(t)
	rapid.Check(t, func(t *rapid.T) {
		m := fullMail()
		m.Subject, m.Text, m.HTML = nasty().Draw(t, "subject"), nasty().Draw(t, "text"), nasty().Draw(t, "html")
		m.To.Name, m.Attachments[1].Filename = nasty().Draw(t, "name"), nasty().Draw(t, "file")
		raw := mustSign(t, s, m, "dgt.example")
		if checkWire(t, raw); !z.passes(t, raw) {
			t.Fatalf("does not verify:\n%s", raw)
		}
	})
}

// FuzzSign holds that what can be signed verifies. The mail is built around
// the two fields without which nothing is one.
func FuzzSign(f *testing.F) {
	f.Add("Subject: Hola\r\n", "Buenos días\r\n")
	f.Add("Subject:\r\n \t\r\nTo : b@b.example\r\n", " \t a  b \r\n\r\n")
	f.Add("From: otro@mal.example\r\nDate: ayer\r\n", "")
	z := &zone{records: map[string]string{}}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	z.keys = []Key{{"dgt.example", "ed", private}}
	z.records["ed._domainkey.dgt.example"] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	s, err := NewSigner(z.keys)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, head, body string) {
		if strings.Contains(head, "\r\n\r\n") || strings.HasPrefix(head, "\r\n") || (head != "" && !strings.HasSuffix(head, "\r\n")) {
			return
		}
		raw, err := s.Sign([]byte("From: a@dgt.example\r\n"+head+"\r\n"+body), "dgt.example")
		if err == nil && !z.passes(t, raw) {
			t.Errorf("does not verify: %q", raw)
		}
	})
}
