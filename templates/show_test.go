package templates

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

// A desk's words may show the ticket's fields by name, and the links that show
// the ticket whole and the list of one's own.
func TestFieldsAndQueries(t *testing.T) {
	s := loaded(t, "es", files("a.yaml", `
notices:
  open.requester:
    blocks:
      - facts: {"Asunto": "{{index .Fields \"summary\"}}", "Otro": "{{index .Fields \"none\"}}"}
      - show: queries
`))
	v := story(t, s, "open.requester")
	v.Ticket.Fields = ticket.Values{"summary": "Ticket de prueba"}
	v.Queries = []Link{{Name: "Ver detalle T1", Address: "mesa@pnt.example", Subject: "Ver detalle T1"}}
	text := render(t, s, v).Text
	if !strings.Contains(text, "Asunto: Ticket de prueba\n") || strings.Contains(text, "Otro") || !strings.Contains(text, "Ver detalle T1\n<mailto:") {
		t.Error(text)
	}
	v.Brief = true
	if text := render(t, s, v).Text; strings.Contains(text, "Ticket de prueba") {
		t.Errorf("a brief mail says\n%s", text)
	}
}

// What corrects an application is the link that applies, not one that opens a
// ticket.
func TestCorrectionOfAnApplication(t *testing.T) {
	s := loaded(t, "es")
	v := story(t, s, KindCorrection)
	form := s.Action(ticket.Register).Form
	v.Answer = &Answer{Action: ticket.Register, Reason: "form", Form: form, Problems: []ticket.Problem{{Field: "phone", Reason: "missing"}}}
	v.Links = []Link{{Name: "Solicitar alta", Address: v.Desk.Intake, Subject: "Solicitar alta", Form: form, Values: ticket.Values{"account": "Ana"}}}
	mail := render(t, s, v)
	if !strings.HasPrefix(mail.Subject, "Solicitar alta: ") || strings.Contains(mail.Text, "Abrir incidencia") || !strings.Contains(mail.Text, "Nombre de la cuenta: Ana") {
		t.Errorf("%s\n%s", mail.Subject, mail.Text)
	}
}

func TestTableWithoutRows(t *testing.T) {
	s := loaded(t, "es")
	v := story(t, s, KindList)
	v.Tables = []Table{{Head: []string{"Número"}}}
	if text := render(t, s, v).Text; !strings.Contains(text, "Número\nNo hay nada que mostrar.\n") {
		t.Error(text)
	}
}
