package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// mails returns the mails in testdata.
func mails(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no mails in testdata: %v", err)
	}
	found := map[string][]byte{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(name)] = raw
	}
	return found
}

func FuzzParse(f *testing.F) {
	for _, raw := range mails(f) {
		f.Add(raw)
	}
	f.Add([]byte("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a--\n--a"))
	f.Add([]byte("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQp5"))
	f.Add([]byte("From: \"a\" <@x:b@c (d(e)>, f:g@h;\rTo: =?utf-7?Q?+AOk-?=\r\r"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		checkMessage(t, m, len(raw))
		m.ReadForm(opening)
		m.JSON()
	})
}

// checkMessage asserts what Message promises about any input.
func checkMessage(t *testing.T, m *Message, size int) {
	t.Helper()
	if strings.ContainsAny(m.Subject, "\r\n\x00") || !utf8.ValidString(m.Subject) {
		t.Errorf("subject %q", m.Subject)
	}
	if !utf8.ValidString(m.Text+m.HTML+m.ReplyText+m.Signature+m.Quoted) || strings.ContainsAny(m.Text, "\r\x00") {
		t.Errorf("text is not clean: %q", m.Text)
	}
	if strings.TrimSpace(m.Text) != "" && m.ReplyText == "" && !onlySignature(m.Signature) {
		t.Errorf("nothing left of %q", m.Text)
	}
	if len(m.Parts) > maxParts+1 {
		t.Errorf("%d parts", len(m.Parts))
	}
	for _, a := range m.Attachments {
		checkName(t, a.Filename)
	}
	for _, p := range m.Parts {
		if p.Start >= 0 && (p.Start > p.Body || p.Body > p.End || p.End > size) {
			t.Errorf("part %q lies at %d, %d, %d of %d", p.Path, p.Start, p.Body, p.End, size)
		}
	}
}

func checkName(t *testing.T, name string) {
	t.Helper()
	if name == "" || name[0] == '.' || len(name) > 300 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\:*?\"<>|\r\n\x00") || strings.ContainsFunc(name, hidden) {
		t.Errorf("file name %q", name)
	}
}

func FuzzFormIn(f *testing.F) {
	f.Add("Servicio/Aplicación: EEFF\nTipo: x\nDescripción: y")
	f.Add("> *Tipo:*\n\n-- \nDescripción : Tipo: Servicio:")
	f.Add("Servicio/Aplicación: EEFF Tipo: x Descripción: y")
	f.Fuzz(func(t *testing.T, text string) {
		for id, value := range FormIn(text, opening) {
			if _, ok := opening.Field(id); !ok || value != strings.TrimSpace(value) {
				t.Errorf("field %q has %q", id, value)
			}
		}
	})
}

func FuzzCanonicalSubject(f *testing.F) {
	f.Add("RE: [EXTERNO] RV: Apertura de Incidencia Automática Aplicación / Desarrollo.")
	f.Add("[Rv: Re[2]: x] (fwd) ***SPAM***")
	f.Fuzz(func(t *testing.T, subject string) {
		s := CanonicalSubject(subject, "[SITE]")
		if again := CanonicalSubject(s.Text); len(s.Tags)+len(again.Tags) < maxPrefixes/2 && len(subject) < 100 && again.Key != s.Key {
			t.Errorf("%q becomes %q and then %q", subject, s.Key, again.Key)
		}
		if !utf8.ValidString(s.Text) || strings.ContainsAny(s.Text, "\r\n\x00") {
			t.Errorf("%q becomes %q", subject, s.Text)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("=?utf-8?Q?Petici=C3?= =?utf-8?Q?=B3n?=", "utf-8")
	f.Add("=?iso-2022-jp?B?GyRCJTclYg==?= =?x?B?=?=", "koi8-r")
	f.Add("=?utf-7*es?Q?a+AOk-?=", "")
	f.Fuzz(func(t *testing.T, value, hint string) {
		if got := decodeWords(value, hint); !utf8.ValidString(got) {
			t.Errorf("%q decoded to %q", value, got)
		}
		parseAddresses(value, hint)
		scanIDs(value)
		parseDate(value)
		if m := parseMedia(value, hint); len(m.params) > maxParams {
			t.Errorf("%d parameters", len(m.params))
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add("Bien.\n\nEl lun, 9 oct 2017 a las 10:23, X (<a@b.example>) escribió:\n\n> uno\n> dos\n")
	f.Add("> uno\nsí\n> dos\nno\n-- \nAna")
	f.Fuzz(func(t *testing.T, text string) {
		s := splitReply(text)
		if got := len(s.own) + len(s.quoted); got > len(text) {
			t.Errorf("%d bytes came out of %d", got, len(text))
		}
		body, signature := splitSignature(text)
		if body+signature != text {
			t.Errorf("%q and %q do not make %q", body, signature, text)
		}
	})
}
