package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// The people of the story, which is the life of one incident at the DGT desk.
const (
	citizen = "ana.perez@ayto.example"
	agent   = "agente1@dgt.example"
	lead    = "jefatura@dgt.example"
)

var people = map[ticket.Address]string{agent: "Marta Gil", lead: "Luis Rey"}

// lives are the actions that lead to each action, itself included.
var lives = map[ticket.Action]string{
	ticket.Open:        "open",
	ticket.Assign:      "open assign",
	ticket.Start:       "open assign start",
	ticket.RequestInfo: "open assign start request_info",
	ticket.ProvideInfo: "open assign start request_info provide_info",
	ticket.Comment:     "open comment",
	ticket.Record:      "open start record",
	ticket.Resolve:     "open assign start request_info provide_info resolve",
	ticket.Validate:    "open assign start request_info provide_info resolve validate",
	ticket.Reject:      "open assign start request_info provide_info resolve reject",
}

// said is what the actor of each action writes.
var said = map[ticket.Action]ticket.Values{
	ticket.Open: {"service": "EEFF", "type": "Pérdida de Servicio", "description": "Desde las 9:40 nadie de la oficina puede entrar en EEFF.\n" +
		"Al pulsar «Acceder» sale este error:\n\n    HTTP 503 Service Unavailable\n    nodo: eeff-02\n\nEs urgente: hay ciudadanos esperando."},
	ticket.Assign:      {"agent": agent},
	ticket.RequestInfo: {"question": "¿Ocurre también desde otro equipo?\n¿Puede enviarnos una captura de la pantalla con el error?"},
	ticket.Resolve:     {"solution": "Se procede a solucionar la incidencia de Entidades financieras, generada como prueba.\nSe ha reiniciado el nodo eeff-02 y el servicio responde."},
	ticket.Reject:      {"reason": "Hoy vuelve a salir el mismo error desde las 8:15."},
	ticket.ProvideInfo: {},
}

var texts = map[ticket.Action]string{
	ticket.ProvideInfo: "Sí, en los tres equipos de la oficina.\nAdjunto la captura.",
	ticket.Comment:     "A las 10:05 ha funcionado unos minutos y ha vuelto a caer.",
	ticket.Record:      "He pedido a Sistemas el registro del nodo eeff-02.",
}

func storyPolicy(s *Set) ticket.Policy {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	p := ticket.Policy{
		Desk: "dgt", Zone: zone, Key: ticket.Key("0123456789abcdef0123456789abcdef"), Actions: ticket.Lines(),
		Queues:   []ticket.Queue{{Name: "EEFF", Agents: []ticket.Address{agent}, Lead: lead}},
		Services: []ticket.Service{{Name: "EEFF", Queue: "EEFF"}},
	}
	for a, line := range p.Actions {
		line.Demand, line.Form = ticket.DemandAny, s.Action(a).Form
		p.Actions[a] = line
	}
	p.Actions[ticket.Open] = p.Actions[ticket.Open].WithForm(openingForm())
	return p
}

func openingForm() ticket.Form {
	return ticket.Form{Name: "open", Fields: []ticket.Field{
		{ID: "service", Label: "Servicio/Aplicación", Kind: ticket.ChoiceField, Sets: ticket.SetsService, Required: true, Options: []ticket.Option{{Value: "EEFF"}, {Value: "Cita Previa"}}},
		{ID: "type", Label: "Tipo", Kind: ticket.ChoiceField, Required: true, Options: []ticket.Option{
			{Value: "Pérdida de Servicio"}, {Value: "Error Acceso"}, {Value: "Error Funcional"}}},
		{ID: "description", Label: "Descripción", Kind: ticket.LongTextField, Required: true},
	}}
}

// live plays a life and returns the ticket and its last event.
func live(t *testing.T, s *Set, life string) (ticket.Ticket, ticket.Event) {
	t.Helper()
	p := storyPolicy(s)
	now := time.Date(2017, time.October, 9, 8, 23, 58, 0, time.UTC)
	var tk ticket.Ticket
	var last ticket.Event
	for step, name := range strings.Fields(life) {
		action := ticket.Action(name)
		line, _ := action.Transition()
		r := ticket.Request{Action: action, Actor: actor(line), Number: "I171009_000049", Read: said[action], Text: texts[action],
			Subject: "Apertura de Incidencia Automática Aplicación / Desarrollo.", Assurance: ticket.Assurance{Authenticated: true}}
		if action != ticket.Open && !line.Reply {
			r.Token = p.Token(tk, action, r.Actor.Address)
		}
		if action == ticket.Open || action == ticket.ProvideInfo {
			r.Attachments = []ticket.Attachment{{Name: "captura-error.png", Type: "image/png", Size: 48_200}}
		}
		d, err := ticket.Decide(tk, r, p, now.Add(time.Duration(step)*25*time.Minute))
		if err != nil {
			t.Fatalf("%s of %q: %v", name, life, err)
		}
		tk, last = d.Ticket, d.Events[0]
	}
	return tk, last
}

func actor(line ticket.Transition) ticket.Person {
	switch line.By[0] {
	case ticket.RoleRequester:
		return ticket.Person{Address: citizen, Name: "Ana Pérez"}
	case ticket.RoleLead:
		return ticket.Person{Address: lead}
	}
	return ticket.Person{Address: agent}
}

// story is the view of each kind of notice: of those of a desk that does not
// choose its actions in the life of the incident, of the others in that of
// another desk.
func story(t *testing.T, s *Set, kind string) View {
	t.Helper()
	action, audience, changes := strings.Cut(kind, ".")
	if changes && (!slices.Contains(ticket.Usual, ticket.Action(action)) || audience == "help_desk" || audience == "watcher" || audience == "validator") || slices.Contains(answerKinds[6:], kind) {
		return procedure(t, s, kind)
	}
	v := blankStory(s, kind)
	if !changes {
		return storyAnswer(t, s, v)
	}
	v.Ticket, v.Event = live(t, s, lives[ticket.Action(action)])
	v.Form = s.Action(ticket.Action(action)).Form
	v.To = ticket.Person{Address: storyPolicy(s).Addressees(v.Ticket, ticket.Audience(audience), v.Event.Actor.Address)[0]}
	v.Links = links(s, v)
	if len(v.Event.Content.Attachments) > 0 && v.To.Address != citizen {
		v.Files, v.Omitted = []string{"captura-error.png"}, []string{"volcado-completo.zip"}
	}
	return v
}

func blankStory(s *Set, kind string) View {
	return View{Kind: kind, Opening: openingForm(), OpeningSubject: "Apertura de Incidencia Automática Aplicación / Desarrollo.", Desk: storyDesk(s),
		To: ticket.Person{Address: citizen, Name: "Ana Pérez"}, Name: func(a ticket.Address) string { return people[a] }}
}

func storyDesk(s *Set) Desk {
	return Desk{Name: "Centro de Atención a Usuarios de la DGT", Signature: "Centro de Atención a Usuarios\nDirección General de Tráfico",
		Intake: "soportecau@dgt.example", Correspondence: "soporteserviciosdgt@dgt.example", Zone: storyPolicy(s).Zone}
}

// links are what the policy says this person may do next.
func links(s *Set, v View) []Link {
	p := storyPolicy(s)
	var all []Link
	for _, action := range p.Next(v.Ticket, v.To.Address) {
		words := s.Action(action)
		all = append(all, Link{Name: words.Link, Address: v.Desk.Correspondence, Form: words.Form, Hint: words.Hint,
			Subject: fmt.Sprintf("%s %s %s", words.Link, v.Ticket.Number, p.Token(v.Ticket, action, v.To.Address))})
	}
	return all
}

func storyAnswer(t *testing.T, s *Set, v View) View {
	switch v.Kind {
	case KindRefused:
		v.Ticket, _ = live(t, s, lives[ticket.Resolve])
		v.Answer = &Answer{Action: ticket.Validate, Reason: ticket.ReasonStaleToken, Subject: "Validar Petición I171009_000049 0123456789ABCDEF"}
	case KindNotOpening:
		v.Answer = &Answer{Subject: "Re: Confirmación de apertura de la incidencia I171009_000049"}
	case KindCorrection:
		v.Answer = &Answer{Action: ticket.Open, Reason: ticket.ReasonForm, Subject: v.OpeningSubject, Form: v.Opening,
			Problems: []ticket.Problem{{Field: "type", Reason: "choice"}},
			Values:   ticket.Values{"service": "EEFF", "description": said[ticket.Open]["description"]}}
	case KindHelp:
		v.Answer = &Answer{Subject: "¿Cómo va lo mío?"}
	case KindClosedTicket:
		v.Ticket, _ = live(t, s, lives[ticket.Validate])
		v.Answer = &Answer{Subject: "RE: Cierre de la incidencia I171009_000049"}
	case KindWrongSubject:
		v.Ticket, _ = live(t, s, lives[ticket.RequestInfo])
		v.Answer = &Answer{Subject: "Solicitud información incidencia I171009_000049"}
		v.Links = []Link{{Name: "Responder", Address: v.Desk.Correspondence, Subject: "Solicitud de información de la incidencia I171009_000049"}}
	}
	if v.Kind == KindRefused {
		v.Links = links(s, v)
	}
	return v
}

func builtinSet(t testing.TB) *Set {
	t.Helper()
	s, err := Load("es")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// noticeKeys are the kinds of notice of the story: those of the table of
// actions, those there are words for beside them, and the answers.
func noticeKeys() []string {
	var kinds []string
	for _, line := range ticket.Table {
		for _, audience := range line.Tell {
			kinds = append(kinds, ticket.NoticeKind(line.Action, audience))
		}
	}
	return append(append(kinds, besides...), answerKinds...)
}

func TestStoryCoversTheTable(t *testing.T) {
	for _, action := range ticket.Usual {
		if !slices.Contains(strings.Fields(lives[action]), string(action)) {
			t.Errorf("the story has no life with %s", action)
		}
	}
}
