//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/test/e2e/process"
	"github.com/cauce-desk/cauce/ticket"
)

// The DGT desk and its people.
const (
	ana     = "ana@ayuntamiento.example"
	agent   = "agente1@dgt.example"
	lead    = "jefatura@dgt.example"
	intake  = "soportecau@dgt.example"
	desk    = "soporteserviciosdgt@dgt.example"
	opening = "Apertura de Incidencia Automática Aplicación / Desarrollo."
)

const openingBody = `Servicio/Aplicación: EEFF

Tipo: Pérdida de Servicio

Descripción: Desde las 9:40 nadie de la oficina puede entrar en EEFF.
Al pulsar «Acceder» sale el error 503. Hay ciudadanos esperando.
`

// office is a desk at work: the daemon, and the mailboxes of all people.
type office struct {
	*process.Daemon
	t       *testing.T
	mailbox func(address string) []mailclient.Mail
}

// quietOffice is a desk whose outgoing mail is kept in a folder.
func quietOffice(t *testing.T, flags ...string) *office {
	t.Helper()
	return quietOfficeOn(t, t.TempDir(), flags...)
}

// quietOfficeOn is one on data that is there already.
func quietOfficeOn(t *testing.T, data string, flags ...string) *office {
	t.Helper()
	daemon := process.Start(t, process.Options{Program: program, Data: data, Flags: flags})
	return &office{Daemon: daemon, t: t, mailbox: func(address string) []mailclient.Mail {
		all, err := mailclient.Maildir(filepath.Join(daemon.Data, "outgoing"))
		if err != nil {
			t.Fatal(err)
		}
		var own []mailclient.Mail
		for _, m := range all {
			if m.For == address {
				own = append(own, m)
			}
		}
		return own
	}}
}

// configuredOffice is a quiet one with keys of the daemon's own configuration.
func configuredOffice(t *testing.T, keys string) *office {
	t.Helper()
	dir := t.TempDir()
	writeConfig(t, dir, "cauce.yaml", "hostname: cauce.dgt.example\ndelivery: {via: maildir}\n"+keys)
	return quietOffice(t, "--config", filepath.Join(dir, "cauce.yaml"), "--config", "../../presets/dgt.yaml")
}

// letter waits for a mail to somebody whose subject begins like this.
func (o *office) letter(to, subject string) mailclient.Mail {
	o.t.Helper()
	return o.letters(to, subject, 1)[0]
}

// letters waits until there are that many.
func (o *office) letters(to, subject string, count int) []mailclient.Mail {
	o.t.Helper()
	return await(o.t, "mail to "+to+": "+subject, func() (found []mailclient.Mail, enough bool) {
		for _, m := range o.mailbox(to) {
			if strings.HasPrefix(m.Subject, subject) {
				found = append(found, m)
			}
		}
		return found, len(found) >= count
	})
}

// send sends a draft to the daemon itself and returns its answer.
func (o *office) send(d mailclient.Draft) string {
	o.t.Helper()
	client := &mailclient.Client{Server: o.Server, Now: time.Now}
	reply, err := client.Send(o.t.Context(), d)
	if err != nil {
		o.t.Fatalf("%s: %q was not taken: %v", d.From, d.Subject, err)
	}
	return reply
}

// open opens an incident, with files, and returns its number.
func (o *office) open(from string, files ...compose.Attachment) ticket.Number {
	o.t.Helper()
	reply := o.send(mailclient.Draft{From: from, FromName: "Ana Pérez", To: intake, Subject: opening, Body: openingBody, Files: files})
	words := strings.Fields(reply)
	return ticket.Number(words[len(words)-1])
}

// draft is what a click on a link of a mail makes, with the blanks filled in.
func (o *office) draft(m mailclient.Mail, link string, blanks map[string]string) mailclient.Draft {
	o.t.Helper()
	l, ok := m.Link(link)
	if !ok {
		o.t.Fatalf("%q has no link %q, only %v", m.Subject, link, m.Links)
	}
	d := mailclient.Follow(l, m.For)
	body, err := mailclient.Fill(d.Body, blanks)
	if err != nil {
		o.t.Fatal(err)
	}
	d.Body = body
	return d
}

// follow clicks a link and sends what it makes.
func (o *office) follow(m mailclient.Mail, link string, blanks map[string]string) {
	o.t.Helper()
	o.send(o.draft(m, link, blanks))
}

// ticket waits until a ticket is in a state.
func (o *office) ticket(n ticket.Number, s ticket.State) ticket.Ticket {
	o.t.Helper()
	return await(o.t, string(n)+" to be "+string(s), func() (ticket.Ticket, bool) {
		for _, k := range o.tickets() {
			if k.Number == n && k.State == s {
				return k, true
			}
		}
		return ticket.Ticket{}, false
	})
}

// tickets are all there are, newest first.
func (o *office) tickets() (all []ticket.Ticket) {
	o.t.Helper()
	o.Ask(&all, "ticket list")
	return all
}

// outbox is all mail of the desk, newest first.
func (o *office) outbox() (all []store.Notice) {
	o.t.Helper()
	o.Ask(&all, "queue list --all")
	return all
}
