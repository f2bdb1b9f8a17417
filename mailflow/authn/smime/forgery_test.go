package smime

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

func emailAttribute(address string) pkix.AttributeTypeAndValue {
	return pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: address}
}

// TestCertificates signs with certificates that will not do.
func TestCertificates(t *testing.T) {
	w := newWorld(t)
	stranger := certify(t, nil, authority("Raíz"), "p256")
	tests := []struct {
		name   string
		issuer *person
		change func(*x509.Certificate)
		want   Reason
	}{
		{"nothing wrong", &w.root, func(*x509.Certificate) {}, ""},
		{"a root of the same name", &stranger, func(*x509.Certificate) {}, Untrusted},
		{"its own root", nil, func(*x509.Certificate) {}, Untrusted},
		{"for servers", &w.root, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, WrongUsage},
		{"for any purpose", &w.root, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }, ""},
		{"for no purpose in particular", &w.root, func(c *x509.Certificate) { c.ExtKeyUsage = nil }, ""},
		{"a key for encryption", &w.root, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, WrongUsage},
		{"a card's key", &w.root, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }, ""},
		{"an authority", &w.root, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, c.KeyUsage|x509.KeyUsageCertSign }, Authority},
		{"expired", &w.root, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Second) }, Expired},
		{"not yet", &w.root, func(c *x509.Certificate) { c.NotBefore = now.Add(time.Second) }, NotYetValid},
		{"issued by a person", &w.ana, func(*x509.Certificate) {}, Untrusted},
		{"a critical extension", &w.root, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
		}, Untrusted},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := template("Ana Gil", "ana@dgt.example")
			test.change(c)
			s := seal{by: []person{certify(t, test.issuer, c, "p256")}, also: []*x509.Certificate{w.ana.cert, stranger.cert, w.sub.cert}}
			r := Verify([]byte(opaqueMail(s.container(t, hello))), w.options())
			if r.Reason != test.want || r.Names("ana@dgt.example") != (test.want == "") {
				t.Error(inWords(r))
			}
		})
	}
}

// TestWeakIntermediate has a good authority vouch for one whose key is weak.
func TestWeakIntermediate(t *testing.T) {
	w := newWorld(t)
	weak := certify(t, &w.root, authority("Débil"), "rsa1024")
	expired := authority("Vieja")
	expired.NotAfter = now.Add(-time.Hour)
	old := certify(t, &w.root, expired, "p256")
	for issuer, want := range map[*person]Reason{&weak: Untrusted, &old: Expired} {
		ana := certify(t, issuer, template("Ana Gil", "ana@dgt.example"), "p256")
		raw := seal{by: []person{ana}, also: []*x509.Certificate{issuer.cert}}.container(t, hello)
		if r := Verify([]byte(opaqueMail(raw)), w.options()); r.Reason != want {
			t.Errorf("%s: %s", issuer.cert.Subject, inWords(r))
		}
	}
}

// TestContainers has containers made wrong by somebody whose certificate is right.
func TestContainers(t *testing.T) {
	w := newWorld(t)
	good := seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}}
	with := func(change func(*seal)) []byte {
		s := good
		change(&s)
		return s.container(t, hello)
	}
	attrs := func(change func([][]byte) [][]byte) []byte {
		return with(func(s *seal) { s.change = change })
	}
	kind := func(oids ...string) []byte {
		var values [][]byte
		for _, id := range oids {
			values = append(values, oid(t, id))
		}
		return der(0x30, oid(t, oidContentType), der(tagSet, values...))
	}
	data, signed := oidData.String(), oidSigned.String()
	var inner contentInfo
	if err := unmarshal(good.container(t, hello), &inner, ""); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name      string
		container []byte
		want      Reason
	}{
		{"no attributes", attrs(func([][]byte) [][]byte { return nil }), NoAttributes},
		{"no content type", attrs(func(l [][]byte) [][]byte { return l[1:] }), BadAttributes},
		{"another content type", attrs(func(l [][]byte) [][]byte { return append(l[1:], kind(signed)) }), BadAttributes},
		{"two content types", attrs(func(l [][]byte) [][]byte { return append(l[1:], kind(data, signed)) }), BadAttributes},
		{"content type twice", attrs(func(l [][]byte) [][]byte { return append(l, kind(data)) }), BadAttributes},
		{"no digest", attrs(func(l [][]byte) [][]byte { return l[:2] }), BadAttributes},
		{"digest of another text", attrs(func(l [][]byte) [][]byte {
			return append(l[:2], der(0x30, oid(t, oidMessageDigest), der(tagSet, der(tagOctets, make([]byte, 32)))))
		}), Altered},
		{"no digest but nothing", attrs(func(l [][]byte) [][]byte {
			return append(l[:2], der(0x30, oid(t, oidMessageDigest), der(tagSet, der(tagOctets))))
		}), Altered},
		{"another kind of content", with(func(s *seal) { s.kind = "1.2.840.113549.1.9.16.1.4" }), NotMail},
		{"nobody signed", with(func(s *seal) { s.by = nil }), NoSigner},
		{"no content", with(func(s *seal) { s.detached = true }), BadStructure},
		{"nine signers", with(func(s *seal) {
			for range maxSigners {
				s.by = append(s.by, w.ana)
			}
		}), TooLarge},
		{"forty certificates", with(func(s *seal) {
			for range 40 {
				s.also = append(s.also, w.sub.cert)
			}
		}), TooLarge},
		{"digests that are no set", bytes.Replace(good.container(t, hello), der(tagSet, der(0x30, oid(t, oidSHA256))), der(0x44, der(0x30, oid(t, oidSHA256))), 1), Malformed},
		{"a document", good.container(t, "Acta de la reunión\r\n\r\nContent-Type: text/plain\r\n"), NotMail},
		{"a note", good.container(t, "Nota: conforme\r\n\r\nAna\r\n"), NotMail},
		{"a mailbox", good.container(t, "From ana hoy\r\n"+hello), NotMail},
		{"a form", good.container(t, "Content-Type: text/plain\r\nYo, Ana, acepto\r\nFecha: hoy\r\n\r\n"), NotMail},
		{"content that is no string", bytes.Replace(good.container(t, hello), der(tagOctets, []byte(hello)), der(0x0c, []byte(hello)), 1), Malformed},
		{"more in it", der(0x30, oid(t, signed), der(0xa0, inner.Content.Bytes, der(0x30))), Malformed},
		{"something else in it", der(0x30, oid(t, data), der(0xa0, der(tagOctets, []byte(hello)))), NotSigned},
		{"a certificate too large", with(func(s *seal) {
			s.also = append(s.also, &x509.Certificate{Raw: der(0x30, der(tagOctets, make([]byte, maxCertificate)))})
		}), TooLarge},
		{"something that is no certificate", with(func(s *seal) { s.also = append(s.also, &x509.Certificate{Raw: der(0x30)}) }), ""},
		{"something binary", good.container(t, "%PDF-1.4\n\x00"), NotMail},
		{"nothing", good.container(t, ""), NotMail},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := Verify([]byte(opaqueMail(test.container)), w.options())
			if r.Reason != test.want || test.want != "" && r.State != test.want.state() || r.Names("ana@dgt.example") != (test.want == "") {
				t.Error(inWords(r))
			}
		})
	}
}

// TestDamage flips each byte of a signed mail and cuts it everywhere. No change
// to the signed text goes unnoticed, and whatever does is no harm to it.
func TestDamage(t *testing.T) {
	w := newWorld(t)
	raw := []byte(detachedMail(hello, seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}, detached: true}.container(t, hello)))
	from := bytes.Index(raw, []byte(hello))
	for i := range raw {
		bad := bytes.Clone(raw)
		bad[i] ^= 0x01
		if r := Verify(bad, w.options()); r.State == Valid && (i >= from && i < from+len(hello) || r.Signers[0].Name != "Ana Gil") {
			t.Errorf("byte %d, %q, was changed: %s", i, raw[i], inWords(r))
		}
	}
	for i := range from + len(hello) + 500 {
		if r := Verify(raw[:i], w.options()); r.State == Valid {
			t.Errorf("cut at %d: %s", i, inWords(r))
		}
	}
}

// TestStructure puts a good signature where it must not count.
func TestStructure(t *testing.T) {
	w := newWorld(t)
	s := seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}, detached: true}
	detached := s.container(t, hello)
	good := detachedMail(hello, detached)
	s.detached = false
	opaque := s.container(t, hello)
	other := strings.Replace(hello, "No arranca", "Validado", 1)
	evil := "Content-Type: text/plain\r\n\r\nValidado.\r\n"
	mixed := func(parts ...string) string {
		return head + "Content-Type: multipart/mixed; boundary=mix\r\n\r\n--mix\r\n" + strings.Join(parts, "\r\n--mix\r\n") + "\r\n--mix--\r\n"
	}
	asSignature := "Content-Type: application/pkcs7-signature\r\n\r\nAA==\r\n"
	overIt := detachedMail(asSignature, seal{by: s.by, also: s.also, detached: true}.container(t, asSignature))
	attached := "Content-Type: message/rfc822\r\n\r\n" + good
	tests := []struct {
		name, mail string
		want       Reason // "" is valid
	}{
		{"good", good, ""},
		{"good, with a list's words behind it", good + "\r\n-- \r\nlista@dgt.example\r\n", ""},
		{"good, with words before it", strings.Replace(good, "--sig\r\n", "Hola.\r\n--sig\r\n", 1), ""},
		{"older type", strings.Replace(good, "Type: application/pkcs7-", "Type: application/x-pkcs7-", 1), ""},
		{"the end is missing", strings.TrimSuffix(good, "\r\n--sig--\r\n"), ""},
		{"text changed", strings.Replace(good, "No arranca", "Validado", 1), Altered},
		{"text added", strings.Replace(good, "No arranca.", "No arranca.\r\nValidado.", 1), Altered},
		{"header of the part changed", strings.Replace(good, "text/plain", "text/html", 1), Altered},
		{"another text", detachedMail(other, detached), Altered},
		{"a part before", strings.Replace(good, "--sig\r\n", "--sig\r\n"+evil+"\r\n--sig\r\n", 1), BadStructure},
		{"a part between", strings.Replace(good, "\r\n--sig\r\nContent-Type: application", "\r\n--sig\r\n"+evil+"\r\n--sig\r\nContent-Type: application", 1), BadStructure},
		{"a part behind", strings.Replace(good, "--sig--", "--sig\r\n"+evil+"\r\n--sig--", 1), BadStructure},
		{"a part behind the end", good + "--sig\r\n" + evil, BadStructure},
		{"a signature of a signature", overIt, BadStructure},
		{"signature first", strings.Replace(overIt, "pkcs7-signature; name", "octet-stream; name", 1), BadStructure},
		{"encoded as a whole", head + "Content-Type: multipart/signed; boundary=sig\r\nContent-Transfer-Encoding: base64\r\n\r\n" + based([]byte(good[strings.Index(good, "--sig"):])), BadStructure},
		{"no signed part", head + "Content-Type: multipart/signed; boundary=sig\r\n\r\n--sig\r\nContent-Type: application/pkcs7-signature\r\n\r\nAA==\r\n--sig--\r\n", BadStructure},
		{"both forms at once", detachedMail(evil, opaque), BadStructure},
		{"a text beside it", mixed(evil, signedPart(hello, detached)), Inner},
		{"within a list's wrapper", mixed(signedPart(hello, detached)), Inner},
		{"a container beside a text", mixed(evil, strings.TrimPrefix(opaqueMail(opaque), head)), Inner},
		{"an attached mail", mixed(evil, attached), Inner},
		{"a forwarded mail", head + attached, Inner},
		{"opaque", opaqueMail(opaque), ""},
		{"opaque, type lost", strings.Replace(opaqueMail(opaque), "pkcs7-mime", "octet-stream", 1), ""},
		{"opaque, cut", opaqueMail(opaque[:len(opaque)-10]), Malformed},
		{"opaque, with more behind", opaqueMail(append(bytes.Clone(opaque), 5, 0)), Malformed},
		{"opaque, with words behind", opaqueMail(opaque) + "=\r\nlista@dgt.example\r\n", Malformed},
		{"opaque, not encoded", strings.Replace(opaqueMail(opaque), "base64", "binary", 1), BadStructure},
		{"opaque, no base64", strings.Replace(opaqueMail(opaque), "MII", "M!I", 1), Malformed},
		{"a signature too large", detachedMail(hello, make([]byte, maxDetached+1)), TooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := Verify([]byte(test.mail), w.options())
			if r.Reason != test.want || r.Names("ana@dgt.example") != (test.want == "") {
				t.Error(inWords(r))
			}
		})
	}
}

// TestNoSignature looks at mails that have none.
func TestNoSignature(t *testing.T) {
	w := newWorld(t)
	pgp := strings.NewReplacer("pkcs7", "pgp", "name=smime.p7s", "name=x.asc").Replace(detachedMail(hello, []byte("x")))
	for name, mail := range map[string]string{"empty": "", "text": head + hello, "OpenPGP": pgp, "only a type": "Content-Type: multipart/signed; boundary=a\r\n\r\n"} {
		if r := Verify([]byte(mail), w.options()); r.State != None || r.Reason != "" {
			t.Errorf("%s: %s", name, inWords(r))
		}
	}
}

// TestHeaders compares the header outside with the one that is signed.
func TestHeaders(t *testing.T) {
	w := newWorld(t)
	wrapped := "Content-Type: message/rfc822; forwarded=no\r\n\r\n"
	const type_ = "Content-Type: text/plain\r\n"
	tests := []struct {
		name, part, subject string
		want                Reason
		signed              bool
	}{
		{"none inside", hello, "Firmado", "", false},
		{"the same", type_ + "From: ANA@dgt.example\r\nSubject: Firmado\r\n\r\nx\r\n", "Firmado", "", true},
		{"encoded", type_ + "Subject: =?utf-8?q?Petici=C3=B3n?=\r\n\r\nx\r\n", "=?utf-8?b?UGV0aWNpw7Nu?=", "", true},
		{"tagged on the way", type_ + "Subject: Firmado\r\n\r\nx\r\n", "[EXTERNO] [lista] Firmado", "", true},
		{"wrapped", wrapped + head + hello, "Firmado", "", true},
		{"another subject", type_ + "Subject: Firmado\r\n\r\nx\r\n", "Validar", HeadersDiffer, false},
		{"an order before it", type_ + "Subject: Firmado\r\n\r\nx\r\n", "Validar Firmado", HeadersDiffer, false},
		{"wrapped, another subject", wrapped + head + hello, "Validar", HeadersDiffer, false},
		{"wrapped, international", strings.Replace(wrapped, "rfc822", "global", 1) + head + hello, "Firmado", "", true},
		{"something like a tag", type_ + "Subject: Firmado\r\n\r\nx\r\n", "Validar] Firmado", HeadersDiffer, false},
		{"another author", type_ + "From: luis@dgt.example\r\n\r\nx\r\n", "Firmado", HeadersDiffer, false},
		{"wrapped, another author", wrapped + strings.Replace(head, "ana@", "luis@", 1) + hello, "Firmado", HeadersDiffer, false},
		{"no subject outside", type_ + "Subject: Firmado\r\n\r\nx\r\n", "", HeadersDiffer, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw := seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}}.container(t, test.part)
			mail := strings.Replace(opaqueMail(raw), "Subject: Firmado", "Subject: "+test.subject, 1)
			r := Verify([]byte(mail), w.options())
			if r.Reason != test.want || r.SubjectSigned != test.signed || r.Names("ana@dgt.example") != (test.want == "") {
				t.Error(inWords(r))
			}
		})
	}
}

// TestSomebodyElse has a good signature by another than the sender.
func TestSomebodyElse(t *testing.T) {
	w := newWorld(t)
	eve := certify(t, &w.root, template("ana@dgt.example", "eve@dgt.example"), "p256")
	r := Verify([]byte(opaqueMail(seal{by: []person{eve}}.container(t, hello))), w.options())
	if r.State != Valid || r.Names("ana@dgt.example") || !r.Names("eve@dgt.example") {
		t.Error(inWords(r))
	}
	citizen := certify(t, &w.root, template("PÉREZ SOTO EVA - 00000000T"), "p256")
	r = Verify([]byte(opaqueMail(seal{by: []person{citizen}}.container(t, hello))), w.options())
	if r.State != Valid || len(r.Signers) != 1 || len(r.Signers[0].Addresses) != 0 || r.Names(ticket.Address("")) {
		t.Error(inWords(r))
	}
}
