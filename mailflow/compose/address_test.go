package compose

import (
	"errors"
	"net/mail"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"ana@ayto.example":            "ana@ayto.example",
		"b+7.k2=q@dgt.example":        "b+7.k2=q@dgt.example",
		"ana..n@ayto.example":         `"ana..n"@ayto.example`,
		`a"b\c@ayto.example`:          `"a\"b\\c"@ayto.example`,
		"a@evil.example@ayto.example": `"a@evil.example"@ayto.example`,
		"ana@logroño.example":         "ana@xn--logroo-0wa.example",
		"ana@[192.0.2.1]":             "ana@[192.0.2.1]",
		"ana@[IPv6:2001:db8::1]":      "ana@[IPv6:2001:db8::1]",
	} {
		got, err := addrSpec(address)
		if err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", address, got, err, want)
		}
		if _, err := mail.ParseAddress("<" + got + ">"); err != nil && !strings.Contains(address, "[") {
			t.Errorf("%s cannot be read: %v", got, err)
		}
	}
}

func TestRefusedAddress(t *testing.T) {
	for _, address := range []string{
		"", "ana", "@ayto.example", "ana@", "ana@-.example", "ana@a..example", "ana@a b.example", "ana@a.example>",
		"ana@a.example\r\nBcc: x", "ana\r\nBcc: x@a.example", "an\x00a@a.example", "a@[192.0.2.1", "a@[::1]", "a@[x]",
		strings.Repeat("a", 250) + "@a.example", "ana@\xff.example",
	} {
		m := plainMail()
		m.To.Address = address
		if _, err := m.Bytes(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q as recipient: %v", address, err)
		}
	}
}

func TestRecipientBeyondASCII(t *testing.T) {
	m := plainMail()
	m.To.Address = "josé@correo.example"
	r := read(t, m)
	if got, want := r.header.Get("To"), "=?utf-8?q?Ana_N=C3=BA=C3=B1ez_jos=C3=A9=40correo=2Eexample?= :;"; got != want {
		t.Errorf("To: %s, want %s", got, want)
	}
	m.From.Address = "josé@correo.example"
	if _, err := m.Bytes(); !errors.Is(err, ErrInvalid) {
		t.Errorf("as sender: %v", err)
	}
}
