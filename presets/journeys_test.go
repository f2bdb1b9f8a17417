package presets_test

import (
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

const (
	ana = "ana@dependencia.example"

	mesa1       = "mesa1@gob.example"
	cedn        = "cedn@gob.example"
	responsable = "responsable@dependencia.example"
	director    = "director@dependencia.example"
	titular     = "titular@dependencia.example"

	enlace = "enlace@organo-garante.example"
	sipot  = "agente.sipot@pnt.example"

	mesa        = "mesa@cartagena.example"
	profesional = "profesional@cartagena.example"

	helpdesk = "helpdesk@uach.example"
	dse      = "dse@uach.example"
	eds1     = "eds1@uach.example"
	eds2     = "eds2@uach.example"
	dau      = "dau@uach.example"
)

// The protocol of gob.mx, with a validation that fails, a report that is not
// complete, and clocks that run out.
func TestGOB(t *testing.T) {
	w := walk(t, "gob")
	w.take(
		step{ana, "", ticket.Values{"service": "Pasaporte", "failure": "intermitente", "began": "10/03/2026 08:30", "description": "Se cae."}, "Reportada", ana + " " + mesa1},
	)
	if runs := w.policy.Runs(w.events); len(runs) != 1 || runs[0].Clock != "failure" || runs[0].Late(w.now) || runs[0].Stopped.IsZero() {
		t.Errorf("the report of the failure was measured as %+v", runs)
	}
	w.refused("Acusar de enterado", responsable)
	w.take(step{mesa1, "Clasificar y notificar", ticket.Values{"severity": "critica"}, "Notificada", responsable + " " + cedn + " " + ana + " " + mesa1})
	w.wait(16*time.Minute,
		"acknowledge warn 50%: "+responsable, "acknowledge warn 80%: "+responsable, "acknowledge escalate 0%: "+director+" "+responsable+" "+mesa1)
	w.take(
		step{responsable, "Acusar de enterado", nil, "Notificada", mesa1 + " " + responsable},
		step{responsable, "Iniciar corrección", nil, "En corrección", mesa1 + " " + ana + " " + responsable},
		step{responsable, "Cortinilla desplegada", nil, "En corrección", mesa1 + " " + cedn + " " + responsable},
		step{cedn, "Botón deshabilitado", nil, "En corrección", mesa1 + " " + responsable + " " + cedn},
		step{mesa1, "Escalar", ticket.Values{"reason": "Urge."}, "En corrección", titular + " " + responsable + " " + mesa1},
		step{mesa1, "Cambiar severidad", ticket.Values{"severity": "Media"}, "En corrección", responsable + " " + cedn + " " + ana + " " + mesa1},
	)
	w.refused("Informar corrección", cedn, mesa1, ana)
	w.take(step{responsable, "Informar corrección", ticket.Values{"solution": "Reinicio."}, "En validación", cedn + " " + mesa1 + " " + ana + " " + responsable})
	w.refused("Validación correcta", responsable, mesa1, ana)
	w.take(
		step{cedn, "Persistencia de la incidencia", ticket.Values{"remarks": "Sigue."}, "En corrección", responsable + " " + mesa1 + " " + cedn},
		step{responsable, "Informar corrección", ticket.Values{"solution": "Cambio."}, "En validación", cedn + " " + mesa1 + " " + ana + " " + responsable},
		step{cedn, "Validación correcta", nil, "Pendiente de formato", responsable + " " + mesa1 + " " + ana + " " + cedn},
		step{responsable, "Cortinilla retirada", nil, "Pendiente de formato", mesa1 + " " + cedn + " " + responsable},
		step{cedn, "Botón habilitado", nil, "Pendiente de formato", mesa1 + " " + responsable + " " + cedn},
	)
	w.refused("Cerrar", mesa1)
	w.wait(25*time.Hour, "report warn 50%: "+responsable, "report warn 80%: "+responsable, "report escalate 0%: "+director+" "+responsable+" "+mesa1)
	format := ticket.Values{"began": "10/03/2026 08:30", "ended": "10/03/2026 11:00", "cause": "Disco.", "actions": "Cambio.", "author": "Rosa"}
	w.take(
		step{responsable, "Formato de incidencia", format, "Formato recibido", mesa1 + " " + cedn + " " + responsable},
		step{mesa1, "Solicitar información complementaria", ticket.Values{"missing": "La causa."}, "Pendiente de formato", responsable + " " + mesa1},
		step{responsable, "Formato de incidencia", format, "Formato recibido", mesa1 + " " + cedn + " " + responsable},
		step{mesa1, "Cerrar", nil, "Cerrada", responsable + " " + ana + " " + cedn + " " + mesa1},
	)
	w.wait(1000 * time.Hour)
}

// A format without its required fields is not taken.
func TestGOBIncompleteFormat(t *testing.T) {
	w := walk(t, "gob")
	w.ticket = ticket.Ticket{Number: "GOB260310_00001", State: ticket.StateReporting, Service: "Cita para pasaporte",
		Path: []ticket.Stay{{Event: 1, Action: ticket.Validate, State: ticket.StateReporting}}}
	_, err := w.decide(step{by: responsable, link: "Formato de incidencia", fields: ticket.Values{"cause": "Disco."}})
	refusal, ok := err.(*ticket.Refusal)
	if !ok || refusal.Reason != ticket.ReasonForm || len(refusal.Problems) != 4 {
		t.Errorf("got %v", err)
	}
}

// Registered people alone open tickets at PNT; others ask to be registered.
func TestPNT(t *testing.T) {
	w := walk(t, "pnt")
	topic := ticket.Values{"topic": "SIPOT", "summary": "Carga", "detail": "No carga.", "region": "cdmx"}
	if _, err := w.decide(step{by: ana, fields: topic}); err == nil || err.(*ticket.Refusal).Reason != ticket.ReasonNotRegistered {
		t.Errorf("somebody unknown opened a ticket: %v", err)
	}
	w.take(step{enlace, "", topic, "Abierto", enlace + " " + sipot})
	if w.ticket.Assignee != sipot || w.ticket.Number != "PNT000001" || w.ticket.Contact["organisation"] != "Órgano Garante" {
		t.Errorf("opened %+v", w.ticket)
	}
	w.take(step{sipot, "Establecer severidad", ticket.Values{"severity": "alta"}, "Abierto", enlace + " " + sipot})
	w.wait(49*time.Hour, "resolve warn 50%: "+sipot, "resolve warn 80%: "+sipot)
	w.take(
		step{enlace, "Comentar", nil, "Abierto", enlace + " " + sipot},
		step{sipot, "Atender", ticket.Values{"solution": "Ya carga."}, "Atendido", enlace + " " + sipot},
		step{enlace, "", nil, "Atendido", enlace + " " + sipot},
	)
}

func TestPNTRegistration(t *testing.T) {
	w := walk(t, "pnt")
	asked := ticket.Values{"account": "Ana", "email": ana, "organisation": "OG", "phone": "55"}
	w.take(
		step{ana, "Solicitar alta", asked, "Alta solicitada", ana + " admin@pnt.example"},
		step{"admin@pnt.example", "Aprobar", nil, "Alta aprobada", ana + " admin@pnt.example"},
	)
	if w.ticket.Number != "ALTA00001" {
		t.Errorf("number %s", w.ticket.Number)
	}
}

// A case that lacks something is completed under its number, worked on and
// accepted by silence, in working days from the arrival of the notice.
func TestCartagena(t *testing.T) {
	w := walk(t, "cartagena")
	w.take(
		step{ana, "", ticket.Values{"request": "No imprime."}, "PENDIENTE DEL USUARIO", ana},
		step{ana, "Completar los datos", ticket.Values{"name": "Ana Gil"}, "RECIBIDO", ana + " " + mesa},
		step{mesa, "Catalogar", ticket.Values{"kind": "incidencia", "category": "software", "service_level": "baja"}, "RECIBIDO", ana + " " + mesa},
	)
	if w.ticket.Fields["level"] != "1" || w.ticket.Priority != "Baja" || w.ticket.Requester.Name != "Ana Gil" {
		t.Errorf("classified as %+v", w.ticket)
	}
	w.take(
		step{mesa, "Asignar", ticket.Values{"agent": profesional}, "ASIGNADO", profesional + " " + ana + " " + mesa},
		step{profesional, "Tomar (EN CURSO)", nil, "EN CURSO", ana + " " + profesional},
		step{profesional, "Programar fecha", ticket.Values{"due": "10/03/2026 14:00"}, "EN CURSO", ana + " " + profesional},
	)
	w.wait(4*time.Hour+30*time.Minute, "scheduled warn 80%: "+profesional+" "+mesa)
	w.take(
		step{profesional, "Resolver", ticket.Values{"solution": "Tóner."}, "RESUELTO", ana + " " + mesa + " " + profesional},
		step{ana, "No conforme", nil, "EN CURSO", ana + " " + profesional + " " + mesa},
		step{profesional, "Resolver", ticket.Values{"solution": "Cable."}, "RESUELTO", ana + " " + mesa + " " + profesional},
	)
	w.wait(240 * time.Hour) // the notice has not arrived
	w.arrive()
	// On a Friday before a holiday (San José, kept on Monday 23): the third
	// working day is Thursday.
	w.wait(143 * time.Hour)
	w.wait(2*time.Hour, "requester close 0%: "+ana+" "+profesional+" "+mesa)
	if got := w.states[w.ticket.State]; got != "CERRADO" {
		t.Errorf("it is %s", got)
	}
}

func TestCartagenaAccepted(t *testing.T) {
	w := walk(t, "cartagena")
	w.take(
		step{ana, "", ticket.Values{"name": "Ana", "request": "No imprime."}, "RECIBIDO", ana + " " + mesa},
		step{mesa, "Asignar", ticket.Values{"agent": profesional}, "ASIGNADO", profesional + " " + ana + " " + mesa},
		step{profesional, "Resolver", ticket.Values{"solution": "Tóner."}, "RESUELTO", ana + " " + mesa + " " + profesional},
		step{ana, "Conforme", nil, "CERRADO", ana + " " + profesional + " " + mesa},
	)
}

// A request that is turned to nobody is the department's until it is.
func TestUACHNobodyYet(t *testing.T) {
	w := walk(t, "uach")
	request := ticket.Values{"user": ana, "summary": "Correo", "description": "No llega."}
	w.take(
		step{helpdesk, "", request, "RECIBIDA", eds1 + " " + eds2 + " " + dse + " " + ana + " " + helpdesk},
		step{helpdesk, "Turnar", ticket.Values{"agent": dse}, "ASIGNADA", helpdesk + " " + dse + " " + ana},
		step{dse, "Terminar", ticket.Values{"solution": "Hecho."}, "TERMINADA", ana + " " + dse},
	)
}

// A request raised on somebody's behalf, turned from hand to hand, brought to
// the attention department, ended, and opened again by that alone.
func TestUACH(t *testing.T) {
	w := walk(t, "uach")
	request := ticket.Values{"user": "Ana Gil <" + ana + ">", "turned_to": eds1, "summary": "Correo", "description": "No llega."}
	if _, err := w.decide(step{by: ana, fields: request}); err == nil {
		t.Error("a user raised a request")
	}
	w.take(
		step{helpdesk, "", request, "ASIGNADA", eds1 + " " + dse + " " + ana + " " + helpdesk},
		step{eds1, "Registrar diagnóstico", ticket.Values{"diagnosis": "El disco."}, "ASIGNADA", eds1 + " " + dse},
		step{eds1, "Devolver", ticket.Values{"reason": "No puedo."}, "ASIGNADA", dse + " " + eds1},
		step{dse, "Transferir", ticket.Values{"person": eds2}, "ASIGNADA", dse + " " + eds2 + " " + ana},
		step{eds2, "Iniciar atención", nil, "EN PROCESO", eds2 + " " + dse + " " + ana},
		step{eds2, "Devolver", ticket.Values{"reason": "Tampoco."}, "ASIGNADA", dse + " " + eds2},
	)
	w.take(step{dse, "Turnar al DAU", ticket.Values{"reason": "Agotado."}, "ASIGNADA", dse + " " + dau})
	w.refused("Terminar", helpdesk, ana)
	w.take(step{dau, "Terminar", ticket.Values{"solution": "Otro disco."}, "TERMINADA", ana + " " + dau + " " + dse})
	for _, who := range []ticket.Address{dse, eds1, eds2, helpdesk, ana, "admin@uach.example"} {
		if next := w.policy.Next(w.ticket, who); len(next) > 0 {
			t.Errorf("%s is offered %v on an ended request", who, next)
		}
		if means, any := w.policy.ReplyMeans(w.ticket, who); any {
			t.Errorf("a reply of %s on an ended request means %s", who, means)
		}
	}
	w.take(step{dau, "Reabrir", ticket.Values{"person": eds1, "reason": "Vuelve."}, "ASIGNADA", dau + " " + eds1 + " " + dse + " " + ana})
}
