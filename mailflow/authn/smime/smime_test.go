package smime

import (
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// TestAlgorithms signs with every kind of key, in both forms.
func TestAlgorithms(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		kind   string
		seal   seal
		reason Reason
	}{
		{"rsa", seal{}, ""},
		{"rsa", seal{method: "1.2.840.113549.1.1.1"}, ""},
		{"rsa", seal{pss: true}, ""},
		{"p256", seal{}, ""},
		{"p384", seal{}, ""},
		{"p521", seal{}, ""},
		{"p256", seal{keyID: true}, ""},
		{"ed25519", seal{digest: oidSHA512}, ""},
		{"rsa", seal{digest: oidSHA1}, WeakDigest},
		{"rsa", seal{method: "1.2.840.113549.1.1.5"}, WeakDigest},
		{"p256", seal{method: "1.2.840.10045.4.1"}, WeakDigest},
		{"rsa1024", seal{}, WeakKey},
		{"p224", seal{}, UnknownAlgorithm},
		{"p256", seal{method: "1.2.840.10040.4.3"}, UnknownAlgorithm},
		{"p256", seal{method: "1.2.840.113549.1.1.11"}, BadSignature}, // not what the key can do
		{"rsa", seal{method: "1.3.101.112"}, BadSignature},
	}
	for _, test := range tests {
		t.Run(test.kind+" "+string(test.reason), func(t *testing.T) {
			s := test.seal
			s.by = []person{certify(t, &w.sub, template("Ana Gil", "ana@dgt.example"), test.kind)}
			s.also = []*x509.Certificate{w.sub.cert}
			want := test.reason.state()
			if test.reason == "" {
				want = Valid
			}
			opaque := Verify([]byte(opaqueMail(s.container(t, hello))), w.options())
			s.detached = true
			detached := Verify([]byte(detachedMail(hello, s.container(t, hello))), w.options())
			for form, r := range map[string]Result{"opaque": opaque, "detached": detached} {
				if r.State != want || r.Reason != test.reason || r.Names("ana@dgt.example") != (want == Valid) {
					t.Errorf("%s: %s", form, inWords(r))
				}
			}
		})
	}
}

// TestSigner reads what a certificate says of its owner.
func TestSigner(t *testing.T) {
	w := newWorld(t)
	s := seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}, at: now.Add(-time.Minute)}
	r := Verify([]byte(opaqueMail(s.container(t, hello))), w.options())
	if r.State != Valid || len(r.Signers) != 1 {
		t.Fatal(inWords(r))
	}
	got := r.Signers[0]
	if got.Name != "Ana Gil" || got.Issuer != "CN=Usuarios" || got.Serial != "1007" || !got.At.Equal(now.Add(-time.Minute)) {
		t.Errorf("signer %+v", got)
	}
}

// TestNames compares addresses with a certificate's.
func TestNames(t *testing.T) {
	w := newWorld(t)
	both := template("Ana", "ana@dgt.example", "Ana.Gil@dgt.example", "no address")
	both.Subject.ExtraNames = append(both.Subject.ExtraNames, emailAttribute("karla@dgt.example"), emailAttribute("\u212airi@dgt.example"))
	p := certify(t, &w.root, both, "p256")
	r := Verify([]byte(opaqueMail(seal{by: []person{p}}.container(t, hello))), w.options())
	for address, want := range map[ticket.Address]bool{
		"ana@dgt.example": true, "ANA@DGT.example": true, "ana.gil@dgt.example": true, "karla@dgt.example": true,
		"\u212aarla@dgt.example": false, "kiri@dgt.example": false, // a Kelvin sign folds to k
		"luis@dgt.example": false, "": false, "na@dgt.example": false,
	} {
		if r.Names(address) != want {
			t.Errorf("%q: %t, signer %v", address, !want, r.Signers)
		}
	}
	r.State = Invalid
	if r.Names("ana@dgt.example") {
		t.Error("an invalid signature names somebody")
	}
}

// TestConstrainedSubject gives the subject an address the authority may not vouch for.
func TestConstrainedSubject(t *testing.T) {
	w := newWorld(t)
	narrow := authority("Otra casa")
	narrow.PermittedEmailAddresses = []string{"otra.example"}
	other := certify(t, &w.root, narrow, "p256")
	c := template("Eve", "eve@otra.example")
	c.Subject.ExtraNames = append(c.Subject.ExtraNames, emailAttribute("ana@dgt.example"))
	eve := certify(t, &other, c, "p256")
	raw := seal{by: []person{eve}, also: []*x509.Certificate{other.cert}}.container(t, hello)
	r := Verify([]byte(opaqueMail(raw)), w.options())
	if r.State != Valid || r.Names("ana@dgt.example") || !r.Names("eve@otra.example") {
		t.Error(inWords(r))
	}
}

// TestSeveralSigners: all must be good, and any of them may be the sender.
func TestSeveralSigners(t *testing.T) {
	w := newWorld(t)
	luis := certify(t, &w.root, template("Luis", "luis@dgt.example"), "p256")
	eve := certify(t, nil, template("Eve", "eve@evil.example"), "p256")
	s := seal{by: []person{luis, w.ana}, also: []*x509.Certificate{w.sub.cert}}
	r := Verify([]byte(opaqueMail(s.container(t, hello))), w.options())
	if r.State != Valid || !r.Names("ana@dgt.example") || !r.Names("luis@dgt.example") || len(r.Signers) != 2 {
		t.Error(inWords(r))
	}
	s.by = append(s.by, eve)
	s.by = append(s.by, certify(t, &w.root, authority("Casa"), "p256"))
	r = Verify([]byte(opaqueMail(s.container(t, hello))), w.options())
	if r.State != Invalid || r.Reason != Untrusted || len(r.Signers) != 4 || r.Names("ana@dgt.example") {
		t.Error(inWords(r))
	}
}

// TestMaxAge sends an old signed mail again.
func TestMaxAge(t *testing.T) {
	w := newWorld(t)
	noTime := func(list [][]byte) [][]byte { return append(list[:1:1], list[2]) }
	tests := []struct {
		name   string
		at     time.Time
		change func([][]byte) [][]byte
		maxAge time.Duration
		want   State
	}{
		{"fresh", now.Add(-time.Hour), nil, 24 * time.Hour, Valid},
		{"old", now.Add(-25 * time.Hour), nil, 24 * time.Hour, Invalid},
		{"old and unbounded", now.Add(-25 * time.Hour), nil, 0, Valid},
		{"a clock ahead", now.Add(23 * time.Hour), nil, 24 * time.Hour, Valid},
		{"from the future", now.Add(25 * time.Hour), nil, 24 * time.Hour, Invalid},
		{"no time", now, noTime, 24 * time.Hour, Invalid},
		{"no time and unbounded", now, noTime, 0, Valid},
	}
	for _, test := range tests {
		s := seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}, at: test.at, change: test.change}
		o := w.options()
		o.MaxAge = test.maxAge
		r := Verify([]byte(opaqueMail(s.container(t, hello))), o)
		if r.State != test.want || test.want == Invalid && r.Reason != Stale {
			t.Errorf("%s: %s", test.name, inWords(r))
		}
	}
}

// TestOptions: without roots nothing is believed, and not at no time.
func TestOptions(t *testing.T) {
	w := newWorld(t)
	raw := []byte(opaqueMail(seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}}.container(t, hello)))
	if r := Verify(raw, Options{Now: now}); r.State != Unsupported || r.Reason != NoRoots || r.Names("ana@dgt.example") {
		t.Errorf("no roots: %s", inWords(r))
	}
	if r := Verify(raw, Options{Now: now, Roots: x509.NewCertPool()}); r.Reason != Untrusted {
		t.Errorf("empty roots: %s", inWords(r))
	}
	o := fixtureOptions(t)
	o.Now = time.Time{}
	if r := Verify(fixture(t, "01-detached.eml"), o); r.Reason != NotYetValid {
		t.Errorf("no time: %s", inWords(r))
	}
	o = w.options()
	o.Message = parser.Parse(raw)
	if r := Verify(raw, o); r.State != Valid {
		t.Errorf("a parsed mail: %s", inWords(r))
	}
	if r := Verify(raw, Options{Message: &parser.Message{}}); r.State != Invalid || r.Reason != Failed {
		t.Errorf("a message without parts, on which the code panics: %s", inWords(r))
	}
}

// TestOtherReader signs with another library, and has it read ours.
func TestOtherReader(t *testing.T) {
	w := newWorld(t)
	data, err := pkcs7.NewSignedData([]byte(hello))
	if err != nil {
		t.Fatal(err)
	}
	data.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := data.AddSignerChain(w.ana.cert, w.ana.key, []*x509.Certificate{w.sub.cert}, pkcs7.SignerInfoConfig{}); err != nil {
		t.Fatal(err)
	}
	raw, err := data.Finish()
	if err != nil {
		t.Fatal(err)
	}
	o := w.options()
	o.Now = time.Now() // at which the library says to have signed
	if r := Verify([]byte(opaqueMail(raw)), o); r.Reason != Expired {
		t.Error(inWords(r))
	}
	o.Now = now
	if r := Verify([]byte(opaqueMail(raw)), o); !r.Names("ana@dgt.example") {
		t.Error(inWords(r))
	}
	theirs, err := pkcs7.Parse(seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}}.container(t, hello))
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.VerifyWithChainAtTime(o.Roots, now); err != nil {
		t.Error(err)
	}
}

// TestSerial tells certificates of the same issuer apart.
func TestSerial(t *testing.T) {
	w := newWorld(t)
	twin := template("Ana Gil", "eve@dgt.example")
	twin.SerialNumber = big.NewInt(7)
	eve := certify(t, &w.sub, twin, "p256")
	elsewhere := certify(t, &w.root, template("Ana Gil", "eve@dgt.example"), "p256")
	for _, other := range []person{eve, elsewhere} {
		c := container{certificates: []*x509.Certificate{other.cert, w.ana.cert}}
		id := asn1.RawValue{FullBytes: der(0x30, w.ana.cert.RawIssuer, marshal(t, w.ana.cert.SerialNumber))}
		if got := c.signerCertificate(id); got != w.ana.cert {
			t.Errorf("found %v", got.EmailAddresses)
		}
	}
	cut := seal{by: []person{eve}}.container(t, hello)
	swapped := strings.Replace(string(cut), string(eve.cert.Raw), string(w.ana.cert.Raw), 1)
	if r := Verify([]byte(opaqueMail([]byte(swapped))), w.options()); r.State != Invalid {
		t.Errorf("without its certificate: %s", inWords(r))
	}
	if c := (&container{certificates: []*x509.Certificate{w.ana.cert}}).signerCertificate(asn1.RawValue{}); c != nil {
		t.Error("nobody has a certificate")
	}
}
