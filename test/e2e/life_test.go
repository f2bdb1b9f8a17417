//go:build e2e

package e2e

import (
	"bytes"
	"image"
	"image/png"
	"path/filepath"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

const (
	// brief stands for the confirmation of an opening that nobody is proven
	// to have sent; the kind of its notice is that of the whole one.
	brief    = "open.requester.brief"
	stranger = "alguien@pueblo.example"
)

// allKinds are the kinds of mail the desk can send.
func allKinds() []string {
	kinds := []string{brief, templates.KindRefused, templates.KindNotOpening, templates.KindCorrection,
		templates.KindHelp, templates.KindClosedTicket, templates.KindWrongSubject}
	for _, line := range ticket.Table {
		for _, audience := range line.Tell {
			kinds = append(kinds, ticket.NoticeKind(line.Action, audience))
		}
	}
	return kinds
}

// liveThrough plays an incident's life with all its turns, and returns one
// mail of every kind that came of it.
func liveThrough(t *testing.T) map[string]mailclient.Mail {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "lmtp")
	t.Setenv("CAUCE_LMTP", "unix:"+socket)
	o := quietOffice(t, "--test-clock", "2017-10-09T08:23:58Z")
	o.work()
	o.stumble()
	o.finish()
	// Over LMTP nobody is known to be who they say.
	mustSwaks(t, append(openingBy("")[2:], "--from", stranger, "--h-From", stranger, "--protocol", "LMTP", "--socket", socket)...)
	o.letter(stranger, "Confirmación")
	return o.byKind()
}

// work leads to a first solution.
func (o *office) work() {
	o.t.Helper()
	o.open(ana, compose.Attachment{Filename: "captura-error.png", ContentType: "image/png", Data: picture()})
	o.follow(o.letter(lead, "Nueva incidencia"), "Asignar", map[string]string{"Agente": agent})
	o.follow(o.letter(agent, "Asignación"), "Tomar", nil)
	o.follow(o.letter(agent, "Incidencia"), "Solicitar información",
		map[string]string{"Información solicitada": "¿En qué oficina ocurre, y desde qué puestos?"})
	o.send(mailclient.Reply(o.letter(ana, "Solicitud de información"), "En la de la calle Mayor, desde todos los puestos."))
	o.send(mailclient.Reply(o.letter(ana, "Información recibida"), "Desde las 11:00 tampoco sale el justificante."))
	answered := o.letter(agent, "Información recibida")
	o.send(mailclient.Reply(answered, "Avisado el proveedor de la red."))
	o.resolve(answered, "Se ha cambiado el certificado del servidor, que había caducado ayer.")
}

// stumble is the mails nobody can act on.
func (o *office) stumble() {
	o.t.Helper()
	solution := o.letter(ana, "Validación")
	o.follow(solution, "Rechazar Petición", map[string]string{"Motivo": "Sigue saliendo el mismo error."})
	o.follow(solution, "Validar Petición", nil) // too late
	number := string(o.tickets()[0].Number)
	for _, d := range []mailclient.Draft{
		{To: intake, Subject: opening, Body: "Servicio/Aplicación: EEFF\n\nTipo: Avería\n\nDescripción: No se puede entrar.\n"},
		{To: intake, Subject: "EEFF no funciona", Body: "Buenos días: no se puede entrar en EEFF.\n"},
		{To: desk, Subject: "Consulta", Body: "¿Cómo va lo mío?\n"},
		{To: desk, Subject: "Sobre la incidencia " + number, Body: "¿Cómo va?\n"},
	} {
		d.From, d.FromName = ana, "Ana Pérez"
		o.send(d)
	}
}

// finish leads to the end, and a word after it.
func (o *office) finish() {
	o.t.Helper()
	o.resolve(o.letter(agent, "Solución rechazada"), "Se ha reiniciado el nodo eeff-02, que seguía con el certificado viejo.")
	o.follow(o.letters(ana, "Validación", 2)[1], "Validar Petición", nil)
	o.send(mailclient.Reply(o.letter(ana, "Cierre"), "Muchas gracias.\n"))
	o.letter(ana, "Estado de la incidencia")
}

func (o *office) resolve(m mailclient.Mail, solution string) {
	o.t.Helper()
	o.follow(m, "Resolver", map[string]string{"Solución": solution})
}

// byKind is the first mail of each kind.
func (o *office) byKind() map[string]mailclient.Mail {
	o.t.Helper()
	mails := map[string]mailclient.Mail{}
	for _, n := range o.outbox() { // newest first
		kind := n.Kind
		if n.To == stranger && kind == ticket.NoticeKind(ticket.Open, ticket.ToRequester) {
			kind = brief
		}
		mails[kind] = await(o.t, kind, func() (mailclient.Mail, bool) {
			for _, m := range o.mailbox(string(n.To)) {
				if m.MessageID == n.MessageID {
					return m, true
				}
			}
			return mailclient.Mail{}, false
		})
	}
	return mails
}

// picture is a file as people attach them.
func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48))) // a buffer takes everything
	return b.Bytes()
}
