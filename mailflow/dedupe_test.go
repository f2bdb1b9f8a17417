package mailflow

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

const plainMail = "From: ana@ayuntamiento.example\r\nSubject: uno\r\n dos\r\nMessage-ID: <1@ayuntamiento.example>\r\n\r\nReceived: no es un campo\r\ntexto\r\n"

func TestContentHashIgnoresTraces(t *testing.T) {
	for name, again := range map[string]string{
		"nothing":       plainMail,
		"received":      "Received: from a by b\r\n\twith SMTP; hoy\r\n" + plainMail,
		"return path":   "Return-Path: <ana@ayuntamiento.example>\r\n" + plainMail,
		"lower case":    "received: from a\r\ndelivered-to: b@dgt.example\r\n" + plainMail,
		"results, arc":  "ARC-Seal: i=1;\r\n cv=none\r\nAuthentication-Results: mx.dgt.example; spf=pass\r\n" + plainMail,
		"in the middle": strings.Replace(plainMail, "Message-ID", "X-Received: by c\r\n \r\nMessage-ID", 1),
	} {
		if contentHash([]byte(again)) != contentHash([]byte(plainMail)) {
			t.Errorf("%s: it is the same mail", name)
		}
	}
}

func TestContentHashTellsMailsApart(t *testing.T) {
	for name, other := range map[string]string{
		"text":              strings.Replace(plainMail, "texto", "textos", 1),
		"subject":           strings.Replace(plainMail, " dos", " tres", 1),
		"a field more":      "X-Priority: 1\r\n" + plainMail,
		"trace in the text": strings.Replace(plainMail, "Received: no es un campo\r\n", "", 1),
		"no text":           strings.SplitAfter(plainMail, "\r\n\r\n")[0],
		"nothing":           "",
	} {
		if contentHash([]byte(other)) == contentHash([]byte(plainMail)) {
			t.Errorf("%s: it is another mail", name)
		}
	}
}

func TestDedupeKey(t *testing.T) {
	mail := func(change func(*incoming)) *incoming {
		m := &incoming{envelope: &smtpd.Envelope{From: "ana@ayuntamiento.example"}, message: &parser.Message{MessageID: "1@ayuntamiento.example"},
			verdict: authn.Verdict{Author: ticket.Person{Address: "ana@ayuntamiento.example"}}, content: "c"}
		change(m)
		return m
	}
	dgt := newTestDesk(t, "dgt")
	at := func(d *Desk, addresses ...ticket.Address) part { return part{desk: d, at: addresses} }
	same := func(*incoming) {}
	first := dedupeKey(mail(same), at(dgt, "a@dgt.example", "b@dgt.example"))
	if first != dedupeKey(mail(same), at(dgt, "B@dgt.example", "a@dgt.example")) {
		t.Error("order and case of the recipients make no other mail")
	}
	if first != dedupeKey(mail(func(m *incoming) { m.envelope.From = "eva@mala.example" }), at(dgt, "a@dgt.example", "b@dgt.example")) {
		t.Error("a signed mail that somebody else hands in again is no other mail")
	}
	for name, other := range map[string]string{
		"recipients": dedupeKey(mail(same), at(dgt, "a@dgt.example")),
		"desk":       dedupeKey(mail(same), at(newTestDesk(t, "pnt"), "a@dgt.example", "b@dgt.example")),
		"author":     dedupeKey(mail(func(m *incoming) { m.verdict.Author.Address = "eva@diputacion.example" }), at(dgt, "a@dgt.example", "b@dgt.example")),
		"id":         dedupeKey(mail(func(m *incoming) { m.message.MessageID = "" }), at(dgt, "a@dgt.example", "b@dgt.example")),
		"content":    dedupeKey(mail(func(m *incoming) { m.content = "d" }), at(dgt, "a@dgt.example", "b@dgt.example")),
	} {
		if other == first {
			t.Errorf("another %s is another mail", name)
		}
	}
}
