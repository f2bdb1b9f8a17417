package compose

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata anew")

// plainMail is the smallest mail there is.
func plainMail() Mail {
	return Mail{
		From:      Address{"Soporte de Servicios", "soporte@dgt.example"},
		To:        Address{"Ana Núñez", "ana@ayto.example"},
		Subject:   "Confirmación I171009_000049",
		Date:      time.Date(2017, 10, 9, 10, 23, 58, 0, time.FixedZone("", 2*3600)),
		MessageID: "confirm.I171009_000049.7.k2q9@dgt.example",
		Text:      "Hemos recibido su petición.\n",
	}
}

// fullMail uses every field.
func fullMail() Mail {
	m := plainMail()
	m.ReplyTo = &Address{"Correspondencia, DGT", "corres@dgt.example"}
	m.InReplyTo = "one@ayto.example"
	m.References = []string{"zero@ayto.example", "one@ayto.example"}
	m.AutoSubmitted = "auto-replied"
	m.Loop = "cauce-4f2a"
	m.Language = "es"
	m.HTML = "<p>Hemos recibido su petición.</p>\n<img src=\"cid:logo\" alt=\"\">\n"
	m.Attachments = []Attachment{
		{Filename: "logo.png", ContentType: "image/png", ContentID: "logo", Inline: true, Data: []byte("\x89PNG")},
		{Filename: "Informe de situación del año.pdf", ContentType: "application/pdf", Data: []byte("%PDF-1.7 …")},
		{Filename: "log.txt", ContentType: "text/plain; charset=iso-8859-1", Data: []byte("a\xf1o")},
	}
	return m
}

// The files show the whole mail; a change in them is a change of what goes out.
func TestMailAsSent(t *testing.T) {
	for name, m := range map[string]Mail{"plain.eml": plainMail(), "full.eml": fullMail()} {
		t.Run(name, func(t *testing.T) {
			got, err := m.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("differs from %s (go test -update writes it):\n%s", path, got)
			}
		})
	}
}

func TestEveryFieldArrives(t *testing.T) {
	r := read(t, fullMail())
	for field, want := range map[string]string{
		"Date": "Mon, 09 Oct 2017 10:23:58 +0200", "Message-Id": "<confirm.I171009_000049.7.k2q9@dgt.example>",
		"In-Reply-To": "<one@ayto.example>", "References": "<zero@ayto.example> <one@ayto.example>",
		"Auto-Submitted": "auto-replied", "X-Loop": "cauce-4f2a", "Content-Language": "es",
		"X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply", "Mime-Version": "1.0",
	} {
		if got := r.header.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if got := r.mailbox(t, "To"); got.Name != "Ana Núñez" || got.Address != "ana@ayto.example" {
		t.Errorf("To: %v", got)
	}
	if got := r.mailbox(t, "Reply-To"); got.Name != "Correspondencia, DGT" {
		t.Errorf("Reply-To: %v", got)
	}
	if r.text != "Hemos recibido su petición.\r\n" || !strings.HasPrefix(r.html, "<p>Hemos recibido su petición.</p>\r\n") {
		t.Errorf("text %q, html %q", r.text, r.html)
	}
}

func TestLeftOutHeaders(t *testing.T) {
	m := plainMail()
	m.InReplyTo, m.References = "two words@ayto.example", []string{"", "a\r\nBcc: x@y.example", "<b>", strings.Repeat("x", 500)}
	r := read(t, m)
	for _, field := range []string{"In-Reply-To", "References", "Auto-Submitted", "X-Loop", "Content-Language", "Reply-To", "Bcc"} {
		if _, found := r.header[field]; found {
			t.Errorf("%s: %q, want none", field, r.header.Get(field))
		}
	}
}

func TestReferencesKeepRootAndNewest(t *testing.T) {
	m := plainMail()
	for i := range 500 {
		m.References = append(m.References, fmt.Sprintf("%d@ayto.example", i/2)) // each twice
	}
	ids := strings.Fields(read(t, m).header.Get("References"))
	if len(ids) != 20 || ids[0] != "<0@ayto.example>" || ids[1] != "<231@ayto.example>" || ids[19] != "<249@ayto.example>" {
		t.Errorf("%d references: %v", len(ids), ids)
	}
}

func TestTreeOfParts(t *testing.T) {
	image := Attachment{Filename: "a.png", ContentType: "image/png", ContentID: "a", Inline: true, Data: []byte("x")}
	pdf := Attachment{Filename: "b.pdf", ContentType: "application/pdf", Data: []byte("y")}
	const html = `<img src="cid:a">`
	for _, test := range []struct {
		html  string
		files []Attachment
		want  string
	}{
		{"", nil, "plain"},
		{"<p>", nil, "alternative(plain html)"},
		{"", []Attachment{pdf}, "mixed(plain file)"},
		{"<p>", []Attachment{pdf}, "mixed(alternative(plain html) file)"},
		{html, []Attachment{image}, "alternative(plain related(html file))"},
		{html, []Attachment{pdf, image}, "mixed(alternative(plain related(html file)) file)"},
		{"<p>no picture</p>", []Attachment{image}, "mixed(alternative(plain html) file)"},
		{"", []Attachment{image}, "mixed(plain file)"},
	} {
		m := plainMail()
		m.HTML, m.Attachments = test.html, test.files
		if got := read(t, m).kinds; got != test.want {
			t.Errorf("html %q, %d files: %s, want %s", test.html, len(test.files), got, test.want)
		}
	}
}

func TestTextEncoding(t *testing.T) {
	for _, test := range []struct{ text, want, encoding string }{
		{"Hola\n\n", "Hola\r\n", "7bit"},
		{"", "\r\n", "7bit"},
		{"a\rb\r\nc", "a\r\nb\r\nc\r\n", "7bit"},
		{"Petición", "Petición\r\n", "quoted-printable"},
		{"-- \nfirma", "-- \r\nfirma\r\n", "quoted-printable"},
		{strings.Repeat("x", 5000), strings.Repeat("x", 5000) + "\r\n", "quoted-printable"},
		{"--=_0123\n", "--=_0123\r\n", "quoted-printable"},
		{"a\x00\x1b[2J\u0092b\tc\xff", "a[2Jb\tc\uFFFD\r\n", "quoted-printable"},
		{".\n..\nFrom here\n", ".\r\n..\r\nFrom here\r\n", "7bit"},
	} {
		m := plainMail()
		m.Text = test.text
		r := read(t, m)
		if r.text != test.want || r.header.Get("Content-Transfer-Encoding") != test.encoding {
			t.Errorf("%.20q: %.40q in %s", test.text, r.text, r.header.Get("Content-Transfer-Encoding"))
		}
	}
}

// A part that holds our own boundary, learnt from an earlier mail, ends nothing.
func TestBoundaryInText(t *testing.T) {
	m := plainMail()
	m.HTML = "<p>uno</p>"
	m.Text = "--" + m.boundary("alternative") + "--\n\nafter\n"
	if r := read(t, m); !strings.HasSuffix(r.text, "after\r\n") || r.html != "<p>uno</p>\r\n" {
		t.Errorf("text %q, html %q", r.text, r.html)
	}
}

func TestRefused(t *testing.T) {
	for name, change := range map[string]func(*Mail){
		"no date":                    func(m *Mail) { m.Date = time.Time{} },
		"no message id":              func(m *Mail) { m.MessageID = "" },
		"message id in brackets":     func(m *Mail) { m.MessageID = "<a@b.example>" },
		"message id without domain":  func(m *Mail) { m.MessageID = "a" },
		"message id with a new line": func(m *Mail) { m.MessageID = "a@b.example\r\nBcc: x" },
		"unknown auto-submitted":     func(m *Mail) { m.AutoSubmitted = "auto-notified" },
		"loop with a space":          func(m *Mail) { m.Loop = "a b" },
		"no language tag":            func(m *Mail) { m.Language = "es\nX: y" },
		"endless subject":            func(m *Mail) { m.Subject = strings.Repeat("x", 1001) },
		"no sender":                  func(m *Mail) { m.From.Address = "" },
		"no recipient":               func(m *Mail) { m.To.Address = "" },
		"bad reply-to":               func(m *Mail) { m.ReplyTo = &Address{"", "nobody"} },
	} {
		m := plainMail()
		change(&m)
		if raw, err := m.Bytes(); !errors.Is(err, ErrInvalid) || raw != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
