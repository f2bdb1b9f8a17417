//go:build e2e

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/test/e2e/process"
	"github.com/cauce-desk/cauce/ticket"
)

// besidePostfix starts a desk with Postfix in front, over LMTP, and behind, as
// its relay. The desk's own SMTP port is the organisation's: staff send there.
func besidePostfix(t *testing.T) (*office, *postfix) {
	t.Helper()
	p := startPostfix(t)
	daemon := process.Start(t, process.Options{Program: program, Data: t.TempDir(),
		Flags: []string{"--relay", p.inside}, Env: []string{"CAUCE_LMTP=unix:" + p.lmtp}})
	return &office{Daemon: daemon, t: t, mailbox: p.mailbox}, p
}

// TestLifeBehindPostfix is an incident whose requester's mail all comes and
// goes through Postfix. Over LMTP nobody is authenticated; what the requester
// may do there rests on holding our mails.
func TestLifeBehindPostfix(t *testing.T) {
	o, p := besidePostfix(t)
	picture := []byte("\x89PNG\r\n\x1a\nnot quite a picture")
	number := openWithFile(t, o, p, picture)
	news := o.letter(agent, "Nueva incidencia "+string(number))
	if len(news.Attachments) != 1 || !bytes.Equal(news.Attachments[0].Data, picture) {
		t.Errorf("the file did not reach the agent: %v", news.Attachments)
	}
	o.follow(news, "Solicitar información", map[string]string{"Información solicitada": "¿En qué oficina?"})
	post(t, p.front, mailclient.Reply(o.letter(ana, "Solicitud de información"), "En la de la calle Mayor."))
	answered := o.letter(agent, "Información recibida")
	o.ticket(number, ticket.StateInProgress)

	o.follow(answered, "Resolver", map[string]string{"Solución": "Se ha reiniciado el nodo."})
	solution := o.letter(ana, "Validación solución")
	typed := o.draft(solution, "Validar Petición", nil)
	typed.Subject = "Validar Petición " + string(number)
	post(t, p.front, typed) // which anybody can who has seen the number
	p.awaitLog("to=<"+desk+">", "status=bounced", "550")
	o.ticket(number, ticket.StateResolved)

	post(t, p.front, o.draft(solution, "Validar Petición", nil))
	o.letter(ana, "Cierre de la incidencia "+string(number))
	o.letter(agent, "Solución validada")
	o.ticket(number, ticket.StateClosed)
}

// openWithFile opens an incident through Postfix and checks its confirmation.
func openWithFile(t *testing.T, o *office, p *postfix, content []byte) ticket.Number {
	t.Helper()
	file := filepath.Join(t.TempDir(), "captura.png")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	mustSwaks(t, append(openingBy(p.front), "--attach-type", "image/png", "--attach", "@"+file)...)
	confirmation := o.letter(ana, "Confirmación de apertura")
	number := o.tickets()[0].Number
	checkHeader(t, o, confirmation)
	checkNumberAlone(t, confirmation, number)
	return number
}

// checkHeader checks that Postfix brought our mail as we sent it.
func checkHeader(t *testing.T, o *office, m mailclient.Mail) {
	t.Helper()
	var sent string
	for _, n := range o.outbox() {
		if string(n.To) == m.For {
			sent = n.MessageID
		}
	}
	for name, want := range map[string]string{
		"Message-ID": "<" + sent + ">", "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "OOF",
		"Content-Language": "es", "From": "<" + desk + ">", "Return-Path": "<b+", "References": ".ticket@dgt.example>",
	} {
		if got := m.Header(name); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s is %q, without %q", name, got, want)
		}
	}
}

// checkNumberAlone checks what is said to an address nobody has proven to be
// the sender's: nothing of the mail that came.
func checkNumberAlone(t *testing.T, m mailclient.Mail, n ticket.Number) {
	t.Helper()
	if !strings.Contains(m.Text, string(n)) || strings.Contains(m.Text, "oficina") || strings.Contains(m.HTML, "oficina") {
		t.Errorf("the confirmation does not say the number alone:\n%s", m.Text)
	}
}

// post sends a draft by another server than the daemon.
func post(t *testing.T, server string, d mailclient.Draft) {
	t.Helper()
	client := &mailclient.Client{Server: server, Now: time.Now}
	if _, err := client.Send(t.Context(), d); err != nil {
		t.Fatalf("%s: %q was not taken: %v", d.From, d.Subject, err)
	}
}

// TestUnknownRecipient is about a wrong address: for the world, Postfix asks
// cauce and refuses in the dialogue; what it took from inside comes back.
func TestUnknownRecipient(t *testing.T) {
	_, p := besidePostfix(t)
	wrong := []string{"--from", ana, "--to", "nadie@dgt.example"}
	said, err := swaks(t, append(wrong, "--server", p.front)...)
	if err == nil || !strings.Contains(said, "<** 550 5.1.1") || !strings.Contains(said, "no such address here") {
		t.Errorf("Postfix does not refuse what cauce does not know:\n%s", said)
	}
	mustSwaks(t, append(wrong, "--server", p.inside)...)
	await(t, "the mail to come back", func() (mailclient.Mail, bool) {
		for _, m := range p.mailbox(ana) {
			if strings.Contains(m.Subject, "Undelivered") && strings.Contains(m.Text, "no such address here") {
				return m, true
			}
		}
		return mailclient.Mail{}, false
	})
}

// TestRelayRefuses is about a requester who does not exist: Postfix's refusal
// of our confirmation is kept on the ticket, the agent is told, and nothing more
// is sent there until something comes from there.
func TestRelayRefuses(t *testing.T) {
	const nobody = "nadie@ayuntamiento.example"
	o, _ := besidePostfix(t)
	number := o.open(nobody)
	await(t, "the refusal on the ticket", func() (string, bool) {
		var history struct{ Events []ticket.Event }
		o.Ask(&history, "ticket history "+string(number))
		last := history.Events[len(history.Events)-1]
		return last.Content.Text, last.Action == ticket.Record && strings.Contains(last.Content.Text, "550 5.1.1")
	})
	told := o.letter(agent, "No llega el correo sobre la incidencia "+string(number))
	if !strings.Contains(told.Text, nobody) || !strings.Contains(told.Text, "550 5.1.1") {
		t.Errorf("the agent is not told of whom and why:\n%s", told.Text)
	}
	o.follow(o.letter(agent, "Nueva incidencia"), "Solicitar información", map[string]string{"Información solicitada": "¿Dónde?"})
	o.ticket(number, ticket.StateWaiting)
	for _, n := range o.outbox() {
		if string(n.To) == nobody && n.Kind != ticket.NoticeKind(ticket.Open, ticket.ToRequester) {
			t.Errorf("more is sent to nobody: %s", n.Kind)
		}
	}
}
