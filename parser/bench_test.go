package parser

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
)

// benchmarks are mails of the shapes that arrive.
func benchmarks(b *testing.B) map[string][]byte {
	b.Helper()
	small, err := os.ReadFile("testdata/01-template.eml")
	if err != nil {
		b.Fatal(err)
	}
	page := strings.Repeat(`<tr><td style="padding:0 0 16px"><p class="MsoNormal">Servicio/Aplicación:&nbsp;<b>EEFF</b><o:p></o:p></p></td></tr>`+"\n", 400)
	file := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("expediente ", 200_000)))
	var lines strings.Builder
	for len(file) > 76 {
		lines.WriteString(file[:76] + "\r\n")
		file = file[76:]
	}
	return map[string][]byte{
		"small":      small,
		"html":       []byte("Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><table>" + page + "</table></body></html>"),
		"attachment": []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nAdjunto.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines.String() + "\r\n--b--\r\n"),
	}
}

func BenchmarkParse(b *testing.B) {
	for name, raw := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(raw).ReadForm(opening)
			}
		})
	}
}

// hostile builds mails of about n bytes that are made to cost time or memory.
var hostile = map[string]func(n int) string{
	"nested": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		}
		return b.String()
	},
	"attached in attached": func(n int) string { return strings.Repeat("Content-Type: message/rfc822\n\n", n/30) },
	"parts": func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\n\n", n/6)
	},
	"fields": func(n int) string { return strings.Repeat("a:\n", n/3) },
	"part fields": func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + strings.Repeat("a:\n", n/3)
	},
	"folds":         func(n int) string { return "Subject: " + strings.Repeat("x\n ", n/3) },
	"comments":      func(n int) string { return "Message-ID: " + strings.Repeat("(", n) + "\nTo: " + strings.Repeat("(", n) },
	"base64 junk":   func(n int) string { return "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("!", n) },
	"encoded words": func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?Q?", n/10) },
	"quotations":    func(n int) string { return "\n" + strings.Repeat("> uno\ndos\n", n/10) },
	"attributions":  func(n int) string { return "\n" + strings.Repeat("El 1 a las 2:\nescribió\n", n/24) },
	"old headers":   func(n int) string { return "\n" + strings.Repeat("De: x\n", n/6) },
	"rules":         func(n int) string { return "\n" + strings.Repeat("-----\n\n", n/7) },
	"signatures":    func(n int) string { return "\n" + strings.Repeat("Enviado desde mi iPhone\n", n/24) },
	"labels":        func(n int) string { return "\n" + strings.Repeat("Tipo:\n", n/6) },
	"colons":        func(n int) string { return "\n" + strings.Repeat("o:", n/2) },
	"blockquotes":   func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<blockquote>a", n/13) },
	"unclosed tags": func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<div></p>", n/9) },
	"attributes":    func(n int) string { return "Content-Type: text/html\n\n<p " + strings.Repeat("a=b ", n/4) },
	"status groups": func(n int) string {
		return "Content-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: rfc822; a@b.example\n\n", n/38)
	},
}

// TestHostileMail holds that every shape of mail is read whole and well. What
// it costs is for BenchmarkSizes to say, by ratios of one run.
func TestHostileMail(t *testing.T) {
	for name, build := range hostile {
		t.Run(name, func(t *testing.T) {
			raw := []byte(build(512 << 10))
			m := Parse(raw)
			m.ReadForm(opening)
			checkMessage(t, m, len(raw))
		})
	}
}
