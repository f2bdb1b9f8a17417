package compose

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func attached(a Attachment) Mail {
	m := plainMail()
	m.Attachments = []Attachment{a}
	return m
}

func TestFileName(t *testing.T) {
	long := strings.Repeat("situación ", 30)
	for given, want := range map[string]string{
		"informe.pdf":              "informe.pdf",
		"Petición de año.pdf":      "Petición de año.pdf",
		`C:\Users\ana\captura.png`: "captura.png",
		"../../etc/passwd":         "passwd",
		"a\r\nBcc: x.txt":          "a Bcc_ x.txt",
		"factura\u202efdp.exe":     "facturafdp.exe",
		`"quoted" <name>?.txt`:     "_quoted_ _name__.txt",
		"=?utf-8?q?x?=.doc":        "=_utf-8_q_x_=.doc",
		"  ..hidden. ":             "hidden",
		"":                         "attachment-1",
		"folder/":                  "attachment-1",
		"\u0301":                   "\u0301",
		long + ".pdf":              long[:len("situación ")*11] + "situac.pdf",
	} {
		files := read(t, attached(Attachment{Filename: given})).files
		if files[0].name != want {
			t.Errorf("%q: %q, want %q", given, files[0].name, want)
		}
	}
}

func TestFileNameParameters(t *testing.T) {
	for name, want := range map[string]string{
		"informe.pdf":  `filename="informe.pdf"`,
		"petición.pdf": `filename="peticion.pdf"; filename*=utf-8''petici%C3%B3n.pdf`,
		"日本.txt":       `filename="__.txt"; filename*=utf-8''%E6%97%A5%E6%9C%AC.txt`,
		strings.Repeat("ñ", 16): `filename="nnnnnnnnnnnnnnnn"; filename*0*=utf-8''` + strings.Repeat("%C3%B1", 6) +
			"; filename*1*=" + strings.Repeat("%C3%B1", 8) + "; filename*2*=" + strings.Repeat("%C3%B1", 2),
	} {
		if got := strings.Join(parameters("x", fileNameParams(name)...), " "); got != "x; "+want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestFileNameReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := nasty().Draw(t, "name")
		files := read(t, attached(Attachment{Filename: name})).files
		if got, want := files[0].name, fileName(name, 1); got != want {
			t.Fatalf("reads %q, want %q", got, want)
		}
		if strings.ContainsAny(files[0].name, "/\\\r\n\x00") || files[0].name == "" {
			t.Fatalf("unsafe name %q", files[0].name)
		}
	})
}

func TestFileType(t *testing.T) {
	for given, want := range map[string]string{
		"application/pdf":                    "application/pdf",
		"TEXT/Plain; charset=\"utf-8\"; x=y": "text/plain",
		"message/rfc822":                     unknownType,
		"multipart/mixed; boundary=x":        unknownType,
		"":                                   unknownType,
		"pdf":                                unknownType,
		"a/b\r\nBcc: x":                      unknownType,
		"a/" + strings.Repeat("b", 200):      unknownType,
	} {
		if got := read(t, attached(Attachment{Filename: "f", ContentType: given})).files[0].kind; got != want {
			t.Errorf("%q: %s, want %s", given, got, want)
		}
	}
}

func TestFileContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "data")
		file := read(t, attached(Attachment{Filename: "f.bin", Data: data})).files[0]
		if file.data != string(data) || file.disposition != "attachment" {
			t.Fatalf("%q arrives as %q, %s", data, file.data, file.disposition)
		}
	})
}
