package authn

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// signedAt is when the mails of these tests were signed.
var signedAt = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// The keys of the tests, made once: RSA keys take their time.
var (
	rsaKey     = sync.OnceValue(func() *rsa.PrivateKey { return mustKey(rsa.GenerateKey(rand.Reader, 2048)) })
	edwardsKey = sync.OnceValue(func() ed25519.PrivateKey {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return mustKey(key, err)
	})
)

func mustKey[T any](key T, err error) T {
	if err != nil {
		panic(err)
	}
	return key
}

// keyRecord is the text of a record with the public half of a key. More tags
// may go before it.
func keyRecord(key crypto.Signer, tags string) string {
	if public, ok := key.Public().(ed25519.PublicKey); ok {
		return tags + "k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	}
	return tags + "p=" + base64.StdEncoding.EncodeToString(mustKey(x509.MarshalPKIXPublicKey(key.Public())))
}

// txt is a line of a zone, of a text of any length.
func txt(name, text string) string {
	var b strings.Builder
	for part := range slices.Chunk([]byte(text), 200) {
		fmt.Fprintf(&b, " %q", part)
	}
	return name + ". TXT" + b.String() + "\n"
}

// signedByLibrary signs a mail as another program does.
func signedByLibrary(t testing.TB, mail string, o dkim.SignOptions) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(mail), &o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// forge signs a mail with whatever tags it is told, in relaxed form, with the
// RSA key of the tests; "" leaves a tag out.
func forge(t testing.TB, mail string, tags map[string]string) []byte {
	t.Helper()
	all := map[string]string{"v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": "ayuntamiento.example", "s": "s1", "h": "from:to:subject"}
	for name, value := range tags {
		all[name] = value
	}
	fields, body, err := splitHeader([]byte(mail))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := all["bh"]; !ok {
		all["bh"] = base64.StdEncoding.EncodeToString(bodyHash(body, true))
	}
	raw := "DKIM-Signature: "
	for name, value := range all {
		if value != "" {
			raw += name + "=" + value + ";\r\n "
		}
	}
	hash := sha256.New()
	for _, name := range strings.Split(strings.ToLower(all["h"]), ":") {
		if i := slices.IndexFunc(fields, func(f field) bool { return f.name == name }); i >= 0 {
			hash.Write([]byte(relaxedField(fields[i].raw)))
			fields = slices.Delete(fields, i, i+1)
		}
	}
	hash.Write([]byte(strings.TrimSuffix(relaxedField(raw+"b=\r\n"), "\r\n")))
	signature := mustKey(rsaKey().Sign(rand.Reader, hash.Sum(nil), crypto.SHA256))
	return []byte(raw + "b=" + base64.StdEncoding.EncodeToString(signature) + "\r\n" + mail)
}
