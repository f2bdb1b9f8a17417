package smime

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/cauce-desk/cauce/parser"
)

// FuzzNormalise makes DER of anything: what comes out is DER already, and not
// much longer than what went in.
func FuzzNormalise(f *testing.F) {
	w := newWorld(f)
	f.Add(seal{by: []person{w.ana}, also: []*x509.Certificate{w.sub.cert}}.container(f, hello))
	f.Add([]byte("\x30\x80\x24\x80\x04\x01a\x24\x03\x04\x01b\x00\x00\x02\x01\x05\x00\x00"))
	f.Add([]byte("\x30\x84\x00\x00\x00\x02\x05\x00"))
	f.Fuzz(func(t *testing.T, ber []byte) {
		first, err := normalise(ber)
		if err != nil {
			return
		}
		again, err := normalise(first)
		if err != nil || !bytes.Equal(first, again) || len(first) > 2*len(ber) {
			t.Errorf("%x became %x, then %x: %v", ber, first, again, err)
		}
	})
}

// FuzzContainer reads a container twice: here, and as the parser does to show
// it. What is shown must be what would be checked.
func FuzzContainer(f *testing.F) {
	w := newWorld(f)
	f.Add(seal{by: []person{w.ana}}.container(f, hello))
	f.Add(seal{by: []person{w.ana}, detached: true}.container(f, hello))
	for _, name := range []string{"02-opaque.eml", "03-stream.eml"} {
		if found, err := find(fixture(f, name), parser.Parse(fixture(f, name))); err == nil {
			f.Add(found.container)
		}
	}
	f.Fuzz(func(t *testing.T, ber []byte) {
		c, err := readContainer(ber)
		if err != nil || c.content == nil || !mail(c.content) {
			return
		}
		shown := parser.Parse([]byte(opaqueMail(ber)))
		want := parser.Parse([]byte(opaqueMail(seal{}.container(t, string(c.content)))))
		if shown.Text != want.Text || len(shown.Attachments) != len(want.Attachments) {
			t.Errorf("shown %q, checked %q", shown.Text, want.Text)
		}
	})
}

// FuzzVerify changes signed mails. A mail whose signature is still valid shows
// what was signed, and nothing else.
func FuzzVerify(f *testing.F) {
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	texts := map[string]bool{}
	o := fixtureOptions(f)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		if Verify(raw, o).State == Valid {
			texts[parser.Parse(raw).Text] = true
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := Verify(raw, o)
		m := parser.Parse(raw)
		switch {
		case r.Reason == Failed:
			t.Error("panicked")
		case r.State == Valid && (r.Reason != "" || len(r.Signers) == 0 || !texts[m.Text] || len(m.Attachments) > 0):
			t.Errorf("%s: %q, %d attachments", inWords(r), m.Text, len(m.Attachments))
		case r.State != Valid && (r.Names("ana.gil@dgt.example") || r.SubjectSigned):
			t.Errorf("names somebody: %s", inWords(r))
		}
	})
}
