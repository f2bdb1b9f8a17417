//go:build e2e

package e2e

import (
	"strings"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
)

// The mails of two people who get other words: one nobody is proven to be, and
// one who leaves something out where a desk lets them.
const (
	stranger = "alguien@pueblo.example"
	hasty    = "prisas@oficina.example"
)

const (
	admin = "admin@dgt.example"
)

// dgt leads an incident to its end, by a solution that is not accepted.
func (l *life) dgt() {
	l.post(mailclient.Draft{From: ana, FromName: "Ana Pérez", To: intake, Subject: opening, Body: openingBody, Files: []compose.Attachment{picture()}})
	l.click(lead, "Asignar", "Agente="+agent)
	l.click(agent, "Tomar")
	l.click(agent, "Solicitar información", "Información solicitada=¿En qué oficina ocurre, y desde qué puestos?")
	l.reply(ana, "En la de la calle Mayor, desde todos los puestos.")
	l.reply(ana, "Desde las 11:00 tampoco sale el justificante.")
	l.reply(agent, "Avisado el proveedor de la red.")
	l.ask(lead, desk, "Ver detalle "+l.number)
	l.click(lead, "Solicitar información", "Información solicitada=¿Sale algún código de error?")
	l.reply(ana, "El 503.")
	l.click(agent, "Resolver", "Solución=Se ha cambiado el certificado del servidor, que había caducado ayer.")
	l.click(ana, "Rechazar Petición", "Motivo=Sigue saliendo el mismo error.")
	l.stumble()
	l.click(lead, "Resolver", "Solución=Se ha reiniciado el nodo eeff-02, que seguía con el certificado viejo.")
	l.click(ana, "Validar Petición")
	l.reply(ana, "Muchas gracias.")
	l.unproven()
	l.administer()
}

// stumble is the mails nobody can act on.
func (l *life) stumble() {
	l.click(ana, "Validar Petición") // too late
	l.write(ana, intake, opening, "Servicio/Aplicación: EEFF\n\nTipo: Avería\n\nDescripción: No se puede entrar.\n")
	l.write(ana, intake, "EEFF no funciona", "Buenos días: no se puede entrar en EEFF.\n")
	l.write(ana, desk, "Consulta", "¿Cómo va lo mío?\n")
	l.write(ana, desk, "Sobre la incidencia "+l.number, "¿Cómo va?\n")
}

// unproven is an opening over LMTP, where nobody is known to be who they say.
func (l *life) unproven() {
	mustSwaks(l.t, append(openingBy("")[2:], "--from", stranger, "--h-From", stranger, "--protocol", "LMTP", "--socket", l.lmtp)...)
	l.settle()
}

// administer is what those who run the desk are told and may ask: of the person
// that our mail does not reach, of the one who tries another's link, of a mail
// to a role.
func (l *life) administer() {
	l.post(mailclient.Draft{From: ana, To: intake, Subject: opening, Body: openingBody})
	foreign := l.draft(l.latest(agent, "Tomar", func(m mailclient.Mail) bool {
		return strings.Contains(m.Subject, l.number)
	}), "Tomar", nil)
	foreign.From = ana
	l.post(foreign)
	l.bounce(l.latest(ana, l.number, func(m mailclient.Mail) bool { return strings.Contains(m.Subject, l.number) }))
	l.write(ana, "postmaster@dgt.example", "Certificado caducado", "El de su servidor caduca mañana.\n")
	l.ask(ana, desk, "Mis incidencias", "Ver detalle "+l.number, "Ayuda")
	l.ask(admin, desk, "Ayuda", "Seguimiento del departamento", "Cumplimiento de plazos", "Diario de correos")
}

// ask types the names of queries.
func (l *life) ask(who, desk string, queries ...string) {
	l.t.Helper()
	for _, query := range queries {
		l.write(who, desk, query, "")
	}
}

// bounce has a mail come back as one to nobody.
func (l *life) bounce(m mailclient.Mail) {
	l.t.Helper()
	path := strings.Trim(m.Header("Return-Path")[0], "<>")
	client := &mailclient.Client{Server: l.Server}
	reply, err := client.Deliver(l.t.Context(), "", path, []byte(strings.ReplaceAll(`From: Mail Delivery System <MAILER-DAEMON@mx.ayuntamiento.example>
To: <`+path+`>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ayuntamiento.example

Final-Recipient: rfc822; `+m.For+`
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
`, "\n", "\r\n")))
	if err != nil {
		l.t.Fatal(err)
	}
	l.took(reply)
}
