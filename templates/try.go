package templates

import (
	"errors"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// try renders everything once: each kind of notice with all values there are,
// with those of a brief mail, and with none. It returns everything that is
// wrong.
func (s *Set) try() error {
	errs := []error{s.tryPlain()}
	for _, kind := range noticeKeys() {
		full, brief := sample(kind, s), sample(kind, s)
		brief.Brief = true
		errs = append(errs, s.tryView(full), s.tryView(brief), s.tryView(View{Kind: kind}))
	}
	return errors.Join(errs...)
}

// tryPlain fills what stands outside of notices, so that filling it can be
// counted on later.
func (s *Set) tryPlain() error {
	var errs []error
	try := func(p phrase, with any) {
		if _, err := p.fill(with); err != nil {
			errs = append(errs, err)
		}
	}
	fixed := catalogue{Language: s.words.Language, Words: s.words.Words, States: s.words.States, Actions: s.words.Actions}
	fixed.phrases(func(p *phrase) { try(*p, values{Terms: s.terms}) })
	for _, key := range sorted(s.words.Reasons) {
		try(s.words.Reasons[key], values{Terms: s.terms})
		try(s.words.Reasons[key], s.values(sample(KindRefused, s)))
	}
	for _, key := range sorted(s.words.Problems) {
		try(s.words.Problems[key], problem{Terms: s.terms})
		try(s.words.Problems[key], problem{Terms: s.terms, Options: "EEFF", Limit: 1})
	}
	return errors.Join(errs...)
}

// tryView renders one view and checks what no words and no layout may lose:
// the subject, the ticket's number in it, and every link.
func (s *Set) tryView(v View) error {
	rendered, err := s.Render(v)
	if err != nil {
		return err
	}
	p, err := s.page(v, maxWords)
	if err != nil {
		return err
	}
	subject := s.words.Notices[v.Kind].Subject
	switch {
	case rendered.Subject == "":
		return subject.fault(fmt.Errorf("notice %s has an empty subject", v.Kind))
	case strings.Contains(v.Kind, ".") && !strings.Contains(rendered.Subject, string(v.Ticket.Number)):
		return subject.fault(fmt.Errorf("notice %s lacks {{.Number}} in its subject", v.Kind))
	}
	for _, block := range p.Blocks {
		for _, link := range block.Links {
			if !strings.Contains(rendered.Text, link.URL) || !strings.Contains(rendered.HTML, htmltemplate.HTMLEscapeString(link.URL)) {
				return fmt.Errorf("notice %s: a layout leaves out the link %q", v.Kind, link.Name)
			}
		}
	}
	return nil
}

// sample is a view in which every value there is has something to say.
func sample(kind string, s *Set) View {
	opened := time.Date(2017, time.October, 9, 8, 23, 58, 0, time.UTC)
	requester := ticket.Person{Address: "ana.perez@ayto.example", Name: "Ana Pérez"}
	opening := sampleForm()
	t := ticket.Ticket{
		Number: "I171009_000049", Desk: "dgt", State: ticket.StateInProgress, Requester: requester,
		Subject: "Apertura de Incidencia Automática Aplicación / Desarrollo.", Service: "EEFF", Created: opened,
		Fields:   ticket.Values{"service": "EEFF", "type": "Pérdida de Servicio", "description": "No se puede entrar."},
		Assignee: "agente1@dgt.example", Question: "¿Desde cuándo?", Solution: "Se ha reiniciado el servicio.",
	}
	v := View{
		Kind: kind, To: requester, Ticket: t, Opening: opening, OpeningSubject: t.Subject,
		Desk: Desk{
			Name: "Centro de Atención a Usuarios", Signature: "Centro de Atención a Usuarios",
			Intake: "soportecau@dgt.example", Correspondence: "soporteserviciosdgt@dgt.example",
		},
		Event: ticket.Event{Seq: 2, Ticket: t.Number, State: t.State, At: opened.Add(time.Hour), Actor: requester,
			Content: ticket.Content{Text: "Sigue igual.", Attachments: []ticket.Attachment{{Name: "captura.png"}}}},
		Files: []string{"captura.png"}, Omitted: []string{"volcado.bin"},
	}
	if !strings.Contains(kind, ".") {
		v.Answer = sampleAnswer(opening)
	}
	for _, action := range []ticket.Action{ticket.Validate, ticket.Reject} {
		words := s.Action(action)
		v.Links = append(v.Links, Link{Name: words.Link, Hint: words.Hint, Form: words.Form,
			Address: v.Desk.Correspondence, Subject: fmt.Sprintf("%s %s 7KQ2M9XA4C8PWZ3T", words.Link, t.Number)})
	}
	return v
}

func sampleForm() ticket.Form {
	return ticket.Form{Name: "open", Fields: []ticket.Field{
		{ID: "service", Label: "Servicio/Aplicación", Kind: ticket.ChoiceField, Required: true, Options: []ticket.Option{{Value: "EEFF"}}},
		{ID: "type", Label: "Tipo", Kind: ticket.ChoiceField, Required: true, Options: []ticket.Option{
			{Value: "Pérdida de Servicio"}, {Value: "Error Acceso"}, {Value: "Error Funcional"}}},
		{ID: "description", Label: "Descripción", Kind: ticket.LongTextField, Required: true},
	}}
}

func sampleAnswer(form ticket.Form) *Answer {
	return &Answer{
		Action: ticket.Open, Reason: ticket.ReasonForm, Subject: "Consulta", Form: form,
		Problems: []ticket.Problem{{Field: "type", Reason: "choice"}, {Field: "description", Reason: "missing"}},
		Values:   ticket.Values{"service": "EEFF"},
	}
}
