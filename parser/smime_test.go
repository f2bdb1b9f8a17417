package parser

import (
	"bytes"
	"encoding/base64"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/smallstep/pkcs7"
)

// containers are the CMS containers in testdata, by file.
func containers(t testing.TB) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	for _, name := range []string{"17-smime-opaque.eml", "18-smime-opaque-ber.eml", "20-smime-encrypted.eml"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = Parse(raw).root.data
	}
	return found
}

// TestReadCMS compares what is found with what an independent reader finds.
func TestReadCMS(t *testing.T) {
	for name, data := range containers(t) {
		want, err := pkcs7.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind, got := readCMS(data)
		if sealed := strings.Contains(name, "encrypted"); sealed != (kind == cmsSealed) || sealed == (kind == cmsSigned) {
			t.Errorf("%s is of kind %d", name, kind)
		}
		if !bytes.Equal(got, want.Content) {
			t.Errorf("%s holds %q, not %q", name, got, want.Content)
		}
	}
}

// der writes one value.
func der(tag byte, values ...string) string {
	body := strings.Join(values, "")
	if len(body) < 0x80 {
		return string([]byte{tag, byte(len(body))}) + body
	}
	return string([]byte{tag, 0x83, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}) + body
}

// sign writes what a signed container is made of up to its content; signers are left out.
func sign(oid, content string) string {
	return der(berSequence, der(berOID, oidSigned), der(berContent, der(berSequence,
		der(berInteger, "\x01"), der(berSet, der(berSequence, der(berOID, oidData))), der(berSequence, der(berOID, oid), content))))
}

func signMail(mail string) string { return sign(oidData, der(berContent, der(berOctets, mail))) }

func sealedMail(cms, fields string) []byte {
	return []byte("From: ana@dgt.example\nSubject: x\nContent-Type: application/pkcs7-mime" + fields +
		"\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(cms)) + "\n")
}

func TestSMIME(t *testing.T) {
	const text, hello = "; smime-type=signed-data", "Content-Type: text/plain\n\nhola\n"
	pieces := der(berOctets|berBuilt, der(berOctets, hello[:10]), der(berOctets|berBuilt, der(berOctets, hello[10:20])), "\x24\x80"+der(berOctets, hello[20:])+"\x00\x00")
	deep := hello
	for range maxSealed {
		deep = string(sealedMail(signMail(deep), text))
	}
	tests := []struct {
		name, cms, fields string
		text, files       string
		defects           []string
	}{
		{"opaque", signMail(hello), text, "hola\n", "", nil},
		{"no smime-type", signMail(hello), "; name=smime.p7m", "hola\n", "", nil},
		{"in pieces", sign(oidData, der(berContent, pieces)), text, "hola\n", "", nil},
		{"signed twice", signMail(string(sealedMail(signMail(hello), text))), text, "hola\n", "", nil},
		{"too often", signMail(deep), text, "", "adjunto.p7m", []string{"too_deep"}},
		{"a signed document", signMail("%PDF-1.4"), "; name=contrato.pdf.p7m", "", "contrato.pdf.p7m", nil},
		{"no content", sign(oidData, ""), "; smime-type=certs-only; name=smime.p7c", "", "smime.p7c", nil},
		{"another content", sign(oidSigned, ""), text + "; name=a.p7m", "", "a.p7m", []string{"smime_malformed"}},
		{"encrypted", der(berSequence, der(berOID, oidAuthEnveloped)), "; name=smime.p7m", "", "smime.p7m", []string{"encrypted"}},
		{"junk", "no", text + "; name=smime.p7m", "", "smime.p7m", []string{"smime_malformed"}},
		{"cut off", signMail(hello)[:60], text + "; name=smime.p7m", "", "smime.p7m", []string{"smime_malformed"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := Parse(sealedMail(test.cms, test.fields))
			var files []string
			for _, a := range m.Attachments {
				files = append(files, a.Filename)
			}
			if m.Text != test.text || strings.Join(files, ",") != test.files || !slices.Equal(m.Defects, test.defects) {
				t.Errorf("text %q, files %v, defects %v", m.Text, files, m.Defects)
			}
		})
	}
}

// TestSMIMEInTheNameOnly reads a container whose type was lost on the way.
func TestSMIMEInTheNameOnly(t *testing.T) {
	raw := sealedMail(signMail("Content-Type: text/plain\n\nhola\n"), "; name=smime.p7m")
	m := Parse(bytes.Replace(raw, []byte("pkcs7-mime"), []byte("octet-stream"), 1))
	if m.Text != "hola\n" || len(m.Attachments) != 0 {
		t.Errorf("text %q, attachments %v", m.Text, m.Attachments)
	}
}

// TestSMIMEDeep gives containers nested a million deep, which a reader that
// calls itself for each does not survive.
func TestSMIMEDeep(t *testing.T) {
	open := "\x30\x80" + der(berOID, oidSigned) + "\xa0\x80\x30\x80" + der(berInteger, "\x01")
	for name, tail := range map[string]string{
		"set":    strings.Repeat("\x31\x80", 1<<20),
		"pieces": "\x31\x00\x30\x80" + der(berOID, oidData) + "\xa0\x80" + strings.Repeat("\x24\x80", 1<<20),
	} {
		if kind, content := readCMS([]byte(open + tail)); kind != cmsUnknown || content != nil {
			t.Errorf("%s: kind %d, %d bytes", name, kind, len(content))
		}
	}
}

func FuzzSMIME(f *testing.F) {
	for _, data := range containers(f) {
		f.Add(data)
	}
	f.Add([]byte(signMail("Content-Type: text/plain\n\nhola\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, content := readCMS(data)
		if len(content) > len(data) || kind != cmsSigned && content != nil {
			t.Errorf("kind %d, %d bytes from %d", kind, len(content), len(data))
		}
		raw := sealedMail(string(data), "; smime-type=signed-data")
		checkMessage(t, Parse(raw), len(raw))
	})
}
