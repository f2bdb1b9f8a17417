package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// The people of another desk, whose incidents have clocks and superiors.
const (
	helpDesk    = "mesa1@gob.example"
	validator   = "cedn@gob.example"
	responsible = "responsable@dependencia.example"
	director    = "director@dependencia.example"
	admin       = "admin@gob.example"
	colleague   = "otra.persona@ayto.example"
)

// besides are the kinds of notice that the table of actions does not tell of
// by itself, and desks do: they have words, or find them by way of others.
var besides = []string{
	KindIncomplete, "open.watcher", "open.help_desk", "classify.staff", "classify.requester", "classify.watcher",
	"acknowledge.requester", "escalate.staff", "escalate.requester", "resolve.validator", "resolve.watcher", "warn.staff", "warn.lead",
	"warn.requester", "report.requester", "page_up.help_desk", "page_up.watcher", "page_up.requester", "page_up.actor",
	"approve.administrator", "refuse.administrator", "schedule.staff", "complete.watcher", "close.superior",
}

// procedure is the view of a kind of notice at that desk.
func procedure(t *testing.T, s *Set, kind string) View {
	t.Helper()
	v := blankStory(s, kind)
	v.Name = func(a ticket.Address) string {
		return map[ticket.Address]string{helpDesk: "Mesa de ayuda", validator: "Validación", responsible: "Inés Lara", director: "Raúl Soto"}[a]
	}
	v.Desk.Name, v.Desk.Signature = "Mesa de ayuda gob.example", "Mesa de ayuda"
	v.Ticket, v.Event = live(t, s, "open assign")
	v.Ticket.Assignee, v.Ticket.Priority, v.Queue, v.Reached = responsible, "Crítica", "Trámites", "Raúl Soto"
	v.Charged = "Inés Lara"
	v.Ticket.Solution = "Se ha reiniciado el nodo eeff-02 y el servicio responde."
	v.Clocks = []Clock{
		{Name: "acknowledge", Due: v.Event.At.Add(15 * time.Minute)},
		{Name: "resolve", Label: "Corregir", Due: v.Event.At.Add(90 * time.Minute), Late: true},
	}
	action, audience, changes := strings.Cut(kind, ".")
	if !changes {
		return procedureAnswer(s, v)
	}
	v.Event = procedureEvent(s, ticket.Action(action), v.Event)
	v.Ticket.State, v.Form = v.Event.State, s.Action(v.Event.Is()).Form
	switch {
	case kind == KindIncomplete:
		v.Ticket.Missing, v.Ticket.State = []ticket.Problem{{Field: "type", Reason: "missing"}, {Field: "description", Reason: "missing"}}, ticket.StateWaiting
		v.Ticket.Fields = ticket.Values{"service": "EEFF"}
	case v.Event.Is() == ticket.Attach || v.Event.Is() == ticket.Merge:
		v.Ticket.Main = "I171009_000007"
	case v.Event.Is() == ticket.Schedule:
		v.Ticket.Due = v.Event.At.Add(48 * time.Hour)
	case slices.Contains([]ticket.Action{ticket.Register, ticket.Approve, ticket.Refuse}, v.Event.Is()):
		v.Labels = s.Action(ticket.Register).Form
		v.Ticket.Fields = ticket.Values{"account": "enlace", "email": citizen, "organisation": "Ayuntamiento de Ejemplo", "phone": "600 000 000"}
		v.Ticket.Priority, v.Clocks = "", nil
	}
	v.To = ticket.Person{Address: map[string]ticket.Address{"requester": citizen, "watcher": colleague, "help_desk": helpDesk, "validator": validator,
		"superior": director, "administrator": admin}[audience]}
	if v.To.Address == "" {
		v.To.Address = responsible
	}
	v.Links = someLinks(s, v)
	return v
}

// texts of what people do there.
var procedureTexts = map[ticket.Action]string{
	ticket.Transfer: "Corresponde a otro equipo.", ticket.Return: "No tengo acceso al nodo.", ticket.Escalate: "Hace falta autorización para parar el servicio.",
	ticket.Reject: "Sigue saliendo el error 503.", ticket.Report: "Se reinició el nodo y se amplió la memoria.",
	ticket.ReturnReport: "Falta la causa.", ticket.Close: "Informe conforme.", ticket.Reopen: "El error ha vuelto a aparecer.",
	ticket.Cancel: "Ya no hace falta.", ticket.Refuse: "El organismo no figura en el directorio.", ticket.Record: "Cortinilla desplegada a las 10:52.",
}

// states after them, where that matters.
var procedureStates = map[ticket.Action]ticket.State{
	ticket.Resolve: ticket.StateResolved, ticket.Report: ticket.StateReported, ticket.ReturnReport: ticket.StateReporting, ticket.Close: ticket.StateClosed,
	ticket.Cancel: ticket.StateCancelled, ticket.Merge: ticket.StateCancelled, ticket.Discard: ticket.StateCancelled,
	ticket.Register: ticket.StateRequested, ticket.Approve: ticket.StateApproved, ticket.Refuse: ticket.StateRefused,
}

func procedureEvent(s *Set, action ticket.Action, before ticket.Event) ticket.Event {
	e := ticket.Event{Seq: 3, Ticket: before.Ticket, Action: action, State: ticket.StateAssigned, At: before.At.Add(20 * time.Minute),
		Actor: ticket.Person{Address: responsible}, Role: ticket.RoleAgent, Assurance: ticket.Assurance{Authenticated: true, Possession: true}}
	if action == "incomplete" {
		e.Action = ticket.Open
	}
	if action == "page_up" {
		e.Kind = ticket.Record
	}
	if state, known := procedureStates[e.Is()]; known {
		e.State = state
	}
	switch line, _ := e.Is().Transition(); {
	case slices.Contains(line.By, ticket.RoleRequester):
		e.Actor, e.Role = ticket.Person{Address: citizen, Name: "Ana Pérez"}, ticket.RoleRequester
	case e.Is() == ticket.Warn:
		e.Actor, e.Role, e.Assurance = ticket.Person{}, ticket.RoleClock, ticket.Assurance{}
		e.Content.Alarm = &ticket.Alarm{Clock: "resolve", Percent: 80, At: e.At, Due: before.At.Add(90 * time.Minute)}
	case slices.Contains(line.By, ticket.RoleHelpDesk):
		e.Actor = ticket.Person{Address: helpDesk}
	}
	e.Content.Text = procedureTexts[e.Is()]
	if e.Is() == ticket.Report {
		e.Content.Fields = ticket.Values{"cause": "Memoria agotada en el nodo eeff-02.", "actions": e.Content.Text}
	}
	if e.Is() == ticket.Follow {
		e.Content.Follower = "I171009_000050"
	}
	return e
}

// someLinks are two links, as the addressee may have them.
func someLinks(s *Set, v View) []Link {
	var all []Link
	for _, action := range []ticket.Action{ticket.Acknowledge, ticket.Resolve} {
		words := s.Action(action)
		all = append(all, Link{Name: words.Link, Address: v.Desk.Correspondence, Form: words.Form, Hint: words.Hint,
			Subject: fmt.Sprintf("%s %s 7KQ2M9XA4C8PWZ3T", words.Link, v.Ticket.Number)})
	}
	return all
}

func procedureAnswer(s *Set, v View) View {
	columns := func(keys ...string) (head []string) {
		for _, key := range keys {
			head = append(head, s.Column(key))
		}
		return head
	}
	v.Answer = &Answer{Subject: s.Query("list").Link}
	v.Event = ticket.Event{}
	if v.Kind != KindShow {
		v.Ticket, v.Clocks, v.Queue = ticket.Ticket{}, nil, ""
	}
	for _, query := range queryKeys {
		words := s.Query(query)
		v.Links = append(v.Links, Link{Name: words.Link, Address: v.Desk.Correspondence, Subject: words.Link, Form: words.Form, Hint: words.Hint})
	}
	switch v.Kind {
	case KindList:
		v.Tables = []Table{{Head: columns("number", "created", "state", "queue"), Rows: [][]string{
			{"I171009_000049", "09/10/2017 10:23", "Abierta", "Trámites"}, {"I171009_000050", "09/10/2017 12:40", "Cerrada", "Trámites"}}}}
	case KindMonitor:
		v.Tables = []Table{
			{Head: columns("state", "count"), Rows: [][]string{{"Abierta", "12"}, {"En curso", "3"}}},
			{Head: columns("number", "created", "state", "priority", "subject", "assignee", "due"), Rows: [][]string{
				{"I171009_000049", "09/10/2017 10:23", "Asignada", "Crítica", "No se puede entrar en el trámite de licencias", "Inés Lara", "09/10/2017 12:18"},
				{"I171009_000050", "09/10/2017 12:40", "En curso", "", "El pago no termina", "", ""}}, Note: "Dos de quince."}}
	case KindAttainment:
		v.Chart = Chart{CID: "01ABC.chart@gob.example", Alt: "01/10/2017 – 31/10/2017", Width: 560}
		v.Tables = []Table{{Title: "01/10/2017 – 31/10/2017", Head: columns("clock", "priority", "met", "missed", "running", "percent", "median", "worst"),
			Rows: [][]string{{"Acusar recibo", "Crítica", "11", "1", "0", "92 %", "0:09", "0:31"}, {"Resolver", "Crítica", "9", "2", "1", "82 %", "1:12", "3:40"}}}}
	case KindShow, KindJournal:
		v.Tables = []Table{{Head: columns("when", "what", "who"), Rows: [][]string{{"09/10/2017 10:23", "Abrir incidencia", "Ana Pérez"}, {"09/10/2017 10:48", "Asignar", "Mesa de ayuda"}}}}
	case KindFault:
		v.Links, v.Answer.Subject = nil, "palabras.yaml:12: <.Numero>: can't evaluate field Numero"
	case KindUnregistered:
		words := s.Action(ticket.Register)
		v.Links = []Link{{Name: words.Link, Address: v.Desk.Intake, Subject: words.Link, Form: words.Form, Hint: words.Hint}}
	}
	return v
}
