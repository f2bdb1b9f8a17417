package mailtest_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/internal/mailtest"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/parser"
)

var noon = time.Date(2017, 10, 9, 12, 0, 0, 0, time.FixedZone("", 2*60*60))

// received is a mail of ours as it lies in somebody's mailbox.
func received() mailclient.Mail {
	return mailclient.Read([]byte("Delivered-To: <ana@ayuntamiento.example>\r\nFrom: Soporte <soporte@dgt.example>\r\n" +
		"Subject: =?utf-8?q?Validaci=C3=B3n_soluci=C3=B3n?= I171009_000001\r\nMessage-ID: <1@dgt.example>\r\nReferences: <0@dgt.example>\r\n" +
		"Date: Mon, 09 Oct 2017 10:23:58 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDescripción: no va.\r\n\r\nValidar Petición\r\n" +
		"<mailto:soporte@dgt.example?subject=Validar%20Petici%C3%B3n%20I171009_000001%207KQ2M9XA4C8PWZ3T&body=Motivo%20%28opcional%29%3A%0D%0A%0D%0AC%2BC%3A>\r\n"))
}

// each calls the test for every program.
func each(t *testing.T, test func(*testing.T, mailtest.Program)) {
	for _, p := range mailtest.Programs {
		t.Run(p.Name, func(t *testing.T) { test(t, p) })
	}
}

func TestClickIsNoReply(t *testing.T) {
	link, ok := received().Link("Validar Petición")
	if !ok {
		t.Fatal("the link is not found")
	}
	each(t, func(t *testing.T, p mailtest.Program) {
		draft, err := p.Click(link, "ana@ayuntamiento.example", map[string]string{"Motivo": "Sí, ya va."})
		if err != nil {
			t.Fatal(err)
		}
		draft.FromName = "Ana Pérez"
		m := parser.Parse(checkedBytes(t, p, draft))
		switch {
		case m.Subject != "Validar Petición I171009_000001 7KQ2M9XA4C8PWZ3T" || m.From[0].Name != "Ana Pérez":
			t.Errorf("subject %q, author %q", m.Subject, m.From[0].Name)
		case len(m.InReplyTo)+len(m.References) > 0:
			t.Error("no program says that a click is a reply")
		case !strings.Contains(m.Text, "Motivo (opcional): Sí, ya va.") || !strings.Contains(m.Text, "C+C:"):
			t.Errorf("the text is %q", m.Text)
		}
	})
}

func TestReplyQuotes(t *testing.T) {
	each(t, func(t *testing.T, p mailtest.Program) {
		draft := p.Reply(received(), "Sigue sin ir,\nni aquí ni allí.")
		draft.Files = []compose.Attachment{{Filename: "año.txt", ContentType: "text/plain", Data: []byte("x")}}
		m := parser.Parse(checkedBytes(t, p, draft))
		own := strings.Join(strings.Fields(m.ReplyText), " ")
		switch {
		case !strings.EqualFold(m.Subject, "Re: Validación solución I171009_000001"):
			t.Errorf("subject %q", m.Subject)
		case strings.Join(m.InReplyTo, " ") != "1@dgt.example" || strings.Join(m.References, " ") != "0@dgt.example 1@dgt.example":
			t.Errorf("it answers %v %v", m.InReplyTo, m.References)
		case !strings.Contains(m.Text, "Descripción: no va."):
			t.Errorf("it does not quote: %q", m.Text)
		case !strings.HasPrefix(own, "Sigue sin ir, ni aquí ni allí."):
			t.Errorf("the own words are %q", own)
		case len(m.Attachments) != 1 || m.Attachments[0].Filename != "año.txt":
			t.Errorf("files: %v", m.Attachments)
		}
	})
}

// checkedBytes is a mail as it goes out: what every server takes.
func checkedBytes(t *testing.T, p mailtest.Program, d mailclient.Draft) []byte {
	t.Helper()
	raw := p.Bytes(d, noon, 7)
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	if i := bytes.IndexFunc(head, func(r rune) bool { return r > '~' }); i >= 0 {
		t.Errorf("the header is not ASCII: %q", head[i:])
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") { // RFC 5322 section 2.1.1
			t.Errorf("a line of %d octets: %.80q", len(line), line)
		}
	}
	if defects := parser.Parse(raw).Defects; len(defects) > 0 {
		t.Errorf("defects: %v", defects)
	}
	return raw
}

// What each program is known for.
func TestHabits(t *testing.T) {
	long := "Descripción: " + strings.Repeat("palabra número ", 12) + "fin\ndos"
	for name, marks := range map[string][]string{
		"thunderbird": {"format=flowed", "=?UTF-8?Q?", "--=20\r\n"},
		"outlook":     {"MsoNormal", "Windows-1252", "=?iso-8859-1?Q?"},
		"gmail-phone": {"<div dir=3D\"auto\">", "mail.gmail.com", "Enviado desde mi m=C3=B3vil"},
		"claws":       {"Validar =?UTF-8?B?", "fin dos", "--=20\r\n"},
		"mutt":        {"Validar =?iso-8859-1?Q?Petici=F3?= =?iso-8859-1?Q?n?= I", "n\xfamero palabra n\xfamero palabra n\xfamero palabra n\xfamero palabra", "-- \r\n"},
	} {
		p, err := mailtest.ProgramNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		raw := p.Bytes(mailclient.Draft{From: "ana@ayuntamiento.example", To: "soporte@dgt.example", Subject: "Validar Petición I", Body: long}, noon, 7)
		for _, mark := range marks {
			if !bytes.Contains(raw, []byte(mark)) {
				t.Errorf("%s: there is no %q in\n%s", name, mark, raw)
			}
		}
	}
	if _, err := mailtest.ProgramNamed("elm"); err == nil {
		t.Error("elm is not played here")
	}
}

func TestTelephoneLosesLineBreaks(t *testing.T) {
	phone, err := mailtest.ProgramNamed("gmail-phone")
	if err != nil {
		t.Fatal(err)
	}
	link, err := mailclient.ParseLink("Abrir", "mailto:a@dgt.example?subject=uno+dos&body=Tipo%3A%0D%0A%0D%0ADescripci%C3%B3n%3A")
	if err != nil {
		t.Fatal(err)
	}
	draft, err := phone.Click(link, "ana@ayuntamiento.example", map[string]string{"Tipo": "Error Acceso"})
	if err != nil || draft.Body != "Tipo: Error Acceso Descripción:" || draft.Subject != "uno dos" {
		t.Errorf("%q, %q: %v", draft.Subject, draft.Body, err)
	}
}
