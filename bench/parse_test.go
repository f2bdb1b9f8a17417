// Package bench measures how fast mail is read beside what other Go programs
// read it with. It is a module of its own, so that what it compares with is no
// dependency of the product.
package bench

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-message/mail"
	"github.com/jhillyerd/enmime/v2"

	"github.com/cauce-desk/cauce/parser"
)

// readers take a mail apart until every header is decoded and every part is
// text or bytes. Ours then also tells machines from people, and own words from
// quotation and signature; enmime makes text of HTML too; go-message does not.
var readers = []struct {
	name string
	read func(raw []byte) error
}{
	{"cauce", func(raw []byte) error { parser.Parse(raw); return nil }},
	{"go-message", readGoMessage},
	{"enmime", func(raw []byte) error {
		_, err := enmime.ReadEnvelope(bytes.NewReader(raw))
		return err
	}},
}

func readGoMessage(raw []byte) error {
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return err
	}
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			_, err = io.ReadAll(part.Body)
		}
		if err != nil {
			return err
		}
	}
}

// BenchmarkParse has every reader read the same mails in turn. It reports what
// each does, and how many times as fast ours is: ratios are what to compare,
// for machines differ.
func BenchmarkParse(b *testing.B) {
	for _, mail := range mails(b) {
		b.Run(mail.name, func(b *testing.B) {
			took := make([]time.Duration, len(readers))
			n := 0
			for b.Loop() {
				n++
				for i, r := range readers {
					start := time.Now()
					if err := r.read(mail.raw); err != nil {
						b.Fatalf("%s: %v", r.name, err)
					}
					took[i] += time.Since(start)
				}
			}
			report(b, float64(n*len(mail.raw)), took)
		})
	}
}

func report(b *testing.B, read float64, took []time.Duration) {
	b.ReportMetric(0, "ns/op") // of the three together, which says nothing
	for i, r := range readers {
		b.ReportMetric(read/1e6/took[i].Seconds(), r.name+"-MB/s")
		if i > 0 {
			b.ReportMetric(float64(took[i])/float64(took[0]), "cauce/"+r.name)
		}
	}
}

type sample struct {
	name string
	raw  []byte
}

// mails are of the shapes that arrive: a form filled in, an answer from Outlook
// in text and HTML, and one with a file of 2 MB.
func mails(b *testing.B) []sample {
	b.Helper()
	small, err := os.ReadFile("../parser/testdata/01-template.eml")
	if err != nil {
		b.Fatal(err)
	}
	rows := strings.Repeat(`<tr><td style="padding:0 0 16px"><p class="MsoNormal">Servicio/Aplicación:&nbsp;<b>EEFF</b><o:p></o:p></p></td></tr>`+"\r\n", 400)
	page := "<html><body><table>\r\n" + rows + "</table></body></html>"
	plain := strings.Repeat("Servicio/Aplicación: EEFF\r\n", 400)
	file := base64Lines(strings.Repeat("expediente ", 180_000))
	return []sample{
		{"small", small},
		{"html", written("alternative", part("text/plain; charset=utf-8", "8bit", plain), part("text/html; charset=utf-8", "8bit", page))},
		{"attachment", written("mixed", part("text/plain; charset=utf-8", "8bit", "Adjunto.\r\n"), part("application/pdf; name=expediente.pdf", "base64", file))},
	}
}

func part(kind, encoding, body string) string {
	return "--b\r\nContent-Type: " + kind + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body + "\r\n"
}

func written(kind string, parts ...string) []byte {
	head := "From: Ana =?utf-8?Q?P=C3=A9rez?= <ana@gestoria.example>\r\nTo: soportecau@dgt.example\r\nSubject: =?utf-8?Q?Petici=C3=B3n?=\r\nDate: Mon, 09 Oct 2017 10:23:58 +0200\r\nMessage-ID: <1@gestoria.example>\r\nMIME-Version: 1.0\r\n"
	return []byte(head + "Content-Type: multipart/" + kind + "; boundary=b\r\n\r\n" + strings.Join(parts, "") + "--b--\r\n")
}

func base64Lines(content string) string {
	encoded := base64.StdEncoding.EncodeToString([]byte(content))
	var b strings.Builder
	for len(encoded) > 76 {
		b.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	return b.String() + encoded
}
