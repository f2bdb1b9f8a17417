package smime

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// now is when the mails of these tests come.
var now = time.Date(2017, 10, 9, 10, 23, 0, 0, time.UTC)

const (
	hello = "Content-Type: text/plain\r\n\r\nNo arranca.\r\n"
	head  = "From: Ana Gil <ana@dgt.example>\r\nTo: cau@dgt.example\r\nSubject: Firmado\r\nMIME-Version: 1.0\r\n"

	oidSHA256 = "2.16.840.1.101.3.4.2.1"
	oidSHA512 = "2.16.840.1.101.3.4.2.3"
	oidSHA1   = "1.3.14.3.2.26"
)

// person holds a certificate and its key.
type person struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// newKey makes a key of a kind: rsa, pss, p256, p384, ed25519 ….
func newKey(t testing.TB, kind string) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch kind {
	case "rsa":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "rsa1024":
		key, err = rsa.GenerateKey(rand.Reader, 1024)
	case "p224":
		key, err = ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	case "p256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "p384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "p521":
		key, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil || key == nil {
		t.Fatalf("key of kind %s: %v", kind, err)
	}
	return key
}

// template is a certificate that was valid in 2017, of somebody who may sign mail.
func template(name string, addresses ...string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(name)) + 0x1000),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		EmailAddresses: addresses, SubjectKeyId: []byte(name), BasicConstraintsValid: true,
	}
}

// authority turns a template into one of an authority.
func authority(name string) *x509.Certificate {
	c := template(name)
	c.IsCA, c.KeyUsage, c.ExtKeyUsage = true, x509.KeyUsageCertSign, nil
	return c
}

// certify makes a certificate; without an issuer it is self-signed.
func certify(t testing.TB, issuer *person, c *x509.Certificate, kind string) person {
	t.Helper()
	p := person{key: newKey(t, kind)}
	if issuer == nil {
		issuer = &person{c, p.key}
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, issuer.cert, p.key.Public(), issuer.key)
	if err != nil {
		t.Fatal(err)
	}
	if p.cert, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	return p
}

// world is a root, and Ana, whom it knows through another authority.
type world struct {
	root, sub, ana person
}

func newWorld(t testing.TB) world {
	root := certify(t, nil, authority("Raíz"), "p256")
	sub := certify(t, &root, authority("Usuarios"), "p256")
	return world{root, sub, certify(t, &sub, template("Ana Gil", "ana@dgt.example"), "p256")}
}

func (w world) options() Options {
	o := Options{Roots: x509.NewCertPool(), Now: now}
	o.Roots.AddCert(w.root.cert)
	return o
}

// seal is a container to be made, with what a forger might change.
type seal struct {
	by       []person
	also     []*x509.Certificate
	detached bool
	pss      bool
	keyID    bool   // name certificates by their keys
	digest   string // SHA-256 if ""
	method   string // what goes with the key if ""
	kind     string // of the content; data if ""
	at       time.Time
	change   func(attributes [][]byte) [][]byte
}

func der(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(header(tag, len(body)), body...)
}

func oid(t testing.TB, s string) []byte {
	id, err := x509.ParseOID(s)
	if err != nil {
		t.Fatal(err)
	}
	body, err := id.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return der(asn1.TagOID, body)
}

func marshal(t testing.TB, v any) []byte {
	raw, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// container signs a text and writes the container in DER.
func (s seal) container(t testing.TB, text string) []byte {
	t.Helper()
	if s.kind == "" {
		s.kind = oidData.String()
	}
	if s.digest == "" {
		s.digest = oidSHA256
	}
	var certs, infos [][]byte
	for _, p := range s.by {
		certs = append(certs, p.cert.Raw)
		infos = append(infos, s.info(t, p, []byte(text)))
	}
	for _, c := range s.also {
		certs = append(certs, c.Raw)
	}
	content := [][]byte{oid(t, s.kind)}
	if !s.detached {
		content = append(content, der(0xa0, der(tagOctets, []byte(text))))
	}
	return der(0x30, oid(t, oidSigned.String()), der(0xa0, der(0x30,
		marshal(t, 1), der(tagSet, der(0x30, oid(t, s.digest))), der(0x30, content...),
		der(0xa0, certs...), der(tagSet, infos...))))
}

func (s seal) info(t testing.TB, p person, text []byte) []byte {
	id := der(0x30, p.cert.RawIssuer, marshal(t, p.cert.SerialNumber))
	if s.keyID {
		id = der(0x80, p.cert.SubjectKeyId)
	}
	signed := s.attributes(t, text)
	tagged := bytes.Clone(signed)
	if len(tagged) > 0 {
		tagged[0] = 0xa0
	} else {
		signed = text
	}
	algorithm, signature := s.sign(t, p.key, signed)
	return der(0x30, marshal(t, 1), id, der(0x30, oid(t, s.digest)), tagged, algorithm, der(tagOctets, signature))
}

// attributes are the signed attributes as they are signed.
func (s seal) attributes(t testing.TB, text []byte) []byte {
	hash := map[string]crypto.Hash{oidSHA256: crypto.SHA256, oidSHA512: crypto.SHA512, oidSHA1: crypto.SHA1}[s.digest]
	if s.at.IsZero() {
		s.at = now
	}
	list := [][]byte{
		der(0x30, oid(t, oidContentType), der(tagSet, oid(t, oidData.String()))),
		der(0x30, oid(t, oidSigningTime), der(tagSet, marshal(t, s.at))),
		der(0x30, oid(t, oidMessageDigest), der(tagSet, der(tagOctets, sum(hash, text)))),
	}
	if s.change != nil {
		list = s.change(list)
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, bytes.Compare)
	return der(tagSet, list...)
}

func (s seal) sign(t testing.TB, key crypto.Signer, signed []byte) (algorithm, signature []byte) {
	t.Helper()
	digest, method, hash := sum(crypto.SHA256, signed), s.method, crypto.SHA256
	var opts crypto.SignerOpts = hash
	var parameters []byte
	switch key.(type) {
	case *rsa.PrivateKey:
		method, parameters = "1.2.840.113549.1.1.11", []byte{asn1.TagNull, 0}
		if s.pss {
			sha := der(0x30, oid(t, oidSHA256))
			method, opts = oidPSS, &rsa.PSSOptions{SaltLength: 20, Hash: hash}
			parameters = der(0x30, der(0xa0, sha), der(0xa1, der(0x30, oid(t, oidMGF1), sha)))
		}
	case *ecdsa.PrivateKey:
		method = "1.2.840.10045.4.3.2"
	case ed25519.PrivateKey:
		method, digest, opts = "1.3.101.112", signed, crypto.Hash(0)
	}
	if s.method != "" {
		method = s.method
	}
	signature, err := key.Sign(rand.Reader, digest, opts)
	if err != nil {
		t.Fatal(err)
	}
	return der(0x30, oid(t, method), parameters), signature
}

// based writes bytes in lines of base64.
func based(raw []byte) string {
	text := base64.StdEncoding.EncodeToString(raw)
	var b strings.Builder
	for ; len(text) > 76; text = text[76:] {
		b.WriteString(text[:76] + "\r\n")
	}
	return b.String() + text + "\r\n"
}

// opaqueMail is a mail that is a container.
func opaqueMail(container []byte) string {
	return head + "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + based(container)
}

// signedPart is a multipart of a text and its signature.
func signedPart(text string, container []byte) string {
	return "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=sig\r\n\r\n" +
		"--sig\r\n" + text + "\r\n--sig\r\n" +
		"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		based(container) + "\r\n--sig--\r\n"
}

func detachedMail(text string, container []byte) string { return head + signedPart(text, container) }
