package mailflow

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/parser"
)

func TestHarmfulFiles(t *testing.T) {
	iso := make([]byte, isoAt+100)
	copy(iso[isoAt:], isoMark)
	mail := func(name, content string) []byte {
		return []byte("From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=\"" + name +
			"\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\n\r\n" + content)
	}
	for _, c := range []struct {
		name, kind string
		data       []byte
		harmful    bool
	}{
		{name: "informe.pdf", data: []byte("%PDF-1.7")},
		{name: "hoja.xlsx", data: []byte("PK\x03\x04")},
		{name: "MZ.txt", data: []byte("MZ y otras siglas de la orden")},
		{name: "pantalla.png", data: []byte("\x89PNG\r\n\x1a\n\x00")},
		{name: "sin nombre", data: nil},
		{name: "programa.exe", harmful: true},
		{name: "factura.pdf.EXE. . ", harmful: true},
		{name: "foto.scr", harmful: true},
		{name: "acceso.lnk", harmful: true},
		{name: "macro.vbs", harmful: true},
		{name: "disco.iso", harmful: true},
		{name: "foto.jpg", kind: "image/jpeg", data: []byte("MZ\x90\x00\x03\x00"), harmful: true},
		{name: "foto.jpg", data: []byte("\x7fELF\x02\x01"), harmful: true},
		{name: "datos.bin", data: iso, harmful: true},
		{name: "datos", data: []byte("L\x00\x00\x00\x01\x14\x02\x00\x00"), harmful: true},
		{name: "pagina.html", data: []byte("<p>Hola <a href='https://x.example/'>enlace</a></p>")},
		{name: "pagina.html", data: []byte("<p><ScRiPt src=x></p>"), harmful: true},
		{name: "pagina.html", data: []byte("<img src=x onerror = alert(1)>"), harmful: true},
		{name: "pagina.htm", data: []byte("<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00"), harmful: true},
		{name: "plano.svg", data: []byte("<svg><a href='javascript:x()'/></svg>"), harmful: true},
		{name: "plano.svg", data: []byte("<svg/onload=alert(1)>"), harmful: true},
		{name: "plano.svg", data: []byte(`<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>alert(1)</s:script></s:svg>`), harmful: true},
		{name: "pagina.html", data: []byte(`<img src="x"onerror="alert(1)">`), harmful: true},
		{name: "pagina.html", data: []byte(`<a href="java&#115;cript:alert(1)">x</a>`), harmful: true},
		{name: "pagina.html", data: []byte("<a href='java\nscript:alert(1)'>x</a>"), harmful: true},
		{name: "informe.docm", harmful: true},
		{name: "notas.one", harmful: true},
		{name: "remoto.rdp", harmful: true},
		{name: "tarea.py", kind: "text/plain", harmful: true},
		{name: "factura.exe\u200b", harmful: true},
		{name: "adjunto", kind: "text/html; charset=utf-8", data: []byte("<script>"), harmful: true},
		{name: "mail.eml", kind: "message/rfc822", data: mail("informe.pdf", "%PDF")},
		{name: "mail.eml", kind: "message/rfc822", data: mail("programa.exe", "MZ"), harmful: true},
		{name: "mail.eml", kind: "application/octet-stream", data: mail("informe.pdf", "%PDF")},
		{name: "mail.eml", kind: "application/octet-stream", data: mail("programa.exe", "x"), harmful: true},
	} {
		a := parser.Attachment{Filename: c.name, ContentType: c.kind, Data: c.data}
		if got := harmful(a); got != c.harmful {
			t.Errorf("%s (%s, %.10q): %v", c.name, c.kind, c.data, got)
		}
	}
}

// A mail in a mail in a mail is not followed for ever: too deep is harmful.
func TestHarmfulMailsAreFollowedSoFar(t *testing.T) {
	inner := []byte("From: a@x.example\r\n\r\nhola\r\n")
	for depth := range 6 {
		if got := harmful(parser.Attachment{Filename: "m.eml", ContentType: "message/rfc822", Data: inner}); got != (depth >= maxNested) {
			t.Errorf("%d mails in a mail: %v", depth, got)
		}
		inner = []byte("From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b" + strings.Repeat("x", depth) +
			"\r\n\r\n--b" + strings.Repeat("x", depth) + "\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" +
			string(inner) + "\r\n--b" + strings.Repeat("x", depth) + "--\r\n")
	}
}

func FuzzHarmful(f *testing.F) {
	f.Add("a.exe", "text/html", []byte("<script>"))
	f.Add("m.eml", "message/rfc822", []byte("Content-Type: message/rfc822\r\n\r\nMZ\x00"))
	f.Fuzz(func(t *testing.T, name, kind string, data []byte) {
		a := parser.Attachment{Filename: name, ContentType: kind, Data: data}
		if runs(data) && !harmful(a) {
			t.Error("a program passes")
		}
	})
}
